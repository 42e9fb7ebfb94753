"""The base of the plans of statements.

A plan is a compiled statement: everything that depends on the text alone is computed once. Plans
are cached by their text and shared; the parameters come with each request, and the key of the table
is given when the table is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compiled import Condition, Update
from ddbmock._internal.expressions.problems import InvalidExpressionError
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.conditions import conjunction
from ddbmock._internal.partiql.keys import key_equalities

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import AttributeValue
    from ddbmock._internal.expressions import tree as lowered
    from ddbmock._internal.expressions.substitutions import Values
    from ddbmock._internal.partiql.lowering import Lowering
    from ddbmock._internal.partiql.sources import SourceName


class Plan:
    """A compiled statement: its source, its constants and its parameters."""

    is_read: bool = False
    #: The name or ARN of the table.
    table_name: str
    #: The index that is read.
    index_name: str | None

    def __init__(
        self, source: SourceName, lowering: Lowering, text: str, parameter_count: int
    ) -> None:
        self.table_name, self.index_name = source
        self.text = text
        self.names: dict[str, str] = lowering.names
        self._constants = lowering.constants
        self._placeholders = [f":p{number}" for number in range(parameter_count)]

    def values(self, parameters: list[AttributeValue]) -> Values:
        """Return the value of every placeholder, after the checks that need no table.

        Raises:
            ValidationError: The statement does not allow these parameters.
        """
        if len(parameters) != len(self._placeholders):
            raise ValidationError(messages.PARAMETER_COUNT_MISMATCH)
        values = self._constants
        if parameters:
            values = {**values, **dict(zip(self._placeholders, parameters, strict=True))}
        self._check(values)
        return values

    def attributes(self, values: Values) -> frozenset[str]:
        """Return the top-level attributes in the statement."""
        raise NotImplementedError

    def _check(self, values: Values) -> None:
        """Raise the service's error for values that do not fit."""


def check_values(checkable: Condition | Update, values: Values) -> None:
    """Raise the error of a condition or an update in the wording of statements."""
    try:
        checkable.check(values)
    except InvalidExpressionError as error:
        raise ValidationError(error.problem_text) from None


def where_condition(tree: lowered.Condition, names: dict[str, str]) -> Condition:
    """Return the condition of a WHERE clause, or of a part of it."""
    return Condition("WHERE", tree, names)


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """The key of the item of a statement, and the rest of its WHERE clause."""

    #: Key attribute -> the placeholders that it must equal.
    equalities: dict[str, tuple[str, ...]]
    condition: Condition | None


def item_plan(
    tree: lowered.Condition | None,
    names: dict[str, str],
    key_names: tuple[str, ...],
    *,
    with_lists: bool = False,
) -> ItemPlan:
    """Return the key in a WHERE clause; `with_lists`: IN with one value counts as an equality."""
    found = key_equalities(tree, names, key_names, with_lists=with_lists)
    rest = conjunction(list(found.rest)) if found.rest else None
    return ItemPlan(found.equalities, None if rest is None else where_condition(rest, names))
