"""Making the tables of a template: on a mock, through clients, as a pytest fixture."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import FileError, mock_dynamodb, tables_from
from ddbmock._internal.errors import MisuseError
from tests.pytest_runs import run_inprocess


def test_on_a_mock(files, ddb, dynamodb_client):
    tables_from(files / "template.yaml").create(ddb)
    assert sorted(ddb.tables) == ["Customers", "ddbmock-dev-orders"]
    assert len(ddb.calls) == 0
    name = "ddbmock-dev-orders"
    table = dynamodb_client.describe_table(TableName=name)["Table"]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    ttl = dynamodb_client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}
    tags = dynamodb_client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    assert {"Key": "owner", "Value": "shop"} in tags


def test_what_is_set_up_is_there_at_once(files):
    with mock_dynamodb(delays=True) as ddb:
        tables_from(files / "template.yaml").create(ddb)
        client = boto3.client("dynamodb")
        table = client.describe_table(TableName="ddbmock-dev-orders")["Table"]
        assert table["TableStatus"] == "ACTIVE"
        ttl = client.describe_time_to_live(TableName="ddbmock-dev-orders")
        assert ttl["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
        assert ddb._backend.delay_seconds > 0


def test_in_the_mock_s_region(files):
    with mock_dynamodb(region="eu-west-1") as ddb:
        tables_from(files / "sam.yaml").create(ddb)
        assert ddb.tables["counters"].region == "eu-west-1"


@pytest.mark.parametrize("make", [boto3.client, boto3.resource])
def test_through_boto3(files, ddb, make):
    tables_from(files / "serverless").create(make("dynamodb", "eu-west-1"))
    assert ddb.tables["shop-orders-dev"].item_count == 2
    assert ddb.tables["customers-dev"].items[0]["name"] == {"S": "Ada"}
    assert ddb.tables["customers-dev"].region == "eu-west-1"


def test_a_model_of_nosql_workbench(files, ddb):
    tables = tables_from(files.parent.parent / "data" / "files" / "model.json")
    tables.create(ddb)
    assert ddb.tables["shop"].item_count == 2


def test_something_else(files):
    with pytest.raises(
        MisuseError, match=r"create\(\) takes what mock_dynamodb\(\) gives, or a boto3"
    ):
        tables_from(files / "sam.yaml").create("dynamodb")


def test_a_table_that_the_service_refuses_leaves_nothing(tmp_path, ddb):
    path = tmp_path / "template.yaml"
    path.write_text("""
Resources:
  Good: {Type: 'AWS::Serverless::SimpleTable'}
  Bad:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
""")
    with pytest.raises(FileError) as raised:
        tables_from(path).create(ddb)
    assert str(raised.value).startswith(
        f"{path}:5: Bad: One or more parameter values were invalid: Some index key attributes"
    )
    assert not ddb.tables


def test_a_seed_that_is_wrong_leaves_nothing(tmp_path, ddb):
    path = tmp_path / "main.tf"
    path.write_text("""resource "aws_dynamodb_table" "a" {
  name         = "aaa"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_dynamodb_table_item" "b" {
  table_name = aws_dynamodb_table.a.name
  hash_key   = "id"
  item       = jsonencode({ key = { S = "x" } })
}
""")
    with pytest.raises(FileError) as raised:
        tables_from(path).create(ddb)
    assert str(raised.value) == (
        f"{path}:10: aws_dynamodb_table_item.b: One or more parameter values were invalid: Missing"
        " the key id in the item"
    )
    assert not ddb.tables


def test_requests_are_the_caller_s(files):
    tables = tables_from(files / "sam.yaml")
    tables.requests[0]["TableName"] = "other"
    assert tables.names == ["Sessions", "counters"]
    assert len(tables) == 2
    assert repr(tables) == f"<tables of {files / 'sam.yaml'}: Sessions, counters>"


def test_as_a_fixture(files, pytester):
    pytester.makeconftest(f"""
        import ddbmock
        sam_tables = ddbmock.tables_from({str(files / "sam.yaml")!r}).as_fixture()
    """)
    pytester.makepyfile(f"""
        import ddbmock
        cdk_tables = ddbmock.tables_from({str(files / "cdk.out")!r}).as_fixture()

        def test_of_the_conftest(sam_tables, dynamodb_client):
            assert dynamodb_client.list_tables()["TableNames"] == ["Sessions", "counters"]
            dynamodb_client.put_item(TableName="Sessions", Item={{"id": {{"S": "a"}}}})
            assert sam_tables["Sessions"].item_count == 1

        def test_each_test_has_its_own(sam_tables, ddb):
            assert ddb.tables["Sessions"].items == []

        def test_of_the_module(cdk_tables, sam_tables, ddb):
            assert len(ddb.tables) == 5
    """)
    run_inprocess(pytester).assert_outcomes(passed=3)
