"""Error texts for requests of the wrong shape: JSON types and model constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
REQUEST_ITEMS_REQUIRED = "The requestItems parameter is required for BatchWriteItem"
#: The values are AND and OR; the service says otherwise.
WRONG_CONDITIONAL_OPERATOR = (
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"
)
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


def members_must(constraints: Iterable[str]) -> str:
    return f"Member must satisfy constraint: [{', '.join(constraints)}]"


def invalid_region(arn: str) -> str:
    return f"Invalid AWS region in '{arn}'"


def invalid_resource_type(arn: str) -> str:
    return f"Invalid resource type in '{arn}'"


def name_length(member_name: str) -> str:
    return f"{member_name} must be at least 3 characters long and at most 255 characters long"


# What a table's definition must be, beyond the model.

INVALID = "One or more parameter values were invalid: "
_ON_DEMAND_DOCUMENTATION = (
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
    "on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
)

THROUGHPUT_MISSING = (
    f"{INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified"
    " when BillingMode is PROVISIONED"
)
THROUGHPUT_FORBIDDEN = (
    f"{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
    " when BillingMode is PAY_PER_REQUEST"
)
KEY_WITHOUT_DEFINITION = "Invalid KeySchema: Some index key attribute have no definition"
KEY_NAMES_EQUAL = "Both the Hash Key and the Range Key element in the KeySchema have the same name"
KEY_NAMES_REPEATED = "The KeySchema contains multiple key attributes with the same name"
FIRST_KEY_NOT_HASH = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
SECOND_KEY_NOT_RANGE = "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
HASH_AFTER_RANGE = (
    f"{INVALID}All HASH key attributes must precede RANGE key attributes in the KeySchema"
)
DEFINITIONS_NOT_MATCHING = (
    f"{INVALID}Number of attributes in KeySchema does not exactly match"
    " number of attributes defined in AttributeDefinitions"
)
TABLE_WITHOUT_RANGE_KEY = (
    f"{INVALID}Table KeySchema does not have a range key,"
    " which is required when specifying a LocalSecondaryIndex"
)
TOO_MANY_LOCAL_INDEXES = f"{INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5"
TOO_MANY_PROJECTED_ATTRIBUTES = (
    f"{INVALID}Total number of projected attributes for all indexes exceeds"
    " the per-table limit of 100"
)
STREAM_WITHOUT_VIEW_TYPE = (
    f"{INVALID}Table is being created with a stream enabled, UpdateViewType is required"
)
VIEW_TYPE_WITHOUT_STREAM = (
    f"{INVALID}Table is being created with a stream disabled,"
    " UpdateViewType should not be specified"
)
KMS_TYPE_REQUIRED = f"{INVALID}SSEType KMS is required if KMSMasterKeyId is specified"
AES256_NOT_SUPPORTED = f"{INVALID}SSEType AES256 is not supported"
TABLE_CLASS_UNKNOWN = (
    "Invalid table-class parameter provided. Please try again with a valid table-class value:"
    " [STANDARD, STANDARD_INFREQUENT_ACCESS]."
)
TOO_MANY_TAGS = "Number of Tags exceed the current limit for the provided ResourceArn"
VECTORS_NEED_ON_DEMAND = f"{INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables"
VECTOR_DIMENSIONS = f"{INVALID}Number of dimensions must be between 1 and 4096 inclusive."
SEARCH_SCHEMA_WITHOUT_DEFINITION = (
    f"{INVALID}One element in SearchSchema is not defined in attribute definitions"
)
SEARCH_SCHEMA_NAMES_REPEATED = f"{INVALID}SearchSchema contains a duplicate AttributeName"


def units_out_of_bounds(units: int, member_name: str, index_name: str | None) -> str:
    place = "" if index_name is None else f" for index {index_name}"
    return f"Given value {units} for {member_name} is out of bounds{place}"


def duplicate_definition(attribute_name: str) -> str:
    return f"Attribute Name is duplicated: {attribute_name}"


def keys_not_defined(keys: Iterable[str], defined: Iterable[str]) -> str:
    return (
        f"{INVALID}Some index key attributes are not defined in AttributeDefinitions."
        f" Keys: [{', '.join(keys)}], AttributeDefinitions: [{', '.join(defined)}]"
    )


def definitions_not_used(defined: Iterable[str], used: Iterable[str]) -> str:
    return (
        f"{INVALID}Some AttributeDefinitions are not used."
        f" AttributeDefinitions: [{', '.join(defined)}], keys used: [{', '.join(used)}]"
    )


def too_many_key_attributes(key_type: str) -> str:
    return f"{INVALID}The KeySchema exceeds the maximum allowed number of {key_type} key attributes"


def empty_list(member_name: str) -> str:
    return f"{INVALID}List of {member_name} is empty"


def index_without_range_key(index_name: str) -> str:
    return f"{INVALID}Index KeySchema does not have a range key for index: {index_name}"


def other_hash_key(index_name: str, index_key: str, table_key: str) -> str:
    return (
        f"{INVALID}Index KeySchema does not have the same leading hash key as table KeySchema"
        f" for index: {index_name}. index hash key: {index_key}, table hash key: {table_key}"
    )


def too_many_indexes(kind: str, limit: int) -> str:
    return f"{INVALID}{kind} count exceeds the per-table limit of {limit}"


def duplicate_index_name(index_name: str) -> str:
    return f"{INVALID}Duplicate index name: {index_name}"


def unknown_projection_type(projection_type: str | None) -> str:
    return f"{INVALID}Unknown ProjectionType: {projection_type or 'null'}"


def non_key_attributes_given(projection_type: str) -> str:
    return f"{INVALID}ProjectionType is {projection_type}, but NonKeyAttributes is specified"


def non_key_attributes_missing(projection_type: str) -> str:
    return f"{INVALID}ProjectionType is {projection_type}, but NonKeyAttributes is not specified"


def duplicate_non_key_attribute(attribute_name: str) -> str:
    return f"{INVALID}Duplicate element in NonKeyAttributes: {attribute_name}"


def index_throughput_missing(index_name: str) -> str:
    return f"{INVALID}ProvisionedThroughput is not specified for index: {index_name}"


def index_throughput_forbidden(index_name: str) -> str:
    return (
        f"{INVALID}ProvisionedThroughput should not be specified for index: {index_name}"
        " when BillingMode is PAY_PER_REQUEST"
    )


def on_demand_forbidden(member_name: str, index_name: str | None) -> str:
    place = "" if index_name is None else f" for index: {index_name}"
    return (
        f"{INVALID}{member_name} for OnDemandThroughput{place} cannot be specified"
        " when table BillingMode is PROVISIONED."
    )


def on_demand_out_of_range(member_name: str, index_name: str | None) -> str:
    place = "table" if index_name is None else f"index : {index_name}"
    return (
        f"{INVALID}Requested {member_name} for OnDemandThroughput for {place}"
        " is outside of valid range"
    )


def warm_below_provisioned(member_name: str, index_name: str | None, capacity_name: str) -> str:
    place = "table" if index_name is None else f"index {index_name}"
    return (
        f"{INVALID}Requested {member_name} for WarmThroughput for {place}"
        f" is lower than {capacity_name} of ProvisionedThroughput"
    )


def warm_below_initial(member_name: str, index_name: str | None) -> str:
    place = "table" if index_name is None else f"index {index_name}"
    return (
        f"{INVALID}Requested {member_name} for WarmThroughput for {place} is lower than"
        f" initial throughput for OnDemand. See: {_ON_DEMAND_DOCUMENTATION}"
    )


def encryption_not_enabled(member_name: str) -> str:
    return f"{INVALID}{member_name} can not be specified if Enabled is false"


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
        f"{INVALID}Value '{hash_count}' at 'SearchSchema' failed to satisfy constraint:"
        " Member must have HASH count less than or equal to 1"
    )


def conflicting_dimensions(attribute_name: str) -> str:
    return (
        f"{INVALID}Conflicting attribute definition for '{attribute_name}'. All VectorIndexes"
        " on the same vector attribute must use the same dimensions."
    )


def vector_attribute_defined(attribute_name: str) -> str:
    return (
        f"{INVALID}Conflicting attribute definition for '{attribute_name}'. An attribute cannot"
        " be defined in AttributeDefinitions when used as a VectorAttribute."
    )
