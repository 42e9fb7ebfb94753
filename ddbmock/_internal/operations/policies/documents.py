"""Documents of resource policies: the service's checks, and the form that it returns.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from ddbmock._internal import limits
from ddbmock._internal.arns import parse
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import policies as messages
from ddbmock._internal.policies.conditions import PolicyError
from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.documents import CURRENT_VERSION, OLDER_VERSION, Policy, texts
from ddbmock._internal.policies.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The actions that a policy of a table, or of a stream, may contain.
_TABLE_ACTIONS = (
    *("BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem"),
    *("Query", "Scan", "UpdateItem"),
    *("PartiQLDelete", "PartiQLInsert", "PartiQLSelect", "PartiQLUpdate"),
    *("CreateBackup", "DeleteTable", "DescribeContinuousBackups", "DescribeTable"),
    *("DescribeContributorInsights", "DescribeKinesisStreamingDestination"),
    *("DescribeTableReplicaAutoScaling", "DescribeTimeToLive"),
    *("DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination"),
    *("UpdateKinesisStreamingDestination", "ExportTableToPointInTime", "ListTagsOfResource"),
    *("RestoreTableToPointInTime", "RestoreTableFromBackup", "TagResource", "UntagResource"),
    *("UpdateContinuousBackups", "UpdateContributorInsights", "UpdateTable"),
    *("UpdateTableReplicaAutoScaling", "UpdateTimeToLive", "StartBulkPutItems"),
    *("DeleteResourcePolicy", "GetResourcePolicy", "PutResourcePolicy"),
    *("CreateTableReplica", "DeleteTableReplica", "AssociateTableReplica"),
    *("ReadDataForReplication", "WriteDataForReplication", "ReplicateSettings"),
    *("InjectError", "SearchVectors"),
)
_STREAM_ACTIONS = (
    *("DescribeStream", "GetRecords", "GetShardIterator"),
    *("DeleteResourcePolicy", "GetResourcePolicy", "PutResourcePolicy"),
)
_ELEMENT_ORDER = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)
_ACCOUNT_ID = re.compile("[0-9]{12}")
_NO_CONTEXT = Context({})
#: A condition with one of these keys restricts the access of any principal.
_BOUNDING_KEYS = frozenset({
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce"),
    *("aws:userid", "aws:vpcsourceip"),
})  # fmt: skip


class Document:
    """A policy document that the service accepts.

    Attributes:
        text: The form in which it is returned: minified, with elements in a fixed order.
        has_version: Whether a version was given; a document without one is a different document.
        policy: The parsed policy.
    """

    __slots__ = ("has_version", "policy", "text")

    def __init__(self, text: str, policy: Policy, *, has_version: bool) -> None:
        self.text: str = text
        self.policy: Policy = policy
        self.has_version: bool = has_version

    @classmethod
    def read(cls, given: str, *, of_stream: bool) -> Document:
        """Return a document, after checking it.

        Args:
            given: The policy, as it was sent.
            of_stream: Whether it is the policy of a stream, not of a table.

        Raises:
            ValidationError: The service refuses it.
        """
        if len(given.encode()) > limits.RESOURCE_POLICY_BYTES_MAX:
            raise ValidationError(messages.POLICY_TOO_LARGE)
        content = _parsed(given)
        statements = _statements(content)
        canonical = [_canonical(statement, given) for statement in statements]
        _check_sids(canonical)
        _check_actions(canonical, _STREAM_ACTIONS if of_stream else _TABLE_ACTIONS)
        _check_resources(canonical, of_stream=of_stream)
        version = content.get("Version")
        if version not in {None, CURRENT_VERSION, OLDER_VERSION}:
            _refuse(messages.POLICY_VERSION)
        document = {"Version": version or OLDER_VERSION}
        document |= {"Id": content["Id"]} if "Id" in content else {}
        document["Statement"] = canonical
        try:
            policy = Policy.of(document)
        except PolicyError as error:
            _refuse(messages.policy_unreadable(str(error)))
        _check_bounded(policy)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return cls(text, policy, has_version=version is not None)


def _refuse(problem: str) -> NoReturn:
    raise ValidationError(messages.policy_invalid(problem))


def _parsed(given: str) -> dict[str, Any]:
    try:
        content = json.loads(given)
    except (ValueError, RecursionError):
        _refuse(messages.POLICY_NO_JSON)
    if content is None:
        _refuse(messages.POLICY_IS_NONE)
    if not isinstance(content, dict):
        _refuse(messages.POLICY_NO_JSON)
    if "Statement" not in content:
        _refuse(messages.policy_syntax_error(given.rstrip()))
    return content


def _statements(content: dict[str, Any]) -> list[Any]:
    statements = content["Statement"]
    if isinstance(statements, dict):
        return [statements]
    if not isinstance(statements, list) or not statements:
        _refuse(messages.POLICY_WITHOUT_STATEMENT)
    return statements


def _canonical(statement: Any, given: str) -> dict[str, Any]:
    """Return a statement as the service returns it."""
    if not isinstance(statement, dict):
        _refuse(messages.policy_syntax_error(given))
    for names in (("Effect",), ("Principal", "NotPrincipal"), ("Action", "NotAction")):
        if not any(name in statement for name in names):
            _refuse(messages.policy_lacks(names[0]))
    if "Resource" not in statement and "NotResource" not in statement:
        _refuse(messages.policy_lacks("Resource"))
    canonical: dict[str, Any] = {
        name: statement[name] for name in _ELEMENT_ORDER if name in statement
    }
    canonical |= {name: value for name, value in statement.items() if name not in canonical}
    if isinstance(canonical["Effect"], str):
        canonical["Effect"] = canonical["Effect"].capitalize()
    for name in ("Principal", "NotPrincipal"):
        if name in canonical:
            canonical[name] = _principal(canonical[name], given)
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        value = canonical.get(name)
        if isinstance(value, list) and len(value) == 1:
            canonical[name] = value[0]
    return canonical


def _principal(value: Any, given: str) -> Any:
    if isinstance(value, str) and value != "*":
        at = given.find(json.dumps(value, ensure_ascii=False))
        _refuse(messages.policy_syntax_error(given[: at + len(value) + 1]))
    if not isinstance(value, dict):
        return value
    return {kind: _principals(names) if kind == "AWS" else names for kind, names in value.items()}


def _principals(names: Any) -> Any:
    """Return ARNs in place of account ids, without duplicates; a single one is not in a list."""
    if not isinstance(names, str | list) or not all(isinstance(name, str) for name in names):
        raise ValidationError(messages.POLICY_PRINCIPAL_INVALID)
    arns = list(dict.fromkeys(map(_principal_arn, [names] if isinstance(names, str) else names)))
    return arns[0] if len(arns) == 1 else arns


def _principal_arn(name: str) -> str:
    if _ACCOUNT_ID.fullmatch(name):
        return f"arn:aws:iam::{name}:root"
    arn = parse(name)
    if name != "*" and (arn is None or arn.service not in {"iam", "sts"} or not arn.resource):
        raise ValidationError(messages.POLICY_PRINCIPAL_INVALID)
    return name


def _check_sids(statements: Sequence[dict[str, Any]]) -> None:
    sids = [statement["Sid"] for statement in statements if "Sid" in statement]
    if len(set(map(str, sids))) < len(sids):
        _refuse(messages.POLICY_SIDS_NOT_UNIQUE)


def _check_actions(statements: Sequence[dict[str, Any]], valid: Sequence[str]) -> None:
    names = [f"dynamodb:{action}".lower() for action in valid]
    invalid = [
        action
        for action in _of_all(statements, "Action", "NotAction")
        if not any(
            Pattern(action.lower(), variables=False).matches(name, _NO_CONTEXT) for name in names
        )
    ]
    if invalid:
        _refuse(messages.policy_actions_invalid(invalid))


def _check_resources(statements: Sequence[dict[str, Any]], *, of_stream: bool) -> None:
    for resource in _of_all(statements, "Resource", "NotResource"):
        arn = parse(resource)
        if resource == "*":
            continue
        if arn is None:
            _refuse(messages.policy_resource_no_arn(resource))
        if arn.subresource.startswith("stream/") is not of_stream:
            _refuse(messages.policy_resource_of_wrong_kind(arn.resource, resource))


def _of_all(statements: Sequence[dict[str, Any]], *names: str) -> Iterator[str]:
    for statement in statements:
        for name in names:
            if name in statement:
                try:
                    yield from texts(statement[name], name)
                except PolicyError as error:
                    _refuse(messages.policy_unreadable(str(error)))


def _check_bounded(policy: Policy) -> None:
    """Refuse a statement that allows access to everybody."""
    for statement in policy.statements:
        keys = {condition.key.lower() for condition in statement.conditions}
        is_everybody = "*" in (statement.principals or ()) or statement.is_not_principal
        if statement.is_allow and is_everybody and keys.isdisjoint(_BOUNDING_KEYS):
            raise ValidationError(messages.POLICY_UNBOUNDED)
