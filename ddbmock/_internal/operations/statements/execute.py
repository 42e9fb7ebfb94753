"""ExecuteStatement: one PartiQL statement, executed as queries, as a scan or as a write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.operation import Capacity, Items, Plane
from ddbmock._internal.access.writes import execute
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.statements.selects import select
from ddbmock._internal.operations.statements.statement import (
    Statement,
    read_lone_statement,
    table_to_select_from,
)
from ddbmock._internal.operations.statements.writes import (
    check_not_of_index,
    returned_items,
    write_of,
)

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response


def read_execute_statement(request: Request) -> Statement:
    """Return the intent of an ExecuteStatement."""
    statement = read_lone_statement(request)
    if not statement.plan.is_read:
        check_not_of_index(statement.plan)
    return statement


@operation(
    "ExecuteStatement",
    plane=Plane.DATA,
    between_accounts=False,
    read=read_execute_statement,
    capacity=Capacity.READ,
    items=Items.STATEMENT_PAGE,
    iam_action=None,
)
def execute_statement(statement: Statement, door: Door) -> Response:
    """Execute one statement.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
    """
    if statement.plan.is_read:
        return select(statement, table_to_select_from(statement, door), door)
    table = door.table(statement.table_name)
    write = write_of(table, statement, returns_item_on_failure=True)
    return {"Items": returned_items(statement.plan, execute(write, table, door))}
