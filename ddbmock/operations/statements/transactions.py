"""ExecuteTransaction: statements that are done all together or not at all.

What is wrong with a statement alone refuses the request; what is wrong with it and its table
cancels the transaction.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.transactions.html
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, TypeVar

from ddbmock import messages
from ddbmock.access.accounting import add_write
from ddbmock.access.lookup import find_table, order_key_of
from ddbmock.engine.capacity import read_units
from ddbmock.errors import ResourceNotFoundError, ServiceError, ValidationError
from ddbmock.operations.registry import operation
from ddbmock.operations.statements.execute import (
    Statement,
    found_item,
    on_failure,
    pinned_key,
    read_statement,
)
from ddbmock.operations.statements.writes import UnfitKeyError, pinned_item, read_write
from ddbmock.operations.transactions import (
    NO_REASON,
    Reason,
    cancelled,
    changes_of,
    check_total_size,
    commit,
    remember_transaction,
    remembered_transaction,
    replay,
)
from ddbmock.partiql import ExistsPlan, SelectPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.access.call import Call, Request, Response
    from ddbmock.access.request_expressions import Values
    from ddbmock.access.writes import Write
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.region import Region
    from ddbmock.engine.table import Table

A = TypeVar("A")
T = TypeVar("T")


@operation(
    "ExecuteTransaction",
    "TransactStatements ClientRequestToken ReturnConsumedCapacity",
)
def execute_transaction(call: Call) -> Response:
    """Run up to 100 statements, all reads or all writes, all of them or none.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
    """
    call.transactional = True
    members: list[Request] = call.request["TransactStatements"]
    # Without references in the record, so that equal requests have equal records.
    record = marshal.dumps(members, 2)
    statements = [
        _in_member(number, _read_statement, member) for number, member in enumerate(members)
    ]
    if len({statement.plan.is_read for statement in statements}) > 1:
        raise ValidationError(messages.TRANSACTION_READS_AND_WRITES)
    if statements[0].plan.is_read:
        return {"Responses": _get(call, statements)}
    token: str | None = call.request.get("ClientRequestToken")
    remembered = None if token is None else remembered_transaction(call.region, token)
    if remembered is None:
        _write(call, statements, token, record)
    else:
        replay(call, remembered, record)
    return {"Responses": []}


def _in_member(number: int, step: Callable[[A], T], argument: A) -> T:
    """Return what a step gives, or raise its error as one of a statement."""
    try:
        return step(argument)
    except ValidationError as error:
        text = messages.in_transact_statement(number, error.message)
        raise ValidationError(text) from None


def _read_statement(member: Request) -> Statement:
    statement = read_statement(member)
    plan = statement.plan
    if getattr(plan, "returned", "NONE") != "NONE":
        raise ValidationError(messages.TRANSACTION_RETURNING)
    if plan.index_name is not None:
        texts = {
            SelectPlan: messages.TRANSACTION_SELECT_ON_INDEX,
            ExistsPlan: messages.EXISTS_ON_INDEX,
        }
        raise ValidationError(texts.get(type(plan), messages.OPERATION_NOT_FOR_INDEXES))
    return statement


class _StatementRefusedError(ServiceError):
    """A statement does not fit its table, which cancels the transaction."""


def _located(statements: list[Statement], locate: Callable[[Statement], T]) -> list[T]:
    """Return where each statement's item lies, or raise with the reason of each that has none."""
    found: list[T] = []
    reasons = [
        _attempt(number, locate, statement, found) for number, statement in enumerate(statements)
    ]
    if len(found) < len(statements):
        raise cancelled(reasons)
    return found


def _attempt(
    number: int, locate: Callable[[Statement], T], statement: Statement, found: list[T]
) -> Reason:
    try:
        found.append(_in_member(number, locate, statement))
    except ResourceNotFoundError as error:
        return {"Code": "ResourceNotFound", "Message": error.message}
    except _StatementRefusedError as error:
        return {"Code": "ValidationError", "Message": error.message}
    return NO_REASON


# --- reads ---


def _get(call: Call, statements: list[Statement]) -> list[Response]:
    places = _located(statements, lambda statement: _place(call.region, statement))
    if len({(table.name, key) for table, key in places}) < len(places):
        raise ValidationError(messages.TRANSACTION_REPEATS_ITEM)
    found: list[StoredItem | None] = [table.items.get(key) for table, key in places]
    sizes = [0 if stored is None else stored.size_bytes for stored in found]
    check_total_size(sizes)
    for (table, _), size_bytes in zip(places, sizes, strict=True):
        call.consumed_of(table.name).read_units += read_units(size_bytes, transactional=True)
    items = [
        found_item(statement.plan, stored)
        for statement, stored in zip(statements, found, strict=True)
    ]
    return [{} if item is None else {"Item": item} for item in items]


def _place(region: Region, statement: Statement) -> tuple[Table, OrderKey]:
    table = find_table(region, statement.plan.table_name)
    key = pinned_key(table, statement, messages.TRANSACTION_SELECT_WITHOUT_KEY)
    try:
        return table, order_key_of(table, key)
    except ValidationError as error:
        raise _StatementRefusedError(error.message) from None


# --- writes ---


def _write(call: Call, statements: list[Statement], token: str | None, record: bytes) -> None:
    writes = _located(statements, lambda statement: _action(call.region, statement))
    changes = changes_of(writes)
    commit(call, writes, changes)
    for write, change in zip(writes, changes, strict=True):
        add_write(call.consumed_of(write.table.name), change, transactional=True)
    if token is not None:
        remember_transaction(call.region, token, record, writes, changes)


def _action(region: Region, statement: Statement) -> Write:
    """Return the write of a statement, its place found."""
    plan = statement.plan
    table = find_table(region, plan.table_name)
    if isinstance(plan, ExistsPlan):
        _check_exists(table, plan, statement.values)
    try:
        write = read_write(region, plan, statement.values, on_failure(statement.request))
        write.resolve(region)
    except UnfitKeyError:
        raise _StatementRefusedError(messages.KEY_ELEMENT_MISMATCH) from None
    except ValidationError as error:
        raise _StatementRefusedError(error.message) from None
    return write


def _check_exists(table: Table, plan: ExistsPlan, values: Values) -> None:
    """Refuse an EXISTS that is not about one item, or asks nothing more of it."""
    pinned = plan.select.pinned(table.key_schema.names)
    if pinned.condition is None:
        raise ValidationError(messages.EXISTS_WITHOUT_CONDITION)
    try:
        pinned_item(pinned, table.key_schema, values)
    except UnfitKeyError:
        raise ValidationError(messages.EXISTS_WITHOUT_CONDITION) from None
