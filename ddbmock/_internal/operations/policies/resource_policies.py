"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.features import RESOURCE_POLICIES
from ddbmock._internal.engine.settings import ResourcePolicy
from ddbmock._internal.errors import (
    AccessDeniedError,
    PolicyNotFoundError,
    ResourceNotFoundError,
    ThrottlingError,
    ValidationError,
)
from ddbmock._internal.messages import policies as policy_messages
from ddbmock._internal.messages import streams as stream_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.policies.documents import Document
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import in_use, status_of
from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.evaluation import AccessRequest, PolicySet, decide
from ddbmock._internal.times import iso_milliseconds

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table

#: The ExpectedRevisionId of a resource that has no policy.
_NO_POLICY = "NO_POLICY"


class Place(NamedTuple):
    """What has a policy: a table, or one of its streams."""

    table: Table
    #: The label of the stream, empty for the table.
    label: str

    @property
    def policy(self) -> ResourcePolicy | None:
        """What was put last, which may be deleted."""
        return self.table.settings.resource_policies.get(self.label)

    @property
    def document(self) -> str | None:
        """The document in effect."""
        return None if self.policy is None else self.policy.document

    def set(self, policy: ResourcePolicy) -> None:
        """Put a policy, or what is left of a deleted one."""
        settings = self.table.settings
        policies = {**settings.resource_policies, self.label: policy}
        self.table.configure(replace(settings, resource_policies=policies))

    def __str__(self) -> str:
        return f"stream {self.label}" if self.label else f"table {self.table.name}"


@operation("PutResourcePolicy", plane=Plane.CONTROL)
def put_resource_policy(intent: Intent, door: Door) -> Response:
    """Give a table or stream a policy, in place of the one that it has.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
    """
    request, region = intent.request, door.region
    place = find_place(region, request["ResourceArn"])
    document = Document.read(request["Policy"], of_stream=bool(place.label))
    _check_revision(place, request)
    if not request.get("ConfirmRemoveSelfResourceAccess"):
        _check_not_locked_out(door, document, request["ResourceArn"])
    current = place.policy
    if current is not None and (current.document, current.has_version) == (
        document.text,
        document.has_version,
    ):
        return {"RevisionId": str(current.revision)}
    _check_changeable(region, place)
    policy = _revised(region, place, document.text, has_version=document.has_version)
    region.backend.use(RESOURCE_POLICIES)
    return {"RevisionId": str(policy.revision)}


@operation("GetResourcePolicy", plane=Plane.CONTROL)
def get_resource_policy(intent: Intent, door: Door) -> Response:
    """Return the policy of a table or stream, and its revision.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html
    """
    arn = intent.request["ResourceArn"]
    policy = find_place(door.region, arn).policy
    if policy is None or policy.document is None:
        raise PolicyNotFoundError(policy_messages.policy_not_found(arn))
    return {"Policy": policy.document, "RevisionId": str(policy.revision)}


@operation("DeleteResourcePolicy", plane=Plane.CONTROL)
def delete_resource_policy(intent: Intent, door: Door) -> Response:
    """Remove the policy of a table or stream; one that is not there is no error.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html
    """
    request, region = intent.request, door.region
    place = find_place(region, request["ResourceArn"])
    _check_revision(place, request)
    current = place.policy
    if current is None:
        return {}
    if current.document is None:
        return {"RevisionId": str(current.revision)}
    _check_changeable(region, place)
    _revised(region, place, None)
    return {"RevisionId": str(current.revision)}


def created_policy(region: Region, request: Request) -> dict[str, ResourcePolicy]:
    """Return the policies that a new table begins with, after checking them.

    Raises:
        ValidationError: The service refuses the policy.
    """
    given = request.get("ResourcePolicy")
    if given is None:
        return {}
    document = Document.read(given, of_stream=False)
    revision = int(region.backend.clock.seconds() * 1000)
    region.backend.use(RESOURCE_POLICIES)
    return {"": ResourcePolicy(document.text, revision, has_version=document.has_version)}


# --- tables and streams --------------------------------------------------------------------------


def find_place(region: Region, arn: str) -> Place:
    """Return the table or stream that an ARN names."""
    if not is_arn(arn):
        raise ValidationError(stream_messages.not_an_arn(arn))
    parts = parse(arn)
    if parts is None or parts.service != "dynamodb" or parts.kind != "table":
        raise ValidationError(stream_messages.arn_of_other_service(arn))
    kind, _, label = parts.subresource.partition("/")
    if kind == "index":
        raise ValidationError(stream_messages.arn_of_no_table_or_stream(arn))
    if kind not in {"", "stream"}:
        raise ValidationError(stream_messages.arn_of_other_service(arn))
    if not arn.startswith(region.arns.table("")):
        own = str(parts._replace(account_id=region.account_id))
        if own.startswith(region.arns.table("")):
            raise ValidationError(policy_messages.POLICY_OF_OTHER_ACCOUNT)
        raise ValidationError(policy_messages.resource_arn_invalid(arn))
    table = region.tables.get(parts.name)
    if table is None:
        raise ResourceNotFoundError(table_messages.table_not_found(parts.name))
    if label and arn not in region.streams:
        raise ResourceNotFoundError(policy_messages.stream_of_table_not_found(label, parts.name))
    return Place(table, label)


# --- changes -------------------------------------------------------------------------------------


def _check_revision(place: Place, request: Request) -> None:
    expected = request.get("ExpectedRevisionId")
    policy = place.policy
    if expected is None:
        return
    if policy is None or policy.document is None:
        if expected != _NO_POLICY:
            raise PolicyNotFoundError(policy_messages.policy_has_no_revision(expected, str(place)))
    elif expected != str(policy.revision):
        text = policy_messages.policy_has_other_revision(expected, str(place), policy.revision)
        raise PolicyNotFoundError(text)


def _check_not_locked_out(door: Door, document: Document, arn: str) -> None:
    """Refuse a policy that denies the caller to change it again."""
    caller, action = door.caller_or_default(), "dynamodb:PutResourcePolicy"
    account_id = door.region.account_id
    context = Context(
        {
            "aws:PrincipalArn": caller.principal_arn,
            "aws:PrincipalAccount": caller.account_id,
            "aws:userid": caller.user_id,
            "aws:username": caller.user_name,
        }
    )
    request = AccessRequest(caller, action, arn, account_id, context)
    if not decide(request, PolicySet(), document.policy).is_allowed:
        raise AccessDeniedError(policy_messages.POLICY_LOCKS_OUT)


def _check_changeable(region: Region, place: Place) -> None:
    if status_of(region, place.table) == lifecycle.DELETING:
        raise in_use(table_messages.TABLE_IS_DELETED, place.table)
    if place.policy is None:
        return
    changeable_at = place.policy.revision / 1000 + limits.RESOURCE_POLICY_CHANGE_SECONDS
    if region.backend.clock.seconds() < changeable_at:
        until = iso_milliseconds(changeable_at)
        raise ThrottlingError(policy_messages.policy_changed_recently(str(place), until))


def _revised(
    region: Region, place: Place, document: str | None, *, has_version: bool = True
) -> ResourcePolicy:
    """Put a document with a new revision, which is the time of the change and rises."""
    before = 0 if place.policy is None else place.policy.revision
    revision = max(int(region.backend.clock.seconds() * 1000), before + 1)
    policy = ResourcePolicy(document, revision, has_version=has_version)
    place.set(policy)
    return policy
