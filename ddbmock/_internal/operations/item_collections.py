"""ItemCollectionMetrics: the sizes of the item collections that are written to.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ItemCollectionMetrics.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.table import Table


def collection_metrics(table: Table, change: Change) -> dict[str, Any] | None:
    """Return the metrics of a change, None for a table without local indexes."""
    if not table.has_local_indexes:
        return None
    attribute = table.key_schema.partition[0]
    gigabytes = table.collection_bytes.get(change.key[:2], 0) // 2**30
    return {
        "ItemCollectionKey": {attribute.name: {attribute.kind: change.key[1]}},
        "SizeEstimateRangeGB": [float(gigabytes), float(gigabytes + 1)],
    }


def metrics_by_table(
    changes: Iterable[tuple[str, Table, Change]],
) -> dict[str, list[dict[str, Any]]]:
    """Return the metrics of changes by the name that the request gives the table."""
    metrics: dict[str, list[dict[str, Any]]] = {}
    for table_name, table, change in changes:
        collection = collection_metrics(table, change)
        if collection is not None:
            metrics.setdefault(table_name, []).append(collection)
    return metrics
