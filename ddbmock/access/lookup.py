"""Tables and indexes by name, with the service's errors when they are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.arns import is_arn, parse
from ddbmock.engine.lifecycle import (
    INDEX_CREATE,
    is_backfilling,
    is_unfilled,
    is_usable,
    of_index,
)
from ddbmock.errors import ResourceNotFoundError, ValidationError

if TYPE_CHECKING:
    from ddbmock.engine.backend import Region
    from ddbmock.engine.index import Index
    from ddbmock.engine.table import Table
    from ddbmock.engine.vectors import VectorIndex


def find_table(region: Region, name: str) -> Table:
    """Return the table of that name or ARN."""
    table = region.tables.get(name)
    if table is None and is_arn(name):
        table = region.tables.get(region.arns.table_name(name))
    if table is None or (table.settings.transitions and not is_usable(table.settings)):
        check_region(region, name)
        raise ResourceNotFoundError(messages.RESOURCE_NOT_FOUND)
    return table


def check_region(region: Region, name: str) -> None:
    """Refuse the ARN of a table of another region."""
    if not is_arn(name):
        return
    arn = parse(name)
    if arn is None or arn.region_name != region.name:
        text = messages.invalid_region(name)
        raise ValidationError(messages.one_validation_error(text))


def find_index(table: Table, index_name: str, operation_name: str = "Query") -> Index:
    """Return an index of the table, to be queried or scanned."""
    index = table.indexes.get(index_name)
    if index is None:
        if index_name in table.vector_indexes:
            raise ValidationError(messages.not_on_this_index(operation_name))
        raise ValidationError(messages.index_not_found(index_name))
    if table.settings.transitions and is_unfilled(table.settings, index_name):
        raise ValidationError(messages.backfilling(index_name))
    return index


def find_vector_index(region: Region, table: Table, index_name: str) -> VectorIndex:
    """Return a vector index of the table that can be searched."""
    index = table.vector_indexes.get(index_name)
    now = region.backend.clock.seconds()
    creation = of_index(table.settings, index_name, now, INDEX_CREATE)
    if index is not None and creation is not None and is_backfilling(creation, now):
        raise ValidationError(messages.backfilling_vectors(index_name))
    if index is None or creation is not None:
        raise ValidationError(messages.index_not_found(index_name))
    return index
