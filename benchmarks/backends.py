"""The backends of the calls: an empty hook (the floor), ddbmock, or moto if it is installed."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3

from benchmarks.workload import Client, item
from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKENDS = ["floor", "ddbmock", *(["moto"] if find_spec("moto") else [])]
VARIABLES = {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "y",
    "AWS_DEFAULT_REGION": "us-east-1",
}
#: The environment of child processes, in which they find this package.
ENVIRONMENT = {
    **os.environ,
    **VARIABLES,
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent.parent), *sys.path[1:]]),
}


class _EmptyAnswer:
    status_code = 200
    headers: dict[str, str] = {}  # noqa: RUF012 (the least that botocore wants to see)


@contextmanager
def open_client(backend: str) -> Iterator[Client]:
    """Yield a client whose calls are answered by a backend."""
    with patch.dict(os.environ, VARIABLES), _active(backend):
        client = boto3.client("dynamodb")
        if backend == "floor":
            client.meta.events.register_first("before-call.dynamodb.*", _answer_at_once)
        yield client


@contextmanager
def _active(backend: str) -> Iterator[None]:
    if backend == "ddbmock":
        with mock_dynamodb(isolate=True):
            yield
    elif backend == "moto":
        from moto import mock_aws  # noqa: PLC0415 (optional, and slow to import)

        with mock_aws():
            yield
    else:
        yield


_PAGE = [item(number) for number in range(10)]
_READY_ANSWERS: dict[str, dict[str, Any]] = {
    "GetItem": {"Item": item(1)},
    "Query": {"Items": _PAGE, "Count": 10, "ScannedCount": 10},
    "Scan": {"Items": _PAGE, "Count": 10, "ScannedCount": 10},
}


def _answer_at_once(model: Any, **_: Any) -> tuple[type[_EmptyAnswer], dict[str, Any]]:
    response = dict(_READY_ANSWERS.get(model.name, {}))
    response["ResponseMetadata"] = {"HTTPStatusCode": 200}
    return _EmptyAnswer, response
