"""The vectors in items: checked against the vector indexes of a table.

A put is checked completely, an update for what it changes. An item that is older than an index may
not fit it; then the index does not contain it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine.distances import FLOAT32_BOUND
from ddbmock._internal.engine.values import text_bytes
from ddbmock._internal.engine.vectors import HASH
from ddbmock._internal.errors import EmptyKeyValueError, ValidationError
from ddbmock._internal.messages import vectors as messages

if TYPE_CHECKING:
    from collections.abc import Collection

    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import AttributeValue, Item
    from ddbmock._internal.engine.vectors import SearchAttribute, VectorDefinition


def check_vectors(table: Table, item: Item, changed: Collection[str] | None = None) -> None:
    """Refuse an item whose attributes do not fit a vector index; an attribute may be absent.

    Args:
        table: The table of the item.
        item: The item as it would be stored.
        changed: The attributes that an update changes; None for a put.
    """
    for name in sorted(table.vector_indexes):
        definition = table.vector_indexes[name].definition
        vector = item.get(definition.attribute_name)
        if vector is not None and _is_changed(definition.attribute_name, changed):
            _check_vector(definition, vector)
        for attribute in definition.search_schema:
            value = item.get(attribute.name)
            if value is not None and _is_changed(attribute.name, changed):
                _check_search_attribute(definition, attribute, value)


def _is_changed(name: str, changed: Collection[str] | None) -> bool:
    return changed is None or name in changed


def _check_vector(definition: VectorDefinition, vector: AttributeValue) -> None:
    name, index_name = definition.attribute_name, definition.name
    components = vector.get("L")
    if components is None:
        raise ValidationError(messages.vector_type(name, next(iter(vector)), index_name))
    if len(components) != definition.dimensions:
        expected, actual = definition.dimensions, len(components)
        raise ValidationError(messages.vector_size(name, expected, actual, index_name))
    for at, component in enumerate(components):
        text = component.get("N")
        if text is None:
            actual_type = next(iter(component))
            raise ValidationError(messages.component_type(name, at, actual_type, index_name))
        number = float(text)
        if abs(number) > FLOAT32_BOUND:
            shown = java_double(number)
            raise ValidationError(messages.component_out_of_range(name, at, shown, index_name))


def _check_search_attribute(
    definition: VectorDefinition, attribute: SearchAttribute, value: AttributeValue
) -> None:
    content = value.get(attribute.kind)
    if content is None:
        actual, index_name = next(iter(value)), definition.name
        raise ValidationError(
            messages.search_attribute_type(attribute.name, attribute.kind, actual, index_name)
        )
    size_bytes = text_bytes(content) if isinstance(content, str) else len(content)
    if attribute.role != HASH:
        if size_bytes > limits.SEARCH_FILTER_BYTES_MAX:
            raise ValidationError(messages.search_filter_too_large(attribute.name))
    elif not content:
        text = messages.search_hash_empty(attribute.name, attribute.kind, definition.name)
        raise EmptyKeyValueError(text)
    elif size_bytes > limits.SEARCH_HASH_BYTES_MAX:
        raise ValidationError(messages.SEARCH_HASH_TOO_LARGE)


def java_double(number: float) -> str:
    """Return the text of a large number as Java, in which the service is written, prints it.

    >>> java_double(1e39), java_double(-1.25e40)
    ('1.0E39', '-1.25E40')
    """
    mantissa, _, exponent = repr(number).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"
