"""`ddbmock report`: the calls, units and scans of runs that pytest has recorded."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.formats.files import open_to_write
from ddbmock._internal.report import page, read_run, summary_lines

if TYPE_CHECKING:
    import argparse

    from ddbmock._internal.report import Measures


def report(options: argparse.Namespace) -> int:
    """Print the measures of all files together, or write them as a page."""
    measures: dict[str, Measures] = {}
    for path in options.files:
        measures.update(read_run(path))
    if options.html is None:
        width = shutil.get_terminal_size().columns
        sys.stdout.writelines(f"{line}\n" for line in summary_lines(measures, width))
        return 0
    with open_to_write(Path(options.html)) as file:
        file.write(page(measures))
    sys.stdout.write(f"report written to {options.html}\n")
    return 0
