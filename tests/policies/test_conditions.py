"""A table of cases for each operator: values of the policy, value of the request, whether it holds.

None is a key that the request does not have; a tuple is a key with several values.
"""

from __future__ import annotations

import pytest

from ddbmock._internal.policies.conditions import Condition, PolicyError
from ddbmock._internal.policies.context import Context

KEY = "dynamodb:LeadingKeys"


def holds(operator, given, value, **more):
    values = (given,) if isinstance(given, str) else tuple(given)
    context = Context({} if value is None else {KEY: value, **more})
    return Condition.of(operator, KEY, values, variables=True).holds(context)


def cases(text):
    """Return the rows of a table: policy | request | holds."""
    rows = []
    for line in text.strip().splitlines():
        given, value, expected = (cell.strip() for cell in line.split("|"))
        rows.append((given.split(","), _value(value), expected == "yes"))
    return rows


def _value(cell):
    if cell == "-":
        return None
    if cell.startswith("("):
        return tuple(filter(None, cell[1:-1].split(",")))
    return cell


def parametrized(operator, text):
    return [pytest.param(operator, *row, id=f"{operator}-{row[0]}-{row[1]}") for row in cases(text)]


STRINGS = [
    *parametrized(
        "StringEquals",
        """
        a      | a       | yes
        a      | A       | no
        a      | b       | no
        a,b    | b       | yes
        a,b    | c       | no
        a*     | ab      | no
        a*     | a*      | yes
        a?     | ab      | no
        ${*}   | *       | yes
        a      | -       | no
        a      | (a)     | no
        a      | (a,b)   | no
        a      | ()      | no
        ${x:y} | a       | no
        ${x:y, 'a'}| a   | no
        """,
    ),
    *parametrized(
        "StringNotEquals",
        """
        a      | a       | no
        a      | b       | yes
        a,b    | b       | no
        a,b    | c       | yes
        a      | -       | yes
        a      | (b)     | no
        a      | ()      | no
        ${x:y} | a       | no
        """,
    ),
    *parametrized(
        "StringEqualsIgnoreCase",
        """
        a      | A       | yes
        AbC    | aBc     | yes
        a      | b       | no
        a      | -       | no
        a      | (A)     | no
        """,
    ),
    *parametrized(
        "StringNotEqualsIgnoreCase",
        """
        a      | A       | no
        a      | b       | yes
        a      | -       | yes
        a      | (b)     | no
        """,
    ),
    *parametrized(
        "StringLike",
        """
        a*     | abc     | yes
        a*     | b       | no
        a?     | ab      | yes
        a?     | abc     | no
        a,b*   | bcd     | yes
        a/*    | a/b/c   | yes
        [ab]   | a       | no
        ${*}a  | ba      | no
        ${*}a  | *a      | yes
        a*     | -       | no
        a*     | (ab)    | no
        """,
    ),
    *parametrized(
        "StringNotLike",
        """
        a*     | abc     | no
        a*     | b       | yes
        a*,b*  | b       | no
        a*     | -       | yes
        a*     | (b)     | no
        """,
    ),
]
SETS = [
    *parametrized(
        "ForAllValues:StringEquals",
        """
        a      | (a)     | yes
        a      | (a,b)   | no
        a,b    | (a,b)   | yes
        a,b    | (a)     | yes
        a,b    | (b,c)   | no
        a      | ()      | yes
        a      | -       | yes
        a      | a       | yes
        a      | b       | no
        ${x:y} | (a)     | no
        """,
    ),
    *parametrized(
        "ForAnyValue:StringEquals",
        """
        a      | (a)     | yes
        a      | (a,b)   | yes
        a      | (b,c)   | no
        a,b    | (c,b)   | yes
        a      | ()      | no
        a      | -       | no
        a      | a       | yes
        a      | b       | no
        """,
    ),
    *parametrized(
        "ForAllValues:StringNotEquals",
        """
        a      | (b)     | yes
        a      | (a,b)   | no
        a,b    | (c,d)   | yes
        a,b    | (c,b)   | no
        a      | ()      | yes
        a      | -       | yes
        """,
    ),
    *parametrized(
        "ForAnyValue:StringNotEquals",
        """
        a      | (a)     | no
        a      | (a,b)   | yes
        a,b    | (a,b)   | no
        a      | ()      | no
        a      | -       | no
        """,
    ),
    *parametrized(
        "ForAllValues:StringLike",
        """
        u-*    | (u-1,u-2) | yes
        u-*    | (u-1,v-2) | no
        u-*,v-*| (u-1,v-2) | yes
        u-*    | -         | yes
        """,
    ),
    *parametrized(
        "ForAnyValue:StringLike",
        """
        u-*    | (v-1,u-2) | yes
        u-*    | (v-1,v-2) | no
        """,
    ),
    *parametrized(
        "ForAllValues:StringEqualsIfExists",
        """
        a      | (a)     | yes
        a      | (b)     | no
        a      | -       | yes
        """,
    ),
    *parametrized(
        "ForAnyValue:StringEqualsIfExists",
        """
        a      | (a,b)   | yes
        a      | (b)     | no
        a      | -       | yes
        """,
    ),
    *parametrized(
        "ForAllValues:NumericLessThan",
        """
        10     | (1,2)   | yes
        10     | (1,20)  | no
        """,
    ),
]
IF_EXISTS = [
    *parametrized(
        "StringEqualsIfExists",
        """
        a      | a       | yes
        a      | b       | no
        a      | -       | yes
        a      | (a)     | no
        """,
    ),
    *parametrized(
        "StringNotEqualsIfExists",
        """
        a      | a       | no
        a      | b       | yes
        a      | -       | yes
        a      | (b)     | no
        """,
    ),
    *parametrized(
        "StringLikeIfExists",
        """
        a*     | ab      | yes
        a*     | -       | yes
        """,
    ),
    *parametrized(
        "NumericLessThanIfExists",
        """
        5      | 4       | yes
        5      | 6       | no
        5      | -       | yes
        """,
    ),
    *parametrized(
        "BoolIfExists",
        """
        true   | true    | yes
        true   | false   | no
        true   | -       | yes
        """,
    ),
]
NUMBERS = [
    *parametrized(
        "NumericEquals",
        """
        1      | 1       | yes
        1      | 1.0     | yes
        1      | 01      | yes
        1      | 2       | no
        1,2    | 2       | yes
        1      | a       | no
        a      | a       | no
        1      | -       | no
        1      | (1)     | no
        """,
    ),
    *parametrized(
        "NumericNotEquals",
        """
        1      | 1.0     | no
        1      | 2       | yes
        1,2    | 2       | no
        1      | -       | yes
        """,
    ),
    *parametrized(
        "NumericLessThan",
        """
        10     | 9       | yes
        10     | 10      | no
        10     | 100     | no
        10     | -1      | yes
        5,10   | 7       | yes
        10     | -       | no
        """,
    ),
    *parametrized(
        "NumericLessThanEquals",
        """
        10     | 10      | yes
        10     | 10.1    | no
        10     | -       | no
        """,
    ),
    *parametrized(
        "NumericGreaterThan",
        """
        10     | 11      | yes
        10     | 10      | no
        10     | 9       | no
        """,
    ),
    *parametrized(
        "NumericGreaterThanEquals",
        """
        10     | 10      | yes
        10     | 9.99    | no
        """,
    ),
]
DATES = [
    *parametrized(
        "DateEquals",
        """
        2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z      | yes
        2026-01-01T00:00:00Z | 2026-01-01T01:00:00+01:00 | yes
        2026-01-01T00:00:00Z | 1767225600                | yes
        2026-01-01           | 2026-01-01T00:00:00Z      | yes
        2026-01-01T00:00:00Z | 2026-01-01T00:00:01Z      | no
        2026-01-01T00:00:00Z | yesterday                 | no
        2026-01-01T00:00:00Z | -                         | no
        """,
    ),
    *parametrized(
        "DateNotEquals",
        """
        2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | no
        2026-01-01T00:00:00Z | 2026-01-01T00:00:01Z | yes
        2026-01-01T00:00:00Z | -                    | yes
        """,
    ),
    *parametrized(
        "DateLessThan",
        """
        2026-01-01T00:00:00Z | 2025-12-31T23:59:59Z | yes
        2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | no
        """,
    ),
    *parametrized(
        "DateLessThanEquals",
        """
        2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | yes
        2026-01-01T00:00:00Z | 2026-01-01T00:00:01Z | no
        """,
    ),
    *parametrized(
        "DateGreaterThan",
        """
        2026-01-01T00:00:00Z | 2026-01-01T00:00:01Z | yes
        2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | no
        """,
    ),
    *parametrized(
        "DateGreaterThanEquals",
        """
        2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | yes
        2026-01-01T00:00:00Z | 2025-12-31T00:00:00Z | no
        """,
    ),
]
OTHERS = [
    *parametrized(
        "Bool",
        """
        true   | true    | yes
        True   | true    | yes
        true   | false   | no
        false  | false   | yes
        false  | -       | no
        true   | (true)  | no
        """,
    ),
    *parametrized(
        "Null",
        """
        true   | -       | yes
        true   | ()      | yes
        true   | a       | no
        true   | (a)     | no
        false  | a       | yes
        false  | (a,b)   | yes
        false  | -       | no
        """,
    ),
    *parametrized(
        "BinaryEquals",
        """
        QUJD   | QUJD    | yes
        QUJD   | QUJE    | no
        !      | QUJD    | no
        QUJD   | -       | no
        """,
    ),
    *parametrized(
        "IpAddress",
        """
        203.0.113.0/24 | 203.0.113.7    | yes
        203.0.113.0/24 | 203.0.114.7    | no
        203.0.113.7    | 203.0.113.7    | yes
        203.0.113.9/24 | 203.0.113.7    | yes
        2001:db8::/32  | 2001:db8::1    | yes
        10.0.0.0/8     | 2001:db8::1    | no
        10.0.0.0/8,192.168.0.0/16 | 192.168.1.1 | yes
        nothing        | 203.0.113.7    | no
        10.0.0.0/8     | -              | no
        """,
    ),
    *parametrized(
        "NotIpAddress",
        """
        203.0.113.0/24 | 203.0.113.7    | no
        203.0.113.0/24 | 203.0.114.7    | yes
        203.0.113.0/24 | -              | yes
        """,
    ),
]
ROLE = "arn:aws:iam::123456789012:role/app"
ARNS = [
    *[
        pytest.param(name, [pattern], value, expected, id=f"{name}-{pattern}-{value}")
        for name in ("ArnEquals", "ArnLike")
        for pattern, value, expected in (
            (ROLE, ROLE, True),
            ("arn:aws:iam::*:role/*", ROLE, True),
            ("arn:aws:iam::*", ROLE, False),
            ("arn:*:role/app", ROLE, False),
            ("arn:aws:iam::123456789012:role/ap?", ROLE, True),
            (ROLE, None, False),
            (ROLE, (ROLE,), False),
        )
    ],
    *[
        pytest.param(name, [pattern], value, expected, id=f"{name}-{pattern}-{value}")
        for name in ("ArnNotEquals", "ArnNotLike")
        for pattern, value, expected in (
            (ROLE, ROLE, False),
            ("arn:aws:iam::*:role/*", ROLE, False),
            ("arn:aws:iam::*:user/*", ROLE, True),
            (ROLE, None, True),
        )
    ],
]


@pytest.mark.parametrize(
    ("operator", "given", "value", "expected"),
    [*STRINGS, *SETS, *IF_EXISTS, *NUMBERS, *DATES, *OTHERS, *ARNS],
)
def test_operators(operator, given, value, expected):
    assert holds(operator, given, value) is expected


@pytest.mark.parametrize("operator", ["STRINGEQUALS", "forallvalues:stringequals"])
def test_operators_in_any_case(operator):
    assert holds(operator, "a", "a")


def test_variables():
    context = {"aws:username": "ann"}
    assert holds("ForAllValues:StringEquals", "${aws:username}", ("ann",), **context)
    assert not holds("ForAllValues:StringEquals", "${aws:username}", ("ann", "bob"), **context)
    assert holds("StringLike", "${aws:username}-*", "ann-1", **context)


def test_a_variable_without_a_value_fails_even_negated_and_for_nothing():
    assert not holds("StringNotEquals", "${aws:userid}", "a")
    assert not holds("ForAnyValue:StringNotEquals", "${aws:userid}", ("a",))


@pytest.mark.parametrize(
    "operator", ["StringIs", "ForAll:StringEquals", "NullIfExists", "", "StringEqualsIfExist"]
)
def test_no_such_operator(operator):
    with pytest.raises(PolicyError, match="no condition operator"):
        holds(operator, "a", "a")
