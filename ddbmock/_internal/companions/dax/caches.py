"""A cache with a time to live and a size, on a backend's clock."""

from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable


class _Entry(NamedTuple):
    value: Any
    stored_at: float


class Cache:
    """Values by key; the least recently used are evicted when it is full.

    >>> now = [0.0]
    >>> cache = Cache(lambda: now[0], lambda: 300.0, max_entries=2)
    >>> cache.put("a", 1)
    >>> cache.get("a"), cache.get("b")
    ((True, 1), (False, None))
    >>> now[0] = 300.0
    >>> cache.get("a")
    (False, None)
    """

    def __init__(
        self,
        now: Callable[[], float],
        ttl_seconds: Callable[[], float],
        *,
        max_entries: int | None = None,
    ) -> None:
        self._now = now
        self._ttl_seconds = ttl_seconds
        self._most_entries = max_entries
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = new_lock()

    def get(self, key: str) -> tuple[bool, Any]:
        """Return whether there is a value that has not expired, and a copy of it.

        A time to live of 0 means for ever. It begins when the value is stored.
        """
        ttl_seconds = self._ttl_seconds()
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return False, None
            if ttl_seconds and self._now() >= entry.stored_at + ttl_seconds:
                del self._entries[key]
                return False, None
            self._entries.move_to_end(key)
        return True, deepcopy(entry.value)

    def put(self, key: str, value: Any) -> None:
        """Store a copy of a value."""
        with self._lock:
            self._entries[key] = _Entry(deepcopy(value), self._now())
            self._entries.move_to_end(key)
            while self._most_entries is not None and len(self._entries) > self._most_entries:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)
