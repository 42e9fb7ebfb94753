"""ExecuteStatement and BatchExecuteStatement: PartiQL.

A statement is read into a plan once for its text; run, it is the queries, the scan or the write
that it means, through the same doors as theirs.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock import messages
from ddbmock.access.lookup import find_table, order_key_of
from ddbmock.engine.capacity import read_units
from ddbmock.engine.values import AttributeValue, InvalidValueError, normalize_value
from ddbmock.errors import (
    ConditionalCheckFailedError,
    DuplicateItemError,
    ServiceError,
    ValidationError,
)
from ddbmock.operations.registry import operation
from ddbmock.operations.statements.selects import check_key_value, select
from ddbmock.operations.statements.writes import (
    execute_write,
    read_write,
    returned_items,
)
from ddbmock.partiql import ExistsPlan, Plan, SelectPlan, compile_statement

if TYPE_CHECKING:
    from ddbmock.access.call import Call, Request, Response
    from ddbmock.access.request_expressions import Values
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.region import Region
    from ddbmock.engine.table import Table
    from ddbmock.engine.values import Item


class Statement(NamedTuple):
    """A statement of a request: its plan, its values, and the member it came in."""

    plan: Plan
    values: Values
    parameters: list[AttributeValue]
    request: Request


def read_statement(request: Request) -> Statement:
    """Return a statement of a request, after checking all that needs no table."""
    parameters: list[AttributeValue] = request.get("Parameters") or []
    try:
        for parameter in parameters:
            normalize_value(parameter)
    except InvalidValueError as error:
        # Parameters go through the older readers of numbers and sets.
        raise ValidationError(error.legacy_message) from None
    plan = compile_statement(request["Statement"])
    return Statement(plan, plan.values(parameters), parameters, request)


@operation(
    "ExecuteStatement",
    "Statement Parameters ConsistentRead NextToken ReturnConsumedCapacity Limit "
    "ReturnValuesOnConditionCheckFailure",
)
def execute_statement(call: Call) -> Response:
    """Run one statement.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
    """
    statement = _read_lone_statement(call.request)
    plan = statement.plan
    if isinstance(plan, SelectPlan):
        return select(call, plan, statement.values, call.request, statement.parameters)
    return {"Items": _write(call, statement, on_failure(call.request))}


def _read_lone_statement(request: Request) -> Statement:
    """Return a statement that is no part of a transaction."""
    statement = read_statement(request)
    if isinstance(statement.plan, ExistsPlan):
        raise ValidationError(messages.EXISTS_OUTSIDE_TRANSACTION)
    return statement


def on_failure(request: Request) -> Request:
    """Return what a statement's member says of failed conditions."""
    name = "ReturnValuesOnConditionCheckFailure"
    return {name: request[name]} if name in request else {}


def _write(call: Call, statement: Statement, request: Request) -> list[Item]:
    """Do the write that a statement is and return what it returns."""
    write = read_write(call.region, statement.plan, statement.values, request)
    change = execute_write(call, write)
    return returned_items(statement.plan, change)


# --- one item, by its key ---


def pinned_key(table: Table, statement: Statement, refusal: str) -> Item:
    """Return the key that a SELECT names and nothing else."""
    plan = statement.plan
    assert isinstance(plan, SelectPlan)  # noqa: S101 (the callers look)
    pinned = plan.pinned(table.key_schema.names)
    if pinned.condition is not None:
        raise ValidationError(refusal)
    for placeholders in pinned.equalities.values():
        first, *others = [statement.values[placeholder] for placeholder in placeholders]
        if any(other != first for other in others):
            raise ValidationError(refusal)
    if len(pinned.equalities) < len(table.key_schema.names):
        raise ValidationError(refusal)
    return {
        name: statement.values[placeholders[0]] for name, placeholders in pinned.equalities.items()
    }


def found_item(plan: Plan, stored: StoredItem | None) -> Item | None:
    """Return what a SELECT returns of the item that it names, None when it is not there."""
    if stored is None:
        return None
    item = stored.load()
    columns = plan.columns if isinstance(plan, SelectPlan) else None
    return item if columns is None else columns.apply(item)


# --- batches ---


@operation("BatchExecuteStatement", "Statements ReturnConsumedCapacity")
def batch_execute_statement(call: Call) -> Response:
    """Run up to 25 statements, all reads of single items or all writes, each on its own.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
    """
    members = [_read_member(member) for member in call.request["Statements"]]
    statements = [member for member in members if isinstance(member, Statement)]
    if len({statement.plan.is_read for statement in statements}) > 1:
        raise ValidationError(messages.BATCH_READS_AND_WRITES)
    _check_repeats(call.region, statements)
    succeeded: set[str] = set()
    responses = [_run_member(call, member, succeeded) for member in members]
    for name in [name for name in call.consumed if name not in succeeded]:
        # A table of which nothing succeeded is not reported.
        del call.consumed[name]
    return {"Responses": responses}


def _read_member(member: Request) -> Statement | ServiceError:
    try:
        return _read_lone_statement(member)
    except ValidationError as error:
        return error


def _check_repeats(region: Region, statements: list[Statement]) -> None:
    """Refuse a batch that names an item twice."""
    places = [place for place in (_place(region, one) for one in statements) if place is not None]
    if len(set(places)) < len(places):
        raise ValidationError(messages.DUPLICATE_KEYS_IN_BATCH)


def _place(region: Region, statement: Statement) -> tuple[str, OrderKey] | None:
    """Return which item a statement is about, None where that cannot be told."""
    try:
        if isinstance(statement.plan, SelectPlan):
            table = find_table(region, statement.plan.table_name)
            return table.name, order_key_of(table, pinned_key(table, statement, ""))
        write = read_write(region, statement.plan, statement.values, {})
        write.resolve(region)
    except ServiceError:
        return None
    return write.table.name, write.key


def _run_member(
    call: Call, member: Statement | ServiceError, succeeded: set[str]
) -> dict[str, Any]:
    if isinstance(member, ServiceError):
        return {"Error": _member_error(member)}
    try:
        item = _run(call, member)
    except ServiceError as error:
        response: dict[str, Any] = {"Error": _member_error(error)}
        if isinstance(error, (ConditionalCheckFailedError, DuplicateItemError)):
            # Only a statement that reached its table tells the table.
            response["TableName"] = member.plan.table_name
        return response
    succeeded.add(find_table(call.region, member.plan.table_name).name)
    response = {"TableName": member.plan.table_name}
    if item is not None:
        response["Item"] = item
    return response


def _run(call: Call, statement: Statement) -> Item | None:
    if isinstance(statement.plan, SelectPlan):
        return _get(call, statement)
    # ReturnValuesOnConditionCheckFailure is taken and ignored here, as the service does.
    items = _write(call, statement, {})
    return items[0] if items else None


def _get(call: Call, statement: Statement) -> Item | None:
    table = find_table(call.region, statement.plan.table_name)
    if statement.plan.index_name is not None:
        raise ValidationError(messages.BATCH_SELECT_WITHOUT_KEY)
    key = pinned_key(table, statement, messages.BATCH_SELECT_WITHOUT_KEY)
    for attribute in table.key_schema.attributes:
        check_key_value(attribute.name, attribute.kind, key[attribute.name])
    stored: StoredItem | None = table.items.get(order_key_of(table, key))
    consistent: bool = statement.request.get("ConsistentRead", False)
    size_bytes = 0 if stored is None else stored.size_bytes
    consumed = call.consumed_of(table.name)
    consumed.read_units += read_units(size_bytes, consistent=consistent)
    return found_item(statement.plan, stored)


_MEMBER_CODES = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ItemCollectionSizeLimitExceededException": "ItemCollectionSizeLimitExceeded",
    "ResourceNotFoundException": "ResourceNotFound",
    "TransactionConflictException": "TransactionConflict",
}


def _member_error(error: ServiceError) -> dict[str, str]:
    code = _MEMBER_CODES.get(error.code, "ValidationError")
    return {"Code": code, "Message": error.message}
