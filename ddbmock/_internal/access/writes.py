"""Writes of one item, alone or as actions of a batch or transaction.

A write goes through three steps, so that a batch or transaction can be checked completely before
anything is stored:

1. `read_*` checks the request alone, its expressions, values and sizes, and makes the intent;
2. `locate` finds the item's key in the table and checks it against the schema;
3. `evaluate` checks the condition against the stored item and returns the change, not yet made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.item_keys import (
    check_index_keys,
    check_vectors,
    order_key_of,
    order_key_of_item,
)
from ddbmock._internal.access.legacy_parameters import (
    has_expected,
    read_attribute_updates,
    read_expected,
)
from ddbmock._internal.access.plans import Parameters
from ddbmock._internal.access.request_expressions import plan_for
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import (
    Item,
    attributes_bytes,
    grown_bytes,
    item_bytes,
    normalize_key,
    value_bytes,
)
from ddbmock._internal.errors import (
    ConditionalCheckFailedError,
    DuplicateItemError,
    ItemTooLargeError,
    ValidationError,
)
from ddbmock._internal.expressions.substitutions import NO_VALUES, Values
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.access.new_expressions import NewExpressions
    from ddbmock._internal.access.plans import Plan
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.expressions.compiled import Condition, Update

PUT_OR_DELETE = Parameters(
    expressions=("ConditionExpression",),
    with_values=("ConditionExpression",),
    legacy=("Expected", "ConditionalOperator"),
)
UPDATE = Parameters(
    expressions=("UpdateExpression", "ConditionExpression"),
    with_values=("UpdateExpression", "ConditionExpression"),
    legacy=("AttributeUpdates", "Expected", "ConditionalOperator"),
)
TRANSACT_PUT_OR_DELETE = Parameters(
    PUT_OR_DELETE.expressions, PUT_OR_DELETE.with_values, in_transaction=True
)
TRANSACT_UPDATE = Parameters(UPDATE.expressions, UPDATE.with_values, in_transaction=True)
_OLD_ONLY = frozenset({"NONE", "ALL_OLD"})


class Write(Intent):
    """A write of one item; the subclasses say how the item changes."""

    __slots__ = ("condition", "table_name", "values")

    table_name: str

    def __init__(self, request: Request, condition: Condition | None, values: Values) -> None:
        self.request = request
        self.table_name = request["TableName"]
        self.condition: Condition | None = condition
        self.values: Values = values

    def locate(self, table: Table) -> OrderKey:
        """Return the order key of the item, after checking what needs the schema."""
        raise NotImplementedError

    def evaluate(self, table: Table, key: OrderKey, old: StoredItem | None) -> Change:
        """Check the condition against the stored item and return the change, not yet made."""
        old_item: Item | None = None
        if self.condition is not None:
            if old is not None:
                old_item = old.load()
            if not self.condition.test(old_item or {}, self.values):
                raise self._condition_failed(old_item)
        return self._change(table, key, old, old_item)

    def _condition_failed(self, old_item: Item | None) -> ConditionalCheckFailedError:
        """Return the error of a condition that failed, with the item if the request wants it."""
        wanted = self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        members = {"Item": old_item} if wanted and old_item else {}
        return ConditionalCheckFailedError(messages.CONDITIONAL_REQUEST_FAILED, **members)

    def _change(
        self, table: Table, key: OrderKey, old: StoredItem | None, old_item: Item | None
    ) -> Change:
        """Return the change; `old_item` is the old item if it has been decoded already."""
        raise NotImplementedError

    @property
    def payload_bytes(self) -> int:
        """The size of the payload of the request: the key or item, and the values."""
        # A value may be one level deeper than in an item, see `Parameters.in_transaction`.
        return sum([value_bytes(value, -1) for value in self.values.values()])

    def attempted_bytes(self, old: StoredItem | None) -> int:
        """Return the size by which a write whose condition failed is charged."""
        return 0 if old is None else old.size_bytes

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the key and the condition."""
        return frozenset() if self.condition is None else self.condition.attributes


class Put(Write):
    """A put: the item replaces the one with the same key."""

    __slots__ = ("item", "stored")

    iam_action: str | None = "PutItem"

    def __init__(
        self,
        request: Request,
        condition: Condition | None,
        values: Values,
        stored: StoredItem,
    ) -> None:
        self.request = request
        self.table_name: str = request["TableName"]
        self.condition = condition
        self.values = values
        self.item: Item = request["Item"]
        #: The same as it is to be stored.
        self.stored: StoredItem = stored

    def locate(self, table: Table) -> OrderKey:
        """Return the order key of the item, after checking its table key and index keys."""
        return order_key_of_item(table, self.item)

    def _change(
        self,
        _table: Table,
        key: OrderKey,
        old: StoredItem | None,
        old_item: Item | None,
    ) -> Change:
        return Change(key, old, self.stored, old_item=old_item, new_item=self.item)

    @property
    def payload_bytes(self) -> int:
        """The size of the item and of the values."""
        size_bytes = self.stored.size_bytes
        return super().payload_bytes + size_bytes if self.values else size_bytes

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the key attributes that the item has."""
        return [_part(self.item, schema)]

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the item and the condition."""
        if self.condition is None:
            return frozenset(self.item)
        return self.condition.attributes | self.item.keys()


class BatchPut(Put):
    """A put as part of a batch."""

    __slots__ = ()

    def locate(self, table: Table) -> OrderKey:
        """Return the order key of the item; a batch reports no details of a wrong key."""
        return order_key_of_item(table, self.item, in_batch=True)


class _KeyedWrite(Write):
    """A write that names its item by key."""

    __slots__ = ("key_item",)

    def __init__(self, request: Request, condition: Condition | None, values: Values) -> None:
        self.request = request
        self.table_name: str = request["TableName"]
        self.condition = condition
        self.values = values
        self.key_item: Item = request["Key"]

    def locate(self, table: Table) -> OrderKey:
        """Return the order key of the key."""
        return order_key_of(table, self.key_item)

    @property
    def payload_bytes(self) -> int:
        """The size of the key and of the values."""
        return super().payload_bytes + item_bytes(self.key_item)

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the key."""
        return [_part(self.key_item, schema)]

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the key and the condition."""
        if self.condition is None:
            return frozenset(self.key_item)
        return self.condition.attributes | self.key_item.keys()


class Delete(_KeyedWrite):
    """A delete of the item."""

    __slots__ = ()

    iam_action: str | None = "DeleteItem"

    def _change(
        self,
        _table: Table,
        key: OrderKey,
        old: StoredItem | None,
        old_item: Item | None,
    ) -> Change:
        return Change(key, old, None, old_item=old_item)


class ConditionCheck(_KeyedWrite):
    """A condition on an item, which is not changed."""

    __slots__ = ()

    iam_action: str | None = "ConditionCheckItem"

    def _change(
        self,
        _table: Table,
        key: OrderKey,
        old: StoredItem | None,
        old_item: Item | None,
    ) -> Change:
        return Change(key, old, old, old_item=old_item, new_item=old_item)


class UpdateWrite(_KeyedWrite):
    """An update of the item, which is created when it does not exist.

    An update that only removes creates nothing; one without any action creates an item with its
    key.
    """

    __slots__ = ("update",)

    iam_action: str | None = "UpdateItem"

    def __init__(
        self,
        request: Request,
        condition: Condition | None,
        values: Values,
        update: Update | None,
    ) -> None:
        super().__init__(request, condition, values)
        self.update: Update | None = update

    def locate(self, table: Table) -> OrderKey:
        """Return the order key of the key, which the update must not change."""
        key = order_key_of(table, self.key_item)
        if self.update is not None:
            for name in table.key_schema.names:
                if name in self.update.attributes:
                    raise ValidationError(messages.key_attribute_updated(name))
        return key

    def _change(
        self, table: Table, key: OrderKey, old: StoredItem | None, old_item: Item | None
    ) -> Change:
        update = self.update
        if old is None:
            item, size_bytes = dict(self.key_item), item_bytes(self.key_item)
        else:
            # The item that the condition was tested on is no longer needed, so it can be changed.
            item, size_bytes = old_item or old.load(), old.size_bytes
        if update is None:
            return Change(key, old, StoredItem(item, size_bytes), new_item=item)
        size_bytes = self._apply(update, table, item, size_bytes)
        if old is None and update.only_removes:
            return Change(key, None, None)
        if size_bytes > limits.ITEM_BYTES_MAX:
            raise ValidationError(messages.UPDATED_ITEM_TOO_LARGE)
        new = StoredItem(item, size_bytes)
        return Change(key, old, new, new_item=item, written_names=update.attributes)

    def _apply(self, update: Update, table: Table, item: Item, size_bytes: int) -> int:
        """Change an item of this size, and return the size that it has then."""
        written = update.apply(item, self.values)
        # Whatever is updated: an item may be older than an index, and not fit its key.
        if table.index_key_names:
            check_index_keys(table, item, updated=True)
        if table.vector_indexes:
            check_vectors(table, item, update.attributes)
        size_bytes = item_bytes(item) if written is None else size_bytes + grown_bytes(written)
        overhead_bytes = update.overhead_bytes
        # The limit holds for the larger of the finished item and what the statement writes.
        if size_bytes + overhead_bytes > limits.ITEM_BYTES_MAX:
            written_bytes = attributes_bytes(item, update.attributes)
            if written_bytes + overhead_bytes > limits.ITEM_BYTES_MAX:
                raise ValidationError(messages.UPDATED_ITEM_TOO_LARGE)
        return size_bytes

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the key, the condition and the update."""
        named = super().attributes()
        if self.update is None:
            return named
        return named | self.update.attributes | self.update.read_attributes


def _part(item: Item, schema: KeySchema) -> Item:
    return {name: item[name] for name in schema.names if name in item}


def execute(write: Write, table: Table, door: Door) -> Change:
    """Execute one write outside of batches and transactions, and return the change.

    Raises:
        ConditionalCheckFailedError: The condition failed; that is charged too.
        DuplicateItemError: The item of an INSERT exists already; that is charged too.
    """
    key = write.locate(table)
    old = door.stored(table, key)
    try:
        change = write.evaluate(table, key, old)
    except (ConditionalCheckFailedError, DuplicateItemError):
        door.charge_refused_write(table, key, write.attempted_bytes(old))
        raise
    door.commit([(table, change)])
    return change


# --- reading requests ---


def read_put(request: Request, parameters: Parameters = PUT_OR_DELETE) -> Put:
    """Return the put of a PutItem request or of a transaction's Put."""
    expressions = plan_for(request, parameters)
    _check_return_values(request)
    stored = read_item(request["Item"])
    if expressions is None:
        return Put(request, None, NO_VALUES, stored)
    return Put(request, *_read_condition(request, expressions), stored)


def read_item(item: Item) -> StoredItem:
    """Return an item as it is stored, after checking it and making it canonical in place."""
    stored = StoredItem.read(item)
    if stored.size_bytes > limits.ITEM_BYTES_MAX:
        raise ItemTooLargeError(messages.ITEM_TOO_LARGE)
    return stored


def _check_return_values(request: Request) -> None:
    if "ReturnValues" in request and request["ReturnValues"] not in _OLD_ONLY:
        raise ValidationError(messages.return_values_limited("ALL_OLD or NONE"))


def read_delete(request: Request, parameters: Parameters = PUT_OR_DELETE) -> Delete:
    """Return the delete of a DeleteItem request or of a transaction's Delete."""
    return Delete(request, *_read_keyed_condition(request, parameters))


def read_condition_check(request: Request, parameters: Parameters) -> ConditionCheck:
    """Return the ConditionCheck of a transaction."""
    return ConditionCheck(request, *_read_keyed_condition(request, parameters))


def _read_keyed_condition(
    request: Request, parameters: Parameters
) -> tuple[Condition | None, Values]:
    expressions = plan_for(request, parameters)
    _check_return_values(request)
    normalize_key(request["Key"])
    return (None, NO_VALUES) if expressions is None else _read_condition(request, expressions)


def read_update(request: Request, parameters: Parameters = UPDATE) -> UpdateWrite:
    """Return the update of an UpdateItem request or of a transaction's Update."""
    expressions = plan_for(request, parameters)
    normalize_key(request["Key"])
    if expressions is None:
        return UpdateWrite(request, None, NO_VALUES, None)
    if request.get("AttributeUpdates") is not None or has_expected(request):
        return _read_legacy_update(request)
    values: Values = request.get("ExpressionAttributeValues") or NO_VALUES
    plan = expressions.bind(values)
    return UpdateWrite(request, plan.condition, values, plan.update)


def _read_legacy_update(request: Request) -> UpdateWrite:
    update, update_values = read_attribute_updates(request)
    condition, condition_values = read_expected(request)
    return UpdateWrite(request, condition, {**condition_values, **update_values}, update)


def _read_condition(
    request: Request, expressions: Plan | NewExpressions
) -> tuple[Condition | None, Values]:
    if has_expected(request):
        return read_expected(request)
    values: Values = request.get("ExpressionAttributeValues") or NO_VALUES
    return expressions.bind(values).condition, values
