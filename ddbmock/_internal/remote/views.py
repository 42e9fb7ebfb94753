"""The tables and items of a real engine, for the controller's views.

These classes replace the classes in `engine/`. They read by calls that are not recorded.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.clock import Clock
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.remote.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta

    #: Region, operation, request (without the prefix) -> response.
    Call = Callable[[str, str, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class _RemoteItem:
    item: Any

    def load(self) -> Any:
        """Return the item."""
        return self.item


class RemoteTable:
    """A table or an index, which is read on demand."""

    def __init__(self, call: Call, region_name: str, name: str, index: str | None = None) -> None:
        self._call = call
        self._region_name = region_name
        self._table_name = name
        self._index_name = index
        self.name: str = name if index is None else index

    @property
    def items(self) -> dict[int, _RemoteItem]:
        """Read all items."""
        request: dict[str, Any] = {"TableName": self._table_name}
        if self._index_name is None:
            request["ConsistentRead"] = True
        else:
            request["IndexName"] = self._index_name
        items: list[Any] = []
        while True:
            page = self._call(self._region_name, "Scan", request)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return dict(enumerate(map(_RemoteItem, items)))
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def entries(self) -> Iterator[_RemoteItem]:
        """Read all entries of an index."""
        return iter(self.items.values())

    @property
    def entry_count(self) -> int:
        """Count the entries of an index."""
        return len(self.items)

    @property
    def indexes(self) -> dict[str, RemoteTable]:
        """Return the indexes by name."""
        return {
            name: RemoteTable(self._call, self._region_name, self._table_name, name)
            for name in _indexes(self._description)
        }

    @property
    def key_schema(self) -> KeySchema:
        """Return the key."""
        description = self._description
        source = description
        if self._index_name is not None:
            source = _indexes(description)[self._index_name]
        types = {
            definition["AttributeName"]: definition["AttributeType"]
            for definition in description["AttributeDefinitions"]
        }
        partition, sort = (
            [
                KeyAttribute(element["AttributeName"], types[element["AttributeName"]])
                for element in source["KeySchema"]
                if element["KeyType"] == key_type
            ]
            for key_type in ("HASH", "RANGE")
        )
        return KeySchema(partition, sort)

    @property
    def is_global(self) -> bool:
        """Return whether this is a global secondary index."""
        global_indexes = self._description.get("GlobalSecondaryIndexes", ())
        return any(index["IndexName"] == self._index_name for index in global_indexes)

    @property
    def _description(self) -> dict[str, Any]:
        request = {"TableName": self._table_name}
        description: dict[str, Any] = self._call(self._region_name, "DescribeTable", request)
        table: dict[str, Any] = description["Table"]
        return table

    def __getattr__(self, name: str) -> NoReturn:
        refuse(f"{name} of a table")


def _indexes(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the descriptions of the indexes of a table by name."""
    kinds = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    return {index["IndexName"]: index for kind in kinds for index in description.get(kind, ())}


class RemoteRegion:
    """A region and its tables."""

    def __init__(self, call: Call, backend: RemoteBackend, name: str) -> None:
        self._call = call
        self.backend = backend
        self.name = name
        self.account_id: str = backend.account_id

    @property
    def tables(self) -> dict[str, RemoteTable]:
        """Return the tables of the mock by name."""
        names = self._call(self.name, "ListTables", {})["TableNames"]
        return {name: RemoteTable(self._call, self.name, name) for name in names}


class _RealClock(Clock):
    """The clock of an engine, which cannot be set."""

    def freeze(self, at: datetime | str | float | None = None) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        refuse("clock.freeze()")

    def unfreeze(self) -> NoReturn:
        """Refuse."""
        refuse("clock.unfreeze()")

    def advance(
        self,
        by: float | timedelta = 0.0,  # noqa: ARG002
        **parts: float,  # noqa: ARG002
    ) -> NoReturn:
        """Refuse."""
        refuse("clock.advance()")


class RemoteBackend(Backend):
    """The backend of a mock whose calls an engine answers."""

    def __init__(self, call: Call, delete_all: Callable[[], None]) -> None:
        super().__init__()
        self.clock: _RealClock = _RealClock()
        self._call = call
        self.remote_request: Callable[[str, str, dict[str, Any]], Any] | None = call
        self._delete_all = delete_all
        self._remote_regions: dict[str, RemoteRegion] = {}

    def region(self, name: str, account_id: str | None = None) -> Any:  # noqa: ARG002
        """Return a region of the only account."""
        return self._remote_regions.setdefault(name, RemoteRegion(self._call, self, name))

    def regions(self) -> list[Any]:
        """Return no regions: an engine is not searched for tables."""
        return []

    def set_up(self) -> AbstractContextManager[None]:
        """Return a block without rollback; the mock's tables are deleted with the mock."""
        return nullcontext()

    def atomic(self) -> NoReturn:
        """Refuse."""
        refuse("load()")

    def catch_up(self) -> None:
        """Do nothing: on an engine, time passes by itself."""

    def isolate(self, region_name: str) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        refuse("isolate()")

    def heal(self, region_name: str) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        refuse("heal()")

    def replicated_write_units(self, table: object) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        refuse("replicated_write_units")

    @property
    def s3(self) -> None:
        """Nothing: an engine has an S3 of its own."""

    @s3.setter
    def s3(self, value: object) -> None:
        if value is not None:
            refuse("s3")

    def settle(self) -> NoReturn:
        """Refuse."""
        refuse("settle()")

    def reset(self) -> None:
        """Delete the tables of the mock."""
        self._delete_all()

    def expire(self) -> NoReturn:
        """Refuse."""
        refuse("expire()")

    def snapshot(self) -> NoReturn:
        """Refuse."""
        refuse("snapshot() (and so a fixture of wider scope)")

    def restore(self, mark: object) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        refuse("restore()")
