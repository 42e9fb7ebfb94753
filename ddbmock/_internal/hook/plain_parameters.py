"""Tests of parameters of a call: whether JSON can write them as they are, compiled from the model.

A test passes only if botocore would accept the parameters and would copy them, value by value, into
equal ones: dictionaries, lists, texts, whole numbers and booleans. What passes needs no copy. What
does not may be right nevertheless (a tuple, a time, a Decimal), and is left to botocore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from botocore.model import Shape

    Test = Callable[[Any], bool]
    StructuresTest = Callable[[Iterable[Any]], bool]
    #: The class of the values, None if there is none that always passes; and a test of them.
    Kind = tuple[type | None, Test | None]

_CLASSES = {
    "string": str, "boolean": bool, "integer": int, "long": int, "blob": bytes,
    "structure": dict, "map": dict, "list": list,
}  # fmt: skip
_TEXT = frozenset({str})
_UNKNOWN: Kind = (None, None)


def parameters_test(input_shape: Shape) -> StructuresTest:
    """Return the test of several parameters of an operation; bytes pass, for the JSON encoder."""
    return _Compiler().structures_test(input_shape)


class _Compiler:
    """Compiles the tests of a model, whose shapes may hold themselves."""

    def __init__(self) -> None:
        #: The name of a structure -> the test of several of them.
        self._structures: dict[str, StructuresTest] = {}

    def kind_of(self, shape: Shape) -> Kind:
        """Return the class and the test of the values of a shape."""
        type_name = shape.type_name
        if (
            type_name not in _CLASSES
            or shape.serialization
            or getattr(shape, "is_document_type", False)
        ):
            return _UNKNOWN  # numbers with fractions, times, and what is written by another name
        if type_name == "structure":
            are_plain = self.structures_test(shape)
            return dict, lambda structure: are_plain((structure,))
        if type_name == "list":
            return list, _with_least(shape, self._elements_test(shape.member))
        if type_name == "map":
            return dict, self._map_test(shape)
        return _CLASSES[type_name], _with_least(shape, None)

    def structures_test(self, shape: Shape) -> StructuresTest:
        """Return the test of several structures: one function call for all of them."""
        known = self._structures.get(shape.name)
        if known is not None:
            return known
        classes: dict[str, type] = {}
        tests: dict[str, Test] = {}
        test = _structures_test(shape, classes, tests)
        self._structures[shape.name] = test  # before its members, which may hold it
        for name, member in shape.members.items():
            kind, member_test = self.kind_of(member)
            if kind is not None:
                classes[name] = kind
            if member_test is not None:
                tests[name] = member_test
        return test

    def _elements_test(self, shape: Shape) -> Test:
        """Return the test of the elements of a list, or of the values of a map."""
        if shape.type_name == "structure" and self.kind_of(shape)[0] is dict:
            return self.structures_test(shape)
        kind, test = self.kind_of(shape)
        kinds = frozenset({kind})
        if test is None:
            return lambda elements: kinds.issuperset(map(type, elements))
        return lambda elements: kinds.issuperset(map(type, elements)) and all(map(test, elements))

    def _map_test(self, shape: Shape) -> Test:
        _, key_test = self.kind_of(shape.key)
        values_test = self._elements_test(shape.value)

        def is_plain(entries: Any) -> bool:
            return (
                _TEXT.issuperset(map(type, entries))
                and (key_test is None or all(map(key_test, entries)))
                and values_test(entries.values())
            )

        return is_plain


def _structures_test(
    shape: Shape, classes: dict[str, type], tests: dict[str, Test]
) -> StructuresTest:
    """Return the test of several structures, by the classes and tests of their members."""
    required = frozenset(shape.metadata.get("required", ()))
    is_union = getattr(shape, "is_tagged_union", False)

    def are_plain(structures: Iterable[Any]) -> bool:
        for structure in structures:
            if structure.__class__ is not dict:
                return False
            if required and not required <= structure.keys():
                return False
            if is_union and len(structure) != 1:
                return False
            for name, value in structure.items():
                if value.__class__ is not classes.get(name):
                    return False
                test = tests.get(name)
                if test is not None and not test(value):
                    return False
        return True

    return are_plain


def _with_least(shape: Shape, test: Test | None) -> Test | None:
    """Return a test that also requires the least length or number that botocore checks."""
    least = shape.metadata.get("min")
    if least is None:
        return test
    if shape.type_name in {"integer", "long"}:
        return lambda number: number >= least
    if shape.type_name not in {"string", "list"} or not least:
        return test  # botocore checks no others
    if test is None:
        return lambda value: len(value) >= least
    return lambda value: len(value) >= least and test(value)
