"""The undo journal: snapshots that cost with the changes since, not with the size of the backend.

While somebody holds a mark, every change leaves the call that takes it back. To restore a mark is
to make those calls, newest first. Without marks nothing is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from ddbmock import messages
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable


class Mark:
    """A moment of the backend that can be returned to, as often as wanted."""

    __slots__ = ("__weakref__", "journal", "position")

    def __init__(self, journal: Journal, position: int) -> None:
        self.journal = journal
        #: How many undo entries were there; None after a restore to an earlier moment.
        self.position: int | None = position


class Journal:
    """What takes back each change since the oldest mark that is still held."""

    def __init__(self) -> None:
        self._undo: list[tuple[Callable[..., object], tuple[Any, ...]]] = []
        #: The marks that somebody still holds; a reference whose mark is gone removes itself.
        self._marks: list[ref[Mark]] = []

    @property
    def recording(self) -> bool:
        """Return whether somebody holds a mark."""
        if self._marks:
            return True
        if self._undo:
            self._undo.clear()
        return False

    def record(self, undo: Callable[..., object], *arguments: Any) -> None:
        """Remember how to take back a change; call it only while `recording`."""
        self._undo.append((undo, arguments))

    def mark(self) -> Mark:
        """Return a mark of this moment."""
        if not self.recording:
            self._undo.clear()
        mark = Mark(self, len(self._undo))
        self._marks.append(ref(mark, self._marks.remove))
        return mark

    def restore(self, mark: Mark) -> None:
        """Take back every change since the mark; later marks are void then."""
        if mark.journal is not self:
            raise MisuseError(messages.MARK_OF_ANOTHER_BACKEND)
        if mark.position is None:
            raise MisuseError(messages.MARK_IS_VOID)
        while len(self._undo) > mark.position:
            undo, arguments = self._undo.pop()
            undo(*arguments)
        for other in [reference() for reference in self._marks]:
            if other and other.position is not None and other.position > mark.position:
                other.position = None
