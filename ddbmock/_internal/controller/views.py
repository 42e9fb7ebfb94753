"""Views of tables, indexes and streams: their present contents, read without a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.calls import counted
from ddbmock._internal.controller.keyed import KeyedAccess, PlainItem
from ddbmock._internal.controller.listing import listing
from ddbmock._internal.controller.top_keys import TopKeys
from ddbmock._internal.errors import MisuseError, UnsupportedError
from ddbmock._internal.formats.python_values import python_values
from ddbmock._internal.messages import misuse as misuse_messages
from ddbmock._internal.messages import streams as stream_messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.streams import Stream
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.service import Service

Item = dict[str, Any]


class IndexView:
    """A live view of one index of a table."""

    def __init__(self, service: Service, region: Region, table_name: str, index: Index) -> None:
        self._service = service
        self._region = region
        self._table_name = table_name
        self._index = index

    @property
    def name(self) -> str:
        """The index's name."""
        return self._index.name

    @property
    def items(self) -> list[Item]:
        """Copies of the entries, as projected, in the order of a Scan, in the form of the API."""
        with self._region.backend.lock:
            return [entry.load() for entry in self._index.entries()]

    @property
    def plain_items(self) -> list[PlainItem]:
        """Copies of the entries in plain Python values, see `TableView.plain_items`."""
        return list(map(python_values, self.items))

    @property
    def item_count(self) -> int:
        """The number of entries."""
        return self._index.entry_count

    @property
    def size_bytes(self) -> int:
        """The size of all entries as DynamoDB computes it."""
        return self._index.size_bytes

    @property
    def top_keys(self) -> TopKeys:
        """The keys of the index that calls accessed most, if contributor insights are enabled."""
        table = self._region.tables[self._table_name]
        return TopKeys(self._service, table, self._index.name)

    def query(self, key: Mapping[str, Any] | None = None, /, **attributes: Any) -> list[PlainItem]:
        """Return the entries with a partition key of the index, see `TableView.query`."""
        schema, name = self._index.key_schema, self._index.name
        access = KeyedAccess(
            self._service,
            self._region.name,
            self._table_name,
            schema,
            name,
            account_id=self._region.account_id,
        )
        return access.query(_merged(key, attributes), consistent=not self._index.is_global)

    def __str__(self) -> str:
        display = self._service.calls.display
        with self._region.backend.lock:
            entries, size_bytes = self._index.entries(), _size_bytes(self._index)
            name = f"{self._table_name}/{self.name} ({self._region.name})"
            return "\n".join(listing(name, self.item_count, size_bytes, entries, display))

    def __repr__(self) -> str:
        return f"<index {self.name}: {counted(self.item_count, 'item')}>"


class _Indexes(dict[str, IndexView]):
    def __init__(self, service: Service, region: Region, table: Table) -> None:
        super().__init__(
            (name, IndexView(service, region, table.name, index))
            for name, index in table.indexes.items()
        )
        self._table_name = table.name

    def __missing__(self, name: str) -> IndexView:
        raise MisuseError(misuse_messages.no_such_index(name, self._table_name, list(self)))


class StreamView:
    """The latest stream of a table, enabled or not."""

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
    """A live view of one table.

    `items` are in the form of the API, `{"pk": {"S": "user#1"}}`, with binary values as bytes.
    `plain_items`, `get`, `query`, `put` and `delete` have plain Python values. None of these is
    recorded in `ddb.calls`, or counted.
    """

    def __init__(self, service: Service, region: Region, table: Table) -> None:
        self._service = service
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
        """Copies of all items, in the order of a Scan, in the form of the API."""
        with self._region.backend.lock:
            return [stored.load() for stored in self._table.items.values()]

    @property
    def plain_items(self) -> list[PlainItem]:
        """Copies of all items, in the order of a Scan, in plain Python values.

        The types are those of boto3's resource interface, except for numbers and binary values:
        integers are int and others Decimal, which compare equal to boto3's Decimal; binary values
        are bytes.
        """
        return list(map(python_values, self.items))

    @property
    def item_count(self) -> int:
        """The present number of items (DescribeTable of the service lags by hours)."""
        return len(self._table.items)

    @property
    def size_bytes(self) -> int:
        """The size of all items as DynamoDB computes it, without indexes."""
        return self._table.size_bytes

    @property
    def replicated_write_units(self) -> float:
        """The replicated write units that a replica has consumed so far; 0 for other tables.

        They include writes in this region and writes that arrived from others: each region of a
        global table pays for each write.
        """
        return self._region.backend.replicated_write_units(self._table)

    @property
    def top_keys(self) -> TopKeys:
        """The keys that calls accessed most, if contributor insights are enabled."""
        return TopKeys(self._service, self._table, "")

    @property
    def indexes(self) -> Mapping[str, IndexView]:
        """The global and local secondary indexes by name."""
        return _Indexes(self._service, self._region, self._table)

    @property
    def stream(self) -> StreamView:
        """The latest stream; a MisuseError when the table never had one."""
        if self._table.stream is None:
            raise MisuseError(stream_messages.no_stream(self.name))
        return StreamView(self._region, self._table.stream)

    # --- by key ---

    def get(self, key: Mapping[str, Any] | None = None, /, **attributes: Any) -> PlainItem | None:
        """Return the item with a key, in plain Python values; None when there is none.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     _ = boto3.client("dynamodb").create_table(
        ...         TableName="shop",
        ...         KeySchema=[
        ...             {"AttributeName": "PK", "KeyType": "HASH"},
        ...             {"AttributeName": "SK", "KeyType": "RANGE"},
        ...         ],
        ...         AttributeDefinitions=[
        ...             {"AttributeName": "PK", "AttributeType": "S"},
        ...             {"AttributeName": "SK", "AttributeType": "S"},
        ...         ],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     shop = ddb.tables["shop"]
        ...     shop.put(PK="ORDER#1", SK="META", total=3)
        ...     shop.get(PK="ORDER#1", SK="META"), shop.get(PK="ORDER#2", SK="META")
        ({'PK': 'ORDER#1', 'SK': 'META', 'total': 3}, None)

        Args:
            key: The key as a mapping, for attribute names that are no names in Python.
            **attributes: The attributes of the key.

        Raises:
            MisuseError: A key attribute is missing, unknown or of another type.
        """
        return self._keyed.get(_merged(key, attributes))

    def query(self, key: Mapping[str, Any] | None = None, /, **attributes: Any) -> list[PlainItem]:
        """Return the items with a partition key, in the order of the sort key.

        All pages are read. For an index, see
        `ddb.tables["shop"].indexes["by-status"].query(status="open")`.

        Args:
            key: The key as a mapping, for attribute names that are no names in Python.
            **attributes: The partition key; sort key attributes may follow.

        Raises:
            MisuseError: A key attribute is missing, unknown or of another type.
        """
        return self._keyed.query(_merged(key, attributes), consistent=True)

    def put(self, item: Mapping[str, Any] | None = None, /, **attributes: Any) -> None:
        """Put an item of plain Python values; it replaces the item with its key.

        Indexes, streams and triggers are updated as by a PutItem.

        Args:
            item: The item as a mapping, for attribute names that are no names in Python.
            **attributes: More attributes of the item.

        Raises:
            MisuseError: The service would refuse the item, or a value has no type in DynamoDB (a
                float).
        """
        self._keyed.put(_merged(item, attributes))

    def delete(self, key: Mapping[str, Any] | None = None, /, **attributes: Any) -> None:
        """Delete the item with a key, if there is one.

        Args:
            key: The key as a mapping, for attribute names that are no names in Python.
            **attributes: The attributes of the key.

        Raises:
            MisuseError: A key attribute is missing, unknown or of another type.
        """
        self._keyed.delete(_merged(key, attributes))

    @property
    def _keyed(self) -> KeyedAccess:
        schema = self._table.key_schema
        return KeyedAccess(
            self._service,
            self._region.name,
            self.name,
            schema,
            account_id=self._region.account_id,
        )

    def __str__(self) -> str:
        display = self._service.calls.display
        with self._region.backend.lock:
            stored, size_bytes = self._table.items, _size_bytes(self._table)
            name = f"{self.name} ({self.region})"
            return "\n".join(listing(name, len(stored), size_bytes, stored.values(), display))

    def __repr__(self) -> str:
        return f"<table {self.name} in {self.region}: {counted(self.item_count, 'item')}>"


def _merged(given: Mapping[str, Any] | None, attributes: dict[str, Any]) -> dict[str, Any]:
    return attributes if given is None else {**given, **attributes}


def _size_bytes(source: Table | Index) -> int | None:
    try:
        return source.size_bytes
    except UnsupportedError:  # an engine elsewhere does not report it
        return None
