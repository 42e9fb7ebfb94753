"""Tables of templates as pytest fixtures: `dynamodb_tables = ddbmock.tables_from("template.yml")`.

pytest knows its own fixtures only. So ddbmock's plugin shows this module every conftest and test
module before pytest looks for fixtures in it, and global `Tables` become fixtures there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.templates.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable


def fixture_of(tables: Tables, name: str) -> Any:
    """Return a fixture that makes the tables on the fixture `ddb` and gives `ddb.tables`."""
    import pytest  # noqa: PLC0415 (optional)

    def make(ddb: Any) -> Any:
        tables.create(ddb)
        return ddb.tables

    make.__doc__ = f"The tables {', '.join(tables.names)} of {tables.source}."
    decorate: Callable[..., Any] = pytest.fixture(name=name)
    return decorate(make)


def adopt(namespace: Any) -> None:
    """Put a fixture in the place of each global `Tables` of a module."""
    for name, value in list(vars(namespace).items()):
        if isinstance(value, Tables):
            setattr(namespace, name, fixture_of(value, name))
