"""Alarms of CloudWatch and their history, as records of a region's store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """An event in the history of an alarm."""

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
