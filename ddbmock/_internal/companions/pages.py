"""Pages of lists: a token is the number of what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.errors import ServiceError

T = TypeVar("T")


def page(
    found: Sequence[T], token: str | None, most: int, *, wrong_token: ServiceError
) -> tuple[list[T], dict[str, str]]:
    """Return one page, and its NextToken when more follows.

    >>> from ddbmock._internal.errors import ValidationError
    >>> page("abc", None, 2, wrong_token=ValidationError("wrong token"))
    (['a', 'b'], {'NextToken': '2'})
    >>> page("abc", "2", 2, wrong_token=ValidationError("wrong token"))
    (['c'], {})

    Args:
        found: All that there is.
        token: That of the request.
        most: How many there are on a page.
        wrong_token: The error for a token that is not one.
    """
    if token is not None and not (token.isascii() and token.isdigit()):
        raise wrong_token
    start = int(token or 0)
    end = start + most
    following = {"NextToken": str(end)} if end < len(found) else {}
    return list(found[start:end]), following
