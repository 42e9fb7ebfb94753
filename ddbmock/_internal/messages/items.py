"""Error texts for items, queries, batches and transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONDITIONAL_REQUEST_FAILED = "The conditional request failed"
RESOURCE_NOT_FOUND = "Requested resource not found"
KEY_ELEMENT_MISMATCH = "The provided key element does not match the schema"
KEY_CONDITION_TYPE = (
    "One or more parameter values were invalid: Condition parameter type does not match schema type"
)
NAMES_EMPTY = "ExpressionAttributeNames must not be empty"
VALUES_EMPTY = "ExpressionAttributeValues must not be empty"
NAMES_WITHOUT_EXPRESSION = "ExpressionAttributeNames can only be specified when using expressions"
VALUES_WITHOUT_EXPRESSION = "ExpressionAttributeValues can only be specified when using expressions"
ITEM_TOO_LARGE = "Item size has exceeded the maximum allowed size"
UPDATED_ITEM_TOO_LARGE = "Item size to update has exceeded the maximum allowed size"
PARTITION_KEY_TOO_LARGE = (
    "One or more parameter values were invalid:"
    " Size of hashkey has exceeded the maximum size limit of2048 bytes"
)
SORT_KEY_TOO_LARGE = (
    "One or more parameter values were invalid:"
    " Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
)
UPDATED_INDEX_KEY_TYPE = (
    "The update expression attempted to update the secondary index key to unsupported type"
)
UPDATED_INDEX_KEY_TOO_LARGE = (
    "The update expression attempted to update the secondary index key beyond allowed size limits"
)
VALUES_TOO_LARGE = (
    "Expression size has exceeded the maximum allowed size;"
    " total size of expression attribute values exceeds the limit"
)
KEY_CONDITIONS_MISSING = (
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
)
START_KEY_INVALID = "The provided starting key is invalid"
START_KEY_MISMATCH = (
    "The provided starting key is invalid: The provided key element does not match the schema"
)
START_KEY_OUTSIDE = (
    "The provided starting key is outside query boundaries based on provided conditions"
)
START_KEY_OUTSIDE_RANGE = "The provided starting key does not match the range key predicate"
START_KEY_OF_ONE_ROW = "The query can return at most one row and cannot be restarted"
CONSISTENT_READ_ON_GLOBAL_INDEX = "Consistent reads are not supported on global secondary indexes"
SELECT_SPECIFIC_WITHOUT_PROJECTION = (
    "Must specify the AttributesToGet or ProjectionExpression when choosing to get"
    " SPECIFIC_ATTRIBUTES"
)
SELECT_PROJECTED_WITHOUT_INDEX = (
    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
)
SEGMENT_WITHOUT_TOTAL = (
    "The TotalSegments parameter is required but was not present in the request when Segment"
    " parameter is present"
)
TOTAL_WITHOUT_SEGMENT = (
    "The Segment parameter is required but was not present in the request when parameter"
    " TotalSegments is present"
)
DUPLICATE_KEYS_IN_BATCH = "Provided list of item keys contains duplicates"
BATCH_GET_TOO_LONG = "Too many items requested for the BatchGetItem call"
BATCH_WRITE_TOO_LONG = "Too many items requested for the BatchWriteItem call"
BATCH_WRITE_EMPTY_REQUEST = (
    "Supplied AttributeValue has more than one datatypes set,"
    " must contain exactly one of the supported datatypes"
)
TRANSACTION_REPEATS_ITEM = "Transaction request cannot include multiple operations on one item"
TRANSACTION_ACTION_COUNT = "TransactItems can only contain one of Check, Put, Update or Delete"
TRANSACTION_WITHOUT_ACTION = (
    "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
)
TRANSACTION_TOO_LARGE = "Transaction size exceeds limit"
_PAYLOAD_TOO_LARGE = "Transaction payload size cannot exceed 4MB. Payload Size: "
#: Observed.
IDEMPOTENT_MISMATCH = (
    "Specified idempotent token was used with different request parameters within the idempotency"
    " window"
)


def mixed_parameters(legacy: str, expressions: str) -> str:
    return (
        "Can not use both expression and non-expression parameters in the same request:"
        f" Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
    )


def older_values_without_expression(expressions: Sequence[str]) -> str:
    verb = "are" if len(expressions) > 1 else "is"
    return f"{VALUES_WITHOUT_EXPRESSION}: {' and '.join(expressions)} {verb} null"


def placeholder_too_long(parameter: str, size_bytes: int) -> str:
    # The service reports the size of a name only.
    size = f" size of key: {size_bytes}" if parameter == "ExpressionAttributeNames" else ""
    return (
        f"{parameter} contains invalid key: The expression attribute map contains a key that is"
        f" too long;{size}"
    )


def placeholder_syntax(parameter: str, key: str) -> str:
    return f'{parameter} contains invalid key: Syntax error; key: "{key}"'


def invalid_expression_value(text: str, key: str) -> str:
    return f"ExpressionAttributeValues contains invalid value: {text} for key {key}"


def invalid_expression_name(text: str, key: str) -> str:
    return f"ExpressionAttributeNames contains invalid value: {text} for key {key}"


def unused_placeholders(parameter: str, keys: list[str]) -> str:
    return f"Value provided in {parameter} unused in expressions: keys: {{{', '.join(keys)}}}"


def return_values_limited(allowed: str) -> str:
    return f"ReturnValues can only be {allowed}"


def missing_key(name: str) -> str:
    return f"One or more parameter values were invalid: Missing the key {name} in the item"


def key_type_mismatch(name: str, expected: str, actual: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Type mismatch for key {name} expected: {expected} actual: {actual}"
    )


def index_key_type_mismatch(name: str, expected: str, actual: str, index_name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Type mismatch for Index Key {name} Expected: {expected} Actual: {actual}"
        f" IndexName: {index_name}"
    )


#: How the texts for empty key values begin, and no others.
EMPTY_KEY = "One or more parameter values are not valid."


def empty_key(kind: str, name: str) -> str:
    return (
        f"{EMPTY_KEY} The AttributeValue for a key attribute"
        f" cannot contain an empty {_KEY_KINDS[kind]} value. Key: {name}"
    )


def empty_index_key(kind: str, name: str, index_name: str) -> str:
    return (
        f"{EMPTY_KEY} A value specified for a secondary index key"
        " is not supported. The AttributeValue for a key attribute cannot contain an empty"
        f" {_KEY_KINDS[kind]} value. IndexName: {index_name}, IndexKey: {name}"
    )


def updated_index_key_empty(kind: str) -> str:
    return (
        "One or more parameter values are not valid. The update expression attempted to update a"
        " secondary index key to a value that is not supported. The AttributeValue for a key"
        f" attribute cannot contain an empty {_KEY_KINDS[kind]} value."
    )


_KEY_KINDS = {"S": "string", "B": "binary"}


def key_attribute_updated(name: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Cannot update attribute {name}. This attribute is part of the key"
    )


def index_not_found(index_name: str) -> str:
    return f"The table does not have the specified index: {index_name}"


def filter_on_key(parameter: str, name: str) -> str:
    return f"{parameter} can only contain non-primary key attributes: Primary key attribute: {name}"


def select_conflict(select: str, parameter: str) -> str:
    return f"Cannot specify the {parameter} when choosing to get {select}"


def not_projected(index_name: str, names: list[str]) -> str:
    return (
        "One or more parameter values were invalid: Global secondary index"
        f" {index_name} does not project [{', '.join(names)}]"
    )


def nested_key(kind: str, name: str) -> str:
    """`kind` is Key or IndexKey."""
    return (
        "Key attributes must be scalars; list random access '[]' and map lookup '.'"
        f" are not allowed: {kind}: {name}"
    )


def duplicate_attribute(name: str) -> str:
    return f"One or more parameter values were invalid: Duplicate value in attribute name: {name}"


def all_attributes_not_projected(index_name: str) -> str:
    return (
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported"
        f" for global secondary index {index_name} because its projection type is not ALL"
    )


def segment_out_of_range(segment: int, total_segments: int) -> str:
    return (
        "The Segment parameter is zero-based and must be less than parameter TotalSegments:"
        f" Segment: {segment} is not less than TotalSegments: {total_segments}"
    )


def exclusive_start_key_invalid(attributes: Sequence[str]) -> str:
    return (
        "The provided exclusive start key is invalid: ExclusiveStartKey:"
        f" {{{', '.join(attributes)}}}"
    )


def start_key_outside_segment(segment: int, total_segments: int) -> str:
    return (
        f"{START_KEY_INVALID}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with"
        f" correct Segment. TotalSegments: {total_segments} Segment: {segment}"
    )


def payload_too_large(payload_bytes: int) -> str:
    """The service repeats the sentence."""
    return f"{_PAYLOAD_TOO_LARGE}: {_PAYLOAD_TOO_LARGE}{payload_bytes}"


def transaction_cancelled(codes: list[str]) -> str:
    return (
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
        f" [{', '.join(codes)}]"
    )
