"""Properties: trees survive printing, and no text gets anything but a response or a refusal."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compile import (
    compile_condition,
    compile_projection,
    compile_update,
)
from ddbmock._internal.expressions.compiled import Condition, Update
from ddbmock._internal.expressions.grammar import parse_condition, parse_projection, parse_update
from ddbmock._internal.expressions.inspector import Inspector
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.tree import (
    Addition,
    And,
    Arithmetic,
    Assignment,
    Between,
    Call,
    Comparison,
    Deletion,
    Group,
    In,
    Not,
    Or,
    Path,
    ProjectionTree,
    Removal,
    Section,
    UpdateTree,
    Value,
)
from tests.expressions.printer import print_condition, print_projection, print_update

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = st.sampled_from(["a", "b1", "long_name", "#n", "#_x", "#0"])
PATHS = st.builds(
    lambda first, rest: Path((first, *rest)),
    WORDS,
    st.lists(st.one_of(WORDS, st.integers(0, 99)), max_size=3),
)
PLACEHOLDERS = st.sampled_from([":v", ":w", ":_1"]).map(Value)
LEAVES = st.one_of(PATHS, PLACEHOLDERS)
OPERANDS = st.one_of(
    LEAVES,
    st.builds(Group, LEAVES),
    st.builds(lambda operand: Call("size", (operand,)), LEAVES),
)
COMPARISONS = st.one_of(
    st.builds(Comparison, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), OPERANDS, OPERANDS),
    st.builds(Between, OPERANDS, OPERANDS, OPERANDS),
    st.builds(
        lambda operand, rest: In(operand, tuple(rest)),
        OPERANDS,
        st.lists(OPERANDS, min_size=1, max_size=3),
    ),
    st.builds(lambda path: Call("attribute_exists", (path,)), PATHS),
    st.builds(lambda path, value: Call("contains", (path, value)), PATHS, OPERANDS),
)


def grouped(node: Any, *kinds: type[Any]) -> Any:
    """Put a node into parentheses where it would be read as something else without them."""
    return Group(node) if isinstance(node, kinds) else node


def _logic(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda nodes: And(tuple(grouped(node, And, Or) for node in nodes))),
        several.map(lambda nodes: Or(tuple(grouped(node, Or) for node in nodes))),
        parts.map(lambda node: Not(grouped(node, And, Or))),
        parts.map(lambda node: grouped(node, Not, And, Or, Comparison, Between, In, Call)),
    )


CONDITIONS = st.recursive(COMPARISONS, _logic, max_leaves=8)
TERMS: st.SearchStrategy[Any] = st.one_of(
    LEAVES,
    st.builds(lambda path, value: Call("if_not_exists", (path, value)), PATHS, LEAVES),
    st.builds(lambda left, right: Call("list_append", (left, right)), LEAVES, LEAVES),
)
SUMS = st.one_of(TERMS, st.builds(Arithmetic, st.sampled_from(["+", "-"]), TERMS, TERMS.map(Group)))
SECTIONS = st.one_of(
    st.lists(st.builds(Assignment, PATHS, SUMS), min_size=1, max_size=3).map(
        lambda actions: Section("SET", tuple(actions))
    ),
    st.lists(st.builds(Removal, PATHS), min_size=1, max_size=3).map(
        lambda actions: Section("REMOVE", tuple(actions))
    ),
    st.lists(st.builds(Addition, PATHS, PLACEHOLDERS), min_size=1, max_size=3).map(
        lambda actions: Section("ADD", tuple(actions))
    ),
    st.lists(st.builds(Deletion, PATHS, PLACEHOLDERS), min_size=1, max_size=3).map(
        lambda actions: Section("DELETE", tuple(actions))
    ),
)
FRAGMENTS = st.sampled_from(
    [
        "a",
        "b",
        "#n",
        ":v",
        ":w",
        "name",
        "size",
        "contains",
        "attribute_exists",
        "if_not_exists",
        "list_append",
        "begins_with",
        "foo",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "AND",
        "OR",
        "NOT",
        "BETWEEN",
        "IN",
        "SET",
        "REMOVE",
        "ADD",
        "DELETE",
        "0",
        "17",
        "_",
        "#",
        ":",
        "!",
        "ä",
    ]
)
TEXTS = st.one_of(st.lists(FRAGMENTS, max_size=25).map(" ".join), st.text(max_size=40))
VALUES: dict[str, dict[str, Any]] = {":v": {"N": "1"}, ":w": {"SS": ["a"]}, ":_1": {"S": "a"}}
NAMES = {"#n": "n", "#_x": "x", "#0": "zero"}
ITEM: dict[str, Any] = {
    "a": {"N": "1"},
    "b1": {"SS": ["a"]},
    "n": {"L": [{"S": "x"}, {"M": {"a": {"S": "y"}}}]},
    "x": {"M": {"a": {"N": "1"}, "n": {"L": [{"N": "2"}]}}},
}


@given(CONDITIONS)
def test_a_printed_condition_is_read_as_the_same_tree(tree: Any) -> None:
    assert parse_condition(print_condition(tree))[0] == tree


@given(st.lists(SECTIONS, min_size=1, max_size=4).map(lambda found: UpdateTree(tuple(found))))
def test_a_printed_update_is_read_as_the_same_tree(tree: UpdateTree) -> None:
    assert parse_update(print_update(tree))[0] == tree


@given(st.lists(PATHS, min_size=1, max_size=4).map(lambda paths: ProjectionTree(tuple(paths))))
def test_a_printed_projection_is_read_as_the_same_tree(tree: ProjectionTree) -> None:
    assert parse_projection(print_projection(tree)) == tree


@given(CONDITIONS)
def test_a_condition_that_passes_its_checks_gives_an_answer(tree: Any) -> None:
    try:
        condition = compile_condition("FilterExpression", print_condition(tree), NAMES)
        condition.check(VALUES)
    except ValidationError:
        return
    assert condition.test(ITEM, VALUES) in (True, False)
    assert condition.test({}, VALUES) in (True, False)


#: Values of every type for the placeholders, some missing.
ANY_VALUES = st.dictionaries(
    st.sampled_from([":v", ":w", ":_1"]),
    st.sampled_from(
        [
            {"S": "a"},
            {"S": "N"},
            {"S": "b"},
            {"N": "1"},
            {"N": "2"},
            {"N": "0.5"},
            {"B": b"a"},
            {"BOOL": True},
            {"NULL": True},
            {"L": []},
            {"M": {}},
            {"SS": ["a"]},
            {"NS": ["1"]},
            {"BS": [b"a"]},
        ]
    ),
)
#: Calls with any number of operands, as only statements have them.
CALLS = st.builds(
    lambda name, operands: Call(name, tuple(operands)),
    st.sampled_from(["attribute_type", "begins_with", "contains", "attribute_exists"]),
    st.lists(OPERANDS, max_size=3),
)


def is_right(inspect: Callable[[], object]) -> bool:
    try:
        inspect()
    except ExpressionProblem:
        return False
    return True


@given(st.recursive(st.one_of(COMPARISONS, CALLS), _logic, max_leaves=6), ANY_VALUES)
def test_the_requirements_of_a_condition_are_what_the_inspector_finds(tree, values) -> None:
    condition = Condition("FilterExpression", tree, NAMES)
    right = is_right(lambda: Inspector(NAMES, values).inspect(tree))
    assert condition._requirements.met_by(values) == right
    if condition.value_refs <= values.keys():
        assert (condition.is_met_by is None or condition.is_met_by(values)) == right


@given(st.lists(SECTIONS, min_size=1, max_size=3), ANY_VALUES)
def test_the_requirements_of_an_update_are_what_the_inspector_finds(sections, values) -> None:
    tree = UpdateTree(tuple(sections))
    update = Update(tree, NAMES)
    right = is_right(lambda: Inspector(NAMES, values).inspect_update(tree))
    assert update._requirements.met_by(values) == right
    if update.value_refs <= values.keys():
        assert (update.is_met_by is None or update.is_met_by(values)) == right


def refusal_of(run: Callable[[], object]) -> str | None:
    """Return the message of the validation error that something ends with, if it does."""
    try:
        run()
    except ValidationError as error:
        return error.message
    return None


@given(TEXTS)
def test_any_text_is_a_projection_or_a_validation_error(text: str) -> None:
    message = refusal_of(lambda: compile_projection(text, NAMES))
    assert message is None or message.startswith("Invalid ProjectionExpression: ")


@given(TEXTS)
def test_any_text_is_a_condition_or_a_validation_error(text: str) -> None:
    message = refusal_of(lambda: compile_condition("FilterExpression", text, NAMES).check(VALUES))
    if message is None:
        condition = compile_condition("FilterExpression", text, NAMES)
        assert condition.test(ITEM, VALUES) in (True, False)
    else:
        assert message.startswith("Invalid FilterExpression: ")


@given(st.one_of(TEXTS, SECTIONS.map(lambda section: print_update(UpdateTree((section,))))))
def test_any_text_is_an_update_or_a_validation_error(text: str) -> None:
    message = refusal_of(lambda: compile_update(text, NAMES).check(VALUES))
    if message is not None:
        assert message.startswith("Invalid UpdateExpression: ")
        return
    item = deepcopy(ITEM)
    if refusal_of(lambda: compile_update(text, NAMES).apply(item, VALUES)) is not None:
        assert item == ITEM
