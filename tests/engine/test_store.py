from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock._internal.engine.backend import Backend
from tests.engine.interrupts import instruction_count, interrupted
from tests.random_examples import examples


@dataclass(frozen=True)
class Backup:
    """A kind of resource that the engine does not know of."""

    size_bytes: int


def test_a_new_kind_goes_back_and_goes_with_a_reset():
    backend = Backend()
    backups = backend.region("eu-west-1").store.of(Backup)
    backups.put("a", Backup(1))
    savepoint = backend.snapshot()
    with backend.rollback():
        backups.put("b", Backup(2))
        backups.put("a", Backup(3))
        backups.remove("a")
    assert backups.records == {"a": Backup(1)}
    backend.reset()
    assert backups.records == {}
    backend.restore(savepoint)
    assert backups.records == {"a": Backup(1)}


def test_every_region_has_its_own():
    backend = Backend()
    backend.region("eu-west-1").store.of(Backup).put("a", Backup(1))
    assert backend.region("us-east-1").store.of(Backup).records == {}


def test_what_is_not_there_cannot_be_removed():
    with pytest.raises(KeyError):
        Backend().region("eu-west-1").store.of(Backup).remove("a")


@pytest.mark.parametrize("in_order", [False, True])
def test_an_interrupted_change_is_all_or_none(in_order):
    def filled():
        backend = Backend()
        backups = backend.region("eu-west-1").store.of(Backup, in_order=in_order)
        for key in "dbac":
            backups.put(key, Backup(1))
        return backend, backups

    def change(backend, backups):
        with backend.atomic():
            backups.put("e", Backup(2))
            backups.remove("b")
            backups.put("aa", Backup(3))

    count = instruction_count(partial(change, *filled()))
    outcomes = []
    for at in range(1, count, 3):
        backend, backups = filled()
        assert interrupted(partial(change, backend, backups), at)
        backend.catch_up()
        outcomes.append("".join(backups.records))
        backups.put("f", Backup(4))
        assert not in_order or list(backups.records) == sorted(backups.records)
    before, after = ("abcd", "aaacde") if in_order else ("dbac", "daceaa")
    assert outcomes[0] == before
    assert set(map(sorted_text, outcomes)) <= {sorted_text(before), sorted_text(after)}


def sorted_text(text):
    return "".join(sorted(text))


class StoreMachine(RuleBasedStateMachine):
    """Random changes, savepoints and restores against a plain dictionary."""

    def __init__(self):
        super().__init__()
        self.backend = Backend()
        self.backups = self.backend.region("eu-west-1").store.of(Backup, in_order=True)
        self.model = {}
        self.savepoints = []

    @rule(key=st.sampled_from("abc"), size=st.integers(0, 3))
    def put(self, key, size):
        self.backups.put(key, Backup(size))
        self.model[key] = Backup(size)

    @rule(key=st.sampled_from("abc"))
    def remove(self, key):
        if key in self.model:
            assert self.backups.remove(key) == self.model.pop(key)

    @rule()
    def reset(self):
        self.backend.reset()
        self.model = {}

    @rule()
    def take_savepoint(self):
        self.savepoints.append((self.backend.snapshot(), dict(self.model)))

    @rule(position=st.integers(0, 5))
    def restore(self, position):
        if position < len(self.savepoints):
            savepoint, model = self.savepoints[position]
            self.backend.restore(savepoint)
            self.model = dict(model)
            del self.savepoints[position + 1 :]

    @invariant()
    def agrees_with_the_model(self):
        assert dict(self.backups.records) == self.model
        assert list(self.backups.records) == sorted(self.model)


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = hypothesis_settings(max_examples=examples(60), stateful_step_count=30)
