"""The option `s3` of a mock, and its check."""

from __future__ import annotations

import os
from typing import Any

from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.service_model import service_of


def check_s3(value: Any) -> None:
    """Refuse a value that cannot be the option `s3`.

    Args:
        value: A folder, whose folders are the buckets; the URL of a server; an S3 client of boto3;
            or None for whatever answers the S3 clients of this process, such as moto.

    Raises:
        TypeError: It is of another type.
    """
    if not _is_s3(value):
        expected = "a folder, a URL or an S3 client of boto3"
        raise TypeError(messages.wrong_option("s3", expected, value))


def _is_s3(value: Any) -> bool:
    if value is None or isinstance(value, str | os.PathLike):
        return value != ""
    return service_of(value) == "s3"
