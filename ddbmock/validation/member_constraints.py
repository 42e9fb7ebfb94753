"""What the service demands of one member: model and tables put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ddbmock.validation import model_overrides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock.validation.model_overrides import Bounds
    from ddbmock.validation.shapes import Shape


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
        (owner_name, member_name) in model_overrides.LENGTH_FIRST,
    )


def required_members(shape: Shape) -> Sequence[str]:
    """The members that a structure must have, those of the tables included."""
    if shape.name in model_overrides.NOTHING_REQUIRED:
        return ()
    added = [member for owner, member in model_overrides.REQUIRED_UNLESS if owner == shape.name]
    return [*shape.required_members, *(name for name in added if name in shape.members)]


def members_in_wire_order(shape: Shape) -> Sequence[str]:
    """The members of a structure in the order in which the service checks them."""
    first = [
        name for name in model_overrides.MEMBER_ORDER.get(shape.name, ()) if name in shape.members
    ]
    return [*first, *(name for name in shape.members if name not in first)]


def is_table_name(shape: Shape, member_name: str) -> bool:
    """Whether a member takes a table's name or ARN, which have rules of their own."""
    return member_name == "TableName" and shape.name == "TableArn"


def _bounds_of(shape: Shape, owner_name: str, member_name: str) -> Bounds:
    by_member = model_overrides.MEMBER_BOUNDS.get((owner_name, member_name))
    if by_member is not None:
        return by_member
    by_shape = model_overrides.SHAPE_BOUNDS.get(shape.name)
    if by_shape is not None:
        return by_shape
    return model_overrides.Bounds(shape.metadata.get("min"), shape.metadata.get("max"))


def _allowed_in(shape: Shape) -> tuple[str, ...]:
    """The allowed values, those that only a newer model has at the end."""
    if shape.name in model_overrides.FREE_ENUMS:
        return ()
    modelled = tuple(shape.metadata.get("enum", ()))
    printed = model_overrides.ENUM_ORDER.get(shape.name, ())
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
