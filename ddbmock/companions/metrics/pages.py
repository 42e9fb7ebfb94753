"""Pages of lists: a token is the number of what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ddbmock import messages
from ddbmock.companions.metrics.errors import InvalidTokenError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def page(found: Sequence[T], token: str | None, most: int) -> tuple[list[T], dict[str, str]]:
    """Return one page, and its NextToken when more follows.

    >>> page("abc", None, 2), page("abc", "2", 2)
    ((['a', 'b'], {'NextToken': '2'}), (['c'], {}))

    Raises:
        InvalidTokenError: The token is not one.
    """
    if token is not None and not (token.isascii() and token.isdigit()):
        raise InvalidTokenError(messages.CLOUDWATCH_INVALID_TOKEN)
    start = int(token or 0)
    end = start + most
    following = {"NextToken": str(end)} if end < len(found) else {}
    return list(found[start:end]), following
