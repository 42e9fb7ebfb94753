from __future__ import annotations

import pytest

from ddbmock._internal.errors import DeliveryError
from tests.stream_helpers import put
from tests.triggers.helpers import Handler


def counting(event):
    """The number of records of a window so far."""
    return {"state": {"count": event["state"].get("count", 0) + len(event["Records"])}}


def test_the_state_goes_from_call_to_call_and_ends_with_the_window(ddb, arn):
    handler = Handler(response=counting)
    ddb.on_change("orders", handler, tumbling_window_seconds=60, batch_size=2)
    for pk in "abc":
        put(pk)
    ddb.deliver()
    assert handler.seen == ["ab", "c"]
    first, second = handler.events
    (shard_id,) = ddb.tables["orders"].stream.shard_ids
    assert {name: value for name, value in first.items() if name != "Records"} == {
        "window": {"start": "2026-01-02T03:04:00Z", "end": "2026-01-02T03:05:00Z"},
        "state": {},
        "shardId": shard_id,
        "eventSourceARN": arn,
        "isFinalInvokeForWindow": False,
        "isWindowTerminatedEarly": False,
    }
    assert second["state"] == {"count": 2}
    assert ddb.deliver() == []
    ddb.clock.advance(seconds=60)
    (last,) = ddb.deliver()
    assert last.event["isFinalInvokeForWindow"] is True
    assert last.event["state"] == {"count": 3}
    assert last.records == []
    assert ddb.deliver() == []


def test_a_batch_is_of_one_window(ddb):
    handler = Handler(response=counting)
    ddb.on_change("orders", handler, tumbling_window_seconds=60)
    put("a")
    ddb.clock.advance(seconds=60)
    put("b")
    put("c")
    ddb.deliver()
    assert handler.seen == ["a", "", "bc"]
    assert [event["isFinalInvokeForWindow"] for event in handler.events] == [False, True, False]
    assert handler.events[2]["state"] == {}
    assert handler.events[2]["window"]["start"] == "2026-01-02T03:05:00Z"


def test_a_response_without_state_is_a_failure(ddb):
    handler = Handler()
    ddb.on_change("orders", handler, tumbling_window_seconds=60)
    put("a")
    with pytest.raises(DeliveryError, match="has a tumbling window and did not return an object"):
        ddb.deliver()
    handler.response = counting
    ddb.deliver()
    assert handler.seen == ["a", "a"]


def test_a_window_whose_last_call_fails_stays_open(ddb):
    def fails_at_the_end(event):
        if event["isFinalInvokeForWindow"] and not healed:
            raise ValueError("not now")
        return counting(event)

    healed = []
    handler = Handler(response=fails_at_the_end)
    ddb.on_change("orders", handler, tumbling_window_seconds=60)
    put("a")
    ddb.deliver()
    ddb.clock.advance(seconds=60)
    put("b")
    with pytest.raises(ValueError, match="not now"):
        ddb.deliver()
    assert handler.seen == ["a", ""]
    healed.append(True)
    ddb.deliver()
    assert handler.seen == ["a", "", "", "b"]


def test_too_much_state_ends_the_window_early(ddb):
    handler = Handler(response=lambda _: {"state": {"text": "x" * (1024 * 1024)}})
    ddb.on_change("orders", handler, tumbling_window_seconds=60, batch_size=1)
    put("a")
    put("b")
    ddb.deliver()
    assert handler.seen == ["a", "", "b", ""]
    assert [event["isWindowTerminatedEarly"] for event in handler.events] == [
        False,
        True,
        False,
        True,
    ]
    assert handler.events[2]["state"] == {}


def test_the_last_call_comes_with_the_clock(ddb):
    handler = Handler(response=counting)
    ddb.on_change("orders", handler, tumbling_window_seconds=60, deliver="immediately")
    put("a")
    ddb.clock.advance(seconds=60)
    assert handler.seen == ["a", ""]


def test_a_restored_mark_takes_the_state_back(ddb):
    handler = Handler(response=counting)
    ddb.on_change("orders", handler, tumbling_window_seconds=60)
    put("a")
    ddb.deliver()
    mark = ddb.snapshot()
    put("b")
    ddb.deliver()
    ddb.restore(mark)
    put("c")
    ddb.deliver()
    assert [event["state"] for event in handler.events] == [{}, {"count": 1}, {"count": 1}]
