"""PynamoDB: tables created from models, connections, clients that outlive mocks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE, STREAM_NEW_AND_OLD_IMAGE
from pynamodb.exceptions import DoesNotExist, ScanError, TableDoesNotExist, TableError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from ddbmock import mock_dynamodb

NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc)


class ByUser(GlobalSecondaryIndex["Session"]):
    class Meta:
        index_name = "by-user"
        projection = AllProjection()
        read_capacity_units = 3
        write_capacity_units = 4

    user = UnicodeAttribute(hash_key=True)


class Session(Model):
    class Meta:
        table_name = "sessions"
        region = "us-east-1"
        read_capacity_units = 1
        write_capacity_units = 2
        stream_view_type = STREAM_NEW_AND_OLD_IMAGE
        tags = {"team": "web"}  # noqa: RUF012 (PynamoDB's way to say it)

    id = UnicodeAttribute(hash_key=True)
    user = UnicodeAttribute(null=True)
    expires = TTLAttribute(null=True)
    by_user = ByUser()


class Elsewhere(Model):
    class Meta:
        table_name = "elsewhere"
        host = "http://localhost:8000"
        region = "eu-central-1"
        aws_access_key_id = "anything"
        aws_secret_access_key = "anything"
        billing_mode = PAY_PER_REQUEST_BILLING_MODE

    id = UnicodeAttribute(hash_key=True)
    count_ = NumberAttribute(default=0, attr_name="count")


@pytest.fixture
def ddb():
    with mock_dynamodb() as controller:
        yield controller


def test_a_table_is_as_the_model_says(ddb):
    Session.create_table(wait=True)
    described: dict[str, Any] = Session.describe_table()
    assert described["TableStatus"] == "ACTIVE"
    throughput = described["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (1, 2)
    (index,) = described["GlobalSecondaryIndexes"]
    assert index["ProvisionedThroughput"]["WriteCapacityUnits"] == 4
    assert described["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert ddb.tables["sessions"].stream.is_enabled


def test_time_to_live_is_set_up_with_the_table_and_obeyed(ddb):
    ddb.clock.freeze(NEW_YEAR)
    Session.create_table(wait=True)
    Session("short", expires=NEW_YEAR + timedelta(hours=1)).save()
    Session("long", expires=NEW_YEAR + timedelta(days=9)).save()
    Session("for ever").save()
    ddb.clock.advance(timedelta(hours=2))
    assert Session.get("short").expires == NEW_YEAR + timedelta(hours=1)
    assert ddb.expire() == 1
    with pytest.raises(DoesNotExist):
        Session.get("short")
    assert Session.count() == 2


def test_waiting_for_a_slow_table_moves_the_clock(ddb, monkeypatch):
    """PynamoDB polls by itself and sleeps in between."""
    with mock_dynamodb(isolate=True, delays=10) as slow:
        slow.clock.freeze(NEW_YEAR)
        monkeypatch.setattr("pynamodb.models.time.sleep", slow.clock.advance)
        Session.create_table(wait=True)
        assert Session.describe_table()["TableStatus"] == "ACTIVE"
        assert slow.clock.now() >= NEW_YEAR + timedelta(seconds=10)


def test_a_table_is_there_or_not(ddb):
    assert not Session.exists()
    with pytest.raises(TableDoesNotExist):
        Session.describe_table()
    Session.create_table()
    assert Session.exists()
    Session.create_table(ignore_update_ttl_errors=True)  # looks first, and makes it once
    Session.delete_table(wait=True)
    assert not Session.exists()
    with pytest.raises(TableError):
        Session.delete_table()


def test_a_host_and_keys_of_its_own(ddb):
    Elsewhere.create_table(wait=True)
    Elsewhere("1").save()
    Elsewhere("1").update(actions=[Elsewhere.count_.add(2)])
    assert Elsewhere.get("1").count_ == 2
    assert ddb.tables["elsewhere"].region == "eu-central-1"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_clients_of_models_meet_a_fresh_world_each_time(ddb, number):
    Session.create_table(wait=True)
    assert Session.count() == 0
    Session(str(number)).save()
    assert [session.id for session in Session.scan()] == [str(number)]


def test_connections_without_models(ddb):
    Session.create_table(wait=True)
    connection = Connection(region="us-east-1")
    assert connection.list_tables()["TableNames"] == ["sessions"]
    described = MetaTable(connection.client.describe_table(TableName="sessions")["Table"])
    table = TableConnection("sessions", region="us-east-1", meta_table=described)
    table.put_item("1", attributes={"user": {"S": "ada"}})
    assert table.get_item("1")["Item"] == {"id": {"S": "1"}, "user": {"S": "ada"}}
    assert table.query("ada", index_name="by-user")["Count"] == 1
    table.delete_item("1")
    assert table.scan()["Count"] == 0
    with pytest.raises(ScanError):
        TableConnection("missing", region="us-east-1", meta_table=described).scan()


def test_changes_of_models_reach_triggers(ddb):
    Session.create_table(wait=True)
    seen = []
    ddb.on_change("sessions", lambda event: seen.extend(event["Records"]))
    session = Session("1", user="ada")
    session.save()
    session.update(actions=[Session.user.set("ben")])
    session.delete()
    ddb.deliver()
    assert [record["eventName"] for record in seen] == ["INSERT", "MODIFY", "REMOVE"]
    image = seen[1]["dynamodb"]["NewImage"]
    assert Session.from_raw_data(image).user == "ben"


def test_what_was_called_can_be_asked(ddb):
    Session.create_table(wait=True)
    Session("1").save()
    Session.get("1")
    ddb.calls.assert_called("PutItem", table="sessions")
    ddb.calls.assert_no_scans()
    assert ddb.calls("PutItem").units()["sessions"].write == 1.0
