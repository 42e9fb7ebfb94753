"""The destination tables of the records of a source: by name, by ARN, by the name of the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.arns import is_arn
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import stem_of

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.formats.records import Record


class Destinations:
    """The tables of a backend, as the records of one source name them.

    Args:
        backend: The backend with the tables.
        region_name: The region of names without one.
        table_name: The name or ARN of the only destination; None if the source names tables.
    """

    def __init__(self, backend: Backend, region_name: str, table_name: str | None) -> None:
        self._backend = backend
        self._region = backend.region(region_name)
        self._given_name = table_name
        #: The name in the source of the table that is loaded into the given one.
        self._name_in_source: str | None = None
        self._found: dict[str, Table] = {}

    def table_of(self, record: Record) -> Table:
        """Return the table that a record goes to.

        Raises:
            FileError: There is no such table, or the source names none.
        """
        name = self._name_of(record)
        table = self._found.get(name) or self.find(name)
        if table is None:
            raise FileError(
                record.location,
                f"no table {name!r}; the tables that exist: {self._table_names()}",
            )
        self._found[name] = table
        return table

    def _name_of(self, record: Record) -> str:
        if record.table_name is not None:
            return self.renamed(record.table_name, record.location)
        if self._given_name is not None:
            return self._given_name
        source = record.location.source
        name = stem_of(Path(source))
        if self.find(name) is None:
            raise FileError(
                source,
                f"for which table? There is none called {name!r}, as the file is; name the file"
                " after its table, or say table=... (--table of `ddbmock load`)"
                f" (the tables that exist: {self._table_names()})",
            )
        return name

    def renamed(self, name: str, location: Location) -> str:
        """Return the name of the destination of a table in the source.

        Raises:
            FileError: One destination is given, but the source has several tables.
        """
        if self._given_name is None:
            return name
        first = self._name_in_source = self._name_in_source or name
        if first != name:
            raise FileError(
                location, f"items of {first} and of {name}: table= takes a source of one table"
            )
        return self._given_name

    def find(self, name: str) -> Table | None:
        """Return the table with a name or ARN: in this region, or in the only one that has it."""
        if is_arn(name):
            return self._find_arn(name)
        if name in self._region.tables:
            return self._region.tables[name]
        others = [region for region in self._backend.regions() if name in region.tables]
        return others[0].tables[name] if len(others) == 1 else None

    def _find_arn(self, arn: str) -> Table | None:
        for region in self._backend.all_regions():
            name = region.arns.table_name(arn)
            if name in region.tables:
                return region.tables[name]
        return None

    def key_types(self, table_name: str | None) -> dict[str, str]:
        """Return the types of the key attributes of a table and its indexes."""
        found = self.find(self._given_name or table_name or "")
        return {} if found is None else dict(found.settings.attribute_types)

    def _table_names(self) -> str:
        regions = self._backend.regions()
        names = {table.name for region in regions for table in region.all_tables()}
        return ", ".join(sorted(names)) or "none"
