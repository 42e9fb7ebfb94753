"""Exports, imports and bulk operations by ARN, and the errors of other ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock._internal.arns import Arn, parse
from ddbmock._internal.errors import AccessDeniedError, ValidationError
from ddbmock._internal.messages import transfer as messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region

R = TypeVar("R")


def find_by_arn(region: Region, kind: type[R], arn: str, subresource: str) -> R | None:
    """Return the record with an ARN, None if there is none.

    Args:
        region: The region that is called.
        kind: The class of the records.
        arn: The ARN in the request.
        subresource: The kind in such an ARN, after the table: `export`, `import`, ...

    Raises:
        ServiceError: The ARN is that of another kind of resource, or of another account.
    """
    parts = parse(arn)
    if parts is None or not _is_of(parts, subresource):
        raise ValidationError(messages.transfer_arn_invalid(subresource))
    if parts.account_id != region.account_id:
        raise AccessDeniedError(messages.ACCESS_IS_DENIED)
    return region.store.of(kind).records.get(arn)


def _is_of(parts: Arn, subresource: str) -> bool:
    """Return whether an ARN has the form `table/NAME/subresource/ID`."""
    within, slash, identifier = parts.subresource.partition("/")
    is_of_table = parts.service == "dynamodb" and parts.kind == "table" and bool(parts.name)
    return is_of_table and within == subresource and bool(slash) and bool(identifier)
