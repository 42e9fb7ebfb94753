"""An SQLite file with the rows of backends."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import not_accessible
from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

#: "ddbm", in the header of the file: the application of the database.
_APPLICATION_ID = 0x6464626D
_VERSION = 1
_HEADER = b"SQLite format 3\0"

_SCHEMA = f"""
BEGIN;
CREATE TABLE settings (name TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE backends (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head TEXT NOT NULL);
CREATE TABLE prepared (backend TEXT, region TEXT, PRIMARY KEY (backend, region));
CREATE TABLE resources (
    id INTEGER PRIMARY KEY, backend INTEGER NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
    section TEXT NOT NULL, key TEXT NOT NULL, line TEXT NOT NULL
);
CREATE INDEX resources_of_backend ON resources (backend, account, region, section);
CREATE TABLE parts (
    resource INTEGER, key TEXT, line TEXT NOT NULL, PRIMARY KEY (resource, key)
);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
COMMIT;
"""


def is_database(path: Path) -> bool:
    """Return whether a file is an SQLite database; its application is checked when it is opened."""
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False


class DatabaseFile:
    """An open database; one process has it at a time.

    Raises:
        FileError: It cannot be opened, is in use by another process, or is no database of ddbmock.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Path = Path(path)
        self._lock = new_lock()
        if not self.path.parent.is_dir():
            raise FileError(str(path), f"there is no folder {self.path.parent.absolute()}")
        try:
            # Transactions are explicit; any thread may hold the lock of a backend.
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=0
            )
        except sqlite3.Error as error:
            raise not_accessible(str(path), "opened", error) from None
        try:
            self._open()
        except sqlite3.Error as error:
            self._connection.close()
            raise self._opening_error(error) from None
        except FileError:
            self._connection.close()
            raise

    def _open(self) -> None:
        execute = self._connection.execute
        # No other process may change the file meanwhile. A killed process releases its lock.
        execute("PRAGMA locking_mode = EXCLUSIVE")
        # With a write-ahead log, commits survive the end of the process; only a loss of power can
        # lose the last transactions.
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        (version,) = execute("PRAGMA user_version").fetchone()
        (application_id,) = execute("PRAGMA application_id").fetchone()
        (table_count,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not table_count and not application_id:
            self._connection.executescript(_SCHEMA)
        elif application_id != _APPLICATION_ID:
            raise FileError(str(self.path), "this is a database of another program")
        elif version != _VERSION:
            raise FileError(
                str(self.path),
                f"a database of version {version}; this ddbmock reads version {_VERSION}",
            )
        execute("BEGIN IMMEDIATE")  # takes the lock, which is kept
        execute("COMMIT")

    def _opening_error(self, error: sqlite3.Error) -> FileError:
        if "locked" in str(error):
            return FileError(str(self.path), "another process uses this database")
        if "not a database" in str(error):
            return FileError(str(self.path), "this is no database")
        return not_accessible(str(self.path), "opened", error)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Execute the writes of a block in one transaction.

        Raises:
            FileError: It cannot be written; nothing was.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise not_accessible(str(self.path), "written", error) from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def rows(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement.

        Raises:
            FileError: The file cannot be read.
        """
        try:
            with self._lock:
                return self._connection.execute(statement, arguments).fetchall()
        except sqlite3.Error as error:
            raise not_accessible(str(self.path), "read", error) from None

    def backend_names(self) -> list[str]:
        """Return the names of the backends in the file."""
        return [name for (name,) in self.rows("SELECT name FROM backends ORDER BY id")]

    def only_backend(self, *, default: str) -> str:
        """Return the name of the only backend in the file, or a default for a new one.

        Raises:
            FileError: There are several.
        """
        names = self.backend_names()
        if len(names) > 1:
            problem = f"has the tables of several access keys: {', '.join(names)}"
            raise FileError(str(self.path), problem, hint="serve it, and ask the endpoint")
        return names[0] if names else default

    def prepared(self) -> list[tuple[str, str]]:
        """Return the backends and regions that were marked by `mark_prepared`."""
        return [
            (name, region) for name, region in self.rows("SELECT backend, region FROM prepared")
        ]

    def mark_prepared(self, backend_name: str, region_name: str) -> None:
        """Note that a region of a backend has its initial contents."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO prepared VALUES (?, ?)", (backend_name, region_name)
            )

    def setting(self, name: str, default: str) -> str:
        """Return a setting of the database, which keeps its first value."""
        with self.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", (name, default))
        ((content,),) = self.rows("SELECT content FROM settings WHERE name = ?", name)
        return str(content)

    def close(self) -> None:
        """Close the file; all writes are in it already."""
        with self._lock:
            self._connection.close()
