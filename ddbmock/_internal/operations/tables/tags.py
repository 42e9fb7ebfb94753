"""TagResource, UntagResource, ListTagsOfResource.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import streams as stream_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import is_restored, status_of
from ddbmock._internal.validation.table_names import item_operation_violations
from ddbmock._internal.validation.tags import check_tag_keys, check_tags

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table


@operation("TagResource", plane=Plane.CONTROL, between_accounts=True)
def tag_resource(intent: Intent, door: Door) -> Response:
    """Add tags to a table or change their values; a table has at most 50.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
    """
    tags = intent.request["Tags"]
    name = _table_name(door.region, intent.request["ResourceArn"])
    if not tags:
        raise ValidationError(stream_messages.NO_TAGS)
    check_tags(tags)
    table = _find(intent, door, name)
    merged = {**table.settings.tags, **{tag["Key"]: tag["Value"] for tag in tags}}
    if len(merged) > limits.TAGS_PER_RESOURCE_MAX:
        raise ValidationError(request_messages.TOO_MANY_TAGS)
    table.configure(replace(table.settings, tags=merged))
    return {}


@operation("UntagResource", plane=Plane.CONTROL, between_accounts=True)
def untag_resource(intent: Intent, door: Door) -> Response:
    """Remove tags from a table; keys that it does not have are ignored.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
    """
    keys = intent.request["TagKeys"]
    name = _table_name(door.region, intent.request["ResourceArn"])
    if not keys:
        raise ValidationError(stream_messages.NO_TAG_KEYS)
    check_tag_keys(keys)
    table = _find(intent, door, name)
    remaining = {key: value for key, value in table.settings.tags.items() if key not in keys}
    table.configure(replace(table.settings, tags=remaining))
    return {}


@operation("ListTagsOfResource", plane=Plane.CONTROL, between_accounts=True)
def list_tags_of_resource(intent: Intent, door: Door) -> Response:
    """Return all tags of a table, as a page of the service holds 50.

    A NextToken is accepted and ignored, as in the service, which returns none.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
    """
    table = _find(intent, door, _table_name(door.region, intent.request["ResourceArn"]))
    return {"Tags": [{"Key": key, "Value": value} for key, value in table.settings.tags.items()]}


def _table_name(region: Region, arn: str) -> str:
    """Return the name in the ARN of a table of this account and region."""
    if not is_arn(arn):
        raise ValidationError(stream_messages.not_an_arn(arn))
    parts = parse(arn)
    if parts is None or parts.service != "dynamodb" or parts.kind != "table":
        raise ValidationError(stream_messages.arn_of_other_service(arn))
    kind = parts.subresource.partition("/")[0]
    if kind == "index":
        raise ValidationError(stream_messages.arn_of_no_table_or_stream(arn))
    if kind not in {"", "stream"}:
        raise ValidationError(stream_messages.arn_of_other_service(arn))
    if arn != region.arns.table(parts.name) or any(item_operation_violations(parts.name)):
        raise ValidationError(stream_messages.table_arn_invalid(arn))
    return parts.name


def _find(intent: Intent, door: Door, name: str) -> Table:
    """Return a table that is neither being created nor deleted: these have no visible tags."""
    table = door.region.tables.get(name)
    if table is not None and is_restored(door.region, table):
        raise ResourceNotFoundError(table_messages.table_not_found(name))
    hidden = {lifecycle.CREATING, lifecycle.DELETING}
    if table is None or status_of(door.region, table) in hidden:
        raise ResourceNotFoundError(
            stream_messages.resource_not_found(intent.request["ResourceArn"])
        )
    return table
