from __future__ import annotations

import threading
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.commit import CALL, LOAD
from ddbmock._internal.engine.index import Index, Projection
from ddbmock._internal.engine.journal import Journal
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import TableSettings
from ddbmock._internal.engine.table import Table
from ddbmock._internal.engine.table_streams import disable_stream, enable_stream
from tests.engine.helpers import delete, deletion_of, items_of, put, put_of
from tests.engine.interrupts import Interrupt, instruction_count, interrupted
from tests.random_examples import examples

KEY = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("sk", "S")])
NOW = 1_900_000_000.0


def make_item(pk, sk="1", **attributes):
    return {"pk": {"S": pk}, "sk": {"S": sk}, **{k: {"S": v} for k, v in attributes.items()}}


class Rig:
    """Two tables in two regions, with all that a commit writes."""

    def __init__(self, *names):
        self.backend = Backend()
        self.backend.clock.freeze(NOW)
        self.tables = {name: self._table(name) for name in names or ("one", "two")}

    def _table(self, name):
        region = self.backend.region(f"region-{name}")
        indexes = [
            Index("global", KeySchema([KeyAttribute("g", "S")], []), Projection("ALL"), KEY,
                  is_global=True),
            Index("local", KeySchema(KEY.partition, [KeyAttribute("l", "S")]),
                  Projection("INCLUDE", ("x",)), KEY, is_global=False),
        ]  # fmt: skip
        table = Table(name, KEY, TableSettings("id", 0.0, {}), self.backend.journal, indexes)
        region.add_table(table)
        enable_stream(region, table, "NEW_AND_OLD_IMAGES")
        self.backend.sweeper.enable(table, "ttl")
        return table

    def put(self, name, item):
        put(self.backend, self.tables[name], item)

    def changes(self, *writes):
        """Return changes: of an item that is stored or, as a pair, of a key that goes."""
        return [
            (self.tables[name], put_of(self.tables[name], item))
            if item is not None
            else (self.tables[name], deletion_of(self.tables[name], make_item(*key)))
            for name, key, item in writes
        ]

    def contents(self):
        """Return all that can be seen, after checking that its parts agree."""
        shown = {}
        for name, table in self.tables.items():
            table._check()
            table.stream._check()
            records = [(r.event_name, r.key[1:]) for r in table.stream.all_records()]
            shown[name] = (
                items_of(table),
                {i.name: [e.load() for e in i.entries()] for i in table.indexes.values()},
                table.size_bytes,
                dict(table.collection_bytes),
                records,
            )
        return shown


def three_changes(rig):
    """Return changes of every kind: a new item, a replaced one, a removed one."""
    return rig.changes(
        ("one", None, make_item("a", g="g1", l="l1", x="x")),
        ("two", None, {**make_item("b", g="moved", l="l1", x="y"), "ttl": {"N": "5"}}),
        ("one", ("c", "1"), None),
    )


def filled():
    rig = Rig()
    for name in ("one", "two"):
        for pk in "bcd":
            rig.put(name, {**make_item(pk, g=f"g{pk}", l="l1", x="x"), "ttl": {"N": "7"}})
    return rig


class TestAllOrNone:
    def test_changes_of_several_tables_and_regions(self):
        rig = filled()
        rig.backend.commit(three_changes(rig))
        one, two = rig.contents().values()
        assert [item["pk"]["S"] for item in sorted(one[0], key=str)] == ["a", "b", "d"]
        assert [entry["g"]["S"] for entry in two[1]["global"]].count("moved") == 1
        assert one[4][-2:] == [("INSERT", ("a", "1")), ("REMOVE", ("c", "1"))]
        assert two[4][-1] == ("MODIFY", ("b", "1"))

    @pytest.mark.parametrize("has_savepoint", [False, True])
    @pytest.mark.parametrize("failing", [0, 1, 2])
    def test_a_failing_recorder_leaves_nothing(self, failing, has_savepoint):
        rig = filled()
        savepoint = rig.backend.snapshot() if has_savepoint else None
        before = rig.contents()
        seen: list[Any] = []

        def fail(change, _log):
            seen.append(change.key)
            if len(seen) == failing + 1:
                raise RuntimeError("no")

        for table in rig.tables.values():
            table.add_recorder(fail)
        with pytest.raises(RuntimeError, match="no"):
            rig.backend.commit(three_changes(rig))
        assert rig.contents() == before
        assert savepoint is None or rig.backend.restore(savepoint) is None
        assert rig.contents() == before

    def test_a_failing_participant_leaves_nothing(self):
        rig = filled()
        before = rig.contents()
        taken = []

        def fail(committed):
            taken.append(committed)
            raise OSError("the disk is full")

        rig.backend.take_part(fail)
        with pytest.raises(OSError, match="disk"):
            rig.backend.commit(three_changes(rig))
        assert rig.contents() == before
        assert len(taken[0].changes) == 3

    def test_a_failing_plan_leaves_nothing(self, monkeypatch):
        rig = filled()
        before = rig.contents()
        changes = three_changes(rig)

        def fail(*_):
            raise RuntimeError("a bug")

        monkeypatch.setattr(Index, "entry_key", fail)
        with pytest.raises(RuntimeError, match="a bug"):
            rig.backend.commit(changes)
        monkeypatch.undo()
        assert rig.contents() == before

    def test_a_commit_within_a_failing_block(self):
        rig = filled()
        before = rig.contents()

        def change_and_fail():
            with rig.backend.atomic():
                rig.backend.commit(three_changes(rig))
                raise RuntimeError("later")

        with pytest.raises(RuntimeError, match="later"):
            change_and_fail()
        assert rig.contents() == before

    def test_a_failing_commit_within_a_block_that_continues(self):
        rig = filled()
        table = rig.tables["one"]

        def fail(_change, _log):
            raise RuntimeError("no")

        def block(*, fails):
            with rig.backend.atomic():
                rig.put("two", make_item("e"))
                table.add_recorder(fail)
                with pytest.raises(RuntimeError, match="no"):
                    rig.backend.commit(three_changes(rig))
                table.remove_recorder(fail)
                if fails:
                    raise KeyError

        before = rig.contents()
        with pytest.raises(KeyError):
            block(fails=True)
        assert rig.contents() == before
        block(fails=False)
        after = rig.contents()
        assert after["one"] == before["one"]
        assert make_item("e") in after["two"][0]


def outcome_of_interrupt(at, *, has_savepoint=False):
    """Interrupt a commit, and return whether it was, and whether its changes are there."""
    rig = filled()
    savepoint = rig.backend.snapshot() if has_savepoint else None
    before = rig.contents()
    changes = three_changes(rig)
    was_interrupted = interrupted(lambda: rig.backend.commit(changes), at)
    rig.backend.catch_up()
    after = rig.contents()
    if after != before:
        again = filled()
        again.backend.commit(three_changes(again))
        assert after == again.contents()
    # Whatever is left works on, and goes back.
    rig.backend.commit(rig.changes(("one", None, make_item("z")), ("two", ("d", "1"), None)))
    rig.contents()
    if savepoint is not None:
        rig.backend.restore(savepoint)
        assert rig.contents() == before
    return was_interrupted, after != before


class TestInterrupts:
    """An exception of a signal handler may arrive between any two instructions."""

    def test_everywhere(self):
        for _ in range(20):  # until the forms of these items are known
            outcome_of_interrupt(1)
        done = []
        for at in count(1, 19):
            was_interrupted, is_done = outcome_of_interrupt(at)
            if not was_interrupted:
                break
            done.append(is_done)
        assert len(done) > 50
        # Once it is done it stays done: only at the very end.
        assert done == sorted(done)
        assert sum(done) < 4

    @hypothesis_settings(max_examples=examples(80), deadline=None)
    @given(at=st.integers(1, 2000))
    def test_under_a_savepoint(self, at):
        outcome_of_interrupt(at, has_savepoint=True)

    @hypothesis_settings(max_examples=examples(120), deadline=None)
    @given(at=st.integers(1, 1500), then_at=st.integers(1, 1500), has_savepoint=st.booleans())
    def test_twice(self, at, then_at, has_savepoint):
        rig = filled()
        savepoint = rig.backend.snapshot() if has_savepoint else None
        before = rig.contents()
        changes = three_changes(rig)
        finish = Journal.finish

        def interrupted_finish(journal):
            patch.undo()
            if interrupted(lambda: finish(journal), then_at):
                raise Interrupt

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Journal, "finish", interrupted_finish)
            was_interrupted = interrupted(lambda: rig.backend.commit(changes), at)
        rig.backend.catch_up()
        if was_interrupted:
            assert rig.contents() == before
        if savepoint is not None:
            rig.backend.restore(savepoint)
            assert rig.contents() == before

    @hypothesis_settings(max_examples=examples(120), deadline=None)
    @given(at=st.integers(1, 4000))
    def test_a_restore_that_is_interrupted_is_finished_by_the_next_call(self, at):
        rig = filled()
        before = rig.contents()
        savepoint = rig.backend.snapshot()
        rig.backend.commit(three_changes(rig))
        rig.put("two", make_item("n", g="new"))
        delete(rig.backend, rig.tables["two"], make_item("b"))
        changed = rig.contents()
        interrupted(lambda: rig.backend.restore(savepoint), at)
        rig.backend.catch_up()
        assert rig.contents() in (before, changed)
        rig.backend.restore(savepoint)
        assert rig.contents() == before

    @hypothesis_settings(max_examples=examples(100), deadline=None)
    @given(at=st.integers(1, 3000))
    def test_tables_and_streams_too(self, at):
        rig = filled()
        before = rig.contents()
        region = rig.backend.region("region-one")
        table = rig.tables["one"]

        def change():
            with rig.backend.atomic():
                disable_stream(region, table)
                rig.put("one", make_item("n"))
                region.remove_table("one")
                region.add_table(Table("a", KEY, TableSettings("id", 0.0, {}), rig.backend.journal))

        was_interrupted = interrupted(change, at)
        rig.backend.catch_up()
        if was_interrupted and list(region.tables) == ["one"]:
            assert region.tables["one"] is table
            assert rig.contents() == before
        else:
            assert list(region.tables) == ["a"]


class TestObservers:
    def test_they_are_called_after_the_call_in_the_order_of_the_commits(self):
        rig = filled()
        seen: list[Any] = []
        rig.backend.observe(seen.append)
        rig.backend.commit(three_changes(rig))
        rig.backend.commit(rig.changes(("one", None, make_item("n"))), LOAD)
        assert seen == []
        rig.backend.finish_call()
        assert [(each.at, each.origin, len(each.changes)) for each in seen] == [
            (NOW, CALL, 3),
            (NOW, LOAD, 1),
        ]

    def test_one_that_fails_starves_no_other_and_undoes_nothing(self):
        rig = filled()
        seen: list[Any] = []

        def fail_first(_):
            raise RuntimeError("first")

        def fail_second(_):
            raise RuntimeError("second")

        for observer in (fail_first, fail_second, seen.append):
            rig.backend.observe(observer)
        rig.backend.after_call.append(lambda: seen.append("after the call"))
        rig.put("one", make_item("n"))
        with pytest.raises(RuntimeError, match="first") as raised:
            rig.backend.finish_call()
        assert str(raised.value.__context__) == "second"
        assert len(seen) == 2
        assert make_item("n") in rig.contents()["one"][0]
        rig.backend.finish_call()
        assert len(seen) == 3

    def test_an_interrupted_delivery_continues_with_the_next_call(self):
        rig = filled()
        seen: list[Any] = []

        def interrupt_first(_):
            if not seen:
                seen.append("interrupted")
                raise Interrupt

        rig.backend.observe(interrupt_first)
        rig.backend.observe(seen.append)
        for pk in "no":
            rig.put("one", make_item(pk))
        with pytest.raises(Interrupt):
            rig.backend.finish_call()
        rig.backend.finish_call()
        assert len(seen) == 2

    def test_what_an_observer_commits_is_reported_after_what_it_observes(self):
        rig = filled()
        seen: list[Any] = []

        def follow(committed):
            if len(seen) < 3:
                with rig.backend.exclusive():
                    rig.put("two", make_item("follow", str(len(seen))))
                rig.backend.finish_call()
            seen.append(committed)

        rig.backend.observe(follow)
        rig.put("one", make_item("n"))
        rig.backend.finish_call()
        assert [each.changes[0][1].key[1:] for each in seen] == [
            ("n", "1"), ("follow", "0"), ("follow", "1"), ("follow", "2"),
        ]  # fmt: skip

    def test_what_another_thread_commits_meanwhile_is_reported_by_the_delivery_in_progress(self):
        rig = filled()
        seen: list[Any] = []

        def other_call():
            with rig.backend.exclusive():
                rig.put("two", make_item("other"))
            rig.backend.finish_call()

        def observe(committed):
            if not seen:
                thread = threading.Thread(target=other_call)
                thread.start()
                thread.join()
            seen.append((committed.changes[0][1].key[1], threading.get_ident()))

        rig.backend.observe(observe)
        rig.put("one", make_item("n"))
        rig.backend.finish_call()
        assert seen == [("n", threading.get_ident()), ("other", threading.get_ident())]

    def test_a_change_that_changes_nothing_is_not_recorded(self):
        rig = filled()
        (item,) = (item for item in items_of(rig.tables["one"]) if item["pk"] == {"S": "b"})
        before = rig.contents()
        rig.put("one", item)
        assert rig.contents() == before


class TestFree:
    """What is switched off costs nothing: counted, not timed."""

    def test_a_plain_commit_calls_no_observer(self):
        rig = Rig("plain")
        table = rig.tables["plain"]
        for recorder in table.recorders:
            table.remove_recorder(recorder)
        rig.backend.sweeper.disable(table)
        table.remove_index("global")
        table.remove_index("local")
        plain = instruction_count(lambda: rig.put("plain", make_item("a")))
        rig.backend.observe(lambda _: None)
        observed = instruction_count(lambda: rig.put("plain", make_item("b")))
        enable_stream(rig.backend.region("region-plain"), table, "KEYS_ONLY")
        recorded = instruction_count(lambda: rig.put("plain", make_item("c")))
        assert plain < observed < recorded

    def test_the_journal_holds_nothing_without_savepoints(self):
        rig = filled()
        savepoint = rig.backend.snapshot()
        rig.put("one", make_item("n"))
        assert savepoint.has_changes()
        log = rig.backend.journal.log
        assert len(log() or ()) > 1
        del savepoint
        assert log() is None
        assert rig.backend.journal.log() is None
        assert rig.backend.journal.unfinished is None
