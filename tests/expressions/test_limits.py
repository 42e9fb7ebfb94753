"""Expressions that are too long, too deep or have too many operators."""

from __future__ import annotations

import pytest

from ddbmock._internal.expressions.compile import (
    compile_condition,
    compile_projection,
    compile_update,
)
from ddbmock._internal.expressions.problems import InvalidExpressionError

VALUES = {":v": {"N": "1"}}


def problem_of(text: str) -> str:
    with pytest.raises(InvalidExpressionError) as caught:
        compile_condition("FilterExpression", text).check(VALUES)
    return caught.value.message.removeprefix("Invalid FilterExpression: ")


def test_4096_bytes_are_allowed() -> None:
    name = "a" * (4096 - len(" = :v"))
    compile_condition("FilterExpression", f"{name} = :v").check(VALUES)
    assert problem_of(f"{name}a = :v") == "Expression size has exceeded the maximum allowed size;"


def test_only_the_older_layer_tells_the_size() -> None:
    with pytest.raises(InvalidExpressionError) as caught:
        compile_condition("FilterExpression", "ä" * 2049)
    assert caught.value.legacy_message == (
        "Invalid FilterExpression: Expression size has exceeded the maximum allowed size;"
        " expression size: 4098"
    )


def test_size_comes_before_syntax() -> None:
    assert problem_of("(" * 4097).startswith("Expression size")


def test_300_operators_are_allowed() -> None:
    terms = ["a=:v"] * 150
    compile_condition("FilterExpression", " OR ".join([*terms, "NOT b=:v"][1:])).check(VALUES)
    assert problem_of(" OR ".join([*terms, "b=:v"])) == (
        "The expression contains too many operators; operator count: 301"
    )


def test_update_counts_functions_and_arithmetic() -> None:
    update = compile_update("SET a = if_not_exists(a, :v) + :v, b = :v REMOVE c ADD d :v")
    assert update.operator_count == 2


@pytest.mark.parametrize("text", ["NOT " * 400 + "a=:v", "size(" * 400 + "a" + ")" * 400 + "=:v"])
def test_deep_nesting_is_refused_not_overflown(text: str) -> None:
    assert problem_of(text) == "The expression contains too many operators; operator count: 301"


@pytest.mark.parametrize("text", ["{}a=:v{}", "a={}:v{}"])
def test_deep_parentheses_are_redundant(text: str) -> None:
    assert (
        problem_of(text.format("(" * 2000, ")" * 2000))
        == "The expression has redundant parentheses;"
    )


def test_deep_parentheses_without_an_end() -> None:
    assert problem_of("(" * 4000) == 'Syntax error; token: "<EOF>", near: "("'


# Observed: comparators and logical operators count, parentheses do not.
def test_parentheses_are_no_operators() -> None:
    text = "a > b OR (" * 120 + "a > b" + ")" * 120
    condition = compile_condition("FilterExpression", text)
    condition.check()
    assert condition.operator_count == 241
    assert condition.test({"a": {"N": "2"}, "b": {"N": "1"}})
    assert not condition.test({"a": {"N": "1"}, "b": {"N": "1"}})


@pytest.mark.parametrize(
    ("opening", "count"),
    [("a=:v AND (", 149), ("a=:v OR (", 149), ("NOT (", 298), ("a=:v OR NOT (", 99)],
)
def test_parentheses_as_deep_as_operators_allow(opening: str, count: int) -> None:
    condition = compile_condition("FilterExpression", opening * count + "a=:v" + ")" * count)
    condition.check(VALUES)
    assert condition.test({"a": {"N": "1"}}, VALUES) in (True, False)
    assert problem_of(opening * (count + 2) + "a=:v" + ")" * (count + 2)).startswith(
        "The expression contains too"
    )


def test_nested_sums() -> None:
    update = compile_update("SET a = " + "(" * 150 + "a" + " + :v)" * 150)
    update.check(VALUES)
    item = {"a": {"N": "1"}}
    update.apply(item, VALUES)
    assert item == {"a": {"N": "151"}}


def test_100_operands_of_in_are_allowed() -> None:
    operands = ", ".join([":v"] * 100)
    compile_condition("FilterExpression", f"a IN ({operands})").check(VALUES)
    assert problem_of(f"a IN ({operands}, :v)") == (
        "The IN operator is provided with too many operands; number of operands: 101"
    )


def test_32_steps_of_a_path_are_allowed() -> None:
    path = ".".join(["a"] * 32)
    compile_condition("FilterExpression", f"{path} = :v").check(VALUES)
    assert problem_of(f"{path}[0] = :v") == (
        "The document path has too many nesting levels; nesting levels: 33"
    )
    with pytest.raises(InvalidExpressionError, match="nesting levels: 33"):
        compile_projection(f"{path}[0]")
