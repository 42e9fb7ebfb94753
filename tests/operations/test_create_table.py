from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from tests.operations.table_helpers import (
    ALL,
    HIGHER,
    INVALID,
    ON_DEMAND,
    an_index,
    definitions,
    described,
    everything,
    index_description,
    keys,
    new_table,
    provisioned,
    units,
    warm,
)
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


class TestAnswer:
    def test_on_demand(self, client):
        response = new_table(client)
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", response.pop("TableId"))
        assert response == {
            "AttributeDefinitions": definitions(pk="S"),
            "TableName": "orders",
            "KeySchema": keys("pk"),
            "TableStatus": "ACTIVE",
            "CreationDateTime": NOW,
            "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, **units(0)},
            "TableSizeBytes": 0,
            "ItemCount": 0,
            "TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
            "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
            "DeletionProtectionEnabled": False,
        }

    def test_provisioned(self, client):
        response = new_table(client, **provisioned(5, 6))
        assert response["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(5, 6)}
        assert "BillingModeSummary" not in response

    def test_indexes(self, client):
        response = new_table(
            client,
            KeySchema=keys("pk", "sk"),
            AttributeDefinitions=definitions(sk="N", pk="S", a="S"),
            LocalSecondaryIndexes=[an_index("local", "pk", "a")],
            GlobalSecondaryIndexes=[
                an_index("second", "a"),
                an_index(
                    "first",
                    "a",
                    "pk",
                    Projection={"ProjectionType": "INCLUDE", "NonKeyAttributes": ["z", "b"]},
                ),
            ],
        )
        arn = response["TableArn"]
        assert response["AttributeDefinitions"] == definitions(a="S", pk="S", sk="N")
        assert response["LocalSecondaryIndexes"] == [
            {
                "IndexName": "local",
                "KeySchema": keys("pk", "a"),
                "Projection": ALL,
                "IndexSizeBytes": 0,
                "ItemCount": 0,
                "IndexArn": f"{arn}/index/local",
            }
        ]
        second, first = response["GlobalSecondaryIndexes"]
        assert second == {
            "IndexName": "second",
            "KeySchema": keys("a"),
            "Projection": ALL,
            "IndexStatus": "ACTIVE",
            "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, **units(0)},
            "IndexSizeBytes": 0,
            "ItemCount": 0,
            "IndexArn": f"{arn}/index/second",
        }
        assert first["Projection"]["NonKeyAttributes"] == ["b", "z"]

    def test_a_table_id_is_new_each_time(self, client):
        first = new_table(client)["TableId"]
        client.delete_table(TableName="orders")
        assert new_table(client)["TableId"] != first


class TestSettings:
    def test_warm_throughput_of_on_demand(self, client):
        new_table(
            client,
            AttributeDefinitions=definitions(pk="S", a="S"),
            GlobalSecondaryIndexes=[
                an_index("plain", "a"),
                an_index("warmer", "a", WarmThroughput=warm(13_000, 5_000)),
            ],
        )
        assert described(client)["WarmThroughput"] == {**warm(12_000, 4_000), "Status": "ACTIVE"}
        plain, warmer = (index_description(client, name) for name in ("plain", "warmer"))
        assert plain["WarmThroughput"] == {**warm(12_000, 4_000), "Status": "ACTIVE"}
        assert warmer["WarmThroughput"] == {**warm(13_000, 5_000), "Status": "ACTIVE"}

    def test_warm_throughput_of_provisioned(self, client):
        new_table(client, **provisioned(5, 6))
        assert described(client)["WarmThroughput"] == {**warm(5, 6), "Status": "ACTIVE"}

    def test_warm_throughput_given_in_part(self, client):
        response = new_table(client, WarmThroughput={"ReadUnitsPerSecond": 12_001})
        assert response["WarmThroughput"] == {**warm(12_001, 4_000), "Status": "ACTIVE"}

    def test_on_demand_throughput(self, client):
        new_table(client, OnDemandThroughput={"MaxReadRequestUnits": 100})
        assert described(client)["OnDemandThroughput"] == {"MaxReadRequestUnits": 100}

    def test_protection_class_and_tags(self, client):
        tags = [{"Key": "team", "Value": "blue"}]
        new_table(
            client,
            DeletionProtectionEnabled=True,
            TableClass="STANDARD_INFREQUENT_ACCESS",
            Tags=tags,
        )
        table = described(client)
        assert table["DeletionProtectionEnabled"] is True
        assert table["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
        assert client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == tags

    @pytest.mark.parametrize(
        ("specification", "arn"),
        [
            ({"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "k-1"}, r".*:key/k-1"),
            (
                {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "arn:aws:kms:a:1:key/k"},
                r"arn:aws:kms:a:1:key/k",
            ),
            ({"Enabled": True}, r"arn:aws:kms:us-east-1:123456789012:key/[0-9a-f-]{36}"),
            (
                {"SSEType": "KMS", "KMSMasterKeyId": "alias/mine"},
                r"arn:aws:kms:us-east-1:123456789012:key/[0-9a-f-]{36}",
            ),
        ],
    )
    def test_encryption(self, client, specification, arn):
        new_table(client, SSESpecification=specification)
        encryption = described(client)["SSEDescription"]
        assert re.fullmatch(arn, encryption.pop("KMSMasterKeyArn"))
        assert encryption == {"Status": "ENABLED", "SSEType": "KMS"}

    @pytest.mark.parametrize("specification", [{}, {"Enabled": False}])
    def test_no_encryption_of_ones_own(self, client, specification):
        new_table(client, SSESpecification=specification)
        assert "SSEDescription" not in described(client)

    def test_a_stream_that_is_not_enabled(self, client):
        new_table(client, StreamSpecification={"StreamEnabled": False})
        table = described(client)
        assert "StreamSpecification" not in table
        assert "LatestStreamArn" not in table

    def test_a_stream(self, client):
        specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        response = new_table(client, StreamSpecification=specification)
        assert response["StreamSpecification"] == specification
        assert response["LatestStreamLabel"] == "2026-11-20T12:00:00.000"
        assert response["LatestStreamArn"] == (
            f"{response['TableArn']}/stream/{response['LatestStreamLabel']}"
        )


class TestRefusals:
    def test_a_name_that_is_taken(self, client):
        new_table(client)
        text = refusal(
            client.create_table,
            TableName="orders",
            KeySchema=keys("other"),
            AttributeDefinitions=definitions(other="N"),
            **ON_DEMAND,
        )
        assert text == "ResourceInUseException: Table already exists: orders"

    def test_a_definition_is_checked_before_the_name(self, client):
        new_table(client)
        text = refusal(
            client.create_table,
            TableName="orders",
            KeySchema=keys("pk"),
            AttributeDefinitions=definitions(pk="S", unused="S"),
            **ON_DEMAND,
        )
        assert text.startswith(f"{INVALID}Number of attributes in KeySchema")

    def test_names_are_case_sensitive(self, client):
        new_table(client)
        new_table(client, "ORDERS")
        assert list(everything(client)) == ["ORDERS", "orders"]

    @pytest.mark.parametrize(
        ("throughput", "text"),
        [
            (
                provisioned(40_001, 1),
                (
                    "The requested ReadCapacityUnits, 40001, is above the per table maximum for the"
                    f" account in us-east-1. Per table maximum: 40000. {HIGHER}"
                ),
            ),
            (
                provisioned(1, 40_001),
                (
                    "The requested WriteCapacityUnits, 40001, is above the per table"
                    " maximum for the"
                    f" account in us-east-1. Per table maximum: 40000. {HIGHER}"
                ),
            ),
        ],
    )
    def test_more_units_than_a_table_may_have(self, client, throughput, text):
        told = refusal(
            client.create_table,
            TableName="orders",
            KeySchema=keys("pk"),
            AttributeDefinitions=definitions(pk="S"),
            **throughput,
        )
        assert told == f"LimitExceededException: {text}"

    def test_more_units_than_an_index_may_have(self, client):
        text = refusal(
            client.create_table,
            TableName="orders",
            KeySchema=keys("pk"),
            AttributeDefinitions=definitions(pk="S"),
            GlobalSecondaryIndexes=[an_index("gsi1", "pk", **provisioned(40_001, 1))],
            **provisioned(1),
        )
        assert text == (
            "LimitExceededException: The requested ReadCapacityUnits for index gsi1, 40001, is"
            " above the per index maximum for the account in us-east-1."
            f" Per table maximum: 40000. {HIGHER}"
        )

    def test_more_units_than_the_account_may_have(self, client):
        new_table(client, "one", **provisioned(40_000, 1))
        new_table(client, "two", **provisioned(136, 1))
        text = refusal(
            client.create_table,
            TableName="three",
            KeySchema=keys("pk"),
            AttributeDefinitions=definitions(pk="S"),
            **provisioned(39_999, 1),
        )
        assert text == (
            "LimitExceededException: This request would have caused the ReadCapacityUnits limit"
            " to be exceeded for the account in us-east-1. Current ReadCapacityUnits reserved by"
            f" the account: 40136. Limit: 80000. Requested: 39999. {HIGHER}"
        )

    @pytest.mark.parametrize(
        ("settings", "text"),
        [
            (
                {"OnDemandThroughput": {"MaxReadRequestUnits": 40_001}},
                (
                    "Requested MaxReadRequestUnits for OnDemandThroughput for table exceeds"
                    " TableMaxReadCapacityUnits of the account in region us-east-1"
                ),
            ),
            (
                {"WarmThroughput": {"WriteUnitsPerSecond": 40_001}},
                (
                    "Requested WriteUnitsPerSecond for WarmThroughput for table exceeds"
                    " TableMaxWriteCapacityUnits of the account in region us-east-1"
                ),
            ),
        ],
    )
    def test_more_throughput_than_a_table_may_have(self, client, settings, text):
        told = refusal(
            client.create_table,
            TableName="orders",
            KeySchema=keys("pk"),
            AttributeDefinitions=definitions(pk="S"),
            **ON_DEMAND,
            **settings,
        )
        assert told == f"LimitExceededException: Subscriber limit exceeded: {text}"


def test_key_schemas_are_checked_before_unused_definitions():
    # Observed.
    twice = [{"AttributeName": "b", "KeyType": "HASH"}] * 2
    text = refusal(
        unchecked_dynamodb().create_table,
        TableName="orders",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in "abc"],
        GlobalSecondaryIndexes=[
            {"IndexName": "twice", "KeySchema": twice, "Projection": {"ProjectionType": "ALL"}}
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    assert text == "The KeySchema contains multiple key attributes with the same name"
