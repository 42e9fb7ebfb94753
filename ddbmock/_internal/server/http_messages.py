"""The subset of HTTP/1.1 that the endpoint needs: parsing of requests, encoding of responses.

1. Nothing here knows sockets or DynamoDB. A reader is fed bytes in any portions and returns
   complete requests; the rest, as of clients that pipeline, remains for the next one.
2. Ambiguous requests are refused, and so is everything after them on the connection: two hosts,
   two lengths of one body, a length with chunks, folded or unfinished header fields, control
   characters.
3. A body that is larger than the service takes is read to its end but not stored.

https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from zlib import crc32

from ddbmock._internal.wire import HTTP_OK, MAX_REQUEST_BYTES, HttpResponse, common_headers

#: As in other servers; the service's own limit is not documented.
MAX_HEAD_BYTES = 64 * 1024
_MAX_CHUNK_LINE_BYTES = 4096
_LINE_END, _HEAD_END = b"\r\n", b"\r\n\r\n"
#: What a client waits for before it sends the body, where it says `Expect: 100-continue`.
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 (a pattern)
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([!-~\x80-\xff]+) HTTP/1\.([0-9])")
_NAME = re.compile(_TOKEN)
#: What a request can begin with.
_FIRST_BYTE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00\r\n]*)?")
#: A target that names the server too, as for a proxy.
_ABSOLUTE_TARGET = re.compile(r"(?i:https?)://([^/?#]*)(.*)", re.DOTALL)


class BadRequestError(Exception):
    """The bytes are not a valid HTTP request; the connection can no longer be used."""

    def __init__(self, status_code: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(status_code)
        self.status_code: int = status_code


#: Method, path, query, minor version of HTTP/1, headers: what a `Request` begins with.
_Head = tuple[str, str, str, int, dict[str, str]]


class Request(NamedTuple):
    """One HTTP request."""

    method: str
    #: As it was sent.
    path: str
    query_string: str
    #: The minor version of HTTP/1.
    version: int
    #: Names in lower case.
    headers: dict[str, str]
    #: As it was sent, without chunks; empty if it is too large.
    body: bytes = b""
    is_too_large: bool = False

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def keeps_connection(self) -> bool:
        """Whether another request may follow."""
        connection = self.headers.get("connection")
        if connection is None:
            return self.version > 0
        options = {option.strip() for option in connection.lower().split(",")}
        return "close" not in options and (self.version > 0 or "keep-alive" in options)


class RequestReader:
    r"""Reads the requests of one connection.

    >>> reader = RequestReader()
    >>> reader.feed(b"POST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{")
    >>> reader.next_request() is None
    True
    >>> reader.feed(b"}")
    >>> reader.next_request().body
    b'{}'
    """

    __slots__ = ("_body", "_head", "_received")

    def __init__(self) -> None:
        #: What was not read yet.
        self._received = b""
        #: The head of the request whose body is not complete, and what there is of the body.
        self._head: _Head | None = None
        self._body: _SizedBody | _ChunkedBody = _SizedBody(0)

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        self._received = self._received + data if self._received else data

    def next_request(self) -> Request | None:
        """Return the next request, or None while it is not complete.

        Raises:
            BadRequestError: The bytes are not a request.
        """
        head = self._head
        if head is None:
            received = self._received
            if not received:
                return None
            if received[0] in _LINE_END:  # as some clients send after a body
                received = received.lstrip(_LINE_END)
            end = received.find(_HEAD_END, 0, MAX_HEAD_BYTES)
            if end < 0:
                _check_unfinished_head(received)
                self._received = received
                return None
            head = _read_head(received[:end].decode("latin-1"))
            headers = head[-1]
            body_at = end + len(_HEAD_END)
            if "transfer-encoding" in headers:
                self._body = _ChunkedBody(head)
            else:
                length = (
                    _content_length(headers["content-length"]) if "content-length" in headers else 0
                )
                after = body_at + length
                if after <= len(received) and length <= MAX_REQUEST_BYTES:
                    # Nearly every request comes in one piece.
                    self._received = received[after:]
                    return Request(*head, received[body_at:after])
                self._body = _SizedBody(length)
            self._head, self._received = head, received[body_at:]
        body = self._body
        self._received = body.take(self._received)
        if not body.is_complete:
            return None
        self._head, self._body = None, _SizedBody(0)  # bodies are large: an idle reader has none
        if body.size_bytes > MAX_REQUEST_BYTES:
            return Request(*head, is_too_large=True)
        return Request(*head, bytes(body.content))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received of the next request."""
        return not self._received and self._head is None

    @property
    def is_asked_to_continue(self) -> bool:
        """Whether the client waits for `CONTINUE` before it sends the rest of a request."""
        if self._head is None or self._body.size_bytes:
            return False
        *_, version, headers = self._head
        return version > 0 and headers.get("expect", "").lower() == "100-continue"


def _check_unfinished_head(received: bytes) -> None:
    """Refuse what cannot become a head."""
    if received and not _FIRST_BYTE.match(received):
        # A client that speaks TLS waits for a response to its first bytes.
        raise BadRequestError
    if received.count(b"\n") > received.count(_LINE_END):
        # Somebody who types a request ends its lines so, and would wait for ever.
        raise BadRequestError
    if len(received) >= MAX_HEAD_BYTES:
        raise BadRequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)


def _read_head(text: str) -> _Head:
    """Return a request without its body."""
    first, *lines = text.split("\r\n")
    line_count = len(lines)
    if "\0" in text or text.count("\n") > line_count or text.count("\r") > line_count:
        raise BadRequestError
    method, path, query_string, host, version = _read_request_line(first)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequestError
        name = _lower_name(name)
        value = value.strip(" \t")
        if name in headers:
            if name == "host":
                raise BadRequestError
            value = f"{headers[name]}, {value}"
        headers[name] = value
    if host is not None:
        headers["host"] = host
    elif version and "host" not in headers:
        raise BadRequestError
    return method, path, query_string, version, headers


# The same in most requests of a client, and so are the names of its header fields.
@lru_cache(maxsize=256)
def _read_request_line(line: str) -> tuple[str, str, str, str | None, int]:
    """Return method, path, query, the host if it is in the target, and the minor version."""
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise BadRequestError
    method, target, version = found.groups()
    host = None
    absolute = _ABSOLUTE_TARGET.fullmatch(target)
    if absolute is not None:
        host, target = absolute.groups()
    path, _, query_string = target.partition("?")
    return method, path or "/", query_string, host, int(version)


@lru_cache(maxsize=256)
def _lower_name(name: str) -> str:
    """Return the name of a header field in lower case.

    >>> _lower_name("Content-Type")
    'content-type'
    """
    if _NAME.fullmatch(name) is None:
        raise BadRequestError
    return name.lower()


def _content_length(text: str) -> int:
    if not _LENGTH.fullmatch(text):
        raise BadRequestError
    return int(text)


class _SizedBody:
    """A body whose length is in the header."""

    __slots__ = ("_missing_bytes", "content", "size_bytes")

    def __init__(self, length: int) -> None:
        self._missing_bytes = length
        self.content = bytearray()
        #: How much has come.
        self.size_bytes = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self._missing_bytes

    def take(self, data: bytes) -> bytes:
        """Add bytes to the body, and return the rest after it."""
        part, rest = data[: self._missing_bytes], data[self._missing_bytes :]
        self._missing_bytes -= len(part)
        self.size_bytes += len(part)
        if self.size_bytes + self._missing_bytes <= MAX_REQUEST_BYTES:
            self.content += part
        return rest


class _ChunkedBody:
    """A body in chunks, each with its size before it; the last one is empty."""

    __slots__ = ("_missing_bytes", "_reads", "content", "is_complete", "size_bytes")

    def __init__(self, head: _Head) -> None:
        *_, version, headers = head
        if not version or "content-length" in headers:
            raise BadRequestError
        if headers["transfer-encoding"].lower() != "chunked":
            raise BadRequestError(HTTPStatus.NOT_IMPLEMENTED)
        self._missing_bytes = 0
        self._reads = self._size
        self.content = bytearray()
        self.size_bytes = 0
        self.is_complete = False

    def take(self, data: bytes) -> bytes:
        """Add complete chunks to the body, and return the rest."""
        at = 0  # instead of shorter and shorter copies: chunks may be tiny
        while not self.is_complete:
            if self._missing_bytes:
                part = data[at : at + self._missing_bytes]
                if not part:
                    break
                self._add(part)
                at += len(part)
                continue
            line_end = data.find(_LINE_END, at)
            if (line_end if line_end >= 0 else len(data)) - at > _MAX_CHUNK_LINE_BYTES:
                raise BadRequestError
            if line_end < 0:
                break
            self._reads(data[at:line_end])
            at = line_end + len(_LINE_END)
        return data[at:]

    def _add(self, part: bytes) -> None:
        self._missing_bytes -= len(part)
        self.size_bytes += len(part)
        if self.size_bytes > MAX_REQUEST_BYTES:
            self.content.clear()
        else:
            self.content += part

    def _size(self, line: bytes) -> None:
        found = _CHUNK_SIZE.fullmatch(line)
        if found is None:
            raise BadRequestError
        self._missing_bytes = int(found.group(1), 16)
        self._reads = self._end if self._missing_bytes else self._trailer

    def _end(self, line: bytes) -> None:
        if line:
            raise BadRequestError
        self._reads = self._size

    def _trailer(self, line: bytes) -> None:
        """Skip a header field after the last chunk; an empty line ends them."""
        if line:
            _lower_name(line.partition(b":")[0].decode("latin-1"))
        else:
            self.is_complete = True


def response_bytes(
    response: HttpResponse, *, keeps_connection: bool, has_body: bool = True
) -> bytes:
    """Return the bytes of a response.

    Args:
        response: The response, with its length among the headers.
        keeps_connection: Whether the connection stays open.
        has_body: Whether the body is sent, which it is not for HEAD.
    """
    headers = response.headers
    if not keeps_connection:
        headers = {**headers, "connection": "close"}
    fields = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    head = f"{_status_line(response.status_code)}{fields}\r\n".encode("latin-1", "replace")
    return head + response.body if has_body else head


def success_bytes(body: bytes, request_id: str, epoch_seconds: int) -> bytes:
    """Return the bytes of a successful response that keeps its connection.

    They are those of `wire.response_with` and `response_bytes`, without the steps in between.

    >>> from ddbmock._internal.wire import response_with
    >>> slowly = response_bytes(response_with(b"{}", "ID", 0), keeps_connection=True)
    >>> success_bytes(b"{}", "ID", 0) == slowly
    True
    """
    return b"%b%b\r\ncontent-length: %d\r\nconnection: keep-alive\r\nx-amz-crc32: %d\r\n\r\n%b" % (
        _success_start(epoch_seconds),
        request_id.encode(),
        len(body),
        crc32(body),
        body,
    )


@lru_cache(maxsize=1)
def _success_start(epoch_seconds: int) -> bytes:
    """Return the first bytes of a successful response, up to the id of the request."""
    head = response_bytes(
        HttpResponse(HTTP_OK, common_headers("", epoch_seconds), b""), keeps_connection=True
    )
    return head.removesuffix(_HEAD_END)


@lru_cache
def _status_line(status_code: int) -> str:
    r"""Return the first line of a response.

    >>> _status_line(200)
    'HTTP/1.1 200 OK\r\n'
    """
    try:
        phrase = HTTPStatus(status_code).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status_code} {phrase}\r\n"
