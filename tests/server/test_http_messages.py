"""Requests from bytes, in whatever portions they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.server.http_messages import (
    MAX_HEAD_BYTES,
    BadRequestError,
    Request,
    RequestReader,
    response_bytes,
)
from ddbmock._internal.wire import MAX_REQUEST_BYTES, HttpResponse

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def read(*portions: bytes) -> list[Request]:
    """The requests in bytes that come in these portions."""
    reader = RequestReader()
    requests = []
    for portion in portions:
        reader.feed(portion)
        while (request := reader.next_request()) is not None:
            requests.append(request)
    return requests


def status_of_refusal(data: bytes) -> int:
    with pytest.raises(BadRequestError) as caught:
        read(data)
    return caught.value.status_code


def test_a_request():
    data = (
        b"POST /a/b?c=d&e HTTP/1.1\r\nHost: a:80\r\nX-Some:  thing \r\nContent-Length: 2\r\n\r\n{}"
    )
    headers = {"host": "a:80", "x-some": "thing", "content-length": "2"}
    assert read(data) == [Request("POST", "/a/b", "c=d&e", 1, headers, b"{}")]


def test_a_request_without_a_body():
    assert read(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == [Request("GET", "/", "", 1, {"host": "a"})]


def test_an_empty_body():
    assert [request.body for request in read(HEAD + b"Content-Length: 0\r\n\r\n")] == [b""]


def test_requests_that_are_sent_ahead():
    one = HEAD + b"Content-Length: 3\r\n\r\n"
    assert [
        r.body for r in read(one + b"one" + one + b"two" + CHUNKED + b"1\r\nx\r\n0\r\n\r\n")
    ] == [
        b"one",
        b"two",
        b"x",
    ]


def test_empty_lines_before_a_request_are_skipped():
    assert len(read(b"\r\n\r\n" + HEAD + b"\r\n", b"\r\n", HEAD + b"\r\n")) == 2


def test_fields_that_come_twice_are_one():
    (request,) = read(HEAD + b"X-A: 1\r\nx-a: 2\r\n\r\n")
    assert request.headers["x-a"] == "1, 2"


def test_a_target_with_the_server_in_it():
    (request,) = read(b"GET http://b:8000/x?y HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (request.path, request.query_string, request.headers["host"]) == ("/x", "y", "b:8000")
    (request,) = read(b"GET HTTP://b HTTP/1.1\r\n\r\n")
    assert (request.path, request.headers["host"]) == ("/", "b")


def test_characters_beyond_ascii_stay_as_they_are():
    (request,) = read("GET /ä HTTP/1.1\r\nHost: ö\r\n\r\n".encode("latin-1"))
    assert (request.path, request.headers["host"]) == ("/ä", "ö")


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        (1, None, True),
        (1, "keep-alive", True),
        (1, "Close", False),
        (1, "x, close", False),
        (0, None, False),
        (0, "Keep-Alive", True),
        (0, "keep-alive, close", False),
    ],
)
def test_whether_the_connection_is_kept(version, connection, keeps):
    field = "" if connection is None else f"Connection: {connection}\r\n"
    (request,) = read(f"GET / HTTP/1.{version}\r\nHost: a\r\n{field}\r\n".encode())
    assert request.keeps_connection is keeps


def test_the_old_version_needs_no_host():
    assert len(read(b"GET / HTTP/1.0\r\n\r\n")) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"2\r\n{}\r\n0\r\n\r\n",
        b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"1;name=value\r\n{\r\n0001 \r\n}\r\n000\r\nTrailer: ignored\r\n\r\n",
    ],
)
def test_chunks(body):
    assert [request.body for request in read(CHUNKED + body)] == [b"{}"]


def test_sizes_of_chunks_are_hexadecimal():
    body = b"x" * 0x1F
    for size in (b"1f", b"1F"):
        (request,) = read(CHUNKED + size + b"\r\n" + body + b"\r\n0\r\n\r\n")
        assert request.body == body


def test_many_tiny_chunks():
    class Counted(bytes):
        """Counts the bytes that are copied from it."""

        copied = 0

        def __getitem__(self, part):
            copy = super().__getitem__(part)
            Counted.copied += len(copy)
            return copy

    data = Counted(b"1\r\nx\r\n" * 10_000 + b"0\r\n\r\n")
    reader = RequestReader()
    reader.feed(CHUNKED)
    assert reader.next_request() is None
    reader.feed(data)
    request = reader.next_request()
    assert request is not None
    assert request.body == b"x" * 10_000
    assert 10_000 < Counted.copied < len(data)


@given(st.data())
def test_the_portions_do_not_matter(data):
    whole = HEAD + b"Content-Length: 5\r\n\r\nfirst"
    whole += CHUNKED + b"3\r\nsec\r\n3;a=b\r\nond\r\n0\r\nX: y\r\n\r\n"
    whole += b"\r\nGET /third HTTP/1.1\r\nHost: a\r\n\r\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)))))
    portions = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    requests = read(*portions)
    assert [request.body for request in requests] == [b"first", b"second", b""]
    assert requests[2].path == "/third"


@given(st.binary(max_size=300) | st.binary(max_size=50).map(lambda end: CHUNKED + end))
def test_nothing_else_is_raised(data):
    try:
        requests = read(data)
    except BadRequestError:
        return
    assert all(request.method for request in requests)


class TestRefused:
    @pytest.mark.parametrize(
        "data",
        [
            b"nonsense\r\n\r\n",
            b"GET /\r\n\r\n",
            b"GET / HTTP/2.0\r\n\r\n",
            b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
            b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"G\x00T / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\x00\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost:8000\r\nHost: evil.test\r\n\r\n",
            b"GET / HTTP/1.1\nHost: a\n\n",
        ],
    )
    def test_heads(self, data):
        assert status_of_refusal(data) == 400

    @pytest.mark.parametrize(
        "fields",
        [
            b"Content-Length: x",
            b"Content-Length: -1",
            b"Content-Length: +1",
            b"Content-Length: 1_0",
            b"Content-Length:",
            b"Content-Length: 2\r\nContent-Length: 2",
            b"Content-Length: 2\r\nTransfer-Encoding: chunked",
            b"Content-Length: " + b"9" * 30,
        ],
    )
    def test_lengths(self, fields):
        assert status_of_refusal(HEAD + fields + b"\r\n\r\n{}") == 400

    @pytest.mark.parametrize(
        "body",
        [
            b"x\r\n",
            b"\r\n",
            b"-1\r\n",
            b"0x1\r\n",
            b"1\r\n{}\r\n0\r\n\r\n",
            b"1" * 16 + b"\r\n",
            b"1;" + b"x" * 5000,
            b"0\r\nno field: x\r\n\r\n",
        ],
    )
    def test_chunks(self, body):
        assert status_of_refusal(CHUNKED + body) == 400

    def test_chunks_in_the_old_version(self):
        data = b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        assert status_of_refusal(data) == 400

    def test_other_encodings_of_the_transfer(self):
        data = HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n"
        assert status_of_refusal(data) == 501

    def test_what_speaks_another_protocol_at_its_first_byte(self):
        hello_of_tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
        assert status_of_refusal(hello_of_tls) == 400
        assert status_of_refusal(b"\r\n" + hello_of_tls) == 400

    def test_a_head_that_does_not_end(self):
        assert status_of_refusal(HEAD + b"X: " + b"y" * MAX_HEAD_BYTES) == 431
        field = b"X: " + b"y" * (MAX_HEAD_BYTES - len(HEAD) - 7)
        assert len(read(HEAD + field + b"\r\n\r\n")) == 1


class TestLargeBodies:
    def test_the_largest(self):
        body = b"x" * MAX_REQUEST_BYTES
        (request,) = read(HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body)
        assert request.body == body
        assert not request.is_too_large

    def test_larger_ones_are_read_and_not_stored(self):
        body = b"x" * (MAX_REQUEST_BYTES + 1)
        large, small = read(HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body, HEAD + b"\r\n")
        assert (large.is_too_large, large.body) == (True, b"")
        assert not small.is_too_large

    def test_they_are_not_kept(self):
        reader = RequestReader()
        reader.feed(CHUNKED)
        assert reader.next_request() is None
        reader.feed(b"%x\r\n" % 10**6 + b"x" * 10**6 + b"\r\n0\r\n\r\n")
        assert reader.next_request() is not None
        assert not reader._body.content

    def test_larger_ones_in_chunks(self):
        half = b"%x\r\n" % (MAX_REQUEST_BYTES // 2) + b"x" * (MAX_REQUEST_BYTES // 2) + b"\r\n"
        (request,) = read(CHUNKED, half, half, b"0\r\n\r\n")
        assert len(request.body) == MAX_REQUEST_BYTES
        (request,) = read(CHUNKED, half, half, b"1\r\nx\r\n", b"0\r\n\r\n")
        assert (request.is_too_large, request.body) == (True, b"")


def test_whether_a_client_waits_to_continue():
    reader = RequestReader()
    assert not reader.is_asked_to_continue
    reader.feed(HEAD + b"Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n")
    assert reader.next_request() is None
    assert reader.is_asked_to_continue
    reader.feed(b"{")
    assert reader.next_request() is None
    assert not reader.is_asked_to_continue
    reader.feed(b"}")
    assert reader.next_request() is not None
    assert not reader.is_asked_to_continue


def test_answers():
    answer = HttpResponse(200, {"content-length": "2", "x-name": "ä€"}, b"{}")
    assert response_bytes(answer, keeps_connection=True) == (
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-name: \xe4?\r\n\r\n{}"
    )
    assert response_bytes(answer, keeps_connection=False, has_body=False).endswith(
        b"connection: close\r\n\r\n"
    )
    assert response_bytes(HttpResponse(599, {}, b""), keeps_connection=True) == (
        b"HTTP/1.1 599 \r\n\r\n"
    )
