"""Compilation of projections into closures, which select the parts of an item at a set of paths.

A list keeps only the selected elements, in index order, without gaps. A map or list of which
nothing is selected is omitted.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ddbmock._internal.engine.values import AttributeValue, Item
    from ddbmock._internal.expressions.paths import ResolvedPath

#: For each step its selection, or None for everything below it.
Selection = dict["str | int", Any]


def compile_selector(paths: Iterable[ResolvedPath]) -> Callable[[Item], Item]:
    """Return a closure that returns a new item with the selected parts.

    >>> select = compile_selector([("a", "b"), ("l", 2), ("l", 0)])
    >>> select({"a": {"M": {"b": {"N": "1"}}}, "l": {"L": [{"S": "x"}, {"S": "y"}, {"S": "z"}]}})
    {'a': {'M': {'b': {'N': '1'}}}, 'l': {'L': [{'S': 'x'}, {'S': 'z'}]}}
    """
    selection = _selection(paths)
    if all(below is None for below in selection.values()):
        names: tuple[Any, ...] = tuple(selection)
        return lambda item: {name: item[name] for name in names if name in item}
    return lambda item: _select_from_map(item, selection)


def _selection(paths: Iterable[ResolvedPath]) -> Selection:
    root: Selection = {}
    for path in paths:
        below = root
        for step in path[:-1]:
            below = below.setdefault(step, {})
        below[path[-1]] = None
    return root


def _select_from_map(fields: Item, selection: Selection) -> Item:
    selected: Item = {}
    for step, below in selection.items():
        if isinstance(step, str) and step in fields:
            value = _select(fields[step], below)
            if value is not None:
                selected[step] = value
    return selected


def _select(value: AttributeValue, selection: Selection | None) -> AttributeValue | None:
    if selection is None:
        return value
    if "M" in value:
        fields = _select_from_map(value["M"], selection)
        return {"M": fields} if fields else None
    if "L" in value:
        elements = _select_from_list(value["L"], selection)
        return {"L": elements} if elements else None
    return None


def _select_from_list(elements: list[AttributeValue], selection: Selection) -> list[AttributeValue]:
    indexes = sorted(step for step in selection if isinstance(step, int) and step < len(elements))
    selected = (_select(elements[index], selection[index]) for index in indexes)
    return [value for value in selected if value is not None]
