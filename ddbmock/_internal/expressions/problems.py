"""Errors in expressions.

A check of an expression does not know which request parameter it is in, so it raises an
`ExpressionProblem`, which a caller converts into an `InvalidExpressionError`. PartiQL statements
use the same pattern (`ddbmock._internal.partiql.problems`).
"""

from __future__ import annotations

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import expressions as messages


class ExpressionProblem(Exception):
    """An error in an expression, without the name of the request parameter.

    `legacy_text` is the text of the service's older layer, where it differs.
    """

    def __init__(self, text: str, legacy_text: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.legacy_text: str = legacy_text or text

    def error(self, label: str) -> InvalidExpressionError:
        """Return the service's error; `label` is the parameter that holds the expression."""
        return InvalidExpressionError(label, self)


class InvalidExpressionError(ValidationError):
    """An expression is invalid, independently of any item.

    `label` is the request parameter that holds the expression, such as "FilterExpression", and
    `problem_text` the text without it, as in errors of PartiQL statements.
    """

    def __init__(self, label: str, problem: ExpressionProblem) -> None:
        super().__init__(
            messages.invalid_expression(label, problem.text),
            legacy_message=messages.invalid_expression(label, problem.legacy_text),
        )
        self.label = label
        self.problem_text: str = problem.text
