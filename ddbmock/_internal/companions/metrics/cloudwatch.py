"""CloudWatch: the metrics and alarms of all regions of a mock, and the clock that moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.metrics import alarm_transitions
from ddbmock._internal.companions.metrics.alarms import AlarmEvent, alarms_of
from ddbmock._internal.companions.metrics.catalog import MINUTE_SECONDS, NAMESPACES, SeriesId
from ddbmock._internal.companions.metrics.errors import (
    CloudWatchError,
    CloudWatchValidationError,
    MissingParameterError,
)
from ddbmock._internal.companions.metrics.region_metrics import RegionMetrics
from ddbmock._internal.companions.metrics.rows import ROWS
from ddbmock._internal.companions.operations import Companion
from ddbmock._internal.companions.ownership import Ownership
from ddbmock._internal.engine.callbacks import call_each, raise_first
from ddbmock._internal.messages import metrics as messages
from ddbmock._internal.messages.requests import validation_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ddbmock._internal.companions.operations import Parameters
    from ddbmock._internal.companions.problems import Problem
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.service import Service

    #: Gets a region, an alarm's name and the time; returns whether it is to be called again while
    #: the alarm stays in this state.
    ActionHandler = Callable[[Region, str, str, float], bool]


#: What is about the alarms and metrics of all namespaces.
_SHARED = frozenset({
    "ListMetrics", "DescribeAlarms", "DescribeAlarmHistory", "DeleteAlarms", "EnableAlarmActions",
    "DisableAlarmActions",
})  # fmt: skip


class Metrics(Companion):
    """The parts of CloudWatch that are about DynamoDB."""

    service_name = "cloudwatch"
    rows = ROWS

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._regions: dict[int, RegionMetrics] = {}
        self._handlers: list[tuple[str | None, Callable[[AlarmEvent], object]]] = []
        self._events: list[AlarmEvent] = []
        #: How the ARN of an action begins -> what executes it.
        self.action_handlers: dict[str, ActionHandler] = {}
        self._is_asleep = True
        self._may_have_alarms = False
        self._alarm_key = (self, "alarms")

    def attach(self) -> None:
        """Begin to answer calls of CloudWatch and to evaluate alarms on the clock."""
        self.service.companions[self.service_name] = self
        self.backend.clock.on_move.insert(0, self._follow_clock)

    # --- metrics -----------------------------------------------------------------------------

    def of(self, region: Region) -> RegionMetrics:
        """Return the metrics of a region."""
        found = self._regions.get(id(region))
        if found is None:
            found = self._regions.setdefault(id(region), RegionMetrics(region))
        return found

    def add(self, region: Region, series: SeriesId, value: float, count: int = 1) -> None:
        """Add samples of one value now."""
        at = self.backend.clock.seconds()
        with self.backend.lock:
            self.of(region).series.add(series, value, at, count)

    # --- alarms ------------------------------------------------------------------------------

    def wake(self) -> None:
        """Schedule the next evaluation of alarms; none is scheduled while no alarm can change.

        This is on the path of every call: a mock without alarms is not searched for them.
        """
        if self._is_asleep and self._may_have_alarms:
            with self.backend.lock:
                self._schedule()

    def _follow_clock(self) -> None:
        self._may_have_alarms = True  # of a state that was loaded, perhaps
        self.wake()

    def _schedule(self) -> None:
        has_alarms = any(alarms_of(region) for region in self.backend.all_regions())
        self._may_have_alarms = has_alarms
        if not has_alarms:
            return
        self._is_asleep = False
        agenda = self.backend.agenda
        if agenda.due_at(self._alarm_key) is None:
            minute = self.backend.clock.seconds() // MINUTE_SECONDS
            agenda.schedule(self._alarm_key, (minute + 1) * MINUTE_SECONDS, self._evaluate)

    def schedule_evaluation(self) -> None:
        """Schedule evaluations each minute; the caller holds the backend's lock."""
        self._is_asleep = True
        self._schedule()

    def _evaluate(self, due_at: float) -> None:
        """Evaluate all alarms at the beginning of a minute."""
        # What alarms do, such as an UpdateTable, is done at that time.
        with self.backend.clock.showing(due_at):
            may_change = self._evaluate_all(due_at)
        self._is_asleep = not may_change
        if may_change:
            self.backend.agenda.schedule(self._alarm_key, due_at + MINUTE_SECONDS, self._evaluate)

    def _evaluate_all(self, due_at: float) -> bool:
        """Return whether the state of an alarm may change without calls."""
        may_change = False
        for region in self.backend.all_regions():
            if alarms_of(region):
                of_region = self.of(region)
                may_change |= of_region.background.note(due_at)
                for name, alarm in list(alarms_of(region).items()):
                    if not of_region.is_settled(alarm):
                        may_still = alarm_transitions.evaluate(self, of_region, name, due_at)
                        of_region.settle(name, is_settled=not may_still)
                        may_change |= may_still
        return may_change

    def execute_action(self, region: Region, alarm_name: str, action: str, at: float) -> bool:
        """Execute an action of an alarm; return whether it is to be repeated."""
        for beginning, handler in self.action_handlers.items():
            if action.startswith(beginning):
                return handler(region, alarm_name, action, at)
        return False

    def report(self, event: AlarmEvent) -> None:
        """Call the test's functions once no lock is held."""
        if self._handlers:
            self._events.append(event)

    def on_alarm(self, name: str | None, handler: Callable[[AlarmEvent], object]) -> None:
        """Call a function when an alarm, or any of them, changes its state."""
        if not self._handlers:
            self.backend.after_call.append(self._deliver)
        self._handlers.append((name, handler))

    def _deliver(self) -> None:
        errors: list[Exception] = []
        while self._events:
            with self.backend.lock:
                if not self._events:  # another thread has taken the last one
                    break
                event = self._events.pop(0)
            handlers = [call for name, call in self._handlers if name in {None, event.name}]
            call_each(handlers, event, errors=errors)
        raise_first(errors)

    # --- ownership of calls ------------------------------------------------------------------

    def ownership(self, region_name: str, operation_name: str, parameters: Parameters) -> Ownership:
        """Return the owner of a call; one without a namespace may be about others' alarms too."""
        namespaces = list(_namespaces(parameters))
        if namespaces:
            is_own = all(name in NAMESPACES for name in namespaces)
            return Ownership.OWN if is_own else Ownership.OTHER
        if operation_name in _SHARED:
            return Ownership.SHARED
        if "AlarmName" in parameters:
            alarms = alarms_of(self.backend.region(region_name))
            return Ownership.OWN if parameters["AlarmName"] in alarms else Ownership.UNKNOWN
        return Ownership.OWN

    def invalid_request(self, found: Sequence[Problem]) -> CloudWatchError:
        """Return the error for a request that breaks the model's constraints."""
        for problem in found:
            if problem.is_missing:
                return MissingParameterError(messages.cloudwatch_missing(problem.name))
        return CloudWatchValidationError(validation_errors([problem.text for problem in found]))

    def reason_unsupported(self, operation_name: str, parameters: Parameters) -> str:
        """Return why a call is not supported."""
        names = [name for name in _namespaces(parameters) if name not in NAMESPACES]
        return messages.other_namespace(operation_name, names[0])


def _namespaces(parameters: Parameters) -> Iterator[str]:
    """Yield the namespaces that a request names."""
    if "Namespace" in parameters:
        yield parameters["Namespace"]
    queries: list[Any] = [*parameters.get("MetricDataQueries", ()), *parameters.get("Metrics", ())]
    for query in queries:
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"].get("Namespace", "")
