from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock.engine.backend import Backend
from ddbmock.engine.index import Index, Projection
from ddbmock.engine.items import Change, StoredItem
from ddbmock.engine.journal import Journal
from ddbmock.engine.keys import KeyAttribute, KeySchema
from ddbmock.engine.settings import TableSettings
from ddbmock.engine.table import Table
from ddbmock.engine.values import item_bytes
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    import random

TABLE_KEY = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("sk", "N")])


def make_index(name, partition, sort, projection, *, is_global):
    return Index(
        name,
        KeySchema(partition, sort),
        projection,
        TABLE_KEY,
        is_global=is_global,
    )


def make_table(journal=None):
    g, h, d = KeyAttribute("g", "S"), KeyAttribute("h", "N"), KeyAttribute("d", "S")
    return Table(
        "t",
        TABLE_KEY,
        TableSettings("id", 0.0, {}),
        journal or Journal(),
        [
            make_index("all", [g], [h], Projection("ALL"), is_global=True),
            make_index("keys", [h], [], Projection("KEYS_ONLY"), is_global=True),
            make_index("several", [g, d], [h], Projection("INCLUDE", ("x",)), is_global=True),
            make_index(
                "local",
                [KeyAttribute("pk", "S")],
                [d],
                Projection("INCLUDE", ("x",)),
                is_global=False,
            ),
        ],
    )


def put(table, item):
    key = table.key_schema.order_key(item)
    change = Change(key, table.items.get(key), StoredItem(item, item_bytes(item)))
    table.apply(change)
    return change


def delete(table, item):
    key = table.key_schema.order_key(item)
    change = Change(key, table.items.get(key), None)
    table.apply(change)
    return change


def contents(table):
    return [stored.load() for stored in table.items.values()]


def make_item(pk="a", sk="1", **attributes):
    return {"pk": {"S": pk}, "sk": {"N": sk}, **attributes}


class TestApply:
    def test_an_identical_write_leaves_no_trace(self):
        table = make_table()
        item = make_item(g={"S": "g"}, h={"N": "1"})
        put(table, item)
        seen: list[Change] = []
        table.observers.append(seen.append)
        assert put(table, item).index_writes == []
        assert seen == []

    def test_a_moved_index_key_is_two_writes(self):
        table = make_table()
        put(table, make_item(g={"S": "g"}, h={"N": "1"}))
        change = put(table, make_item(g={"S": "g2"}, h={"N": "1"}))
        assert [(w.index_name, len(w.entry_bytes)) for w in change.index_writes] == [("all", 2)]

    def test_an_index_whose_projection_did_not_change_is_not_written(self):
        table = make_table()
        put(table, make_item(g={"S": "g"}, h={"N": "1"}, d={"S": "d"}, y={"S": "1"}))
        change = put(table, make_item(g={"S": "g"}, h={"N": "1"}, d={"S": "d"}, y={"S": "2"}))
        assert [w.index_name for w in change.index_writes] == ["all"]
        table._check()

    def test_removing_what_is_not_there_changes_nothing(self):
        table = make_table()
        delete(table, make_item())
        assert contents(table) == []
        table._check()

    def test_an_index_added_later_is_filled(self):
        table = make_table()
        for number in range(20):
            put(table, make_item(sk=str(number), z={"S": str(number % 3)}))
        table.add_index(
            make_index("z", [KeyAttribute("z", "S")], [], Projection("ALL"), is_global=True)
        )
        assert table.indexes["z"].entry_count == 20
        table._check()


class TestOrder:
    def test_sort_keys_go_by_value(self):
        table = make_table()
        numbers = ["10", "9", "-1", "0.5", "1", "123456789012345678901234567890"]
        for number in numbers:
            put(table, make_item(sk=number))
        assert [item["sk"]["N"] for item in contents(table)] == [
            "-1", "0.5", "1", "9", "10", "123456789012345678901234567890",
        ]  # fmt: skip

    def test_partitions_do_not_lie_in_the_order_of_their_names(self):
        table = make_table()
        names = [f"p{number:02d}" for number in range(50)]
        for name in names:
            put(table, make_item(pk=name))
        found = [item["pk"]["S"] for item in contents(table)]
        assert sorted(found) == names
        assert found != names


class TestJournal:
    def test_restore_takes_back_everything_since_the_mark(self):
        journal = Journal()
        table = make_table(journal)
        put(table, make_item(g={"S": "g"}, h={"N": "1"}))
        before = contents(table)
        mark = journal.mark()
        put(table, make_item(g={"S": "other"}, h={"N": "2"}))
        put(table, make_item(sk="2", d={"S": "d"}))
        delete(table, make_item())
        journal.restore(mark)
        assert contents(table) == before
        table._check()
        put(table, make_item(sk="3"))
        journal.restore(mark)
        assert contents(table) == before

    def test_a_mark_later_than_the_restored_one_is_void(self):
        journal = Journal()
        table = make_table(journal)
        first = journal.mark()
        put(table, make_item())
        second = journal.mark()
        journal.restore(first)
        with pytest.raises(MisuseError, match="void"):
            journal.restore(second)

    def test_a_mark_of_another_world_is_refused(self):
        with pytest.raises(MisuseError, match="another mock"):
            Backend().restore(Backend().snapshot())

    def test_nothing_is_recorded_without_a_mark(self):
        journal = Journal()
        table = make_table(journal)
        mark = journal.mark()
        put(table, make_item())
        del mark
        put(table, make_item(sk="2"))
        assert not journal.recording
        assert journal._undo == []

    def test_a_removed_table_comes_back_with_its_items(self):
        backend = Backend()
        region = backend.region("us-east-1")
        table = make_table(backend.journal)
        region.add_table(table)
        put(table, make_item())
        with backend.rollback():
            put(table, make_item(sk="2"))
            region.remove_table("t")
            region.add_table(make_table(backend.journal))
        assert contents(region.tables["t"]) == [make_item()]


OPTIONAL = st.none() | st.sampled_from(["1", "2", "3"])


class TableMachine(RuleBasedStateMachine):
    """Random writes, deletes, marks and restores against a plain dictionary."""

    def __init__(self):
        super().__init__()
        self.journal = Journal()
        self.table = make_table(self.journal)
        self.model = {}
        self.marks = []

    @rule(
        pk=st.sampled_from("ab"),
        sk=st.sampled_from(["1", "2", "10"]),
        g=OPTIONAL,
        h=OPTIONAL,
        d=OPTIONAL,
        x=OPTIONAL,
        y=OPTIONAL,
    )
    def put(self, pk, sk, g, h, d, x, y):
        optional = {"g": g, "d": d, "x": x, "y": y}
        item = make_item(pk, sk, **{k: {"S": v} for k, v in optional.items() if v})
        if h is not None:
            item["h"] = {"N": h}
        put(self.table, item)
        self.model[pk, sk] = item

    @rule(pk=st.sampled_from("ab"), sk=st.sampled_from(["1", "2", "10"]))
    def delete(self, pk, sk):
        delete(self.table, make_item(pk, sk))
        self.model.pop((pk, sk), None)

    @rule()
    def mark(self):
        self.marks.append((self.journal.mark(), dict(self.model)))

    @rule(choice=st.randoms(use_true_random=False))
    def restore(self, choice: random.Random):
        if self.marks:
            position = choice.randrange(len(self.marks))
            mark, model = self.marks[position]
            self.journal.restore(mark)
            self.model = dict(model)
            del self.marks[position + 1 :]

    @invariant()
    def agrees_with_the_model(self):
        found = {(item["pk"]["S"], item["sk"]["N"]): item for item in contents(self.table)}
        assert found == self.model
        self.table._check()


TestTableMachine = TableMachine.TestCase
TestTableMachine.settings = hypothesis_settings(max_examples=60, stateful_step_count=30)
