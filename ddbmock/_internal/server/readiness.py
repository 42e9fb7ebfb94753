"""Waiting until sockets can be read or written, and running the function of each that can.

1. On Linux, `epoll` is used directly: `selectors` takes some microseconds more for each event.
2. To put a processor to sleep and to wake it takes as long as a request, above all in virtual
   machines. Where requests come close together, a server that has the process for itself therefore
   looks for the next one for a moment before it sleeps. If none comes within that moment, it sleeps
   at once from then on, until one does: who sends requests now and then costs nothing. If another
   process had the processor meanwhile, it is wanted elsewhere, and the server sleeps whenever it
   can for some time: it would have to wait for what it spent, just when there is a request.
"""

from __future__ import annotations

import os
import select
import selectors
import time
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    Function = Callable[[], object]

#: For how long the next request is looked for: about what falling asleep and waking up takes. It is
#: looked for where the last one woke the server so soon.
_AWAKE_SECONDS, _SOON_SECONDS = 0.00005, 0.0001
#: How much later it is after a moment if another process had the processor, and for how long the
#: processor is left to others then.
_PREEMPTED_SECONDS, _LEFT_TO_OTHERS_SECONDS = 0.0003, 2.0


def now() -> float:
    """Return the seconds of a clock that is never frozen.

    freezegun replaces `time.monotonic`. What it leaves alone is the same clock by another name,
    where the system has it.
    """
    if hasattr(time, "clock_gettime"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class Readiness:
    """The sockets that are watched, each for one event at a time.

    Args:
        stays_awake: Whether the processor is kept awake where requests come close together. It must
            have another one then, for those who send them.
    """

    def __init__(self, *, stays_awake: bool = False) -> None:
        self.stays_awake = stays_awake and _processor_count() > 1
        self._functions: dict[int, Function] = {}
        self._poller = _Epoll() if hasattr(select, "epoll") else _Selector()
        #: Whether the last event came within a moment.
        self._is_busy = False
        #: Until when the processor is left to other processes.
        self._left_until = 0.0

    def watch(self, watched: socket.socket, event: int, function: Function) -> None:
        """Call a function when a socket that is not watched can be read or written."""
        self._functions[watched.fileno()] = function
        self._poller.register(watched.fileno(), event)

    def watch_for(self, watched: socket.socket, event: int) -> None:
        """Watch a socket for another event from now on."""
        self._poller.modify(watched.fileno(), event)

    def forget(self, watched: socket.socket) -> None:
        """Watch a socket no longer."""
        del self._functions[watched.fileno()]
        self._poller.unregister(watched.fileno())

    def wait(self, seconds: float, *, threads_work: bool = False) -> list[tuple[int, int]]:
        """Return the sockets that are ready, for `run`; none after this time.

        Args:
            seconds: For how long to wait.
            threads_work: Whether other threads of this process have something to do.
        """
        poll = self._poller.poll
        if not self.stays_awake or threads_work:
            return poll(seconds)
        begin = now()
        if self._is_busy and begin >= self._left_until:
            sleeps_at = begin + _AWAKE_SECONDS
            while True:
                ready = poll(0)
                at = now()
                if at > sleeps_at + _PREEMPTED_SECONDS:
                    self._left_until = at + _LEFT_TO_OTHERS_SECONDS
                if ready:
                    return ready
                if at >= sleeps_at:
                    self._is_busy = False
                    return poll(seconds)
        ready = poll(seconds)
        self._is_busy = now() < begin + _SOON_SECONDS
        return ready

    def run(self, ready: list[tuple[int, int]]) -> None:
        """Call the functions of sockets that are ready."""
        functions = self._functions
        for number, _ in ready:
            # One that was called before may have closed the socket.
            function = functions.get(number)
            if function is not None:
                function()

    def close(self) -> None:
        """Watch nothing any more."""
        self._functions.clear()
        self._poller.close()


def _processor_count() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Epoll:
    """The system call of Linux."""

    def __init__(self) -> None:
        epoll = select.epoll()
        self._modify = epoll.modify
        self._register = epoll.register
        #: Waits some seconds for sockets that are ready.
        self.poll = epoll.poll
        self.unregister = epoll.unregister
        self.close = epoll.close

    def register(self, number: int, event: int) -> None:
        self._register(number, _EPOLL_EVENTS[event])

    def modify(self, number: int, event: int) -> None:
        self._modify(number, _EPOLL_EVENTS[event])


_EPOLL_EVENTS = (
    {EVENT_READ: select.EPOLLIN, EVENT_WRITE: select.EPOLLOUT} if hasattr(select, "epoll") else {}
)


class _Selector:
    """The same with what other systems have."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self.unregister = self._selector.unregister
        self.close = self._selector.close

    def register(self, number: int, event: int) -> None:
        self._selector.register(number, event)

    def modify(self, number: int, event: int) -> None:
        self._selector.modify(number, event)

    def poll(self, seconds: float) -> list[tuple[int, int]]:
        return [(key.fd, events) for key, events in self._selector.select(seconds)]
