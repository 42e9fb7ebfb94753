"""What a log holds of a call until somebody looks, and what it makes of it then.

A recorded request belongs to the log: it was decoded for the service alone. Answers and errors
belong to the caller, who may change them; so of an answer only numbers are kept (or a packed copy
where this was asked for), and of an error its texts and a copy of its members. Never kept are
exceptions: their tracebacks hold whatever the test holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from ddbmock.arns import table_name_of
from ddbmock.calls.packing import unpack
from ddbmock.calls.recorded import Answered, RecordedCall, RecordedError
from ddbmock.calls.requests import read
from ddbmock.errors import SerializationError, ServiceError

if TYPE_CHECKING:
    from ddbmock.access.call import Call
    from ddbmock.calls.requests import HeldRequest
    from ddbmock.engine.capacity import Consumed

Response = Mapping[str, Any]


#: What is held of a call that is over: its operation and region, the table or tables and the index
#: that its request names, the request, what it consumed, the numbers of its answer, its time,
#: its error, its packed answer.
Entry: TypeAlias = (
    "tuple[str, str, Tables, Any, HeldRequest, tuple[Consumed, ...], Answered | None, float, "
    "RecordedError | None, Any]"
)
#: The tables and what else entries look like: those that look alike are of one kind, but for
#: statements, which do not say what they read.
grouping_key = itemgetter(2, 0, 1, 3, 8)
#: What was consumed, and the numbers of the answer.
numbers_of = itemgetter(5, 6)
#: The table's name as it was given, or those of all tables where there may be several; None for a
#: statement, which names its tables in its text.
Tables: TypeAlias = "str | tuple[str, ...] | None"
#: Operation, region, names of tables as given, index, error code, whether it was a scan.
RawKind: TypeAlias = "tuple[str, str, tuple[str, ...], str | None, str | None, bool]"


def tables_of(operation: str, request: dict[str, Any]) -> Tables:
    """Return the table or tables that a request names, as it names them."""
    bulk = BULK.get(operation)
    if bulk is None:
        name = request.get("TableName")
        return name if isinstance(name, str) else None
    try:
        return bulk(request)
    except (AttributeError, LookupError, TypeError):
        return None  # it is not what the model says, and was refused for that


def _tables_of_batch(request: dict[str, Any]) -> tuple[str, ...]:
    return tuple(map(table_name_of, request["RequestItems"]))


def _tables_of_transaction(request: dict[str, Any]) -> tuple[str, ...]:
    contents = [content for action in request["TransactItems"] for content in action.values()]
    return tuple(dict.fromkeys(table_name_of(content["TableName"]) for content in contents))


#: How the tables are found in requests that may have many items.
BULK: dict[str, Callable[[dict[str, Any]], tuple[str, ...]]] = {
    "BatchGetItem": _tables_of_batch,
    "BatchWriteItem": _tables_of_batch,
    "TransactGetItems": _tables_of_transaction,
    "TransactWriteItems": _tables_of_transaction,
}


def error_to_keep(error: BaseException) -> RecordedError:
    """Return what the log keeps of an error; one that is not the service's has its class's name."""
    if not isinstance(error, ServiceError):
        return RecordedError(type(error).__name__, str(error))
    return RecordedError(error.code, error.message, deepcopy(error.members))


# --- answers ---------------------------------------------------------------------------------

_NOTHING_FOUND: Answered = (0, 0, False, False)
_ONE_FOUND: Answered = (1, 1, False, False)


def _of_get(_: Call, response: Response) -> Answered:
    return _ONE_FOUND if "Item" in response else _NOTHING_FOUND


def _of_batch_get(_: Call, response: Response) -> Answered:
    count = sum(map(len, response["Responses"].values()))
    return count, count, bool(response.get("UnprocessedKeys")), False


def _of_transact_get(_: Call, response: Response) -> Answered:
    count = sum("Item" in member for member in response["Responses"])
    return count, count, False, False


def _of_statement(call: Call, response: Response) -> Answered:
    count = len(response.get("Items", ()))
    return count, count, "NextToken" in response, call.door.is_scan


#: How the items of an answer are counted, for the operations whose answers have some but do not
#: count them themselves.
ANSWERS: dict[str, Callable[[Call, Response], Answered]] = {
    "BatchGetItem": _of_batch_get,
    "ExecuteStatement": _of_statement,
    "GetItem": _of_get,
    "TransactGetItems": _of_transact_get,
}


# --- looking ---------------------------------------------------------------------------------


def recorded(entry: Entry) -> RecordedCall:
    """Return the call that an entry is of."""
    _, _, _, _, request, consumed, answered, at_seconds, error, response = entry
    operation, region_name, tables, index, _, is_scan = raw_kind_of(entry)
    is_typed = error is None or error.code != SerializationError.code
    return RecordedCall(
        operation=operation,
        region=region_name,
        request=read(request, is_typed=is_typed),
        consumed={part.table_name: part for part in consumed},
        error=error,
        at_seconds=at_seconds,
        tables=tuple(map(table_name_of, tables)),
        index=index,
        scanned_count=None if answered is None else answered[0],
        item_count=None if answered is None else answered[1],
        has_more=answered is not None and answered[2],
        is_scan=is_scan,
        _response=None if response is None else unpack(response),
        _is_response_kept=response is not None or error is not None,
    )


def raw_kind_of(entry: Entry) -> RawKind:
    """Return what an entry is counted as, with the tables as they were given."""
    operation, region_name, tables, index, _, consumed, answered, _, error, _ = entry
    if isinstance(tables, str):
        tables = (tables,)
    elif tables is None:
        # Of a statement they are known when it reached its table.
        tables = tuple([part.table_name for part in consumed])
        index = _read_index(consumed)
    is_scan = operation == "Scan" or (answered is not None and answered[3])
    code = None if error is None else error.code
    return operation, region_name, tables, index, code, is_scan


def _read_index(consumed: tuple[Consumed, ...]) -> str | None:
    read = [
        name
        for part in consumed
        for indexes in (part.local_indexes, part.global_indexes)
        for name, (read_units, _) in indexes.items()
        if read_units
    ]
    return read[0] if len(read) == 1 else None
