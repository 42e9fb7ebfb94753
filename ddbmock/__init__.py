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

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ddbmock.post_import import when_imported

if TYPE_CHECKING:
    from ddbmock.calls import Budget, CallLog, Calls, RecordedCall
    from ddbmock.controller import Controller, IndexView, StreamView, TableView
    from ddbmock.engine.clock import Clock
    from ddbmock.errors import DeliveryError, MisuseError, UnmockedCallError, UnsupportedError
    from ddbmock.formats.file_errors import FileError
    from ddbmock.mock import DynamoDBMock, mock_dynamodb
    from ddbmock.server import serve
    from ddbmock.templates import Tables, tables_from
    from ddbmock.triggers import Delivery, Trigger, TriggerOptions

__all__ = [
    "Budget",
    "CallLog",
    "Calls",
    "Clock",
    "Controller",
    "Delivery",
    "DeliveryError",
    "DynamoDBMock",
    "FileError",
    "IndexView",
    "MisuseError",
    "RecordedCall",
    "StreamView",
    "TableView",
    "Tables",
    "Trigger",
    "TriggerOptions",
    "UnmockedCallError",
    "UnsupportedError",
    "mock_dynamodb",
    "serve",
    "tables_from",
]

#: Name -> the module that it is loaded from when it is first used.
_HOMES = {
    "Budget": "ddbmock.calls",
    "CallLog": "ddbmock.calls",
    "Calls": "ddbmock.calls",
    "Clock": "ddbmock.engine.clock",
    "Controller": "ddbmock.controller",
    "Delivery": "ddbmock.triggers",
    "DeliveryError": "ddbmock.errors",
    "DynamoDBMock": "ddbmock.mock",
    "FileError": "ddbmock.formats.file_errors",
    "IndexView": "ddbmock.controller",
    "MisuseError": "ddbmock.errors",
    "RecordedCall": "ddbmock.calls",
    "StreamView": "ddbmock.controller",
    "TableView": "ddbmock.controller",
    "Tables": "ddbmock.templates",
    "Trigger": "ddbmock.triggers",
    "TriggerOptions": "ddbmock.triggers",
    "UnmockedCallError": "ddbmock.errors",
    "UnsupportedError": "ddbmock.errors",
    "mock_dynamodb": "ddbmock.mock",
    "serve": "ddbmock.server",
    "tables_from": "ddbmock.templates",
}

for _library in ("botocore.session", "aiobotocore.session"):
    when_imported(_library, lambda _: import_module("ddbmock.hook.registration"))
when_imported("moto.dynamodb.models", lambda _: import_module("ddbmock.beside.cloudformation"))


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise _UnknownNameError(name)
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


class _UnknownNameError(AttributeError):
    """There is no such name. Python also asks for names of modules that it then imports.

    So the text is made when it is shown, and what it takes is imported then.
    """

    name: str

    def __init__(self, name: str) -> None:
        super().__init__(name=name, obj=sys.modules[__name__])

    def __str__(self) -> str:
        text = f"module {__name__!r} has no attribute {self.name!r}"
        if self.name == "mock_aws":
            return (
                f"{text}: ddbmock mocks DynamoDB alone, with mock_dynamodb; together with moto for"
                " the other services: from ddbmock.beside import mock_aws"
            )
        if self.name.startswith("__"):
            return text
        from difflib import get_close_matches  # noqa: PLC0415 (only to be helpful)

        close = get_close_matches(self.name, _HOMES, n=1)
        return f"{text}; is {close[0]} meant?" if close else text


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
