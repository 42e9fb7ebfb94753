"""Error texts for exports to Amazon S3, imports from it, and bulk operations."""

from __future__ import annotations

from ddbmock._internal.messages.requests import INVALID

ACCESS_IS_DENIED = "Access is denied"


def transfer_arn_invalid(subresource: str) -> str:
    """Return the text for an ARN that is not one of an export, an import or a bulk operation."""
    return f"Invalid {subresource.replace('-', ' ').title()} ARN"


def transfer_token_invalid(token: str) -> str:
    return f"Invalid Request: Provided nextToken is invalid: {token}"


def export_not_found(arn: str) -> str:
    """Return a text that has the sentence twice, as observed."""
    return f"Export not found: Export not found: {arn}"


def export_table_not_found(arn: str) -> str:
    return f"Table not found: {arn}"


EXPORT_TABLE_ARN_EMPTY = "Invalid TableArn: Invalid Table ARN"
EXPORT_TABLE_NO_ARN = f"{INVALID}tableArn is not a valid ARN"
EXPORT_TABLE_ARN_INVALID = "Invalid Request: Table ARN is invalid."


def recovery_is_off(table_name: str) -> str:
    return f"Point in time recovery is not enabled for table '{table_name}'"


EXPORT_TIME_INVALID = "Export Time is invalid"
EXPORT_TIME_NOT_AVAILABLE = "Point in Time Recovery is not available for specified export time"
SPECIFICATION_WITHOUT_TYPE = (
    "Invalid Request: Export Type expected to be Incremental Export when incremental export"
    " specification is provided"
)
SPECIFICATION_OF_FULL_EXPORT = (
    "Invalid Request: When Export Type is Full Export , Incremental Export Specification should not"
    " be provided"
)
INCREMENTAL_WITHOUT_SPECIFICATION = (
    "Invalid Request: Incremental Export Specification expected when export type is set as"
    " Incremental Export"
)
EXPORT_FROM_TIME_MISSING = (
    "Invalid Request: ExportFromTime must be provided in IncrementalExportSpecification"
)
_PERIOD = "Difference between export period from time and export period to time is"
EXPORT_PERIOD_TOO_SHORT = f"{_PERIOD} less than 15 minutes"
#: A guess, by analogy.
EXPORT_PERIOD_TOO_LONG = f"{_PERIOD} greater than 24 hours"
EXPORT_KEY_WITHOUT_KMS = "Invalid Request: KMS Key Id is not supported for this encryption type"


def export_key_malformed(key_id: str, pattern: str) -> str:
    """Return a text whose last words are a guess."""
    return (
        f"Invalid Request: 1 validation error detected: Value '{key_id}' at 's3SseKmsKeyId' failed"
        f" to satisfy constraint: Member must satisfy regular expression pattern: {pattern}"
    )


FILTER_SPECIFICATION_EMPTY = (
    "Invalid Request: Invalid FilterSpecification: The specification can not be empty"
)
EXPORT_CONFLICT = "Export conflict: Duplicate request detected with conflicting parameters"
IMPORT_CONFLICT = "Import conflict: Duplicate request detected with conflicting parameters"


def import_options_unsupported(input_format: str) -> str:
    return (
        "Invalid Request: Unsupported InputFormatOptions for the given input format:"
        f" {input_format}."
    )


def import_maximum_without_on_demand(member_name: str) -> str:
    """Return a text that lacks the article which CreateTable's has."""
    return (
        f"{INVALID}{member_name} for OnDemandThroughput cannot be specified when table BillingMode"
        " is PROVISIONED."
    )


ITEMS_NOT_VALID = (
    "Some of the items failed validation checks and were not imported. Please check CloudWatch"
    " error logs for more details."
)


def too_many_imports(limit: int) -> str:
    """Return a text that is a guess."""
    return f"Subscriber limit exceeded: Number of concurrent imports exceeds the limit of {limit}"


def invalid_filter_specification(problem: str) -> str:
    """Return a text of which only the beginning was seen."""
    return f"Invalid Request: Invalid FilterSpecification: {problem}"


def export_from_before_creation(from_time: str) -> str:
    """Return a text that prints the time as it was sent, as observed."""
    return (
        "Incremental export period from time cannot be less than the table creation time :"
        f" {from_time}"
    )


def export_to_in_future(to_time: str) -> str:
    return f"Incremental export period to time cannot be greater than the current time : {to_time}"


def too_many_exports(limit: int) -> str:
    """Return a text that is a guess."""
    return f"Subscriber limit exceeded: Number of concurrent exports exceeds the limit of {limit}"


def s3_failure(text: str, code: str, status_code: int, request_id: str, extended_id: str) -> str:
    """Return the FailureMessage for an error of Amazon S3."""
    return (
        f"{text} (Service: Amazon S3; Status Code: {status_code}; Error Code: {code}; Request ID:"
        f" {request_id}; S3 Extended Request ID: {extended_id}; Proxy: null)"
    )


EXPORT_ARN_ELSEWHERE = "Export not found: Invalid export arn"


def import_not_found(arn: str) -> str:
    """Return a text that is a guess: only the code was seen."""
    return f"Import not found: {arn}"


def bulk_operation_not_found(arn: str) -> str:
    """Return a text that is a guess."""
    return f"Bulk operation not found: {arn}"


#: These texts are guesses.
BULK_OUTPUT_BUCKET_MISSING = (
    "1 validation error detected: Value null at 'outputS3Configuration.s3Bucket' failed to satisfy"
    " constraint: Member must not be null"
)
BULK_OUTPUT_TYPE_MISSING = f"{INVALID}OutputType must have at least one value"
BULK_PUT_ON_GLOBAL_TABLE = "Bulk operations are not supported on a global table"
BULK_KEY_WITHOUT_KMS = f"{INVALID}S3SseKmsKeyId is not supported for this encryption type"
BULK_BLOCKED_BY_INDEX = "Table has an index that is being created: {table}"
BULK_BLOCKED_BY_RESTORE = "Table is being restored: {table}"


def bulk_operation_ended(status: str) -> str:
    return f"Bulk operation can not be cancelled in the status {status}"


def bulk_member_unknown(name: str) -> str:
    return f"a record of a bulk put has no member {name}"


# --- ddbmock's own texts ---


def s3_not_answered(url: str) -> str:
    return (
        f"nothing answers the S3 request to {url}, and ddbmock sends nothing to AWS: use moto's"
        " mock_aws (or ddbmock.beside.mock_aws) around the test, or give the mock a folder,"
        " mock_dynamodb(s3=tmp_path), or an S3 client, mock_dynamodb(s3=client); the endpoint takes"
        " ddbmock serve --s3 FOLDER or --s3 URL"
    )


def s3_not_reached(error: object) -> str:
    return f"the server or client that the mock has as S3 does not answer: {error}"


def bucket_not_accessible(path: str, error: Exception) -> str:
    return f"{path!r}, which is in the folder that the mock has as S3: {error}"


def no_such_import(arn: str) -> str:
    return f"there is no import {arn!r}: import_errors() takes the ImportArn of an ImportTable"


def key_is_no_path(key: str) -> str:
    return (
        f"the key {key!r} cannot be a file in a folder: take another prefix, or give the mock an S3"
        " client, mock_dynamodb(s3=client)"
    )
