"""Compilation of a statement's text into its plan, with a bounded cache."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.literals import kind_name
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.select_plans import ExistsPlan, SelectPlan
from ddbmock._internal.partiql.statements import parse_statement
from ddbmock._internal.partiql.tree import Call, Delete, Expression, Insertion, Select, Update
from ddbmock._internal.partiql.write_plans import DeletePlan, InsertPlan, UpdatePlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.partiql.plan import Plan

#: Programs have few statements, except those that put values into the text.
_CACHE_SIZE = 2048


@lru_cache(_CACHE_SIZE)
def compile_statement(text: str) -> Plan:
    """Return the plan of a statement.

    Raises:
        ValidationError: with the service's text, for every error that needs the text alone,
            except errors of a SELECT from an index: its plan raises them.

    >>> compile_statement('DELETE FROM "t" WHERE pk = ?').table_name
    't'
    """
    try:
        tree, parameter_count = parse_statement(text)
        return _PLANNERS.get(type(tree), _plan_nothing)(tree, text, parameter_count)
    except StatementProblem as problem:
        raise problem.error(text) from None


def _plan_call(tree: Call, text: str, parameter_count: int) -> Plan:
    if tree.function.lower() != "exists" or len(tree.operands) != 1:
        raise StatementProblem(messages.unsupported_statement(kind_name(tree)))
    return ExistsPlan(tree, text, parameter_count)


def _plan_nothing(tree: Expression, _text: str, _parameter_count: int) -> Plan:
    raise StatementProblem(messages.unsupported_statement(kind_name(tree)))


_PLANNERS: dict[type, Callable[[Any, str, int], Plan]] = {
    Select: SelectPlan,
    Insertion: InsertPlan,
    Update: UpdatePlan,
    Delete: DeletePlan,
    Call: _plan_call,
}
