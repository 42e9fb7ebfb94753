"""The resources of a region: one registry for tables, streams and every other kind.

A kind is a class, and a resource an instance of it: a frozen record, which is replaced as a unit,
or an object such as a table that journals its own changes. To add a kind is to write its class.
Snapshot, restore, rollback and reset cover it.

>>> from dataclasses import dataclass
>>> from ddbmock._internal.engine.journal import Journal
>>> @dataclass(frozen=True)
... class Backup:
...     name: str
>>> backups = Store(Journal()).of(Backup)
>>> backups.put("arn:1", Backup("before the migration"))
>>> backups.records["arn:1"].name
'before the migration'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sortedcontainers import SortedDict

from ddbmock._internal.engine.order import rebuild_order

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from ddbmock._internal.engine.journal import Journal

R = TypeVar("R")


class _Absent:
    """Marks an absent record."""


_ABSENT = _Absent()


class Collection(Generic[R]):
    """The resources of one kind by key, such as a name or an ARN."""

    __slots__ = ("_is_torn", "_journal", "records")

    #: For reading; `put` and `remove` change it.
    records: MutableMapping[str, R]

    def __init__(self, journal: Journal, *, in_order: bool) -> None:
        self._journal = journal
        self.records = SortedDict() if in_order else {}
        #: Whether a change of a `SortedDict` was interrupted.
        self._is_torn = False

    def put(self, key: str, record: R) -> None:
        """Add a resource, or replace the one with this key."""
        self._change(key, record)

    def remove(self, key: str) -> R:
        """Remove a resource and return it."""
        record = self.records[key]
        self._change(key, _ABSENT)
        return record

    def clear(self) -> None:
        """Remove all resources."""
        for key in list(self.records):
            self.remove(key)

    def _change(self, key: str, record: R | _Absent) -> None:
        self._journal.record(self._set, key, self.records.get(key, _ABSENT))
        self._set(key, record)

    def _set(self, key: str, record: R | _Absent) -> None:
        if self._is_torn and isinstance(self.records, SortedDict):
            rebuild_order(self.records)
        self._is_torn = True
        if isinstance(record, _Absent):
            self.records.pop(key, None)
        else:
            self.records[key] = record
        self._is_torn = False


class Store:
    """The resources of one region by kind."""

    __slots__ = ("_collections", "_journal")

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._collections: dict[type, Collection[Any]] = {}

    def of(self, kind: type[R], *, in_order: bool = False) -> Collection[R]:
        """Return the resources of one kind.

        They are in the order in which they were added or, when the first one to ask says so, in
        the order of their keys.
        """
        collection = self._collections.get(kind)
        if collection is None:
            # setdefault is atomic: if two threads create a collection, both get the same one.
            collection = self._collections.setdefault(
                kind, Collection(self._journal, in_order=in_order)
            )
        return collection

    def kinds(self) -> list[type]:
        """Return the kinds that were used."""
        return list(self._collections)

    def clear(self) -> None:
        """Remove all resources of all kinds."""
        for collection in self:
            collection.clear()

    def __iter__(self) -> Iterator[Collection[Any]]:
        return iter(list(self._collections.values()))
