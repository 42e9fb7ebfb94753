"""Pages of the lists of CloudWatch."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock._internal.companions import pages
from ddbmock._internal.companions.metrics.errors import InvalidTokenError
from ddbmock._internal.messages import metrics as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def page(found: Sequence[T], token: str | None, most: int) -> tuple[list[T], dict[str, str]]:
    """Return one page, and its NextToken if more follow.

    Raises:
        InvalidTokenError: The token is invalid.
    """
    wrong_token = InvalidTokenError(messages.CLOUDWATCH_INVALID_TOKEN)
    return pages.page(found, token, most, wrong_token=wrong_token)
