"""The marker `ddbmock`: the options, tables and items that a test requests of its mock."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.pytest_plugin import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from ddbmock._internal.activations import Activation

#: The arguments of the marker that are not options of `mock_dynamodb`.
_OWN_OPTIONS = ("tables", "load", "faults")

# Not dataclasses: creating these would take a third of the plugin's import time.


class Seed:
    """The tables and items of one marker."""

    def __init__(
        self, marker: pytest.Mark, tables: list[Any], sources: list[Any], faults: list[Any]
    ) -> None:
        self.marker = marker
        #: Requests of CreateTable, what `tables_from` returns, or paths of templates.
        self.tables = tables
        #: What `ddb.load` takes; a mapping's values may be paths too.
        self.sources = sources
        #: Arguments of `ddb.faults.add`.
        self.faults = faults


class MarkerRequest:
    """The merged markers of a test, its class and its module."""

    def __init__(self, mock_options: dict[str, Any], marked: set[str], seeds: list[Seed]) -> None:
        #: The options of `mock_dynamodb`.
        self.mock_options = mock_options
        #: Those of them that markers give.
        self.marked = marked
        #: Farthest first.
        self.seeds = seeds


class MarkerError(Exception):
    """A marker is wrong; the text is for its author."""


def request_of(node: Any) -> MarkerRequest:
    """Return the merged markers of a test, its class and its module.

    A nearer marker overrides a farther one; tables and files add up.

    Raises:
        MarkerError: Arguments without a name.
    """
    marked: dict[str, Any] = {}
    seeds = []
    for marker in reversed(list(node.iter_markers("ddbmock"))):
        if marker.args:
            raise MarkerError(f"options are given by name, not {marker.args!r}")
        given = dict(marker.kwargs)
        tables, sources, faults = (_listed(given.pop(name, ())) for name in _OWN_OPTIONS)
        seeds.append(Seed(marker, tables, sources, faults))
        marked.update(given)
    return MarkerRequest({**options.mock_options(node.config), **marked}, set(marked), seeds)


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def create_mock(request: MarkerRequest) -> Any:
    """Return a mock with the requested options, not started yet.

    Raises:
        MarkerError: An unknown option, or an invalid value.
    """
    from ddbmock._internal.mock import mock_dynamodb  # noqa: PLC0415 (lazy)

    try:
        return mock_dynamodb(**request.mock_options)
    except TypeError as error:
        raise MarkerError(f"{error}; the marker takes {', '.join(_OWN_OPTIONS)} too") from None


def check_backend_options(request: MarkerRequest, activation: Activation) -> None:
    """Refuse options of the backend if it exists already.

    Raises:
        MarkerError: Such an option.
    """
    for name in sorted(request.marked - {"isolate", "policy", "region"}):
        if getattr(activation.options, name) != getattr(activation.service.options, name):
            raise MarkerError(
                f"{name} is an option of the backend, and a mock of a wider scope has created it"
                " already: mark the module or class, or give the test a backend of its own with"
                " isolate=True"
            )


def seed(mock: Any, wanted: Seed, folder: Path) -> None:
    """Create the tables of a marker that do not exist yet, and load its items.

    Raises:
        MarkerError: A table or an item is refused, or a file is not there.
    """
    from ddbmock import FileError, MisuseError, UnsupportedError  # noqa: PLC0415 (lazy)

    try:
        for table in wanted.tables:
            _create(mock, table, folder)
        for source in wanted.sources:
            for part, table_name in _parts(source, folder):
                mock.load(part, table_name)
    except (FileError, MisuseError, UnsupportedError) as error:
        raise MarkerError(str(error)) from None


def add_faults(mock: Any, wanted: Seed) -> None:
    """Add the faults of a marker.

    Raises:
        MarkerError: One of them is wrong.
    """
    from ddbmock import MisuseError  # noqa: PLC0415 (lazy)

    for fault in wanted.faults:
        if not isinstance(fault, Mapping):
            raise MarkerError(f"faults takes arguments of ddb.faults.add(), not {fault!r}")
        try:
            mock.faults.add(**fault)
        except (MisuseError, TypeError) as error:
            raise MarkerError(str(error)) from None


def _create(mock: Any, table: Any, folder: Path) -> None:
    import ddbmock  # noqa: PLC0415 (lazy)

    if isinstance(table, str | Path):
        ddbmock.tables_from(_found(table, folder)).create(mock, skip_existing=True)
    elif isinstance(table, ddbmock.Tables):
        table.create(mock, skip_existing=True)
    elif isinstance(table, Mapping) and "TableName" in table:
        if table["TableName"] not in mock.tables:
            _create_requested(mock, table)
    else:
        raise MarkerError(
            "tables takes what CreateTable takes (with a TableName), what tables_from() returns,"
            f" the path of a template, or a list of these; not {table!r}"
        )


def _create_requested(mock: Any, table: Mapping[str, Any]) -> None:
    from ddbmock._internal.errors import ServiceError  # noqa: PLC0415 (lazy)
    from ddbmock._internal.mock import activation_of  # noqa: PLC0415 (lazy)
    from ddbmock._internal.remote import RemoteService  # noqa: PLC0415 (lazy)
    from ddbmock._internal.service_model import input_shape  # noqa: PLC0415 (lazy)
    from ddbmock._internal.validation import check_serialization  # noqa: PLC0415 (lazy)

    request, shape = deepcopy(dict(table)), input_shape("CreateTable")
    service = activation_of(mock).service
    try:
        if isinstance(service, RemoteService):
            service.execute(mock.region, "CreateTable", request, shape, validated=False)
            return
        check_serialization(request, shape)
        with mock.set_up() as set_up:
            set_up.request("CreateTable", request)
    except ServiceError as error:
        raise MarkerError(
            f"the table {table['TableName']!r} is refused: {error.code}: {error.message}"
        ) from None


def _parts(source: Any, folder: Path) -> Iterator[tuple[Any, str | None]]:
    """Yield the sources to be loaded, with the table for those that name none."""
    if isinstance(source, str | Path):
        yield _found(source, folder), None
    elif isinstance(source, Mapping):
        paths = {name: path for name, path in source.items() if isinstance(path, str | Path)}
        items = {name: value for name, value in source.items() if name not in paths}
        if items or not paths:
            yield items, None
        for name, path in paths.items():
            yield _found(path, folder), name
    else:
        yield source, None


def _found(path: str | Path, folder: Path) -> Path:
    """Return a path: next to the test's file, or else in the working directory.

    Raises:
        MarkerError: It is in neither.
    """
    for candidate in (folder / path, Path.cwd() / path):
        if candidate.exists():
            return candidate
    where = f"{folder} and {Path.cwd()}" if folder != Path.cwd() else str(folder)
    raise MarkerError(f"there is no {str(path)!r}; it was looked for in {where}")
