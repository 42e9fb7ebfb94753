"""Resources that change a table: policies, Kinesis destinations, replicas, tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.templates import settings
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import text_of
from ddbmock._internal.templates.skipped import SkippedPart
from ddbmock._internal.templates.terraform.tables import tags_of

if TYPE_CHECKING:
    from ddbmock._internal.templates.contents import Contents
    from ddbmock._internal.templates.settings import Setting
    from ddbmock._internal.templates.terraform.resources import Resource

#: Returns the table's name or ARN, and the settings.
_Read = Callable[["Resource"], tuple[Any, "list[Setting]"]]


def add_related(resource: Resource, contents: Contents) -> None:
    """Add the settings that a resource applies to a table, or list it as skipped.

    Raises:
        FileError: An argument has another type.
    """
    read = _READERS.get(resource.kind)
    if read is None:
        reason = _REASONS.get(resource.kind, "ddbmock does not know this type")
        contents.skipped.append(SkippedPart(resource.address, reason))
        return
    try:
        named, found = read(resource)
    except UnresolvedError as error:
        contents.skipped.append(SkippedPart(resource.address, error.problem))
        return
    table_name = table_name_of(text_of(named, resource.location, "the table"))
    for each in found:
        if not contents.add_setting(table_name, each):
            problem = f"the template has no table {table_name}"
            contents.skipped.append(SkippedPart(resource.address, problem))


def _insights(resource: Resource) -> tuple[Any, list[Setting]]:
    values = resource.values
    members: dict[str, Any] = {"ContributorInsightsAction": "ENABLE"}
    if values.get("index_name"):
        members["IndexName"] = values["index_name"]
    if values.get("mode"):
        members["ContributorInsightsMode"] = values["mode"]
    found = settings.setting(
        resource.address, "UpdateContributorInsights", members, resource.location
    )
    return values.get("table_name"), [found]


def _kinesis(resource: Resource) -> tuple[Any, list[Setting]]:
    values = resource.values
    members = {
        "StreamArn": values.get("stream_arn"),
        "ApproximateCreationDateTimePrecision": values.get(
            "approximate_creation_date_time_precision"
        ),
    }
    found = settings.kinesis_destination(resource.address, members, resource.location)
    return values.get("table_name"), found


def _policy(resource: Resource) -> tuple[Any, list[Setting]]:
    arn = text_of(resource.values.get("resource_arn"), resource.location, "resource_arn")
    policy = resource.values.get("policy")
    found = settings.resource_policy(resource.address, policy, resource.location)
    return arn, [replace(each, is_of_stream="/stream/" in arn) for each in found]


def _replica(resource: Resource) -> tuple[Any, list[Setting]]:
    values = resource.values
    if not values.get("region"):
        raise UnresolvedError(resource.location, f"{resource.address}.region")
    members = {
        "RegionName": values["region"],
        "KMSMasterKeyId": values.get("kms_key_arn"),
        "TableClassOverride": values.get("table_class_override"),
    }
    found = settings.replica(resource.address, members, resource.location)
    return values.get("global_table_arn"), [found]


def _tag(resource: Resource) -> tuple[Any, list[Setting]]:
    values = resource.values
    tags = tags_of({"tags": {str(values.get("key")): values.get("value")}}, resource.location)
    found = settings.setting(resource.address, "TagResource", {"Tags": tags}, resource.location)
    return values.get("resource_arn"), [found]


_READERS: dict[str, _Read] = {
    "aws_dynamodb_contributor_insights": _insights,
    "aws_dynamodb_kinesis_streaming_destination": _kinesis,
    "aws_dynamodb_resource_policy": _policy,
    "aws_dynamodb_table_replica": _replica,
    "aws_dynamodb_tag": _tag,
}
_REASONS = {
    "aws_dynamodb_table_export": "the items are in the mock; ddb.dump(...) writes them",
}
