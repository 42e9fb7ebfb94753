"""Mistakes in expressions, and the errors that they become.

What finds a mistake does not know which request parameter holds the expression, so it raises an
`ExpressionProblem`; whoever knows the parameter turns it into an `InvalidExpressionError`. Mistakes
in PartiQL statements go the same way (`ddbmock._internal.partiql.problems`).
"""

from __future__ import annotations

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import expressions as messages


class ExpressionProblem(Exception):
    """A mistake in an expression, on its way to the error about it.

    `legacy_text` is the text of the service's older layer, where that is another.
    """

    def __init__(self, text: str, legacy_text: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.legacy_text: str = legacy_text or text

    def error(self, label: str) -> InvalidExpressionError:
        """Return the service's error; `label` is the parameter that holds the expression."""
        return InvalidExpressionError(label, self)


class InvalidExpressionError(ValidationError):
    """An expression breaks a rule that can be checked without any item.

    `label` is the request parameter that holds the expression, such as "FilterExpression", and
    `problem_text` the text without it, as a PartiQL statement words it.
    """

    def __init__(self, label: str, problem: ExpressionProblem) -> None:
        super().__init__(
            messages.invalid_expression(label, problem.text),
            legacy_message=messages.invalid_expression(label, problem.legacy_text),
        )
        self.label = label
        self.problem_text: str = problem.text
