"""The service of one mock: each request becomes a call and goes through the stages of its pipeline.

Every entrance goes through `Service.execute`. What goes across all operations is a stage, never
code inside an operation. Errors leave as `ServiceError`; anything else that leaves is
`UnsupportedError`, `MisuseError` or a bug of ddbmock.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.access.call import Call
from ddbmock._internal.calls import StaleReads
from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.features import (
    CONTRIBUTOR_INSIGHTS,
    KINESIS_DESTINATIONS,
    RESOURCE_POLICIES,
)
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.messages import faults as messages
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.options import DEFAULTS
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.stages import Lag, Phase, Pipeline, prepare, report_capacity, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.access_control import AccessControl
    from ddbmock._internal.calls import CallLog
    from ddbmock._internal.conflicts import Conflicts
    from ddbmock._internal.faults import Fault, Faults
    from ddbmock._internal.options import Options
    from ddbmock._internal.policies.callers import Caller
    from ddbmock._internal.throughput import Throughput
    from ddbmock._internal.triggers import Triggers


class Companion(Protocol):
    """A service beside DynamoDB, such as CloudWatch, that answers its own clients."""

    def share(self, region_name: str, operation_name: str, parameters: Mapping[str, Any]) -> Any:
        """Return whose a call is, see `ddbmock._internal.companions.operations.Share`."""

    def not_answered(self, operation_name: str, parameters: Mapping[str, Any]) -> str:
        """Return why a call is not."""

    def execute(
        self, region_name: str, operation_name: str, parameters: Mapping[str, Any]
    ) -> Response:
        """Do a request and return the response."""

    def execute_within(
        self, region_name: str, operation_name: str, parameters: Mapping[str, Any]
    ) -> Response:
        """Do the same as a part of a block that holds the backend's lock."""


def _attach(pipeline: Pipeline, backend: Backend, feature: str) -> None:
    """Attach what a feature needs that is used from now on."""
    if feature == RESOURCE_POLICIES:
        stage = import_module("ddbmock._internal.stages.authorization").authorize
        pipeline.attach(Phase.AUTHORIZE, stage)
    if feature == CONTRIBUTOR_INSIGHTS:
        counts = import_module("ddbmock._internal.stages.key_counts").KeyCounts()
        backend.key_counts = counts
        pipeline.attach(Phase.ADMIT, counts.watch)
        pipeline.attach(Phase.RECORD, counts.record)
    if feature == KINESIS_DESTINATIONS:
        import_module("ddbmock._internal.triggers.kinesis").attach(backend)


def _new_backend(options: Options) -> Backend:
    """Return an empty backend."""
    backend = Backend(seed=options.seed)
    backend.stream_shards = options.stream_shards
    backend.delay_seconds = options.delay_seconds
    backend.sweeper.window_seconds = options.window_seconds
    backend.s3 = options.s3
    if options.limits:
        backend.quotas = options.quotas
    return backend


class Service:
    """The service of one mock: a backend, the stages of its calls, and the calls so far."""

    __slots__ = (
        "_access_control",
        "_conflicts",
        "_faults",
        "_throughput",
        "_triggers",
        "backend",
        "calls",
        "companions",
        "on_end",
        "options",
        "pipeline",
    )

    def __init__(self, options: Options = DEFAULTS, *, backend: Backend | None = None) -> None:
        #: The options of the mock that has created it.
        self.options: Options = options
        self.backend: Backend = _new_backend(options) if backend is None else backend
        self._faults: Faults | None = None
        self._throughput: Throughput | None = None
        self._conflicts: Conflicts | None = None
        self.calls: CallLog = options.new_log()
        self.pipeline: Pipeline = self._new_pipeline()
        self.backend.on_first_use = partial(_attach, self.pipeline)
        self._triggers: Triggers | None = None
        self._access_control: AccessControl | None = None
        #: Name of the clients in botocore -> who answers them; empty unless a mock asks for it.
        self.companions: dict[str, Companion] = {}
        #: What is called when no mock uses the service any more.
        self.on_end: list[Callable[[], object]] = []

    def _new_pipeline(self) -> Pipeline:
        """Return the stages of a call of this service."""
        return Pipeline(
            (Phase.PREPARE, prepare),
            (Phase.RUN, run),
            (Phase.ACCOUNT, report_capacity),
            (Phase.RECORD, self.calls.record),
        )

    @property
    def access_control(self) -> AccessControl:
        """The principals that make the calls; their modules are imported at first use."""
        if self._access_control is None:
            module = import_module("ddbmock._internal.access_control")
            self._access_control = module.AccessControl(self.backend, self.pipeline)
        return self._access_control

    @property
    def triggers(self) -> Triggers:
        """The functions that get tables' changes; their modules are imported at first use."""
        if self._triggers is None:
            self._triggers = import_module("ddbmock._internal.triggers").Triggers(self.backend)
        return self._triggers

    def use_lag(self, lag_seconds: tuple[float, float]) -> None:
        """Have eventually consistent reads be behind, by this range of seconds."""
        self.backend.lag_seconds = lag_seconds
        self.backend.recent_seconds = lag_seconds[1]
        self.calls.stale_reads = StaleReads(self.calls.find)
        self.pipeline.attach(Phase.ADMIT, Lag(self.backend, self.options.seed).attach)
        self.pipeline.attach(Phase.RECORD, self.calls.stale_reads.note)

    def use_throughput(self, burst_seconds: float | None) -> None:
        """Have tables throttle; None for the usual number of seconds of burst."""
        module = import_module("ddbmock._internal.throughput")
        seconds = module.BURST_SECONDS if burst_seconds is None else burst_seconds
        self._throughput = module.Throughput(self.backend, self.pipeline, seconds)

    @property
    def throughput(self) -> Throughput:
        """What tables serve and throttle.

        Raises:
            MisuseError: The mock does not throttle.
        """
        if self._throughput is None:
            raise MisuseError(messages.THROUGHPUT_IS_OFF)
        return self._throughput

    @property
    def has_throughput(self) -> bool:
        """Whether tables throttle."""
        return self._throughput is not None

    @property
    def conflicts(self) -> Conflicts:
        """The transactions that a test holds open."""
        if self._conflicts is None:
            self._conflicts = import_module("ddbmock._internal.conflicts").Conflicts(self)
        return self._conflicts

    @property
    def faults(self) -> Faults:
        """The faults that happen to calls; their modules are imported at first use."""
        if self._faults is None:
            faults = import_module("ddbmock._internal.faults")
            self._faults = faults.Faults(self.backend, self.pipeline, self.options.seed)
        return self._faults

    @property
    def has_faults(self) -> bool:
        """Whether calls may fail that should not."""
        return self._faults is not None and self._faults.are_on

    def stop_chaos(self) -> None:
        """Have no call fail at random any more."""
        if self._faults is not None:
            self._faults.stop_chaos()

    def faults_so_far(self) -> Sequence[Fault]:
        """Return the faults that there are, in their order."""
        return () if self._faults is None else tuple(self._faults)

    def end_faults(self, remaining: Sequence[Fault], *, is_failing: bool) -> None:
        """Remove all faults but these.

        Raises:
            AssertionError: One of them was required and never happened, and nothing else failed.
        """
        __tracebackhide__ = True
        if self._faults is not None:
            self._faults.end(remaining, is_failing=is_failing)

    def execute(  # noqa: PLR0913 (what came, and how far it was checked)
        self,
        region_name: str,
        operation_name: str,
        request: Request,
        input_shape: Any,
        *,
        validated: bool,
        body: bytes | str | None = None,
        caller: Caller | None = None,
    ) -> Response:
        """Do one request and return the response in Python form.

        Args:
            region_name: The region that is called.
            operation_name: The name in the API.
            request: The decoded JSON; it belongs to the service from here on.
            input_shape: botocore's shape of the operation's input.
            validated: Whether botocore has checked the types of the members already.
            body: What the request was decoded from.
            caller: Who calls, if that is known: in the region of the caller's account.

        Raises:
            ServiceError: The service refuses the request; nothing was changed.
            UnsupportedError: ddbmock does not support this operation or parameter yet.
            MisuseError: The call was made in the middle of another one of the same thread.
        """
        backend = self.backend
        call = Call(
            OPERATIONS.rows.get(operation_name) or OPERATIONS.row(operation_name),
            request,
            backend.regions_by_name[region_name],
            input_shape,
            is_validated=validated,
            body=body,
        )
        if caller is not None:
            call.caller = caller
            call.region = backend.region(region_name, caller.account_id)
        pipeline = self.pipeline
        try:
            for stage in pipeline.stages:
                stage(call)
        except ServiceError as error:
            call.error = error
            raise error from None
        except BaseException as error:
            call.error = error
            raise
        finally:
            for record in pipeline.recorders:
                record(call)
        if backend.after_call:
            try:
                backend.finish_call()
            except BaseException as error:
                self.calls.record_failure_after(call, error)
                raise
        return call.response  # type: ignore[return-value] # one of the stages has set it

    def run_unrecorded(
        self,
        region_name: str,
        operation_name: str,
        request: Request,
        *,
        account_id: str | None = None,
    ) -> Response:
        """Do a request that a test makes of its mock and not its program: it is not recorded.

        The request belongs to the service from here on. Its members have the types of the model.

        Raises:
            ServiceError: The service refuses the request; nothing was changed.
            MisuseError: It was made in the middle of a call of the same thread.
        """
        row, region = OPERATIONS.row(operation_name), self.backend.region(region_name, account_id)
        call = Call(row, request, region, input_shape(operation_name), is_validated=True)
        prepare(call)
        run(call)
        self.backend.finish_call()
        return call.response  # type: ignore[return-value] # as above

    def end(self) -> None:
        """Do what is to be done when no mock uses the service any more."""
        while self.on_end:
            self.on_end.pop()()
