"""The evaluation of policies for a request.

1. An explicit deny overrides every allow.
2. Within one account, a resource policy that names the caller is enough; otherwise the caller's own
   policies must allow the request. Between accounts both must.
3. Boundaries, session policies, policies of the organisation and of VPC endpoints only restrict:
   each given one must allow the request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.policies.documents import Grant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.policies.callers import Caller
    from ddbmock._internal.policies.context import Context
    from ddbmock._internal.policies.documents import Policy, Statement

_RESOURCE = "resource-based policy"
_IDENTITY = "identity-based policy"
_BOUNDARY = "permissions boundary"
_SESSION = "session policy"
_SERVICE_CONTROL = "service control policy"
_RESOURCE_CONTROL = "resource control policy"
_ENDPOINT = "VPC endpoint policy"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A request for access: an action on a resource by a caller."""

    caller: Caller
    #: Such as `dynamodb:GetItem`.
    action: str
    #: The ARN of the resource.
    resource: str
    #: The account of the resource.
    owner_id: str
    context: Context


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies of a caller; None does not restrict anything."""

    #: The policies of a user or role, and of the groups of a user.
    identity: tuple[Policy, ...] | None = None
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    service_control: tuple[Policy, ...] | None = None
    resource_control: tuple[Policy, ...] | None = None
    endpoint: tuple[Policy, ...] | None = None

    def context_keys(self, action: str) -> frozenset[str]:
        """Return the condition keys that are used for an action on a resource, in lower case."""
        everything = (
            *(self.identity, self.boundary, self.session, self.service_control),
            *(self.resource_control, self.endpoint),
        )
        return frozenset().union(
            *(
                statement.context_keys
                for policies in everything
                for policy in policies or ()
                for statement in policy.statements
                if statement.matches_action(action)
            )
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request is allowed, and why."""

    is_allowed: bool
    #: The reason of a denial, as the service's message has it after the resource.
    reason: str = ""
    #: The statements that allowed or denied it, with the policies that they are in.
    statements: tuple[tuple[Policy, Statement], ...] = ()


def decide(
    request: AccessRequest, policies: PolicySet, resource_policy: Policy | None = None
) -> Decision:
    """Return whether policies allow a request."""
    of_resource = None if resource_policy is None else (resource_policy,)
    narrowing = (
        (_RESOURCE_CONTROL, policies.resource_control),
        (_SERVICE_CONTROL, policies.service_control),
    )
    of_caller = ((_BOUNDARY, policies.boundary), (_SESSION, policies.session))
    everything = (
        *narrowing,
        (_RESOURCE, of_resource),
        (_IDENTITY, policies.identity),
        *of_caller,
        (_ENDPOINT, policies.endpoint),
    )
    for kind, found in everything:
        if not found:
            continue
        denying = _matching(request, found, is_allow=False)
        if denying:
            article = "an" if kind[0] in "aeiou" else "a"
            return Decision(
                is_allowed=False,
                reason=f"with an explicit deny in {article} {kind}",
                statements=tuple(denying),
            )
    grants = _matching(request, of_resource, is_allow=True)
    grant = max((each.grant_to(request.caller) for _, each in grants), default=Grant.NONE)
    needed = list(narrowing)
    if request.caller.account_id != request.owner_id:
        needed += [(_IDENTITY, policies.identity), (_RESOURCE, of_resource or ()), *of_caller]
    elif grant < Grant.ROLE:
        needed += [(_IDENTITY, policies.identity), *of_caller]
    elif grant is Grant.ROLE:
        needed += of_caller
    needed.append((_ENDPOINT, policies.endpoint))
    allowing = list(grants)
    for kind, found in needed:
        if found is None:
            continue
        matching = _matching(request, found, is_allow=True)
        if not matching:
            return not_allowed(request.action, kind)
        allowing += matching
    return Decision(is_allowed=True, statements=tuple(allowing))


def not_allowed(action: str, kind: str = _IDENTITY) -> Decision:
    """Return the decision of policies of a kind that do not allow an action."""
    return Decision(is_allowed=False, reason=f"because no {kind} allows the {action} action")


def _matching(
    request: AccessRequest, policies: Sequence[Policy] | None, *, is_allow: bool
) -> list[tuple[Policy, Statement]]:
    """Return the statements with an effect that match a request."""
    if not policies:
        return []
    return [
        (policy, statement)
        for policy in policies
        for statement in policy.statements
        if statement.is_allow is is_allow
        and statement.matches_action(request.action)
        and statement.matches_resource(request.resource, request.context)
        and statement.grant_to(request.caller)
        and statement.holds(request.context)
    ]
