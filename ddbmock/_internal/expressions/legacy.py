"""Legacy parameters, converted into the same trees and objects as expressions.

Each function checks its parameter as the service does, makes its values canonical in place and
returns the object with the values under placeholders of its own; the object needs no `check`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.values import AttributeValue, check_names, normalize_value
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compiled import Condition, KeyCondition, Projection, Update
from ddbmock._internal.expressions.key_conditions import KeyTerm
from ddbmock._internal.expressions.requirements import bounds_problem, kind_of
from ddbmock._internal.expressions.tree import (
    Action,
    Addition,
    And,
    Assignment,
    Between,
    Call,
    Comparison,
    Deletion,
    In,
    Not,
    Or,
    Path,
    Removal,
    Section,
    UpdateTree,
    Value,
)
from ddbmock._internal.expressions.tree import Condition as ConditionTree
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import legacy as legacy_messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.expressions.substitutions import Values

_COMPARATORS = {"EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
_ORDERED = frozenset({"S", "N", "B"})
#: The types of value that an operator takes; EQ and NE take all.
_OPERATOR_TYPES = {
    **dict.fromkeys(
        ("LT", "LE", "GT", "GE", "CONTAINS", "NOT_CONTAINS", "IN", "BETWEEN"), _ORDERED
    ),
    "BEGINS_WITH": frozenset({"S", "B"}),
}
_KEY_OPERATORS = {**_COMPARATORS, "BETWEEN": "BETWEEN", "BEGINS_WITH": "begins_with"}
_ACTION_TYPES = {
    "ADD": frozenset({"N", "SS", "NS", "BS", "L"}),
    "DELETE": frozenset({"SS", "NS", "BS"}),
}


class _Placeholders:
    """Names and values under generated placeholders."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.names: dict[str, str] = {}
        self.values: dict[str, AttributeValue] = {}

    def path(self, name: str) -> Path:
        """Return a path of the attribute, whatever characters are in its name."""
        placeholder = f"#{self.prefix}{len(self.names)}"
        self.names[placeholder] = name
        return Path((placeholder,))

    def value(self, value: AttributeValue) -> Value:
        """Return a placeholder for the value."""
        placeholder = f":{self.prefix}{len(self.values)}"
        self.values[placeholder] = value
        return Value(placeholder)


# --- conditions ---


def scan_or_query_filter(
    parameter: str, conditions: Mapping[str, Any] | None, conditional_operator: str | None
) -> tuple[Condition | None, Values]:
    """Return the condition of a ScanFilter or QueryFilter, and its values."""
    for condition in (conditions or {}).values():
        _check_condition(condition)
    _check_conditional_operator(conditions, conditional_operator)
    holders = _Placeholders("f")
    trees = [
        _condition(
            condition["ComparisonOperator"], name, condition.get("AttributeValueList"), holders
        )
        for name, condition in (conditions or {}).items()
    ]
    return _joined(parameter, trees, conditional_operator, holders), holders.values


def expected(
    conditions: Mapping[str, Any] | None, conditional_operator: str | None
) -> tuple[Condition | None, Values]:
    """Return the condition of an Expected, and its values."""
    for name, condition in (conditions or {}).items():
        _check_expectation(name, condition)
    _check_conditional_operator(conditions, conditional_operator)
    holders = _Placeholders("e")
    trees = [
        _expectation(name, condition, holders) for name, condition in (conditions or {}).items()
    ]
    return _joined("Expected", trees, conditional_operator, holders), holders.values


def _check_conditional_operator(
    conditions: Mapping[str, Any] | None, conditional_operator: str | None
) -> None:
    if conditional_operator is None:
        return
    if conditions is None:
        raise ValidationError(legacy_messages.CONDITIONAL_OPERATOR_ALONE)
    if len(conditions) < 2:  # noqa: PLR2004 (one condition has nothing to be joined with)
        raise ValidationError(legacy_messages.CONDITIONAL_OPERATOR_OF_ONE)


def _joined(
    label: str,
    trees: list[ConditionTree],
    conditional_operator: str | None,
    holders: _Placeholders,
) -> Condition | None:
    if not trees:
        return None
    if len(trees) == 1:
        tree = trees[0]
    else:
        tree = (Or if conditional_operator == "OR" else And)(tuple(trees))
    return Condition(label, tree, holders.names)


def _condition(
    operator: str, name: str, given: list[AttributeValue] | None, holders: _Placeholders
) -> ConditionTree:
    path = holders.path(name)
    values = [holders.value(value) for value in given or ()]
    if operator in _COMPARATORS:
        return Comparison(_COMPARATORS[operator], path, values[0])
    if operator == "BETWEEN":
        return Between(path, values[0], values[1])
    if operator == "IN":
        return In(path, tuple(values))
    return _function(operator, path, tuple(values))


def _function(operator: str, path: Path, values: tuple[Value, ...]) -> ConditionTree:
    if operator == "NULL":
        return Call("attribute_not_exists", (path,))
    exists = Call("attribute_exists", (path,))
    if operator == "NOT_NULL":
        return exists
    if operator == "NOT_CONTAINS":
        # An attribute that is not there does not "not contain".
        return And((exists, Not(Call("contains", (path, *values)))))
    return Call(operator.lower(), (path, *values))


def _check_condition(condition: Mapping[str, Any]) -> None:
    operator = condition["ComparisonOperator"]
    values = condition.get("AttributeValueList") or []
    for value in values:
        normalize_value(value)
    _check_value_count(operator, len(values))
    _check_value_types(operator, values)
    if operator == "BETWEEN" and bounds_problem(values[0], values[1]):
        raise ValidationError(legacy_messages.LEGACY_BETWEEN_REVERSED)


def _check_value_count(operator: str, count: int) -> None:
    if operator == "IN":
        fits = count > 0
    else:
        fits = count == {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2}.get(operator, 1)
    if not fits:
        raise ValidationError(legacy_messages.legacy_argument_count(operator))


def _check_value_types(operator: str, values: list[AttributeValue]) -> None:
    kinds = [kind_of(value) for value in values]
    if len(set(kinds)) > 1:
        raise ValidationError(legacy_messages.LEGACY_VALUE_TYPES_DIFFER)
    allowed = _OPERATOR_TYPES.get(operator)
    for kind in kinds:
        if allowed is not None and kind not in allowed:
            raise ValidationError(legacy_messages.legacy_operator_type(operator, kind))


def _check_expectation(name: str, condition: Mapping[str, Any]) -> None:
    operator = condition.get("ComparisonOperator")
    has_list = condition.get("AttributeValueList") is not None
    value = condition.get("Value")
    if has_list and value is not None:
        raise ValidationError(legacy_messages.expected_value_and_list(name))
    if operator is not None:
        _check_expected_operator(name, operator, condition)
    elif has_list:
        raise ValidationError(legacy_messages.expected_list_without_operator(name))
    else:
        _check_exists(name, condition)


def _check_expected_operator(name: str, operator: str, condition: Mapping[str, Any]) -> None:
    if condition.get("Exists") is not None:
        raise ValidationError(legacy_messages.expected_exists_and_operator(name))
    values = _expected_values(condition)
    if values is None and operator not in ("NULL", "NOT_NULL"):
        raise ValidationError(legacy_messages.expected_operator_without_value(operator, name))
    _check_condition({"ComparisonOperator": operator, "AttributeValueList": values})


def _check_exists(name: str, condition: Mapping[str, Any]) -> None:
    exists, value = condition.get("Exists"), condition.get("Value")
    if value is None and exists is not False:
        text = "null" if exists is None else "true"
        raise ValidationError(legacy_messages.expected_value_missing(text, name))
    if value is not None:
        if exists is False:
            raise ValidationError(legacy_messages.expected_value_unwanted(name))
        normalize_value(value)


def _expected_values(condition: Mapping[str, Any]) -> list[AttributeValue] | None:
    if condition.get("Value") is not None:
        return [condition["Value"]]
    values: list[AttributeValue] | None = condition.get("AttributeValueList")
    return values


def _expectation(name: str, condition: Mapping[str, Any], holders: _Placeholders) -> ConditionTree:
    operator = condition.get("ComparisonOperator")
    if operator is None:
        operator = "NULL" if condition.get("Exists") is False else "EQ"
    return _condition(operator, name, _expected_values(condition), holders)


# --- key conditions, updates, projections ---


def key_conditions(conditions: Mapping[str, Any]) -> tuple[KeyCondition, Values]:
    """Return the key condition of KeyConditions, and its values."""
    for condition in conditions.values():
        _check_condition(condition)
    if not conditions:
        raise ValidationError(legacy_messages.LEGACY_KEY_CONDITION_COUNT)
    holders = _Placeholders("k")
    terms: dict[str, KeyTerm] = {}
    for name, condition in conditions.items():
        operator = _KEY_OPERATORS.get(condition["ComparisonOperator"])
        if operator is None or operator == "<>":
            raise ValidationError(legacy_messages.LEGACY_KEY_CONDITION_OPERATOR)
        placeholders = tuple(
            holders.value(value).placeholder for value in condition["AttributeValueList"]
        )
        terms[name] = KeyTerm(name, operator, placeholders)
    return KeyCondition(terms, is_legacy=True), holders.values


def update(attribute_updates: Mapping[str, Any]) -> tuple[Update, Values]:
    """Return the update of AttributeUpdates, and its values."""
    check_names(attribute_updates)
    for change in attribute_updates.values():
        _check_change(change)
    holders = _Placeholders("u")
    sections: dict[str, list[Action]] = {}
    for name, change in attribute_updates.items():
        keyword, action = _action(holders.path(name), change, holders)
        sections.setdefault(keyword, []).append(action)
    tree = UpdateTree(
        tuple(Section(keyword, tuple(actions)) for keyword, actions in sections.items())
    )
    type_problem = legacy_messages.LEGACY_UPDATE_TYPE_MISMATCH
    return Update(tree, holders.names, type_problem=type_problem), holders.values


def _check_change(change: Mapping[str, Any]) -> None:
    action, value = change.get("Action") or "PUT", change.get("Value")
    if value is None:
        if action != "DELETE":
            raise ValidationError(legacy_messages.LEGACY_UPDATE_WITHOUT_VALUE)
        return
    normalize_value(value)
    allowed = _ACTION_TYPES.get(action)
    kind = kind_of(value)
    if allowed is not None and kind not in allowed:
        raise ValidationError(legacy_messages.legacy_update_type(action, kind))


def _action(path: Path, change: Mapping[str, Any], holders: _Placeholders) -> tuple[str, Action]:
    action = change.get("Action") or "PUT"
    if change.get("Value") is None:
        return "REMOVE", Removal(path)
    value = holders.value(change["Value"])
    if action == "ADD":
        return "ADD", Addition(path, value)
    if action == "DELETE":
        return "DELETE", Deletion(path, value)
    return "SET", Assignment(path, value)


def attributes_to_get(names: list[str]) -> Projection:
    """Return the projection of AttributesToGet; its names are no document paths."""
    check_names(names)
    for position, name in enumerate(names):
        if name in names[:position]:
            raise ValidationError(item_messages.duplicate_attribute(name))
    return Projection(tuple((name,) for name in names))
