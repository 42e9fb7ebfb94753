"""Locks that a forked child process can use, whatever the parent's threads were doing.

A child inherits locks in the state that they had at the fork. A lock held by another thread of the
parent would stay held for ever, as that thread does not exist in the child. Every lock of ddbmock
is created here, and in a child all of them are free, except those that the forking thread holds.

https://docs.python.org/3/library/os.html#os.register_at_fork
"""

from __future__ import annotations

import os
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

_locks: WeakSet[RLock] = WeakSet()


def new_lock() -> RLock:
    """Return a re-entrant lock that is not left locked in forked children."""
    lock = RLock()
    _locks.add(lock)
    return lock


def held_here(lock: Any) -> Callable[[], bool]:
    """Return a function that returns whether the current thread holds the lock.

    >>> lock = new_lock()
    >>> is_held = held_here(lock)
    >>> with lock:
    ...     is_held()
    True
    >>> is_held()
    False
    """
    # The method by which threading.Condition asks its lock.
    is_owned: Callable[[], bool] = lock._is_owned  # noqa: SLF001
    return is_owned


#: Held while something is attached to a service or its backend, or detached from it: stages,
#: observers, participants. Two threads may use a feature for the first time at once. One lock for
#: all services, as most mocks never attach anything; nothing else is done while it is held.
attaching: RLock = new_lock()


def _free_in_child() -> None:
    for lock in _locks:
        if not held_here(lock)():
            # The method by which the standard library renews its own locks in a child.
            lock._at_fork_reinit()  # type: ignore[attr-defined]  # noqa: SLF001


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    os.register_at_fork(after_in_child=_free_in_child)
