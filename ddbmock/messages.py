"""The service's texts, by name.

A constant is a whole text; a function fills in what varies. Nothing here decides when a text is
used. Texts are facts of the service: spelling, double blanks and missing full stops are its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# --- requests: serialization and model constraints -------------------------------------------

STRUCTURE_NOT_EXPECTED = "Start of structure or map found where not expected"
UNEXPECTED_FIELD = "Unexpected field type"
UNEXPECTED_VALUE = "Unexpected value type in payload"
NOT_A_BOOLEAN = "Unexpected token received from parser"
NOT_BASE64_TEXT = "only base-64-encoded strings are convertible to bytes"
BASE64_LAST_CHARACTER = "Invalid last non-pad Base64 character dectected"
NESTED_COLLECTION_EXPECTED = (
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class"
    " java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and"
    " java.lang.Class are in module java.base of loader 'bootstrap')"
)

MEMBER_NOT_NULL = "Member must not be null"
TABLE_NAME_REQUIRED = "The parameter 'TableName' is required but was not present in the request"
ARN_FORMAT = (
    "Valid ARN format is"
    " 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName',"
    " where Resource name must have length less than or equal to 255,"
    " Resource name must have length greater than or equal to 3,"
    " Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
)


def not_convertible(token: str, java_type: str) -> str:
    return f"{token} cannot be converted to {java_type}"


def unrecognized_collection(java_type: str) -> str:
    return f"Unrecognized collection type {java_type}"


def base64_length(character_count: int) -> str:
    return f"Base64 encoded length is expected a multiple of 4 bytes but found: {character_count}"


def base64_character(character: str) -> str:
    return f"Invalid Base64 character: '{character}'"


def validation_errors(violations: Sequence[str]) -> str:
    plural = "" if len(violations) == 1 else "s"
    return f"{len(violations)} validation error{plural} detected: {'; '.join(violations)}"


def violation(value: str, path: str, constraint: str) -> str:
    """`value` is `null`, a quoted text, or empty where the service leaves the value out."""
    shown = f"Value {value} at" if value else "Value at"
    return f"{shown} '{path}' failed to satisfy constraint: {constraint}"


def length_at_least(bound: int) -> str:
    return f"Member must have length greater than or equal to {bound}"


def length_at_most(bound: int) -> str:
    return f"Member must have length less than or equal to {bound}"


def value_at_least(bound: int) -> str:
    return f"Member must have value greater than or equal to {bound}"


def value_at_most(bound: int) -> str:
    return f"Member must have value less than or equal to {bound}"


def one_of(values: Iterable[str]) -> str:
    return f"Member must satisfy enum value set: [{', '.join(values)}]"


def matching(pattern: str) -> str:
    return f"Member must satisfy regular expression pattern: {pattern}"


def map_keys_must(constraints: Iterable[str]) -> str:
    return f"Map keys must satisfy constraint: [{', '.join(constraints)}]"


def map_value_must(constraints: Iterable[str]) -> str:
    return f"Map value must satisfy constraint: [{', '.join(constraints)}]"


def request_items_required(operation_name: str) -> str:
    return f"The requestItems parameter is required for {operation_name}"


def invalid_region(arn: str) -> str:
    return f"Invalid AWS region in '{arn}'"


def invalid_resource_type(arn: str) -> str:
    return f"Invalid resource type in '{arn}'"


def name_length(member_name: str) -> str:
    return f"{member_name} must be at least 3 characters long and at most 255 characters long"


# What a table's definition must be, beyond the model.

_INVALID = "One or more parameter values were invalid: "
_ON_DEMAND_DOCUMENTATION = (
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
    "on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
)

THROUGHPUT_MISSING = (
    f"{_INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified"
    " when BillingMode is PROVISIONED"
)
THROUGHPUT_FORBIDDEN = (
    f"{_INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
    " when BillingMode is PAY_PER_REQUEST"
)
KEY_WITHOUT_DEFINITION = "Invalid KeySchema: Some index key attribute have no definition"
KEY_NAMES_EQUAL = "Both the Hash Key and the Range Key element in the KeySchema have the same name"
KEY_NAMES_REPEATED = "The KeySchema contains multiple key attributes with the same name"
FIRST_KEY_NOT_HASH = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
SECOND_KEY_NOT_RANGE = "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
HASH_AFTER_RANGE = (
    f"{_INVALID}All HASH key attributes must precede RANGE key attributes in the KeySchema"
)
DEFINITIONS_NOT_MATCHING = (
    f"{_INVALID}Number of attributes in KeySchema does not exactly match"
    " number of attributes defined in AttributeDefinitions"
)
TABLE_WITHOUT_RANGE_KEY = (
    f"{_INVALID}Table KeySchema does not have a range key,"
    " which is required when specifying a LocalSecondaryIndex"
)
TOO_MANY_LOCAL_INDEXES = f"{_INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5"
TOO_MANY_PROJECTED_ATTRIBUTES = (
    f"{_INVALID}Total number of projected attributes for all indexes exceeds"
    " the per-table limit of 100"
)
STREAM_WITHOUT_VIEW_TYPE = (
    f"{_INVALID}Table is being created with a stream enabled, UpdateViewType is required"
)
VIEW_TYPE_WITHOUT_STREAM = (
    f"{_INVALID}Table is being created with a stream disabled,"
    " UpdateViewType should not be specified"
)
KMS_TYPE_REQUIRED = f"{_INVALID}SSEType KMS is required if KMSMasterKeyId is specified"
AES256_NOT_SUPPORTED = f"{_INVALID}SSEType AES256 is not supported"
TABLE_CLASS_UNKNOWN = (
    "Invalid table-class parameter provided. Please try again with a valid table-class value:"
    " [STANDARD, STANDARD_INFREQUENT_ACCESS]."
)
TOO_MANY_TAGS = "Number of Tags exceed the current limit for the provided ResourceArn"
VECTORS_NEED_ON_DEMAND = f"{_INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables"
VECTOR_DIMENSIONS = f"{_INVALID}Number of dimensions must be between 1 and 4096 inclusive."
SEARCH_SCHEMA_WITHOUT_DEFINITION = (
    f"{_INVALID}One element in SearchSchema is not defined in attribute definitions"
)
SEARCH_SCHEMA_NAMES_REPEATED = f"{_INVALID}SearchSchema contains a duplicate AttributeName"


def units_out_of_bounds(units: int, member_name: str, index_name: str | None) -> str:
    place = "" if index_name is None else f" for index {index_name}"
    return f"Given value {units} for {member_name} is out of bounds{place}"


def duplicate_definition(attribute_name: str) -> str:
    return f"Attribute Name is duplicated: {attribute_name}"


def keys_not_defined(keys: Iterable[str], defined: Iterable[str]) -> str:
    return (
        f"{_INVALID}Some index key attributes are not defined in AttributeDefinitions."
        f" Keys: [{', '.join(keys)}], AttributeDefinitions: [{', '.join(defined)}]"
    )


def definitions_not_used(defined: Iterable[str], used: Iterable[str]) -> str:
    return (
        f"{_INVALID}Some AttributeDefinitions are not used."
        f" AttributeDefinitions: [{', '.join(defined)}], keys used: [{', '.join(used)}]"
    )


def too_many_key_attributes(key_type: str) -> str:
    return (
        f"{_INVALID}The KeySchema exceeds the maximum allowed number of {key_type} key attributes"
    )


def empty_list(member_name: str) -> str:
    return f"{_INVALID}List of {member_name} is empty"


def index_without_range_key(index_name: str) -> str:
    return f"{_INVALID}Index KeySchema does not have a range key for index: {index_name}"


def other_hash_key(index_name: str, index_key: str, table_key: str) -> str:
    return (
        f"{_INVALID}Index KeySchema does not have the same leading hash key as table KeySchema"
        f" for index: {index_name}. index hash key: {index_key}, table hash key: {table_key}"
    )


def too_many_indexes(kind: str, limit: int) -> str:
    return f"{_INVALID}{kind} count exceeds the per-table limit of {limit}"


def duplicate_index_name(index_name: str) -> str:
    return f"{_INVALID}Duplicate index name: {index_name}"


def unknown_projection_type(projection_type: str | None) -> str:
    return f"{_INVALID}Unknown ProjectionType: {projection_type or 'null'}"


def non_key_attributes_given(projection_type: str) -> str:
    return f"{_INVALID}ProjectionType is {projection_type}, but NonKeyAttributes is specified"


def non_key_attributes_missing(projection_type: str) -> str:
    return f"{_INVALID}ProjectionType is {projection_type}, but NonKeyAttributes is not specified"


def duplicate_non_key_attribute(attribute_name: str) -> str:
    return f"{_INVALID}Duplicate element in NonKeyAttributes: {attribute_name}"


def index_throughput_missing(index_name: str) -> str:
    return f"{_INVALID}ProvisionedThroughput is not specified for index: {index_name}"


def index_throughput_forbidden(index_name: str) -> str:
    return (
        f"{_INVALID}ProvisionedThroughput should not be specified for index: {index_name}"
        " when BillingMode is PAY_PER_REQUEST"
    )


def on_demand_forbidden(member_name: str, index_name: str | None) -> str:
    place = "" if index_name is None else f" for index: {index_name}"
    return (
        f"{_INVALID}{member_name} for OnDemandThroughput{place} cannot be specified"
        " when table BillingMode is PROVISIONED."
    )


def on_demand_out_of_range(member_name: str, index_name: str | None) -> str:
    place = "table" if index_name is None else f"index : {index_name}"
    return (
        f"{_INVALID}Requested {member_name} for OnDemandThroughput for {place}"
        " is outside of valid range"
    )


def warm_below_provisioned(member_name: str, index_name: str | None, capacity_name: str) -> str:
    place = "table" if index_name is None else f"index {index_name}"
    return (
        f"{_INVALID}Requested {member_name} for WarmThroughput for {place}"
        f" is lower than {capacity_name} of ProvisionedThroughput"
    )


def warm_below_initial(member_name: str, index_name: str | None) -> str:
    place = "table" if index_name is None else f"index {index_name}"
    return (
        f"{_INVALID}Requested {member_name} for WarmThroughput for {place} is lower than"
        f" initial throughput for OnDemand. See: {_ON_DEMAND_DOCUMENTATION}"
    )


def encryption_not_enabled(member_name: str) -> str:
    return f"{_INVALID}{member_name} can not be specified if Enabled is false"


def tag_key_invalid(key: str | None) -> str:
    return f"The Tag Key provided is invalid, Key: {'null' if key is None else key}"


def tag_value_invalid(value: str | None) -> str:
    return f"The Tag Value provided is invalid, Value: {'null' if value is None else value}"


def tag_key_reserved(key: str) -> str:
    return f"Tag Key cannot be prefixed with aws:, Key: {key}"


def duplicate_tag_key(key: str) -> str:
    return f"Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}"


def too_many_search_hashes(hash_count: int) -> str:
    return (
        f"{_INVALID}Value '{hash_count}' at 'SearchSchema' failed to satisfy constraint:"
        " Member must have HASH count less than or equal to 1"
    )


def conflicting_dimensions(attribute_name: str) -> str:
    return (
        f"{_INVALID}Conflicting attribute definition for '{attribute_name}'. All VectorIndexes"
        " on the same vector attribute must use the same dimensions."
    )


def vector_attribute_defined(attribute_name: str) -> str:
    return (
        f"{_INVALID}Conflicting attribute definition for '{attribute_name}'. An attribute cannot"
        " be defined in AttributeDefinitions when used as a VectorAttribute."
    )


# --- expressions -----------------------------------------------------------------------------

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


def scanned_expression_too_long(expression_bytes: int) -> str:
    return f"{EXPRESSION_TOO_LONG} expression size: {expression_bytes}"


def expression_syntax_error(token: str, near: str) -> str:
    return f'Syntax error; token: "{token}", near: "{near}"'


def too_many_operators(count: int) -> str:
    return f"The expression contains too many operators; operator count: {count}"


def too_many_in_operands(count: int) -> str:
    return f"The IN operator is provided with too many operands; number of operands: {count}"


def reserved_keyword(word: str) -> str:
    return f"Attribute name is a reserved keyword; reserved keyword: {word}"


def list_index_out_of_range(index: int) -> str:
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


def sort_key_equality_missing(names: str, conditioned: str) -> str:
    return (
        f"RANGE key attributes {names} must have equality conditions specified in the query"
        f" because a condition is present on key attribute {conditioned}"
    )


# --- legacy parameters -----------------------------------------------------------------------

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


# --- attribute values and numbers ------------------------------------------------------------

VALUE_EMPTY = (
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
)
VALUE_WITH_SEVERAL_TYPES = (
    "Supplied AttributeValue has more than one datatypes set,"
    " must contain exactly one of the supported datatypes"
)
NULL_MUST_BE_TRUE = (
    "One or more parameter values were invalid:"
    " Null attribute value types must have the value of true"
)
SET_EMPTY = {
    "SS": "One or more parameter values were invalid: An string set  may not be empty",
    "NS": "One or more parameter values were invalid: An number set  may not be empty",
    "BS": "One or more parameter values were invalid: Binary sets should not be empty",
}
SET_WITH_NULL = {
    "SS": "One or more parameter values were invalid:"
    " An string set may not have a null string as a member",
    "NS": "One or more parameter values were invalid:"
    " An number set may not have a null number as a member",
    "BS": "One or more parameter values were invalid:"
    " Binary sets may not contain null or empty values",
}
NESTING_TOO_DEEP = (
    "Nesting Levels have exceeded supported limits:"
    " Attributes in the item have nested levels beyond supported limit"
)
#: What the oldest value reader says of a set that names a member twice.
OLDER_DUPLICATES_IN_SET = {
    "SS": "One or more parameter values were invalid: Input collection {} contains duplicates.",
    "NS": "Input collection contains duplicates",
    "BS": (
        "One or more parameter values were invalid:"
        " Input collection {}of type BS contains duplicates."
    ),
}
ATTRIBUTE_NAME_EMPTY = "Empty attribute name"
ATTRIBUTE_NAME_TOO_LONG = "Attribute name is too large, must be less than 65536 bytes"
NUMBER_EMPTY = "The parameter cannot be converted to a numeric value"
NUMBER_OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
NUMBER_UNDERFLOW = (
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)
NUMBER_PRECISION = "Attempting to store more than 38 significant digits in a Number"
INVALID_BASE64 = "Base64 encoded length is expected a multiple of 4 bytes"


def not_a_number(text: str) -> str:
    return f"The parameter cannot be converted to a numeric value: {text}"


def duplicates_in_set(members: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Input collection {members} contains duplicates."
    )


def one_validation_error(text: str) -> str:
    return f"1 validation error detected: {text}"


# --- tables and indexes ----------------------------------------------------------------------

_LIMIT_EXCEEDED = "Subscriber limit exceeded: "
_HIGHER_LIMITS = (
    "Refer to the Amazon DynamoDB Developer Guide for current limits"
    " and how to request higher limits."
)

DELETION_PROTECTED = (
    "Resource cannot be deleted as it is currently protected against deletion."
    " Disable deletion protection first."
)


def table_exists(name: str) -> str:
    return f"Table already exists: {name}"


def table_not_found(name: str) -> str:
    return f"Requested resource not found: Table: {name} not found"


def index_to_change_not_found(index_name: str, table_name: str) -> str:
    return f"Requested resource not found: Index {index_name} for table {table_name}"


def backfilling(index_name: str) -> str:
    return f"Cannot read from backfilling global secondary index: {index_name}"


# What goes on with a table or index and stands in the way of another change. The places in braces
# are filled in: `table`, `index`, and `detail` about what goes on.

RESOURCE_IN_USE = "Attempt to change a resource which is still in use"
TABLE_IS_CREATED = "Table is being created: {table}"
TABLE_IS_DELETED = "Table is being deleted: {table}"
TABLE_IS_UPDATED = "Table: {table} is in the process of being updated."
TABLE_IS_CREATED_FOR_TTL = "Table {table} is being created"
UNITS_ARE_UPDATED = "Table IOPS are currently being updated. Table: {table}"
UNITS_BLOCKED_BY_STREAM = (
    "Can't change table IOPS when stream status is being updated. Table: {table} {detail}"
)
UNITS_BLOCKED_BY_CLASS = (
    "Can't change table IOPS when a table class update is in progress. Table: {table} {detail}"
)
UNITS_BLOCKED_BY_NEW_INDEX = (
    "Can't change table IOPS when an index is being created. Table: {table} {detail}"
)
UNITS_BLOCKED_BY_OLD_INDEX = (
    "Can't change table IOPS when an index is being deleted. Table: {table} {detail}"
)
STREAM_IS_UPDATED = "A stream status change is currently in progress. Table: {table} {detail}"
STREAM_BLOCKED_BY_UNITS = (
    "Can't enable or disable stream while table IOPS are being updated. Table: {table}"
)
STREAM_BLOCKED_BY_CLASS = (
    "Can't change stream status when a table class update is in progress. Table: {table} {detail}"
)
STREAM_BLOCKED_BY_NEW_INDEX = (
    "Can't change stream status when an index is being created. Table: {table} {detail}"
)
STREAM_BLOCKED_BY_OLD_INDEX = (
    "Can't change stream status when an index is being deleted. Table: {table} {detail}"
)
INDEX_BLOCKED_BY_UNITS = (
    "Can't create or delete indexes while table IOPS are being updated. Table: {table}"
)
INDEX_BLOCKED_BY_STREAM = (
    "Can't create or delete an index when stream status is being updated. Table: {table} {detail}"
)
INDEX_BLOCKED_BY_CLASS = (
    "Can't create or delete an index when a table class update is in progress."
    " Table: {table} {detail}"
)
CLASS_IS_UPDATED = (
    "Can't update table class when a table class update is in progress. Table: {table} {detail}"
)
CLASS_BLOCKED_BY_STREAM = (
    "Can't update table class when stream status is being updated. Table: {table} {detail}"
)
ON_DEMAND_BLOCKED_BY_BILLING = (
    "OnDemandThroughput cannot be updated while BillingMode update is in progress"
)
ON_DEMAND_BLOCKED_BY_STREAM = (
    "OnDemandThroughput cannot be updated while stream status update is in progress. {detail}"
)
ON_DEMAND_BLOCKED_BY_CLASS = (
    "OnDemandThroughput cannot be updated while TableClass update is in progress. {detail}"
)
ON_DEMAND_BLOCKED_BY_NEW_INDEX = (
    "OnDemandThroughput cannot be updated while index creation is in progress"
    " for indexes: [{index}]"
)
ON_DEMAND_BLOCKED_BY_OLD_INDEX = (
    "OnDemandThroughput cannot be updated while index deletion is in progress"
    " for indexes: [{index}]"
)
ENCRYPTION_IS_UPDATED = "Server-Side Encryption is still being updated"
INDEXES_BLOCK_DELETION = "Cannot delete table while indexes are being created, updated, or deleted."
STREAM_BLOCKS_DELETION = "Cannot delete table while stream is being enabled/disabled."
INDEX_IS_DELETED = "Index is being deleted. Table: {table} Index: {index}"
INDEX_IS_UPDATED = "Index is being updated. Table: {table} Index: {index}"
INDEX_IS_CREATED = "Index is being created.  Table: {table} Index: {index}"
INDEX_IS_NOT_FILLED_YET = (
    "Index is being created but is not backfilling yet.  Table: {table} Index: {index}"
)
INDEX_IS_ALLOCATED = (
    "Index creation is in resource allocation phase. Retry deletion during backfilling phase"
    " or when the index is active. Table: {table} Index: {index}"
)


def in_use(reason: str, **places: str) -> str:
    return f"{RESOURCE_IN_USE}: {reason.format(**places)}"


# What an UpdateTable may say.

NOTHING_TO_UPDATE = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
    " GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady,"
    " ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled,"
    " OnDemandThroughput, WarmThroughput or TableClass is required"
)
WARM_ALONE = f"{_INVALID}WarmThroughput must be the only operation in the request"
WARM_WITHOUT_NEW_INDEX = (
    f"{_INVALID}Create global secondary index cannot be specified when updating WarmThroughput"
)
ON_DEMAND_WITH_BILLING_ONLY = (
    f"{_INVALID}OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"
)
STREAM_WITH_UNITS = f"{_INVALID}You cannot modify stream status while updating table IOPS"
INDEX_WITH_UNITS = f"{_INVALID}You cannot create or delete index while updating table IOPS"
INDEX_WITH_STREAM = f"{_INVALID}You cannot create or delete index while changing stream status"
NEW_STREAM_WITHOUT_VIEW_TYPE = (
    f"{_INVALID}If stream is being enabled then UpdateViewType is required"
)
OLD_STREAM_WITH_VIEW_TYPE = (
    f"{_INVALID}If stream is being disabled, then UpdateViewType must not be specified"
)
UNITS_REQUIRED_TO_PROVISION = (
    f"{_INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
)
UNITS_FORBIDDEN_ON_DEMAND = (
    f"{_INVALID}ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST"
)
INDEX_ACTION_MISSING = (
    f"{_INVALID}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create,"
    " GlobalSecondaryIndexUpdate.Delete must not be null"
)
INDEX_ACTIONS_SEVERAL = (
    f"{_INVALID}Only one global secondary index action is allowed per"
    " GlobalSecondaryIndexUpdate object"
)
INDEX_EXISTS = "Attempting to create an index which already exists"
ENCRYPTED_BY_DEFAULT = f"{_INVALID}Table is already encrypted by default"
ENCRYPTED_WITH_KEY = (
    f"{_INVALID}Table is already encrypted with given KMSMasterKeyId."
    " Use KMSMasterKeyId parameter if you want to change Master Key"
)
ONE_INDEX_AT_A_TIME = (
    f"{_LIMIT_EXCEEDED}Only 1 online index can be created or deleted simultaneously per table"
)
TOO_MANY_CLASS_CHANGES = (
    f"{_LIMIT_EXCEEDED}Updates to TableClass are limited to 2 times in 30 day(s)."
)


def alone_in_request(concern: str) -> str:
    return f"{_INVALID}{concern} modification must be the only operation in the request"


def one_action_an_index(index_name: str) -> str:
    return (
        f"{_INVALID}Only one global secondary index update per index is allowed simultaneously."
        f" Index: {index_name}"
    )


def index_without_definitions(index_name: str) -> str:
    return f"{_INVALID}AttributeDefinitions is not specified for index: {index_name}"


def attribute_redefined(existing: str, new: str) -> str:
    return (
        f"{_INVALID}Attributes cannot be redefined. Please check that your attribute has the same"
        f" type as previously defined. Existing schema: Schema:[SchemaElement: key{{{existing}}}]"
        f" New schema: Schema:[SchemaElement: key{{{new}}}]"
    )


def not_a_global_index(verb: str, index_name: str) -> str:
    return f"Cannot {verb} an index that is not a GlobalSecondaryIndex: {index_name}"


def index_units_required(index_name: str) -> str:
    return f"{_INVALID}ProvisionedThroughput must be specified for index: {index_name}"


def index_units_incomplete(index_name: str) -> str:
    return (
        f"{_INVALID}Both ReadCapacityUnits and WriteCapacityUnits must be specified"
        f" for index: {index_name}"
    )


def index_units_forbidden(index_name: str) -> str:
    return (
        f"{_INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
        f" for index: {index_name} when BillingMode is PAY_PER_REQUEST"
    )


def index_is_on_demand(index_name: str) -> str:
    return (
        f"{_INVALID}The only Updates for index: {index_name} when TableThroughputMode is"
        " PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput"
    )


def maximum_without_on_demand(member_name: str, index_name: str | None) -> str:
    place = "" if index_name is None else f" for index : {index_name}"
    return (
        f"{_INVALID}{member_name} for OnDemandThroughput{place} cannot be specified"
        " when the table BillingMode is PROVISIONED"
    )


def warm_decreased(member_name: str, index_name: str | None) -> str:
    place = "table" if index_name is None else f"index {index_name}"
    return (
        f"{_INVALID}Requested {member_name} for WarmThroughput for {place} is lower than current"
        " WarmThroughput, decreasing WarmThroughput is not supported"
    )


def units_unchanged(read_units: int, write_units: int, index_name: str | None) -> str:
    thing = "the table" if index_name is None else f"the index {index_name}"
    place = "the table" if index_name is None else f"index {index_name}"
    return (
        f"The provisioned throughput for {thing} will not change."
        " The requested value equals the current value."
        f" Current ReadCapacityUnits provisioned for {place}: {read_units}."
        f" Requested ReadCapacityUnits: {read_units}."
        f" Current WriteCapacityUnits provisioned for {place}: {write_units}."
        f" Requested WriteCapacityUnits: {write_units}. {_HIGHER_LIMITS}"
    )


def too_many_decreases(count: int, last: str, following: str) -> str:
    return (
        f"{_LIMIT_EXCEEDED}Provisioned throughput decreases are limited within a given UTC day."
        " After the first 4 decreases, each subsequent decrease in the same UTC day can be"
        " performed at most once every 3600 seconds."
        f" Number of decreases today: {count}. Last decrease at {last}."
        f" Next decrease can be made at {following}"
    )


def too_many_encryption_changes(window_end: str, count: int, last: str, following: str) -> str:
    return (
        f"{_LIMIT_EXCEEDED}Encryption mode changes are limited in the 24h window ending at"
        f" {window_end}. After the first 4 change, each subsequent change in the same window can"
        f" be performed at most once every 21600 seconds. Number of updates today: {count}."
        f" Last change at {last}. Next changes can be made at {following}."
    )


def too_many_online_indexes(limit: int) -> str:
    return f"{_LIMIT_EXCEEDED}Number of global secondary indexes exceeds per-table limit of {limit}"


def units_over_table_quota(
    member_name: str, index_name: str | None, units: int, region_name: str, quota: int
) -> str:
    place = "" if index_name is None else f" for index {index_name}"
    thing = "table" if index_name is None else "index"
    return (
        f"The requested {member_name}{place}, {units}, is above the per {thing} maximum for the"
        f" account in {region_name}. Per table maximum: {quota}. {_HIGHER_LIMITS}"
    )


def units_over_account_quota(
    member_name: str, region_name: str, reserved: int, quota: int, requested: int
) -> str:
    return (
        f"This request would have caused the {member_name} limit to be exceeded for the account"
        f" in {region_name}. Current {member_name} reserved by the account: {reserved}."
        f" Limit: {quota}. Requested: {requested}. {_HIGHER_LIMITS}"
    )


def throughput_over_quota(member_name: str, kind: str, place: str, quota: str, region: str) -> str:
    return (
        f"{_LIMIT_EXCEEDED}Requested {member_name} for {kind} for {place} exceeds {quota}"
        f" of the account in region {region}"
    )


# --- items, queries, batches, transactions ---------------------------------------------------

CONDITIONAL_REQUEST_FAILED = "The conditional request failed"
RESOURCE_NOT_FOUND = "Requested resource not found"
KEY_ELEMENT_MISMATCH = "The provided key element does not match the schema"
KEY_CONDITION_TYPE = (
    "One or more parameter values were invalid: Condition parameter type does not match schema type"
)
NAMES_EMPTY = "ExpressionAttributeNames must not be empty"
VALUES_EMPTY = "ExpressionAttributeValues must not be empty"
NAMES_WITHOUT_EXPRESSION = "ExpressionAttributeNames can only be specified when using expressions"
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
IDEMPOTENT_MISMATCH = (
    "Transaction request was made with a ClientRequestToken that was used before"
    " with different parameters"
)


def mixed_parameters(legacy: str, expressions: str) -> str:
    return (
        "Can not use both expression and non-expression parameters in the same request:"
        f" Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
    )


def values_without_expression(expressions: list[str]) -> str:
    verb = "are" if len(expressions) > 1 else "is"
    return (
        "ExpressionAttributeValues can only be specified when using expressions:"
        f" {' and '.join(expressions)} {verb} null"
    )


def placeholder_too_long(parameter: str, size_bytes: int) -> str:
    # The service tells the size of a name only.
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


def start_key_outside_segment(segment: int, total_segments: int) -> str:
    return (
        f"{START_KEY_INVALID}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with"
        f" correct Segment. TotalSegments: {total_segments} Segment: {segment}"
    )


def transaction_cancelled(codes: list[str]) -> str:
    return (
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
        f" [{', '.join(codes)}]"
    )


# --- streams, time to live, tags -------------------------------------------------------------

STREAM_ARN_INVALID = "Invalid StreamArn"
SHARD_NOT_FOUND = "Requested resource not found: Shard does not exist"
SHARD_ITERATOR_INVALID = "Invalid ShardIterator"
SHARD_ITERATOR_EXPIRED = "Shard iterator has expired"
TRIMMED_DATA = "The data you are trying to access has been trimmed"
SHARD_FILTER_INCOMPLETE = f"{_INVALID}Both Type and ShardId must be specified in ShardFilter"
ITERATOR_IN_FUTURE = f"{_INVALID}Timestamp must not be in the future"
ENABLED_STREAM_WITHOUT_VIEW_TYPE = (
    f"{_INVALID}If stream is being enabled, then UpdateViewType must be specified"
)
DISABLED_STREAM_WITH_VIEW_TYPE = (
    f"{_INVALID}If stream is being disabled, then UpdateViewType must not be specified"
)


def stream_already_enabled(table_name: str) -> str:
    return f"Table already has an enabled stream: TableName: {table_name}"


def no_stream_to_disable(table_name: str) -> str:
    return f"Table has no stream to disable: TableName: {table_name}"


def stream_not_found(arn: str) -> str:
    return f"Requested resource not found: Stream: {arn} not found"


def iterator_lacks(name: str, iterator_type: str) -> str:
    return f"{_INVALID}{name} is required for ShardIteratorType {iterator_type}"


def iterator_takes_no(name: str, iterator_type: str) -> str:
    return f"{_INVALID}{name} must not be specified for ShardIteratorType {iterator_type}"


def sequence_number_invalid(number: str) -> str:
    return f"Invalid SequenceNumber: {number}"


def reported_failures(table_name: str, identifiers: Iterable[object]) -> str:
    listed = ", ".join(map(str, identifiers))
    return f"the handler for table {table_name!r} reported that records failed: {listed}"


def state_missing(table_name: str) -> str:
    return (
        f"the handler for table {table_name!r} has a tumbling window and did not return an object"
        " with 'state'"
    )


def no_stream(table_name: str) -> str:
    return (
        f"table {table_name!r} has no enabled stream to get changes from: make it with"
        " StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'}"
    )


def filter_pattern_invalid(pattern: object, problem: str) -> str:
    return f"the filter pattern {pattern!r} is not valid: {problem}"


def wrong_trigger_option(name: str, expected: str, value: object) -> str:
    return f"the option {name} of a trigger takes {expected}, not {value!r}"


def unknown_trigger_options(unknown: Iterable[str], valid: Iterable[str]) -> str:
    return (
        f"a trigger has no option {', '.join(sorted(unknown))};"
        f" its options are: {', '.join(sorted(valid))}"
    )


def endless_deliveries(rounds: int, table_names: Iterable[str]) -> str:
    return (
        f"after {rounds} rounds the handlers of {', '.join(sorted(table_names))} still make new"
        " changes for each other; if that is meant, allow more: deliver(rounds=...)"
    )


DELIVERY_IN_HANDLER = (
    "deliver() was called by a handler; what a handler changes is delivered when it has returned"
)


def no_open_shard(shard_id: str | None, table_name: str) -> str:
    if shard_id is None:
        return f"the stream of table {table_name!r} has no open shard: it is disabled"
    return f"the stream of table {table_name!r} has no open shard {shard_id!r}"


# Time to live.

TTL_ENABLED = "TimeToLive is already enabled"
TTL_DISABLED = "TimeToLive is already disabled"
TTL_CHANGED_RECENTLY = "Time to live has been modified multiple times within a fixed interval"


def ttl_on_other_attribute(attribute_name: str) -> str:
    return (
        "TimeToLive is active on a different AttributeName:"
        f" current AttributeName is {attribute_name}"
    )


def ttl_not_described(status: str) -> str:
    return (
        f"Cannot describe time to live while table is in {status} state:"
        f" Current table state is {status}"
    )


# Tags.

NO_TAGS = "Atleast one Tag needs to be provided as Input."
NO_TAG_KEYS = "Atleast one Tag Key needs to be provided as Input."


def not_an_arn(text: str) -> str:
    return f"{_INVALID}ARNs must start with 'arn:': {text}"


def arn_of_other_service(arn: str) -> str:
    return f"{_INVALID}Provided Arn is not a DynamoDB resource arn: {arn}"


def arn_of_no_table_or_stream(arn: str) -> str:
    return (
        f"{_INVALID}Invalid resource arn provided, only table or stream is accepted."
        f" Provided resource arn: {arn}"
    )


def table_arn_invalid(arn: str) -> str:
    return f"Invalid TableArn: Invalid ResourceArn provided as input {arn}"


def resource_not_found(arn: str) -> str:
    return f"Requested resource not found: ResourceArn: {arn} not found"


# --- PartiQL ---------------------------------------------------------------------------------

STATEMENT_TOO_NESTED = "ddbmock does not read statements that are nested this deeply yet"
PARAMETER_COUNT_MISMATCH = "Number of parameters in request and statement don't match."
ALIASES_NOT_SUPPORTED = "Aliasing is not supported"
SELECT_FROM_SEVERAL_SOURCES = "A statement reads one table or index."
SOURCE_UNEXPECTED = "FROM does not name a table or index"
SOURCE_TOO_LONG = "A path may contain at most 2 components in the FROM clause"
PATH_COMPONENT_EMPTY = "Path component cannot be an empty string"
MANIPULATION_OF_SEVERAL_SOURCES = (
    "FROM clause may only contain a single table name in data manipulation statements"
)
PATH_COMPONENT_UNEXPECTED = "Unexpected path component"
INSERT_WITHOUT_STRUCT = "INSERT takes an item: VALUE {...}"
INSERT_RETURNING = "RETURNING clause is not supported in INSERT statements."
SEVERAL_OPERATIONS = "A statement holds one operation."
EMPTY_BAG = "Empty bags are not supported"
MIXED_BAG = "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
EXISTS_OUTSIDE_TRANSACTION = "EXISTS can only be used in ExecuteTransaction write requests."
EXISTS_WITHOUT_CONDITION = "EXISTS() must contain a single item read with additional condition"
EXISTS_ON_INDEX = "A transaction does not read indexes"
KEY_EQUALITY_MISSING = "Where clause does not contain a mandatory equality on all key attributes"
DUPLICATE_ITEM = "Duplicate primary key exists in table"
STATEMENT_INDEX_NOT_FOUND = "The table does not have the specified index"
INDEX_OF_SEVERAL_ATTRIBUTES = (
    "PartiQL operations are not supported on indexes with multi-attribute keys"
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
    return f"The operation is not supported: {kind}"


def unsupported_clause(name: str) -> str:
    return f"Unsupported clause: {name}"


def unrecognized_function(name: str) -> str:
    return f"The function is not known: {name}"


def unsupported_operator(operator: str) -> str:
    return f"Unsupported operator in Condition Expression. Operator: {operator}"


def duplicate_columns(name: str) -> str:
    return f"Duplicate identifiers in select clause: {name}"


def invalid_returning(clause: str) -> str:
    return (
        f"Invalid returning clause: {clause}."
        " Only RETURNING ALL OLD * is allowed in DELETE statements."
    )


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


# --- misuse of ddbmock's own face ------------------------------------------------------------

MARK_OF_ANOTHER_WORLD = (
    "this mark was made by another mock; restore() takes marks of the same mock's snapshot()"
)
MARK_IS_VOID = "this mark is void: the world was restored to an earlier mark since it was made"


def unsupported_operation(name: str) -> str:
    return f"ddbmock does not support the operation {name} yet"


def unsupported_parameters(operation: str, names: list[str]) -> str:
    return f"ddbmock does not support these parameters of {operation} yet: {', '.join(names)}"


def clock_goes_forward(seconds: float) -> str:
    return (
        f"the clock cannot be advanced by {seconds:g} seconds: it only goes forward;"
        " clock.freeze(at) sets it to any moment"
    )


NOT_STARTED = (
    "this mock is not active: use what it gives inside `with mock_dynamodb() as ddb:`, inside a"
    " decorated function, or between start() and stop()"
)
ENDED = (
    "this mock has ended and its tables are gone: look at them before the `with` block,"
    " the decorated function or the test is over, or before stop()"
)
STOP_WITHOUT_START = "stop() without start(): this mock was not started, or was stopped already"
FIXTURE_BELOW_DECORATOR = (
    "@mock_dynamodb stands above @pytest.fixture: swap them, so that @pytest.fixture is the upper"
    " decorator and @mock_dynamodb the lower"
)


def unknown_options(unknown: Iterable[str], valid: Iterable[str]) -> str:
    return (
        f"mock_dynamodb has no option {', '.join(sorted(unknown))};"
        f" its options are: {', '.join(sorted(valid))}"
    )


def wrong_option(name: str, expected: str, value: object) -> str:
    return f"the option {name} of mock_dynamodb takes {expected}, not {value!r}"


def not_to_be_decorated(thing: object) -> str:
    return (
        f"mock_dynamodb decorates functions and classes, not {thing!r};"
        " options are named: mock_dynamodb(region=...)"
    )


def no_such_table(name: str, region_names: Sequence[str], table_names: Sequence[str]) -> str:
    there = ", ".join(table_names) if table_names else "none"
    return f"no table {name!r} in {', '.join(region_names)}; the tables that exist: {there}"


def table_in_several_regions(name: str, region_names: Sequence[str]) -> str:
    return (
        f"the table {name!r} exists in {', '.join(region_names)}, and none of these is the region"
        " of this mock; say which one is meant with mock_dynamodb(region=...)"
    )


NO_KEYS_FOR_AWS = (
    "the target aws needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; profiles"
    " and other sources of credentials are not looked at"
)


def not_an_endpoint(target: str) -> str:
    return f"a target is aws or the URL of an endpoint (http://localhost:8000), not {target!r}"


def not_on_target(what: str) -> str:
    return f"{what} works on the mock alone, not on a target"


def target_is_silent(place: str, problem: object) -> str:
    return f"nothing answers at {place}: {problem}"


def target_is_slow(table_name: str, seconds: int) -> str:
    return f"the table {table_name!r} is still not active after {seconds} seconds"


RESPONSES_NOT_KEPT = (
    "answers are not kept, because they are the caller's to change and a copy of each would cost"
    " more than the call: mock_dynamodb(keep_responses=True) keeps them"
)


def no_such_operation(name: str, close: Sequence[str]) -> str:
    meant = f"; is {close[0]} meant?" if close else ""
    return f"no operation of DynamoDB that ddbmock does is called {name!r}{meant}"


def no_such_index(name: str, table_name: str, index_names: Sequence[str]) -> str:
    there = ", ".join(index_names) if index_names else "none"
    return f"no index {name!r} on table {table_name!r}; its indexes: {there}"


# --- the HTTP endpoint -----------------------------------------------------------------------
# The service's answers to what is no proper request, as they were seen:
# https://github.com/architect/dynalite/blob/main/index.js (comments on the order of checks)

HEALTHY = "healthy: dynamodb.us-east-1.amazonaws.com "
UNKNOWN_OPERATION_PAGE = "<UnknownOperationException/>\n"
AUTHENTICATION_MISSING = "Request is missing Authentication Token"
AUTHENTICATION_TWICE = (
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
)
DATE_HEADER_REQUIRED = (
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
)


def authorization_requires(names: Iterable[str]) -> str:
    return "".join(f"Authorization header requires '{name}' parameter. " for name in names)


def authorization_lacks(missing: str, header: str) -> str:
    return f"{missing}Authorization={header}"


def authorization_without_equal_sign(part: str, header: str) -> str:
    return (
        f"'{part}' not a valid key=value pair (missing equal-sign) in Authorization header:"
        f" '{header}'."
    )


def query_requires(names: Iterable[str]) -> str:
    missing = "".join(f"AWS query-string parameters must include '{name}'. " for name in names)
    return f"{missing}Re-examine the query-string parameters."


def unknown_algorithm(algorithm: str) -> str:
    return f"Unsupported AWS 'algorithm': '{algorithm}' (only AWS4-HMAC-SHA256 for now). "


def wrong_credential(credential: str) -> str:
    return (
        "Credential must have exactly 5 slash-delimited elements,"
        f" e.g. keyid/date/region/service/term, got '{credential}'"
    )


# What ddbmock itself says there.


def unsupported_encoding(encoding: str) -> str:
    return f"ddbmock does not support requests with Content-Encoding: {encoding} (gzip or deflate)"


def bug(error: BaseException) -> str:
    return f"ddbmock failed with {error!r}; the endpoint's standard error has the traceback"


ASGI_SERVER_MISSING = (
    "the HTTP endpoint needs an ASGI server, which is not installed: pip install 'ddbmock[server]'"
)


def cannot_listen(host: str, port: int, reason: str) -> str:
    return f"cannot listen on {host}, port {port}: {reason}"


def port_in_use(host: str, port: int) -> str:
    return (
        f"cannot listen on {host}, port {port}: something else listens there already;"
        f" --port {port + 1} or --port 0 (a free one) may help"
    )


def unknown_argument(argument: str, close: str | None) -> str:
    return f"unknown option {argument}" + (f", did you mean {close}?" if close else "")


def endpoint_started(url: str) -> str:
    return (
        f"ddbmock answers on {url} (Ctrl-C ends it), for example:"
        " AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x"
        f" aws dynamodb list-tables --region us-east-1 --endpoint-url {url}"
    )


def not_loopback(host: str) -> str:
    return (
        f"warning: {host} is no loopback address: every machine that can reach this port can read"
        " and change all tables, and nobody's signature is checked"
    )


# --- data files and templates ----------------------------------------------------------------

ONE_ITEM = "the item"
EMPTY_FILE = "the file is empty"
YAML_CONTAINS_ITSELF = "an alias stands inside of what it stands for"
YAML_MERGE = "only mappings can be merged with <<"
YAML_KEY = "a key that is no scalar"
CSV_WITHOUT_HEADER = "a CSV file begins with a header of attribute names"
RECORD_WITHOUT_ITEM = "a record of an export has an Item, or Keys with or without a NewImage"
WORLD_INTO_TABLE = "this is a saved world; load it without table="


def place(source: str, line: int | None, detail: str) -> str:
    where = source if line is None else f"{source}:{line}"
    return f"{where}: {detail}" if detail else where


def item_of(number: int | None, table_name: str | None) -> str:
    counted = "item" if number is None else f"item {number}"
    return counted if table_name is None else f"{counted} of {table_name}"


def the_table(name: str) -> str:
    return f"table {name}"


def model_table(number: int) -> str:
    return f"table {number} of the model"


def _short(value: object, characters_max: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= characters_max else text[: characters_max - 3] + "..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def unfit_value(path: str, value: object) -> str:
    return (
        f"attribute {path}: DynamoDB has no type for {type(value).__name__}, here {_short(value)}"
    )


def attribute_name_is_no_text(name: object) -> str:
    return f"attribute names are text, not {_short(name)}; put it into quotes"


def not_finite(path: str, value: object) -> str:
    return f"attribute {path}: DynamoDB's numbers are finite, not {value}"


def float_value(path: str, value: float) -> str:
    return (
        f"attribute {path}: a float, {value!r}, is not exactly what was written; use"
        f" Decimal({str(value)!r})"
    )


def empty_set_value(path: str) -> str:
    return f"attribute {path}: DynamoDB has no empty sets"


def mixed_set(path: str) -> str:
    return f"attribute {path}: a set holds only texts, only numbers or only binaries"


def not_an_attribute_value(path: str, value: object) -> str:
    return f'attribute {path}: not an attribute value such as {{"S": "a"}}: {_short(value)}'


def not_one_type(path: str, types: list[object]) -> str:
    there = _listed(map(str, types))
    return f"attribute {path}: an attribute value has exactly one type, this one has: {there}"


def unknown_type(path: str, kind: object) -> str:
    types = "S, N, B, BOOL, NULL, L, M, SS, NS, BS"
    return f"attribute {path}: no type {kind!r}; the types are {types}"


def wrong_content(path: str, kind: str, expected: str, content: object) -> str:
    return f"attribute {path}: {kind} takes {expected}, not {_short(content)}"


def not_items(document: object) -> str:
    return f"expected items, not {_short(document)}"


def not_an_item(value: object) -> str:
    return f"an item is an object of attributes, not {_short(value)}"


def bad_json(problem: str) -> str:
    return f"not JSON: {problem}"


def bad_json_at(problem: str, column: int) -> str:
    return f"not JSON: {problem} (column {column})"


def no_json_number(name: str) -> str:
    return f"JSON has no number {name}"


def bad_yaml(problem: str) -> str:
    return f"not YAML: {problem}"


def bad_scalar(kind: str, text: str) -> str:
    return f"not YAML: no {kind}: {_short(text)}"


def unknown_yaml_tag(tag: str) -> str:
    return f"the YAML tag {tag.replace('tag:yaml.org,2002:', '!!')} means nothing here"


def bad_ion(problem: str) -> str:
    return f"not Amazon Ion: {problem}"


def bad_csv(problem: str) -> str:
    return f"not CSV: {problem}"


def needs_extra(thing: str, library: str, extra: str) -> str:
    return f"to read or write {thing}, install {library}: pip install 'ddbmock[{extra}]'"


def not_text(reason: str, position: int) -> str:
    return f"not text in UTF-8: {reason} at byte {position}"


def bad_compression(problem: str) -> str:
    return f"cannot be decompressed: {problem}"


def not_readable(reason: str) -> str:
    return f"cannot be read: {reason}"


def column_without_name(number: int) -> str:
    return f"column {number} has no attribute name"


def column_twice(cell: str) -> str:
    return f"two columns are {cell}"


def too_many_cells(cell_count: int, column_count: int) -> str:
    return f"{cell_count} cells under a header of {column_count}"


def attribute_twice(name: str) -> str:
    return f"two columns give attribute {name} a value"


def wrong_cell(name: str, kind: str, expected: str, cell: str) -> str:
    return f"attribute {name}: a cell of type {kind} holds {expected}, not {_short(cell)}"


def bad_model(problem: str) -> str:
    return f"not a table of NoSQL Workbench: {problem} is missing or wrong"


def several_exports(folders: Sequence[str]) -> str:
    return f"several exports; load one of them: {', '.join(folders)}"


def manifest_without(member: str) -> str:
    return f"the manifest has no {member}"


def unknown_export_format(name: object) -> str:
    return f"exports are in DYNAMODB_JSON or ION, not in {name}"


def data_file_missing(key: str, expected: str) -> str:
    return f"the data file {key} is missing; it should be {expected}"


def item_count_differs(expected: int, found: int) -> str:
    return f"the manifest says {expected} items, the file has {found}"


def nothing_to_load(suffixes: Iterable[str]) -> str:
    return f"no export and no file to load in this folder ({', '.join(suffixes)})"


def not_a_source(source: object) -> str:
    return (
        f"load() takes a path, or a mapping of table names to lists of items, not {_short(source)}"
    )


def which_table(stem: str, table_names: Sequence[str]) -> str:
    return (
        f"for which table? There is none called {stem!r}, as the file is; say table=..."
        f" (the tables that exist: {_listed(table_names)})"
    )


def no_table_to_load(name: str, table_names: Sequence[str]) -> str:
    return f"no table {name!r}; the tables that exist: {_listed(table_names)}"


def source_of_several_tables(first: str, second: str) -> str:
    return f"items of {first} and of {second}: table= takes a source of one table"


def dump_of_which_table(path: str, table_names: Sequence[str]) -> str:
    return (
        f"{path} takes the items of one table; say table=..., or dump into a folder, .json or .yaml"
        f" (the tables that exist: {_listed(table_names)})"
    )


def loading(source: str, record_count: int, part: float | None) -> str:
    percent = "" if part is None else f" ({part:.0%})"
    return f"ddbmock: loading {source}: {record_count:,} items{percent}"


def world_version(found: object, expected: int) -> str:
    return f"a world of version {found}; this ddbmock reads version {expected}"


def damaged_world(problem: str) -> str:
    return f"the saved world is damaged: {problem}"


def table_is_there(name: str, region_name: str) -> str:
    return f"the table {name} is in {region_name} already; reset() first, or delete it"


NO_TABLES = "no DynamoDB tables in this template"
NO_TEMPLATE_IN_FOLDER = (
    "no template in this folder: no cdk.out, no .tf files, no serverless.yml, no template.yaml"
)
NOT_AN_ASSEMBLY = "not the manifest of a CDK app's output"
UNKNOWN_TEMPLATE = (
    "no template that ddbmock knows: CloudFormation, SAM, serverless.yml, Terraform (.tf, or the"
    " output of `terraform show -json`), CDK's cdk.out, NoSQL Workbench"
)


def _how_to_give(name: str) -> str:
    return f"give it: parameters={{{name!r}: ...}}"


def unresolved(name: str) -> str:
    return f"{name} has no value here; {_how_to_give(name)}"


def unresolved_variable(expression: str) -> str:
    name = expression.partition(",")[0].strip()
    return f"${{{expression}}} has no value here; {_how_to_give(name)}"


def unresolvable_function(name: str) -> str:
    return f"ddbmock does not resolve {name}; write out what it stands for"


def malformed_function(name: str) -> str:
    return f"{name} with arguments that do not fit"


def value_not_allowed(name: str, value: object, allowed: Sequence[str]) -> str:
    return f"{name} is {value!r}; allowed are {', '.join(allowed)}"


def not_in_map(map_name: str, first: str, second: str) -> str:
    return f"the template's Mappings have no {map_name}.{first}.{second}"


def no_such_condition(name: str) -> str:
    return f"the template's Conditions have no {name}"


def circular_condition(name: str) -> str:
    return f"the condition {name} depends on itself"


def circular_variable(name: str) -> str:
    return f"{name} depends on itself"


def not_a_text_variable(variable: str) -> str:
    return f"{variable} stands inside a text and is no text"


def file_is_a_program(path: str) -> str:
    return f"{path} is a program, which ddbmock does not run; give the variable in parameters"


def wrong_property(path: str, expected: str, value: object) -> str:
    return f"{path} takes {expected}, not {_short(value)}"


def unknown_property(path: str) -> str:
    return f"ddbmock does not know the property {path} of a table"


def import_refused(name: str) -> str:
    return (
        f"{name}: ddbmock does not fill a table from Amazon S3 or a backup; take it out, and load"
        " the data with ddb.load(...)"
    )


def without_name(argument: str) -> str:
    return f"{argument} is not known; Terraform has no value for it before it is applied"


def bad_item_json(problem: str) -> str:
    return f"item is not JSON: {problem}"


def seed_without_table(name: str, table_names: Sequence[str]) -> str:
    return f"items for the table {name!r}, which is not in the template: {_listed(table_names)}"


def name_twice(name: str, other: str) -> str:
    return f"the name {name!r} is that of {other} too"


def not_a_target(target: object) -> str:
    return (
        "create() takes what mock_dynamodb() gives, or a boto3 client or resource of DynamoDB,"
        f" not {_short(target)}"
    )


def bad_hcl(problem: str) -> str:
    return f"not HCL: {problem}"


def unknown_expression(kind: str) -> str:
    kind = kind.replace("_", " ")
    return f"ddbmock does not evaluate this ({kind}); use the output of `terraform show -json`"


def failed_expression(problem: str) -> str:
    return f"this expression cannot be evaluated: {problem}"


def unknown_terraform_function(name: str) -> str:
    return f"ddbmock does not know the function {name}; use the output of `terraform show -json`"


def not_a_terraform_text(value: object) -> str:
    return f"not text: {_short(value)}"
