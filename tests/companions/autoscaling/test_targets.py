"""RegisterScalableTarget, DescribeScalableTargets, DeregisterScalableTarget, and tags."""

from __future__ import annotations

import re

import pytest

from ddbmock import UnsupportedError
from tests.companions.autoscaling.conftest import WRITES, activities, tracking, write_units
from tests.refusals import refusal

pytestmark = pytest.mark.usefixtures("orders")
BOUNDS = {"MinCapacity": 5, "MaxCapacity": 100}
PLACE = (
    "for service namespace: dynamodb, resource ID: table/orders, scalable dimension:"
    " dynamodb:table:WriteCapacityUnits"
)


def targets(scaling, **more):
    return scaling.describe_scalable_targets(ServiceNamespace="dynamodb", **more)["ScalableTargets"]


class TestRegisterScalableTarget:
    def test_a_new_target(self, ddb, scaling):
        arn = scaling.register_scalable_target(**WRITES, **BOUNDS)["ScalableTargetARN"]
        assert re.fullmatch(
            r"arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/"
            r"0ec5[0-9a-f]{32}",
            arn,
        )
        role = (
            "arn:aws:iam::123456789012:role/aws-service-role/"
            "dynamodb.application-autoscaling.amazonaws.com/"
            "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
        )
        suspensions = ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")
        assert targets(scaling) == [
            {
                **WRITES,
                **BOUNDS,
                "RoleARN": role,
                "CreationTime": ddb.clock.now(),
                "SuspendedState": {f"{name}Suspended": False for name in suspensions},
                "ScalableTargetARN": arn,
            }
        ]

    def test_other_bounds(self, scaling):
        first = scaling.register_scalable_target(**WRITES, **BOUNDS)
        second = scaling.register_scalable_target(**WRITES, MaxCapacity=50)
        assert second["ScalableTargetARN"] == first["ScalableTargetARN"]
        (target,) = targets(scaling)
        assert (target["MinCapacity"], target["MaxCapacity"]) == (5, 50)

    @pytest.mark.parametrize(
        ("bounds", "units", "cause"),
        [
            ({"MinCapacity": 15, "MaxCapacity": 100}, 15, "minimum capacity was set to 15"),
            ({"MinCapacity": 1, "MaxCapacity": 3}, 3, "maximum capacity was set to 3"),
        ],
    )
    def test_a_capacity_outside_is_changed_at_once(self, client, scaling, bounds, units, cause):
        scaling.register_scalable_target(**WRITES, **bounds)
        assert write_units(client) == units
        assert [each["Cause"] for each in activities(scaling)] == [cause]

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            (
                {"ResourceId": "table/other"},
                "DynamoDB table does not exist: table/other",
            ),
            (
                {"ScalableDimension": "dynamodb:index:WriteCapacityUnits"},
                "Unsupported service namespace, resource type or scalable dimension",
            ),
            (
                {"ResourceId": "orders"},
                "Unsupported service namespace, resource type or scalable dimension",
            ),
            (
                {
                    "ResourceId": "table/orders/index/other",
                    "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
                },
                "DynamoDB index does not exist: table/orders/index/other",
            ),
            (
                {"MaxCapacity": 1},
                "Maximum capacity cannot be less than minimum capacity",
            ),
        ],
    )
    def test_refusals(self, scaling, changes, text):
        request = {**WRITES, **BOUNDS, **changes}
        assert refusal(scaling.register_scalable_target, **request) == text
        assert targets(scaling) == []

    def test_both_bounds_are_needed_at_first(self, scaling):
        assert refusal(scaling.register_scalable_target, **WRITES, MinCapacity=1) == (
            "MinCapacity and MaxCapacity must be provided to register a new scalable target"
        )

    def test_tags_of_an_existing_target(self, scaling):
        scaling.register_scalable_target(**WRITES, **BOUNDS)
        assert refusal(scaling.register_scalable_target, **WRITES, Tags={"a": "b"}) == (
            "The scalable target that you tried to tag already exists. To update tags on an"
            " existing scalable target, use the TagResource API."
        )

    def test_other_services(self, scaling):
        with pytest.raises(UnsupportedError, match="the service namespace ecs of Application"):
            scaling.register_scalable_target(
                ServiceNamespace="ecs",
                ResourceId="service/a/b",
                ScalableDimension="ecs:service:DesiredCount",
                **BOUNDS,
            )


class TestDescribeScalableTargets:
    def test_selection_and_pages(self, scaling):
        reads = {**WRITES, "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
        for place in (WRITES, reads):
            scaling.register_scalable_target(**place, **BOUNDS)
        dimensions = [target["ScalableDimension"] for target in targets(scaling)]
        assert dimensions == [reads["ScalableDimension"], WRITES["ScalableDimension"]]
        assert targets(scaling, ResourceIds=["table/other"]) == []
        found = targets(
            scaling,
            ResourceIds=["table/orders"],
            ScalableDimension=reads["ScalableDimension"],
        )
        assert len(found) == 1
        pages = scaling.get_paginator("describe_scalable_targets").paginate(
            ServiceNamespace="dynamodb", PaginationConfig={"PageSize": 1}
        )
        assert [len(page["ScalableTargets"]) for page in pages] == [1, 1]

    def test_a_wrong_token(self, scaling):
        text = refusal(
            scaling.describe_scalable_targets, ServiceNamespace="dynamodb", NextToken="x"
        )
        assert text == "InvalidNextTokenException: Invalid token"


class TestDeregisterScalableTarget:
    def test_with_all_that_belongs_to_it(self, ddb, scaling):
        scaling.register_scalable_target(**WRITES, **BOUNDS)
        scaling.put_scaling_policy(**WRITES, **tracking())
        scaling.put_scheduled_action(
            **WRITES,
            ScheduledActionName="night",
            Schedule="rate(1 day)",
            ScalableTargetAction={"MinCapacity": 1},
        )
        scaling.deregister_scalable_target(**WRITES)
        assert targets(scaling) == []
        assert ddb.metrics.alarms == {}
        found = scaling.describe_scheduled_actions(ServiceNamespace="dynamodb")
        assert found["ScheduledActions"] == []
        ddb.clock.advance(days=2)

    def test_none_is_there(self, scaling):
        assert refusal(scaling.deregister_scalable_target, **WRITES) == (
            f"ObjectNotFoundException: No scalable target found {PLACE}"
        )


class TestTags:
    def test_tags(self, scaling):
        response = scaling.register_scalable_target(**WRITES, **BOUNDS, Tags={"team": "shop"})
        arn = response["ScalableTargetARN"]
        scaling.tag_resource(ResourceARN=arn, Tags={"env": "test"})
        scaling.untag_resource(ResourceARN=arn, TagKeys=["team"])
        assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"env": "test"}

    def test_an_arn_of_nothing(self, scaling):
        arn = "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0"
        text = refusal(scaling.list_tags_for_resource, ResourceARN=arn)
        assert text == (f"ResourceNotFoundException: No resource found for resource ARN: {arn}")
