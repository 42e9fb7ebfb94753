"""Tables of serverless.yml: variables, included files, seeds."""

from __future__ import annotations

import pytest

from ddbmock import FileError, tables_from


@pytest.fixture
def service(files):
    return files / "serverless" / "serverless.yml"


def test_a_service(service):
    tables = tables_from(service)
    assert tables.names == ["shop-orders-dev", "customers-dev"]
    orders, customers = tables.requests
    assert orders["ProvisionedThroughput"] == {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    assert orders["Tags"] == [
        {"Key": "owner", "Value": "shop"},
        {"Key": "where", "Value": "eu-west-1/eu-west-1"},
    ]
    assert customers["AttributeDefinitions"] == [
        {"AttributeName": "customerId", "AttributeType": "N"}
    ]


def test_the_region_is_the_service_s_unless_another_is_given(service):
    for region, expected in ((None, "eu-west-1"), ("ap-south-1", "ap-south-1")):
        orders, _ = tables_from(service, region=region).requests
        assert orders["Tags"][1] == {"Key": "where", "Value": f"{expected}/{expected}"}


def test_its_folder(service):
    assert tables_from(service.parent).names == ["shop-orders-dev", "customers-dev"]


def test_options_environment_and_parameters(service, monkeypatch):
    monkeypatch.setenv("CUSTOMERS_TABLE", "clients")
    tables = tables_from(service, parameters={"opt:stage": "prod", "param:owner": "me"})
    assert tables.names == ["shop-orders-prod", "clients"]
    assert tables.requests[0]["ProvisionedThroughput"]["ReadCapacityUnits"] == 20
    assert tables.requests[0]["Tags"][0]["Value"] == "me"
    tables = tables_from(service, parameters={"stage": "prod", "env:CUSTOMERS_TABLE": "given"})
    assert tables.names == ["shop-orders-prod", "given"]
    assert tables.requests[0]["Tags"][0]["Value"] == "operations"


def test_seeds(service, ddb):
    tables_from(service).create(ddb)
    assert sorted(item["orderId"]["S"] for item in ddb.tables["shop-orders-dev"].items) == [
        "o-1",
        "o-2",
    ]
    assert ddb.tables["customers-dev"].items == [{"customerId": {"N": "7"}, "name": {"S": "Ada"}}]


TEMPLATE = """service: shop
provider: {{name: aws}}
custom:
  name: {name}
  loop: ${{self:custom.loop}}
  map: {{a: b}}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: ${{self:custom.name}}
        AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
        KeySchema: [{{AttributeName: id, KeyType: HASH}}]
        BillingMode: PAY_PER_REQUEST
"""

NAMES = [
    ("orders-${opt:stage, self:provider.stage, 'x'}", "orders-dev"),
    ("${opt:table, 'a, b'}", "a, b"),
    ("${env:TABLE_OF_NOBODY, ${opt:x, 'deep'}}", "deep"),
    ("${self:service}", "shop"),
    ("${aws:accountId}", "123456789012"),
    ("${sls:instanceId}", "ddbmock"),
    ("${self:custom.map.a}", "b"),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_variables(tmp_path, name, expected):
    path = tmp_path / "serverless.yml"
    path.write_text(TEMPLATE.format(name=f'"{name}"'))
    assert tables_from(path).names == [expected]


WRONG_NAMES = [
    (
        "${ssm:/shop/name}",
        "${ssm:/shop/name} has no value here; give it: parameters={'ssm:/shop/name': ...}",
    ),
    (
        "${opt:table, self:custom.none}",
        "${opt:table, self:custom.none} has no value here; give it: parameters={'opt:table': ...}",
    ),
    (
        "${file(./none.yml):a}",
        (
            "${file(./none.yml):a} has no value here; give it:"
            " parameters={'file(./none.yml):a': ...}"
        ),
    ),
    ("${self:custom.loop}", "${self:custom.loop} depends on itself"),
    ("a-${self:custom.map}", "${self:custom.map} is inside of a text and is no text"),
]


@pytest.mark.parametrize(("name", "problem"), WRONG_NAMES)
def test_variables_without_a_value(tmp_path, name, problem):
    path = tmp_path / "serverless.yml"
    path.write_text(TEMPLATE.format(name=f'"{name}"'))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == f"{path}:12: {problem}"


def test_a_program_is_not_run(tmp_path):
    path = tmp_path / "serverless.yml"
    path.write_text(TEMPLATE.format(name="${file(./config.js):name}"))
    (tmp_path / "config.js").write_text("module.exports = {}")
    with pytest.raises(FileError, match=r"config.js is a program, which ddbmock does not run;"):
        tables_from(path)


def test_seeds_for_a_table_that_is_not_there(tmp_path):
    path = tmp_path / "serverless.yml"
    path.write_text(
        TEMPLATE.format(name="orders")
        + """
params: {}
"""
    )
    text = path.read_text().replace(
        "  map: {a: b}",
        "  map: {a: b}\n  dynamodb: {seed: {a: {sources: [{table: bills, sources: [a.json]}]}}}",
    )
    path.write_text(text)
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{path}:7: items for the table 'bills', which the template does not have; it has: orders"
    )


def test_an_error_in_an_included_file_names_that_file(tmp_path, files):
    text = (files / "serverless" / "serverless.yml").read_text()
    (tmp_path / "serverless.yml").write_text(text)
    (tmp_path / "resources").mkdir()
    included = tmp_path / "resources" / "customers.yml"
    included.write_text(
        (files / "serverless" / "resources" / "customers.yml")
        .read_text()
        .replace("${self:custom.tables.customers}", "${ssm:/name}")
    )
    with pytest.raises(FileError) as raised:
        tables_from(tmp_path)
    assert (raised.value.source, raised.value.line) == (str(included), 5)


# --- regions -------------------------------------------------------------------------------------

REGIONS = [
    ("aws:region", None, "us-west-2"),
    ("self:provider.region", None, "us-west-2"),
    ("aws:region", "eu-north-1", "eu-north-1"),
    ("self:provider.region", "eu-north-1", "eu-north-1"),
    ("opt:region, 'none'", None, "none"),
    ("opt:region, 'none'", "eu-north-1", "eu-north-1"),
]


@pytest.mark.parametrize(("variable", "region", "expected"), REGIONS)
def test_a_region_that_falls_back(tmp_path, variable, region, expected):
    path = tmp_path / "serverless.yml"
    text = TEMPLATE.format(name="x").replace("{name: aws}", "{name: aws, region: REGION}")
    text = text.replace("REGION", "\"${opt:region, 'us-west-2'}\"")
    path.write_text(text.replace("${self:custom.name}", f'"${{{variable}}}-orders"'))
    assert tables_from(path, region=region).names == [f"{expected}-orders"]


def test_the_region_of_cloudformation_is_the_service_s(tmp_path):
    path = tmp_path / "serverless.yml"
    text = TEMPLATE.format(name="x").replace("{name: aws}", "{name: aws, region: us-west-2}")
    path.write_text(text.replace("${self:custom.name}", '!Sub "${AWS::Region}-orders"'))
    assert tables_from(path).names == ["us-west-2-orders"]


def test_a_region_that_depends_on_itself(tmp_path):
    path = tmp_path / "serverless.yml"
    loop = '{name: aws, region: "${aws:region}"}'
    path.write_text(TEMPLATE.format(name="x").replace("{name: aws}", loop))
    with pytest.raises(FileError, match=r"serverless.yml: .*depends on itself"):
        tables_from(path)


WRONG_SERVICES = [
    (
        "resources:",
        "resources: x\nother:",
        "resources takes an object or a list of objects, not 'x'",
    ),
    ("provider: {name: aws}", "provider: x", None),
    ("custom:", "functions: 5\ncustom:", None),
    ("custom:", "params: [a]\ncustom:", None),
]


@pytest.mark.parametrize(("text", "replacement", "problem"), WRONG_SERVICES)
def test_a_service_of_another_shape(tmp_path, text, replacement, problem):
    path = tmp_path / "serverless.yml"
    path.write_text(TEMPLATE.format(name="orders").replace(text, replacement))
    if problem is None:
        assert tables_from(path).names == ["orders"]
        return
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == f"{path}: {problem}"


def test_a_service_in_a_program(tmp_path):
    path = tmp_path / "serverless.ts"
    path.write_text("module.exports = {}")
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == f"{path}: this is a program, which ddbmock does not run"
