"""Tables of moto's CloudFormation stacks: they are created in ddbmock while it is active.

moto's CloudFormation creates a table in moto's own DynamoDB, which programs do not reach while
ddbmock answers.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ddbmock.controller import Controller
from ddbmock.errors import ResourceNotFoundError
from ddbmock.hook import active
from ddbmock.hook.registration import replacements
from ddbmock.hook.replacements import Replacement
from ddbmock.templates import tables_from

if TYPE_CHECKING:
    from ddbmock.calls import CallLog
    from ddbmock.engine.backend import Backend
    from ddbmock.service import Service
    from ddbmock.triggers import Triggers


class _StackController(Controller):
    """The controller of a service, in the region of a stack."""

    def __init__(self, service: Service, region_name: str) -> None:
        self._service = service
        self._region_name = region_name

    @property
    def _backend(self) -> Backend:
        return self._service.backend

    @property
    def _triggers(self) -> Triggers:
        return self._service.triggers

    @property
    def region(self) -> str:
        return self._region_name

    @property
    def calls(self) -> CallLog:
        return self._service.calls


def _create(wrapped: Any, _table_class: Any, args: Any, kwargs: Any) -> Any:
    """Create a table of a stack, in moto and in ddbmock, with its stream, time to live and tags."""
    table = wrapped(*args, **kwargs)
    if active.current is None:
        return table
    resource = kwargs.get("cloudformation_json") or args[1]
    properties = {**resource["Properties"], "TableName": table.name}
    template = {"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}}
    controller = _StackController(active.current.service, table.region_name)
    tables_from(template, region=table.region_name).create(controller)
    if table.latest_stream_label is not None:
        # For `!GetAtt Table.StreamArn`: the stream that has records.
        stream_arn = controller.tables[table.name].stream.arn
        table.latest_stream_label = stream_arn.rpartition("/")[2]
    return table


def _delete(wrapped: Any, moto_backend: Any, args: Any, kwargs: Any) -> Any:
    """Delete a table of a stack, in moto and in ddbmock."""
    if active.current is not None:
        name = args[0] if args else kwargs["name"]
        controller = _StackController(active.current.service, moto_backend.region_name)
        # The program may have deleted it.
        with controller.set_up() as set_up, suppress(ResourceNotFoundError):
            set_up.request("DeleteTable", {"TableName": name})
    return wrapped(*args, **kwargs)


replacements.add(
    Replacement("moto.dynamodb.models.table", "Table", "create_from_cloudformation_json", _create),
    Replacement("moto.dynamodb.models", "DynamoDBBackend", "delete_table", _delete),
)
