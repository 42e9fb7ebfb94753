"""Pages of the lists of DAX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.dax.errors import DaxParameterValueError
from ddbmock._internal.companions.pages import page
from ddbmock._internal.messages import dax as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.companions.operations import Parameters, Response

#: The parameters of an operation with pages.
PAGING = ("MaxResults", "NextToken")
_PAGE_MOST = 100


def listed(member: str, found: Sequence[Any], parameters: Parameters) -> Response:
    """Return one page of a response.

    Raises:
        DaxParameterValueError: The token is invalid.
    """
    most = parameters.get("MaxResults", _PAGE_MOST)
    wrong_token = DaxParameterValueError(messages.DAX_INVALID_TOKEN)
    items, following = page(found, parameters.get("NextToken"), most, wrong_token=wrong_token)
    return {member: items, **following}
