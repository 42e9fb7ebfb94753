"""Predicates of conditions: sizes, order, prefixes and members of attribute values.

Observed where the documentation is silent: a value that is missing, or of an unsuitable type, makes
every predicate false.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.numbers import number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.values import AttributeValue

#: The types whose values have an order.
_ORDERED = frozenset({"S", "N", "B"})
#: Type of a container -> the type of its members, or of the parts of a string or binary.
_MEMBERS = {"S": "S", "SS": "S", "NS": "N", "B": "B", "BS": "B"}


def size_of(value: AttributeValue | None) -> int | None:
    """Return the `size` of a value in UTF-16 units, bytes or elements; None if it has none.

    >>> size_of({"S": "é😀"}), size_of({"N": "12"})
    (3, None)
    """
    if value is None:
        return None
    ((kind, content),) = value.items()
    if kind == "S":
        return (
            len(content)
            if content.isascii()
            else len(content.encode("utf-16-le", "surrogatepass")) // 2
        )
    return None if kind in ("N", "BOOL", "NULL") else len(content)


def same_value(left: AttributeValue | None, right: AttributeValue | None) -> bool:
    """Return whether both values exist and are equal."""
    return left is not None and left == right


def ordered(
    compare: Callable[[Any, Any], bool],
    left: AttributeValue | None,
    right: AttributeValue | None,
) -> bool:
    """Return whether both values exist, have the same ordered type, and are in this order."""
    if left is None or right is None:
        return False
    ((kind, content),) = left.items()
    if kind not in _ORDERED or kind not in right:
        return False
    if kind == "N":
        return compare(number_of(content), number_of(right["N"]))
    return compare(content, right[kind])


def begins_with(value: AttributeValue | None, prefix: AttributeValue | None) -> bool:
    """Return whether both are strings, or both binaries, and one begins with the other."""
    if value is None or prefix is None:
        return False
    for kind in ("S", "B"):
        if kind in value and kind in prefix:
            return bool(value[kind].startswith(prefix[kind]))
    return False


def contains(container: AttributeValue | None, member: AttributeValue | None) -> bool:
    """Return whether a container contains a member: a substring, a set member, a list element.

    >>> contains({"NS": ["1", "2"]}, {"N": "2"}), contains({"S": "abc"}, {"S": "bc"})
    (True, True)
    """
    if container is None or member is None:
        return False
    ((kind, content),) = container.items()
    if kind == "L":
        return member in content
    wanted = member.get(_MEMBERS.get(kind, ""))
    return wanted is not None and wanted in content
