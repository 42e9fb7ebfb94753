"""Principals: callers with their policies, and the use of these."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.access.authorization import QUICK_VALUES, REGION_KEYS, SERVICE
from ddbmock._internal.access_control.reports import least_privilege_policy, report, unused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.authorization import Access, QuickValue
    from ddbmock._internal.policies.callers import Caller
    from ddbmock._internal.policies.documents import Policy, Statement
    from ddbmock._internal.policies.evaluation import Decision, PolicySet

#: Keys with several values, which need `ForAllValues:` or `ForAnyValue:`.
_MULTIVALUED = frozenset({
    *("dynamodb:leadingkeys", "dynamodb:attributes", "aws:tagkeys"),
    *("dynamodb:firstpartitionkeyvalues", "dynamodb:secondpartitionkeyvalues"),
    *("dynamodb:thirdpartitionkeyvalues", "dynamodb:fourthpartitionkeyvalues"),
})  # fmt: skip
#: How many allowed accesses a principal caches.
_ALLOWED_MAX = 4096
#: The account in an ARN: its digits, or a pattern.
_ACCOUNT = re.compile(r"[0-9]{12}|.*[*?].*|")


class PolicyWarning(UserWarning):
    """A policy has a statement without any effect, probably unintentionally."""

    __module__ = "ddbmock"  # where it is imported from, as filters of warnings name it


class Refusal(NamedTuple):
    """An access that was not allowed."""

    action: str
    resource: str
    #: The reason in the service's message.
    reason: str


class Principal:
    """A caller with its policies.

    Attributes:
        arn: The ARN of the caller.
        refused: The accesses that were not allowed.
    """

    def __init__(self, caller: Caller, policies: PolicySet) -> None:
        self.arn: str = caller.arn
        self.refused: list[Refusal] = []
        self._caller = caller
        self._policies = policies
        #: The allowed accesses, with the statements that allowed them.
        self._used: dict[tuple[str, str], set[int]] = {}
        #: The allowed accesses, with everything that the decisions depend on.
        self._allowed: set[tuple[object, ...]] = set()
        self._quick_values: dict[str, tuple[QuickValue, ...] | None] = {}
        self._warn()

    @property
    def caller(self) -> Caller:
        """The caller."""
        return self._caller

    def quick_values(self, action: str) -> tuple[QuickValue, ...] | None:
        """Return what finds the values of the condition keys that the policies use for an action.

        Keys of the caller and those that are equal in all of a region are not included; None if
        one of the others is not in `QUICK_VALUES`.

        Args:
            action: The action in DynamoDB, such as `GetItem`.
        """
        try:
            return self._quick_values[action]
        except KeyError:
            own = {*self._caller.keys, *map(str.lower, self._caller.context), *REGION_KEYS}
            keys = self._policies.context_keys(f"{SERVICE}:{action}") - own
            is_quick = keys <= QUICK_VALUES.keys()
            found = tuple(map(QUICK_VALUES.__getitem__, sorted(keys))) if is_quick else None
            self._quick_values[action] = found
            return found

    def has_allowed(self, deciding: Sequence[tuple[object, ...] | None]) -> bool:
        """Return whether all these accesses were noted by `note_allowed`."""
        return self._allowed.issuperset(deciding)

    def note_allowed(self, deciding: Sequence[tuple[object, ...] | None]) -> None:
        """Remember that accesses were allowed.

        Args:
            deciding: For each, all that the decision depends on; None if that is not known.
        """
        if len(self._allowed) < _ALLOWED_MAX:
            self._allowed.update(each for each in deciding if each is not None)

    def decide(self, access: Access) -> Decision:
        """Return whether an access is allowed, and note it."""
        request = access.request
        decision = access.decide(self._policies)
        if decision.is_allowed:
            used = self._used.setdefault((request.action, request.resource), set())
            used.update(id(statement) for _, statement in decision.statements)
        else:
            self.refused.append(Refusal(request.action, request.resource, decision.reason))
        return decision

    # --- reports ---

    def least_privilege_policy(self) -> dict[str, Any]:
        """Return the least-privilege policy for the calls so far.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb, ddb.as_principal() as principal:
        ...     _ = boto3.client("dynamodb").list_tables()
        >>> principal.least_privilege_policy()["Statement"][0]["Action"]
        'dynamodb:ListTables'
        """
        return least_privilege_policy(self._used_so_far())

    def least_privilege_policy_json(self) -> str:
        """Return that policy as JSON."""
        return json.dumps(self.least_privilege_policy(), indent=2)

    def unused(self) -> list[str]:
        """Return the unused parts of the policies, a line each."""
        return unused(self._policies.identity or (), self._used_so_far())

    def _used_so_far(self) -> dict[tuple[str, str], set[int]]:
        """Return a copy, which calls of other threads do not change."""
        return {access: set(statements) for access, statements in list(self._used.items())}

    def report(self) -> str:
        """Return the least-privilege policy, the unused parts of the policies, and the refusals."""
        refused = [f"{each.action} on {each.resource} {each.reason}" for each in self.refused]
        return report(self.arn, self.least_privilege_policy_json(), self.unused(), refused)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        return f"<principal {self.arn}>"

    # --- warnings ---

    def _warn(self) -> None:
        policies = self._policies
        for policy in (*(policies.identity or ()), *(policies.boundary or ())):
            for number, statement in enumerate(policy.statements, start=1):
                _warn_of(policy, number, statement)


def _warn_of(policy: Policy, number: int, statement: Statement) -> None:
    where = f"{policy.name}, statement {number}: "
    for condition in statement.conditions:
        if condition.key.lower() in _MULTIVALUED and condition.ignores_set_of:
            text = (
                f"{where}{condition.key} has several values, so {condition.operator} never matches:"
                f" write ForAllValues:{condition.operator}"
            )
            warnings.warn(PolicyWarning(text), stacklevel=6)
    for resource in statement.resources:
        parts = resource.text.split(":", 5)
        is_arn_of_dynamodb = len(parts) > 5 and parts[2] == "dynamodb"  # noqa: PLR2004
        if is_arn_of_dynamodb and not _ACCOUNT.fullmatch(parts[4]):
            text = f"{where}{resource.text} names no account, so it matches nothing"
            warnings.warn(PolicyWarning(text), stacklevel=6)
