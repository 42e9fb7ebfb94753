"""PutScheduledAction, DescribeScheduledActions, DeleteScheduledAction, and when they are done."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ddbmock import UnsupportedError, mock_dynamodb
from ddbmock._internal.companions.autoscaling.schedules import next_time
from tests.companions.autoscaling.conftest import WRITES, activities, write_units
from tests.companions.autoscaling.test_targets import PLACE
from tests.refusals import refusal

pytestmark = pytest.mark.usefixtures("tracked")


def schedule(scaling, expression, minimum=None, maximum=None, **more):
    bounds = {"MinCapacity": minimum, "MaxCapacity": maximum}
    return scaling.put_scheduled_action(
        **WRITES,
        ScheduledActionName=more.pop("name", "morning"),
        Schedule=expression,
        ScalableTargetAction={key: value for key, value in bounds.items() if value is not None},
        **more,
    )


def bounds(scaling):
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    return target["MinCapacity"], target["MaxCapacity"]


class TestWhenTheyAreDone:
    def test_once(self, ddb, client, scaling):
        schedule(scaling, "at(2026-03-02T12:00:00)", minimum=20)
        ddb.clock.advance(hours=1, minutes=59)
        assert write_units(client) == 5
        ddb.clock.advance(minutes=1)
        assert (write_units(client), bounds(scaling)) == (20, (20, 100))
        changed, triggered = activities(scaling)
        assert changed["Cause"] == "minimum capacity was set to 20"
        assert triggered.pop("ActivityId")
        at = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
        assert triggered == {
            **WRITES,
            "Description": "Setting min capacity to 20",
            "Cause": "scheduled action name morning was triggered",
            "StartTime": at,
            "StatusCode": "Successful",
            "StatusMessage": "Successfully set min capacity to 20",
        }

    def test_both_bounds(self, ddb, scaling):
        schedule(scaling, "at(2026-03-02T12:00:00)", minimum=5, maximum=20)
        ddb.clock.advance(hours=2)
        (triggered,) = activities(scaling)
        what = "min capacity to 5 and max capacity to 20"
        assert triggered["Description"] == f"Setting {what}"
        assert triggered["StatusMessage"] == f"Successfully set {what}"

    def test_each_morning_and_evening(self, ddb, client, scaling):
        schedule(scaling, "cron(0 8 * * ? *)", minimum=50, maximum=100)
        schedule(scaling, "cron(0 20 * * ? *)", minimum=5, maximum=10, name="evening")
        units = []
        for _ in range(4):
            ddb.clock.advance(hours=12)  # 22:00, 10:00, ...
            units.append(write_units(client))
        assert units == [5, 50, 5, 50]

    def test_in_a_zone(self, ddb, client, scaling):
        schedule(scaling, "at(2026-03-02T12:00:00)", minimum=20, Timezone="Europe/Berlin")
        ddb.clock.advance(hours=1)
        assert write_units(client) == 20

    def test_between_start_and_end(self, ddb, scaling):
        start, end = "2026-03-03T10:00:00Z", "2026-03-04T10:00:00Z"
        schedule(scaling, "rate(1 hour)", minimum=20, StartTime=start, EndTime=end)
        ddb.clock.advance(hours=24)
        assert bounds(scaling) == (5, 100)
        ddb.clock.advance(hours=1)
        assert bounds(scaling) == (20, 100)
        scaling.register_scalable_target(**WRITES, MinCapacity=5)
        ddb.clock.advance(days=2)
        scaling.register_scalable_target(**WRITES, MinCapacity=5)
        ddb.clock.advance(days=2)
        assert bounds(scaling) == (5, 100)

    def test_suspended(self, ddb, scaling):
        schedule(scaling, "rate(1 hour)", minimum=20)
        suspended = {"ScheduledScalingSuspended": True}
        scaling.register_scalable_target(**WRITES, SuspendedState=suspended)
        ddb.clock.advance(hours=2)
        assert bounds(scaling) == (5, 100)


class TestOperations:
    def test_described(self, ddb, scaling):
        schedule(scaling, "rate(1 hour)", minimum=20, Timezone="Europe/Berlin")
        found = scaling.describe_scheduled_actions(ServiceNamespace="dynamodb")
        (action,) = found["ScheduledActions"]
        assert action.pop("ScheduledActionARN").endswith(
            ":resource/dynamodb/table/orders:scheduledActionName/morning"
        )
        assert action == {
            **WRITES,
            "ScheduledActionName": "morning",
            "Schedule": "rate(1 hour)",
            "Timezone": "Europe/Berlin",
            "ScalableTargetAction": {"MinCapacity": 20},
            "CreationTime": ddb.clock.now(),
        }

    def test_deleted(self, ddb, scaling):
        schedule(scaling, "rate(1 hour)", minimum=20)
        scaling.delete_scheduled_action(**WRITES, ScheduledActionName="morning")
        ddb.clock.advance(hours=2)
        assert bounds(scaling) == (5, 100)
        text = refusal(scaling.delete_scheduled_action, **WRITES, ScheduledActionName="morning")
        assert text == (
            f"ObjectNotFoundException: No scheduled action found {PLACE}, scheduled action name:"
            " morning"
        )

    @pytest.mark.parametrize(
        "expression",
        [
            "every hour",
            "rate(0 hours)",
            "at(2026-13-01T00:00:00)",
            "cron(0 8 * * * *)",
            "cron(0 8)",
        ],
    )
    def test_no_schedule(self, scaling, expression):
        text = refusal(schedule, scaling, expression, minimum=1)
        assert text == f"Invalid schedule expression: {expression}"

    def test_no_zone(self, scaling):
        text = refusal(schedule, scaling, "rate(1 hour)", minimum=1, Timezone="Moon/Base")
        assert text == "Invalid timezone: Moon/Base"

    def test_bounds_that_exclude_each_other(self, scaling):
        text = refusal(schedule, scaling, "rate(1 hour)", minimum=9, maximum=8)
        assert text == "Maximum capacity cannot be less than minimum capacity"

    def test_what_is_missing(self, scaling):
        request = {**WRITES, "ScheduledActionName": "a", "ScalableTargetAction": {"MinCapacity": 1}}
        text = refusal(scaling.put_scheduled_action, **request)
        assert text == "Schedule must be provided to create a scheduled action"

    def test_a_field_that_is_not_done_yet(self, scaling):
        with pytest.raises(UnsupportedError, match="'L' in cron expressions of Application Auto"):
            schedule(scaling, "cron(0 8 L * ? *)", minimum=1)


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0/15 * * * ? *)", "2026-03-02T10:01", "2026-03-02T10:15"),
        ("cron(30 8-10 ? * MON-FRI *)", "2026-03-06T10:30", "2026-03-09T08:30"),
        ("cron(0 0 1 1 ? *)", "2026-03-02T10:00", "2027-01-01T00:00"),
        ("cron(0 0 29 FEB ? *)", "2026-03-02T10:00", "2028-02-29T00:00"),
        ("cron(0 12 ? * 1,7 *)", "2026-03-02T10:00", "2026-03-07T12:00"),
        ("cron(0 0 1 1 ? 2025)", "2026-03-02T10:00", None),
        ("at(2026-03-02T10:00:00)", "2026-03-02T10:00", None),
    ],
)
def test_next_time(expression, after, expected):
    moment = datetime.fromisoformat(after).replace(tzinfo=timezone.utc).timestamp()
    found = next_time(expression, "UTC", moment, moment)
    text = None if found is None else f"{datetime.fromtimestamp(found, timezone.utc):%FT%H:%M}"
    assert text == expected


class TestSavedState:
    def test_schedules_go_on(self, ddb, client, scaling, tmp_path):
        schedule(scaling, "cron(0 12 * * ? *)", minimum=20)
        saved = tmp_path / "state.json"
        ddb.save(saved)
        before = scaling.describe_scheduled_actions(ServiceNamespace="dynamodb")
        with mock_dynamodb(isolate=True, autoscaling=True) as other:
            other.load(saved)
            after = scaling.describe_scheduled_actions(ServiceNamespace="dynamodb")
            assert after["ScheduledActions"] == before["ScheduledActions"]
            other.clock.advance(hours=1, minutes=59)
            assert write_units(client) == 5
            other.clock.advance(minutes=1)
            assert (write_units(client), bounds(scaling)) == (20, (20, 100))

    def test_without_auto_scaling(self, ddb, scaling, client, tmp_path):
        schedule(scaling, "cron(0 12 * * ? *)", minimum=20)
        saved, again = tmp_path / "state.json", tmp_path / "again.json"
        ddb.save(saved)
        with mock_dynamodb(isolate=True) as other:
            other.load(saved)
            other.clock.advance(days=1)
            assert write_units(client) == 5
            other.save(again)
        assert "scheduled_action" in again.read_text(encoding="utf-8")
