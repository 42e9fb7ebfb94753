"""Alarms: the operations on them, and how they follow the clock."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ddbmock import UnsupportedError, mock_dynamodb
from tests.refusals import refusal

pytestmark = pytest.mark.usefixtures("orders")
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def alarm(**changes):
    request = {
        "AlarmName": "errors",
        "Namespace": "AWS/DynamoDB",
        "MetricName": "UserErrors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    merged = {**request, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def fail(client, times=2):
    for _ in range(times):
        with pytest.raises(ClientError, match="ResourceNotFound"):
            client.get_item(TableName="other", Key={"id": {"S": "1"}})


def described(cloudwatch, name="errors"):
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found


class TestPutMetricAlarm:
    def test_a_new_alarm(self, ddb, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm(AlarmDescription="d", AlarmActions=[TOPIC]))
        assert described(cloudwatch) == {
            "AlarmName": "errors",
            "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors",
            "AlarmDescription": "d",
            "AlarmConfigurationUpdatedTimestamp": ddb.clock.now(),
            "ActionsEnabled": True,
            "OKActions": [],
            "AlarmActions": [TOPIC],
            "InsufficientDataActions": [],
            "StateValue": "INSUFFICIENT_DATA",
            "StateReason": "Unchecked: Initial alarm creation",
            "StateUpdatedTimestamp": ddb.clock.now(),
            "StateTransitionedTimestamp": ddb.clock.now(),
            "MetricName": "UserErrors",
            "Namespace": "AWS/DynamoDB",
            "Statistic": "Sum",
            "Dimensions": [],
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanThreshold",
        }

    def test_it_replaces_all_but_the_state(self, ddb, client, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm(AlarmDescription="d"))
        fail(client)
        ddb.clock.advance(minutes=1)
        cloudwatch.put_metric_alarm(**alarm(Threshold=5))
        found = described(cloudwatch)
        assert (found["StateValue"], found["Threshold"]) == ("ALARM", 5.0)
        assert "AlarmDescription" not in found

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            ({"Threshold": None}, "MissingParameter: The parameter Threshold is required."),
            ({"Period": None}, "MissingParameter: The parameter Period is required."),
            (
                {"ComparisonOperator": "Equal"},
                (
                    "ValidationError: 1 validation error detected: Value 'Equal' at"
                    " 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum"
                    " value set: [GreaterThanOrEqualToThreshold, GreaterThanThreshold,"
                    " LessThanThreshold, LessThanOrEqualToThreshold,"
                    " LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold,"
                    " GreaterThanUpperThreshold]"
                ),
            ),
            (
                {"TreatMissingData": "good"},
                "InvalidParameterValue: The value good for parameter TreatMissingData is invalid.",
            ),
            (
                {"Statistic": "Median"},
                (
                    "ValidationError: 1 validation error detected: Value 'Median' at 'statistic'"
                    " failed to satisfy constraint: Member must satisfy enum value set: [Maximum,"
                    " SampleCount, Sum, Minimum, Average]"
                ),
            ),
            *(
                (
                    {"Statistic": None, "ExtendedStatistic": extended},
                    (
                        f"InvalidParameterValue: The value {extended} for parameter"
                        " ExtendedStatistic is invalid."
                    ),
                )
                for extended in ("p101", "Sum")
            ),
            (
                {"Statistic": None},
                (
                    "InvalidParameterCombination: Either Statistic or ExtendedStatistic must be"
                    " specified, not both"
                ),
            ),
            (
                {"MetricName": None},
                (
                    "InvalidParameterCombination: Either a metric name or a list of metric data"
                    " queries (Metrics) must be specified, not both"
                ),
            ),
            (
                {"DatapointsToAlarm": 2},
                (
                    "ValidationError: DatapointsToAlarm must be less than or equal to"
                    " EvaluationPeriods"
                ),
            ),
            (
                {"Period": 90},
                "InvalidParameterValue: The parameter Period must be a multiple of 60, not 90.",
            ),
            (
                {"Period": 3540, "EvaluationPeriods": 25},
                (
                    "ValidationError: Metrics cannot be checked across more than a day"
                    " (EvaluationPeriods * Period must be <= 86400) for alarms using period < 3600"
                ),
            ),
            (
                {"Period": 86_400, "EvaluationPeriods": 8},
                (
                    "ValidationError: Metrics cannot be checked across more than a week"
                    " (EvaluationPeriods * Period must be <= 604800) for alarms using period >="
                    " 3600"
                ),
            ),
        ],
    )
    def test_refusals(self, ddb, cloudwatch, changes, text):
        assert refusal(cloudwatch.put_metric_alarm, **alarm(**changes)) == text
        assert ddb.metrics.alarms == {}

    def test_what_is_not_done_yet(self, cloudwatch):
        with pytest.raises(UnsupportedError, match=r"of cloudwatch:PutMetricAlarm yet: Threshold"):
            cloudwatch.put_metric_alarm(**alarm(ThresholdMetricId="m"))
        comparison = "LessThanLowerOrGreaterThanUpperThreshold"
        with pytest.raises(UnsupportedError, match=f"the comparison {comparison}"):
            cloudwatch.put_metric_alarm(**alarm(ComparisonOperator=comparison))

    def test_another_namespace(self, cloudwatch):
        with pytest.raises(UnsupportedError, match="PutMetricAlarm for the namespace AWS/Lambda"):
            cloudwatch.put_metric_alarm(**alarm(Namespace="AWS/Lambda"))


class TestStates:
    def test_in_alarm_after_a_minute(self, ddb, client, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm())
        fail(client)
        assert ddb.metrics.alarms == {"errors": "INSUFFICIENT_DATA"}
        ddb.clock.advance(minutes=1)
        found = described(cloudwatch)
        assert found["StateValue"] == "ALARM"
        assert found["StateReason"] == (
            "Threshold Crossed: 1 datapoint [2.0 (02/03/26 10:00:00)] was greater than the"
            " threshold (1.0)."
        )
        assert json.loads(found["StateReasonData"]) == {
            "version": "1.0",
            "queryDate": "2026-03-02T10:01:00.000+0000",
            "startDate": "2026-03-02T10:00:00.000+0000",
            "statistic": "Sum",
            "period": 60,
            "recentDatapoints": [2.0],
            "threshold": 1.0,
            "evaluatedDatapoints": [
                {"timestamp": "2026-03-02T10:00:00.000+0000", "sampleCount": 2.0, "value": 2.0}
            ],
        }

    def test_missing_data_is_ignored_of_dynamodb(self, ddb, client, cloudwatch):
        """Without a later error that is below the threshold, the state stays for ever."""
        cloudwatch.put_metric_alarm(**alarm())
        fail(client)
        ddb.clock.advance(days=3)
        assert ddb.metrics.alarms == {"errors": "ALARM"}
        fail(client, times=1)
        ddb.clock.advance(minutes=1)
        assert ddb.metrics.alarms == {"errors": "OK"}

    def test_missing_data_as_the_alarm_says(self, ddb, client, cloudwatch):
        for treatment in ("notBreaching", "missing", "breaching", "ignore"):
            name = f"a-{treatment}"
            cloudwatch.put_metric_alarm(**alarm(AlarmName=name, TreatMissingData=treatment))
        fail(client)
        ddb.clock.advance(minutes=10)
        assert ddb.metrics.alarms == {
            "a-breaching": "ALARM",
            "a-ignore": "ALARM",
            "a-missing": "INSUFFICIENT_DATA",
            "a-notBreaching": "OK",
        }
        reasons = {found["AlarmName"]: found["StateReason"] for found in
                   cloudwatch.describe_alarms()["MetricAlarms"]}  # fmt: skip
        assert reasons["a-missing"] == "Insufficient Data: 1 datapoint was unknown."
        assert reasons["a-notBreaching"] == (
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint"
            " was treated as [NotBreaching]."
        )

    def test_several_of_several_datapoints(self, ddb, client, cloudwatch):
        place = [{"Name": "TableName", "Value": "orders"}]
        cloudwatch.put_metric_alarm(
            **alarm(
                MetricName="ConsumedWriteCapacityUnits",
                Dimensions=place,
                EvaluationPeriods=3,
                DatapointsToAlarm=2,
                ComparisonOperator="GreaterThanOrEqualToThreshold",
            )
        )
        for number in range(2):
            client.put_item(TableName="orders", Item={"id": {"S": str(number)}})
            ddb.clock.advance(minutes=1)
        assert described(cloudwatch)["StateReason"] == (
            "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (02/03/26 10:01:00),"
            " 1.0 (02/03/26 10:00:00)] were greater than or equal to the threshold (1.0) (minimum"
            " 2 datapoints for OK -> ALARM transition)."
        )
        ddb.clock.advance(minutes=2)
        assert described(cloudwatch)["StateReason"] == (
            "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (02/03/26 10:03:00),"
            " 0.0 (02/03/26 10:02:00)] were not greater than or equal to the threshold (1.0)"
            " (minimum 2 datapoints for ALARM -> OK transition)."
        )

    def test_an_expression(self, ddb, client, cloudwatch):
        stat = {
            "Metric": {"Namespace": "AWS/DynamoDB", "MetricName": "UserErrors"},
            "Period": 60,
            "Stat": "Sum",
        }
        one = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period"))
        cloudwatch.put_metric_alarm(
            **alarm(
                **one,
                Metrics=[
                    {"Id": "m", "MetricStat": stat, "ReturnData": False},
                    {"Id": "e", "Expression": "m * 10"},
                ],
                Threshold=15,
            )
        )
        fail(client)
        ddb.clock.advance(minutes=1)
        assert ddb.metrics.alarms == {"errors": "ALARM"}

    def test_a_percentile(self, ddb, cloudwatch):
        place = {"TableName": "orders", "Operation": "Query"}
        cloudwatch.put_metric_alarm(
            **alarm(
                MetricName="SuccessfulRequestLatency",
                Dimensions=[{"Name": name, "Value": value} for name, value in place.items()],
                Statistic=None,
                ExtendedStatistic="p99",
                Threshold=100,
            )
        )
        ddb.metrics.record("SuccessfulRequestLatency", 5, count=98, **place)
        ddb.metrics.record("SuccessfulRequestLatency", 250, count=2, **place)
        ddb.clock.advance(minutes=1)
        assert ddb.metrics.alarms == {"errors": "ALARM"}

    def test_a_restored_state(self, ddb, client, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm())
        mark = ddb.snapshot()
        fail(client)
        ddb.clock.advance(minutes=1)
        ddb.restore(mark)
        assert ddb.metrics.alarms == {"errors": "INSUFFICIENT_DATA"}
        ddb.reset()
        assert ddb.metrics.alarms == {}


def test_a_saved_state(ddb, client, cloudwatch, tmp_path):
    cloudwatch.put_metric_alarm(**alarm(TreatMissingData="missing"))
    fail(client)
    ddb.clock.advance(minutes=1)
    ddb.save(tmp_path / "state.jsonl")
    with mock_dynamodb(metrics=True, isolate=True) as other:
        other.load(tmp_path / "state.jsonl")
        assert other.metrics.alarms == {"errors": "ALARM"}
        history = cloudwatch.describe_alarm_history()["AlarmHistoryItems"]
        assert len(history) == 2
        other.clock.advance(minutes=10)
        assert other.metrics.alarms == {"errors": "INSUFFICIENT_DATA"}


class TestHandlers:
    def test_a_function_gets_each_change(self, ddb, client, cloudwatch):
        events: list[Any] = []
        others: list[Any] = []
        ddb.metrics.on_alarm(events.append)
        ddb.metrics.on_alarm(others.append, "another")
        cloudwatch.put_metric_alarm(**alarm(AlarmActions=[TOPIC]))
        fail(client)
        ddb.clock.advance(minutes=5)
        (event,) = events
        assert (event.name, event.old_state, event.state) == (
            "errors",
            "INSUFFICIENT_DATA",
            "ALARM",
        )
        assert event.actions == (TOPIC,)
        assert event.region == "us-east-1"
        assert event.configuration["Threshold"] == 1.0
        assert others == []

    def test_it_may_use_the_table(self, ddb, client, cloudwatch):
        def note(event):
            client.put_item(TableName="orders", Item={"id": {"S": event.name}})

        ddb.metrics.on_alarm(note)
        cloudwatch.put_metric_alarm(**alarm())
        fail(client)
        ddb.clock.advance(minutes=1)
        assert ddb.tables["orders"].get(id="errors") == {"id": "errors"}

    def test_what_it_raises(self, ddb, client, cloudwatch):
        def fails(_event):
            raise ValueError("the page failed")

        ddb.metrics.on_alarm(fails)
        cloudwatch.put_metric_alarm(**alarm())
        fail(client)
        with pytest.raises(ValueError, match="the page failed"):
            ddb.clock.advance(minutes=1)
        assert ddb.metrics.alarms == {"errors": "ALARM"}

    def test_no_function(self, ddb):
        with pytest.raises(RuntimeError, match="a function that takes an alarm's event"):
            ddb.metrics.on_alarm("page me")


class TestDescribeAlarms:
    def test_selection(self, cloudwatch):
        for name in ("b", "a", "c"):
            actions = [TOPIC] if name == "c" else []
            cloudwatch.put_metric_alarm(**alarm(AlarmName=name, AlarmActions=actions))

        def names(**request):
            found = cloudwatch.describe_alarms(**request)
            return [each["AlarmName"] for each in found["MetricAlarms"]]

        assert names() == ["a", "b", "c"]
        assert names(AlarmNames=["c", "x"]) == ["c"]
        assert names(AlarmNamePrefix="b") == ["b"]
        assert names(StateValue="OK") == []
        assert names(ActionPrefix="arn:aws:sns") == ["c"]
        assert names(AlarmTypes=["CompositeAlarm"]) == []
        assert names(MaxRecords=2) == ["a", "b"]
        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            PaginationConfig={"PageSize": 2}
        )
        assert [len(page["MetricAlarms"]) for page in pages] == [2, 1]

    def test_names_and_a_prefix(self, cloudwatch):
        text = refusal(cloudwatch.describe_alarms, AlarmNames=["a"], AlarmNamePrefix="b")
        assert text == (
            "InvalidParameterCombination: AlarmNamePrefix and AlarmNames must not be specified"
            " together"
        )

    def test_alarms_of_a_metric(self, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm())
        place = [{"Name": "TableName", "Value": "orders"}]
        cloudwatch.put_metric_alarm(
            **alarm(AlarmName="slow", MetricName="ReadThrottleEvents", Dimensions=place)
        )
        metric = {"Namespace": "AWS/DynamoDB", "MetricName": "ReadThrottleEvents"}
        found = cloudwatch.describe_alarms_for_metric(**metric, Dimensions=place)
        assert [each["AlarmName"] for each in found["MetricAlarms"]] == ["slow"]
        assert cloudwatch.describe_alarms_for_metric(**metric)["MetricAlarms"] == []


class TestSetAlarmState:
    def test_until_the_next_evaluation(self, ddb, client, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm(TreatMissingData="notBreaching"))
        cloudwatch.set_alarm_state(
            AlarmName="errors", StateValue="ALARM", StateReason="a drill", StateReasonData="{}"
        )
        assert described(cloudwatch)["StateReason"] == "a drill"
        ddb.clock.advance(minutes=1)
        assert ddb.metrics.alarms == {"errors": "OK"}

    def test_the_same_state_again(self, ddb, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm())
        cloudwatch.set_alarm_state(
            AlarmName="errors", StateValue="INSUFFICIENT_DATA", StateReason="again"
        )
        assert described(cloudwatch)["StateReason"] == "Unchecked: Initial alarm creation"

    def test_refusals(self, cloudwatch):
        request = {"AlarmName": "errors", "StateValue": "OK", "StateReason": "r"}
        text = refusal(cloudwatch.set_alarm_state, **request)
        assert text == "ResourceNotFound: Alarm errors does not exist"
        cloudwatch.put_metric_alarm(**alarm())
        text = refusal(cloudwatch.set_alarm_state, **request, StateReasonData="{")
        assert text == "InvalidFormat: StateReasonData is not valid JSON"
        text = refusal(cloudwatch.set_alarm_state, **{**request, "StateValue": "FINE"})
        assert text == (
            "ValidationError: 1 validation error detected: Value 'FINE' at 'stateValue' failed to"
            " satisfy constraint: Member must satisfy enum value set: [OK, ALARM,"
            " INSUFFICIENT_DATA]"
        )

    def test_the_modelled_exception(self, cloudwatch):
        with pytest.raises(cloudwatch.exceptions.ResourceNotFound) as caught:
            cloudwatch.set_alarm_state(AlarmName="x", StateValue="OK", StateReason="r")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        cloudwatch.put_metric_alarm(**alarm())
        with pytest.raises(cloudwatch.exceptions.InvalidFormatFault):
            cloudwatch.set_alarm_state(
                AlarmName="errors", StateValue="OK", StateReason="r", StateReasonData="{"
            )


class TestDeleteAlarms:
    def test_known_names_are_deleted(self, ddb, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm())
        cloudwatch.delete_alarms(AlarmNames=["errors", "unknown"])
        assert ddb.metrics.alarms == {}


class TestActionsEnabled:
    def test_disabled_actions_are_not_executed(self, ddb, client, cloudwatch):
        events: list[Any] = []
        ddb.metrics.on_alarm(events.append)
        cloudwatch.put_metric_alarm(**alarm(AlarmActions=[TOPIC]))
        cloudwatch.disable_alarm_actions(AlarmNames=["errors"])
        assert described(cloudwatch)["ActionsEnabled"] is False
        fail(client)
        ddb.clock.advance(minutes=1)
        assert [event.actions for event in events] == [()]
        cloudwatch.enable_alarm_actions(AlarmNames=["errors"])
        assert described(cloudwatch)["ActionsEnabled"] is True


class TestHistory:
    def test_what_happened(self, ddb, client, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm(AlarmActions=[TOPIC]))
        fail(client)
        ddb.clock.advance(minutes=1)
        cloudwatch.delete_alarms(AlarmNames=["errors"])
        items = cloudwatch.describe_alarm_history(AlarmName="errors")["AlarmHistoryItems"]
        assert [(item["HistoryItemType"], item["HistorySummary"]) for item in items] == [
            ("ConfigurationUpdate", 'Alarm "errors" deleted'),
            ("Action", f"Successfully executed action {TOPIC}"),
            ("StateUpdate", "Alarm updated from INSUFFICIENT_DATA to ALARM"),
            ("ConfigurationUpdate", 'Alarm "errors" created'),
        ]
        changes = cloudwatch.describe_alarm_history(HistoryItemType="StateUpdate")
        (change,) = changes["AlarmHistoryItems"]
        data = json.loads(change["HistoryData"])
        assert data["newState"]["stateValue"] == "ALARM"
        oldest = cloudwatch.describe_alarm_history(MaxRecords=1, ScanBy="TimestampAscending")
        assert oldest["AlarmHistoryItems"][0]["HistorySummary"] == 'Alarm "errors" created'
        since = cloudwatch.describe_alarm_history(StartDate=ddb.clock.now())
        assert len(since["AlarmHistoryItems"]) == 3


def test_a_client_without_a_region():
    import boto3  # noqa: PLC0415

    with mock_dynamodb(metrics=True, region="eu-west-1") as ddb:
        cloudwatch = boto3.client("cloudwatch")
        cloudwatch.put_metric_alarm(**alarm())
        assert ddb.metrics.alarms == {"errors": "INSUFFICIENT_DATA"}
