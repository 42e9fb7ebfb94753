from __future__ import annotations

import os
import signal
import threading
import warnings
from contextlib import contextmanager
from typing import Any

import pytest

from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.table import Table
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import held_here, new_lock
from tests.properties.service import Client

DEADLOCK_SECONDS = 30


def create_table(client, name="tab"):
    client(
        "CreateTable",
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put(client, pk, name="tab"):
    client("PutItem", TableName=name, Item={"pk": {"S": pk}})


def item_count(client, name="tab"):
    return client("Scan", TableName=name)["Count"]


@contextmanager
def held_by_another_thread(lock):
    is_held, may_release = threading.Event(), threading.Event()

    def hold():
        with lock:
            is_held.set()
            may_release.wait(DEADLOCK_SECONDS)

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(DEADLOCK_SECONDS)
    try:
        yield
    finally:
        may_release.set()
        thread.join()


def exit_code_of_child(run):
    """Fork, run a function in the child, and return 0 when it returned, 1 when it raised."""
    with warnings.catch_warnings():
        # Newer Pythons warn of what is tested here: a fork while there are threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(DEADLOCK_SECONDS)  # ends a child that waits for ever
            run()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
class TestFork:
    def test_a_child_is_not_left_locked_by_a_thread_of_its_parent(self):
        client = Client()
        create_table(client)
        with (
            held_by_another_thread(client.service.backend.lock),
            held_by_another_thread(client.service.calls._lock),
        ):
            assert exit_code_of_child(lambda: put(client, "a")) == 0
        assert item_count(client) == 0

    def test_what_the_forking_thread_holds_it_still_holds(self):
        lock = new_lock()

        def check():
            assert held_here(lock)()
            lock.release()
            assert not held_here(lock)()

        with lock:
            assert exit_code_of_child(check) == 0


class TestReentry:
    def test_a_call_within_a_call_is_refused(self):
        client = Client()
        create_table(client)
        with client.service.backend.lock, pytest.raises(MisuseError, match="signal handler"):
            put(client, "a")
        assert item_count(client) == 0

    @pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
    def test_a_call_of_a_signal_handler_in_mid_write_damages_nothing(self, monkeypatch):
        client = Client()
        create_table(client)
        put(client, "a")
        table = client.table("tab")
        write = Table.write

        def write_and_signal(written, change):
            write(written, change)
            signal.raise_signal(signal.SIGUSR1)

        monkeypatch.setattr(Table, "write", write_and_signal)
        before = signal.signal(signal.SIGUSR1, lambda *_: put(client, "c"))
        try:
            with pytest.raises(MisuseError, match="in the middle of another"):
                put(client, "b")
        finally:
            signal.signal(signal.SIGUSR1, before)
        monkeypatch.undo()
        table._check()
        assert item_count(client) == 1

    def test_an_observer_may_call(self):
        client = Client()
        create_table(client)
        backend = client.service.backend

        def follow(committed):
            if committed.changes[0][1].key[1] == "a":
                put(client, "b")

        backend.observe(follow)
        put(client, "a")
        assert item_count(client) == 2

    @pytest.mark.parametrize("name", ["catch_up", "settle", "reset", "snapshot", "expire"])
    def test_so_is_whatever_else_changes_the_backend(self, name):
        backend = Backend()
        with backend.lock, pytest.raises(MisuseError, match="in the middle of another"):
            getattr(backend, name)()

    def test_a_restore_too(self):
        backend = Backend()
        mark = backend.snapshot()
        with backend.lock, pytest.raises(MisuseError, match="in the middle of another"):
            backend.restore(mark)

    def test_another_thread_waits_instead(self):
        client = Client()
        create_table(client)
        thread = threading.Thread(target=put, args=(client, "a"))
        with client.service.backend.lock:
            thread.start()
        thread.join(DEADLOCK_SECONDS)
        assert item_count(client) == 1

    def test_one_call_of_every_region_at_a_time(self):
        backend = Backend()
        backend.region("eu-west-1")
        with held_by_another_thread(backend.lock):
            assert not backend.lock.acquire(blocking=False)


class WatchedLock:
    """A lock that reports when a thread begins to wait for it."""

    def __init__(self, lock):
        self._lock = lock
        self.is_wanted = threading.Event()

    def __enter__(self):
        if not self._lock.acquire(blocking=False):
            self.is_wanted.set()
            self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()


class TestSnapshot:
    def test_it_never_falls_between_two_writes_of_a_transaction(self, monkeypatch):
        client = Client()
        create_table(client)
        backend = client.service.backend
        lock = WatchedLock(backend.lock)
        monkeypatch.setattr(backend, "lock", lock)
        table = client.table("tab")
        taken = []
        thread = threading.Thread(target=lambda: taken.append(backend.snapshot()))

        def begin_snapshot(_change, _log):
            if not thread.ident:  # between the first write and the second
                thread.start()
                assert lock.is_wanted.wait(DEADLOCK_SECONDS)

        table.add_recorder(begin_snapshot)
        client(
            "TransactWriteItems",
            TransactItems=[{"Put": {"TableName": "tab", "Item": {"pk": {"S": pk}}}} for pk in "ab"],
        )
        thread.join(DEADLOCK_SECONDS)
        put(client, "c")
        backend.restore(taken[0])
        assert item_count(client) == 2

    def test_a_failing_recorder_in_a_transaction_leaves_nothing(self):
        client = Client()
        for name in ("tab", "users"):
            create_table(client, name)
            put(client, "old", name)

        def fail(change, _log):
            if change.key[1] == "b":
                raise RuntimeError("no")

        client.table("users").add_recorder(fail)
        actions = [
            {"Put": {"TableName": "tab", "Item": {"pk": {"S": "a"}}}},
            {"Put": {"TableName": "users", "Item": {"pk": {"S": "b"}}}},
            {"Delete": {"TableName": "tab", "Key": {"pk": {"S": "old"}}}},
        ]
        with pytest.raises(RuntimeError, match="no"):
            client("TransactWriteItems", TransactItems=actions)
        for name in ("tab", "users"):
            assert client("Scan", TableName=name)["Items"] == [{"pk": {"S": "old"}}]
            client.table(name)._check()

    def test_what_is_not_a_snapshot_is_refused(self):
        given: Any = "x"
        with pytest.raises(MisuseError, match=r"restore\(\) takes what snapshot\(\) returned"):
            Backend().restore(given)
