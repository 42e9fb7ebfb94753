from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock import MisuseError, mock_dynamodb
from tests.stream_helpers import client, create, delete, put
from tests.triggers.helpers import Handler, keys_of


class TestBatches:
    def test_nothing_is_called_before_the_test_says_so(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler)
        put("a")
        assert handler.seen == []
        (delivery,) = ddb.deliver()
        assert handler.seen == ["a"]
        assert (delivery.table, delivery.response, delivery.error) == ("orders", None, None)
        assert ddb.deliver() == []

    def test_batch_size(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, batch_size=2)
        for pk in "abcde":
            put(pk)
        ddb.deliver()
        assert handler.seen == ["ab", "cd", "e"]

    def test_an_event_holds_at_most_six_megabytes(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler)
        for pk in "abcdefghijklmnopqrst":
            put(pk, x={"S": "x" * 390_000})
        ddb.deliver()
        assert handler.seen == ["abcdefghijklmnop", "qrst"]

    def test_a_batching_window_gathers(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, batch_size=3, batching_window_seconds=10)
        put("a")
        assert ddb.deliver() == []
        ddb.clock.advance(seconds=9)
        put("b")
        assert ddb.deliver() == []
        ddb.clock.advance(seconds=1)
        ddb.deliver()
        assert handler.seen == ["ab"]
        for pk in "cdef":
            put(pk)
        ddb.deliver()
        assert handler.seen == ["ab", "cde"]

    def test_starting_positions(self, ddb):
        put("a")
        latest, oldest = Handler(), Handler()
        ddb.on_change("orders", latest)
        ddb.on_change("orders", oldest, starting_position="TRIM_HORIZON")
        put("b")
        ddb.deliver()
        assert (latest.seen, oldest.seen) == (["b"], ["ab"])

    def test_filters(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, batch_size=2, filters=[{"eventName": ["INSERT"]}])
        for pk in "abc":
            put(pk)
            delete(pk)
        ddb.deliver()
        assert handler.seen == ["ab", "c"]

    def test_where_all_is_filtered_out_nobody_is_called(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, filters=['{"eventName": ["REMOVE"]}'])
        put("a")
        assert ddb.deliver() == []
        delete("a")
        ddb.deliver()
        assert handler.seen == ["a"]

    def test_records_that_are_too_old_are_lost(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler)
        put("a")
        ddb.clock.advance(seconds=24 * 60 * 60 + 1)
        put("b")
        ddb.deliver()
        assert handler.seen == ["b"]

    def test_a_removed_trigger_gets_nothing(self, ddb):
        handler = Handler()
        trigger = ddb.on_change("orders", handler)
        put("a")
        trigger.remove()
        assert ddb.deliver() == []

    def test_a_trigger_remembers_its_deliveries(self, ddb):
        trigger = ddb.on_change("orders", keys_of)
        put("a")
        ddb.deliver()
        put("b")
        ddb.deliver()
        assert [delivery.response for delivery in trigger.deliveries] == ["a", "b"]
        assert repr(trigger) == "<trigger of orders: keys_of>"


class TestMisuse:
    def test_no_such_table(self, ddb):
        with pytest.raises(MisuseError, match="no table 'nowhere' in eu-west-1"):
            ddb.on_change("nowhere", print)

    def test_no_stream(self, ddb):
        create("plain", view_type=None)
        with pytest.raises(MisuseError, match=r"'plain' has no enabled stream .* StreamSpec"):
            ddb.on_change("plain", print)

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("batch_size", 0, "a number from 1 to 10000"),
            ("batch_size", True, "a number from 1 to 10000"),
            ("batch_size", "2", "a number from 1 to 10000"),
            ("batching_window_seconds", 301, "a number from 0 to 300"),
            ("maximum_retry_attempts", -2, "a number from -1 to 10000"),
            ("maximum_record_age_seconds", 604_801, "a number from -1 to 604800"),
            ("tumbling_window_seconds", 901, "a number from 0 to 900"),
            ("parallelization_factor", 11, "a number from 1 to 10"),
            ("starting_position", "AT_TIMESTAMP", "'LATEST' or 'TRIM_HORIZON'"),
            ("deliver", "later", "'on demand' or 'immediately'"),
            ("function_response_types", "ReportBatchItemFailures", "a list of nothing but"),
            ("function_response_types", ["Report"], "a list of nothing but"),
            ("on_failure", "queue", "a list to append to"),
        ],
    )
    def test_a_wrong_option(self, ddb, name, value, expected):
        with pytest.raises(MisuseError) as refused:
            ddb.on_change("orders", print, **{name: value})
        text = str(refused.value)
        assert text.startswith(f"the option {name} of a trigger takes {expected}")
        assert text.endswith(f", not {value!r}")

    def test_an_unknown_option(self, ddb):
        with pytest.raises(MisuseError, match="no option batchsize; its options are: batch_size"):
            ddb.on_change("orders", print, batchsize=1)


class TestHandlersThatWrite:
    def test_what_a_handler_writes_is_delivered_after(self, ddb):
        seen = []

        def count_down(event):
            for record in event["Records"]:
                number = int(record["dynamodb"]["Keys"]["sk"]["N"])
                seen.append(number)
                if number:
                    put("a", number - 1)
                    assert seen[-1] == number

        ddb.on_change("orders", count_down)
        put("a", 5)
        deliveries = ddb.deliver()
        assert seen == [5, 4, 3, 2, 1, 0]
        assert len(deliveries) == 6

    def test_handlers_of_two_tables(self, ddb):
        create("audit")
        audit = Handler()
        ddb.on_change("orders", lambda event: put("x", len(event["Records"]), table="audit"))
        ddb.on_change("audit", audit)
        put("a")
        put("b")
        ddb.deliver()
        assert ddb.tables["audit"].items == [{"pk": {"S": "x"}, "sk": {"N": "2"}}]
        assert audit.seen == ["x"]

    def test_an_endless_loop_is_found(self, ddb):
        def counts(event):
            client().update_item(
                TableName="orders",
                Key={"pk": {"S": "a"}, "sk": {"N": "1"}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

        ddb.on_change("orders", counts)
        put("a")
        with pytest.raises(MisuseError) as refused:
            ddb.deliver()
        assert str(refused.value) == (
            "after 100 rounds the handlers of orders still make new changes for each other; if"
            " that is meant, allow more: deliver(rounds=...)"
        )
        assert ddb.tables["orders"].items[0]["n"] == {"N": "100"}

    def test_a_handler_cannot_deliver(self, ddb):
        ddb.on_change("orders", lambda _: ddb.deliver())
        put("a")
        with pytest.raises(MisuseError, match=r"deliver\(\) was called by a handler"):
            ddb.deliver()

    def test_a_handler_can_use_other_threads(self, ddb):
        def writes_elsewhere(event):
            if keys_of(event) == "a":
                thread = threading.Thread(target=put, args=("b",))
                thread.start()
                thread.join(10)
                assert not thread.is_alive(), "the table was locked while the handler ran"

        ddb.on_change("orders", writes_elsewhere)
        put("a")
        assert len(ddb.deliver()) == 2

    @pytest.mark.parametrize(
        "handler", ["handler", None, lambda: None, lambda *, event: event, lambda _a, _b, _c: None]
    )
    def test_what_cannot_be_a_handler_is_refused_at_once(self, ddb, handler):
        with pytest.raises(MisuseError, match="a handler is a function of an event, or of an"):
            ddb.on_change("orders", handler)
        put("a")
        assert ddb.deliver() == []

    def test_a_trigger_shows_what_a_test_needs_and_no_more(self, ddb):
        trigger = ddb.on_change("orders", len)
        names = {name for name in dir(trigger) if not name.startswith("_")}
        assert names == {"deliveries", "handler", "is_active", "options", "remove", "table"}
        assert repr(trigger) == "<trigger of orders: len>"


class TestShards:
    def test_children_come_after_their_parents(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, batch_size=1)
        for number in range(3):
            put("a", x={"N": str(number)})
        ddb.tables["orders"].stream.split()
        for number in range(3, 6):
            put("a", x={"N": str(number)})
        ddb.deliver()
        images = [event["Records"][0]["dynamodb"]["NewImage"]["x"]["N"] for event in handler.events]
        assert images == ["0", "1", "2", "3", "4", "5"]

    def test_an_event_is_of_one_shard(self):
        with mock_dynamodb(region="eu-west-1", stream_shards=4) as ddb:
            create()
            handler = Handler()
            ddb.on_change("orders", handler)
            for number in range(40):
                put(str(number))
            ddb.deliver()
            assert len(handler.events) == 4

    @given(
        writes=st.lists(st.sampled_from("abcdef"), max_size=25),
        factor=st.integers(1, 5),
        batch_size=st.integers(1, 4),
        shards=st.integers(1, 3),
    )
    def test_each_item_is_in_order(self, writes, factor, batch_size, shards):
        with mock_dynamodb(region="eu-west-1", isolate=True, stream_shards=shards) as ddb:
            create()
            handler = Handler()
            ddb.on_change("orders", handler, parallelization_factor=factor, batch_size=batch_size)
            for number, pk in enumerate(writes):
                put(pk, n={"N": str(number)})
                if number % 7 == 6:
                    ddb.tables["orders"].stream.split()
            ddb.deliver()
        got: dict[str, list[int]] = {}
        for event in handler.events:
            assert len(event["Records"]) <= batch_size
            for record in event["Records"]:
                image = record["dynamodb"]["NewImage"]
                got.setdefault(image["pk"]["S"], []).append(int(image["n"]["N"]))
        assert got == {
            pk: [number for number, other in enumerate(writes) if other == pk] for pk in writes
        }


class TestSnapshots:
    def test_a_restored_mark_takes_deliveries_back(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler)
        put("a")
        put("b")
        mark = ddb.snapshot()
        put("c")
        ddb.deliver()
        ddb.restore(mark)
        put("d")
        ddb.deliver()
        assert handler.seen == ["abc", "abd"]

    def test_a_trigger_that_is_younger_than_the_mark(self, ddb):
        mark = ddb.snapshot()
        for pk in "abc":
            put(pk)
        handler = Handler()
        ddb.on_change("orders", handler)
        ddb.restore(mark)
        put("d")
        ddb.deliver()
        assert handler.seen == ["d"]

    def test_reset_leaves_nothing_to_deliver(self, ddb):
        ddb.on_change("orders", Handler(), deliver="immediately")
        ddb.on_change("orders", Handler())
        put("a")
        ddb.reset()
        create()
        put("b")
        assert ddb.deliver() == []


class TestImmediately:
    def test_the_handler_has_run_when_the_write_returns(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, deliver="immediately")
        put("a")
        assert handler.seen == ["a"]
        client().batch_write_item(
            RequestItems={
                "orders": [
                    {"PutRequest": {"Item": {"pk": {"S": pk}, "sk": {"N": "1"}}}} for pk in "bcd"
                ]
            }
        )
        assert handler.seen == ["a", "bcd"]
        assert ddb.deliver() == []

    def test_a_handler_that_writes_is_called_again_after(self, ddb):
        depth, seen = [], []

        def count_down(event):
            depth.append(1)
            assert len(depth) == 1, "called inside itself"
            number = int(event["Records"][0]["dynamodb"]["Keys"]["sk"]["N"])
            seen.append(number)
            if number:
                put("a", number - 1)
            depth.pop()

        ddb.on_change("orders", count_down, deliver="immediately")
        put("a", 3)
        assert seen == [3, 2, 1, 0]

    def test_an_endless_loop_comes_out_of_the_write(self, ddb):
        ddb.on_change(
            "orders", lambda event: put("a", x={"S": keys_of(event) * 2}), deliver="immediately"
        )
        numbers = iter(range(1000))
        ddb.on_change(
            "orders", lambda _: put("b", x={"N": str(next(numbers))}), deliver="immediately"
        )
        with pytest.raises(MisuseError, match="after 100 rounds"):
            put("a")

    def test_an_error_comes_out_of_the_write(self, ddb):
        ddb.on_change("orders", Handler(bad="b"), deliver="immediately")
        put("a")
        with pytest.raises(ValueError, match="bad: b"):
            put("b")
        assert ddb.tables["orders"].item_count == 2
        client().get_item(TableName="orders", Key={"pk": {"S": "a"}, "sk": {"N": "1"}})
        with pytest.raises(ValueError, match="bad: bc"):
            put("c")

    def test_an_error_is_recorded_with_the_write(self, ddb):
        ddb.on_change("orders", Handler(bad="b"), deliver="immediately")
        put("a")
        with pytest.raises(ValueError, match="bad: b"):
            put("b")
        puts = ddb.calls("PutItem")
        assert [call.error and str(call.error) for call in puts] == [None, "ValueError: bad: b"]
        assert (len(puts), len(ddb.calls("PutItem", error="ValueError"))) == (2, 1)
        assert puts.units().write == 2

    def test_other_triggers_wait(self, ddb):
        now, later = Handler(), Handler()
        ddb.on_change("orders", now, deliver="immediately")
        ddb.on_change("orders", later)
        put("a")
        assert (now.seen, later.seen) == (["a"], [])
        ddb.deliver()
        assert (now.seen, later.seen) == (["a"], ["a"])

    def test_a_batching_window_does_not_hang(self, ddb):
        handler = Handler()
        ddb.on_change("orders", handler, batching_window_seconds=5, deliver="immediately")
        put("a")
        assert handler.seen == []
        put("b")
        ddb.clock.advance(seconds=4)
        assert handler.seen == []
        ddb.clock.advance(seconds=1)
        assert handler.seen == ["ab"]

    def test_many_threads(self, ddb):
        seen: list[str] = []
        running: list[int] = []

        def handler(event):
            running.append(1)
            assert len(running) == 1
            seen.extend(record["dynamodb"]["Keys"]["sk"]["N"] for record in event["Records"])
            running.pop()

        ddb.on_change("orders", handler, deliver="immediately")
        writer = client()
        errors = []

        def write(first):
            try:
                for sk in range(first, first + 25):
                    item = {"pk": {"S": "a"}, "sk": {"N": str(sk)}}
                    writer.put_item(TableName="orders", Item=item)
            except Exception as error:  # noqa: BLE001
                errors.append(error)

        threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert errors == []
        assert len(seen) == len(set(seen)) == 100
