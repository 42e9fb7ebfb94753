"""Functions of a service that get changes of tables: their `stream` events.

https://www.serverless.com/framework/docs/providers/aws/events/streams
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import LocatedDict, location_of
from ddbmock._internal.templates.event_sources import EventSource, event_source, is_stream_of_table
from ddbmock._internal.templates.skipped import SkippedPart, skipping

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.stacks import Stack
    from ddbmock._internal.templates.serverless.variables import Variables

#: Property -> member of CreateEventSourceMapping.
_MEMBERS = {
    "arn": "EventSourceArn",
    "batchSize": "BatchSize",
    "batchWindow": "MaximumBatchingWindowInSeconds",
    "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
    "enabled": "Enabled",
    "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "parallelizationFactor": "ParallelizationFactor",
    "startingPosition": "StartingPosition",
    "tumblingWindowInSeconds": "TumblingWindowInSeconds",
}
#: The Framework's defaults.
_DEFAULTS = {"StartingPosition": "TRIM_HORIZON", "BatchSize": 10}
_NOT_MEMBERS = {"consumer", "type"}


def function_event_sources(
    document: Mapping[str, Any], variables: Variables, stack: Stack, source: str
) -> tuple[list[EventSource], list[SkippedPart]]:
    """Return the stream events of a service's functions, and what may be some too.

    Raises:
        FileError: A property of an event is unknown, or not of its type.
    """
    sources: list[EventSource] = []
    skipped: list[SkippedPart] = []
    for name, function in functions_of(document, variables):
        location = location_of(function, Location(source, None, name))
        events = variables.list(variables.mapping(function).get("events"))
        for event in events:
            stream = variables.mapping(event).get("stream")
            if stream is None:
                continue
            with skipping(skipped, f"the event source mapping of {name}"):
                sources += _source(name, variables.resolve(stream), stack, location)
    return sources, skipped


def functions_of(document: Mapping[str, Any], variables: Variables) -> Iterator[tuple[str, Any]]:
    """Yield the functions of a service by name."""
    functions = variables.resolve(document.get("functions"))
    for part in functions if isinstance(functions, list) else [functions]:
        for name, function in variables.mapping(part).items():
            yield str(name), variables.resolve(function)


def _source(name: str, stream: Any, stack: Stack, location: Location) -> Iterator[EventSource]:
    # The ARN alone may be a function of CloudFormation.
    is_object = isinstance(stream, Mapping) and "arn" in stream
    properties = stream if is_object else {"arn": stream}
    arn = stack.resolver.resolve(properties.get("arn"), location)
    if not is_stream_of_table(arn):
        return
    members = LocatedDict(_DEFAULTS)
    resolved = stack.resolver.resolve({**properties, "arn": arn}, location)
    for key, value in resolved.items():
        if key in _MEMBERS:
            members[_MEMBERS[key]] = value
        elif key in _READERS:
            member, read = _READERS[key]
            members[member] = read(value)
        elif key not in _NOT_MEMBERS:
            raise FileError(location, f"unknown property of an event source mapping: {key}")
    yield event_source((name,), members, location)


def _filter_criteria(patterns: Any) -> Any:
    listed = patterns if isinstance(patterns, list) else [patterns]
    return {"Filters": [{"Pattern": pattern} for pattern in listed]}


def _destination(destinations: Any) -> Any:
    on_failure = destinations.get("onFailure") if isinstance(destinations, Mapping) else None
    return {"OnFailure": {"Destination": on_failure}}


def _response_types(kind: Any) -> Any:
    return [kind]


_READERS = {
    "destinations": ("DestinationConfig", _destination),
    "filterPatterns": ("FilterCriteria", _filter_criteria),
    "functionResponseType": ("FunctionResponseTypes", _response_types),
}
