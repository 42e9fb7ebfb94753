"""DescribeBackup and DeleteBackup, which describe a backup alike."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import (
    ALL,
    an_index,
    definitions,
    keys,
    new_table,
    provisioned,
    units,
)
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01795176000000-0a1b2c3d"


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


def back_up(client, name="backup"):
    response = client.create_backup(TableName="orders", BackupName=name)
    return response["BackupDetails"]["BackupArn"]


def described(client, arn):
    return client.describe_backup(BackupArn=arn)["BackupDescription"]


# --- request validation --------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["describe_backup", "delete_backup"])
@pytest.mark.parametrize(
    ("arn", "text"),
    [
        ("nonsense", "Invalid Backup ARN"),
        ("x" * 40, "Invalid Backup ARN"),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/orders", "Invalid Backup ARN"),
        (
            ARN.replace("us-east-1", "nowhere"),
            "Invalid Request: BackupArn is not valid",
        ),
        (ARN.replace("aws:", "aws-cn:"), "Invalid Request: BackupArn is not valid"),
        (ARN.replace("dynamodb", "sqs"), "Invalid Request: BackupArn is not valid"),
        (ARN.replace("us-east-1", ""), "AccessDeniedException: Access is denied"),
        (ARN.replace("123456789012", "1" * 12), "AccessDeniedException: Access is denied"),
        (ARN, f"BackupNotFoundException: Backup not found: {ARN}"),
        (
            ARN.replace("us-east-1", "eu-west-1"),
            f"BackupNotFoundException: Backup not found: {ARN.replace('us-east-1', 'eu-west-1')}",
        ),
    ],
)
def test_arns(raw, operation, arn, text):
    assert refusal(getattr(raw, operation), BackupArn=arn) == text


# --- behaviour -----------------------------------------------------------------------------------


def test_a_plain_table(client):
    table = new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "abc"}})
    arn = back_up(client)
    assert described(client, arn) == {
        "BackupDetails": {
            "BackupArn": arn,
            "BackupName": "backup",
            "BackupSizeBytes": 5,
            "BackupStatus": "AVAILABLE",
            "BackupType": "USER",
            "BackupCreationDateTime": NOW,
        },
        "SourceTableDetails": {
            "TableName": "orders",
            "TableId": table["TableId"],
            "TableArn": table["TableArn"],
            "TableSizeBytes": 5,
            "KeySchema": keys("pk"),
            "TableCreationDateTime": NOW,
            "ProvisionedThroughput": units(0),
            "ItemCount": 1,
            "BillingMode": "PAY_PER_REQUEST",
        },
        "SourceTableFeatureDetails": {},
    }


def test_features(client):
    include = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]}
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", sk="S", a="S"),
        KeySchema=keys("pk", "sk"),
        LocalSecondaryIndexes=[an_index("lsi1", "pk", "a")],
        GlobalSecondaryIndexes=[an_index("gsi1", "a", Projection=include, **provisioned(3))],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
        DeletionProtectionEnabled=True,
        TableClass="STANDARD_INFREQUENT_ACCESS",
        Tags=[{"Key": "a", "Value": "b"}],
        **provisioned(5, 6),
    )
    client.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    description = described(client, back_up(client))
    features = description["SourceTableFeatureDetails"]
    key = features.pop("SSEDescription").pop("KMSMasterKeyArn")
    assert key.startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert features == {
        "LocalSecondaryIndexes": [
            {"IndexName": "lsi1", "KeySchema": keys("pk", "a"), "Projection": ALL}
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "gsi1",
                "KeySchema": keys("a"),
                "Projection": include,
                "ProvisionedThroughput": units(3),
            }
        ],
        "StreamDescription": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"},
    }
    assert description["SourceTableDetails"]["ProvisionedThroughput"] == units(5, 6)
    assert description["SourceTableDetails"]["BillingMode"] == "PROVISIONED"


def test_maxima_of_on_demand_throughput(client):
    new_table(
        client,
        OnDemandThroughput={"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6},
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[
            an_index("gsi1", "a", OnDemandThroughput={"MaxReadRequestUnits": 2})
        ],
    )
    description = described(client, back_up(client))
    assert description["SourceTableDetails"]["OnDemandThroughput"] == {
        "MaxReadRequestUnits": 5,
        "MaxWriteRequestUnits": 6,
    }
    (index,) = description["SourceTableFeatureDetails"]["GlobalSecondaryIndexes"]
    assert index["OnDemandThroughput"] == {"MaxReadRequestUnits": 2}
    assert index["ProvisionedThroughput"] == units(0)


def test_all_is_as_it_was_then(client):
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi1", "a", **provisioned(3))],
        **provisioned(5),
    )
    arn = back_up(client)
    before = described(client, arn)
    client.put_item(TableName="orders", Item={"pk": {"S": "abc"}})
    change = {"IndexName": "gsi1", **provisioned(4)}
    client.update_table(TableName="orders", GlobalSecondaryIndexUpdates=[{"Update": change}])
    assert described(client, arn) == before
    client.delete_table(TableName="orders")
    assert described(client, arn) == before


def test_an_arn_is_answered_as_it_was_sent(client):
    new_table(client)
    arn = back_up(client)
    other = arn.replace("us-east-1", "eu-west-1")
    assert described(client, other)["BackupDetails"]["BackupArn"] == other
    assert (
        client.delete_backup(BackupArn=other)["BackupDescription"]["BackupDetails"]["BackupArn"]
        == other
    )
    assert client.list_backups()["BackupSummaries"] == []


def test_deleted(client):
    new_table(client)
    arn = back_up(client)
    before = described(client, arn)
    deleted = client.delete_backup(BackupArn=arn)["BackupDescription"]
    assert deleted == {
        **before,
        "BackupDetails": {**before["BackupDetails"], "BackupStatus": "DELETED"},
    }
    assert client.list_backups()["BackupSummaries"] == []
    text = f"BackupNotFoundException: Backup not found: {arn}"
    assert refusal(client.describe_backup, BackupArn=arn) == text
    assert refusal(client.delete_backup, BackupArn=arn) == text


# --- errors --------------------------------------------------------------------------------------


def test_a_backup_of_the_service_is_not_deleted(client):
    new_table(client)
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client.delete_table(TableName="orders")
    (summary,) = client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    arn, expiry = summary["BackupArn"], NOW + timedelta(days=35)
    assert refusal(client.delete_backup, BackupArn=arn) == (
        f"Invalid Request: User is not allowed to delete the system backup with arn {arn}. It will"
        f" automatically expire on {expiry:%Y-%m-%dT%H:%M:%SZ}"
    )


def test_while_a_table_is_restored_from_it():
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(NOW)
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client)
        ddb.clock.advance(10)
        arn = back_up(client)
        client.restore_table_from_backup(TargetTableName="restored", BackupArn=arn)
        assert refusal(client.delete_backup, BackupArn=arn) == (
            f"BackupInUseException: Backup is being used to restore table: {arn}"
        )
        assert described(client, arn)["BackupDetails"]["BackupStatus"] == "AVAILABLE"
        ddb.clock.advance(10)
        client.delete_backup(BackupArn=arn)
