"""A bank: transfers in transactions, an idempotent ledger, threads, retries with backoff."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def client(dynamodb_resource):
    for name in ("accounts", "ledger"):
        dynamodb_resource.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    accounts = dynamodb_resource.Table("accounts")
    for account in "ABCD":
        accounts.put_item(Item={"id": account, "balance": 1000})
    return dynamodb_resource.meta.client


def move(account, amount, condition):
    return {
        "Update": {
            "TableName": "accounts",
            "Key": {"id": account},
            "UpdateExpression": "SET balance = balance + :amount",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":amount": amount, ":zero": 0}
            if ":zero" in condition
            else {":amount": amount},
        }
    }


def transfer(client, giver, receiver, amount, *, entry=None, **parameters):
    """Moves money and notes it in the ledger: all three writes or none."""
    client.transact_write_items(
        TransactItems=[
            {
                "Update": {
                    "TableName": "accounts",
                    "Key": {"id": giver},
                    "UpdateExpression": "SET balance = balance - :amount",
                    "ConditionExpression": "balance >= :amount",
                    "ExpressionAttributeValues": {":amount": amount},
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                }
            },
            move(receiver, amount, "attribute_exists(id)"),
            {
                "Put": {
                    "TableName": "ledger",
                    "Item": {"id": entry or str(uuid.uuid4()), "from": giver, "to": receiver},
                    "ConditionExpression": "attribute_not_exists(id)",
                }
            },
        ],
        **parameters,
    )


def balances(client):
    response = client.transact_get_items(
        TransactItems=[{"Get": {"TableName": "accounts", "Key": {"id": each}}} for each in "ABCD"]
    )
    return [each["Item"]["balance"] for each in response["Responses"]]


def test_a_transfer(client):
    transfer(client, "A", "B", 300)
    assert balances(client) == [700, 1300, 1000, 1000]
    assert client.scan(TableName="ledger")["Count"] == 1


def test_reasons_stand_in_the_order_of_the_actions(client):
    transfer(client, "A", "B", 1, entry="first")
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        transfer(client, "A", "nobody", 5000, entry="first")
    giver, receiver, ledger = refused.value.response["CancellationReasons"]
    assert giver == {
        "Code": "ConditionalCheckFailed",
        "Message": "The conditional request failed",
        # boto3 turns answers into Python values, but not errors.
        "Item": {"id": {"S": "A"}, "balance": {"N": "999"}},
    }
    assert (receiver["Code"], ledger["Code"]) == ("ConditionalCheckFailed",) * 2
    assert refused.value.response["Error"]["Message"] == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[ConditionalCheckFailed, ConditionalCheckFailed, ConditionalCheckFailed]"
    )
    assert balances(client) == [999, 1001, 1000, 1000]


def test_a_lost_condition_undoes_nothing_because_nothing_was_done(client):
    with pytest.raises(ClientError):
        transfer(client, "A", "nobody", 10)
    assert balances(client) == [1000] * 4
    assert client.scan(TableName="ledger")["Count"] == 0


def test_a_repeated_token_does_the_work_once(client):
    token = str(uuid.uuid4())
    for _ in range(3):
        transfer(client, "A", "B", 100, entry="once", ClientRequestToken=token)
    assert balances(client) == [900, 1100, 1000, 1000]


def test_a_token_of_another_transaction_is_refused(client):
    token = str(uuid.uuid4())
    transfer(client, "A", "B", 100, entry="once", ClientRequestToken=token)
    with pytest.raises(client.exceptions.IdempotentParameterMismatchException):
        transfer(client, "A", "B", 200, entry="once", ClientRequestToken=token)
    assert balances(client) == [900, 1100, 1000, 1000]


def test_one_item_cannot_be_in_a_transaction_twice(client):
    with pytest.raises(ClientError) as refused:
        transfer(client, "A", "A", 1)
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Transaction request cannot include multiple operations on one item",
    }


def test_money_is_neither_made_nor_lost_by_threads(client):
    def work(number):
        giver, receiver = "ABCD"[number % 4], "ABCD"[(number + 1 + number // 4 % 3) % 4]
        try:
            transfer(client, giver, receiver, 90 + number)
        except client.exceptions.TransactionCanceledException:
            return 0
        return 1

    with ThreadPoolExecutor(8) as tellers:
        done = sum(tellers.map(work, range(120)))
    assert sum(balances(client)) == 4000
    assert min(balances(client)) >= 0
    assert client.scan(TableName="ledger", Select="COUNT")["Count"] == done


def test_a_counter_of_many_threads_is_exact(client):
    def count(_):
        client.update_item(
            TableName="accounts",
            Key={"id": "visits"},
            UpdateExpression="ADD balance :one",
            ExpressionAttributeValues={":one": 1},
        )

    with ThreadPoolExecutor(8) as visitors:
        list(visitors.map(count, range(400)))
    response = client.get_item(TableName="accounts", Key={"id": "visits"})
    assert response["Item"]["balance"] == 400


def test_a_program_retries_what_it_can_and_reports_the_rest(client):
    """The usual wrapper around conditional writes: read again, try again, give up."""
    naps = []

    def with_retries(action, attempts=4):
        for attempt in range(attempts):
            try:
                return action(attempt)
            except client.exceptions.ConditionalCheckFailedException:  # noqa: PERF203
                naps.append(2**attempt)
        message = "gave up"
        raise RuntimeError(message)

    def claim(attempt):
        return client.put_item(
            TableName="ledger",
            Item={"id": f"slot-{attempt}"},
            ConditionExpression="attribute_not_exists(id)",
        )

    for slot in range(3):
        client.put_item(TableName="ledger", Item={"id": f"slot-{slot}"})
    with_retries(claim)
    assert naps == [1, 2, 4]
    with pytest.raises(RuntimeError, match="gave up"):
        with_retries(claim)
