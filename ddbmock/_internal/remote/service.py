"""The service of a mock whose calls an engine answers: prefixed tables, recorded calls, clean-up.

With the mock, tables exist at once, and tests rely on that. So operations that create, change or
delete a table return only when the engine has finished.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from typing import TYPE_CHECKING, Any

from ddbmock._internal import wire
from ddbmock._internal.access.operation import Capacity
from ddbmock._internal.errors import ResourceInUseError, ResourceNotFoundError, ServiceError
from ddbmock._internal.remote.errors import TargetError
from ddbmock._internal.remote.table_prefix import TablePrefix
from ddbmock._internal.remote.views import RemoteBackend
from ddbmock._internal.service import Service
from ddbmock._internal.service_model import input_shape, output_shape
from ddbmock._internal.stages import Phase, Pipeline

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.options import Options
    from ddbmock._internal.remote.endpoint import Endpoint

#: The real functions, even while a test replaces them.
_sleep, _monotonic = time.sleep, time.monotonic
_PATIENCE_SECONDS = 300
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.02, 2.0


class RemoteService(Service):
    """The service of one mock on a real engine."""

    __slots__ = ("_endpoint", "_prefix", "_tables")

    def __init__(self, endpoint: Endpoint, options: Options) -> None:
        backend = RemoteBackend(self._call_unrecorded, self.delete_tables)
        super().__init__(options, backend=backend)
        self._endpoint = endpoint
        self._prefix = TablePrefix(f"ddbmock-{secrets.token_hex(4)}-")
        #: Region and name of the tables that were created.
        self._tables: set[tuple[str, str]] = set()

    def _new_pipeline(self) -> Pipeline:
        """Return the stages of a call: the engine itself checks and charges."""
        return Pipeline((Phase.RUN, self._run), (Phase.RECORD, self.calls.record))

    def _run(self, call: Call) -> None:
        """Have the engine answer a call."""
        try:
            call.response = self._call_with_capacity(call)
        except ServiceError as error:
            raise self._without_prefix(error) from None

    def _call_with_capacity(self, call: Call) -> Response:
        """Request the consumed capacity with each call, and return it only if the program did."""
        row = call.operation
        region_name, request, shape = call.region.name, call.request, call.input_shape
        if row.capacity in {Capacity.NONE, Capacity.SEARCH}:
            return self._call(region_name, row.name, request, shape)
        wanted = request.get("ReturnConsumedCapacity", "NONE")
        request = {**request, "ReturnConsumedCapacity": "INDEXES"}
        response = self._call(region_name, row.name, request, shape)
        reported = response.get("ConsumedCapacity") or []
        for capacity in reported if isinstance(reported, list) else [reported]:
            _add_consumed(call, capacity)
            if wanted == "TOTAL":
                for detail in ("Table", "LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
                    capacity.pop(detail, None)
        if wanted == "NONE":
            response.pop("ConsumedCapacity", None)
        return response

    def run_unrecorded(
        self,
        region_name: str,
        operation_name: str,
        request: Request,
        *,
        account_id: str | None = None,  # noqa: ARG002 (the engine has one)
    ) -> Response:
        """Send a request of the test itself, without recording it.

        Raises:
            ServiceError: The engine refuses the request.
        """
        sent = wire.decode_request(wire.encode(request))  # binary values as base64 text
        try:
            return self._call_unrecorded(region_name, operation_name, sent)
        except ServiceError as error:
            raise self._without_prefix(error) from None

    def _call_unrecorded(self, region_name: str, operation_name: str, request: Request) -> Response:
        """Send a request that ddbmock itself makes."""
        return self._call(region_name, operation_name, request, input_shape(operation_name))

    def _call(
        self, region_name: str, operation_name: str, request: Request, shape: Any
    ) -> Response:
        if operation_name == "ListTables":
            return self._list_tables(region_name, request)
        sent = self._prefix.request(request, shape)
        received = self._endpoint.call(region_name, operation_name, sent)
        response: Response = self._prefix.response(received, output_shape(operation_name))
        if "TableDescription" in response:  # of a table that is created, changed or deleted
            name = response["TableDescription"]["TableName"]
            described = self._wait_until_active(region_name, name)
            if operation_name == "CreateTable":
                self._tables.add((region_name, name))
            if described is not None:
                response["TableDescription"] = described
        return response

    def _list_tables(self, region_name: str, request: Request) -> Response:
        """Return a page of the tables of this mock, among those of the account."""
        names: list[str] = []
        sent: Request = {}
        while True:
            page = self._endpoint.call(region_name, "ListTables", sent)
            names += page["TableNames"]
            if "LastEvaluatedTableName" not in page:
                break
            sent = {"ExclusiveStartTableName": page["LastEvaluatedTableName"]}
        prefix = self._prefix.text
        own = sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))
        start, limit = request.get("ExclusiveStartTableName", ""), request.get("Limit", 100)
        left = [name for name in own if name > start]
        if len(left) > limit:
            return {"TableNames": left[:limit], "LastEvaluatedTableName": left[limit - 1]}
        return {"TableNames": left}

    def _wait_until_active(self, region_name: str, name: str) -> dict[str, Any] | None:
        """Wait for a table and its indexes; return its description, or None if it is deleted."""
        end, pause_seconds = _monotonic() + _PATIENCE_SECONDS, _FIRST_PAUSE_SECONDS
        while True:
            try:
                response = self._call_unrecorded(region_name, "DescribeTable", {"TableName": name})
            except ResourceNotFoundError:
                return None
            table: dict[str, Any] = response["Table"]
            indexes = table.get("GlobalSecondaryIndexes", ())
            statuses = {table.get("TableStatus"), *(each.get("IndexStatus") for each in indexes)}
            if statuses <= {"ACTIVE", None}:
                return table
            if _monotonic() > end:
                raise TargetError(
                    f"the table {name!r} is still not active after {_PATIENCE_SECONDS} seconds"
                )
            _sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    def _without_prefix(self, error: ServiceError) -> ServiceError:
        """Return an error without the prefix in its text."""
        return type(error)(self._prefix.removed_from_text(error.message), **error.members)

    def delete_tables(self) -> None:
        """Delete every table that was created through this service."""
        for region_name, name in sorted(self._tables):
            with contextlib.suppress(ResourceNotFoundError):
                self._delete(region_name, name)
        self._tables.clear()

    def _delete(self, region_name: str, name: str) -> None:
        request = {"TableName": name}
        try:
            self._call_unrecorded(region_name, "DeleteTable", request)
        except ResourceInUseError:
            self._wait_until_active(region_name, name)
            self._call_unrecorded(region_name, "DeleteTable", request)
        except ServiceError:
            self._call_unrecorded(
                region_name, "UpdateTable", {**request, "DeletionProtectionEnabled": False}
            )
            self._call_unrecorded(region_name, "DeleteTable", request)


def _add_consumed(call: Call, capacity: dict[str, Any]) -> None:
    consumed = call.door.consumed_of(capacity.get("TableName", "?"))
    is_write = call.operation.capacity.is_write
    own = capacity.get("Table") or capacity
    read, write = _units(own, is_write=is_write)
    consumed.read_units += read
    consumed.write_units += write
    for member, is_global in (("LocalSecondaryIndexes", False), ("GlobalSecondaryIndexes", True)):
        for name, reported in capacity.get(member, {}).items():
            read, write = _units(reported, is_write=is_write)
            consumed.add_index_units(name, is_global=is_global, read_units=read, write_units=write)


def _units(reported: dict[str, Any], *, is_write: bool) -> tuple[float, float]:
    """Return read and write units; an engine may report only their sum."""
    if "ReadCapacityUnits" in reported or "WriteCapacityUnits" in reported:
        return reported.get("ReadCapacityUnits", 0.0), reported.get("WriteCapacityUnits", 0.0)
    units = reported.get("CapacityUnits", 0.0)
    return (0.0, units) if is_write else (units, 0.0)
