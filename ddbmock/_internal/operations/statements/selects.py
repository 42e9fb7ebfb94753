"""Pages of a SELECT.

A WHERE clause that fixes the partition key is executed as one query for each partition and range;
any other is a scan of the table or index. Reads are charged before the rest of WHERE is applied.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access import next_tokens
from ddbmock._internal.access.key_ranges import EVERYTHING, range_after
from ddbmock._internal.access.lookup import find_index
from ddbmock._internal.access.next_tokens import Position
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.operations.statements.branches import BoundBranch, branches_of, not_projected
from ddbmock._internal.partiql import SelectPlan

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Response
    from ddbmock._internal.access.pages import Page
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Source, Table
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.expressions.compiled import Condition
    from ddbmock._internal.expressions.substitutions import Values
    from ddbmock._internal.operations.statements.statement import Statement

#: The maximum number of queries of a page ("Results are returned in pages of up to 10 items").
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
_READS_PER_PAGE = 10


def select(statement: Statement, table: Table, door: Door) -> Response:
    """Return one page of a SELECT."""
    plan, request = statement.plan, statement.request
    assert isinstance(plan, SelectPlan)  # noqa: S101 (the caller knows)
    source = _find_source(table, plan, consistent=statement.is_consistent)
    branches, is_point = branches_of(plan, source, statement.values)
    token: str | None = request.get("NextToken")
    start = None if token is None else next_tokens.decode_position(token, _digest(statement))
    if branches is None:
        door.is_scan = True
        branches = [BoundBranch(None, EVERYTHING, plan.where, ())]
    reading = _Reading(
        door, plan, source, statement.values, branches, is_point, statement.is_consistent, []
    )
    stopped = reading.read(start, request.get("Limit"))
    response: Response = {"Items": reading.items}
    if stopped is not None:
        response["NextToken"] = next_tokens.encode_position(stopped, _digest(statement))
        if stopped.key is not None:
            response["LastEvaluatedKey"] = stopped.key
    return response


def _digest(statement: Statement) -> str:
    return next_tokens.digest_of(statement.plan.text, statement.parameters)


def _find_source(table: Table, plan: SelectPlan, *, consistent: bool) -> Source:
    if plan.index_name is None:
        return table.sources[None]
    if plan.index_name not in table.indexes:
        raise ValidationError(partiql_messages.STATEMENT_INDEX_NOT_FOUND)
    index = find_index(table, plan.index_name)
    source = table.sources[index.name]
    if index.is_global:
        if consistent:
            raise ValidationError(partiql_messages.CONSISTENT_STATEMENT_ON_GLOBAL_INDEX)
        missing = not_projected(source, plan.columns.attributes if plan.columns else ())
        if missing:
            raise ValidationError(item_messages.not_projected(index.name, missing))
    return source


@dataclass(slots=True)
class _Reading:
    """A page of a SELECT in progress."""

    door: Door
    plan: SelectPlan
    source: Source
    values: Values
    branches: list[BoundBranch]
    #: Whether the statement selects one item of a table: then there is no second page.
    is_point: bool
    is_consistent: bool
    items: list[Item]

    def read(self, start: Position | None, limit: int | None) -> Position | None:
        """Add the items of the page and return the position at its end, None at the last."""
        first, key = (0, None) if start is None else start
        left_bytes = limits.PAGE_BYTES_MAX
        for number in range(first, len(self.branches)):
            if number - first == _READS_PER_PAGE:
                return Position(number, None)
            branch = self.branches[number]
            page = self._page(branch, key, limit)
            key = None
            last = self._add_items(branch.condition, page)
            left_bytes -= page.scanned_bytes
            limit = None if limit is None else limit - len(page.rows)
            if page.was_cut and not self.is_point:
                return Position(number, page.last_key(last))
            if left_bytes < 0 and number + 1 < len(self.branches):
                return Position(number + 1, None)
        return None

    def _page(self, branch: BoundBranch, start: Item | None, limit: int | None) -> Page:
        bounds = branch.bounds
        if start is not None:
            start_key = _order_key(self.source, start)
            bounds = range_after(start_key, *bounds, backward=branch.backward)
        return self.door.page(
            self.source,
            bounds,
            limit,
            backward=branch.backward,
            consistent=self.is_consistent,
        )

    def _add_items(self, condition: Condition | None, page: Page) -> Item | None:
        """Add the items of a page that meet the condition; return the last entry of the page."""
        columns = self.plan.columns
        test = None if condition is None else condition.bind(self.values)
        item: Item | None = None
        if columns is not None and not_projected(self.source, columns.attributes):
            # The items of all entries are read from the table, not only of those that are returned.
            fetched = self.door.fetch(page, consistent=self.is_consistent)
            items = [
                stored.load()
                for entry, stored in zip(page.entries, fetched, strict=True)
                if test is None or test(item := entry.load())
            ]
        elif test is None:
            items = [item := entry.load() for entry in page.entries]
        else:
            items = [item for entry in page.entries if test(item := entry.load())]
        self.items += items if columns is None else map(columns.apply, items)
        return item


def _order_key(source: Source, key: Item) -> OrderKey:
    table_key = source.table.key_schema.order_key(key)
    order_key = table_key
    if table_key is not None and source.index is not None:
        order_key = source.index.entry_key(key, table_key)
    if order_key is None:
        raise ValidationError(partiql_messages.NEXT_TOKEN_OF_ANOTHER)
    return order_key
