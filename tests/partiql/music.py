"""The table that the corpus of statements is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = {"artist": "S", "year": "N", "title": "S", "label": "S", "sold": "N"}


def _schema(*names: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
    ]


TABLE = {
    "TableName": "music",
    "KeySchema": _schema("artist", "year"),
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind} for name, kind in KEYS.items()
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "by_title",
            "KeySchema": _schema("artist", "title"),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["label"]},
        },
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_label",
            "KeySchema": _schema("label", "sold"),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
        },
        {
            "IndexName": "by_both",
            "KeySchema": [
                {"AttributeName": "label", "KeyType": "HASH"},
                {"AttributeName": "title", "KeyType": "HASH"},
                {"AttributeName": "sold", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        },
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
#: One key, no indexes.
PLAIN = {
    "TableName": "plain",
    "KeySchema": _schema("id"),
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ITEMS: list[dict[str, Any]] = [
    {
        "artist": {"S": "a"},
        "year": {"N": "1"},
        "title": {"S": "x"},
        "label": {"S": "L"},
        "tags": {"SS": ["p", "q"]},
        "info": {"M": {"price": {"N": "10"}, "tracks": {"L": [{"S": "t1"}, {"S": "t2"}]}}},
        "sold": {"N": "100"},
        "live": {"BOOL": True},
        "gone": {"NULL": True},
        "cover": {"B": b"\x00\xff"},
    },
    {
        "artist": {"S": "a"},
        "year": {"N": "2"},
        "title": {"S": "y"},
        "label": {"S": "L"},
        "sold": {"N": "5"},
        "live": {"BOOL": False},
        "info": {"M": {"price": {"N": "20"}}},
    },
    {
        "artist": {"S": "a"},
        "year": {"N": "3"},
        "title": {"S": "xyz"},
        "amount": {"S": "many"},
    },
    {
        "artist": {"S": "b"},
        "year": {"N": "1"},
        "title": {"S": "x"},
        "label": {"S": "K"},
        "sold": {"N": "7"},
        "ratings": {"NS": ["1", "2"]},
        "quote": {"S": "it's"},
        "size": {"N": "3"},
    },
    {"artist": {"S": "c"}, "year": {"N": "-1.5"}},
]


def create(client: Any) -> None:
    """Create both tables and fill the first."""
    client.create_table(**TABLE)
    client.create_table(**PLAIN)
    for item in ITEMS:
        client.put_item(TableName="music", Item=item)


def plain(value: dict[str, Any]) -> Any:
    """Return an attribute value as JSON has it: sets and binaries as one-member objects."""
    ((kind, content),) = value.items()
    return _PLAIN[kind](content)


def _number(content: str) -> float:
    number = float(content)
    return int(number) if number.is_integer() else number


def plain_item(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item as JSON has it."""
    return {name: plain(value) for name, value in item.items()}


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "S": str,
    "N": _number,
    "B": lambda content: {"binary": content.hex()},
    "BOOL": bool,
    "NULL": lambda _: None,
    "M": plain_item,
    "L": lambda content: [plain(element) for element in content],
    "SS": lambda content: {"set": content},
    "NS": lambda content: {"set": list(map(float, content))},
    "BS": lambda content: {"set": [member.hex() for member in content]},
}


def place(item: dict[str, Any]) -> str:
    """Return a short name for an item's key, such as `a1`."""
    return f"{item['artist']['S']}{item['year']['N']}"
