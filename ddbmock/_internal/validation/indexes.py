"""The rules of secondary indexes: their keys, projections, throughput, names and number.

Global indexes may have up to four HASH and four RANGE elements since November 2025; tables and
local indexes have one of each (`check_constraints` checks that).

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages
from ddbmock._internal.validation.throughput import (
    check_index_throughput,
    check_on_demand_throughput,
    check_warm_throughput,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    KeySchema = Sequence[Mapping[str, str]]

_HASH_AND_RANGE = 2


def attribute_names(elements: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the names in a key schema or in AttributeDefinitions, in order."""
    return [element["AttributeName"] for element in elements]


def check_keys_defined(key_schema: KeySchema, defined: Sequence[str]) -> None:
    """Raise ValidationError when AttributeDefinitions lacks an attribute of an index's key."""
    missing = [name for name in attribute_names(key_schema) if name not in defined]
    if missing:
        raise ValidationError(messages.keys_not_defined(missing, defined))


def check_local_indexes(indexes: Sequence[Mapping[str, Any]], table_key: KeySchema) -> None:
    """Raise ValidationError when a local secondary index of a new table is invalid."""
    for index in indexes:
        check_local_key(index["IndexName"], index["KeySchema"], table_key)
        check_projection(index["Projection"])
    check_index_names(indexes)
    if len(indexes) > limits.LOCAL_INDEXES_MAX:
        raise ValidationError(messages.TOO_MANY_LOCAL_INDEXES)


def check_local_key(index_name: str, key_schema: KeySchema, table_key: KeySchema) -> None:
    """Raise ValidationError when a key schema cannot be a local secondary index's."""
    names = attribute_names(key_schema)
    if len(set(names)) < len(names):
        raise ValidationError(messages.KEY_NAMES_EQUAL)
    if key_schema[0]["KeyType"] != "HASH":
        raise ValidationError(messages.FIRST_KEY_NOT_HASH)
    if len(key_schema) < _HASH_AND_RANGE:
        raise ValidationError(messages.index_without_range_key(index_name))
    if key_schema[1]["KeyType"] != "RANGE":
        raise ValidationError(messages.SECOND_KEY_NOT_RANGE)
    table_hash = table_key[0]["AttributeName"]
    if names[0] != table_hash:
        raise ValidationError(messages.other_hash_key(index_name, names[0], table_hash))


def check_global_indexes(indexes: Sequence[Mapping[str, Any]], billing_mode: str) -> None:
    """Raise ValidationError when a global secondary index of a new table is invalid."""
    for index in indexes:
        check_global_index(index, billing_mode)
    check_index_names(indexes)
    if len(indexes) > limits.GLOBAL_INDEXES_MAX:
        text = messages.too_many_indexes("GlobalSecondaryIndex", limits.GLOBAL_INDEXES_MAX)
        raise ValidationError(text)


def check_global_index(index: Mapping[str, Any], billing_mode: str) -> None:
    """Raise ValidationError when one global secondary index is invalid."""
    name = index["IndexName"]
    check_global_key(index["KeySchema"])
    check_projection(index["Projection"])
    throughput = index.get("ProvisionedThroughput")
    check_index_throughput(name, throughput, billing_mode)
    check_on_demand_throughput(index.get("OnDemandThroughput"), billing_mode, name)
    check_warm_throughput(index.get("WarmThroughput"), throughput, name)


def check_global_key(key_schema: KeySchema) -> None:
    """Raise ValidationError when the key schema of a global secondary index is invalid.

    >>> check_global_key([
    ...     {"AttributeName": "tenant", "KeyType": "HASH"},
    ...     {"AttributeName": "region", "KeyType": "HASH"},
    ...     {"AttributeName": "day", "KeyType": "RANGE"},
    ... ])
    """
    key_types = [element["KeyType"] for element in key_schema]
    if key_types[0] != "HASH":
        raise ValidationError(messages.FIRST_KEY_NOT_HASH)
    if "RANGE" in key_types and "HASH" in key_types[key_types.index("RANGE") :]:
        raise ValidationError(messages.HASH_AFTER_RANGE)
    for key_type, most in (
        ("HASH", limits.INDEX_PARTITION_KEY_ATTRIBUTES_MAX),
        ("RANGE", limits.INDEX_SORT_KEY_ATTRIBUTES_MAX),
    ):
        if key_types.count(key_type) > most:
            raise ValidationError(messages.too_many_key_attributes(key_type))
    names = attribute_names(key_schema)
    if len(set(names)) < len(names):
        raise ValidationError(messages.KEY_NAMES_REPEATED)


def check_projection(projection: Mapping[str, Any]) -> None:
    """Raise ValidationError when a Projection's type and attributes contradict each other."""
    projection_type = projection.get("ProjectionType")
    attributes = projection.get("NonKeyAttributes")
    if projection_type is None:
        raise ValidationError(messages.unknown_projection_type(projection_type))
    if projection_type == "INCLUDE" and attributes is None:
        raise ValidationError(messages.non_key_attributes_missing(projection_type))
    if projection_type != "INCLUDE" and attributes is not None:
        raise ValidationError(messages.non_key_attributes_given(projection_type))
    seen = set()
    for name in attributes or ():
        if name in seen:
            raise ValidationError(messages.duplicate_non_key_attribute(name))
        seen.add(name)


def check_index_names(indexes: Iterable[Mapping[str, Any]]) -> None:
    """Raise ValidationError when two indexes of a table have the same name."""
    seen = set()
    for index in indexes:
        name = index["IndexName"]
        if name in seen:
            raise ValidationError(messages.duplicate_index_name(name))
        seen.add(name)


def check_projected_attributes(indexes: Iterable[Mapping[str, Any]]) -> None:
    """Raise ValidationError when all indexes together name too many attributes.

    The same attribute in two indexes counts twice.
    """
    total = sum(len(index["Projection"].get("NonKeyAttributes") or ()) for index in indexes)
    if total > limits.PROJECTED_NON_KEY_ATTRIBUTES_MAX:
        raise ValidationError(messages.TOO_MANY_PROJECTED_ATTRIBUTES)
