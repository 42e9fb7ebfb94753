"""Connections of the endpoint: what is sent ahead, held back, slow, broken off."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.server import connections, listen
from ddbmock._internal.server.connections import Connection, HttpServer
from ddbmock._internal.wire import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock._internal.server.http_messages import Request
    from ddbmock._internal.server.known_heads import BodyAnswer


class Echo:
    """Answers with the body, in a thread where the path is /slow."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.begun = threading.Event()
        self.progress = threading.Event()
        self.seen: list[str] = []

    def takes_long(self, request: Request) -> bool:
        if request.path == "/unclear":
            raise ZeroDivisionError("unclear")
        return request.path == "/slow"

    def answer(self, request: Request, client_address: str) -> HttpResponse | None:
        self.seen.append(f"{request.method} {request.path} {client_address}")
        self.progress.set()
        if request.path == "/slow":
            self.begun.set()
            assert self.release.wait(30)
        if request.path == "/bug":
            raise ZeroDivisionError("a bug")
        if request.path == "/drop":
            return None
        body = request.body * (1000 if request.path == "/large" else 1)
        return HttpResponse(200, {"content-length": str(len(body))}, body)

    def body_answer(self, request: Request) -> BodyAnswer | None:
        return None


@pytest.fixture
def echo() -> Echo:
    return Echo()


@contextmanager
def running(echo: Echo) -> Iterator[tuple[HttpServer, Callable[[], socket.socket]]]:
    with listen("127.0.0.1", 0) as listening:
        server = HttpServer(listening, echo)
        thread = threading.Thread(target=server.run)
        thread.start()
        clients: list[socket.socket] = []

        def connect() -> socket.socket:
            clients.append(socket.create_connection(listening.getsockname(), timeout=30))
            return clients[-1]

        try:
            yield server, connect
        finally:
            echo.release.set()
            server.stop()
            thread.join(30)
            assert not thread.is_alive()
            for client in clients:
                client.close()


@pytest.fixture
def connect(echo: Echo) -> Iterator[Callable[[], socket.socket]]:
    with running(echo) as (_, connect):
        yield connect


def request(path: str = "/", body: bytes = b"", method: str = "POST", fields: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: a\r\n{fields}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def answer(body: bytes, fields: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n%s\r\n" % (len(body), fields)
    return head + body


def receive(client: socket.socket, expected: bytes) -> None:
    """Assert that these bytes come next."""
    received = b""
    while len(received) < len(expected):
        part = client.recv(len(expected) - len(received))
        assert part, received
        received += part
    assert received == expected


def receive_answers(client: socket.socket, count: int) -> list[bytes]:
    """The bodies of the next answers."""
    bodies: list[bytes] = []
    with client.makefile("rb", buffering=0) as file:
        while len(bodies) < count:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += file.read(1) or b""
            length = int(head.partition(b"content-length: ")[2].split()[0])
            body = b""
            while len(body) < length:
                body += file.read(length - len(body)) or b""
            bodies.append(body)
    return bodies


def rest(client: socket.socket) -> bytes:
    """What comes until the connection is closed."""
    with client.makefile("rb") as file:
        return file.read()


def test_requests_one_after_the_other(connect, echo):
    client = connect()
    for body in (b"one", b"two"):
        client.sendall(request("/x", body))
        receive(client, answer(body))
    assert echo.seen == ["POST /x 127.0.0.1"] * 2


def test_requests_that_are_sent_ahead_are_answered_in_their_order(connect, echo):
    client = connect()
    echo.release.set()
    client.sendall(request(body=b"1") + request("/slow", b"2") + request(body=b"3"))
    receive(client, answer(b"1") + answer(b"2") + answer(b"3"))


def test_a_slow_answer_does_not_hold_up_others(connect, echo):
    slow, other = connect(), connect()
    slow.sendall(request("/slow", b"1") + request(body=b"2"))
    assert echo.begun.wait(30)
    other.sendall(request(body=b"other"))
    receive(other, answer(b"other"))
    echo.release.set()
    receive(slow, answer(b"1") + answer(b"2"))


def test_the_server_knows_whether_threads_work(echo):
    with running(echo) as (server, connect):
        client = connect()
        client.sendall(request("/slow", b"1"))
        assert echo.begun.wait(30)
        assert server._submitted_count == 1
        echo.release.set()
        receive(client, answer(b"1"))
        client.sendall(request(body=b"2"))
        receive(client, answer(b"2"))
        assert server._submitted_count == 0


def test_a_large_answer_to_a_client_that_takes_it_late(connect):
    slow, other = connect(), connect()
    slow.sendall(request("/large", b"x" * 20_000) + request(body=b"next"))
    other.sendall(request(body=b"other"))
    receive(other, answer(b"other"))
    receive(slow, answer(b"x" * 20_000_000))
    receive(slow, answer(b"next"))


def test_a_client_that_waits_to_continue(connect):
    client = connect()
    head, body = request(body=b"12", fields="Expect: 100-continue\r\n").split(b"\r\n\r\n")
    for _ in range(2):
        client.sendall(head + b"\r\n\r\n")
        receive(client, b"HTTP/1.1 100 Continue\r\n\r\n")
        client.sendall(body[:1])
        client.sendall(body[1:])
        receive(client, answer(b"12"))


def test_the_last_request_of_a_connection(connect, echo):
    client = connect()
    client.sendall(request(body=b"1", fields="Connection: close\r\n") + request(body=b"2"))
    assert rest(client) == answer(b"1", b"connection: close\r\n")
    assert len(echo.seen) == 1


def test_a_client_that_sends_no_more_gets_its_answers(connect, echo):
    client = connect()
    client.sendall(request(body=b"1") + request("/slow", b"2") + request(body=b"3"))
    client.shutdown(socket.SHUT_WR)
    echo.release.set()
    assert rest(client) == answer(b"1") + answer(b"2") + answer(b"3")


def test_a_client_that_goes_in_the_middle(connect, echo):
    for data in (b"", b"POST / HT", request(body=b"1")[:-1], request("/slow")):
        client = connect()
        client.sendall(data)
        client.close()
    assert echo.begun.wait(30)
    echo.release.set()
    client = connect()
    client.sendall(request(body=b"1"))
    receive(client, answer(b"1"))


def test_what_is_no_request_ends_the_connection(connect, echo):
    client = connect()
    client.sendall(request(body=b"1") + b"nonsense\r\n\r\n" + request(body=b"2"))
    refusal = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    assert rest(client) == answer(b"1") + refusal
    assert len(echo.seen) == 1


def test_head_gets_no_body(connect):
    client = connect()
    client.sendall(request(body=b"12", method="HEAD") + request(body=b"3"))
    receive(client, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n" + answer(b"3"))


def test_a_connection_that_is_dropped(connect):
    client = connect()
    client.sendall(request("/drop"))
    assert rest(client) == b""


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (b"nonsense\r\n\r\n", b"400 Bad Request"),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 70_000,
            b"431 Request Header Fields Too Large",
        ),
        (request(fields="Connection: close\r\n"), b"200 OK"),
    ],
)
def test_a_last_answer_reaches_a_client_that_still_sends(connect, first, status):
    client = connect()
    client.sendall(first + b"x" * 500_000)
    client.sendall(b"x" * 500_000)
    assert rest(client) == b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status
    client.sendall(b"x" * 500_000)


def test_a_client_that_speaks_tls_is_refused_at_once(connect):
    client = connect()
    context = ssl.create_default_context()
    with pytest.raises(ssl.SSLError), context.wrap_socket(client, server_hostname="localhost"):
        pass


def test_what_was_sent_is_not_kept(echo):
    with running(echo) as (server, connect):
        client = connect()
        client.sendall(request("/large", b"x" * 20_000))
        receive(client, answer(b"x" * 20_000_000))
        client.sendall(request(body=b"next"))
        receive(client, answer(b"next"))
        (connection,) = server.connections
        assert connection._unsent.obj == b""


def test_slow_answers_that_wait_for_each_other(connect, echo):
    """As handlers of changes that call the endpoint."""
    clients = [connect() for _ in range(100)]
    for client in clients:
        client.sendall(request("/slow", b"1"))
    while len(echo.seen) < len(clients):
        echo.progress.wait(30)
        echo.progress.clear()
    echo.release.set()
    for client in clients:
        receive(client, answer(b"1"))


class TestForked:
    """A process that was forked has all sockets open; a duplicate stands for it here."""

    @pytest.mark.parametrize(
        "last", [request("/drop"), request(fields="Connection: close\r\n"), b"nonsense\r\n\r\n"]
    )
    def test_the_client_sees_the_end_of_its_connection(self, echo, last):
        with running(echo) as (server, connect):
            client = connect()
            client.sendall(request(body=b"1"))
            receive(client, answer(b"1"))
            (connection,) = server.connections
            with connection._socket.dup():
                client.sendall(last)
                rest(client)

    def test_nothing_listens_afterwards(self, echo):
        with listen("127.0.0.1", 0) as listening, listening.dup():
            server = HttpServer(listening, echo)
            address: Any = listening.getsockname()
            server.stop()
            server.run()
            with pytest.raises(ConnectionRefusedError), socket.create_connection(address):
                pass
            listen(*address).close()


class TestFailures:
    def test_a_failing_connection_does_not_end_the_others(self, echo, connect, capfd):
        client, other = connect(), connect()
        client.sendall(request("/unclear"))
        assert rest(client) == b""
        assert "ZeroDivisionError: unclear" in capfd.readouterr().err
        other.sendall(request(body=b"1"))
        receive(other, answer(b"1"))

    @pytest.mark.parametrize("path", ["/", "/slow"])
    def test_an_answer_that_cannot_be_written(self, echo, connect, monkeypatch, capfd, path):
        def fails(*_: object, **__: object) -> bytes:
            raise ZeroDivisionError("not written")

        client, other = connect(), connect()
        echo.release.set()
        with monkeypatch.context() as patch:
            patch.setattr(connections, "response_bytes", fails)
            client.sendall(request(path))
            assert rest(client) == b""
        assert "ZeroDivisionError: not written" in capfd.readouterr().err
        other.sendall(request(body=b"1"))
        receive(other, answer(b"1"))

    @pytest.mark.parametrize("state", ["broken", "closed", "absent"])
    def test_standard_error_is_not_needed(self, echo, connect, monkeypatch, state):
        reading, writing = os.pipe()
        os.close(reading)
        stream = os.fdopen(writing, "w")
        monkeypatch.setattr(sys, "stderr", None if state == "absent" else stream)
        if state != "broken":
            stream.close()
        client = connect()
        client.sendall(request("/bug"))
        receive(client, b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")
        client.sendall(request(body=b"1"))
        receive(client, answer(b"1"))
        if state == "broken":
            with suppress(OSError):
                stream.close()

    def test_a_place_that_becomes_free_is_taken(self, echo):
        with listen("127.0.0.1", 0) as listening:
            full = FullSocket(fileno=listening.dup().detach())
            server = HttpServer(full, echo)
            thread = threading.Thread(target=server.run)
            address: Any = listening.getsockname()
            with closing(socket.create_connection(address, timeout=30)) as first:
                thread.start()
                first.sendall(request(body=b"1"))
                receive(first, answer(b"1"))
                full.is_full = True
                with closing(socket.create_connection(address, timeout=30)) as second:
                    assert full.refused.wait(30)
                    second.sendall(request(body=b"2"))
                    full.is_full = False
                    first.close()
                    receive(second, answer(b"2"))
            server.stop()
            thread.join(30)
            full.close()


class FullSocket(socket.socket):
    """A listening socket in a process that may have no more files open."""

    is_full = False

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.refused = threading.Event()

    def accept(self) -> tuple[socket.socket, Any]:
        if self.is_full:
            self.refused.set()
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


def test_a_bug(connect, capfd):
    client = connect()
    client.sendall(request("/bug") + request(body=b"1"))
    head = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"
    receive(client, head + answer(b"1"))
    assert "ZeroDivisionError: a bug" in capfd.readouterr().err


def test_answers_are_sent_at_once(echo):
    with running(echo) as (server, connect):
        client = connect()
        client.sendall(request(body=b"1"))
        receive(client, answer(b"1"))
        (connection,) = server.connections
        assert connection._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_connections_that_are_idle_for_long_are_closed(echo, monkeypatch):
    monkeypatch.setattr(connections, "_SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(connections, "_KEEP_ALIVE_SECONDS", 0.02)
    with running(echo) as (_, connect):
        idle, busy = connect(), connect()
        busy.sendall(request("/slow", b"1"))
        assert rest(idle) == b""
        echo.release.set()
        receive(busy, answer(b"1"))
        assert rest(busy) == b""


class TestEnding:
    def test_requests_under_way_are_answered(self, echo):
        with running(echo) as (server, connect):
            idle, busy = connect(), connect()
            busy.sendall(request("/slow", b"1"))
            assert echo.begun.wait(30)
            server.stop()
            assert rest(idle) == b""
            echo.release.set()
            assert rest(busy) == answer(b"1")

    def test_a_client_that_takes_no_answer_is_given_up(self, echo, monkeypatch):
        monkeypatch.setattr(connections, "_LAST_REQUESTS_SECONDS", 0.01)
        with running(echo) as (server, connect):
            client, other = connect(), connect()
            client.sendall(request("/large", b"x" * 20_000))
            receive(client, b"HTTP/1.1 200 OK")
            other.sendall(request(body=b"1"))
            receive(other, answer(b"1"))
            server.stop()
            assert rest(other) == b""
            assert len(rest(client)) < len(answer(b"x" * 20_000_000))

    def test_a_request_that_does_not_end_is_given_up(self, echo, monkeypatch):
        monkeypatch.setattr(connections, "_LAST_REQUESTS_SECONDS", 0.01)
        with listen("127.0.0.1", 0) as listening:
            server = HttpServer(listening, echo)
            thread = threading.Thread(target=server.run)
            thread.start()
            address: Any = listening.getsockname()
            with closing(socket.create_connection(address, timeout=30)) as client:
                client.sendall(request("/slow"))
                assert echo.begun.wait(30)
                server.stop()
                thread.join(30)
                assert not thread.is_alive()
                assert rest(client) == b""
            echo.release.set()

    def test_it_accepts_no_connections_afterwards(self, echo):
        with listen("127.0.0.1", 0) as listening:
            server = HttpServer(listening, echo)
            server.stop()
            server.run()
            address: Any = listening.getsockname()
        with pytest.raises(ConnectionRefusedError), closing(socket.create_connection(address)):
            pass


class TestKnownHeads:
    """Requests like an earlier one are answered by a function of their bodies."""

    @pytest.fixture
    def echo(self) -> QuickEcho:
        return QuickEcho()

    def test_later_requests(self, echo, connect):
        client, other = connect(), connect()
        client.sendall(request(body=b"1"))
        receive(client, answer(b"1"))
        for each in (client, other):
            each.sendall(request(body=b"2"))
            receive(each, answer(b"known 2"))
        assert len(echo.seen) == 1

    def test_what_is_not_one_request(self, connect):
        client = connect()
        one = request(body=b"1")
        client.sendall(one)
        receive(client, answer(b"1"))
        client.sendall(one * 2)
        receive(client, answer(b"1") * 2)
        client.sendall(one[:9])
        client.sendall(one[9:] + one[:20])
        client.sendall(one[20:])
        received = receive_answers(client, 2)
        assert set(received) <= {b"1", b"known 1"}
        client.sendall(one)
        receive(client, answer(b"known 1"))

    def test_a_body_that_comes_after_its_head(self, echo):
        with running(echo) as (server, connect):
            client = connect()
            head, body = request(body=b"12345").removesuffix(b"12345"), b"12345"
            for expected in (body, b"known 12345", b"known 12345"):
                client.sendall(head)
                self.wait_until(
                    server, lambda connection: connection._beginning or connection._held_head
                )
                client.sendall(body)
                receive(client, answer(expected))
            # In three pieces it is read by the reader.
            client.sendall(head)
            self.wait_until(server, lambda connection: connection._held_head)
            client.sendall(body[:2])
            self.wait_until(server, lambda connection: connection._beginning)
            client.sendall(body[2:])
            receive(client, answer(body))
            client.sendall(head)
            client.shutdown(socket.SHUT_WR)
            assert rest(client) == b""

    def wait_until(self, server: HttpServer, test: Callable[[Connection], object]) -> None:
        deadline = threading.Event()
        for _ in range(3000):
            if any(map(test, server.connections)):
                return
            deadline.wait(0.01)
        raise AssertionError("the server has not received it")

    def test_heads_of_which_the_beginning_came_before_are_not_learned(self, connect):
        client, other = connect(), connect()
        one = request(body=b"1")
        for _ in range(2):
            client.sendall(one + one[:5])
            receive(client, answer(b"1"))
            client.sendall(one[5:])
            receive(client, answer(b"1"))
        other.sendall(one[5:])
        assert rest(other).startswith(b"HTTP/1.1 400 ")

    def test_a_request_that_must_be_answered_the_usual_way(self, connect):
        client = connect()
        for body in (b"1", b"usual", b"2"):
            client.sendall(request(body=body, fields="X-Amz-Date: 2026\r\n"))
            receive(client, answer(b"known 2" if body == b"2" else body))

    @pytest.mark.parametrize("body", [b"drop!", b"leave"])
    def test_a_function_that_fails_or_closes_the_connection(self, connect, capfd, body):
        client = connect()
        client.sendall(request(body=b"12345"))
        receive(client, answer(b"12345"))
        client.sendall(request(body=body))
        if body == b"drop!":
            assert rest(client) == b""
        else:
            receive(client, b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")
            assert "SystemExit" in capfd.readouterr().err
            client.sendall(request(body=b"12345"))
            receive(client, answer(b"known 12345"))

    def test_a_large_answer_to_a_client_that_takes_it_late(self, connect):
        client, other = connect(), connect()
        client.sendall(request(body=b"12345"))
        receive(client, answer(b"12345"))
        client.sendall(request(body=b"large"))
        other.sendall(request(body=b"12345"))
        receive(other, answer(b"known 12345"))
        client.sendall(request(body=b"12345"))
        receive(client, answer(b"x" * 20_000_000))
        receive(client, answer(b"known 12345"))

    def test_a_client_that_never_repeats_itself(self, echo):
        with running(echo) as (server, connect):
            client = connect()
            for number in range(100):
                client.sendall(request(body=b"1", fields=f"X: {'x' * number}\r\n"))
                receive(client, answer(b"1"))
            (connection,) = server.connections
            assert connection._learned_heads < 50


class QuickEcho(Echo):
    """Knows requests by their heads."""

    def body_answer(self, request: Request) -> BodyAnswer | None:
        def known(body: bytes) -> bytes | None:
            if body == b"leave":
                raise SystemExit
            if body == b"drop!":
                return b""
            if body == b"usual":
                return None
            return answer(b"x" * 20_000_000 if body == b"large" else b"known " + body)

        return known
