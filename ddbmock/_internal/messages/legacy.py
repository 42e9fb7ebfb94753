"""Error texts for the parameters that expressions replaced."""

from __future__ import annotations

LEGACY_BETWEEN_REVERSED = (
    "The BETWEEN condition was provided a range where the lower bound is greater than the"
    " upper bound"
)
LEGACY_VALUE_TYPES_DIFFER = (
    "One or more parameter values were invalid:"
    " AttributeValues inside AttributeValueList must be of same type"
)
CONDITIONAL_OPERATOR_ALONE = "ConditionalOperator cannot be used without Filter or Expected"
CONDITIONAL_OPERATOR_OF_ONE = (
    "ConditionalOperator can only be used when Filter or Expected has two or more elements"
)
LEGACY_KEY_CONDITION_COUNT = "Conditions can be of length 1 or 2 only"
LEGACY_KEY_CONDITION_OPERATOR = "Attempted conditional constraint is not an indexable operation"
LEGACY_UPDATE_WITHOUT_VALUE = (
    "One or more parameter values were invalid:"
    " Only DELETE action is allowed when no attribute value is specified"
)
LEGACY_UPDATE_TYPE_MISMATCH = "Type mismatch for attribute to update"


def legacy_argument_count(operator: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Invalid number of argument(s) for the {operator} ComparisonOperator"
    )


def legacy_operator_type(operator: str, type_name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" ComparisonOperator {operator} is not valid for {type_name} AttributeValue type"
    )


def expected_value_and_list(name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Value and AttributeValueList cannot be used together for Attribute: {name}"
    )


def expected_exists_and_operator(name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Exists and ComparisonOperator cannot be used together for Attribute: {name}"
    )


def expected_operator_without_value(operator: str, name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Value or AttributeValueList must be used with ComparisonOperator: {operator}"
        f" for Attribute: {name}"
    )


def expected_list_without_operator(name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}"
    )


def expected_value_missing(exists: str, name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Value must be provided when Exists is {exists} for Attribute: {name}"
    )


def expected_value_unwanted(name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Value cannot be used when Exists is false for Attribute: {name}"
    )


def legacy_update_type(action: str, type_name: str) -> str:
    with_value = " with value" if action == "DELETE" else ""
    return (
        "One or more parameter values were invalid:"
        f" {action} action{with_value} is not supported for the type {type_name}"
    )
