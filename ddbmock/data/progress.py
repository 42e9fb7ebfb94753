"""The progress of a long load: one line on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ddbmock import messages

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

#: So many records pass before anything is shown, and between two showings.
RECORDS_A_STEP = 5000


class Progress:
    """A line on standard error that says how far a load is; erased at its end.

    Nothing is written when standard error is no terminal. There is no clock in it: it counts.
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

    def at(self, record_count: int, part: float | None) -> None:
        """Say that so many records are read, this part of the source."""
        if self._is_shown and record_count % RECORDS_A_STEP == 0:
            self._write(messages.loading(self._source, record_count, part))

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = max(self._width, len(text))
