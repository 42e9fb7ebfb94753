"""What a test may look at of a real engine: the tables of its mock, and their items.

These classes stand where the engine of the mock has its own, for the controller's views. They are
asked by calls that are not among the recorded ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ddbmock.engine.backend import Backend
from ddbmock.engine.clock import Clock
from ddbmock.engine.keys import KeyAttribute, KeySchema
from ddbmock.remote.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    #: Region, operation, request (without the prefix) -> answer.
    Ask = Callable[[str, str, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class _Loaded:
    item: Any

    def load(self) -> Any:
        """Return the item."""
        return self.item


class RemoteTable:
    """A table or an index, by what can be asked for."""

    def __init__(self, ask: Ask, region_name: str, name: str, index: str | None = None) -> None:
        self._ask = ask
        self._region_name = region_name
        self._table_name = name
        self._index_name = index
        self.name = name if index is None else index

    @property
    def items(self) -> dict[int, _Loaded]:
        """Read everything."""
        request: dict[str, Any] = {"TableName": self._table_name}
        if self._index_name is None:
            request["ConsistentRead"] = True
        else:
            request["IndexName"] = self._index_name
        items: list[Any] = []
        while True:
            page = self._ask(self._region_name, "Scan", request)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return dict(enumerate(map(_Loaded, items)))
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def entries(self) -> Iterator[_Loaded]:
        """Read everything, of an index."""
        return iter(self.items.values())

    @property
    def entry_count(self) -> int:
        """Count everything, of an index."""
        return len(self.items)

    @property
    def indexes(self) -> dict[str, RemoteTable]:
        """Return the indexes."""
        return {
            name: RemoteTable(self._ask, self._region_name, self._table_name, name)
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
        description: dict[str, Any] = self._ask(self._region_name, "DescribeTable", request)
        table: dict[str, Any] = description["Table"]
        return table

    def __getattr__(self, name: str) -> NoReturn:
        refuse(f"a look at {name} of a table")


def _indexes(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the descriptions of the indexes of a table by name."""
    kinds = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    return {index["IndexName"]: index for kind in kinds for index in description.get(kind, ())}


class RemoteRegion:
    """A region, by its tables."""

    def __init__(self, ask: Ask, backend: RemoteBackend, name: str) -> None:
        self._ask = ask
        self.backend = backend
        self.name = name

    @property
    def tables(self) -> dict[str, RemoteTable]:
        """Return the tables of the mock."""
        names = self._ask(self.name, "ListTables", {})["TableNames"]
        return {name: RemoteTable(self._ask, self.name, name) for name in names}


class _RealClock(Clock):
    """The clock of a backend that nobody can move."""

    def freeze(self, at: datetime | str | float | None = None) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        refuse("clock.freeze()")

    def unfreeze(self) -> NoReturn:
        """Refuse."""
        refuse("clock.unfreeze()")

    def advance(
        self,
        by: float | timedelta = 0.0,  # noqa: ARG002
        *,
        seconds: float = 0.0,  # noqa: ARG002
    ) -> NoReturn:
        """Refuse."""
        refuse("clock.advance()")


class RemoteBackend(Backend):
    """A backend that is elsewhere."""

    def __init__(self, ask: Ask, delete_all: Callable[[], None]) -> None:
        super().__init__()
        self.clock = _RealClock()
        self._ask = ask
        self._delete_all = delete_all
        self._remote_regions: dict[str, RemoteRegion] = {}

    def region(self, name: str) -> Any:
        """Return a region."""
        return self._remote_regions.setdefault(name, RemoteRegion(self._ask, self, name))

    def regions(self) -> list[Any]:
        """Return no regions: nobody goes through all of an engine."""
        return []

    def settle(self) -> None:
        """Do nothing: the engine does what is due by itself."""

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
