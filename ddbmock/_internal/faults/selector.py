"""The calls that a fault affects."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal import arns
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.formats.dynamodb_json import is_typed, typed_item
from ddbmock._internal.formats.python_values import AttributeValueError, attribute_values
from ddbmock._internal.messages import faults as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.values import Item


@dataclass(frozen=True, slots=True)
class Selector:
    """A filter of calls, which must match everything that is not None."""

    #: Names in the API; None for the operations of the data plane.
    operations: frozenset[str] | None = None
    #: A table's name.
    table_name: str | None = None
    index_name: str | None = None
    #: Attributes that a key of the call must have; a partition key is enough.
    key: Item | None = None
    region_name: str | None = None

    def affected_actions(self, call: Call) -> Sequence[Intent] | None:
        """Return the matching actions of a call; None if the call does not match."""
        if self.operations is None:
            if call.operation.plane is not Plane.DATA:
                return None
        elif call.operation.name not in self.operations:
            return None
        if self.region_name not in {None, call.region.name}:
            return None
        intent = intent_of(call)
        if intent is None:
            return None
        affected = [action for action in intent.actions if self._selects(call, action)]
        return affected or None

    def _selects(self, call: Call, action: Intent) -> bool:
        if self.table_name is not None and self.table_name != table_name_of(action):
            return False
        if self.index_name not in {None, action.index_name}:
            return False
        return self.key is None or any(map(self.has_key, keys_of(call, action)))

    def has_key(self, key: Item) -> bool:
        """Return whether a key has the required attributes."""
        return self.key is None or all(key.get(name) == value for name, value in self.key.items())

    def __str__(self) -> str:
        parts = []
        if self.operations is not None:
            parts.append("/".join(sorted(self.operations)))
        if self.table_name is not None:
            parts.append(self.table_name)
        if self.index_name is not None:
            parts.append(f"index {self.index_name}")
        if self.key is not None:
            shown = ", ".join(f"{name}={next(iter(v.values()))}" for name, v in self.key.items())
            parts.append(f"key {shown}")
        if self.region_name is not None:
            parts.append(f"in {self.region_name}")
        return " ".join(parts) or "every call of the data plane"


def intent_of(call: Call) -> Intent | None:
    """Return the intent of a call, also for a real engine; None if the request is wrong.

    The engine will refuse a wrong request.
    """
    if call.intent is None:
        try:
            return call.operation.read(deepcopy(call.request))  # type: ignore[no-any-return]
        except ServiceError:
            return None
    return call.intent


def table_name_of(action: Intent) -> str | None:
    """Return the name of the table of an action."""
    return None if action.table_name is None else arns.table_name_of(action.table_name)


def keys_of(call: Call, action: Intent) -> list[Item]:
    """Return the keys in an action: those of the index if it reads one."""
    table = call.region.tables.get(table_name_of(action) or "")
    if table is None:
        return []
    index = table.indexes.get(action.index_name) if action.index_name is not None else None
    return action.keys(table.key_schema if index is None else index.key_schema)


def read_key(given: Any) -> Item:
    """Return a key of plain Python values, or one in DynamoDB JSON, as attribute values."""
    expected = "attributes of a key, such as {'id': '42'}"
    if not isinstance(given, Mapping) or not given:
        raise MisuseError(messages.wrong_fault_argument("key", expected, given))
    try:
        key = typed_item(given) if is_typed(given, next(iter(given))) else attribute_values(given)
        normalize_item(key)
    except (AttributeValueError, ServiceError):
        raise MisuseError(messages.wrong_fault_argument("key", expected, given)) from None
    return key
