"""Reading a few entries from one end of a range of a `SortedList`, without searching the other.

`SortedList.irange` searches both ends and steps along in Python. A page of ten items needs neither:
it is a slice or two of the chunks that the list consists of. These are private to the library, so
nothing else touches them, and the tests of this module fail when they change.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TypeAlias

    from sortedcontainers import SortedDict, SortedList

    Ordered: TypeAlias = SortedList[tuple[Any, ...]]
    Found: TypeAlias = list[tuple[Any, ...]]


def keys_in_order(entries: SortedDict[tuple[Any, ...], Any]) -> Ordered:
    """Return the list in which a `SortedDict` has its keys; it changes with the dictionary."""
    keys: Ordered = entries._list  # type: ignore[attr-defined]  # noqa: SLF001
    return keys


def rebuild_order(entries: SortedDict[Any, Any]) -> None:
    """Order a `SortedDict` by its entries again, after a write to it was interrupted.

    >>> from sortedcontainers import SortedDict
    >>> entries = SortedDict({(2,): "b"})
    >>> dict.__setitem__(entries, (1,), "a")  # without the order
    >>> rebuild_order(entries)
    >>> list(entries)
    [(1,), (2,)]
    """
    keys = keys_in_order(entries)
    keys.clear()
    keys.update(dict.keys(entries))  # type: ignore[arg-type]


def first_from(ordered: Ordered, low: tuple[Any, ...], count: int) -> Found:
    """Return up to so many entries from `low` on, in order.

    >>> from sortedcontainers import SortedList
    >>> first_from(SortedList([(1,), (2,), (3,)]), (2,), 5)
    [(2,), (3,)]
    """
    chunks: list[Found] = ordered._lists  # type: ignore[attr-defined]  # noqa: SLF001
    chunk_ends: Found = ordered._maxes  # type: ignore[attr-defined]  # noqa: SLF001
    at = bisect_left(chunk_ends, low)
    if at == len(chunks):
        return []
    chunk = chunks[at]
    start = bisect_left(chunk, low)
    found = chunk[start : start + count]
    while len(found) < count and at + 1 < len(chunks):
        at += 1
        found += chunks[at][: count - len(found)]
    return found


def last_below(ordered: Ordered, high: tuple[Any, ...], count: int) -> Found:
    """Return up to so many entries below `high`, the last one first.

    >>> from sortedcontainers import SortedList
    >>> last_below(SortedList([(1,), (2,), (3,)]), (3,), 5)
    [(2,), (1,)]
    """
    chunks: list[Found] = ordered._lists  # type: ignore[attr-defined]  # noqa: SLF001
    chunk_ends: Found = ordered._maxes  # type: ignore[attr-defined]  # noqa: SLF001
    at = bisect_left(chunk_ends, high)
    found: Found = []
    if at < len(chunks):
        chunk = chunks[at]
        end = bisect_left(chunk, high)
        found = chunk[max(end - count, 0) : end][::-1]
    while len(found) < count and at > 0:
        at -= 1
        found += chunks[at][: -1 - count + len(found) : -1]
    return found
