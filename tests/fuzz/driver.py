"""Sends random requests to a service and checks the responses.

1. Nothing but a response, a service error or an `UnsupportedError` comes back, and every response
   and every error can be sent over the wire.
2. A request that was refused changed nothing.

    python -m tests.fuzz.driver [count] [seed]
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from ddbmock._internal import wire
from ddbmock._internal.engine.backups import add_backup, back_up, backups_of, remove_backup
from ddbmock._internal.errors import ServiceError, UnsupportedError
from ddbmock._internal.service import Service
from tests.fuzz.requests import BACKUP_ARN, HAS_VECTORS, MODELS, RECOVERY, VECTOR_INDEX, Requests
from tests.operations.orders_table import create_orders, create_things, order

REGION = "us-east-1"
#: After so many requests the backend is new; each time all of it is compared, not only the journal.
REQUESTS_PER_WORLD = 500


class FuzzError(AssertionError):
    """A request that was not dealt with as it should be; the text says how to send it again."""


class _Caller:
    """As much of a client as making tables needs."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def create_table(self, **request: Any) -> None:
        send(self.service, "dynamodb", "CreateTable", request)


def send(service: Service, service_name: str, operation_name: str, request: Any) -> dict[str, Any]:
    """Do one request as it comes over HTTP."""
    shape = MODELS[service_name].operation_model(operation_name).input_shape
    # A number that is too large for a float is JSON, Infinity is not.
    body = json.dumps(request).replace("Infinity", "1e999")
    read = wire.decode_request(body)
    try:
        return service.execute(REGION, operation_name, read, shape, validated=False, body=body)
    finally:
        # Whatever was sent can be looked at.
        if len(service.calls):
            assert service.calls[-1].operation


def new_world() -> Service:
    """Return a service with two tables and some items."""
    service = Service()
    create_orders(_Caller(service))
    create_things(_Caller(service))
    for nr in range(1, 5):
        item = order("ann", nr, amount=nr, city="bern", stage="open", weekday="mon", note="n")
        send(service, "dynamodb", "PutItem", {"TableName": "orders", "Item": item})
    thing = {"id": {"S": "a"}, "x": {"N": "1"}}
    send(service, "dynamodb", "PutItem", {"TableName": "things", "Item": thing})
    if HAS_VECTORS:
        request: dict[str, Any] = {
            "TableName": "things",
            "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "N"}],
            "VectorIndexUpdates": [{"Create": VECTOR_INDEX}],
        }
        send(service, "dynamodb", "UpdateTable", request)
    recovery = {"TableName": "things", "PointInTimeRecoverySpecification": RECOVERY}
    send(service, "dynamodb", "UpdateContinuousBackups", recovery)
    region = service.backend.region(REGION)
    backup = back_up(region, region.tables["things"], "backup")
    remove_backup(region, backup)
    add_backup(region, replace(backup, arn=BACKUP_ARN))
    return service


def contents(service: Service) -> list[str]:
    """Return everything that the tables of a service hold and say."""
    return [
        repr(
            (
                name,
                table.settings,
                table.size_bytes,
                [stored.load() for stored in table.items.values()],
                [
                    (index.name, [entry.load() for entry in index.entries()])
                    for index in table.indexes.values()
                ],
            )
        )
        for region in service.backend.regions()
        for name, table in region.tables.items()
    ] + [arn for region in service.backend.regions() for arn in backups_of(region).records]


def fuzz(count: int, seed: int) -> Counter[str]:
    """Send so many requests and return how often which outcome came."""
    requests = Requests(random.Random(seed))
    outcomes: Counter[str] = Counter()
    while count > 0:
        service = new_world()
        before = contents(service)
        mark = service.backend.snapshot()
        for _ in range(min(count, REQUESTS_PER_WORLD)):
            service_name, operation_name, body = requests.next()
            text = json.dumps(body)
            outcome = outcome_of(service, service_name, operation_name, body)
            # Whatever was changed since the mark is in the journal.
            touched = mark.has_changes()
            if outcome != "done" and touched and contents(service) != before:
                raise FuzzError(f"a refused request changed something: {operation_name} {text}")
            service.backend.restore(mark)
            outcomes[outcome] += 1
        if contents(service) != before:
            raise FuzzError(f"requests of seed {seed} changed the tables behind the journal's back")
        for table in service.backend.region(REGION).tables.values():
            table._check()
        count -= REQUESTS_PER_WORLD
    return outcomes


def outcome_of(service: Service, service_name: str, operation_name: str, body: Any) -> str:
    """Return the error code that a request gets, "done" or "unsupported"."""
    text = json.dumps(body)
    try:
        wire.encode(send(service, service_name, operation_name, body))
    except ServiceError as error:
        wire.encode_error(error)
        return error.code
    except UnsupportedError:
        return "unsupported"
    except Exception as error:
        raise FuzzError(f"{type(error).__name__}: {error}: {operation_name} {text}") from error
    return "done"


def main() -> None:
    """Fuzz with the count and the seed of the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32)
    started = time.perf_counter()
    say(f"{count} requests, seed {seed}")
    for outcome, times in fuzz(count, seed).most_common():
        say(f"{times:>9}  {outcome}")
    say(f"{time.perf_counter() - started:.0f} s")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
