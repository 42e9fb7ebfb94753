"""The names of a template that are being resolved, to recognise one that depends on itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ddbmock._internal.formats.file_errors import FileError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator


class InProgress:
    """The names that are being resolved."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    @contextmanager
    def resolving(self, name: str, location: Location) -> Iterator[None]:
        """Resolve a name in this block.

        >>> names = InProgress()
        >>> with names.resolving("a", Location("t.yaml")), names.resolving("a", Location("t.yaml")):
        ...     pass
        Traceback (most recent call last):
        ddbmock.FileError: t.yaml: a depends on itself

        Raises:
            FileError: It is being resolved already: it depends on itself.
        """
        if name in self._names:
            raise FileError(location, f"{name} depends on itself")
        self._names.add(name)
        try:
            yield
        finally:
            self._names.discard(name)
