"""The syntax tree of statements: the text as written, before any table or parameter is known.

Nodes are immutable and compare by content, not by position. Parentheses are not recorded; the
printer adds them where the tree needs them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Union

# The unions are strings inside Union: Python 3.10 evaluates aliases, and classes come later.


class Span(NamedTuple):
    """A range of characters in the statement, the end excluded."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, quoted or not: an attribute, a table."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A step `.name` of a path."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Element:
    """A step `[index]` of a path."""

    index: Expression
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A step `.*` or `[*]` of a path."""

    bracketed: bool
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """An expression and the steps into its value."""

    root: Expression
    steps: tuple[Step, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A scalar literal; the kind is S, N, BOOL, NULL, MISSING or ION."""

    kind: str
    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `?`, counted from zero."""

    number: int
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """`[…]`, or several expressions in parentheses."""

    items: tuple[Expression, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Bag:
    """`<<…>>`: a set."""

    items: tuple[Expression, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Struct:
    """`{'name': value, …}`: a map, or an item."""

    pairs: tuple[tuple[Expression, Expression], ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its operands; the span is the function name's."""

    function: str
    operands: tuple[Expression, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Star:
    """The `*` of COUNT(*)."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and its operands: logic, comparisons, arithmetic, BETWEEN, IN, LIKE.

    `and` and `or` take as many operands as were chained; `+` and `-` take one or two.
    """

    operator: str
    operands: tuple[Expression, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`operand IS type`."""

    operand: Expression
    type_name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Column:
    """One element of a SELECT list; the expression is None for `*`."""

    expression: Expression | None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a statement: a path of one or two names, optionally with an alias."""

    expression: Expression
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """One element of ORDER BY; `descending` is None when the direction was not written."""

    expression: Expression
    descending: bool | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of PartiQL that DynamoDB does not support: its name and its contents."""

    name: str
    expressions: tuple[Expression, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT. Several sources are a join, which is printed with commas."""

    columns: tuple[Column, ...]
    sources: tuple[Source, ...]
    where: Expression | None = None
    order: tuple[OrderTerm, ...] = ()
    #: DISTINCT, SELECT VALUE, GROUP BY, HAVING, LIMIT, …: all refused.
    clauses: tuple[Clause, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One SET: `path = value`."""

    path: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Removal:
    """One REMOVE."""

    path: Expression


@dataclass(frozen=True, slots=True)
class Insertion:
    """`INSERT INTO target VALUE value`; the other forms of INSERT are not `single`."""

    target: Expression
    value: Expression
    single: bool = True
    #: AT, ON CONFLICT and RETURNING, which DynamoDB does not support.
    clauses: tuple[Clause, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Returning:
    """RETURNING: pairs of `all_old`, `all_new`, `modified_old`, `modified_new` and a column.

    The column is None for `*`.
    """

    elements: tuple[tuple[str, Expression | None], ...]


@dataclass(frozen=True, slots=True)
class Update:
    """UPDATE, or `FROM … SET …`; without a source when it was a bare SET or REMOVE."""

    source: Source | None
    actions: tuple[Action, ...]
    where: Expression | None = None
    returning: Returning | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """DELETE FROM."""

    source: Source
    where: Expression | None = None
    returning: Returning | None = None
    span: Span = field(default=NOWHERE, compare=False)


Step = Union["Field", "Element", "Wildcard"]
Action = Union["Assignment", "Removal", "Insertion"]
Expression = Union[
    "Name",
    "Path",
    "Literal",
    "Parameter",
    "Listing",
    "Bag",
    "Struct",
    "Call",
    "Star",
    "Operation",
    "TypeTest",
    "Select",
    "Insertion",
    "Update",
    "Delete",
]
