"""Waiting for sockets: with the system's own call or a selector, awake or asleep."""

from __future__ import annotations

import select
import socket
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.server import readiness
from ddbmock._internal.server.readiness import Readiness

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["own call", "selector"])
def watching(request, monkeypatch) -> Iterator[Readiness]:
    if request.param == "selector":
        monkeypatch.delattr(select, "epoll", raising=False)
    watching = Readiness()
    yield watching
    watching.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_socket_that_can_be_read(watching, pair):
    called: list[str] = []
    watching.watch(pair[0], EVENT_READ, lambda: called.append("read"))
    assert watching.wait(0) == []
    pair[1].send(b"1")
    watching.run(watching.wait(30))
    assert called == ["read"]


def test_a_socket_that_can_be_written(watching, pair):
    called: list[str] = []
    watching.watch(pair[0], EVENT_READ, lambda: called.append("called"))
    watching.watch_for(pair[0], EVENT_WRITE)
    watching.run(watching.wait(30))
    watching.watch_for(pair[0], EVENT_READ)
    watching.run(watching.wait(0))
    assert called == ["called"]


def test_a_socket_that_is_forgotten(watching, pair):
    watching.watch(pair[0], EVENT_READ, pytest.fail)
    pair[1].send(b"1")
    watching.forget(pair[0])
    assert watching.wait(0) == []
    watching.watch(pair[0], EVENT_READ, bool)
    assert len(watching.wait(30)) == 1


def test_a_socket_that_another_function_has_closed(watching, pair):
    called: list[int] = []

    def close_both(number: int) -> None:
        called.append(number)
        for each in pair:
            watching.forget(each)

    for number, each in enumerate(pair):
        each.send(b"1")
        watching.watch(each, EVENT_READ, lambda number=number: close_both(number))
    watching.run(watching.wait(30))
    assert len(called) == 1


class Poller:
    """Stands for the system: events come after some seconds, by a clock that polling moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.comes_after = 0.0
        #: What it takes to find no event.
        self.step = 1e-5
        self.waited: list[float] = []

    def poll(self, seconds: float) -> list[tuple[int, int]]:
        self.waited.append(seconds)
        self.now += min(seconds, self.comes_after)
        if self.comes_after <= seconds:
            return [(7, 1)]
        self.now += self.step
        self.comes_after -= self.step
        return []


@pytest.fixture
def poller(monkeypatch) -> Poller:
    poller = Poller()
    monkeypatch.setattr(readiness, "now", lambda: poller.now)
    return poller


def waiting(poller: Poller, monkeypatch: pytest.MonkeyPatch, *, processors: int) -> Readiness:
    monkeypatch.setattr(readiness, "_processor_count", lambda: processors)
    watching = Readiness(stays_awake=True)
    watching.close()
    fake: Any = poller
    watching._poller = fake
    return watching


def waits(watching: Readiness, poller: Poller, comes_after: float) -> list[float]:
    """For how long the system was asked to wait until an event that comes after this time."""
    poller.comes_after, poller.waited = comes_after, []
    assert watching.wait(5) == [(7, 1)]
    return poller.waited


def test_a_busy_server_stays_awake_for_a_moment(poller, monkeypatch):
    watching = waiting(poller, monkeypatch, processors=2)
    assert waits(watching, poller, 0.00002) == [5]  # asleep, but not for long
    for _ in range(3):
        assert set(waits(watching, poller, 0.00002)) == {0}


def test_an_idle_one_sleeps(poller, monkeypatch):
    watching = waiting(poller, monkeypatch, processors=2)
    waits(watching, poller, 0.00002)
    first, *others, last = waits(watching, poller, 1)
    assert (first, set(others), last) == (0, {0}, 5)
    assert len(others) < 20
    assert waits(watching, poller, 1) == [5]
    assert waits(watching, poller, 0.00002) == [5]
    assert set(waits(watching, poller, 0.00002)) == {0}


def test_one_that_had_to_wait_for_the_processor_leaves_it_to_others(poller, monkeypatch):
    watching = waiting(poller, monkeypatch, processors=2)
    waits(watching, poller, 0.00002)
    poller.step = 0.004
    assert waits(watching, poller, 0.001) == [0, 5]
    poller.step = 1e-5
    for _ in range(10):
        assert waits(watching, poller, 0.00002) == [5]
    poller.now += 10
    assert set(waits(watching, poller, 0.00002)) == {0}


def test_while_threads_work_it_sleeps(poller, monkeypatch):
    watching = waiting(poller, monkeypatch, processors=2)
    waits(watching, poller, 0.00002)
    poller.comes_after, poller.waited = 0.00002, []
    assert watching.wait(5, threads_work=True) == [(7, 1)]
    assert poller.waited == [5]


def test_with_one_processor_it_always_sleeps(poller, monkeypatch):
    watching = waiting(poller, monkeypatch, processors=1)
    for _ in range(3):
        assert waits(watching, poller, 0.00002) == [5]
