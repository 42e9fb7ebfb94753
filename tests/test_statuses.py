"""Tables and indexes of a mock with delays: what is shown and refused meanwhile, what waits."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import WaiterError
from botocore.waiter import Waiter
from freezegun import freeze_time

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import (
    IN_USE,
    ON_DEMAND,
    an_index,
    definitions,
    described,
    index_description,
    new_table,
    provisioned,
    units,
    update,
    warm,
)
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
DELAY = 10
#: When the table `orders` has become ACTIVE.
CREATED = NOW + timedelta(seconds=DELAY)
STREAM = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
RARE = "STANDARD_INFREQUENT_ACCESS"
KEY = {"pk": {"S": "a"}}
USED = f"ResourceInUseException: {IN_USE}"
NOT_FOUND = "ResourceNotFoundException: Requested resource not found"
NO_TABLE = f"{NOT_FOUND}: Table: orders not found"


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch):
    """No test may really sleep; a waiter that moves the clock sleeps for no time.

    Whether the clock is stopped is found out by sleeping for the least time that it can show.
    """
    monkeypatch.setattr(time, "sleep", lambda seconds: seconds > 0.001 and pytest.fail("slept"))


@pytest.fixture
def slow():
    with mock_dynamodb(delays=DELAY, region="us-east-1") as ddb:
        ddb.clock.freeze(NOW)
        yield ddb


@pytest.fixture
def client(slow):
    return boto3.client("dynamodb")


@pytest.fixture
def orders(client, slow):
    """A provisioned table with two indexes, completely created."""
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[
            an_index("gsi1", "a", **provisioned(2)),
            an_index("gsi2", "a", **provisioned(2)),
        ],
        **provisioned(2),
    )
    slow.clock.advance(DELAY)


@pytest.fixture
def on_demand(client, slow):
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi1", "a")],
    )
    slow.clock.advance(DELAY)


def status(client):
    return described(client)["TableStatus"]


def update_refusal(client, **change):
    return refusal(client.update_table, TableName="orders", **change)


def index_updates(*updates, **types):
    more = {"AttributeDefinitions": definitions(**types)} if types else {}
    return {"GlobalSecondaryIndexUpdates": list(updates), **more}


CREATE = index_updates({"Create": an_index("new", "b", **provisioned(1))}, b="S")
DELETE = index_updates({"Delete": {"IndexName": "gsi1"}})


def change_of(name, **more):
    return index_updates({"Update": {"IndexName": name, **more}})


# Every operation on items.
DATA_CALLS: dict[str, dict[str, Any]] = {
    "put_item": {"TableName": "orders", "Item": KEY},
    "get_item": {"TableName": "orders", "Key": KEY},
    "update_item": {"TableName": "orders", "Key": KEY},
    "delete_item": {"TableName": "orders", "Key": KEY},
    "scan": {"TableName": "orders"},
    "query": {
        "TableName": "orders",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "a"}},
    },
    "batch_get_item": {"RequestItems": {"orders": {"Keys": [KEY]}}},
    "batch_write_item": {"RequestItems": {"orders": [{"PutRequest": {"Item": KEY}}]}},
    "transact_get_items": {"TransactItems": [{"Get": {"TableName": "orders", "Key": KEY}}]},
    "transact_write_items": {"TransactItems": [{"Put": {"TableName": "orders", "Item": KEY}}]},
}


class TestWithoutDelays:
    def test_everything_is_active_at_once(self, ddb):
        client = boto3.client("dynamodb")
        table = new_table(
            client,
            AttributeDefinitions=definitions(pk="S", a="S"),
            GlobalSecondaryIndexes=[an_index("gsi1", "a")],
        )
        assert table["TableStatus"] == "ACTIVE"
        created = index_updates({"Create": an_index("gsi2", "b")}, b="S")
        assert update(client, **created)["TableStatus"] == "ACTIVE"
        assert index_description(client, "gsi2")["IndexStatus"] == "ACTIVE"
        assert "Backfilling" not in index_description(client, "gsi2")
        assert update(client, StreamSpecification=STREAM)["TableStatus"] == "ACTIVE"
        client.delete_table(TableName="orders")
        assert client.list_tables()["TableNames"] == []


class TestCreating:
    @pytest.fixture(autouse=True)
    def creating(self, client):
        table = new_table(
            client,
            AttributeDefinitions=definitions(pk="S", a="S"),
            GlobalSecondaryIndexes=[an_index("gsi1", "a")],
        )
        assert table["TableStatus"] == "CREATING"

    def test_until_the_clock_says_so(self, client, slow):
        slow.clock.advance(DELAY - 1)
        assert status(client) == "CREATING"
        index = index_description(client, "gsi1")
        assert index["IndexStatus"] == "CREATING"
        assert "Backfilling" not in index
        assert described(client)["BillingModeSummary"] == ON_DEMAND
        assert client.list_tables()["TableNames"] == ["orders"]
        slow.clock.advance(1)
        assert status(client) == "ACTIVE"
        assert index_description(client, "gsi1")["IndexStatus"] == "ACTIVE"

    @pytest.mark.parametrize("operation", DATA_CALLS)
    def test_items_cannot_be_reached(self, client, slow, operation):
        assert refusal(getattr(client, operation), **DATA_CALLS[operation]) == NOT_FOUND
        slow.clock.advance(DELAY)
        getattr(client, operation)(**DATA_CALLS[operation])

    @pytest.mark.parametrize(
        ("operation", "request_"),
        [
            (
                "create_table",
                {
                    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                    "AttributeDefinitions": definitions(pk="S"),
                    **ON_DEMAND,
                },
            ),
            ("update_table", {"DeletionProtectionEnabled": True}),
            ("delete_table", {}),
        ],
    )
    def test_the_table_cannot_be_changed(self, client, operation, request_):
        text = refusal(getattr(client, operation), TableName="orders", **request_)
        assert text == f"{USED}Table is being created: orders"

    def test_tags_are_not_known_yet(self, client, slow):
        arn = described(client)["TableArn"]
        text = refusal(client.list_tags_of_resource, ResourceArn=arn)
        assert text == f"{NOT_FOUND}: ResourceArn: {arn} not found"
        slow.clock.advance(DELAY)
        assert client.list_tags_of_resource(ResourceArn=arn)["Tags"] == []

    def test_no_time_to_live_yet(self, client):
        specification = {"Enabled": True, "AttributeName": "ttl"}
        assert refusal(
            client.update_time_to_live,
            TableName="orders",
            TimeToLiveSpecification=specification,
        ) == (f"{USED}Table orders is being created")
        assert refusal(client.describe_time_to_live, TableName="orders") == (
            "Cannot describe time to live while table is in CREATING state:"
            " Current table state is CREATING"
        )


class TestDeleting:
    @pytest.fixture(autouse=True)
    def deleting(self, client, orders):
        client.put_item(TableName="orders", Item=KEY)
        response = client.delete_table(TableName="orders")["TableDescription"]
        assert response["TableStatus"] == "DELETING"

    def test_until_the_clock_says_so(self, client, slow):
        assert status(client) == "DELETING"
        assert index_description(client, "gsi1")["IndexStatus"] == "DELETING"
        assert client.list_tables()["TableNames"] == ["orders"]
        slow.clock.advance(DELAY)
        assert client.list_tables()["TableNames"] == []
        assert refusal(client.describe_table, TableName="orders") == NO_TABLE

    @pytest.mark.parametrize("operation", DATA_CALLS)
    def test_items_cannot_be_reached(self, client, operation):
        assert refusal(getattr(client, operation), **DATA_CALLS[operation]) == NOT_FOUND

    def test_it_cannot_be_deleted_or_changed(self, client):
        text = f"{USED}Table is being deleted: orders"
        assert refusal(client.delete_table, TableName="orders") == text
        assert update_refusal(client, **ON_DEMAND) == text

    def test_its_name_is_taken_until_it_is_gone(self, client, slow):
        request = {
            "TableName": "orders",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": definitions(pk="S"),
            **ON_DEMAND,
        }
        assert refusal(client.create_table, **request) == (
            "ResourceInUseException: Table already exists: orders"
        )
        slow.clock.advance(DELAY)
        client.create_table(**request)

    def test_time_to_live(self, client):
        specification = {"Enabled": True, "AttributeName": "ttl"}
        request = {"TableName": "orders", "TimeToLiveSpecification": specification}
        assert refusal(client.update_time_to_live, **request) == NO_TABLE
        assert refusal(client.describe_time_to_live, TableName="orders") == (
            "Cannot describe time to live while table is in DELETING state:"
            " Current table state is DELETING"
        )


def test_a_rollback_of_a_deletion(client, slow, orders):
    client.put_item(TableName="orders", Item=KEY)
    before = described(client)
    with slow.rollback():
        client.delete_table(TableName="orders")
        assert status(client) == "DELETING"
    assert described(client) == before
    with slow.rollback():
        client.delete_table(TableName="orders")
        slow.clock.advance(DELAY)
        assert client.list_tables()["TableNames"] == []
    assert described(client) == before
    client.get_item(TableName="orders", Key=KEY)


class TestUpdating:
    def test_units(self, client, slow, orders):
        response = update(client, **provisioned(5, 1))
        assert response["TableStatus"] == "UPDATING"
        # The units and the counter are as before, the times are new.
        shown = {
            "NumberOfDecreasesToday": 0,
            "LastIncreaseDateTime": CREATED,
            "LastDecreaseDateTime": CREATED,
            **units(2),
        }
        assert response["ProvisionedThroughput"] == shown
        assert described(client)["ProvisionedThroughput"] == shown
        client.put_item(TableName="orders", Item=KEY)
        slow.clock.advance(DELAY)
        table = described(client)
        assert table["TableStatus"] == "ACTIVE"
        assert table["ProvisionedThroughput"] == {
            **shown,
            "NumberOfDecreasesToday": 1,
            **units(5, 1),
        }

    def test_the_billing_mode_is_shown_at_once(self, client, slow, orders):
        response = update(client, **ON_DEMAND)
        assert response["TableStatus"] == "UPDATING"
        assert response["BillingModeSummary"] == ON_DEMAND
        assert response["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
        table = described(client)
        assert table["BillingModeSummary"] == ON_DEMAND
        assert table["WarmThroughput"] == {**warm(2, 2), "Status": "ACTIVE"}
        slow.clock.advance(DELAY)
        table = described(client)
        assert table["TableStatus"] == "ACTIVE"
        assert table["WarmThroughput"] == {**warm(12_000, 4_000), "Status": "ACTIVE"}
        since = {"LastUpdateToPayPerRequestDateTime": CREATED + timedelta(seconds=DELAY)}
        assert table["BillingModeSummary"] == {**ON_DEMAND, **since}
        response = update(
            client,
            BillingMode="PROVISIONED",
            **provisioned(5),
            **index_updates(
                *({"Update": {"IndexName": name, **provisioned(5)}} for name in ("gsi1", "gsi2"))
            ),
        )
        assert response["BillingModeSummary"] == {"BillingMode": "PROVISIONED", **since}

    def test_units_of_an_index(self, client, slow, orders):
        response = update(client, **change_of("gsi1", **provisioned(5)))
        assert response["TableStatus"] == "ACTIVE"
        first, second = response["GlobalSecondaryIndexes"]
        assert (first["IndexStatus"], second["IndexStatus"]) == ("UPDATING", "ACTIVE")
        assert first["ProvisionedThroughput"] == {
            "NumberOfDecreasesToday": 0,
            "LastIncreaseDateTime": CREATED,
            **units(2),
        }
        slow.clock.advance(DELAY)
        index = index_description(client, "gsi1")
        assert index["IndexStatus"] == "ACTIVE"
        assert index["ProvisionedThroughput"]["ReadCapacityUnits"] == 5

    def test_the_class(self, client, slow, orders):
        response = update(client, TableClass=RARE)
        assert response["TableStatus"] == "UPDATING"
        assert "TableClassSummary" not in response
        slow.clock.advance(DELAY)
        assert described(client)["TableClassSummary"]["TableClass"] == RARE

    def test_the_stream(self, client, slow, orders):
        assert update(client, StreamSpecification=STREAM)["TableStatus"] == "UPDATING"
        slow.clock.advance(DELAY)
        assert status(client) == "ACTIVE"

    def test_encryption_is_not_seen_in_the_status(self, client, slow, orders):
        response = update(client, SSESpecification={"Enabled": True})
        assert response["TableStatus"] == "ACTIVE"
        assert response["SSEDescription"] == {"Status": "UPDATING"}
        slow.clock.advance(DELAY)
        enabled = described(client)["SSEDescription"]
        assert enabled["Status"] == "ENABLED"
        response = update(client, SSESpecification={"Enabled": False})
        assert response["SSEDescription"] == {**enabled, "Status": "UPDATING"}
        slow.clock.advance(DELAY)
        assert "SSEDescription" not in described(client)

    def test_warm_throughput_is_not_seen_in_the_status(self, client, slow, on_demand):
        more: dict[str, Any] = {"WarmThroughput": warm(13_000, 5_000)}
        response = update(client, **more, **change_of("gsi1", **more))
        assert response["TableStatus"] == "ACTIVE"
        index = response["GlobalSecondaryIndexes"][0]
        assert index["IndexStatus"] == "ACTIVE"
        for shown in (response, index):
            assert shown["WarmThroughput"] == {**warm(12_000, 4_000), "Status": "UPDATING"}
        slow.clock.advance(DELAY)
        for shown in (described(client), index_description(client, "gsi1")):
            assert shown["WarmThroughput"] == {**warm(13_000, 5_000), "Status": "ACTIVE"}

    def test_a_second_raise_wins(self, client, slow, on_demand):
        update(client, WarmThroughput=warm(13_000, 5_000))
        update(client, WarmThroughput=warm(14_000, 6_000))
        slow.clock.advance(DELAY)
        assert described(client)["WarmThroughput"]["ReadUnitsPerSecond"] == 14_000

    def test_deletion_protection_takes_no_time(self, client, orders):
        update(client, **provisioned(5))
        response = update(client, DeletionProtectionEnabled=True)
        assert response["TableStatus"] == "UPDATING"
        assert response["DeletionProtectionEnabled"] is True

    def test_deletion_protection_is_not_changed_back_at_once(self, client, slow, orders):
        update(client, DeletionProtectionEnabled=True)
        update(client, DeletionProtectionEnabled=True)
        slow.clock.advance(14.5)
        request = {"TableName": "orders", "DeletionProtectionEnabled": False}
        once = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
        assert refusal(once.update_table, **request) == (
            "ThrottlingException: Deletion protection setting for table orders modified within the"
            " previous 15000 milliseconds. Please try again after 2026-11-20T12:00:25.000Z"
        )
        slow.clock.advance(0.5)
        client.update_table(**request)

    def test_time_to_live(self, client, slow, orders):
        specification = {"Enabled": True, "AttributeName": "ttl"}
        client.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)

        def shown():
            response = client.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]
            return response["TimeToLiveStatus"]

        assert shown() == "ENABLING"
        slow.clock.advance(DELAY)
        assert shown() == "ENABLED"
        slow.clock.advance(3600)
        specification["Enabled"] = False
        client.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        assert shown() == "DISABLING"
        slow.clock.advance(DELAY)
        assert shown() == "DISABLED"

    LABEL = "2026-11-20T12:00:10.000"
    ENABLING = f"Stream: {LABEL} Operation: ENABLE"
    SWITCHING = f"TableClassUpdateInProgress: {RARE}"

    @pytest.mark.parametrize(
        ("active_transitions", "change", "text"),
        [
            (
                provisioned(5),
                provisioned(6),
                "Table IOPS are currently being updated. Table: orders",
            ),
            (provisioned(5), ON_DEMAND, "Table IOPS are currently being updated. Table: orders"),
            (
                provisioned(5),
                {"StreamSpecification": STREAM},
                "Can't enable or disable stream while table IOPS are being updated. Table: orders",
            ),
            (
                provisioned(5),
                CREATE,
                "Can't create or delete indexes while table IOPS are being updated. Table: orders",
            ),
            (
                ON_DEMAND,
                {"OnDemandThroughput": {"MaxReadRequestUnits": 9}},
                "OnDemandThroughput cannot be updated while BillingMode update is in progress",
            ),
            (
                {"StreamSpecification": STREAM},
                {"StreamSpecification": {"StreamEnabled": False}},
                f"A stream status change is currently in progress. Table: orders {ENABLING}",
            ),
            (
                {"StreamSpecification": STREAM},
                provisioned(5),
                (
                    "Can't change table IOPS when stream status is being updated."
                    f" Table: orders {ENABLING}"
                ),
            ),
            (
                {"StreamSpecification": STREAM},
                {"TableClass": RARE},
                (
                    "Can't update table class when stream status is being updated."
                    f" Table: orders {ENABLING}"
                ),
            ),
            (
                {"StreamSpecification": STREAM},
                DELETE,
                (
                    "Can't create or delete an index when stream status is being updated."
                    f" Table: orders {ENABLING}"
                ),
            ),
            (
                {"TableClass": RARE},
                {"TableClass": "STANDARD"},
                (
                    "Can't update table class when a table class update is in progress."
                    f" Table: orders {SWITCHING}"
                ),
            ),
            (
                {"TableClass": RARE},
                {"StreamSpecification": STREAM},
                (
                    "Can't change stream status when a table class update is in progress."
                    f" Table: orders {SWITCHING}"
                ),
            ),
            (
                {"TableClass": RARE},
                DELETE,
                (
                    "Can't create or delete an index when a table class update is in progress."
                    f" Table: orders {SWITCHING}"
                ),
            ),
            (
                {"SSESpecification": {"Enabled": True}},
                {"SSESpecification": {"Enabled": False}},
                "Server-Side Encryption is still being updated",
            ),
            (
                DELETE,
                provisioned(5),
                (
                    "Can't change table IOPS when an index is being deleted."
                    " Table: orders Indexes: [gsi1]"
                ),
            ),
            (
                CREATE,
                provisioned(5),
                (
                    "Can't change table IOPS when an index is being created."
                    " Table: orders Indexes: [new]"
                ),
            ),
            (
                CREATE,
                {"StreamSpecification": STREAM},
                (
                    "Can't change stream status when an index is being created."
                    " Table: orders Indexes: [new]"
                ),
            ),
            (
                change_of("gsi1", **provisioned(5)),
                change_of("gsi1", **provisioned(6)),
                "Index is being updated. Table: orders Index: gsi1",
            ),
        ],
    )
    def test_what_has_to_wait(self, client, slow, orders, active_transitions, change, text):
        update(client, **active_transitions)
        before = described(client)
        assert update_refusal(client, **change) == f"{USED}{text}"
        assert described(client) == before

    @pytest.mark.parametrize(
        ("active_transitions", "text"),
        [
            (provisioned(5), "Table: orders is in the process of being updated."),
            (ON_DEMAND, "Table: orders is in the process of being updated."),
            ({"TableClass": RARE}, "Table: orders is in the process of being updated."),
            (
                {"SSESpecification": {"Enabled": True}},
                "Table: orders is in the process of being updated.",
            ),
            (
                {"WarmThroughput": warm(50, 50)},
                "Table: orders is in the process of being updated.",
            ),
            (
                {"StreamSpecification": STREAM},
                "Cannot delete table while stream is being enabled/disabled.",
            ),
            (
                CREATE,
                "Cannot delete table while indexes are being created, updated, or deleted.",
            ),
            (
                DELETE,
                "Cannot delete table while indexes are being created, updated, or deleted.",
            ),
            (
                change_of("gsi1", **provisioned(5)),
                "Cannot delete table while indexes are being created, updated, or deleted.",
            ),
        ],
    )
    def test_deletion_has_to_wait(self, client, slow, orders, active_transitions, text):
        update(client, **active_transitions)
        assert refusal(client.delete_table, TableName="orders") == f"{USED}{text}"
        slow.clock.advance(DELAY)
        client.delete_table(TableName="orders")


class TestNewIndex:
    QUERY = {  # noqa: RUF012
        "TableName": "orders",
        "IndexName": "new",
        "KeyConditionExpression": "b = :b",
        "ExpressionAttributeValues": {":b": {"S": "x"}},
    }
    UNREADABLE = "Cannot read from backfilling global secondary index: new"

    @pytest.fixture(autouse=True)
    def creating(self, client, orders):
        client.put_item(TableName="orders", Item={**KEY, "b": {"S": "x"}})
        response = update(client, **CREATE)
        assert response["TableStatus"] == "UPDATING"

    def shown(self, client):
        index = index_description(client, "new")
        return status(client), index["IndexStatus"], index.get("Backfilling")

    def test_first_its_place_then_its_entries(self, client, slow):
        assert self.shown(client) == ("UPDATING", "CREATING", False)
        slow.clock.advance(DELAY / 2)
        assert self.shown(client) == ("ACTIVE", "CREATING", True)
        slow.clock.advance(DELAY / 2)
        assert self.shown(client) == ("ACTIVE", "ACTIVE", None)

    def test_it_cannot_be_read_until_it_is_active(self, client, slow):
        for _ in range(2):
            assert refusal(client.query, **self.QUERY) == self.UNREADABLE
            text = refusal(client.scan, TableName="orders", IndexName="new")
            assert text == self.UNREADABLE
            slow.clock.advance(DELAY / 2)
        assert client.query(**self.QUERY)["Count"] == 1

    def test_writes_meanwhile_are_in_it(self, client, slow):
        client.put_item(TableName="orders", Item={"pk": {"S": "b"}, "b": {"S": "x"}})
        client.delete_item(TableName="orders", Key=KEY)
        slow.clock.advance(DELAY)
        assert client.query(**self.QUERY)["Items"] == [{"pk": {"S": "b"}, "b": {"S": "x"}}]

    def test_deleted_only_when_it_is_being_filled(self, client, slow):
        delete = index_updates({"Delete": {"IndexName": "new"}})
        assert update_refusal(client, **delete) == (
            f"{USED}Index creation is in resource allocation phase. Retry deletion during"
            " backfilling phase or when the index is active. Table: orders Index: new"
        )
        slow.clock.advance(DELAY / 2)
        update(client, **delete)
        assert self.shown(client) == ("UPDATING", "DELETING", None)
        slow.clock.advance(DELAY)
        assert [i["IndexName"] for i in described(client)["GlobalSecondaryIndexes"]] == [
            "gsi1",
            "gsi2",
        ]

    def test_updated_only_when_it_is_being_filled(self, client, slow):
        assert update_refusal(client, **change_of("new", **provisioned(5))) == (
            f"{USED}Index is being created but is not backfilling yet.  Table: orders Index: new"
        )

    def test_the_same_name_again(self, client):
        assert update_refusal(client, **CREATE) == (
            f"{USED}Index is being created.  Table: orders Index: new"
        )

    @pytest.mark.parametrize("phase", [0, 1])
    def test_another_index_has_to_wait(self, client, slow, phase):
        slow.clock.advance(phase * DELAY / 2)
        other = index_updates({"Create": an_index("other", "c", **provisioned(1))}, c="S")
        request: dict[str, Any]
        for request in (other, DELETE):
            assert update_refusal(client, **request) == (
                "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                " created or deleted simultaneously per table"
            )
        update(client, **change_of("gsi1", **provisioned(5)))

    def test_units_of_the_table_while_it_is_being_filled(self, client, slow):
        slow.clock.advance(DELAY / 2)
        update(client, **provisioned(5))


class TestOldIndex:
    @pytest.fixture(autouse=True)
    def deleting(self, client, orders):
        client.put_item(TableName="orders", Item={**KEY, "a": {"S": "x"}})
        response = update(client, **DELETE)
        assert response["TableStatus"] == "UPDATING"

    def test_it_is_shown_until_it_is_gone(self, client, slow):
        index = index_description(client, "gsi1")
        assert index["IndexStatus"] == "DELETING"
        assert "Backfilling" not in index
        assert index["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(2)}
        slow.clock.advance(DELAY)
        assert [i["IndexName"] for i in described(client)["GlobalSecondaryIndexes"]] == ["gsi2"]
        assert status(client) == "ACTIVE"

    @pytest.mark.parametrize(
        "request_",
        [
            DELETE,
            change_of("gsi1", **provisioned(5)),
            index_updates({"Create": an_index("gsi1", "b", **provisioned(1))}, b="S"),
        ],
    )
    def test_it_cannot_be_changed(self, client, request_):
        assert update_refusal(client, **request_) == (
            f"{USED}Index is being deleted. Table: orders Index: gsi1"
        )

    def test_maxima_of_the_table(self, client, slow):
        slow.clock.advance(DELAY)
        update(client, **ON_DEMAND)
        slow.clock.advance(DELAY)
        update(client, **index_updates({"Delete": {"IndexName": "gsi2"}}))
        assert update_refusal(client, OnDemandThroughput={"MaxReadRequestUnits": 9}) == (
            f"{USED}OnDemandThroughput cannot be updated while index deletion is in progress"
            " for indexes: [gsi2]"
        )


class TestOption:
    @pytest.mark.parametrize(
        ("delays", "seconds"), [(True, 5), (0.5, 0.5), (60, 60), (False, 0), (0, 0)]
    )
    def test_durations(self, delays, seconds):
        with mock_dynamodb(delays=delays, region="us-east-1") as ddb:
            ddb.clock.freeze(NOW)
            client = boto3.client("dynamodb")
            new_table(client)
            if seconds:
                ddb.clock.advance(seconds - 0.25)
                assert status(client) == "CREATING"
                ddb.clock.advance(0.25)
            assert status(client) == "ACTIVE"

    @pytest.mark.parametrize("delays", [-1, "yes", None])
    def test_a_wrong_delay(self, delays):
        with pytest.raises(TypeError, match="the option delays of mock_dynamodb"):
            mock_dynamodb(delays=delays)

    def test_freezegun_moves_the_statuses(self):
        with freeze_time(NOW) as moment, mock_dynamodb(delays=True, region="us-east-1") as ddb:
            client = boto3.client("dynamodb")
            new_table(client)
            assert status(client) == "CREATING"
            moment.tick(timedelta(seconds=5))
            assert status(client) == "ACTIVE"
            client.delete_table(TableName="orders")
            moment.tick(timedelta(seconds=5))
            assert list(ddb.tables) == []


def wait(client, name="table_exists", **config):
    client.get_waiter(name).wait(TableName="orders", **({"WaiterConfig": config} if config else {}))


class TestWaiters:
    def test_a_frozen_clock_is_moved(self, client, slow):
        new_table(client)
        wait(client)
        assert status(client) == "ACTIVE"
        assert slow.clock.now() == NOW + timedelta(seconds=20)
        client.delete_table(TableName="orders")
        wait(client, "table_not_exists")
        assert slow.clock.now() == NOW + timedelta(seconds=40)
        assert slow.tables == {}

    def test_the_delay_that_was_asked_for(self, client, slow):
        new_table(client)
        wait(client, Delay=3, MaxAttempts=9)
        assert slow.clock.now() == NOW + timedelta(seconds=12)

    def test_it_gives_up_as_ever(self, client, slow):
        with pytest.raises(WaiterError, match="Max attempts exceeded"):
            wait(client, Delay=3, MaxAttempts=4)
        assert slow.clock.now() == NOW + timedelta(seconds=9)

    def test_nothing_is_moved_when_there_is_nothing_to_wait_for(self, client, slow, orders):
        before = slow.clock.now()
        wait(client)
        assert slow.clock.now() == before

    def test_one_waiter_used_twice(self, client, slow):
        waiter = client.get_waiter("table_exists")
        for name in ("first", "second"):
            new_table(client, name)
            waiter.wait(TableName=name)
        assert slow.clock.now() == NOW + timedelta(seconds=40)

    def test_of_a_resource(self, slow):
        table = boto3.resource("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=definitions(pk="S"),
            **ON_DEMAND,
        )
        assert table.table_status == "CREATING"
        table.wait_until_exists()
        table.reload()
        assert table.table_status == "ACTIVE"

    def test_freezegun(self):
        with freeze_time(NOW), mock_dynamodb(delays=True, region="us-east-1") as ddb:
            client = boto3.client("dynamodb")
            new_table(client)
            wait(client)
            assert status(client) == "ACTIVE"
            assert ddb.clock.now() == NOW + timedelta(seconds=20)

    def test_time_machine(self):
        with (
            time_machine.travel(NOW, tick=False),
            mock_dynamodb(delays=True, region="us-east-1") as ddb,
        ):
            client = boto3.client("dynamodb")
            new_table(client)
            wait(client)
            assert ddb.clock.now() == NOW + timedelta(seconds=20)

    def test_a_real_clock_is_waited_for(self, monkeypatch):
        with mock_dynamodb(delays=True, region="us-east-1") as ddb:
            naps = []

            def nap(seconds):
                naps.append(seconds)
                ddb.clock.advance(seconds)  # as time would

            monkeypatch.setattr(time, "sleep", nap)
            client = boto3.client("dynamodb")
            new_table(client)
            wait(client)
            assert naps == [20]
            assert status(client) == "ACTIVE"

    async def test_an_asynchronous_client(self, slow):
        sessions = pytest.importorskip("aiobotocore.session")
        async with sessions.get_session().create_client("dynamodb") as client:
            await client.create_table(
                TableName="orders",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=definitions(pk="S"),
                **ON_DEMAND,
            )
            await client.get_waiter("table_exists").wait(TableName="orders")
        assert slow.clock.now() == NOW + timedelta(seconds=20)

    def test_without_a_mock_waiters_are_as_before(self):
        original = vars(Waiter)["wait"]
        with mock_dynamodb():
            assert vars(Waiter)["wait"] is not original
        assert vars(Waiter)["wait"] is original
