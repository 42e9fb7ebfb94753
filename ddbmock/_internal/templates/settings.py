"""Settings of a table that CreateTable does not have, as the requests that apply them.

A setting is applied where ddbmock supports its operation, and is listed as skipped otherwise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.requests import unsupported_reason
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.templates.shapes import (
    boolean_of,
    is_modelled,
    mapping_of,
    text_of,
    typed_request,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Request = dict[str, Any]

#: Operations whose requests name the table by its ARN.
_ABOUT_ARNS = {"PutResourcePolicy", "TagResource"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A request that changes an existing table."""

    #: Its name in the template.
    name: str
    operation: str
    #: The request without the table's name or ARN, which is added when it is sent.
    request: Request
    location: Location
    #: The region that it is sent to; None for the region of the table.
    region: str | None = None
    #: Whether the request names the stream instead of the table.
    is_of_stream: bool = False

    @property
    def reason_skipped(self) -> str | None:
        """Why ddbmock does not apply this setting; None if it does."""
        if not is_modelled(self.operation, *self.request):
            return f"the installed botocore does not have {self.operation} with all parameters"
        return unsupported_reason(self.operation, [*self.request, self.table_member])

    @property
    def table_member(self) -> str:
        """The member of the request that names the table."""
        return "ResourceArn" if self.operation in _ABOUT_ARNS else "TableName"


def setting(
    name: str,
    operation: str,
    members: Mapping[str, Any],
    location: Location,
    region: str | None = None,
) -> Setting:
    """Return a setting whose request has the types of the API.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    if is_modelled(operation, *members):
        request = typed_request(operation, members, location)
    else:
        request = dict(members)  # it will be skipped
    return Setting(name, operation, request, location, region)


def time_to_live(name: str, specification: Any, location: Location) -> list[Setting]:
    """Return the setting for a TimeToLiveSpecification; none if it is disabled."""
    members = mapping_of(specification, location, name)
    if not boolean_of(members.get("Enabled", False), location, f"{name}.Enabled"):
        return []
    request = {"TimeToLiveSpecification": {**members, "Enabled": True}}
    return [setting(name, "UpdateTimeToLive", request, location)]


def point_in_time_recovery(name: str, specification: Any, location: Location) -> list[Setting]:
    """Return the setting for a PointInTimeRecoverySpecification; none if it is disabled."""
    members = mapping_of(specification, location, name)
    switch = "PointInTimeRecoveryEnabled"
    if not boolean_of(members.get(switch, False), location, f"{name}.{switch}"):
        return []
    request = {"PointInTimeRecoverySpecification": members}
    return [setting(name, "UpdateContinuousBackups", request, location)]


def contributor_insights(name: str, specification: Any, location: Location) -> list[Setting]:
    """Return the setting for a ContributorInsightsSpecification; none if it is disabled."""
    members = mapping_of(specification, location, name)
    if not boolean_of(members.get("Enabled", False), location, f"{name}.Enabled"):
        return []
    request: Request = {"ContributorInsightsAction": "ENABLE"}
    if members.get("Mode") is not None:
        request["ContributorInsightsMode"] = members["Mode"]
    return [setting(name, "UpdateContributorInsights", request, location)]


def kinesis_destination(name: str, specification: Any, location: Location) -> list[Setting]:
    """Return the setting for a KinesisStreamSpecification."""
    members = mapping_of(specification, location, name)
    request: Request = {"StreamArn": members.get("StreamArn")}
    precision = members.get("ApproximateCreationDateTimePrecision")
    if precision is not None:
        request["EnableKinesisStreamingConfiguration"] = {
            "ApproximateCreationDateTimePrecision": precision
        }
    return [setting(name, "EnableKinesisStreamingDestination", request, location)]


def resource_policy(name: str, policy: Any, location: Location) -> list[Setting]:
    """Return the setting for a resource policy, a document or its text."""
    text = policy if isinstance(policy, str) else json.dumps(policy, default=_json_value)
    return [setting(name, "PutResourcePolicy", {"Policy": text}, location)]


def replica(name: str, members: Mapping[str, Any], location: Location) -> Setting:
    """Return the setting that adds a replica: the members of CreateReplicationGroupMemberAction."""
    text_of(members.get("RegionName"), location, f"{name}.RegionName")
    return setting(name, "UpdateTable", {"ReplicaUpdates": [{"Create": members}]}, location)


def _json_value(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)


def refused_source(location: Location, name: str) -> FileError:
    """Return the error for a table that would be filled from a backup."""
    return FileError(
        location,
        f"{name}: ddbmock does not fill a table of a template from a backup; take it out, and load"
        " the data with ddb.load(...)",
    )
