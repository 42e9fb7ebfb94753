"""Event source mappings of templates: which function receives the changes of which table, and how.

Each format's mapping is converted to the members of Lambda's CreateEventSourceMapping, and these
into the options of `ddb.on_change`.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import location_of_key
from ddbmock._internal.templates.shapes import (
    boolean_of,
    integer_of,
    list_of,
    mapping_of,
    text_of,
    wrong_type,
)
from ddbmock._internal.templates.skipped import SkippedPart


@dataclass(frozen=True, slots=True)
class EventSource:
    """A function that receives the changes of a table."""

    #: The name of the function; of the mapping, if that of the function is unknown.
    function_name: str
    table_name: str
    #: Options of `ddb.on_change`.
    options: Mapping[str, Any]
    location: Location
    #: Other names of the function: its logical id, its address.
    aliases: tuple[str, ...] = ()
    #: Whether failed batches go to a destination.
    has_destination: bool = False
    #: Whether the mapping is enabled.
    is_enabled: bool = True
    skipped: tuple[SkippedPart, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the function."""
        return (self.function_name, *self.aliases)


def is_stream_of_table(arn: object) -> bool:
    """Return whether an event source is a DynamoDB stream."""
    return isinstance(arn, str) and ":dynamodb:" in arn and ":table/" in arn


def event_source(
    names: tuple[str, ...], members: Mapping[str, Any], location: Location
) -> EventSource:
    """Return the event source that members of CreateEventSourceMapping describe.

    `members` hold the stream's ARN as `EventSourceArn`; `names` are those of the function.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    options: dict[str, Any] = {}
    skipped: list[SkippedPart] = []
    for name, value in members.items():
        member_location = location_of_key(members, name, location)
        if value is None or name in _NOT_OPTIONS:
            continue
        if name in SKIPPED:
            skipped.append(
                SkippedPart(f"{name} of {names[0]}", "it does not change what is delivered")
            )
        elif name in _OPTIONS:
            option, read = _OPTIONS[name]
            options[option] = read(value, member_location, name)
        else:
            raise FileError(member_location, f"unknown property of an event source mapping: {name}")
    _check_position(options.get("starting_position"), location)
    enabled = members.get("Enabled")
    return EventSource(
        function_name=names[0],
        table_name=table_name_of(str(members["EventSourceArn"])),
        options=options,
        location=location,
        aliases=names[1:],
        has_destination=_has_destination(members.get("DestinationConfig"), location),
        is_enabled=enabled is None or boolean_of(enabled, location, "Enabled"),
        skipped=tuple(skipped),
    )


def _check_position(position: object, location: Location) -> None:
    if position not in {"LATEST", "TRIM_HORIZON"}:
        expected = "LATEST or TRIM_HORIZON"
        raise wrong_type(location, "StartingPosition", expected, position)


def _has_destination(config: Any, location: Location) -> bool:
    if config is None:
        return False
    path = "DestinationConfig"
    on_failure = mapping_of(config, location, path).get("OnFailure")
    return on_failure is not None and bool(
        mapping_of(on_failure, location, f"{path}.OnFailure").get("Destination")
    )


def _filters(value: Any, location: Location, path: str) -> list[Any]:
    filters = mapping_of(value, location, path).get("Filters") or ()
    patterns = []
    for each in list_of(filters, location, f"{path}.Filters"):
        pattern = mapping_of(each, location, f"{path}.Filters").get("Pattern")
        if not isinstance(pattern, str | Mapping):
            raise wrong_type(location, f"{path}.Filters.Pattern", "text", pattern)
        patterns.append(pattern)
    return patterns


def _texts(value: Any, location: Location, path: str) -> list[str]:
    return [text_of(element, location, path) for element in list_of(value, location, path)]


#: Member -> option of `ddb.on_change`, and how its value is read.
_OPTIONS: dict[str, tuple[str, Callable[[Any, Location, str], Any]]] = {
    "BatchSize": ("batch_size", integer_of),
    "BisectBatchOnFunctionError": ("bisect_batch_on_function_error", boolean_of),
    "FilterCriteria": ("filters", _filters),
    "FunctionResponseTypes": ("function_response_types", _texts),
    "MaximumBatchingWindowInSeconds": ("batching_window_seconds", integer_of),
    "MaximumRecordAgeInSeconds": ("maximum_record_age_seconds", integer_of),
    "MaximumRetryAttempts": ("maximum_retry_attempts", integer_of),
    "ParallelizationFactor": ("parallelization_factor", integer_of),
    "StartingPosition": ("starting_position", text_of),
    "TumblingWindowInSeconds": ("tumbling_window_seconds", integer_of),
}
#: Members that are read separately.
_NOT_OPTIONS = {"DestinationConfig", "Enabled", "EventSourceArn", "FunctionName"}
#: Members that do not change what a function receives.
SKIPPED = {"KmsKeyArn", "LoggingConfig", "MetricsConfig", "ProvisionedPollerConfig", "Tags"}
