"""Type constraints of variables, applied to the values that they get.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ddbmock._internal.templates.terraform.syntax import child_trees, name_of
from ddbmock._internal.templates.terraform.values import (
    ConversionError,
    to_bool,
    to_list,
    to_map,
    to_number,
    to_set,
    to_text,
)

#: Gives the default of an optional attribute from its tree.
Evaluate = Callable[[Any], Any]

_PRIMITIVES: dict[str, Callable[[Any], Any]] = {
    "bool": to_bool,
    "number": to_number,
    "string": to_text,
}


def converted(value: Any, constraint: Any, evaluate: Evaluate) -> Any:
    """Return a value converted to a type constraint, with the defaults of the type.

    Raises:
        ConversionError: The value is of another type.
    """
    constraint = _inner(constraint)
    if value is None:
        return None
    if constraint.data == "function_call":
        name, arguments = _call(constraint)
        convert = _COLLECTIONS.get(name)
        if convert is None or not arguments:
            raise ConversionError(f"no such type: {name}")
        return convert(value, arguments[0], evaluate)
    primitive = _PRIMITIVES.get(name_of(constraint))
    # `any`, `list` and `map` by themselves do not constrain the elements.
    return value if primitive is None else primitive(value)


def _inner(tree: Any) -> Any:
    while tree.data == "expr_term":
        tree = child_trees(tree)[0]
    return tree


def _call(tree: Any) -> tuple[str, list[Any]]:
    name, *groups = child_trees(tree)
    return name_of(name), [argument for group in groups for argument in child_trees(group)]


def _list(value: Any, element: Any, evaluate: Evaluate) -> list[Any]:
    return [converted(each, element, evaluate) for each in to_list(value)]


def _set(value: Any, element: Any, evaluate: Evaluate) -> Any:
    return to_set(_list(value, element, evaluate))


def _map(value: Any, element: Any, evaluate: Evaluate) -> dict[str, Any]:
    values = to_map(value)
    return {name: converted(values[name], element, evaluate) for name in values}


def _tuple(value: Any, elements: Any, evaluate: Evaluate) -> list[Any]:
    values, types = to_list(value), child_trees(_inner(elements))
    if len(values) != len(types):
        raise ConversionError(f"a list of {len(types)} is needed, not of {len(values)}")
    return [converted(each, kind, evaluate) for each, kind in zip(values, types, strict=True)]


def _object(value: Any, attributes: Any, evaluate: Evaluate) -> dict[str, Any]:
    values = to_map(value)
    result: dict[str, Any] = {}
    for element in child_trees(_inner(attributes)):
        key, constraint = child_trees(element)
        name = name_of(key)
        result[name] = _attribute(name, values, _inner(constraint), evaluate)
    return result


def _attribute(name: str, values: Mapping[str, Any], constraint: Any, evaluate: Evaluate) -> Any:
    given = values.get(name) if name in values else None
    call = _call(constraint) if constraint.data == "function_call" else ("", [])
    if call[0] != "optional":
        if name not in values:
            raise ConversionError(f"the attribute {name} is missing")
        return converted(given, constraint, evaluate)
    kind, *default = call[1]
    if given is None and default:
        given = evaluate(default[0])
    return converted(given, kind, evaluate)


_COLLECTIONS: dict[str, Callable[[Any, Any, Evaluate], Any]] = {
    "list": _list,
    "map": _map,
    "object": _object,
    "set": _set,
    "tuple": _tuple,
}
