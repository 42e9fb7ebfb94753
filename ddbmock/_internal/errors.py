"""The exceptions of ddbmock.

There are three kinds:

1. `ServiceError`: what DynamoDB itself would respond with. Raised anywhere below the entrances,
   turned into botocore's exceptions (or an HTTP error body) in one place, the entrance of the call.
2. `UnsupportedError`: a request that DynamoDB would take and ddbmock does not do yet. It surfaces
   as itself, so that no test passes by accident.
3. `MisuseError`: ddbmock itself was used wrongly.

Any other exception out of ddbmock is a bug of ddbmock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable


class ServiceError(Exception):
    """An error response of the service: a code, a text and the modelled members beside them.

    >>> error = ValidationError("Invalid UpdateExpression: The expression can not be empty;")
    >>> error.code, error.http_status
    ('ValidationException', 400)
    """

    code: ClassVar[str] = "InternalServerError"
    http_status: ClassVar[int] = 400
    #: Which service's model names the error; its qualified type is `prefix + code`.
    type_prefix: ClassVar[str] = "com.amazonaws.dynamodb.v20120810#"
    #: The name in the model, of services where clients see another name as the code.
    type_name: ClassVar[str] = ""
    #: How the member that holds the text is spelled in the body (the service is not of one mind).
    message_member: ClassVar[str] = "message"
    #: Whether a fault that a test asked for made it, see `ddbmock._internal.faults`.
    is_injected: bool = False

    def __init__(self, message: str, **members: Any) -> None:
        super().__init__(message)
        self.message = message
        self.members = members


class ValidationError(ServiceError):
    """The request breaks a rule that is not in the service's model.

    The service checks requests in one of two layers; `legacy_message` is the text of the older one,
    which is often the same. `validation/wording.py` defines which of them an operation uses.
    """

    code = "ValidationException"
    type_prefix = "com.amazon.coral.validate#"
    #: Whether the text never has an envelope such as "1 validation error detected: …".
    is_always_bare: ClassVar[bool] = False

    def __init__(self, message: str, *, legacy_message: str | None = None) -> None:
        super().__init__(message)
        self.legacy_message: str = message if legacy_message is None else legacy_message


class EmptyKeyValueError(ValidationError):
    """An attribute of a key is an empty text or binary; a transaction is refused for it at once."""


class ItemTooLargeError(ValidationError):
    """An item to be put has more than 400 KB."""

    is_always_bare = True


class SerializationError(ServiceError):
    """The body is JSON whose types are not those of the operation's input."""

    code = "SerializationException"
    type_prefix = "com.amazon.coral.service#"
    message_member = "Message"


class UnknownOperationError(ServiceError):
    """The target header names no operation of the service."""

    code = "UnknownOperationException"
    type_prefix = "com.amazon.coral.service#"


class ResourceNotFoundError(ServiceError):
    """A table, index, stream or other resource does not exist (or is not active)."""

    code = "ResourceNotFoundException"


class PolicyNotFoundError(ServiceError):
    """A table or stream has no resource policy, or another revision of it than was expected."""

    code = "PolicyNotFoundException"


class GlobalTableNotFoundError(ServiceError):
    """A global table of version 2017.11.29 does not exist: they can no longer be created."""

    code = "GlobalTableNotFoundException"


class InternalServerError(ServiceError):
    """The service fails where it should refuse."""

    http_status = 500


class InternalFailureError(ServiceError):
    """The service fails before the operation; there is no text."""

    code = "InternalFailure"
    http_status = 500
    type_prefix = "com.amazon.coral.service#"


class ResourceInUseError(ServiceError):
    """A table exists already or is being changed."""

    code = "ResourceInUseException"


class TableAlreadyExistsError(ServiceError):
    """A table that is to be restored exists already."""

    code = "TableAlreadyExistsException"


class TableInUseError(ServiceError):
    """A table that is to be restored is being restored already."""

    code = "TableInUseException"


class BackupNotFoundError(ServiceError):
    """There is no backup with this ARN."""

    code = "BackupNotFoundException"


class BackupInUseError(ServiceError):
    """A table is being restored from a backup."""

    code = "BackupInUseException"


class ContinuousBackupsUnavailableError(ServiceError):
    """A table cannot be backed up yet."""

    code = "ContinuousBackupsUnavailableException"


class InvalidRestoreTimeError(ServiceError):
    """A table cannot be restored to this time."""

    code = "InvalidRestoreTimeException"


class LimitExceededError(ServiceError):
    """Too many control-plane operations, indexes or tables at once."""

    code = "LimitExceededException"


class ReplicatedWriteConflictError(ServiceError):
    """A write conflicts with another region's write of the same item, with strong consistency."""

    code = "ReplicatedWriteConflictException"


class ConditionalCheckFailedError(ServiceError):
    """The condition of a write did not hold; `Item` is the item if it was requested."""

    code = "ConditionalCheckFailedException"


class TransactionCanceledError(ServiceError):
    """A transaction was cancelled; `CancellationReasons` has an entry for each action."""

    code = "TransactionCanceledException"
    message_member = "Message"


class IdempotentParameterMismatchError(ServiceError):
    """A client token was used again with other parameters."""

    code = "IdempotentParameterMismatchException"
    message_member = "Message"


class DuplicateItemError(ServiceError):
    """An item with the key of a PartiQL INSERT exists already."""

    code = "DuplicateItemException"


class ExpiredIteratorError(ServiceError):
    """A shard iterator is older than 15 minutes."""

    code = "ExpiredIteratorException"


class TrimmedDataAccessError(ServiceError):
    """A stream is read at records that are older than 24 hours."""

    code = "TrimmedDataAccessException"


class ThrottledError(ServiceError):
    """Admission refuses an access; a batch leaves it unprocessed, any other call fails."""


class ProvisionedThroughputExceededError(ThrottledError):
    """A table or index with provisioned units has none left; `ThrottlingReasons` says which."""

    code = "ProvisionedThroughputExceededException"


class ThrottlingError(ThrottledError):
    """An on-demand table is used faster than it grows; `throttlingReasons` says where."""

    code = "ThrottlingException"
    type_prefix = "com.amazon.coral.availability#"


class RequestLimitExceededError(ThrottledError):
    """The account uses more than its quota; `ThrottlingReasons` says where."""

    code = "RequestLimitExceeded"


class TransactionConflictError(ServiceError):
    """A write conflicts with a transaction on the same item."""

    code = "TransactionConflictException"


class TransactionInProgressError(ServiceError):
    """A transaction with the same client token is in progress."""

    code = "TransactionInProgressException"
    message_member = "Message"


class ItemCollectionSizeLimitExceededError(ServiceError):
    """The items of one partition key, with their local index entries, would have too many bytes."""

    code = "ItemCollectionSizeLimitExceededException"


class ConnectionFault(Exception):
    """A fault without a response: the client gets an exception of its network layer.

    `exception` is an exception class of botocore, or an exception. `hook` raises it.
    """

    is_injected = True

    def __init__(self, exception: Callable[..., Exception] | Exception) -> None:
        kind = exception if isinstance(exception, type) else type(exception)
        super().__init__(kind.__name__)
        self.exception = exception
        #: The name of the exception, as the code of the call's error.
        self.code: str = kind.__name__


class AccessDeniedError(ServiceError):
    """The caller has no permission, or the resource belongs to another account."""

    code = "AccessDeniedException"
    type_prefix = "com.amazon.coral.service#"
    message_member = "Message"


class TableNotFoundError(ServiceError):
    """The table of an export, or of a point-in-time recovery, does not exist."""

    code = "TableNotFoundException"


class PointInTimeRecoveryUnavailableError(ServiceError):
    """An earlier state of a table is required, but point-in-time recovery is disabled."""

    code = "PointInTimeRecoveryUnavailableException"


class InvalidExportTimeError(ServiceError):
    """An export is of a time whose state is not known."""

    code = "InvalidExportTimeException"


class ExportConflictError(ServiceError):
    """The client token of an export was used again with other parameters."""

    code = "ExportConflictException"


class ExportNotFoundError(ServiceError):
    """An ARN names no export."""

    code = "ExportNotFoundException"


class ImportConflictError(ServiceError):
    """The client token of an import was used again with other parameters."""

    code = "ImportConflictException"


class ImportNotFoundError(ServiceError):
    """An ARN names no import."""

    code = "ImportNotFoundException"


class UnsupportedError(NotImplementedError):
    """ddbmock does not do this yet; the text names the operation or parameter."""

    __module__ = "ddbmock"  # where it is imported from, as a traceback shows it


class DeliveryError(RuntimeError):
    """A trigger's handler reported failed records, or returned no state of a tumbling window."""

    __module__ = "ddbmock"  # where it is imported from, as a traceback shows it


class MisuseError(RuntimeError):
    """ddbmock itself was used wrongly; the text says what to do."""

    __module__ = "ddbmock"  # where it is imported from, as a traceback shows it


class UnmockedCallError(MisuseError):
    """DynamoDB was called outside of any mock, in a test run whose guard refuses that."""

    __module__ = "ddbmock"  # where it is imported from, as a traceback shows it
