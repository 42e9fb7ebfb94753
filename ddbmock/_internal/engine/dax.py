"""Clusters, parameter groups and subnet groups of DAX, as records of a region's store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ddbmock._internal.engine.backend import Region

DEFAULT_GROUP, DEFAULT_SUBNETS = "default.dax1.0", "default"
DEFAULT_TTL_SECONDS = 300.0
AVAILABLE, CREATING, MODIFYING, DELETING = "available", "creating", "modifying", "deleting"
ITEM_TTL, QUERY_TTL = "record-ttl-millis", "query-ttl-millis"
_PORT, _TLS_PORT = 8111, 9111
_SUFFIXES = "abcdefghijk"


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """The times to live of a cluster's caches."""

    name: str
    description: str = ""
    #: Of the parameters that were changed: milliseconds.
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def ttl_seconds(self) -> tuple[float, float]:
        """The times to live of cached items and of cached queries."""
        return self._seconds(ITEM_TTL), self._seconds(QUERY_TTL)

    def _seconds(self, name: str) -> float:
        return float(self.values.get(name, DEFAULT_TTL_SECONDS * 1000)) / 1000

    def described(self) -> dict[str, Any]:
        """Return the group as DescribeParameterGroups has it."""
        return {"ParameterGroupName": self.name, "Description": self.description}

    def parameters(self, *, defaults: bool = False) -> list[dict[str, Any]]:
        """Return the parameters as DescribeParameters has them."""
        default = str(int(DEFAULT_TTL_SECONDS * 1000))
        return [
            {
                "ParameterName": name,
                "ParameterType": "DEFAULT",
                "ParameterValue": default if defaults else self.values.get(name, default),
                "NodeTypeSpecificValues": [],
                "Description": f"Duration in milliseconds for {what} to remain cached",
                "Source": "user" if name in self.values and not defaults else "system",
                "DataType": "integer",
                "AllowedValues": "0-",
                "IsModifiable": "TRUE",
                "ChangeType": "IMMEDIATE",
            }
            for name, what in ((QUERY_TTL, "queries"), (ITEM_TTL, "records"))
        ]


@dataclass(frozen=True, slots=True)
class SubnetGroup:
    """The subnets that the nodes of a cluster are in."""

    name: str
    description: str
    subnet_ids: tuple[str, ...]

    def described(self, region_name: str) -> dict[str, Any]:
        """Return the group as DescribeSubnetGroups has it."""
        zones = "abc"
        return {
            "SubnetGroupName": self.name,
            "Description": self.description,
            "VpcId": "vpc-0ddb0ddb0ddb0ddb0",
            "Subnets": [
                {
                    "SubnetIdentifier": subnet_id,
                    "SubnetAvailabilityZone": f"{region_name}{zones[at % len(zones)]}",
                }
                for at, subnet_id in enumerate(self.subnet_ids)
            ],
        }


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a cluster."""

    node_id: str
    created_at: float
    zone: str


@dataclass(frozen=True, slots=True)
class DaxCluster:
    """One cluster."""

    name: str
    arn: str
    #: The part between the name and the domain in its endpoints.
    host_part: str
    region_name: str
    node_type: str
    role_arn: str
    nodes: tuple[Node, ...]
    created_at: float
    #: The change in progress, and when it ends.
    transition: str = AVAILABLE
    until: float = 0.0
    description: str = ""
    parameter_group: str = DEFAULT_GROUP
    subnet_group: str = DEFAULT_SUBNETS
    security_groups: tuple[str, ...] = ()
    maintenance_window: str = "sun:01:00-sun:09:00"
    topic_arn: str = ""
    topic_status: str = "active"
    is_encrypted: bool = False
    is_tls: bool = False
    network_type: str = "ipv4"
    tags: Mapping[str, str] = field(default_factory=dict)

    def status(self, now: float) -> str:
        """Return the status at a time."""
        return self.transition if now < self.until else AVAILABLE

    def _endpoint(self, host: str) -> dict[str, Any]:
        domain = f"{self.host_part}.dax-clusters.{self.region_name}.amazonaws.com"
        address = f"{host}.{domain}"
        scheme = "daxs" if self.is_tls else "dax"
        port = _TLS_PORT if self.is_tls else _PORT
        return {"Address": address, "Port": port, "URL": f"{scheme}://{address}"}

    def described(self, now: float) -> dict[str, Any]:
        """Return the cluster as DescribeClusters has it."""
        status = self.status(now)
        is_there = status != CREATING
        described: dict[str, Any] = {
            "ClusterName": self.name,
            "Description": self.description,
            "ClusterArn": self.arn,
            "TotalNodes": len(self.nodes),
            "ActiveNodes": len(self.nodes) if is_there else 0,
            "NodeType": self.node_type,
            "Status": status,
            "PreferredMaintenanceWindow": self.maintenance_window,
            "SubnetGroup": self.subnet_group,
            "SecurityGroups": [
                {"SecurityGroupIdentifier": group, "Status": "active"}
                for group in self.security_groups
            ],
            "IamRoleArn": self.role_arn,
            "ParameterGroup": {
                "ParameterGroupName": self.parameter_group,
                "ParameterApplyStatus": "in-sync",
                "NodeIdsToReboot": [],
            },
            "SSEDescription": {"Status": "ENABLED" if self.is_encrypted else "DISABLED"},
            "ClusterEndpointEncryptionType": "TLS" if self.is_tls else "NONE",
            "NetworkType": self.network_type,
        }
        if is_there:
            described["ClusterDiscoveryEndpoint"] = self._endpoint(self.name)
        if self.topic_arn:
            described["NotificationConfiguration"] = {
                "TopicArn": self.topic_arn,
                "TopicStatus": self.topic_status,
            }
        described["Nodes"] = [self._described_node(node, status) for node in self.nodes]
        return described

    def _described_node(self, node: Node, status: str) -> dict[str, Any]:
        described = {
            "NodeId": node.node_id,
            "NodeCreateTime": timestamp(node.created_at),
            "AvailabilityZone": node.zone,
            "NodeStatus": CREATING if status == CREATING else AVAILABLE,
            "ParameterGroupStatus": "in-sync",
        }
        if status != CREATING:
            described["Endpoint"] = self._endpoint(node.node_id)
        return described


@dataclass(frozen=True, slots=True)
class DaxEvent:
    """An event of a cluster or a group."""

    source: str
    source_type: str
    message: str
    at: float

    def described(self) -> dict[str, Any]:
        """Return the event as DescribeEvents has it."""
        return {
            "SourceName": self.source,
            "SourceType": self.source_type,
            "Message": self.message,
            "Date": timestamp(self.at),
        }


def zones_of(region_name: str, used: int = 0) -> list[str]:
    """Return the zones over which nodes are spread, from the one after those in use.

    >>> zones_of("us-east-1", 4)
    ['us-east-1b', 'us-east-1c', 'us-east-1a']
    """
    letters = "abc"
    first = used % len(letters)
    return [f"{region_name}{letter}" for letter in letters[first:] + letters[:first]]


def new_nodes(
    name: str, zones: Sequence[str], count: int, now: float, before: tuple[Node, ...] = ()
) -> tuple[Node, ...]:
    """Return the nodes of a cluster, including the existing ones; new ones alternate in zones."""
    used = {node.node_id for node in before}
    free = [f"{name}-{suffix}" for suffix in _SUFFIXES if f"{name}-{suffix}" not in used]
    added = tuple(
        Node(node_id, now, zones[at % len(zones)])
        for at, node_id in enumerate(free[: count - len(before)])
    )
    return (*before, *added)


def add_event(region: Region, source: str, source_type: str, message: str) -> None:
    """Add an event."""
    events = region.store.of(DaxEvent)
    at = region.backend.clock.seconds()
    events.put(f"{len(events.records):012}", DaxEvent(source, source_type, message, at))
