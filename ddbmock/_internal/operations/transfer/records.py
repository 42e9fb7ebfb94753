"""The records of transfers: their requests and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region

IN_PROGRESS, COMPLETED, FAILED = "IN_PROGRESS", "COMPLETED", "FAILED"


@dataclass(frozen=True, slots=True)
class Export:
    """An export of a table to Amazon S3."""

    arn: str
    table_arn: str
    #: The id of the table that was exported, as several can have had the same name.
    table_id: str
    started_at: float
    client_token: str
    #: The request without the token; times are numbers.
    request: Mapping[str, Any]
    #: Of a full export.
    export_time: float | None = None
    #: Of an incremental export.
    from_time: float | None = None
    to_time: float | None = None
    view: str | None = None
    ended_at: float | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    manifest: str | None = None
    item_count: int = 0
    billed_size_bytes: int = 0

    @property
    def status(self) -> str:
        """The status, as descriptions have it."""
        if self.ended_at is None:
            return IN_PROGRESS
        return COMPLETED if self.failure_code is None else FAILED

    @property
    def is_incremental(self) -> bool:
        """Whether it is of the changes in a period."""
        return self.view is not None

    @property
    def bucket(self) -> str:
        """The bucket that it is written to."""
        name: str = self.request["S3Bucket"]
        return name

    @property
    def prefix(self) -> str | None:
        """The prefix of its keys."""
        return self.request.get("S3Prefix")

    @property
    def format_name(self) -> str:
        """The format of the data files."""
        return self.request.get("ExportFormat") or "DYNAMODB_JSON"

    @property
    def sse_algorithm(self) -> str:
        """How its objects are encrypted."""
        return self.request.get("S3SseAlgorithm") or "AES256"


@dataclass(frozen=True, slots=True)
class ItemError:
    """The error of an item in an object."""

    key: str
    #: The position in the object, from 0.
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Import:
    """An import from Amazon S3 into a new table."""

    arn: str
    table_arn: str
    table_id: str
    started_at: float
    client_token: str
    #: The request without the token.
    request: Mapping[str, Any]
    log_group_arn: str
    #: The account that the bucket belongs to.
    bucket_owner: str
    ended_at: float | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    error_count: int = 0
    processed_size_bytes: int = 0
    processed_item_count: int = 0
    imported_item_count: int = 0
    #: The first errors of items; the service writes them to CloudWatch Logs.
    errors: tuple[ItemError, ...] = ()

    @property
    def status(self) -> str:
        """The status, as descriptions have it."""
        if self.ended_at is None:
            return IN_PROGRESS
        return COMPLETED if self.failure_code is None else FAILED

    @property
    def table_name(self) -> str:
        """The name of the new table."""
        name: str = self.request["TableCreationParameters"]["TableName"]
        return name

    @property
    def bucket_source(self) -> dict[str, str]:
        """The S3BucketSource of the request."""
        return {"S3BucketOwner": self.bucket_owner, **self.request["S3BucketSource"]}

    @property
    def compression(self) -> str:
        """How the objects are compressed."""
        return self.request.get("InputCompressionType") or "NONE"


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """A bulk put of the items in objects of Amazon S3 into a table."""

    arn: str
    table_name: str
    table_id: str
    started_at: float
    client_token: str
    #: The request without the token.
    request: Mapping[str, Any]
    status: str = IN_PROGRESS
    ended_at: float | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    processed_item_count: int = 0
    failed_item_count: int = 0
    processed_bytes: int = 0
    #: None until it is known.
    total_bytes: int | None = None
    #: The bytes that were written to the table, and to each index by kind and name.
    table_bytes: int = 0
    local_index_bytes: Mapping[str, int] = field(default_factory=dict)
    global_index_bytes: Mapping[str, int] = field(default_factory=dict)
    vector_index_bytes: Mapping[str, int] = field(default_factory=dict)

    @property
    def compression(self) -> str:
        """How the objects are compressed."""
        return self.request["InputS3Configuration"].get("InputCompressionType") or "NONE"


def is_being_imported(region: Region, table_name: str) -> bool:
    """Return whether an import into a table of this name is in progress."""
    imports = region.store.of(Import).records.values()
    return any(each.status == IN_PROGRESS and each.table_name == table_name for each in imports)
