"""Expressions that the service takes and expressions that it refuses, one a line in `corpus/`.

A tab divides an expression from what it gives: the service's text, or how it prints.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compile import (
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
)
from ddbmock._internal.expressions.grammar import parse_condition, parse_projection, parse_update
from ddbmock._internal.expressions.problems import InvalidExpressionError
from ddbmock._internal.expressions.static_checks import (
    check_condition_spelling,
    check_projection_spelling,
    check_update_spelling,
)
from tests.expressions.printer import print_condition, print_projection, print_update

CORPUS = Path(__file__).parent / "corpus"
NAMES = {"#n": "n", "#a": "a", "#h": "h"}
VALUES: dict[str, dict[str, Any]] = {
    ":v": {"S": "v"},
    ":w": {"S": "w"},
    ":S": {"S": "S"},
    ":one": {"N": "1"},
    ":five": {"N": "5"},
    ":list": {"L": []},
    ":map": {"M": {}},
    ":set": {"SS": ["a"]},
    ":true": {"BOOL": True},
    ":null": {"NULL": True},
    ":bytes": {"B": b"ab"},
}


def lines(name: str) -> list[str]:
    return (CORPUS / name).read_text(encoding="utf-8").splitlines()


def pairs(name: str) -> list[tuple[str, str]]:
    return [(left, right) for left, _, right in (line.partition("\t") for line in lines(name))]


@pytest.mark.parametrize("text", lines("conditions.txt"))
def test_condition_prints_as_it_was_written(text: str) -> None:
    tree, _ = parse_condition(text)
    check_condition_spelling(tree)
    assert print_condition(tree) == text


@pytest.mark.parametrize(("text", "printed"), pairs("spellings.txt"))
def test_condition_may_be_written_in_other_ways(text: str, printed: str) -> None:
    assert print_condition(parse_condition(text)[0]) == printed


@pytest.mark.parametrize("text", lines("updates.txt"))
def test_update_prints_as_it_was_written(text: str) -> None:
    tree, _ = parse_update(text)
    check_update_spelling(tree)
    assert print_update(tree) == text


@pytest.mark.parametrize("text", lines("projections.txt"))
def test_projection_prints_as_it_was_written(text: str) -> None:
    tree = parse_projection(text)
    check_projection_spelling(tree)
    assert print_projection(tree) == text


@pytest.mark.parametrize(("text", "problem"), pairs("refused_conditions.txt"))
def test_refused_condition(text: str, problem: str) -> None:
    with pytest.raises(InvalidExpressionError) as caught:
        compile_condition("FilterExpression", text, NAMES).check(VALUES)
    assert caught.value.message == f"Invalid FilterExpression: {problem}"
    assert caught.value.label == "FilterExpression"


@pytest.mark.parametrize(("text", "problem"), pairs("refused_updates.txt"))
def test_refused_update(text: str, problem: str) -> None:
    with pytest.raises(InvalidExpressionError) as caught:
        compile_update(text, NAMES).check(VALUES)
    assert caught.value.message == f"Invalid UpdateExpression: {problem}"


@pytest.mark.parametrize(("text", "problem"), pairs("refused_projections.txt"))
def test_refused_projection(text: str, problem: str) -> None:
    with pytest.raises(InvalidExpressionError) as caught:
        compile_projection(text, NAMES)
    assert caught.value.message == f"Invalid ProjectionExpression: {problem}"


@pytest.mark.parametrize(("text", "message"), pairs("refused_key_conditions.txt"))
def test_refused_key_condition(text: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:  # noqa: PT012 (one of the steps refuses)
        condition = compile_key_condition(text, NAMES)
        condition.check(VALUES)
        condition.resolve(("pk",), ("sk",))
    assert caught.value.message == message
