"""What the service demands of one member: model and tables put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ddbmock.validation import wire_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock.validation.shapes import Shape
    from ddbmock.validation.wire_order import Bounds


class Facts(NamedTuple):
    """The constraints of one shape in one place."""

    bounds: Bounds
    allowed: tuple[str, ...]  # in the order the service prints them; empty: anything
    pattern: re.Pattern[str] | None
    length_first: bool  # told before the pattern, when both are broken


def facts_of(shape: Shape, owner_name: str = "", member_name: str = "") -> Facts:
    """The constraints of `shape` as the member `member_name` of the structure `owner_name`."""
    return Facts(
        _bounds_of(shape, owner_name, member_name),
        _allowed_in(shape),
        _pattern_of(shape),
        (owner_name, member_name) in wire_order.LENGTH_FIRST,
    )


def required_members(shape: Shape) -> Sequence[str]:
    """The members that a structure must have, those of the tables included."""
    if shape.name in wire_order.NOTHING_REQUIRED:
        return ()
    added = [member for owner, member in wire_order.REQUIRED_UNLESS if owner == shape.name]
    return [*shape.required_members, *(name for name in added if name in shape.members)]


def members_in_wire_order(shape: Shape) -> Sequence[str]:
    """The members of a structure in the order in which the service checks them."""
    first = [name for name in wire_order.MEMBER_ORDER.get(shape.name, ()) if name in shape.members]
    return [*first, *(name for name in shape.members if name not in first)]


def is_table_name(shape: Shape, member_name: str) -> bool:
    """Whether a member takes a table's name or ARN, which have rules of their own."""
    return member_name == "TableName" and shape.name == "TableArn"


def _bounds_of(shape: Shape, owner_name: str, member_name: str) -> Bounds:
    by_member = wire_order.MEMBER_BOUNDS.get((owner_name, member_name))
    if by_member is not None:
        return by_member
    by_shape = wire_order.SHAPE_BOUNDS.get(shape.name)
    if by_shape is not None:
        return by_shape
    return wire_order.Bounds(shape.metadata.get("min"), shape.metadata.get("max"))


def _allowed_in(shape: Shape) -> tuple[str, ...]:
    """The allowed values, those that only a newer model has at the end."""
    if shape.name in wire_order.FREE_ENUMS:
        return ()
    modelled = tuple(shape.metadata.get("enum", ()))
    printed = wire_order.ENUM_ORDER.get(shape.name, ())
    return (
        *(value for value in printed if value in modelled),
        *(value for value in modelled if value not in printed),
    )


def _pattern_of(shape: Shape) -> re.Pattern[str] | None:
    """The model's pattern; None for the few that Python cannot read as Java does."""
    text = shape.metadata.get("pattern")
    if text is None:
        return None
    try:
        return re.compile(text)
    except re.error:
        return None
