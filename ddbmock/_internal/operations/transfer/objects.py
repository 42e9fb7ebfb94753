"""The buckets that a mock reaches, and how an error of S3 becomes the end of a transfer."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from ddbmock._internal.buckets.access import BucketError
from ddbmock._internal.buckets.opening import open_buckets
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import transfer as messages
from ddbmock._internal.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.buckets.access import Buckets
    from ddbmock._internal.engine.backend import Backend, Region

#: The option `s3` of a mock, and the buckets that were opened for it.
_OPENED: WeakKeyDictionary[Backend, tuple[object, Buckets]] = WeakKeyDictionary()


def buckets_of(backend: Backend) -> Buckets:
    """Return the buckets that a mock was given, or those that the process reaches.

    What is done with them can raise `MisuseError`: nothing answers, a folder cannot be written.
    """
    opened = _OPENED.get(backend)
    if opened is None or opened[0] is not backend.s3:
        opened = _OPENED[backend] = (backend.s3, open_buckets(backend.s3))
    return opened[1]


@contextmanager
def failing(*, is_late: bool) -> Iterator[None]:
    """Raise a `BucketError` for a `MisuseError` when the work is done later than its call.

    Its caller is gone then, so the transfer fails. An error would come out of every call.
    """
    try:
        yield
    except MisuseError as error:
        if not is_late:
            raise
        raise BucketError("Unavailable", str(error), 503) from error


class Failure(NamedTuple):
    """Why a transfer failed, as descriptions have it."""

    code: str
    message: str


def failure_of(region: Region, error: BucketError) -> Failure:
    """Return the failure that an error of S3 causes."""
    random = region.backend.random
    text = messages.s3_failure(
        error.message,
        error.code,
        error.status_code,
        error.request_id or f"{random.getrandbits(64):016X}",
        f"{random.getrandbits(256):064x}",
    )
    return Failure(f"S3{error.code}", text)


def new_id(region: Region) -> str:
    """Return the id of a transfer that begins now: the milliseconds, and eight digits."""
    backend = region.backend
    return f"{milliseconds(backend.clock.seconds()):014}-{backend.random.getrandbits(32):08x}"


def new_token(region: Region) -> str:
    """Return a client token for a request that has none."""
    digits = f"{region.backend.random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
