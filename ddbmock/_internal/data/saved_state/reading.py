"""Reading of a saved state into a backend, line by line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.progress import Progress
from ddbmock._internal.data.saved_state import replicas
from ddbmock._internal.data.saved_state.sections import SECTIONS
from ddbmock._internal.data.saved_state.state import LoadedState
from ddbmock._internal.data.saved_state.writing import VERSION
from ddbmock._internal.data.typed_json import WrongTypeError, from_json
from ddbmock._internal.engine.clock import Clock
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.files import InputFile, not_text
from ddbmock._internal.formats.python_values import AttributeValueError
from ddbmock._internal.garbage_collection import paused_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.formats.files import Line

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_BEGINNING = b'{"ddbmock": '
#: The maximum offset of a clock: a century.
_MOVED_SECONDS_MAX = 100 * 366 * 24 * 60 * 60


def is_saved_state(path: Path) -> bool:
    """Return whether a file was written by `save_state`."""
    try:
        return InputFile.at(path).beginning(len(_BEGINNING)) == _BEGINNING
    except FileError:
        return False


def load_state(backend: Backend, path: Path) -> int:
    """Add the resources of a saved state to a backend, set its clock, and return the item count.

    Raises:
        FileError: A table of it exists already, or the file is damaged or of another version.
    """
    file = InputFile.at(path)
    return load_lines(backend, file.name, file.lines())


def load_lines(backend: Backend, source: str, lines: Iterator[Line]) -> int:
    """Add the resources that the lines of a saved state describe to a backend.

    Args:
        backend: The backend that they are added to.
        source: The name of the source in errors.
        lines: The lines, beginning with the one of the clock.

    Raises:
        FileError: As `load_state`.
    """
    state = LoadedState(backend, Location(source, 1))
    clock = _read_head(state, next(lines, None))
    # Whether something is due can be said when the clock is set.
    with backend.agenda.held(), paused_collection(all_stays=True):
        with Progress(Path(source).name) as progress:
            for line in lines:
                state.location = Location(source, line.number)
                read_line(state, *_decoded(state, line))
                progress.update(line.number, line.progress)
        state.finish()
        replicas.finish(state)
        set_clock(backend.clock, clock, state)
    state.start()
    return state.item_count


def _decoded(state: LoadedState, line: Line) -> tuple[str, Any]:
    """Return the only member of the object on a line."""
    try:
        content = _DECODER.decode(line.content.decode())
    except UnicodeDecodeError as error:
        raise not_text(state.location, error) from None
    except (ValueError, RecursionError) as error:
        raise state.error(f"not JSON: {error}") from None
    if not isinstance(content, dict) or len(content) != 1:
        raise state.error("an object with one member is expected")
    ((kind, value),) = content.items()
    return kind, value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"JSON has no number {name}")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _read_head(state: LoadedState, line: Line | None) -> dict[str, Any]:
    if line is None:
        raise state.error("the file is empty")
    _, head = _decoded(state, line)
    version = head.get("version") if isinstance(head, dict) else None
    if version != VERSION:
        raise FileError(
            state.location,
            f"a saved state of version {version}; this ddbmock reads version {VERSION}",
        )
    clock = head.get("clock")
    if not isinstance(clock, dict):
        raise state.error("the clock is missing")
    return clock


def read_line(state: LoadedState, kind: str, value: Any) -> None:
    """Add the resource of one line, given its only member's name and content."""
    read = _READERS.get(kind)
    if read is None:
        raise FileError(
            state.location,
            f"ddbmock does not know what {kind!r} is",
            hint="a newer version may have written the file",
        )
    try:
        read(state, value)
    except (AttributeValueError, WrongTypeError) as error:
        raise state.error(str(error)) from None
    except ServiceError as error:
        raise state.error(error.message) from None


def _read_region(state: LoadedState, value: Any) -> None:
    saved = from_json(dict[str, str], value, "region")
    if saved.keys() != {"account", "name"} or not saved["name"]:
        raise state.error("a region has an account and a name")
    if not _ACCOUNT_ID.fullmatch(saved["account"]):
        raise state.error("an account has twelve digits")
    state.enter_region(state.backend.region(saved["name"], saved["account"]))


_READERS: dict[str, Callable[[LoadedState, Any], None]] = {
    "region": _read_region,
    **{name: read for section in SECTIONS for name, read in section.readers.items()},
}


def set_clock(clock: Clock, saved: dict[str, Any], state: LoadedState) -> None:
    """Set the clock as the first line of a saved state says."""
    state.location = Location(state.location.source, 1)
    if "frozen_at" in saved:
        try:
            clock.freeze(from_json(float, saved["frozen_at"], "frozen_at"))
        except WrongTypeError as error:
            raise state.error(str(error)) from None
        return
    moved_seconds = saved.get("moved_seconds")
    if not isinstance(moved_seconds, int | float) or not abs(moved_seconds) <= _MOVED_SECONDS_MAX:
        raise state.error("moved_seconds is missing or wrong")
    if moved_seconds:
        clock.freeze(Clock().seconds() + moved_seconds)
        clock.unfreeze()
