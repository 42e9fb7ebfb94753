"""Compilation of conditions into closures.

A condition is compiled once into a *binder*, a function from values to a test. Binding computes
what depends on the values alone (a number to compare with, the type of a bound), so that the test
of an item does not. A Scan or Query binds once a request.

Observed where the documentation is silent: an operand that is missing, or of another type, makes
every comparison false, except `<>`, which it makes true.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from ddbmock._internal.engine.numbers import number_of
from ddbmock._internal.engine.values import AttributeValue, Item
from ddbmock._internal.expressions.paths import Getter, ResolvedPath, compile_getter, resolve
from ddbmock._internal.expressions.predicates import (
    begins_with,
    contains,
    ordered,
    same_value,
    size_of,
)
from ddbmock._internal.expressions.substitutions import Names, Values
from ddbmock._internal.expressions.tree import (
    MIRRORED,
    And,
    Between,
    Call,
    Comparison,
    Condition,
    In,
    Node,
    Not,
    Or,
    Path,
    Value,
    ungroup,
)

Test = Callable[[Item], bool]
Binder = Callable[[Values], Test]
GetterBinder = Callable[[Values], Getter]
Number = int | Decimal

_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compile_binder(condition: Condition, names: Names) -> Binder:  # noqa: PLR0911 (a kind each)
    """Return the binder of a condition whose names are known to be defined."""
    node = ungroup(condition)
    if isinstance(node, And):
        return _conjunction([compile_binder(part, names) for part in _parts(node)])
    if isinstance(node, Or):
        return _disjunction([compile_binder(part, names) for part in _parts(node)])
    if isinstance(node, Not):
        return _negation(compile_binder(node.condition, names))
    if isinstance(node, Comparison):
        return _comparison(node, names)
    if isinstance(node, Between):
        return _between(node, names)
    if isinstance(node, In):
        return _in(node, names)
    assert isinstance(node, Call)  # noqa: S101 (nothing else is a condition)
    return _FUNCTIONS[node.function](node, names)


# --- logic ---


def _parts(node: And | Or) -> list[Condition]:
    """Return the operands of AND or OR, including those of the same operator in parentheses."""
    parts: list[Condition] = []
    waiting: list[Node] = [node]
    while waiting:
        part = ungroup(waiting.pop())
        if isinstance(part, type(node)):
            waiting += reversed(part.conditions)
        else:
            parts.append(part)  # type: ignore[arg-type]
    return parts


def _conjunction(binders: list[Binder]) -> Binder:
    if len(binders) == 2:  # noqa: PLR2004 (the common case, without a loop)
        left_binder, right_binder = binders

        def bind_two(values: Values) -> Test:
            left, right = left_binder(values), right_binder(values)
            return lambda item: left(item) and right(item)

        return bind_two

    def bind(values: Values) -> Test:
        tests = [binder(values) for binder in binders]

        def test(item: Item) -> bool:
            for part in tests:  # noqa: SIM110 (a generator would cost as much as the tests)
                if not part(item):
                    return False
            return True

        return test

    return bind


def _disjunction(binders: list[Binder]) -> Binder:
    if len(binders) == 2:  # noqa: PLR2004 (as above)
        left_binder, right_binder = binders

        def bind_two(values: Values) -> Test:
            left, right = left_binder(values), right_binder(values)
            return lambda item: left(item) or right(item)

        return bind_two

    def bind(values: Values) -> Test:
        tests = [binder(values) for binder in binders]

        def test(item: Item) -> bool:
            for part in tests:  # noqa: SIM110 (as above)
                if part(item):
                    return True
            return False

        return test

    return bind


def _negation(binder: Binder) -> Binder:
    def bind(values: Values) -> Test:
        test = binder(values)
        return lambda item: not test(item)

    return bind


# --- operands ---


def _path_of(node: Node, names: Names) -> ResolvedPath | None:
    inner = ungroup(node)
    return resolve(inner, names) if isinstance(inner, Path) else None


def _getter(node: Node, names: Names) -> GetterBinder:
    """Return the binder of an operand of any kind, to a closure that reads it from an item."""
    inner = ungroup(node)
    if isinstance(inner, Value):
        placeholder = inner.placeholder

        def bind_value(values: Values) -> Getter:
            value = values[placeholder]
            return lambda _: value

        return bind_value
    if isinstance(inner, Path):
        getter = compile_getter(resolve(inner, names))
        return lambda _: getter
    assert isinstance(inner, Call)  # noqa: S101 (size, the only function that is an operand)
    return _size_getter(_getter(inner.operands[0], names))


def _size_getter(binder: GetterBinder) -> GetterBinder:
    def bind(values: Values) -> Getter:
        get = binder(values)

        def get_size(item: Item) -> AttributeValue | None:
            size = size_of(get(item))
            return None if size is None else {"N": str(size)}

        return get_size

    return bind


# --- comparisons ---


def _comparison(node: Comparison, names: Names) -> Binder:
    operator, left, right = node.operator, ungroup(node.left), ungroup(node.right)
    if isinstance(left, Value) and not isinstance(right, Value):
        operator, left, right = MIRRORED[operator], right, left
    if isinstance(right, Value):
        path = _path_of(left, names)
        if path is not None:
            return _compare_path(operator, path, right.placeholder)
        if isinstance(left, Call):
            return _compare_size(operator, _getter(left.operands[0], names), right.placeholder)
    return _compare_any(operator, _getter(left, names), _getter(right, names))


def _compare_path(operator: str, path: ResolvedPath, placeholder: str) -> Binder:
    """Return the binder of a comparison of an attribute with a value, the most common one."""
    top: Any = path[0] if len(path) == 1 else None
    get = compile_getter(path)

    if operator == "=":

        def bind_equal(values: Values) -> Test:
            value = values[placeholder]
            if top is not None:
                return lambda item: item.get(top) == value
            return lambda item: get(item) == value

        return bind_equal
    if operator == "<>":

        def bind_unequal(values: Values) -> Test:
            value = values[placeholder]
            return lambda item: get(item) != value

        return bind_unequal
    compare = _ORDERINGS[operator]

    def bind(values: Values) -> Test:
        ((kind, content),) = values[placeholder].items()
        if kind == "N":
            bound = number_of(content)
            if top is not None:
                return _top_number_test(compare, top, bound)
            return _number_test(compare, get, bound)
        return _content_test(compare, get, kind, content)

    return bind


def _top_number_test(compare: Callable[[Any, Any], bool], name: str, bound: Number) -> Test:
    """Return the same as `_number_test` for a top-level attribute, without a call of a getter."""

    def test(item: Item) -> bool:
        value = item.get(name)
        if value is None:
            return False
        text = value.get("N")
        return text is not None and compare(number_of(text), bound)

    return test


def _number_test(compare: Callable[[Any, Any], bool], get: Getter, bound: Number) -> Test:
    def test(item: Item) -> bool:
        value = get(item)
        if value is None:
            return False
        text = value.get("N")
        return text is not None and compare(number_of(text), bound)

    return test


def _content_test(
    compare: Callable[[Any, Any], bool], get: Getter, kind: str, bound: str | bytes
) -> Test:
    def test(item: Item) -> bool:
        value = get(item)
        if value is None:
            return False
        # The order of code points is the order of UTF-8 bytes.
        content = value.get(kind)
        return content is not None and compare(content, bound)

    return test


def _compare_size(operator: str, operand: GetterBinder, placeholder: str) -> Binder:
    def bind(values: Values) -> Test:
        get = operand(values)
        bound_text = values[placeholder].get("N")
        if bound_text is None:
            return (lambda _: True) if operator == "<>" else (lambda _: False)
        bound = number_of(bound_text)
        if operator == "=":
            return lambda item: size_of(get(item)) == bound
        if operator == "<>":
            return lambda item: size_of(get(item)) != bound
        compare = _ORDERINGS[operator]

        def test(item: Item) -> bool:
            size = size_of(get(item))
            return size is not None and compare(size, bound)

        return test

    return bind


def _compare_any(operator: str, left: GetterBinder, right: GetterBinder) -> Binder:
    compare = _ORDERINGS.get(operator)

    def bind(values: Values) -> Test:
        get_left, get_right = left(values), right(values)
        if compare is None:
            equal = operator == "="
            return lambda item: same_value(get_left(item), get_right(item)) is equal
        return lambda item: ordered(compare, get_left(item), get_right(item))

    return bind


def _between(node: Between, names: Names) -> Binder:
    operand, low, high = (_getter(part, names) for part in (node.operand, node.low, node.high))
    if not (isinstance(ungroup(node.low), Value) and isinstance(ungroup(node.high), Value)):
        return _between_any(operand, low, high)

    def bind(values: Values) -> Test:
        get = operand(values)
        low_value: Any = low(values)({})
        high_value: Any = high(values)({})
        ((kind, lowest),) = low_value.items()
        highest = high_value[kind]
        if kind == "N":
            return _between_numbers(get, number_of(lowest), number_of(highest))

        def test(item: Item) -> bool:
            value = get(item)
            if value is None:
                return False
            content = value.get(kind)
            return content is not None and lowest <= content <= highest

        return test

    return bind


def _between_numbers(get: Getter, lowest: Number, highest: Number) -> Test:
    def test(item: Item) -> bool:
        value = get(item)
        if value is None:
            return False
        text = value.get("N")
        return text is not None and lowest <= number_of(text) <= highest

    return test


def _between_any(operand: GetterBinder, low: GetterBinder, high: GetterBinder) -> Binder:
    def bind(values: Values) -> Test:
        get, get_low, get_high = operand(values), low(values), high(values)

        def test(item: Item) -> bool:
            value = get(item)
            return ordered(ge, value, get_low(item)) and ordered(le, value, get_high(item))

        return test

    return bind


def _in(node: In, names: Names) -> Binder:
    operand = _getter(node.operand, names)
    candidates = [_getter(candidate, names) for candidate in node.candidates]
    if all(isinstance(ungroup(candidate), Value) for candidate in node.candidates):

        def bind_values(values: Values) -> Test:
            get = operand(values)
            found = [candidate(values)({}) for candidate in candidates]
            return lambda item: get(item) in found

        return bind_values

    def bind(values: Values) -> Test:
        get = operand(values)
        getters = [candidate(values) for candidate in candidates]

        def test(item: Item) -> bool:
            value = get(item)
            return value is not None and any(value == candidate(item) for candidate in getters)

        return test

    return bind


# --- functions ---


def _attribute_exists(node: Call, names: Names) -> Binder:
    path = _path_of(node.operands[0], names) or ()
    if len(path) == 1:
        name = path[0]
        test: Test = lambda item: name in item  # noqa: E731 (one of two closures)
    else:
        get = compile_getter(path)
        test = lambda item: get(item) is not None  # noqa: E731 (as above)
    return lambda _: test


def _attribute_not_exists(node: Call, names: Names) -> Binder:
    return _negation_of_constant(_attribute_exists(node, names)({}))


def _negation_of_constant(exists: Test) -> Binder:
    def test(item: Item) -> bool:
        return not exists(item)

    return lambda _: test


def _attribute_type(node: Call, names: Names) -> Binder:
    operand, wanted = (_getter(part, names) for part in node.operands)

    def bind(values: Values) -> Test:
        get = operand(values)
        value: Any = wanted(values)({})
        kind = value["S"]
        return lambda item: kind in (get(item) or ())

    return bind


def _begins_with(node: Call, names: Names) -> Binder:
    operand, prefix = (_getter(part, names) for part in node.operands)

    def bind(values: Values) -> Test:
        get, get_prefix = operand(values), prefix(values)
        return lambda item: begins_with(get(item), get_prefix(item))

    return bind


def _contains(node: Call, names: Names) -> Binder:
    operand, member = (_getter(part, names) for part in node.operands)

    def bind(values: Values) -> Test:
        get, get_member = operand(values), member(values)
        return lambda item: contains(get(item), get_member(item))

    return bind


_FUNCTIONS: dict[str, Callable[[Call, Names], Binder]] = {
    "attribute_exists": _attribute_exists,
    "attribute_not_exists": _attribute_not_exists,
    "attribute_type": _attribute_type,
    "begins_with": _begins_with,
    "contains": _contains,
}
