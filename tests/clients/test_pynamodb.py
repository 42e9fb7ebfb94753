"""PynamoDB: models with indexes, versions, batches and transactions; clients stored on classes."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from pynamodb.attributes import (
    JSONAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    KeysOnlyProjection,
    LocalSecondaryIndex,
)
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite

from ddbmock import mock_dynamodb

MAY = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)


class ByStatus(GlobalSecondaryIndex["Ticket"]):
    class Meta:
        index_name = "by-status"
        projection = AllProjection()

    status = UnicodeAttribute(hash_key=True)
    opened = UTCDateTimeAttribute(range_key=True)


class ByPriority(LocalSecondaryIndex["Ticket"]):
    class Meta:
        index_name = "by-priority"
        projection = KeysOnlyProjection()

    project = UnicodeAttribute(hash_key=True)
    priority = NumberAttribute(range_key=True)


class Place(MapAttribute[str, Any]):
    room = UnicodeAttribute()
    floor = NumberAttribute(null=True)


class Ticket(Model):
    class Meta:
        table_name = "tickets"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    project = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    status = UnicodeAttribute(default="open")
    opened = UTCDateTimeAttribute(default=MAY)
    priority = NumberAttribute(null=True)
    labels = UnicodeSetAttribute(null=True)
    notes = ListAttribute(of=UnicodeAttribute, default=list)
    place = Place(null=True)
    extra = JSONAttribute(null=True)
    by_status = ByStatus()
    by_priority = ByPriority()


class Account(Model):
    class Meta:
        table_name = "accounts"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    owner = UnicodeAttribute(hash_key=True)
    balance = NumberAttribute(default=0)
    version = VersionAttribute()


@pytest.fixture(autouse=True)
def tables():
    with mock_dynamodb():
        Ticket.create_table(wait=True)
        Account.create_table(wait=True)
        yield


def fill(count=5):
    with Ticket.batch_write() as batch:
        for number in range(count):
            status = "open" if number % 2 else "closed"
            batch.save(Ticket("house", number, status=status, priority=count - number))


def test_tables_are_there_once_more_in_each_world():
    assert Ticket.exists()
    assert Account.describe_table()["TableStatus"] == "ACTIVE"
    assert Ticket.count() == 0


def test_save_and_get():
    ticket = Ticket(
        "house",
        1,
        labels={"roof", "rain"},
        notes=["first"],
        place=Place(room="attic", floor=3),
        extra={"seen": [1, 2]},
    )
    ticket.save()
    read = Ticket.get("house", 1, consistent_read=True)
    assert read.attribute_values.keys() == ticket.attribute_values.keys()
    assert (read.labels, read.opened) == ({"roof", "rain"}, MAY)
    assert list(map(str, read.notes)) == ["first"]
    assert (read.place.room, read.place.floor, read.extra) == ("attic", 3, {"seen": [1, 2]})


def test_a_missing_item_does_not_exist():
    with pytest.raises(DoesNotExist):
        Ticket.get("house", 404)


def test_query_with_conditions_and_pages():
    fill(12)
    found = Ticket.query("house", Ticket.number.between(2, 9), Ticket.status == "open", limit=3)
    assert [ticket.number for ticket in found] == [3, 5, 7]
    again = Ticket.query(
        "house",
        Ticket.number.between(2, 9),
        Ticket.status == "open",
        last_evaluated_key=found.last_evaluated_key,
    )
    assert [ticket.number for ticket in again] == [9]
    backwards = Ticket.query("house", scan_index_forward=False, page_size=5)
    assert [ticket.number for ticket in backwards] == list(range(11, -1, -1))


def test_indexes():
    fill()
    assert {ticket.number for ticket in Ticket.by_status.query("open")} == {1, 3}
    by_priority = Ticket.by_priority.query("house", Ticket.priority > 2)
    assert [ticket.number for ticket in by_priority] == [2, 1, 0]
    assert Ticket.by_status.count("closed") == 3


def test_scan_with_filter():
    fill()
    assert {ticket.number for ticket in Ticket.scan(Ticket.priority.is_in(1, 5))} == {0, 4}


def test_update_actions():
    fill(1)
    ticket = Ticket.get("house", 0)
    ticket.update(
        actions=[
            Ticket.status.set("waiting"),
            Ticket.notes.set(Ticket.notes.append(["called"])),
            Ticket.labels.add({"phone"}),
            Ticket.priority.remove(),
        ],
        condition=Ticket.status == "closed",
    )
    assert (ticket.status, ticket.labels) == ("waiting", {"phone"})
    assert list(map(str, ticket.notes)) == ["called"]
    assert ticket.priority is None
    with pytest.raises(UpdateError) as refused:
        ticket.update(actions=[Ticket.status.set("x")], condition=Ticket.status == "closed")
    assert refused.value.cause_response_code == "ConditionalCheckFailedException"
    assert Ticket.get("house", 0).status == "waiting"


def test_a_versioned_model_refuses_the_second_writer():
    Account("ada", balance=1).save()
    first, second = Account.get("ada"), Account.get("ada")
    first.balance = 2
    first.save()
    second.balance = 3
    with pytest.raises(PutError) as refused:
        second.save()
    assert refused.value.cause_response_code == "ConditionalCheckFailedException"
    stored = Account.get("ada")
    assert (stored.balance, stored.version) == (2, 2)


def test_batches():
    fill(60)
    keys = [("house", number) for number in range(0, 200, 2)]
    assert {ticket.number for ticket in Ticket.batch_get(keys)} == set(range(0, 60, 2))
    with Ticket.batch_write() as batch:
        for ticket in Ticket.scan():
            batch.delete(ticket)
    assert Ticket.count() == 0


def test_transactions():
    ada, ben = Account("ada", balance=10), Account("ben", balance=0)
    ada.save()
    ben.save()
    connection = Connection(region="us-east-1")
    with TransactWrite(connection=connection) as transaction:
        transaction.update(ada, actions=[Account.balance.add(-4)], condition=Account.balance >= 4)
        transaction.update(ben, actions=[Account.balance.add(4)])
    with TransactGet(connection=connection) as transaction:
        futures = [transaction.get(Account, owner) for owner in ("ada", "ben")]
    assert [future.get().balance for future in futures] == [6, 4]


def test_a_cancelled_transaction_tells_why():
    ada = Account("ada", balance=1)
    ada.save()

    def overdraw():
        with TransactWrite(connection=Connection(region="us-east-1")) as transaction:
            transaction.save(Ticket("house", 1))
            transaction.update(
                ada, actions=[Account.balance.add(-4)], condition=Account.balance >= 4
            )

    with pytest.raises(TransactWriteError) as refused:
        overdraw()
    first, second = refused.value.cancellation_reasons
    assert first is None
    assert second is not None
    assert second.code == "ConditionalCheckFailed"
    assert Ticket.count() == 0


# --- calls that need not be sent ---------------------------------------------------------------


@mock_dynamodb
def test_a_call_is_answered_before_it_is_sent(signed: list[str]) -> None:
    Connection("us-east-1").list_tables()
    assert signed == []


@mock_dynamodb
def test_a_call_with_headers_of_the_program_is_sent(signed: list[str]) -> None:
    connection = Connection("us-east-1", extra_headers={"X-Mine": "1"})
    connection.list_tables()
    assert len(signed) == 1


@mock_dynamodb
def test_a_call_of_a_derived_connection_is_sent(signed: list[str]) -> None:
    seen = []

    class Derived(Connection):
        def _before_send(self, request: Any, **_: Any) -> None:
            seen.append(request.url)

    Derived("us-east-1").list_tables()
    assert seen == signed != []


@mock_dynamodb
def test_a_call_that_another_handler_may_notice_is_sent(signed: list[str]) -> None:
    seen = []

    def handler(request: Any, **_: Any) -> None:
        seen.append(request.url)

    handler.__module__ = "pynamodb.something"  # a function, and no method of a connection
    connection = Connection("us-east-1")
    connection.client.meta.events.register("before-send.dynamodb", handler)
    connection.list_tables()
    assert seen == signed != []
