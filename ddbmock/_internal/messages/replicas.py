"""Error texts for global tables and their replicas.

The texts were seen at the service in October 2026, unless a comment says otherwise:
https://github.com/aws-controllers-k8s/dynamodb-controller/tree/main/docs/api-quirks
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.messages.requests import INVALID

if TYPE_CHECKING:
    from collections.abc import Iterable

# Version 2017.11.29, which can no longer be created.

LEGACY_GLOBAL_TABLE = (
    f"{INVALID}DynamoDB global tables version 2017.11.29 is not supported. We recommend using"
    " DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
)
LEGACY_UPDATES_INVALID = "One or more parameter values were invalid"
REPLICA_WITHOUT_REGION = LEGACY_UPDATES_INVALID
INTERNAL_ERROR = "Internal server error"


def legacy_region(region_name: str, supported: Iterable[str]) -> str:
    return (
        f"{INVALID}DynamoDB global tables version 2017.11.29 is not supported in this region"
        f" '{region_name}', supported regions are : [{', '.join(supported)}]"
    )


def no_global_table(name: str) -> str:
    return f"Global table with name: '{name}' does not exist."


def no_global_table_to_describe(name: str) -> str:
    return f"Global table not found: {no_global_table(name)}"


# Version 2019.11.21: replicas and witnesses.

GLOBAL_TABLE_IN_USE = "The resource which you are attempting to change is in use."
REPLICA_ACTION_MISSING = (
    "There are no actions specified in the Replica Update Action of the request."
)
REPLICA_ACTIONS_OF_SEVERAL_KINDS = (
    "Update table operation with more than one type of replica actions not allowed."
)
REPLICA_ACTIONS_SEVERAL = (
    "Update table operation with more than one create or delete replica actions not allowed"
)
REPLICAS_WITH_OTHER_FIELDS = (
    "Requests that modify replicas or witnesses must not also modify other fields"
)
REPLICA_LOCAL_REGION = (
    "Cannot add or delete the local region through ReplicaUpdates."
    " Use CreateTable, DeleteTable, or UpdateTable as required."
)
REPLICA_WAS_SOURCE = (
    "Replica cannot be deleted because it has acted as a source region for new replica(s) being"
    " added to the table in the last 24 hours."
)
WRITES_NOT_SCALED = "Table write capacity should either be Pay-Per-Request or AutoScaled."
INDEX_WRITES_NOT_SCALED = "GSI write capacity should either be Pay-Per-Request or AutoScaled."
REPLICA_UNITS_FORBIDDEN = (
    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
    " when BillingMode is PAY_PER_REQUEST"
)
REPLICA_MAXIMUM_WITHOUT_ON_DEMAND = (
    "MaxReadRequestUnits for OnDemandThroughput cannot be specified"
    " when the table BillingMode is PROVISIONED"
)
REPLICA_KEY_REQUIRED = f"{INVALID}KMSMasterKeyId must be specified for each replica."
REPLICA_KEYS_OF_TWO_KINDS = (
    f"{INVALID}All replica keys must either be Customer Managed CMK or AWS Managed CMK."
)
REPLICA_ENCRYPTION_IS_UPDATED = (
    "Operation cannot be performed while replica server-side encryption status is in UPDATING"
    " state. Please retry the request after the status is updated to ENABLED."
)
REPLICA_STREAM_NEEDED = f"{INVALID}Disabling Stream is not allowed for a Global Table replica."
TABLE_IS_USED = "Table: {table} is being used."
MODE_NEEDS_REPLICAS = (
    "Value 'ENABLED_WITH_OVERRIDES' at 'GlobalTableSettingsReplicationMode' failed to satisfy"
    " constraint: Only ENABLED and DISABLED settings replication are supported"
    " for a Regional Table."
)
#: Guessed: what is known is only that such calls are refused.
DISASSOCIATION_ALONE = f"{INVALID}Disassociate must be the only replica action in the request"
DISASSOCIATION_OF_ANOTHER_REGION = (
    f"{INVALID}Disassociate must name the region of the replica that leaves the global table"
)
DISASSOCIATION_PROTECTED = (
    "Replica cannot be disassociated as it is currently protected against disassociation."
    " Disable disassociation protection first."
)
DISASSOCIATION_OF_STRONG = (
    "Disassociate is not supported for global tables with MultiRegionConsistency set to STRONG."
)


def replica_exists(table_name: str) -> str:
    return (
        f"Failed to create a the new replica of table with name: ‘{table_name}’ because one or"  # noqa: RUF001
        " more replicas already existed as tables."
    )


def replica_is_being_created(table_name: str, region_names: Iterable[str]) -> str:
    return (
        f"Global table with name: {table_name} already exists with replicas in regions:"
        f" {', '.join(region_names)}."
    )


def not_a_replica(region_name: str) -> str:
    return (
        "Update global table operation failed because one or more replicas were not part of the"
        f" global table. Please retry the request without these replicas: [{region_name}]."
    )


def not_a_witness(region_name: str) -> str:
    return (
        "Update global table operation failed because one or more witnesses were not part of the"
        f" global table. Please retry the request without these witnesses: [{region_name}]."
    )


def unsupported_replica_region(region_name: str, supported: Iterable[str]) -> str:
    return (
        f"Region {region_name} is not supported. The latest version of global tables are only"
        f" supported in the following regions: [{', '.join(supported)}]"
    )


def replica_is_being_added(table_name: str, region_name: str) -> str:
    return (
        "Create/Update/Delete of replica is not allowed while the replica is being added to table"
        f" with name: ‘{table_name}’ in region: ‘{region_name}’."  # noqa: RUF001
    )


def replica_is_protected(table_name: str, region_name: str) -> str:
    return (
        f"Cannot delete table {table_name} in region {region_name} because it has deletion"
        " protection enabled. Disable deletion protection first."
    )


def too_many_replica_class_changes(region_name: str) -> str:
    return (
        f"Limit exceeded for replica in {region_name}."
        " Updates to TableClass are limited to 2 times in 30 day(s)"
    )


def replica_key_of_another_region(region_name: str, other: str, request_id: str) -> str:
    return (
        f"KMS validation error for region {region_name}:"
        f" com.amazonaws.services.kms.model.NotFoundException: Invalid arn {other}"
        " (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException;"
        f" Request ID: {request_id}; Proxy: null)"
    )


# Version 2019.11.21: strong consistency.

_STRONG = "global tables with MultiRegionConsistency set to STRONG"
STRONG_REPLICA_COUNT = f"Unsupported replica count for {_STRONG}."
WITNESS_NEEDS_STRONG = (
    "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter"
    " is present."
)
REGION_TWICE = "Cannot target multiple regions with the same action"
WITNESS_IN_LOCAL_REGION = (
    "Cannot add a witness in the same region as an existing replica when creating a global table"
    " with MultiRegionConsistency set to STRONG."
)
CONSISTENCY_IS_FIXED = "MultiRegionConsistency parameter is unsupported on existing global table"
STRONG_IS_COMPLETE = "Cannot add replicas to a global table with strong MultiRegionConsistency"
STRONG_CREATES_ONLY = (
    "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided."
)
STRONG_PARTIAL_DELETION = f"Deletion of only one table replica is not supported for {_STRONG}."
STRONG_WITNESS_STAYS = "Update table delete operation does not include all witnesses."
#: Guessed: what is known is only that such tables and calls are refused.
STRONG_NEEDS_EMPTY_TABLE = f"The table must be empty when creating {_STRONG}."
STRONG_WITHOUT_LOCAL_INDEXES = f"LocalSecondaryIndexes are not supported for {_STRONG}."
STRONG_WITHOUT_TTL = f"TimeToLive is not supported for {_STRONG}."
STRONG_WITHOUT_TRANSACTIONS = f"Transactions are not supported for {_STRONG}."


def unsupported_strong_regions(region_names: Iterable[str]) -> str:
    return f"Unsupported Region(s) specified for {_STRONG}: [{', '.join(region_names)}]."


# Version 2019.11.21: replicas in several accounts. All texts are guessed.

REPLICAS_OF_ACCOUNTS = (
    "ReplicaUpdates can only disassociate the replica of a multi-account global table."
    " Use CreateTable with GlobalTableSourceArn, or DeleteTable, as required."
)
SOURCE_IS_NO_TABLE = f"{INVALID}GlobalTableSourceArn must be the ARN of a table"
SOURCE_IN_OWN_ACCOUNT = (
    f"{INVALID}GlobalTableSourceArn must be the ARN of a table in another account"
)
SOURCE_OF_ANOTHER_NAME = f"{INVALID}TableName must be the name of the table in GlobalTableSourceArn"
SOURCE_MODE_NEEDED = (
    f"{INVALID}GlobalTableSettingsReplicationMode must be ENABLED when GlobalTableSourceArn"
    " is specified"
)
SOURCE_WITHOUT_MODE = (
    f"{INVALID}GlobalTableSettingsReplicationMode of the source table must be ENABLED"
)
SOURCE_WITHOUT_STREAM = (
    f"{INVALID}The source table must have a stream with the view type NEW_AND_OLD_IMAGES"
)
SOURCE_OF_ONE_ACCOUNT = (
    f"{INVALID}The source table is a replica of a global table in a single account"
)


def source_definition(member_names: Iterable[str]) -> str:
    return f"{INVALID}{', '.join(member_names)} cannot be specified with GlobalTableSourceArn"


def source_has_replica(region_name: str) -> str:
    return f"{INVALID}The global table has a replica in the region {region_name} already"


def source_has_account(account_id: str) -> str:
    return f"{INVALID}The global table has a replica in the account {account_id} already"


# Version 2019.11.21: auto scaling.

SCALING_BOUNDS_SWAPPED = "Maximum capacity cannot be less than minimum capacity"


def _scaling(table_name: str) -> str:
    return f"Failed to update settings for global table with name: ‘{table_name}’"  # noqa: RUF001


def scaling_without_update(table_name: str) -> str:
    return f"{_scaling(table_name)} because at least one update parameter must be specified."


def scaling_without_update_in(table_name: str, region_name: str) -> str:
    return (
        f"{_scaling(table_name)} because at least one update parameter must be specified"
        f" for region: ‘{region_name}’."  # noqa: RUF001
    )


def scaling_of_regions_twice(table_name: str, region_names: Iterable[str]) -> str:
    return (
        f"{_scaling(table_name)} because the regions: ‘[{', '.join(region_names)}]’"  # noqa: RUF001
        " were specified more than once."
    )


def scaling_of_foreign_regions(table_name: str, region_names: Iterable[str]) -> str:
    # Guessed: only the error's code was noted.
    return (
        f"{_scaling(table_name)} because the replicas in regions:"
        f" ‘[{', '.join(region_names)}]’ do not exist."  # noqa: RUF001
    )


def scaling_of_unknown_indexes(table_name: str, index_names: Iterable[object]) -> str:
    return (
        f"{_scaling(table_name)} because the global secondary indexes with names:"
        f" ‘[{', '.join(map(str, index_names))}]’ do not exist."  # noqa: RUF001
    )


def scaling_of_unknown_index(table_name: str, index_name: object, region_name: str) -> str:
    return (
        f"{_scaling(table_name)} because a global secondary index with name: ‘{index_name}’"  # noqa: RUF001
        f" does not exist in region: ‘{region_name}’."  # noqa: RUF001
    )


def scaling_incomplete(table_name: str, missing: Iterable[str]) -> str:
    return (
        f"{_scaling(table_name)}: Parameters {', '.join(map(repr, missing))} are required"
        " unless auto scaling is being disabled."
    )


def scaling_disabled_with_more(table_name: str, given: Iterable[str]) -> str:
    return (
        f"{_scaling(table_name)}: Parameters {', '.join(map(repr, given))} must be left blank when"
        " disabling auto scaling."
    )


def scaling_on_demand(table_name: str, region_names: Iterable[str], parameter: str) -> str:
    replicas = ", ".join(map(repr, region_names))
    return (
        f"Failed to update global table with name ‘{table_name}‘."  # noqa: RUF001, S608
        f" Replicas {replicas} BillingMode is PayPerRequest. You must convert table's BillingMode"
        f" to PROVISIONED to set parameters: '{parameter}'."
    )


def scaling_target_out_of_range(metric: str, value: float) -> str:
    return (
        f"For predefined metric type {metric}, target value must be between '10.0' and '90.0',"
        f" but was '{value}'."
    )


def scaling_target_of_nothing(value: float) -> str:
    return (
        "For target tracking scaling, target value must be between '8.51592E-109' and"
        f" '1.174271E108', but was '{value}'."
    )


def of_auto_scaling(text: str, request_id: str) -> str:
    return (
        f"{text} (Service: AWSApplicationAutoScaling; Status Code: 400;"
        f" Error Code: ValidationException; Request ID: {request_id}; Proxy: null)"
    )
