"""Auto scaling and alarms of a template, as requests to their services.

They are sent to a mock that has these services (`autoscaling=True`, `metrics=True`); for others
they are skipped, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.requests import canonical
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.service_model import service_model
from ddbmock._internal.templates.shapes import typed
from ddbmock._internal.templates.skipped import SkippedPart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.formats.file_errors import Location

SCALING, CLOUDWATCH = "application-autoscaling", "cloudwatch"
DYNAMODB = "dynamodb"
#: Service -> the mock's option that enables it.
_OPTIONS = {SCALING: "autoscaling", CLOUDWATCH: "metrics"}
#: The order of the requests: a policy needs its target.
_ORDER = ("RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction", "PutMetricAlarm")
_NAMESPACES = {"AWS/DynamoDB", "AWS/DAX"}


@dataclass(frozen=True, slots=True)
class CompanionRequest:
    """One request to a companion."""

    #: What the template calls it.
    name: str
    service_name: str
    operation: str
    request: Mapping[str, Any]
    location: Location

    @property
    def skipped(self) -> SkippedPart:
        """The note that a mock without the service does not create it."""
        option = _OPTIONS[self.service_name]
        return SkippedPart(self.name, f"done in a mock with {option}=True alone")

    @property
    def order(self) -> int:
        """The position of its operation in the order of requests."""
        return _ORDER.index(self.operation)


def companion_request(
    name: str, service_name: str, operation: str, members: Mapping[str, Any], location: Location
) -> CompanionRequest:
    """Return a request with the types of the API and without members that have no value.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    shape = service_model(service_name).operation_model(operation).input_shape
    given = {member: value for member, value in members.items() if value is not None}
    request = canonical(typed(given, shape, location), shape)
    missing = [member for member in shape.required_members if member not in request]
    if missing:
        raise FileError(location, f"{name}: {', '.join(missing)} is missing")
    return CompanionRequest(name, service_name, operation, request, location)


def is_about_tables(members: Mapping[str, Any]) -> bool:
    """Return whether an alarm is on metrics of DynamoDB or DAX only."""
    namespaces = [members.get("Namespace")] if "MetricName" in members else []
    for query in members.get("Metrics") or ():
        metric = (query.get("MetricStat") or {}).get("Metric")
        if metric is not None:
            namespaces.append(metric.get("Namespace"))
    return bool(namespaces) and all(name in _NAMESPACES for name in namespaces)
