"""INSERT, UPDATE, DELETE and EXISTS as writes of one item.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.writes import ConditionCheck, Delete, Put, UpdateWrite, Write
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import Item, item_bytes
from ddbmock._internal.errors import DuplicateItemError, ItemTooLargeError, ValidationError
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.operations.statements.statement import Statement, check_key_value
from ddbmock._internal.partiql import DeletePlan, ExistsPlan, InsertPlan, Plan, UpdatePlan

if TYPE_CHECKING:
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.expressions.substitutions import Values
    from ddbmock._internal.partiql import ItemPlan


class UnfitKeyError(ValidationError):
    """A WHERE clause does not have the complete key of an item."""


class Insert(Put):
    """An insert: the item is stored if none with its key exists."""

    __slots__ = ()

    def _change(
        self, table: Table, key: OrderKey, old: StoredItem | None, old_item: Item | None
    ) -> Change:
        if old is not None:
            raise DuplicateItemError(partiql_messages.DUPLICATE_ITEM)
        return super()._change(table, key, old, old_item)

    def attempted_bytes(self, old: StoredItem | None) -> int:
        """Return the larger size of the existing item and the one to be inserted."""
        return max(super().attempted_bytes(old), self.stored.size_bytes)


def check_not_of_index(plan: Plan) -> None:
    """Refuse a write of an index."""
    if plan.index_name is not None:
        raise ValidationError(partiql_messages.OPERATION_NOT_FOR_INDEXES)


def write_of(table: Table, statement: Statement, *, returns_item_on_failure: bool) -> Write:
    """Return the write of a statement, with its key from the WHERE clause.

    Args:
        table: The table of the statement.
        statement: An INSERT, UPDATE, DELETE or EXISTS.
        returns_item_on_failure: Whether its ReturnValuesOnConditionCheckFailure is respected.
    """
    plan, values = statement.plan, statement.values
    members: dict[str, Any] = {"TableName": plan.table_name}
    name = "ReturnValuesOnConditionCheckFailure"
    if returns_item_on_failure and name in statement.request:
        members[name] = statement.request[name]
    if isinstance(plan, InsertPlan):
        return _insert_of(plan, values, members)
    assert isinstance(plan, (UpdatePlan, DeletePlan, ExistsPlan))  # noqa: S101 (nothing else writes)
    keyed = plan.select if isinstance(plan, ExistsPlan) else plan
    item_plan = keyed.item_plan(table.key_schema.names)
    members["Key"] = where_key(item_plan, table.key_schema, values)
    if isinstance(plan, UpdatePlan):
        return UpdateWrite(members, item_plan.condition, values, plan.update)
    kind = Delete if isinstance(plan, DeletePlan) else ConditionCheck
    return kind(members, item_plan.condition, values)


def _insert_of(plan: InsertPlan, values: Values, members: dict[str, Any]) -> Insert:
    item = members["Item"] = plan.item(values)
    size_bytes = item_bytes(item)
    if size_bytes > limits.ITEM_BYTES_MAX:
        raise ItemTooLargeError(item_messages.ITEM_TOO_LARGE)
    return Insert(members, None, values, StoredItem(item, size_bytes))


def where_key(item_plan: ItemPlan, schema: KeySchema, values: Values) -> Item:
    """Return the key in the WHERE clause, or raise the service's error if it is incomplete."""
    if len(item_plan.equalities) < len(schema.names):
        raise UnfitKeyError(partiql_messages.KEY_EQUALITY_MISSING)
    key: Item = {}
    for attribute in schema.attributes:
        name = attribute.name
        first, *others = [values[placeholder] for placeholder in item_plan.equalities[name]]
        if any(other != first for other in others):
            raise UnfitKeyError(partiql_messages.several_values_for_key(name))
        try:
            check_key_value(name, attribute.kind, first)
        except ValidationError as error:
            raise UnfitKeyError(error.legacy_message) from None
        key[name] = first
    return key


def returned_items(plan: Plan, change: Change) -> list[Item]:
    """Return the items for RETURNING: one, or none when there is nothing to return."""
    if not isinstance(plan, (UpdatePlan, DeletePlan)) or plan.returned == "NONE":
        return []
    stored = change.new if plan.returned.endswith("_NEW") else change.old
    if stored is None:
        return []
    item = stored.load()
    if isinstance(plan, UpdatePlan) and plan.returned.startswith("UPDATED_"):
        item = plan.update.project(item)
    return [item] if item else []
