"""Which tables and index a call names, and how many items its answer has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock.arns import table_name_of
from ddbmock.calls.totals import AnswerCounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.access.call import Call, Request, Response


# --- tables and indexes ---


def tables_of(call: Call) -> tuple[str, ...]:
    """Return the names of the tables that a call names.

    A statement names its table in its text; that is known once it has read or written something.
    """
    find = _FIND_TABLES.get(call.operation)
    if find is None:
        name = call.request.get("TableName")
        return (table_name_of(name),) if isinstance(name, str) else tuple(call.consumed)
    try:
        return find(call.request)
    except (AttributeError, LookupError, TypeError):
        return ()  # not what the model says, and refused for that


def _tables_of_batch(request: Request) -> tuple[str, ...]:
    return tuple(map(table_name_of, request["RequestItems"]))


def _tables_of_transaction(request: Request) -> tuple[str, ...]:
    contents = [content for action in request["TransactItems"] for content in action.values()]
    return tuple(dict.fromkeys(table_name_of(content["TableName"]) for content in contents))


#: How the tables are found in requests that name several.
_FIND_TABLES: dict[str, Callable[[Request], tuple[str, ...]]] = {
    "BatchGetItem": _tables_of_batch,
    "BatchWriteItem": _tables_of_batch,
    "TransactGetItems": _tables_of_transaction,
    "TransactWriteItems": _tables_of_transaction,
}


def index_read(call: Call) -> str | None:
    """Return the only index that a call read."""
    read = [
        name
        for of_table in call.consumed.values()
        for indexes in (of_table.local_indexes, of_table.global_indexes)
        for name, (read_units, _) in indexes.items()
        if read_units
    ]
    return read[0] if len(read) == 1 else None


# --- items of answers ---


_NOTHING_FOUND = AnswerCounts(0, 0, has_more=False)
_ONE_FOUND = AnswerCounts(1, 1, has_more=False)


def _counts_of_get(response: Response) -> AnswerCounts:
    return _ONE_FOUND if "Item" in response else _NOTHING_FOUND


def _counts_of_batch_get(response: Response) -> AnswerCounts:
    count = sum(map(len, response["Responses"].values()))
    return AnswerCounts(count, count, has_more=bool(response.get("UnprocessedKeys")))


def _counts_of_transact_get(response: Response) -> AnswerCounts:
    count = sum("Item" in member for member in response["Responses"])
    return AnswerCounts(count, count, has_more=False)


def _counts_of_statement(response: Response) -> AnswerCounts:
    count = len(response.get("Items", ()))
    return AnswerCounts(count, count, has_more="NextToken" in response)


def _counts_of_page(response: Response) -> AnswerCounts:
    return AnswerCounts(response["Count"], response["ScannedCount"], "LastEvaluatedKey" in response)


#: How the items of an answer are counted, for the operations whose answers have items.
COUNT_ITEMS: dict[str, Callable[[Response], AnswerCounts]] = {
    "BatchGetItem": _counts_of_batch_get,
    "ExecuteStatement": _counts_of_statement,
    "GetItem": _counts_of_get,
    "Query": _counts_of_page,
    "Scan": _counts_of_page,
    "TransactGetItems": _counts_of_transact_get,
}
