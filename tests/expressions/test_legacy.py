"""The legacy parameters: what they mean, and what the service refuses."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions import legacy
from ddbmock._internal.expressions.key_conditions import KeyPlan

S: dict[str, Any] = {"S": "hello"}
ITEM: dict[str, Any] = {
    "s": {"S": "hello"},
    "n": {"N": "5"},
    "ss": {"SS": ["a", "b"]},
    "t": {"BOOL": True},
    "#odd.name": {"S": "x"},
}
INVALID = "One or more parameter values were invalid: "


def operator(name: str, *values: dict[str, Any]) -> dict[str, Any]:
    return {"ComparisonOperator": name, "AttributeValueList": list(values)}


@pytest.mark.parametrize(
    ("name", "condition", "outcome"),
    [
        ("s", operator("EQ", {"S": "hello"}), True),
        ("s", operator("EQ", {"S": "x"}), False),
        ("n", operator("EQ", {"N": "5.0"}), True),
        ("t", operator("EQ", {"BOOL": True}), True),
        ("missing", operator("EQ", {"S": "x"}), False),
        ("s", operator("NE", {"S": "x"}), True),
        ("missing", operator("NE", {"S": "x"}), True),
        ("n", operator("LT", {"N": "6"}), True),
        ("n", operator("LE", {"N": "5"}), True),
        ("n", operator("GT", {"N": "5"}), False),
        ("n", operator("GE", {"N": "5"}), True),
        ("n", operator("GE", {"S": "5"}), False),
        ("n", operator("BETWEEN", {"N": "1"}, {"N": "5"}), True),
        ("s", operator("IN", {"S": "a"}, {"S": "hello"}), True),
        ("s", operator("IN", {"S": "a"}), False),
        ("s", operator("BEGINS_WITH", {"S": "he"}), True),
        ("s", operator("CONTAINS", {"S": "ell"}), True),
        ("ss", operator("CONTAINS", {"S": "a"}), True),
        ("ss", operator("NOT_CONTAINS", {"S": "a"}), False),
        ("ss", operator("NOT_CONTAINS", {"S": "z"}), True),
        ("missing", operator("NOT_CONTAINS", {"S": "z"}), False),
        ("s", operator("NULL"), False),
        ("missing", {"ComparisonOperator": "NULL"}, True),
        ("s", operator("NOT_NULL"), True),
        ("missing", operator("NOT_NULL"), False),
        ("#odd.name", operator("EQ", {"S": "x"}), True),
    ],
)
def test_filter(name: str, condition: dict[str, Any], outcome: bool) -> None:  # noqa: FBT001
    compiled, values = legacy.scan_or_query_filter("ScanFilter", {name: condition}, None)
    assert compiled is not None
    compiled.check(values)
    assert compiled.test(ITEM, values) is outcome
    assert compiled.attributes == {name}


@pytest.mark.parametrize(
    ("conditional_operator", "outcome"), [(None, False), ("AND", False), ("OR", True)]
)
def test_conditions_are_joined(conditional_operator: str | None, outcome: bool) -> None:  # noqa: FBT001
    conditions = {"s": operator("EQ", S), "n": operator("EQ", S), "t": operator("EQ", S)}
    compiled, values = legacy.scan_or_query_filter("QueryFilter", conditions, conditional_operator)
    assert compiled is not None
    assert compiled.test(ITEM, values) is outcome


def test_no_conditions_are_no_condition() -> None:
    assert legacy.scan_or_query_filter("ScanFilter", None, None) == (None, {})
    assert legacy.scan_or_query_filter("ScanFilter", {}, None) == (None, {})
    assert legacy.expected(None, None) == (None, {})


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ({"s": {"Value": {"S": "hello"}}}, True),
        ({"s": {"Value": {"S": "x"}, "Exists": True}}, False),
        ({"missing": {"Exists": False}}, True),
        ({"s": {"Exists": False}}, False),
        ({"n": {"ComparisonOperator": "GT", "Value": {"N": "4"}}}, True),
        ({"n": operator("GT", {"N": "4"}), "s": {"Value": {"S": "x"}}}, False),
    ],
)
def test_expected(condition: dict[str, Any], outcome: bool) -> None:  # noqa: FBT001
    compiled, values = legacy.expected(condition, None)
    assert compiled is not None
    compiled.check(values)
    assert compiled.test(ITEM, values) is outcome


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (
            {"Value": S, "AttributeValueList": [S], "ComparisonOperator": "EQ"},
            "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        (
            {"Exists": True, "Value": S, "ComparisonOperator": "EQ"},
            "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            {"ComparisonOperator": "EQ"},
            "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
        ),
        (
            {"AttributeValueList": [S]},
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
        ({}, "Value must be provided when Exists is null for Attribute: a"),
        ({"Exists": True}, "Value must be provided when Exists is true for Attribute: a"),
        (
            {"Exists": False, "Value": S},
            "Value cannot be used when Exists is false for Attribute: a",
        ),
        (operator("EQ"), "Invalid number of argument(s) for the EQ ComparisonOperator"),
        (operator("NULL", S), "Invalid number of argument(s) for the NULL ComparisonOperator"),
        (operator("IN"), "Invalid number of argument(s) for the IN ComparisonOperator"),
        (
            operator("BETWEEN", S),
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
        ),
        (
            operator("IN", S, {"N": "1"}),
            "AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            operator("LT", {"BOOL": True}),
            "ComparisonOperator LT is not valid for BOOL AttributeValue type",
        ),
        (
            operator("BEGINS_WITH", {"N": "1"}),
            "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type",
        ),
    ],
)
def test_refused_expectations(condition: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        legacy.expected({"a": condition}, None)
    assert caught.value.message == INVALID + text


def test_refused_bounds() -> None:
    with pytest.raises(ValidationError) as caught:
        legacy.scan_or_query_filter(
            "ScanFilter", {"a": operator("BETWEEN", {"N": "2"}, {"N": "1"})}, None
        )
    assert caught.value.message == (
        "The BETWEEN condition was provided a range where the lower bound is greater than the"
        " upper bound"
    )


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        (None, "ConditionalOperator cannot be used without Filter or Expected"),
        (
            {"a": operator("EQ", S)},
            "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        ),
    ],
)
def test_refused_conditional_operator(conditions: dict[str, Any] | None, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        legacy.expected(conditions, "AND")
    assert caught.value.message == text


def test_key_conditions() -> None:
    condition, values = legacy.key_conditions(
        {"sk": operator("BEGINS_WITH", {"S": "x"}), "pk": operator("EQ", {"N": "1.0"})}
    )
    condition.check(values)
    assert condition.resolve(("pk",), ("sk",)) == KeyPlan(
        (":k1",), (), ("begins_with", (":k0",)), "sk"
    )
    assert values == {":k0": {"S": "x"}, ":k1": {"N": "1"}}


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        ({}, "Conditions can be of length 1 or 2 only"),
        (
            {"pk": operator("NE", S)},
            "Attempted conditional constraint is not an indexable operation",
        ),
        (
            {"pk": operator("EQ", S), "sk": operator("CONTAINS", S)},
            "Attempted conditional constraint is not an indexable operation",
        ),
    ],
)
def test_refused_key_conditions(conditions: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        legacy.key_conditions(conditions)
    assert caught.value.message == text


def test_the_number_of_key_conditions_is_that_of_the_key() -> None:
    condition, _ = legacy.key_conditions({name: operator("EQ", S) for name in ("a", "b", "c")})
    assert condition.resolve(("a", "b"), ("c", "d")).partition == (":k0", ":k1")
    with pytest.raises(ValidationError, match="Conditions can be of length 1 or 2 only"):
        condition.resolve(("a",), ("b",))


def test_attribute_updates() -> None:
    update, values = legacy.update(
        {
            "n": {"Action": "ADD", "Value": {"N": "1.50"}},
            "s": {"Action": "DELETE"},
            "ss": {"Action": "DELETE", "Value": {"SS": ["a"]}},
            "#odd.name": {"Value": {"S": "y"}},
            "new": {"Action": "PUT", "Value": {"L": []}},
            "l": {"Action": "ADD", "Value": {"L": [{"S": "e"}]}},
        }
    )
    item = {**ITEM, "l": {"L": [{"S": "d"}]}}
    update.apply(item, values)
    assert item == {
        "n": {"N": "6.5"},
        "ss": {"SS": ["b"]},
        "t": {"BOOL": True},
        "#odd.name": {"S": "y"},
        "new": {"L": []},
        "l": {"L": [{"S": "d"}, {"S": "e"}]},
    }
    assert update.project({"n": {"N": "1"}, "t": {"N": "2"}}) == {"n": {"N": "1"}}


def test_attribute_updates_of_another_type() -> None:
    update, values = legacy.update({"s": {"Action": "ADD", "Value": {"N": "1"}}})
    update.check(values)
    with pytest.raises(ValidationError) as caught:
        update.apply(dict(ITEM), values)
    assert caught.value.message == "Type mismatch for attribute to update"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"Action": "PUT"}, "Only DELETE action is allowed when no attribute value is specified"),
        ({}, "Only DELETE action is allowed when no attribute value is specified"),
        ({"Action": "ADD", "Value": S}, "ADD action is not supported for the type S"),
        (
            {"Action": "DELETE", "Value": S},
            "DELETE action with value is not supported for the type S",
        ),
    ],
)
def test_refused_attribute_updates(change: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        legacy.update({"a": change})
    assert caught.value.message == INVALID + text


def test_attributes_to_get_are_names_not_paths() -> None:
    projection = legacy.attributes_to_get(["#odd.name", "n", "missing"])
    assert projection.apply(ITEM) == {"#odd.name": {"S": "x"}, "n": {"N": "5"}}
