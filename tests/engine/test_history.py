from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.history import History
from ddbmock._internal.engine.index import Index, Projection
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import TableSettings
from ddbmock._internal.engine.table import Table
from tests.engine.helpers import deletion_of, put, put_of
from tests.engine.interrupts import instruction_count, interrupted
from tests.random_examples import examples

KEY = KeySchema([KeyAttribute("pk", "S")], [])
WINDOW_SECONDS = 100.0


def make_item(pk, number=0):
    return {"pk": {"S": pk}, "n": {"N": str(number)}}


class Rig:
    def __init__(self, window_seconds=WINDOW_SECONDS):
        self.backend = Backend()
        self.backend.clock.freeze(1_000.0)
        region = self.backend.region("eu-west-1")
        self.table = Table("t", KEY, TableSettings("id", 0.0, {}), self.backend.journal)
        region.add_table(self.table)
        self.window_seconds = window_seconds

    @property
    def now(self):
        return self.backend.clock.seconds()

    def begin(self):
        history = History(self.backend.clock, self.backend.journal, self.window_seconds)
        self.table.use_history(history)
        return history

    def put(self, pk, number=0):
        put(self.backend, self.table, make_item(pk, number))

    def delete(self, pk):
        self.backend.commit([(self.table, deletion_of(self.table, make_item(pk)))])

    def advance(self, seconds=1):
        self.backend.clock.advance(seconds)

    def shown(self, items=None):
        items = self.table.items if items is None else items
        return {key[1]: stored.load()["n"]["N"] for key, stored in items.items()}

    def at(self, at):
        return self.shown(self.table.items_at(at))


class TestItems:
    def test_each_state_can_be_derived(self):
        rig = Rig()
        rig.put("a", 1)
        rig.begin()
        states = {}
        for step in (
            lambda: rig.put("b", 1),
            lambda: rig.put("a", 2),
            lambda: rig.delete("b"),
            lambda: rig.put("b", 3),
            lambda: rig.delete("a"),
        ):
            states[rig.now] = rig.shown()
            rig.advance()
            step()
        assert {at: rig.at(at) for at in states} == states
        assert rig.at(rig.now) == rig.shown() == {"b": "3"}
        assert rig.at(1_000.5) == {"a": "1"}

    def test_a_state_includes_the_changes_of_its_own_time(self):
        rig = Rig()
        rig.begin()
        rig.advance()
        rig.put("a", 1)
        rig.put("a", 2)
        assert rig.at(rig.now) == {"a": "2"}
        assert rig.at(rig.now - 0.5) == {}

    def test_one_item(self):
        rig = Rig()
        history = rig.begin()
        rig.advance()
        rig.put("a", 1)
        rig.advance()
        rig.put("a", 2)
        (key,) = rig.table.items
        found = [history.item_at(key, at, rig.table.items[key]) for at in (1_000, 1_001, 1_002)]
        assert [stored and stored.load()["n"]["N"] for stored in found] == [None, "1", "2"]
        assert history.item_at((0, "other"), 1_000, None) is None

    def test_a_clock_that_is_set_back(self):
        rig = Rig()
        rig.begin()
        rig.advance(50)
        rig.put("a", 1)
        rig.backend.clock.freeze(1_010.0)
        rig.put("b", 1)
        assert rig.at(1_020.0) == {"b": "1"}
        assert rig.at(1_050.0) == {"a": "1", "b": "1"}
        rig.put("a", 2)
        assert rig.at(1_010.0) == {"a": "2", "b": "1"}


class TestBounds:
    def test_what_has_left_the_window_is_dropped(self):
        rig = Rig()
        history = rig.begin()
        for number in range(300):
            rig.put("abc"[number % 3], number)
            rig.advance()
        assert len(history) == WINDOW_SECONDS + 1
        assert history.earliest == rig.now - WINDOW_SECONDS
        assert len(history._by_key) == 3
        assert rig.at(history.earliest)
        with pytest.raises(ValueError, match="does not reach back"):
            rig.at(history.earliest - 1)

    def test_a_history_begins_when_it_is_switched_on(self):
        rig = Rig()
        with pytest.raises(ValueError, match="does not reach back"):
            rig.at(rig.now)
        rig.begin()
        with pytest.raises(ValueError, match="does not reach back"):
            rig.table.definition_at(rig.now - 1)

    def test_keys_that_are_gone_leave_nothing(self):
        rig = Rig()
        history = rig.begin()
        for number in range(1_000):
            rig.put(str(number))
            rig.delete(str(number))
            rig.advance()
        assert len(history._by_key) <= WINDOW_SECONDS + 1


class TestDefinition:
    def test_settings_and_indexes(self):
        rig = Rig()
        rig.begin()
        table = rig.table
        rig.advance()
        table.configure(replace(table.settings, tags={"a": "1"}))
        rig.advance()
        index = Index("i", KeySchema([KeyAttribute("n", "N")], []), Projection("ALL"), KEY,
                      is_global=True)  # fmt: skip
        rig.put("a", 1)
        table.add_index(index)
        rig.advance()
        table.remove_index("i")
        shown = []
        for at in (1_000.0, 1_001.0, 1_002.0, 1_003.0):
            definition = table.definition_at(at)
            indexes = [(i.name, i.entry_count) for i in definition.indexes]
            shown.append((dict(definition.settings.tags), indexes))
        assert shown == [({}, []), ({"a": "1"}, []), ({"a": "1"}, [("i", 0)]), ({"a": "1"}, [])]

    def test_old_definitions_are_dropped(self):
        rig = Rig()
        history = rig.begin()
        for number in range(500):
            rig.table.configure(replace(rig.table.settings, tags={"a": str(number)}))
            rig.advance()
        assert len(history._definitions) <= WINDOW_SECONDS + 1


class TestSwitch:
    def test_a_restored_savepoint_switches_it_back(self):
        rig = Rig()
        with rig.backend.rollback():
            rig.begin()
            rig.put("a")
        assert rig.table.history is None
        assert rig.table.recorders == ()
        rig.begin()
        with rig.backend.rollback():
            rig.table.use_history(None)
            rig.put("a")
        assert rig.table.history is not None
        assert len(rig.table.history) == 0

    def test_a_table_without_a_history_does_no_work_for_it(self):
        def work(rig):
            rig.put("a", 1)
            change = put_of(rig.table, make_item("a", 2))
            return instruction_count(lambda: rig.backend.commit([(rig.table, change)]))

        never, before, during = Rig(), Rig(), Rig()
        for rig in (never, before, during):
            for number in range(20):  # until the forms of these items are known
                rig.put("warm", number)
        before.begin()
        before.table.use_history(None)
        during.begin()
        assert work(never) == work(before) < work(during)


def test_an_interrupted_change_leaves_no_history():
    for at in range(1, 2_000, 11):
        rig = Rig()
        history = rig.begin()
        rig.put("a", 1)
        rig.advance()
        changes = [(rig.table, put_of(rig.table, make_item(pk, 2))) for pk in "ab"]
        before = len(history), rig.shown()
        was_interrupted = interrupted(partial(rig.backend.commit, changes), at)
        rig.backend.catch_up()
        if not was_interrupted:
            break
        if (len(history), rig.shown()) != before:
            assert (len(history), rig.shown()) == (3, {"a": "2", "b": "2"})
        assert rig.at(1_000.0) == {"a": "1"}
        rig.put("a", 3)
        assert rig.at(1_000.0) == {"a": "1"}
    assert at > 200


class ReplayMachine(RuleBasedStateMachine):
    """Random histories, derived at random times and compared with a replay of all changes."""

    def __init__(self):
        super().__init__()
        self.rig = Rig(window_seconds=40.0)
        self.history = self.rig.begin()
        #: What was done: time, key, number or None for a deletion.
        self.done = []
        self.savepoints = []

    @rule(pk=st.sampled_from("abc"), number=st.integers(0, 3))
    def put(self, pk, number):
        self.rig.put(pk, number)
        self.done.append((self.rig.now, pk, str(number)))

    @rule(pk=st.sampled_from("abc"))
    def delete(self, pk):
        self.rig.delete(pk)
        self.done.append((self.rig.now, pk, None))

    @rule(number=st.integers(0, 9))
    def transaction(self, number):
        items = [make_item(pk, number) for pk in "bc"]
        table = self.rig.table
        self.rig.backend.commit([(table, put_of(table, item)) for item in items])
        self.done += [(self.rig.now, pk, str(number)) for pk in "bc"]

    @rule(seconds=st.integers(0, 15))
    def advance(self, seconds):
        self.rig.advance(seconds)

    @rule()
    def take_savepoint(self):
        self.savepoints.append((self.rig.backend.snapshot(), list(self.done)))

    @rule(position=st.integers(0, 3))
    def restore(self, position):
        if position < len(self.savepoints):
            savepoint, done = self.savepoints[position]
            self.rig.backend.restore(savepoint)
            self.done = list(done)
            del self.savepoints[position + 1 :]

    def replay(self, until):
        state = {pk: number for at, pk, number in self.done if at <= until}
        return {pk: number for pk, number in state.items() if number is not None}

    @invariant()
    def the_past_is_as_a_replay(self):
        assert self.rig.shown() == self.replay(self.rig.now)
        times = {self.history.earliest, self.rig.now, *(at for at, _, _ in self.done)}
        for at in times:
            if at >= self.history.earliest:
                assert self.rig.at(at) == self.replay(at)
        of_keys = sorted(r for changes in self.history._by_key.values() for r in changes)
        assert of_keys == sorted(self.history._changes)


TestReplayMachine = ReplayMachine.TestCase
TestReplayMachine.settings = hypothesis_settings(max_examples=examples(80), stateful_step_count=30)
