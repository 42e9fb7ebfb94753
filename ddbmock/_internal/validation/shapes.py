"""The parts of botocore's shape objects that validation uses, as a type.

botocore has no type information; this is the part of `botocore.model.Shape` and its subclasses
that carries an operation's input: names, bounds and members.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Its contents are checked when values are normalized, never as constraints of the model.
ATTRIBUTE_VALUE = "AttributeValue"


class Shape(Protocol):
    """One shape of a service model. Which of the properties exist depends on its type."""

    name: str
    type_name: str
    metadata: Mapping[str, Any]

    @property
    def members(self) -> Mapping[str, Shape]:
        """The members of a structure, in the model's order."""

    @property
    def required_members(self) -> Sequence[str]:
        """The names of a structure's required members."""

    @property
    def member(self) -> Shape:
        """The shape of a list's elements."""

    @property
    def key(self) -> Shape:
        """The shape of a map's keys."""

    @property
    def value(self) -> Shape:
        """The shape of a map's values."""


def holds_attribute_values(shape: Shape) -> bool:
    """Return whether a shape is an attribute value or a list or map of them, at any depth."""
    while shape.type_name in {"list", "map"}:
        shape = shape.member if shape.type_name == "list" else shape.value
    return shape.name == ATTRIBUTE_VALUE


def lower_first(member_name: str) -> str:
    """Return the name of a member as the service's texts spell it.

    >>> lower_first("TableName")
    'tableName'
    """
    return member_name[:1].lower() + member_name[1:]
