"""The table, the items and the calls that are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = "bench"
Client = Any
Item = dict[str, Any]


def table_definition(index_count: int = 1) -> dict[str, Any]:
    """Return CreateTable's parameters: a sort key, and global indexes that project everything."""
    names = ["pk", "sk", "g", "h"] if index_count else ["pk", "sk"]
    definition: dict[str, Any] = {
        "TableName": TABLE,
        "KeySchema": _key("pk", "sk"),
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in names],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if index_count:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": f"gsi{number}",
                "KeySchema": _key("g", "h"),
                "Projection": {"ProjectionType": "ALL"},
            }
            for number in range(index_count)
        ]
    return definition


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def item(number: int) -> Item:
    """Return an item of eight attributes and about 450 bytes."""
    return {
        **key(number),
        "g": {"S": f"st#{number % 50}"},
        "h": {"S": f"{number:08d}"},
        "n": {"N": str(number)},
        "tags": {"SS": ["a", "b"]},
        "m": {"M": {"x": {"N": "1"}, "l": {"L": [{"S": "q"}, {"BOOL": True}]}}},
        "pad": {"S": "x" * 200},
    }


def key(number: int) -> Item:
    """Return the key of an item, in one of a hundred partitions."""
    return {"pk": {"S": f"user#{number % 100}"}, "sk": {"S": f"order#{number:08d}"}}


def load(client: Client, items: list[Item]) -> None:
    """Write items, 25 per call."""
    for first in range(0, len(items), 25):
        requests = [{"PutRequest": {"Item": item}} for item in items[first : first + 25]]
        client.batch_write_item(RequestItems={TABLE: requests})


def _get(client: Client, number: int) -> None:
    client.get_item(TableName=TABLE, Key=key(number))


def _put(client: Client, number: int) -> None:
    client.put_item(TableName=TABLE, Item=item(number))


def _update(client: Client, number: int) -> None:
    client.update_item(
        TableName=TABLE,
        Key=key(number),
        UpdateExpression="SET #n = #n + :one, m.x = :one ADD c :one",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#n": "n"},
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def _query(client: Client, number: int) -> None:
    client.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
        ExpressionAttributeValues={":p": {"S": f"user#{number % 100}"}, ":s": {"S": "order#"}},
        Limit=10,
    )


def _query_index(client: Client, number: int) -> None:
    client.query(
        TableName=TABLE,
        IndexName="gsi0",
        KeyConditionExpression="g = :p",
        ExpressionAttributeValues={":p": {"S": f"st#{number % 50}"}},
        Limit=10,
        ScanIndexForward=False,
    )


def _transact(client: Client, number: int) -> None:
    client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": TABLE, "Item": item(number)}},
            {"Put": {"TableName": TABLE, "Item": item(number + 1)}},
        ]
    )


def _scan(client: Client, number: int) -> None:
    client.scan(
        TableName=TABLE,
        FilterExpression="n < :n AND contains(tags, :t)",
        ExpressionAttributeValues={":n": {"N": str(number % 10)}, ":t": {"S": "a"}},
    )


#: Name -> (call, calls per round).
CALLS: dict[str, tuple[Callable[[Client, int], None], int]] = {
    "GetItem": (_get, 200),
    "PutItem": (_put, 200),
    "UpdateItem, condition and three actions": (_update, 200),
    "Query, 10 items": (_query, 100),
    "Query, 10 items of an index, backward": (_query_index, 100),
    "TransactWriteItems, two puts": (_transact, 50),
    "Scan with a filter, 2,000 items read": (_scan, 3),
}
