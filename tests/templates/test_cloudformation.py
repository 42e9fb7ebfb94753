"""Tables of CloudFormation and SAM templates, and what is said of those that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ddbmock import FileError, tables_from
from ddbmock._internal.errors import MisuseError
from tests.templates.helpers import requests_of, skipped_names

# --- what is read --------------------------------------------------------------------------------


def test_a_template_with_its_default_values(files):
    tables = tables_from(files / "template.yaml")
    assert tables.names == ["ddbmock-dev-orders", "Customers"]
    assert tables.requests[0] == {
        "TableName": "ddbmock-dev-orders",
        "AttributeDefinitions": [
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "customerId", "AttributeType": "S"},
            {"AttributeName": "placedAt", "AttributeType": "N"},
        ],
        "KeySchema": [{"AttributeName": "orderId", "KeyType": "HASH"}],
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
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "SSESpecification": {"Enabled": True},
        "DeletionProtectionEnabled": False,
        "Tags": [{"Key": "stack", "Value": "shop/dev"}, {"Key": "owner", "Value": "shop"}],
    }
    assert requests_of(tables.specs[0], "UpdateTimeToLive") == [
        {"TimeToLiveSpecification": {"AttributeName": "expiresAt", "Enabled": True}}
    ]


def test_given_values(files):
    tables = tables_from(
        files / "template.yaml",
        parameters={
            "Stage": "prod",
            "ReadUnits": "7",
            "Prefixes": "a,b",
            "AuditPrefix": "audit",
            "Bucket.Name": "bucket",
            "Customers": "our-customers",
        },
        stack_name="shop",
    )
    assert tables.names == ["shop-prod-orders", "our-customers", "audit-bucket"]
    orders = tables.requests[0]
    assert orders["BillingMode"] == "PROVISIONED"
    assert orders["ProvisionedThroughput"] == {"ReadCapacityUnits": 7, "WriteCapacityUnits": 50}
    (index,) = orders["GlobalSecondaryIndexes"]
    assert index["ProvisionedThroughput"] == {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    assert orders["DeletionProtectionEnabled"] is True
    assert orders["Tags"][0] == {"Key": "stack", "Value": "a/prod"}


def test_the_region_counts(files):
    parameters = {"Stage": "prod"}
    tables = tables_from(files / "template.yaml", parameters=parameters, region="eu-west-1")
    assert tables.names == ["ddbmock-prod-orders", "Customers"]


def test_simple_tables(files):
    sessions, counters = tables_from(files / "sam.yaml").requests
    assert sessions == {
        "TableName": "Sessions",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "SSESpecification": {"Enabled": True},
    }
    assert counters == {
        "TableName": "counters",
        "AttributeDefinitions": [{"AttributeName": "number", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "number", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 2},
        "SSESpecification": {"Enabled": True},
        "Tags": [{"Key": "team", "Value": "shop"}],
    }


def test_a_global_table_as_it_is_in_one_region(files):
    tables = tables_from(files / "global.json", region="eu-west-1")
    (request,) = tables.requests
    assert request["ProvisionedThroughput"] == {"ReadCapacityUnits": 7, "WriteCapacityUnits": 4}
    (index,) = request["GlobalSecondaryIndexes"]
    assert index["ProvisionedThroughput"] == {"ReadCapacityUnits": 6, "WriteCapacityUnits": 2}
    assert request["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert request["SSESpecification"] == {"Enabled": True, "SSEType": "KMS"}
    assert request["Tags"] == [{"Key": "where", "Value": "eu"}]
    assert request["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert requests_of(tables.specs[0], "UpdateContinuousBackups") == [
        {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    ]
    assert requests_of(tables.specs[0], "UpdateTable") == [
        {
            "ReplicaUpdates": [
                {
                    "Create": {
                        "RegionName": "us-east-1",
                        "ProvisionedThroughputOverride": {"ReadCapacityUnits": 9},
                    }
                }
            ]
        }
    ]
    assert not [name for name in skipped_names(tables) if "Scaling" in name]
    tracking = "TargetTrackingScalingPolicyConfiguration"
    assert requests_of(tables.specs[0], "UpdateTableReplicaAutoScaling") == [
        {
            "ProvisionedWriteCapacityAutoScalingUpdate": {
                "MinimumUnits": 4,
                "MaximumUnits": 40,
                "ScalingPolicyUpdate": {tracking: {"TargetValue": 70.0}},
            },
            "GlobalSecondaryIndexUpdates": [
                {
                    "IndexName": "byTime",
                    "ProvisionedWriteCapacityAutoScalingUpdate": {
                        "MinimumUnits": 2,
                        "MaximumUnits": 20,
                        "ScalingPolicyUpdate": {tracking: {"TargetValue": 75.5}},
                    },
                }
            ],
        }
    ]


def test_auto_scaling_of_a_table_in_one_region(files):
    document = json.loads((files / "global.json").read_text())
    del document["Resources"]["Events"]["Properties"]["Replicas"][1]
    tables = tables_from(document, region="eu-west-1")
    assert [name for name in skipped_names(tables) if "Scaling" in name] == [
        "WriteCapacityAutoScalingSettings of Events",
        "WriteCapacityAutoScalingSettings of Events",
    ]
    assert requests_of(tables.specs[0], "UpdateTableReplicaAutoScaling") == []


def test_a_template_as_a_mapping(files):
    template = json.loads((files / "global.json").read_text())
    assert tables_from(template).names == ["events"]


def test_a_short_form_is_the_long_form(tmp_path):
    path = tmp_path / "template.yml"
    path.write_text("""
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: &properties
      TableName: !Sub ["${Name}-${!Kept}", {Name: !Sub "${AWS::AccountId}"}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
  Copy:
    Type: AWS::DynamoDB::Table
    Properties:
      <<: *properties
      TableName: !Sub "copy-of-${Orders}"
      Tags: [{Key: of, Value: !GetAtt Orders.Arn}]
""")
    orders, copy = tables_from(path, account_id="000000000012").requests
    # An account's number keeps its zeros.
    assert orders["TableName"] == "000000000012-${Kept}"
    assert copy["TableName"] == "copy-of-000000000012-${Kept}"
    assert copy["Tags"][0]["Value"].startswith("arn:aws:dynamodb:us-east-1:000000000012:table/")


def test_a_time_to_live_that_is_off_and_a_policy_of_a_stream(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(
        TABLE
        + "      TimeToLiveSpecification: {AttributeName: ttl, Enabled: false}\n"
        + "      StreamSpecification:\n"
        + "        {StreamViewType: KEYS_ONLY, ResourcePolicy: {PolicyDocument: {A: b}}}\n"
    )
    (spec,) = tables_from(path)
    assert [setting.name for setting in spec.settings] == ["StreamSpecification.ResourcePolicy"]
    assert spec.settings[0].is_of_stream


def test_a_map_with_a_default(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(TABLE + "      TableName: !FindInMap [A, b, c, {DefaultValue: !Sub d}]\n")
    assert tables_from(path).names == ["d"]


# --- what is refused -----------------------------------------------------------------------------

TABLE = """Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
"""

WRONG_PROPERTIES = [
    (
        "TableName: !Ref Name",
        "Name has no value here; give it: parameters={'Name': ...}",
    ),
    (
        "TableName: !Sub '${Name}-orders'",
        "Name has no value here; give it: parameters={'Name': ...}",
    ),
    (
        "TableName: !Sub '${Bucket.Arn}-orders'",
        "Bucket.Arn has no value here; give it: parameters={'Bucket.Arn': ...}",
    ),
    (
        "TableName: !GetAtt Orders.StreamArn",
        "Orders depends on itself",
    ),
    (
        "TableName: {'Fn::ImportValue': !Sub '${AWS::Region}-name'}",
        "us-east-1-name has no value here; give it: parameters={'us-east-1-name': ...}",
    ),
    (
        "TableName: '{{resolve:ssm:/shop/name}}'",
        (
            "{{resolve:ssm:/shop/name}} has no value here; give it:"
            " parameters={'{{resolve:ssm:/shop/name}}': ...}"
        ),
    ),
    ("TableName: !If [IsProd, a, b]", "the template's Conditions have no IsProd"),
    ("TableName: !FindInMap [A, b, c]", "the template's Mappings have no A.b.c"),
    ("TableName: !Select [5, [a]]", "Fn::Select with arguments that do not fit"),
    ("TableName: !Join a", "Fn::Join with arguments that do not fit"),
    (
        "TableName: !Transform {Name: x}",
        "ddbmock does not resolve Fn::Transform; write out its value",
    ),
    (
        "ImportSourceSpecification: {InputFormat: CSV}",
        "Orders: S3BucketSource is missing",
    ),
    ("Colour: {A: red}", "Orders: unknown property of a table: Colour"),
    (
        "ProvisionedThroughput: {ReadCapacityUnits: many}",
        "Orders: ProvisionedThroughput.ReadCapacityUnits takes a whole number, not 'many'",
    ),
    (
        "ProvisionedThroughput: {Reads: 5}",
        "Orders: unknown property of a table: ProvisionedThroughput.Reads",
    ),
    (
        "ProvisionedThroughput: 5",
        "Orders: ProvisionedThroughput takes an object, not '5'",
    ),
    ("Tags: {team: shop}", "Orders: Tags takes a list, not {'team': 'shop'}"),
    ("TableName: !Equals [a, b, c]", "Fn::Equals with arguments that do not fit"),
    (
        "StreamSpecification: NEW_IMAGE",
        "Orders: StreamSpecification takes an object, not 'NEW_IMAGE'",
    ),
    (
        "SSESpecification: 'true'",
        "Orders: SSESpecification takes an object, not 'true'",
    ),
    (
        "TimeToLiveSpecification: ttl",
        "Orders: TimeToLiveSpecification takes an object, not 'ttl'",
    ),
    (
        "TimeToLiveSpecification: {AttributeName: ttl, Enabled: maybe}",
        "Orders: TimeToLiveSpecification.Enabled takes true or false, not 'maybe'",
    ),
]


@pytest.mark.parametrize(("line", "problem"), WRONG_PROPERTIES)
def test_what_cannot_be_resolved_is_named_with_its_line(tmp_path, line, problem):
    path = tmp_path / "template.yaml"
    path.write_text(TABLE + f"      {line}\n")
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value).startswith(str(path))
    assert str(raised.value).endswith(f": {problem}")
    assert raised.value.line == 8


def test_the_line_in_json(tmp_path):
    path = tmp_path / "template.json"
    path.write_text("""{
  "Resources": {
    "Orders": {
      "Type": "AWS::DynamoDB::Table",
      "Properties": {
        "TableName": {
          "Fn::Join": ["-", ["orders",
            {"Ref": "Stage"}]]
        }
      }
    }
  }
}""")
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{path}:8: Stage has no value here; give it: parameters={{'Stage': ...}}"
    )


def test_a_value_that_is_not_allowed(files):
    with pytest.raises(FileError) as raised:
        tables_from(files / "template.yaml", parameters={"Stage": "staging"})
    assert str(raised.value) == (
        f"{files / 'template.yaml'}:6: Stage is 'staging'; allowed are dev, prod"
    )


def test_a_condition_that_depends_on_itself(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(
        TABLE.replace("    Type: AWS", "    Condition: A\n    Type: AWS")
        + "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n"
    )
    with pytest.raises(FileError, match=r"template.yaml:\d+: the condition A depends on itself"):
        tables_from(path)


def test_two_tables_of_one_name(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(TABLE + "      TableName: a\n" + TABLE[11:].replace("Orders", "Bills"))
    with pytest.raises(FileError, match=r"template.yaml:10: Bills: the name 'a' is that of Orders"):
        tables_from(path, parameters={"Bills": "a"})


def test_files_that_are_no_templates(tmp_path):
    path = tmp_path / "any.yaml"
    path.write_text("a: b\n")
    with pytest.raises(FileError, match="no template that ddbmock knows: CloudFormation, SAM,"):
        tables_from(path)
    path.write_text("Resources: {A: {Type: 'AWS::S3::Bucket'}}\n")
    with pytest.raises(FileError, match=r"any.yaml: no DynamoDB tables in this template"):
        tables_from(path)
    path.write_text("Resources:\n  - [\n")
    with pytest.raises(FileError, match=r"any.yaml:\d: not YAML: "):
        tables_from(path)
    with pytest.raises(FileError, match=r"no template in this folder: no cdk.out, no .tf files,"):
        tables_from(tmp_path)
    with pytest.raises(FileError, match=r"none.yaml: no such file or folder in /"):
        tables_from(tmp_path / "none.yaml")


def test_aliases_of_aliases(tmp_path, monkeypatch):
    monkeypatch.setattr("ddbmock._internal.formats.yaml_nodes._ALIASED_VALUES_MAX", 1_000)
    lines = ["a0: &a0 [x, x, x, x]"]
    lines += [f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]" for at in range(1, 60)]
    path = tmp_path / "template.yaml"
    path.write_text("\n".join([*lines, TABLE, "      Tags: *a59\n"]))
    with pytest.raises(FileError, match="aliases expand to more than 1,000 values"):
        tables_from(path)


# --- the wrong shape -----------------------------------------------------------------------------

SIMPLE = {"Type": "AWS::Serverless::SimpleTable"}
WRONG_SHAPES = [
    ({"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": "x"}}, "Properties takes an object"),
    ({"Orders": {**SIMPLE, "Properties": {"PrimaryKey": "id"}}}, "PrimaryKey takes an object"),
    ({"Orders": SIMPLE, "Bills": 5}, "Resources.Bills takes an object, not 5"),
    ({"Orders": {**SIMPLE, "Condition": {"a": "b"}}}, "Condition takes text, not {'a': 'b'}"),
    ({"Orders": {**SIMPLE, "Properties": {"TableName": []}}}, "TableName takes text, not []"),
    ({"Orders": {**SIMPLE, "Properties": {"TableName": {"Ref": []}}}}, "Ref takes text, not []"),
    (
        {"Orders": {**SIMPLE, "Properties": {"TableName": {"Ref": "Orders"}}}},
        "Orders depends on itself",
    ),
    (
        {"Orders": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {"Replicas": "x"}}},
        "Replicas takes a list, not 'x'",
    ),
]


@pytest.mark.parametrize(("resources", "problem"), WRONG_SHAPES)
def test_a_template_of_another_shape(resources, problem):
    with pytest.raises(FileError) as raised:
        tables_from({"Resources": resources})
    assert problem in str(raised.value)


SECTIONS = [
    ("Parameters", {"Ref": "A"}),
    ("Conditions", {"Fn::If": ["A", "b", "c"]}),
    ("Mappings", {"Fn::FindInMap": ["A", "b", "c"]}),
    ("Outputs", {"Fn::ImportValue": "a"}),
]


@pytest.mark.parametrize(("name", "table_name"), SECTIONS)
def test_a_section_of_another_shape(name, table_name):
    orders = {**SIMPLE, "Properties": {"TableName": table_name}}
    with pytest.raises(FileError, match=f"{name} takes an object, not 'x'"):
        tables_from({"Resources": {"Orders": orders}, name: "x"})


def test_a_template_that_contains_itself():
    properties: dict[str, Any] = {}
    template = {"Resources": {"Orders": {**SIMPLE, "Properties": properties}}}
    properties["Tags"] = [template]
    with pytest.raises(FileError, match="nested too deeply, or inside of itself"):
        tables_from(template)


def test_macros_are_left_out():
    template = {
        "Transform": ["AWS::Serverless-2016-10-31", "Magic", {"Name": "AWS::Include"}],
        "Fn::Transform": {"Name": "More"},
        "Resources": {"Orders": SIMPLE},
    }
    assert tables_from(template).skipped == [
        "the transform Magic: ddbmock does not run it",
        "the transform AWS::Include: ddbmock does not run it",
        "the transform More: ddbmock does not run it",
    ]


def test_nothing_and_something_else():
    with pytest.raises(MisuseError, match=r"tables_from\(\) takes paths and mappings, not 5"):
        tables_from(5)  # type: ignore[arg-type]
    with pytest.raises(MisuseError, match=r"tables_from\(\) takes at least one template"):
        tables_from()


def test_conditions_are_evaluated_once_each():
    conditions: dict[str, Any] = {"C0": {"Fn::Equals": ["a", "a"]}}
    for at in range(1, 60):
        both = [{"Condition": f"C{at - 1}"}, {"Condition": f"C{at - 1}"}]
        conditions[f"C{at}"] = {"Fn::And": both}
    resources = {"Orders": {**SIMPLE, "Condition": "C59"}}
    assert tables_from({"Conditions": conditions, "Resources": resources}).names == ["Orders"]
