"""The undo journal: it rolls changes back to a savepoint, or those of a failed commit.

1. An undo entry is recorded before its change is made, and is idempotent. So an exception may be
   raised anywhere, also between two steps of a change or of its undo.
2. Code that makes changes which must not stay incomplete sets `unfinished` first. When it was
   interrupted, the next one to hold the backend's lock calls `finish`.
3. Entries are recorded while a savepoint is held. Their cost grows with the changes made since, not
   with the size of the backend; without savepoints nothing is recorded.
4. What stores the state elsewhere, such as a database on disk, is called as the last part of each
   outermost commit or block that changed something (`end_callbacks`). When it raises, the changes
   are rolled back.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A function that undoes a change, and its arguments.
Entry = tuple[Any, ...]
T = TypeVar("T")


class Ended(Enum):
    """What kind of unit of changes ends."""

    #: A commit: items were changed, with the records of the recorders of their tables.
    COMMIT = auto()
    #: A block of `undone_on_error`: anything may have been changed.
    BLOCK = auto()
    #: The restoring of a savepoint: any changes may have been rolled back.
    RESTORE = auto()


class UndoLog(list[Entry]):
    """Undo entries, the newest last. It lives as long as a savepoint refers to it."""

    __slots__ = ("__weakref__",)


class Savepoint:
    """A state of the backend that can be returned to, as often as needed: `ddb.restore(mark)`."""

    __slots__ = ("_log", "_marker", "journal", "position")

    def __init__(self, journal: Journal, log: UndoLog) -> None:
        self.journal: Journal = journal
        self._log = log
        #: An entry that undoes nothing. It is in the log as long as the savepoint is valid.
        self._marker: Entry = (_do_nothing,)
        log.append(self._marker)
        #: The number of entries that remain when this savepoint is restored.
        self.position: int = len(log)

    def log(self) -> UndoLog:
        """Return the log to undo down to `position`.

        Raises:
            MisuseError: An earlier savepoint was restored, so this state no longer exists.
        """
        log = self._log
        if len(log) < self.position or log[self.position - 1] is not self._marker:
            raise MisuseError(messages.SAVEPOINT_IS_VOID)
        return log

    def has_changes(self) -> bool:
        """Return whether anything was changed since."""
        return len(self.log()) > self.position

    def __repr__(self) -> str:
        return "<savepoint>"


def _do_nothing() -> None:
    """Undo nothing."""


#: Returns None, as a dead weak reference does: nothing is recorded.
_no_log: Callable[[], UndoLog | None] = ref(UndoLog())


class Journal:
    """The undo entries of all changes since the oldest savepoint that is still held."""

    __slots__ = ("_current_log", "before_savepoint", "end_callbacks", "log", "unfinished")

    def __init__(self) -> None:
        #: Called as the last part of each commit, block and restore.
        self.end_callbacks: tuple[Callable[[Ended], object], ...] = ()
        #: Called before each savepoint, by those who have left changes for later.
        self.before_savepoint: tuple[Callable[[], object], ...] = ()
        self._current_log: Callable[[], UndoLog | None] = _no_log
        #: Returns the current log; None when no savepoint is held, and during an undo.
        self.log: Callable[[], UndoLog | None] = _no_log
        #: A log and the number of its entries to keep, while a change or its undo is in progress.
        self.unfinished: tuple[list[Entry], int] | None = None

    def record(self, undo: Callable[..., object], *arguments: Any) -> None:
        """Record the undo of the change that is made next."""
        log = self.log()
        if log is not None:
            log.append((undo, *arguments))

    def change(self, setter: Callable[[T], object], before: T, after: T) -> None:
        """Call `setter(after)`, and `setter(before)` when that is undone."""
        self.record(setter, before)
        setter(after)

    def assign(self, owner: object, name: str, value: object) -> None:
        """Set an attribute, and its old value again when that is undone."""
        self.record(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, value)

    def savepoint(self) -> Savepoint:
        """Return a savepoint of the present state."""
        for complete in self.before_savepoint:
            complete()
        log = self._current_log()
        if log is None:
            log = UndoLog()
            # No strong reference: when the last savepoint is gone, so are the entries.
            self.log = self._current_log = ref(log)
        return Savepoint(self, log)

    def restore(self, savepoint: Savepoint) -> None:
        """Roll back every change since a savepoint; later savepoints become invalid."""
        if savepoint.journal is not self:
            raise MisuseError(messages.SAVEPOINT_OF_ANOTHER_BACKEND)
        self.unfinished = (savepoint.log(), savepoint.position)
        self.finish()

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Roll back the changes of a block when it fails."""
        savepoint = self.savepoint()
        outer, self.unfinished = self.unfinished, (savepoint.log(), savepoint.position)
        try:
            yield
            if outer is None and self.end_callbacks and savepoint.has_changes():
                self.end(Ended.BLOCK)
        except BaseException:
            self.restore(savepoint)
            self.unfinished = outer
            raise
        self.unfinished = outer

    def end(self, ended: Ended) -> None:
        """Call the functions in `end_callbacks`."""
        for on_end in self.end_callbacks:
            on_end(ended)

    def finish(self) -> None:
        """Roll back unfinished changes, the newest first."""
        if self.unfinished is None:
            return
        log, position = self.unfinished
        self.log = _no_log
        while len(log) > position:
            undo, *arguments = log[-1]
            undo(*arguments)
            log.pop()  # only now: an undo that is interrupted runs again
        self.log = self._current_log
        self.unfinished = None
