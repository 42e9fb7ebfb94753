"""Calls of the control plane that are interrupted change nothing either."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

import pytest

from ddbmock._internal.engine import lifecycle
from tests.engine.interrupts import interrupted
from tests.properties.service import REGION, Client

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
CREATION: dict[str, Any] = {
    "TableName": "tab",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
}
INDEX = {
    "IndexName": "by-g",
    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def state(client: Client) -> Any:
    """Return what can be seen of the tables and streams, after checking that the parts agree."""
    client.service.backend.catch_up()
    region = client.service.backend.region(REGION)
    for table in region.tables.values():
        table._check()
    return (
        {
            name: (
                table.settings, list(table.indexes), table.stream, table.recorders, table.expiry,
            )
            for name, table in region.tables.items()
        },
        [(arn, stream.is_enabled) for arn, stream in region.streams.items()],
        region.backend.agenda.next_due,
    )  # fmt: skip


def new_client() -> Client:
    client = Client()
    client.service.backend.clock.freeze(1_000_000_000.0)
    client.service.backend.delay_seconds = 30.0
    return client


def with_table() -> Client:
    client = new_client()
    client("CreateTable", **CREATION)
    client.service.backend.settle()
    client("PutItem", TableName="tab", Item={"pk": {"S": "a"}, "g": {"S": "g"}, "ttl": {"N": "5"}})
    return client


CALLS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "create": (new_client, "CreateTable", CREATION),
    "delete": (with_table, "DeleteTable", {"TableName": "tab"}),
    "add an index": (
        with_table,
        "UpdateTable",
        {
            "TableName": "tab",
            "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}],
            "GlobalSecondaryIndexUpdates": [{"Create": INDEX}],
        },
    ),
    "disable the stream": (
        with_table,
        "UpdateTable",
        {"TableName": "tab", "StreamSpecification": {"StreamEnabled": False}},
    ),
    "time to live": (
        with_table,
        "UpdateTimeToLive",
        {"TableName": "tab", "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True}},
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_interrupted_call_changes_nothing(name: str) -> None:
    build, operation, request = CALLS[name]
    build()(operation, **request)  # what is done once a process is done
    changed = 0
    for at in count(1, 13):
        client = build()
        before = state(client)
        if not interrupted(partial(client, operation, **request), at):
            break
        changed += state(client) != before
    assert at > 100
    # It may be interrupted once it is done, but not half done.
    assert changed <= 2


def test_a_table_that_is_created_after_an_interrupt_is_complete() -> None:
    client = new_client()
    assert interrupted(partial(client, "CreateTable", **CREATION), 300)
    client("CreateTable", **CREATION)
    table = client.table("tab")
    assert lifecycle.table_status(table.settings, 1_000_000_000.0) == lifecycle.CREATING
    client.service.backend.settle()
    client("PutItem", TableName="tab", Item={"pk": {"S": "a"}})
    assert len(table.stream.all_records()) == 1
