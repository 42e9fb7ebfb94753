"""The buckets of a mock, and the failures of transfers for errors of S3."""

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
    """Return the buckets of the mock's option `s3`, or those that S3 clients of the process reach.

    Using them can raise `MisuseError`: nothing answers, or a folder cannot be written.
    """
    opened = _OPENED.get(backend)
    if opened is None or opened[0] is not backend.s3:
        opened = _OPENED[backend] = (backend.s3, open_buckets(backend.s3))
    return opened[1]


@contextmanager
def failing(*, is_late: bool) -> Iterator[None]:
    """Raise a `BucketError` for a `MisuseError` if the transfer runs after its call.

    There is no caller to raise the error to then, so the transfer fails.
    """
    try:
        yield
    except MisuseError as error:
        if not is_late:
            raise
        raise BucketError("Unavailable", str(error), 503) from error


class Failure(NamedTuple):
    """The failure of a transfer, as descriptions have it."""

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
    """Return the id of a new transfer: the time in milliseconds, and eight random digits."""
    backend = region.backend
    return f"{milliseconds(backend.clock.seconds()):014}-{backend.random.getrandbits(32):08x}"


def new_token(region: Region) -> str:
    """Return a client token for a request that has none."""
    digits = f"{region.backend.random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
