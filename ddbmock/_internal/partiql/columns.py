"""The SELECT list: the parts of each item that are returned, and their names.

A nested value is returned under the last name of its path: `SELECT a.b, l[0]` gives `b` and `l[0]`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.expressions.paths import ResolvedPath, compile_getter
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.lowering import document_path
from ddbmock._internal.partiql.problems import StatementProblem

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.partiql.tree import Column


class Columns:
    """A SELECT list other than `*`: `apply` it to items."""

    __slots__ = ("_getters", "attributes")

    def __init__(self, paths: tuple[ResolvedPath, ...]) -> None:
        #: The top-level attributes that are read, in the order written.
        self.attributes: tuple[str, ...] = tuple(dict.fromkeys(str(path[0]) for path in paths))
        self._getters = [(result_name(path), compile_getter(path)) for path in paths]

    def apply(self, item: Item) -> Item:
        """Return a new item with the selected values; missing ones are omitted."""
        found = ((name, get(item)) for name, get in self._getters)
        return {name: value for name, value in found if value is not None}


def result_name(path: ResolvedPath) -> str:
    """Return the name under which the value at a path is returned.

    >>> result_name(("a", "b", 0, 1))
    'b[0][1]'
    """
    last = max(number for number, step in enumerate(path) if isinstance(step, str))
    return str(path[last]) + "".join(f"[{step}]" for step in path[last + 1 :])


def plan_columns(columns: tuple[Column, ...]) -> Columns | None:
    """Return the SELECT list, None for `*`."""
    paths: dict[str, ResolvedPath] = {}
    for column in columns:
        if column.expression is None:
            return None
        path = document_path(column.expression)
        if column.alias is not None:
            raise StatementProblem(messages.ALIASES_NOT_SUPPORTED)
        name = result_name(path)
        if name in paths:
            raise StatementProblem(messages.duplicate_columns(name))
        paths[name] = path
    return Columns(tuple(paths.values()))
