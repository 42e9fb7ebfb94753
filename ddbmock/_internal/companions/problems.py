"""Requests of companions that break botocore's model.

boto3's clients check most requests themselves unless `parameter_validation=False` is set; other
clients do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.messages import requests as messages

if TYPE_CHECKING:
    from collections.abc import Iterator


#: The orders in which the service names the values of an enumeration, where they are known.
_ORDERS = {
    frozenset(order): order for order in (("Maximum", "SampleCount", "Sum", "Minimum", "Average"),)
}


class Problem(NamedTuple):
    """What is wrong with a member of a request."""

    #: The name of the member.
    name: str
    is_missing: bool
    #: The service's usual text about it.
    text: str


def problems(value: Any, shape: Any, path: str = "") -> Iterator[Problem]:
    """Yield the ways in which a request, or a part of it, breaks botocore's model.

    Required members, the bounds of lengths and numbers, and enumerations are checked.
    """
    kind = None if shape is None else shape.type_name
    if kind == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            place = f"{path}.{name[:1].lower()}{name[1:]}".lstrip(".")
            part = value.get(name)
            if part is not None:
                yield from _bounds(name, part, member, place)
                yield from _wrong_choice(name, part, member, place)
                yield from problems(part, member, place)
            elif name in shape.required_members:
                text = messages.violation("null", place, messages.MEMBER_NOT_NULL)
                yield Problem(name, is_missing=True, text=text)
    elif kind == "list" and isinstance(value, list):
        for number, part in enumerate(value, start=1):
            place = f"{path}.{number}.member"
            if part is None:
                text = messages.violation("null", place, messages.MEMBER_NOT_NULL)
                yield Problem("member", is_missing=False, text=text)
            yield from problems(part, shape.member, place)


def _bounds(name: str, value: Any, shape: Any, path: str) -> Iterator[Problem]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    size: float
    if isinstance(value, str | list):
        size, at_least, at_most = len(value), messages.length_at_least, messages.length_at_most
    elif isinstance(value, int | float):
        size, at_least, at_most = value, messages.value_at_least, messages.value_at_most
    else:
        return
    for constraint in (
        at_least(least) if least is not None and size < least else None,
        at_most(most) if most is not None and size > most else None,
    ):
        if constraint is not None:
            text = messages.violation(f"'{_shown(value)}'", path, constraint)
            yield Problem(name, is_missing=False, text=text)


def _wrong_choice(name: str, value: Any, shape: Any, path: str) -> Iterator[Problem]:
    is_list = shape.type_name == "list" and isinstance(value, list)
    choices = getattr(shape.member if is_list else shape, "enum", None)
    if not choices or all(one in choices for one in (value if is_list else [value])):
        return
    constraint = messages.one_of(_ORDERS.get(frozenset(choices), choices))
    if is_list:
        constraint = messages.members_must([constraint])
    text = messages.violation(f"'{_shown(value)}'", path, constraint)
    yield Problem(name, is_missing=False, text=text)


def _shown(value: Any) -> str:
    """Return a value as the service shows it: Java's `toString`."""
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}={_shown(part)}' for name, part in value.items())}}}"
    return str(value)
