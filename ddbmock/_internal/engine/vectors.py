"""Vector indexes: the vectors of a table's items as 32-bit numbers, in partitions.

An item is in the index when its vector fits the index, and it has the HASH attribute if the search
schema has one. What a write stores is planned first, as for secondary indexes.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.distances import FLOAT32_BOUND, nearest, vector_of
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import Item, item_bytes, text_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.engine.distances import Vector
    from ddbmock._internal.engine.index import Projection
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.values import AttributeValue

#: The value of a search attribute: its type and content, None for an item without it.
Content = tuple[str, Any] | None

HASH, INLINE_FILTER = "HASH", "INLINE_FILTER"


@dataclass(frozen=True, slots=True)
class SearchAttribute:
    """An attribute that searches have conditions on."""

    name: str
    #: S, N or B.
    kind: str
    #: `HASH` or `INLINE_FILTER`.
    role: str


@dataclass(frozen=True, slots=True)
class VectorDefinition:
    """The definition of a vector index, which cannot be changed."""

    name: str
    #: The attribute with the vector, a list of numbers.
    attribute_name: str
    dimensions: int
    distance_function: str
    projection: Projection
    search_schema: tuple[SearchAttribute, ...] = ()

    @property
    def hash_name(self) -> str | None:
        """The attribute whose values are the partitions; None for an index with one."""
        return next((each.name for each in self.search_schema if each.role == HASH), None)

    @property
    def search_names(self) -> tuple[str, ...]:
        """The attributes of the search schema."""
        return tuple(each.name for each in self.search_schema)


class VectorEntry:
    """The entry of one item."""

    __slots__ = ("contents", "entry_bytes", "partition", "stored", "vector")

    def __init__(
        self, vector: Vector, contents: tuple[Content, ...], partition: Content, stored: StoredItem
    ) -> None:
        self.vector: Vector = vector
        #: The values of the search schema's attributes.
        self.contents: tuple[Content, ...] = contents
        self.partition: Content = partition
        #: The projected attributes; those of the table's item where all are projected.
        self.stored: StoredItem = stored
        #: The size by which a write of the entry is charged.
        self.entry_bytes: int = 0

    def equals(self, other: VectorEntry) -> bool:
        """Return whether another entry is equal."""
        return (
            self.vector == other.vector
            and self.contents == other.contents
            and self.stored.equals(other.stored)
        )


def float_of(value: AttributeValue) -> float | None:
    """Return the number of a component, None if it is no number or has more than 32 bits."""
    text = value.get("N")
    number = None if text is None else float(text)
    return None if number is None or abs(number) > FLOAT32_BOUND else number


def content_of(value: AttributeValue | None) -> Content:
    """Return the type and content of a value, to compare by."""
    return None if value is None else next(iter(value.items()))


class VectorIndex:
    """One vector index of a table, with its entries."""

    __slots__ = (
        "_entry_of", "_table_key_schema", "definition", "partitions", "projected_names",
        "size_bytes",
    )  # fmt: skip

    def __init__(self, definition: VectorDefinition, table_key_schema: KeySchema) -> None:
        self.definition: VectorDefinition = definition
        self._table_key_schema = table_key_schema
        #: Value of the HASH attribute -> the entries with it by the table's key.
        self.partitions: dict[Content, dict[OrderKey, VectorEntry]] = {}
        self._entry_of: dict[OrderKey, VectorEntry] = {}
        self.size_bytes: int = 0
        #: The attributes that are projected in addition to the vector; None for all.
        self.projected_names: frozenset[str] | None = None
        if definition.projection.kind != "ALL":
            names = (*table_key_schema.names, *definition.search_names)
            self.projected_names = frozenset((*names, *definition.projection.non_key_attributes))

    @property
    def name(self) -> str:
        """The name of the index."""
        return self.definition.name

    @property
    def entry_count(self) -> int:
        """How many entries there are."""
        return len(self._entry_of)

    def empty(self) -> VectorIndex:
        """Return an index that is defined as this one and has no entries."""
        return VectorIndex(self.definition, self._table_key_schema)

    # --- entries ---

    def entry(self, stored: StoredItem, item: Item) -> VectorEntry | None:
        """Return the entry of an item; None if the item does not fit the index."""
        definition = self.definition
        components = item.get(definition.attribute_name, {}).get("L")
        if components is None or len(components) != definition.dimensions:
            return None
        numbers = [float_of(component) for component in components]
        contents = tuple(content_of(item.get(name)) for name in definition.search_names)
        partition: Content = None
        for attribute, content in zip(definition.search_schema, contents, strict=True):
            if content is not None and content[0] != attribute.kind:
                return None
            if attribute.role == HASH:
                if content is None or not content[1]:
                    return None
                partition = content
        if None in numbers:
            return None
        vector = vector_of(numbers)  # type: ignore[arg-type]
        return self._sized(VectorEntry(vector, contents, partition, stored), item)

    def _sized(self, entry: VectorEntry, item: Item) -> VectorEntry:
        names, vector_name = self.projected_names, self.definition.attribute_name
        projected = {
            name: value
            for name, value in item.items()
            if name != vector_name and (names is None or name in names)
        }
        size_bytes = item_bytes(projected)
        if names is not None:
            entry.stored = StoredItem(projected, size_bytes)
        vector_bytes = limits.VECTOR_DIMENSION_BYTES * self.definition.dimensions
        entry.entry_bytes = vector_bytes + text_bytes(vector_name) + size_bytes
        return entry

    # --- writing ---

    def plan(
        self, table_key: OrderKey, new: StoredItem | None, new_item: Item | None
    ) -> VectorWrite | None:
        """Return the write to this index that a change of an item causes, None for none."""
        old_entry = self._entry_of.get(table_key)
        new_entry = None if new is None or new_item is None else self.entry(new, new_item)
        if old_entry is None and new_entry is None:
            return None
        if old_entry is not None and new_entry is not None and new_entry.equals(old_entry):
            return None
        return VectorWrite(self, table_key, old_entry, new_entry)

    def replace(
        self, table_key: OrderKey, removed: VectorEntry | None, added: VectorEntry | None
    ) -> None:
        """Remove the entry of an item, add one, or both."""
        if removed is not None:
            partition = self.partitions[removed.partition]
            del partition[table_key], self._entry_of[table_key]
            if not partition:
                del self.partitions[removed.partition]
            self.size_bytes -= removed.entry_bytes
        if added is not None:
            self._entry_of[table_key] = added
            self.partitions.setdefault(added.partition, {})[table_key] = added
            self.size_bytes += added.entry_bytes

    def rebuild(self, items: Mapping[OrderKey, StoredItem]) -> None:
        """Replace all entries by those of the given items; items that do not fit have none."""
        self.partitions.clear()
        self._entry_of.clear()
        self.size_bytes = 0
        for table_key, stored in items.items():
            self.replace(table_key, None, self.entry(stored, stored.load()))

    # --- searching ---

    def search(
        self, query: Vector, count: int, wanted: Mapping[str, Content]
    ) -> Iterator[tuple[float, VectorEntry]]:
        """Yield the scores and entries of the nearest vectors, the nearest first.

        Args:
            query: A vector.
            count: How many at most.
            wanted: The values that attributes of the search schema must have.
        """
        definition = self.definition
        partition = None if definition.hash_name is None else wanted[definition.hash_name]
        entries = self.partitions.get(partition, {})
        found = list(entries.items())
        for at, name in enumerate(definition.search_names):
            if name in wanted and name != definition.hash_name:
                found = [each for each in found if each[1].contents[at] == wanted[name]]
        vectors = [entry.vector for _, entry in found]
        keys = [key for key, _ in found]
        for score, at in nearest(definition.distance_function, query, vectors, keys, count):
            yield score, found[at][1]

    def _check(self, fresh: VectorIndex) -> None:
        """Assert that this index equals a rebuilt one; for tests only."""
        assert self._entry_of.keys() == fresh._entry_of.keys()
        for table_key, entry in self._entry_of.items():
            assert entry.equals(fresh._entry_of[table_key])
            assert self.partitions[entry.partition][table_key] is entry
        assert self.size_bytes == fresh.size_bytes
        assert all(self.partitions.values())


class VectorWrite:
    """A planned write of one entry."""

    __slots__ = ("_added", "_removed", "_table_key", "index", "written_bytes")

    def __init__(
        self,
        index: VectorIndex,
        table_key: OrderKey,
        removed: VectorEntry | None,
        added: VectorEntry | None,
    ) -> None:
        self.index: VectorIndex = index
        self._table_key = table_key
        self._removed = removed
        self._added = added
        #: The size by which the write is charged: that of the new entry, or of the old one if there
        #: is no new one; of both if the entry moves to another partition.
        self.written_bytes: int = 0
        if added is not None:
            self.written_bytes += max(added.entry_bytes, limits.VECTOR_WRITE_BYTES_MIN)
        if removed is not None and (added is None or added.partition != removed.partition):
            self.written_bytes += max(removed.entry_bytes, limits.VECTOR_WRITE_BYTES_MIN)

    def write(self) -> None:
        """Execute the write; the index must not have been written to since it was planned."""
        self.index.replace(self._table_key, self._removed, self._added)
