"""Error texts for tables and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.messages.requests import INVALID

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIMIT_EXCEEDED = "Subscriber limit exceeded: "
_HIGHER_LIMITS = (
    "Refer to the Amazon DynamoDB Developer Guide for current limits"
    " and how to request higher limits."
)

DELETION_PROTECTED = (
    "Resource cannot be deleted as it is currently protected against deletion."
    " Disable deletion protection first."
)


def protection_changed_lately(table_name: str, following: str) -> str:
    return (
        f"Deletion protection setting for table {table_name} modified within the previous 15000"
        f" milliseconds. Please try again after {following}"
    )


def table_exists(name: str) -> str:
    return f"Table already exists: {name}"


def table_not_found(name: str) -> str:
    return f"Requested resource not found: Table: {name} not found"


def index_to_change_not_found(index_name: str, table_name: str) -> str:
    return f"Requested resource not found: Index {index_name} for table {table_name}"


def backfilling(index_name: str) -> str:
    return f"Cannot read from backfilling global secondary index: {index_name}"


# Transitions of a table or index that block another change. The fields in braces are `table`,
# `index` and `detail` of the transition.

RESOURCE_IN_USE = "Attempt to change a resource which is still in use"
TABLE_IS_CREATED = "Table is being created: {table}"
TABLE_IS_DELETED = "Table is being deleted: {table}"
TABLE_IS_UPDATED = "Table: {table} is in the process of being updated."
TABLE_IS_CREATED_FOR_TTL = "Table {table} is being created"
UNITS_ARE_UPDATED = "Table IOPS are currently being updated. Table: {table}"
UNITS_BLOCKED_BY_STREAM = (
    "Can't change table IOPS when stream status is being updated. Table: {table} {detail}"
)
UNITS_BLOCKED_BY_CLASS = (
    "Can't change table IOPS when a table class update is in progress. Table: {table} {detail}"
)
UNITS_BLOCKED_BY_NEW_INDEX = (
    "Can't change table IOPS when an index is being created. Table: {table} {detail}"
)
UNITS_BLOCKED_BY_OLD_INDEX = (
    "Can't change table IOPS when an index is being deleted. Table: {table} {detail}"
)
STREAM_IS_UPDATED = "A stream status change is currently in progress. Table: {table} {detail}"
STREAM_BLOCKED_BY_UNITS = (
    "Can't enable or disable stream while table IOPS are being updated. Table: {table}"
)
STREAM_BLOCKED_BY_CLASS = (
    "Can't change stream status when a table class update is in progress. Table: {table} {detail}"
)
STREAM_BLOCKED_BY_NEW_INDEX = (
    "Can't change stream status when an index is being created. Table: {table} {detail}"
)
STREAM_BLOCKED_BY_OLD_INDEX = (
    "Can't change stream status when an index is being deleted. Table: {table} {detail}"
)
INDEX_BLOCKED_BY_UNITS = (
    "Can't create or delete indexes while table IOPS are being updated. Table: {table}"
)
INDEX_BLOCKED_BY_STREAM = (
    "Can't create or delete an index when stream status is being updated. Table: {table} {detail}"
)
INDEX_BLOCKED_BY_CLASS = (
    "Can't create or delete an index when a table class update is in progress."
    " Table: {table} {detail}"
)
CLASS_IS_UPDATED = (
    "Can't update table class when a table class update is in progress. Table: {table} {detail}"
)
CLASS_BLOCKED_BY_STREAM = (
    "Can't update table class when stream status is being updated. Table: {table} {detail}"
)
ON_DEMAND_BLOCKED_BY_BILLING = (
    "OnDemandThroughput cannot be updated while BillingMode update is in progress"
)
ON_DEMAND_BLOCKED_BY_STREAM = (
    "OnDemandThroughput cannot be updated while stream status update is in progress. {detail}"
)
ON_DEMAND_BLOCKED_BY_CLASS = (
    "OnDemandThroughput cannot be updated while TableClass update is in progress. {detail}"
)
ON_DEMAND_BLOCKED_BY_NEW_INDEX = (
    "OnDemandThroughput cannot be updated while index creation is in progress"
    " for indexes: [{index}]"
)
ON_DEMAND_BLOCKED_BY_OLD_INDEX = (
    "OnDemandThroughput cannot be updated while index deletion is in progress"
    " for indexes: [{index}]"
)
ENCRYPTION_IS_UPDATED = "Server-Side Encryption is still being updated"
INDEXES_BLOCK_DELETION = "Cannot delete table while indexes are being created, updated, or deleted."
STREAM_BLOCKS_DELETION = "Cannot delete table while stream is being enabled/disabled."
INDEX_IS_DELETED = "Index is being deleted. Table: {table} Index: {index}"
INDEX_IS_UPDATED = "Index is being updated. Table: {table} Index: {index}"
INDEX_IS_CREATED = "Index is being created.  Table: {table} Index: {index}"
INDEX_IS_NOT_FILLED_YET = (
    "Index is being created but is not backfilling yet.  Table: {table} Index: {index}"
)
INDEX_IS_ALLOCATED = (
    "Index creation is in resource allocation phase. Retry deletion during backfilling phase"
    " or when the index is active. Table: {table} Index: {index}"
)


def in_use(reason: str, **places: str) -> str:
    return f"{RESOURCE_IN_USE}: {reason.format(**places)}"


# What an UpdateTable request may contain.

WARM_ALONE = f"{INVALID}WarmThroughput must be the only operation in the request"
WARM_WITHOUT_NEW_INDEX = (
    f"{INVALID}Create global secondary index cannot be specified when updating WarmThroughput"
)
ON_DEMAND_WITH_BILLING_ONLY = (
    f"{INVALID}OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"
)
STREAM_WITH_UNITS = f"{INVALID}You cannot modify stream status while updating table IOPS"
INDEX_WITH_UNITS = f"{INVALID}You cannot create or delete index while updating table IOPS"
INDEX_WITH_STREAM = f"{INVALID}You cannot create or delete index while changing stream status"
NEW_STREAM_WITHOUT_VIEW_TYPE = (
    f"{INVALID}If stream is being enabled then UpdateViewType is required"
)
OLD_STREAM_WITH_VIEW_TYPE = (
    f"{INVALID}If stream is being disabled, then UpdateViewType must not be specified"
)
UNITS_REQUIRED_TO_PROVISION = (
    f"{INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
)
UNITS_FORBIDDEN_ON_DEMAND = (
    f"{INVALID}ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST"
)
INDEX_ACTION_MISSING = (
    f"{INVALID}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create,"
    " GlobalSecondaryIndexUpdate.Delete must not be null"
)
INDEX_ACTIONS_SEVERAL = (
    f"{INVALID}Only one global secondary index action is allowed per"
    " GlobalSecondaryIndexUpdate object"
)
INDEX_EXISTS = "Attempting to create an index which already exists"
ENCRYPTED_BY_DEFAULT = f"{INVALID}Table is already encrypted by default"
ENCRYPTED_WITH_KEY = (
    f"{INVALID}Table is already encrypted with given KMSMasterKeyId."
    " Use KMSMasterKeyId parameter if you want to change Master Key"
)
ONE_INDEX_AT_A_TIME = (
    f"{_LIMIT_EXCEEDED}Only 1 online index can be created or deleted simultaneously per table"
)
TOO_MANY_CLASS_CHANGES = (
    f"{_LIMIT_EXCEEDED}Updates to TableClass are limited to 2 times in 30 day(s)."
)


#: What an UpdateTable may change, in the service's words and order.
_CHANGES = (
    *("ProvisionedThroughput", "BillingMode", "UpdateStreamEnabled"),
    *("GlobalSecondaryIndexUpdates", "SSESpecification", "ReplicaUpdates"),
    *("MultiAccountReplicaReady", "ReplicaTransitRoleArn", "MultiRegionConsistency"),
    *("DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput", "TableClass"),
)


def nothing_to_update(sent: Iterable[str]) -> str:
    names = [name for name in _CHANGES if name not in sent]
    return f"At least one of {', '.join(names[:-1])} or {names[-1]} is required"


def alone_in_request(concern: str) -> str:
    return f"{INVALID}{concern} modification must be the only operation in the request"


def one_action_an_index(index_name: str) -> str:
    return (
        f"{INVALID}Only one global secondary index update per index is allowed simultaneously."
        f" Index: {index_name}"
    )


def index_without_definitions(index_name: str) -> str:
    return f"{INVALID}AttributeDefinitions is not specified for index: {index_name}"


def attribute_redefined(existing: str, new: str) -> str:
    return (
        f"{INVALID}Attributes cannot be redefined. Please check that your attribute has the same"
        f" type as previously defined. Existing schema: Schema:[SchemaElement: key{{{existing}}}]"
        f" New schema: Schema:[SchemaElement: key{{{new}}}]"
    )


def not_a_global_index(verb: str, index_name: str) -> str:
    return f"Cannot {verb} an index that is not a GlobalSecondaryIndex: {index_name}"


def index_units_required(index_name: str) -> str:
    return f"{INVALID}ProvisionedThroughput must be specified for index: {index_name}"


def index_units_incomplete(index_name: str) -> str:
    return (
        f"{INVALID}Both ReadCapacityUnits and WriteCapacityUnits must be specified"
        f" for index: {index_name}"
    )


def index_units_forbidden(index_name: str) -> str:
    return (
        f"{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
        f" for index: {index_name} when BillingMode is PAY_PER_REQUEST"
    )


def index_is_on_demand(index_name: str) -> str:
    return (
        f"{INVALID}The only Updates for index: {index_name} when TableThroughputMode is"
        " PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput"
    )


def maximum_without_on_demand(member_name: str, index_name: str | None) -> str:
    place = "" if index_name is None else f" for index : {index_name}"
    return (
        f"{INVALID}{member_name} for OnDemandThroughput{place} cannot be specified"
        " when the table BillingMode is PROVISIONED"
    )


def index_warm_throughput_empty(index_name: str) -> str:
    return (
        f"{INVALID}WarmThroughput must have at least one of ReadUnitsPerSecond or"
        f" WriteUnitsPerSecond specified for index: {index_name}"
    )


def warm_decreased(member_name: str, index_name: str | None) -> str:
    place = "table" if index_name is None else f"index {index_name}"
    return (
        f"{INVALID}Requested {member_name} for WarmThroughput for {place} is lower than current"
        " WarmThroughput, decreasing WarmThroughput is not supported"
    )


def units_unchanged(read_units: int, write_units: int, index_name: str | None) -> str:
    thing = "the table" if index_name is None else f"the index {index_name}"
    place = "the table" if index_name is None else f"index {index_name}"
    return (
        f"The provisioned throughput for {thing} will not change."
        " The requested value equals the current value."
        f" Current ReadCapacityUnits provisioned for {place}: {read_units}."
        f" Requested ReadCapacityUnits: {read_units}."
        f" Current WriteCapacityUnits provisioned for {place}: {write_units}."
        f" Requested WriteCapacityUnits: {write_units}. {_HIGHER_LIMITS}"
    )


def too_many_decreases(count: int, last: str, following: str) -> str:
    return (
        f"{_LIMIT_EXCEEDED}Provisioned throughput decreases are limited within a given UTC day."
        " After the first 4 decreases, each subsequent decrease in the same UTC day can be"
        " performed at most once every 3600 seconds."
        f" Number of decreases today: {count}. Last decrease at {last}."
        f" Next decrease can be made at {following}"
    )


def too_many_encryption_changes(window_end: str, count: int, last: str, following: str) -> str:
    return (
        f"{_LIMIT_EXCEEDED}Encryption mode changes are limited in the 24h window ending at"
        f" {window_end}. After the first 4 change, each subsequent change in the same window can"
        f" be performed at most once every 21600 seconds. Number of updates today: {count}."
        f" Last change at {last}. Next changes can be made at {following}."
    )


def too_many_online_indexes(limit: int) -> str:
    return f"{_LIMIT_EXCEEDED}Number of global secondary indexes exceeds per-table limit of {limit}"


def units_over_table_quota(
    member_name: str, index_name: str | None, units: int, region_name: str, quota: int
) -> str:
    place = "" if index_name is None else f" for index {index_name}"
    thing = "table" if index_name is None else "index"
    return (
        f"The requested {member_name}{place}, {units}, is above the per {thing} maximum for the"
        f" account in {region_name}. Per table maximum: {quota}. {_HIGHER_LIMITS}"
    )


def units_over_account_quota(
    member_name: str, region_name: str, reserved: int, quota: int, requested: int
) -> str:
    return (
        f"This request would have caused the {member_name} limit to be exceeded for the account"
        f" in {region_name}. Current {member_name} reserved by the account: {reserved}."
        f" Limit: {quota}. Requested: {requested}. {_HIGHER_LIMITS}"
    )


def throughput_over_quota(member_name: str, kind: str, place: str, quota: str, region: str) -> str:
    return (
        f"{_LIMIT_EXCEEDED}Requested {member_name} for {kind} for {place} exceeds {quota}"
        f" of the account in region {region}"
    )
