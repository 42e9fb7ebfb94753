"""The clusters of DAX's control plane, their tags and events.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Accelerator_(DAX).html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.dax.errors import (
    ClusterAlreadyExistsFault,
    ClusterNotFoundFault,
    DaxParameterValueError,
    InvalidArnFault,
    InvalidClusterStateFault,
    NodeNotFoundFault,
    NodeQuotaForClusterExceededFault,
    TagNotFoundFault,
)
from ddbmock._internal.companions.dax.groups import find_parameter_group, find_subnet_group
from ddbmock._internal.companions.dax.pages import PAGING, listed
from ddbmock._internal.companions.dax.rows import ROWS
from ddbmock._internal.engine.dax import (
    AVAILABLE,
    CREATING,
    DEFAULT_GROUP,
    DEFAULT_SUBNETS,
    DELETING,
    MODIFYING,
    DaxCluster,
    DaxEvent,
    add_event,
    new_nodes,
    zones_of,
)
from ddbmock._internal.messages import dax as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.companions.dax.dax import Dax
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region

_NAME = re.compile(r"[a-z](?:-?[a-z0-9]){0,19}")
_NODE_TYPE = re.compile(r"dax\.(?:t2|t3|r3|r4|r5|r7i)\.[a-z0-9]+")
_NODES_MOST, _NAME_CHARACTERS_MOST = 11, 20
_CLUSTER = "CLUSTER"


@ROWS.operation(
    "CreateCluster",
    *("ClusterName", "NodeType", "Description", "ReplicationFactor", "AvailabilityZones"),
    *("SubnetGroupName", "SecurityGroupIds", "PreferredMaintenanceWindow", "NotificationTopicArn"),
    *("IamRoleArn", "ParameterGroupName", "Tags", "SSESpecification"),
    *("ClusterEndpointEncryptionType", "NetworkType"),
)
def create_cluster(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Create a cluster."""
    name = parameters["ClusterName"].lower()
    if not _NAME.fullmatch(name) or len(name) > _NAME_CHARACTERS_MOST:
        raise DaxParameterValueError(messages.dax_cluster_name(parameters["ClusterName"]))
    if not _NODE_TYPE.fullmatch(parameters["NodeType"]):
        raise DaxParameterValueError(messages.dax_node_type(parameters["NodeType"]))
    if name in _clusters(region):
        raise ClusterAlreadyExistsFault(messages.dax_cluster_exists(name))
    count = parameters["ReplicationFactor"]
    if count < 1:
        raise DaxParameterValueError(messages.dax_too_few_nodes(count))
    if count > _NODES_MOST:
        raise NodeQuotaForClusterExceededFault(messages.dax_too_many_nodes(_NODES_MOST))
    zones = _zones(region, parameters)
    if zones and len(zones) != count:
        raise DaxParameterValueError(messages.dax_wrong_number_of_zones(len(zones), count))
    parameter_group = parameters.get("ParameterGroupName", DEFAULT_GROUP)
    subnet_group = parameters.get("SubnetGroupName", DEFAULT_SUBNETS)
    find_parameter_group(region, parameter_group)
    find_subnet_group(region, subnet_group)
    now = dax.backend.clock.seconds()
    cluster = DaxCluster(
        name=name,
        arn=region.arns.resource(f"cache/{name}", "dax"),
        host_part=f"{dax.backend.random.getrandbits(24):06x}",
        region_name=region.name,
        node_type=parameters["NodeType"],
        role_arn=parameters["IamRoleArn"],
        nodes=new_nodes(name, zones or zones_of(region.name), count, now),
        created_at=now,
        transition=CREATING,
        until=now + dax.backend.delay_seconds,
        description=parameters.get("Description", ""),
        parameter_group=parameter_group,
        subnet_group=subnet_group,
        security_groups=tuple(parameters.get("SecurityGroupIds", ())),
        topic_arn=parameters.get("NotificationTopicArn", ""),
        is_encrypted=parameters.get("SSESpecification", {}).get("Enabled", False),
        is_tls=parameters.get("ClusterEndpointEncryptionType") == "TLS",
        network_type=parameters.get("NetworkType", "ipv4"),
        tags={tag["Key"]: tag["Value"] for tag in parameters.get("Tags", ())},
    )
    if "PreferredMaintenanceWindow" in parameters:
        window = parameters["PreferredMaintenanceWindow"]
        cluster = replace(cluster, maintenance_window=window)
    region.store.of(DaxCluster).put(name, cluster)
    add_event(region, name, _CLUSTER, "Cluster created")
    return {"Cluster": cluster.described(now)}


def _zones(region: Region, parameters: Parameters) -> Sequence[str]:
    """Return the zones that a request names, which are some of the region."""
    zones: Sequence[str] = parameters.get("AvailabilityZones", ())
    for zone in zones:
        if zone[:-1] != region.name:
            raise DaxParameterValueError(messages.dax_zone(zone))
    return zones


def _clusters(region: Region) -> Any:
    return region.store.of(DaxCluster, in_order=True).records


def _cluster(region: Region, name: str) -> DaxCluster:
    cluster: DaxCluster | None = _clusters(region).get(name.lower())
    if cluster is None:
        raise ClusterNotFoundFault(messages.dax_cluster_not_found(name))
    return cluster


def _available(dax: Dax, region: Region, parameters: Parameters) -> DaxCluster:
    cluster = _cluster(region, parameters["ClusterName"])
    status = cluster.status(dax.backend.clock.seconds())
    if status != AVAILABLE:
        raise InvalidClusterStateFault(messages.dax_cluster_state(cluster.name, status))
    return cluster


def _modify(dax: Dax, region: Region, cluster: DaxCluster, **changes: Any) -> Response:
    now = dax.backend.clock.seconds()
    until = now + dax.backend.delay_seconds
    changed = replace(cluster, transition=MODIFYING, until=until, **changes)
    region.store.of(DaxCluster).put(cluster.name, changed)
    return {"Cluster": changed.described(now)}


@ROWS.operation("DescribeClusters", "ClusterNames", *PAGING)
def describe_clusters(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Return clusters."""
    now = dax.backend.clock.seconds()
    names = parameters.get("ClusterNames")
    found = [_cluster(region, name) for name in names] if names else _clusters(region).values()
    return listed("Clusters", [cluster.described(now) for cluster in found], parameters)


@ROWS.operation(
    "UpdateCluster",
    *("ClusterName", "Description", "PreferredMaintenanceWindow", "NotificationTopicArn"),
    *("NotificationTopicStatus", "ParameterGroupName", "SecurityGroupIds"),
)
def update_cluster(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Change settings of a cluster."""
    cluster = _available(dax, region, parameters)
    members = {
        "Description": "description",
        "PreferredMaintenanceWindow": "maintenance_window",
        "NotificationTopicArn": "topic_arn",
        "NotificationTopicStatus": "topic_status",
        "ParameterGroupName": "parameter_group",
    }
    changes = {
        attribute: parameters[name] for name, attribute in members.items() if name in parameters
    }
    if "ParameterGroupName" in parameters:
        find_parameter_group(region, parameters["ParameterGroupName"])
    if "SecurityGroupIds" in parameters:
        changes["security_groups"] = tuple(parameters["SecurityGroupIds"])
    add_event(region, cluster.name, _CLUSTER, "Cluster modified")
    return _modify(dax, region, cluster, **changes)


@ROWS.operation(
    "IncreaseReplicationFactor", "ClusterName", "NewReplicationFactor", "AvailabilityZones"
)
def increase_replication_factor(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Add nodes to a cluster."""
    cluster, count = _available(dax, region, parameters), parameters["NewReplicationFactor"]
    before = len(cluster.nodes)
    if count <= before:
        raise DaxParameterValueError(
            messages.dax_replication_factor(count, before, is_increase=True)
        )
    if count > _NODES_MOST:
        raise NodeQuotaForClusterExceededFault(messages.dax_too_many_nodes(_NODES_MOST))
    zones = _zones(region, parameters) or zones_of(region.name, before)
    now = dax.backend.clock.seconds()
    nodes = new_nodes(cluster.name, zones, count, now, cluster.nodes)
    return _modify(dax, region, cluster, nodes=nodes)


@ROWS.operation(
    "DecreaseReplicationFactor",
    *("ClusterName", "NewReplicationFactor", "AvailabilityZones", "NodeIdsToRemove"),
)
def decrease_replication_factor(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Remove nodes from a cluster, beginning with those named or in a named zone."""
    cluster, count = _available(dax, region, parameters), parameters["NewReplicationFactor"]
    before = len(cluster.nodes)
    if not 0 < count < before:
        raise DaxParameterValueError(
            messages.dax_replication_factor(count, before, is_increase=False)
        )
    named = parameters.get("NodeIdsToRemove", ())
    for node_id in named:
        _check_node(cluster, node_id)
    # The primary node, which is the first, stays.
    zones = _zones(region, parameters)
    ordered = sorted(cluster.nodes, key=lambda node: node.node_id in named or node.zone in zones)
    return _modify(dax, region, cluster, nodes=tuple(ordered[:count]))


def _check_node(cluster: DaxCluster, node_id: str) -> None:
    if all(node.node_id != node_id for node in cluster.nodes):
        raise NodeNotFoundFault(messages.dax_node_not_found(node_id))


@ROWS.operation("RebootNode", "ClusterName", "NodeId")
def reboot_node(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Reboot a node, which empties its caches."""
    cluster = _available(dax, region, parameters)
    _check_node(cluster, parameters["NodeId"])
    dax.cluster(region.name, cluster.name).clear()
    add_event(region, parameters["NodeId"], "NODE", "Node rebooted")
    return _modify(dax, region, cluster)


@ROWS.operation("DeleteCluster", "ClusterName")
def delete_cluster(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Delete a cluster."""
    cluster = _available(dax, region, parameters)
    now, delay = dax.backend.clock.seconds(), dax.backend.delay_seconds
    deleted = replace(cluster, transition=DELETING, until=float("inf"))
    add_event(region, cluster.name, _CLUSTER, "Cluster deleted")
    dax.cluster(region.name, cluster.name).clear()
    if delay:
        region.store.of(DaxCluster).put(cluster.name, deleted)
        dax.backend.agenda.schedule(
            (dax, f"{region.account_id} {region.name} {cluster.name}"),
            now + delay,
            lambda _: region.store.of(DaxCluster).remove(cluster.name),
            is_pending=True,
        )
    else:
        region.store.of(DaxCluster).remove(cluster.name)
    return {"Cluster": deleted.described(now)}


# --- tags and events ---


def _by_arn(region: Region, arn: str) -> DaxCluster:
    prefix = region.arns.resource("cache/", "dax")
    if not arn.startswith(prefix):
        raise InvalidArnFault(messages.DAX_INVALID_ARN)
    return _cluster(region, arn.removeprefix(prefix))


def _tags(cluster: DaxCluster) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in cluster.tags.items()]


@ROWS.operation("ListTags", "ResourceName", "NextToken")
def list_tags(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Return the tags of a cluster."""
    return {"Tags": _tags(_by_arn(region, parameters["ResourceName"]))}


@ROWS.operation("TagResource", "ResourceName", "Tags")
def tag_resource(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Add tags to a cluster."""
    cluster = _by_arn(region, parameters["ResourceName"])
    added = {tag["Key"]: tag["Value"] for tag in parameters["Tags"]}
    changed = replace(cluster, tags={**cluster.tags, **added})
    region.store.of(DaxCluster).put(cluster.name, changed)
    return {"Tags": _tags(changed)}


@ROWS.operation("UntagResource", "ResourceName", "TagKeys")
def untag_resource(_dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Remove tags from a cluster."""
    cluster = _by_arn(region, parameters["ResourceName"])
    for key in parameters["TagKeys"]:
        if key not in cluster.tags:
            raise TagNotFoundFault(messages.dax_tag_not_found(key))
    remaining = {
        key: value for key, value in cluster.tags.items() if key not in parameters["TagKeys"]
    }
    changed = replace(cluster, tags=remaining)
    region.store.of(DaxCluster).put(cluster.name, changed)
    return {"Tags": _tags(changed)}


@ROWS.operation(
    "DescribeEvents", "SourceName", "SourceType", "StartTime", "EndTime", "Duration", *PAGING
)
def describe_events(dax: Dax, region: Region, parameters: Parameters) -> Response:
    """Return the events of a time range, by default the last hour."""
    end = parameters.get("EndTime", dax.backend.clock.seconds())
    start = parameters.get("StartTime", end - 60 * parameters.get("Duration", 60))
    events = [
        event.described()
        for event in region.store.of(DaxEvent).records.values()
        if parameters.get("SourceName") in {None, event.source}
        and parameters.get("SourceType") in {None, event.source_type}
        and start <= event.at <= end
    ]
    return listed("Events", events, parameters)
