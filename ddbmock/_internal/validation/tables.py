"""The rules of a new table that the service checks beyond its model, in its order.

Billing, then the table's key, then which attributes are defined, then each index, then the other
settings. `check_constraints` comes before: required members are given and enumerations are valid.
Whether the table's name is in use is not checked here.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages
from ddbmock._internal.validation.indexes import (
    attribute_names,
    check_global_indexes,
    check_global_key,
    check_index_names,
    check_keys_defined,
    check_local_indexes,
    check_local_key,
    check_projected_attributes,
)
from ddbmock._internal.validation.settings import check_encryption, check_stream, check_table_class
from ddbmock._internal.validation.tags import check_tags
from ddbmock._internal.validation.throughput import (
    PROVISIONED,
    check_on_demand_throughput,
    check_provisioned_throughput,
    check_warm_throughput,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INDEX_LISTS = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes", "VectorIndexes")
_HASH_AND_RANGE = 2


def check_create_table(request: Mapping[str, Any]) -> None:
    """Raise ValidationError for the first rule that the definition of a table breaks.

    Args:
        request: The members of CreateTable (or of ImportTable's TableCreationParameters).

    >>> check_create_table({
    ...     "TableName": "orders",
    ...     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    ...     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    ...     "BillingMode": "PAY_PER_REQUEST",
    ... })
    """
    if request.get("GlobalTableSourceArn") is not None:
        return  # the definition is that of the source table
    billing_mode = request.get("BillingMode") or PROVISIONED
    check_provisioned_throughput(request.get("ProvisionedThroughput"), billing_mode)
    _check_definitions(request)
    _check_indexes(request, billing_mode)
    check_on_demand_throughput(request.get("OnDemandThroughput"), billing_mode)
    check_warm_throughput(request.get("WarmThroughput"), request.get("ProvisionedThroughput"))
    check_stream(request.get("StreamSpecification"))
    check_encryption(request.get("SSESpecification"))
    check_table_class(request.get("TableClass"))
    check_tags(request.get("Tags") or ())


def _check_definitions(request: Mapping[str, Any]) -> None:
    """Check the keys of the table and its indexes, and which attributes are defined."""
    defined = attribute_names(request.get("AttributeDefinitions") or ())
    _check_no_duplicates(defined)
    key_schema: Sequence[Mapping[str, str]] = request.get("KeySchema") or ()
    _check_table_key(key_schema, defined)
    for list_name in _INDEX_LISTS:
        if request.get(list_name) == []:
            raise ValidationError(messages.empty_list(list_name))
    if request.get("LocalSecondaryIndexes") and len(key_schema) < _HASH_AND_RANGE:
        raise ValidationError(messages.TABLE_WITHOUT_RANGE_KEY)
    used = [*attribute_names(key_schema)]
    for index in _key_indexes(request):
        check_keys_defined(index["KeySchema"], defined)
        used += attribute_names(index["KeySchema"])
    if request.get("VectorIndexes"):
        from ddbmock._internal.validation import vector_indexes  # noqa: PLC0415 (lazy)

        vector_indexes.check_not_defined(request["VectorIndexes"], defined)
        used += vector_indexes.search_attributes(request["VectorIndexes"])
    _check_index_keys(request)
    has_indexes = any(request.get(list_name) for list_name in _INDEX_LISTS)
    _check_all_used(defined, list(dict.fromkeys(used)), has_indexes=has_indexes)


def _check_index_keys(request: Mapping[str, Any]) -> None:
    """Check the key schemas of the indexes, before unused definitions."""
    for index in request.get("LocalSecondaryIndexes") or ():
        check_local_key(index["IndexName"], index["KeySchema"], request.get("KeySchema") or ())
    for index in request.get("GlobalSecondaryIndexes") or ():
        check_global_key(index["KeySchema"])


def _check_no_duplicates(defined: Sequence[str]) -> None:
    seen = set()
    for name in defined:
        if name in seen:
            raise ValidationError(messages.duplicate_definition(name))
        seen.add(name)


def _check_table_key(key_schema: Sequence[Mapping[str, str]], defined: Sequence[str]) -> None:
    names = attribute_names(key_schema)
    if len(names) > len(defined):
        raise ValidationError(messages.KEY_WITHOUT_DEFINITION)
    if not set(names) <= set(defined):
        raise ValidationError(messages.keys_not_defined(names, defined))
    if len(set(names)) < len(names):
        raise ValidationError(messages.KEY_NAMES_EQUAL)
    key_types = [element["KeyType"] for element in key_schema]
    if key_types[:1] != ["HASH"]:
        raise ValidationError(messages.FIRST_KEY_NOT_HASH)
    if key_types[1:] not in ([], ["RANGE"]):
        raise ValidationError(messages.SECOND_KEY_NOT_RANGE)


def _check_all_used(defined: Sequence[str], used: Sequence[str], *, has_indexes: bool) -> None:
    if set(defined) <= set(used):
        return
    if has_indexes:
        raise ValidationError(messages.definitions_not_used(defined, used))
    raise ValidationError(messages.DEFINITIONS_NOT_MATCHING)


def _key_indexes(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the indexes that have a key schema, local ones first."""
    local, in_global = (request.get(list_name) or [] for list_name in _INDEX_LISTS[:2])
    return [*local, *in_global]


def _check_indexes(request: Mapping[str, Any], billing_mode: str) -> None:
    key_schema = request.get("KeySchema") or ()
    vector_indexes = request.get("VectorIndexes") or ()
    check_local_indexes(request.get("LocalSecondaryIndexes") or (), key_schema)
    check_global_indexes(request.get("GlobalSecondaryIndexes") or (), billing_mode)
    if vector_indexes:
        from ddbmock._internal.validation.vector_indexes import check_vector_indexes  # noqa: PLC0415 (lazy)

        definitions = attribute_names(request.get("AttributeDefinitions") or ())
        check_vector_indexes(vector_indexes, definitions, billing_mode)
    key_indexes = _key_indexes(request)
    check_index_names([*key_indexes, *vector_indexes])
    check_projected_attributes(key_indexes)
