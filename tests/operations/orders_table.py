"""What the tests of queries, scans and transactions share: one table with every kind of index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_TABLE = "Requested resource not found"


def index(name: str, keys: str, projection: str, *attributes: str) -> dict[str, Any]:
    """Return the definition of an index; "a b/c" is a key of a, b (HASH) and c (RANGE)."""
    partition, _, sort = keys.partition("/")
    definition: dict[str, Any] = {"ProjectionType": projection}
    if attributes:
        definition["NonKeyAttributes"] = list(attributes)
    return {
        "IndexName": name,
        "KeySchema": [
            *({"AttributeName": key, "KeyType": "HASH"} for key in partition.split()),
            *({"AttributeName": key, "KeyType": "RANGE"} for key in sort.split()),
        ],
        "Projection": definition,
    }


def create_orders(client: Any, name: str = "orders") -> None:
    types = {"customer": "S", "nr": "N", "amount": "N", "stage": "S", "city": "S", "weekday": "S"}
    client.create_table(
        TableName=name,
        KeySchema=index("", "customer/nr", "ALL")["KeySchema"],
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": kind} for key, kind in types.items()
        ],
        LocalSecondaryIndexes=[
            index("by_amount", "customer/amount", "KEYS_ONLY"),
            index("by_stage", "customer/stage", "ALL"),
        ],
        GlobalSecondaryIndexes=[
            index("by_city", "city", "KEYS_ONLY"),
            index("by_weekday", "weekday/amount", "INCLUDE", "note"),
            index("by_place", "city stage/weekday amount", "ALL"),
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def create_things(client: Any, name: str = "things") -> None:
    """Make a table with a partition key only."""
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def order(customer: str = "ann", nr: int = 1, **more: Any) -> dict[str, Any]:
    """Return an item: texts and numbers become attribute values, dicts are taken as they are."""
    item: dict[str, Any] = {"customer": customer, "nr": nr, **more}
    return {name: value_of(value) for name, value in item.items()}


def value_of(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def key(customer: str = "ann", nr: int = 1) -> dict[str, Any]:
    return order(customer, nr)


def put_all(client: Any, items: Iterable[dict[str, Any]], name: str = "orders") -> None:
    for item in items:
        client.put_item(TableName=name, Item=item)


def everything(client: Any, name: str = "orders") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for page in client.get_paginator("scan").paginate(TableName=name):
        items += page["Items"]
    return items
