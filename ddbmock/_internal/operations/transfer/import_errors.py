"""Errors of the items of an import, as the service writes them to CloudWatch Logs.

If S3 is mocked in the process, as with moto, they are written to its CloudWatch Logs too.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Validation.html
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ddbmock._internal import local_clients
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import transfer as messages
from ddbmock._internal.operations.transfer.records import Import

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Backend, Region

LOG_GROUP = "/aws-dynamodb/imports"
_LOGGED_TOGETHER = 1000


def import_errors(backend: Backend, arn: str) -> list[dict[str, Any]]:
    """Return the log entries of an import, in the order of its items.

    Raises:
        MisuseError: There is no such import.
    """
    for region in backend.all_regions():
        record = region.store.of(Import).records.get(arn)
        if record is not None:
            return _entries(record)
    raise MisuseError(messages.no_such_import(arn))


def _entries(record: Import) -> list[dict[str, Any]]:
    bucket = record.request["S3BucketSource"]["S3Bucket"]
    return [
        {
            "itemS3Pointer": {"bucket": bucket, "key": error.key, "itemIndex": error.position},
            "importArn": record.arn,
            "errorMessages": [error.text],
        }
        for error in record.errors
    ]


def log_errors(region: Region, record: Import) -> None:
    """Write the entries of an import to CloudWatch Logs, if there are any and something answers.

    An import does not fail when its log cannot be written.
    """
    if not record.errors or region.backend.s3 is not None:
        return
    stream = f"{record.arn.rpartition('/')[2]}/error"
    client = local_clients.create("logs", region.name, messages.s3_not_answered)
    with suppress(local_clients.NotAnsweredError, ClientError):
        with suppress(ClientError):  # it exists
            client.create_log_group(logGroupName=LOG_GROUP)
        client.create_log_stream(logGroupName=LOG_GROUP, logStreamName=stream)
        # Not the time of the mock's clock: events that are too old or in the future are refused.
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": json.dumps(each)} for each in _entries(record)]
        for first in range(0, len(events), _LOGGED_TOGETHER):
            client.put_log_events(
                logGroupName=LOG_GROUP,
                logStreamName=stream,
                logEvents=events[first : first + _LOGGED_TOGETHER],
            )
