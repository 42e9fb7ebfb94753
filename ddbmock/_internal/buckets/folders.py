"""Buckets that are folders: `FOLDER/BUCKET/KEY`.

Every existing folder is a bucket, which belongs to every caller.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ddbmock._internal.buckets.access import BucketError, Encryption
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import transfer as messages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_SUCH_BUCKET = ("NoSuchBucket", "The specified bucket does not exist", 404)


class FolderBuckets:
    """The buckets in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self, region_name: str, bucket: str) -> None:
        """Do nothing: a missing folder is a missing bucket."""

    def put(  # noqa: PLR0913 (as in the protocol)
        self,
        region_name: str,  # noqa: ARG002 (folders are in no region)
        bucket: str,
        key: str,
        body: bytes,
        *,
        owner: str | None,  # noqa: ARG002
        encryption: Encryption | None,  # noqa: ARG002
    ) -> None:
        """Write the file of an object, with its folders.

        Raises:
            MisuseError: The key cannot be the path of a file in the bucket.
        """
        path = self._bucket(bucket) / _relative(key)
        with _worded(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)

    def objects(
        self,
        region_name: str,  # noqa: ARG002
        bucket: str,
        prefix: str,
        *,
        owner: str | None,  # noqa: ARG002
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the files of a bucket whose keys begin with a prefix."""
        folder = self._bucket(bucket)
        with _worded(folder):
            paths = [path for path in folder.rglob("*") if path.is_file()]
        keys = [path.relative_to(folder).as_posix() for path in paths]
        for key in sorted(keys, key=os.fsencode):
            if key.startswith(prefix):
                with _worded(folder / key):
                    body = (folder / key).read_bytes()
                yield key, body

    def _bucket(self, name: str) -> Path:
        folder = self._folder / name
        if not folder.is_dir():
            raise BucketError(*NO_SUCH_BUCKET)
        return folder


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    """Raise errors of the operating system as `MisuseError`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise MisuseError(messages.bucket_not_accessible(str(path), error)) from error


def _relative(key: str) -> str:
    """Return the path of a key, which must not leave its bucket.

    >>> _relative("exports/AWSDynamoDB/1/_started")
    'exports/AWSDynamoDB/1/_started'
    """
    parts = key.replace("\\", "/").split("/")
    if not {".", "..", ""}.isdisjoint(parts) or "\\" in key:
        raise MisuseError(messages.key_is_no_path(key))
    return key
