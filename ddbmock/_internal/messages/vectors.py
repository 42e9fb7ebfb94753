"""Error texts for vectors, vector indexes and searches."""

from __future__ import annotations

from ddbmock._internal.messages.requests import INVALID

_NOT_VALID = "One or more parameter values are not valid. "
#: The blank before the full stop is the service's.
_WERE_INVALID = "One or more parameter values were invalid . "
_INVALID_SENTENCE = "One or more parameter values were invalid. "

# What is wrong with an item.


def vector_type(attribute_name: str, actual: str, index_name: str) -> str:
    return (
        f"{_NOT_VALID}{_WERE_INVALID}Invalid type for parameter {attribute_name},"
        f" Expected: L, Actual: {actual}. IndexName: {index_name}"
    )


def vector_size(attribute_name: str, expected: int, actual: int, index_name: str) -> str:
    return (
        f"{_NOT_VALID}{_WERE_INVALID}Invalid size for parameter {attribute_name},"
        f" Expected: {expected}, Actual: {actual}. IndexName: {index_name}"
    )


def component_out_of_range(attribute_name: str, at: int, value: str, index_name: str) -> str:
    return (
        f"{_NOT_VALID}{_WERE_INVALID}Invalid value for parameter {attribute_name}[{at}],"
        f" Value: {value} is outside valid range [-3.4028235E38, 3.4028235E38]."
        f" IndexName: {index_name}"
    )


def component_type(attribute_name: str, at: int, actual: str, index_name: str) -> str:
    return (
        f"{_INVALID_SENTENCE}Invalid type for parameter {attribute_name}[{at}],"
        f" Expected: 32-bit floating point number, Actual: {actual}. IndexName: {index_name}"
    )


def search_attribute_type(name: str, expected: str, actual: str, index_name: str) -> str:
    return (
        f"{_INVALID_SENTENCE}Attribute '{name}' type mismatch. Expected: {expected},"
        f" Actual: {actual}. IndexName: {index_name}"
    )


def search_hash_empty(name: str, kind: str, index_name: str) -> str:
    content = "string" if kind == "S" else "binary"
    return (
        f"{_NOT_VALID}A value specified for a secondary index key is not supported."
        f" The AttributeValue for a key attribute cannot contain an empty {content} value."
        f" IndexName: {index_name}, IndexKey: {name}"
    )


SEARCH_HASH_TOO_LARGE = (
    f"{INVALID}Aggregate size for HASH key attributes exceeds the maximum of 2048 bytes"
)


def search_filter_too_large(name: str) -> str:
    return f"{INVALID}Size limit exceeded for SearchSchema attribute '{name}': maximum 10240 bytes"


# What is wrong with a definition.

VECTOR_ACTION_MISSING = (
    f"{INVALID}One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null"
)
VECTOR_ACTIONS_SEVERAL = (
    f"{INVALID}Only one vector index action is allowed per VectorIndexUpdate object"
)


def too_many_online_vectors(limit: int) -> str:
    return (
        "Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit"
        f" of {limit}"
    )


def key_redefined_as_vector(existing: str, new: str) -> str:
    return (
        f"{INVALID}Attributes cannot be redefined. Please check that your attribute has the same"
        f" type as previously defined. Existing schema: Schema:[SchemaElement: key{{{existing}}}]"
        f" New schema: VectorIndexSchema:[VectorAttribute: key{{{new}}}]"
    )


# What is wrong with a search.

SEARCH_VECTOR_INVALID = (
    "Search vector contains invalid values. All values in the search vector must be a 32-bit"
    " floating-point number attribute"
)
SEARCH_CONDITION_MISSING = (
    "SearchConditionExpression must be provided when SearchSchema has a HASH key"
)
SEARCH_HASH_MISSING = (
    "SearchConditionExpression must have all HASH attributes in configured SearchSchema"
)
SEARCH_COMPARATOR = "Invalid comparator used in SearchConditionExpression"
SEARCH_OPERATOR = "Invalid operator used in SearchConditionExpression"
SEARCH_NESTED = "SearchConditionExpression cannot have conditions on nested attributes"
SEARCH_ATTRIBUTE_TWICE = "SearchConditionExpression must only contain one condition per attribute"


def top_k_out_of_range(top_k: int) -> str:
    return (
        f"Provided TopK value '{top_k}' is out of valid range."
        " The value must be between 1 and 100 inclusive"
    )


def backfilling_vectors(index_name: str) -> str:
    return f"Cannot search backfilling vector index: {index_name}"


def search_vector_size(actual: int, expected: int) -> str:
    return (
        f"Input search vector dimension {actual} does not match vector index dimension {expected}"
    )


def attribute_not_searched(name: str) -> str:
    return (
        "SearchConditionExpression must not contain any attributes that is not in SearchSchema."
        f" Invalid attribute: {name}"
    )


def search_value_type(name: str) -> str:
    return f"Search condition value for attribute '{name}' does not match type in search schema"


def not_on_this_index(operation_name: str) -> str:
    return f"{operation_name} operation not supported on this index type."
