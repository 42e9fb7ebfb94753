"""Random requests of an operation, from botocore's model: valid ones, and ones that nearly are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ddbmock._internal import operations
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.validation.shapes import ATTRIBUTE_VALUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.shapes import Shape
    from ddbmock._internal.validation.wording import Wording

    Strategy = st.SearchStrategy[Any]

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
TEXTS = st.sampled_from(
    ["", "a", "ab", "abc", "a;", "a b", "ä", "a\n", "a" * 255, "a" * 256, "a" * 1025, "b" * 2049,
     ARN, f"{ARN};", f"{ARN}/index/i", "arn:", "arn:aws:dynamodb:::table/t", "arn::::::table/t",
     f"arn:aws:dynamodb:{'x' * 1000}:1:table/orders", "arn:aws:s3:::bucket"]
)  # fmt: skip
VALUE = st.sampled_from([{"S": "x"}, {"N": "1"}, {}])


@cache
def requests_of(operation_name: str) -> Strategy:
    """Return a strategy of requests, their JSON types as the model has them."""
    return _structure(input_shape(operation_name))


def _value(shape: Shape) -> Strategy:
    if shape.name == ATTRIBUTE_VALUE:
        return VALUE
    return _BY_TYPE.get(shape.type_name, _number)(shape)


def _structure(shape: Shape) -> Strategy:
    # Most members are left out, so that a request is often valid but for one or two.
    members = {name: _value(member) for name, member in shape.members.items()}
    required = {name: _often(members[name]) for name in shape.required_members}
    optional = {name: _often(value) for name, value in members.items() if name not in required}
    given = st.fixed_dictionaries(required, optional=optional)
    dropped = st.sampled_from([None, None, None, *shape.members])
    return st.builds(_without, given, dropped)


def _without(structure: dict[str, Any], name: str | None) -> dict[str, Any]:
    return {member: value for member, value in structure.items() if member != name}


def _often(value: Strategy) -> Strategy:
    return st.integers(0, 9).flatmap(lambda chance: st.none() if chance == 0 else value)


def _sizes(shape: Shape) -> Strategy:
    least, greatest = shape.metadata.get("min", 0), shape.metadata.get("max", 2)
    near = {0, 1, least - 1, least, least + 1, greatest, greatest + 1}
    return st.sampled_from(sorted(size for size in near if 0 <= size <= 300))


def _list(shape: Shape) -> Strategy:
    few = st.lists(_often(_value(shape.member)), max_size=3)
    many = st.builds(lambda size, element: [element] * size, _sizes(shape), _value(shape.member))
    return few | many


def _map(shape: Shape) -> Strategy:
    few = st.dictionaries(TEXTS, _often(_value(shape.value)), max_size=3)
    many = st.builds(
        lambda size, element: {f"k{number}": element for number in range(size)},
        _sizes(shape),
        _value(shape.value),
    )
    return few | many


def _text(shape: Shape) -> Strategy:
    allowed = shape.metadata.get("enum", ())
    return st.sampled_from([*allowed, "NONSENSE"]) if allowed else TEXTS


def _number(shape: Shape) -> Strategy:
    least, greatest = shape.metadata.get("min", 1), shape.metadata.get("max", 10)
    return st.sampled_from([-1, 0, least - 1, least, least + 1, greatest, greatest + 1, 2**40])


_BY_TYPE: dict[str, Callable[[Shape], Strategy]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _text,
    "boolean": lambda _: st.booleans(),
    "blob": lambda _: st.binary(max_size=3),
}


def wording_of(operation_name: str) -> Wording:
    """How an operation words errors."""
    return operations.OPERATIONS.row(operation_name).wording
