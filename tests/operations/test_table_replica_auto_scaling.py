"""DescribeTableReplicaAutoScaling and UpdateTableReplicaAutoScaling.

Seen at the service in October 2026:
https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/docs/api-quirks/table-replicas.md
"""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.operations.replicas import EUROPE, LOCAL, WEST, add, client_in, create
from tests.operations.table_helpers import (
    an_index,
    definitions,
    described,
    new_table,
    provisioned,
    update,
)
from tests.refusals import refusal

UNSET = {"AutoScalingDisabled": True, "ScalingPolicies": []}
ROLE = (
    "arn:aws:iam::123456789012:role/aws-service-role/"
    "dynamodb.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
)
FAILED = "Failed to update settings for global table with name: ‘orders’"  # noqa: RUF001
_REQUEST_ID = re.compile(r"Request ID: [0-9a-f-]{36}")


def scaled(minimum: int | None = 5, maximum: int | None = 50, target: float | None = 70.0) -> Any:
    members: dict[str, Any] = {"MinimumUnits": minimum, "MaximumUnits": maximum}
    if target is not None:
        members["ScalingPolicyUpdate"] = {
            "TargetTrackingScalingPolicyConfiguration": {"TargetValue": target}
        }
    return {name: value for name, value in members.items() if value is not None}


def settings(name: str, minimum: int = 5, maximum: int = 50, target: float = 70.0) -> Any:
    configuration = {"TargetValue": target}
    return {
        "MinimumUnits": minimum,
        "MaximumUnits": maximum,
        "AutoScalingRoleArn": ROLE,
        "ScalingPolicies": [
            {"PolicyName": name, "TargetTrackingScalingPolicyConfiguration": configuration}
        ],
    }


def reads(region: str, **members: Any) -> dict[str, Any]:
    return {
        "RegionName": region,
        "ReplicaProvisionedReadCapacityAutoScalingUpdate": members or scaled(),
    }


def describe(client: Any) -> Any:
    response = client.describe_table_replica_auto_scaling(TableName="orders")
    return response["TableAutoScalingDescription"]


def dimensions(client: Any, region: str) -> tuple[Any, Any]:
    """Return the scaling of reads and writes in a region."""
    [found] = [each for each in describe(client)["Replicas"] if each["RegionName"] == region]
    return tuple(
        found[f"ReplicaProvisioned{kind}CapacityAutoScalingSettings"] for kind in ("Read", "Write")
    )


@pytest.fixture
def group(client):
    """A provisioned table with an index and a replica."""
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", state="S"),
        GlobalSecondaryIndexes=[an_index("by-state", "state")],
    )
    add(client, EUROPE)
    index = {"IndexName": "by-state", **provisioned(5)}
    update(
        client,
        BillingMode="PROVISIONED",
        **provisioned(5),
        GlobalSecondaryIndexUpdates=[{"Update": index}],
    )
    return client


def refused(client: Any, **request: Any) -> str:
    return refusal(client.update_table_replica_auto_scaling, TableName="orders", **request)


# --- behaviour ---


def test_replicas_that_are_not_scaled(group):
    index = {
        "IndexName": "by-state",
        "IndexStatus": "ACTIVE",
        "ProvisionedReadCapacityAutoScalingSettings": UNSET,
        "ProvisionedWriteCapacityAutoScalingSettings": UNSET,
    }
    plain = {
        "GlobalSecondaryIndexes": [index],
        "ReplicaProvisionedReadCapacityAutoScalingSettings": UNSET,
        "ReplicaProvisionedWriteCapacityAutoScalingSettings": UNSET,
        "ReplicaStatus": "ACTIVE",
    }
    expected = {
        "TableName": "orders",
        "TableStatus": "ACTIVE",
        "Replicas": [{"RegionName": EUROPE, **plain}, {"RegionName": LOCAL, **plain}],
    }
    for region in (LOCAL, EUROPE):
        assert describe(client_in(region)) == expected
    arn = described(group)["TableArn"]
    response = group.describe_table_replica_auto_scaling(TableName=arn)
    assert response["TableAutoScalingDescription"] == expected


def test_writes_are_scaled_in_all_regions(group):
    response = group.update_table_replica_auto_scaling(
        TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate=scaled()
    )
    before = response["TableAutoScalingDescription"]["Replicas"][0]
    assert before["ReplicaProvisionedWriteCapacityAutoScalingSettings"] == UNSET
    expected = settings("DynamoDBWriteCapacityUtilization:table/orders")
    for region in (LOCAL, EUROPE):
        assert dimensions(group, region) == (UNSET, expected)


def test_reads_are_scaled_in_one_region(group):
    group.update_table_replica_auto_scaling(TableName="orders", ReplicaUpdates=[reads(EUROPE)])
    expected = settings("DynamoDBReadCapacityUtilization:table/orders")
    assert dimensions(group, EUROPE) == (expected, UNSET)
    assert dimensions(group, LOCAL) == (UNSET, UNSET)


def test_indexes(group):
    group.update_table_replica_auto_scaling(
        TableName="orders",
        GlobalSecondaryIndexUpdates=[
            {"IndexName": "by-state", "ProvisionedWriteCapacityAutoScalingUpdate": scaled()}
        ],
        ReplicaUpdates=[
            {
                "RegionName": EUROPE,
                "ReplicaGlobalSecondaryIndexUpdates": [
                    {
                        "IndexName": "by-state",
                        "ProvisionedReadCapacityAutoScalingUpdate": scaled(1, 9),
                    }
                ],
            }
        ],
    )
    europe, local = describe(group)["Replicas"]
    name = "CapacityUtilization:table/orders/index/by-state"
    assert europe["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "by-state",
            "IndexStatus": "ACTIVE",
            "ProvisionedReadCapacityAutoScalingSettings": settings(f"DynamoDBRead{name}", 1, 9),
            "ProvisionedWriteCapacityAutoScalingSettings": settings(f"DynamoDBWrite{name}"),
        }
    ]
    [index] = local["GlobalSecondaryIndexes"]
    assert index["ProvisionedReadCapacityAutoScalingSettings"] == UNSET


def test_a_policy_of_another_name_replaces_it(group):
    for name in ("first", "second"):
        write = scaled()
        write["ScalingPolicyUpdate"]["PolicyName"] = name
        group.update_table_replica_auto_scaling(
            TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate=write
        )
    assert dimensions(group, EUROPE)[1] == settings("second")


def test_what_is_not_given_stays(group):
    for members in (scaled(), {"MaximumUnits": 90}):
        group.update_table_replica_auto_scaling(
            TableName="orders", ReplicaUpdates=[reads(LOCAL, **members)]
        )
    expected = settings("DynamoDBReadCapacityUtilization:table/orders", 5, 90)
    assert dimensions(group, LOCAL)[0] == expected


def test_disabling(group):
    for write in (scaled(), {"AutoScalingDisabled": True}, {"AutoScalingDisabled": True}):
        group.update_table_replica_auto_scaling(
            TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate=write
        )
    assert dimensions(group, LOCAL) == dimensions(group, EUROPE) == (UNSET, UNSET)


def test_on_demand_tables_keep_what_they_had(group):
    group.update_table_replica_auto_scaling(
        TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate=scaled()
    )
    update(group, BillingMode="PAY_PER_REQUEST")
    expected = settings("DynamoDBWriteCapacityUtilization:table/orders")
    assert dimensions(group, LOCAL)[1] == {**expected, "AutoScalingDisabled": True}


def test_scaling_survives_the_replica(group):
    group.update_table_replica_auto_scaling(
        TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate=scaled()
    )
    update(group, ReplicaUpdates=[{"Delete": {"RegionName": EUROPE}}])
    index = {"IndexName": "by-state"}
    update(group, GlobalSecondaryIndexUpdates=[{"Delete": index}])
    # The writes of the table are scaled, which a new replica needs.
    update(group, ReplicaUpdates=[create(EUROPE)])
    expected = settings("DynamoDBWriteCapacityUtilization:table/orders")
    assert dimensions(group, EUROPE)[1] == expected


def test_a_new_replica_is_scaled_as_its_source(group):
    writes = {"ProvisionedWriteCapacityAutoScalingUpdate": scaled()}
    group.update_table_replica_auto_scaling(TableName="orders", **writes)
    assert refusal(group.update_table, TableName="orders", ReplicaUpdates=[create(WEST)]) == (
        "GSI write capacity should either be Pay-Per-Request or AutoScaled."
    )
    group.update_table_replica_auto_scaling(
        TableName="orders", GlobalSecondaryIndexUpdates=[{"IndexName": "by-state", **writes}]
    )
    add(group, WEST)
    expected = settings("DynamoDBWriteCapacityUtilization:table/orders")
    assert dimensions(group, WEST) == (UNSET, expected)


def test_writes_of_a_new_index_are_scaled_by_the_service(group):
    new = {"Create": an_index("by-owner", "owner", **provisioned(5))}
    request = {
        "TableName": "orders",
        "AttributeDefinitions": definitions(owner="S"),
        "GlobalSecondaryIndexUpdates": [new],
    }
    assert refusal(group.update_table, **request) == (
        "GSI write capacity should either be Pay-Per-Request or AutoScaled."
    )
    writes = {"ProvisionedWriteCapacityAutoScalingUpdate": scaled()}
    group.update_table_replica_auto_scaling(
        TableName="orders", GlobalSecondaryIndexUpdates=[{"IndexName": "by-state", **writes}]
    )
    group.update_table(**request)
    name = "DynamoDBWriteCapacityUtilization:table/orders/index/by-owner"
    for replica in describe(group)["Replicas"]:
        index = replica["GlobalSecondaryIndexes"][1]
        assert index["ProvisionedWriteCapacityAutoScalingSettings"] == settings(name, 1, 10)


def test_application_auto_scaling_sees_the_same():
    with mock_dynamodb(region=LOCAL, isolate=True, autoscaling=True, metrics=True):
        client, scaling = client_in(LOCAL), boto3.client("application-autoscaling", LOCAL)
        new_table(client, **provisioned(5))
        place = {
            "ServiceNamespace": "dynamodb",
            "ResourceId": "table/orders",
            "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
        }
        text = "Table write capacity should either be Pay-Per-Request or AutoScaled."
        request = {"TableName": "orders", "ReplicaUpdates": [create(EUROPE)]}
        assert refusal(client.update_table, **request) == text
        scaling.register_scalable_target(**place, MinCapacity=5, MaxCapacity=50)
        # A target without a policy does not count.
        assert refusal(client.update_table, **request) == text
        metric = {"PredefinedMetricType": "DynamoDBWriteCapacityUtilization"}
        scaling.put_scaling_policy(
            **place,
            PolicyName="mine",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 70.0,
                "PredefinedMetricSpecification": metric,
            },
        )
        client.update_table(**request)
        assert dimensions(client, EUROPE)[1] == settings("mine")
        client.update_table_replica_auto_scaling(
            TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate=scaled(9)
        )
        # What is below the minimum is raised at once, in all regions.
        for region in (LOCAL, EUROPE):
            assert described(client_in(region))["ProvisionedThroughput"]["WriteCapacityUnits"] == 9
        policies = scaling.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"]
        assert [policy["PolicyName"] for policy in policies] == [
            "DynamoDBWriteCapacityUtilization:table/orders"
        ]


# --- errors ---


@pytest.mark.parametrize("name", ["orders", "nothing"])
@pytest.mark.parametrize(
    "operation", ["describe_table_replica_auto_scaling", "update_table_replica_auto_scaling"]
)
def test_a_table_without_replicas(client, refusal, name, operation):
    new_table(client)
    text = f"ResourceNotFoundException: Global table with name: '{name}' does not exist."
    assert refusal(operation, TableName=name) == text
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}"
    assert refusal(operation, TableName=arn) == text


@pytest.mark.parametrize(
    ("members", "missing"),
    [
        (scaled(None, None, None), "'MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits'"),
        (scaled(target=None), "'ScalingPolicyUpdate'"),
        (scaled(None, None), "'MaximumUnits', 'MinimumUnits'"),
        (scaled(maximum=None), "'MaximumUnits'"),
        ({"AutoScalingDisabled": False}, "'MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits'"),
    ],
)
def test_what_is_incomplete(group, members, missing):
    text = refused(group, ProvisionedWriteCapacityAutoScalingUpdate=members)
    assert text == (
        f"{FAILED}: Parameters {missing} are required unless auto scaling is being disabled."
    )


@pytest.mark.parametrize(
    ("members", "more"),
    [
        (scaled(target=None), "'MaximumUnits', 'MinimumUnits'"),
        (scaled(None, None), "'ScalingPolicyUpdate'"),
        (scaled(), "'MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits'"),
    ],
)
def test_what_is_disabled_with_more(group, members, more):
    request = {**members, "AutoScalingDisabled": True}
    assert refused(group, ProvisionedWriteCapacityAutoScalingUpdate=request) == (
        f"{FAILED}: Parameters {more} must be left blank when disabling auto scaling."
    )


def test_nothing_to_change(group):
    assert refused(group) == (f"{FAILED} because at least one update parameter must be specified.")
    assert refused(group, ReplicaUpdates=[{"RegionName": WEST}]) == (
        f"{FAILED} because at least one update parameter must be specified for region: ‘us-west-2’."  # noqa: RUF001
    )


def test_regions_and_indexes_that_are_wrong(group):
    assert refused(group, ReplicaUpdates=[reads(EUROPE), reads(EUROPE)]) == (
        f"{FAILED} because the regions: ‘[eu-west-1]’ were specified more than once."  # noqa: RUF001
    )
    assert refused(group, ReplicaUpdates=[reads(WEST)]).startswith(
        f"ResourceNotFoundException: {FAILED} because"
    )
    writes = {"IndexName": "gsi1", "ProvisionedWriteCapacityAutoScalingUpdate": scaled()}
    assert refused(group, GlobalSecondaryIndexUpdates=[writes]) == (
        f"ResourceNotFoundException: {FAILED} because the global secondary indexes with names:"
        " ‘[gsi1]’ do not exist."  # noqa: RUF001
    )
    index = {"IndexName": "gsi1", "ProvisionedReadCapacityAutoScalingUpdate": scaled()}
    update_there = {"RegionName": EUROPE, "ReplicaGlobalSecondaryIndexUpdates": [index]}
    assert refused(group, ReplicaUpdates=[update_there]) == (
        f"ResourceNotFoundException: {FAILED} because a global secondary index with name: ‘gsi1’"  # noqa: RUF001
        " does not exist in region: ‘eu-west-1’."  # noqa: RUF001
    )


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (scaled(9, 5), "Maximum capacity cannot be less than minimum capacity"),
        (
            scaled(target=90.1),
            (
                "For predefined metric type DynamoDBReadCapacityUtilization, target value must be"
                " between '10.0' and '90.0', but was '90.1'."
            ),
        ),
        (
            scaled(target=0),
            (
                "For target tracking scaling, target value must be between '8.51592E-109' and"
                " '1.174271E108', but was '0.0'."
            ),
        ),
    ],
)
def test_what_application_auto_scaling_refuses(group, members, text):
    response = refused(group, ReplicaUpdates=[reads(LOCAL, **members)])
    assert _REQUEST_ID.sub("Request ID: <id>", response) == (
        f"{text} (Service: AWSApplicationAutoScaling; Status Code: 400;"
        " Error Code: ValidationException; Request ID: <id>; Proxy: null)"
    )


def test_on_demand_tables_are_not_scaled(client):
    new_table(client)
    add(client, WEST)
    text = (
        "Failed to update global table with name ‘orders‘. Replicas 'US-EAST-1', 'US-WEST-2'"  # noqa: RUF001
        " BillingMode is PayPerRequest. You must convert table's BillingMode to PROVISIONED to set"
        " parameters: '{}'."
    )
    assert refused(client, ProvisionedWriteCapacityAutoScalingUpdate=scaled()) == text.format(
        "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate"
    )
    assert refused(client, ReplicaUpdates=[reads(LOCAL)]) == text.format(
        "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate"
    )
    client.update_table_replica_auto_scaling(
        TableName="orders", ProvisionedWriteCapacityAutoScalingUpdate={"AutoScalingDisabled": True}
    )
