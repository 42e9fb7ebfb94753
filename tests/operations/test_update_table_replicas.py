"""UpdateTable's ReplicaUpdates: global tables with eventual consistency.

Texts and orders were seen at the service in October 2026:
https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/docs/api-quirks/table-replicas.md
"""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.operations.replicas.regions import REPLICA_REGIONS
from tests.operations.replicas import (
    EAST,
    EUROPE,
    LOCAL,
    WEST,
    add,
    change,
    client_in,
    create,
    delete,
    items,
    put,
)
from tests.operations.table_helpers import (
    INVALID,
    an_index,
    definitions,
    described,
    index_names,
    new_table,
    provisioned,
    units,
    update,
)
from tests.refusals import refusal

IN_USE = "ResourceInUseException: The resource which you are attempting to change is in use."
EXISTS = (
    "Failed to create a the new replica of table with name: ‘orders’ because one or more"  # noqa: RUF001
    " replicas already existed as tables."
)
OF_GROUPS = {
    "GlobalTableVersion",
    "Replicas",
    "GlobalTableWitnesses",
    "MultiRegionConsistency",
    "GlobalTableSettingsReplicationMode",
    "DisassociationProtectionEnabled",
}
PLAIN_REPLICA = {
    "ReplicaStatus": "ACTIVE",
    "WarmThroughput": {
        "ReadUnitsPerSecond": 12000,
        "WriteUnitsPerSecond": 4000,
        "Status": "ACTIVE",
    },
    "GlobalTableSettingsReplicationMode": "ENABLED_WITH_OVERRIDES",
}


def not_part(region: str) -> str:
    return (
        "Update global table operation failed because one or more replicas were not part of the"
        f" global table. Please retry the request without these replicas: [{region}]."
    )


@pytest.fixture
def table(client):
    new_table(client)
    return client


@pytest.fixture
def group(table):
    add(table, EUROPE)
    return table


def refused(client: Any, *actions: dict[str, Any], **more: Any) -> str:
    return refusal(client.update_table, TableName="orders", ReplicaUpdates=[*actions], **more)


class TestRequestValidation:
    @pytest.mark.parametrize(
        "actions",
        [[{}], [change(EUROPE)], [change(EUROPE, GlobalSecondaryIndexes=[{"IndexName": "abc"}])]],
    )
    def test_an_action_that_says_nothing(self, group, raw, actions):
        assert refused(raw, *actions) == (
            "There are no actions specified in the Replica Update Action of the request."
        )

    def test_two_kinds_in_one_element(self, table):
        assert refused(table, {**create(EUROPE), **delete(WEST)}) == (
            "Update table operation with more than one type of replica actions not allowed."
        )

    @pytest.mark.parametrize(
        "actions", [[create(EUROPE), create(WEST)], [create(WEST), delete(EUROPE)]]
    )
    def test_one_create_or_delete(self, group, actions):
        assert refused(group, *actions) == (
            "Update table operation with more than one create or delete replica actions not allowed"
        )

    def test_two_deletes(self, group):
        add(group, WEST)
        assert refused(group, delete(EUROPE), delete(WEST)) == (
            "Update table operation with more than one create or delete replica actions not allowed"
        )

    def test_equal_creates_are_one(self, table):
        update(table, ReplicaUpdates=[create(EUROPE), create(EUROPE)])
        assert [each["RegionName"] for each in described(table)["Replicas"]] == [EUROPE]

    def test_an_empty_list(self, table, raw):
        assert refused(raw) == (
            "1 validation error detected: Value '[]' at 'replicaUpdates' failed to satisfy"
            " constraint: Member must have length greater than or equal to 1"
        )

    @pytest.mark.parametrize(
        "other",
        [
            {"BillingMode": "PAY_PER_REQUEST"},
            {"StreamSpecification": {"StreamEnabled": False}},
            {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-state"}}]},
        ],
    )
    def test_replicas_are_the_only_change(self, table, other):
        text = "Replica modification must be the only operation in the request"
        assert refused(table, create(EUROPE), **other) == f"{INVALID}{text}"

    def test_that_comes_before_the_table(self, client):
        new_table(client, "others")
        text = "Replica modification must be the only operation in the request"
        more = {"BillingMode": "PAY_PER_REQUEST"}
        assert refused(client, create(EUROPE), **more) == f"{INVALID}{text}"

    @pytest.mark.parametrize("kind", [create, delete])
    def test_ones_own_region(self, table, kind):
        assert refused(table, kind(LOCAL)) == (
            "Cannot add or delete the local region through ReplicaUpdates."
            " Use CreateTable, DeleteTable, or UpdateTable as required."
        )

    @pytest.mark.parametrize("region", ["us-fake-1", "EU-WEST-1", "cn-north-1", ""])
    def test_regions_that_are_none(self, table, raw, region):
        text = refused(raw, create(region))
        assert text == (
            f"Region {region} is not supported. The latest version of global tables are only"
            f" supported in the following regions: [{', '.join(REPLICA_REGIONS)}]"
        )
        assert "[ap-south-2, ap-south-1, eu-south-1, eu-south-2, me-ce" in text

    def test_replication_modes_of_a_table_of_one_region(self, table):
        for mode in ("ENABLED", "ENABLED", "DISABLED"):
            update(table, GlobalTableSettingsReplicationMode=mode)
            assert described(table)["GlobalTableSettingsReplicationMode"] == mode
        mode = "ENABLED_WITH_OVERRIDES"
        assert refusal(
            table.update_table, TableName="orders", GlobalTableSettingsReplicationMode=mode
        ) == (
            "Value 'ENABLED_WITH_OVERRIDES' at 'GlobalTableSettingsReplicationMode' failed to"
            " satisfy constraint: Only ENABLED and DISABLED settings replication are supported"
            " for a Regional Table."
        )

    def test_replication_modes_of_a_new_table(self, client):
        new_table(client, GlobalTableSettingsReplicationMode="ENABLED")
        assert described(client)["GlobalTableSettingsReplicationMode"] == "ENABLED"
        request = {
            "TableName": "others",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": definitions(pk="S"),
            "BillingMode": "PAY_PER_REQUEST",
            "GlobalTableSettingsReplicationMode": "ENABLED_WITH_OVERRIDES",
        }
        assert "Only ENABLED and DISABLED" in refusal(client.create_table, **request)


class TestDescription:
    def test_a_table_of_one_region_says_nothing_of_replicas(self, table):
        assert not OF_GROUPS & described(table).keys()

    def test_the_answer_shows_a_stream_and_no_replica_yet(self, table):
        response = update(table, ReplicaUpdates=[create(EUROPE)])
        assert response["GlobalTableVersion"] == "2019.11.21"
        assert response["Replicas"] == []
        assert response["StreamSpecification"] == {
            "StreamEnabled": True,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
        assert response["LatestStreamArn"].startswith(
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/"
        )

    def test_each_region_lists_the_others(self, group):
        add(group, WEST)
        for region, others in (
            (LOCAL, [EUROPE, WEST]),
            (EUROPE, [LOCAL, WEST]),
            (WEST, [LOCAL, EUROPE]),
        ):
            shown = described(client_in(region))
            assert shown["GlobalTableVersion"] == "2019.11.21"
            assert shown["GlobalTableSettingsReplicationMode"] == "ENABLED_WITH_OVERRIDES"
            assert shown["Replicas"] == [{"RegionName": each, **PLAIN_REPLICA} for each in others]
            assert not {"MultiRegionConsistency", "GlobalTableWitnesses"} & shown.keys()

    def test_what_differs_between_regions(self, group):
        here, there = described(group), described(client_in(EUROPE))
        differing = {name for name in here if here[name] != there.get(name)}
        assert here.keys() == there.keys()
        assert differing - {"CreationDateTime", "BillingModeSummary", "LatestStreamLabel"} == {
            *("TableId", "TableArn", "LatestStreamArn", "Replicas"),
        }

    def test_it_vanishes_with_the_last_replica(self, group):
        update(group, ReplicaUpdates=[delete(EUROPE)])
        shown = described(group)
        assert not OF_GROUPS & shown.keys()
        assert shown["StreamSpecification"]["StreamEnabled"] is True
        assert client_in(EUROPE).list_tables()["TableNames"] == []

    def test_billing_of_provisioned_replicas_is_not_summarized(self, group):
        assert "BillingModeSummary" in described(group)
        update(group, BillingMode="PROVISIONED", **provisioned(5))
        for region in (LOCAL, EUROPE):
            assert "BillingModeSummary" not in described(client_in(region))

    def test_a_key_of_kms(self, client):
        new_table(client, SSESpecification={"Enabled": True, "SSEType": "KMS"})
        add(client, EUROPE)
        [replica] = described(client)["Replicas"]
        assert replica["KMSMasterKeyId"].startswith("arn:aws:kms:eu-west-1:123456789012:key/")
        sse = described(client_in(EUROPE))["SSEDescription"]
        assert sse["KMSMasterKeyArn"] == replica["KMSMasterKeyId"]

    def test_a_table_class(self, client):
        new_table(client, TableClass="STANDARD_INFREQUENT_ACCESS")
        add(client, EUROPE)
        summary = {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
        assert described(client)["Replicas"][0]["ReplicaTableClassSummary"] == summary


class TestCreation:
    def test_a_table_is_created_with_items_and_indexes(self, client):
        new_table(
            client,
            AttributeDefinitions=definitions(pk="S", state="S"),
            GlobalSecondaryIndexes=[an_index("by-state", "state")],
            Tags=[{"Key": "team", "Value": "shop"}],
            DeletionProtectionEnabled=True,
        )
        put(client, "1", state="new")
        add(client, EUROPE)
        europe = client_in(EUROPE)
        assert items(europe) == {"1": {"state": "new"}}
        assert index_names(europe) == ["by-state"]
        found = europe.query(
            TableName="orders",
            IndexName="by-state",
            KeyConditionExpression="#state = :new",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":new": {"S": "new"}},
        )
        assert found["Count"] == 1
        shown = described(europe)
        assert shown["DeletionProtectionEnabled"] is False
        assert europe.list_tags_of_resource(ResourceArn=shown["TableArn"])["Tags"] == []
        [replica] = described(client)["Replicas"]
        assert replica["GlobalSecondaryIndexes"] == [
            {"IndexName": "by-state", "WarmThroughput": PLAIN_REPLICA["WarmThroughput"]}
        ]

    def test_what_was_there_before_is_not_in_the_new_stream(self, table):
        put(table, "1")
        add(table, EUROPE)
        table_there = described(client_in(EUROPE))
        assert table_there["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"

    @pytest.mark.parametrize("view_type", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
    def test_a_stream_is_left_as_it_is(self, client, view_type):
        stream = {"StreamEnabled": True, "StreamViewType": view_type}
        new_table(client, StreamSpecification=stream)
        before = described(client)["LatestStreamArn"]
        add(client, EUROPE)
        assert described(client)["LatestStreamArn"] == before
        assert described(client_in(EUROPE))["StreamSpecification"] == stream

    def test_a_stream_that_was_disabled_is_enabled_again(self, client):
        new_table(
            client, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        )
        update(client, StreamSpecification={"StreamEnabled": False})
        before = described(client)["LatestStreamArn"]
        add(client, EUROPE)
        assert described(client)["LatestStreamArn"] != before

    def test_any_member_may_add_one(self, group):
        add(client_in(EUROPE), WEST)
        assert [each["RegionName"] for each in described(group)["Replicas"]] == [EUROPE, WEST]

    def test_unknown_indexes_are_ignored(self, table):
        update(
            table,
            ReplicaUpdates=[create(EUROPE, GlobalSecondaryIndexes=[{"IndexName": "nope"}])],
        )
        assert described(table)["Replicas"] == [{"RegionName": EUROPE, **PLAIN_REPLICA}]

    def test_units_of_an_on_demand_table_are_ignored(self, table):
        override = {"ReadCapacityUnits": 5}
        update(table, ReplicaUpdates=[create(EUROPE, ProvisionedThroughputOverride=override)])
        assert described(table)["Replicas"] == [{"RegionName": EUROPE, **PLAIN_REPLICA}]

    def test_overrides(self, table):
        update(
            table,
            ReplicaUpdates=[
                create(
                    EUROPE,
                    OnDemandThroughputOverride={"MaxReadRequestUnits": 50},
                    TableClassOverride="STANDARD_INFREQUENT_ACCESS",
                )
            ],
        )
        [replica] = described(table)["Replicas"]
        assert replica["OnDemandThroughputOverride"] == {"MaxReadRequestUnits": 50}
        summary = replica["ReplicaTableClassSummary"]
        assert summary["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
        assert "LastUpdateDateTime" in summary
        assert described(client_in(EUROPE))["OnDemandThroughput"] == {"MaxReadRequestUnits": 50}
        assert "TableClassSummary" not in described(table)

    def test_a_time_to_live_is_taken_over(self, table):
        specification = {"Enabled": True, "AttributeName": "until"}
        table.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        add(table, EUROPE)
        response = client_in(EUROPE).describe_time_to_live(TableName="orders")
        assert response["TimeToLiveDescription"] == {
            "TimeToLiveStatus": "ENABLED",
            "AttributeName": "until",
        }

    # --- errors ---

    def test_a_member(self, group):
        assert refused(group, create(EUROPE)) == EXISTS

    def test_a_table_of_that_name(self, table):
        new_table(client_in(EUROPE))
        assert refused(table, create(EUROPE)) == EXISTS

    def test_a_table_that_is_not_there(self, client):
        assert refused(client, create(EUROPE)) == (
            "ResourceNotFoundException: Requested resource not found: Table: orders not found"
        )

    def test_provisioned_writes_that_nothing_scales(self, client):
        new_table(client, **provisioned(5))
        assert refused(client, create(EUROPE)) == (
            "Table write capacity should either be Pay-Per-Request or AutoScaled."
        )

    @pytest.mark.parametrize("key", ["1234", "alias/aws/dynamodb"])
    def test_a_key_for_a_table_without_one(self, table, key):
        text = "KMSMasterKeyId must be specified for each replica."
        assert refused(table, create(EUROPE, KMSMasterKeyId=key)) == f"{INVALID}{text}"

    def test_keys_of_customers(self, client):
        key = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "1234"}
        new_table(client, SSESpecification=key)
        text = "KMSMasterKeyId must be specified for each replica."
        assert refused(client, create(EUROPE)) == f"{INVALID}{text}"
        text = "All replica keys must either be Customer Managed CMK or AWS Managed CMK."
        assert refused(client, create(EUROPE, KMSMasterKeyId="alias/aws/dynamodb")) == (
            f"{INVALID}{text}"
        )
        arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
        assert refused(client, create(EUROPE, KMSMasterKeyId=arn)).startswith(
            "KMS validation error for region eu-west-1:"
            " com.amazonaws.services.kms.model.NotFoundException: Invalid arn us-east-1"
        )
        update(client, ReplicaUpdates=[create(EUROPE, KMSMasterKeyId="5678")])
        [replica] = described(client)["Replicas"]
        assert replica["KMSMasterKeyId"] == "arn:aws:kms:eu-west-1:123456789012:key/5678"


class TestUpdate:
    def test_an_on_demand_maximum(self, group):
        override = {"MaxReadRequestUnits": 50}
        response = update(
            group, ReplicaUpdates=[change(EUROPE, OnDemandThroughputOverride=override)]
        )
        assert response["Replicas"] == [{"RegionName": EUROPE, **PLAIN_REPLICA}]
        [replica] = described(group)["Replicas"]
        assert replica["OnDemandThroughputOverride"] == override

    def test_each_region_shows_the_other_ones_value_as_the_override(self, group):
        update(group, OnDemandThroughput={"MaxReadRequestUnits": 20})
        override = {"MaxReadRequestUnits": 50}
        update(group, ReplicaUpdates=[change(EUROPE, OnDemandThroughputOverride=override)])
        [here] = described(group)["Replicas"]
        [there] = described(client_in(EUROPE))["Replicas"]
        assert here["OnDemandThroughputOverride"] == override
        assert there["OnDemandThroughputOverride"] == {"MaxReadRequestUnits": 20}

    def test_the_value_of_the_table_is_no_override(self, group):
        update(group, OnDemandThroughput={"MaxReadRequestUnits": 20})
        for units_there in (50, 20):
            override = {"MaxReadRequestUnits": units_there}
            update(group, ReplicaUpdates=[change(EUROPE, OnDemandThroughputOverride=override)])
        assert described(group)["Replicas"] == [{"RegionName": EUROPE, **PLAIN_REPLICA}]

    def test_provisioned_units(self, group):
        update(group, BillingMode="PROVISIONED", **provisioned(5))
        override = {"ReadCapacityUnits": 9}
        update(group, ReplicaUpdates=[change(EUROPE, ProvisionedThroughputOverride=override)])
        [replica] = described(group)["Replicas"]
        assert replica["ProvisionedThroughputOverride"] == override
        there = described(client_in(EUROPE))["ProvisionedThroughput"]
        assert (there["ReadCapacityUnits"], there["WriteCapacityUnits"]) == (9, 5)

    def test_a_standard_class_that_was_set_is_shown(self, group):
        update(group, ReplicaUpdates=[change(EUROPE, TableClassOverride="STANDARD")])
        [replica] = described(group)["Replicas"]
        assert replica["ReplicaTableClassSummary"] == {"TableClass": "STANDARD"}

    def test_classes_change_twice_in_a_month(self, group):
        for name in ("STANDARD_INFREQUENT_ACCESS", "STANDARD"):
            update(group, ReplicaUpdates=[change(EUROPE, TableClassOverride=name)])
        override = {"TableClassOverride": "STANDARD_INFREQUENT_ACCESS"}
        assert refused(group, change(EUROPE, **override)) == (
            "LimitExceededException: Limit exceeded for replica in eu-west-1."
            " Updates to TableClass are limited to 2 times in 30 day(s)"
        )

    # --- errors ---

    def test_no_member(self, group):
        override = {"TableClassOverride": "STANDARD"}
        assert refused(group, change(WEST, **override)) == not_part(WEST)

    def test_units_of_an_on_demand_table(self, group):
        override = {"ProvisionedThroughputOverride": {"ReadCapacityUnits": 5}}
        assert refused(group, change(EUROPE, **override)) == (
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
            " when BillingMode is PAY_PER_REQUEST"
        )

    def test_a_maximum_of_a_provisioned_table(self, group):
        update(group, BillingMode="PROVISIONED", **provisioned(5))
        override = {"OnDemandThroughputOverride": {"MaxReadRequestUnits": 5}}
        text = (
            "MaxReadRequestUnits for OnDemandThroughput cannot be specified"
            " when the table BillingMode is PROVISIONED"
        )
        assert refused(group, change(EUROPE, **override)) == text

    def test_keys_cannot_be_changed(self, group):
        text = "KMSMasterKeyId must be specified for each replica."
        assert refused(group, change(EUROPE, KMSMasterKeyId="1234")) == f"{INVALID}{text}"


class TestDeletion:
    def test_no_member(self, group):
        assert refused(group, delete("ca-central-1")) == not_part("ca-central-1")

    def test_a_table_without_replicas(self, table):
        assert refused(table, delete(EUROPE)) == not_part(EUROPE)

    def test_a_protected_one(self, group):
        update(client_in(EUROPE), DeletionProtectionEnabled=True)
        assert refused(group, delete(EUROPE)) == (
            "Cannot delete table orders in region eu-west-1 because it has deletion protection"
            " enabled. Disable deletion protection first."
        )

    def test_the_source_of_another_one_within_a_day(self, ddb, group):
        ddb.clock.freeze("2026-05-01T12:00:00Z")
        add(client_in(EUROPE), WEST)
        text = (
            "Replica cannot be deleted because it has acted as a source region for new replica(s)"
            " being added to the table in the last 24 hours."
        )
        assert refused(group, delete(EUROPE)) == text
        assert refusal(client_in(EUROPE).delete_table, TableName="orders") == text
        update(group, ReplicaUpdates=[delete(WEST)])
        update(group, ReplicaUpdates=[delete(EUROPE)])
        assert "Replicas" not in described(group)

    def test_after_a_day_the_source_may_go(self, ddb, group):
        ddb.clock.freeze("2026-12-01T12:00:00Z")
        add(group, WEST)
        ddb.clock.advance(days=400)
        group.delete_table(TableName="orders")
        assert [each["RegionName"] for each in described(client_in(WEST))["Replicas"]] == [EUROPE]

    def test_a_replica_is_deleted_as_a_table(self, group):
        client_in(EUROPE).delete_table(TableName="orders")
        assert "Replicas" not in described(group)
        put(group, "1")
        assert items(group) == {"1": {}}

    def test_the_service_keeps_a_backup_of_a_recoverable_replica(self, group):
        recovery = {"PointInTimeRecoveryEnabled": True}
        client_in(EUROPE).update_continuous_backups(
            TableName="orders", PointInTimeRecoverySpecification=recovery
        )
        update(group, ReplicaUpdates=[delete(EUROPE)])
        kinds = [
            each["BackupType"]
            for each in client_in(EUROPE).list_backups(BackupType="ALL")["BackupSummaries"]
        ]
        assert kinds == ["SYSTEM"]

    def test_what_is_written_later_does_not_return(self, group):
        put(group, "1")
        update(group, ReplicaUpdates=[delete(EUROPE)])
        new_table(client_in(EUROPE))
        put(group, "2")
        assert items(client_in(EUROPE)) == {}

    def test_a_region_may_be_added_again(self, group):
        put(group, "1")
        update(group, ReplicaUpdates=[delete(EUROPE)])
        add(group, EUROPE)
        assert items(client_in(EUROPE)) == {"1": {}}


class TestSettings:
    """What is the same in all replicas, and what each has for itself."""

    def test_an_index_is_added_and_deleted_everywhere(self, group):
        put(group, "1", state="new")
        update(
            client_in(EUROPE),
            AttributeDefinitions=definitions(state="S"),
            GlobalSecondaryIndexUpdates=[{"Create": an_index("by-state", "state")}],
        )
        assert index_names(group) == ["by-state"]
        assert group.scan(TableName="orders", IndexName="by-state")["Count"] == 1
        update(group, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-state"}}])
        assert index_names(client_in(EUROPE)) == []
        assert described(client_in(EUROPE))["AttributeDefinitions"] == definitions(pk="S")

    def test_units_of_any_region_are_those_of_all(self, group):
        update(group, BillingMode="PROVISIONED", **provisioned(5))
        update(client_in(EUROPE), **provisioned(7, 8))
        shown = described(group)["ProvisionedThroughput"]
        assert (shown["ReadCapacityUnits"], shown["WriteCapacityUnits"]) == (7, 8)
        assert "ProvisionedThroughputOverride" not in described(group)["Replicas"][0]

    def test_writes_leave_an_override_of_reads(self, group):
        update(group, BillingMode="PROVISIONED", **provisioned(5))
        override = {"ReadCapacityUnits": 9}
        update(group, ReplicaUpdates=[change(EUROPE, ProvisionedThroughputOverride=override)])
        update(group, **provisioned(5, 6))
        shown = described(client_in(EUROPE))["ProvisionedThroughput"]
        assert (shown["ReadCapacityUnits"], shown["WriteCapacityUnits"]) == (9, 6)

    def test_reads_end_overrides(self, group):
        update(group, BillingMode="PROVISIONED", **provisioned(5))
        override = {"ReadCapacityUnits": 9}
        update(group, ReplicaUpdates=[change(EUROPE, ProvisionedThroughputOverride=override)])
        update(group, **provisioned(6, 5))
        assert described(client_in(EUROPE))["ProvisionedThroughput"]["ReadCapacityUnits"] == 6

    @pytest.mark.parametrize(
        ("setting", "member", "shown"),
        [
            (
                {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
                "TableClassSummary",
                "STANDARD_INFREQUENT_ACCESS",
            ),
            ({"OnDemandThroughput": {"MaxWriteRequestUnits": 9}}, "OnDemandThroughput", 9),
            (
                {"WarmThroughput": {"ReadUnitsPerSecond": 13000, "WriteUnitsPerSecond": 5000}},
                "WarmThroughput",
                13000,
            ),
        ],
    )
    def test_settings_of_all(self, group, setting, member, shown):
        update(group, **setting)
        assert shown in described(client_in(EUROPE))[member].values()

    def test_a_kind_of_key(self, group):
        update(group, SSESpecification={"Enabled": True, "SSEType": "KMS"})
        arn = described(client_in(EUROPE))["SSEDescription"]["KMSMasterKeyArn"]
        assert arn.startswith("arn:aws:kms:eu-west-1:")

    def test_a_time_to_live_from_any_region(self, group):
        specification = {"Enabled": True, "AttributeName": "until"}
        client_in(EUROPE).update_time_to_live(
            TableName="orders", TimeToLiveSpecification=specification
        )
        response = group.describe_time_to_live(TableName="orders")
        assert response["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"

    def test_settings_of_each(self, group):
        update(group, DeletionProtectionEnabled=True)
        arn = described(group)["TableArn"]
        group.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
        there = described(client_in(EUROPE))
        assert there["DeletionProtectionEnabled"] is False
        tags = client_in(EUROPE).list_tags_of_resource(ResourceArn=there["TableArn"])["Tags"]
        assert tags == []

    def test_the_stream_stays(self, group):
        off = {"StreamSpecification": {"StreamEnabled": False}}
        text = "Disabling Stream is not allowed for a Global Table replica."
        assert refusal(group.update_table, TableName="orders", **off) == f"{INVALID}{text}"
        on = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert refusal(group.update_table, TableName="orders", StreamSpecification=on) == (
            "Table already has an enabled stream: TableName: orders"
        )

    def test_the_stream_may_be_disabled_after_the_last_replica(self, group):
        update(group, ReplicaUpdates=[delete(EUROPE)])
        update(group, StreamSpecification={"StreamEnabled": False})
        assert "StreamSpecification" not in described(group)


class TestDisassociation:
    LEAVE: ClassVar = {
        "Disassociate": {"RegionName": LOCAL, "DisassociationMode": "WAIT_FOR_REPLICATION"}
    }

    def leave(self, client: Any, region: str = LOCAL) -> str:
        action = {"RegionName": region, "DisassociationMode": "WAIT_FOR_REPLICATION"}
        return refused(client, {"Disassociate": action})

    def test_a_replica_becomes_a_table_of_its_own(self, group, raw):
        put(group, "1")
        raw.update_table(TableName="orders", DisassociationProtectionEnabled=False)
        raw.update_table(TableName="orders", ReplicaUpdates=[self.LEAVE])
        for region in (LOCAL, EUROPE):
            assert not OF_GROUPS & described(client_in(region)).keys()
        put(group, "2")
        assert (len(items(group)), len(items(client_in(EUROPE)))) == (2, 1)

    def test_the_others_go_on(self, group, raw):
        add(group, WEST)
        raw.update_table(TableName="orders", DisassociationProtectionEnabled=False)
        raw.update_table(TableName="orders", ReplicaUpdates=[self.LEAVE])
        put(client_in(EUROPE), "1")
        assert (items(client_in(WEST)), items(group)) == ({"1": {}}, {})

    def test_it_is_protected_at_first(self, group, raw):
        assert self.leave(raw) == (
            "Replica cannot be disassociated as it is currently protected against disassociation."
            " Disable disassociation protection first."
        )

    def test_a_table_without_replicas(self, table, raw):
        assert self.leave(raw) == not_part(LOCAL)


class TestDelays:
    """What is shown and refused while a replica is CREATING, UPDATING and DELETING."""

    @pytest.fixture
    def slow(self):
        with mock_dynamodb(delays=60, region=LOCAL, isolate=True) as ddb:
            ddb.clock.freeze("2026-05-01T12:00:00Z")
            new_table(client_in(LOCAL))
            ddb.settle()
            yield ddb

    def test_creation(self, slow):
        client = client_in(LOCAL)
        response = update(client, ReplicaUpdates=[create(EUROPE)])
        assert (response["TableStatus"], response["Replicas"]) == ("UPDATING", [])
        assert described(client)["Replicas"][0]["ReplicaStatus"] == "CREATING"
        there = described(client_in(EUROPE))
        assert there["TableStatus"] == "CREATING"
        assert there["Replicas"] == [{"RegionName": LOCAL, **PLAIN_REPLICA}]
        assert not {"StreamSpecification", "LatestStreamArn", "LatestStreamLabel"} & there.keys()
        put(client, "1")
        slow.clock.advance(60)
        assert described(client)["TableStatus"] == "ACTIVE"
        assert described(client)["Replicas"][0]["ReplicaStatus"] == "ACTIVE"
        assert items(client_in(EUROPE)) == {"1": {}}

    def test_a_replica_that_is_created_can_only_be_described(self, slow):
        client, europe = client_in(LOCAL), client_in(EUROPE)
        add(client, EUROPE)
        not_found = (
            "ResourceNotFoundException: Requested resource not found: Table: orders not found"
        )
        assert refusal(europe.get_item, TableName="orders", Key={"pk": {"S": "1"}}) == (
            "ResourceNotFoundException: Requested resource not found"
        )
        off = {"DeletionProtectionEnabled": False}
        assert refusal(europe.update_table, TableName="orders", **off) == not_found
        assert refusal(europe.delete_table, TableName="orders") == (
            "ResourceInUseException: Attempt to change a resource which is still in use:"
            " Table: orders is being used."
        )
        assert refused(europe, create(WEST)) == (
            "Create/Update/Delete of replica is not allowed while the replica is being added to"
            " table with name: ‘orders’ in region: ‘eu-west-1’."  # noqa: RUF001
        )

    def test_other_changes_of_the_group_wait(self, slow):
        client = client_in(LOCAL)
        add(client, EUROPE)
        assert refused(client, create(WEST)) == IN_USE
        assert refused(client, delete(EUROPE)) == IN_USE
        for other in (
            {"DeletionProtectionEnabled": True},
            {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
        ):
            assert refusal(client.update_table, TableName="orders", **other) == IN_USE
        assert refusal(client.delete_table, TableName="orders") == IN_USE
        assert refused(client, create(EUROPE)) == (
            "ResourceInUseException: Global table with name: orders already exists with replicas"
            " in regions: eu-west-1, us-east-1."
        )
        off = {"StreamSpecification": {"StreamEnabled": False}}
        text = "Disabling Stream is not allowed for a Global Table replica."
        assert refusal(client.update_table, TableName="orders", **off) == f"{INVALID}{text}"

    def test_a_time_to_live_waits_for_a_filled_replica(self, slow):
        client = client_in(LOCAL)
        put(client, "1")
        add(client, EUROPE)
        specification = {"Enabled": True, "AttributeName": "until"}
        request = {"TableName": "orders", "TimeToLiveSpecification": specification}
        assert refusal(client.update_time_to_live, **request) == (
            "Create/Update/Delete of replica is not allowed while the replica is being added to"
            " table with name: ‘orders’ in region: ‘eu-west-1’."  # noqa: RUF001
        )

    def test_deletion(self, slow):
        client = client_in(LOCAL)
        add(client, EUROPE)
        slow.settle()
        response = update(client, ReplicaUpdates=[delete(EUROPE)])
        assert (response["TableStatus"], response["Replicas"][0]["ReplicaStatus"]) == (
            "UPDATING",
            "ACTIVE",
        )
        assert described(client)["Replicas"][0]["ReplicaStatus"] == "DELETING"
        assert refused(client, create(EUROPE)) == EXISTS
        slow.clock.advance(60)
        assert "Replicas" not in described(client)
        add(client, EUROPE)

    def test_a_replica_is_not_added_while_another_is_encrypted(self, slow):
        client = client_in(LOCAL)
        add(client, EUROPE)
        slow.settle()
        update(client, SSESpecification={"Enabled": True, "SSEType": "KMS"})
        assert refused(client, create(WEST)) == (
            "Operation cannot be performed while replica server-side encryption status is in"
            " UPDATING state. Please retry the request after the status is updated to ENABLED."
        )

    def test_overrides(self, slow):
        client = client_in(LOCAL)
        add(client, EUROPE)
        slow.settle()
        update(client, ReplicaUpdates=[change(EUROPE, TableClassOverride="STANDARD")])
        assert described(client)["TableStatus"] == "UPDATING"
        assert described(client)["Replicas"][0]["ReplicaStatus"] == "UPDATING"
        slow.clock.advance(60)
        assert described(client)["Replicas"][0]["ReplicaStatus"] == "ACTIVE"

    def test_deletion_protection_takes_a_replica_time(self, slow):
        client = client_in(LOCAL)
        update(client, DeletionProtectionEnabled=True)
        assert described(client)["TableStatus"] == "ACTIVE"
        add(client, EUROPE)
        slow.settle()
        slow.clock.advance(15)  # sooner, it is refused
        update(client, DeletionProtectionEnabled=False)
        assert described(client)["TableStatus"] == "UPDATING"


def test_settings_are_not_changed_while_a_region_is_isolated(ddb, group):
    ddb.regions[EUROPE].isolate()
    assert refused(group, create(EAST)) == IN_USE
    more: Any = {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-state"}}]}
    assert refusal(group.update_table, TableName="orders", **more) == IN_USE
    ddb.regions[EUROPE].heal()
    add(group, EAST)


def test_a_backup_becomes_a_table_of_its_own(group):
    put(group, "1")
    arn = group.create_backup(TableName="orders", BackupName="before")["BackupDetails"]["BackupArn"]
    group.restore_table_from_backup(TargetTableName="restored", BackupArn=arn)
    assert not OF_GROUPS & described(group, "restored").keys()
    put(group, "2", "restored")
    assert (items(group, "restored"), items(group)) == ({"1": {}, "2": {}}, {"1": {}})
    assert client_in(EUROPE).list_tables()["TableNames"] == ["orders"]


def test_a_past_state_becomes_a_table_of_its_own(ddb, group):
    recovery = {"PointInTimeRecoveryEnabled": True}
    group.update_continuous_backups(TableName="orders", PointInTimeRecoverySpecification=recovery)
    ddb.clock.advance(minutes=10)
    put(client_in(EUROPE), "1")
    ddb.clock.advance(minutes=10)
    group.restore_table_to_point_in_time(
        SourceTableName="orders", TargetTableName="restored", UseLatestRestorableTime=True
    )
    assert not OF_GROUPS & described(group, "restored").keys()
    assert items(group, "restored") == {"1": {}}
    status = client_in(EUROPE).describe_continuous_backups(TableName="orders")
    shown = status["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert shown["PointInTimeRecoveryStatus"] == "DISABLED"


def test_units_are_shown_as_they_are(group):
    update(group, BillingMode="PROVISIONED", ProvisionedThroughput=units(5))
    shown = described(client_in(EUROPE))["ProvisionedThroughput"]
    assert (shown["ReadCapacityUnits"], shown["WriteCapacityUnits"]) == (5, 5)
