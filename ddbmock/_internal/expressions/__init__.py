"""Expressions: text -> tokens -> tree -> closures, for every expression of the API.

One tokenizer and one grammar serve conditions, filters, key conditions, projections and updates.
The compile functions cache by their arguments; nothing is parsed twice.

>>> condition = compile_condition("ConditionExpression", "#n < :limit", {"#n": "n"})
>>> condition.check({":limit": {"N": "10"}})
>>> condition.test({"n": {"N": "9.5"}}, {":limit": {"N": "10"}})
True
"""

from __future__ import annotations

from ddbmock._internal.expressions.compile import (
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
)
from ddbmock._internal.expressions.compiled import Condition, KeyCondition, Projection, Update
from ddbmock._internal.expressions.key_conditions import KeyPlan, KeyTerm
from ddbmock._internal.expressions.problems import InvalidExpressionError
from ddbmock._internal.expressions.substitutions import NO_NAMES, NO_VALUES, Names, Values
from ddbmock._internal.expressions.updates import grown_bytes

__all__ = [
    "NO_NAMES",
    "NO_VALUES",
    "Condition",
    "InvalidExpressionError",
    "KeyCondition",
    "KeyPlan",
    "KeyTerm",
    "Names",
    "Projection",
    "Update",
    "Values",
    "compile_condition",
    "compile_key_condition",
    "compile_projection",
    "compile_update",
    "grown_bytes",
]
