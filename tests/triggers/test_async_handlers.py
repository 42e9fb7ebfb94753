from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from ddbmock import MisuseError
from tests.stream_helpers import put
from tests.triggers.helpers import keys_of

user = contextvars.ContextVar("user", default="nobody")


@pytest.fixture
def seen(ddb):
    notes = []

    async def handler(event, context):
        await asyncio.sleep(0)
        notes.append((keys_of(event), threading.current_thread(), user.get()))
        if keys_of(event) == "a":
            put("b")

    ddb.on_change("orders", handler)
    return notes


def test_without_a_running_loop_it_runs_here(ddb, seen):
    put("a")
    ddb.deliver()
    assert [keys for keys, *_ in seen] == ["a", "b"]
    assert {thread for _, thread, _ in seen} == {threading.current_thread()}


async def test_with_a_running_loop_a_helper_thread_runs_it(ddb, seen):
    user.set("somebody")
    put("a")
    ddb.deliver()
    assert [keys for keys, *_ in seen] == ["a", "b"]
    assert threading.current_thread() not in {thread for _, thread, _ in seen}
    assert {name for *_, name in seen} == {"somebody"}


async def test_at_once_in_a_running_loop(ddb):
    seen = []

    async def handler(event):
        await asyncio.sleep(0)
        seen.append(keys_of(event))

    ddb.on_change("orders", handler, deliver="immediately")
    put("a")
    assert seen == ["a"]


async def test_an_async_handler_cannot_deliver(ddb):
    async def handler(event):
        ddb.deliver()

    ddb.on_change("orders", handler)
    put("a")
    with pytest.raises(MisuseError, match="was called by a handler"):
        ddb.deliver()


async def test_an_error_in_a_helper_thread_reaches_the_test(ddb):
    async def handler(event):
        raise ValueError("from afar")

    ddb.on_change("orders", handler)
    put("a")
    with pytest.raises(ValueError, match="from afar"):
        ddb.deliver()


def test_the_current_loop_of_the_thread_stays(ddb, seen):
    loops = []

    def work():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            ddb.deliver()
            loops.extend([loop, asyncio.get_event_loop()])
        finally:
            loop.close()

    put("a")
    thread = threading.Thread(target=work)  # the main thread's loop belongs to pytest
    thread.start()
    thread.join()
    assert len(seen) == 2
    assert loops[0] is loops[1]
