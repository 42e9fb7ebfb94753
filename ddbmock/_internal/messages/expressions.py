"""Error texts for expressions."""

from __future__ import annotations

EXPRESSION_EMPTY = "The expression can not be empty;"
EXPRESSION_TOO_LONG = "Expression size has exceeded the maximum allowed size;"
REDUNDANT_PARENTHESES = "The expression has redundant parentheses;"
#: What a `:value` as a step of a document path gets; the service's grammar lets it through.
VALUE_IN_PATH = "Internal server error"
UPDATE_OPERAND_TYPE = "An operand in the update expression has an incorrect data type"
UPDATE_ATTRIBUTE_MISSING = (
    "The provided expression refers to an attribute that does not exist in the item"
)
UPDATE_PATH_INVALID = "The document path provided in the update expression is invalid for update"


def invalid_expression(label: str, text: str) -> str:
    return f"Invalid {label}: {text}"


def older_expression_too_long(expression_bytes: int) -> str:
    return f"{EXPRESSION_TOO_LONG} expression size: {expression_bytes}"


def expression_syntax_error(token: str, near: str) -> str:
    return f'Syntax error; token: "{token}", near: "{near}"'


def too_many_operators(count: int) -> str:
    return f"The expression contains too many operators; operator count: {count}"


def too_many_in_operands(count: int) -> str:
    return f"The IN operator is provided with too many operands; number of operands: {count}"


def reserved_keyword(word: str) -> str:
    return f"Attribute name is a reserved keyword; reserved keyword: {word}"


def list_index_out_of_range(index: int | str) -> str:
    return f"List index is not within the allowable range; index: [{index}]"


def path_too_deep(levels: int) -> str:
    return f"The document path has too many nesting levels; nesting levels: {levels}"


def unknown_function(name: str) -> str:
    return f"Invalid function name; function: {name}"


def function_not_in_condition(name: str) -> str:
    return f"The function is not allowed in a condition expression; function: {name}"


def function_not_in_update(name: str) -> str:
    return f"The function is not allowed in an update expression; function: {name}"


def function_out_of_place(name: str) -> str:
    return f"The function is not allowed to be used this way in an expression; function: {name}"


def operand_count(function: str, count: int) -> str:
    return (
        "Incorrect number of operands for operator or function;"
        f" operator or function: {function}, number of operands: {count}"
    )


def operand_type(operator: str, type_name: str) -> str:
    return (
        "Incorrect operand type for operator or function;"
        f" operator or function: {operator}, operand type: {type_name}"
    )


def action_operand_type(action: str, type_name: str) -> str:
    return (
        "Incorrect operand type for operator or function;"
        f" operator: {action}, operand type: {type_name},"
        f" typeSet: ALLOWED_FOR_{action}_OPERAND"
    )


def document_path_required(function: str) -> str:
    return f"Operator or function requires a document path; operator or function: {function}"


def operands_not_distinct(operator: str, path: str) -> str:
    return (
        "The first operand must be distinct from the remaining operands for this operator or"
        f" function; operator: {operator}, first operand: {path}"
    )


def between_types_differ(low: str, high: str) -> str:
    return (
        "The BETWEEN operator requires same data type for lower and upper bounds;"
        f" lower bound operand: AttributeValue: {low}, upper bound operand: AttributeValue: {high}"
    )


def between_bounds_reversed(low: str, high: str) -> str:
    return (
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound;"
        f" lower bound operand: AttributeValue: {low}, upper bound operand: AttributeValue: {high}"
    )


def unknown_attribute_type(type_name: str) -> str:
    return (
        f"Invalid attribute type name found; type: {type_name},"
        " valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
    )


def undefined_name(placeholder: str) -> str:
    return (
        "An expression attribute name used in the document path is not defined;"
        f" attribute name: {placeholder}"
    )


def undefined_value(placeholder: str) -> str:
    return (
        "An expression attribute value used in expression is not defined;"
        f" attribute value: {placeholder}"
    )


def paths_overlap(first: str, second: str) -> str:
    return (
        "Two document paths overlap with each other;"
        " must remove or rewrite one of these paths;"
        f" path one: {first}, path two: {second}"
    )


def paths_conflict(first: str, second: str) -> str:
    return (
        "Two document paths conflict with each other;"
        " must remove or rewrite one of these paths;"
        f" path one: {first}, path two: {second}"
    )


def section_used_twice(section: str) -> str:
    return f'The "{section}" section can only be used once in an update expression;'


KEY_CONDITION_TWICE = "KeyConditionExpressions must only contain one condition per key"
KEY_CONDITION_NESTED_PATH = "KeyConditionExpressions cannot have conditions on nested attributes"
KEY_CONDITION_NESTED_OPERATION = "KeyConditionExpressions cannot contain nested operations"
KEY_CONDITION_SEVERAL_NAMES = (
    "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
)
KEY_CONDITION_WITHOUT_NAME = (
    "Invalid condition in KeyConditionExpression: No key attribute specified"
)
KEY_CONDITION_NOT_SUPPORTED = "Query key condition not supported"


def key_condition_operator(operator: str) -> str:
    return f"Invalid operator used in KeyConditionExpression: {operator}"


def key_condition_operand_order(operator: str) -> str:
    return (
        "Invalid condition in KeyConditionExpression:"
        f" {operator} operator must have the key attribute as its first operand"
    )


def key_condition_missing(name: str) -> str:
    return f"Query condition missed key schema element: {name}"


def too_many_key_conditions(condition_count: int, attribute_count: int) -> str:
    return (
        f"The number of query conditions ({condition_count}) exceeds the number of key attributes"
        f" defined in the schema ({attribute_count})"
    )


def partition_key_equality_missing(names: str) -> str:
    """The sentence is by analogy with the one about RANGE: not all of its words are recorded."""
    return f"HASH key attributes {names} must have equality conditions specified in the query"


def sort_key_equality_missing(names: str, conditioned: str) -> str:
    return (
        f"RANGE key attributes {names} must have equality conditions specified in the query"
        f" because a condition is present on key attribute {conditioned}"
    )
