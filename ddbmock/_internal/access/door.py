"""The door: the only way from an operation to the data of tables.

1. Every read and write is charged here, a write before it is committed, so that a throttled call
   has changed nothing.
2. Optional stages attach here, see `Hooks`. Without them the door costs one test of an attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.access.lookup import find_table
from ddbmock._internal.access.pages import read_page
from ddbmock._internal.engine.capacity import Consumed, read_units, write_units
from ddbmock._internal.errors import ItemCollectionSizeLimitExceededError
from ddbmock._internal.messages import throttling as messages
from ddbmock._internal.policies.callers import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ddbmock._internal.access.key_ranges import Range
    from ddbmock._internal.access.pages import Page
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Source, Table


#: More than a transaction can add to an item collection and its local indexes.
_COLLECTION_MARGIN_BYTES = 256 * limits.MIB


class CollectionTooLargeError(ItemCollectionSizeLimitExceededError):
    """One of several changes makes an item collection too large."""

    def __init__(self, number: int) -> None:
        super().__init__(messages.COLLECTION_SIZE_EXCEEDED)
        #: Which of the changes, from 0 on.
        self.number = number


class Touch(NamedTuple):
    """One access to a table or index, and what it costs."""

    #: The table or index.
    source: Source
    #: The order keys of the items or entries.
    keys: Sequence[OrderKey]
    read_units: float = 0.0
    write_units: float = 0.0
    #: Of a write to an index: the order keys of the entries that are written.
    entry_keys: Sequence[OrderKey] = ()


class Hooks:
    """What stages attach to the door of a call."""

    # Defaults that most calls leave unchanged are class attributes, as those of the door.
    #: Raises an error of the service to refuse accesses, before anything is read or written.
    admission: Callable[[Sequence[Touch]], None] | None = None
    #: Returns the earlier state of a table or index that an eventually consistent read sees.
    stale_view: Callable[[Source], Source] | None = None
    #: Whether creations and changes take effect at once, whatever the delays of the backend.
    has_no_delays: bool = False
    #: The items of which an earlier version was read, by table and key.
    stale_items: Sequence[tuple[Table, OrderKey]] = ()
    #: The accesses, in order.
    touched: Sequence[Touch] = ()

    def admit(self, admission: Callable[[Sequence[Touch]], None]) -> None:
        """Add an admission function, which is called before those that are attached already."""
        others = self.admission
        if others is None:
            self.admission = admission
            return

        def admit_all(touches: Sequence[Touch]) -> None:
            admission(touches)
            others(touches)

        self.admission = admit_all


class Door:
    """The access of one call to the tables of its region."""

    # Defaults that most calls leave unchanged are class attributes: assigning them would cost.
    _hooks: Hooks | None = None
    #: Whether reads and writes cost double, and are reported separately.
    is_transactional = False
    #: Whether items of the response may be as they are stored: it is written as JSON at once.
    returns_stored = False
    #: Whether a complete table or index is read from one end: a Scan, or such a statement.
    is_scan = False
    #: Table name -> how the request names the table, where that is by ARN.
    given_names: dict[str, str] | None = None

    def __init__(self, region: Region) -> None:
        self.region = region
        #: What was consumed so far, by table name; it stays when the call fails later.
        self.consumed: dict[str, Consumed] = {}

    @property
    def hooks(self) -> Hooks:
        """What stages attach; created on first use."""
        hooks = self._hooks
        if hooks is None:
            hooks = self._hooks = Hooks()
        return hooks

    @property
    def is_setting_up(self) -> bool:
        """Whether the test sets up tables, not the program under test."""
        return self._hooks is not None and self._hooks.has_no_delays

    @property
    def delay_seconds(self) -> float:
        """How long changes of tables take."""
        return 0.0 if self.is_setting_up else self.region.backend.delay_seconds

    def consumed_of(self, table_name: str) -> Consumed:
        """Return what was consumed of a table, to add to."""
        consumed = self.consumed.get(table_name)
        if consumed is None:
            consumed = self.consumed[table_name] = Consumed(table_name)
        return consumed

    # --- tables ---

    def table(self, name: str) -> Table:
        """Return the table with this name or ARN.

        Raises:
            ResourceNotFoundError: There is none, or it cannot be used yet or any more.
        """
        table: Table | None = self.region.tables.get(name)
        if table is not None and not table.settings.transitions:
            return table
        table = find_table(self.region_of(name), name)
        if table.name != name:
            self.given_names = {**(self.given_names or {}), table.name: name}
        return table

    def region_of(self, name: str) -> Region:  # noqa: ARG002 (see `Call`)
        """Return the region of a table that this region does not have."""
        return self.region

    def caller_or_default(self) -> Caller:
        """Return the caller."""
        return Caller.of_account(self.region.account_id)

    # --- reads ---

    def get(self, table: Table, key: OrderKey, *, consistent: bool) -> StoredItem | None:
        """Return the item with this key, if any, and charge the read."""
        hooks = self._hooks
        if hooks is not None and hooks.stale_view is not None and not consistent:
            table = hooks.stale_view(table.sources[None]).table
        stored: StoredItem | None = table.items.get(key)
        self.charge_read(table, key, stored, consistent=consistent)
        return stored

    def stored(self, table: Table, key: OrderKey, *, consistent: bool = True) -> StoredItem | None:
        """Return the item with this key, if any, without charging for it."""
        hooks = self._hooks
        if hooks is not None and hooks.stale_view is not None and not consistent:
            table = hooks.stale_view(table.sources[None]).table
        stored: StoredItem | None = table.items.get(key)
        return stored

    def charge_read(
        self, table: Table, key: OrderKey, stored: StoredItem | None, *, consistent: bool
    ) -> None:
        """Charge a read of one item, or of a key without one."""
        units = 1.0 if consistent else 0.5  # of most items, and of none
        if stored is not None and stored.size_bytes > limits.READ_UNIT_BYTES:
            units = read_units(stored.size_bytes, consistent=consistent)
        if self._hooks is not None:
            self._notify([Touch(table.sources[None], (key,), units)])
        consumed = self.consumed.get(table.name)
        if consumed is None:
            consumed = self.consumed[table.name] = Consumed(table.name)
        consumed.read_units += units

    def charge_reads(
        self, located: Sequence[tuple[Table, OrderKey]], found: Sequence[StoredItem | None]
    ) -> None:
        """Charge the reads of a transaction: all of them, or none when one is not admitted."""
        touches = [
            Touch(table.sources[None], (key,), read_units=_transactional_read_units(stored))
            for (table, key), stored in zip(located, found, strict=True)
        ]
        self._notify(touches)
        for touch in touches:
            self.consumed_of(touch.source.table.name).read_units += touch.read_units

    def page(
        self,
        source: Source,
        bounds: Range,
        limit: int | None,
        *,
        backward: bool,
        consistent: bool,
    ) -> Page:
        """Return a page of a table or index, and charge it: rounded up once, not for each item."""
        hooks = self._hooks
        if hooks is not None and hooks.stale_view is not None and not consistent:
            source = hooks.stale_view(source)
        page = read_page(source, bounds, limit, backward=backward)
        units = 1.0 if consistent else 0.5
        if page.scanned_bytes > limits.READ_UNIT_BYTES:
            units = read_units(page.scanned_bytes, consistent=consistent)
        if hooks is not None:
            self._notify([Touch(source, page.rows, units)])
        name, index = source.table.name, source.index
        consumed = self.consumed.get(name)
        if consumed is None:
            consumed = self.consumed[name] = Consumed(name)
        if index is None:
            consumed.read_units += units
        else:
            consumed.add_index_units(index.name, is_global=index.is_global, read_units=units)
        return page

    def fetch(self, page: Page, *, consistent: bool) -> list[StoredItem]:
        """Return the table's items for entries of a local index, each a read of the table."""
        table = page.source.table
        keys = list(map(page.source.table_key, page.rows))
        items: list[StoredItem] = [table.items[key] for key in keys]
        for key, stored in zip(keys, items, strict=True):
            self.charge_read(table, key, stored, consistent=consistent)
        return items

    # --- writes ---

    def commit(self, changes: Sequence[tuple[Table, Change]]) -> None:
        """Store changes, all of them or none, after charging them."""
        near_limit = self.region.backend.quotas.collection_bytes - _COLLECTION_MARGIN_BYTES
        for table, change in changes:
            table.plan(change)
            if (
                table.has_local_indexes
                and table.collection_bytes.get(change.key[:2], 0) > near_limit
            ):
                self._check_collections(changes)
        if self._hooks is not None:
            touches: list[Touch] = []
            for table, change in changes:
                self._add_write_touches(touches, table, change)
            self._notify(touches)
        for table, change in changes:
            self.charge_write(table, change)
        self.region.backend.commit(changes)
        if self.is_transactional:
            self.region.backend.replicator.charge_transaction(changes)

    def _check_collections(self, changes: Sequence[tuple[Table, Change]]) -> None:
        """Refuse changes by which an item collection grows beyond its limit."""
        limit = self.region.backend.quotas.collection_bytes
        grown: dict[tuple[str, OrderKey], int] = {}
        for number, (table, change) in enumerate(changes):
            if table.has_local_indexes:
                table.plan(change)
                collection = table.name, change.key[:2]
                grown[collection] = grown.get(collection, 0) + change.grown_bytes
                size_bytes = table.collection_bytes.get(change.key[:2], 0) + grown[collection]
                if size_bytes > limit and change.grown_bytes > 0:
                    raise CollectionTooLargeError(number)

    def _add_write_touches(self, touches: list[Touch], table: Table, change: Change) -> None:
        """Add the accesses of a planned change: to the table and to each index it writes."""
        units = write_units(change.written_bytes, transactional=self.is_transactional)
        keys, sources = (change.key,), table.sources
        touches.append(Touch(sources[None], keys, 0.0, units))
        for written in change.index_writes:
            units = 0.0
            for entry_bytes in written.entry_bytes:
                units += write_units(entry_bytes)
            entry_keys = written.order_keys(change.key)
            touches.append(Touch(sources[written.index.name], keys, 0.0, units, entry_keys))

    def charge_write(self, table: Table, change: Change) -> None:
        """Charge a change: the larger of before and after, and what each index writes.

        A transaction pays double for the table only, not for its indexes.
        """
        consumed = self.consumed.get(table.name)
        if consumed is None:
            consumed = self.consumed[table.name] = Consumed(table.name)
        consumed.write_units += write_units(
            change.written_bytes, transactional=self.is_transactional
        )
        for written in change.index_writes:
            units = 0.0
            for entry_bytes in written.entry_bytes:
                units += write_units(entry_bytes)
            index = written.index
            consumed.add_index_units(index.name, is_global=index.is_global, write_units=units)
        for write in change.vector_writes:
            consumed.add_vector_bytes(write.index.name, write.written_bytes)

    def charge_refused_write(self, table: Table, key: OrderKey, size_bytes: int) -> None:
        """Charge a write whose condition failed, by the size of the existing item."""
        units = write_units(size_bytes)
        self._notify([Touch(table.sources[None], (key,), write_units=units)])
        self.consumed_of(table.name).write_units += units

    def charge_cancelled(
        self, located: Sequence[tuple[Table, OrderKey]], sizes: Sequence[int]
    ) -> None:
        """Charge a transaction whose conditions failed, by the sizes of the existing items."""
        touches = [
            Touch(table.sources[None], (key,), 0.0, write_units(size_bytes, transactional=True))
            for (table, key), size_bytes in zip(located, sizes, strict=True)
        ]
        self._notify(touches)
        for touch in touches:
            self.consumed_of(touch.source.table.name).write_units += touch.write_units

    def charge_replay(self, sizes: Sequence[tuple[str, int]]) -> None:
        """Charge the repetition of a transaction (same client token), as reads of what it wrote."""
        if self._hooks is not None:
            tables = [(self.region.tables.get(name), size) for name, size in sizes]
            self._notify([
                Touch(table.sources[None], (), read_units(size_bytes, transactional=True))
                for table, size_bytes in tables
                if table is not None
            ])  # fmt: skip
        for table_name, size_bytes in sizes:
            units = read_units(size_bytes, transactional=True)
            self.consumed_of(table_name).read_units += units

    def _notify(self, touches: Sequence[Touch]) -> None:
        """Have accesses admitted, then note them."""
        hooks = self._hooks
        if hooks is not None:
            if hooks.admission is not None:
                hooks.admission(touches)
            touched = hooks.touched
            if touched.__class__ is list:
                touched += touches
            else:
                hooks.touched = [*touches]


def _transactional_read_units(stored: StoredItem | None) -> float:
    return read_units(0 if stored is None else stored.size_bytes, transactional=True)
