"""Alarms: adding, changing and removing them, and their history."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.metrics.evaluation import INSUFFICIENT_DATA
from ddbmock._internal.engine.alarms import (
    CONFIGURATION_UPDATE,
    STATE_UPDATE,
    Alarm,
    HistoryItem,
    State,
)
from ddbmock._internal.messages import metrics as messages
from ddbmock._internal.times import iso_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """A change of an alarm's state, as it is passed to the functions that a test registers."""

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
    """Return the alarms of a region by name, in the order of names."""
    return region.store.of(Alarm, in_order=True).records


def put_alarm(region: Region, configuration: Mapping[str, Any], now: float) -> Alarm:
    """Add an alarm, or replace the configuration of the one with its name."""
    name = configuration["AlarmName"]
    stored = {
        key: value for key, value in configuration.items() if key not in {"AlarmName", "Tags"}
    }
    old = alarms_of(region).get(name)
    if old is None:
        state = State(INSUFFICIENT_DATA, messages.ALARM_CREATED, "", now, now)
        arn = region.arns.resource(f"alarm:{name}", "cloudwatch")
        alarm = Alarm(name, arn, stored, now, state)
        summary = f'Alarm "{name}" created'
    else:
        alarm = replace(old, configuration=stored, configured_at=now)
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
    """Change an alarm's state."""
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
