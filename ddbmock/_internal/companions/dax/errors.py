"""Errors as DAX's own client raises them, and those of the control plane.

The client's exceptions are botocore's ClientError with `code`, `http_status` and
`cancellation_reasons` as attributes; there are no modelled exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ddbmock._internal.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Error code of DynamoDB -> DAX's error code.
_CODES = {
    "InternalServerError": "InternalServerErrorException",
    "RequestLimitExceeded": "RequestLimitExceededException",
}
#: Error code -> the numbers that a node sends for it.
_NUMBERS = {
    "ProvisionedThroughputExceededException": [4, 37, 38, 39, 40],
    "ResourceNotFoundException": [4, 37, 38, 39, 41],
    "AccessDeniedException": [4, 37, 38, 42],
    "ConditionalCheckFailedException": [4, 37, 38, 39, 43],
    "ResourceInUseException": [4, 37, 38, 39, 45],
    "ValidationException": [4, 37, 38, 39, 46],
    "InternalServerErrorException": [4, 37, 38, 39, 47],
    "ItemCollectionSizeLimitExceededException": [4, 37, 38, 39, 48],
    "LimitExceededException": [4, 37, 38, 39, 49],
    "ThrottlingException": [4, 37, 38, 39, 50],
    "TransactionCanceledException": [4, 37, 38, 39, 58],
    "RequestLimitExceededException": [4, 37, 38, 39, 61],
}


def code_of(error: ServiceError) -> str:
    """Return DAX's code of an error of DynamoDB."""
    return _CODES.get(error.code, error.code)


def numbers_of(error: ServiceError) -> list[int] | None:
    """Return the numbers that a node sends for an error of DynamoDB; None if DAX has none."""
    return _NUMBERS.get(code_of(error))


def reasons_of(error: ServiceError) -> Sequence[Any] | None:
    """Return the cancellation reasons of a transaction, if the error has them."""
    reasons: Sequence[Any] | None = error.members.get("CancellationReasons")
    return reasons


class DaxServiceError(ClientError):  # type: ignore[misc] # botocore has no types
    """An error of DynamoDB, raised through DAX."""

    def __init__(self, error: ServiceError, operation_name: str) -> None:
        #: The error's code.
        self.code: str = code_of(error)
        #: The status of the table's response.
        self.http_status: int = error.http_status
        #: Why a transaction was cancelled; not a part of `response`, like in DAX's own client.
        self.cancellation_reasons: Sequence[Any] | None = reasons_of(error)
        response = {
            "Error": {"Code": self.code, "Message": error.message},
            "ResponseMetadata": {"HTTPStatusCode": error.http_status},
        }
        super().__init__(response, operation_name)


class DaxFault(ServiceError):
    """An error response of the control plane."""

    type_prefix = "com.amazonaws.dax.v20170419#"


class ClusterAlreadyExistsFault(DaxFault):
    """There is a cluster with this name."""

    code = "ClusterAlreadyExistsFault"


class ClusterNotFoundFault(DaxFault):
    """There is no such cluster."""

    code = "ClusterNotFoundFault"


class InvalidClusterStateFault(DaxFault):
    """The cluster is being created, changed or deleted."""

    code = "InvalidClusterStateFault"


class NodeNotFoundFault(DaxFault):
    """The cluster has no such node."""

    code = "NodeNotFoundFault"


class NodeQuotaForClusterExceededFault(DaxFault):
    """The cluster would have too many nodes."""

    code = "NodeQuotaForClusterExceededFault"


class ParameterGroupAlreadyExistsFault(DaxFault):
    """There is a parameter group with this name."""

    code = "ParameterGroupAlreadyExistsFault"


class ParameterGroupNotFoundFault(DaxFault):
    """There is no such parameter group."""

    code = "ParameterGroupNotFoundFault"


class InvalidParameterGroupStateFault(DaxFault):
    """The parameter group is in use."""

    code = "InvalidParameterGroupStateFault"


class SubnetGroupAlreadyExistsFault(DaxFault):
    """There is a subnet group with this name."""

    code = "SubnetGroupAlreadyExistsFault"


class SubnetGroupNotFoundFault(DaxFault):
    """There is no such subnet group."""

    code = "SubnetGroupNotFoundFault"


class SubnetGroupInUseFault(DaxFault):
    """The subnet group is in use."""

    code = "SubnetGroupInUseFault"


class InvalidArnFault(DaxFault):
    """A text is not the ARN of a cluster."""

    code = "InvalidARNFault"


class TagNotFoundFault(DaxFault):
    """The cluster has no such tag."""

    code = "TagNotFoundFault"


class DaxParameterValueError(DaxFault):
    """The value of a parameter is wrong."""

    code = "InvalidParameterValueException"
