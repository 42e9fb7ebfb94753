"""What a test holds of an active mock: a look at its tables, its clock, its calls, its state.

Everything here reads the world or asks it to go back; nothing writes items.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock.calls import CallLog
    from ddbmock.engine.clock import Clock
    from ddbmock.engine.index import Index
    from ddbmock.engine.journal import Mark
    from ddbmock.engine.table import Table
    from ddbmock.engine.world import Region, World

Item = dict[str, Any]


class IndexView:
    """A read-only look at one index of a table."""

    def __init__(self, region: Region, index: Index) -> None:
        self._region = region
        self._index = index

    @property
    def name(self) -> str:
        """The index's name."""
        return self._index.name

    @property
    def items(self) -> list[Item]:
        """Copies of the entries, as projected, in the order of a scan."""
        with self._region.lock:
            return [entry.load() for entry in self._index.entries.values()]

    @property
    def item_count(self) -> int:
        """How many items have an entry."""
        return len(self._index.entries)

    @property
    def size_bytes(self) -> int:
        """The size of all entries as DynamoDB counts it."""
        return self._index.size_bytes

    def __repr__(self) -> str:
        return f"<index {self.name}: {self.item_count} items>"


class _Indexes(dict[str, IndexView]):
    def __init__(self, region: Region, table: Table) -> None:
        super().__init__((name, IndexView(region, index)) for name, index in table.indexes.items())
        self._table_name = table.name

    def __missing__(self, name: str) -> IndexView:
        raise MisuseError(messages.no_such_index(name, self._table_name, list(self)))


class TableView:
    """A read-only look at one table, as it is at the moment of looking.

    Items are in the form of the API: `{"pk": {"S": "user#1"}}`, binary values as bytes.
    """

    def __init__(self, region: Region, table: Table) -> None:
        self._region = region
        self._table = table

    @property
    def name(self) -> str:
        """The table's name."""
        return self._table.name

    @property
    def region(self) -> str:
        """The name of the region that the table is in."""
        return self._region.name

    @property
    def items(self) -> list[Item]:
        """Copies of all items, in the order of a scan."""
        with self._region.lock:
            return [stored.load() for stored in self._table.items.values()]

    @property
    def item_count(self) -> int:
        """How many items there are now (DescribeTable of the service lags by hours)."""
        return len(self._table.items)

    @property
    def size_bytes(self) -> int:
        """The size of all items as DynamoDB counts it, indexes not included."""
        return self._table.size_bytes

    @property
    def indexes(self) -> Mapping[str, IndexView]:
        """The global and local secondary indexes by name."""
        return _Indexes(self._region, self._table)

    def __repr__(self) -> str:
        return f"<table {self.name} in {self.region}: {self.item_count} items>"


class _Tables(dict[str, TableView]):
    """The tables of one region; a name that is not there may be found in one other region."""

    def __init__(self, world: World, region_name: str) -> None:
        self._world = world
        self._region_name = region_name
        region = world.region(region_name)
        with region.lock:
            super().__init__((name, TableView(region, t)) for name, t in region.tables.items())

    def __missing__(self, name: str) -> TableView:
        regions = [region for region in self._world.regions() if name in region.tables]
        if len(regions) == 1:
            return TableView(regions[0], regions[0].tables[name])
        if regions:
            raise MisuseError(messages.table_in_several_regions(name, [r.name for r in regions]))
        looked_in = sorted({self._region_name, *(r.name for r in self._world.regions())})
        there = sorted({table for region in self._world.regions() for table in region.tables})
        raise MisuseError(messages.no_such_table(name, looked_in, there))


class Controller(ABC):
    """What `with mock_dynamodb() as ddb` gives; it works as long as its mock is active."""

    @property
    @abstractmethod
    def _world(self) -> World:
        """The world of the mock; a MisuseError when the mock is not active."""

    @property
    @abstractmethod
    def region(self) -> str:
        """The region of clients that name none, where `tables` looks first."""

    @property
    @abstractmethod
    def calls(self) -> CallLog:
        """The calls that were made, oldest first."""

    @property
    def tables(self) -> Mapping[str, TableView]:
        """The tables by name, for a read-only look.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     len(ddb.tables)
        0
        """
        return _Tables(self._world, self.region)

    @property
    def clock(self) -> Clock:
        """The clock of the mock: `.now()`, `.freeze(at)`, `.advance(seconds=...)`."""
        return self._world.clock

    def reset(self) -> None:
        """Empty the world: no tables, no items."""
        self._world.reset()

    def snapshot(self) -> Mark:
        """Return a mark of this moment for `restore`; it costs with what changes afterwards."""
        return self._world.snapshot()

    def restore(self, mark: Mark) -> None:
        """Take back every change since the mark."""
        self._world.restore(mark)

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Take back at the end of the block whatever was changed in it."""
        with self._world.rollback():
            yield
