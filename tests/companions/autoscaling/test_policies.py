"""PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy, and the alarms of a policy."""

from __future__ import annotations

import re

import pytest

from ddbmock import UnsupportedError
from tests.companions.autoscaling.conftest import WRITES, load, tracking
from tests.companions.autoscaling.test_targets import PLACE
from tests.refusals import refusal

ID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"


def policies(scaling, **more):
    return scaling.describe_scaling_policies(ServiceNamespace="dynamodb", **more)["ScalingPolicies"]


@pytest.mark.usefixtures("tracked")
class TestPutScalingPolicy:
    def test_the_policy(self, ddb, scaling):
        (policy,) = policies(scaling)
        assert re.fullmatch(
            rf"arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:{ID}:"
            r"resource/dynamodb/table/orders:policyName/writes",
            policy["PolicyARN"],
        )
        assert policy["PolicyType"] == "TargetTrackingScaling"
        assert policy["CreationTime"] == ddb.clock.now()
        configuration = policy["TargetTrackingScalingPolicyConfiguration"]
        assert configuration["TargetValue"] == 70.0
        assert len(policy["Alarms"]) == 4

    def test_its_alarms(self, scaling, cloudwatch):
        (policy,) = policies(scaling)
        alarms = {}
        for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
            found = re.fullmatch(rf"TargetTracking-table/orders-(\w+)-{ID}", alarm["AlarmName"])
            assert found is not None
            alarms[found.group(1)] = alarm
            (action,) = alarm["AlarmActions"]
            assert re.fullmatch(rf"{re.escape(policy['PolicyARN'])}:createdBy/{ID}", action)
            assert alarm["AlarmDescription"] == (
                f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {action}."
            )
            assert alarm["Dimensions"] == [{"Name": "TableName", "Value": "orders"}]
        members = ("MetricName", "Statistic", "Period", "EvaluationPeriods", "ComparisonOperator")
        rows = {
            kind: (*(alarm[name] for name in members), alarm["Threshold"])
            for kind, alarm in alarms.items()
        }
        consumed, provisioned = "ConsumedWriteCapacityUnits", "ProvisionedWriteCapacityUnits"
        assert rows == {
            "AlarmHigh": (consumed, "Sum", 60, 2, "GreaterThanThreshold", 210.0),
            "AlarmLow": (consumed, "Sum", 60, 15, "LessThanThreshold", 150.0),
            "ProvisionedCapacityHigh": (
                *(provisioned, "Average", 300, 3),
                *("GreaterThanThreshold", 5.0),
            ),
            "ProvisionedCapacityLow": (provisioned, "Average", 300, 3, "LessThanThreshold", 5.0),
        }

    def test_alarms_are_replaced_after_scaling(self, ddb, scaling):
        (before,) = policies(scaling)
        load(ddb, 7.0, minutes=2)
        (after,) = policies(scaling)
        names = [{alarm["AlarmName"] for alarm in each["Alarms"]} for each in (before, after)]
        assert not names[0] & names[1]
        assert ddb.metrics.alarms.keys() == names[1]

    def test_the_same_name_changes_it(self, scaling):
        (before,) = policies(scaling)
        response = scaling.put_scaling_policy(**WRITES, **tracking(50.0))
        assert response["PolicyARN"] == before["PolicyARN"]
        (after,) = policies(scaling)
        assert after["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 50.0

    def test_a_second_policy(self, scaling):
        request = {**WRITES, **tracking(), "PolicyName": "again"}
        assert refusal(scaling.put_scaling_policy, **request) == (
            "Only one TargetTrackingScaling policy for a given metric specification is allowed."
        )

    @pytest.mark.parametrize("target", [19.0, 90.5])
    def test_a_target_out_of_bounds(self, scaling, target):
        text = refusal(scaling.put_scaling_policy, **WRITES, **tracking(target))
        assert text == "Target value must be between 20 and 90 for this metric"

    def test_the_metric_of_the_other_dimension(self, scaling):
        metric = {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}
        request = tracking(PredefinedMetricSpecification=metric)
        assert refusal(scaling.put_scaling_policy, **WRITES, **request) == (
            "Predefined metric type DynamoDBReadCapacityUtilization is not supported for scalable"
            " dimension dynamodb:table:WriteCapacityUnits"
        )

    def test_without_a_configuration(self, scaling):
        request = {**WRITES, "PolicyName": "writes", "PolicyType": "TargetTrackingScaling"}
        assert refusal(scaling.put_scaling_policy, **request) == (
            "TargetTrackingScalingPolicyConfiguration must be provided for TargetTrackingScaling"
            " policies"
        )

    def test_what_is_not_done_yet(self, scaling):
        with pytest.raises(UnsupportedError, match="the policy type StepScaling of Application"):
            scaling.put_scaling_policy(**WRITES, PolicyName="s", PolicyType="StepScaling")
        with pytest.raises(UnsupportedError, match="a CustomizedMetricSpecification of Appl"):
            scaling.put_scaling_policy(
                **WRITES, **tracking(CustomizedMetricSpecification={"MetricName": "m"})
            )


@pytest.mark.usefixtures("orders")
def test_no_target(scaling):
    assert refusal(scaling.put_scaling_policy, **WRITES, **tracking()) == (
        f"ObjectNotFoundException: No scalable target registered {PLACE}"
    )


@pytest.mark.usefixtures("tracked")
class TestDeleteScalingPolicy:
    def test_with_its_alarms(self, ddb, scaling):
        scaling.delete_scaling_policy(**WRITES, PolicyName="writes")
        assert policies(scaling) == []
        assert ddb.metrics.alarms == {}

    def test_none_is_there(self, scaling):
        assert refusal(scaling.delete_scaling_policy, **WRITES, PolicyName="x") == (
            f"ObjectNotFoundException: No scaling policy found {PLACE}, policy name: x"
        )


@pytest.mark.usefixtures("tracked")
def test_selection(scaling):
    assert policies(scaling, PolicyNames=["x"]) == []
    assert len(policies(scaling, ResourceId="table/orders")) == 1
    assert policies(scaling, ScalableDimension="dynamodb:table:ReadCapacityUnits") == []
