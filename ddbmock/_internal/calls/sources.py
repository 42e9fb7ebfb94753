"""The tables and index of a call, and the number of items in its response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.operation import Items
from ddbmock._internal.arns import table_name_of
from ddbmock._internal.calls.totals import ResponseCounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.intent import Request, Response


# --- tables and indexes ---


def tables_of(call: Call) -> tuple[str, ...]:
    """Return the names of the tables that a call names.

    For a call that was refused before its request was read, they are taken from the request itself.
    """
    intent = call.intent
    try:
        given = (
            _given_names(call.request)
            if intent is None
            else [action.table_name for action in intent.actions]
        )
        return tuple(dict.fromkeys([table_name_of(name) for name in given if name is not None]))
    except (AttributeError, LookupError, TypeError):
        return ()  # not as in the model, and refused for that


def _given_names(request: Request) -> list[str]:
    if "TransactItems" in request:
        actions = request["TransactItems"]
        return [content["TableName"] for action in actions for content in action.values()]
    if "RequestItems" in request:
        return list(request["RequestItems"])
    return [request["TableName"]]


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


# --- items of responses ---


_NOTHING_FOUND = ResponseCounts(0, 0, has_more=False)
_ONE_FOUND = ResponseCounts(1, 1, has_more=False)


def _counts_of_get(response: Response) -> ResponseCounts:
    return _ONE_FOUND if "Item" in response else _NOTHING_FOUND


def _counts_of_batch_get(response: Response) -> ResponseCounts:
    count = sum(map(len, response["Responses"].values()))
    return ResponseCounts(count, count, has_more=bool(response.get("UnprocessedKeys")))


def _counts_of_transact_get(response: Response) -> ResponseCounts:
    count = sum("Item" in member for member in response["Responses"])
    return ResponseCounts(count, count, has_more=False)


def _counts_of_statement(response: Response) -> ResponseCounts:
    count = len(response.get("Items", ()))
    return ResponseCounts(count, count, has_more="NextToken" in response)


def _counts_of_search(response: Response) -> ResponseCounts:
    count = len(response["SearchResults"])
    return ResponseCounts(count, count, has_more=False)


def _counts_of_page(response: Response) -> ResponseCounts:
    counts = response["Count"], response["ScannedCount"], "LastEvaluatedKey" in response
    return tuple.__new__(ResponseCounts, counts)  # without the frame of its own `__new__`


#: The counters of items in a response, by its form.
COUNT_ITEMS: dict[Items, Callable[[Response], ResponseCounts] | None] = {
    Items.NONE: None,
    Items.ONE: _counts_of_get,
    Items.PAGE: _counts_of_page,
    Items.STATEMENT_PAGE: _counts_of_statement,
    Items.BY_TABLE: _counts_of_batch_get,
    Items.EACH: _counts_of_transact_get,
    Items.SEARCH: _counts_of_search,
}
