"""Pages of the lists of Application Auto Scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.autoscaling.errors import ScalingTokenError
from ddbmock._internal.companions.pages import page
from ddbmock._internal.messages import autoscaling as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.companions.operations import Parameters, Response

_PAGE_MOST = 50


def listed(member: str, found: Sequence[Any], parameters: Parameters) -> Response:
    """Return one page of a response.

    Raises:
        ScalingTokenError: The token is invalid.
    """
    most = parameters.get("MaxResults", _PAGE_MOST)
    wrong_token = ScalingTokenError(messages.SCALING_INVALID_TOKEN)
    items, following = page(found, parameters.get("NextToken"), most, wrong_token=wrong_token)
    return {member: items, **following}
