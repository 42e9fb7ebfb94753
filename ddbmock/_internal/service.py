"""The service of one mock: each request becomes a call and goes through the stages of its pipeline.

All requests use `Service.execute`. What concerns all operations is a stage, never code inside an
operation. Errors of the service are raised as `ServiceError`; any other exception is an
`UnsupportedError`, a `MisuseError` or a bug of ddbmock.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.access.call import Call
from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.engine.callbacks import call_each, raise_first
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.options import DEFAULTS
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.stages import Phase, Pipeline, prepare, report_capacity, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import RLock

    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.calls import CallLog
    from ddbmock._internal.engine.features import Attached, Feature
    from ddbmock._internal.options import Options
    from ddbmock._internal.policies.callers import Caller


class Companion(Protocol):
    """Another service than DynamoDB, such as CloudWatch, which answers its own clients."""

    def ownership(
        self, region_name: str, operation_name: str, parameters: Mapping[str, Any]
    ) -> Any:
        """Return which mock of the service owns a call: an `Ownership`."""

    def check(self, operation_name: str, parameters: Mapping[str, Any], input_shape: Any) -> None:
        """Check a request against botocore's model."""

    def reason_unsupported(self, operation_name: str, parameters: Mapping[str, Any]) -> str:
        """Return why a call is not answered."""

    def execute(
        self, region_name: str, operation_name: str, parameters: Mapping[str, Any]
    ) -> Response:
        """Execute a request and return the response."""

    def execute_within(
        self, region_name: str, operation_name: str, parameters: Mapping[str, Any]
    ) -> Response:
        """Execute a request within a block that holds the backend's lock."""


class MockObserver(Protocol):
    """A feature with state of each mock, which ends with the mock.

    Several mocks, one inside the other, may use a service.
    """

    def mock_began(self, mock: object, options: Options, region_name: str) -> None:
        """Note that a mock begins to use the service."""

    def mock_ended(self, mock: object, *, is_failing: bool) -> None:
        """Note that a mock has ended; `is_failing` tells whether by an exception."""


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
    """The service of one mock: a backend, the pipeline of its calls, and the recorded calls."""

    __slots__ = (
        "_attached",
        "_attaching",
        "answers_on_send",
        "backend",
        "calls",
        "companions",
        "mock_observers",
        "on_end",
        "options",
        "pipeline",
    )

    def __init__(self, options: Options = DEFAULTS, *, backend: Backend | None = None) -> None:
        #: The options of the mock that has created it.
        self.options: Options = options
        self.backend: Backend = _new_backend(options) if backend is None else backend
        self.calls: CallLog = options.new_log()
        self.pipeline: Pipeline = self._new_pipeline()
        self._attached: dict[Feature[Any], Any] = {}
        #: One lock for each feature, held while it is attached. One for all of them would have to
        #: be ordered with the backend's lock, which operations hold when they use a feature.
        self._attaching: dict[Feature[Any], RLock] = {}
        self.backend.on_use = self.use
        #: Whether requests over HTTP are answered when they are sent, and not when their answers
        #: are read: connections may break then.
        self.answers_on_send: bool = False
        #: Name of the clients in botocore -> the companion; empty unless a mock has any.
        self.companions: dict[str, Companion] = {}
        #: Who is notified of each mock that uses the service.
        self.mock_observers: list[MockObserver] = []
        #: Called when the last mock of the service has ended.
        self.on_end: list[Callable[[], object]] = []

    def _new_pipeline(self) -> Pipeline:
        """Return the stages of a call of this service."""
        return Pipeline(
            (Phase.PREPARE, prepare),
            (Phase.RUN, run),
            (Phase.ACCOUNT, report_capacity),
            (Phase.RECORD, self.calls.record),
        )

    # --- features ----------------------------------------------------------------------------

    def use(self, feature: Feature[Attached]) -> Attached:
        """Return what a feature has attached to this service; attach it at its first use."""
        if feature not in self._attached:
            # setdefault is one step for all threads.
            with self._attaching.setdefault(feature, new_lock()):
                if feature not in self._attached:
                    module = import_module(f"ddbmock._internal.{feature.module}")
                    self._attached[feature] = module.attach(self)
        attached: Attached = self._attached[feature]
        return attached

    def used(self, feature: Feature[Attached]) -> Attached | None:
        """Return what a feature has attached to this service, None if it is not used."""
        return self._attached.get(feature)

    # --- calls -------------------------------------------------------------------------------

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
        returns_stored: bool = False,
    ) -> Response:
        """Execute one request and return the response in Python form.

        Args:
            region_name: The region that is called.
            operation_name: The name in the API.
            request: The decoded JSON; it belongs to the service from here on.
            input_shape: botocore's shape of the operation's input.
            validated: Whether botocore has checked the types of the members already.
            body: What the request was decoded from.
            caller: The caller, if known, whose account is called.
            returns_stored: Whether items of the response may be `StoredItem`s.

        Raises:
            ServiceError: The service refuses the request; nothing was changed.
            UnsupportedError: ddbmock does not support this operation or parameter yet.
            MisuseError: The call was made within another one of the same thread.
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
        if returns_stored and not self.calls.stores_responses:
            call.returns_stored = True
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
        """Execute a request of the test itself, without recording it.

        The request belongs to the service from here on. Its members have the types of the model.

        Raises:
            ServiceError: The service refuses the request; nothing was changed.
            MisuseError: It was made within a call of the same thread.
        """
        row, region = OPERATIONS.row(operation_name), self.backend.region(region_name, account_id)
        call = Call(row, request, region, input_shape(operation_name), is_validated=True)
        prepare(call)
        run(call)
        self.backend.finish_call()
        return call.response  # type: ignore[return-value] # as above

    # --- the mocks that use it ---------------------------------------------------------------

    def mock_ended(self, mock: object, *, is_failing: bool) -> None:
        """Notify the observers that a mock has ended.

        Raises:
            AssertionError: A fault was required and never happened, and nothing else failed.
        """
        __tracebackhide__ = True
        errors: list[Exception] = []
        ends = (partial(each.mock_ended, is_failing=is_failing) for each in self.mock_observers)
        call_each(ends, mock, errors=errors)
        raise_first(errors)

    def end(self) -> None:
        """End the service after its last mock."""
        while self.on_end:
            self.on_end.pop()()
