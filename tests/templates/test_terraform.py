"""Tables of Terraform: .tf files with their expressions, and the output of `terraform show`."""

from __future__ import annotations

import json
import sys
from decimal import Context, Inexact, Rounded, localcontext

import pytest
from botocore.session import get_session

from ddbmock import FileError, tables_from
from tests.templates.helpers import requests_of

# --- .tf files -----------------------------------------------------------------------------------


def test_a_configuration(files):
    tables = tables_from(files / "terraform", region="eu-west-1")
    assert tables.names == ["shop-default-orders", "shop-default-counters", "shop-default-locks"]
    orders, counters, locks = tables.requests
    assert orders == {
        "TableName": "shop-default-orders",
        "AttributeDefinitions": [
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "line", "AttributeType": "N"},
            {"AttributeName": "customerId", "AttributeType": "S"},
            {"AttributeName": "placedAt", "AttributeType": "N"},
        ],
        "KeySchema": [
            {"AttributeName": "orderId", "KeyType": "HASH"},
            {"AttributeName": "line", "KeyType": "RANGE"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "byCustomer",
                "KeySchema": [
                    {"AttributeName": "customerId", "KeyType": "HASH"},
                    {"AttributeName": "placedAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total"]},
            }
        ],
        "LocalSecondaryIndexes": [
            {
                "IndexName": "byPlacing",
                "KeySchema": [
                    {"AttributeName": "orderId", "KeyType": "HASH"},
                    {"AttributeName": "placedAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
        "Tags": [
            {"Key": "team", "Value": "shop"},
            {"Key": "Name", "Value": "ORDERS"},
            {"Key": "Region", "Value": "eu-west-1"},
        ],
    }
    assert requests_of(tables.specs[0], "UpdateTimeToLive") == [
        {"TimeToLiveSpecification": {"AttributeName": "expiresAt", "Enabled": True}}
    ]
    assert counters["ProvisionedThroughput"] == {"ReadCapacityUnits": 4, "WriteCapacityUnits": 2}
    assert locks["KeySchema"] == [{"AttributeName": "LockID", "KeyType": "HASH"}]
    assert tables.specs[1].logical_name == 'aws_dynamodb_table.small["counters"]'
    assert requests_of(tables.specs[0], "UpdateContinuousBackups") == [
        {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    ]


def test_its_items(files, ddb):
    tables_from(files / "terraform").create(ddb)
    assert ddb.tables["shop-default-counters"].items == [
        {"id": {"S": "shop-default"}, "value": {"N": "1"}, "text": {"S": "${kept}"}}
    ]
    assert ddb.tables["shop-default-orders"].item_count == 2


def test_given_values(files):
    tables = tables_from(
        files / "terraform",
        parameters={"var.project": "other", "provisioned": True, "terraform.workspace": "prod"},
    )
    assert tables.names[0] == "other-prod-orders"
    assert tables.requests[0]["BillingMode"] == "PROVISIONED"


RESOURCE = """
variable "stage" {{ default = "dev" }}
locals {{
  loop  = local.loop
  names = {{ a = "x", b = ["y", "z"] }}
  objects = [
    {{ name = "a", kind = "x", tags = {{ k = 1 }} }},
    {{ name = "b", kind = "y", tags = {{ k = 2 }} }},
  ]
}}
resource "aws_dynamodb_table" "orders" {{
  name     = {name}
  hash_key = "id"
  attribute {{
    name = "id"
    type = "S"
  }}
}}
"""

EXPRESSIONS = [
    ('"orders"', "orders"),
    ("var.stage", "dev"),
    ('"${var.stage}-${1 + 2 * 3 - 4 / 2}"', "dev-5"),
    ('var.stage == "dev" && !false ? "yes" : "no"', "yes"),
    ('(1 >= 2 || 5 % 3 == 2) ? "a" : "b"', "a"),
    ("local.names.a", "x"),
    ('local.names["b"][1]', "z"),
    ("element(local.names.b, 3)", "z"),
    ('join("-", [for name in local.names.b : upper(name) if name != "y"])', "Z"),
    ('join("-", keys({for i, name in local.names.b : name => i}))', "y-z"),
    ('format("%s-%s", local.names.b...)', "y-z"),
    ('replace("a.b", ".", "-")', "a-b"),
    ('format("%s-%03d%%", var.stage, 7)', "dev-007%"),
    ('replace("a/b", "/[^a-z]/", "-")', "a-b"),
    ('lookup(local.names, "c", "default")', "default"),
    ('coalesce("", null, "x")', "x"),
    ('substr("orders", 0, 3)', "ord"),
    ('"a\\"b\\u0041$${c}"', 'a"bA${c}'),
    ("<<X\norders\nX\n", "orders\n"),
    ("trimspace(<<-X\n    a-${var.stage}\n    X\n)", "a-dev"),
    ("-(-5)", "5"),
    ("data.aws_caller_identity.me.account_id", "123456789012"),
    ('try(local.names["x"], "orders")', "orders"),
    ('try(local.names.x, local.names["y"], "orders")', "orders"),
    ('can(local.names.x) ? "x" : "orders"', "orders"),
    ('can(local.names.a) ? "yes" : "no"', "yes"),
    ('one(local.names.b[*] == [] ? [] : ["a"])', "a"),
    ('join("", reverse(local.names.b))', "zy"),
    ('join("", [for pair in setproduct(["a"], local.names.b) : join("", pair)])', "ayaz"),
    ('yamldecode("a: orders").a', "orders"),
    ('yamldecode("a: [2.5]").a[0] * 2 == 5 ? "a" : "b"', "a"),
    ('regex("[a-z]+", "1orders2")', "orders"),
    ('"%{ if var.stage == "dev" }a%{ else }b%{ endif }"', "a"),
    ('"%{ if false }a%{ endif }b"', "b"),
    ('"%{ if false }%{ if true }a%{ endif }%{ else }b%{ endif }"', "b"),
    ('"%{ for i, n in local.names.b ~} ${i}${n} %{~ endfor }"', "0y1z"),
    ('"%{ for n in [] }${n.x}%{ endfor }none"', "none"),
    ('"a %{~ if true ~} b %{~ endif ~} c"', "abc"),
    ('"%%{x}"', "%{x}"),
    ("<<X\n%{ for n in local.names.b ~}\n${n}\n%{ endfor ~}\nX\n", "y\nz\n"),
    ('<<X\n$${a}%%{b}${ "}" }\nX\n', "${a}%{b}}\n"),
    ('join("", local.objects[*].name)', "ab"),
    ('join("", local.objects.*.name)', "ab"),
    ('join("", local.objects[*].tags["k"])', "12"),
    ('length(null[*]) == 0 ? "a" : "b"', "a"),
    ("local.objects.0.name", "a"),
    ('join("", keys({for o in local.objects : o.kind => o.name...}))', "xy"),
    ('{ (var.stage) = "a" }["dev"]', "a"),
    ('{ null = "a" }["null"]', "a"),
    ('"5" + 1 == 6 ? "a" : "b"', "a"),
    ('1 == true ? "a" : "b"', "b"),
    ('var.stage != "prod" || local.none ? "a" : "b"', "a"),
    ('path.module == path.root ? "a" : "b"', "a"),
    ('format("%.2f", 1.5)', "1.50"),
    ('fileexists("none.txt") ? "a" : "b"', "b"),
    ('merge({ a = "x" }, { a = "y" }).a', "y"),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_expressions(tmp_path, expression, expected):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name=expression))
    assert tables_from(path).names == [expected]


def test_a_given_object(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name='data.aws_ssm_parameter.name["value"]'))
    parameters = {"data.aws_ssm_parameter.name": {"value": "given"}}
    assert tables_from(path, parameters=parameters).names == ["given"]


WRONG_EXPRESSIONS = [
    ("var.name", "var.name has no value here; give it: parameters={'var.name': ...}"),
    (
        "module.names.orders",
        ("module.names.orders has no value here; give it: parameters={'module.names.orders': ...}"),
    ),
    (
        "data.aws_ssm_parameter.name.value",
        (
            "data.aws_ssm_parameter.name.value has no value here; give it:"
            " parameters={'data.aws_ssm_parameter.name.value': ...}"
        ),
    ),
    (
        "local.names.c",
        "local.names has no attribute c",
    ),
    ("local.loop", "local.loop depends on itself"),
    (
        "cidrhost(var.stage, 5)",
        "ddbmock does not know the function cidrhost; use the output of `terraform show -json`",
    ),
    (
        "local.names.b[5]",
        "this expression has no value: no element 5 in a list of 2",
    ),
    ("local.names", "TableName takes text, not {'a': 'x', 'b': ['y', 'z']}"),
    ("try()", "none of the expressions in try has a value"),
    ('try(var.name, "x")', "var.name has no value here; give it: parameters={'var.name': ...}"),
    ('file("none.txt")', "this expression has no value: no such file: {folder}/none.txt"),
    ('templatefile("none.txt", {})', "this expression has no value: no such file: {folder}/none.t"),
    ("local.none", "there is no local.none"),
    ('local.names["c"]', "this expression has no value: no key 'c'"),
    ('local.names.b["x"]', "this expression has no value: a number is needed, not 'x'"),
    ("5[0]", "this expression has no value: a list is needed, not 5"),
    ('local.names.a ? "a" : "b"', "this expression has no value: true or false is needed, not 'x'"),
    ("1 / 0", "this expression has no value: division by zero"),
    ('-"x"', "this expression has no value: a number is needed, not 'x'"),
    ('upper("a", "b")', "this expression has no value: upper with arguments that do not fit"),
    ("[for a in 5 : a][0]", "this expression has no value: a list is needed, not 5"),
    ('"%{ if 5 }a%{ endif }"', "this expression has no value: true or false is needed, not 5"),
    ('"%{ if true }a"', "this expression has no value: %{ endif } is missing"),
    ('"%{ endif }"', "this expression has no value: unexpected %{ endif }"),
    ('"\\U00ffffff"', "this expression has no value: no character \\U00ffffff"),
    ("<<X\n${\nX\n", "this expression has no value: a closing brace is missing"),
    ("<<X\n%{ odd }\nX\n", "this expression has no value: no such directive: %{ odd }"),
    ("<<X\n%{ for x }\nX\n", "this expression has no value: no such loop: %{ for x }"),
    ("<<X\n${= 5}\nX\n", "not HCL: "),
    ("<<X\n${var.name}\nX\n", "var.name has no value here; give it: "),
    ("<<X\n${local.names.c}\nX\n", "local.names has no attribute c"),
    ('"a-${local.names}"', "this expression has no value: text is needed, not an object"),
]


@pytest.mark.parametrize(("expression", "problem"), WRONG_EXPRESSIONS)
def test_expressions_that_cannot_be_evaluated(tmp_path, expression, problem):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name=expression))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    problem = problem.replace("{folder}", str(tmp_path))
    if problem.startswith("TableName"):
        problem = f"aws_dynamodb_table.orders: {problem}"
    assert str(raised.value).partition(": ")[2].startswith(problem)
    assert raised.value.line in {4, 11, 12}


def test_all_settings_of_a_table(tmp_path):
    create_table = get_session().get_service_model("dynamodb").operation_model("CreateTable")
    if "WarmThroughput" not in create_table.input_shape.members:
        pytest.skip("the model of this botocore does not have it yet")
    path = tmp_path / "main.tf"
    path.write_text("""
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  table_class  = "STANDARD"
  deletion_protection_enabled = "true"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  hash_key = "id"
  on_demand_throughput {
    max_read_request_units  = 10
    max_write_request_units = "20"
  }
  warm_throughput {
    read_units_per_second  = 12000
    write_units_per_second = 4000
  }
  global_secondary_index {
    name            = "byTime"
    projection_type = "KEYS_ONLY"
    key_schema {
      attribute_name = "at"
      key_type       = "HASH"
    }
    key_schema {
      attribute_name = "id"
      key_type       = "RANGE"
    }
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/a"
  }
  replica {
    region_name = "eu-west-1"
  }
  ttl {
    enabled = false
  }
}
""")
    tables = tables_from(path)
    (request,) = tables.requests
    assert request["OnDemandThroughput"] == {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20}
    assert request["WarmThroughput"] == {
        "ReadUnitsPerSecond": 12000,
        "WriteUnitsPerSecond": 4000,
    }
    assert request["GlobalSecondaryIndexes"][0]["KeySchema"] == [
        {"AttributeName": "at", "KeyType": "HASH"},
        {"AttributeName": "id", "KeyType": "RANGE"},
    ]
    assert request["SSESpecification"]["KMSMasterKeyId"].endswith(":key/a")
    assert request["DeletionProtectionEnabled"] is True
    assert [setting.request for setting in tables.specs[0].settings] == [
        {"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]}
    ]


def test_an_item_of_a_table_that_is_elsewhere(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        RESOURCE.format(name='"orders"')
        + 'resource "aws_dynamodb_table_item" "a" {\n  table_name = "bills"\n  item = "{}"\n}\n'
    )
    with pytest.raises(
        FileError,
        match="items for the table 'bills', which the template does not have; it has: orders",
    ):
        tables_from(path)


def test_tables_that_refer_to_each_other(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name="aws_dynamodb_table.orders.name"))
    with pytest.raises(
        FileError, match=r"main.tf:11: aws_dynamodb_table.orders: name depends on itself"
    ):
        tables_from(path)


def test_a_file_that_is_no_hcl(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text('resource "a" "b" {\n  name = = 5\n}\n')
    with pytest.raises(FileError, match=r"main.tf:2: not HCL: "):
        tables_from(path)


def test_without_the_library(files, monkeypatch):
    monkeypatch.setitem(sys.modules, "hcl2", None)
    with pytest.raises(FileError) as raised:
        tables_from(files / "terraform" / "main.tf")
    assert str(raised.value) == (
        f"{files / 'terraform' / 'main.tf'}: to read Terraform's .tf files, install python-hcl2:"
        " pip install 'mock-dynamodb[terraform]'"
    )


def test_a_table_without_a_name(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name="null"))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{path}:11: aws_dynamodb_table.orders: name is not known; Terraform has no value for it"
        " before it is applied"
    )


def test_tables_from_other_resources(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        RESOURCE.format(name='"orders"').replace(
            "attribute {", 'restore_source_name = "old"\n  attribute {'
        )
    )
    with pytest.raises(FileError, match="restore_source_name: ddbmock does not fill a table"):
        tables_from(path)


def test_an_item_that_is_no_json(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        RESOURCE.format(name='"orders"')
        + 'resource "aws_dynamodb_table_item" "a" {\n  table_name = "orders"\n  item = "{"\n}\n'
    )
    with pytest.raises(FileError, match=r"main.tf:19: aws_dynamodb_table_item.a: item is not JSON"):
        tables_from(path)


# --- terraform show -json ------------------------------------------------------------------------


def test_a_plan(files):
    tables = tables_from(files / "plan.json")
    assert tables.names == ["shop-orders", "counters"]
    orders, counters = tables.requests
    assert orders == {
        "TableName": "shop-orders",
        "AttributeDefinitions": [
            {"AttributeName": "customerId", "AttributeType": "S"},
            {"AttributeName": "orderId", "AttributeType": "S"},
        ],
        "KeySchema": [{"AttributeName": "orderId", "KeyType": "HASH"}],
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 4},
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "byCustomer",
                "KeySchema": [{"AttributeName": "customerId", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 2},
            }
        ],
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "DeletionProtectionEnabled": True,
    }
    assert counters["StreamSpecification"] == {
        "StreamEnabled": True,
        "StreamViewType": "KEYS_ONLY",
    }
    assert counters["Tags"] == [{"Key": "team", "Value": "shop"}]
    assert [[setting.operation for setting in spec.settings] for spec in tables] == [
        [],
        ["UpdateTimeToLive", "UpdateContinuousBackups"],
    ]


def test_a_state(files, tmp_path):
    text = (files / "plan.json").read_text().replace('"planned_values"', '"values"')
    path = tmp_path / "state.json"
    path.write_text(text)
    assert tables_from(path).names == ["shop-orders", "counters"]


def test_a_name_that_is_not_known_yet(files, tmp_path):
    text = (files / "plan.json").read_text().replace('"name": "shop-orders",', "")
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(
        FileError, match=r"plan.json:8: aws_dynamodb_table.orders: name is not known"
    ):
        tables_from(path)


def test_an_item_of_a_table_that_is_named_by_its_arn(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        RESOURCE.format(name='"orders"').replace(
            "hash_key", 'billing_mode = "PAY_PER_REQUEST"\n  hash_key'
        )
        + """
resource "aws_dynamodb_table_item" "a" {
  table_name = aws_dynamodb_table.orders.arn
  item       = jsonencode({ id = { S = "a" } })
}
"""
    )
    (seed,) = tables_from(path).seeds
    assert (seed.table_name, seed.source) == ("orders", [{"id": {"S": "a"}}])


def test_a_resource_that_is_defined_twice(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.tf").write_text(RESOURCE.format(name='"orders"'))
    with pytest.raises(FileError, match=r"b.tf:11: aws_dynamodb_table.orders is defined twice"):
        tables_from(tmp_path)


def test_json_next_to_hcl(tmp_path):
    (tmp_path / "main.tf").write_text(RESOURCE.format(name='"orders"'))
    (tmp_path / "more.tf.json").write_text("{}")
    (skipped,) = tables_from(tmp_path).skipped
    assert skipped == (
        f"{tmp_path / 'more.tf.json'}: ddbmock reads .tf files, and the output of"
        " `terraform show -json`"
    )


WRONG_COUNTS = [
    ("count = -1", "count is from 0 to 10,000, not -1"),
    ('count = "x"', "count: a number is needed, not 'x'"),
    ("for_each = 5", "for_each: a list is needed, not 5"),
]


@pytest.mark.parametrize(("argument", "problem"), WRONG_COUNTS)
def test_a_wrong_number_of_instances(tmp_path, argument, problem):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name='"orders"').replace("hash_key", f"{argument}\n  hash_key"))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == f"{path}:11: {problem}"


WRONG_PLANS = [
    ({"root_module": {"resources": "x"}}, "resources takes a list, not 'x'"),
    ({"root_module": "x"}, "a module takes an object, not 'x'"),
    ({"root_module": {"child_modules": [5]}}, "a module takes an object, not 5"),
    (
        {"root_module": {"resources": [{"type": "aws_dynamodb_table", "address": None}]}},
        "address takes text, not None",
    ),
]


@pytest.mark.parametrize(("values", "problem"), WRONG_PLANS)
def test_a_plan_of_another_shape(tmp_path, values, problem):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"planned_values": values}))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value).startswith(str(path))
    assert str(raised.value).endswith(f": {problem}")


QUARTERS = """
resource "aws_dynamodb_table" "t" {
  name         = "t-${abs(0.25 - 1.5) * 100}"
  hash_key     = "pk"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "pk"
    type = "S"
  }
}
"""


def test_the_decimal_context_of_the_program_does_not_count(tmp_path):
    (tmp_path / "main.tf").write_text(QUARTERS, encoding="utf-8")
    with localcontext(Context(prec=1, traps=[Inexact, Rounded])):
        assert tables_from(tmp_path).names == ["t-125"]
