"""What tests of operations share: clients, tables, and that a refusal changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests import refusals, shared_clients

Refusal = Callable[..., str]


@pytest.fixture
def client(dynamodb_client: Any) -> Any:
    return dynamodb_client


@pytest.fixture
def raw(ddb: Any) -> Any:
    """A client that sends whatever it is given."""
    return shared_clients.unchecked_dynamodb(ddb.region)


@pytest.fixture
def refusal(raw: Any) -> Refusal:
    """`refusals.refusal` for the name of an operation, with a client that sends anything."""

    def text_of(operation: str, **request: Any) -> str:
        return refusals.refusal(getattr(raw, operation), **request)

    return text_of


@pytest.fixture
def sent(raw: Any) -> Refusal:
    """Does what `refusal` does, with a body that botocore's serializer would never make."""

    def text_of(operation: str, **body: Any) -> str:
        def replace(params: dict[str, Any], **_: Any) -> None:
            params["body"] = json.dumps(body).encode()

        request: dict[str, Any] = (
            {"RequestItems": {}} if operation.startswith("batch") else {"TableName": "plain"}
        )
        raw.meta.events.register_first("before-call.dynamodb", replace)
        try:
            return refusals.refusal(getattr(raw, operation), **request)
        finally:
            raw.meta.events.unregister("before-call.dynamodb", replace)

    return text_of


@pytest.fixture
def plain(client: Any) -> str:
    """A table with a partition key only."""
    client.create_table(
        TableName="plain",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return "plain"


def _index(name: str, *keys: str, projection: str = "ALL", include: list[str] | None = None) -> Any:
    key_types = ("HASH", "RANGE")
    described: dict[str, Any] = {"ProjectionType": projection}
    if include is not None:
        described["NonKeyAttributes"] = include
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": key, "KeyType": key_type}
            for key, key_type in zip(keys, key_types, strict=False)
        ],
        "Projection": described,
    }


@pytest.fixture
def indexed(client: Any) -> str:
    """A table with both kinds of key, two global and two local indexes.

    by-owner (all attributes) is keyed by `owner` and `rank`, by-blob (keys only) by `blob`;
    by-rank (all) and by-name (`name` and `colour`) are local.
    """
    client.create_table(
        TableName="indexed",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
            {"AttributeName": "owner", "AttributeType": "S"},
            {"AttributeName": "rank", "AttributeType": "N"},
            {"AttributeName": "blob", "AttributeType": "B"},
            {"AttributeName": "name", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            _index("by-owner", "owner", "rank"),
            _index("by-blob", "blob", projection="KEYS_ONLY"),
        ],
        LocalSecondaryIndexes=[
            _index("by-rank", "pk", "rank"),
            _index("by-name", "pk", "name", projection="INCLUDE", include=["colour"]),
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return "indexed"


@pytest.fixture
def binary(client: Any) -> str:
    """A table with a binary partition key and a string sort key."""
    client.create_table(
        TableName="binary",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "B"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return "binary"


@pytest.fixture
def elsewhere(ddb: Any) -> Any:
    """A client of another region."""
    return shared_clients.dynamodb("eu-central-1")
