r"""Heads of requests that are known: they were read before, but for values that nobody looks at.

A client sends the same head again and again. Only the date, the signature, the id of the call and
the length of the body change, and of these only the length matters here. So a head that was read is
stored as the pieces that stay the same. A request that has all of these at their places, and
letters and digits in between, would be read as the first one was, except for its body: to compare
takes a tenth of the time of reading.

Whatever differs, were it by a blank, is read by `http_messages`, which also decides what is
refused. So is everything but a complete head, followed by its complete body at once or in the next
piece, as boto3 sends it. A property test asserts that both say the same.
"""

from __future__ import annotations

import re
from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.server.http_messages import Request

    #: The body of a request -> the bytes of the response. None if it was not answered, and must be
    #: answered the usual way; empty if the connection is to be closed.
    BodyAnswer = Callable[[bytes], bytes | None]

_HEAD_END = b"\r\n\r\n"
#: Fields of which no value is looked at, whatever letters and digits it consists of.
_VARYING = frozenset({
    b"amz-sdk-invocation-id",
    b"amz-sdk-request",
    b"traceparent",
    b"x-amz-content-sha256",
    b"x-amz-date",
    b"x-amzn-trace-id",
})  # fmt: skip
_RUN = re.compile(rb"[0-9A-Za-z]+")
#: A header that is signed in the usual way ends with the signature.
_LAST_RUN = re.compile(rb"[0-9A-Za-z]+(?=[ \t]*\Z)")
#: Rather than to find what a client's heads have in common, no more of them are learned.
_HEADS_MAX = 256
_HEADS_OF_LENGTH_MAX = 8


class KnownHead:
    """A head that was read, and what answers requests that have it.

    Args:
        head: Its bytes, with the empty line. The Authorization has the usual form, the body has a
            Content-Length.
        answer: Answers bodies of requests with this head.
    """

    __slots__ = ("_fixed", "_length_bytes", "_unpack", "answer", "size_bytes")

    def __init__(self, head: bytes, answer: BodyAnswer) -> None:
        self.answer = answer
        self.size_bytes = len(head)
        places, length_at = _varying_places(head)
        layout, pieces, at = "", [], 0
        for start, end in places:
            layout += f"{start - at}s{end - start}s"
            pieces.append(head[at:start])
            at = end
        self._unpack = Struct(f"{layout}{len(head) - at}s").unpack_from
        #: What stays the same: every other piece, the first one included.
        self._fixed = (*pieces, head[at:])
        #: The position of the Content-Length among the pieces.
        self._length_bytes = 1 + 2 * places.index(length_at)

    def body_of(self, data: bytes) -> bytes | None:
        r"""Return the body of a complete request with this head, None for all else.

        >>> head = b"POST / HTTP/1.1\r\nX-Amz-Date: 2026\r\nContent-Length: 2\r\n\r\n"
        >>> known = KnownHead(head, len)
        >>> known.body_of(head.replace(b"2026", b"2027") + b"{}")
        b'{}'
        >>> known.body_of(head.replace(b"2026", b"20 7") + b"{}")
        """
        size_bytes = self.size_bytes
        if len(data) < size_bytes:
            return None
        pieces = self._unpack(data)
        if pieces[::2] != self._fixed or not b"".join(pieces[1::2]).isalnum():
            return None
        body = data[size_bytes:]
        return body if pieces[self._length_bytes] == b"%d" % len(body) else None

    def is_head(self, data: bytes) -> bool:
        """Return whether this is just such a head, whose body has not come yet."""
        if len(data) != self.size_bytes:
            return False
        pieces = self._unpack(data)
        return (
            pieces[::2] == self._fixed
            and b"".join(pieces[1::2]).isalnum()
            and pieces[self._length_bytes].isdigit()
        )


def _varying_places(head: bytes) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Return where a head may differ, in order, and where the length of the body is."""
    places: list[tuple[int, int]] = []
    length_at = 0, 0
    at = 0
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        value_at = at + len(name) + len(colon)
        name = name.lower()
        runs = _LAST_RUN if name == b"authorization" else _RUN
        if name in _VARYING or name in {b"authorization", b"content-length"}:
            found = runs.finditer(value)
            places += [(value_at + run.start(), value_at + run.end()) for run in found]
            if name == b"content-length":
                length_at = places[-1]
        at += len(line) + len(b"\r\n")
    return places, length_at


class KnownHeads:
    """The known heads of all connections of a server."""

    def __init__(self) -> None:
        self._by_size: dict[int, list[KnownHead]] = {}
        self._count = 0

    def find(self, data: bytes) -> tuple[KnownHead, bytes] | None:
        """Return the known head of a complete request, and its body."""
        size_bytes = data.find(_HEAD_END) + len(_HEAD_END)
        for known in self._by_size.get(size_bytes, ()):
            body = known.body_of(data)
            if body is not None:
                return known, body
        return None

    def has_head(self, data: bytes) -> bool:
        """Return whether this is just a known head, whose body has not come yet."""
        return any(known.is_head(data) for known in self._by_size.get(len(data), ()))

    def add(self, known: KnownHead) -> None:
        """Add a head."""
        of_size = self._by_size.setdefault(known.size_bytes, [])
        if self._count >= _HEADS_MAX or len(of_size) >= _HEADS_OF_LENGTH_MAX:
            self._by_size.clear()
            self._count = 0
            of_size = self._by_size.setdefault(known.size_bytes, [])
        of_size.append(known)
        self._count += 1


def head_of(data: bytes, request: Request) -> bytes | None:
    """Return the head of a request, if it can be known.

    Args:
        data: The first piece that was received of the request; empty if that is not known.
        request: What was read of it.
    """
    end = data.find(_HEAD_END)
    if end < 0 or data[0] in _HEAD_END:
        return None
    if "content-length" not in request.headers or not request.keeps_connection:
        return None
    return data[: end + len(_HEAD_END)]
