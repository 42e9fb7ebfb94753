"""Pages of lists: a token is the number of what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.companions.autoscaling.errors import ScalingTokenError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock.companions.operations import Parameters, Response

_PAGE_MOST = 50


def listed(member: str, found: Sequence[Any], parameters: Parameters) -> Response:
    """Return one page of an answer.

    >>> listed("Names", ["a", "b"], {"MaxResults": 1})
    {'Names': ['a'], 'NextToken': '1'}

    Raises:
        ScalingTokenError: The token is not one.
    """
    token = parameters.get("NextToken", "0")
    if not (token.isascii() and token.isdigit()):
        raise ScalingTokenError(messages.SCALING_INVALID_TOKEN)
    start = int(token)
    end = start + parameters.get("MaxResults", _PAGE_MOST)
    following = {"NextToken": str(end)} if end < len(found) else {}
    return {member: list(found[start:end]), **following}
