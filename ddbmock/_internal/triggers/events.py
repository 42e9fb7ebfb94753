"""The events that Lambda passes to a function, and its failure document.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.streams import sequence_number
from ddbmock._internal.times import iso_milliseconds, iso_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.streams import Stream, StreamRecord

Event = dict[str, Any]


def lambda_record(stream: Stream, record: StreamRecord) -> Event:
    """Return a record in Lambda's form: JSON throughout, binary values in base64."""
    body = stream.body(record)
    for name in ("Keys", "NewImage", "OldImage"):
        if name in body:
            body[name] = {key: _jsonable(value) for key, value in body[name].items()}
    body["ApproximateCreationDateTime"] = float(int(record.at_seconds))
    event = {**stream.envelope(record), "dynamodb": body, "eventSourceARN": stream.arn}
    if record.by_service:
        # camelCase, unlike in GetRecords.
        event["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return event


def _jsonable(value: dict[str, Any]) -> dict[str, Any]:
    """Return an attribute value with base64 text instead of bytes."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: _base64(content)}
    if kind == "BS":
        return {kind: [_base64(member) for member in content]}
    if kind == "M":
        return {kind: {name: _jsonable(member) for name, member in content.items()}}
    if kind == "L":
        return {kind: [_jsonable(member) for member in content]}
    return value


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def window_event(
    records: Sequence[Event], start: int, seconds: int, state: Any, **members: Any
) -> Event:
    """Return the event of a tumbling window."""
    return {
        "Records": list(records),
        "window": {"start": iso_seconds(start), "end": iso_seconds(start + seconds)},
        "state": state,
        "isFinalInvokeForWindow": False,
        "isWindowTerminatedEarly": False,
        **members,
    }


def failure_document(
    stream: Stream,
    shard_id: str,
    records: Sequence[StreamRecord],
    *,
    context: dict[str, Any],
    now: float,
) -> Event:
    """Return the document for an on-failure destination about discarded records."""
    document: Event = {"requestContext": context}
    if context["approximateInvokeCount"]:
        document["responseContext"] = {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        }
    document["version"] = "1.0"
    document["timestamp"] = iso_milliseconds(now)
    document["DDBStreamBatchInfo"] = {
        "shardId": shard_id,
        "startSequenceNumber": sequence_number(records[0].sequence),
        "endSequenceNumber": sequence_number(records[-1].sequence),
        "approximateArrivalOfFirstRecord": iso_seconds(records[0].at_seconds),
        "approximateArrivalOfLastRecord": iso_seconds(records[-1].at_seconds),
        "batchSize": len(records),
        "streamArn": stream.arn,
    }
    return document
