"""BatchExecuteStatement: statements that are executed independently.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.batching.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Capacity, Plane
from ddbmock._internal.access.writes import execute
from ddbmock._internal.errors import (
    ConditionalCheckFailedError,
    DuplicateItemError,
    ServiceError,
    ValidationError,
)
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.statements.statement import (
    Statement,
    found_item,
    read_lone_statement,
    select_order_key,
    table_to_select_from,
)
from ddbmock._internal.operations.statements.writes import (
    check_not_of_index,
    returned_items,
    write_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.access.writes import Write
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item

#: Code of an error -> its code in the response to a batch.
_MEMBER_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ItemCollectionSizeLimitExceededException": "ItemCollectionSizeLimitExceeded",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "RequestLimitExceeded": "RequestLimitExceeded",
    "ResourceNotFoundException": "ResourceNotFound",
    "ThrottlingException": "ThrottlingError",
    "TransactionConflictException": "TransactionConflict",
}


class BatchOfStatements(Intent):
    """The statements of a batch, and the errors of those that cannot be read."""

    __slots__ = ("members",)

    def __init__(self, request: Request, members: Sequence[Statement | ServiceError]) -> None:
        self.request = request
        self.members: Sequence[Statement | ServiceError] = members

    @property
    def actions(self) -> Sequence[Statement]:
        """The statements."""
        return [member for member in self.members if isinstance(member, Statement)]

    def refuse(self, part: Intent, error: ServiceError) -> None:
        """Refuse one of the statements; the others are executed."""
        self.members = [error if member is part else member for member in self.members]


def read_batch_execute(request: Request) -> BatchOfStatements:
    """Return the intent of a BatchExecuteStatement."""
    batch = BatchOfStatements(request, [_read_member(member) for member in request["Statements"]])
    if len({statement.plan.is_read for statement in batch.actions}) > 1:
        raise ValidationError(partiql_messages.BATCH_READS_AND_WRITES)
    return batch


def _read_member(member: Request) -> Statement | ServiceError:
    try:
        return read_lone_statement(member)
    except ValidationError as error:
        return error


class _Located(NamedTuple):
    """A statement with the key of its item."""

    statement: Statement
    table: Table
    key: OrderKey
    #: None for a SELECT.
    write: Write | None


@operation(
    "BatchExecuteStatement",
    plane=Plane.DATA,
    between_accounts=False,
    read=read_batch_execute,
    capacity=Capacity.WRITES,
    iam_action=None,
)
def batch_execute_statement(batch: BatchOfStatements, door: Door) -> Response:
    """Execute up to 25 statements independently: reads of single items, or writes.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
    """
    members = [
        _locate(member, door) if isinstance(member, Statement) else member
        for member in batch.members
    ]
    located = [(one.table.name, one.key) for one in members if isinstance(one, _Located)]
    if len(set(located)) < len(located):
        raise ValidationError(item_messages.DUPLICATE_KEYS_IN_BATCH)
    succeeded: set[str] = set()
    responses = [_run_member(member, door, succeeded) for member in members]
    for name in [name for name in door.consumed if name not in succeeded]:
        # A table for which no statement succeeded is not reported.
        del door.consumed[name]
    return {"Responses": responses}


def _locate(statement: Statement, door: Door) -> _Located | ServiceError:
    """Return the statement with its key, or the error of a statement without a complete key."""
    refusal = partiql_messages.BATCH_SELECT_WITHOUT_KEY
    try:
        if statement.plan.is_read:
            table = table_to_select_from(statement, door)
            if statement.index_name is not None:
                raise ValidationError(refusal)
            return _Located(statement, table, select_order_key(table, statement, refusal), None)
        check_not_of_index(statement.plan)
        table = door.table(statement.table_name)
        # ReturnValuesOnConditionCheckFailure is accepted and ignored here, as the service does.
        write = write_of(table, statement, returns_item_on_failure=False)
        return _Located(statement, table, write.locate(table), write)
    except ServiceError as error:
        return error


def _run_member(member: _Located | ServiceError, door: Door, succeeded: set[str]) -> dict[str, Any]:
    if isinstance(member, ServiceError):
        return {"Error": _member_error(member)}
    name = member.statement.table_name
    try:
        item = _run(member, door)
    except ServiceError as error:
        response: dict[str, Any] = {"Error": _member_error(error)}
        if isinstance(error, (ConditionalCheckFailedError, DuplicateItemError)):
            # The table is reported only for a statement that accessed it.
            response["TableName"] = name
        return response
    succeeded.add(member.table.name)
    return {"TableName": name} if item is None else {"TableName": name, "Item": item}


def _run(member: _Located, door: Door) -> Item | None:
    statement, table, key, write = member
    if write is not None:
        items = returned_items(statement.plan, execute(write, table, door))
        return items[0] if items else None
    consistent: bool = statement.request.get("ConsistentRead", False)
    return found_item(statement.plan, door.get(table, key, consistent=consistent))


def _member_error(error: ServiceError) -> dict[str, str]:
    code = _MEMBER_CODES.get(error.code, "ValidationError")
    message = error.legacy_message if isinstance(error, ValidationError) else error.message
    return {"Code": code, "Message": message}
