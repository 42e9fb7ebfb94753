"""The quotas of an account and its tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import LimitExceededError
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import throttling as throttling_messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.settings import TableSettings, Throughput

_READ, _WRITE = "ReadCapacityUnits", "WriteCapacityUnits"
#: Member -> the attribute of the table's quota, and that quota's name in DescribeLimits.
_MEMBERS = {
    "MaxReadRequestUnits": ("table_read_units", "TableMaxReadCapacityUnits"),
    "MaxWriteRequestUnits": ("table_write_units", "TableMaxWriteCapacityUnits"),
    "ReadUnitsPerSecond": ("table_read_units", "TableMaxReadCapacityUnits"),
    "WriteUnitsPerSecond": ("table_write_units", "TableMaxWriteCapacityUnits"),
}


def check_table_count(region: Region) -> None:
    """Raise LimitExceededError if the region has its maximum number of tables."""
    quota = region.backend.quotas.tables
    if len(region.tables) >= quota:
        raise LimitExceededError(throttling_messages.too_many_tables(quota))


def check_concurrent_operations(region: Region) -> None:
    """Raise LimitExceededError if the maximum number of tables is being changed."""
    quota = region.backend.quotas.concurrent_operations
    now = region.backend.clock.seconds()
    changing = sum(
        bool(lifecycle.active_transitions(table.settings, now)) for table in region.tables.values()
    )
    if changing >= quota:
        raise LimitExceededError(throttling_messages.too_many_changes(quota))


def check_provisioned(
    region: Region, throughput: Throughput, index_name: str | None = None
) -> None:
    """Raise LimitExceededError if the units of a table or index exceed the quota of a table."""
    quotas = region.backend.quotas
    for member_name, units, quota in (
        (_READ, throughput.read_units, quotas.table_read_units),
        (_WRITE, throughput.write_units, quotas.table_write_units),
    ):
        if units > quota:
            raise LimitExceededError(
                table_messages.units_over_table_quota(
                    member_name, index_name, units, region.name, quota
                )
            )


def check_account(
    region: Region, table_name: str, before: TableSettings | None, after: TableSettings
) -> None:
    """Raise LimitExceededError if all tables of the account would exceed its quota."""
    others = [
        throughput
        for table in region.tables.values()
        if table.name != table_name
        for throughput in _throughputs(table.settings)
    ]
    current = [] if before is None else list(_throughputs(before))
    wanted = list(_throughputs(after))
    quotas = region.backend.quotas
    for member_name, attribute, quota in (
        (_READ, "read_units", quotas.account_read_units),
        (_WRITE, "write_units", quotas.account_write_units),
    ):
        requested = _sum(wanted, attribute)
        if _sum(others, attribute) + requested > quota:
            reserved = _sum(others, attribute) + _sum(current, attribute)
            raise LimitExceededError(
                table_messages.units_over_account_quota(
                    member_name, region.name, reserved, quota, requested
                )
            )


def _sum(throughputs: list[Throughput], attribute: str) -> int:
    return sum(getattr(throughput, attribute) for throughput in throughputs)


def _throughputs(settings: TableSettings) -> Iterator[Throughput]:
    yield settings.throughput
    for index in settings.indexes.values():
        yield index.throughput


def check_on_demand(
    region: Region, maxima: Mapping[str, int] | None, index_name: str | None = None
) -> None:
    """Raise LimitExceededError if an OnDemandThroughput exceeds the quota of a table."""
    owner = "table" if index_name is None else f"index : {index_name}"
    _check(region, maxima, "OnDemandThroughput", owner)


def check_warm(
    region: Region, warm: Mapping[str, int] | None, index_name: str | None = None
) -> None:
    """Raise LimitExceededError if a WarmThroughput exceeds the quota of a table."""
    owner = "table" if index_name is None else f"index {index_name}"
    _check(region, warm, "WarmThroughput", owner)


def _check(region: Region, units: Mapping[str, int] | None, kind: str, owner: str) -> None:
    quotas = region.backend.quotas
    for member_name, (attribute, quota_name) in _MEMBERS.items():
        if (units or {}).get(member_name, 0) > getattr(quotas, attribute):
            text = table_messages.throughput_over_quota(
                member_name, kind, owner, quota_name, region.name
            )
            raise LimitExceededError(text)
