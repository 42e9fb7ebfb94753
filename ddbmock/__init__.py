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

Importing this package is cheap: its exports are loaded on first use, and the hook into botocore
when botocore is imported. Outside of mocks botocore works as without ddbmock, with one exception: a
client of DynamoDB for which there is no region is created, and its calls raise `NoRegionError`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ddbmock._internal.post_import import when_imported

if TYPE_CHECKING:
    from ddbmock._internal.access_control import PolicyWarning, Principal, Refusal
    from ddbmock._internal.calls import (
        Budget,
        CallKind,
        CallLog,
        Calls,
        Display,
        RecordedCall,
        RecordedError,
        TableUnits,
        Totals,
        Units,
        UnitTotals,
    )
    from ddbmock._internal.companions.cost import Bill, BillLine, CostComparison
    from ddbmock._internal.companions.dax.client import DaxClient
    from ddbmock._internal.companions.metrics.alarms import AlarmEvent
    from ddbmock._internal.companions.metrics.view import MetricsView
    from ddbmock._internal.controller import (
        AccountView,
        Controller,
        IndexView,
        RegionView,
        StreamView,
        TableView,
    )
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.journal import Savepoint
    from ddbmock._internal.engine.quotas import Quotas
    from ddbmock._internal.errors import (
        DeliveryError,
        MisuseError,
        UnmockedCallError,
        UnsupportedError,
    )
    from ddbmock._internal.faults import Fault, Faults
    from ddbmock._internal.formats.file_errors import FileError
    from ddbmock._internal.mock import DynamoDBMock, mock_dynamodb
    from ddbmock._internal.report import AccessPatterns, Finding
    from ddbmock._internal.server import serve
    from ddbmock._internal.templates import Tables, TemplateTriggers, tables_from
    from ddbmock._internal.throughput import Throttle, Throughput
    from ddbmock._internal.triggers import Delivery, Trigger, TriggerOptions

__all__ = [
    "AccessPatterns",
    "AccountView",
    "AlarmEvent",
    "Bill",
    "BillLine",
    "Budget",
    "CallKind",
    "CallLog",
    "Calls",
    "Clock",
    "Controller",
    "CostComparison",
    "DaxClient",
    "Delivery",
    "DeliveryError",
    "Display",
    "DynamoDBMock",
    "Fault",
    "Faults",
    "FileError",
    "Finding",
    "IndexView",
    "MetricsView",
    "MisuseError",
    "PolicyWarning",
    "Principal",
    "Quotas",
    "RecordedCall",
    "RecordedError",
    "Refusal",
    "RegionView",
    "Savepoint",
    "StreamView",
    "TableUnits",
    "TableView",
    "Tables",
    "TemplateTriggers",
    "Throttle",
    "Throughput",
    "Totals",
    "Trigger",
    "TriggerOptions",
    "UnitTotals",
    "Units",
    "UnmockedCallError",
    "UnsupportedError",
    "mock_dynamodb",
    "serve",
    "tables_from",
]

#: Name -> the module of `ddbmock._internal` that it is loaded from when it is first used.
_HOMES = {
    "AccessPatterns": "report",
    "AccountView": "controller",
    "AlarmEvent": "companions.metrics.alarms",
    "Bill": "companions.cost",
    "BillLine": "companions.cost",
    "Budget": "calls",
    "CallKind": "calls",
    "CallLog": "calls",
    "Calls": "calls",
    "Clock": "engine.clock",
    "Controller": "controller",
    "CostComparison": "companions.cost",
    "DaxClient": "companions.dax.client",
    "Delivery": "triggers",
    "DeliveryError": "errors",
    "Display": "calls",
    "DynamoDBMock": "mock",
    "Fault": "faults",
    "Faults": "faults",
    "FileError": "formats.file_errors",
    "Finding": "report",
    "IndexView": "controller",
    "MetricsView": "companions.metrics.view",
    "MisuseError": "errors",
    "PolicyWarning": "access_control",
    "Principal": "access_control",
    "Quotas": "engine.quotas",
    "RecordedCall": "calls",
    "RecordedError": "calls",
    "Refusal": "access_control",
    "RegionView": "controller",
    "Savepoint": "engine.journal",
    "StreamView": "controller",
    "TableUnits": "calls",
    "TableView": "controller",
    "Tables": "templates",
    "TemplateTriggers": "templates",
    "Throttle": "throughput",
    "Throughput": "throughput",
    "Totals": "calls",
    "Trigger": "triggers",
    "TriggerOptions": "triggers",
    "UnitTotals": "calls",
    "Units": "calls",
    "UnmockedCallError": "errors",
    "UnsupportedError": "errors",
    "mock_dynamodb": "mock",
    "serve": "server",
    "tables_from": "templates",
}

for _library in ("botocore.session", "aiobotocore.session"):
    when_imported(_library, lambda _: import_module("ddbmock._internal.hook.registration"))
when_imported(
    "moto.dynamodb.models", lambda _: import_module("ddbmock._internal.beside.cloudformation")
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise _UnknownNameError(name)
    value = globals()[name] = getattr(import_module(f"ddbmock._internal.{_HOMES[name]}"), name)
    return value


class _UnknownNameError(AttributeError):
    """There is no such name. Python also looks up names of modules that it then imports.

    So the text is created, with what that needs, only when it is shown.
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
