"""Global tables: a table in the mock's region, and its replicas in other regions.

The table is created as the replica of `region=` is set, or else the first one.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates import settings
from ddbmock._internal.templates.cloudformation.scaling import READS, WRITES, scaling_of
from ddbmock._internal.templates.cloudformation.tables import (
    INSIGHTS,
    STREAM_POLICY,
    TableReader,
    encryption,
    read_index,
    read_property,
    read_setting,
)
from ddbmock._internal.templates.shapes import mapping_of, text_of, unknown_property

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.contents import TableSpec

Properties = Mapping[str, Any]

_WRITE_LIMIT, _READ_LIMIT = "WriteOnDemandThroughputSettings", "ReadOnDemandThroughputSettings"
_THROUGHPUT = (WRITES, READS, _WRITE_LIMIT, _READ_LIMIT)
#: Properties that are read together with the replicas.
_OF_THE_GROUP = {
    "GlobalTableSettingsReplicationMode",
    "GlobalTableWitnesses",
    "MultiRegionConsistency",
    "Replicas",
}
#: Properties of a replica that are members of CreateTable.
_REPLICA_MEMBERS = {"DeletionProtectionEnabled", "TableClass", "Tags"}
_REPLICA_OPERATIONS = {"DeletionProtectionEnabled": "UpdateTable", "Tags": "TagResource"}
_MODE_REASON = "it is for replicas in other accounts, which ddbmock does not have"
#: Properties of a replica that are parameters of its creation.
_REPLICA_CREATION = {"GlobalSecondaryIndexes", "Region", "SSESpecification", *_THROUGHPUT}


def global_table_spec(resource: Resource, table_name: str, region: str) -> TableSpec:
    """Return the table that an AWS::DynamoDB::GlobalTable describes.

    Raises:
        FileError: A property cannot be resolved, or is unknown.
    """
    reader = TableReader(resource, table_name)
    replicas = {_region_of(reader, each): each for each in resource.elements("Replicas")}
    region_here = region if region in replicas else next(iter(replicas), region)
    everywhere = dict(replicas)
    here = replicas.pop(region_here, {})
    if region_here != region:
        reason = "the table is created in the region of the mock, with the settings of this replica"
        reader.skip(f"the replica in {region_here}", reason)
    for name in resource.properties:
        if name not in {*_OF_THE_GROUP, *_THROUGHPUT, "GlobalSecondaryIndexes"}:
            read_property(reader, name)
    _read_throughput(reader, here)
    _read_indexes(reader, here)
    _read_replica_here(reader, here)
    if replicas and reader.property("MultiRegionConsistency") != "STRONG":
        # CloudFormation needs it for the replicas, and DynamoDB enables it.
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        reader.members.setdefault("StreamSpecification", stream)
    _add_replicas(reader, replicas)
    for replica_region, replica in replicas.items():
        _read_replica_elsewhere(reader, replica, replica_region)
    if replicas:
        reader.skipped = [each for each in reader.skipped if not _is_scaling(each.name)]
        reader.settings += scaling_of(reader, everywhere)
    return reader.spec()


def _is_scaling(name: str) -> bool:
    return name.split(maxsplit=1)[0] in {
        "WriteCapacityAutoScalingSettings",
        "ReadCapacityAutoScalingSettings",
    }


def _region_of(reader: TableReader, replica: Properties) -> str:
    name = "Replicas"
    return text_of(_value(reader, replica, "Region"), reader.location_of(name), f"{name}.Region")


def _value(reader: TableReader, container: Properties, name: str) -> Any:
    """Return a property of a replica, resolved; None if it is absent."""
    return reader.resource.resolve(container.get(name), "Replicas")


def _settings(reader: TableReader, container: Properties, name: str) -> Properties:
    value = _value(reader, container, name)
    return {} if value is None else mapping_of(value, reader.location, name)


# --- throughput ----------------------------------------------------------------------------------


def _read_throughput(reader: TableReader, replica: Properties) -> None:
    reader.members.update(_throughput(reader, reader.resource.properties, replica))


def _throughput(reader: TableReader, written: Properties, read: Properties) -> dict[str, Any]:
    """Return the throughput of a table or index; that of reads is set for each replica."""
    members: dict[str, Any] = {}
    writes = _settings(reader, written, WRITES)
    reads = _settings(reader, read, READS) or _settings(reader, written, READS)
    if writes or reads:
        members["ProvisionedThroughput"] = {
            "ReadCapacityUnits": _units(reader, reads, "Read"),
            "WriteCapacityUnits": _units(reader, writes, "Write"),
        }
    limits = {
        **_settings(reader, written, _WRITE_LIMIT),
        **_settings(reader, written, _READ_LIMIT),
        **_settings(reader, read, _READ_LIMIT),
    }
    if limits:
        members["OnDemandThroughput"] = limits
    return members


def _units(reader: TableReader, throughput: Properties, kind: str) -> Any:
    """Return the configured units, or those that auto scaling begins with."""
    units = throughput.get(f"{kind}CapacityUnits")
    name = f"{kind}CapacityAutoScalingSettings"
    scaling = throughput.get(name)
    if units is not None or scaling is None:
        return units or 1
    scaling = mapping_of(scaling, reader.location, name)
    units = scaling.get("SeedCapacity") or scaling.get("MinCapacity") or 1
    reader.skip(name, f"ddbmock does not scale; the throughput is {units}")
    return units


def _read_indexes(reader: TableReader, replica: Properties) -> None:
    name = "GlobalSecondaryIndexes"
    of_replica = {
        str(_value(reader, index, "IndexName")): index
        for index in reader.resource.elements(name, replica)
    }
    for index in reader.resource.elements(name):
        own = {key: value for key, value in index.items() if key not in _THROUGHPUT}
        read = read_index(reader, own)
        here = of_replica.get(str(read.get("IndexName")), {})
        read.update(_throughput(reader, index, here))
        reader.members.setdefault(name, []).append(read)
        if INSIGHTS in here:
            read_setting(reader, here, INSIGHTS, index_name=str(read.get("IndexName")))


# --- replicas ------------------------------------------------------------------------------------


def _read_replica_here(reader: TableReader, replica: Properties) -> None:
    for name in replica:
        if name in _REPLICA_MEMBERS:
            reader.members[name] = _value(reader, replica, name)
        elif name == "SSESpecification":
            key = encryption(_settings(reader, replica, name))
            reader.members[name] = {**(reader.members.get(name) or {"Enabled": True}), **key}
        elif name not in _REPLICA_CREATION:
            _read_replica_setting(reader, replica, name)


def _read_replica_elsewhere(reader: TableReader, replica: Properties, region: str) -> None:
    for name in replica:
        if name in _REPLICA_OPERATIONS:
            reader.settings.append(
                settings.setting(
                    f"{name} of the replica in {region}",
                    _REPLICA_OPERATIONS[name],
                    {name: _value(reader, replica, name)},
                    reader.location_of("Replicas"),
                    region,
                )
            )
        elif name not in {"TableClass", *_REPLICA_CREATION}:
            _read_replica_setting(reader, replica, name, region)


def _read_replica_setting(
    reader: TableReader, replica: Properties, name: str, region: str | None = None
) -> None:
    if name == "ReplicaStreamSpecification":
        inner = reader.resource.reveal(replica[name], "Replicas")
        inner = mapping_of(inner, reader.location_of("Replicas"), name)
        if "ResourcePolicy" in inner:
            policy = {STREAM_POLICY: inner["ResourcePolicy"]}
            read_setting(reader, policy, STREAM_POLICY, region=region)
    elif name == "GlobalTableSettingsReplicationMode":
        reader.skip(name, _MODE_REASON)
    elif not read_setting(reader, replica, name, region=region):
        raise unknown_property(reader.location_of("Replicas"), f"Replicas.{name}")


def _add_replicas(reader: TableReader, replicas: Mapping[str, Properties]) -> None:
    group = _group_members(reader)
    creations = [
        (region, _creation(reader, region, replica)) for region, replica in replicas.items()
    ]
    location = reader.location_of("Replicas")
    if group:
        # Strong consistency is set up by one request for all replicas.
        updates = [{"Create": members} for _, members in creations]
        name = f"the replicas in {', '.join(replicas) or 'no region'}"
        request = {"ReplicaUpdates": updates, **group} if updates else group
        reader.settings.append(settings.setting(name, "UpdateTable", request, location))
        return
    for region, members in creations:
        reader.settings.append(settings.replica(f"the replica in {region}", members, location))


def _group_members(reader: TableReader) -> dict[str, Any]:
    members: dict[str, Any] = {}
    consistency = reader.property("MultiRegionConsistency")
    if consistency not in {None, "EVENTUAL"}:
        members["MultiRegionConsistency"] = consistency
    witnesses = reader.resource.elements("GlobalTableWitnesses")
    if witnesses:
        members["GlobalTableWitnessUpdates"] = [
            {"Create": {"RegionName": _value(reader, witness, "Region")}} for witness in witnesses
        ]
    mode = reader.property("GlobalTableSettingsReplicationMode")
    if mode is not None:
        reader.skip("GlobalTableSettingsReplicationMode", _MODE_REASON)
    return members


def _creation(reader: TableReader, region: str, replica: Properties) -> dict[str, Any]:
    """Return the members of the action that creates a replica.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateReplicationGroupMemberAction.html
    """
    members: dict[str, Any] = {"RegionName": region, **_read_overrides(reader, replica)}
    key = _settings(reader, replica, "SSESpecification").get("KMSMasterKeyId")
    if key is not None:
        members["KMSMasterKeyId"] = key
    table_class = _value(reader, replica, "TableClass")
    if table_class is not None:
        members["TableClassOverride"] = table_class
    indexes = [
        {"IndexName": _value(reader, index, "IndexName"), **overrides}
        for index in reader.resource.elements("GlobalSecondaryIndexes", replica)
        if (overrides := _read_overrides(reader, index))
    ]
    if indexes:
        members["GlobalSecondaryIndexes"] = indexes
    return members


def _read_overrides(reader: TableReader, replica: Properties) -> dict[str, Any]:
    members: dict[str, Any] = {}
    reads = _settings(reader, replica, READS)
    if reads:
        members["ProvisionedThroughputOverride"] = {
            "ReadCapacityUnits": _units(reader, reads, "Read")
        }
    limits = _settings(reader, replica, _READ_LIMIT)
    if limits:
        members["OnDemandThroughputOverride"] = limits
    return members
