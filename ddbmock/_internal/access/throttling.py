"""The errors of throttled accesses: their codes, texts and throttling reasons.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-diagnosing.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ddbmock._internal.access.intent import READ_ACTIONS
from ddbmock._internal.errors import (
    ProvisionedThroughputExceededError,
    RequestLimitExceededError,
    ThrottledError,
    ThrottlingError,
)
from ddbmock._internal.messages import throttling as messages

if TYPE_CHECKING:
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.backend import Region


class Cause(Enum):
    """The limit that is exceeded; the value is the end of the service's reasons."""

    PROVISIONED = "ProvisionedThroughputExceeded"
    KEY_RANGE = "KeyRangeThroughputExceeded"
    ACCOUNT = "AccountLimitExceeded"
    MAXIMUM = "MaxOnDemandThroughputExceeded"


def reason_of(region: Region, resource: ThrottledResource, cause: Cause) -> dict[str, str]:
    """Return a throttling reason as a response has it."""
    kind = "Table" if resource.index_name is None else "Index"
    action = "Write" if resource.is_write else "Read"
    table_arn = region.arns.table(resource.table_name)
    arn = table_arn if resource.index_name is None else f"{table_arn}/index/{resource.index_name}"
    return {"reason": f"{kind}{action}{cause.value}", "resource": arn}


def is_write(intent: Intent) -> bool:
    """Return whether an action writes."""
    return intent.iam_action not in READ_ACTIONS


class ThrottledResource:
    """The table or index of which an access is throttled, and its billing mode."""

    __slots__ = ("index_name", "is_on_demand", "is_write", "table_name")

    def __init__(
        self, table_name: str, index_name: str | None, *, is_write: bool, is_on_demand: bool
    ) -> None:
        self.table_name: str = table_name
        #: A global secondary index; None for the table with its local ones.
        self.index_name: str | None = index_name
        self.is_write: bool = is_write
        self.is_on_demand: bool = is_on_demand


def throttled(
    region: Region, resource: ThrottledResource, cause: Cause, *, is_single_write: bool = False
) -> ThrottledError:
    """Return the error for a throttled access to a table or index.

    Args:
        region: The region of the table.
        resource: The table or index that is throttled.
        cause: The limit that is exceeded.
        is_single_write: Whether a write outside of batches and transactions is throttled: for the
            maximum of an on-demand index the service has another error for it.
    """
    reasons = [reason_of(region, resource, cause)]
    if cause is Cause.ACCOUNT:
        return RequestLimitExceededError(messages.ACCOUNT_LIMIT_EXCEEDED, ThrottlingReasons=reasons)
    of_index = resource.index_name is not None
    if not resource.is_on_demand or (of_index and is_single_write and cause is Cause.MAXIMUM):
        return provisioned_error(reasons, of_index=of_index)
    return on_demand_error(reasons, of_index=of_index, is_maximum=cause is Cause.MAXIMUM)


def provisioned_error(
    reasons: list[dict[str, str]], *, of_index: bool
) -> ProvisionedThroughputExceededError:
    """Return the error of a table or index with provisioned throughput."""
    text = messages.TABLE_PROVISIONED_EXCEEDED
    if of_index:
        text = messages.INDEXES_PROVISIONED_EXCEEDED
    return ProvisionedThroughputExceededError(text, ThrottlingReasons=reasons)


def on_demand_error(
    reasons: list[dict[str, str]], *, of_index: bool, is_maximum: bool = False
) -> ThrottlingError:
    """Return the error of a table or index with on-demand billing."""
    text = messages.TABLE_ON_DEMAND_EXCEEDED
    if of_index:
        text = messages.INDEXES_ON_DEMAND_EXCEEDED
    elif is_maximum:
        text = messages.ON_DEMAND_MAXIMUM_EXCEEDED
    return ThrottlingError(text, throttlingReasons=reasons)
