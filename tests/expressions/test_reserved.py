"""Reserved words: as names they need a placeholder, whatever their case and wherever they stand."""

from __future__ import annotations

import pytest

from ddbmock._internal.expressions.compile import compile_condition, compile_projection
from ddbmock._internal.expressions.problems import InvalidExpressionError
from ddbmock._internal.expressions.reserved import RESERVED_WORDS
from ddbmock._internal.expressions.tokens import KEYWORDS


def test_there_are_573_words() -> None:
    assert len(RESERVED_WORDS) == 573
    assert not KEYWORDS - RESERVED_WORDS - {"REMOVE"}


@pytest.mark.parametrize("word", sorted(RESERVED_WORDS - KEYWORDS))
def test_word_is_refused_as_a_bare_name(word: str) -> None:
    for text in (word, word.lower(), f"a.{word}[0]"):
        with pytest.raises(InvalidExpressionError, match="Attribute name is a reserved keyword"):
            compile_projection(text)


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_keyword_is_a_syntax_error(keyword: str) -> None:
    with pytest.raises(InvalidExpressionError) as caught:
        compile_projection(keyword.lower())
    assert f'Syntax error; token: "{keyword.lower()}"' in caught.value.message


def test_placeholders_take_any_name() -> None:
    condition = compile_condition("FilterExpression", "#status = :v", {"#status": "status"})
    condition.check({":v": {"S": "x"}})
    assert condition.test({"status": {"S": "x"}}, {":v": {"S": "x"}})
