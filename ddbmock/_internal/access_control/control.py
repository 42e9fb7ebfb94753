"""The principals of a mock, and the stage that applies their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.authorization import (
    NO_POLICIES,
    accesses,
    table_arn,
)
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.access_control.principals import Principal
from ddbmock._internal.access_control.sources import read_policies
from ddbmock._internal.arns import Namespace, is_arn, parse, table_name_of
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.policies.callers import Caller
from ddbmock._internal.policies.evaluation import PolicySet
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.authorization import Access
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.options import Options
    from ddbmock._internal.policies.context import Value
    from ddbmock._internal.policies.documents import Policy
    from ddbmock._internal.policies.evaluation import Decision
    from ddbmock._internal.service import Service

#: The session name of a role that is given without one.
_SESSION = "ddbmock"
#: Narrowing policies: the argument -> the attribute of `PolicySet`.
_NARROWING = {
    "boundary": "boundary",
    "session_policy": "session",
    "service_control_policy": "service_control",
    "resource_control_policy": "resource_control",
    "endpoint_policy": "endpoint",
}


def attach(service: Service) -> AccessControl:
    """Return the principals of a service; a mock with the option `policy` adds one."""
    control = AccessControl(service)
    service.mock_observers.append(control)
    return control


class AccessControl:
    """The principals of one service; the newest one makes the calls."""

    def __init__(self, service: Service) -> None:
        self._backend = service.backend
        self._pipeline = service.pipeline
        #: Held while the principals change.
        self._lock = new_lock()
        self._principals: list[Principal] = []
        #: Mock -> the principal that its option `policy` has added.
        self._of_mocks: dict[object, Principal] = {}
        self._authorize = self.authorize

    def begin(
        self,
        policy: Any,
        *,
        region_name: str,
        arn: str | None = None,
        tags: Mapping[str, str] | None = None,
        context: Mapping[str, Value] | None = None,
        **narrowing: Any,
    ) -> Principal:
        """Make a principal the caller from now on, and return it.

        Raises:
            MisuseError: A policy is wrong, or an engine elsewhere answers the calls.
        """
        unknown = narrowing.keys() - _NARROWING.keys()
        if unknown:
            raise TypeError(messages.unknown_options(unknown, list(_NARROWING)))
        if self._backend.remote_request is not None:
            raise MisuseError("a real engine asks no policies: use a mock without one")
        arns = Namespace(region_name, self._backend.account_id)
        given = None if policy is None else read_policies(policy, arns)
        sets: dict[str, tuple[Policy, ...] | None] = {
            name: None
            if narrowing.get(option) is None
            else read_policies(narrowing[option], arns, label=option).policies
            for option, name in _NARROWING.items()
        }
        role = None if given is None else given.role
        if role is not None and role.boundary is not None and sets["boundary"] is None:
            sets["boundary"] = read_policies(dict(role.boundary), arns, label="boundary").policies
        named = _caller_arn(arn or (None if role is None else role.arn), arns.account_id)
        caller = Caller.of(named)
        caller = Caller(caller.arn, caller.user_id, tags or {}, context or {})
        identity = None if given is None else given.policies
        principal = Principal(caller, PolicySet(identity=identity, **sets))
        with self._lock:
            if not self._principals:
                self._pipeline.attach(Phase.AUTHORIZE, self._authorize)
            self._principals = [*self._principals, principal]
        return principal

    def end(self, principal: Principal) -> None:
        """Remove a principal that `begin` added."""
        with self._lock:
            self._principals = [each for each in self._principals if each is not principal]
            if not self._principals:
                self._pipeline.detach(self._authorize)

    def mock_began(self, mock: object, options: Options, region_name: str) -> None:
        """Apply the policies of a mock until it ends."""
        if options.policy is not None:
            self._of_mocks[mock] = self.begin(options.policy, region_name=region_name)

    def mock_ended(self, mock: object, *, is_failing: bool) -> None:  # noqa: ARG002
        """Remove the principal of a mock."""
        if mock in self._of_mocks:
            self.end(self._of_mocks.pop(mock))

    def authorize(self, call: Call) -> None:
        """Check that the policies of the principal allow a call.

        Raises:
            AccessDeniedError: A policy does not allow it.
        """
        intent = call.intent
        assert intent is not None  # noqa: S101 (it has been read)
        principal = self._principal_of(call)
        deciding: list[tuple[object, ...] | None] = []
        if principal is not None:
            for part in intent.actions:
                deciding.append(_deciding(principal, call, part))  # noqa: PERF401 (a frame less)
            if principal.has_allowed(deciding):
                return
        caller = call.caller_or_default() if principal is None else principal.caller
        is_allowed = True
        for access in accesses(call.operation, intent, call.home, caller):
            decision = self._decide(principal, access)
            if not decision.is_allowed:
                is_allowed = False
                intent.refuse(access.intent, access.refusal(decision))
        if principal is not None and is_allowed:
            principal.note_allowed(deciding)

    def _principal_of(self, call: Call) -> Principal | None:
        """Return the principal of a call; None for credentials without policies."""
        principals = self._principals
        if call.caller is None:
            # None when the last principal ends while another thread's call is in progress.
            return principals[-1] if principals else None
        arns = {call.caller.arn, call.caller.role_arn}
        found = (each for each in reversed(principals) if _names(each) & arns - {None})
        return next(found, None)

    def _decide(self, principal: Principal | None, access: Access) -> Decision:
        return access.decide(NO_POLICIES) if principal is None else principal.decide(access)


def _deciding(principal: Principal, call: Call, part: Intent) -> tuple[object, ...] | None:
    """Return everything that the decision on a part of a call depends on, if that is cheap.

    None for tables of other accounts or with resource policies, for calls that manage tables, and
    where a condition key decides that is not in `QUICK_VALUES`.
    """
    operation, name = call.operation, part.table_name
    if operation.plane is not Plane.DATA or name is None:
        return None
    home = call.home
    table = home.tables.get(name) or _own_table(home, name)
    if table is None or table.settings.resource_policies:
        return None
    action = part.iam_action or operation.iam_action or operation.name
    quick_values = principal.quick_values(action)
    if quick_values is None:
        return None
    deciding: tuple[object, ...]
    deciding = operation.name, action, table.name, part.index_name, home
    for quick_value in quick_values:
        deciding += (quick_value(call.request, part, table),)
    return deciding


def _own_table(home: Region, arn: str) -> Table | None:
    """Return the table with an ARN, None if it is no table of this region and account."""
    table: Table | None = home.tables.get(table_name_of(arn))
    return table if table is not None and table_arn(home.arns, table.name) == arn else None


def _names(principal: Principal) -> set[str | None]:
    return {principal.caller.arn, principal.caller.role_arn}


def _caller_arn(given: str | None, account_id: str) -> str:
    """Return the ARN of the caller; for a role, that of a session."""
    if given is None:
        return Caller.of_account(account_id).arn
    parts = parse(given) if is_arn(given) else None
    if parts is None or parts.service not in {"iam", "sts"}:
        raise MisuseError(f"a principal is named by the ARN of a user or role, not by {given!r}")
    if parts.kind != "role":
        return given
    name = parts.resource.rpartition("/")[2]
    return str(parts._replace(service="sts", resource=f"assumed-role/{name}/{_SESSION}"))
