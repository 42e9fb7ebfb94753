"""Texts of throttled requests, of conflicts and of the service's own faults."""

from __future__ import annotations

#: Observed, of reads and writes, and of a partition's limit too.
TABLE_PROVISIONED_EXCEEDED = (
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing"
    " your provisioning level with the UpdateTable API."
)
#: Observed of writes; that reads of an index get it too is a guess.
INDEXES_PROVISIONED_EXCEEDED = (
    "The level of configured provisioned throughput for one or more global secondary indexes of the"
    " table was exceeded. Consider increasing your provisioning level for the under-provisioned"
    " global secondary indexes with the UpdateTable API"
)
#: Observed.
TABLE_ON_DEMAND_EXCEEDED = (
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically"
    " scaling your table or index so please try again shortly. If exceptions persist, check if you"
    " have a hot key:"
    " https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
)
#: Observed, also where the maximum of an index is what was exceeded.
INDEXES_ON_DEMAND_EXCEEDED = (
    "Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is"
    " automatically scaling your index so please try again shortly."
)
#: Documented.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
ON_DEMAND_MAXIMUM_EXCEEDED = (
    "Throughput exceeds the maximum OnDemandThroughput configured on table or index"
)
#: Documented.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
ACCOUNT_LIMIT_EXCEEDED = (
    "Throughput exceeds the current throughput limit for your account. To request a limit increase,"
    " contact AWS Support at https://aws.amazon.com/support"
)
#: Observed: reads of the control plane, and GetRecords.
RATE_EXCEEDED = "Rate exceeded"
#: Observed: changes by the control plane.
CONTROL_PLANE_RATE_EXCEEDED = "The rate of control plane requests made by this account is too high"

#: In the model, as a cancellation reason; that a single write gets it alone is a guess.
TRANSACTION_CONFLICT = "Transaction is ongoing for the item"
#: Observed.
TRANSACTION_IN_PROGRESS = "Transaction from previous request is still in progress"
#: Documented.
REPLICATED_WRITE_CONFLICT = (
    "One or more items in this request are being modified by a request in another Region."
)
#: Documented.
COLLECTION_SIZE_EXCEEDED = "Collection size exceeded."
#: Observed.
INTERNAL_SERVER_ERROR = "Internal server error"
#: Documented.
SERVICE_UNAVAILABLE = "DynamoDB is currently unavailable."
#: Observed.
INVALID_SECURITY_TOKEN = "The security token included in the request is invalid."  # noqa: S105
#: Observed.
WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details."
)
#: Observed.
EXPIRED_SECURITY_TOKEN = "The security token included in the request is expired"  # noqa: S105


def too_many_changes(limit: int) -> str:
    """Return the text for too many changes by the control plane; observed with 10 as the limit."""
    return (
        f"Subscriber limit exceeded: Only {limit} tables can be created, updated, or deleted"
        " simultaneously"
    )


def too_many_tables(limit: int) -> str:
    """Return the text for a table more than an account may have; known from an older quota."""
    return f"Subscriber limit exceeded: There is a limit of {limit} tables per subscriber"
