"""The measures of a run in a file: JSON, by the ids of the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import open_to_write, read_text

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from ddbmock._internal.report.measures import Measures
    from ddbmock._internal.report.sums import MeasuresByTest

_VERSION = 1
_NUMBER = (int, float)
#: The types of the columns of each list of rows.
_ROWS: Mapping[str, tuple[Any, ...]] = {
    "usage": (str, str, (str, type(None)), _NUMBER, _NUMBER),
    "operations": (str, int, int, _NUMBER, _NUMBER),
    "keys": (str, str, int, _NUMBER),
    "reads": (str, str, str, bool, int, int, int, _NUMBER),
}
#: The same of lists that older reports do not have.
_LATER_ROWS: Mapping[str, tuple[Any, ...]] = {
    "advice": (str, str, str, str),
    "indexes": (str, str, str),
}
#: Numbers that older reports do not have.
_LATER_COUNTS = ("faults",)
_SCALARS: Mapping[str, Any] = {
    "outcome": str,
    "calls": int,
    "errors": int,
    "scans": int,
    "read": _NUMBER,
    "write": _NUMBER,
}


def write_run(path: Path, measures: MeasuresByTest) -> None:
    """Write the measures of a run.

    Raises:
        FileError: The file cannot be written.
    """
    content = {"ddbmock_report": _VERSION, "tests": measures}
    with open_to_write(path) as file:
        file.write(json.dumps(content, indent=1) + "\n")


def read_run(path: str | os.PathLike[str]) -> dict[str, Measures]:
    """Read a file of `write_run`.

    Raises:
        FileError: It cannot be read, is no such file, or is damaged.
    """
    try:
        content = json.loads(read_text(Path(path)))
    except (ValueError, RecursionError) as error:
        raise FileError(str(path), f"not JSON: {error}") from None
    if not isinstance(content, dict) or "ddbmock_report" not in content:
        raise FileError(
            str(path), "no report of a run", hint="pytest --ddbmock-report=json:PATH writes one"
        )
    if content["ddbmock_report"] != _VERSION:
        raise FileError(str(path), f"a report of another version than {_VERSION}")
    tests = content.get("tests")
    if not isinstance(tests, dict):
        raise FileError(str(path), "damaged: tests are missing")
    return {name: _measures(str(path), name, found) for name, found in tests.items()}


def _measures(path: str, test: str, found: Any) -> Measures:
    later = {*_LATER_ROWS, *_LATER_COUNTS}
    if not isinstance(found, dict) or found.keys() - later != {*_SCALARS, *_ROWS}:
        raise FileError(path, f"damaged: {test} has other members than a report has")
    measures: dict[str, Any] = {}
    for name, kind in _SCALARS.items():
        if not _is(found[name], kind):
            raise FileError(path, f"damaged: {test}: {name}")
        measures[name] = found[name]
    for name in _LATER_COUNTS:
        measures[name] = found.get(name, 0)
        if not _is(measures[name], int):
            raise FileError(path, f"damaged: {test}: {name}")
    for name, kinds in {**_ROWS, **_LATER_ROWS}.items():
        rows = found.get(name, [])
        if not isinstance(rows, list) or not all(_is_row(row, kinds) for row in rows):
            raise FileError(path, f"damaged: {test}: {name}")
        measures[name] = [tuple(row) for row in rows]
    return measures  # type: ignore[return-value] # checked by hand, member by member


def _is_row(row: Any, kinds: tuple[Any, ...]) -> bool:
    return isinstance(row, list) and len(row) == len(kinds) and all(map(_is, row, kinds))


def _is(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
