"""The faults of one mock, and the stages that apply them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import botocore.exceptions
from botocore.exceptions import BotoCoreError

from ddbmock._internal import arns
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.faults.chaos import DEFAULT_RATE, Chaos
from ddbmock._internal.faults.errors import ERRORS, GivenReason, Injected, operations_with
from ddbmock._internal.faults.fault import Fault
from ddbmock._internal.faults.schedule import Schedule
from ddbmock._internal.faults.selector import Selector, read_key
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import faults as messages
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.service_model import service_name_of
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.options import Options
    from ddbmock._internal.service import Service


def attach(service: Service) -> Faults:
    """Return the faults of a service; with the option `chaos` calls fail at random from now on."""
    faults, options = Faults(service), service.options
    service.mock_observers.append(faults)
    if options.chaos:
        rate = None if options.chaos is True else options.chaos
        faults.start_chaos(options.seed, rate)
    return faults


class Faults:
    """The faults of a mock: `ddb.faults`. They are applied in the order in which they were added.

    `len(ddb.faults)` counts them, `print(ddb.faults)` lists them.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._backend = service.backend
        self._pipeline = service.pipeline
        #: Held while the faults change.
        self._lock = new_lock()
        self._faults: tuple[Fault, ...] = ()
        #: Mock -> the faults that existed when it began.
        self._outer: dict[object, tuple[Fault, ...]] = {}
        self._pauses = 0
        self._chaos: Chaos | None = None
        #: Attached while there are faults; the same objects each time, to be detached again.
        self._stages = ((Phase.BEFORE, self._before), (Phase.AFTER, self._after))
        self._random = Random(f"faults {service.options.seed}")  # noqa: S311 (chance that can be repeated)

    # --- adding and removing -----------------------------------------------------------------

    def add(  # noqa: PLR0913 (each is one thing to say of a fault)
        self,
        *,
        error: str | type[Exception] | Exception | None = None,
        operation: str | Iterable[str] | None = None,
        table: str | None = None,
        index: str | None = None,
        key: Mapping[str, Any] | None = None,
        region: str | None = None,
        when: str = "before",
        times: int | None = None,
        after: int = 0,
        nth: int | Iterable[int] | None = None,
        probability: float = 1.0,
        latency: float | timedelta | tuple[float, float] = 0.0,
        unprocessed: int = 0,
        message: str | None = None,
        reasons: Iterable[GivenReason] = (),
        required: bool = False,
    ) -> Fault:
        """Add a fault. It counts attempts: each repetition by the client is one.

        >>> import boto3
        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     client = boto3.client("dynamodb")
        ...     _ = client.create_table(
        ...         TableName="orders",
        ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ...         BillingMode="PAY_PER_REQUEST",
        ...     )
        ...     _ = ddb.faults.add(operation="PutItem", error="ThrottlingException", times=2)
        ...     response = client.put_item(TableName="orders", Item={"id": {"S": "42"}})
        ...     response["ResponseMetadata"]["RetryAttempts"]
        2

        Args:
            error: A code of the service, whose text and members the call gets; an exception class
                of botocore (`ReadTimeoutError`) or its name, for no response at all; or an
                exception.
            operation: One operation or several, such as `"PutItem"`. Default: those of the data
                plane that can have the error. Operations of the control plane must be named.
            table: The name or ARN of a table.
            index: The name of the index that is read.
            key: Attributes of a key, as plain values or in DynamoDB JSON; the partition key's may
                be enough.
            region: The name of a region.
            when: `"before"`: the call is not executed. `"after"`: it is, and the response is lost.
            times: The maximum number of times. Default: until the fault is removed.
            after: The number of attempts that succeed first.
            nth: The numbers of the attempts, the first being 1; a number or several.
            probability: The probability for each attempt; `mock_dynamodb(seed=...)` is the seed.
            latency: The latency of the call on the mock's clock: seconds, a timedelta, or the
                minimum and maximum number of seconds. Alone or with an error.
            unprocessed: The number of items or keys of a batch that are left unprocessed, from its
                end. If all are, the batch fails, as in the service.
            message: A text that replaces the service's.
            reasons: Codes, or complete structures: the cancellation reasons of a transaction, one
                for each action, or the throttling reasons.
            required: Whether the test fails if the fault never happens.

        Raises:
            MisuseError: An argument is wrong; the text says what it takes.
        """
        given = {"table": table, "index": index, "region": region, "message": message}
        _check_texts(given)
        _check_unprocessed(unprocessed)
        made = _read_error(error, message, reasons)
        fault = Fault(
            Selector(
                operations=_read_operations(operation, made, unprocessed=bool(unprocessed)),
                table_name=None if table is None else arns.table_name_of(table),
                index_name=index,
                key=None if key is None else read_key(key),
                region_name=region,
            ),
            _read_schedule(times, after, nth, probability),
            error=made,
            latency_seconds=_read_latency(latency),
            unprocessed=unprocessed,
            is_afterwards=_read_when(when) == "after",
            is_required=required,
            remove=self._remove,
        )
        if made is None and not fault.unprocessed and not fault.latency_seconds[1]:
            raise MisuseError(messages.FAULT_WITHOUT_EFFECT)
        if fault.unprocessed and made is not None:
            raise MisuseError(messages.FAULT_ERROR_AND_UNPROCESSED)
        if fault.unprocessed and fault.is_afterwards:
            raise MisuseError(messages.UNPROCESSED_AFTERWARDS)
        if self._is_elsewhere and (key is not None or unprocessed or fault.latency_seconds[1]):
            raise MisuseError(messages.FAULT_ELSEWHERE)
        with self._lock:
            self._use((*self._faults, fault))
        return fault

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the tables are those of a real engine."""
        return self._backend.remote_request is not None

    def _remove(self, fault: Fault) -> None:
        with self._lock:
            self._use(tuple(other for other in self._faults if other is not fault))

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._use(())

    def mock_began(self, mock: object, options: Options, region_name: str) -> None:  # noqa: ARG002
        """Note the faults that exist when a mock begins."""
        self._outer[mock] = self._faults

    def mock_ended(self, mock: object, *, is_failing: bool) -> None:
        """Remove the faults of a mock, and check its required ones unless the test has failed.

        Raises:
            AssertionError: One of these never happened.
        """
        __tracebackhide__ = True
        remaining = self._outer.pop(mock, ())
        with self._lock:
            removed = [fault for fault in self._faults if fault not in remaining]
            self._use(tuple(fault for fault in self._faults if fault in remaining))
        if not is_failing:
            _check_required(removed)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Disable all faults in a `with` block, such as one that sets up data."""
        with self._lock:
            self._pauses += 1
        try:
            yield
        finally:
            with self._lock:
                self._pauses -= 1

    # --- chaos -------------------------------------------------------------------------------

    def start_chaos(self, seed: int, rate: float | None = None) -> None:
        """Have calls fail at random, by a seed, as `mock_dynamodb(chaos=True)` does.

        Args:
            seed: The seed of the random failures.
            rate: The probability that an attempt fails. Default: a tenth.
        """
        if self._is_elsewhere:
            raise MisuseError(messages.CHAOS_ELSEWHERE)
        with self._lock:
            self.stop_chaos()
            self._chaos = Chaos(
                self._backend,
                self._pipeline,
                seed,
                DEFAULT_RATE if rate is None else rate,
                lambda: self._pauses > 0,
            )
            self._service.answers_on_send = True

    def stop_chaos(self) -> None:
        """Stop random failures."""
        with self._lock:
            if self._chaos is not None:
                self._chaos.stop()
                self._chaos = None
                self._service.answers_on_send = bool(self._faults)

    def verify(self) -> None:
        """Check that every required fault has happened.

        Raises:
            AssertionError: Some have not; the text lists them.
        """
        __tracebackhide__ = True
        _check_required(self._faults)

    def _use(self, faults: tuple[Fault, ...]) -> None:
        """Replace the faults; the caller holds the lock."""
        for phase, stage in self._stages:
            is_after = phase is Phase.AFTER
            had = any(fault.is_afterwards is is_after for fault in self._faults)
            has = any(fault.is_afterwards is is_after for fault in faults)
            if has and not had:
                self._pipeline.attach(phase, stage)
            elif had and not has:
                self._pipeline.detach(stage)
        self._faults = faults
        self._service.answers_on_send = bool(faults) or self._chaos is not None

    # --- stages ------------------------------------------------------------------------------

    def _before(self, call: Call) -> None:
        self._apply(call, is_afterwards=False)

    def _after(self, call: Call) -> None:
        self._apply(call, is_afterwards=True)

    def _apply(self, call: Call, *, is_afterwards: bool) -> None:
        if self._pauses or call.is_within_block:
            return
        for fault in self._faults:
            if fault.is_afterwards is is_afterwards:
                fault.apply(call, self._random)

    # --- reading -----------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def __bool__(self) -> bool:
        return True  # whether there are any is `len(faults)`

    def __str__(self) -> str:
        chaos = () if self._chaos is None else (self._chaos,)
        return "\n".join(map(str, (*self._faults, *chaos))) or "no faults"

    def __repr__(self) -> str:
        return f"<faults: {len(self._faults)}>"


def _check_texts(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise MisuseError(messages.wrong_fault_argument(name, "a text", value))


def _check_unprocessed(given: object) -> None:
    if not isinstance(given, int) or given < 0:
        expected = "a number of items or keys"
        raise MisuseError(messages.wrong_fault_argument("unprocessed", expected, given))


def _check_required(faults: Iterable[Fault]) -> None:
    """Check that every required one of these faults has happened.

    Raises:
        AssertionError: One did not; each is reported once.
    """
    __tracebackhide__ = True
    missing = [fault for fault in faults if fault.is_missing()]
    for fault in missing:
        fault.is_required = False
    if missing:
        raise AssertionError(messages.faults_that_never_happened([str(each) for each in missing]))


# --- arguments ---------------------------------------------------------------------------------


def _read_error(
    given: Any, message: str | None, reasons: Iterable[GivenReason]
) -> Injected | type[Exception] | Exception | None:
    if isinstance(given, ServiceError):
        given = given.code
    if isinstance(given, str):
        named = getattr(botocore.exceptions, given, None)
        if isinstance(named, type) and issubclass(named, BotoCoreError):
            return named
        if given not in ERRORS:
            raise MisuseError(messages.unknown_fault_code(given, sorted(ERRORS)))
        return Injected(given, message, tuple(reasons))
    if given is None or isinstance(given, Exception):
        return given
    if isinstance(given, type) and issubclass(given, BotoCoreError):
        return given
    raise MisuseError(messages.unknown_fault_code(given, sorted(ERRORS)))


def _read_operations(
    given: Any,
    error: Injected | type[Exception] | Exception | None,
    *,
    unprocessed: bool,
) -> frozenset[str] | None:
    """Return the named operations, or those that can have the error; None for the data plane."""
    possible = frozenset[str]()
    if isinstance(error, Injected):
        possible = operations_with(error.code)
    if unprocessed:
        possible = frozenset(name for name in OPERATIONS if OPERATIONS.row(name).is_batch)
    if given is None:
        usual = frozenset(name for name in possible if OPERATIONS.row(name).plane is Plane.DATA)
        if possible and not usual:
            raise MisuseError(messages.FAULT_WITHOUT_OPERATION)
        return usual or None
    names = frozenset([given] if isinstance(given, str) else given)
    for name in sorted(names, key=str):
        if not isinstance(name, str) or service_name_of(name) is None:
            raise MisuseError(messages.unknown_fault_operation(name))
    if possible and not names & possible:
        code = error.code if isinstance(error, Injected) else "unprocessed items"
        raise MisuseError(messages.fault_error_elsewhere(code, names, possible))
    return names & possible if possible else names


def _read_schedule(times: Any, after: Any, nth: Any, probability: Any) -> Schedule:
    if times is not None and (not isinstance(times, int) or times < 1):
        raise MisuseError(messages.wrong_fault_argument("times", "a number of times", times))
    if not isinstance(after, int) or after < 0:
        raise MisuseError(messages.wrong_fault_argument("after", "a number of attempts", after))
    numbers: frozenset[Any] = frozenset()
    if nth is not None:
        numbers = frozenset(nth if isinstance(nth, Iterable) else [nth])
        if not numbers or not all(isinstance(each, int) and each > 0 for each in numbers):
            expected = "the number of an attempt, from 1 on, or several"
            raise MisuseError(messages.wrong_fault_argument("nth", expected, nth))
    if not 0 <= probability <= 1:
        raise MisuseError(
            messages.wrong_fault_argument("probability", "a number from 0 to 1", probability)
        )
    return Schedule(times=times, after=after, nth=numbers, probability=probability)


def _read_latency(given: float | timedelta | tuple[float, float]) -> tuple[float, float]:
    if isinstance(given, timedelta):
        given = given.total_seconds()
    low, high = given if isinstance(given, tuple | list) else (given, given)
    if not 0 <= low <= high:
        expected = "seconds, a timedelta, or the least and the greatest number of seconds"
        raise MisuseError(messages.wrong_fault_argument("latency", expected, given))
    return float(low), float(high)


def _read_when(given: str) -> str:
    if given not in {"before", "after"}:
        raise MisuseError(messages.wrong_fault_argument("when", '"before" or "after"', given))
    return given
