"""Functions that receive changes of tables: event source mappings, and events of SAM's functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-dynamodb.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.located import LocatedDict
from ddbmock._internal.templates.cloudformation.identifiers import FUNCTION_TYPES, physical_name
from ddbmock._internal.templates.cloudformation.loops import copy_location
from ddbmock._internal.templates.event_sources import (
    SKIPPED,
    EventSource,
    event_source,
    is_stream_of_table,
)
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.skipped import SkippedPart, skipping

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.cloudformation.stacks import Stack

_MAPPING, _FUNCTION = "AWS::Lambda::EventSourceMapping", "AWS::Serverless::Function"


def stack_event_sources(stack: Stack) -> tuple[list[EventSource], list[SkippedPart]]:
    """Return the event sources of a stack that are DynamoDB streams, and those that may be.

    Raises:
        FileError: A member of a mapping is unknown, or not of its type.
    """
    sources: list[EventSource] = []
    skipped: list[SkippedPart] = []
    for resource in stack.resources.values():
        with skipping(skipped, f"the event source mapping of {resource.logical_name}"):
            sources += _sources_of(stack, resource)
    return sources, skipped


def _sources_of(stack: Stack, resource: Resource) -> Iterator[EventSource]:
    if resource.kind == _MAPPING and resource.exists:
        members = _members(resource, resource.properties, "EventSourceArn")
        if is_stream_of_table(members.get("EventSourceArn")):
            yield event_source(_function_names(stack, resource), members, resource.location)
    elif resource.kind == _FUNCTION and resource.exists:
        yield from _events_of_function(resource)


def _events_of_function(resource: Resource) -> Iterator[EventSource]:
    events = resource.reveal(resource.properties.get("Events"), "Events")
    for event in events.values() if isinstance(events, Mapping) else ():
        body = resource.reveal(event, "Events")
        if not isinstance(body, Mapping) or body.get("Type") != "DynamoDB":
            continue
        properties = resource.reveal(body.get("Properties"), "Events")
        if isinstance(properties, Mapping):
            members = _members(resource, properties, "Stream")
            members["EventSourceArn"] = members.pop("Stream", None)
            if is_stream_of_table(members["EventSourceArn"]):
                yield event_source(_names_of(resource), members, resource.location)


def _members(resource: Resource, properties: Mapping[str, Any], arn: str) -> LocatedDict:
    """Return the properties of a mapping, resolved; those of other event sources are not needed."""
    members = LocatedDict({arn: resource.resolve(properties.get(arn), arn)})
    copy_location(properties, members)
    if is_stream_of_table(members[arn]):
        for name, value in properties.items():
            if name not in {arn, "FunctionName", *SKIPPED}:
                members[name] = _resolved(resource, name, value)
            elif name in SKIPPED:
                members[name] = value
    return members


def _resolved(resource: Resource, name: str, value: Any) -> Any:
    try:
        return resource.resolve(value, name)
    except UnresolvedError:
        if name != "DestinationConfig":
            raise
        # It matters whether there is a destination, and not which.
        return {"OnFailure": {"Destination": "unknown"}}


def _function_names(stack: Stack, mapping: Resource) -> tuple[str, ...]:
    """Return the names of a mapping's function: its name, its logical id, the construct's id."""
    own_names = _short_and_full(mapping)
    try:
        named = mapping.value("FunctionName")
    except UnresolvedError:
        return own_names
    name = function_name_of(str(named))
    for resource in stack.resources.values():
        if resource.kind in FUNCTION_TYPES and physical_name(resource, "FunctionName") == name:
            return tuple(dict.fromkeys([*_names_of(resource), *own_names]))
    return tuple(dict.fromkeys([name, *own_names]))


def _names_of(function: Resource) -> tuple[str, ...]:
    name = physical_name(function, "FunctionName")
    return tuple(dict.fromkeys([*_short_and_full(function), name]))


def _short_and_full(resource: Resource) -> tuple[str, ...]:
    short_name = resource.construct_id
    return (resource.logical_name,) if short_name is None else (short_name, resource.logical_name)


def function_name_of(name_or_arn: str) -> str:
    """Return the name of a function that is given by its name or ARN, with or without a version.

    >>> function_name_of("arn:aws:lambda:us-east-1:123456789012:function:projector:live")
    'projector'
    >>> function_name_of("projector:live")
    'projector'
    """
    _, is_arn, rest = name_or_arn.partition(":function:")
    return (rest if is_arn else name_or_arn).split(":", 1)[0]
