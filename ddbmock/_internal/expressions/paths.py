"""Resolved document paths: reading values at them, comparing them.

A resolved path is a tuple of steps, each an attribute name (`str`) or a list index (`int`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.values import AttributeValue, Item
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.messages import expressions as messages

if TYPE_CHECKING:
    from ddbmock._internal.expressions.substitutions import Names
    from ddbmock._internal.expressions.tree import Path

ResolvedPath = tuple["str | int", ...]
Getter = Callable[[Item], "AttributeValue | None"]


def resolve(path: Path, names: Names) -> ResolvedPath:
    """Return the path with its placeholders replaced, or raise `ExpressionProblem`.

    >>> from ddbmock._internal.expressions.tree import Path
    >>> resolve(Path(("#a", 0, "b")), {"#a": "x.y"})
    ('x.y', 0, 'b')
    """
    steps = tuple([_resolve_step(step, names) for step in path.steps])
    if len(steps) > limits.DOCUMENT_PATH_STEPS_MAX:
        raise ExpressionProblem(messages.path_too_deep(len(steps)))
    return steps


def _resolve_step(step: str | int, names: Names) -> str | int:
    if isinstance(step, str):
        if step[0] == "#":
            if step not in names:
                raise ExpressionProblem(messages.undefined_name(step))
            return names[step]
        if step[0] == ":":
            raise ExpressionProblem(messages.VALUE_IN_PATH)
    return step


def path_text(path: ResolvedPath) -> str:
    """Return the path as the service's messages print it.

    >>> path_text(("a", 3, "b"))
    '[a, [3], b]'
    """
    return f"[{', '.join(f'[{step}]' if isinstance(step, int) else step for step in path)}]"


def value_at(path: Sequence[str | int], item: Item) -> AttributeValue | None:
    """Return the value at a path in an item, or None when there is none."""
    value: AttributeValue | None = item.get(path[0])  # type: ignore[arg-type]
    for step in path[1:]:
        if value is None:
            return None
        value = _child(value, step)
    return value


def _child(value: AttributeValue, step: str | int) -> AttributeValue | None:
    container: Any
    if isinstance(step, str):
        container = value.get("M")
        return container.get(step) if container is not None else None
    container = value.get("L")
    return container[step] if container is not None and step < len(container) else None


def compile_getter(path: ResolvedPath) -> Getter:
    """Return a closure that reads the path from an item."""
    top = path[0]
    if len(path) == 1:
        return lambda item: item.get(top)  # type: ignore[arg-type]
    if len(path) == 2 and isinstance(path[1], str):  # noqa: PLR2004 (the common `a.b`)
        field = path[1]

        def get_field(item: Item) -> AttributeValue | None:
            value = item.get(top)  # type: ignore[arg-type]
            if value is None:
                return None
            fields = value.get("M")
            return fields.get(field) if fields is not None else None

        return get_field
    return lambda item: value_at(path, item)


def check_distinct(paths: Iterable[ResolvedPath]) -> None:
    """Raise `ExpressionProblem` when two paths overlap, or require a value of two types."""
    seen: list[ResolvedPath] = []
    for path in paths:
        for earlier in seen:
            _check_pair(earlier, path)
        seen.append(path)


def _check_pair(first: ResolvedPath, second: ResolvedPath) -> None:
    for left, right in zip(first, second, strict=False):
        if type(left) is not type(right):
            problem = messages.paths_conflict
            break
        if left != right:
            return
    else:
        problem = messages.paths_overlap
    raise ExpressionProblem(problem(path_text(first), path_text(second)))
