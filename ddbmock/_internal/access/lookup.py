"""Tables and indexes by name, with the service's errors when they do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.engine.lifecycle import (
    INDEX_CREATE,
    is_backfilling,
    is_unfilled,
    is_usable,
    of_index,
)
from ddbmock._internal.errors import ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import values as value_messages
from ddbmock._internal.messages import vectors as vector_messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.vectors import VectorIndex


def find_table(region: Region, name: str) -> Table:
    """Return the table of that name or ARN."""
    table = region.tables.get(name)
    if table is None and is_arn(name):
        table = region.tables.get(region.arns.table_name(name))
    if table is None or (table.settings.transitions and not is_usable(table.settings)):
        check_region(region, name)
        raise ResourceNotFoundError(item_messages.RESOURCE_NOT_FOUND)
    return table


def check_region(region: Region, name: str) -> None:
    """Refuse the ARN of a table of another region."""
    if not is_arn(name):
        return
    arn = parse(name)
    if arn is None or arn.region_name != region.name:
        text = request_messages.invalid_region(name)
        raise ValidationError(value_messages.one_validation_error(text))


def find_index(table: Table, index_name: str, operation_name: str = "Query") -> Index:
    """Return an index of the table, to be queried or scanned."""
    index = table.indexes.get(index_name)
    if index is None:
        if index_name in table.vector_indexes:
            raise ValidationError(vector_messages.not_on_this_index(operation_name))
        raise ValidationError(item_messages.index_not_found(index_name))
    if table.settings.transitions and is_unfilled(table.settings, index_name):
        raise ValidationError(table_messages.backfilling(index_name))
    return index


def find_vector_index(region: Region, table: Table, index_name: str) -> VectorIndex:
    """Return a vector index of the table that can be searched."""
    index = table.vector_indexes.get(index_name)
    now = region.backend.clock.seconds()
    creation = of_index(table.settings, index_name, now, INDEX_CREATE)
    if index is not None and creation is not None and is_backfilling(creation, now):
        raise ValidationError(vector_messages.backfilling_vectors(index_name))
    if index is None or creation is not None:
        raise ValidationError(item_messages.index_not_found(index_name))
    return index
