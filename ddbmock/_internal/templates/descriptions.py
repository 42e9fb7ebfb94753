"""Tables as the AWS CLI prints and reads them: descriptions, and requests of CreateTable.

| the document | is |
|---|---|
| `{"Table": {...}}` | the output of `aws dynamodb describe-table` |
| `{"TableDescription": {...}}` | the output of `create-table`, `delete-table` and others |
| `{"TableName": ..., "KeySchema": ...}` | the input of `create-table`, or a description |
| a list of these | several tables |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import LocatedDict, location_of
from ddbmock._internal.service_model import service_model
from ddbmock._internal.templates import settings
from ddbmock._internal.templates.cloudformation.loops import copy_location
from ddbmock._internal.templates.contents import Contents, TableSpec
from ddbmock._internal.templates.shapes import list_of, mapping_of, text_of, typed_request

if TYPE_CHECKING:
    from ddbmock._internal.templates.settings import Setting

_WRAPPERS = ("Table", "TableDescription")
#: The warm throughput of every on-demand table, which descriptions contain unasked.
_DEFAULT_WARM_THROUGHPUT = {"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 4_000}


def is_description(document: Any) -> bool:
    """Return whether a document describes a table, or is a list of descriptions."""
    if isinstance(document, list):
        return bool(document) and all(map(is_description, document))
    if not isinstance(document, Mapping):
        return False
    wrapped = _unwrapped(document)
    return isinstance(wrapped, Mapping) and "TableName" in wrapped and "KeySchema" in wrapped


def _unwrapped(document: Mapping[str, Any]) -> Any:
    for wrapper in _WRAPPERS:
        if wrapper in document:
            return document[wrapper]
    return document


def described_tables(document: Any, source: str) -> Contents:
    """Return the tables that a document describes.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    documents = document if isinstance(document, list) else [document]
    tables = [_unwrapped(each) for each in documents]
    return Contents(specs=[_spec(table, source) for table in tables])


def _spec(table: Mapping[str, Any], source: str) -> TableSpec:
    name = text_of(table["TableName"], Location(source), "TableName")
    location = location_of(table, Location(source, None, name))
    location = Location(location.source, location.line_number, name)
    is_description = "TableStatus" in table or "TableArn" in table
    members = _request_members(table, location) if is_description else LocatedDict(table)
    copy_location(table, members)
    followed = [*_policy(members, location), *_replicas(table, location)]
    return TableSpec(
        name, typed_request("CreateTable", members, location), location, tuple(followed)
    )


def _request_members(table: Mapping[str, Any], location: Location) -> LocatedDict:
    """Return the members of CreateTable that create a table of this description."""
    members = LocatedDict()
    of_request = service_model("dynamodb").operation_model("CreateTable").input_shape.members
    of_description = service_model("dynamodb").shape_for("TableDescription").members
    for name, value in table.items():
        if name in _READERS:
            members.update(_READERS[name](value, location))
        elif name in of_request and name != "GlobalTableSettingsReplicationMode":
            members[name] = _without_status(value, of_request[name])
        elif name not in of_description and not name.endswith("DateTime"):
            raise FileError(location, f"unknown member of a table's description: {name}")
    if "BillingMode" not in members and _is_on_demand(members):
        members["BillingMode"] = "PAY_PER_REQUEST"
    if members.get("BillingMode") == "PAY_PER_REQUEST":
        _drop_zero_throughput(members)
    return members


def _without_status(value: Any, shape: Any) -> Any:
    """Return the parts of a value that requests can have: no sizes, statuses and times."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        inner = LocatedDict(
            (name, _without_status(content, shape.members[name]))
            for name, content in value.items()
            if name in shape.members and not _is_default(name, content)
        )
        copy_location(value, inner)
        return inner
    if shape.type_name == "list" and isinstance(value, list):
        return [_without_status(element, shape.member) for element in value]
    return value


def _is_default(name: str, value: Any) -> bool:
    return (
        name == "WarmThroughput"
        and isinstance(value, Mapping)
        and {key: value.get(key) for key in _DEFAULT_WARM_THROUGHPUT} == _DEFAULT_WARM_THROUGHPUT
    )


def _is_on_demand(members: Mapping[str, Any]) -> bool:
    return _is_zero(members.get("ProvisionedThroughput"))


def _is_zero(throughput: Any) -> bool:
    return isinstance(throughput, Mapping) and throughput.get("ReadCapacityUnits") == 0


def _drop_zero_throughput(members: LocatedDict) -> None:
    indexes = members.get("GlobalSecondaryIndexes")
    for each in [members, *(indexes if isinstance(indexes, list) else [])]:
        if isinstance(each, dict) and _is_zero(each.get("ProvisionedThroughput")):
            del each["ProvisionedThroughput"]


def _billing_mode(value: Any, location: Location) -> dict[str, Any]:
    return {"BillingMode": mapping_of(value, location, "BillingModeSummary").get("BillingMode")}


def _table_class(value: Any, location: Location) -> dict[str, Any]:
    return {"TableClass": mapping_of(value, location, "TableClassSummary").get("TableClass")}


def _encryption(value: Any, location: Location) -> dict[str, Any]:
    description = mapping_of(value, location, "SSEDescription")
    members = {
        "Enabled": True,
        "SSEType": description.get("SSEType"),
        "KMSMasterKeyId": description.get("KMSMasterKeyArn"),
    }
    return {"SSESpecification": members}


def _warm_throughput(value: Any, location: Location) -> dict[str, Any]:
    members = {
        name: content
        for name, content in mapping_of(value, location, "WarmThroughput").items()
        if name in _DEFAULT_WARM_THROUGHPUT
    }
    return {} if _is_default("WarmThroughput", value) else {"WarmThroughput": members}


_READERS = {
    "BillingModeSummary": _billing_mode,
    "SSEDescription": _encryption,
    "TableClassSummary": _table_class,
    "WarmThroughput": _warm_throughput,
}


def _policy(members: LocatedDict, location: Location) -> list[Setting]:
    policy = members.pop("ResourcePolicy", None)
    return [] if policy is None else settings.resource_policy("ResourcePolicy", policy, location)


def _replicas(table: Mapping[str, Any], location: Location) -> Iterator[Setting]:
    shape = service_model("dynamodb").shape_for("CreateReplicationGroupMemberAction")
    for each in list_of(table.get("Replicas") or [], location, "Replicas"):
        description = mapping_of(each, location, "Replicas")
        members = _without_status(description, shape)
        summary = description.get("ReplicaTableClassSummary")
        if isinstance(summary, Mapping):
            members["TableClassOverride"] = summary.get("TableClass")
        yield settings.replica(f"the replica in {description.get('RegionName')}", members, location)
