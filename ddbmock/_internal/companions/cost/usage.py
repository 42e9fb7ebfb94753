"""The usage that a mock would be charged for: calls, storage, provisioned units.

1. Units come from the recorded calls, which count all of them, whether they are stored or not.
2. Provisioned units are paid for each hour that has begun; storage, point-in-time recovery and
   backups by the hour. The hours are those of the mock's clock since the table was created.
3. A replica pays its own writes and those that arrive as replicated units. Time to live is free
   where it deletes.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from ddbmock._internal.companions.cost import prices as items
from ddbmock._internal.companions.cost.bill import HOURS_OF_A_MONTH, Bill, BillLine
from ddbmock._internal.companions.cost.load import compare, load_of, recorded_load
from ddbmock._internal.companions.metrics import Metrics
from ddbmock._internal.companions.operations import companion_of
from ddbmock._internal.engine.backups import USER, Backup
from ddbmock._internal.engine.settings import ON_DEMAND
from ddbmock._internal.operations.transfer.records import COMPLETED, Export, Import

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.calls import Calls
    from ddbmock._internal.companions.cost.load import CostComparison, Scaling
    from ddbmock._internal.companions.cost.prices import PriceBook
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.service import Service

_GB = 1024**3
_HOUR_SECONDS = 3_600
#: The bytes that the service adds to each item of a table and of an index in billed storage.
_ITEM_OVERHEAD_BYTES, _REPLICATED_ITEM_OVERHEAD_BYTES = 100, 48


def compare_modes(
    service: Service, region: Region, table_name: str, book: PriceBook, scaling: Scaling
) -> CostComparison:
    """Return the cost of a table's load so far in both billing modes.

    Raises:
        MisuseError: There was none, or it is no longer known.
    """
    metrics = companion_of(service, Metrics)
    if metrics is None:
        load = load_of(service.calls(region=region.name), table_name)
    else:
        load = recorded_load(metrics, region, table_name)
    table_class = _class_of(region.tables.get(table_name))
    return compare(table_name, load, book, scaling, (region.name, table_class))


def bill(service: Service, calls: Calls, book: PriceBook) -> Bill:
    """Return the bill for calls, storage and provisioned units."""
    lines = [*_requests(service, calls, book)]
    for region in service.backend.all_regions():
        for table in region.all_tables():
            lines += _of_table(service, region, table, book)
        lines += _of_region(service, region, book)
    return Bill(tuple(line for line in lines if line.quantity or line.monthly_quantity), book.at)


# --- requests ---


def _requests(service: Service, calls: Calls, book: PriceBook) -> Iterator[BillLine]:
    units: dict[tuple[str, str, str, str | None], list[float]] = {}
    stream_reads: dict[tuple[str, str], int] = {}
    for kind, totals in calls.totals().items():
        if kind.operation == "GetRecords":
            where = kind.account_id, kind.region
            stream_reads[where] = stream_reads.get(where, 0) + totals.call_count
        for table_name, of_table in totals.units.items():
            for index, part in ((None, of_table.own), *of_table.indexes.items()):
                row = units.setdefault(
                    (kind.account_id, kind.region, table_name, index), [0.0, 0.0]
                )
                row[0] += part.read
                row[1] += part.write
    for (account_id, region_name, name, index), (read, write) in sorted(
        units.items(), key=lambda row: tuple(map(str, row[0]))
    ):
        region = service.backend.region(region_name, account_id)
        table = region.tables.get(name)
        if table is not None and table.settings.billing_mode != ON_DEMAND:
            continue  # provisioned: paid by the hour
        place = name if index is None else f"{name}/{index}"
        table_class = _class_of(table)
        yield BillLine(region_name, place, read, book.price(items.READS, region_name, table_class))
        is_replicated = table is not None and index is None and _is_replica(service, table)
        if not is_replicated:
            price = book.price(items.WRITES, region_name, table_class)
            yield BillLine(region_name, place, write, price)
    for (_, region_name), count in stream_reads.items():
        price = book.price(items.STREAM_READS, region_name)
        yield BillLine(region_name, "streams", float(count), price)


def _class_of(table: Table | None) -> str:
    return (None if table is None else table.settings.table_class) or items.STANDARD


def _is_replica(service: Service, table: Table) -> bool:
    return service.backend.replicator.replica_of(table) is not None


# --- storage and provisioned units ---


def _of_table(
    service: Service, region: Region, table: Table, book: PriceBook
) -> Iterator[BillLine]:
    settings, now = table.settings, service.backend.clock.seconds()
    hours = max(0.0, now - settings.created_at) / _HOUR_SECONDS
    table_class = _class_of(table)
    replica = service.backend.replicator.replica_of(table)
    if settings.billing_mode != ON_DEMAND:
        yield from _provisioned(region, table, hours, book, is_replica=replica is not None)
    elif replica is not None:
        price = book.price(items.REPLICATED_WRITES, region.name, table_class)
        yield BillLine(region.name, table.name, replica.replicated_write_units, price)
    stored_gb = _stored_bytes(table, is_replica=replica is not None) / _GB
    price = book.price(items.STORAGE, region.name, table_class)
    yield BillLine(region.name, table.name, stored_gb * hours / HOURS_OF_A_MONTH, price, stored_gb)
    if settings.recovery is not None:
        since = max(0.0, now - settings.recovery.since) / _HOUR_SECONDS
        covered_gb = _recoverable_bytes(table) / _GB
        price = book.price(items.RECOVERY, region.name)
        used = covered_gb * since / HOURS_OF_A_MONTH
        yield BillLine(region.name, table.name, used, price, covered_gb)


def _provisioned(
    region: Region, table: Table, hours: float, book: PriceBook, *, is_replica: bool
) -> Iterator[BillLine]:
    settings, table_class = table.settings, _class_of(table)
    begun = max(1, ceil(hours))
    sources = [(table.name, settings.throughput, is_replica)]
    sources += [
        (f"{table.name}/{name}", index.throughput, False)
        for name, index in settings.indexes.items()
    ]
    for place, throughput, is_replicated in sources:
        writes = items.REPLICATED_WRITE_HOURS if is_replicated else items.WRITE_HOURS
        for item, units in (
            (items.READ_HOURS, throughput.read_units),
            (writes, throughput.write_units),
        ):
            price = book.price(item, region.name, table_class)
            monthly = float(units * HOURS_OF_A_MONTH)
            yield BillLine(region.name, place, float(units * begun), price, monthly)


def _stored_bytes(table: Table, *, is_replica: bool) -> int:
    overhead = _ITEM_OVERHEAD_BYTES + (_REPLICATED_ITEM_OVERHEAD_BYTES if is_replica else 0)
    stored = table.size_bytes + len(table.items) * overhead
    for index in table.indexes.values():
        stored += index.size_bytes + index.entry_count * overhead
    return stored


def _recoverable_bytes(table: Table) -> int:
    """Return the bytes of a table and its local indexes."""
    local = [index for index in table.indexes.values() if not index.is_global]
    return table.size_bytes + sum(index.size_bytes for index in local)


def _of_region(service: Service, region: Region, book: PriceBook) -> Iterator[BillLine]:
    now = service.backend.clock.seconds()
    for backup in region.store.of(Backup, in_order=True).records.values():
        if backup.kind == USER:
            hours, size_gb = (now - backup.created_at) / _HOUR_SECONDS, backup.size_bytes / _GB
            price = book.price(items.BACKUPS, region.name)
            used = size_gb * hours / HOURS_OF_A_MONTH
            yield BillLine(region.name, backup.table_name, used, price, size_gb)
    for export in region.store.of(Export).records.values():
        if export.status == COMPLETED:
            price = book.price(items.EXPORTS, region.name)
            name = export.table_arn.rpartition("/")[2]
            yield BillLine(region.name, name, export.billed_size_bytes / _GB, price)
    for done in region.store.of(Import).records.values():
        if done.status == COMPLETED:
            price = book.price(items.IMPORTS, region.name)
            yield BillLine(region.name, done.table_name, done.processed_size_bytes / _GB, price)
