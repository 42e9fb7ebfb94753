"""What the plans of all statements have in common.

A plan is a statement ready to run: everything that the text alone decides is worked out once. Plans
are cached by their text and shared; the parameters come with each run, and the key of the table is
given when the table is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions import Condition, InvalidExpressionError, Update
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.conditions import conjunction
from ddbmock._internal.partiql.keys import pinned_key

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import AttributeValue
    from ddbmock._internal.expressions import Values
    from ddbmock._internal.expressions import tree as lowered
    from ddbmock._internal.partiql.lowering import Lowering
    from ddbmock._internal.partiql.sources import SourceName


class Plan:
    """A statement ready to run: its source, its constants and its parameters."""

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
        """Return the value of every placeholder, after checking all that needs no table.

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
        """Return the top-level attributes that the statement names anywhere."""
        raise NotImplementedError

    def _check(self, values: Values) -> None:
        """Raise the service's error for values that do not fit."""


def check_values(checkable: Condition | Update, values: Values) -> None:
    """Raise the error of a condition or an update as it is worded for a statement."""
    try:
        checkable.check(values)
    except InvalidExpressionError as error:
        raise ValidationError(error.problem_text) from None


def where_condition(tree: lowered.Condition, names: dict[str, str]) -> Condition:
    """Return the condition that a WHERE, or a part of it, is."""
    return Condition("WHERE", tree, names)


@dataclass(frozen=True, slots=True)
class PinPlan:
    """The key of the one item that a statement is about, and the rest of its WHERE."""

    #: Key attribute -> the placeholders that it must equal.
    equalities: dict[str, tuple[str, ...]]
    condition: Condition | None


def pin_plan(
    tree: lowered.Condition | None,
    names: dict[str, str],
    key_names: tuple[str, ...],
    *,
    with_lists: bool = False,
) -> PinPlan:
    """Return the key that a WHERE names. `with_lists`: IN with one value counts as an equality."""
    pinned = pinned_key(tree, names, key_names, with_lists=with_lists)
    rest = conjunction(list(pinned.rest)) if pinned.rest else None
    return PinPlan(pinned.equalities, None if rest is None else where_condition(rest, names))
