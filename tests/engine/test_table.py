from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.index import Index, Projection
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import TableSettings
from ddbmock._internal.engine.table import Table
from ddbmock._internal.errors import MisuseError
from tests.engine.helpers import delete, items_of, put
from tests.random_examples import examples

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


def make_table(backend):
    g, h, d = KeyAttribute("g", "S"), KeyAttribute("h", "N"), KeyAttribute("d", "S")
    return Table(
        "t",
        TABLE_KEY,
        TableSettings("id", 0.0, {}),
        backend.journal,
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


def make_item(pk="a", sk="1", **attributes):
    return {"pk": {"S": pk}, "sk": {"N": sk}, **attributes}


class TestApply:
    def test_an_identical_write_leaves_no_trace(self):
        backend = Backend()
        table = make_table(backend)
        item = make_item(g={"S": "g"}, h={"N": "1"})
        put(backend, table, item)
        seen: list[object] = []
        table.add_recorder(lambda change, _: seen.append(change))
        assert put(backend, table, item).index_writes == ()
        assert seen == []

    def test_a_moved_index_key_is_two_writes(self):
        backend = Backend()
        table = make_table(backend)
        put(backend, table, make_item(g={"S": "g"}, h={"N": "1"}))
        change = put(backend, table, make_item(g={"S": "g2"}, h={"N": "1"}))
        assert [(w.index.name, len(w.entry_bytes)) for w in change.index_writes] == [("all", 2)]

    def test_an_index_whose_projection_did_not_change_is_not_written(self):
        backend = Backend()
        table = make_table(backend)
        put(backend, table, make_item(g={"S": "g"}, h={"N": "1"}, d={"S": "d"}, y={"S": "1"}))
        change = put(
            backend, table, make_item(g={"S": "g"}, h={"N": "1"}, d={"S": "d"}, y={"S": "2"})
        )
        assert [w.index.name for w in change.index_writes] == ["all"]
        table._check()

    def test_removing_what_is_not_there_changes_nothing(self):
        backend = Backend()
        table = make_table(backend)
        delete(backend, table, make_item())
        assert items_of(table) == []
        table._check()

    def test_an_index_added_later_is_filled(self):
        backend = Backend()
        table = make_table(backend)
        for number in range(20):
            put(backend, table, make_item(sk=str(number), z={"S": str(number % 3)}))
        table.add_index(
            make_index("z", [KeyAttribute("z", "S")], [], Projection("ALL"), is_global=True)
        )
        assert table.indexes["z"].entry_count == 20
        table._check()


class TestOrder:
    def test_sort_keys_go_by_value(self):
        backend = Backend()
        table = make_table(backend)
        numbers = ["10", "9", "-1", "0.5", "1", "123456789012345678901234567890"]
        for number in numbers:
            put(backend, table, make_item(sk=number))
        assert [item["sk"]["N"] for item in items_of(table)] == [
            "-1", "0.5", "1", "9", "10", "123456789012345678901234567890",
        ]  # fmt: skip

    def test_partitions_do_not_lie_in_the_order_of_their_names(self):
        backend = Backend()
        table = make_table(backend)
        names = [f"p{number:02d}" for number in range(50)]
        for name in names:
            put(backend, table, make_item(pk=name))
        found = [item["pk"]["S"] for item in items_of(table)]
        assert sorted(found) == names
        assert found != names


class TestJournal:
    def test_restore_undoes_everything_since_the_mark(self):
        backend = Backend()
        table = make_table(backend)
        put(backend, table, make_item(g={"S": "g"}, h={"N": "1"}))
        before = items_of(table)
        mark = backend.snapshot()
        put(backend, table, make_item(g={"S": "other"}, h={"N": "2"}))
        put(backend, table, make_item(sk="2", d={"S": "d"}))
        delete(backend, table, make_item())
        backend.restore(mark)
        assert items_of(table) == before
        table._check()
        put(backend, table, make_item(sk="3"))
        backend.restore(mark)
        assert items_of(table) == before

    def test_a_mark_later_than_the_restored_one_is_void(self):
        backend = Backend()
        table = make_table(backend)
        first = backend.snapshot()
        put(backend, table, make_item())
        second = backend.snapshot()
        backend.restore(first)
        with pytest.raises(MisuseError, match="void"):
            backend.restore(second)

    def test_a_mark_of_another_world_is_refused(self):
        with pytest.raises(MisuseError, match="another mock"):
            Backend().restore(Backend().snapshot())

    def test_nothing_is_recorded_without_a_mark(self):
        backend = Backend()
        table = make_table(backend)
        mark = backend.snapshot()
        put(backend, table, make_item())
        del mark
        put(backend, table, make_item(sk="2"))
        assert backend.journal.log() is None

    def test_a_removed_table_comes_back_with_its_items(self):
        backend = Backend()
        region = backend.region("us-east-1")
        table = make_table(backend)
        region.add_table(table)
        put(backend, table, make_item())
        with backend.rollback():
            put(backend, table, make_item(sk="2"))
            region.remove_table("t")
            region.add_table(make_table(backend))
        assert items_of(region.tables["t"]) == [make_item()]


OPTIONAL = st.none() | st.sampled_from(["1", "2", "3"])


class TableMachine(RuleBasedStateMachine):
    """Random writes, deletes, marks and restores against a plain dictionary."""

    def __init__(self):
        super().__init__()
        self.backend = Backend()
        self.table = make_table(self.backend)
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
        put(self.backend, self.table, item)
        self.model[pk, sk] = item

    @rule(pk=st.sampled_from("ab"), sk=st.sampled_from(["1", "2", "10"]))
    def delete(self, pk, sk):
        delete(self.backend, self.table, make_item(pk, sk))
        self.model.pop((pk, sk), None)

    @rule()
    def mark(self):
        self.marks.append((self.backend.snapshot(), dict(self.model)))

    @rule(choice=st.randoms(use_true_random=False))
    def restore(self, choice: random.Random):
        if self.marks:
            position = choice.randrange(len(self.marks))
            mark, model = self.marks[position]
            self.backend.restore(mark)
            self.model = dict(model)
            del self.marks[position + 1 :]

    @invariant()
    def agrees_with_the_model(self):
        found = {(item["pk"]["S"], item["sk"]["N"]): item for item in items_of(self.table)}
        assert found == self.model
        self.table._check()


TestTableMachine = TableMachine.TestCase
TestTableMachine.settings = hypothesis_settings(max_examples=examples(60), stateful_step_count=30)
