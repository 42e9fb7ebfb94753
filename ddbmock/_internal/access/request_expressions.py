"""The expressions of one request with their names and values, checked in the service's order.

Every operation and every action of a transaction that takes expressions goes through here:

1. expression parameters do not mix with the legacy ones,
2. names and values come only with expressions, are not empty, and are well formed,
3. each expression is parsed and checked against the names and values,
4. no name or value is left unused.

All of that except the values depends on the texts alone, so requests that differ only in values
share one *plan*: once it has been checked, only the values are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.expressions.substitutions import NO_NAMES, NO_VALUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.new_expressions import NewExpressions
    from ddbmock._internal.access.plans import Parameters, Plan


def plan_for(request: Mapping[str, Any], parameters: Parameters) -> Plan | NewExpressions | None:
    """Return the expressions of a request, to be bound to its values; None when it has none.

    Raises:
        ValidationError: Legacy parameters are combined with expressions, or names or values are
            given without any.
    """
    if parameters.every.isdisjoint(request):
        return None
    given_names = request.get("ExpressionAttributeNames")
    given_values = request.get("ExpressionAttributeValues")
    names, values = given_names or NO_NAMES, given_values or NO_VALUES
    key = (
        # Names or values that are given and empty are refused, those that are not given are not.
        given_names is None,
        given_values is None,
        *map(request.get, parameters.expressions),
        *names.items(),
        *values,
    )
    if parameters.legacy_names.isdisjoint(request):
        plan = parameters.plans.get(key)
        if plan is not None:
            return plan
    from ddbmock._internal.access.new_expressions import NewExpressions  # noqa: PLC0415 (lazy)

    expressions = NewExpressions(request, parameters, names, key)
    expressions.check_mix()
    if parameters.in_transaction:
        expressions.check_syntax()
    return expressions
