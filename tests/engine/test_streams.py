from __future__ import annotations

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import TableSettings
from ddbmock._internal.engine.streams import (
    sequence_at,
    sequence_number,
)
from ddbmock._internal.engine.table import Table
from ddbmock._internal.engine.table_streams import disable_stream, enable_stream, streams_of
from ddbmock._internal.errors import MisuseError
from tests.engine import helpers
from tests.random_examples import examples

DAY_SECONDS = 24 * 60 * 60
BOTH = "NEW_AND_OLD_IMAGES"
REGION = "eu-west-1"


def make_backend(shards=1):
    backend = Backend()
    backend.stream_shards = shards
    backend.clock.freeze(1_000_000.25)
    return backend


def make_table(backend, view_type=BOTH, name="t"):
    region = backend.region(REGION)
    schema = KeySchema([KeyAttribute("pk", "S")], [])
    table = Table(name, schema, TableSettings("id", 0.0, {"pk": "S"}), backend.journal)
    region.add_table(table)
    return table, enable_stream(region, table, view_type)


def put(backend, table, pk, **attributes):
    helpers.put(backend, table, {"pk": {"S": pk}, **attributes})


def delete(backend, table, pk):
    helpers.delete(backend, table, {"pk": {"S": pk}})


def names(stream):
    return [(record.event_name, record.key[1]) for record in stream.all_records()]


class TestNumbers:
    @pytest.mark.parametrize("sequence", [0, 1, 2, 10**9])
    def test_a_number_leads_back_to_its_record(self, sequence):
        number = sequence_number(sequence)
        assert 21 <= len(number) <= 40
        assert sequence_at(number) == sequence
        assert sequence_at(str(int(number) + 1)) == sequence + 1
        assert sequence_at(str(int(number) - 1)) == sequence

    def test_longer_is_later(self):
        numbers = [sequence_number(sequence) for sequence in range(1, 2000, 7)]
        assert numbers == sorted(numbers)


class TestCapture:
    def test_each_change_is_a_record(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a")
        put(backend, table, "a", x={"N": "1"})
        put(backend, table, "a", x={"N": "1"})
        delete(backend, table, "a")
        delete(backend, table, "a")
        assert names(stream) == [("INSERT", "a"), ("MODIFY", "a"), ("REMOVE", "a")]

    @pytest.mark.parametrize(
        ("view_type", "old", "new"),
        [
            ("KEYS_ONLY", False, False),
            ("NEW_IMAGE", False, True),
            ("OLD_IMAGE", True, False),
            (BOTH, True, True),
        ],
    )
    def test_the_view_type_says_which_images_there_are(self, view_type, old, new):
        backend = make_backend()
        table, stream = make_table(backend, view_type)
        put(backend, table, "a", x={"S": "before"})
        put(backend, table, "a", x={"S": "after"})
        body = stream.body(stream.all_records()[-1])
        assert body["Keys"] == {"pk": {"S": "a"}}
        assert body.get("OldImage") == ({"pk": {"S": "a"}, "x": {"S": "before"}} if old else None)
        assert body.get("NewImage") == ({"pk": {"S": "a"}, "x": {"S": "after"}} if new else None)
        assert body["SizeBytes"] == 3 + old * (3 + 7) + new * (3 + 6)
        assert body["StreamViewType"] == view_type

    def test_what_is_read_is_detached(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a", x={"L": [{"S": "kept"}]})
        record = stream.all_records()[0]
        stream.body(record)["NewImage"]["x"]["L"].clear()
        assert stream.body(record)["NewImage"]["x"] == {"L": [{"S": "kept"}]}
        assert table.items[record.key].load()["x"] == {"L": [{"S": "kept"}]}

    def test_event_ids_are_unique(self):
        backend = make_backend()
        tables = [make_table(backend, name=name) for name in ("one", "two")]
        for table, _ in tables:
            for number in range(50):
                put(backend, table, "a", n={"N": str(number)})
        ids = [stream.event_id(r) for _, stream in tables for r in stream.all_records()]
        assert len(set(ids)) == 100
        assert all(len(event_id) == 32 for event_id in ids)
        assert all(int(event_id, 16) >= 0 for event_id in ids)


class TestShards:
    def test_items_spread_by_their_partition_key(self):
        backend = make_backend(shards=4)
        table, stream = make_table(backend)
        for number in range(200):
            put(backend, table, f"item {number}")
            put(backend, table, f"item {number}", x={"S": "x"})
        assert [len(shard.records) > 50 for shard in stream.shards.values()] == [True] * 4
        stream._check()

    def test_a_split_closes_the_parent(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a")
        (parent,) = stream.open_shards
        children = stream.split()
        put(backend, table, "a", x={"S": "x"})
        parent = stream.shards[parent.shard_id]
        assert (parent.is_open, [child.is_open for child in children]) == (False, [True, True])
        assert {child.parent_id for child in children} == {parent.shard_id}
        assert sum(len(child.records) for child in children) == 1
        assert parent.ending_sequence < min(child.starting_sequence for child in children)
        stream._check()

    def test_only_an_open_shard_can_be_split(self):
        _, stream = make_table(make_backend())
        (parent,) = stream.open_shards
        stream.split(parent.shard_id)
        with pytest.raises(MisuseError, match=f"'t' has no open shard '{parent.shard_id}'"):
            stream.split(parent.shard_id)

    def test_a_disabled_stream_cannot_be_split(self):
        backend = make_backend()
        table, stream = make_table(backend)
        disable_stream(backend.region(REGION), table)
        with pytest.raises(MisuseError, match="has no open shard: it is disabled"):
            stream.split()

    def test_ids_are_as_long_as_the_sdks_demand(self):
        _, stream = make_table(make_backend(shards=8))
        assert all(28 <= len(shard_id) <= 65 for shard_id in stream.shards)
        assert len(stream.shards) == 8


class TestLife:
    def test_a_disabled_stream_captures_nothing_and_can_be_read_for_a_day(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a")
        disable_stream(backend.region(REGION), table)
        put(backend, table, "b")
        assert names(stream) == [("INSERT", "a")]
        assert stream.is_enabled is False
        region = backend.region(REGION)
        backend.clock.advance(DAY_SECONDS)
        assert region.streams.get(stream.arn) is not None
        backend.clock.advance(1)
        assert region.streams.get(stream.arn) is None
        assert streams_of(region) == []

    def test_streams_of_one_moment_have_different_labels(self):
        backend = make_backend()
        table, first = make_table(backend)
        disable_stream(backend.region(REGION), table)
        second = enable_stream(backend.region(REGION), table, "KEYS_ONLY")
        assert (first.label, second.label) == (
            "1970-01-12T13:46:40.250",
            "1970-01-12T13:46:40.251",
        )
        put(backend, table, "a")
        assert (names(first), names(second)) == ([], [("INSERT", "a")])


class TestTrimming:
    def test_old_records_are_dropped_when_they_are_read(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a")
        backend.clock.advance(DAY_SECONDS)
        put(backend, table, "b")
        assert names(stream) == [("INSERT", "a"), ("INSERT", "b")]
        backend.clock.advance(1)
        assert names(stream) == [("INSERT", "b")]
        (shard,) = stream.open_shards
        assert len(shard.records) == 1
        assert shard.log.trimmed_sequence == 2

    def test_old_records_are_dropped_by_writes(self):
        backend = make_backend()
        table, stream = make_table(backend)
        for number in range(10):
            put(backend, table, "a", n={"N": str(number)})
        backend.clock.advance(DAY_SECONDS + 1)
        put(backend, table, "b")
        (shard,) = stream.open_shards
        assert len(shard.records) == 1

    def test_a_closed_shard_is_shown_for_a_day(self):
        backend = make_backend()
        _, stream = make_table(backend)
        stream.split()
        backend.clock.advance(DAY_SECONDS)
        assert len(stream.visible_shards()) == 3
        backend.clock.advance(1)
        assert len(stream.visible_shards()) == 2

    def test_shards_that_cannot_be_read_are_dropped(self):
        backend = make_backend()
        _, stream = make_table(backend)
        for _ in range(20):
            stream.split()
            backend.clock.advance(DAY_SECONDS / 2)
        assert len(stream.shards) < 30
        assert len(stream.open_shards) == 21
        stream._check()


class TestJournal:
    def test_a_restored_mark_takes_records_back(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a")
        mark = backend.snapshot()
        put(backend, table, "b")
        delete(backend, table, "a")
        backend.restore(mark)
        assert names(stream) == [("INSERT", "a")]
        stream._check()

    def test_sequence_numbers_never_come_again(self):
        backend = make_backend()
        table, stream = make_table(backend)
        mark = backend.snapshot()
        put(backend, table, "b")
        gone = stream.event_id(stream.all_records()[0])
        backend.restore(mark)
        put(backend, table, "b")
        assert stream.event_id(stream.all_records()[0]) != gone

    def test_a_restored_mark_takes_back_splits_and_ends(self):
        backend = make_backend()
        table, stream = make_table(backend)
        (shard,) = stream.open_shards
        mark = backend.snapshot()
        stream.split()
        put(backend, table, "a")
        disable_stream(backend.region(REGION), table)
        put(backend, table, "b")
        backend.restore(mark)
        assert stream.open_shards == (shard,)
        assert stream.is_enabled
        put(backend, table, "c")
        assert names(stream) == [("INSERT", "c")]
        stream._check()

    def test_records_that_grew_old_under_a_mark_are_not_in_the_way(self):
        backend = make_backend()
        table, stream = make_table(backend)
        put(backend, table, "a")
        mark = backend.snapshot()
        put(backend, table, "b")
        backend.clock.advance(DAY_SECONDS + 1)
        put(backend, table, "c")
        assert names(stream) == [("INSERT", "c")]
        backend.restore(mark)
        assert names(stream) == []
        stream._check()

    def test_a_new_stream_goes_with_a_restored_mark(self):
        backend = make_backend()
        table, first = make_table(backend)
        disable_stream(backend.region(REGION), table)
        mark = backend.snapshot()
        enable_stream(backend.region(REGION), table, BOTH)
        backend.restore(mark)
        assert streams_of(backend.region(REGION)) == [first]
        assert table.stream is first
        assert table.recorders == ()

    def test_reset_leaves_no_stream(self):
        backend = make_backend()
        _, stream = make_table(backend)
        mark = backend.snapshot()
        backend.reset()
        assert streams_of(backend.region(REGION)) == []
        backend.restore(mark)
        assert streams_of(backend.region(REGION)) == [stream]


class Replay(RuleBasedStateMachine):
    """A stream replayed into a dictionary equals the table, whatever happens."""

    @initialize(shards=st.integers(1, 3))
    def begin(self, shards):
        self.backend = make_backend(shards)
        self.table, self.stream = make_table(self.backend)
        self.marks = []

    @rule(pk=st.sampled_from("abcdef"), number=st.integers(0, 3))
    def put(self, pk, number):
        put(self.backend, self.table, pk, n={"N": str(number)})

    @rule(pk=st.sampled_from("abcdef"))
    def delete(self, pk):
        delete(self.backend, self.table, pk)

    @rule()
    def split(self):
        self.stream.split()

    @rule()
    def mark(self):
        self.marks.append(self.backend.snapshot())

    @rule(keep=st.booleans())
    def restore(self, keep):
        if self.marks:
            self.backend.restore(self.marks[-1])
            if not keep:
                self.marks.pop()

    @rule(seconds=st.integers(1, 1000))
    def wait(self, seconds):
        self.backend.clock.advance(seconds)

    @invariant()
    def the_replay_is_the_table(self):
        if not hasattr(self, "stream"):
            return
        self.stream._check()
        replayed: dict[str, object] = {}
        # Shard by shard, as a consumer reads: parents stand before their children.
        for shard in self.stream.shards.values():
            for record in self.stream.records_from(shard, 0, 10_000):
                body = self.stream.body(record)
                pk = body["Keys"]["pk"]["S"]
                assert replayed.get(pk) == body.get("OldImage")
                replayed[pk] = body.get("NewImage")
                assert (record.event_name == "REMOVE") == (replayed[pk] is None)
                assert (record.event_name == "INSERT") == ("OldImage" not in body)
        items = {key[1]: stored.load() for key, stored in self.table.items.items()}
        assert {pk: item for pk, item in replayed.items() if item is not None} == items


TestReplay = Replay.TestCase
TestReplay.settings = hypothesis_settings(max_examples=examples(60), stateful_step_count=40)
