"""Tables of moto's CloudFormation stacks: they are created in ddbmock while it is active.

moto's CloudFormation creates tables in moto's own DynamoDB, which programs do not reach while a
mock of ddbmock is active.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ddbmock._internal.controller.of_service import ServiceController
from ddbmock._internal.errors import ResourceNotFoundError
from ddbmock._internal.hook import active
from ddbmock._internal.hook.registration import replacements
from ddbmock._internal.hook.replacements import Replacement
from ddbmock._internal.templates import tables_from


def _create(wrapped: Any, _table_class: Any, args: Any, kwargs: Any) -> Any:
    """Create a table of a stack, in moto and in ddbmock, with its stream, time to live and tags."""
    table = wrapped(*args, **kwargs)
    if active.current is None:
        return table
    resource = kwargs.get("cloudformation_json") or args[1]
    properties = {**resource["Properties"], "TableName": table.name}
    template = {"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}}
    controller = ServiceController(active.current.service, table.region_name)
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
        controller = ServiceController(active.current.service, moto_backend.region_name)
        # The program may have deleted it.
        with controller.set_up() as set_up, suppress(ResourceNotFoundError):
            set_up.request("DeleteTable", {"TableName": name})
    return wrapped(*args, **kwargs)


replacements.add(
    Replacement("moto.dynamodb.models.table", "Table", "create_from_cloudformation_json", _create),
    Replacement("moto.dynamodb.models", "DynamoDBBackend", "delete_table", _delete),
)
