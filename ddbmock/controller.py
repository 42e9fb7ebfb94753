"""What a test holds of an active mock: a look at its tables, its clock, its calls, its state.

Everything here reads the backend or asks it to go back; nothing writes items.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock.calls import CallLog
    from ddbmock.data import SetUp, Source
    from ddbmock.engine.backend import Backend, Region
    from ddbmock.engine.clock import Clock
    from ddbmock.engine.index import Index
    from ddbmock.engine.journal import Savepoint
    from ddbmock.engine.streams import Stream
    from ddbmock.engine.table import Table
    from ddbmock.triggers import Delivery, Trigger, Triggers

Item = dict[str, Any]

#: How many times handlers may cause each other's next calls in one delivery.
DELIVERY_ROUNDS = 100


def _files() -> Any:
    # Not imported above: most tests load no files, and a mock is to be there at once.
    return import_module("ddbmock.data")


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
        with self._region.backend.lock:
            return [entry.load() for entry in self._index.entries()]

    @property
    def item_count(self) -> int:
        """How many items have an entry."""
        return self._index.entry_count

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


class StreamView:
    """A look at the latest stream of a table, enabled or not."""

    def __init__(self, region: Region, stream: Stream) -> None:
        self._region = region
        self._stream = stream

    @property
    def arn(self) -> str:
        """The stream's ARN."""
        return self._stream.arn

    @property
    def is_enabled(self) -> bool:
        """Whether changes are captured."""
        return self._stream.is_enabled

    @property
    def shard_ids(self) -> list[str]:
        """The ids of the open shards, in the order of their hash ranges."""
        with self._region.backend.lock:
            return [shard.shard_id for shard in self._stream.open_shards]

    @property
    def records(self) -> list[Item]:
        """The readable records of all shards, in the order of their sequence numbers.

        Each is the `dynamodb` member of a record: `Keys`, `NewImage`, `OldImage`, ...
        """
        with self._region.backend.lock:
            return [self._stream.body(record) for record in self._stream.all_records()]

    def split(self, shard_id: str | None = None) -> list[str]:
        """Split an open shard, by default the one with the widest range; return the new ids.

        The service does so when a table grows; consumers that read one shard only then miss
        changes.
        """
        with self._region.backend.lock:
            return [shard.shard_id for shard in self._stream.split(shard_id)]

    def __repr__(self) -> str:
        return f"<stream {self.arn}>"


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
        with self._region.backend.lock:
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

    @property
    def stream(self) -> StreamView:
        """The latest stream; a MisuseError when the table never had one."""
        if self._table.stream is None:
            raise MisuseError(messages.no_stream(self.name))
        return StreamView(self._region, self._table.stream)

    def __repr__(self) -> str:
        return f"<table {self.name} in {self.region}: {self.item_count} items>"


class _Tables(dict[str, TableView]):
    """The tables of one region; a name that is not there may be found in one other region."""

    def __init__(self, backend: Backend, region_name: str) -> None:
        self._backend = backend
        self._region_name = region_name
        region = backend.region(region_name)
        with region.backend.lock:
            super().__init__((name, TableView(region, t)) for name, t in region.tables.items())

    def __missing__(self, name: str) -> TableView:
        regions = [region for region in self._backend.regions() if name in region.tables]
        if len(regions) == 1:
            return TableView(regions[0], regions[0].tables[name])
        if regions:
            raise MisuseError(messages.table_in_several_regions(name, [r.name for r in regions]))
        looked_in = sorted({self._region_name, *(r.name for r in self._backend.regions())})
        there = sorted({table for region in self._backend.regions() for table in region.tables})
        raise MisuseError(messages.no_such_table(name, looked_in, there))


class Controller(ABC):
    """What `with mock_dynamodb() as ddb` gives; it works as long as its mock is active."""

    @property
    @abstractmethod
    def _backend(self) -> Backend:
        """The backend of the mock; a MisuseError when the mock is not active."""

    @property
    @abstractmethod
    def _triggers(self) -> Triggers:
        """The triggers of the mock."""

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
        self._backend.catch_up()
        return _Tables(self._backend, self.region)

    @property
    def clock(self) -> Clock:
        """The clock of the mock: `.now()`, `.freeze(at)`, `.advance(seconds=...)`.

        It shows real time, or what freezegun and time-machine make of it, until it is frozen or
        moved. A waiter moves a clock that stands still by its delay, instead of sleeping.
        """
        return self._backend.clock

    def settle(self) -> None:
        """Finish what is in progress, as if its time had passed; the clock stays as it is.

        Tables and indexes that are CREATING, UPDATING or DELETING (`delays`) reach their end.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb(delays=60) as ddb:
        ...     ddb.settle()
        """
        self._backend.settle()

    def expire(self) -> int:
        """Delete all items whose time to live is over, and return how many these were.

        Without this, expired items stay readable, as in the service, until the clock is past the
        mock's `ttl_window`.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     ddb.expire()
        0
        """
        return self._backend.expire()

    def on_change(
        self,
        table_name: str,
        handler: Callable[..., Any],
        *,
        region: str | None = None,
        **options: Any,
    ) -> Trigger:
        """Let a function get the changes of a table, as Lambda functions get them.

        The function is called with an event `{"Records": [...]}`, and with a context when it takes
        two arguments. It may be asynchronous. It runs in `deliver()`, or at the end of each
        write when `deliver="immediately"`. What it raises comes out there.

        The changes are those of the table's present stream: a table that is made anew, or a stream
        that is enabled again, needs a trigger of its own, as in the service.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     client = boto3.client("dynamodb")
        ...     _ = client.create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...         StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        ...     )
        ...     _ = ddb.on_change("orders", lambda event: print(event["Records"][0]["eventName"]))
        ...     _ = client.put_item(TableName="orders", Item={"id": {"S": "42"}})
        ...     _ = ddb.deliver()
        INSERT

        Args:
            table_name: A table with an enabled stream.
            handler: The function.
            region: The table's region, where it is not plain.
            **options: The settings of an event source mapping, see
                `ddbmock.triggers.TriggerOptions`: `batch_size`, `filters`, `starting_position`,
                `maximum_retry_attempts`, `on_failure`, `deliver`, ...

        Raises:
            MisuseError: No such table or stream, or an option that is none.
        """
        tables = self.tables if region is None else _Tables(self._backend, region)
        view = tables[table_name]
        region_of_table = self._backend.region(view.region)
        return self._triggers.add(region_of_table, view.name, handler, options)

    def deliver(self, *, rounds: int = DELIVERY_ROUNDS) -> list[Delivery]:
        """Call the handlers of `on_change` until no change is left, and return the calls.

        Changes that handlers make are delivered too, round after round, at most `rounds`.

        Raises:
            Exception: What a handler raised, unless a failure destination took it.
            MisuseError: Handlers change tables for each other without end, or a handler asked.
        """
        return self._triggers.deliver(rounds)

    def load(self, source: Source, table: str | None = None) -> int:
        """Put items of a file, a folder or a mapping into tables, and return how many they are.

        If one is refused, none is loaded. Files contain DynamoDB JSON or plain values, as JSON,
        JSON lines, YAML, CSV or Amazon Ion, compressed or not. Outputs and request files of the
        AWS CLI, exports to Amazon S3, models of NoSQL Workbench and the files of `dump` and `save`
        are read too.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     _ = boto3.client("dynamodb").create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     ddb.load({"orders": [{"id": "42", "total": 3}, {"id": {"S": "43"}}]})
        2

        Args:
            source: A path, or a mapping of table names to lists of items or to paths.
            table: The name or ARN of the table for a source that names none, or that is to be
                loaded into another table. Default: the table that the file is named after.

        Raises:
            FileError: What is wrong, with file, line and item; nothing was changed.
            MisuseError: The source is neither a path nor a mapping of table names.
        """
        __tracebackhide__ = True
        count: int = _files().load(self._backend, self.region, source, table)
        return count

    @contextmanager
    def set_up(self) -> Iterator[SetUp]:
        """Make requests and load items that are not among `calls`, all of them or none.

        They are checked as the service checks them and take effect at once, whatever `delays` says.
        No other call runs in the meantime.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     with ddb.set_up() as set_up:
        ...         _ = set_up.request("CreateTable", {
        ...             "TableName": "orders",
        ...             "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        ...             "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        ...             "BillingMode": "PAY_PER_REQUEST",
        ...         })
        ...         _ = set_up.load({"orders": [{"id": "42"}]})
        ...     len(ddb.calls), ddb.tables["orders"].item_count
        (0, 1)
        """
        backend = self._backend
        with backend.atomic():
            yield _files().SetUp(backend, self.region)
        backend.catch_up()
        backend.finish_call()

    def dump(self, path: str | os.PathLike[str], table: str | None = None) -> int:
        """Write the items of one table, or of all, for `load`, and return how many they are.

        The suffix gives the format: `.jsonl` (the default) has one item in DynamoDB JSON on each
        line; `.json` is as `aws dynamodb scan` prints it, or has items by table; `.yaml`, `.csv`
        and `.ion`. An existing folder gets a `.jsonl` file for each table. A further `.gz` or
        `.zst` compresses. An existing file is replaced only once the new one is complete.

        Raises:
            FileError: The file cannot be written, or no format has its suffix.
            MisuseError: There is no such table, or a file for one table would get several.
        """
        __tracebackhide__ = True
        count: int = _files().dump(self._backend.region(self.region), path, table)
        return count

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole backend into a file: tables with their settings, items, clock.

        `load` brings it back, into this mock after a `reset()` or into another one.
        """
        __tracebackhide__ = True
        _files().save_state(self._backend, path)

    def reset(self) -> None:
        """Empty the backend: no tables, no items."""
        self._backend.reset()

    def snapshot(self) -> Savepoint:
        """Return a mark of this moment for `restore`; it costs with what changes afterwards."""
        return self._backend.snapshot()

    def restore(self, savepoint: Savepoint) -> None:
        """Take back every change since the mark."""
        self._backend.restore(savepoint)

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Take back at the end of the block whatever was changed in it."""
        with self._backend.rollback():
            yield
