"""Any tree that the parser can make is printed as a text that parses back to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.partiql import parse_statement
from ddbmock._internal.partiql.tree import (
    Assignment,
    Bag,
    Call,
    Clause,
    Column,
    Delete,
    Element,
    Field,
    Insertion,
    Listing,
    Literal,
    Name,
    Operation,
    OrderTerm,
    Path,
    Removal,
    Returning,
    Select,
    Source,
    Struct,
    TypeTest,
    Update,
)
from tests.partiql.printer import print_statement

texts = st.text(max_size=5)
names = st.text(min_size=1, max_size=5)
name_nodes = names.map(Name)
numbers = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,2})?([eE][+-]?[0-9])?", fullmatch=True)
literals = st.one_of(
    texts.map(lambda text: Literal("S", text)),
    numbers.map(lambda text: Literal("N", text)),
    st.sampled_from(["true", "false"]).map(lambda text: Literal("BOOL", text)),
    st.just(Literal("NULL", "null")),
    st.just(Literal("MISSING", "missing")),
)
indexes = st.integers(0, 20).map(lambda index: Element(Literal("N", str(index))))
steps = st.one_of(names.map(Field), indexes)
paths = st.builds(Path, name_nodes, st.lists(steps, min_size=1, max_size=3).map(tuple))
simple_paths = st.one_of(name_nodes, paths)
functions = st.sampled_from(["begins_with", "contains", "size", "exists", "strange", "upper"])
binary = st.sampled_from(
    ["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||", "like", "union"]
)
type_names = st.sampled_from(["missing", "null", "integer", "double_precision", "struct"])


def lists(children, **bounds):
    return st.lists(children, max_size=3, **bounds).map(tuple)


def chains(children):
    """AND and OR are flat where the left is of the same kind: such a left cannot be parsed."""

    def is_flat(tree):
        first = tree.operands[0]
        return not (isinstance(first, Operation) and first.operator == tree.operator)

    operators = st.sampled_from(["and", "or"])
    return st.builds(Operation, operators, lists(children, min_size=2)).filter(is_flat)


def candidates(children):
    """What stands behind IN in parentheses is a list, whatever it is."""
    return st.one_of(name_nodes, st.builds(Listing, lists(children)))


def signs(children):
    """A sign before a number is part of the number."""
    operands = children.filter(lambda tree: not (isinstance(tree, Literal) and tree.kind == "N"))
    return st.builds(Operation, st.sampled_from(["+", "-"]), st.tuples(operands))


def extend(children):
    return [
        st.builds(Listing, lists(children)),
        st.builds(Bag, lists(children)),
        st.builds(Struct, lists(st.tuples(children, children))),
        st.builds(Call, functions, lists(children)),
        st.builds(Operation, binary, st.tuples(children, children)),
        st.builds(Operation, st.just("in"), st.tuples(children, candidates(children))),
        st.builds(Operation, st.just("between"), st.tuples(children, children, children)),
        st.builds(Operation, st.just("like"), st.tuples(children, children, children)),
        st.builds(Operation, st.just("not"), st.tuples(children)),
        st.builds(TypeTest, children, type_names),
        st.builds(
            Path, children.filter(lambda tree: not isinstance(tree, Name)), lists(steps, min_size=1)
        ),
        st.builds(Element, children).map(lambda step: Path(Name("a"), (step,))),
        chains(children),
        signs(children),
    ]


_levels = [st.one_of(name_nodes, literals, paths)]


@st.composite
def level(draw, number):
    """A strategy that is shown in a word (all that recursion is made of takes long to show)."""
    return draw(_levels[number])


for _ in range(3):
    _smaller = level(len(_levels) - 1)
    _levels.append(st.one_of(_smaller, _smaller, *extend(_smaller)))
expressions = level(len(_levels) - 1)
sources = st.builds(Source, st.one_of(name_nodes, paths), st.none() | names)
columns = st.one_of(
    st.just((Column(None),)),
    lists(st.builds(Column, expressions, st.none() | names), min_size=1),
)
clauses = st.lists(
    st.sampled_from(["DISTINCT", "GROUP BY", "HAVING", "LIMIT", "OFFSET"]), unique=True
).flatmap(
    lambda kept: st.tuples(
        *(
            st.just(Clause(name))
            if name == "DISTINCT"
            else st.builds(Clause, st.just(name), st.tuples(expressions))
            for name in ["DISTINCT", "GROUP BY", "HAVING", "LIMIT", "OFFSET"]
            if name in kept
        )
    )
)
order = lists(st.builds(OrderTerm, expressions, st.sampled_from([None, True, False])))
selects = st.builds(
    Select, columns, lists(sources, min_size=1), st.none() | expressions, order, clauses
)
returning = st.builds(
    Returning,
    lists(
        st.tuples(
            st.sampled_from(["all_old", "all_new", "modified_old", "modified_new"]),
            st.none() | simple_paths,
        ),
        min_size=1,
    ),
)
actions = lists(
    st.one_of(st.builds(Assignment, simple_paths, expressions), st.builds(Removal, simple_paths)),
    min_size=1,
)
updates = st.builds(Update, sources, actions, st.none() | expressions, st.none() | returning)
deletes = st.builds(Delete, sources, st.none() | expressions, st.none() | returning)
insertions = st.builds(Insertion, simple_paths, expressions)


@given(expressions)
def test_expressions(tree):
    assert parse_statement(print_statement(tree))[0] == tree


@pytest.mark.parametrize(
    "statements",
    [selects, updates, deletes, insertions],
    ids=["select", "update", "delete", "insert"],
)
@given(data=st.data())
def test_statements(data, statements):
    tree = data.draw(statements)
    assert parse_statement(print_statement(tree))[0] == tree


@given(selects)
def test_a_select_inside(tree):
    call = Call("exists", (tree,))
    assert parse_statement(print_statement(call))[0] == call
