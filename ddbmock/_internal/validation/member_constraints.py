"""The constraints of one member of a request: those of the model, and those that override it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.validation import model_overrides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.validation.model_overrides import Bounds
    from ddbmock._internal.validation.shapes import Shape


class Constraints(NamedTuple):
    """The constraints of a member's value."""

    bounds: Bounds
    #: In the order in which the service lists them; empty when any value is allowed.
    allowed: tuple[str, ...]
    pattern: re.Pattern[str] | None
    #: Whether a wrong length is reported before a wrong pattern, when both are broken.
    length_first: bool


def constraints_of(shape: Shape, owner_name: str = "", member_name: str = "") -> Constraints:
    """Return the constraints of `shape` as the member `member_name` of `owner_name`."""
    return Constraints(
        _bounds_of(shape, owner_name, member_name),
        _allowed_in(shape),
        _pattern_of(shape),
        (owner_name, member_name) in model_overrides.LENGTH_FIRST,
    )


def required_members(shape: Shape) -> Sequence[str]:
    """Return the members that a structure must always have."""
    if shape.name in model_overrides.NOTHING_REQUIRED:
        return ()
    substitutes = substitutes_of(shape)
    return [name for name in shape.required_members if name not in substitutes]


def substitutes_of(shape: Shape) -> dict[str, str]:
    """Return the members that are required unless another one is given, with that other one."""
    return {
        member: substitute
        for (owner, member), substitute in model_overrides.REQUIRED_UNLESS.items()
        if owner == shape.name and member in shape.members
    }


def members_in_wire_order(shape: Shape, *, is_current: bool = True) -> Sequence[str]:
    """Return the members of a structure in the order in which the service checks them."""
    order = model_overrides.MEMBER_ORDER.get(shape.name, ())
    if not is_current:
        order = model_overrides.OLDER_MEMBER_ORDER.get(shape.name, order)
    first = [name for name in order if name in shape.members]
    return [*first, *(name for name in shape.members if name not in first)]


def is_table_name(shape: Shape, member_name: str) -> bool:
    """Return whether a member is a table's name or ARN, which have separate rules."""
    return member_name == "TableName" and shape.name == "TableArn"


def is_for_tables(owner: Shape) -> bool:
    """Return whether a structure's TableName is that of a table to be created or managed."""
    return owner.name not in model_overrides.OF_ITEMS


def _bounds_of(shape: Shape, owner_name: str, member_name: str) -> Bounds:
    by_member = model_overrides.MEMBER_BOUNDS.get((owner_name, member_name))
    if by_member is not None:
        return by_member
    by_shape = model_overrides.SHAPE_BOUNDS.get(shape.name)
    if by_shape is not None:
        return by_shape
    return model_overrides.Bounds(shape.metadata.get("min"), shape.metadata.get("max"))


def _allowed_in(shape: Shape) -> tuple[str, ...]:
    """Return the allowed values; those that only a newer model has come last."""
    if shape.name in model_overrides.FREE_ENUMS:
        return ()
    modelled = tuple(shape.metadata.get("enum", ()))
    printed = model_overrides.ENUM_ORDER.get(shape.name, ())
    return (
        *(value for value in printed if value in modelled),
        *(value for value in modelled if value not in printed),
    )


def _pattern_of(shape: Shape) -> re.Pattern[str] | None:
    """Return the model's pattern; None for the few that Python cannot read as Java does."""
    text = shape.metadata.get("pattern")
    if text is None:
        return None
    try:
        return re.compile(text)
    except re.error:
        return None
