from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock import limits
from ddbmock.engine.expiry import queue_of, sweep
from ddbmock.engine.items import Change, StoredItem
from ddbmock.engine.journal import Journal
from ddbmock.engine.keys import KeyAttribute, KeySchema
from ddbmock.engine.settings import TableSettings
from ddbmock.engine.table import Table
from ddbmock.engine.values import item_bytes

if TYPE_CHECKING:
    import random

NOW = 2_000_000_000


def make_table(journal=None):
    key = KeySchema([KeyAttribute("pk", "S")], [])
    return Table("t", key, TableSettings("id", 0.0, {}), journal or Journal())


def put(table, name, ttl=None):
    item = {"pk": {"S": name}}
    if ttl is not None:
        item["ttl"] = ttl if isinstance(ttl, dict) else {"N": str(ttl)}
    key = table.key_schema.order_key(item)
    table.apply(Change(key, table.items.get(key), StoredItem(item, item_bytes(item))))


def delete(table, name):
    key = table.key_schema.order_key({"pk": {"S": name}})
    table.apply(Change(key, table.items.get(key), None))


def names(table):
    return sorted(stored.load()["pk"]["S"] for stored in table.items.values())


def test_what_is_due():
    table = make_table()
    put(table, "earlier", NOW - 1)
    put(table, "now", NOW)
    put(table, "soon", f"{NOW}.5")
    put(table, "later", NOW + 1)
    put(table, "never")
    table.use_expiry(queue_of(table, "ttl"))
    assert sweep(table, NOW, NOW) == 2
    assert names(table) == ["later", "never", "soon"]
    assert sweep(table, NOW, NOW) == 0
    assert sweep(table, NOW + 1, NOW + 1) == 2
    table._check()


def test_what_is_no_number_never_ends():
    table = make_table()
    table.use_expiry(queue_of(table, "ttl"))
    for number, value in enumerate([{"S": "1"}, {"NS": ["1"]}, {"L": [{"N": "1"}]}]):
        put(table, str(number), value)
    assert sweep(table, NOW, NOW) == 0
    assert len(table.expiry) == 0


def test_only_the_last_five_years_count():
    table = make_table()
    table.use_expiry(queue_of(table, "ttl"))
    oldest = NOW - limits.TIME_TO_LIVE_AGE_SECONDS_MAX
    put(table, "too old", oldest - 1)
    put(table, "milliseconds", NOW * 1000)
    put(table, "just old enough", oldest)
    put(table, "negative", -5)
    assert sweep(table, NOW, NOW) == 1
    assert names(table) == ["milliseconds", "negative", "too old"]


def test_nothing_is_swept_without_a_time_to_live():
    table = make_table()
    put(table, "a", 1)
    assert sweep(table, NOW, NOW) == 0


def test_a_sweep_is_the_services():
    table = make_table()
    table.use_expiry(queue_of(table, "ttl"))
    put(table, "a", NOW)
    seen: list[Change] = []
    table.observers.append(seen.append)
    sweep(table, NOW, NOW)
    assert [(change.by_service, change.new) for change in seen] == [(True, None)]


TIMES = st.none() | st.integers(NOW - 3, NOW + 3)
NAMES = st.sampled_from("abcd")


class SweepMachine(RuleBasedStateMachine):
    """Random writes, sweeps, marks and restores against a plain dictionary."""

    def __init__(self):
        super().__init__()
        self.journal = Journal()
        self.table = make_table(self.journal)
        self.model = {}
        self.enabled = False
        self.marks = []

    @rule(name=NAMES, ttl=TIMES)
    def put(self, name, ttl):
        put(self.table, name, ttl)
        self.model[name] = ttl

    @rule(name=NAMES)
    def delete(self, name):
        delete(self.table, name)
        self.model.pop(name, None)

    @rule(enabled=st.booleans())
    def enable(self, enabled):
        self.table.use_expiry(queue_of(self.table, "ttl") if enabled else None)
        self.enabled = enabled

    @rule(at=st.integers(NOW - 3, NOW + 3))
    def sweep(self, at):
        over = [name for name, ttl in self.model.items() if ttl is not None and ttl <= at]
        assert sweep(self.table, at, at) == (len(over) if self.enabled else 0)
        if self.enabled:
            for name in over:
                del self.model[name]

    @rule()
    def mark(self):
        self.marks.append((self.journal.mark(), dict(self.model), self.enabled))

    @rule(choice=st.randoms(use_true_random=False))
    def restore(self, choice: random.Random):
        if self.marks:
            position = choice.randrange(len(self.marks))
            mark, model, self.enabled = self.marks[position]
            self.journal.restore(mark)
            self.model = dict(model)
            del self.marks[position + 1 :]

    @invariant()
    def agrees_with_the_model(self):
        assert names(self.table) == sorted(self.model)
        assert (self.table.expiry is not None) == self.enabled
        self.table._check()


TestSweepMachine = SweepMachine.TestCase
TestSweepMachine.settings = hypothesis_settings(max_examples=60, stateful_step_count=30)
