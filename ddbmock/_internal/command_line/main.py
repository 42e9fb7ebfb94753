"""Run one command and return its exit status."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from ddbmock._internal.command_line.parser import parse
from ddbmock._internal.errors import MisuseError, UnsupportedError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

_REFUSED, _INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of a command line, and return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An item may hold what a terminal, or a file on Windows, has no characters for.
        sys.stdout.reconfigure(errors="backslashreplace")
    options = parse(arguments)
    try:
        return _run(options)
    except (MisuseError, UnsupportedError) as error:
        sys.stderr.write(f"ddbmock: {error}\n")
        return _REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        # Ctrl-C ends an endpoint regularly; it interrupts other commands.
        return 0 if options.command == "serve" else _INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    # `--help` needs none of these, and no command needs those of the others.
    if options.command == "serve":
        from ddbmock._internal.command_line.serve import serve  # noqa: PLC0415 (lazy)

        return serve(options)
    if options.command == "tables":
        from ddbmock._internal.command_line.tables import list_tables  # noqa: PLC0415 (lazy)

        return list_tables(options)
    if options.command == "diff":
        from ddbmock._internal.command_line.diff import diff  # noqa: PLC0415 (lazy)

        return diff(options)
    if options.command == "report":
        from ddbmock._internal.command_line.report import report  # noqa: PLC0415 (lazy)

        return report(options)
    if options.command == "migrate":
        from ddbmock._internal.command_line.migrate import migrate  # noqa: PLC0415 (lazy)

        return migrate(options)
    from ddbmock._internal.command_line import transfer  # noqa: PLC0415 (lazy)

    return transfer.load(options) if options.command == "load" else transfer.dump(options)
