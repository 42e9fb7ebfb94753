"""Quick tests: whether a request is valid, compiled once for each operation.

Nearly every request is valid, so that case must be cheap: a tree of closures built from the model,
which skips members without constraints. A request passes the quick test exactly if the walker in
`constraints` finds no violation (a property test asserts it); the walker only runs to report them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ddbmock._internal.validation import member_constraints
from ddbmock._internal.validation.shapes import holds_attribute_values
from ddbmock._internal.validation.table_names import managed_name_or_arn, name_or_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.member_constraints import Constraints
    from ddbmock._internal.validation.shapes import Shape

    Test = Callable[[Any], Any]


def request_test(input_shape: Shape) -> Test:
    """Return the test of an operation's requests, whose result is truthy for a valid one."""
    return _structure_test(input_shape) or _accept


#: The test that accepts everything: an object is truthy, and creating one costs no Python frame.
_accept: Test = type


def _structure_test(shape: Shape) -> Test | None:
    """Return a test of a structure's members; None when no member has a constraint."""
    required = frozenset(member_constraints.required_members(shape))
    found = {name: _member_test(shape, name, member) for name, member in shape.members.items()}
    tests = {name: test for name, test in found.items() if test is not None}
    substitutes = member_constraints.substitutes_of(shape)
    if substitutes:
        return _with_substitutes(_members_test(required, tests), substitutes)
    return _members_test(required, tests) if tests or required else None


def _members_test(required: frozenset[str], tests: dict[str, Test]) -> Test:
    tested = tests.keys()

    def is_valid(structure: dict[str, Any]) -> bool:
        if not required <= structure.keys():
            return False
        if None in structure.values():  # an explicit null is an absent member
            given = {name: value for name, value in structure.items() if value is not None}
            return is_valid(given)
        for name in tested & structure.keys():  # noqa: SIM110 (all() would take frames)
            if not tests[name](structure[name]):
                return False
        return True

    return is_valid


def _with_substitutes(test: Test, substitutes: dict[str, str]) -> Test:
    def is_valid(structure: dict[str, Any]) -> bool:
        return test(structure) and all(
            structure.get(name) is not None or structure.get(substitute) is not None
            for name, substitute in substitutes.items()
        )

    return is_valid


def _member_test(owner: Shape, name: str, member: Shape) -> Test | None:
    if member_constraints.is_table_name(member, name):
        return managed_name_or_arn if member_constraints.is_for_tables(owner) else name_or_arn
    return _value_test(member, member_constraints.constraints_of(member, owner.name, name))


def _value_test(shape: Shape, constraints: Constraints) -> Test | None:
    if shape.type_name == "structure":
        return None if holds_attribute_values(shape) else _structure_test(shape)
    if shape.type_name == "list":
        return _list_test(shape, constraints)
    if shape.type_name == "map":
        return _map_test(shape, constraints)
    if constraints.allowed:
        return frozenset(constraints.allowed).__contains__
    if shape.type_name == "string":
        return text_test(constraints)
    return _number_test(constraints)


def _element_test(shape: Shape) -> Test | None:
    return _value_test(shape, member_constraints.constraints_of(shape))


def text_test(constraints: Constraints) -> Test | None:
    """Return a test of a text's length and pattern."""
    pattern = constraints.pattern
    if pattern is None:
        return _length_test(constraints)
    least, greatest = constraints.bounds
    if least is None and greatest is None:
        return pattern.fullmatch
    # One match for both: a lookahead for the length, then the pattern.
    length = f"(?=.{{{least or 0},{'' if greatest is None else greatest}}}\\Z)"
    both = re.compile(f"(?s:{length})(?:{pattern.pattern})", pattern.flags)
    return both.fullmatch


def _length_test(constraints: Constraints) -> Test | None:
    least, greatest = constraints.bounds
    if least is None and greatest is None:
        return None
    lower = least or 0
    if greatest is None:
        return lambda value: len(value) >= lower
    upper = greatest
    return lambda value: lower <= len(value) <= upper


def _number_test(constraints: Constraints) -> Test | None:
    least, greatest = constraints.bounds
    if least is None and greatest is None:
        return None
    lower = float("-inf") if least is None else least
    upper = float("inf") if greatest is None else greatest
    return lambda number: lower <= number <= upper


def _list_test(shape: Shape, constraints: Constraints) -> Test | None:
    fits = _length_test(constraints)
    if holds_attribute_values(shape):
        return fits
    size_fits, test = fits or _accept, _element_test(shape.member)
    if test is None:
        return lambda elements: size_fits(elements) and None not in elements
    return lambda elements: (
        size_fits(elements) and None not in elements and all(map(test, elements))
    )


def _map_test(shape: Shape, constraints: Constraints) -> Test | None:
    fits = _length_test(constraints)
    if holds_attribute_values(shape):
        return fits
    size_fits, test = fits or _accept, _element_test(shape.value)
    key_test = name_or_arn if shape.key.name == "TableArn" else None
    if key_test is None and test is None:
        return lambda entries: size_fits(entries) and None not in entries.values()
    key_fits, value_fits = key_test or _accept, test or _accept
    return lambda entries: (
        size_fits(entries)
        and all(
            key_fits(key) and value is not None and value_fits(value)
            for key, value in entries.items()
        )
    )
