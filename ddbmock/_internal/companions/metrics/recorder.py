"""The stage that records each call in the metrics of DynamoDB.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import table_name_of
from ddbmock._internal.calls.sources import COUNT_ITEMS, tables_of
from ddbmock._internal.companions.metrics.catalog import (
    CONSUMED_READ,
    CONSUMED_WRITE,
    INDEX,
    OPERATION,
    TABLE,
    SeriesId,
)
from ddbmock._internal.engine.capacity import write_units
from ddbmock._internal.errors import (
    ConditionalCheckFailedError,
    ServiceError,
    ThrottledError,
    TransactionCanceledError,
)
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.companions.metrics.cloudwatch import Metrics
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.capacity import Consumed
    from ddbmock._internal.engine.global_tables import Replica
    from ddbmock._internal.engine.table import Table

_FIRST_SERVER_FAULT = 500
#: A reason of a refused access, such as TableWriteProvisionedThroughputExceeded.
_REASON = re.compile(r"(Table|Index)(Read|Write)(\w+)Exceeded")
_RETURNING = frozenset({"Query", "Scan", "ExecuteStatement"})
#: The reasons of a cancelled transaction that is charged nevertheless.
_CONDITION_REASONS = frozenset({"None", "ConditionalCheckFailed"})


#: Operations whose metrics have no dimensions but the table and the operation: most calls are of
#: these.
_PLAIN = frozenset({
    *("DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"),
    *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
})  # fmt: skip


@lru_cache(maxsize=1024)
def _consumption(table: str, index: str | None = None) -> tuple[SeriesId, SeriesId, SeriesId]:
    """Return the consumption metrics of a table or index: reads, writes, writes by customers."""
    place = {TABLE: table} if index is None else {TABLE: table, INDEX: index}
    return (
        SeriesId.of(CONSUMED_READ, **place),
        SeriesId.of(CONSUMED_WRITE, **place),
        SeriesId.of(CONSUMED_WRITE, **place, Source="Customer"),
    )


@lru_cache(maxsize=1024)
def _of_operation(name: str, table: str, operation: str) -> SeriesId:
    return SeriesId.of(name, TableName=table, Operation=operation)


class Recorder:
    """Adds samples for each finished call, and for each item that expires."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._add = metrics.add
        self._clock = metrics.backend.clock
        #: Region -> what defers samples in its metrics.
        self._defer_in: dict[Region, Callable[..., None]] = {}

    def attach(self) -> None:
        """Begin to record."""
        pipeline = self._metrics.service.pipeline
        pipeline.attach(Phase.AUTHORIZE, self._begin)
        pipeline.attach(Phase.ADMIT, self._note_refusals)
        pipeline.attach(Phase.RECORD, self._record)
        # Observing commits would be a part of the cost of every call.
        self._metrics.backend.sweeper.on_deleted.append(self._note_expired)
        self._metrics.backend.replicator.on_arrival.append(self._note_replicated)

    def _begin(self, call: Call) -> None:
        call.began_at = self._clock.seconds()

    def _record(self, call: Call) -> None:
        began = call.began_at
        operation, response = call.operation, call.response
        name, plane = operation.name, operation.plane
        if name in _PLAIN and response is not None and call.error is None:
            table: Any = call.request.get("TableName")
            is_named = table.__class__ is str and table[:4] != "arn:"
            tables = (table,) if is_named else tables_of(call)
            at, region = self._clock.seconds(), call.region
            milliseconds = 0.0 if began is None or began > at else (at - began) * 1000
            defer = self._defer_in.get(region)
            if defer is None:
                defer = self._defer_in[region] = self._metrics.of(region).series.defer
            defer(
                at, _plain_samples, name, tables, milliseconds, response.get("Count"), call.consumed
            )
            self._metrics.wake()
            return
        if call.error is not None:
            self._add_error(call, call.error)
        elif plane is not Plane.CONTROL:
            self._add_success(call, began)
        if plane is Plane.CONTROL:
            background = self._metrics.of(call.region).background
            with self._metrics.backend.lock:
                background.note(self._metrics.backend.clock.seconds())
        self._add_consumed(call)
        self._metrics.wake()

    # --- what was consumed ---

    def _add_consumed(self, call: Call) -> None:
        for series, units in _consumed_samples(call.consumed):
            self._add(call.region, series, units)

    # --- how calls ended ---

    def _add_success(self, call: Call, began: float | None) -> None:
        response, name = call.response, call.operation.name
        if response is None:
            return
        at = self._metrics.backend.clock.seconds()
        milliseconds = max(0.0, (at - (at if began is None else began)) * 1000)
        for dimensions in _places(call):
            series = SeriesId.of("SuccessfulRequestLatency", **dimensions)
            self._add(call.region, series, milliseconds)
            if name in _RETURNING:
                count = COUNT_ITEMS[call.operation.items]
                if count is not None and dimensions.get("Verb", "PartiQLSelect") == "PartiQLSelect":
                    series = SeriesId.of("ReturnedItemCount", **dimensions)
                    self._add(call.region, series, float(count(response).item_count))
            elif name == "GetRecords":
                self._add_records(call, dimensions, response["Records"])

    def _add_records(
        self, call: Call, dimensions: dict[str, str], records: Sequence[dict[str, Any]]
    ) -> None:
        size_bytes = sum(record["dynamodb"].get("SizeBytes", 0) for record in records)
        counted = SeriesId.of("ReturnedRecordsCount", **dimensions)
        self._add(call.region, counted, float(len(records)))
        self._add(call.region, SeriesId.of("ReturnedBytes", **dimensions), float(size_bytes))

    def _add_error(self, call: Call, error: BaseException) -> None:
        if not isinstance(error, ServiceError):
            return  # no response of the service
        region = call.region
        if isinstance(error, ThrottledError):
            for dimensions in _places(call):
                self._add(region, SeriesId.of("ThrottledRequests", **dimensions), 1.0)
            hooks = call.door._hooks  # noqa: SLF001 (reading `hooks` would switch them on)
            is_noted = hooks is not None and hooks.admission is not None
            if not call.operation.is_batch or not is_noted:
                self._add_refusal(region, error)
        elif isinstance(error, ConditionalCheckFailedError):
            self._add_failed_conditions(region, Counter(tables_of(call)))
        elif error.http_status >= _FIRST_SERVER_FAULT:
            for dimensions in _places(call):
                self._add(region, SeriesId.of("SystemErrors", **dimensions), 1.0)
        else:
            self._add(region, SeriesId.of("UserErrors"), 1.0)
            if isinstance(error, TransactionCanceledError):
                self._add_cancelled(call, error)

    def _add_failed_conditions(self, region: Region, tables: Counter[str]) -> None:
        for table, count in tables.items():
            series = SeriesId.of("ConditionalCheckFailedRequests", TableName=table)
            self._add(region, series, 1.0, count)

    def _add_cancelled(self, call: Call, error: TransactionCanceledError) -> None:
        codes = [reason["Code"] for reason in error.members.get("CancellationReasons", ())]
        actions = [] if call.intent is None else list(call.intent.actions)
        if len(actions) != len(codes):
            return
        names = [table_name_of(action.table_name or "") for action in actions]
        of_code = {
            code: Counter(name for name, of in zip(names, codes, strict=True) if of == code)
            for code in set(codes)
        }
        self._add_failed_conditions(call.region, of_code.get("ConditionalCheckFailed", Counter()))
        for table, count in of_code.get("TransactionConflict", {}).items():
            series = SeriesId.of("TransactionConflict", TableName=table)
            self._add(call.region, series, float(count))
        if not of_code.keys() - _CONDITION_REASONS and not call.consumed:
            for table, units in _units_of_cancelled(call).items():
                for series, value in _units_samples(table, None, 0.0, units):
                    self._add(call.region, series, value)

    def _note_replicated(self, source: Replica, target: Replica, seconds: float) -> None:
        """Add the time that a write took from one region to another."""
        if not source.group.is_strong:
            dimensions = {TABLE: source.table.name, "ReceivingRegion": target.region_name}
            series = SeriesId.of("ReplicationLatency", **dimensions)
            region = self._metrics.backend.region(source.region_name)
            self._add(region, series, seconds * 1000)

    # --- refused accesses ---

    def _note_refusals(self, call: Call) -> None:
        """Count the throttled requests of a batch, which does not fail because of them."""
        if not call.operation.is_batch:
            return
        hooks = call.door._hooks  # noqa: SLF001 (reading `hooks` would switch them on)
        if hooks is None or hooks.admission is None:
            return
        admit = hooks.admission

        def admission(touches: Sequence[Touch]) -> None:
            try:
                admit(touches)
            except ThrottledError as error:
                self._add_refusal(call.region, error)
                raise

        hooks.admission = admission

    def _add_refusal(self, region: Region, error: ThrottledError) -> None:
        for reason, place in _refusals(error):
            kind, cause = reason
            for name in (f"{kind}ThrottleEvents", f"{kind}{cause}ThrottleEvents"):
                self._add(region, SeriesId.of(name, **place), 1.0)

    # --- time to live ---

    def _note_expired(self, table: Table, count: int) -> None:
        """Add the items of a table that were deleted after their time to live."""
        series = SeriesId.of("TimeToLiveDeletedItemCount", TableName=table.name)
        for region in self._metrics.backend.all_regions():
            if region.tables.get(table.name) is table:
                self._add(region, series, 1.0, count)


def _plain_samples(
    operation: str,
    tables: Sequence[str],
    milliseconds: float,
    returned: int | None,
    consumed: Mapping[str, Consumed],
) -> Iterator[tuple[SeriesId, float]]:
    """Yield the samples of a successful call of one of the `_PLAIN` operations."""
    for table in tables:
        yield _of_operation("SuccessfulRequestLatency", table, operation), milliseconds
        if operation in _RETURNING and returned is not None:
            yield _of_operation("ReturnedItemCount", table, operation), float(returned)
    yield from _consumed_samples(consumed)


def _consumed_samples(consumed: Mapping[str, Consumed]) -> Iterator[tuple[SeriesId, float]]:
    """Yield the samples of what a call consumed."""
    for of_table in consumed.values():
        read, write = of_table.read_units, of_table.write_units
        for read_units, write_units_ in of_table.local_indexes.values():
            read += read_units
            write += write_units_
        yield from _units_samples(of_table.table_name, None, read, write)
        for name, (read_units, write_units_) in of_table.global_indexes.items():
            yield from _units_samples(of_table.table_name, name, read_units, write_units_)


def _units_samples(
    table: str, index: str | None, read: float, write: float
) -> Iterator[tuple[SeriesId, float]]:
    reads, writes, of_customer = _consumption(table, index)
    if read:
        yield reads, read
    if write:
        yield writes, write
        yield of_customer, write


def _places(call: Call) -> Iterator[dict[str, str]]:
    """Yield the dimensions of a call's metrics, once for each table that it names."""
    name = call.operation.name
    more: dict[str, str] = {}
    if name == "ExecuteStatement":
        more["Verb"] = f"PartiQL{_verb(call.request.get('Statement'))}"
    elif name in {"ExecuteTransaction", "BatchExecuteStatement"}:
        member = "TransactStatements" if name == "ExecuteTransaction" else "Statements"
        verbs = {_verb(each.get("Statement")) for each in call.request.get(member, ())}
        more["OperationType"] = "Read" if verbs <= {"Select"} else "Write"
    elif name == "GetRecords":
        more["StreamLabel"] = str(call.request.get("ShardIterator", "")).partition("/stream/")[2][
            :23
        ]
    for table in tables_of(call):
        yield {TABLE: table, OPERATION: name, **more}


def _verb(statement: object) -> str:
    words = str(statement).split(None, 1)
    return words[0].capitalize() if words else ""


def _refusals(error: ThrottledError) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Yield the kind and cause of each throttled access, with its dimensions."""
    members = error.members
    for reason in members.get("ThrottlingReasons") or members.get("throttlingReasons") or ():
        found = _REASON.fullmatch(reason.get("reason", ""))
        if found is not None:
            place = {TABLE: table_name_of(reason.get("resource", ""))}
            index = reason.get("resource", "").partition("/index/")[2]
            if index:
                place[INDEX] = index
            yield (found.group(2), found.group(3)), place


def _units_of_cancelled(call: Call) -> Counter[str]:
    """Return the write units of a transaction whose conditions failed, by table."""
    units: Counter[str] = Counter()
    for action in () if call.intent is None else call.intent.actions:
        table = call.region.tables.get(table_name_of(action.table_name or ""))
        keys = [] if table is None else action.keys(table.key_schema)
        if table is not None and keys:
            stored = table.items.get(order_key_of(table, keys[0]))
            size_bytes = 0 if stored is None else stored.size_bytes
            units[table.name] += write_units(size_bytes, transactional=True)  # type: ignore[assignment]
    return units
