"""Event source mappings: the batches of records for a handler, and their outcome.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html

1. A shard is read by as many lanes as the parallelization factor. An item's records are always in
   the same lane, and a lane delivers one batch after the other, so they stay in order.
2. A child shard is read when its parent is done.
3. The progress of a lane is state of the backend, which savepoints cover.
4. Retries follow at once, without waiting. A batch without a limit of retries is tried once per
   delivery and stays the next one; its error is raised in the test.
"""

from __future__ import annotations

import json
import uuid
from collections import deque
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.streams import sequence_number
from ddbmock._internal.errors import DeliveryError
from ddbmock._internal.messages import streams as messages
from ddbmock._internal.triggers.events import Event, failure_document, lambda_record, window_event
from ddbmock._internal.triggers.invocation import LambdaContext, invoke, takes_context
from ddbmock._internal.triggers.patterns import compile_filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.streams import Shard, Stream, StreamRecord
    from ddbmock._internal.triggers.options import TriggerOptions

#: How many records are read at a time.
_CHUNK = 1_000
_DELIVERIES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call of a handler: its event and its result."""

    #: The name of the table whose changes these are.
    table: str
    #: The event.
    event: Event
    #: The return value.
    response: Any
    #: The exception, or the failure that the response reports; None if it succeeded.
    error: Exception | None

    @property
    def records(self) -> list[Event]:
        """The records of the event."""
        records: list[Event] = self.event["Records"]
        return records


class Run:
    """The progress of one delivery."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.errors: list[Exception] = []
        #: Lanes whose first batch failed without a limit of retries; the next delivery tries again.
        self.blocked: set[Lane] = set()


@dataclass(frozen=True, slots=True)
class _Progress:
    """The progress of a lane."""

    #: The sequence of the next record to read.
    position: int
    #: When the tumbling window that is open began; None when there is none.
    window_start: int | None = None
    #: What the handler returned as the state of the window.
    state: Any = field(default_factory=dict)


class Lane:
    """A lane: a shard as a trigger reads it, or a part of the shard."""

    __slots__ = ("number", "progress", "shard")

    def __init__(self, shard: Shard, number: int, position: int) -> None:
        self.shard: Shard = shard
        self.number: int = number
        self.progress: _Progress = _Progress(position)


@dataclass(slots=True)
class _Batch:
    """A batch of records for the handler."""

    records: list[StreamRecord] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    #: The position of the lane when the complete batch is done.
    next_position: int = 0
    is_full: bool = False
    size_bytes: int = 0
    attempts: int = 0

    def part(self, first: int, end: int | None = None) -> _Batch:
        """Return a part of the batch, with the attempts of the batch."""
        return _Batch(self.records[first:end], self.events[first:end], attempts=self.attempts)


class EventSourceMapping:
    """An event source mapping; tests get it as a `Trigger`."""

    def __init__(
        self,
        region: Region,
        stream: Stream,
        handler: Callable[..., Any],
        options: TriggerOptions,
    ) -> None:
        #: The function.
        self.handler = handler
        #: The options.
        self.options = options
        #: The last calls of the handler, the newest last.
        self.deliveries: deque[Delivery] = deque(maxlen=_DELIVERIES_MAX)
        #: Whether the handler still gets changes.
        self.is_active = True
        self._region = region
        self._stream = stream
        self._wants = compile_filters(options.filters)
        self._takes_context = takes_context(handler)
        self._start = stream.next_sequence if options.starting_position == "LATEST" else 0
        self._lanes: dict[tuple[str, int], Lane] = {}
        #: The end of the stream when a batch failed and remained; None if no batch did.
        self._stuck_at: int | None = None

    @property
    def table(self) -> str:
        """The name of the table."""
        return self._stream.table_name

    # --- progress through the stream ---------------------------------------------------------

    @property
    def end(self) -> int:
        """The sequence that the next record of the stream will have."""
        return self._stream.next_sequence

    def has_due(self) -> bool:
        """Return whether anything is due, other than a batch that failed and is unchanged since."""
        with self._region.backend.lock:
            return self.end != self._stuck_at and any(
                self._has_more(lane) or self._window_is_over(lane, None)
                for lane in self._readable_lanes()
            )

    def run(self, end: int, run: Run) -> bool:
        """Deliver the due records before `end`; return whether there were any."""
        worked = False
        while True:
            with self._region.backend.lock:
                lanes = self._readable_lanes()
            # One batch of each lane in turn, as if they were handled side by side.
            if not sum([self._step(lane, end, run) for lane in lanes]):
                self._stuck_at = self.end if run.blocked.intersection(lanes) else None
                return worked
            worked = True

    def _readable_lanes(self) -> list[Lane]:
        """Return the lanes of the shards whose parents are done."""
        is_there = self._region.streams.get(self._stream.arn) is self._stream
        if not self.is_active or not is_there:  # a reset leaves no stream
            return []
        readable: list[Lane] = []
        unfinished: set[str] = set()
        for shard in self._stream.shards.values():
            lanes = [self._lane(shard, n) for n in range(self.options.parallelization_factor)]
            if shard.parent_id in unfinished:
                unfinished.add(shard.shard_id)
                continue
            if any(self._has_more(lane) for lane in lanes):
                unfinished.add(shard.shard_id)
            readable += lanes
        return readable

    def _lane(self, shard: Shard, number: int) -> Lane:
        lane = self._lanes.get((shard.shard_id, number))
        if lane is None:
            lane = self._lanes[shard.shard_id, number] = Lane(shard, number, self._start)
        return lane

    def _has_more(self, lane: Lane) -> bool:
        return bool(self._stream.records_from(lane.shard, lane.progress.position, 1))

    def _set(self, lane: Lane, **values: Any) -> None:
        """Change the progress of a lane."""
        backend = self._region.backend
        with backend.lock:
            backend.journal.assign(lane, "progress", replace(lane.progress, **values))

    def _step(self, lane: Lane, end: int, run: Run) -> bool:
        """Deliver the next batch of a lane or close its window, if either is due."""
        if lane in run.blocked:
            return False
        with self._region.backend.lock:
            batch = self._gather(lane, end)
            closes_window = self._window_is_over(lane, batch)
        if closes_window:
            return self._close_window(lane, run)
        if batch is None:
            return False
        if self.options.tumbling_window_seconds and lane.progress.window_start is None:
            self._set(lane, window_start=self._window_of(batch.records[0]), state={})
        self._work(lane, batch, run)
        return True

    # --- batches -----------------------------------------------------------------------------

    def _gather(self, lane: Lane, end: int) -> _Batch | None:
        """Return the next batch of a lane; None if there is none, or if it may still grow."""
        batch = _Batch(next_position=lane.progress.position)
        more = True
        while more:
            records = self._stream.records_from(lane.shard, batch.next_position, _CHUNK)
            more = len(records) == _CHUNK
            for record in records:
                if record.sequence >= end or not self._add(batch, lane, record):
                    more = False
                    break
        if not batch.records:
            if batch.next_position != lane.progress.position:
                self._set(lane, position=batch.next_position)
            return None
        return None if self._may_grow(batch) else batch

    def _may_grow(self, batch: _Batch) -> bool:
        due_at = batch.records[0].at_seconds + self.options.batching_window_seconds
        return not batch.is_full and self._region.backend.clock.seconds() < due_at

    def _add(self, batch: _Batch, lane: Lane, record: StreamRecord) -> bool:
        """Add a record that passes the filters; return whether another may be added."""
        options = self.options
        if record.key[0] % options.parallelization_factor == lane.number:
            event = lambda_record(self._stream, record)
            if self._wants is None or self._wants(event):
                size_bytes = batch.size_bytes + event["dynamodb"]["SizeBytes"]
                if batch.records and not self._fits(batch, record, size_bytes):
                    batch.is_full = True
                    return False
                batch.records.append(record)
                batch.events.append(event)
                batch.size_bytes = size_bytes
        batch.next_position = record.sequence + 1
        batch.is_full = len(batch.records) >= options.batch_size
        return not batch.is_full

    def _fits(self, batch: _Batch, record: StreamRecord, size_bytes: int) -> bool:
        if size_bytes > limits.TRIGGER_PAYLOAD_BYTES_MAX:
            return False
        if not self.options.tumbling_window_seconds:
            return True
        return self._window_of(record) == self._window_of(batch.records[0])

    def _work(self, lane: Lane, batch: _Batch, run: Run) -> None:
        """Invoke the handler with a batch until it is done or discarded, in parts if necessary."""
        parts = deque([batch])
        while parts:
            part = self._without_old(lane, parts.popleft())
            if not part.records:
                continue
            failure = self._invoke(lane, part.records, part.events, run)
            part.attempts += 1
            if failure is None:
                self._set(lane, position=part.records[-1].sequence + 1)
                continue
            done, error = failure
            if done:
                part = part.part(done)
                self._set(lane, position=part.records[0].sequence)
            elif self.options.bisect_batch_on_function_error and len(part.records) > 1:
                part.attempts -= 1  # splitting is not an attempt
                middle = (len(part.records) + 1) // 2
                parts.extendleft([part.part(middle), part.part(0, middle)])
                continue
            if self._is_retried(part, progressed=done > 0):
                parts.appendleft(part)
            elif self.options.retries is None:
                self._set(lane, position=part.records[0].sequence)
                run.errors.append(error)
                run.blocked.add(lane)
                return
            else:
                self._discard(lane, part, "RetryAttemptsExhausted")
                if self.options.on_failure is None:
                    run.errors.append(error)
        self._set(lane, position=batch.next_position)

    def _is_retried(self, part: _Batch, *, progressed: bool) -> bool:
        retries = self.options.retries
        return progressed if retries is None else part.attempts <= retries

    def _without_old(self, lane: Lane, part: _Batch) -> _Batch:
        """Discard the first records if they are older than the trigger's maximum age."""
        age_seconds = self.options.maximum_record_age_seconds
        if age_seconds < 0:
            return part
        oldest = self._region.backend.clock.seconds() - age_seconds
        count = sum(record.at_seconds < oldest for record in part.records)
        if count:
            self._discard(lane, part.part(0, count), "RecordAgeExceeded")
        return part.part(count) if count else part

    def _discard(self, lane: Lane, part: _Batch, condition: str) -> None:
        self._set(lane, position=part.records[-1].sequence + 1)
        if self.options.on_failure is None:
            return
        document = failure_document(
            self._stream,
            lane.shard.shard_id,
            part.records,
            context={
                "requestId": self._request_id(),
                "functionArn": self._function_arn(),
                "condition": condition,
                "approximateInvokeCount": part.attempts,
            },
            now=self._region.backend.clock.seconds(),
        )
        self.options.on_failure.append(document)

    # --- tumbling windows --------------------------------------------------------------------

    def _window_of(self, record: StreamRecord) -> int:
        at_seconds = int(record.at_seconds)
        return at_seconds - at_seconds % self.options.tumbling_window_seconds

    def _window_is_over(self, lane: Lane, batch: _Batch | None) -> bool:
        if lane.progress.window_start is None:
            return False
        if batch is not None:
            return self._window_of(batch.records[0]) != lane.progress.window_start
        end = lane.progress.window_start + self.options.tumbling_window_seconds
        return self._region.backend.clock.seconds() >= end and not self._has_more(lane)

    def _close_window(self, lane: Lane, run: Run) -> bool:
        """Invoke the handler with the final state of a window."""
        failure = self._invoke(lane, [], [], run, isFinalInvokeForWindow=True)
        if failure is None:
            self._set(lane, window_start=None, state={})
        else:
            run.errors.append(failure[1])
            run.blocked.add(lane)
        return True

    def _store_state(self, lane: Lane, state: Any, run: Run) -> None:
        self._set(lane, state=deepcopy(state))
        if len(json.dumps(state)) > limits.TRIGGER_STATE_BYTES_MAX:
            self._invoke(lane, [], [], run, isWindowTerminatedEarly=True)
            self._set(lane, state={})

    # --- the handler -------------------------------------------------------------------------

    def _invoke(
        self,
        lane: Lane,
        records: list[StreamRecord],
        events: list[Event],
        run: Run,
        **window_flags: bool,
    ) -> tuple[int, Exception] | None:
        """Call the handler; return the number of successful records, and any error."""
        event = self._event(lane, events, window_flags)
        response: Any = None
        failure: tuple[int, Exception] | None = None
        try:
            response = invoke(self.handler, self._arguments(event))
        except Exception as raised:  # noqa: BLE001 (raised again in the test)
            failure = (0, raised)
        else:
            failure = self._failure_in(response, records)
        error = None if failure is None else failure[1]
        delivery = Delivery(self.table, event, response, error)
        run.deliveries.append(delivery)
        self.deliveries.append(delivery)
        stores_state = lane.progress.window_start is not None and not window_flags
        if stores_state and isinstance(response, dict) and "state" in response:
            self._store_state(lane, response["state"], run)
        return failure

    def _event(self, lane: Lane, events: list[Event], window_flags: dict[str, bool]) -> Event:
        if lane.progress.window_start is None:
            return {"Records": events}
        return window_event(
            events,
            lane.progress.window_start,
            self.options.tumbling_window_seconds,
            lane.progress.state,
            shardId=lane.shard.shard_id,
            eventSourceARN=self._stream.arn,
            **window_flags,
        )

    def _arguments(self, event: Event) -> tuple[Any, ...]:
        # A copy: a handler may change what it gets, and may get it again.
        copied = deepcopy(event)
        if not self._takes_context:
            return (copied,)
        return copied, LambdaContext(self.function_name, self._function_arn(), self._request_id())

    def _failure_in(
        self, response: Any, records: list[StreamRecord]
    ) -> tuple[int, Exception] | None:
        """Return which record failed first according to the handler's response."""
        members = response if isinstance(response, dict) else {}
        if self.options.tumbling_window_seconds and records and "state" not in members:
            return 0, DeliveryError(messages.state_missing(self.table))
        failures = members.get("batchItemFailures")
        if not self.options.reports_failures or not failures:
            return None
        identifiers = [
            failure.get("itemIdentifier") if isinstance(failure, dict) else None
            for failure in failures
        ]
        numbers = [sequence_number(record.sequence) for record in records]
        # An invalid identifier counts as a failure of the complete batch.
        done = min(
            numbers.index(identifier) if identifier in numbers else 0 for identifier in identifiers
        )
        return done, DeliveryError(messages.reported_failures(self.table, identifiers))

    @property
    def function_name(self) -> str:
        """The name of the handler, as its Lambda function would be called."""
        return getattr(self.handler, "__name__", type(self.handler).__name__)

    def _function_arn(self) -> str:
        return self._region.arns.function(self.function_name)

    def _request_id(self) -> str:
        return str(uuid.UUID(int=self._region.backend.random.getrandbits(128), version=4))
