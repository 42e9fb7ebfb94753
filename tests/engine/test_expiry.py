from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock._internal import limits
from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import TableSettings
from ddbmock._internal.engine.table import Table
from tests.engine import helpers
from tests.random_examples import examples

if TYPE_CHECKING:
    import random

    from ddbmock._internal.engine.changes import Change

NOW = 2_000_000_000


def make_table(backend):
    region = backend.region("eu-west-1")
    key = KeySchema([KeyAttribute("pk", "S")], [])
    table = Table("t", key, TableSettings("id", 0.0, {}), backend.journal)
    region.add_table(table)
    return region, table


def put(region, table, name, ttl=None):
    item = {"pk": {"S": name}}
    if ttl is not None:
        item["ttl"] = ttl if isinstance(ttl, dict) else {"N": str(ttl)}
    helpers.put(region.backend, table, item)


def sweep(region, table, at):
    return region.backend.sweeper.sweep(table, at)


def names(table):
    return sorted(stored.load()["pk"]["S"] for stored in table.items.values())


def test_what_is_due():
    region, table = make_table(Backend())
    put(region, table, "earlier", NOW - 1)
    put(region, table, "now", NOW)
    put(region, table, "soon", f"{NOW}.5")
    put(region, table, "later", NOW + 1)
    put(region, table, "never")
    region.backend.sweeper.enable(table, "ttl")
    assert sweep(region, table, NOW) == 2
    assert names(table) == ["later", "never", "soon"]
    assert sweep(region, table, NOW) == 0
    assert sweep(region, table, NOW + 1) == 2
    table._check()


def test_what_is_no_number_never_ends():
    region, table = make_table(Backend())
    region.backend.sweeper.enable(table, "ttl")
    for number, value in enumerate([{"S": "1"}, {"NS": ["1"]}, {"L": [{"N": "1"}]}]):
        put(region, table, str(number), value)
    assert sweep(region, table, NOW) == 0
    assert len(table.expiry) == 0


def test_only_the_last_five_years_count():
    region, table = make_table(Backend())
    region.backend.sweeper.enable(table, "ttl")
    oldest = NOW - limits.TIME_TO_LIVE_AGE_SECONDS_MAX
    put(region, table, "too old", oldest - 1)
    put(region, table, "milliseconds", NOW * 1000)
    put(region, table, "just old enough", oldest)
    put(region, table, "negative", -5)
    assert sweep(region, table, NOW) == 1
    assert names(table) == ["milliseconds", "negative", "too old"]


def test_nothing_is_swept_without_a_time_to_live():
    region, table = make_table(Backend())
    put(region, table, "a", 1)
    assert sweep(region, table, NOW) == 0


def test_a_sweep_is_the_services():
    region, table = make_table(Backend())
    region.backend.sweeper.enable(table, "ttl")
    put(region, table, "a", NOW)
    seen: list[Change] = []
    table.add_recorder(lambda change, _: seen.append(change))
    sweep(region, table, NOW)
    assert [(change.by_service, change.new) for change in seen] == [(True, None)]


TIMES = st.none() | st.integers(NOW - 3, NOW + 3)
NAMES = st.sampled_from("abcd")


class SweepMachine(RuleBasedStateMachine):
    """Random writes, sweeps, marks and restores against a plain dictionary."""

    def __init__(self):
        super().__init__()
        self.backend = Backend()
        self.region, self.table = make_table(self.backend)
        self.model = {}
        self.enabled = False
        self.marks = []

    @rule(name=NAMES, ttl=TIMES)
    def put(self, name, ttl):
        put(self.region, self.table, name, ttl)
        self.model[name] = ttl

    @rule(name=NAMES)
    def delete(self, name):
        helpers.delete(self.backend, self.table, {"pk": {"S": name}})
        self.model.pop(name, None)

    @rule(enabled=st.booleans())
    def enable(self, enabled):
        sweeper = self.backend.sweeper
        if enabled:
            sweeper.enable(self.table, "ttl")
        else:
            sweeper.disable(self.table)
        self.enabled = enabled

    @rule(at=st.integers(NOW - 3, NOW + 3))
    def sweep(self, at):
        over = [name for name, ttl in self.model.items() if ttl is not None and ttl <= at]
        assert sweep(self.region, self.table, at) == (len(over) if self.enabled else 0)
        if self.enabled:
            for name in over:
                del self.model[name]

    @rule()
    def mark(self):
        self.marks.append((self.backend.snapshot(), dict(self.model), self.enabled))

    @rule(choice=st.randoms(use_true_random=False))
    def restore(self, choice: random.Random):
        if self.marks:
            position = choice.randrange(len(self.marks))
            mark, model, self.enabled = self.marks[position]
            self.backend.restore(mark)
            self.model = dict(model)
            del self.marks[position + 1 :]

    @invariant()
    def agrees_with_the_model(self):
        assert names(self.table) == sorted(self.model)
        assert (self.table.expiry is not None) == self.enabled
        self.table._check()


TestSweepMachine = SweepMachine.TestCase
TestSweepMachine.settings = hypothesis_settings(max_examples=examples(60), stateful_step_count=30)
