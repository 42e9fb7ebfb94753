"""Transactions and writes that a test holds open."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.call import Call
from ddbmock._internal.conflicts.held import Held, items_of
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.formats.dynamodb_json import is_typed, typed_item
from ddbmock._internal.formats.python_values import AttributeValueError, attribute_values
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import faults as messages
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.operations.transactions.write import plan
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.stages import Phase, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.service import Service

    Item = tuple[Table, OrderKey]

#: The action of a transaction -> the corresponding operation.
_OPERATIONS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


def attach(service: Service) -> Conflicts:
    """Return the conflicts of a service."""
    return Conflicts(service)


class Conflicts:
    """The open transactions and writes of a mock."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._held: list[Held] = []
        self._lock = new_lock()

    @contextmanager
    def transaction(
        self,
        region_name: str,
        items: Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Mapping[str, Any]]],
        token: str | None,
    ) -> Iterator[None]:
        """Hold a transaction open, see `Controller.open_transaction`."""
        self._check_local("open_transaction()")
        if isinstance(items, Mapping):
            held = Held(set(self._keys(region_name, items)), token, is_transaction=True)
            with self._holding(held, "open_transaction()"):
                yield
            return
        request: Request = {"TransactItems": [_as_json(each) for each in items]}
        if token is not None:
            request["ClientRequestToken"] = token
        held = self._planned(region_name, request, token, "open_transaction()", of_write=False)
        with self._holding(held, "open_transaction()"):
            yield
        request.update(held.reported)
        self._service.run_unrecorded(region_name, "TransactWriteItems", request)

    @contextmanager
    def write(self, region_name: str, write: Any) -> Iterator[None]:
        """Hold a write open, see `Controller.open_write`."""
        self._check_local("open_write()")
        kinds = list(write) if isinstance(write, Mapping) else []
        if len(kinds) != 1 or kinds[0] not in _OPERATIONS:
            raise MisuseError(messages.wrong_open_write(write))
        request = {"TransactItems": [_as_json(write)]}
        held = self._planned(region_name, request, None, "open_write()", of_write=True)
        with self._holding(held, "open_write()"):
            yield
        (kind,) = kinds
        self._service.run_unrecorded(region_name, _OPERATIONS[kind], _as_json(write[kind]))

    @contextmanager
    def _holding(self, held: Held, opened: str) -> Iterator[None]:
        with self._lock:
            if any(not held.items.isdisjoint(other.items) for other in self._held):
                raise MisuseError(messages.opened_twice(opened))
            self._held.append(held)
        meet = held.meet
        self._service.pipeline.attach(Phase.BEFORE, meet)
        try:
            yield
        finally:
            self._service.pipeline.detach(meet)
            with self._lock:
                self._held.remove(held)

    def _planned(
        self, region_name: str, request: Request, token: str | None, opened: str, *, of_write: bool
    ) -> Held:
        """Return the items that a transaction holds, after checking that it can be executed."""
        region = self._service.backend.region(region_name)
        shape = input_shape("TransactWriteItems")
        row = OPERATIONS.row("TransactWriteItems")
        call = Call(row, deepcopy(request), region, shape, is_validated=False)
        try:
            prepare(call)
            intent: Any = call.intent
            with self._service.backend.lock:
                plan(intent, call)
                items = {item for action in intent.actions for item in items_of(call, action)}
        except ServiceError as error:
            raise MisuseError(messages.not_opened(opened, error.code, error.message)) from None
        return Held(items, token, is_transaction=not of_write)

    def _keys(
        self, region_name: str, given: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> Iterator[Item]:
        tables = self._service.backend.region(region_name).tables
        for name, keys in given.items():
            table = tables.get(name)
            if table is None:
                raise MisuseError(messages.not_opened("open_transaction()", name, "no such table"))
            for key in keys:
                order_key = table.key_schema.order_key(_typed(key))
                if order_key is None:
                    raise MisuseError(messages.no_key_to_hold(name, key, table.key_schema.names))
                yield table, order_key

    def _check_local(self, opened: str) -> None:
        if self._service.backend.remote_request is not None:
            raise MisuseError(messages.opened_elsewhere(opened))


def _as_json(value: Any) -> Any:
    """Return a copy of a value in the form of a request's body."""
    if isinstance(value, Mapping):
        return {name: _as_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(each) for each in value]
    return b64encode(value).decode() if isinstance(value, bytes | bytearray) else value


def _typed(key: Any) -> dict[str, Any]:
    if not isinstance(key, Mapping):
        return {}
    try:
        is_json = is_typed(key, next(iter(key), ""))
        return typed_item(key) if is_json else attribute_values(key)
    except AttributeValueError:
        return {}
