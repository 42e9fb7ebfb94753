"""The buckets of the option `s3` of a mock."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.buckets.folders import FolderBuckets
from ddbmock._internal.buckets.s3_clients import ClientBuckets

if TYPE_CHECKING:
    from ddbmock._internal.buckets.access import Buckets

_URLS = ("http://", "https://")


def open_buckets(value: Any) -> Buckets:
    """Return the buckets of the option; see `option.check_s3`."""
    if value is None:
        return ClientBuckets()
    if isinstance(value, str) and value.startswith(_URLS):
        return ClientBuckets(url=value)
    if isinstance(value, str | os.PathLike):
        return FolderBuckets(Path(value))
    return ClientBuckets(client=value)
