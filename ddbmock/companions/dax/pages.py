"""Pages of lists: a token is the number of what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.companions.dax.errors import DaxParameterValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock.companions.operations import Parameters, Response

PAGING = ("MaxResults", "NextToken")
_PAGE_MOST = 100


def listed(member: str, found: Sequence[Any], parameters: Parameters) -> Response:
    """Return one page of an answer.

    Raises:
        DaxParameterValueError: The token is not one.
    """
    token = parameters.get("NextToken", "0")
    if not (token.isascii() and token.isdigit()):
        raise DaxParameterValueError(messages.DAX_INVALID_TOKEN)
    start = int(token)
    end = start + parameters.get("MaxResults", _PAGE_MOST)
    following = {"NextToken": str(end)} if end < len(found) else {}
    return {member: list(found[start:end]), **following}
