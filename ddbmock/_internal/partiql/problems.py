"""Errors in PartiQL statements, with their positions.

A statement that cannot be parsed "wasn't well formed, can't be processed: …"; the error of one that
can be parsed but is unsupported has a separate text, often with `line:column:length`.
"""

from __future__ import annotations

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import partiql as messages


class StatementProblem(Exception):
    """An error in a statement, with its position.

    `start` and `end` are offsets of characters; the error has no position when both are 0.
    """

    def __init__(self, text: str, start: int = 0, end: int = 0) -> None:
        super().__init__(text)
        self.text = text
        self.start = start
        self.end = end

    def error(self, statement: str) -> ValidationError:
        """Return the service's error."""
        if self.end == 0:
            return ValidationError(self.text)
        return ValidationError(
            messages.at_position(self.text, position(statement, self.start, self.end))
        )


def malformed(detail: str) -> StatementProblem:
    """Return the error of a statement that cannot be parsed."""
    return StatementProblem(messages.statement_malformed(detail))


def position(statement: str, start: int, end: int) -> str:
    r"""Return `line:column:length`, counted from one.

    >>> position("SELECT\n COUNT(*)", 8, 13)
    '2:2:5'
    """
    before = statement[:start].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return f"{line}:{column}:{end - start}"
