"""Quotas of an account and its tables: the service's defaults, or lower ones.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ddbmock._internal import limits


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of a backend, for each account and region."""

    #: How many tables there may be.
    tables: int = limits.TABLES_QUOTA
    #: The provisioned, warm or maximum on-demand read units of a table or index.
    table_read_units: int = limits.TABLE_READ_UNITS_QUOTA
    #: The write units.
    table_write_units: int = limits.TABLE_WRITE_UNITS_QUOTA
    #: The provisioned read units of all tables and their indexes.
    account_read_units: int = limits.ACCOUNT_READ_UNITS_QUOTA
    #: The write units.
    account_write_units: int = limits.ACCOUNT_WRITE_UNITS_QUOTA
    #: How many tables may be created, updated or deleted concurrently.
    concurrent_operations: int = limits.CONTROL_OPERATIONS_MAX
    #: How many tables may be restored concurrently.
    restores: int = limits.RESTORES_MAX
    #: The bytes of an item collection, in a table with local indexes.
    collection_bytes: int = limits.COLLECTION_BYTES_MAX


DEFAULT_QUOTAS = Quotas()
