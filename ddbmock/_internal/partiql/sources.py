"""FROM: the table or index of a statement."""

from __future__ import annotations

from typing import NamedTuple

from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.tree import Expression, Field, Name, Path, Source

_COMPONENTS_MAX = 2


class SourceName(NamedTuple):
    """The name of a table, and optionally of an index."""

    table_name: str
    index_name: str | None = None


def source_name(source: Source) -> SourceName:
    """Return the table and index of a statement, or raise `StatementProblem`."""
    if source.alias is not None:
        raise StatementProblem(messages.ALIASES_NOT_SUPPORTED)
    components = _components(source.expression)
    if not all(components):
        raise StatementProblem(messages.PATH_COMPONENT_EMPTY)
    if len(components) > _COMPONENTS_MAX:
        raise StatementProblem(messages.SOURCE_TOO_LONG)
    return SourceName(*components)


def _components(node: Expression) -> list[str]:
    if isinstance(node, Name):
        return [node.name]
    if isinstance(node, Path) and isinstance(node.root, Name):
        names = [step.name for step in node.steps if isinstance(step, Field)]
        if len(names) == len(node.steps):
            return [node.root.name, *names]
    raise StatementProblem(messages.SOURCE_UNEXPECTED)
