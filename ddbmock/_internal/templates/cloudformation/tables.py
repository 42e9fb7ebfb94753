"""Converts a table's resource to the requests that create it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.located import LocatedDict
from ddbmock._internal.templates import settings
from ddbmock._internal.templates.cloudformation.loops import copy_location
from ddbmock._internal.templates.contents import TableSpec
from ddbmock._internal.templates.imports import imported
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import mapping_of, typed_request, unknown_property
from ddbmock._internal.templates.skipped import SkippedPart

if TYPE_CHECKING:
    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.settings import Setting

IMPORT = "ImportSourceSpecification"
INSIGHTS = "ContributorInsightsSpecification"
STREAM_POLICY = "StreamSpecification.ResourcePolicy"

#: Properties that are equal to members of CreateTable.
_MEMBERS = {
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "KeySchema",
    "LocalSecondaryIndexes",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "TableClass",
    "Tags",
    "VectorIndexes",
    "WarmThroughput",
}


class TableReader:
    """Reads one table's resource, property by property."""

    def __init__(self, resource: Resource, table_name: str) -> None:
        self.resource = resource
        self.location: Location = resource.location
        self.members: LocatedDict = LocatedDict(TableName=table_name)
        self.members.key_lines = getattr(resource.properties, "key_lines", {})
        self.settings: list[Setting] = []
        self.skipped: list[SkippedPart] = []
        #: The source of the table's items, in the form of ImportTable.
        self.source: Mapping[str, Any] | None = None

    def spec(self) -> TableSpec:
        """Return the table with everything that was read."""
        request = typed_request("CreateTable", self.members, self.location)
        spec = TableSpec(
            self.resource.logical_name,
            request,
            self.location,
            tuple(self.settings),
            skipped=tuple(self.skipped),
        )
        if self.source is None:
            return spec
        return imported(spec, self.source, self.location_of(IMPORT))

    def skip(self, name: str, reason: str) -> None:
        """Add a part that creating the table skips."""
        self.skipped.append(SkippedPart(f"{name} of {self.resource.logical_name}", reason))

    def property(self, name: str) -> Any:
        """Return a property of the resource, resolved."""
        return self.resource.value(name)

    def location_of(self, name: str) -> Location:
        """Return the location of a property."""
        return self.resource.location_of(name)


def table_spec(resource: Resource, table_name: str) -> TableSpec:
    """Return the table that an AWS::DynamoDB::Table describes.

    Raises:
        FileError: A property cannot be resolved, or is unknown.
    """
    reader = TableReader(resource, table_name)
    for name in resource.properties:
        read_property(reader, name)
    return reader.spec()


def read_property(reader: TableReader, name: str) -> None:
    """Read one property that tables have.

    Raises:
        FileError: It cannot be resolved, or is unknown.
    """
    if name in _MEMBERS:
        reader.members[name] = reader.property(name)
    elif name in _READERS:
        _READERS[name](reader, name)
    elif name != "TableName" and not read_setting(reader, reader.resource.properties, name):
        raise unknown_property(reader.location_of(name), name)


def read_setting(
    reader: TableReader,
    container: Mapping[str, Any],
    name: str,
    *,
    index_name: str | None = None,
    region: str | None = None,
) -> bool:
    """Read a property that is a setting of the table, an index or a replica, if it is one.

    Parts that cannot be resolved are skipped, because the table does not need them.
    """
    if name not in _SETTINGS:
        return False
    label = name if index_name is None else f"{name} of the index {index_name}"
    label = label if region is None else f"{label} of the replica in {region}"
    location = reader.location_of(name) if region is None else reader.location_of("Replicas")
    try:
        value = reader.resource.resolve(container[name], name)
        found = [] if value is None else _SETTINGS[name](label, value, location)
    except UnresolvedError as error:
        reader.skip(label, error.problem)
        return True
    for each in found:
        request = each.request if index_name is None else {**each.request, "IndexName": index_name}
        reader.settings.append(replace(each, request=request, region=region))
    return True


def read_global_indexes(reader: TableReader, name: str) -> None:
    """Read the global secondary indexes, and which of them have contributor insights."""
    reader.members[name] = [read_index(reader, index) for index in reader.resource.elements(name)]


def read_index(reader: TableReader, index: Mapping[str, Any]) -> LocatedDict:
    """Return a global secondary index without properties that CreateTable does not have."""
    inner = LocatedDict(index)
    copy_location(index, inner)
    inner.pop(INSIGHTS, None)
    resolved: LocatedDict = reader.resource.resolve(inner, "GlobalSecondaryIndexes")
    if INSIGHTS in index:
        read_setting(reader, index, INSIGHTS, index_name=str(resolved.get("IndexName")))
    return resolved


def _read_stream(reader: TableReader, name: str) -> None:
    specification = reader.resource.reveal(reader.resource.properties[name], name)
    if specification is None:
        return
    members = dict(mapping_of(specification, reader.location_of(name), name))
    policy = {STREAM_POLICY: members.pop("ResourcePolicy", None)}
    reader.members[name] = {"StreamEnabled": True, **reader.resource.resolve(members, name)}
    if policy[STREAM_POLICY] is not None:
        read_setting(reader, policy, STREAM_POLICY)


def _policy(name: str, value: Any, location: Location) -> list[Setting]:
    document = mapping_of(value, location, name).get("PolicyDocument")
    return settings.resource_policy(name, document, location)


def _stream_policy(name: str, value: Any, location: Location) -> list[Setting]:
    return [replace(each, is_of_stream=True) for each in _policy(name, value, location)]


def _read_encryption(reader: TableReader, name: str) -> None:
    reader.members[name] = encryption(reader.property(name))


def encryption(specification: Any) -> Any:
    """Return an SSESpecification of CloudFormation in the form of the API."""
    if not isinstance(specification, Mapping):
        return specification
    members = dict(specification)
    if "SSEEnabled" in members:
        members["Enabled"] = members.pop("SSEEnabled")
    return members


def _read_global_table_source(reader: TableReader, name: str) -> None:
    reader.skip(name, "the table is created by itself, as a template is of one account")


def _read_import(reader: TableReader, name: str) -> None:
    source = reader.property(name)
    if source is not None:
        reader.source = mapping_of(source, reader.location_of(name), name)


_READERS: dict[str, Callable[[TableReader, str], None]] = {
    "GlobalSecondaryIndexes": read_global_indexes,
    "GlobalTableSourceArn": _read_global_table_source,
    IMPORT: _read_import,
    "SSESpecification": _read_encryption,
    "StreamSpecification": _read_stream,
}
_SETTINGS: dict[str, Callable[[str, Any, Location], list[Setting]]] = {
    INSIGHTS: settings.contributor_insights,
    "KinesisStreamSpecification": settings.kinesis_destination,
    "PointInTimeRecoverySpecification": settings.point_in_time_recovery,
    "ResourcePolicy": _policy,
    STREAM_POLICY: _stream_policy,
    "TimeToLiveSpecification": settings.time_to_live,
}
