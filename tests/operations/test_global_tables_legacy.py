"""The API of global tables of version 2017.11.29, as the service answers it today.

Seen at the service in October 2026:
https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/docs/api-quirks/table-global-tables.md
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import shared_clients
from tests.operations.table_helpers import INVALID, new_table

VERSION = (
    f"{INVALID}DynamoDB global tables version 2017.11.29 is not supported. We recommend using"
    " DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
)
GROUP: Any = [{"RegionName": "us-east-1"}, {"RegionName": "us-west-2"}]
SHORT = "TableName must be at least 3 characters long and at most 255 characters long"

# --- request validation ---


@pytest.mark.parametrize("updates", [[], [{}], [{}, {"Delete": {"RegionName": "eu-west-1"}}]])
def test_updates_without_an_action(refusal, updates):
    text = refusal("update_global_table", GlobalTableName="orders", ReplicaUpdates=updates)
    assert text == "One or more parameter values were invalid"


@pytest.mark.parametrize("operation", ["describe_global_table", "describe_global_table_settings"])
def test_a_short_name(refusal, operation):
    assert refusal(operation, GlobalTableName="or") == SHORT


def test_what_is_missing_comes_before_the_version(refusal):
    assert refusal("create_global_table", GlobalTableName="orders") == (
        "1 validation error detected: Value null at 'replicationGroup' failed to satisfy"
        " constraint: Member must not be null"
    )


# --- behaviour ---


def test_no_global_tables(client):
    new_table(client)
    for request in ({}, {"RegionName": "us-east-1"}, {"Limit": 1}):
        response = client.list_global_tables(**request)
        del response["ResponseMetadata"]
        assert response == {"GlobalTables": []}


# --- errors ---


def test_a_region_that_is_none(client):
    with pytest.raises(ClientError, match="Internal server error") as caught:
        client.list_global_tables(RegionName="us-fake-9")
    assert caught.value.response["Error"]["Code"] == "InternalServerError"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


@pytest.mark.parametrize("name", ["orders", "nothing"])
def test_no_global_table_is_found(client, refusal, name):
    new_table(client)
    text = f"Global table with name: '{name}' does not exist."
    assert refusal("describe_global_table", GlobalTableName=name) == (
        f"GlobalTableNotFoundException: Global table not found: {text}"
    )
    requests: list[tuple[str, dict[str, Any]]] = [
        ("describe_global_table_settings", {}),
        ("update_global_table_settings", {"GlobalTableBillingMode": "PAY_PER_REQUEST"}),
        ("update_global_table", {"ReplicaUpdates": [{"Delete": {"RegionName": "us-west-2"}}]}),
    ]
    for operation, request in requests:
        found = refusal(operation, GlobalTableName=name, **request)
        assert found == f"GlobalTableNotFoundException: {text}"


def test_none_can_be_created(client, refusal):
    new_table(client)
    new_table(shared_clients.dynamodb("us-west-2"))
    assert (
        refusal("create_global_table", GlobalTableName="orders", ReplicationGroup=GROUP) == VERSION
    )
    assert refusal("create_global_table", GlobalTableName="none", ReplicationGroup=GROUP) == VERSION
    updates = [{"Create": {"RegionName": "us-west-2"}}]
    assert refusal("update_global_table", GlobalTableName="none", ReplicaUpdates=updates) == VERSION


def test_a_region_that_never_had_any(ddb):
    client = shared_clients.dynamodb("ap-south-1")
    with pytest.raises(ClientError) as caught:
        client.create_global_table(GlobalTableName="orders", ReplicationGroup=GROUP)
    assert caught.value.response["Error"]["Message"] == (
        f"{INVALID}DynamoDB global tables version 2017.11.29 is not supported in this region"
        " 'ap-south-1', supported regions are : [eu-west-2, eu-west-1, ap-southeast-1,"
        " ap-southeast-2, ap-northeast-2, eu-central-1, ap-northeast-1, us-east-1, us-east-2,"
        " us-west-1, us-west-2]"
    )
