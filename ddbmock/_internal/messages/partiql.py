"""Error texts for PartiQL statements.

Where the text of the service is not recorded, the text is that of DynamoDB Local, whose PartiQL is
the service's own: an empty or unknown text would be no better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STATEMENT_TOO_NESTED = "ddbmock does not read statements that are nested this deeply yet"
PARAMETER_COUNT_MISMATCH = "Number of parameters in request and statement don't match."
ALIASES_NOT_SUPPORTED = "Aliasing is not supported"
SELECT_FROM_SEVERAL_SOURCES = "Only select from a single table or index is supported."
SOURCE_UNEXPECTED = "Unexpected from source"
SOURCE_TOO_LONG = "A path may contain at most 2 components in the FROM clause"
PATH_COMPONENT_EMPTY = "Path component cannot be an empty string"
MANIPULATION_OF_SEVERAL_SOURCES = (
    "FROM clause may only contain a single table name in data manipulation statements"
)
PATH_COMPONENT_UNEXPECTED = "Unexpected path component"
INSERT_WITHOUT_STRUCT = (
    "Unsupported format in item expression. Please use struct format {...} to express item values"
    " for insert statement."
)
INSERT_AT = "AT is not supported in insert statements."
INSERT_RETURNING = "RETURNING clause is not supported in INSERT statements."
SEVERAL_OPERATIONS = "Only one operation is allowed in a statement."
EMPTY_BAG = "Empty bags are not supported"
MIXED_BAG = "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
EXISTS_OUTSIDE_TRANSACTION = "EXISTS can only be used in ExecuteTransaction write requests."
EXISTS_WITHOUT_CONDITION = "EXISTS() must contain a single item read with additional condition"
EXISTS_ON_INDEX = "Operations on indices are not supported in transactions"
KEY_EQUALITY_MISSING = "Where clause does not contain a mandatory equality on all key attributes"
DUPLICATE_ITEM = "Duplicate primary key exists in table"
STATEMENT_INDEX_NOT_FOUND = "The table does not have the specified index"
INDEX_OF_SEVERAL_ATTRIBUTES = (
    "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or"
    " multi-attribute RANGE keys."
)
OPERATION_NOT_FOR_INDEXES = "This operation is not supported on an index"
CONSISTENT_STATEMENT_ON_GLOBAL_INDEX = (
    "Strongly consistent read is not supported on Global Secondary Indexes"
)
KEY_RANGES_OVERLAP = "Overlapping conditions with range keys are not supported in where clause"
TOO_MANY_READS = "Too many decomposed read operations for a given query."
ORDER_WITHOUT_WHERE = "Must have WHERE clause in the statement when using ORDER BY clause."
ORDER_WITHOUT_PARTITION_KEY = (
    "Must have at least one non-optional hash key condition in WHERE clause"
    " when using ORDER BY clause."
)
ORDER_OF_SEVERAL_PARTITIONS = (
    "Must have hash key in ORDER BY clause when more than one hash key condition specified"
    " in WHERE clause."
)
NEXT_TOKEN_INVALID = "Invalid NextToken"  # noqa: S105 (a text about a token)
NEXT_TOKEN_OF_ANOTHER = "NextToken does not match request"  # noqa: S105 (as above)
BATCH_READS_AND_WRITES = "Read and write requests together in the same batch is not supported."
BATCH_SELECT_WITHOUT_KEY = (
    "Select statements within BatchExecuteStatement must specify the primary key"
    " in the where clause."
)
TRANSACTION_READS_AND_WRITES = (
    "ExecuteTransaction API does not support both read and write operations in the same request."
)
TRANSACTION_SELECT_WITHOUT_KEY = (
    "Select statements within ExecuteTransaction must specify the primary key in the where clause."
)
TRANSACTION_SELECT_ON_INDEX = "Reads on indices are not supported within transactions."
TRANSACTION_RETURNING = "RETURNING clause is not supported in ExecuteTransaction."


def statement_malformed(detail: str) -> str:
    return f"Statement wasn't well formed, can't be processed: {detail}"


def at_position(text: str, position: str) -> str:
    return f"{text} at {position}"


def unsupported_statement(kind: str) -> str:
    return f"Unsupported operation: {kind}"


def unsupported_clause(name: str) -> str:
    return f"Unsupported clause: {name}"


def unrecognized_function(name: str) -> str:
    return f"Unrecognized function: {name}"


def unsupported_operator(operator: str) -> str:
    return f"Unsupported operator in Condition Expression. Operator: {operator}"


def unsupported_update_operator(operator: str) -> str:
    return f"Unsupported operator in Update Expression. Operator: {operator}"


def unsupported_token(token: str) -> str:
    return f"Unsupported token in expression: {token}"


def duplicate_columns(name: str) -> str:
    return f"Duplicate identifiers in select clause: {name}"


def invalid_returning(clause: str) -> str:
    return (
        f"Invalid returning clause: {clause}."
        " Only RETURNING ALL OLD * is allowed in DELETE statements."
    )


def set_function_arguments(function: str) -> str:
    return f"{function} must have exactly two arguments"


def set_function_target(function: str) -> str:
    return f"The first argument to {function} must equal the assignment value"


def set_function_operand(function: str) -> str:
    return f"The second argument to {function} must be a value with type SET"


def unsupported_literal(kind: str, path: str) -> str:
    return f"Unsupported data type: {kind} under key {path}"


def under_path(text: str, path: str) -> str:
    return f"{text} under {path}"


def duplicates_in_bag(members: str, *, numbers: bool) -> str:
    end = "! under root" if numbers else "."
    return (
        "One or more parameter values were invalid: Input collection"
        f" [{members}] contains duplicates{end}"
    )


def order_by_other_attribute(name: str) -> str:
    return f"Attribute {name} in ORDER BY clause must be part of the primary key"


def several_values_for_key(name: str) -> str:
    return (
        f"Multiple conditions on same key {name}."
        " Only single item Update/Insert/Delete are supported"
    )


def key_value_of_no_key_type(name: str, type_name: str) -> str:
    return f"Key value must be of type S, N, or B. Key name: {name}, Key type: {type_name}"


def key_value_of_other_type(name: str) -> str:
    return f"Key attribute's data type should match its data type in table's schema: Key {name}"


def filter_not_projected(index_name: str, names: Iterable[str]) -> str:
    return (
        f"One or more parameter values were invalid: Secondary index {index_name}"
        f" does not project one or more filter attributes: [{', '.join(names)}]"
    )


def in_transact_statement(number: int, text: str) -> str:
    return f"Validation failed in TransactStatements[{number}]: {text}"
