"""What a test may look at of a real engine: the tables of its mock, and their items.

These classes stand where the engine of the mock has its own, for the controller's views. They are
asked by calls that are not among the recorded ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ddbmock.engine.backend import Backend
from ddbmock.engine.clock import Clock
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
        request = {"TableName": self._table_name}
        description = self._ask(self._region_name, "DescribeTable", request)["Table"]
        kinds = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
        names = [index["IndexName"] for kind in kinds for index in description.get(kind, ())]
        return {
            name: RemoteTable(self._ask, self._region_name, self._table_name, name)
            for name in names
        }

    def __getattr__(self, name: str) -> NoReturn:
        refuse(f"a look at {name} of a table")


class RemoteRegion:
    """A region, by its tables."""

    def __init__(self, ask: Ask, backend: RemoteBackend, name: str) -> None:
        self._ask = ask
        self.backend = backend
        self.name = name
        self.account_id = backend.account_id

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

    def region(self, name: str, account_id: str | None = None) -> Any:  # noqa: ARG002
        """Return a region of the only account there is."""
        return self._remote_regions.setdefault(name, RemoteRegion(self._ask, self, name))

    def regions(self) -> list[Any]:
        """Return no regions: nobody goes through all of an engine."""
        return []

    def catch_up(self) -> None:
        """Do nothing: the engine does what is due by itself."""

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
