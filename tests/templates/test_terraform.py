"""Tables of Terraform: .tf files with their expressions, and the output of `terraform show`."""

from __future__ import annotations

import sys

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
    ('"a-${local.names}"', "this expression has no value: text is needed, not an object"),
]


@pytest.mark.parametrize(("expression", "problem"), WRONG_EXPRESSIONS)
def test_expressions_that_cannot_be_told(tmp_path, expression, problem):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name=expression))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    line = 4 if expression == "local.loop" else 8
    assert str(raised.value).startswith(f"{path}:{line}: {problem}")


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
        FileError, match=r"main.tf:7: aws_dynamodb_table.orders: name depends on itself"
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
        " pip install 'ddbmock[terraform]'"
    )


def test_a_table_without_a_name(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(RESOURCE.format(name="null"))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{path}:7: aws_dynamodb_table.orders: name is not known; Terraform has no value for it"
        " before it is applied"
    )


def test_tables_out_of_other_things(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        RESOURCE.format(name='"orders"').replace(
            "attribute {", "import_table {\n  }\n  attribute {"
        )
    )
    with pytest.raises(FileError, match="import_table: ddbmock does not fill a table from"):
        tables_from(path)


def test_an_item_that_is_no_json(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        RESOURCE.format(name='"orders"')
        + 'resource "aws_dynamodb_table_item" "a" {\n  table_name = "orders"\n  item = "{"\n}\n'
    )
    with pytest.raises(FileError, match=r"main.tf:15: aws_dynamodb_table_item.a: item is not JSON"):
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
