"""SAM's AWS::Serverless::SimpleTable: a table with only a partition key.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import Location
from ddbmock._internal.templates.cloudformation.tables import TableReader, read_property
from ddbmock._internal.templates.shapes import mapping_of

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.cloudformation.stacks import Stack
    from ddbmock._internal.templates.contents import TableSpec

_TYPES = {"String": "S", "Number": "N", "Binary": "B"}


def simple_table_spec(
    resource: Resource, table_name: str, defaults: Mapping[str, Any]
) -> TableSpec:
    """Return the table that an AWS::Serverless::SimpleTable describes.

    Raises:
        FileError: A property cannot be resolved, or is unknown.
    """
    reader = TableReader(resource, table_name)
    reader.members.update(defaults)
    for name in resource.properties:
        if name == "Tags":
            reader.members[name] = _tags(reader)
        elif name != "PrimaryKey":
            read_property(reader, name)
    _read_key(reader, defaults.get("PrimaryKey"))
    reader.members.pop("PrimaryKey", None)
    if "ProvisionedThroughput" not in reader.members:
        reader.members["BillingMode"] = "PAY_PER_REQUEST"
    return reader.spec()


def globals_of(stack: Stack) -> Mapping[str, Any]:
    """Return the defaults for simple tables in a template's Globals section.

    Raises:
        FileError: They cannot be resolved.
    """
    location = Location(stack.source)
    section = stack.section("Globals").get("SimpleTable") or {}
    resolved = mapping_of(
        stack.resolver.resolve(section, location), location, "Globals.SimpleTable"
    )
    members = dict(resolved)
    specification = members.get("SSESpecification")
    if isinstance(specification, Mapping) and "SSEEnabled" in specification:
        members["SSESpecification"] = {"Enabled": specification["SSEEnabled"]}
    return members


def _read_key(reader: TableReader, default: Any) -> None:
    key = reader.property("PrimaryKey") or default or {"Name": "id", "Type": "String"}
    key = mapping_of(key, reader.location_of("PrimaryKey"), "PrimaryKey")
    kind = str(key.get("Type"))
    reader.members["AttributeDefinitions"] = [
        {"AttributeName": key.get("Name"), "AttributeType": _TYPES.get(kind, kind)}
    ]
    reader.members["KeySchema"] = [{"AttributeName": key.get("Name"), "KeyType": "HASH"}]


def _tags(reader: TableReader) -> Any:
    tags = reader.property("Tags")
    if isinstance(tags, Mapping):
        return [{"Key": key, "Value": value} for key, value in tags.items()]
    return tags
