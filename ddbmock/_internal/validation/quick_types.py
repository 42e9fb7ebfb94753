"""Quick tests of JSON types: whether a request has those of the model, compiled for each operation.

Requests of SDKs always have. A request passes only if `serialization` would neither change nor
refuse anything in it (a property test asserts this). One that does not pass may be right
nevertheless: then the walker in `serialization` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.validation.shapes import ATTRIBUTE_VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ddbmock._internal.validation.shapes import Shape

    Test = Callable[[Any], bool]

#: The classes of JSON values that need no change; subclasses do not count.
_CLASSES = {"string": str, "boolean": bool, "integer": int, "long": int}


def types_test(input_shape: Shape) -> Test:
    """Return the test of an operation's requests."""
    return _structure_test(input_shape)


def _test_of(shape: Shape) -> Test | None:
    """Return the test of a value; None for types that only the walker knows."""
    if shape.name == ATTRIBUTE_VALUE:
        return _is_value
    if shape.type_name == "structure":
        return _structure_test(shape)
    if shape.type_name == "list":
        return _list_test(shape.member)
    if shape.type_name == "map":
        return _map_test(shape.value)
    return None


def _structure_test(shape: Shape) -> Test:
    members = shape.members
    classes = {
        name: _CLASSES[member.type_name]
        for name, member in members.items()
        if member.type_name in _CLASSES
    }
    # Of the API's shapes only attribute values are recursive.
    tests = {name: _test_of(member) for name, member in members.items() if name not in classes}

    def has_types(structure: Any) -> bool:
        if structure.__class__ is not dict:
            return False
        for name, value in structure.items():
            expected = classes.get(name)
            if expected is not None:
                if value.__class__ is not expected:
                    return False
            elif name in tests:
                test = tests[name]
                if test is None or not test(value):
                    return False
            elif value is None:
                return False
        return True

    return has_types


def _list_test(member: Shape) -> Test:
    if member.name == ATTRIBUTE_VALUE:
        return _are_values
    if member.type_name in _CLASSES:
        expected = {_CLASSES[member.type_name]}
        return lambda elements: elements.__class__ is list and set(map(type, elements)) <= expected
    test = _test_of(member)
    return lambda elements: (
        elements.__class__ is list and test is not None and all(map(test, elements))
    )


def _map_test(value: Shape) -> Test:
    if value.name == ATTRIBUTE_VALUE:
        return _is_item
    if value.type_name in _CLASSES:
        expected = {_CLASSES[value.type_name]}
        return lambda entries: (
            entries.__class__ is dict and set(map(type, entries.values())) <= expected
        )
    test = _test_of(value)
    return lambda entries: (
        entries.__class__ is dict and test is not None and all(map(test, entries.values()))
    )


def _is_item(attributes: Any) -> bool:
    return attributes.__class__ is dict and _all_are_values(attributes.values())


def _is_value(value: Any) -> bool:
    return _all_are_values((value,))


def _are_values(values: Any) -> bool:
    return values.__class__ is list and _all_are_values(values)


def _all_are_values(values: Iterable[Any]) -> bool:
    """Return whether these are attribute values of one type each, and none is binary."""
    for value in values:
        if value.__class__ is not dict or len(value) != 1:
            return False
        if value.get("S").__class__ is str:  # as most are
            continue
        ((kind, content),) = value.items()
        if content.__class__ is not _CONTENT_CLASSES.get(kind):
            return False
        test = _CONTENT_TESTS.get(kind)
        if test is not None and not test(content):
            return False
    return True


def _are_texts(elements: list[Any]) -> bool:
    return set(map(type, elements)) <= _TEXT


_TEXT = {str}
#: Binary values are left to the walker, which knows base64.
_CONTENT_CLASSES = {
    "S": str, "N": str, "M": dict, "L": list, "SS": list, "NS": list, "BOOL": bool, "NULL": bool
}  # fmt: skip
_CONTENT_TESTS: dict[str, Test] = {
    "M": _is_item, "L": _are_values, "SS": _are_texts, "NS": _are_texts
}  # fmt: skip
