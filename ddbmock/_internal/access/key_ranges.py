"""Ranges of order keys: what a Query's key condition selects.

A key condition on a key is compiled once into a function of the request's values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.item_keys import SHORT_KEY_CHARACTERS
from ddbmock._internal.engine.keys import HASH_SPACE, OrderKey, after, after_prefix
from ddbmock._internal.engine.numbers import number_of
from ddbmock._internal.engine.values import text_bytes
from ddbmock._internal.errors import EmptyKeyValueError, ValidationError
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
    from ddbmock._internal.expressions.compiled import KeyCondition
    from ddbmock._internal.expressions.substitutions import Values

    #: The lowest order key of a range (inclusive), and its upper end (exclusive).
    Range = tuple[OrderKey, OrderKey]
    #: The values of a request -> the range that they give.
    RangeReader = Callable[[Values], Range]
    PrefixReader = Callable[[Values], OrderKey]
    ContentReader = Callable[[Values], Any]

#: All order keys.
EVERYTHING: Range = ((0,), (HASH_SPACE,))


def range_after(start: OrderKey, low: OrderKey, high: OrderKey, *, backward: bool) -> Range:
    """Return the rest of a range after an ExclusiveStartKey, in the direction of reading."""
    return (low, start) if backward else (after(start), high)


def _less(prefix: OrderKey, first: Any, _: Any) -> Range:
    return prefix, (*prefix, first)


def _less_or_equal(prefix: OrderKey, first: Any, _: Any) -> Range:
    return prefix, after((*prefix, first))


def _greater(prefix: OrderKey, first: Any, _: Any) -> Range:
    return after((*prefix, first)), after(prefix)


def _greater_or_equal(prefix: OrderKey, first: Any, _: Any) -> Range:
    return (*prefix, first), after(prefix)


def _begins_with(prefix: OrderKey, first: Any, _: Any) -> Range:
    return (*prefix, first), (*prefix, after_prefix(first))


def _between(prefix: OrderKey, first: Any, last: Any) -> Range:
    return (*prefix, first), after((*prefix, last))


#: Operator -> the range of order keys that begin with a prefix, continued as the operator says.
RANGES: dict[str, Callable[[OrderKey, Any, Any], Range]] = {
    "<": _less,
    "<=": _less_or_equal,
    ">": _greater,
    ">=": _greater_or_equal,
    "begins_with": _begins_with,
    "BETWEEN": _between,
    "=": _between,
}


def range_reader(schema: KeySchema, condition: KeyCondition) -> RangeReader:
    """Compile a key condition for a key; the result is cached in the condition.

    The result raises ValidationError for a value that the key cannot have.

    Raises:
        ValidationError: The condition does not fit the key.
    """
    reader = condition.readers[schema.signature] = _compile(schema, condition)
    return reader


def _compile(schema: KeySchema, condition: KeyCondition) -> RangeReader:
    plan = condition.resolve(schema.partition_names, schema.sort_names)
    read_prefix = _prefix_reader(schema, plan.partition, plan.sort_equal)
    if plan.sort_range is None:

        def read_partition(values: Values) -> Range:
            prefix = read_prefix(values)
            return prefix, after(prefix)

        return read_partition
    operator, placeholders = plan.sort_range
    attribute = schema.sort[len(plan.sort_equal)]
    return _part_reader(read_prefix, RANGES[operator], attribute, placeholders)


def _part_reader(
    read_prefix: PrefixReader,
    make_range: Callable[[OrderKey, Any, Any], Range],
    attribute: KeyAttribute,
    placeholders: tuple[str, ...],
) -> RangeReader:
    """Return what reads a range over a sort key attribute."""
    kind, is_number, first_placeholder = attribute.kind, attribute.kind == "N", placeholders[0]
    read_last = _content_reader(attribute, placeholders[-1], is_sort=True)
    has_last = len(placeholders) > 1

    def read_part(values: Values) -> Range:
        prefix = read_prefix(values)
        first: Any = values[first_placeholder].get(kind)
        if not first or len(first) > SHORT_KEY_CHARACTERS:
            _check_content(attribute, first, is_sort=True)
        last = read_last(values) if has_last else first
        if is_number:
            first, last = number_of(first), number_of(last)
        return make_range(prefix, first, last)

    return read_part


def _prefix_reader(
    schema: KeySchema, partition: tuple[str, ...], sort_equal: tuple[str, ...]
) -> PrefixReader:
    """Return what reads the values that must be equal."""
    if len(partition) == 1 and not sort_equal:
        return _one_value_reader(schema, partition[0])
    readers = [
        _content_reader(attribute, placeholder, is_sort=False)
        for attribute, placeholder in zip(schema.partition, partition, strict=True)
    ]
    sort_readers = [
        (_content_reader(attribute, placeholder, is_sort=True), attribute.kind == "N")
        for attribute, placeholder in zip(schema.sort, sort_equal, strict=False)
    ]

    def read_all(values: Values) -> OrderKey:
        contents = [read(values) for read in readers]
        sort_contents = [
            number_of(read(values)) if is_number else read(values)
            for read, is_number in sort_readers
        ]
        return (schema.hash_partition(*contents), *contents, *sort_contents)

    return read_all


def _one_value_reader(schema: KeySchema, placeholder: str) -> PrefixReader:
    """Return what reads the value of a simple partition key, as most queries have one."""
    attribute, hash_partition = schema.partition[0], schema.hash_partition
    kind = attribute.kind

    def read_one(values: Values) -> OrderKey:
        content = values[placeholder].get(kind)
        if not content or len(content) > SHORT_KEY_CHARACTERS:
            _check_content(attribute, content, is_sort=False)
        return hash_partition(content), content

    return read_one


def _content_reader(attribute: KeyAttribute, placeholder: str, *, is_sort: bool) -> ContentReader:
    kind = attribute.kind

    def read(values: Values) -> str | bytes:
        content: str | bytes | None = values[placeholder].get(kind)
        if not content or len(content) > SHORT_KEY_CHARACTERS:
            _check_content(attribute, content, is_sort=is_sort)
        return content  # type: ignore[return-value] # the check refuses None

    return read


def _check_content(attribute: KeyAttribute, content: str | bytes | None, *, is_sort: bool) -> None:
    if content is None:
        raise ValidationError(messages.KEY_CONDITION_TYPE)
    if not content:
        raise EmptyKeyValueError(messages.empty_key(attribute.kind, attribute.name))
    content_bytes = text_bytes(content) if isinstance(content, str) else len(content)
    if is_sort:
        if content_bytes > limits.SORT_KEY_BYTES_MAX:
            raise ValidationError(messages.SORT_KEY_TOO_LARGE)
    elif content_bytes > limits.PARTITION_KEY_BYTES_MAX:
        raise ValidationError(messages.PARTITION_KEY_TOO_LARGE)
