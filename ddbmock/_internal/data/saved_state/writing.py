"""Writing of a backend into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.saved_state.sections import NOT_SAVED, SECTIONS
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.formats.dynamodb_json import json_line
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import open_to_write

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.engine.backend import Backend, Region
    from ddbmock._internal.engine.clock import Clock

VERSION = 2


def save_state(backend: Backend, target: str | os.PathLike[str]) -> None:
    """Write a backend into a file, one item on each line.

    Raises:
        FileError: The file cannot be written.
        UnsupportedError: The backend has resources of a kind that no section writes.
    """
    __tracebackhide__ = True
    try:
        with backend.lock, open_to_write(Path(target)) as file:
            file.writelines(json_line(line) + "\n" for line in _lines(backend))
    except FileError as error:
        raise error.with_traceback(None) from error.__cause__


def _lines(backend: Backend) -> Iterator[Mapping[str, Any]]:
    yield first_line(backend)
    for region in backend.all_regions():
        check_kinds(region)
        is_named = False
        for section in SECTIONS:
            for line in section.write(region):
                if not is_named:
                    yield region_line(region.account_id, region.name)
                    is_named = True
                yield line


def first_line(backend: Backend) -> Mapping[str, Any]:
    """Return the first line, which identifies the saved state and has the clock."""
    return {"ddbmock": {"version": VERSION, "clock": saved_clock(backend.clock)}}


def region_line(account_id: str, region_name: str) -> Mapping[str, Any]:
    """Return the line that begins a region."""
    return {"region": {"account": account_id, "name": region_name}}


def check_kinds(region: Region) -> None:
    """Raise UnsupportedError when a region has resources of a kind that no section writes."""
    known = {*NOT_SAVED, *(section.kind for section in SECTIONS)}
    for kind in region.store.kinds():
        if region.store.of(kind).records and kind not in known:
            raise UnsupportedError(f"ddbmock does not save resources of the kind {kind.__name__}")


def saved_clock(clock: Clock) -> dict[str, Any]:
    """Return the saved form of a clock."""
    if clock.frozen_seconds is not None:
        return {"frozen_at": clock.frozen_seconds}
    return {"moved_seconds": round(clock.offset_seconds, 2) + 0.0}
