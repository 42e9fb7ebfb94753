"""INSERT, UPDATE, DELETE and EXISTS as the writes that they are.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.access.accounting import add_write
from ddbmock.access.lookup import find_table
from ddbmock.access.writes import ConditionCheck, Delete, Put, UpdateWrite, Write
from ddbmock.engine.capacity import write_units
from ddbmock.engine.values import Item, item_bytes
from ddbmock.errors import ConditionalCheckFailedError, DuplicateItemError, ValidationError
from ddbmock.operations.statements.selects import check_key_value
from ddbmock.partiql import DeletePlan, ExistsPlan, InsertPlan, Plan, UpdatePlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.access.call import Call
    from ddbmock.access.request_expressions import Values
    from ddbmock.engine.changes import Change
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import KeySchema
    from ddbmock.engine.region import Region
    from ddbmock.engine.table import Table
    from ddbmock.partiql import PinPlan


class UnfitKeyError(ValidationError):
    """A WHERE does not name the one item that it must be about."""


class Insert(Put):
    """An item is stored where there was none."""

    __slots__ = ()

    def _change(self, old: StoredItem | None) -> Change:
        if old is not None:
            raise DuplicateItemError(messages.DUPLICATE_ITEM)
        return super()._change(old)


def read_write(region: Region, plan: Plan, values: Values, request: Mapping[str, Any]) -> Write:
    """Return the write of a statement, with its key found in WHERE.

    `request` may say ReturnValuesOnConditionCheckFailure.
    """
    if plan.index_name is not None:
        raise ValidationError(messages.OPERATION_NOT_FOR_INDEXES)
    table = find_table(region, plan.table_name)
    members = {**request, "TableName": plan.table_name}
    if isinstance(plan, InsertPlan):
        return _read_insert(plan, values, members)
    if isinstance(plan, ExistsPlan):
        pinned = plan.select.pinned(table.key_schema.names)
        members["Key"] = pinned_item(pinned, table.key_schema, values)
        return ConditionCheck(members, pinned.condition, values)
    assert isinstance(plan, (UpdatePlan, DeletePlan))  # noqa: S101 (nothing else writes)
    pinned = plan.pinned(table.key_schema.names)
    members["Key"] = pinned_item(pinned, table.key_schema, values)
    if isinstance(plan, DeletePlan):
        return Delete(members, pinned.condition, values)
    return UpdateWrite(members, pinned.condition, values, plan.update)


def _read_insert(plan: InsertPlan, values: Values, members: dict[str, Any]) -> Insert:
    item = members["Item"] = plan.item(values)
    size_bytes = item_bytes(item)
    if size_bytes > limits.ITEM_BYTES_MAX:
        raise ValidationError(messages.ITEM_TOO_LARGE)
    return Insert(members, None, values, size_bytes)


def pinned_item(pinned: PinPlan, schema: KeySchema, values: Values) -> Item:
    """Return the key that WHERE names, or raise the service's error when it names none."""
    if len(pinned.equalities) < len(schema.names):
        raise UnfitKeyError(messages.KEY_EQUALITY_MISSING)
    key: Item = {}
    for attribute in schema.attributes:
        name = attribute.name
        first, *others = [values[placeholder] for placeholder in pinned.equalities[name]]
        if any(other != first for other in others):
            raise UnfitKeyError(messages.several_values_for_key(name))
        try:
            check_key_value(name, attribute.kind, first)
        except ValidationError as error:
            raise UnfitKeyError(error.message) from None
        key[name] = first
    return key


def execute_write(call: Call, write: Write) -> Change:
    """Find, check, make and charge one write; a refused one is charged by what it met."""
    write.resolve(call.region)
    consumed = call.consumed_of(write.table.name)
    try:
        change = write.evaluate()
    except (ConditionalCheckFailedError, DuplicateItemError):
        consumed.write_units += write_units(_attempted_bytes(write.table, write))
        raise
    call.region.backend.commit([(write.table, change)])
    add_write(consumed, change)
    return change


def _attempted_bytes(table: Table, write: Write) -> int:
    stored: StoredItem | None = table.items.get(write.key)
    stored_bytes = 0 if stored is None else stored.size_bytes
    return max(stored_bytes, write.size_bytes if isinstance(write, Put) else 0)


def returned_items(plan: Plan, change: Change) -> list[Item]:
    """Return what RETURNING asks for: one item, or none when there is nothing to return."""
    if not isinstance(plan, (UpdatePlan, DeletePlan)) or plan.returned == "NONE":
        return []
    stored = change.new if plan.returned.endswith("_NEW") else change.old
    if stored is None:
        return []
    item = stored.load()
    if isinstance(plan, UpdatePlan) and plan.returned == "UPDATED_OLD":
        item = plan.update.project_updated(item)
    elif isinstance(plan, UpdatePlan) and plan.returned == "UPDATED_NEW":
        item = plan.update.project_written(item)
    return [item] if item else []
