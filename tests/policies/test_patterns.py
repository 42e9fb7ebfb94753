from __future__ import annotations

import pytest

from ddbmock._internal.policies.context import Context
from ddbmock._internal.policies.patterns import ArnPattern, Pattern, UnknownVariableError

ANN = Context(
    {"aws:username": "ann", "aws:PrincipalTag/team": "b*", "dynamodb:LeadingKeys": ("a",)}
)
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("", "", True),
        ("", "a", False),
        ("a", "a", True),
        ("a", "A", False),
        ("a", "aa", False),
        ("*", "", True),
        ("*", "anything\nat all", True),
        ("a*", "a", True),
        ("a*c", "abbc", True),
        ("a*c", "abbcd", False),
        ("*b*", "abc", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a?c", "abbc", False),
        # A character beyond 16 bits is two.
        ("a?c", "a\U0001f600c", False),
        ("a??c", "a\U0001f600c", True),
        ("a\U0001f600c", "a\U0001f600c", True),
        # Nothing else has a meaning.
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("a.c", "abc", False),
        ("a|b", "a", False),
        ("\\*", "\\anything", True),
        ("\\*", "*", False),
        ("${*}", "*", True),
        ("${*}", "a", False),
        ("a${?}", "a?", True),
        ("a${?}", "ab", False),
        ("${$}", "$", True),
        ("${aws:username}", "ann", True),
        ("${AWS:UserName}", "ann", True),
        ("${aws:username}*", "ann-1", True),
        ("x${aws:username}", "xbob", False),
        # The value of a variable has no wildcards.
        ("${aws:PrincipalTag/team}", "b*", True),
        ("${aws:PrincipalTag/team}", "bc", False),
        ("${aws:userid, 'nobody'}", "nobody", True),
        ("${aws:username, 'nobody'}", "ann", True),
        ("${aws:userid, ''}x", "x", True),
        ("$", "$", True),
        ("${", "${", True),
        ("{a}", "{a}", True),
    ],
)
def test_patterns(pattern, text, matches):
    assert Pattern(pattern).matches(text, ANN) is matches


@pytest.mark.parametrize("pattern", ["${aws:userid}", "a${}b", "${dynamodb:LeadingKeys}"])
def test_a_variable_without_a_value(pattern):
    with pytest.raises(UnknownVariableError):
        Pattern(pattern).matches("a", ANN)


def test_the_older_version_has_no_variables():
    pattern = Pattern("${aws:username}", variables=False)
    assert pattern.matches("${aws:username}", ANN)
    assert not pattern.matches("ann", ANN)


def test_resolved():
    assert Pattern("a-${aws:username}-${*}-*").resolved(ANN) == "a-ann-*-*"


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        ("*", TABLE, True),
        (TABLE, TABLE, True),
        (TABLE, f"{TABLE}/index/i", False),
        (f"{TABLE}*", f"{TABLE}/index/i", True),
        (f"{TABLE}/index/*", f"{TABLE}/index/i", True),
        (f"{TABLE}/index/*", TABLE, False),
        (f"{TABLE}/*", f"{TABLE}/stream/2026-01-01T00:00:00.000", True),
        (f"{TABLE}/stream/*", f"{TABLE}/stream/2026-01-01T00:00:00.000", True),
        ("arn:aws:dynamodb:*:*:table/orders", TABLE, True),
        ("arn:aws:dynamodb:*:*:table/ORDERS", TABLE, False),
        ("arn:aws:dynamodb:us-*-1:123456789012:table/o?ders", TABLE, True),
        # A wildcard does not cross the colons.
        ("arn:aws:dynamodb:*", TABLE, False),
        ("arn:aws:dynamodb:*:table/orders", TABLE, False),
        ("arn:*", TABLE, False),
        ("arn:aws:dynamodb:region:account:table/orders", TABLE, False),
        ("arn:aws:dynamodb:*:*:table/${aws:username}", TABLE.replace("orders", "ann"), True),
        # Variables have a meaning in the resource alone.
        ("arn:aws:dynamodb:${aws:username}:*:table/orders", TABLE, False),
        ("", TABLE, False),
    ],
)
def test_arn_patterns(pattern, arn, matches):
    assert ArnPattern(pattern).matches(arn, ANN) is matches
