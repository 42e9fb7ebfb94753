"""A process that is killed at any moment loses nothing that it has answered.

A child process writes to a database and tells the number of each write once it is answered, until
it is killed (SIGKILL). Whatever was told must be there afterwards, and of what was not, all or
nothing.
"""

from __future__ import annotations

import os
import random
import signal
import struct
from contextlib import suppress

import pytest

from ddbmock._internal.activations import new_service
from ddbmock._internal.errors import ResourceNotFoundError
from ddbmock._internal.options import Options

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]
REGION = "us-east-1"
TABLE = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "group", "AttributeType": "S"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "byGroup",
            "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}
#: What the child does over and over; each write has a number.
STEPS = ("transaction", "create", "put", "update", "delete table", "delete")


def open_database(path):
    return new_service(Options(db=path, stored_calls=0))


def write(service, number):
    """Do the write with this number."""
    step = STEPS[number % len(STEPS)]
    item = {"id": {"S": f"{number}"}, "group": {"S": step}, "text": {"S": "x" * (number % 2000)}}
    if step == "transaction":
        items = [{**item, "id": {"S": f"{number} {half}"}} for half in ("first", "second")]
        puts = [{"Put": {"TableName": "orders", "Item": each}} for each in items]
        service.run_unrecorded(REGION, "TransactWriteItems", {"TransactItems": puts})
    elif step == "create":
        service.run_unrecorded(REGION, "CreateTable", {**TABLE, "TableName": f"table-{number}"})
    elif step == "put":
        service.run_unrecorded(REGION, "PutItem", {"TableName": "orders", "Item": item})
    elif step == "update":
        request = {
            "TableName": "orders",
            "Key": {"id": {"S": "counter"}},
            "UpdateExpression": "SET n = :n",
            "ExpressionAttributeValues": {":n": {"N": str(number)}},
        }
        service.run_unrecorded(REGION, "UpdateItem", request)
    elif step == "delete table":
        # It may be gone: the child was killed after the deletion, before it could tell.
        with suppress(ResourceNotFoundError):
            request = {"TableName": f"table-{number - 3}"}
            service.run_unrecorded(REGION, "DeleteTable", request)
    else:
        request = {"TableName": "orders", "Key": {"id": {"S": f"{number - 3}"}}}
        service.run_unrecorded(REGION, "DeleteItem", request)


def write_until_killed(path, first, told):
    """Write in a child process; the number of each write that succeeded is sent to `told`."""
    service = open_database(path)
    number = first
    while True:
        write(service, number)
        os.write(told, struct.pack("I", number))
        number += 1


def killed(path, first, count):
    """Run the child until it has told so many writes, kill it, and return the last one told."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:  # no pragma: no cover in a process that is killed
        try:
            write_until_killed(path, first, tell)
        finally:
            os._exit(1)
    os.close(tell)
    last = first - 1
    with os.fdopen(told, "rb") as responses:
        for _ in range(count):
            content = responses.read(4)
            assert len(content) == 4, "the child has failed"
            (last,) = struct.unpack("I", content)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rest = responses.read()
    return last + len(rest) // 4


def check(path, last):
    """Assert that everything up to a write is there, and return the number of the last write."""
    service = open_database(path)
    region = service.backend.region(REGION)
    table = region.tables["orders"]
    table._check()
    assert table.history.items_at(0.0, table.items) == {}  # its past is complete: it was empty
    found = {stored.load()["id"]["S"] for stored in table.items.values()}
    following = last + 1
    for number in range(following + 1):
        step = STEPS[number % len(STEPS)]
        is_certain = number <= last
        if step == "transaction":
            halves = {f"{number} {half}" in found for half in ("first", "second")}
            assert halves == {True} or (not is_certain and halves == {False})
            is_there = halves == {True}
        elif step == "create":
            is_deleted = number + 3 <= last
            is_there = f"table-{number}" in region.tables
            if number + 3 != following:
                assert is_there == (not is_deleted) or not is_certain
        elif step == "put":
            is_there = str(number) in found
            if number + 3 != following:
                assert is_there == (number + 3 > last) or not is_certain
        else:
            continue
        if not is_certain and is_there:
            service.end()
            return following
    counters = [n for n in range(following + 1) if STEPS[n % len(STEPS)] == "update"]
    if counters and counters[0] <= last:
        (counter,) = [s.load() for s in table.items.values() if s.load()["id"]["S"] == "counter"]
        assert int(counter["n"]["N"]) in {n for n in counters if n > last - len(STEPS)}
    service.end()
    return last


@pytest.mark.parametrize("seed", range(10))
def test_nothing_that_was_answered_is_lost(tmp_path, seed):
    chance = random.Random(seed)
    path = tmp_path / "shop.sqlite"
    service = open_database(path)
    service.run_unrecorded(REGION, "CreateTable", {**TABLE})
    recovery = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    service.run_unrecorded(REGION, "UpdateContinuousBackups", {"TableName": "orders", **recovery})
    for number in range(len(STEPS)):
        write(service, number)  # what is loaded lazily is loaded before the children are forked
    service.end()
    last = len(STEPS) - 1
    for _ in range(10):
        last = killed(path, last + 1, chance.randrange(1, 12))
        last = check(path, last)
    records = open_database(path)
    (stream, *_) = records.backend.region(REGION).streams.values()
    stream._check()
    records.end()
    assert last > 20
