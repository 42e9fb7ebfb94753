"""Everything about tables among the resources of Terraform."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.templates.cloudformation.event_sources import function_name_of
from ddbmock._internal.templates.contents import Contents, Seed
from ddbmock._internal.templates.event_sources import EventSource, event_source, is_stream_of_table
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import mapping_of, shown, text_of
from ddbmock._internal.templates.skipped import skipping
from ddbmock._internal.templates.terraform.companions import READERS, add_companion
from ddbmock._internal.templates.terraform.related import add_related
from ddbmock._internal.templates.terraform.resources import (
    EVENT_SOURCE,
    ITEM,
    TABLE,
    Resource,
    Values,
)
from ddbmock._internal.templates.terraform.tables import table_spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.formats.file_errors import Location

#: Argument -> member of CreateEventSourceMapping.
_MEMBERS = {
    "batch_size": "BatchSize",
    "bisect_batch_on_function_error": "BisectBatchOnFunctionError",
    "enabled": "Enabled",
    "event_source_arn": "EventSourceArn",
    "function_response_types": "FunctionResponseTypes",
    "kms_key_arn": "KmsKeyArn",
    "maximum_batching_window_in_seconds": "MaximumBatchingWindowInSeconds",
    "maximum_record_age_in_seconds": "MaximumRecordAgeInSeconds",
    "maximum_retry_attempts": "MaximumRetryAttempts",
    "parallelization_factor": "ParallelizationFactor",
    "starting_position": "StartingPosition",
    "tags": "Tags",
    "tumbling_window_in_seconds": "TumblingWindowInSeconds",
}


def resource_contents(resources: list[Resource]) -> Contents:
    """Return the tables among resources, with their items, settings and event sources.

    Raises:
        FileError: An argument has no value, or another type.
    """
    contents = Contents(specs=[table_spec(each) for each in resources if each.kind == TABLE])
    for resource in resources:
        if resource.kind == ITEM:
            contents.seeds.append(_seed(resource))
        elif resource.kind == EVENT_SOURCE:
            _add_event_source(resource, contents)
        elif resource.kind in READERS:
            add_companion(resource, contents)
        elif resource.kind != TABLE:
            add_related(resource, contents)
    return contents


def _seed(resource: Resource) -> Seed:
    values, location = resource.values, resource.location
    if not values.get("table_name"):
        reason = "Terraform has no value for it before it is applied"
        raise FileError(location, f"table_name is not known; {reason}")
    try:
        item = json.loads(values.get("item") or "", parse_float=Decimal)
    except (TypeError, ValueError) as error:
        raise FileError(location, f"item is not JSON: {error}") from None
    if not isinstance(item, dict):
        raise FileError(location, f"an item is an object of attributes, not {shown(item)}")
    return Seed(
        table_name_of(text_of(values["table_name"], location, "table_name")), [item], location
    )


# --- event source mappings -----------------------------------------------------------------------


def _add_event_source(resource: Resource, contents: Contents) -> None:
    with skipping(contents.skipped, f"the event source mapping {resource.address}"):
        contents.event_sources += _event_sources(resource)


def _event_sources(resource: Resource) -> Iterator[EventSource]:
    arn = resource.values.get("event_source_arn")
    if arn is None:
        raise UnresolvedError(resource.location, f"{resource.address}.event_source_arn")
    if is_stream_of_table(arn):
        members = {
            member: resource.values[name]
            for name, member in _MEMBERS.items()
            if name in resource.values
        }
        members |= _filters(resource.values, resource.location)
        members |= _destination(resource.values, resource.location)
        yield event_source(_function_names(resource), members, resource.location)


def _function_names(resource: Resource) -> tuple[str, ...]:
    own_names = (resource.label, resource.address)
    try:
        named = resource.values.get("function_name")
    except UnresolvedError:
        return own_names
    if not isinstance(named, str):
        return own_names
    return tuple(dict.fromkeys([function_name_of(named), *own_names]))


def _blocks(values: Values, name: str, location: Location) -> list[Mapping[str, Any]]:
    blocks = values.get(name) or []
    listed = blocks if isinstance(blocks, list) else [blocks]
    return [mapping_of(block, location, name) for block in listed]


def _filters(values: Values, location: Location) -> dict[str, Any]:
    patterns = [
        {"Pattern": each.get("pattern")}
        for criteria in _blocks(values, "filter_criteria", location)
        for each in _blocks(criteria, "filter", location)
    ]
    return {"FilterCriteria": {"Filters": patterns}} if patterns else {}


def _destination(values: Values, location: Location) -> dict[str, Any]:
    for config in _blocks(values, "destination_config", location):
        for on_failure in _blocks(config, "on_failure", location):
            destination = on_failure.get("destination_arn") or "not known yet"
            return {"DestinationConfig": {"OnFailure": {"Destination": destination}}}
    return {}
