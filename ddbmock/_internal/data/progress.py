"""The progress of a long load: one line, written to terminals only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

#: How many records are between two updates of the line.
RECORDS_PER_UPDATE = 5000


class Progress:
    """A line on standard error with the number of loaded items; it is erased at the end.

    Nothing is written if standard error is not a terminal. Records are counted, not seconds.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._width = 0
        self._is_shown = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._width:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def update(self, record_count: int, part: float | None) -> None:
        """Show the number of records, and the fraction of the source (0 to 1) that was read."""
        if self._is_shown and record_count % RECORDS_PER_UPDATE == 0:
            percent = "" if part is None else f" ({part:.0%})"
            self._write(f"ddbmock: loading {self._source}: {record_count:,} items{percent}")

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = max(self._width, len(text))
