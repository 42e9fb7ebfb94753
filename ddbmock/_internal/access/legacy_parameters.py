"""The legacy parameters of requests on items; what reads them is imported for the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.expressions.substitutions import NO_VALUES

if TYPE_CHECKING:
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.expressions.compiled import Condition, KeyCondition, Projection, Update
    from ddbmock._internal.expressions.substitutions import Values


def read_attributes_to_get(request: Request) -> Projection | None:
    """Return the projection of a request with AttributesToGet, None without it."""
    names = request.get("AttributesToGet")
    if names is None:
        return None
    from ddbmock._internal.expressions import legacy  # noqa: PLC0415 (lazy)

    return legacy.attributes_to_get(names)


def has_expected(request: Request) -> bool:
    """Return whether a write has a legacy condition."""
    return request.get("Expected") is not None or request.get("ConditionalOperator") is not None


def read_expected(request: Request) -> tuple[Condition | None, Values]:
    """Return the condition of a write with Expected, and its values."""
    from ddbmock._internal.expressions import legacy  # noqa: PLC0415 (lazy)

    return legacy.expected(request.get("Expected"), request.get("ConditionalOperator"))


def read_attribute_updates(request: Request) -> tuple[Update | None, Values]:
    """Return the update of a request with AttributeUpdates, and its values; None without it."""
    if request.get("AttributeUpdates") is None:
        return None, NO_VALUES
    from ddbmock._internal.expressions import legacy  # noqa: PLC0415 (lazy)

    return legacy.update(request["AttributeUpdates"])


def read_key_conditions(request: Request) -> tuple[KeyCondition, Values]:
    """Return the key condition of a query with KeyConditions, and its values."""
    from ddbmock._internal.expressions import legacy  # noqa: PLC0415 (lazy)

    return legacy.key_conditions(request["KeyConditions"])


def read_filter(request: Request, parameter: str) -> tuple[Condition | None, Values] | None:
    """Return the filter of a QueryFilter or ScanFilter, and its values; None without any."""
    conditions = request.get(parameter)
    conditional_operator = request.get("ConditionalOperator")
    if conditions is None and conditional_operator is None:
        return None
    from ddbmock._internal.expressions import legacy  # noqa: PLC0415 (lazy)

    return legacy.scan_or_query_filter(parameter, conditions, conditional_operator)
