"""Names of tables with and without the prefix that they have on an engine.

Where names stand in requests and answers, botocore's model says. Items are never looked into.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock.arns import is_arn, table_name_of, with_table_name
from ddbmock.partiql.problems import StatementProblem
from ddbmock.partiql.tokens import IDENTIFIER, QUOTED_IDENTIFIER, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

#: Shapes of names and ARNs that hold the name of a table.
_SHAPES = frozenset({
    "BackupArn", "ExportArn", "ImportArn", "ResourceArnString",
    "StreamArn", "TableArn", "TableName",
})  # fmt: skip
#: Members that do and whose shape is any string.
_MEMBERS = frozenset({"IndexArn", "ReplicaArn", "TableArn"})
#: Members that are texts with names in them.
_TEXTS = frozenset({"Message", "Statement"})
_ITEM_SHAPE = "AttributeValue"
#: What the name of a table stands behind in a statement.
_BEFORE_TABLES = frozenset({"from", "into", "update", "insert_into", "delete_from"})


class _Change(NamedTuple):
    """What becomes of a name or ARN, and of a text with names in it."""

    name: Callable[[str], str]
    text: Callable[[str], str]


class Names:
    """Puts the prefix before the names of tables, and takes it away.

    >>> names = Names("x-")
    >>> names.added("orders"), names.added("arn:aws:dynamodb:r:1:table/orders/index/i")
    ('x-orders', 'arn:aws:dynamodb:r:1:table/x-orders/index/i')
    >>> names.statement('SELECT * FROM "orders"."i" WHERE "from" = 1')
    'SELECT * FROM "x-orders"."i" WHERE "from" = 1'
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def request(self, request: Any, shape: Any) -> Any:
        """Return a request as the engine is to get it."""
        return _mapped(request, shape, "", _Change(self.added, self.statement))

    def answer(self, answer: Any, shape: Any) -> Any:
        """Return an answer as the program is to get it."""
        return _mapped(answer, shape, "", _Change(self.removed, self.text))

    def added(self, name: str) -> str:
        """Return a name or ARN with the prefix."""
        if is_arn(name):
            return with_table_name(name, self.prefix + table_name_of(name))
        return self.prefix + name

    def removed(self, name: str) -> str:
        """Return a name or ARN without the prefix."""
        if is_arn(name):
            return with_table_name(name, table_name_of(name).removeprefix(self.prefix))
        return name.removeprefix(self.prefix)

    def text(self, text: str) -> str:
        """Return a text for people, such as an error's, without the prefix."""
        return text.replace(self.prefix, "")

    def statement(self, statement: str) -> str:
        """Return a PartiQL statement with the prefix before the names of tables."""
        try:
            tokens = tokenize(statement)
        except StatementProblem:
            return statement  # the engine will say what is wrong with it
        for before, token in reversed(list(itertools.pairwise(tokens))):
            is_name = token.kind in {IDENTIFIER, QUOTED_IDENTIFIER}
            if is_name and before.word in _BEFORE_TABLES:
                quoted = self.added(token.text).replace('"', '""')
                statement = f'{statement[: token.start]}"{quoted}"{statement[token.end :]}'
        return statement


def _mapped(value: Any, shape: Any, member: str, change: _Change) -> Any:
    """Return a copy of a value with the changes where the model says that names stand."""
    kind = None if shape is None or shape.name == _ITEM_SHAPE else shape.type_name
    if isinstance(value, dict) and kind == "structure":
        members = shape.members
        return {
            name: _mapped(each, members.get(name), name, change) for name, each in value.items()
        }
    if isinstance(value, dict) and kind == "map":
        key = change.name if shape.key.name in _SHAPES else str
        return {key(name): _mapped(each, shape.value, "", change) for name, each in value.items()}
    if isinstance(value, list) and kind == "list":
        return [_mapped(each, shape.member, "", change) for each in value]
    if isinstance(value, str) and kind == "string":
        return _changed(value, shape, member, change)
    return value


def _changed(text: str, shape: Any, member: str, change: _Change) -> str:
    if shape.name in _SHAPES or member in _MEMBERS:
        return change.name(text)
    return change.text(text) if member in _TEXTS else text
