"""Policy documents: statements with actions, resources, principals and conditions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import parse
from ddbmock._internal.policies.conditions import Condition, PolicyError
from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.patterns import ArnPattern, Pattern, UnknownVariableError

if TYPE_CHECKING:
    from ddbmock._internal.policies.callers import Caller

#: The version with variables; without one, a policy is of the older version 2008-10-17.
CURRENT_VERSION, OLDER_VERSION = "2012-10-17", "2008-10-17"
_NO_CONTEXT = Context({})
_ELEMENTS = {"Version", "Id", "Statement"}
_STATEMENT_ELEMENTS = {
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
}


class Grant(IntEnum):
    """How a resource policy grants access to a caller, as stronger or weaker."""

    #: Not at all.
    NONE = 0
    #: By the account, which leaves the decision to the account's own policies.
    ACCOUNT = 1
    #: By the role, or as everybody.
    ROLE = 2
    #: As exactly this user or session.
    SELF = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy."""

    is_allow: bool
    sid: str
    #: The patterns of the actions, in lower case.
    actions: tuple[Pattern, ...]
    #: The same as written.
    action_names: tuple[str, ...]
    is_not_action: bool
    resources: tuple[ArnPattern, ...]
    is_not_resource: bool
    conditions: tuple[Condition, ...]
    #: ARNs, account ids and `*`; None if the policy is not a resource policy.
    principals: tuple[str, ...] | None
    is_not_principal: bool
    #: Cache: action -> whether the statement matches it.
    _about: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def matches_action(self, action: str) -> bool:
        """Return whether the statement matches an action, such as `dynamodb:GetItem`."""
        known = self._about.get(action)
        if known is None:
            name = action.lower()
            matches = any(pattern.matches(name, _NO_CONTEXT) for pattern in self.actions)
            known = self._about[action] = self.is_not_action is not matches
        return known

    def matches_resource(self, arn: str, context: Context) -> bool:
        """Return whether the statement matches a resource."""
        try:
            matches = any(pattern.matches(arn, context) for pattern in self.resources)
        except UnknownVariableError:
            return False
        return self.is_not_resource is not matches

    def grant_to(self, caller: Caller) -> Grant:
        """Return how the statement grants access to a caller."""
        if self.principals is None:
            return Grant.SELF
        found = max((_grant(principal, caller) for principal in self.principals), default=0)
        if self.is_not_principal:
            return Grant.NONE if found else Grant.ROLE
        return Grant(found)

    @property
    def context_keys(self) -> frozenset[str]:
        """The condition keys of the statement, in lower case."""
        patterns = [pattern for each in self.conditions for pattern in each.patterns]
        return frozenset(each.key.lower() for each in self.conditions).union(
            *(pattern.variables for pattern in patterns),
            *(resource.variables for resource in self.resources),
        )

    def holds(self, context: Context) -> bool:
        """Return whether all conditions hold."""
        return all(condition.holds(context) for condition in self.conditions)


def _grant(principal: str, caller: Caller) -> Grant:
    if principal == "*":
        return Grant.ROLE
    if principal == caller.arn:
        return Grant.SELF
    if principal in {caller.account_id, f"arn:aws:iam::{caller.account_id}:root"}:
        return Grant.ACCOUNT
    role_arn = caller.role_arn
    if role_arn is None:
        return Grant.NONE
    parts = parse(principal)
    if parts is None or parts.kind != "role":
        return Grant.NONE
    # The ARN of a session has no path of the role.
    name = parts.resource.rpartition("/")[2]
    return Grant.ROLE if str(parts._replace(resource=f"role/{name}")) == role_arn else Grant.NONE


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document, read and checked.

    >>> policy = Policy.of(
    ...     {"Statement": {"Effect": "Allow", "Action": "dynamodb:Get*", "Resource": "*"}}
    ... )
    >>> policy.statements[0].matches_action("dynamodb:GetItem")
    True
    """

    name: str
    statements: tuple[Statement, ...]

    @classmethod
    def of(cls, document: str | Mapping[str, Any], name: str = "policy") -> Policy:
        """Return the policy of a document, given as JSON or in Python's types.

        Raises:
            PolicyError: The document is wrong.
        """
        content = _content(document)
        _check_names(content, _ELEMENTS, "policy")
        has_variables = content.get("Version") == CURRENT_VERSION
        if content.get("Version", CURRENT_VERSION) not in {CURRENT_VERSION, OLDER_VERSION}:
            raise PolicyError(f"there is no Version {content['Version']!r}")
        if "Statement" not in content:
            raise PolicyError("it has no Statement")
        given = content["Statement"]
        statements = [given] if isinstance(given, Mapping) else given
        if not isinstance(statements, list | tuple):
            raise PolicyError("Statement is neither an object nor a list")
        return cls(
            name,
            tuple(
                _statement(statement, f"statement {number}", variables=has_variables)
                for number, statement in enumerate(statements, start=1)
            ),
        )


def _content(document: str | Mapping[str, Any]) -> Mapping[str, Any]:
    content: Any = document
    if isinstance(document, str):
        try:
            content = json.loads(document)
        except (ValueError, RecursionError) as error:
            raise PolicyError(f"it is not JSON: {error}") from None
    if not isinstance(content, Mapping):
        raise PolicyError("it is not an object")
    return content


def _check_names(content: Mapping[str, Any], valid: set[str], where: str) -> None:
    unknown = sorted(map(str, content.keys() - valid))
    if unknown:
        raise PolicyError(f"{where} has the unknown element {unknown[0]!r}")


def _statement(content: Any, where: str, *, variables: bool) -> Statement:
    if not isinstance(content, Mapping):
        raise PolicyError(f"{where} is not an object")
    _check_names(content, _STATEMENT_ELEMENTS, where)
    effect = content.get("Effect")
    if not isinstance(effect, str) or effect.capitalize() not in {"Allow", "Deny"}:
        raise PolicyError(f"{where} has no Effect that is Allow or Deny")
    actions, is_not_action = _either(content, "Action", where)
    is_resource_policy = "Principal" in content or "NotPrincipal" in content
    resources, is_not_resource = _either(content, "Resource", where)
    return Statement(
        is_allow=effect.capitalize() == "Allow",
        sid=str(content.get("Sid", "")),
        actions=tuple(Pattern(text.lower(), variables=False) for text in actions),
        action_names=actions,
        is_not_action=is_not_action,
        resources=tuple(ArnPattern(text, variables=variables) for text in resources),
        is_not_resource=is_not_resource,
        conditions=_conditions(content.get("Condition", {}), where, variables=variables),
        principals=_principals(content, where) if is_resource_policy else None,
        is_not_principal="NotPrincipal" in content,
    )


def _either(content: Mapping[str, Any], name: str, where: str) -> tuple[tuple[str, ...], bool]:
    """Return the texts of an element or of its negation, and which of them it is."""
    if (name in content) is (f"Not{name}" in content):
        raise PolicyError(f"{where} needs one of {name} and Not{name}")
    is_negated = name not in content
    element = f"Not{name}" if is_negated else name
    return texts(content[element], f"{element} of {where}"), is_negated


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Return one text or a list of texts as a tuple; numbers and booleans are texts too.

    Raises:
        PolicyError: It is neither.
    """
    values = [value] if isinstance(value, str | bool | int | float) else value
    if not isinstance(values, Sequence):
        raise PolicyError(f"{where} is neither a text nor a list")
    for each in values:
        if not isinstance(each, str | bool | int | float):
            raise PolicyError(f"{where} has an element that is no text")
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)


def _conditions(content: Any, where: str, *, variables: bool) -> tuple[Condition, ...]:
    if not isinstance(content, Mapping):
        raise PolicyError(f"Condition of {where} is not an object")
    conditions = []
    for operator_name, keys in content.items():
        if not isinstance(keys, Mapping):
            raise PolicyError(f"{operator_name} of {where} is not an object")
        for key, values in keys.items():
            found = texts(values, f"{key} of {where}")
            conditions.append(Condition.of(operator_name, key, found, variables=variables))
    return tuple(conditions)


def _principals(content: Mapping[str, Any], where: str) -> tuple[str, ...]:
    name = "Principal" if "Principal" in content else "NotPrincipal"
    principal = content[name]
    if principal == "*":
        return ("*",)
    if not isinstance(principal, Mapping):
        raise PolicyError(f"{name} of {where} is neither '*' nor an object")
    # Services and federated users do not call DynamoDB here.
    return texts(principal.get("AWS", ()), f"{name} of {where}")
