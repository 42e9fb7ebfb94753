"""Pages of exports, imports and bulk operations: the newest first, of the last 90 days.

A token is the ARN of the last one of a page, in hexadecimal digits in groups of 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from ddbmock._internal import limits
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import transfer as messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.backend import Region

_GROUP_BYTES = 8
#: ListImports takes tokens of 112 characters or more.
_TOKEN_BYTES_MIN = 56


class Transfer(Protocol):
    """An export, an import or a bulk operation."""

    @property
    def arn(self) -> str:
        """The ARN."""

    @property
    def started_at(self) -> float:
        """The time of its request, in epoch seconds."""


T = TypeVar("T", bound=Transfer)


def page_of(
    region: Region,
    kind: type[T],
    limit: int | None,
    token: str | None,
    is_listed: Callable[[T], bool],
) -> tuple[list[T], dict[str, str]]:
    """Return a page of the records of one kind, and the member NextToken if there are more.

    Raises:
        ValidationError: The token is not one of this list.
    """
    oldest = region.backend.clock.seconds() - limits.TRANSFERS_LISTED_SECONDS
    records = list(region.store.of(kind).records.values())[::-1]
    first = 0 if token is None else _position_after(token, [record.arn for record in records])
    listed = [
        record for record in records[first:] if record.started_at >= oldest and is_listed(record)
    ]
    page = listed[: limit or limits.TRANSFERS_PAGE_DEFAULT]
    return page, {"NextToken": encode_token(page[-1].arn)} if len(page) < len(listed) else {}


def _position_after(token: str, arns: list[str]) -> int:
    tokens = [encode_token(arn) for arn in arns]
    if token not in tokens:
        raise ValidationError(messages.transfer_token_invalid(token))
    return tokens.index(token) + 1


def encode_token(arn: str) -> str:
    """Return the token of the page after a record.

    >>> encode_token("arn:aws:dynamodb:eu-west-1:1:table/orders/export/0169-2d87")[:16]
    '61726e3a6177733a'
    """
    content = arn.encode()
    padded_bytes = max(-(-len(content) // _GROUP_BYTES) * _GROUP_BYTES, _TOKEN_BYTES_MIN)
    return content.ljust(padded_bytes, b"\0").hex()
