"""Tables of moto's CloudFormation stacks exist in ddbmock while both are active."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws as moto_aws

from ddbmock import FileError, mock_dynamodb
from ddbmock.beside import mock_aws
from tests.switch.helpers import table_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller

pytest.importorskip("openapi_spec_validator", reason="needs moto[cloudformation]")

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": {"Fn::Sub": "orders-${Stage}"},
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "customer")
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
        "Tags": [{"Key": "team", "Value": "shop"}],
    },
}
TEMPLATE = {
    "Parameters": {"Stage": {"Type": "String", "Default": "test"}},
    "Resources": {"Orders": TABLE},
    "Outputs": {
        "Stream": {"Value": {"Fn::GetAtt": ["Orders", "StreamArn"]}},
        "Arn": {"Value": {"Fn::GetAtt": ["Orders", "Arn"]}},
        "Name": {"Value": {"Ref": "Orders"}},
    },
}


@pytest.fixture(params=["moto outside", "ddbmock outside", "one switch"])
def ddb(request: pytest.FixtureRequest) -> Iterator[Controller]:
    if request.param == "moto outside":
        with moto_aws(), mock_dynamodb() as controller:
            yield controller
    elif request.param == "ddbmock outside":
        with mock_dynamodb() as controller, moto_aws():
            yield controller
    else:
        with mock_aws() as controller:
            yield controller


def create_stack(template: Any = TEMPLATE, region: str = "us-east-1", **more: Any) -> Any:
    client = boto3.client("cloudformation", region_name=region)
    client.create_stack(StackName="stack", TemplateBody=json.dumps(template), **more)
    return client


def test_a_table_with_everything(ddb: Controller) -> None:
    cloudformation = create_stack()
    table = boto3.resource("dynamodb").Table("orders-test")
    table.put_item(Item={"pk": "1", "sk": "a", "customer": "ann"})
    assert ddb.tables["orders-test"].indexes["by-customer"].item_count == 1
    assert len(ddb.tables["orders-test"].stream.records) == 1

    client = table.meta.client
    described = client.describe_time_to_live(TableName="orders-test")["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    tags = client.list_tags_of_resource(ResourceArn=table.table_arn)["Tags"]
    assert {"Key": "team", "Value": "shop"} in tags

    (stack,) = cloudformation.describe_stacks(StackName="stack")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs == {
        "Name": "orders-test",
        "Arn": table.table_arn,
        "Stream": ddb.tables["orders-test"].stream.arn,
    }
    assert [call.operation for call in ddb.calls if call.operation == "CreateTable"] == []

    cloudformation.delete_stack(StackName="stack")
    assert dict(ddb.tables) == {}


def test_the_region_of_the_stack(ddb: Controller) -> None:
    cloudformation = create_stack(region="eu-west-1")
    assert ddb.tables["orders-test"].region == "eu-west-1"
    cloudformation.delete_stack(StackName="stack")
    assert table_names(boto3.client("dynamodb", region_name="eu-west-1")) == []


def test_names_and_parameters(ddb: Controller) -> None:
    properties = {name: value for name, value in TABLE["Properties"].items() if name != "TableName"}  # type: ignore[attr-defined]
    template = {
        **TEMPLATE,
        "Resources": {
            "Orders": TABLE,
            "Unnamed": {"Type": "AWS::DynamoDB::Table", "Properties": properties},
        },
    }
    parameters = [{"ParameterKey": "Stage", "ParameterValue": "prod"}]
    cloudformation = create_stack(template, Parameters=parameters)
    resources = cloudformation.describe_stack_resources(StackName="stack")["StackResources"]
    names = sorted(resource["PhysicalResourceId"] for resource in resources)
    assert sorted(ddb.tables) == names
    assert "orders-prod" in names


def test_a_table_that_the_program_has_deleted(ddb: Controller) -> None:
    cloudformation = create_stack()
    boto3.client("dynamodb").delete_table(TableName="orders-test")
    cloudformation.delete_stack(StackName="stack")
    assert dict(ddb.tables) == {}


def test_a_table_that_the_service_refuses(ddb: Controller) -> None:
    wrong = {**TABLE, "Properties": {**TABLE["Properties"], "KeySchema": []}}  # type: ignore[dict-item]
    with pytest.raises(FileError, match=r"Table: 1 validation error detected: .* at 'keySchema'"):
        create_stack({"Parameters": TEMPLATE["Parameters"], "Resources": {"Orders": wrong}})
    assert dict(ddb.tables) == {}


def test_without_ddbmock_it_is_moto_s() -> None:
    with moto_aws():
        with mock_dynamodb():
            pass
        create_stack()
        assert table_names(boto3.client("dynamodb", region_name="us-east-1")) == ["orders-test"]
