"""The rules of vector indexes: billing mode, dimensions, search schema, number.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndex.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages
from ddbmock._internal.validation.indexes import check_index_names, check_projection
from ddbmock._internal.validation.throughput import ON_DEMAND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def search_attributes(indexes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the attributes in SearchSchemas: they must be defined, those of vectors must not."""
    return [
        element["AttributeName"] for index in indexes for element in index.get("SearchSchema") or ()
    ]


def check_not_defined(indexes: Iterable[Mapping[str, Any]], defined: Sequence[str]) -> None:
    """Raise ValidationError when AttributeDefinitions has the attribute of a vector."""
    for index in indexes:
        name = index["VectorAttribute"]["AttributeName"]
        if name in defined:
            raise ValidationError(messages.vector_attribute_defined(name))


def check_vector_indexes(
    indexes: Sequence[Mapping[str, Any]], defined: Sequence[str], billing_mode: str
) -> None:
    """Raise ValidationError when a vector index of a new table is invalid.

    Args:
        indexes: The request's VectorIndexes.
        defined: The names in AttributeDefinitions.
        billing_mode: The table's.
    """
    if indexes and billing_mode != ON_DEMAND:
        raise ValidationError(messages.VECTORS_NEED_ON_DEMAND)
    for index in indexes:
        check_vector_index(index, defined)
    check_index_names(indexes)
    if len(indexes) > limits.VECTOR_INDEXES_MAX:
        text = messages.too_many_indexes("VectorIndex", limits.VECTOR_INDEXES_MAX)
        raise ValidationError(text)
    _check_dimensions(indexes)


def check_vector_index(index: Mapping[str, Any], defined: Sequence[str]) -> None:
    """Raise ValidationError when one vector index is invalid."""
    if not 1 <= index["Dimensions"] <= limits.VECTOR_DIMENSIONS_MAX:
        raise ValidationError(messages.VECTOR_DIMENSIONS)
    check_projection(index["Projection"])
    names = search_attributes([index])
    if not set(names) <= set(defined):
        raise ValidationError(messages.SEARCH_SCHEMA_WITHOUT_DEFINITION)
    elements = index.get("SearchSchema") or ()
    hash_count = sum(element["SearchSchemaElementType"] == "HASH" for element in elements)
    if hash_count > 1:
        raise ValidationError(messages.too_many_search_hashes(hash_count))
    if len(set(names)) < len(names):
        raise ValidationError(messages.SEARCH_SCHEMA_NAMES_REPEATED)


def _check_dimensions(indexes: Sequence[Mapping[str, Any]]) -> None:
    dimensions: dict[str, int] = {}
    for index in indexes:
        name = index["VectorAttribute"]["AttributeName"]
        if dimensions.setdefault(name, index["Dimensions"]) != index["Dimensions"]:
            raise ValidationError(messages.conflicting_dimensions(name))
