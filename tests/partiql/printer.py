"""Printing of trees: the text parses back to the same tree.

Names are always quoted and keywords in upper case, so the text depends on the tree only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.partiql import words
from ddbmock._internal.partiql.tree import (
    Action,
    Assignment,
    Bag,
    Call,
    Clause,
    Column,
    Delete,
    Element,
    Expression,
    Field,
    Insertion,
    Listing,
    Literal,
    Name,
    Operation,
    OrderTerm,
    Parameter,
    Path,
    Removal,
    Returning,
    Select,
    Source,
    Star,
    Step,
    Struct,
    TypeTest,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Looser than every operator: nothing needs parentheses.
_LOOSEST = -1
_STATEMENT = 0
#: Tighter than every operator: every operator needs parentheses.
_TIGHTEST = 100
_LEVELS = {**words.PRECEDENCE, "not": words.NOT_PRECEDENCE}


def print_statement(tree: Expression) -> str:
    """Return the text of a statement or expression.

    >>> print_statement(Operation("and", (Name("a"), Operation("or", (Name("b"), Name("c"))))))
    '"a" AND ("b" OR "c")'
    """
    return _print(tree, _LOOSEST)


def _print(tree: Expression, level: int) -> str:
    """Return the text, in parentheses if the tree has a lower precedence than required."""
    text, own_level = _PRINTERS[type(tree)](tree)
    return f"({text})" if own_level <= level else text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _join(expressions: Sequence[Expression]) -> str:
    # A SELECT in a list would read the commas that follow as its own.
    level = _LOOSEST if len(expressions) == 1 else _STATEMENT
    return ", ".join(_print(expression, level) for expression in expressions)


# --- expressions: the text and its precedence ---


def _name(tree: Name) -> tuple[str, int]:
    return _quoted(tree.name), _TIGHTEST + 1


def _path(tree: Path) -> tuple[str, int]:
    return _print(tree.root, _TIGHTEST) + "".join(map(_step, tree.steps)), _TIGHTEST


def _step(step: Step) -> str:
    if isinstance(step, Field):
        return f".{_quoted(step.name)}"
    if isinstance(step, Element):
        return f"[{print_statement(step.index)}]"
    return "[*]" if step.bracketed else ".*"


def _literal(tree: Literal) -> tuple[str, int]:
    if tree.kind == "S":
        return "'" + tree.text.replace("'", "''") + "'", _TIGHTEST + 1
    if tree.kind == "ION":
        return f"`{tree.text}`", _TIGHTEST + 1
    if tree.kind == "N":
        # At the root of a path it needs parentheses, not to swallow the dot or give away its sign.
        return tree.text, _TIGHTEST
    return tree.text.upper(), _TIGHTEST + 1


def _parameter(_: Parameter) -> tuple[str, int]:
    return "?", _TIGHTEST + 1


def _listing(tree: Listing) -> tuple[str, int]:
    return f"[{_join(tree.items)}]", _TIGHTEST + 1


def _bag(tree: Bag) -> tuple[str, int]:
    return f"<<{_join(tree.items)}>>", _TIGHTEST + 1


def _struct(tree: Struct) -> tuple[str, int]:
    pairs = (f"{print_statement(name)}: {print_statement(value)}" for name, value in tree.pairs)
    return "{" + ", ".join(pairs) + "}", _TIGHTEST + 1


def _call(tree: Call) -> tuple[str, int]:
    keyword = tree.function in words.FUNCTION_WORDS
    name = tree.function if keyword or not _is_keyword(tree.function) else _quoted(tree.function)
    return f"{name}({_join(tree.operands)})", _TIGHTEST + 1


def _is_keyword(name: str) -> bool:
    return name.lower() in words.KEYWORDS or not name.replace("_", "a").isalnum()


def _star(_: Star) -> tuple[str, int]:
    return "*", _TIGHTEST + 1


def _operation(tree: Operation) -> tuple[str, int]:
    operator, operands = tree.operator, tree.operands
    level = _LEVELS[operator]
    if operator == "not":
        return f"NOT {_print(operands[0], level)}", level
    if len(operands) == 1:
        return f"{operator}{_signed(operands[0])}", _TIGHTEST
    first, *others = operands
    if operator in ("and", "or"):
        # Flattened from the left: an equal operator on the left needs no parentheses.
        text = f" {operator.upper()} ".join(_print(operand, level) for operand in operands)
        return text, level
    left = _print(first, level - 1)
    right = [_print(operand, level) for operand in others]
    if operator == "between":
        return f"{left} BETWEEN {right[0]} AND {right[1]}", level
    if operator == "like" and len(right) > 1:
        return f"{left} LIKE {right[0]} ESCAPE {right[1]}", level
    return f"{left} {operator.upper()} {right[0]}", level


def _signed(operand: Expression) -> str:
    """Return the operand of a sign; a blank keeps `- -a` from being a comment."""
    return " " + _print(operand, _TIGHTEST - 1)


def _type_test(tree: TypeTest) -> tuple[str, int]:
    level = _LEVELS["is"]
    name = tree.type_name.replace("_", " ").upper()
    return f"{_print(tree.operand, level - 1)} IS {name}", level


# --- statements ---


def _select(tree: Select) -> tuple[str, int]:
    parts = ["SELECT"]
    named = {clause.name: clause for clause in tree.clauses}
    if "DISTINCT" in named:
        parts.append("DISTINCT")
    if "SELECT VALUE" in named:
        parts.append(f"VALUE {_join(named['SELECT VALUE'].expressions)}")
    else:
        parts.append(", ".join(map(_column, tree.columns)))
    unpivot = "UNPIVOT " if "UNPIVOT" in named else ""
    parts.append(f"FROM {unpivot}{', '.join(map(_source, tree.sources))}")
    parts += _where(tree.where)
    parts += _clause(named, "GROUP BY") + _clause(named, "HAVING")
    if tree.order:
        parts.append(f"ORDER BY {', '.join(map(_order_term, tree.order))}")
    parts += _clause(named, "LIMIT") + _clause(named, "OFFSET")
    return " ".join(parts), _STATEMENT


def _column(column: Column) -> str:
    if column.expression is None:
        return "*"
    return print_statement(column.expression) + _alias(column.alias)


def _source(source: Source) -> str:
    return _print(source.expression, words.CLAUSE_PRECEDENCE) + _alias(source.alias)


def _alias(alias: str | None) -> str:
    return "" if alias is None else f" AS {_quoted(alias)}"


def _where(where: Expression | None) -> list[str]:
    return [] if where is None else [f"WHERE {_print(where, words.CLAUSE_PRECEDENCE)}"]


def _order_term(term: OrderTerm) -> str:
    direction = {None: "", True: " DESC", False: " ASC"}[term.descending]
    return print_statement(term.expression) + direction


def _clause(named: dict[str, Clause], name: str) -> list[str]:
    if name not in named:
        return []
    texts = (_print(part, words.CLAUSE_PRECEDENCE) for part in named[name].expressions)
    return [f"{name} {', '.join(texts)}"]


def _insertion(tree: Insertion) -> tuple[str, int]:
    value = print_statement(tree.value)
    keyword = "VALUE " if tree.single else ""
    return f"INSERT INTO {print_statement(tree.target)} {keyword}{value}", _STATEMENT


def _update(tree: Update) -> tuple[str, int]:
    parts = [] if tree.source is None else [f"UPDATE {_source(tree.source)}"]
    parts += map(_action, tree.actions)
    parts += _where(tree.where) + _returning(tree.returning)
    return " ".join(parts), _STATEMENT


def _action(action: Action) -> str:
    if isinstance(action, Assignment):
        return f"SET {print_statement(action.path)} = {print_statement(action.value)}"
    if isinstance(action, Removal):
        return f"REMOVE {print_statement(action.path)}"
    return print_statement(action)


def _delete(tree: Delete) -> tuple[str, int]:
    parts = ["DELETE FROM", _source(tree.source)]
    return " ".join(parts + _where(tree.where) + _returning(tree.returning)), _STATEMENT


def _returning(returning: Returning | None) -> list[str]:
    if returning is None:
        return []
    elements = (
        f"{mapping.replace('_', ' ').upper()} "
        + ("*" if column is None else print_statement(column))
        for mapping, column in returning.elements
    )
    return [f"RETURNING {', '.join(elements)}"]


_PRINTERS: dict[type, Callable[[Any], tuple[str, int]]] = {
    Name: _name,
    Path: _path,
    Literal: _literal,
    Parameter: _parameter,
    Listing: _listing,
    Bag: _bag,
    Struct: _struct,
    Call: _call,
    Star: _star,
    Operation: _operation,
    TypeTest: _type_test,
    Select: _select,
    Insertion: _insertion,
    Update: _update,
    Delete: _delete,
}
