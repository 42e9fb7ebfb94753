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


class PolicyTarget(NamedTuple):
    """A table, or one of its streams, as the owner of a resource policy."""

    table: Table
    #: The label of the stream, empty for the table.
    label: str

    @property
    def policy(self) -> ResourcePolicy | None:
        """The last policy, which may be deleted."""
        return self.table.settings.resource_policies.get(self.label)

    @property
    def document(self) -> str | None:
        """The document in effect."""
        return None if self.policy is None else self.policy.document

    def set(self, policy: ResourcePolicy) -> None:
        """Set the policy, or the record of a deleted one."""
        settings = self.table.settings
        policies = {**settings.resource_policies, self.label: policy}
        self.table.configure(replace(settings, resource_policies=policies))

    def __str__(self) -> str:
        return f"stream {self.label}" if self.label else f"table {self.table.name}"


@operation("PutResourcePolicy", plane=Plane.CONTROL)
def put_resource_policy(intent: Intent, door: Door) -> Response:
    """Set the policy of a table or stream, which replaces an existing one.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
    """
    request, region = intent.request, door.region
    target = find_policy_target(region, request["ResourceArn"])
    document = Document.read(request["Policy"], of_stream=bool(target.label))
    _check_revision(target, request)
    if not request.get("ConfirmRemoveSelfResourceAccess"):
        _check_not_locked_out(door, document, request["ResourceArn"])
    current = target.policy
    if current is not None and (current.document, current.has_version) == (
        document.text,
        document.has_version,
    ):
        return {"RevisionId": str(current.revision)}
    _check_changeable(region, target)
    policy = _revised(region, target, document.text, has_version=document.has_version)
    region.backend.use(RESOURCE_POLICIES)
    return {"RevisionId": str(policy.revision)}


@operation("GetResourcePolicy", plane=Plane.CONTROL)
def get_resource_policy(intent: Intent, door: Door) -> Response:
    """Return the policy of a table or stream, and its revision.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html
    """
    arn = intent.request["ResourceArn"]
    policy = find_policy_target(door.region, arn).policy
    if policy is None or policy.document is None:
        raise PolicyNotFoundError(policy_messages.policy_not_found(arn))
    return {"Policy": policy.document, "RevisionId": str(policy.revision)}


@operation("DeleteResourcePolicy", plane=Plane.CONTROL)
def delete_resource_policy(intent: Intent, door: Door) -> Response:
    """Delete the policy of a table or stream; without a policy this succeeds too.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html
    """
    request, region = intent.request, door.region
    target = find_policy_target(region, request["ResourceArn"])
    _check_revision(target, request)
    current = target.policy
    if current is None:
        return {}
    if current.document is None:
        return {"RevisionId": str(current.revision)}
    _check_changeable(region, target)
    _revised(region, target, None)
    return {"RevisionId": str(current.revision)}


def created_policy(region: Region, request: Request) -> dict[str, ResourcePolicy]:
    """Return the initial policies of a new table, after checking them.

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


def find_policy_target(region: Region, arn: str) -> PolicyTarget:
    """Return the table or stream with an ARN."""
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
    return PolicyTarget(table, label)


# --- changes -------------------------------------------------------------------------------------


def _check_revision(target: PolicyTarget, request: Request) -> None:
    expected = request.get("ExpectedRevisionId")
    policy = target.policy
    if expected is None:
        return
    if policy is None or policy.document is None:
        if expected != _NO_POLICY:
            raise PolicyNotFoundError(policy_messages.policy_has_no_revision(expected, str(target)))
    elif expected != str(policy.revision):
        text = policy_messages.policy_has_other_revision(expected, str(target), policy.revision)
        raise PolicyNotFoundError(text)


def _check_not_locked_out(door: Door, document: Document, arn: str) -> None:
    """Refuse a policy that denies the caller further changes of it."""
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


def _check_changeable(region: Region, target: PolicyTarget) -> None:
    if status_of(region, target.table) == lifecycle.DELETING:
        raise in_use(table_messages.TABLE_IS_DELETED, target.table)
    if target.policy is None:
        return
    changeable_at = target.policy.revision / 1000 + limits.RESOURCE_POLICY_CHANGE_SECONDS
    if region.backend.clock.seconds() < changeable_at:
        until = iso_milliseconds(changeable_at)
        raise ThrottlingError(policy_messages.policy_changed_recently(str(target), until))


def _revised(
    region: Region, target: PolicyTarget, document: str | None, *, has_version: bool = True
) -> ResourcePolicy:
    """Set a document with a new revision: the time of the change, always increasing."""
    before = 0 if target.policy is None else target.policy.revision
    revision = max(int(region.backend.clock.seconds() * 1000), before + 1)
    policy = ResourcePolicy(document, revision, has_version=has_version)
    target.set(policy)
    return policy
