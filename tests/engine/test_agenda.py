from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import TableSettings, Transition
from ddbmock._internal.engine.table import Table
from ddbmock._internal.engine.table_streams import disable_stream, enable_stream
from tests.engine.helpers import items_of, put
from tests.random_examples import examples

DAY_SECONDS = 24 * 60 * 60


def make_backend(at=1_000.0):
    backend = Backend()
    backend.clock.freeze(at)
    return backend


def make_table(backend, name="t"):
    region = backend.region("eu-west-1")
    key = KeySchema([KeyAttribute("pk", "S")], [])
    table = Table(name, key, TableSettings("id", 0.0, {}), backend.journal)
    region.add_table(table)
    return region, table


class TestOrder:
    def test_tasks_run_in_the_order_of_their_times_and_what_they_schedule_with_them(self):
        backend = make_backend()
        agenda, seen = backend.agenda, list[Any]()

        def begin(at):
            seen.append(("begin", at))
            agenda.schedule(("a", "end"), at + 5, lambda at: seen.append(("end", at)))

        agenda.schedule(("b", "late"), 1_020.0, lambda at: seen.append(("late", at)))
        agenda.schedule(("a", "begin"), 1_010.0, begin)
        agenda.schedule(("c", "same time"), 1_010.0, lambda at: seen.append(("same time", at)))
        backend.clock.advance(9)
        assert seen == []
        assert agenda.next_due == 1_010.0
        backend.clock.advance(100)
        assert seen == [
            ("begin", 1_010.0), ("same time", 1_010.0), ("end", 1_015.0), ("late", 1_020.0),
        ]  # fmt: skip
        assert agenda.next_due is None

    def test_a_key_has_one_task(self):
        backend = make_backend()
        seen: list[str] = []
        for at, name in ((1_010.0, "first"), (1_005.0, "second"), (1_015.0, "third")):
            backend.agenda.schedule(("a", "x"), at, lambda _, name=name: seen.append(name))
        backend.clock.advance(12)
        assert seen == []
        backend.clock.advance(3)
        assert seen == ["third"]

    def test_a_cancelled_task_does_not_run(self):
        backend = make_backend()
        for owner in ("a", "b"):
            for kind in ("x", "y"):
                backend.agenda.schedule((owner, kind), 1_010.0, lambda _: pytest.fail("ran"))
        backend.agenda.cancel_all_of("a")
        backend.agenda.cancel(("b", "x"))
        backend.agenda.cancel(("b", "y"))
        backend.agenda.cancel(("b", "z"))
        backend.clock.advance(100)
        assert backend.agenda.next_due is None

    def test_tasks_that_are_replaced_often_are_not_piled_up(self):
        backend = make_backend()
        for number in range(10_000):
            backend.agenda.schedule(("a", "x"), 2_000.0 - number / 100, lambda _: None)
        assert len(backend.agenda._queue) < 200
        assert backend.agenda.next_due == 2_000.0 - 99.99


class TestFailures:
    def test_a_task_that_fails_changes_nothing_and_stays_due(self):
        backend = make_backend()
        _, table = make_table(backend)
        is_broken = [True]

        def work(_):
            put(backend, table, {"pk": {"S": "a"}})
            if is_broken:
                raise RuntimeError("a bug")

        backend.agenda.schedule((table, "work"), 1_010.0, work)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="a bug"):
                backend.clock.advance(20)
            assert items_of(table) == []
        is_broken.clear()
        backend.catch_up()
        assert items_of(table) == [{"pk": {"S": "a"}}]
        assert backend.agenda.next_due is None


class TestWhatIsInProgress:
    def transition(self, backend, kind, seconds, **others):
        now = backend.clock.seconds()
        return Transition(kind, now + seconds, backfilling_at=now + seconds / 2, **others)

    def test_settling_ends_it_and_leaves_the_clock(self):
        backend = make_backend()
        region, table = make_table(backend)
        _, other = make_table(backend, "other")
        lifecycle.begin(
            region,
            table,
            table.settings,
            self.transition(backend, lifecycle.CREATE, 60),
            self.transition(backend, lifecycle.INDEX_CREATE, 90, index_name="i"),
        )
        lifecycle.begin(
            region, other, other.settings, self.transition(backend, lifecycle.DELETE, 30)
        )
        backend.agenda.schedule((table, "not in progress"), 1_020.0, lambda _: pytest.fail("ran"))
        assert lifecycle.table_status(table.settings, 1_000.0) == lifecycle.CREATING
        backend.settle()
        assert lifecycle.table_status(table.settings, 1_000.0) == lifecycle.ACTIVE
        assert list(region.tables) == ["t"]
        assert backend.clock.seconds() == 1_000.0

    def test_it_ends_with_its_time(self):
        backend = make_backend()
        region, table = make_table(backend)
        lifecycle.begin(
            region, table, table.settings, self.transition(backend, lifecycle.UNITS, 60)
        )
        backend.clock.advance(59)
        assert table.settings.transitions
        backend.clock.advance(1)
        assert not table.settings.transitions

    def test_what_goes_takes_its_tasks_along(self):
        backend = make_backend()
        region, table = make_table(backend)
        backend.sweeper.enable(table, "ttl")
        put(backend, table, {"pk": {"S": "a"}, "ttl": {"N": "1000"}})
        lifecycle.begin(
            region, table, table.settings, self.transition(backend, lifecycle.UNITS, 60)
        )
        assert backend.agenda.next_due is not None
        region.remove_table("t")
        assert backend.agenda.next_due is None


class TestStreams:
    def test_a_stream_goes_after_its_retention(self):
        backend = make_backend()
        region, table = make_table(backend)
        stream = enable_stream(region, table, "KEYS_ONLY")
        disable_stream(region, table)
        region.remove_table("t")
        backend.clock.advance(DAY_SECONDS)
        assert list(region.streams) == [stream.arn]
        backend.clock.advance(1)
        assert not region.streams


class TimeToLiveMachine(RuleBasedStateMachine):
    """Items with a time to live, and a clock that moves: each goes when its time and window end."""

    def __init__(self):
        super().__init__()
        self.backend = make_backend()
        self.backend.sweeper.window_seconds = 10.0
        _, self.table = make_table(self.backend)
        self.backend.sweeper.enable(self.table, "ttl")
        self.model = {}
        self.savepoints = []

    @rule(name=st.sampled_from("abc"), seconds=st.none() | st.integers(-30, 60))
    def put(self, name, seconds):
        item = {"pk": {"S": name}}
        ends_at = None
        if seconds is not None:
            ends_at = int(self.backend.clock.seconds()) + seconds
            item["ttl"] = {"N": str(ends_at)}
        put(self.backend, self.table, item)
        self.model[name] = ends_at
        self.catch_up()

    @rule(seconds=st.integers(0, 40))
    def advance(self, seconds):
        self.backend.clock.advance(seconds)
        self.expire()

    @rule()
    def take_savepoint(self):
        self.savepoints.append((self.backend.snapshot(), dict(self.model)))

    @rule()
    def restore(self):
        if self.savepoints:
            savepoint, model = self.savepoints[-1]
            self.backend.restore(savepoint)
            self.model = dict(model)
            self.catch_up()

    @rule()
    def reset(self):
        self.backend.reset()
        assert self.backend.agenda.next_due is None
        region = self.backend.region("eu-west-1")
        _, self.table = make_table(self.backend)
        assert list(region.tables) == ["t"]
        self.backend.sweeper.enable(self.table, "ttl")
        self.model = {}
        self.savepoints = []

    def catch_up(self):
        self.backend.catch_up()
        self.expire()

    def expire(self):
        limit = self.backend.clock.seconds() - 10
        self.model = {
            name: ends_at
            for name, ends_at in self.model.items()
            if ends_at is None or ends_at > limit
        }

    @invariant()
    def agrees_with_the_model(self):
        assert {item["pk"]["S"] for item in items_of(self.table)} == set(self.model)
        self.table._check()


TestTimeToLiveMachine = TimeToLiveMachine.TestCase
TestTimeToLiveMachine.settings = hypothesis_settings(
    max_examples=examples(80), stateful_step_count=30
)


class AgendaMachine(RuleBasedStateMachine):
    """Random tasks, moves of the clock, savepoints and restores against a plain dictionary."""

    def __init__(self):
        super().__init__()
        self.backend = make_backend()
        self.model = {}
        self.ran = []
        self.savepoints = []

    @rule(key=st.sampled_from("abc"), seconds=st.integers(1, 20))
    def schedule(self, key, seconds):
        due_at = self.backend.clock.seconds() + seconds
        self.backend.agenda.schedule((key, "x"), due_at, lambda at: self.ran.append((at, key)))
        self.model[key] = due_at

    @rule(key=st.sampled_from("abc"))
    def cancel(self, key):
        self.backend.agenda.cancel((key, "x"))
        self.model.pop(key, None)

    @rule(seconds=st.integers(0, 15))
    def advance(self, seconds):
        self.ran.clear()
        self.backend.clock.advance(seconds)
        self.check_what_ran()

    def check_what_ran(self):
        now = self.backend.clock.seconds()
        due = sorted((at, key) for key, at in self.model.items() if at <= now)
        assert sorted(self.ran) == due
        assert [at for at, _ in self.ran] == [at for at, _ in due]
        for _, key in due:
            del self.model[key]

    @rule()
    def take_savepoint(self):
        self.savepoints.append((self.backend.snapshot(), dict(self.model)))

    @rule(position=st.integers(0, 3))
    def restore(self, position):
        if position < len(self.savepoints):
            savepoint, model = self.savepoints[position]
            self.backend.restore(savepoint)
            self.model = dict(model)
            del self.savepoints[position + 1 :]
            self.ran.clear()
            self.backend.catch_up()
            self.check_what_ran()

    @invariant()
    def agrees_with_the_model(self):
        assert self.backend.agenda.next_due == min(self.model.values(), default=None)
        for key, due_at in self.model.items():
            assert self.backend.agenda.due_at((key, "x")) == due_at


TestAgendaMachine = AgendaMachine.TestCase
TestAgendaMachine.settings = hypothesis_settings(max_examples=examples(80), stateful_step_count=30)
