"""PartiQL: text -> tokens -> tree -> plan, for the statements that DynamoDB supports.

Statements have a separate tree; its conditions and updates are lowered to the tree and the closures
of expressions, because their semantics are the same.

>>> plan = compile_statement('SELECT a.b FROM "t"."i" WHERE pk = ? AND n > 1')
>>> plan.table_name, plan.index_name, plan.is_read
('t', 'i', True)
"""

from __future__ import annotations

from ddbmock._internal.partiql.compile import compile_statement
from ddbmock._internal.partiql.plan import ItemPlan, Plan
from ddbmock._internal.partiql.select_plans import ExistsPlan, ReadBranch, ReadPlan, SelectPlan
from ddbmock._internal.partiql.statements import parse_statement
from ddbmock._internal.partiql.write_plans import DeletePlan, InsertPlan, UpdatePlan

__all__ = [
    "DeletePlan",
    "ExistsPlan",
    "InsertPlan",
    "ItemPlan",
    "Plan",
    "ReadBranch",
    "ReadPlan",
    "SelectPlan",
    "UpdatePlan",
    "compile_statement",
    "parse_statement",
]
