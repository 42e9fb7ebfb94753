"""Compilation of updates into closures, which read all operands before they write anything.

When several actions fail, `_diagnose` finds the error that the service reports; it runs only after
a failure, so that valid updates do not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ddbmock._internal.engine.numbers import NumberError, add, subtract
from ddbmock._internal.engine.values import (
    AttributeValue,
    Item,
    Written,
    copy_value,
    sort_set,
    text_bytes,
)
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.paths import ResolvedPath, compile_getter, resolve, value_at
from ddbmock._internal.expressions.substitutions import Names, Values
from ddbmock._internal.expressions.tree import (
    Action,
    Addition,
    Arithmetic,
    Assignment,
    Call,
    Deletion,
    Operand,
    Path,
    UpdateTree,
    Value,
    ungroup,
)
from ddbmock._internal.messages import expressions as messages

#: Returns the value to write, or None to remove the existing one.
Evaluator = Callable[[Item, Values], "AttributeValue | None"]

_DOCUMENTS = frozenset({"L", "M"})


class OperandTypeError(ValidationError):
    """An operand from the item has a wrong type for the action."""


@dataclass(frozen=True, slots=True)
class CompiledAction:
    """One action: its path, the value that it writes, and the number of its section."""

    path: ResolvedPath
    evaluate: Evaluator
    section: int
    #: The last step of the path.
    step: Any = field(init=False)
    #: How many documents deep it lies.
    depth: int = field(init=False)
    #: What its name costs where it is written; it has none in a list.
    name_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        depth, step = len(self.path) - 1, self.path[-1]
        object.__setattr__(self, "step", step)
        object.__setattr__(self, "depth", depth)
        # A member of a map costs a byte more than an attribute.
        name_bytes = text_bytes(step) + (depth > 0) if isinstance(step, str) else 0
        object.__setattr__(self, "name_bytes", name_bytes)


def compile_actions(
    tree: UpdateTree, names: Names, *, type_problem: str = messages.UPDATE_OPERAND_TYPE
) -> tuple[CompiledAction, ...]:
    """Return the actions of an update whose names are known to be defined."""
    return tuple(
        CompiledAction(
            resolve(action.path, names), _evaluator(action, names, type_problem), section_number
        )
        for section_number, section in enumerate(tree.sections)
        for action in section.actions
    )


def _evaluator(action: Action, names: Names, type_problem: str) -> Evaluator:
    if isinstance(action, Assignment):
        return _operand(action.operand, names)
    path = resolve(action.path, names)
    if isinstance(action, Addition):
        return _addition(path, action.value.placeholder, type_problem)
    if isinstance(action, Deletion):
        return _deletion(path, action.value.placeholder, type_problem)
    return lambda _item, _values: None


# --- values of SET ---


def _operand(node: Operand, names: Names) -> Evaluator:
    inner = ungroup(node)
    if isinstance(inner, Value):
        placeholder = inner.placeholder
        return lambda _, values: detached(values[placeholder])
    if isinstance(inner, Path):
        return _copy_of_path(inner, names)
    if isinstance(inner, Arithmetic):
        return _arithmetic(inner, names)
    assert isinstance(inner, Call)  # noqa: S101 (nothing else is an operand)
    left, right = inner.operands
    if inner.function == "if_not_exists":
        return _if_not_exists(left, _operand(right, names), names)
    return _list_append(_operand(left, names), _operand(right, names))


def detached(value: AttributeValue) -> AttributeValue:
    """Return a value whose document can be changed without changing the original."""
    return copy_value(value) if not _DOCUMENTS.isdisjoint(value) else value


def _copy_of_path(path: Path, names: Names) -> Evaluator:
    get = compile_getter(resolve(path, names))

    def evaluate(item: Item, _: Values) -> AttributeValue:
        value = get(item)
        if value is None:
            raise ValidationError(messages.UPDATE_ATTRIBUTE_MISSING)
        return detached(value)

    return evaluate


def _arithmetic(node: Arithmetic, names: Names) -> Evaluator:
    left, right = _number_operand(node.left, names), _number_operand(node.right, names)
    calculate = add if node.operator == "+" else subtract

    def evaluate(item: Item, values: Values) -> AttributeValue:
        left_number = _content("N", left(item, values))
        return {"N": calculate(left_number, _content("N", right(item, values)))}

    return evaluate


def _number_operand(node: Operand, names: Names) -> Evaluator:
    """Return what reads an operand of which nothing but its text is used."""
    inner = ungroup(node)
    if isinstance(inner, Value):
        placeholder = inner.placeholder
        return lambda _, values: values[placeholder]
    return _operand(node, names)


def _content(kind: str, value: AttributeValue | None) -> Any:
    if value is None or kind not in value:
        raise OperandTypeError(messages.UPDATE_OPERAND_TYPE)
    return value[kind]


def _if_not_exists(path: Operand, default: Evaluator, names: Names) -> Evaluator:
    inner = ungroup(path)
    assert isinstance(inner, Path)  # noqa: S101 (checked before)
    get = compile_getter(resolve(inner, names))

    def evaluate(item: Item, values: Values) -> AttributeValue | None:
        value = get(item)
        return default(item, values) if value is None else detached(value)

    return evaluate


def _list_append(left: Evaluator, right: Evaluator) -> Evaluator:
    def evaluate(item: Item, values: Values) -> AttributeValue:
        head = _content("L", left(item, values))
        return {"L": head + _content("L", right(item, values))}

    return evaluate


# --- values of ADD and DELETE ---


def _addition(path: ResolvedPath, placeholder: str, type_problem: str) -> Evaluator:
    get = compile_getter(path)

    def evaluate(item: Item, values: Values) -> AttributeValue:
        added = values[placeholder]
        value = get(item)
        if value is None:
            return detached(added)
        ((kind, content),) = added.items()
        if kind not in value:
            raise OperandTypeError(type_problem)
        if kind == "N":
            return {"N": add(value["N"], content)}
        if kind == "L":  # only the legacy parameter adds lists
            return {"L": [*value["L"], *detached(added)["L"]]}
        present = set(value[kind])
        return {kind: sort_set(kind, [*present, *(set(content) - present)])}

    return evaluate


def _deletion(path: ResolvedPath, placeholder: str, type_problem: str) -> Evaluator:
    get = compile_getter(path)

    def evaluate(item: Item, values: Values) -> AttributeValue | None:
        value = get(item)
        if value is None:
            return None
        ((kind, content),) = values[placeholder].items()
        if kind not in value:
            raise OperandTypeError(type_problem)
        deleted = set(content)
        remaining = [member for member in value[kind] if member not in deleted]
        # Sets are never empty: the attribute is removed with its last member.
        return {kind: remaining} if remaining else None

    return evaluate


# --- applying ---


def apply_actions(actions: Iterable[CompiledAction], item: Item, values: Values) -> None:
    """Change the item in place: all actions, or none and a `ValidationError`."""
    try:
        written = [(action.path, action.evaluate(item, values)) for action in actions]
        writes = [(_container(item, path), path[-1], value) for path, value in written]
    except (ValidationError, NumberError):
        _diagnose(tuple(actions), item, values)
        raise
    _write(writes)


def apply_to_members(
    actions: Iterable[CompiledAction], item: Item, values: Values
) -> list[Written]:
    """Do what `apply_actions` does, for actions that write no elements of lists.

    Returns what was written, so that only that need be measured.
    """
    try:
        writes = [
            (
                action,
                action.evaluate(item, values),
                _container(item, action.path) if action.depth else item,
            )
            for action in actions
        ]
    except (ValidationError, NumberError):
        _diagnose(tuple(actions), item, values)
        raise
    written = []
    for action, value, members in writes:
        name = action.step
        written.append((members.get(name), value, action.name_bytes, action.depth))
        if value is not None:
            members[name] = value
        elif name in members:
            del members[name]
    return written


def _container(item: Item, path: ResolvedPath) -> Any:
    """Return the map or list (or the item itself) that contains the last step of a path."""
    if len(path) == 1:
        return item
    parent = item.get(path[0]) if len(path) == 2 else value_at(path[:-1], item)  # type: ignore[arg-type] # noqa: PLR2004 (the common `a.b`)
    kind = "M" if isinstance(path[-1], str) else "L"
    if parent is None or kind not in parent:
        raise ValidationError(messages.UPDATE_PATH_INVALID)
    return parent[kind]


def _write(writes: list[tuple[Any, Any, AttributeValue | None]]) -> None:
    lists: dict[int, tuple[list[Any], list[tuple[int, AttributeValue | None]]]] = {}
    for container, step, value in writes:
        if isinstance(container, list):
            lists.setdefault(id(container), (container, []))[1].append((step, value))
        elif value is None:
            container.pop(step, None)
        else:
            container[step] = value
    for elements, changes in lists.values():
        _write_list(elements, changes)


def _write_list(elements: list[Any], changes: list[tuple[int, AttributeValue | None]]) -> None:
    """Change a list in place; every index is one of the list before the change.

    >>> elements = ["a", "b", "c"]
    >>> _write_list(elements, [(9, "z"), (0, None), (1, "B"), (7, "y")])
    >>> elements
    ['B', 'c', 'y', 'z']
    """
    size = len(elements)
    removed: set[int] = set()
    for index, value in sorted(changes, key=lambda change: change[0]):
        if value is None:
            removed.add(index)
        elif index < size:
            elements[index] = value
        else:
            elements.append(value)
    for index in sorted(removed, reverse=True):
        if index < size:
            del elements[index]


def _diagnose(actions: tuple[CompiledAction, ...], item: Item, values: Values) -> None:
    """Raise the error that the service reports for an update that this item does not allow.

    First come paths through values of another type, then operands of a wrong type; then, from the
    last section to the first, missing paths and attributes; then numbers out of range.
    """
    for action in actions:
        if len(action.path) > 1 and value_at(action.path[:-1], item) is not None:
            _container(item, action.path)
    failures = [(action, _failure(action, item, values)) for action in actions]
    for _, failure in failures:
        if isinstance(failure, OperandTypeError):
            raise failure
    for section in sorted({action.section for action in actions}, reverse=True):
        _diagnose_section(
            [(action, failure) for action, failure in failures if action.section == section], item
        )
    for _, failure in failures:
        if failure is not None:
            raise ValidationError(str(failure))


def _diagnose_section(
    failures: list[tuple[CompiledAction, ValidationError | NumberError | None]], item: Item
) -> None:
    for action, _ in failures:
        _container(item, action.path)
    for _, failure in failures:
        if isinstance(failure, ValidationError):
            raise failure


def _failure(
    action: CompiledAction, item: Item, values: Values
) -> ValidationError | NumberError | None:
    try:
        action.evaluate(item, values)
    except (ValidationError, NumberError) as error:
        return error
    return None
