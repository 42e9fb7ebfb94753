"""Errors about a statement, and where in it they are.

Two envelopes: what cannot be read is "Statement wasn't well formed, can't be processed: …"; what
can be read and is not for DynamoDB is said on its own, often with `line:column:length`.
"""

from __future__ import annotations

from ddbmock import messages
from ddbmock.errors import ValidationError


class StatementProblem(Exception):
    """A mistake on its way to the error about it, which needs the text to tell the place."""

    def __init__(self, message: str, start: int = 0, end: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end

    def error(self, statement: str) -> ValidationError:
        """Return the service's error."""
        if self.end == 0:
            return ValidationError(self.message)
        return ValidationError(
            messages.at_position(self.message, position(statement, self.start, self.end))
        )


def malformed(detail: str) -> StatementProblem:
    """Return the problem of a statement that cannot be read."""
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
