"""The prefix of the tables of one mock on an engine, in everything that names a table.

botocore's model says where names are in requests and responses. Items are left as they are.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.arns import is_arn, table_name_of, with_table_name
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.tokens import IDENTIFIER, QUOTED_IDENTIFIER, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

#: Shapes of names and ARNs of tables.
_SHAPES = frozenset({
    "BackupArn", "ExportArn", "ImportArn", "ResourceArnString",
    "StreamArn", "TableArn", "TableName",
})  # fmt: skip
#: Members with ARNs of tables whose shape is a plain string.
_MEMBERS = frozenset({"IndexArn", "ReplicaArn", "TableArn"})
#: Members with texts that contain names.
_TEXTS = frozenset({"Message", "Statement"})
_ITEM_SHAPE = "AttributeValue"
#: Words of a statement that are followed by the name of a table.
_BEFORE_TABLES = frozenset({"from", "into", "update", "insert_into", "delete_from"})


class _Conversion(NamedTuple):
    """Conversions of names and ARNs, and of texts that contain them."""

    name: Callable[[str], str]
    text: Callable[[str], str]


class TablePrefix:
    """Adds the prefix to the names of tables, and removes it.

    >>> prefix = TablePrefix("x-")
    >>> prefix.added("orders"), prefix.added("arn:aws:dynamodb:r:1:table/orders/index/i")
    ('x-orders', 'arn:aws:dynamodb:r:1:table/x-orders/index/i')
    >>> prefix.statement('SELECT * FROM "orders"."i" WHERE "from" = 1')
    'SELECT * FROM "x-orders"."i" WHERE "from" = 1'
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def request(self, request: Any, shape: Any) -> Any:
        """Return a request in the form for the engine."""
        return _converted(request, shape, "", _Conversion(self.added, self.statement))

    def response(self, response: Any, shape: Any) -> Any:
        """Return a response in the form for the program."""
        return _converted(response, shape, "", _Conversion(self.removed, self.removed_from_text))

    def added(self, name: str) -> str:
        """Return a name or ARN with the prefix."""
        if is_arn(name):
            return with_table_name(name, self.text + table_name_of(name))
        return self.text + name

    def removed(self, name: str) -> str:
        """Return a name or ARN without the prefix."""
        if is_arn(name):
            return with_table_name(name, table_name_of(name).removeprefix(self.text))
        return name.removeprefix(self.text)

    def removed_from_text(self, text: str) -> str:
        """Return a text, such as an error message, without the prefix."""
        return text.replace(self.text, "")

    def statement(self, statement: str) -> str:
        """Return a PartiQL statement with the prefix in the names of tables."""
        try:
            tokens = tokenize(statement)
        except StatementProblem:
            return statement  # the engine will refuse it
        for before, token in reversed(list(itertools.pairwise(tokens))):
            is_name = token.kind in {IDENTIFIER, QUOTED_IDENTIFIER}
            if is_name and before.word in _BEFORE_TABLES:
                quoted = self.added(token.text).replace('"', '""')
                statement = f'{statement[: token.start]}"{quoted}"{statement[token.end :]}'
        return statement


def _converted(value: Any, shape: Any, member: str, conversion: _Conversion) -> Any:
    """Return a copy of a value, converted where the model has names of tables."""
    kind = None if shape is None or shape.name == _ITEM_SHAPE else shape.type_name
    if isinstance(value, dict) and kind == "structure":
        members = shape.members
        return {
            name: _converted(each, members.get(name), name, conversion)
            for name, each in value.items()
        }
    if isinstance(value, dict) and kind == "map":
        key = conversion.name if shape.key.name in _SHAPES else str
        return {
            key(name): _converted(each, shape.value, "", conversion) for name, each in value.items()
        }
    if isinstance(value, list) and kind == "list":
        return [_converted(each, shape.member, "", conversion) for each in value]
    if isinstance(value, str) and kind == "string":
        return _converted_text(value, shape, member, conversion)
    return value


def _converted_text(text: str, shape: Any, member: str, conversion: _Conversion) -> str:
    if shape.name in _SHAPES or member in _MEMBERS:
        return conversion.name(text)
    return conversion.text(text) if member in _TEXTS else text
