"""A table as it was: read like a table that was built from the items of then."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.clock import Clock
from ddbmock._internal.engine.commit import Committer
from ddbmock._internal.engine.history import History
from ddbmock._internal.engine.index import Index, Projection
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.journal import Journal
from ddbmock._internal.engine.keys import HIGHEST, KeyAttribute, KeySchema
from ddbmock._internal.engine.past import PastTable
from ddbmock._internal.engine.settings import TableSettings
from ddbmock._internal.engine.table import Table
from ddbmock._internal.engine.values import item_bytes

SCHEMA = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("sk", "N")])
BY_COLOUR = KeySchema([KeyAttribute("colour", "S")], [])
LOCAL = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("colour", "S")])
LOW, HIGH = (-1,), (HIGHEST,)


def new_table(journal: Journal) -> Table:
    indexes = [
        Index("global", BY_COLOUR, Projection("ALL"), SCHEMA, is_global=True),
        Index("keys", BY_COLOUR, Projection("KEYS_ONLY"), SCHEMA, is_global=True),
        Index("local", LOCAL, Projection("ALL"), SCHEMA, is_global=False),
    ]
    settings = TableSettings("id", 0.0, {"pk": "S", "sk": "N", "colour": "S"})
    return Table("orders", SCHEMA, settings, journal, indexes)


def item(pk: str, sk: int, colour: str | None, size: int) -> dict[str, Any]:
    made = {"pk": {"S": pk}, "sk": {"N": str(sk)}, "size": {"N": str(size)}}
    return made if colour is None else {**made, "colour": {"S": colour}}


steps = st.tuples(
    st.integers(0, 2),  # by how much the clock is advanced first
    st.sampled_from("ab"),
    st.integers(0, 3),
    st.none() | st.sampled_from(["red", "blue"]),
    st.none() | st.integers(0, 2),  # None deletes
)


class Timeline:
    """A table with a history, and the steps that were done to it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.clock.freeze(0)
        self.journal = Journal()
        self.table = new_table(self.journal)
        self.history = History(self.clock, self.journal, 1000.0)
        self.table.use_history(self.history)
        self.committer = Committer(self.journal, self.clock)
        #: Time, number of changes so far, items.
        self.states: list[tuple[float, int, dict[Any, StoredItem]]] = []

    def do(self, step: tuple[int, str, int, str | None, int | None]) -> None:
        seconds, pk, sk, colour, size = step
        self.clock.advance(seconds)
        made = item(pk, sk, colour, 0 if size is None else size)
        key = SCHEMA.order_key(made)
        assert key is not None
        new = None if size is None else StoredItem(made, item_bytes(made))
        old = self.table.items.get(key)
        if old is not None or new is not None:
            self.committer.commit([(self.table, Change(key, old, new))])
        self.states.append((self.clock.seconds(), self.history.number, dict(self.table.items)))


def contents(table: Table, name: str | None, *, backward: bool) -> list[Any]:
    source = table.sources[name]
    rows = list(source.between(LOW, HIGH, backward=backward))
    return [entry.load() for entry in source.entries_at(rows)]


@given(st.lists(steps, min_size=1, max_size=25))
def test_every_earlier_state_is_read_as_it_was(given_steps: list[Any]) -> None:
    timeline = Timeline()
    for step in given_steps:
        timeline.do(step)
    last_of_time = {at: items for at, _, items in timeline.states}
    for at, items in last_of_time.items():
        check(timeline, at, 0, items)
    for _, number, items in timeline.states:
        # At a time before everything, what has been settled is seen all the same.
        check(timeline, -1, number, items)


def check(timeline: Timeline, at: float, visible: int, items: dict[Any, StoredItem]) -> None:
    fresh = new_table(Journal())
    for key, stored in items.items():
        fresh.restore_item(key, stored)
    noted: list[Any] = []
    past = PastTable(timeline.table, timeline.history, at, visible, noted.append)
    for name in (None, "global", "keys", "local"):
        for backward in (False, True):
            assert contents(past, name, backward=backward) == contents(
                fresh, name, backward=backward
            )
    for key in {*items, *timeline.table.items}:
        then = past.items.get(key)
        assert (then and then.load()) == (items[key].load() if key in items else None)
    differing = {
        key
        for key in {*items, *timeline.table.items}
        if items.get(key) is not timeline.table.items.get(key)
    }
    assert set(noted) == differing


def test_what_is_behind_the_range_is_not_noted() -> None:
    timeline = Timeline()
    timeline.do((0, "a", 1, "red", 1))
    timeline.do((0, "a", 3, "red", 1))
    noted: list[Any] = []
    past = PastTable(timeline.table, timeline.history, -1, 0, noted.append)
    key = SCHEMA.order_key(item("a", 2, None, 0))
    assert key is not None
    assert list(past.sources[None].between(key[:2], key)) == []
    assert [each[2] for each in noted] == [1]
