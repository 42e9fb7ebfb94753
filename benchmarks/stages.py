"""What a stage costs that is on: calls with an option, in alternation with the same calls without.

Both mocks stay active in one process, and take turns after a few calls, so that both meet the same
noise. The clock of both moves between the turns, so that nothing is throttled, and reads of a mock
with lag see everything. What a stage leaves for later is mostly done between the turns that count.
"""

from __future__ import annotations

import gc
import os
import time
from contextlib import ExitStack, contextmanager
from itertools import count
from operator import sub
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import boto3

from benchmarks.backends import VARIABLES
from benchmarks.workload import CALLS, TABLE, Client, item, load, table_definition
from ddbmock import mock_dynamodb
from ddbmock._internal.hook import active
from ddbmock._internal.hook.registration import set_active

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock import Controller
    from ddbmock._internal.hook.active import ActiveMock

_ITEMS = 500
#: How many calls a turn has, and how many turns there are.
_CALLS, _TURNS, _TURNS_TO_WARM_UP = 20, 40, 2
_MICROSECONDS = 1e6
#: Longer than any lag below, and long enough for buckets to fill again.
_PAUSE_SECONDS = 2.0


def _policy(conditions: dict[str, Any]) -> dict[str, Any]:
    """Return a policy that allows everything under some conditions."""
    statement = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": statement | conditions}


_ON_KEYS = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["user#*", "st#*"]}}
_ON_ATTRIBUTES = {"ForAllValues:StringEquals": {"dynamodb:Attributes": [*item(0), "c"]}}
#: Name -> the options of the mock.
STAGES: dict[str, dict[str, Any]] = {
    "throughput": {"throughput": True},
    "lag": {"lag": (0.1, 0.5)},
    "metrics": {"metrics": True},
    "policy": {"policy": _policy({})},
    "policy on keys": {"policy": _policy({"Condition": _ON_KEYS})},
    "policy on attributes": {"policy": _policy({"Condition": _ON_KEYS | _ON_ATTRIBUTES})},
}


def _batch(client: Client, number: int) -> None:
    requests = [{"PutRequest": {"Item": item(number + more)}} for more in range(25)]
    client.batch_write_item(RequestItems={TABLE: requests})


def _put_and_get(client: Client, number: int) -> None:
    CALLS["PutItem"][0](client, number)
    CALLS["GetItem"][0](client, number)


#: Column -> the call.
COLUMNS: dict[str, Callable[[Client, int], None]] = {
    "get": CALLS["GetItem"][0],
    "put": CALLS["PutItem"][0],
    "update": CALLS["UpdateItem, condition and three actions"][0],
    "query": CALLS["Query, 10 items"][0],
    "query index": CALLS["Query, 10 items of an index, backward"][0],
    "transact": CALLS["TransactWriteItems, two puts"][0],
    "batch of 25": _batch,
    "put and get": _put_and_get,
}


class Extra(NamedTuple):
    """What a stage adds to a call."""

    #: The median of the differences between two turns that followed each other.
    microseconds: float
    #: The least turn with the stage, divided by the least turn without: noise only adds.
    ratio: float


def stages_table() -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of a table: what a stage adds to a call."""
    rows = [
        [name, *(f"{extra.microseconds:.1f} ({extra.ratio:.2f})" for extra in found.values())]
        for name, found in ((name, measure(options)) for name, options in STAGES.items())
    ]
    return ["µs more a call (ratio of the least turns)", *COLUMNS], rows


def measure(options: dict[str, Any], turns: int = _TURNS) -> dict[str, Extra]:
    """Return what a stage adds to each call."""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, VARIABLES))
        client = boto3.client("dynamodb")
        sides = [stack.enter_context(_side(client, given)) for given in ({}, options)]
        gc.disable()
        stack.callback(gc.enable)
        return {name: _extra(client, call, sides, turns) for name, call in COLUMNS.items()}


class _Side(NamedTuple):
    """A mock that stays active while another one answers."""

    controller: Controller
    answering: ActiveMock | None


@contextmanager
def _side(client: Client, options: dict[str, Any]) -> Iterator[_Side]:
    with mock_dynamodb(isolate=True, **options) as controller:
        client.create_table(**table_definition())
        for first in range(0, _ITEMS, 100):
            load(client, [item(number) for number in range(first, first + 100)])
            controller.clock.advance(_PAUSE_SECONDS)
        yield _Side(controller, active.current)


def _extra(
    client: Client, call: Callable[[Client, int], None], sides: list[_Side], turns: int
) -> Extra:
    seconds: list[list[float]] = [[] for _ in sides]
    numbers = [count() for _ in sides]
    gc.collect()
    for _ in range(_TURNS_TO_WARM_UP + turns):
        for side, numbers_of_side, found in zip(sides, numbers, seconds, strict=True):
            set_active(side.answering)
            side.controller.clock.advance(_PAUSE_SECONDS)
            begin = time.perf_counter()
            for _ in range(_CALLS):
                call(client, next(numbers_of_side) % (_ITEMS - 25))
            found.append(time.perf_counter() - begin)
    without, with_stage = (found[_TURNS_TO_WARM_UP:] for found in seconds)
    more = median(map(sub, with_stage, without)) / _CALLS * _MICROSECONDS
    return Extra(more, min(with_stage) / min(without))
