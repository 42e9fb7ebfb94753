"""GetResourcePolicy.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddbmock import messages
from ddbmock.access.operation import Plane
from ddbmock.arns import is_arn, parse
from ddbmock.errors import PolicyNotFoundError, ResourceNotFoundError, ValidationError
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Response
    from ddbmock.engine.backend import Region
    from ddbmock.engine.table import Table


class Place(NamedTuple):
    """What has a policy: a table, or one of its streams."""

    table: Table
    #: The label of the stream, empty for the table.
    label: str


@operation("GetResourcePolicy", plane=Plane.CONTROL)
def get_resource_policy(intent: Intent, door: Door) -> Response:
    """Return the policy of a table or stream, and its revision.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html
    """
    arn = intent.request["ResourceArn"]
    place = find_place(door.region, arn)
    policy = place.table.settings.resource_policies.get(place.label)
    if policy is None or policy.document is None:
        raise PolicyNotFoundError(messages.policy_not_found(arn))
    return {"Policy": policy.document, "RevisionId": str(policy.revision)}


def find_place(region: Region, arn: str) -> Place:
    """Return the table or stream that an ARN names."""
    if not is_arn(arn):
        raise ValidationError(messages.not_an_arn(arn))
    parts = parse(arn)
    if parts is None or parts.service != "dynamodb" or parts.kind != "table":
        raise ValidationError(messages.arn_of_other_service(arn))
    kind, _, label = parts.subresource.partition("/")
    if kind == "index":
        raise ValidationError(messages.arn_of_no_table_or_stream(arn))
    if kind not in {"", "stream"}:
        raise ValidationError(messages.arn_of_other_service(arn))
    if not arn.startswith(region.arns.table("")):
        raise ValidationError(messages.resource_arn_invalid(arn))
    table = region.tables.get(parts.name)
    if table is None:
        raise ResourceNotFoundError(messages.table_not_found(parts.name))
    if label and arn not in region.streams:
        raise ResourceNotFoundError(messages.stream_of_table_not_found(label, parts.name))
    return Place(table, label)
