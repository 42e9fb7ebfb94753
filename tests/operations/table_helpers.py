"""What the tests of operations on tables share: short ways to write definitions."""

from __future__ import annotations

from typing import Any

INVALID = "One or more parameter values were invalid: "
IN_USE = "Attempt to change a resource which is still in use: "
HIGHER = (
    "Refer to the Amazon DynamoDB Developer Guide for current limits"
    " and how to request higher limits."
)
ON_DEMAND = {"BillingMode": "PAY_PER_REQUEST"}
ALL = {"ProjectionType": "ALL"}


def units(read: int, write: int | None = None) -> dict[str, int]:
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": read if write is None else write}


def warm(read: int, write: int) -> dict[str, int]:
    return {"ReadUnitsPerSecond": read, "WriteUnitsPerSecond": write}


def provisioned(read: int, write: int | None = None) -> dict[str, Any]:
    return {"ProvisionedThroughput": units(read, write)}


def definitions(**types: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def keys(*names: str) -> list[dict[str, str]]:
    types = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, types, strict=False)
    ]


def an_index(name: str, *key_names: str, **more: Any) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": keys(*key_names), "Projection": ALL, **more}


def new_table(client: Any, name: str = "orders", **more: Any) -> dict[str, Any]:
    """Create a table with the key `pk`, by default on demand."""
    request: dict[str, Any] = {
        "TableName": name,
        "KeySchema": keys("pk"),
        "AttributeDefinitions": definitions(pk="S"),
        **more,
    }
    if "ProvisionedThroughput" not in request:
        request |= ON_DEMAND
    response: dict[str, Any] = client.create_table(**request)["TableDescription"]
    return response


def described(client: Any, name: str = "orders") -> dict[str, Any]:
    response: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    return response


def update(client: Any, name: str = "orders", **change: Any) -> dict[str, Any]:
    response: dict[str, Any] = client.update_table(TableName=name, **change)["TableDescription"]
    return response


def everything(client: Any) -> dict[str, Any]:
    """Return the description and item count of every table by name."""
    names = client.list_tables()["TableNames"]
    return {name: (described(client, name), client.scan(TableName=name)["Count"]) for name in names}


def index_description(client: Any, index_name: str, name: str = "orders") -> dict[str, Any]:
    for index in described(client, name).get("GlobalSecondaryIndexes", []):
        if index["IndexName"] == index_name:
            found: dict[str, Any] = index
            return found
    raise AssertionError(index_name)


def index_names(client: Any, name: str = "orders") -> list[str]:
    indexes = described(client, name).get("GlobalSecondaryIndexes", [])
    return [index["IndexName"] for index in indexes]
