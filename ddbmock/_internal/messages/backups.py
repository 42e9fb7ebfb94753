"""Error texts for backups and restores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.messages.requests import INVALID

if TYPE_CHECKING:
    from collections.abc import Sequence

_INVALID_REQUEST = "Invalid Request: "


BACKUP_ARN_INVALID = "Invalid Backup ARN"
BACKUP_ARN_NOT_VALID = f"{_INVALID_REQUEST}BackupArn is not valid"
BACKUP_CURSOR_OF_OTHER_REGION = (
    f"{_INVALID_REQUEST}The supplied ExclusiveStartBackupArn does not match the region"
)
BACKUP_TIMES_REVERSED = f"{INVALID}Time range lower bound must be less than or equal to upper bound"
PERIOD_WITHOUT_RECOVERY = (
    f"{_INVALID_REQUEST}Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."
)


def no_table(name: str) -> str:
    return f"Table not found: {name}"


def backups_not_ready(table_name: str) -> str:
    return f"Backups are being enabled for the table: {table_name}. Please retry later"


def backup_not_found(arn: str) -> str:
    return f"Backup not found: {arn}"


def backup_in_use(arn: str) -> str:
    return f"Backup is being used to restore table: {arn}"


def backup_in_use_for_other(arn: str) -> str:
    return f"Backup is being used to restore another table: {arn}"


def system_backup_not_expired(arn: str, expiry: str) -> str:
    return (
        f"{_INVALID_REQUEST}User is not allowed to delete the system backup with arn {arn}."
        f" It will automatically expire on {expiry}"
    )


# What a restore may say.

TIME_GIVEN_TWICE = (
    f"{_INVALID_REQUEST}Both RestoreDateTime and UseLatestRestorableTime cannot be set for"
    " point-in-time restore request. Please specify either RestoreDateTime time or"
    " UseLatestRestorableTime"
)
TIME_MISSING = (
    f"{_INVALID_REQUEST}Either one of RestoreDateTime or UseLatestRestorableTime must be"
    " specified, but not both"
)
SOURCE_GIVEN_TWICE = "Must provide exactly one of: sourceTableArn, sourceTableName"
SOURCE_OF_OTHER_ACCOUNT = (
    "This action is only supported by accounts that match the resource owner’s account."  # noqa: RUF001
)
SOURCE_ARN_INVALID = "sourceTableArn is not a valid ARN"
ENCRYPTION_REQUIRED_ABROAD = (
    f"{_INVALID_REQUEST}sseSpecificationOverride must be provided for cross-region restores"
)
UNITS_WITHOUT_PROVISIONED = (
    f"{_INVALID_REQUEST}Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"
)
UNITS_REQUIRED = (
    f"{_INVALID_REQUEST}Must override ProvisionedThroughput if BillingMode is overridden"
    " to PROVISIONED"
)


def table_in_use(name: str) -> str:
    return f"Table is being used: {name}"


def restored_already(table_name: str, backup_arn: str) -> str:
    return f"Table: {table_name} is already being restored from backup: {backup_arn}"


def recovery_not_enabled(table_name: str) -> str:
    return f"Point in time recovery is not enabled for table '{table_name}'"


def restore_time_outside(time: str, earliest: str, latest: str) -> str:
    return (
        f"RestoreDateTime '{time}' must be within EarliestRestorableDateTime '{earliest}'"
        f" and LatestRestorableDateTime '{latest}'"
    )


def units_with_on_demand(index_name: str | None) -> str:
    place = "" if index_name is None else f" for index {index_name}"
    return (
        f"{_INVALID_REQUEST}Cannot override ProvisionedThroughput{place} if BillingMode is"
        " overridden to PAY_PER_REQUEST"
    )


def index_units_to_restore(index_name: str) -> str:
    return f"{_INVALID_REQUEST}Must specify provisioned throughput for index {index_name}"


def maximum_to_restore_without_on_demand(member_name: str) -> str:
    return (
        f"{_INVALID_REQUEST}Cannot override {member_name} for OnDemandThroughput unless"
        " BillingModeOverride is PAY_PER_REQUEST"
    )


def maximum_to_restore_out_of_range(member_name: str) -> str:
    return (
        f"{_INVALID_REQUEST}Requested {member_name} for OnDemandThroughput is outside of"
        " valid range"
    )


def index_not_in_source(index_name: str) -> str:
    return (
        f"{_INVALID_REQUEST}Index {index_name} does not match a secondary index that existed in"
        " the source table and cannot be created during the restore operation"
    )


def warm_throughput_in_restore(index_names: Sequence[str]) -> str:
    return (
        f"{_INVALID_REQUEST}WarmThroughput cannot be overridden for indexes:"
        f" [{', '.join(index_names)}]"
    )


def too_many_restores(quota: int) -> str:
    return f"Subscriber limit exceeded: Only {quota} restore operations can be done simultaneously"
