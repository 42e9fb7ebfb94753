"""ddbmock: an in-process mock of Amazon DynamoDB.

A program under test keeps using boto3 (or aiobotocore, PynamoDB, ...) unchanged; while a mock is
active, every DynamoDB call of this process is answered by a table engine in pure Python.

    >>> import boto3
    >>> from ddbmock import mock_dynamodb
    >>> with mock_dynamodb() as ddb:
    ...     client = boto3.client("dynamodb")
    ...     _ = client.create_table(
    ...         TableName="orders",
    ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    ...         BillingMode="PAY_PER_REQUEST",
    ...     )
    ...     _ = client.put_item(TableName="orders", Item={"id": {"S": "42"}})
    ...     ddb.tables["orders"].items
    [{'id': {'S': '42'}}]

Importing this package imports nothing heavy: what it exports is loaded when it is first used, and
the hook into botocore when botocore is. Outside of mocks botocore works as without ddbmock, but for
this: a client of DynamoDB for which there is no region is created, and its calls raise
`NoRegionError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ddbmock.post_import import when_imported

if TYPE_CHECKING:
    from ddbmock.calls import RecordedCall
    from ddbmock.controller import Controller
    from ddbmock.errors import DeliveryError, MisuseError, UnsupportedError
    from ddbmock.formats.file_errors import FileError
    from ddbmock.mock import mock_dynamodb
    from ddbmock.server import serve
    from ddbmock.templates import tables_from
    from ddbmock.triggers import Delivery, Trigger, TriggerOptions

__all__ = [
    "Controller",
    "Delivery",
    "DeliveryError",
    "FileError",
    "MisuseError",
    "RecordedCall",
    "Trigger",
    "TriggerOptions",
    "UnsupportedError",
    "mock_dynamodb",
    "serve",
    "tables_from",
]

_HOMES = {
    "Controller": "ddbmock.controller",
    "Delivery": "ddbmock.triggers",
    "DeliveryError": "ddbmock.errors",
    "FileError": "ddbmock.formats.file_errors",
    "MisuseError": "ddbmock.errors",
    "RecordedCall": "ddbmock.calls",
    "Trigger": "ddbmock.triggers",
    "TriggerOptions": "ddbmock.triggers",
    "UnsupportedError": "ddbmock.errors",
    "mock_dynamodb": "ddbmock.mock",
    "serve": "ddbmock.server",
    "tables_from": "ddbmock.templates",
}


for _library in ("botocore.session", "aiobotocore.session"):
    when_imported(_library, lambda _: import_module("ddbmock.hook.registration"))


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
