"""`ddbmock tables`: list tables with their keys, indexes and item counts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from ddbmock._internal.calls.display import counted
from ddbmock._internal.command_line.states import create_requests, new_state, read_into

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.controller import Controller


def list_tables(options: argparse.Namespace) -> int:
    """Print the tables of all sources."""
    state = new_state(options.region)
    for name in options.states:
        read_into(state, name)
    if options.json:
        sys.stdout.write(json.dumps(create_requests(state), indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines(state))
    return 0


def lines(state: Controller) -> Iterator[str]:
    """Yield a line for each table, and one for each of its indexes."""
    for request in create_requests(state):
        view = state.tables[request["TableName"]]
        yield f"{view.name}  {key_text(request)}  {counted(view.item_count, 'item')}"
        for kind, member in (
            ("global", "GlobalSecondaryIndexes"),
            ("local", "LocalSecondaryIndexes"),
        ):
            for index in request.get(member, ()):
                yield f"    {index['IndexName']}  {kind}  {key_text(index, request)}"


def key_text(owner: Mapping[str, Any], table: Mapping[str, Any] | None = None) -> str:
    """Return a key as text: its attributes with their types.

    >>> key_text({
    ...     "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    ...     "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    ... })
    'pk (S)'
    """
    definitions = (table or owner)["AttributeDefinitions"]
    types = {each["AttributeName"]: each["AttributeType"] for each in definitions}
    names = [element["AttributeName"] for element in owner["KeySchema"]]
    return ", ".join(f"{name} ({types[name]})" for name in names)
