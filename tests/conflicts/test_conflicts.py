"""Calls that meet a transaction or a write that is open, in both directions."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import MisuseError
from tests.refusals import cancellation, refusal, text_of, unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFLICT = "TransactionConflictException: Transaction is ongoing for the item"
REASON = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
NONE = {"Code": "None"}
Item = dict[str, Any]


@pytest.fixture
def client(ddb: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    client = boto3.client("dynamodb", "us-east-1", config=config)
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.put_item(TableName="orders", Item=item(1, "old"))
    return client


def item(number: int, state: str | None = None) -> Item:
    key = {"id": {"S": str(number)}}
    return key if state is None else {**key, "state": {"S": state}}


def put(number: int, state: str = "new") -> Item:
    return {"Put": {"TableName": "orders", "Item": item(number, state)}}


def get(number: int) -> Item:
    return {"Get": {"TableName": "orders", "Key": item(number)}}


@pytest.fixture
def opened(ddb: Any, client: Any) -> Iterator[Any]:
    """A transaction that writes item 1 is open."""
    with ddb.open_transaction([put(1)]):
        yield client


# --- what meets a transaction --------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.put_item(TableName="orders", Item=item(1, "mine")),
        lambda client: client.delete_item(TableName="orders", Key=item(1)),
        lambda client: client.update_item(
            TableName="orders", Key=item(1), UpdateExpression="REMOVE nothing"
        ),
        lambda client: client.put_item(  # before its condition is looked at
            TableName="orders", Item=item(1), ConditionExpression="attribute_not_exists(id)"
        ),
        lambda client: client.execute_statement(Statement="DELETE FROM orders WHERE id = '1'"),
        lambda client: client.execute_statement(Statement="INSERT INTO orders VALUE {'id': '1'}"),
    ],
)
def test_a_write_of_its_item_conflicts(opened: Any, call: Any) -> None:
    assert refusal(call, opened) == CONFLICT


def test_a_transaction_on_its_item_is_cancelled(opened: Any) -> None:
    check = {
        "ConditionCheck": {
            "TableName": "orders",
            "Key": item(1),
            "ConditionExpression": "attribute_exists(id)",
        }
    }
    for action in (put(1), check):
        reasons = cancellation(opened.transact_write_items, TransactItems=[put(2), action])
        assert reasons == [NONE, REASON]
    assert cancellation(opened.transact_get_items, TransactItems=[get(1), get(2)]) == [REASON, NONE]
    for statement in ("SELECT * FROM orders WHERE id = '1'", "DELETE FROM orders WHERE id = '1'"):
        assert cancellation(
            opened.execute_transaction, TransactStatements=[{"Statement": statement}]
        ) == [REASON]


def test_other_reads_see_the_item_as_it_was(opened: Any) -> None:
    expected = item(1, "old")
    assert opened.get_item(TableName="orders", Key=item(1), ConsistentRead=True)["Item"] == expected
    assert opened.scan(TableName="orders")["Items"] == [expected]
    keys = {"orders": {"Keys": [item(1)]}}
    assert opened.batch_get_item(RequestItems=keys)["Responses"]["orders"] == [expected]
    query = {"KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": "1"}}}
    assert opened.query(TableName="orders", **query)["Items"] == [expected]
    assert opened.execute_statement(Statement="SELECT * FROM orders")["Items"] == [expected]


def test_other_items_are_free(opened: Any) -> None:
    opened.put_item(TableName="orders", Item=item(2))
    opened.transact_write_items(TransactItems=[put(3)])
    assert "Item" in opened.transact_get_items(TransactItems=[get(2)])["Responses"][0]


def test_members_of_batches_are_left(opened: Any) -> None:
    requests = [{"PutRequest": {"Item": item(number, "batch")}} for number in (1, 2)]
    response = opened.batch_write_item(RequestItems={"orders": requests})
    assert response["UnprocessedItems"] == {"orders": requests[:1]}
    assert refusal(opened.batch_write_item, RequestItems={"orders": requests[:1]}) == CONFLICT
    response = opened.batch_execute_statement(
        Statements=[
            {"Statement": "DELETE FROM orders WHERE id = '1'"},
            {"Statement": "DELETE FROM orders WHERE id = '2'"},
        ]
    )
    assert response["Responses"] == [{"Error": REASON}, {"TableName": "orders"}]


def test_it_is_done_at_the_end(ddb: Any, client: Any) -> None:
    before = len(ddb.calls)
    with ddb.open_transaction([put(1), put(2)]):
        assert ddb.tables["orders"].items == [item(1, "old")]
    assert {each["state"]["S"] for each in ddb.tables["orders"].items} == {"new"}
    assert len(ddb.calls) == before  # the program has not called it
    client.put_item(TableName="orders", Item=item(1))


def test_it_is_not_done_when_the_block_raises(ddb: Any, client: Any) -> None:
    with unchanged(), pytest.raises(ZeroDivisionError), ddb.open_transaction([put(1)]):
        raise ZeroDivisionError
    client.put_item(TableName="orders", Item=item(1))


def test_the_same_token_is_in_progress(ddb: Any, client: Any) -> None:
    request = {
        "TransactItems": [put(7)],
        "ClientRequestToken": "token",
        "ReturnConsumedCapacity": "TOTAL",
    }
    with ddb.open_transaction([put(7)], token="token"):
        text = "Transaction from previous request is still in progress"
        assert refusal(client.transact_write_items, **request) == (
            f"TransactionInProgressException: {text}"
        )
    response = client.transact_write_items(**request)
    assert response["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2  # it was done before


def test_keys_alone(ddb: Any, client: Any) -> None:
    for keys in ([{"id": "1"}], [item(2), item(1)]):
        with ddb.open_transaction({"orders": keys}), unchanged():
            assert refusal(client.put_item, TableName="orders", Item=item(1)) == CONFLICT


def test_another_region_is_not_concerned(ddb: Any, client: Any) -> None:
    elsewhere = {"items": {"orders": [{"id": "1"}]}, "region": "eu-west-1"}
    with pytest.raises(MisuseError, match="no such table"), ddb.open_transaction(**elsewhere):
        pass


def test_other_threads_meet_it(ddb: Any, client: Any) -> None:
    errors: list[str] = []

    def write() -> None:
        try:
            client.put_item(TableName="orders", Item=item(1))
        except ClientError as error:
            errors.append(text_of(error))

    with ddb.open_transaction([put(1)]):
        threads = [threading.Thread(target=write) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == [CONFLICT] * 3


# --- the other direction: a write that is open ---------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        put(1),
        {"Delete": {"TableName": "orders", "Key": item(1)}},
        {"Update": {"TableName": "orders", "Key": item(1), "UpdateExpression": "REMOVE #s",
                    "ExpressionAttributeNames": {"#s": "state"}}},
    ],
)  # fmt: skip
def test_transactions_meet_a_write(ddb: Any, client: Any, write: Item) -> None:
    with ddb.open_write(write):
        assert cancellation(client.transact_get_items, TransactItems=[get(2), get(1)]) == [
            NONE,
            REASON,
        ]
        assert cancellation(client.transact_write_items, TransactItems=[put(1)]) == [REASON]
        # One write after the other: no error.
        client.put_item(TableName="orders", Item=item(1, "meanwhile"))
        client.batch_write_item(
            RequestItems={"orders": [{"PutRequest": {"Item": item(1, "meanwhile")}}]}
        )
        assert ddb.tables["orders"].items == [item(1, "meanwhile")]
    left = ddb.tables["orders"].items
    assert left == {"Put": [item(1, "new")], "Delete": [], "Update": [item(1)]}[next(iter(write))]


# --- what cannot be opened -----------------------------------------------------------------------


def test_a_transaction_that_could_not_be_done(ddb: Any, client: Any) -> None:
    failing = {"Put": {**put(1)["Put"], "ConditionExpression": "attribute_not_exists(id)"}}
    cases: list[tuple[Any, str]] = [
        ([failing], "it could not be done: TransactionCanceledException"),
        ([put(1), put(1)], "ValidationException: Transaction request cannot include multiple"),
        ([{"Put": {"TableName": "others", "Item": item(1)}}], "ResourceNotFoundException"),
        ([{}], "ValidationException"),
        ({"others": [{"id": "1"}]}, "no such table"),
        ({"orders": [{"other": "1"}]}, "is no key of orders, which is id"),
        ({"orders": ["1"]}, "'1' is no key of orders"),
    ]
    for items, text in cases:
        with unchanged(), pytest.raises(MisuseError, match=text), ddb.open_transaction(items):
            pass


def test_a_write_that_could_not_be_done(ddb: Any, client: Any) -> None:
    wrong: list[Any] = [{}, {"Get": {}}, {"Put": {}, "Delete": {}}, 7]
    for write in wrong:
        with pytest.raises(MisuseError, match="takes one write"), ddb.open_write(write):
            pass


def test_two_that_hold_one_item(ddb: Any, client: Any) -> None:
    with ddb.open_transaction([put(1)]):
        with ddb.open_transaction([put(2)]):
            assert refusal(client.put_item, TableName="orders", Item=item(1)) == CONFLICT
            assert refusal(client.put_item, TableName="orders", Item=item(2)) == CONFLICT
        already = "holds one of the items already"
        with pytest.raises(MisuseError, match=already), ddb.open_write(put(1)):
            pass


def test_binary_values(ddb: Any, client: Any) -> None:
    data = {"Put": {"TableName": "orders", "Item": {**item(5), "data": {"B": b"\x00\xff"}}}}
    with ddb.open_transaction([data]):
        pass
    assert ddb.tables["orders"].get({"id": "5"})["data"] == b"\x00\xff"
