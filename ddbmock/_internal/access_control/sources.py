"""The forms in which a test gives policies.

- a document, as a mapping, as JSON, or as the path of a JSON file;
- a policy template of AWS SAM: `{"DynamoDBReadPolicy": {"TableName": "orders"}}`;
- the name or ARN of a policy that AWS manages: `"AmazonDynamoDBReadOnlyAccess"`;
- what `tables_from(...).role("Handler")` returns;
- a list of any of these.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access_control import managed
from ddbmock._internal.access_control.sam_policies import is_sam_policy, sam_policy
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.policies.conditions import PolicyError
from ddbmock._internal.policies.documents import Policy

if TYPE_CHECKING:
    from ddbmock._internal.arns import Namespace

_EXPECTED = (
    "a policy is a document (a mapping, JSON, or the path of a JSON file), a policy template of AWS"
    " SAM, the name of a policy that AWS manages, or what tables_from(...).role(...) returns"
)


@dataclass(frozen=True, slots=True)
class RolePolicies:
    """The policies of a role of a template."""

    #: The ARN of the role.
    arn: str
    #: Name -> document.
    documents: Mapping[str, Mapping[str, Any]]
    #: The document of its permissions boundary.
    boundary: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class GivenPolicies:
    """Policies, read and checked."""

    policies: tuple[Policy, ...]
    #: The role that has them, if there is one.
    role: RolePolicies | None = None


def read_policies(given: Any, arns: Namespace, *, label: str = "policy") -> GivenPolicies:
    """Return policies that a test gives.

    Args:
        given: What the test gives.
        arns: The region and account of tables that are given by their names.
        label: The name of the policies in messages.

    Raises:
        MisuseError: The form is unknown, or a document is wrong.
    """
    role = given if isinstance(given, RolePolicies) else None
    if role is not None:
        found = [_policy(document, name) for name, document in role.documents.items()]
        return GivenPolicies(tuple(found), role)
    many = isinstance(given, list | tuple)
    if many:
        parts = [
            read_policies(each, arns, label=f"{label} {number}")
            for number, each in enumerate(given, start=1)
        ]
        roles = [part.role for part in parts if part.role is not None]
        policies = tuple(policy for part in parts for policy in part.policies)
        return GivenPolicies(policies, roles[0] if len(roles) == 1 else None)
    return GivenPolicies((_read(given, arns, label),))


def _read(given: Any, arns: Namespace, label: str) -> Policy:
    if isinstance(given, Mapping):
        names = list(given)
        if len(names) == 1 and is_sam_policy(str(names[0])):
            return _sam(str(names[0]), given[names[0]], arns)
        return _policy(given, label)
    if isinstance(given, str) and given.lstrip().startswith("{"):
        return _policy(given, label)
    if isinstance(given, str):
        name = managed.name_of(given)
        document = managed.managed_policy(name)
        if document is not None:
            return _policy(document, name)
    if isinstance(given, str | os.PathLike):
        return _from_file(Path(given))
    raise MisuseError(f"{_EXPECTED}; not {given!r}")


def _sam(name: str, parameters: Any, arns: Namespace) -> Policy:
    if not isinstance(parameters, Mapping):
        raise MisuseError(f"{name} takes parameters, such as TableName")
    try:
        return Policy.of(sam_policy(name, parameters, arns), name)
    except PolicyError as error:
        raise MisuseError(str(error)) from None


def _from_file(path: Path) -> Policy:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise MisuseError(f"{_EXPECTED}; {path} cannot be read: {error}") from None
    return _policy(text, path.name)


def _policy(document: str | Mapping[str, Any], name: str) -> Policy:
    try:
        return Policy.of(document, name)
    except PolicyError as error:
        raise MisuseError(f"the policy {name!r} is wrong: {error}") from None
