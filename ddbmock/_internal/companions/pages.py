"""Pages of lists: a token is the number of entries on the pages before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.errors import ServiceError

T = TypeVar("T")


def page(
    entries: Sequence[T], token: str | None, page_size: int, *, wrong_token: ServiceError
) -> tuple[list[T], dict[str, str]]:
    """Return one page, and its NextToken if more follow.

    >>> from ddbmock._internal.errors import ValidationError
    >>> page("abc", None, 2, wrong_token=ValidationError("wrong token"))
    (['a', 'b'], {'NextToken': '2'})
    >>> page("abc", "2", 2, wrong_token=ValidationError("wrong token"))
    (['c'], {})

    Args:
        entries: All entries.
        token: The token in the request.
        page_size: The maximum number of entries on a page.
        wrong_token: The error for a token that is not one.
    """
    if token is not None and not (token.isascii() and token.isdigit()):
        raise wrong_token
    start = int(token or 0)
    end = start + page_size
    following = {"NextToken": str(end)} if end < len(entries) else {}
    return list(entries[start:end]), following
