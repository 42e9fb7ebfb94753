"""Texts of Kinesis data streams as destinations of a table's changes."""

from __future__ import annotations

_NO_STREAM = "Table is not in a valid state to enable Kinesis Streaming Destination: "

KINESIS_STREAM_FORBIDDEN = "User does not have a permission to use kinesis stream"
KINESIS_STREAM_OF_OTHER_REGION = (
    "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in the"
    " current region"
)
KINESIS_STREAM_NOT_ACTIVE = (
    "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in Active"
    " state"
)
DESTINATION_IS_ENABLED = (
    f"{_NO_STREAM}EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform"
    " ENABLE operation."
)
DESTINATION_IS_NOT_ACTIVE = (
    f"{_NO_STREAM}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."
)
DESTINATION_DISABLED_WITH_CONFIGURATION = (
    "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters"
)
DESTINATION_UPDATED_WITHOUT_CONFIGURATION = (
    "Streaming destination cannot be updated with given parameters:"
    " UpdateKinesisStreamingConfiguration cannot be null or contain only null values"
)


def destination_not_updatable(table_name: str, stream_arn: str) -> str:
    return (
        f"{_NO_STREAM}Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE"
        f" state. TableName: {table_name}, kdsArn: {stream_arn}"
    )


def destination_unknown(table_name: str, stream_arn: str) -> str:
    return (
        f"{_NO_STREAM}No streaming destination with streamArn: {stream_arn} found for table with"
        f" tableName: {table_name}"
    )


def precision_unchanged(precision: str, table_id: str, stream_arn: str) -> str:
    return (
        f"Invalid Request: Precision is already set to the desired value of {precision} for"
        f" tableId: {table_id}, kdsArn: {stream_arn}"
    )


# --- of ddbmock ---

NO_KINESIS_HERE = "a real engine delivers nothing to Kinesis: use a mock without one"


def kinesis_not_answered(url: str) -> str:
    return (
        f"nothing answers Kinesis here, and ddbmock sends nothing to AWS ({url}): mock Kinesis too,"
        " with moto for example, or give the mock a list, a function or a client of your server"
    )
