"""Statements as plans: whatever the text is, it is a plan or an error of the service."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.errors import UnsupportedError, ValidationError
from ddbmock._internal.partiql import SelectPlan, compile_statement

#: What statements are made of, so that chance finds some that nearly are one.
WORDS = """
    SELECT FROM INSERT INTO VALUE VALUES UPDATE SET REMOVE DELETE WHERE RETURNING ALL OLD NEW
    MODIFIED EXISTS AND OR NOT IN BETWEEN IS MISSING NULL TRUE ORDER BY ASC DESC LIMIT GROUP AS
    LIKE CASE WHEN CAST DATE LET JOIN UNION PIVOT begins_with contains size attribute_exists
    attribute_type set_add set_delete list_append upper a b "t" "t"."i" a.b[0] 'text' 'it''s' 1
    -2.5e3 ? * . , ; ( ) [ ] { } << >> : = <> != < <= > >= + - / || -- /* */ ' " ` @ $ é
"""
pieces = st.sampled_from(re.split(r"\s+", WORDS.strip()))


def read(text):
    """Return a plan or the text of the service's error; anything else is a mistake."""
    try:
        return compile_statement(text)
    except ValidationError as error:
        return error.message


@given(st.lists(pieces, max_size=12).map(" ".join))
def test_any_pieces(text):
    assert read(text)


@pytest.mark.parametrize(
    "frame",
    [
        "SELECT a FROM t WHERE {}",
        "SELECT {} FROM t WHERE a = 1",
        "INSERT INTO t VALUE {{'a': {}}}",
        "UPDATE t SET a = {} WHERE b = 1",
        "DELETE FROM t WHERE a = 1 AND {}",
    ],
)
@given(text=st.lists(pieces, min_size=1, max_size=6).map(" ".join))
def test_any_pieces_in_a_statement(frame, text):
    assert read(frame.format(text))


@given(st.text(max_size=20))
def test_any_text(text):
    assert isinstance(read(text), str)


def test_a_statement_is_read_once():
    text = "SELECT * FROM t WHERE a = ?"
    assert compile_statement(text) is compile_statement(text)


def test_a_plan_over_one_key_is_created_once():
    plan = compile_statement("SELECT * FROM t WHERE a = ? AND b > ?")
    assert isinstance(plan, SelectPlan)
    assert plan.for_key("a", "b") is plan.for_key("a", "b")
    assert plan.for_key("a", "b").keyed
    assert not plan.for_key("b", "a").keyed


@pytest.mark.parametrize(
    ("opened", "closed"), [("(", ")"), ("[", "]"), ("<<", ">>"), ("{'a': ", "}"), ("NOT ", "")]
)
def test_what_is_nested_deeply(opened, closed):
    select = "SELECT * FROM t WHERE a = "
    with pytest.raises((ValidationError, UnsupportedError)):
        compile_statement(select + opened * 2000 + "1" + closed * 2000)
