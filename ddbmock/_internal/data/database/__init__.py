"""Backends in a database on disk, written at each change, as with `serve --db FILE`.

    file        an SQLite file: its tables, transactions and errors
    rows        the rows of one backend
    attached    a backend that writes its changes

1. The rows of a backend are the lines of a saved state (`data/saved_state`), one row for
   each resource and one for each item or stream record, so that everything that can be saved can
   be stored here.
2. A change is written before its call returns, in one transaction of SQLite for each outermost
   commit or block. When it cannot be written, the call fails and has changed nothing. A process
   that is killed at any moment loses no call that has returned.
3. The new state of changed resources is written, not the change: an inner block that was rolled
   back, and a write that is repeated after a failure, do no harm.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ddbmock._internal.data.database.attached import AttachedBackend
from ddbmock._internal.data.database.file import DatabaseFile, is_database
from ddbmock._internal.data.database.rows import Rows
from ddbmock._internal.data.saved_state.reading import load_lines

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.service import Service

__all__ = ["AttachedBackend", "DatabaseFile", "attach", "is_database", "opened", "read", "store"]

#: The name of the backend in the database of a mock.
_OF_A_MOCK = "mock"


def attach(service: Service) -> None:
    """Read the backend of a service from the database of its mock, and write each change there.

    Raises:
        FileError: The database cannot be opened or read, or has several backends.
    """
    path, backend = service.options.db, service.backend
    assert path is not None  # noqa: S101 (the option switches this on)
    file = DatabaseFile(path)
    try:
        attached = AttachedBackend(file, file.only_backend(default=_OF_A_MOCK), backend)
    except BaseException:
        file.close()
        raise

    def end() -> None:
        attached.detach()
        file.close()

    service.on_end.append(end)


@contextmanager
def opened(path: str | os.PathLike[str] | None) -> Iterator[DatabaseFile | None]:
    """Open a database for a block, if there is one.

    Raises:
        FileError: It cannot be opened.
    """
    if path is None:
        yield None
        return
    with closing(DatabaseFile(path)) as file:
        yield file


def read(path: str | os.PathLike[str], backend: Backend) -> None:
    """Add what a database has to a backend.

    Raises:
        FileError: As `attach`; or the backend has a table of this name.
    """
    with closing(DatabaseFile(path)) as file:
        rows = Rows(file, file.only_backend(default=_OF_A_MOCK))
        if rows.are_there:
            with backend.atomic():
                load_lines(backend, str(path), rows.lines())


def store(path: str | os.PathLike[str], backend: Backend) -> None:
    """Write a backend into a database, replacing the existing one.

    Raises:
        FileError: The database cannot be opened or written, or has several backends.
    """
    with closing(DatabaseFile(path)) as file:
        name = file.only_backend(default=_OF_A_MOCK)
        AttachedBackend(file, name, backend, replaces=True).detach()
