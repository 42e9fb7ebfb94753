"""A yes or no for a whole request, compiled once for an operation.

Nearly every request is valid, so the answer "nothing to complain about" must be cheap: a tree of
closures made from the model, with nothing left of members that have no constraint. A "no" means
only that `constraints` has to look closer (a null, a short table name); it is not yet an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ddbmock.validation import member_constraints
from ddbmock.validation.shapes import holds_attribute_values
from ddbmock.validation.table_names import name_or_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.validation.member_constraints import Facts
    from ddbmock.validation.shapes import Shape

    Test = Callable[[Any], Any]


def accept(value: Any) -> bool:  # noqa: ARG001 - a test like the others
    """Take anything."""
    return True


def structure_test(shape: Shape) -> Test | None:
    """A test of a structure's members; None when no member has a constraint."""
    required = frozenset(member_constraints.required_members(shape))
    tests: dict[str, Test] = {}
    for name, member in shape.members.items():
        test = _member_test(shape, name, member)
        if test is not None or name in required:
            tests[name] = test or accept
    if not tests:
        return None
    find = tests.get

    def is_fine(structure: dict[str, Any]) -> bool:
        if not required <= structure.keys():
            return False
        for name, value in structure.items():
            test = find(name)
            if test is not None and (value is None or not test(value)):
                return False
        return True

    return is_fine


def _member_test(owner: Shape, name: str, member: Shape) -> Test | None:
    if member_constraints.is_table_name(member, name):
        return name_or_arn
    return _value_test(member, member_constraints.facts_of(member, owner.name, name))


def _value_test(shape: Shape, demands: Facts) -> Test | None:
    if shape.type_name == "structure":
        return None if holds_attribute_values(shape) else structure_test(shape)
    if shape.type_name == "list":
        return _list_test(shape, demands)
    if shape.type_name == "map":
        return _map_test(shape, demands)
    if demands.allowed:
        return frozenset(demands.allowed).__contains__
    if shape.type_name == "string":
        return text_test(demands)
    return _number_test(demands)


def _element_test(shape: Shape) -> Test | None:
    return _value_test(shape, member_constraints.facts_of(shape))


def text_test(demands: Facts) -> Test | None:
    """A test of a text's length and pattern."""
    pattern = demands.pattern
    if pattern is None:
        return _length_test(demands)
    least, greatest = demands.bounds
    if least is None and greatest is None:
        return pattern.fullmatch
    # One look for both: the length ahead of the pattern.
    length = f"(?=.{{{least or 0},{'' if greatest is None else greatest}}}\\Z)"
    both = re.compile(f"(?s:{length})(?:{pattern.pattern})", pattern.flags)
    return both.fullmatch


def _length_test(demands: Facts) -> Test | None:
    least, greatest = demands.bounds
    if least is None and greatest is None:
        return None
    lower = least or 0
    if greatest is None:
        return lambda value: len(value) >= lower
    upper = greatest
    return lambda value: lower <= len(value) <= upper


def _number_test(demands: Facts) -> Test | None:
    least, greatest = demands.bounds
    if least is None and greatest is None:
        return None
    lower = float("-inf") if least is None else least
    upper = float("inf") if greatest is None else greatest
    return lambda number: lower <= number <= upper


def _list_test(shape: Shape, demands: Facts) -> Test | None:
    fits = _length_test(demands)
    element_test = None if holds_attribute_values(shape) else _element_test(shape.member)
    if element_test is None:
        return fits
    test, size_fits = element_test, fits or accept
    return lambda elements: (
        size_fits(elements) and all(element is not None and test(element) for element in elements)
    )


def _map_test(shape: Shape, demands: Facts) -> Test | None:
    fits = _length_test(demands)
    if holds_attribute_values(shape):
        return fits
    key_test = name_or_arn if shape.key.name == "TableArn" else None
    value_test = _element_test(shape.value)
    if key_test is None and value_test is None:
        return fits
    size_fits, key_fits, fine = fits or accept, key_test or accept, value_test or accept
    return lambda entries: (
        size_fits(entries)
        and all(
            key_fits(key) and value is not None and fine(value) for key, value in entries.items()
        )
    )
