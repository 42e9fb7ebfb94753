"""How the throughput follows the load on the mock's clock."""

from __future__ import annotations

import re

import pytest

from ddbmock._internal.companions.autoscaling.tracking import desired_capacity
from tests.companions.autoscaling.conftest import (
    WRITES,
    activities,
    load,
    tracking,
    write_units,
)

pytestmark = pytest.mark.usefixtures("tracked")


class TestScaleOut:
    def test_after_two_minutes_above_the_target(self, ddb, client, scaling):
        load(ddb, 4.0)
        assert write_units(client) == 5
        load(ddb, 4.0)
        assert write_units(client) == 6  # 4 / 70 %
        (activity,) = activities(scaling)
        assert re.fullmatch(
            r"monitor alarm TargetTracking-table/orders-AlarmHigh-[0-9a-f-]{36} in state ALARM"
            r" triggered policy writes",
            activity.pop("Cause"),
        )
        assert activity.pop("ActivityId")
        assert activity == {
            **WRITES,
            "Description": "Setting write capacity units to 6.",
            "StartTime": ddb.clock.now(),
            "EndTime": ddb.clock.now(),
            "StatusCode": "Successful",
            "StatusMessage": (
                "Successfully set write capacity units to 6. Change successfully fulfilled by"
                " dynamodb."
            ),
        }

    def test_one_minute_is_not_enough(self, ddb, client):
        load(ddb, 50.0)
        load(ddb, 0.0, minutes=3)
        assert write_units(client) == 5

    def test_the_busier_minute_decides(self, ddb, client):
        load(ddb, 14.0)
        load(ddb, 4.0)
        assert write_units(client) == 20

    def test_never_above_the_maximum(self, ddb, client, scaling):
        load(ddb, 500.0, minutes=5)
        assert write_units(client) == 100
        newest, *_ = activities(scaling, IncludeNotScaledActivities=True)
        assert newest["Description"] == "Attempting to scale due to alarm triggered"
        assert newest["StatusCode"] == "Failed"
        assert newest["NotScaledReasons"] == [{"Code": "AlreadyAtMaxCapacity", "MaxCapacity": 100}]
        assert len(activities(scaling, IncludeNotScaledActivities=True)) == 2
        assert len(activities(scaling)) == 1

    def test_real_calls_count(self, ddb, client):
        for _ in range(2):
            for number in range(300):
                client.put_item(TableName="orders", Item={"id": {"S": str(number)}})
            ddb.clock.advance(minutes=1)
        assert write_units(client) == 8  # 5 a second at 70 %

    def test_the_cooldown_lets_only_more_through(self, ddb, client, scaling):
        scaling.put_scaling_policy(**WRITES, **tracking(ScaleOutCooldown=600))
        load(ddb, 7.0, minutes=2)
        assert write_units(client) == 10
        load(ddb, 14.0, minutes=2)
        assert write_units(client) == 20

    def test_suspended(self, ddb, client, scaling):
        scaling.register_scalable_target(
            **WRITES, SuspendedState={"DynamicScalingOutSuspended": True}
        )
        load(ddb, 50.0, minutes=5)
        assert write_units(client) == 5


class TestScaleIn:
    def test_after_a_quarter_of_an_hour_below(self, ddb, client):
        load(ddb, 35.0, minutes=2)
        assert write_units(client) == 50
        load(ddb, 7.0, minutes=14)
        assert write_units(client) == 50
        load(ddb, 7.0, minutes=3)
        assert write_units(client) == 10

    def test_an_idle_table_falls_to_its_minimum(self, ddb, client, scaling):
        load(ddb, 35.0, minutes=2)
        ddb.clock.advance(hours=1)
        assert write_units(client) == 5
        newest, *_ = activities(scaling, IncludeNotScaledActivities=True)
        assert newest["NotScaledReasons"] == [{"Code": "AlreadyAtMinCapacity", "MinCapacity": 5}]

    def test_not_between_target_and_twenty_points_below(self, ddb, client):
        load(ddb, 35.0, minutes=2)
        load(ddb, 26.0, minutes=30)  # 52 % of 50
        assert write_units(client) == 50

    def test_decreases_of_a_day_are_limited(self, ddb, client, scaling):
        """Four a day, then one an hour: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html."""
        for _ in range(6):
            load(ddb, 35.0, minutes=2)
            load(ddb, 0.0, minutes=17)
        failed = [each for each in activities(scaling) if each["StatusCode"] == "Failed"]
        assert failed
        assert failed[-1]["StatusMessage"].startswith(
            "Failed to set write capacity units to 5. Reason: Subscriber limit exceeded:"
        )
        assert write_units(client) == 50
        ddb.clock.advance(hours=1)
        assert write_units(client) == 5

    def test_the_cooldown(self, ddb, client, scaling):
        scaling.put_scaling_policy(**WRITES, **tracking(ScaleInCooldown=1800))
        load(ddb, 70.0, minutes=2)
        load(ddb, 35.0, minutes=17)
        assert write_units(client) == 50
        load(ddb, 7.0, minutes=20)
        assert write_units(client) == 50
        load(ddb, 7.0, minutes=12)
        assert write_units(client) == 10

    def test_disabled(self, ddb, client, scaling):
        response = scaling.put_scaling_policy(**WRITES, **tracking(DisableScaleIn=True))
        assert not any("AlarmLow" in alarm["AlarmName"] for alarm in response["Alarms"])
        load(ddb, 35.0, minutes=2)
        ddb.clock.advance(hours=2)
        assert write_units(client) == 50


class TestChangesByOthers:
    def test_alarms_follow_a_manual_change(self, ddb, client, cloudwatch):
        client.update_table(
            TableName="orders",
            ProvisionedThroughput={"ReadCapacityUnits": 10, "WriteCapacityUnits": 20},
        )
        load(ddb, 12.0, minutes=16)
        found = cloudwatch.describe_alarms(AlarmNamePrefix="TargetTracking-table/orders-AlarmHigh")
        (alarm,) = found["MetricAlarms"]
        assert alarm["Threshold"] == 20 * 60 * 0.7

    def test_a_manual_value_below_the_minimum_is_left_alone(self, ddb, client):
        client.update_table(
            TableName="orders",
            ProvisionedThroughput={"ReadCapacityUnits": 10, "WriteCapacityUnits": 2},
        )
        load(ddb, 1.0, minutes=5)
        assert write_units(client) == 2

    def test_on_demand(self, ddb, client):
        client.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST")
        load(ddb, 50.0, minutes=20)
        described = client.describe_table(TableName="orders")["Table"]
        assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"

    def test_the_table_is_deleted(self, ddb, client, scaling):
        client.delete_table(TableName="orders")
        ddb.clock.advance(hours=1)
        assert len(
            scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
        )


def test_a_table_that_is_being_changed(ddb, client, scaling):
    ddb._backend.delay_seconds = 90.0
    load(ddb, 7.0, minutes=2)
    assert client.describe_table(TableName="orders")["Table"]["TableStatus"] == "UPDATING"
    load(ddb, 70.0, minutes=1)
    assert len(activities(scaling)) == 1
    load(ddb, 70.0, minutes=1)
    assert write_units(client) == 10
    ddb.clock.advance(seconds=90)
    assert write_units(client) == 100
    assert len(activities(scaling)) == 2


def test_an_index_is_scaled_apart(ddb, client, scaling):
    place = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": "table/orders/index/by-status",
        "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
    }
    scaling.register_scalable_target(**place, MinCapacity=5, MaxCapacity=100)
    response = scaling.put_scaling_policy(**place, **tracking())
    name = response["Alarms"][0]["AlarmName"]
    assert name.startswith("TargetTracking-table/orders/index/by-status-AlarmHigh-")
    for _ in range(2):
        ddb.metrics.record(
            "ConsumedWriteCapacityUnits",
            420.0,
            TableName="orders",
            GlobalSecondaryIndexName="by-status",
        )
        ddb.clock.advance(minutes=1)
    (index,) = client.describe_table(TableName="orders")["Table"]["GlobalSecondaryIndexes"]
    assert index["ProvisionedThroughput"]["WriteCapacityUnits"] == 10
    assert write_units(client) == 5


def test_a_day_at_once(ddb, client, scaling):
    """What is due happens at its time, although the clock is moved over all of it."""
    load(ddb, 35.0, minutes=2)
    ddb.clock.advance(days=1)
    times = [each["StartTime"].isoformat() for each in activities(scaling)]
    assert times == ["2026-03-02T10:17:00+00:00", "2026-03-02T10:02:00+00:00"]
    throughput = client.describe_table(TableName="orders")["Table"]["ProvisionedThroughput"]
    assert throughput["LastDecreaseDateTime"].isoformat() == "2026-03-02T10:17:00+00:00"


def test_a_snapshot_covers_it(ddb, client, scaling):
    mark = ddb.snapshot()
    load(ddb, 35.0, minutes=2)
    ddb.restore(mark)
    assert write_units(client) == 5
    assert activities(scaling) == []


@pytest.mark.parametrize(
    ("busiest_minute", "target", "expected"),
    [(0.0, 70.0, 0), (600.0, 70.0, 15), (420.0, 70.0, 10), (421.0, 70.0, 11), (60.0, 50.0, 2)],
)
def test_desired_capacity(busiest_minute, target, expected):
    assert desired_capacity(busiest_minute, target) == expected
