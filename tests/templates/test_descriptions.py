"""Tables as the AWS CLI prints and reads them."""

from __future__ import annotations

import json

import boto3
import pytest

from ddbmock import FileError, tables_from
from tests.templates.helpers import requests_of

INPUT = {
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_the_output_of_describe_table(files):
    tables = tables_from(files / "table.json")
    assert tables.requests == [
        {
            "TableName": "orders",
            "AttributeDefinitions": [
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "at", "AttributeType": "N"},
            ],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "byTime",
                    "KeySchema": [{"AttributeName": "at", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
            "SSESpecification": {
                "Enabled": True,
                "SSEType": "KMS",
                "KMSMasterKeyId": (
                    "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                ),
            },
            "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "DeletionProtectionEnabled": True,
        }
    ]
    assert requests_of(tables.specs[0], "UpdateTable") == [
        {
            "ReplicaUpdates": [
                {"Create": {"RegionName": "us-east-1", "TableClassOverride": "STANDARD"}}
            ]
        }
    ]


PROVISIONED = {
    "TableName": "bills",
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "total", "AttributeType": "S"},
        {"AttributeName": "at", "AttributeType": "N"},
    ],
    "KeySchema": [
        {"AttributeName": "id", "KeyType": "HASH"},
        {"AttributeName": "total", "KeyType": "RANGE"},
    ],
    "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
    "LocalSecondaryIndexes": [
        {
            "IndexName": "byTime",
            "KeySchema": [
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "at", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
}
#: What a description says of one table, and not of its definition.
OF_ONE_TABLE = {"TableId", "CreationDateTime", "LatestStreamArn", "LatestStreamLabel"}


def test_what_ddbmock_describes_it_creates_again(ddb, dynamodb_client):
    def descriptions():
        responses = [dynamodb_client.describe_table(TableName=name) for name in ("orders", "bills")]
        return [
            {name: value for name, value in response["Table"].items() if name not in OF_ONE_TABLE}
            for response in responses
        ]

    for request in (INPUT, PROVISIONED):
        dynamodb_client.create_table(**request)
    before = descriptions()
    ddb.reset()
    tables_from(*before).create(ddb)
    after = descriptions()
    for description in (*before, *after):
        description.pop("BillingModeSummary", None)  # the time of the last change is in it
    assert after == before


def test_the_input_of_create_table(tmp_path, ddb):
    path = tmp_path / "orders.json"
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "dynamodb:GetItem",
                    "Resource": "*",
                }
            ],
        }
    )
    path.write_text(json.dumps({**INPUT, "ResourcePolicy": policy}))
    tables = tables_from(path)
    assert tables.requests == [INPUT]
    assert requests_of(tables.specs[0], "PutResourcePolicy") == [{"Policy": policy}]
    tables.create(ddb)
    assert list(ddb.tables) == ["orders"]


def test_a_list_of_them(tmp_path):
    path = tmp_path / "schema.json"
    described = {"TableDescription": {**INPUT, "TableStatus": "ACTIVE"}}
    path.write_text(json.dumps([described, {**INPUT, "TableName": "bills"}]))
    assert tables_from(path).names == ["orders", "bills"]


def test_yaml_will_do(tmp_path):
    path = tmp_path / "orders.yaml"
    path.write_text(
        "TableName: orders\nBillingMode: PAY_PER_REQUEST\n"
        "AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n"
        "KeySchema: [{AttributeName: id, KeyType: HASH}]\n"
    )
    assert tables_from(path).requests == [INPUT]


WRONG_MEMBERS = [
    ({"Colour": "red"}, "orders: unknown property of a table: Colour"),
    (
        {"Colour": "red", "TableStatus": "ACTIVE"},
        "orders: unknown member of a table's description: Colour",
    ),
    ({"KeySchema": "id"}, "orders: KeySchema takes a list, not 'id'"),
    (
        {"BillingModeSummary": 5, "TableStatus": "ACTIVE"},
        "orders: BillingModeSummary takes an object, not 5",
    ),
    ({"TableName": ["a"]}, "TableName takes text, not ['a']"),
]


@pytest.mark.parametrize(("members", "problem"), WRONG_MEMBERS)
def test_a_wrong_description(tmp_path, members, problem):
    path = tmp_path / "orders.json"
    path.write_text("\n" + json.dumps({**INPUT, **members}))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value).endswith(f": {problem}")
    assert str(raised.value).startswith(str(path))


def test_through_a_client(ddb):
    tables_from(INPUT).create(boto3.client("dynamodb", "us-east-1"))
    assert list(ddb.tables) == ["orders"]
