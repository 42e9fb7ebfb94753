"""Error texts for streams, time to live and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.messages.requests import INVALID

if TYPE_CHECKING:
    from collections.abc import Iterable

STREAM_ARN_INVALID = "Invalid StreamArn"
SHARD_NOT_FOUND = "Requested resource not found: Shard does not exist"
SHARD_ITERATOR_INVALID = "Invalid ShardIterator"
SHARD_ITERATOR_EXPIRED = "Shard iterator has expired"
TRIMMED_DATA = "The data you are trying to access has been trimmed"
SHARD_FILTER_INCOMPLETE = f"{INVALID}Both Type and ShardId must be specified in ShardFilter"
ITERATOR_IN_FUTURE = f"{INVALID}Timestamp must not be in the future"
ENABLED_STREAM_WITHOUT_VIEW_TYPE = (
    f"{INVALID}If stream is being enabled, then UpdateViewType must be specified"
)
DISABLED_STREAM_WITH_VIEW_TYPE = (
    f"{INVALID}If stream is being disabled, then UpdateViewType must not be specified"
)


def stream_already_enabled(table_name: str) -> str:
    return f"Table already has an enabled stream: TableName: {table_name}"


def no_stream_to_disable(table_name: str) -> str:
    return f"Table has no stream to disable: TableName: {table_name}"


def stream_not_found(arn: str) -> str:
    return f"Requested resource not found: Stream: {arn} not found"


def iterator_lacks(name: str, iterator_type: str) -> str:
    return f"{INVALID}{name} is required for ShardIteratorType {iterator_type}"


def iterator_takes_no(name: str, iterator_type: str) -> str:
    return f"{INVALID}{name} must not be specified for ShardIteratorType {iterator_type}"


def sequence_number_invalid(number: str) -> str:
    return f"Invalid SequenceNumber: {number}"


def reported_failures(table_name: str, identifiers: Iterable[object]) -> str:
    listed = ", ".join(map(str, identifiers))
    return f"the handler for table {table_name!r} reported that records failed: {listed}"


def state_missing(table_name: str) -> str:
    return (
        f"the handler for table {table_name!r} has a tumbling window and did not return an object"
        " with 'state'"
    )


def no_stream(table_name: str) -> str:
    return (
        f"table {table_name!r} has no enabled stream to get changes from: make it with"
        " StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'}"
    )


def filter_pattern_invalid(pattern: object, problem: str) -> str:
    return f"the filter pattern {pattern!r} is not valid: {problem}"


def wrong_trigger_option(name: str, expected: str, value: object) -> str:
    return f"the option {name} of a trigger takes {expected}, not {value!r}"


def unknown_trigger_options(unknown: Iterable[str], valid: Iterable[str]) -> str:
    return (
        f"a trigger has no option {', '.join(sorted(unknown))};"
        f" its options are: {', '.join(sorted(valid))}"
    )


def endless_deliveries(rounds: int, table_names: Iterable[str]) -> str:
    return (
        f"after {rounds} rounds the handlers of {', '.join(sorted(table_names))} still make new"
        " changes for each other; if that is meant, allow more: deliver(rounds=...)"
    )


DELIVERY_IN_HANDLER = (
    "deliver() was called by a handler; what a handler changes is delivered when it has returned"
)


def no_open_shard(shard_id: str | None, table_name: str) -> str:
    if shard_id is None:
        return f"the stream of table {table_name!r} has no open shard: it is disabled"
    return f"the stream of table {table_name!r} has no open shard {shard_id!r}"


# Time to live.

TTL_ENABLED = "TimeToLive is already enabled"
TTL_DISABLED = "TimeToLive is already disabled"
TTL_CHANGED_RECENTLY = "Time to live has been modified multiple times within a fixed interval"


def ttl_on_other_attribute(attribute_name: str) -> str:
    return (
        "TimeToLive is active on a different AttributeName:"
        f" current AttributeName is {attribute_name}"
    )


def ttl_not_described(status: str) -> str:
    return (
        f"Cannot describe time to live while table is in {status} state:"
        f" Current table state is {status}"
    )


# Tags.

NO_TAGS = "Atleast one Tag needs to be provided as Input."
NO_TAG_KEYS = "Atleast one Tag Key needs to be provided as Input."


def not_an_arn(text: str) -> str:
    return f"{INVALID}ARNs must start with 'arn:': {text}"


def arn_of_other_service(arn: str) -> str:
    return f"{INVALID}Provided Arn is not a DynamoDB resource arn: {arn}"


def arn_of_no_table_or_stream(arn: str) -> str:
    return (
        f"{INVALID}Invalid resource arn provided, only table or stream is accepted."
        f" Provided resource arn: {arn}"
    )


def table_arn_invalid(arn: str) -> str:
    return f"Invalid TableArn: Invalid ResourceArn provided as input {arn}"


def resource_not_found(arn: str) -> str:
    return f"Requested resource not found: ResourceArn: {arn} not found"
