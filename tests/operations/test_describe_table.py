from __future__ import annotations

from tests.operations.table_helpers import (
    an_index,
    definitions,
    described,
    index_description,
    new_table,
)
from tests.refusals import refusal


def test_a_table_that_is_not_there(client):
    text = refusal(client.describe_table, TableName="orders")
    assert text == (
        "ResourceNotFoundException: Requested resource not found: Table: orders not found"
    )


def test_by_arn(client):
    arn = new_table(client)["TableArn"]
    assert described(client, arn)["TableName"] == "orders"
    text = refusal(client.describe_table, TableName=arn.replace("orders", "others"))
    assert text == (
        "ResourceNotFoundException: Requested resource not found: Table: others not found"
    )


def test_by_an_arn_of_another_region(client):
    arn = new_table(client)["TableArn"].replace("us-east-1", "eu-west-1")
    assert refusal(client.describe_table, TableName=arn) == (
        f"1 validation error detected: Invalid AWS region in '{arn}'"
    )


def test_counts_and_sizes(client):
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[
            an_index("sparse", "a", Projection={"ProjectionType": "KEYS_ONLY"})
        ],
    )
    client.put_item(TableName="orders", Item={"pk": {"S": "1"}, "a": {"S": "xx"}, "b": {"N": "1"}})
    client.put_item(TableName="orders", Item={"pk": {"S": "2"}})
    table = described(client)
    assert (table["ItemCount"], table["TableSizeBytes"]) == (2, 3 + 3 + 3 + 3)
    index = index_description(client, "sparse")
    assert (index["ItemCount"], index["IndexSizeBytes"]) == (1, 3 + 3)


def test_an_on_demand_table_tells_since_when(client, ddb):
    ddb.clock.freeze(0)
    new_table(client)
    summary = described(client)["BillingModeSummary"]
    assert summary["BillingMode"] == "PAY_PER_REQUEST"
    assert summary["LastUpdateToPayPerRequestDateTime"].timestamp() == 0
