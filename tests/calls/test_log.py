"""How many calls are stored, in how much memory, and that all are counted."""

from __future__ import annotations

import json
import threading
from random import Random
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from ddbmock._internal.calls import CallLog
from ddbmock._internal.errors import ConditionalCheckFailedError
from tests.calls.helpers import new_call, order
from tests.switch.helpers import create_table

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call


def test_calls_whose_parameters_had_wrong_types_can_be_forgotten():
    with mock_dynamodb(stored_calls=0) as ddb:
        raw = boto3.client("dynamodb", config=Config(parameter_validation=False))
        wrong_names: list[Any] = [{"x": []}, ["by-state"], 7]
        for wrong in wrong_names:
            with pytest.raises(ClientError):
                raw.scan(TableName="orders", IndexName=wrong)
        assert len(ddb.calls) == 0
        assert ddb.calls("Scan", error=True).call_count == 3


def test_only_the_last_calls_are_stored_and_all_are_counted():
    with mock_dynamodb(stored_calls=10) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        client.scan(TableName="orders")
        for at in range(500):
            client.put_item(TableName="orders", Item={"id": {"S": str(at)}})
        assert len(ddb.calls) == 10
        assert ddb.calls[0].request["Item"]["id"] == {"S": "490"}
        assert ddb.calls.call_count == 502
        assert ddb.calls("PutItem").call_count == 500
        assert ddb.calls.units()["orders"].own.write == 500
        ddb.calls.assert_called("PutItem", table="orders", times=500)
        with pytest.raises(AssertionError, match="expected no scans, there were 1"):
            ddb.calls.assert_no_scans()
        ddb.calls.clear()
        assert (len(ddb.calls), ddb.calls.call_count, ddb.calls.units()) == (0, 0, {})


@pytest.mark.parametrize(("stored_calls", "expected"), [(0, 0), (None, 301)])
def test_how_many_are_stored_is_an_option(stored_calls, expected):
    with mock_dynamodb(stored_calls=stored_calls) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        for _ in range(300):
            client.describe_table(TableName="orders")
        assert (len(ddb.calls), ddb.calls.call_count) == (expected, 301)


def test_a_wrong_number_of_calls():
    with pytest.raises(TypeError, match="the option stored_calls of mock_dynamodb takes a number"):
        mock_dynamodb(stored_calls="many")  # type: ignore[call-overload]


# --- memory ---


def put(number: int, text: str = "x" * 40) -> Call:
    request = {"TableName": "t", "Item": {"pk": {"S": str(number)}, "text": {"S": text}}}
    call = new_call("PutItem", request)
    call.body = json.dumps(request).encode()
    call.response = {}
    return call


@pytest.mark.parametrize(("is_sent", "most_bytes"), [(True, 50), (False, 700)])
def test_requests_are_stored_as_texts(is_sent, most_bytes):
    log = CallLog()
    item = {f"attribute{number}": {"S": "x" * 40} for number in range(8)}
    for _ in range(400):
        requests = [{"PutRequest": {"Item": {**item, "pk": {"S": str(n)}}}} for n in range(25)]
        request = {"RequestItems": {"t": requests}}
        call = new_call("BatchWriteItem", request)
        call.response = {"UnprocessedItems": {}}
        call.body = json.dumps(request).encode() if is_sent else None
        log.record(call)
    stored_bytes = sum(call.stored_bytes for call in log)
    # About 600 bytes an item, of such as are alike 50; as dictionaries it would be more than 4,000.
    assert 0 < stored_bytes < 400 * 25 * most_bytes
    assert log[0].request == request


def test_stored_calls_are_bounded_by_their_size():
    log = CallLog(stored_bytes=100_000)
    chance = Random(1)
    for number in range(100):
        log.record(put(number, chance.randbytes(5000).hex()))
    stored_bytes = sum(call.stored_bytes for call in log)
    assert stored_bytes <= 100_000 < stored_bytes + log[0].stored_bytes + 100
    assert 9 < len(log) < 20
    assert log[-1].request["Item"]["pk"] == {"S": "99"}
    assert log.call_count == 100


def test_a_single_call_may_be_too_large_to_be_stored():
    log = CallLog(stored_bytes=1000)
    log.record(put(1, "x" * 2000))
    assert (len(log), log.call_count, bool(log)) == (0, 1, True)


def test_the_size_counts_answers_and_the_members_of_errors():
    log = CallLog(stored_bytes=100_000, store_responses=True)
    large = {"text": {"S": "x" * 30_000}}
    for _ in range(10):
        call = put(1)
        call.response, call.error = None, ConditionalCheckFailedError("no", Item=large)
        log.record(call)
    assert len(log) == 3
    assert log[0].error is not None
    assert log[0].error.members == {"Item": large}
    for _ in range(10):
        call = put(1)
        call.response = {"Attributes": large}
        log.record(call)
    assert len(log) == 3
    assert log[0].response == {"Attributes": large}


def test_with_all_calls_stored_there_is_no_bound_on_their_size():
    log = CallLog(None, stored_bytes=10)
    for number in range(3):
        log.record(put(number))
    assert len(log) == 3


# --- since a moment ---


def test_calls_since_a_moment():
    log = CallLog(5)
    for number in range(3):
        log.record(put(number))
    since = log.since(log.position())
    assert (list(since), since.call_count, since.totals()) == ([], 0, {})
    for number in range(3, 5):
        log.record(put(number))
    assert [call.request["Item"]["pk"]["S"] for call in since] == ["3", "4"]
    for number in range(5, 50):
        log.record(put(number))
    assert (len(since), since.call_count) == (5, 47)
    log.clear()
    log.record(put(50))
    assert (len(since), since.call_count) == (1, 1)
    assert list(log.since(None)) == list(log)


def test_units_since_a_moment(ddb, client):
    client.put_item(TableName="orders", Item=order(1, state={"S": "open"}))
    since = ddb.calls.since(ddb.calls.position())
    client.put_item(TableName="orders", Item=order(2, state={"S": "open"}))
    client.put_item(TableName="orders", Item=order(3))
    client.put_item(TableName="orders", Item=order(3))
    units = since.units()["orders"]
    assert (units.own.write, units.indexes["by-state"].write) == (3.0, 1.0)
    assert since("PutItem").call_count == 3


# --- threads ---


def test_calls_of_many_threads_are_all_counted():
    log = CallLog(10)

    def record() -> None:
        for number in range(500):
            log.record(put(number))

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (log.call_count, len(log), log.count("PutItem")) == (2000, 10, 2000)
