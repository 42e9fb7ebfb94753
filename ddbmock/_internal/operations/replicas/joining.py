"""CreateTable's GlobalTableSourceArn: a replica of another account's table.

Each account then has a replica in a region of its own. The resource policies are checked for the
caller that joins (AssociateTableReplica); replication.dynamodb.amazonaws.com is assumed to be
allowed to read and write.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_MA_HowItWorks.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal.access.authorization import check_other_accounts
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.arns import parse
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import ResourceInUseError, ValidationError
from ddbmock._internal.messages import replicas as messages
from ddbmock._internal.operations.policies.resource_policies import created_policy
from ddbmock._internal.operations.registry import OPERATIONS
from ddbmock._internal.operations.replicas.creation import begin_group, copy_table
from ddbmock._internal.operations.replicas.groups import check_idle, replica_of
from ddbmock._internal.operations.replicas.scaling import check_scaled_writes
from ddbmock._internal.operations.tables.encryption import key_arn
from ddbmock._internal.operations.tables.states import find_updatable

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.global_tables import Replica
    from ddbmock._internal.engine.table import Table

_ENABLED = "ENABLED"
#: The settings that the source defines for all replicas.
_OF_SOURCE = (
    *("KeySchema", "AttributeDefinitions", "BillingMode", "ProvisionedThroughput"),
    *("GlobalSecondaryIndexes", "LocalSecondaryIndexes", "VectorIndexes"),
    *("StreamSpecification", "OnDemandThroughput", "WarmThroughput"),
)


class _Association(Intent):
    """The association of a replica in another account."""

    __slots__ = ()

    iam_action = "AssociateTableReplica"


def create_joined(door: Door, name: str, request: Request) -> Table:
    """Create a replica of another account's table; the name is not taken.

    Raises:
        ServiceError: The source cannot be replicated, or its policy does not allow it.
    """
    region = door.region
    source_region, source = _find_source(door, name, request)
    replica = _replica(source_region, source)
    table = copy_table(replica, region, {}, door.delay_seconds)
    settings = replace(
        table.settings,
        table_class=request.get("TableClass"),
        encryption_key=key_arn(region, request.get("SSESpecification")),
        deletion_protection=request.get("DeletionProtectionEnabled") or False,
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()},
        resource_policies=created_policy(region, request),
        replication_mode=_ENABLED,
    )
    table.configure(settings)
    return table


def _find_source(door: Door, name: str, request: Request) -> tuple[Region, Table]:
    """Return the source table and its region, after checking both."""
    region, arn_text = door.region, request["GlobalTableSourceArn"]
    arn = parse(arn_text)
    if arn is None or arn.service != "dynamodb" or arn.kind != "table" or arn.subresource:
        raise ValidationError(messages.SOURCE_IS_NO_TABLE)
    given = [member for member in _OF_SOURCE if request.get(member) is not None]
    if given:
        raise ValidationError(messages.source_definition(given))
    if request.get("GlobalTableSettingsReplicationMode") != _ENABLED:
        raise ValidationError(messages.SOURCE_MODE_NEEDED)
    if arn.account_id == region.account_id:
        raise ValidationError(messages.SOURCE_IN_OWN_ACCOUNT)
    if arn.name != name:
        raise ValidationError(messages.SOURCE_OF_ANOTHER_NAME)
    source_region = region.backend.region(arn.region_name, arn.account_id)
    check_other_accounts(
        OPERATIONS.row("CreateTable"),
        _Association({"TableName": arn_text}),
        region,
        door.caller_or_default(),
    )
    source = find_updatable(source_region, arn_text)
    _check_source(source_region, source, region)
    return source_region, source


def _check_source(source_region: Region, source: Table, region: Region) -> None:
    settings, replica = source.settings, replica_of(source_region, source)
    if settings.replication_mode != _ENABLED:
        raise ValidationError(messages.SOURCE_WITHOUT_MODE)
    if settings.stream.get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        raise ValidationError(messages.SOURCE_WITHOUT_STREAM)
    if replica is not None and not replica.group.is_of_accounts:
        raise ValidationError(messages.SOURCE_OF_ONE_ACCOUNT)
    members = [] if replica is None else list(replica.group.replicas)
    if region.name in {source_region.name, *(each.region_name for each in members)}:
        raise ValidationError(messages.source_has_replica(region.name))
    if region.account_id in {each.account_id for each in members}:
        raise ValidationError(messages.source_has_account(region.account_id))
    check_idle(source_region, source)
    check_scaled_writes(source_region, source)
    if lifecycle.active_transitions(settings, source_region.backend.clock.seconds()):
        raise ResourceInUseError(messages.GLOBAL_TABLE_IN_USE)


def _replica(region: Region, table: Table) -> Replica:
    replica = replica_of(region, table)
    return replica or begin_group(region, table, is_strong=False, witness=None)
