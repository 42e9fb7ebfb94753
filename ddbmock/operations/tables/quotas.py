"""The default throughput quotas of an account and its tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import limits, messages
from ddbmock.errors import LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock.engine.backend import Region
    from ddbmock.engine.settings import TableSettings, Throughput

_READ, _WRITE = "ReadCapacityUnits", "WriteCapacityUnits"
#: Member -> the table's quota, and that quota's name in DescribeLimits.
_MEMBERS = {
    "MaxReadRequestUnits": (limits.TABLE_READ_UNITS_QUOTA, "TableMaxReadCapacityUnits"),
    "MaxWriteRequestUnits": (limits.TABLE_WRITE_UNITS_QUOTA, "TableMaxWriteCapacityUnits"),
    "ReadUnitsPerSecond": (limits.TABLE_READ_UNITS_QUOTA, "TableMaxReadCapacityUnits"),
    "WriteUnitsPerSecond": (limits.TABLE_WRITE_UNITS_QUOTA, "TableMaxWriteCapacityUnits"),
}


def check_provisioned(
    region: Region, throughput: Throughput, index_name: str | None = None
) -> None:
    """Raise LimitExceededError if the units of a table or index exceed the quota of a table."""
    for member_name, units, quota in (
        (_READ, throughput.read_units, limits.TABLE_READ_UNITS_QUOTA),
        (_WRITE, throughput.write_units, limits.TABLE_WRITE_UNITS_QUOTA),
    ):
        if units > quota:
            raise LimitExceededError(
                messages.units_over_table_quota(member_name, index_name, units, region.name, quota)
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
    for member_name, attribute, quota in (
        (_READ, "read_units", limits.ACCOUNT_READ_UNITS_QUOTA),
        (_WRITE, "write_units", limits.ACCOUNT_WRITE_UNITS_QUOTA),
    ):
        requested = _sum(wanted, attribute)
        if _sum(others, attribute) + requested > quota:
            reserved = _sum(others, attribute) + _sum(current, attribute)
            raise LimitExceededError(
                messages.units_over_account_quota(
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
    for member_name, (quota, quota_name) in _MEMBERS.items():
        if (units or {}).get(member_name, 0) > quota:
            text = messages.throughput_over_quota(member_name, kind, owner, quota_name, region.name)
            raise LimitExceededError(text)
