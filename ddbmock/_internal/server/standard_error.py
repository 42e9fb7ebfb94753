"""Lines and tracebacks on standard error, which may be closed, absent or the end of a broken pipe.

Nothing is raised: a call that was answered does not fail because its line cannot be written.
"""

from __future__ import annotations

import sys
import traceback


def write_line(line: str) -> None:
    r"""Write a line; characters that a terminal would obey are escaped, as in names of tables."""
    if not line.isprintable():
        line = "".join(
            character if character.isprintable() else ascii(character)[1:-1] for character in line
        )
    _write(f"{line}\n")


def write_traceback(error: BaseException) -> None:
    """Write the traceback of an error."""
    _write("".join(traceback.format_exception(error)))


def _write(text: str) -> None:
    stream = sys.stderr
    if stream is None:  # as in a program of Windows without a console
        return
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError):
        pass  # it has no reader: closed, or a broken pipe
