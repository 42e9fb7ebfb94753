from __future__ import annotations

from datetime import datetime, timezone

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import (
    ALL,
    ON_DEMAND,
    an_index,
    definitions,
    described,
    index_description,
    index_names,
    keys,
    new_table,
    provisioned,
    units,
)
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01795176000000-0a1b2c3d"
INVALID = "Invalid Request: "
INCLUDE = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]}
TARGET = {"TargetTableName": "restored"}


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


def back_up(client, name="orders"):
    response = client.create_backup(TableName=name, BackupName="backup")
    return response["BackupDetails"]["BackupArn"]


def new_indexed_table(client, **more):
    """A table with an index of each kind, by default provisioned."""
    throughput = {} if more else provisioned(3, 4)
    return new_table(
        client,
        AttributeDefinitions=definitions(pk="S", sk="S", a="S", b="N"),
        KeySchema=keys("pk", "sk"),
        LocalSecondaryIndexes=[an_index("local", "pk", "b", Projection=INCLUDE)],
        GlobalSecondaryIndexes=[
            an_index("first", "a", **throughput),
            an_index("second", "b", "a", Projection=INCLUDE, **throughput),
        ],
        **(more or provisioned(5, 6)),
    )


def put(client, number, table="orders"):
    item = {"pk": {"S": "p"}, "sk": {"S": f"s{number}"}, "a": {"S": "a"}, "b": {"N": str(number)}}
    client.put_item(TableName=table, Item=item)
    return item


def items(client, table="restored", **query):
    return client.scan(TableName=table, **query)["Items"]


def restore(client, arn, name="restored", **overrides):
    response = client.restore_table_from_backup(TargetTableName=name, BackupArn=arn, **overrides)
    return response["TableDescription"]


# --- request validation --------------------------------------------------------------------------


def test_a_short_name(raw):
    text = "TableName must be at least 3 characters long and at most 255 characters long"
    assert refusal(raw.restore_table_from_backup, TargetTableName="ab", BackupArn=ARN) == text


def test_a_target_is_a_name(raw):
    name = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    assert refusal(raw.restore_table_from_backup, TargetTableName=name, BackupArn=ARN) == (
        f"1 validation error detected: Value '{name}' at 'targetTableName' failed to satisfy"
        " constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    )


@pytest.mark.parametrize(
    ("arn", "text"),
    [
        ("x" * 40, "Invalid Backup ARN"),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/orders", "Invalid Backup ARN"),
        (ARN.replace("123456789012", "1" * 12), "AccessDeniedException: Access is denied"),
        (
            ARN.replace("us-east-1", "eu-west-1"),
            f"{INVALID}sseSpecificationOverride must be provided for cross-region restores",
        ),
        (ARN, f"BackupNotFoundException: Backup not found: {ARN}"),
    ],
)
def test_arns(raw, arn, text):
    assert refusal(raw.restore_table_from_backup, BackupArn=arn, **TARGET) == text


# --- behaviour -----------------------------------------------------------------------------------


def test_a_table_comes_back(client, ddb):
    new_indexed_table(client)
    kept = [put(client, number) for number in range(3)]
    arn = back_up(client)
    put(client, 1)
    put(client, 7)
    client.delete_table(TableName="orders")
    ddb.clock.advance(60)
    restore(client, arn)
    assert items(client) == kept
    assert len(items(client, IndexName="first")) == 3
    found = items(client, IndexName="local")
    assert [item["sk"]["S"] for item in found] == ["s0", "s1", "s2"]
    ddb.tables["restored"]._table._check()


def test_a_backup_is_restored_again_and_again(client):
    new_indexed_table(client)
    kept = put(client, 1)
    arn = back_up(client)
    for name in ("one", "two"):
        restore(client, arn, name)
        assert items(client, name) == [kept]
        put(client, 2, name)
    assert len(items(client, "one")) == 2
    client.delete_backup(BackupArn=arn)
    assert len(items(client, "two")) == 2


def test_the_answer(client, ddb):
    source = new_indexed_table(client)
    arn = back_up(client)
    ddb.clock.advance(60)
    response = restore(client, arn)
    assert response["TableStatus"] == "ACTIVE"
    assert response["CreationDateTime"] == ddb.clock.now()
    assert response["TableId"] != source["TableId"]
    assert response["BillingModeSummary"] == {"BillingMode": "PROVISIONED"}
    assert response["RestoreSummary"] == {
        "SourceBackupArn": arn,
        "SourceTableArn": source["TableArn"],
        "RestoreDateTime": NOW,
        "RestoreInProgress": False,
    }
    assert "RestoreSummary" not in described(client, "restored")


def test_settings_that_come_back(client):
    new_indexed_table(client)
    restore(client, back_up(client))
    table = described(client, "restored")
    before = described(client)
    for member in ("AttributeDefinitions", "KeySchema", "ProvisionedThroughput"):
        assert table[member] == before[member]
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        for index in [*table[kind], *before[kind]]:
            del index["IndexArn"]
        assert table[kind] == before[kind]


def test_on_demand_throughput_comes_back(client):
    maxima = {"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6}
    new_indexed_table(client, OnDemandThroughput=maxima, **ON_DEMAND)
    restore(client, back_up(client))
    table = described(client, "restored")
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["OnDemandThroughput"] == maxima
    assert table["WarmThroughput"]["ReadUnitsPerSecond"] == 12_000


def test_the_key_comes_back(client):
    new_table(client, SSESpecification={"Enabled": True, "SSEType": "KMS"})
    restore(client, back_up(client))
    assert described(client, "restored")["SSEDescription"] == described(client)["SSEDescription"]


def test_what_does_not_come_back(client):
    new_table(
        client,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        DeletionProtectionEnabled=True,
        TableClass="STANDARD_INFREQUENT_ACCESS",
        Tags=[{"Key": "a", "Value": "b"}],
    )
    client.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    restore(client, back_up(client))
    table = described(client, "restored")
    assert not {"StreamSpecification", "LatestStreamArn", "TableClassSummary"} & table.keys()
    assert table["DeletionProtectionEnabled"] is False
    assert client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == []
    time_to_live = client.describe_time_to_live(TableName="restored")["TimeToLiveDescription"]
    assert time_to_live == {"TimeToLiveStatus": "DISABLED"}
    continuous = client.describe_continuous_backups(TableName="restored")
    assert continuous["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"] == {
        "PointInTimeRecoveryStatus": "DISABLED"
    }


def test_the_backup_of_a_deleted_table(client):
    new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "a"}})
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client.delete_table(TableName="orders")
    (summary,) = client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    restore(client, summary["BackupArn"], "orders")
    assert items(client, "orders") == [{"pk": {"S": "a"}}]


def test_in_another_region(client, elsewhere):
    new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "a"}})
    arn = back_up(client)
    restore(elsewhere, arn, SSESpecificationOverride={"Enabled": False})
    assert items(elsewhere) == [{"pk": {"S": "a"}}]
    assert client.list_tables()["TableNames"] == ["orders"]


def test_a_rollback_takes_it_back(client, ddb):
    new_indexed_table(client)
    put(client, 1)
    arn = back_up(client)
    with ddb.rollback():
        restore(client, arn)
    assert client.list_tables()["TableNames"] == ["orders"]


# --- overrides -----------------------------------------------------------------------------------


def test_other_units(client):
    new_indexed_table(client)
    restore(client, back_up(client), ProvisionedThroughputOverride=units(7))
    assert described(client, "restored")["ProvisionedThroughput"]["ReadCapacityUnits"] == 7
    throughput = index_description(client, "first", "restored")["ProvisionedThroughput"]
    assert throughput["ReadCapacityUnits"] == 3


def test_on_demand_in_place_of_provisioned(client):
    new_indexed_table(client)
    maxima = {"MaxReadRequestUnits": 9, "MaxWriteRequestUnits": -1}
    restore(
        client,
        back_up(client),
        BillingModeOverride="PAY_PER_REQUEST",
        OnDemandThroughputOverride=maxima,
    )
    table = described(client, "restored")
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    assert table["OnDemandThroughput"] == {"MaxReadRequestUnits": 9}
    throughput = index_description(client, "first", "restored")["ProvisionedThroughput"]
    assert throughput["ReadCapacityUnits"] == 0


def test_provisioned_in_place_of_on_demand(client):
    new_indexed_table(client, OnDemandThroughput={"MaxReadRequestUnits": 5}, **ON_DEMAND)
    restore(
        client,
        back_up(client),
        BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride=units(7),
        GlobalSecondaryIndexOverride=[an_index("first", "a", **provisioned(2))],
    )
    table = described(client, "restored")
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 7
    assert "OnDemandThroughput" not in table
    throughput = index_description(client, "first", "restored")["ProvisionedThroughput"]
    assert throughput["ReadCapacityUnits"] == 2


def test_some_indexes_by_other_names(client, ddb):
    new_indexed_table(client)
    put(client, 1)
    include = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["y", "x"]}
    restore(
        client,
        back_up(client),
        GlobalSecondaryIndexOverride=[an_index("renamed", "b", "a", Projection=include)],
        LocalSecondaryIndexOverride=[],
    )
    assert index_names(client, "restored") == ["renamed"]
    assert "LocalSecondaryIndexes" not in described(client, "restored")
    assert len(items(client, IndexName="renamed")) == 1
    throughput = index_description(client, "renamed", "restored")["ProvisionedThroughput"]
    assert throughput["ReadCapacityUnits"] == 3
    ddb.tables["restored"]._table._check()


def test_no_indexes(client):
    new_indexed_table(client)
    restore(
        client,
        back_up(client),
        GlobalSecondaryIndexOverride=[],
        LocalSecondaryIndexOverride=[],
    )
    table = described(client, "restored")
    assert table["AttributeDefinitions"] == definitions(pk="S", sk="S")
    assert "GlobalSecondaryIndexes" not in table


@pytest.mark.parametrize("specification", [{"Enabled": False}, {}])
def test_a_key_of_aws(client, specification):
    new_table(client, SSESpecification={"Enabled": True, "SSEType": "KMS"})
    restore(client, back_up(client), SSESpecificationOverride=specification)
    assert "SSEDescription" not in described(client, "restored")


def test_another_key(client):
    new_table(client)
    key = "arn:aws:kms:us-east-1:123456789012:key/1234"
    override = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    restore(client, back_up(client), SSESpecificationOverride=override)
    assert described(client, "restored")["SSEDescription"]["KMSMasterKeyArn"] == key


ON_DEMAND_SOURCE, PROVISIONED_SOURCE = True, False


@pytest.mark.parametrize(
    ("is_on_demand", "overrides", "text"),
    [
        (
            ON_DEMAND_SOURCE,
            {"ProvisionedThroughputOverride": units(5)},
            f"{INVALID}Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
        ),
        (
            ON_DEMAND_SOURCE,
            {"GlobalSecondaryIndexOverride": [an_index("first", "a", **provisioned(5))]},
            f"{INVALID}Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
        ),
        (
            ON_DEMAND_SOURCE,
            {"BillingModeOverride": "PROVISIONED"},
            (
                f"{INVALID}Must override ProvisionedThroughput if BillingMode is overridden to"
                " PROVISIONED"
            ),
        ),
        (
            PROVISIONED_SOURCE,
            {
                "BillingModeOverride": "PAY_PER_REQUEST",
                "ProvisionedThroughputOverride": units(5),
            },
            (
                f"{INVALID}Cannot override ProvisionedThroughput if BillingMode is overridden to"
                " PAY_PER_REQUEST"
            ),
        ),
        (
            PROVISIONED_SOURCE,
            {
                "BillingModeOverride": "PAY_PER_REQUEST",
                "GlobalSecondaryIndexOverride": [an_index("first", "a", **provisioned(5))],
            },
            (
                f"{INVALID}Cannot override ProvisionedThroughput for index first if BillingMode is"
                " overridden to PAY_PER_REQUEST"
            ),
        ),
        (
            ON_DEMAND_SOURCE,
            {
                "BillingModeOverride": "PROVISIONED",
                "ProvisionedThroughputOverride": units(5),
                "GlobalSecondaryIndexOverride": [an_index("first", "a")],
            },
            f"{INVALID}Must specify provisioned throughput for index first",
        ),
        (
            PROVISIONED_SOURCE,
            {"OnDemandThroughputOverride": {"MaxReadRequestUnits": 5}},
            (
                f"{INVALID}Cannot override MaxReadRequestUnits for OnDemandThroughput unless"
                " BillingModeOverride is PAY_PER_REQUEST"
            ),
        ),
        (
            ON_DEMAND_SOURCE,
            {"OnDemandThroughputOverride": {"MaxReadRequestUnits": 0, "MaxWriteRequestUnits": 0}},
            (
                f"{INVALID}Requested MaxReadRequestUnits for OnDemandThroughput is outside of"
                " valid range"
            ),
        ),
        (
            ON_DEMAND_SOURCE,
            {"GlobalSecondaryIndexOverride": [an_index("third", "a", "b")]},
            (
                f"{INVALID}Index third does not match a secondary index that existed in the source"
                " table and cannot be created during the restore operation"
            ),
        ),
        (
            ON_DEMAND_SOURCE,
            {"LocalSecondaryIndexOverride": [an_index("local", "pk", "b", Projection=ALL)]},
            (
                f"{INVALID}Index local does not match a secondary index that existed in the source"
                " table and cannot be created during the restore operation"
            ),
        ),
        (
            ON_DEMAND_SOURCE,
            {"GlobalSecondaryIndexOverride": [an_index("same", "a"), an_index("same", "a")]},
            "One or more parameter values were invalid: Duplicate index name: same",
        ),
    ],
)
def test_wrong_overrides(client, is_on_demand, overrides, text):
    new_indexed_table(client, **(ON_DEMAND if is_on_demand else {}))
    arn = back_up(client)
    told = refusal(client.restore_table_from_backup, BackupArn=arn, **TARGET, **overrides)
    assert told == text


# --- errors --------------------------------------------------------------------------------------


def test_a_table_that_is_there(client):
    new_table(client)
    arn = back_up(client)
    assert (
        refusal(client.restore_table_from_backup, TargetTableName="orders", BackupArn=arn)
        == "TableAlreadyExistsException: Table already exists: orders"
    )


@pytest.fixture
def slow():
    """A mock with delays, and a client of it."""
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(NOW)
        client = boto3.client("dynamodb", "us-east-1")
        new_indexed_table(client)
        ddb.clock.advance(10)
        put(client, 1)
        yield ddb, client


def test_while_a_table_is_restored(slow):
    ddb, client = slow
    arn = back_up(client)
    response = restore(client, arn)
    assert response["TableStatus"] == "CREATING"
    assert response["RestoreSummary"]["RestoreInProgress"] is True
    table = described(client, "restored")
    assert table["TableStatus"] == "CREATING"
    assert table["RestoreSummary"] == response["RestoreSummary"]
    assert (table["ItemCount"], table["TableSizeBytes"]) == (0, 0)
    assert "IndexStatus" not in table["GlobalSecondaryIndexes"][0]
    ddb.clock.advance(10)
    table = described(client, "restored")
    assert table["TableStatus"] == "ACTIVE"
    assert "RestoreSummary" not in table
    assert table["ItemCount"] == 1
    assert table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    assert len(items(client)) == 1


def test_one_restore_from_a_backup_at_a_time(slow):
    ddb, client = slow
    arn, other = back_up(client), back_up(client)
    restore(client, arn)
    restore(client, other, "beside")
    abroad = boto3.client("dynamodb", "eu-west-1")
    text = f"BackupInUseException: Backup is being used to restore another table: {arn}"
    assert refusal(client.restore_table_from_backup, TargetTableName="two", BackupArn=arn) == text
    assert (
        refusal(
            abroad.restore_table_from_backup,
            TargetTableName="two",
            BackupArn=arn,
            SSESpecificationOverride={},
        )
        == text
    )
    assert refusal(client.restore_table_from_backup, BackupArn=arn, **TARGET) == (
        f"TableInUseException: Table: restored is already being restored from backup: {arn}"
    )
    ddb.clock.advance(10)
    restore(client, arn, "two")


def test_a_table_that_is_deleted_still_has_its_name(slow):
    _, client = slow
    arn = back_up(client)
    client.delete_table(TableName="orders")
    assert (
        refusal(client.restore_table_from_backup, TargetTableName="orders", BackupArn=arn)
        == "TableAlreadyExistsException: Table already exists: orders"
    )


def test_what_is_refused_meanwhile(slow):
    _, client = slow
    restore(client, back_up(client))
    arn = described(client, "restored")["TableArn"]
    missing = "ResourceNotFoundException: Requested resource not found: Table: restored not found"
    switch = {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}
    assert {
        refusal(client.tag_resource, ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}]),
        refusal(client.list_tags_of_resource, ResourceArn=arn),
        refusal(client.update_time_to_live, TableName="restored", **switch),
        refusal(client.describe_time_to_live, TableName="restored"),
        refusal(client.update_table, TableName="restored", DeletionProtectionEnabled=True),
    } == {missing}
    recovery = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    assert {
        refusal(client.describe_continuous_backups, TableName="restored"),
        refusal(client.update_continuous_backups, TableName="restored", **recovery),
        refusal(client.create_backup, TableName="restored", BackupName="backup"),
    } == {"TableNotFoundException: Table not found: restored"}
    used = "ResourceInUseException: Table is being used: restored"
    assert refusal(new_table, client, "restored") == used
    assert refusal(client.delete_table, TableName="restored") == used
    assert refusal(client.scan, TableName="restored") == (
        "ResourceNotFoundException: Requested resource not found"
    )
