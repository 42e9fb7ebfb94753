"""One write, alone or as an action of a transaction: read, resolved, evaluated.

A write goes through three steps, so that a batch or transaction can be checked whole before
anything is stored:

1. `read_*` looks at the request alone: expressions, values, sizes;
2. `resolve` finds the table and the item's place, and checks the key against the schema;
3. `evaluate` checks the condition against the stored item and makes the change, unapplied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.access.lookup import (
    check_index_keys,
    find_table,
    order_key_of,
    order_key_of_item,
)
from ddbmock.access.request_expressions import (
    NO_VALUES,
    NewExpressions,
    Parameters,
    Plan,
    Values,
    begin,
)
from ddbmock.engine.changes import Change
from ddbmock.engine.items import StoredItem
from ddbmock.engine.values import (
    Item,
    attributes_bytes,
    item_bytes,
    normalize_item,
)
from ddbmock.errors import ConditionalCheckFailedError, ValidationError
from ddbmock.expressions import Condition, Update, legacy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.region import Region
    from ddbmock.engine.table import Table

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
_OLD_ONLY = frozenset({"NONE", "ALL_OLD"})


class ItemTooLargeError(ValidationError):
    """An item to be put has more than 400 KB."""


class Write:
    """A write of one item; the subclasses say what becomes of it."""

    __slots__ = ("condition", "key", "old_item", "return_item", "table", "table_name", "values")

    table: Table
    key: OrderKey

    def __init__(
        self, request: Mapping[str, Any], condition: Condition | None, values: Values
    ) -> None:
        self.table_name: str = request["TableName"]
        self.condition = condition
        self.values = values
        #: Whether the error of a failed condition carries the item.
        self.return_item = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        #: The stored item as it was read for this write; None when it was not read or not there.
        self.old_item: Item | None = None

    def resolve(self, region: Region) -> None:
        """Find the table and the place of the item, and check what needs the schema."""
        self.table = find_table(region, self.table_name)
        self.key = self._locate()

    def _locate(self) -> OrderKey:
        raise NotImplementedError

    def evaluate(self) -> Change:
        """Check the condition and return the change, not yet applied."""
        old: StoredItem | None = self.table.items.get(self.key)
        if self.condition is not None:
            self._check_condition(old)
        return self._change(old)

    def _check_condition(self, old: StoredItem | None) -> None:
        if old is not None:
            self.old_item = old.load()
        if not self.condition.test(self.old_item or {}, self.values):  # type: ignore[union-attr]
            members = {"Item": self.old_item} if self.return_item and self.old_item else {}
            raise ConditionalCheckFailedError(messages.CONDITIONAL_REQUEST_FAILED, **members)

    def _change(self, old: StoredItem | None) -> Change:
        raise NotImplementedError


class Put(Write):
    """The item is replaced by another."""

    __slots__ = ("item", "size_bytes")

    def __init__(
        self,
        request: Mapping[str, Any],
        condition: Condition | None,
        values: Values,
        size_bytes: int,
    ) -> None:
        super().__init__(request, condition, values)
        self.item: Item = request["Item"]
        self.size_bytes = size_bytes

    def _locate(self) -> OrderKey:
        return order_key_of_item(self.table, self.item)

    def _change(self, old: StoredItem | None) -> Change:
        new = StoredItem(self.item, self.size_bytes)
        return Change(self.key, old, new, old_item=self.old_item, new_item=self.item)


class BatchPut(Put):
    """A put as part of a batch."""

    __slots__ = ()

    def _locate(self) -> OrderKey:
        return order_key_of_item(self.table, self.item, in_batch=True)


class _KeyedWrite(Write):
    """A write that names its item by key."""

    __slots__ = ("key_item",)

    def __init__(
        self, request: Mapping[str, Any], condition: Condition | None, values: Values
    ) -> None:
        super().__init__(request, condition, values)
        self.key_item: Item = request["Key"]

    def _locate(self) -> OrderKey:
        return order_key_of(self.table, self.key_item)


class Delete(_KeyedWrite):
    """The item is removed."""

    __slots__ = ()

    def _change(self, old: StoredItem | None) -> Change:
        return Change(self.key, old, None, old_item=self.old_item)


class ConditionCheck(_KeyedWrite):
    """The item stays as it is; only its condition counts."""

    __slots__ = ()

    def _change(self, old: StoredItem | None) -> Change:
        return Change(self.key, old, old, old_item=self.old_item, new_item=self.old_item)


class UpdateWrite(_KeyedWrite):
    """The item is changed by an update expression, or made from its key when it is not there."""

    __slots__ = ("update",)

    def __init__(
        self,
        request: Mapping[str, Any],
        condition: Condition | None,
        values: Values,
        update: Update | None,
    ) -> None:
        super().__init__(request, condition, values)
        self.update = update

    def _locate(self) -> OrderKey:
        key = super()._locate()
        if self.update is not None:
            for name in self.table.key_schema.names:
                if name in self.update.attributes:
                    raise ValidationError(messages.key_attribute_updated(name))
        return key

    def _change(self, old: StoredItem | None) -> Change:
        if old is None:
            item, size_bytes = dict(self.key_item), item_bytes(self.key_item)
        else:
            item, size_bytes = old.load(), old.size_bytes
        if self.update is not None:
            size_bytes += self._apply(self.update, item)
        if size_bytes > limits.ITEM_BYTES_MAX:
            raise ValidationError(messages.UPDATED_ITEM_TOO_LARGE)
        new = StoredItem(item, size_bytes)
        return Change(self.key, old, new, old_item=self.old_item, new_item=item)

    def _apply(self, update: Update, item: Item) -> int:
        """Change the item and return by how many bytes it grew."""
        before_bytes = attributes_bytes(item, update.attributes)
        update.apply(item, self.values)
        if not self.table.index_key_names.isdisjoint(update.attributes):
            check_index_keys(self.table, item, updated=True)
        after_bytes = attributes_bytes(item, update.attributes)
        # The service judges the larger of the finished item and what the statement writes.
        if after_bytes + update.overhead_bytes > limits.ITEM_BYTES_MAX:
            raise ValidationError(messages.UPDATED_ITEM_TOO_LARGE)
        return after_bytes - before_bytes


def read_put(request: Mapping[str, Any]) -> Put:
    """Return the put of a PutItem request or of a transaction's Put."""
    expressions = begin(request, PUT_OR_DELETE)
    size_bytes = normalize_item(request["Item"])
    _check_return_values(request)
    if size_bytes > limits.ITEM_BYTES_MAX:
        raise ItemTooLargeError(messages.ITEM_TOO_LARGE)
    return Put(request, *_read_condition(request, expressions), size_bytes)


def _check_return_values(request: Mapping[str, Any]) -> None:
    if request.get("ReturnValues", "NONE") not in _OLD_ONLY:
        raise ValidationError(messages.return_values_limited("ALL_OLD or NONE"))


def read_delete(request: Mapping[str, Any]) -> Delete:
    """Return the delete of a DeleteItem request or of a transaction's Delete."""
    return Delete(request, *_read_keyed_condition(request))


def read_condition_check(request: Mapping[str, Any]) -> ConditionCheck:
    """Return the ConditionCheck of a transaction."""
    return ConditionCheck(request, *_read_keyed_condition(request))


def _read_keyed_condition(request: Mapping[str, Any]) -> tuple[Condition | None, Values]:
    expressions = begin(request, PUT_OR_DELETE)
    normalize_item(request["Key"])
    _check_return_values(request)
    return _read_condition(request, expressions)


def read_update(request: Mapping[str, Any]) -> UpdateWrite:
    """Return the update of an UpdateItem request or of a transaction's Update."""
    expressions = begin(request, UPDATE)
    normalize_item(request["Key"])
    if expressions is None:
        return UpdateWrite(request, None, NO_VALUES, None)
    if request.get("AttributeUpdates") is not None or _has_legacy_condition(request):
        return _read_legacy_update(request)
    values: Values = request.get("ExpressionAttributeValues") or NO_VALUES
    plan = expressions.finish(values)
    return UpdateWrite(request, plan.condition, values, plan.update)


def _read_legacy_update(request: Mapping[str, Any]) -> UpdateWrite:
    update, update_values = None, NO_VALUES
    if request.get("AttributeUpdates") is not None:
        update, update_values = legacy.update(request["AttributeUpdates"])
    condition, condition_values = _read_legacy_condition(request)
    return UpdateWrite(request, condition, {**condition_values, **update_values}, update)


def _read_condition(
    request: Mapping[str, Any], expressions: Plan | NewExpressions | None
) -> tuple[Condition | None, Values]:
    if expressions is None:
        return None, NO_VALUES
    if _has_legacy_condition(request):
        return _read_legacy_condition(request)
    values: Values = request.get("ExpressionAttributeValues") or NO_VALUES
    return expressions.finish(values).condition, values


def _has_legacy_condition(request: Mapping[str, Any]) -> bool:
    return request.get("Expected") is not None or request.get("ConditionalOperator") is not None


def _read_legacy_condition(request: Mapping[str, Any]) -> tuple[Condition | None, Values]:
    return legacy.expected(request.get("Expected"), request.get("ConditionalOperator"))
