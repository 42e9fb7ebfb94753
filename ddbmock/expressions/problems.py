"""The error that a wrong expression raises.

Its own class, so that an operation can tell a mistake in an expression (which some operations
word as "1 validation error detected: …") from other validation errors.
"""

from __future__ import annotations

from ddbmock import messages
from ddbmock.errors import ValidationError


class InvalidExpressionError(ValidationError):
    """An expression breaks a rule that can be seen without any item.

    `label` is the request parameter that holds the expression, such as "FilterExpression".
    """

    def __init__(self, label: str, text: str) -> None:
        super().__init__(messages.invalid_expression(label, text))
        self.label = label


class ExpressionProblem(Exception):
    """A mistake found in an expression, on its way to the `InvalidExpressionError` about it.

    What finds mistakes does not know which request parameter holds the expression.
    """
