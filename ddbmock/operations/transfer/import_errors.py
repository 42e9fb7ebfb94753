"""What is wrong with the items of an import, as the service writes it to CloudWatch Logs.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Validation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.errors import MisuseError
from ddbmock.operations.transfer.records import Import

if TYPE_CHECKING:
    from ddbmock.engine.backend import Backend


def import_errors(backend: Backend, arn: str) -> list[dict[str, Any]]:
    """Return the log entries of an import, in the order of its items.

    Raises:
        MisuseError: There is no such import.
    """
    for region in backend.all_regions():
        record = region.store.of(Import).records.get(arn)
        if record is not None:
            bucket = record.request["S3BucketSource"]["S3Bucket"]
            return [
                {
                    "itemS3Pointer": {
                        "bucket": bucket,
                        "key": error.key,
                        "itemIndex": error.position,
                    },
                    "importArn": arn,
                    "errorMessages": [error.text],
                }
                for error in record.errors
            ]
    raise MisuseError(messages.no_such_import(arn))
