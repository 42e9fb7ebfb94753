"""The connections of an endpoint: one thread waits for all of them and answers at once.

1. A response takes some ten microseconds, so connections need no separate threads. Slow requests go
   to a pool of threads; their connection is not read meanwhile.
2. Requests of one connection are answered in their order, also when they are pipelined.
3. A connection is shut down before it is closed: a process that was forked meanwhile has it too.
   After a last response, what the client still sends is read and ignored: where bytes are unread,
   closing discards the response that the client has not read yet.
4. Timeouts do not depend on Python's clock, which a program may freeze.
5. Whatever a connection meets, the others are answered.

https://www.rfc-editor.org/rfc/rfc9112#section-9.6
"""

from __future__ import annotations

import socket
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Protocol

from ddbmock._internal.server import readiness, standard_error
from ddbmock._internal.server.http_messages import (
    CONTINUE,
    BadRequestError,
    RequestReader,
    response_bytes,
)
from ddbmock._internal.server.known_heads import KnownHead, KnownHeads, head_of
from ddbmock._internal.server.readiness import Readiness
from ddbmock._internal.wire import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.server.http_messages import Request
    from ddbmock._internal.server.known_heads import BodyAnswer

#: How long an idle connection is left open; clients keep theirs for about as long.
_KEEP_ALIVE_SECONDS = 60
#: How long requests in progress may take when the server is stopped.
_LAST_REQUESTS_SECONDS = 5
#: How often idle connections are closed.
_SWEEP_SECONDS = 5
#: A larger buffer would be allocated anew for each request.
_RECEIVED_BYTES = 64 * 1024

#: Threads are started when they are needed. What a thread works on may call this endpoint, and wait
#: for another thread.
_MOST_THREADS = 512
#: How many heads are learned of one connection, whose client may never send one twice.
_LEARNED_HEADS_MAX = 32

_NO_BODY = {"content-length": "0"}
_NOTHING = memoryview(b"")


class Answering(Protocol):
    """The interface of an application."""

    def takes_long(self, request: Request) -> bool:
        """Return whether a request is slow, so that others should not wait for it."""

    def answer(self, request: Request, client_address: str) -> HttpResponse | None:
        """Answer one request; None closes the connection instead."""

    def body_answer(self, request: Request) -> BodyAnswer | None:
        """Return what answers further requests with the same head; None if nothing is faster."""


class HttpServer:
    """Answers the requests that come to a listening socket, until it is stopped.

    Args:
        listening: The socket. At the end it no longer listens, but is not closed.
        answering: The application.
        owns_process: Whether the process does nothing else.
    """

    def __init__(
        self, listening: socket.socket, answering: Answering, *, owns_process: bool = False
    ) -> None:
        self.answering = answering
        self.now = readiness.now()
        self.connections: set[Connection] = set()
        self.readiness = Readiness(stays_awake=owns_process)
        self.known_heads = KnownHeads()
        self._listening = listening
        self._accepts = False
        self._is_stopped = False
        #: Functions that threads have finished.
        self._finished: deque[Callable[[], None]] = deque()
        #: How many functions threads have not finished, or what follows them has not run yet.
        self._submitted_count = 0
        self._threads: ThreadPoolExecutor | None = None
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)  # noqa: FBT003
        self._waker.setblocking(False)  # noqa: FBT003

    def run(self) -> None:
        """Answer until `stop` is called and the requests in progress are answered."""
        self._listening.setblocking(False)  # noqa: FBT003
        self.readiness.watch(self._woken, EVENT_READ, self._wake_up)
        self._accept_more()
        sweep_at = self.now + _SWEEP_SECONDS
        try:
            while not self._is_stopped:
                self._answer_some(_SWEEP_SECONDS)
                if self.now >= sweep_at:
                    sweep_at = self.now + _SWEEP_SECONDS
                    self._close_idle(self.now - _KEEP_ALIVE_SECONDS)
                    self._accept_more()
            self._accept_no_more()
            give_up_at = readiness.now() + _LAST_REQUESTS_SECONDS
            self._close_idle()
            while self.connections and self.now < give_up_at:
                self._answer_some(give_up_at - self.now)
                self._close_idle()
        finally:
            self._end()

    def stop(self) -> None:
        """End `run`; this may be called by any thread and by a signal handler."""
        self._is_stopped = True
        self._wake()

    def closed(self, connection: Connection) -> None:
        """Forget a connection, whose place another one can have."""
        self.connections.discard(connection)
        if not self._is_stopped:
            self._accept_more()

    @property
    def waker(self) -> socket.socket:
        """The socket that wakes `run` up when a byte is sent to it."""
        return self._waker

    def submit(self, run: Callable[[], Callable[[], None]]) -> None:
        """Run a function in a thread, and the function that it returns in the server's thread."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_MOST_THREADS, "ddbmock-endpoint")

        self._submitted_count += 1

        def run_and_wake() -> None:
            self._finished.append(run())
            self._wake()

        self._threads.submit(run_and_wake)

    def _answer_some(self, seconds: float) -> None:
        threads_work = self._submitted_count > 0
        ready = self.readiness.wait(max(seconds, 0), threads_work=threads_work)
        self.now = readiness.now()
        self.readiness.run(ready)
        while self._finished:
            self._submitted_count -= 1
            self._finished.popleft()()

    def _accept_more(self) -> None:
        if not self._accepts:
            self._accepts = True
            self.readiness.watch(self._listening, EVENT_READ, self._accept)

    def _accept_no_more(self) -> None:
        if self._accepts:
            self._accepts = False
            self.readiness.forget(self._listening)

    def _accept(self) -> None:
        try:
            accepted, address = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError:  # no file is left to open: try again later
            self._accept_no_more()
            return
        self.connections.add(Connection(self, accepted, str(address[0])))

    def _close_idle(self, before: float = float("inf")) -> None:
        for connection in list(self.connections):
            if connection.is_idle and connection.active_at < before:
                connection.close()

    def _wake(self) -> None:
        with suppress(BlockingIOError, OSError):  # it is awake, or has ended
            self._waker.send(b"\0")

    def _wake_up(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(_RECEIVED_BYTES)

    def _end(self) -> None:
        self._is_stopped = True
        is_all_answered = not self.connections
        for connection in list(self.connections):
            connection.close()
        with suppress(OSError):  # not on every system
            self._listening.shutdown(socket.SHUT_RDWR)
        if self._threads is not None:
            # What still runs may never end, such as a handler that waits for the end of the server.
            self._threads.shutdown(wait=is_all_answered, cancel_futures=True)
        self.readiness.close()
        self._woken.close()
        self._waker.close()


class Connection:
    """One client's connection."""

    __slots__ = (
        "_address",
        "_beginning",
        "_events",
        "_held_head",
        "_is_answering",
        "_is_closing",
        "_is_ending",
        "_is_told_to_continue",
        "_known_head",
        "_learned_heads",
        "_reader",
        "_server",
        "_socket",
        "_unsent",
        "active_at",
        "is_open",
    )

    def __init__(self, server: HttpServer, accepted: socket.socket, address: str) -> None:
        self._server = server
        self._socket = accepted
        self._address = address
        self._reader = RequestReader()
        #: Bytes to be sent; nothing is read until they are.
        self._unsent = _NOTHING
        #: Whether a thread is working on a response.
        self._is_answering = False
        #: Whether the client sends nothing more, and the connection is closed when all is sent.
        self._is_closing = False
        #: Whether the last response is being sent, or was, and what the client sends is ignored.
        self._is_ending = False
        self._is_told_to_continue = False
        #: A known head whose body has not come yet; the reader has nothing of it.
        self._held_head = b""
        #: The first piece that the reader got of the next request.
        self._beginning = b""
        #: The head of the last request, if it is known.
        self._known_head: KnownHead | None = None
        self._learned_heads = 0
        self._events = EVENT_READ
        self.active_at = server.now
        self.is_open = True
        accepted.setblocking(False)  # noqa: FBT003
        with suppress(OSError):
            # Without it, a response may wait 40 ms for the client to acknowledge the last one.
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)  # noqa: FBT003
        server.readiness.watch(accepted, EVENT_READ, self._ready)

    @property
    def is_idle(self) -> bool:
        """Whether no request is in progress."""
        return not (self._is_answering or self._unsent)

    def close(self) -> None:
        """Close the connection at once."""
        if self.is_open:
            self._watch(0)
            self.is_open = False
            with suppress(OSError):  # the client has gone
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._server.closed(self)

    def _end(self) -> None:
        """Ignore further requests, and close when everything is sent."""
        self._is_ending = True
        self._reader = RequestReader()
        self._held_head = b""

    def _ready(self) -> None:
        try:
            if self._events == EVENT_WRITE:
                self._send(self._unsent)
                self._answer_received()
                return
            data = self._receive()
            if self._reader.is_empty:
                if self._held_head:
                    data, self._held_head = self._held_head + data, b""
                if data and self._answer_known(data):
                    return
                self._beginning = data
            self._reader.feed(data)
            self._answer_received()
        except Exception as error:  # noqa: BLE001 - whatever it is, others are answered
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        standard_error.write_traceback(error)
        self.close()

    def _receive(self) -> bytes:
        """Return what was sent, or nothing if the client sends no more, or is not listened to."""
        try:
            data = self._socket.recv(_RECEIVED_BYTES)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError:
            self.close()
            return b""
        if not data:
            # Nothing more comes; what came is still answered.
            self._is_closing = True
        elif self._is_ending:
            return b""
        self.active_at = self._server.now
        return data

    def _answer_known(self, data: bytes) -> bool:
        """Answer a request whose head is known, or wait for its body.

        Returns False, having done nothing, for all else.
        """
        known = self._known_head
        body = None if known is None else known.body_of(data)
        if known is None or body is None:
            found = self._server.known_heads.find(data)
            if found is None:
                # Whoever sends no more, or will never, is told at once what is wrong.
                if self._is_closing or not self._server.known_heads.has_head(data):
                    return False
                self._held_head = data
                return True
            known, body = found
            self._known_head = known
        try:
            response = known.answer(body)
        except BaseException as error:  # noqa: BLE001 - whatever it is, others are answered
            response = response_bytes(_failed(error), keeps_connection=True)
        if response is None:
            return False
        if not response:
            self.close()
            return True
        self._send(response)
        if self._unsent:
            self._watch_on()
        return True

    def _learn(self, beginning: bytes, request: Request) -> None:
        """Note the head of a request that came as one piece, to answer further ones sooner."""
        head = head_of(beginning, request)
        if head is not None and self._learned_heads < _LEARNED_HEADS_MAX:
            answer = self._server.answering.body_answer(request)
            if answer is not None:
                self._learned_heads += 1
                self._server.known_heads.add(KnownHead(head, answer))

    def _answer_received(self) -> None:
        """Answer the complete requests, as long as the client receives the responses."""
        answering = self._server.answering
        while self.is_open and not (self._is_answering or self._unsent):
            try:
                request = self._reader.next_request()
            except BadRequestError as error:
                self._end()
                response = HttpResponse(error.status_code, _NO_BODY, b"")
                self._send(response_bytes(response, keeps_connection=False))
                break
            if request is None:
                if self._reader.is_asked_to_continue and not self._is_told_to_continue:
                    self._is_told_to_continue = True
                    self._send(CONTINUE)
                break
            self._is_told_to_continue = False
            beginning, self._beginning = self._beginning, b""
            if answering.takes_long(request):
                self._answer_in_thread(request)
            else:
                self._send_response(request, self._answer(request))
                self._learn(beginning, request)
        self._watch_on()

    def _answer_in_thread(self, request: Request) -> None:
        def run() -> Callable[[], None]:
            response = self._answer(request)

            def finish() -> None:
                self._is_answering = False
                try:
                    self._send_response(request, response)
                    self._answer_received()
                except Exception as error:  # noqa: BLE001 - as in `_ready`
                    self._fail(error)

            return finish

        self._server.submit(run)
        self._is_answering = True

    def _answer(self, request: Request) -> HttpResponse | None:
        try:
            return self._server.answering.answer(request, self._address)
        except BaseException as error:  # noqa: BLE001 - whatever it is, others are answered
            return _failed(error)

    def _send_response(self, request: Request, response: HttpResponse | None) -> None:
        if response is None:
            self.close()
            return
        keeps_connection = request.keeps_connection
        if not keeps_connection:
            self._end()
        has_body = request.method != "HEAD"
        self._send(response_bytes(response, keeps_connection=keeps_connection, has_body=has_body))

    def _send(self, data: bytes | memoryview) -> None:
        try:
            sent = self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:  # the client has gone
            self.close()
            return
        self.active_at = self._server.now
        if sent < len(data):
            self._unsent = memoryview(data)[sent:]
        elif self._unsent:
            self._unsent = _NOTHING  # an empty part of the response would keep all of it

    def _watch_on(self) -> None:
        """Wait for the next event: room to send, a request, or none while a thread works."""
        if self._unsent:
            self._watch(EVENT_WRITE)
        elif self._is_answering:
            self._watch(0)
        elif self._is_closing or (self._is_ending and not self._says_that_it_ends()):
            self.close()
        else:
            self._watch(EVENT_READ)

    def _says_that_it_ends(self) -> bool:
        """Signal the end of the response; returns whether the client is still connected."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        return True

    def _watch(self, events: int) -> None:
        if events == self._events or not self.is_open:
            return
        watching = self._server.readiness
        if not events:
            watching.forget(self._socket)
        elif not self._events:
            watching.watch(self._socket, events, self._ready)
        else:
            watching.watch_for(self._socket, events)
        self._events = events


def _failed(error: BaseException) -> HttpResponse:
    """Return the response to a request whose answering failed."""
    standard_error.write_traceback(error)
    return HttpResponse(HTTPStatus.INTERNAL_SERVER_ERROR, _NO_BODY, b"")
