"""The auto scaling of a global table's capacity, as the request that configures it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-globaltable-capacityautoscalingsettings.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates import settings
from ddbmock._internal.templates.shapes import mapping_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.templates.cloudformation.tables import TableReader
    from ddbmock._internal.templates.settings import Setting

Properties = Mapping[str, Any]

WRITES, READS = "WriteProvisionedThroughputSettings", "ReadProvisionedThroughputSettings"
_INDEXES = "GlobalSecondaryIndexes"
_TRACKING = "TargetTrackingScalingPolicyConfiguration"


def scaling_of(reader: TableReader, replicas: Mapping[str, Properties]) -> list[Setting]:
    """Return the setting that scales a global table, if any part of it is scaled.

    Args:
        reader: The reader of the table.
        replicas: The properties of all replicas by region.
    """
    table = reader.resource.properties
    request: dict[str, Any] = {}
    writes = _scaling(reader, table, WRITES)
    if writes:
        request["ProvisionedWriteCapacityAutoScalingUpdate"] = writes
    indexes = [
        {"IndexName": name, "ProvisionedWriteCapacityAutoScalingUpdate": scaling}
        for name, index in _indexes(reader, table).items()
        if (scaling := _scaling(reader, index, WRITES))
    ]
    if indexes:
        request["GlobalSecondaryIndexUpdates"] = indexes
    updates = [
        {"RegionName": region, **update}
        for region, replica in replicas.items()
        if (update := _of_replica(reader, replica))
    ]
    if updates:
        request["ReplicaUpdates"] = updates
    if not request:
        return []
    location = reader.location_of("Replicas")
    name = "the auto scaling of the replicas"
    return [settings.setting(name, "UpdateTableReplicaAutoScaling", request, location)]


def _of_replica(reader: TableReader, replica: Properties) -> dict[str, Any]:
    """Return the scaling of a replica's reads: its own, or that of the table."""
    table = reader.resource.properties
    update: dict[str, Any] = {}
    reads = _scaling(reader, replica, READS) or _scaling(reader, table, READS)
    if reads:
        update["ReplicaProvisionedReadCapacityAutoScalingUpdate"] = reads
    own, of_table = _indexes(reader, replica), _indexes(reader, table)
    indexes = []
    for name, index in of_table.items():
        scaling = _scaling(reader, own.get(name, {}), READS) or _scaling(reader, index, READS)
        if scaling:
            indexes.append({"IndexName": name, "ProvisionedReadCapacityAutoScalingUpdate": scaling})
    if indexes:
        update["ReplicaGlobalSecondaryIndexUpdates"] = indexes
    return update


def _indexes(reader: TableReader, container: Properties) -> dict[str, Properties]:
    found: Iterable[Properties] = reader.resource.elements(_INDEXES, container)
    return {
        str(reader.resource.resolve(index.get("IndexName"), _INDEXES)): index for index in found
    }


def _scaling(reader: TableReader, container: Properties, name: str) -> dict[str, Any]:
    """Return the scaling in throughput settings; empty if there is none."""
    kind = "Write" if name == WRITES else "Read"
    throughput = _resolved(reader, container, name)
    found = _resolved(reader, throughput, f"{kind}CapacityAutoScalingSettings")
    if not found:
        return {}
    return {
        "MinimumUnits": found.get("MinCapacity"),
        "MaximumUnits": found.get("MaxCapacity"),
        "ScalingPolicyUpdate": {_TRACKING: _resolved(reader, found, _TRACKING)},
    }


def _resolved(reader: TableReader, container: Properties, name: str) -> Properties:
    value = reader.resource.resolve(container.get(name), "Replicas")
    return {} if value is None else mapping_of(value, reader.location, name)
