"""The changes of tables as records of Kinesis data streams, and their delivery.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds_gettingstarted.html
"""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections import defaultdict
from hashlib import md5
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ddbmock._internal import limits, local_clients
from ddbmock._internal.arns import parse
from ddbmock._internal.engine.commit import LOAD
from ddbmock._internal.engine.kinesis import KinesisRecord
from ddbmock._internal.engine.values import item_bytes
from ddbmock._internal.messages import kinesis as messages
from ddbmock._internal.service_model import service_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.commit import Committed
    from ddbmock._internal.engine.settings import KinesisDestination
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.service import Service

#: The statuses in which a destination gets records.
_DELIVERING = frozenset({"ACTIVE", "UPDATING"})
#: How many records PutRecords takes at once.
_BATCH_COUNT = 500
_SERVICE_IDENTITY = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def attach(service: Service) -> None:
    """Deliver changes to the Kinesis destinations of their tables, from now on."""
    backend = service.backend
    backend.kinesis = Streams(service.options.kinesis)
    backend.observe(Delivery(backend).deliver)


class Streams:
    """The Kinesis data streams of a mock.

    Records are always stored here, and delivered to the target that the test gives: a list, a
    function, or a client of Kinesis; without one, to whatever answers clients of Kinesis.

    Args:
        target: The list, function or client; None for whatever answers.
    """

    def __init__(self, target: Any = None) -> None:
        self.target: Any = target
        #: ARN of a stream -> its records, oldest first.
        self.records: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._clients: dict[str, Any] = {}

    def problem(self, stream_arn: str) -> str | None:
        """Return why a stream cannot be a destination, None if it can."""
        client = self._client_for(stream_arn)
        if client is None:
            return None
        try:
            found = client.describe_stream_summary(StreamARN=stream_arn)
        except local_clients.NotAnsweredError:
            return None
        except ClientError:
            return messages.KINESIS_STREAM_FORBIDDEN
        status = found["StreamDescriptionSummary"]["StreamStatus"]
        return None if status in {"ACTIVE", "UPDATING"} else messages.KINESIS_STREAM_FORBIDDEN

    def put(self, stream_arn: str, records: Sequence[KinesisRecord]) -> None:
        """Put records into a stream."""
        decoded = [json.loads(record.data) for record in records]
        self.records[stream_arn] += decoded
        if isinstance(self.target, list):
            self.target += decoded
        elif callable(self.target):
            for record in decoded:
                self.target(record)
        else:
            self._send(stream_arn, records)

    def _send(self, stream_arn: str, records: Sequence[KinesisRecord]) -> None:
        client = self._client_for(stream_arn)
        for start in range(0, len(records), _BATCH_COUNT):
            batch = [
                {"Data": record.data, "PartitionKey": record.partition_key}
                for record in records[start : start + _BATCH_COUNT]
            ]
            try:
                client.put_records(StreamARN=stream_arn, Records=batch)
            except local_clients.NotAnsweredError:
                return
            except ClientError as error:
                # The destination of a stream that was deleted stays, and its records are lost.
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise

    def _client_for(self, stream_arn: str) -> Any:
        """Return the client for a stream, None if the target is a list or function."""
        if service_of(self.target) == "kinesis":
            return self.target
        if self.target is not None:
            return None
        arn = parse(stream_arn)
        region_name = "" if arn is None else arn.region_name
        client = self._clients.get(region_name)
        if client is None:
            client = local_clients.create("kinesis", region_name, messages.kinesis_not_answered)
            self._clients[region_name] = client
        return client


class Delivery:
    """Delivers committed changes to the destinations of their tables."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def deliver(self, committed: Committed) -> None:
        """Put the changes into the streams of their tables."""
        streams = self._backend.kinesis
        if streams is None or committed.origin == LOAD:
            return
        by_stream: dict[str, list[KinesisRecord]] = defaultdict(list)
        for table, change in committed.changes:
            for destination in table.settings.kinesis_destinations:
                if destination.status_at(committed.at) in _DELIVERING and not change.is_noop:
                    record = self._record(table, change, committed.at, destination)
                    if len(record.data) <= limits.KINESIS_RECORD_BYTES_MAX:
                        by_stream[destination.stream_arn].append(record)
        for stream_arn, records in by_stream.items():
            streams.put(stream_arn, records)

    def _record(
        self, table: Table, change: Change, at: float, destination: KinesisDestination
    ) -> KinesisRecord:
        arn = parse(destination.stream_arn)
        image = change.new if change.new is not None else change.old
        assert image is not None  # noqa: S101 (a change has one of them)
        keys = table.key_schema.extract(image.load())
        is_microsecond = destination.precision == "MICROSECOND"
        body: dict[str, Any] = {
            "ApproximateCreationDateTime": int(at * (1_000_000 if is_microsecond else 1000)),
            "Keys": _in_json(keys),
        }
        size_bytes = item_bytes(keys)
        for name, stored in (("NewImage", change.new), ("OldImage", change.old)):
            if stored is not None:
                body[name] = _in_json(stored.load())
                size_bytes += stored.size_bytes
        body["SizeBytes"] = size_bytes
        if is_microsecond:
            body["ApproximateCreationDateTimePrecision"] = destination.precision
        content = {
            "awsRegion": "" if arn is None else arn.region_name,
            "eventID": str(uuid.UUID(int=self._backend.random.getrandbits(128), version=4)),
            "eventName": _event_name(change),
            "userIdentity": _SERVICE_IDENTITY if change.by_service else None,
            "recordFormat": "application/json",
            "tableName": table.name,
            "dynamodb": body,
            "eventSource": "aws:dynamodb",
        }
        data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return KinesisRecord(data, _partition_key(keys))


def _event_name(change: Change) -> str:
    if change.old is None:
        return "INSERT"
    return "REMOVE" if change.new is None else "MODIFY"


def _partition_key(keys: Item) -> str:
    """Return the same 32 digits for the same item."""
    text = json.dumps(_in_json(keys), sort_keys=True)
    return md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _in_json(value: Any) -> Any:
    """Return attribute values as the records have them: binary is encoded twice."""
    if isinstance(value, bytes):
        return b64encode(b64encode(value)).decode()
    if isinstance(value, dict):
        return {name: _in_json(content) for name, content in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_in_json(each) for each in value]
    return value
