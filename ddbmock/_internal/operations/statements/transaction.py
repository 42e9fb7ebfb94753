"""ExecuteTransaction: statements that are executed all together or not at all.

An error of a statement alone refuses the request; one that needs the table cancels the transaction.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.transactions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock._internal.access.door import CollectionTooLargeError
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.access.operation import Capacity, Plane
from ddbmock._internal.errors import (
    ResourceNotFoundError,
    ServiceError,
    TransactionCanceledError,
    ValidationError,
)
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import check_transactions
from ddbmock._internal.operations.statements.statement import (
    Statement,
    found_item,
    read_parameters,
    read_statement,
    select_key,
)
from ddbmock._internal.operations.statements.writes import UnfitKeyError, where_key, write_of
from ddbmock._internal.operations.transactions import tokens
from ddbmock._internal.operations.transactions.cancellation import (
    NO_REASON,
    Reason,
    cancelled,
    changes_of,
    check_distinct,
    check_payload,
    collection_too_large,
)
from ddbmock._internal.operations.transactions.get import read_together
from ddbmock._internal.partiql import ExistsPlan, SelectPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.access.writes import Write
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.expressions.substitutions import Values

T = TypeVar("T")


class TransactionOfStatements(Intent):
    """The statements of a transaction."""

    __slots__ = ("packed", "statements")

    def __init__(self, request: Request, statements: Sequence[Statement], packed: bytes) -> None:
        self.request = request
        self.statements: Sequence[Statement] = statements
        #: The request to be remembered with the client token.
        self.packed: bytes = packed

    @property
    def actions(self) -> Sequence[Statement]:
        """The statements."""
        return self.statements

    def refuse(self, part: Intent, error: ServiceError) -> None:
        """Cancel the transaction for one of the statements."""
        reason: Reason = {"Code": "AccessDenied", "Message": error.message}
        raise cancelled([reason if each is part else NO_REASON for each in self.statements])


def read_execute_transaction(request: Request) -> TransactionOfStatements:
    """Return the intent of an ExecuteTransaction."""
    members: list[Request] = request["TransactStatements"]
    # Parameters are read before any statement: their errors name no statement.
    for member in members:
        read_parameters(member)
    packed = tokens.pack(request, "TransactStatements")
    statements = [
        _in_member(number, _read_statement, member) for number, member in enumerate(members)
    ]
    if len({statement.plan.is_read for statement in statements}) > 1:
        raise ValidationError(partiql_messages.TRANSACTION_READS_AND_WRITES)
    return TransactionOfStatements(request, statements, packed)


def _in_member(number: int, step: Callable[..., T], *arguments: object) -> T:
    """Return the result of a step, or raise its error as that of a statement."""
    try:
        return step(*arguments)
    except ValidationError as error:
        text = partiql_messages.in_transact_statement(number, error.legacy_message)
        raise ValidationError(text) from None


def _read_statement(member: Request) -> Statement:
    statement = read_statement(member)
    if statement.error is not None:
        raise statement.error
    plan = statement.plan
    if getattr(plan, "returned", "NONE") != "NONE":
        raise ValidationError(partiql_messages.TRANSACTION_RETURNING)
    if plan.index_name is not None:
        texts = {
            SelectPlan: partiql_messages.TRANSACTION_SELECT_ON_INDEX,
            ExistsPlan: partiql_messages.EXISTS_ON_INDEX,
        }
        raise ValidationError(texts.get(type(plan), partiql_messages.OPERATION_NOT_FOR_INDEXES))
    return statement


@operation(
    "ExecuteTransaction",
    plane=Plane.DATA,
    between_accounts=False,
    is_transaction=True,
    read=read_execute_transaction,
    capacity=Capacity.WRITES,
    iam_action=None,
)
def execute_transaction(intent: TransactionOfStatements, door: Door) -> Response:
    """Execute up to 100 statements, all reads or all writes, all of them or none.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
    """
    door.is_transactional = True
    if intent.statements[0].plan.is_read:
        return {"Responses": _get(intent.statements, door)}
    token: str | None = intent.request.get("ClientRequestToken")
    remembered = None if token is None else tokens.find_token(door.region, token)
    if remembered is None or not tokens.is_replay(door, remembered, intent.packed):
        try:
            _write(intent, token, door)
        except TransactionCanceledError:
            if token is not None:
                tokens.remember(door.region, token, intent.packed, None)
            raise
    return {"Responses": []}


class _StatementRefusedError(ServiceError):
    """A statement does not fit its table, which cancels the transaction."""


def _located(
    statements: Sequence[Statement], door: Door, locate: Callable[[Statement, Door], T]
) -> list[T]:
    """Return the table and key of each statement, or raise with the reasons of those without."""
    found: list[T] = []
    reasons = [
        _attempt(number, statement, door, locate, found)
        for number, statement in enumerate(statements)
    ]
    if len(found) < len(statements):
        raise cancelled(reasons)
    return found


def _attempt(
    number: int,
    statement: Statement,
    door: Door,
    locate: Callable[[Statement, Door], T],
    found: list[T],
) -> Reason:
    try:
        found.append(_in_member(number, locate, statement, door))
    except ResourceNotFoundError as error:
        return {"Code": "ResourceNotFound", "Message": error.message}
    except _StatementRefusedError as error:
        return {"Code": "ValidationError", "Message": error.message}
    return NO_REASON


# --- reads ---


def _get(statements: Sequence[Statement], door: Door) -> list[Response]:
    located = _located(statements, door, _locate_item)
    check_transactions(door.region, [table for table, _ in located])
    check_distinct(located)
    items = [
        found_item(statement.plan, stored)
        for statement, stored in zip(statements, read_together(door, located), strict=True)
    ]
    return [{} if item is None else {"Item": item} for item in items]


def _locate_item(statement: Statement, door: Door) -> tuple[Table, OrderKey]:
    table = door.table(statement.table_name)
    key = select_key(table, statement, partiql_messages.TRANSACTION_SELECT_WITHOUT_KEY)
    try:
        return table, order_key_of(table, key)
    except ValidationError as error:
        raise _StatementRefusedError(error.legacy_message) from None


# --- writes ---


def _write(intent: TransactionOfStatements, token: str | None, door: Door) -> None:
    located = _located(intent.statements, door, _locate_write)
    check_transactions(door.region, [table for _, table, _ in located])
    writes = [write for write, _, _ in located]
    check_payload(writes)
    changes = changes_of(door, writes, [(table, key) for _, table, key in located])
    try:
        door.commit(changes)
    except CollectionTooLargeError as error:
        raise collection_too_large(error, len(changes)) from None
    if token is not None:
        tokens.remember(door.region, token, intent.packed, changes)


def _locate_write(statement: Statement, door: Door) -> tuple[Write, Table, OrderKey]:
    """Return the write of a statement, its table and its key."""
    plan = statement.plan
    table = door.table(statement.table_name)
    if isinstance(plan, ExistsPlan):
        _check_exists(table, plan, statement.values)
    try:
        write = write_of(table, statement, returns_item_on_failure=True)
        return write, table, write.locate(table)
    except UnfitKeyError:
        raise _StatementRefusedError(item_messages.KEY_ELEMENT_MISMATCH) from None
    except ValidationError as error:
        raise _StatementRefusedError(error.legacy_message) from None


def _check_exists(table: Table, plan: ExistsPlan, values: Values) -> None:
    """Refuse an EXISTS without a complete key, or without a further condition."""
    item_plan = plan.select.item_plan(table.key_schema.names)
    if item_plan.condition is None:
        raise ValidationError(partiql_messages.EXISTS_WITHOUT_CONDITION)
    try:
        where_key(item_plan, table.key_schema, values)
    except UnfitKeyError:
        raise ValidationError(partiql_messages.EXISTS_WITHOUT_CONDITION) from None
