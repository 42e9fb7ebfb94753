"""Pages of a table or index: what Query, Scan and SELECT read at once.

A page ends at Limit items or once more than 1 MB has been read, both counted before the filter.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from ddbmock._internal import limits

if TYPE_CHECKING:
    from ddbmock._internal.access.key_ranges import Range
    from ddbmock._internal.engine.index import Row
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.table import Source
    from ddbmock._internal.engine.values import Item

#: How many entries are read before their sizes are added up: a page of small items takes a few
#: chunks of these.
_CHUNK = 512
#: Up to this Limit, a page's few entries are read from one end of the range.
_FEW = 64


@dataclass(slots=True)
class Page:
    """The entries that were read for one response, in order, before any filter."""

    #: The table or index in the state that was read, see `Hooks.stale_view`.
    source: Source
    #: Order keys of a table, rows of an index.
    rows: list[Row]
    entries: list[StoredItem]
    scanned_bytes: int
    #: Whether Limit or the size ended the page, so that there may be more.
    was_cut: bool

    def last_key(self, last: Item | None = None) -> Item:
        """Return the LastEvaluatedKey of the page; `last` is its last entry, if decoded already."""
        if last is None:
            last = self.entries[-1].load()
        start_key: Item = {}
        for name in self.source.start_key_names:
            start_key[name] = last[name].copy()
        return start_key


def read_page(source: Source, bounds: Range, limit: int | None, *, backward: bool) -> Page:
    """Read one page, without touching more entries than it needs."""
    if limit is None or limit > _FEW or source.is_past:
        return _read_many(source, bounds, limit, backward=backward)
    # For a few entries, the other end of the range is compared with each of them: to search an
    # end takes a dozen comparisons, in a large table all of them with cold memory.
    low, high = bounds
    if backward:
        rows = source.last(high, limit)
        if rows and rows[-1] < low:
            rows = [row for row in rows if row >= low]
    else:
        rows = source.first(low, limit)
        if rows and rows[-1] >= high:
            rows = [row for row in rows if row < high]
    entries = list(source.entries_at(rows))
    scanned_bytes = sum([entry.size_bytes for entry in entries])
    if scanned_bytes > limits.PAGE_BYTES_MAX:
        return _cut_to_size(source, rows, entries)
    return Page(source, rows, entries, scanned_bytes, was_cut=len(rows) == limit)


def _read_many(source: Source, bounds: Range, limit: int | None, *, backward: bool) -> Page:
    """Read a page, a chunk of entries at a time."""
    order = source.between(*bounds, backward=backward)
    rows: list[Row] = []
    entries: list[StoredItem] = []
    scanned_bytes = 0
    while True:
        wanted = _CHUNK if limit is None else min(limit - len(rows), _CHUNK)
        chunk = list(islice(order, wanted))
        found = list(source.entries_at(chunk))
        scanned_bytes += sum([entry.size_bytes for entry in found])
        rows += chunk
        entries += found
        if scanned_bytes > limits.PAGE_BYTES_MAX:
            return _cut_to_size(source, rows, entries)
        if len(rows) == limit:
            return Page(source, rows, entries, scanned_bytes, was_cut=True)
        if len(chunk) < wanted:
            return Page(source, rows, entries, scanned_bytes, was_cut=False)


def _cut_to_size(source: Source, rows: list[Row], entries: list[StoredItem]) -> Page:
    """Return the page that ends with the entry that brought it over 1 MB."""
    sizes = list(accumulate(entry.size_bytes for entry in entries))
    count = bisect_right(sizes, limits.PAGE_BYTES_MAX) + 1
    return Page(source, rows[:count], entries[:count], sizes[count - 1], was_cut=True)
