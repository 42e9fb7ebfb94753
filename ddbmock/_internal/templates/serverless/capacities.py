"""`custom.capacities`: the auto scaling of the plugin serverless-dynamodb-autoscaling.

https://github.com/sbstjn/serverless-dynamodb-autoscaling
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import line_of
from ddbmock._internal.templates.companions import (
    DYNAMODB,
    SCALING,
    CompanionRequest,
    companion_request,
)
from ddbmock._internal.templates.shapes import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.templates.cloudformation.stacks import Stack
    from ddbmock._internal.templates.serverless.variables import Variables

#: The plugin's default.
_MINIMUM, _MAXIMUM, _USAGE = 5, 200, 0.75


def capacities(
    custom: Mapping[str, Any], variables: Variables, stack: Stack, source: str
) -> Iterator[CompanionRequest]:
    """Yield the targets and policies of the tables that are named by their logical ids.

    Raises:
        FileError: A capacity is no number, or a table no text.
    """
    for entry in variables.list(custom.get("capacities")):
        capacity = variables.mapping(entry)
        location = Location(source, line_of(capacity))
        tables = variables.resolve(capacity.get("table"))
        for table in tables if isinstance(tables, list) else [tables]:
            name = _table_name(text_of(table, location, "capacities.table"), stack)
            indexes = map(str, variables.list(capacity.get("index")))
            ids = [f"table/{name}", *(f"table/{name}/index/{index}" for index in indexes)]
            if capacity.get("indexOnly"):
                del ids[0]
            for kind in ("Read", "Write"):
                bounds = variables.mapping(capacity.get(kind.lower()))
                if bounds:
                    for resource_id in ids:
                        yield from _scaled(resource_id, kind, bounds, location)


def _table_name(name: str, stack: Stack) -> str:
    resource = stack.resources.get(name)
    return stack.table_name(resource) if resource is not None and resource.is_table else name


def _scaled(
    resource_id: str, kind: str, bounds: Mapping[str, Any], location: Location
) -> Iterator[CompanionRequest]:
    part = "index" if "/index/" in resource_id else "table"
    place = {
        "ServiceNamespace": DYNAMODB,
        "ResourceId": resource_id,
        "ScalableDimension": f"dynamodb:{part}:{kind}CapacityUnits",
    }
    label = f"capacities of {resource_id}, {kind.lower()}"
    request = {
        **place,
        "MinCapacity": bounds.get("minimum", _MINIMUM),
        "MaxCapacity": bounds.get("maximum", _MAXIMUM),
    }
    yield companion_request(label, SCALING, "RegisterScalableTarget", request, location)
    usage = bounds.get("usage", _USAGE)
    try:
        target = float(usage) * 100
    except (TypeError, ValueError):
        raise FileError(location, f"{label}: usage is a number, not {usage!r}") from None
    metric = {"PredefinedMetricType": f"DynamoDB{kind}CapacityUtilization"}
    policy = {
        **place,
        "PolicyName": f"{kind.lower()}-{resource_id}",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": target,
            "PredefinedMetricSpecification": metric,
        },
    }
    yield companion_request(label, SCALING, "PutScalingPolicy", policy, location)
