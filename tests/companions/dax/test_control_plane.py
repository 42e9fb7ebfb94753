"""Clusters, parameter groups and subnet groups."""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests import shared_clients
from tests.companions.conftest import MONDAY, create_orders
from tests.refusals import refusal

ROLE = "arn:aws:iam::123456789012:role/dax"
CLUSTER = {
    "ClusterName": "shop",
    "NodeType": "dax.t3.small",
    "ReplicationFactor": 2,
    "IamRoleArn": ROLE,
}


@pytest.fixture
def ddb():
    with mock_dynamodb(dax=True) as ddb:
        ddb.clock.freeze(MONDAY)
        yield ddb


@pytest.fixture
def dax(ddb) -> Any:
    return shared_clients.of_service("dax", "us-east-1")


def described(dax, name="shop"):
    (cluster,) = dax.describe_clusters(ClusterNames=[name])["Clusters"]
    return cluster


class TestClusters:
    def test_a_new_cluster(self, ddb, dax):
        response = dax.create_cluster(**CLUSTER, Description="d", Tags=[{"Key": "a", "Value": "b"}])
        cluster = described(dax)
        assert response["Cluster"] == cluster
        host = cluster["ClusterDiscoveryEndpoint"]["Address"]
        assert re.fullmatch(r"shop\.[0-9a-f]{6}\.dax-clusters\.us-east-1\.amazonaws\.com", host)
        assert cluster["ClusterDiscoveryEndpoint"] == {
            "Address": host,
            "Port": 8111,
            "URL": f"dax://{host}",
        }
        nodes = cluster.pop("Nodes")
        del cluster["ClusterDiscoveryEndpoint"]
        assert cluster == {
            "ClusterName": "shop",
            "Description": "d",
            "ClusterArn": "arn:aws:dax:us-east-1:123456789012:cache/shop",
            "TotalNodes": 2,
            "ActiveNodes": 2,
            "NodeType": "dax.t3.small",
            "Status": "available",
            "PreferredMaintenanceWindow": "sun:01:00-sun:09:00",
            "SubnetGroup": "default",
            "SecurityGroups": [],
            "IamRoleArn": ROLE,
            "ParameterGroup": {
                "ParameterGroupName": "default.dax1.0",
                "ParameterApplyStatus": "in-sync",
                "NodeIdsToReboot": [],
            },
            "SSEDescription": {"Status": "DISABLED"},
            "ClusterEndpointEncryptionType": "NONE",
            "NetworkType": "ipv4",
        }
        assert [(node["NodeId"], node["AvailabilityZone"]) for node in nodes] == [
            ("shop-a", "us-east-1a"),
            ("shop-b", "us-east-1b"),
        ]
        arn = "arn:aws:dax:us-east-1:123456789012:cache/shop"
        assert dax.list_tags(ResourceName=arn)["Tags"] == [{"Key": "a", "Value": "b"}]

    def test_encrypted(self, dax):
        dax.create_cluster(
            **CLUSTER, ClusterEndpointEncryptionType="TLS", SSESpecification={"Enabled": True}
        )
        cluster = described(dax)
        assert cluster["ClusterDiscoveryEndpoint"]["URL"].startswith("daxs://shop.")
        assert cluster["ClusterDiscoveryEndpoint"]["Port"] == 9111
        assert cluster["SSEDescription"] == {"Status": "ENABLED"}

    def test_statuses(self):
        with mock_dynamodb(dax=True, delays=60) as ddb:
            ddb.clock.freeze(MONDAY)
            dax = shared_clients.of_service("dax", "us-east-1")
            created = dax.create_cluster(**CLUSTER)["Cluster"]
            assert (created["Status"], created["ActiveNodes"]) == ("creating", 0)
            assert "ClusterDiscoveryEndpoint" not in created
            assert refusal(dax.delete_cluster, ClusterName="shop") == (
                "InvalidClusterStateFault: Cluster shop is in state creating"
            )
            ddb.clock.advance(seconds=60)
            assert described(dax)["Status"] == "available"
            dax.update_cluster(ClusterName="shop", Description="new")
            assert described(dax)["Status"] == "modifying"
            ddb.clock.advance(seconds=60)
            dax.delete_cluster(ClusterName="shop")
            assert described(dax)["Status"] == "deleting"
            ddb.clock.advance(seconds=60)
            assert dax.describe_clusters()["Clusters"] == []

    def test_nodes(self, dax):
        dax.create_cluster(**CLUSTER)
        dax.increase_replication_factor(ClusterName="shop", NewReplicationFactor=4)
        dax.decrease_replication_factor(
            ClusterName="shop", NewReplicationFactor=3, NodeIdsToRemove=["shop-b"]
        )
        names = [node["NodeId"] for node in described(dax)["Nodes"]]
        assert names == ["shop-a", "shop-c", "shop-d"]
        dax.increase_replication_factor(ClusterName="shop", NewReplicationFactor=4)
        assert described(dax)["Nodes"][-1]["NodeId"] == "shop-b"
        dax.reboot_node(ClusterName="shop", NodeId="shop-a")

    def test_changes(self, dax):
        dax.create_cluster(**CLUSTER)
        dax.create_parameter_group(ParameterGroupName="short")
        dax.update_cluster(
            ClusterName="shop",
            ParameterGroupName="short",
            SecurityGroupIds=["sg-1"],
            NotificationTopicArn="arn:aws:sns:us-east-1:123456789012:t",
        )
        cluster = described(dax)
        assert cluster["ParameterGroup"]["ParameterGroupName"] == "short"
        assert cluster["SecurityGroups"] == [
            {"SecurityGroupIdentifier": "sg-1", "Status": "active"}
        ]
        assert cluster["NotificationConfiguration"]["TopicStatus"] == "active"

    def test_in_zones(self, dax):
        zones = ["us-east-1d", "us-east-1f"]
        dax.create_cluster(**CLUSTER, AvailabilityZones=zones)
        more = {"ClusterName": "shop", "AvailabilityZones": ["us-east-1c"]}
        dax.increase_replication_factor(**more, NewReplicationFactor=4)
        assert [node["AvailabilityZone"] for node in described(dax)["Nodes"]] == [
            *zones,
            "us-east-1c",
            "us-east-1c",
        ]
        fewer = {"ClusterName": "shop", "AvailabilityZones": ["us-east-1f"]}
        dax.decrease_replication_factor(**fewer, NewReplicationFactor=3)
        assert [node["NodeId"] for node in described(dax)["Nodes"]] == [
            "shop-a",
            "shop-c",
            "shop-d",
        ]

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            (
                {"AvailabilityZones": ["us-east-1a"]},
                (
                    "InvalidParameterValueException: The number of AvailabilityZones, 1, must"
                    " equal the ReplicationFactor 2"
                ),
            ),
            (
                {"AvailabilityZones": ["us-east-1a", "eu-west-1a"]},
                "InvalidParameterValueException: Invalid availability zone: eu-west-1a",
            ),
            (
                {"ClusterName": "1shop"},
                (
                    "InvalidParameterValueException: Invalid cluster name: 1shop. A name has 1"
                    " to 20 letters, digits and hyphens, begins with a letter, does not end with"
                    " a hyphen and has no two of them in a row"
                ),
            ),
            (
                {"NodeType": "cache.t3.small"},
                "InvalidParameterValueException: Invalid node type: cache.t3.small",
            ),
            (
                {"ReplicationFactor": 12},
                "NodeQuotaForClusterExceededFault: A cluster has at most 11 nodes",
            ),
            (
                {"ParameterGroupName": "x"},
                "ParameterGroupNotFoundFault: Parameter group not found: x",
            ),
            (
                {"SubnetGroupName": "x"},
                "SubnetGroupNotFoundFault: Subnet group not found: x",
            ),
        ],
    )
    def test_refusals(self, dax, changes, text):
        assert refusal(dax.create_cluster, **{**CLUSTER, **changes}) == text
        assert dax.describe_clusters()["Clusters"] == []

    def test_more_refusals(self, dax):
        dax.create_cluster(**CLUSTER)
        assert refusal(dax.create_cluster, **CLUSTER) == (
            "ClusterAlreadyExistsFault: Cluster already exists: shop"
        )
        assert refusal(dax.describe_clusters, ClusterNames=["x"]) == (
            "ClusterNotFoundFault: Cluster not found: x"
        )
        assert refusal(dax.reboot_node, ClusterName="shop", NodeId="x") == (
            "NodeNotFoundFault: Node not found: x"
        )
        one = {"ClusterName": "shop", "NewReplicationFactor": 2}
        assert refusal(dax.increase_replication_factor, **one) == (
            "InvalidParameterValueException: NewReplicationFactor 2 must be greater than the"
            " current 2"
        )
        assert refusal(dax.decrease_replication_factor, **one) == (
            "InvalidParameterValueException: NewReplicationFactor 2 must be less than the current 2"
        )
        with pytest.raises(dax.exceptions.ClusterNotFoundFault):
            dax.delete_cluster(ClusterName="x")

    def test_tags(self, dax):
        arn = dax.create_cluster(**CLUSTER)["Cluster"]["ClusterArn"]
        dax.tag_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "1"}])
        assert dax.untag_resource(ResourceName=arn, TagKeys=["a"])["Tags"] == []
        assert refusal(dax.untag_resource, ResourceName=arn, TagKeys=["a"]) == (
            "TagNotFoundFault: Tag not found: a"
        )
        assert refusal(dax.list_tags, ResourceName="shop") == (
            "InvalidARNFault: The ARN is not valid"
        )

    def test_events(self, ddb, dax):
        dax.create_cluster(**CLUSTER)
        ddb.clock.advance(minutes=30)
        dax.delete_cluster(ClusterName="shop")
        texts = [event["Message"] for event in dax.describe_events()["Events"]]
        assert texts == ["Cluster created", "Cluster deleted"]
        recent = dax.describe_events(SourceName="shop", Duration=10)["Events"]
        assert [event["SourceType"] for event in recent] == ["CLUSTER"]


class TestParameterGroups:
    def test_times_to_live(self, ddb, dax):
        client = shared_clients.dynamodb()
        create_orders(client)
        dax.create_parameter_group(ParameterGroupName="short", Description="d")
        dax.update_parameter_group(
            ParameterGroupName="short",
            ParameterNameValues=[{"ParameterName": "record-ttl-millis", "ParameterValue": "60000"}],
        )
        dax.create_cluster(**CLUSTER, ParameterGroupName="short")
        shop = ddb.dax(client, cluster="shop")
        for _ in range(3):
            shop.get_item(TableName="orders", Key={"id": {"S": "1"}})
            ddb.clock.advance(seconds=40)
        assert (shop.counts["ItemCacheHits"], shop.counts["ItemCacheMisses"]) == (1, 2)

    def test_described(self, dax):
        dax.create_parameter_group(ParameterGroupName="short")
        groups = dax.describe_parameter_groups()["ParameterGroups"]
        assert [group["ParameterGroupName"] for group in groups] == ["default.dax1.0", "short"]
        values = {
            each["ParameterName"]: (each["ParameterValue"], each["Source"])
            for each in dax.describe_parameters(ParameterGroupName="short")["Parameters"]
        }
        assert values == {
            "query-ttl-millis": ("300000", "system"),
            "record-ttl-millis": ("300000", "system"),
        }
        assert len(dax.describe_default_parameters()["Parameters"]) == 2

    def test_refusals(self, dax):
        dax.create_parameter_group(ParameterGroupName="short")
        dax.create_cluster(**CLUSTER, ParameterGroupName="short")
        assert refusal(dax.create_parameter_group, ParameterGroupName="short") == (
            "ParameterGroupAlreadyExistsFault: Parameter group already exists: short"
        )
        assert refusal(dax.delete_parameter_group, ParameterGroupName="short") == (
            "InvalidParameterGroupStateFault: Parameter group short is in use"
        )
        assert refusal(dax.delete_parameter_group, ParameterGroupName="default.dax1.0") == (
            "InvalidParameterGroupStateFault: The default parameter group cannot be changed or"
            " deleted"
        )

        def update(name, value):
            pair = (
                {"ParameterName": name}
                if value is None
                else {"ParameterName": name, "ParameterValue": value}
            )
            return refusal(
                dax.update_parameter_group,
                ParameterGroupName="short",
                ParameterNameValues=[pair],
            )

        assert update("ttl", "1") == "InvalidParameterValueException: Invalid parameter: ttl"
        assert update("query-ttl-millis", "-1") == (
            "InvalidParameterValueException: Invalid value -1 for parameter query-ttl-millis"
        )
        assert update("query-ttl-millis", None) == (
            "InvalidParameterValueException: Invalid value  for parameter query-ttl-millis"
        )
        dax.delete_cluster(ClusterName="shop")
        response = dax.delete_parameter_group(ParameterGroupName="short")
        assert response["DeletionMessage"] == "Parameter group short has been deleted"


class TestSubnetGroups:
    def test_from_beginning_to_end(self, dax):
        dax.create_subnet_group(SubnetGroupName="private", SubnetIds=["subnet-1"])
        dax.create_cluster(**CLUSTER, SubnetGroupName="private")
        dax.update_subnet_group(SubnetGroupName="private", SubnetIds=["subnet-1", "subnet-2"])
        (group,) = dax.describe_subnet_groups()["SubnetGroups"]
        assert [subnet["SubnetIdentifier"] for subnet in group["Subnets"]] == [
            "subnet-1",
            "subnet-2",
        ]
        assert refusal(dax.delete_subnet_group, SubnetGroupName="private") == (
            "SubnetGroupInUseFault: Subnet group private is in use"
        )
        dax.delete_cluster(ClusterName="shop")
        dax.delete_subnet_group(SubnetGroupName="private")
        assert dax.describe_subnet_groups()["SubnetGroups"] == []


def test_it_is_off_until_asked_for():
    with mock_dynamodb() as ddb:
        assert "dax" not in ddb._service.companions
        ddb.dax(boto3.client("dynamodb"))
        assert boto3.client("dax").describe_clusters()["Clusters"] == []


class TestSavedState:
    def test_clusters_and_groups(self, ddb, dax, tmp_path):
        dax.create_parameter_group(ParameterGroupName="fast")
        dax.update_parameter_group(
            ParameterGroupName="fast",
            ParameterNameValues=[{"ParameterName": "query-ttl-millis", "ParameterValue": "5"}],
        )
        dax.create_subnet_group(SubnetGroupName="nets", SubnetIds=["subnet-1"])
        dax.create_cluster(**CLUSTER, ParameterGroupName="fast", SubnetGroupName="nets")

        def everything():
            return [
                dax.describe_clusters()["Clusters"],
                dax.describe_parameter_groups()["ParameterGroups"],
                dax.describe_parameters(ParameterGroupName="fast")["Parameters"],
                dax.describe_subnet_groups()["SubnetGroups"],
                dax.describe_events()["Events"],
            ]

        before = everything()
        ddb.save(tmp_path / "state.json")
        with mock_dynamodb(isolate=True, dax=True) as other:
            other.load(tmp_path / "state.json")
            assert everything() == before

    @pytest.mark.parametrize("is_deleted", [True, False])
    def test_what_was_in_progress_is_over(self, dax, tmp_path, is_deleted):
        with mock_dynamodb(isolate=True, dax=True, delays=60) as ddb:
            dax.create_cluster(**CLUSTER)
            assert described(dax)["Status"] == "creating"
            if is_deleted:
                ddb.clock.advance(seconds=60)
                dax.delete_cluster(ClusterName="shop")
                assert described(dax)["Status"] == "deleting"
            ddb.save(tmp_path / "state.json")
        with mock_dynamodb(isolate=True, dax=True) as other:
            other.load(tmp_path / "state.json")
            found = [each["Status"] for each in dax.describe_clusters()["Clusters"]]
        assert found == ([] if is_deleted else ["available"])
