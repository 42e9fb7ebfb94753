"""Alarms and their history, as records of a region's store."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.companions.metrics.evaluation import INSUFFICIENT_DATA
from ddbmock.times import iso_milliseconds, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ddbmock.engine.backend import Region

CONFIGURATION_UPDATE, STATE_UPDATE, ACTION = "ConfigurationUpdate", "StateUpdate", "Action"
#: The member with the actions of each state.
ACTIONS_OF_STATE = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


@dataclass(frozen=True, slots=True)
class State:
    """The state of an alarm, and why."""

    value: str
    reason: str
    #: JSON, or empty.
    reason_data: str
    updated_at: float
    changed_at: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. Its configuration has the members of the request that put it."""

    name: str
    arn: str
    configuration: Mapping[str, Any]
    configured_at: float
    state: State

    @property
    def actions_enabled(self) -> bool:
        """Whether its actions are executed."""
        return bool(self.configuration.get("ActionsEnabled", True))

    def actions(self, state: str) -> Sequence[str]:
        """Return the actions of a state."""
        actions: Sequence[str] = self.configuration.get(ACTIONS_OF_STATE[state], ())
        return actions

    def described(self) -> dict[str, Any]:
        """Return the alarm as DescribeAlarms has it."""
        state = self.state
        described: dict[str, Any] = {
            "AlarmName": self.name,
            "AlarmArn": self.arn,
            "AlarmConfigurationUpdatedTimestamp": timestamp(self.configured_at),
            "OKActions": [],
            "AlarmActions": [],
            "InsufficientDataActions": [],
            "StateValue": state.value,
            "StateReason": state.reason,
            "StateUpdatedTimestamp": timestamp(state.updated_at),
            "StateTransitionedTimestamp": timestamp(state.changed_at),
            "Dimensions": [],
            **self.configuration,
            "ActionsEnabled": self.actions_enabled,
        }
        if state.reason_data:
            described["StateReasonData"] = state.reason_data
        if "Metrics" in described:
            del described["Dimensions"]
        return described


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """Something that happened to an alarm."""

    alarm_name: str
    at: float
    kind: str
    summary: str
    #: JSON.
    data: str

    def described(self) -> dict[str, Any]:
        """Return the item as DescribeAlarmHistory has it."""
        return {
            "AlarmName": self.alarm_name,
            "AlarmType": "MetricAlarm",
            "Timestamp": timestamp(self.at),
            "HistoryItemType": self.kind,
            "HistorySummary": self.summary,
            "HistoryData": self.data,
        }


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """A change of an alarm's state, as a function that a test registers gets it."""

    #: The alarm's name.
    name: str
    #: The state before: `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    old_state: str
    #: The state now.
    state: str
    #: Why, in the service's words.
    reason: str
    #: Epoch seconds on the mock's clock.
    at_seconds: float
    #: The name of the region.
    region: str
    #: The ARNs of the actions that were executed.
    actions: tuple[str, ...]
    #: The alarm's configuration, as PutMetricAlarm had it.
    configuration: Mapping[str, Any]


def alarms_of(region: Region) -> Mapping[str, Alarm]:
    """Return the alarms of a region by name, in its order."""
    return region.store.of(Alarm, in_order=True).records


def put_alarm(region: Region, configuration: Mapping[str, Any], now: float) -> Alarm:
    """Add an alarm, or replace the configuration of the one with its name."""
    name = configuration["AlarmName"]
    kept = {key: value for key, value in configuration.items() if key not in {"AlarmName", "Tags"}}
    old = alarms_of(region).get(name)
    if old is None:
        state = State(INSUFFICIENT_DATA, messages.ALARM_CREATED, "", now, now)
        arn = region.arns.resource(f"alarm:{name}", "cloudwatch")
        alarm = Alarm(name, arn, kept, now, state)
        summary = f'Alarm "{name}" created'
    else:
        alarm = replace(old, configuration=kept, configured_at=now)
        summary = f'Alarm "{name}" updated'
    region.store.of(Alarm).put(name, alarm)
    kind = "Create" if old is None else "Update"
    add_history(region, name, CONFIGURATION_UPDATE, summary, now, {"type": kind})
    return alarm


def remove_alarm(region: Region, name: str, now: float) -> None:
    """Remove an alarm."""
    region.store.of(Alarm).remove(name)
    summary = f'Alarm "{name}" deleted'
    add_history(region, name, CONFIGURATION_UPDATE, summary, now, {"type": "Delete"})


def put_state(region: Region, alarm: Alarm, state: State) -> Alarm:
    """Give an alarm another state."""
    changed = replace(alarm, state=state)
    region.store.of(Alarm).put(alarm.name, changed)
    summary = f"Alarm updated from {alarm.state.value} to {state.value}"
    data = {"oldState": _state_data(alarm.state), "newState": _state_data(state)}
    add_history(region, alarm.name, STATE_UPDATE, summary, state.updated_at, data)
    return changed


def _state_data(state: State) -> dict[str, Any]:
    data: dict[str, Any] = {"stateValue": state.value, "stateReason": state.reason}
    if state.reason_data:
        data["stateReasonData"] = json.loads(state.reason_data)
    return data


def add_history(  # noqa: PLR0913, PLR0917 (what an item has)
    region: Region, name: str, kind: str, summary: str, at: float, data: Mapping[str, Any]
) -> None:
    """Add an item to the history of an alarm."""
    items = region.store.of(HistoryItem)
    text = json.dumps({"version": "1.0", **data}, separators=(",", ":"))
    items.put(f"{len(items.records):012}", HistoryItem(name, at, kind, summary, text))


def reason_data(**members: Any) -> str:
    """Return the StateReasonData of an evaluation."""
    return json.dumps({"version": "1.0", **members}, separators=(",", ":"))


def data_time(at: float) -> str:
    """Return a time as StateReasonData has it.

    >>> data_time(0.25)
    '1970-01-01T00:00:00.250+0000'
    """
    return f"{iso_milliseconds(at)[:-1]}+0000"
