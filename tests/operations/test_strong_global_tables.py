"""Global tables with strong consistency: creating them, and their data plane.

Texts of the control plane were seen at the service in October 2026:
https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/docs/api-quirks/table-global-tables.md
"""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from tests.operations.replicas import (
    EAST,
    EUROPE,
    LOCAL,
    WEST,
    change,
    client_in,
    create,
    delete,
    items,
    put,
    records,
    strong,
)
from tests.operations.table_helpers import an_index, definitions, described, new_table, update
from tests.refusals import refusal, text_of, unchanged

STRONG = "global tables with MultiRegionConsistency set to STRONG"
PARTIAL = f"Deletion of only one table replica is not supported for {STRONG}."
INTERNAL = "InternalServerError: Internal server error"


@pytest.fixture
def table(client):
    new_table(client)
    return client


@pytest.fixture
def three(table):
    update(table, **strong(create(EAST), create(WEST)))
    return table


@pytest.fixture
def witnessed(table):
    update(table, **strong(create(WEST), witness=EAST))
    return table


def refused(client: Any, **request: Any) -> str:
    return refusal(client.update_table, TableName="orders", **request)


class TestCreation:
    def test_three_replicas(self, table):
        response = update(table, **strong(create(EAST), create(WEST)))
        assert response["MultiRegionConsistency"] == "STRONG"
        assert response["GlobalTableVersion"] == "2019.11.21"
        for region, others in ((LOCAL, [EAST, WEST]), (EAST, [LOCAL, WEST])):
            shown = described(client_in(region))
            assert shown["MultiRegionConsistency"] == "STRONG"
            assert [each["RegionName"] for each in shown["Replicas"]] == others
            assert "GlobalTableWitnesses" not in shown
            assert "StreamSpecification" not in shown

    def test_a_witness(self, witnessed):
        for region in (LOCAL, WEST):
            assert described(client_in(region))["GlobalTableWitnesses"] == [
                {"RegionName": EAST, "WitnessStatus": "ACTIVE"}
            ]
        east = client_in(EAST)
        assert east.list_tables()["TableNames"] == []
        new_table(east)
        put(witnessed, "1")
        assert items(east) == {}

    # --- errors ---

    @pytest.mark.parametrize(
        "request_",
        [
            {"MultiRegionConsistency": "STRONG"},
            {"MultiRegionConsistency": "EVENTUAL"},
            {"GlobalTableWitnessUpdates": [create(EAST)]},
            {"MultiRegionConsistency": "STRONG", "GlobalTableWitnessUpdates": [create(EAST)]},
        ],
    )
    def test_without_a_replica_nothing_is_changed(self, table, request_):
        text = refused(table, **request_)
        assert text.startswith("At least one of ProvisionedThroughput, BillingMode, ")
        assert text.endswith(" or TableClass is required")

    @pytest.mark.parametrize(
        ("request_", "text"),
        [
            (strong(create(EAST)), f"Unsupported replica count for {STRONG}."),
            (
                strong(create(EAST), create(WEST), witness=EUROPE),
                f"Unsupported replica count for {STRONG}.",
            ),
            (
                {
                    "ReplicaUpdates": [create(EAST)],
                    "GlobalTableWitnessUpdates": [create(WEST)],
                },
                (
                    "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates"
                    " parameter is present."
                ),
            ),
            (
                strong(create(EAST), witness=EAST),
                "Cannot target multiple regions with the same action",
            ),
            (
                strong(create(EAST), witness=LOCAL),
                (
                    "Cannot add a witness in the same region as an existing replica when creating"
                    " a global table with MultiRegionConsistency set to STRONG."
                ),
            ),
            (
                strong(create("us-west-1"), witness=EAST),
                f"Unsupported Region(s) specified for {STRONG}: [us-west-1].",
            ),
            (
                strong(create("us-west-1"), witness="us-west-1"),
                f"Unsupported Region(s) specified for {STRONG}: [us-west-1].",
            ),
            (
                {**strong(create(EAST), witness=WEST), "DeletionProtectionEnabled": True},
                "Requests that modify replicas or witnesses must not also modify other fields",
            ),
            (
                strong(create(EAST), delete(WEST)),
                (
                    "Only Replica Create actions are supported when MultiRegionConsistency"
                    " parameter is provided."
                ),
            ),
        ],
    )
    def test_what_is_refused(self, table, request_, text):
        assert refused(table, **request_) == text

    @pytest.mark.parametrize(
        "request_",
        [
            strong(create(EAST)) | {"GlobalTableWitnessUpdates": [delete(WEST)]},
            {"ReplicaUpdates": [delete(EAST)], "GlobalTableWitnessUpdates": [delete(WEST)]},
        ],
    )
    def test_a_witness_that_is_none(self, table, request_):
        if "MultiRegionConsistency" not in request_:
            update(table, ReplicaUpdates=[create(EAST)])
        assert refused(table, **request_) == (
            "Update global table operation failed because one or more witnesses were not part of"
            " the global table. Please retry the request without these witnesses: [us-west-2]."
        )

    def test_two_witnesses(self, raw, table):
        request = strong(create(EAST))
        request["GlobalTableWitnessUpdates"] = [create(WEST), create(EUROPE)]
        assert refused(raw, **request).endswith(
            "at 'globalTableWitnessUpdates' failed to satisfy constraint: Member must have length"
            " less than or equal to 1"
        )

    def test_a_table_with_items(self, table):
        put(table, "1")
        assert refused(table, **strong(create(EAST), create(WEST))) == (
            f"The table must be empty when creating {STRONG}."
        )

    def test_a_table_with_a_local_index(self, client):
        client.create_table(
            TableName="orders",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=definitions(pk="S", sk="S", at="S"),
            LocalSecondaryIndexes=[an_index("by-time", "pk", "at")],
            BillingMode="PAY_PER_REQUEST",
        )
        assert refused(client, **strong(create(EAST), create(WEST))) == (
            f"LocalSecondaryIndexes are not supported for {STRONG}."
        )

    def test_times_to_live(self, table):
        specification = {"Enabled": True, "AttributeName": "until"}
        request = {"TableName": "orders", "TimeToLiveSpecification": specification}
        table.update_time_to_live(**request)
        text = f"TimeToLive is not supported for {STRONG}."
        assert refused(table, **strong(create(EAST), create(WEST))) == text

    def test_a_time_to_live_later(self, three):
        specification = {"Enabled": True, "AttributeName": "until"}
        request = {"TableName": "orders", "TimeToLiveSpecification": specification}
        text = f"TimeToLive is not supported for {STRONG}."
        assert refusal(three.update_time_to_live, **request) == text

    def test_a_group_with_eventual_consistency(self, table):
        update(table, ReplicaUpdates=[create(EAST)])
        assert refused(table, **strong(create("us-west-1"))) == (
            f"Unsupported replica count for {STRONG}."
        )
        assert refused(table, **strong(create(WEST), witness=EUROPE)) == (
            "MultiRegionConsistency parameter is unsupported on existing global table"
        )


class TestComplete:
    """Such a group stays as it is until it is dissolved."""

    @pytest.mark.parametrize(
        ("request_", "text"),
        [
            (
                {"ReplicaUpdates": [create(EUROPE)]},
                "Cannot add replicas to a global table with strong MultiRegionConsistency",
            ),
            (strong(create(EUROPE)), f"Unsupported replica count for {STRONG}."),
            (
                {"MultiRegionConsistency": "EVENTUAL", "ReplicaUpdates": [create(EUROPE)]},
                "MultiRegionConsistency parameter is unsupported on existing global table",
            ),
            (
                {"ReplicaUpdates": [delete(WEST)]},
                "Update table delete operation does not include all witnesses.",
            ),
            (
                {
                    "ReplicaUpdates": [delete(WEST)],
                    "GlobalTableWitnessUpdates": [delete(EUROPE)],
                },
                (
                    "Update global table operation failed because one or more witnesses were not"
                    " part of the global table. Please retry the request without these witnesses:"
                    " [eu-west-1]."
                ),
            ),
        ],
    )
    def test_what_is_refused(self, witnessed, request_, text):
        assert refused(witnessed, **request_) == text

    def test_one_of_three_replicas(self, three):
        assert refused(three, ReplicaUpdates=[delete(EAST)]) == PARTIAL
        for region in (LOCAL, EAST):
            assert refusal(client_in(region).delete_table, TableName="orders") == PARTIAL

    def test_dissolution_with_a_witness(self, witnessed):
        put(witnessed, "1")
        response = update(
            witnessed,
            ReplicaUpdates=[delete(WEST)],
            GlobalTableWitnessUpdates=[delete(EAST)],
        )
        assert response["TableName"] == "orders"
        shown = described(witnessed)
        assert not {"Replicas", "GlobalTableWitnesses", "MultiRegionConsistency"} & shown.keys()
        assert client_in(WEST).list_tables()["TableNames"] == []
        assert items(witnessed) == {"1": {}}
        witnessed.delete_table(TableName="orders")

    def test_dissolution_of_three_replicas(self, three):
        update(three, ReplicaUpdates=[delete(EAST), delete(WEST)])
        assert "GlobalTableVersion" not in described(three)

    def test_overrides(self, three):
        update(three, ReplicaUpdates=[change(EAST, TableClassOverride="STANDARD")])
        assert "ReplicaTableClassSummary" in described(three)["Replicas"][0]


class TestData:
    def test_a_write_is_everywhere_at_once(self, three):
        put(three, "1", state="new")
        put(client_in(EAST), "1", state="paid")
        key = {"pk": {"S": "1"}}
        response = client_in(WEST).get_item(TableName="orders", Key=key, ConsistentRead=True)
        assert response["Item"]["state"] == {"S": "paid"}

    def test_conditions_see_the_newest_version(self, three):
        put(three, "1")
        put_again = client_in(EAST).put_item
        with unchanged(), pytest.raises(ClientError, match="ConditionalCheckFailed"):
            put_again(
                TableName="orders",
                Item={"pk": {"S": "1"}},
                ConditionExpression="attribute_not_exists(pk)",
            )

    def test_streams_have_the_same_records(self, client):
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        new_table(client, StreamSpecification=stream)
        update(client, **strong(create(EAST), create(WEST)))
        put(client, "1")
        put(client_in(WEST), "1", state="new")
        client_in(EAST).delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        seen = [
            [(each["eventName"], each["dynamodb"]["Keys"]) for each in records(region)]
            for region in (LOCAL, EAST, WEST)
        ]
        assert seen[0] == seen[1] == seen[2]
        assert [name for name, _ in seen[0]] == ["INSERT", "MODIFY", "REMOVE"]

    def test_transactions_are_refused(self, three):
        text = f"Transactions are not supported for {STRONG}."
        put_item = {"Put": {"TableName": "orders", "Item": {"pk": {"S": "1"}}}}
        assert refusal(three.transact_write_items, TransactItems=[put_item]) == text
        get = {"Get": {"TableName": "orders", "Key": {"pk": {"S": "1"}}}}
        assert refusal(three.transact_get_items, TransactItems=[get]) == text
        statement = {"Statement": "INSERT INTO orders VALUE {'pk': '1'}"}
        assert refusal(three.execute_transaction, TransactStatements=[statement]) == text
        statement = {"Statement": "SELECT * FROM orders WHERE pk = '1'"}
        assert refusal(three.execute_transaction, TransactStatements=[statement]) == text


def impatient(region: str) -> Any:
    """Return a client that does not retry."""
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client("dynamodb", region, config=config)


class TestConflicts:
    """With a lag, a write takes that long, and conflicts with writes of other regions."""

    @pytest.fixture
    def slow(self):
        with mock_dynamodb(lag=2.0, region=LOCAL, isolate=True) as ddb:
            ddb.clock.freeze("2026-05-01T12:00:00Z")
            new_table(client_in(LOCAL))
            update(client_in(LOCAL), **strong(create(EAST), create(WEST)))
            yield ddb

    def test_a_write_of_another_region(self, slow):
        put(client_in(LOCAL), "1")
        with unchanged(), pytest.raises(ClientError) as caught:
            put(impatient(EAST), "1", state="new")
        assert text_of(caught.value) == (
            "ReplicatedWriteConflictException: One or more items in this request are being"
            " modified by a request in another Region."
        )
        put(impatient(EAST), "2")
        put(impatient(LOCAL), "1")

    def test_it_is_over_after_the_lag(self, slow):
        put(client_in(LOCAL), "1")
        slow.clock.advance(2)
        put(impatient(EAST), "1", state="new")
        assert items(client_in(LOCAL)) == {"1": {"state": "new"}}


class TestIsolation:
    def test_a_region_that_is_cut_off(self, ddb, three):
        put(three, "1")
        ddb.regions[EAST].isolate()
        east = impatient(EAST)
        with unchanged(), pytest.raises(ClientError) as caught:
            put(east, "2")
        assert text_of(caught.value) == INTERNAL
        key = {"pk": {"S": "1"}}
        with pytest.raises(ClientError) as caught:
            east.get_item(TableName="orders", Key=key, ConsistentRead=True)
        assert text_of(caught.value) == INTERNAL
        assert "Item" in east.get_item(TableName="orders", Key=key)

    def test_the_others_go_on(self, ddb, three):
        ddb.regions[EAST].isolate()
        put(three, "1")
        put(client_in(WEST), "2")
        there = ddb.regions[EAST].tables["orders"]
        assert (len(items(three)), there.item_count) == (2, 0)
        ddb.regions[EAST].heal()
        assert items(client_in(EAST)) == items(three)

    def test_one_region_alone_cannot_write(self, ddb, witnessed):
        put(witnessed, "1")
        ddb.regions[EAST].isolate()  # the witness
        put(client_in(LOCAL), "2")
        ddb.regions[WEST].isolate()
        with unchanged(), pytest.raises(ClientError) as caught:
            put(impatient(LOCAL), "3")
        assert text_of(caught.value) == INTERNAL
        ddb.regions[WEST].heal()
        put(impatient(LOCAL), "3")
        assert items(client_in(WEST)) == items(client_in(LOCAL))
