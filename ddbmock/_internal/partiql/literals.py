"""Literals in a statement, as attribute values.

A value literal is constant: a `?` may stand alone or as an attribute of an inserted item, never
inside a list, map or set. Binary has no literal.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.numbers import NumberError, canonical
from ddbmock._internal.engine.values import AttributeValue, sort_set
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.messages import values as value_messages
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.tree import Bag, Expression, Listing, Literal, Struct

if TYPE_CHECKING:
    from collections.abc import Callable

_ROOT = "root"


def is_literal(node: Expression) -> bool:
    """Return whether the node is a literal."""
    return isinstance(node, (Literal, Listing, Bag, Struct))


def constant(node: Expression) -> AttributeValue:
    """Return the canonical value of a literal, or raise `StatementProblem`.

    >>> constant(Bag((Literal("N", "10"), Literal("N", "9.0"))))
    {'NS': ['9', '10']}
    """
    return _read(node, _ROOT, 0)


def _read(node: Expression, path: str, depth: int) -> AttributeValue:
    read = _READERS.get(type(node))
    if read is None:
        raise _unsupported(node, path)
    if depth >= limits.NESTING_LEVELS_MAX and not isinstance(node, Literal):
        raise StatementProblem(partiql_messages.under_path(value_messages.NESTING_TOO_DEEP, path))
    return read(node, path, depth)


def _unsupported(node: Expression, path: str) -> StatementProblem:
    text = partiql_messages.unsupported_literal(kind_name(node), path)
    return StatementProblem(text, *node.span)


def _scalar(node: Literal, path: str, _: int) -> AttributeValue:
    if node.kind == "N":
        return {"N": _number(node.text, path)}
    if node.kind == "BOOL":
        return {"BOOL": node.text == "true"}
    if node.kind == "NULL":
        return {"NULL": True}
    if node.kind != "S":
        raise _unsupported(node, path)
    return {"S": node.text}


def _number(text: str, path: str) -> str:
    try:
        return canonical(text)
    except NumberError as error:
        # Numbers of statements are read in the service's older layer, as parameters are.
        raise StatementProblem(partiql_messages.under_path(error.legacy_message, path)) from None


def _list(node: Listing, path: str, depth: int) -> AttributeValue:
    return {
        "L": [_read(item, f"{path}[{number}]", depth + 1) for number, item in enumerate(node.items)]
    }


def _map(node: Struct, path: str, depth: int) -> AttributeValue:
    return {
        "M": {
            name: _read(value, f"{path}.{name}", depth + 1)
            for name, value in struct_fields(node).items()
        }
    }


def struct_fields(node: Struct) -> dict[str, Expression]:
    """Return the named values of a `{…}`, whose names must be texts."""
    fields: dict[str, Expression] = {}
    for name, value in node.pairs:
        if not (isinstance(name, Literal) and name.kind == "S"):
            raise StatementProblem(partiql_messages.INSERT_WITHOUT_STRUCT)
        fields[name.text] = value
    return fields


def _set(node: Bag, path: str, _: int) -> AttributeValue:
    if not node.items:
        raise StatementProblem(partiql_messages.EMPTY_BAG)
    kinds = {item.kind if isinstance(item, Literal) else "" for item in node.items}
    if kinds not in ({"S"}, {"N"}):
        raise StatementProblem(partiql_messages.MIXED_BAG)
    texts = [item.text for item in node.items if isinstance(item, Literal)]
    numbers = kinds == {"N"}
    members = [_number(text, path) for text in texts] if numbers else texts
    if len(set(members)) < len(members):
        raise StatementProblem(
            partiql_messages.duplicates_in_bag(", ".join(texts), numbers=numbers)
        )
    kind = "NS" if numbers else "SS"
    return {kind: sort_set(kind, members)}


_READERS: dict[type, Callable[[Any, str, int], AttributeValue]] = {
    Literal: _scalar,
    Listing: _list,
    Struct: _map,
    Bag: _set,
}
_OPERATION_NAMES = {
    "and": "And",
    "or": "Or",
    "not": "Not",
    "=": "Eq",
    "<>": "Ne",
    "<": "Lt",
    "<=": "Lte",
    ">": "Gt",
    ">=": "Gte",
    "between": "Between",
    "in": "InCollection",
    "like": "Like",
    "+": "Plus",
    "-": "Minus",
    "*": "Times",
    "/": "Divide",
    "%": "Modulo",
    "||": "Concat",
}
_KIND_NAMES = {"Name": "Id", "Listing": "List", "TypeTest": "IsType", "Literal": "Lit"}


def kind_name(node: Any) -> str:
    """Return the service's name of this kind of expression, for errors."""
    name = type(node).__name__
    if name == "Operation":
        return _OPERATION_NAMES.get(node.operator, "BagOp")
    if name == "Literal" and node.kind == "MISSING":
        return "Missing"
    return _KIND_NAMES.get(name, name)
