"""The error of an access that is throttled: its code, its text, and the reasons that come with it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-diagnosing.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

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
    """What is used up; the value is how the service's reasons end."""

    PROVISIONED = "ProvisionedThroughputExceeded"
    KEY_RANGE = "KeyRangeThroughputExceeded"
    ACCOUNT = "AccountLimitExceeded"
    MAXIMUM = "MaxOnDemandThroughputExceeded"


def reason_of(region: Region, where: Where, cause: Cause) -> dict[str, str]:
    """Return a throttling reason as it is in an answer."""
    kind = "Table" if where.index_name is None else "Index"
    action = "Write" if where.is_write else "Read"
    table_arn = region.arns.table(where.table_name)
    arn = table_arn if where.index_name is None else f"{table_arn}/index/{where.index_name}"
    return {"reason": f"{kind}{action}{cause.value}", "resource": arn}


#: The IAM actions of intents that read.
_READS = frozenset({"BatchGetItem", "GetItem", "PartiQLSelect", "Query", "Scan"})


def is_write(intent: Intent) -> bool:
    """Return whether an action writes."""
    return intent.iam_action not in _READS


class Where:
    """Where an access is throttled: a table or index, and how that is billed."""

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
    region: Region, where: Where, cause: Cause, *, is_single_write: bool = False
) -> ThrottledError:
    """Return the error for a table or index of which something is used up.

    Args:
        region: The region of the table.
        where: What is throttled.
        cause: What is used up.
        is_single_write: Whether a write that stands alone is refused: for the maximum of an
            on-demand index the service has another error for it.
    """
    reasons = [reason_of(region, where, cause)]
    if cause is Cause.ACCOUNT:
        return RequestLimitExceededError(messages.ACCOUNT_LIMIT_EXCEEDED, ThrottlingReasons=reasons)
    of_index = where.index_name is not None
    if not where.is_on_demand or (of_index and is_single_write and cause is Cause.MAXIMUM):
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
