"""The interface of buckets, and their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class BucketError(Exception):
    """An error response of Amazon S3.

    Attributes:
        code: Such as `NoSuchBucket`.
        message: The text of the response.
        status_code: That of HTTP.
        request_id: The id of the response, if it has one.
    """

    def __init__(
        self, code: str, message: str, status_code: int, request_id: str | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status_code = status_code
        self.request_id = request_id


@dataclass(frozen=True, slots=True)
class Encryption:
    """The encryption of objects: AES256, or KMS with a key."""

    algorithm: str
    kms_key_id: str | None = None


class Buckets(Protocol):
    """The buckets that one mock reaches. Each method raises `BucketError`."""

    def check(self, region_name: str, bucket: str) -> None:
        """Check that buckets can be accessed.

        Raises:
            MisuseError: Nothing answers; the text says how to change that.
        """

    def put(  # noqa: PLR0913 (what PutObject takes)
        self,
        region_name: str,
        bucket: str,
        key: str,
        body: bytes,
        *,
        owner: str | None,
        encryption: Encryption | None,
    ) -> None:
        """Store an object; without an encryption, it is that of the bucket."""

    def objects(
        self, region_name: str, bucket: str, prefix: str, *, owner: str | None
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the keys that begin with a prefix, in order, with the contents."""
