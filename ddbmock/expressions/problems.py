"""The error that a wrong expression raises.

Its own class, so that an operation can tell a mistake in an expression (which some operations
word as "1 validation error detected: …") from other validation errors.
"""

from __future__ import annotations

from ddbmock import messages
from ddbmock.errors import ValidationError


class ExpressionProblem(Exception):
    """A mistake found in an expression, on its way to the `InvalidExpressionError` about it.

    What finds mistakes does not know which request parameter holds the expression. `scan_text` is
    what a Scan says instead, where it says more than other operations.
    """

    def __init__(self, text: str, scan_text: str | None = None) -> None:
        super().__init__(text)
        self.scan_text = scan_text or text


class InvalidExpressionError(ValidationError):
    """An expression breaks a rule that can be seen without any item.

    `label` is the request parameter that holds the expression, such as "FilterExpression";
    `scan_message` is the message as a Scan words it.
    """

    def __init__(self, label: str, problem: ExpressionProblem) -> None:
        super().__init__(messages.invalid_expression(label, str(problem)))
        self.label = label
        self.scan_message = messages.invalid_expression(label, problem.scan_text)
