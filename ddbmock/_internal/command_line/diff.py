"""`ddbmock diff`: the differences between two states."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ddbmock._internal.calls.display import item_text, shorten
from ddbmock._internal.command_line.states import create_request, read_state
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages.misuse import no_such_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ddbmock._internal.controller import Controller

_SAME, _DIFFERENT = 0, 1
_LINE_CHARACTERS = 200


def diff(options: argparse.Namespace) -> int:
    """Print the differences, and return 1 when there are any."""
    with_items = not options.only_tables
    first, second = (
        read_state(name, options.region, with_items=with_items)
        for name in (options.first, options.second)
    )
    found = list(differences(first, second, options.table, with_items=with_items))
    sys.stdout.writelines(f"{line}\n" for line in found)
    return _DIFFERENT if found else _SAME


def differences(
    first: Controller, second: Controller, table: str | None = None, *, with_items: bool = True
) -> Iterator[str]:
    """Yield a line for each difference: `-` for the first only, `+` for the second only."""
    names = {*first.tables, *second.tables}
    if table is not None and table not in names:
        raise MisuseError(no_such_table(table, [first.region], sorted(names)))
    if table is not None:
        names = {table}
    for name in sorted(names):
        if name not in second.tables:
            yield f"- table {name}"
        elif name not in first.tables:
            yield f"+ table {name}"
        else:
            yield from _setting_differences(
                name, create_request(first, name), create_request(second, name)
            )
            if with_items:
                yield from _item_differences(name, first, second)


def _setting_differences(name: str, first: dict[str, Any], second: dict[str, Any]) -> Iterator[str]:
    for member in sorted({*first, *second}):
        before, after = (_comparable(request.get(member)) for request in (first, second))
        if before != after:
            yield f"~ table {name}: {member}: {_text(first, member)} -> {_text(second, member)}"


def _comparable(value: Any) -> Any:
    """Return a value of a request with definitions and indexes sorted."""
    if isinstance(value, list) and all(isinstance(element, dict) for element in value):
        return sorted(value, key=repr)
    return value


def _text(request: dict[str, Any], member: str) -> str:
    return shorten(repr(request[member]), _LINE_CHARACTERS) if member in request else "none"


def _item_differences(name: str, first: Controller, second: Controller) -> Iterator[str]:
    key_names = [element["AttributeName"] for element in create_request(first, name)["KeySchema"]]
    before, after = (
        {
            repr([item[key_name] for key_name in key_names]): item
            for item in state.tables[name].items
            if all(key_name in item for key_name in key_names)
        }
        for state in (first, second)
    )
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if old is not None:
            yield f"- {name} {item_text(old)}"
        if new is not None:
            yield f"+ {name} {item_text(new)}"
