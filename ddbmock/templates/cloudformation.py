"""Tables of CloudFormation and SAM templates.

`AWS::DynamoDB::Table`, `AWS::DynamoDB::GlobalTable` and `AWS::Serverless::SimpleTable`. A global
table is made in one region, as the replica of that region is set; its other replicas are left out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_DynamoDB.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.located import LocatedDict, location_of, location_of_key
from ddbmock.templates.fitting import boolean_of, create_table_request
from ddbmock.templates.intrinsics import TABLE_TYPES, Resolver
from ddbmock.templates.tables import TableSpec

if TYPE_CHECKING:
    from ddbmock.templates.options import TemplateOptions

Properties = dict[str, Any]

#: Properties that are members of CreateTable as they are.
_AS_THEY_ARE = {
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "TableClass",
    "Tags",
    "WarmThroughput",
}
#: Properties of things beside the table that tests of a table can do without.
_LEFT_OUT = {
    "ContributorInsightsSpecification",
    "GlobalTableSourceArn",
    "GlobalTableWitnesses",
    "KinesisStreamSpecification",
    "MultiRegionConsistency",
    "PointInTimeRecoverySpecification",
    "ReplicaStreamSpecification",
    "ResourcePolicy",
}


def is_template(document: Any) -> bool:
    """Return whether a document is a CloudFormation or SAM template."""
    if not isinstance(document, Mapping) or not isinstance(document.get("Resources"), Mapping):
        return False
    return "AWSTemplateFormatVersion" in document or any(
        isinstance(resource, Mapping) and "Type" in resource
        for resource in document["Resources"].values()
    )


def template_tables(
    template: Mapping[str, Any],
    source: str,
    options: TemplateOptions,
    resolver: Resolver | None = None,
) -> list[TableSpec]:
    """Return the tables of a template whose conditions hold.

    Raises:
        FileError: What a table says cannot be resolved, or is no table.
    """
    resolver = resolver or Resolver(template, source, options)
    specs = []
    for logical_name, resource in resolver.section("Resources").items():
        if str(logical_name).startswith("Fn::"):
            location = location_of(resource, location_of(template, Location(source)))
            raise FileError(location, messages.unresolvable_function(logical_name))
        if not isinstance(resource, Mapping) or resource.get("Type") not in TABLE_TYPES:
            continue
        if "Condition" in resource and not resolver.condition(resource["Condition"]):
            continue
        specs.append(_Reader(resolver, source, options, logical_name, resource).spec(template))
    return specs


class _Reader:
    """Reads one resource."""

    def __init__(
        self,
        resolver: Resolver,
        source: str,
        options: TemplateOptions,
        logical_name: str,
        resource: Mapping[str, Any],
    ) -> None:
        self._resolver = resolver
        self._options = options
        self._logical_name = logical_name
        self._resource = resource
        self._place = location_of(resource, Location(source, None, logical_name))
        self._left_out: list[str] = []

    def spec(self, template: Mapping[str, Any]) -> TableSpec:
        kind = self._resource["Type"]
        properties = self._resolver.resolve(self._resource.get("Properties") or {})
        if kind == "AWS::Serverless::SimpleTable":
            properties = _simple_table({**_sam_globals(template, self._resolver), **properties})
        elif kind == "AWS::DynamoDB::GlobalTable":
            properties = self._global_table(properties)
        name = self._resolver.table_name(self._logical_name)
        members = self._members({**properties, "TableName": name})
        time_to_live = members.pop("TimeToLive", None)
        request = create_table_request(members, self._place)
        return TableSpec(
            self._logical_name, request, self._place, time_to_live, tuple(self._left_out)
        )

    def _members(self, properties: Properties) -> LocatedDict:
        members = LocatedDict(TableName=properties.pop("TableName"))
        members.key_lines = getattr(self._resource.get("Properties"), "key_lines", {})
        for name, value in properties.items():
            if name in _AS_THEY_ARE:
                members[name] = value
            elif name in _LEFT_OUT:
                self._left_out.append(name)
            elif name == "StreamSpecification":
                members[name] = self._stream(value)
            elif name == "SSESpecification":
                members[name] = _encryption(value)
            elif name == "TimeToLiveSpecification":
                members.update(self._time_to_live(value))
            elif name == "ImportSourceSpecification":
                raise FileError(self._place_of(name, value), messages.import_refused(name))
            else:
                raise FileError(self._place_of(name, value), messages.unknown_property(name))
        if "GlobalSecondaryIndexes" in members:
            members["GlobalSecondaryIndexes"] = self._global_indexes(
                members["GlobalSecondaryIndexes"]
            )
        return members

    def _place_of(self, name: str, value: Any) -> Location:
        properties = self._resource.get("Properties")
        return location_of(value, location_of_key(properties, name, self._place))

    def _global_indexes(self, indexes: Any) -> Any:
        if not isinstance(indexes, list):
            return indexes
        return [
            {name: value for name, value in index.items() if not self._leaves_out(name)}
            if isinstance(index, Mapping)
            else index
            for index in indexes
        ]

    def _leaves_out(self, name: str) -> bool:
        if name == "ContributorInsightsSpecification":
            self._left_out.append(name)
            return True
        return False

    def _stream(self, specification: Any) -> Any:
        if not isinstance(specification, Mapping):
            return specification
        members = {"StreamEnabled": True, **specification}
        if members.pop("ResourcePolicy", None) is not None:
            self._left_out.append("StreamSpecification.ResourcePolicy")
        return members

    def _time_to_live(self, specification: Any) -> Properties:
        name = "TimeToLiveSpecification"
        location = self._place_of(name, specification)
        if not isinstance(specification, Mapping):
            raise FileError(location, messages.wrong_property(name, "an object", specification))
        if not boolean_of(specification.get("Enabled", False), location, f"{name}.Enabled"):
            return {}
        attribute_name = str(specification.get("AttributeName", ""))
        return {"TimeToLive": {"AttributeName": attribute_name, "Enabled": True}}

    def _global_table(self, properties: Properties) -> Properties:
        replicas = properties.pop("Replicas", None) or []
        here = [r for r in replicas if r.get("Region") == self._options.region] or replicas[:1]
        for replica in replicas:
            if replica not in here:
                self._left_out.append(f"replica in {replica.get('Region')}")
        of_replica = _of_replica(here[0] if here else {}, properties)
        members = {**_without_settings(properties), **of_replica}
        if len(replicas) > 1:
            # CloudFormation needs it for the replicas, and so does DynamoDB.
            members.setdefault("StreamSpecification", {"StreamViewType": "NEW_AND_OLD_IMAGES"})
        return members


def _of_replica(replica: Mapping[str, Any], properties: Properties) -> Properties:
    """Return what a replica and the table's write settings say, as a single table says it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
    """
    members = {
        name: value
        for name, value in replica.items()
        if name not in {"Region", "GlobalSecondaryIndexes", "SSESpecification", *_READ_SETTINGS}
    }
    if "SSESpecification" in replica and "SSESpecification" in properties:
        members["SSESpecification"] = {
            **properties["SSESpecification"],
            **replica["SSESpecification"],
        }
    members |= _capacity(properties, replica)
    indexes_here = {
        index.get("IndexName"): index for index in replica.get("GlobalSecondaryIndexes") or ()
    }
    indexes = properties.get("GlobalSecondaryIndexes")
    if indexes:
        members["GlobalSecondaryIndexes"] = [
            {
                **_without_settings(index),
                **_capacity(index, indexes_here.get(index.get("IndexName"), {})),
            }
            for index in indexes
        ]
    return members


_READ_SETTINGS = ("ReadProvisionedThroughputSettings", "ReadOnDemandThroughputSettings")
_SETTINGS = (
    "WriteProvisionedThroughputSettings",
    "WriteOnDemandThroughputSettings",
    *_READ_SETTINGS,
)


def _without_settings(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if name not in _SETTINGS}


def _capacity(written: Mapping[str, Any], read: Mapping[str, Any]) -> Properties:
    capacity: Properties = {}
    write_settings = written.get("WriteProvisionedThroughputSettings")
    if write_settings is not None:
        read_settings = read.get("ReadProvisionedThroughputSettings") or {}
        capacity["ProvisionedThroughput"] = {
            "ReadCapacityUnits": read_settings.get("ReadCapacityUnits")
            or _least(read_settings.get("ReadCapacityAutoScalingSettings")),
            "WriteCapacityUnits": _least(write_settings.get("WriteCapacityAutoScalingSettings")),
        }
    limits = {
        **(written.get("WriteOnDemandThroughputSettings") or {}),
        **(written.get("ReadOnDemandThroughputSettings") or {}),
        **(read.get("ReadOnDemandThroughputSettings") or {}),
    }
    if limits:
        capacity["OnDemandThroughput"] = limits
    return capacity


def _least(settings: Mapping[str, Any] | None) -> Any:
    """Return what autoscaling begins with."""
    settings = settings or {}
    return settings.get("SeedCapacity") or settings.get("MinCapacity") or 1


def _encryption(specification: Any) -> Any:
    if not isinstance(specification, Mapping):
        return specification
    members = dict(specification)
    if "SSEEnabled" in members:
        members["Enabled"] = members.pop("SSEEnabled")
    return members


# --- SAM -----------------------------------------------------------------------------------------

_SAM_TYPES = {"String": "S", "Number": "N", "Binary": "B"}


def _sam_globals(template: Mapping[str, Any], resolver: Resolver) -> Properties:
    section = template.get("Globals") or {}
    resolved: Properties = resolver.resolve(section.get("SimpleTable") or {})
    return resolved


def _simple_table(properties: Properties) -> Properties:
    """Return a simple table's properties as those of a table.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
    """
    members = dict(properties)
    key = members.pop("PrimaryKey", None) or {"Name": "id", "Type": "String"}
    kind = str(key.get("Type"))
    members["AttributeDefinitions"] = [
        {"AttributeName": key.get("Name"), "AttributeType": _SAM_TYPES.get(kind, kind)}
    ]
    members["KeySchema"] = [{"AttributeName": key.get("Name"), "KeyType": "HASH"}]
    if "ProvisionedThroughput" not in members:
        members["BillingMode"] = "PAY_PER_REQUEST"
    if isinstance(members.get("Tags"), Mapping):
        members["Tags"] = [{"Key": k, "Value": v} for k, v in members["Tags"].items()]
    return members
