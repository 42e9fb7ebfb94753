"""PynamoDB: optimistic locking by version, and transactions that tell why they were cancelled."""

from __future__ import annotations

import uuid

import pytest
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import (
    DeleteError,
    DoesNotExist,
    PutError,
    TransactGetError,
    TransactWriteError,
    UpdateError,
)
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite

from ddbmock import mock_dynamodb


class Office(Model):
    class Meta:
        table_name = "offices"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(null=True)
    desks = NumberAttribute(default=0)
    version = VersionAttribute()


class Statement(Model):
    class Meta:
        table_name = "statements"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    user = UnicodeAttribute(hash_key=True)
    balance = NumberAttribute(default=0)


@pytest.fixture(autouse=True)
def ddb():
    with mock_dynamodb() as controller:
        Office.create_table(wait=True)
        Statement.create_table(wait=True)
        yield controller


@pytest.fixture
def connection():
    return Connection(region="us-east-1")


def refusal(connection, work, **options):
    """Do the work in a transaction that fails, and return its error."""

    def run():
        with TransactWrite(connection=connection, **options) as transaction:
            work(transaction)

    with pytest.raises(TransactWriteError) as refused:
        run()
    return refused.value


@pytest.fixture
def two():
    """Two copies of one office; the second is out of date."""
    Office("a", name="old").save()
    fresh, stale = Office.get("a"), Office.get("a")
    fresh.update(actions=[Office.name.set("new")])
    return fresh, stale


class TestVersions:
    def test_every_write_counts(self):
        office = Office("a")
        office.save()
        assert office.version == 1
        office.save()
        office.update(actions=[Office.desks.add(1)])
        assert (office.version, Office.get("a").version) == (3, 3)

    def test_a_new_item_where_one_is(self):
        Office("a").save()
        with pytest.raises(PutError) as refused:
            Office("a").save()
        assert refused.value.cause_response_code == "ConditionalCheckFailedException"

    def test_stale_copies_are_refused(self, two):
        fresh, stale = two
        for error, write in (
            (PutError, stale.save),
            (UpdateError, lambda: stale.update(actions=[Office.name.set("x")])),
            (DeleteError, stale.delete),
        ):
            with pytest.raises(error) as refused:
                write()
            assert refused.value.cause_response_code == "ConditionalCheckFailedException"
        stored = Office.get("a")
        assert (stored.name, stored.version) == ("new", fresh.version)

    def test_a_refreshed_copy_is_taken(self, two):
        _, stale = two
        stale.refresh()
        stale.update(actions=[Office.desks.set(3)])
        assert Office.get("a").desks == 3

    def test_a_stale_copy_without_the_condition(self, two):
        _, stale = two
        stale.delete(add_version_condition=False)
        with pytest.raises(DoesNotExist):
            Office.get("a")

    def test_a_batch_checks_no_versions(self, two):
        _, stale = two
        with Office.batch_write() as batch:
            batch.save(stale)
        assert Office.get("a").name == "old"

    def test_in_transactions(self, connection, two):
        fresh, stale = two
        with TransactWrite(connection=connection) as transaction:
            transaction.save(Office("b"))
            transaction.update(fresh, actions=[Office.desks.add(2)])
        assert (fresh.version, Office.get("a").desks) == (3, 2)

        def work(transaction):
            transaction.save(Office("c"))
            transaction.delete(stale)

        # PynamoDB sends checks, deletes, puts and updates in this order.
        reason, _ = refusal(connection, work).cancellation_reasons
        assert reason is not None
        assert reason.code == "ConditionalCheckFailed"
        assert Office.count() == 2


class TestTransactions:
    def test_a_read_of_several_tables(self, connection):
        Office("a", name="first").save()
        Statement("u", balance=3).save()
        with TransactGet(connection=connection) as transaction:
            office = transaction.get(Office, "a")
            statement = transaction.get(Statement, "u")
            missing = transaction.get(Statement, "nobody")
        assert (office.get().name, statement.get().balance) == ("first", 3)
        with pytest.raises(DoesNotExist):
            missing.get()

    def test_reasons_are_positional(self, connection):
        Statement("u", balance=1).save()

        def work(transaction):
            transaction.condition_check(Statement, "u", condition=Statement.balance >= 1)
            transaction.update(
                Statement("v"),
                actions=[Statement.balance.add(-5)],
                condition=Statement.balance >= 5,
            )
            transaction.save(
                Statement("w"), condition=Statement.user.does_not_exist(), return_values="ALL_OLD"
            )

        error = refusal(connection, work)
        # PynamoDB sends checks, deletes, puts and updates in this order.
        check, put, update = error.cancellation_reasons
        assert (check, put) == (None, None)
        assert update is not None
        assert (update.code, update.message) == (
            "ConditionalCheckFailed",
            "The conditional request failed",
        )
        assert error.cause_response_code == "TransactionCanceledException"
        assert Statement.count() == 1

    def test_the_old_item_of_a_reason(self, connection):
        Statement("u", balance=1).save()

        def work(transaction):
            transaction.save(
                Statement("u", balance=2),
                condition=Statement.user.does_not_exist(),
                return_values="ALL_OLD",
            )

        (reason,) = refusal(connection, work).cancellation_reasons
        assert reason is not None
        assert reason.raw_item == {"user": {"S": "u"}, "balance": {"N": "1"}}

    def test_a_token_makes_it_happen_once(self, connection):
        Statement("u", balance=0).save()
        token = str(uuid.uuid4())
        for _ in range(3):
            with TransactWrite(connection=connection, client_request_token=token) as transaction:
                transaction.update(Statement("u"), actions=[Statement.balance.add(5)])
        assert Statement.get("u").balance == 5

        def more(transaction):
            transaction.update(Statement("u"), actions=[Statement.balance.add(6)])

        error = refusal(connection, more, client_request_token=token)
        assert error.cause_response_code == "IdempotentParameterMismatchException"

    def test_one_item_twice(self, connection):
        def work(transaction):
            transaction.save(Statement("u"))
            transaction.delete(Statement("u"))

        assert refusal(connection, work).cause_response_message == (
            "Transaction request cannot include multiple operations on one item"
        )

    def test_too_much_for_one_transaction(self, connection):
        def work(transaction):
            for number in range(101):
                transaction.save(Statement(str(number)))

        assert refusal(connection, work).cause_response_code == "ValidationException"
        assert Statement.count() == 0

    def test_a_table_that_is_not_there(self, connection):
        Statement.delete_table(wait=True)
        with (
            pytest.raises(TransactGetError) as refused,
            TransactGet(connection=connection) as transaction,
        ):
            transaction.get(Statement, "u")
        assert refused.value.cause_response_code == "ResourceNotFoundException"
