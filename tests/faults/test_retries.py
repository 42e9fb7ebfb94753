"""The clients' own retry loops: the number of attempts, the errors, and that none sleeps."""

from __future__ import annotations

import time
from typing import Any

import boto3
import botocore
import pytest
from boto3.dynamodb.conditions import Key
from botocore import exceptions
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from tests import old_models
from tests.faults.conftest import MODES, create_orders, item, new_client

NEWEST = tuple(map(int, botocore.__version__.split(".")[:2])) >= (1, 44)
#: What a call tries at most. The standard mode has one more attempt for DynamoDB since 1.44.
ATTEMPTS = {"legacy": 10, "standard": 4 if NEWEST else 3, "adaptive": 4 if NEWEST else 3}
#: Code -> the modes that try again.
RETRIED = {
    "ProvisionedThroughputExceededException": MODES,
    "ThrottlingException": MODES,
    "InternalServerError": MODES,
    "ServiceUnavailable": MODES,
    "RequestLimitExceeded": MODES[1:],
    "ReplicatedWriteConflictException": MODES[1:],
    "ConditionalCheckFailedException": (),
    "TransactionConflictException": (),
    "ItemCollectionSizeLimitExceededException": (),
    "ExpiredTokenException": (),
    "UnrecognizedClientException": (),
}
NETWORK = {
    "EndpointConnectionError": 'Could not connect to the endpoint URL: "{url}"',
    "ConnectTimeoutError": 'Connect timeout on endpoint URL: "{url}"',
    "ReadTimeoutError": 'Read timeout on endpoint URL: "{url}"',
    "ConnectionClosedError": (
        'Connection was closed before we received a valid response from endpoint URL: "{url}".'
    ),
    "SSLError": "SSL validation failed for {url} SSLError",
}
URL = "https://dynamodb.us-east-1.amazonaws.com/"
TRANSACTION = [{"Put": {"TableName": "orders", "Item": item(1)}}]


@pytest.fixture(autouse=True)
def nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: seconds and pytest.fail("slept"))


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("code", RETRIED)
def test_attempts_for_an_error_of_the_service(ddb: Any, client: Any, mode: str, code: str) -> None:
    if old_models.IS_OLD and code == "ReplicatedWriteConflictException":
        pytest.skip(old_models.REASON)  # which says that it may be retried
    client = new_client(mode)
    attempts = ATTEMPTS[mode] if mode in RETRIED[code] else 1
    fault = ddb.faults.add(operation="PutItem", error=code)
    with pytest.raises(ClientError) as caught:
        client.put_item(TableName="orders", Item=item(1))
    metadata = caught.value.response["ResponseMetadata"]
    assert metadata["RetryAttempts"] == attempts - 1
    assert metadata.get("MaxAttemptsReached", False) is (attempts > 1)
    assert fault.happened == len(ddb.calls("PutItem")) == attempts
    assert ddb.tables["orders"].items == []


def test_the_waits_of_the_legacy_mode_pass_on_the_clock(ddb: Any, client: Any) -> None:
    client = new_client("legacy")
    ddb.clock.freeze(0)
    ddb.faults.add(operation="PutItem", error="ThrottlingException")
    with pytest.raises(ClientError):
        client.put_item(TableName="orders", Item=item(1))
    assert ddb.clock.seconds() == pytest.approx(0.05 * (2**9 - 1))


@pytest.mark.parametrize("name", NETWORK)
def test_attempts_without_an_answer(ddb: Any, client: Any, mode: str, name: str) -> None:
    client = new_client(mode)
    fault = ddb.faults.add(operation="GetItem", error=name)
    with pytest.raises(getattr(exceptions, name)) as caught:
        client.get_item(TableName="orders", Key=item(1))
    assert str(caught.value) == NETWORK[name].format(url=URL)
    assert fault.happened == ATTEMPTS[mode]
    assert {call.error_code for call in ddb.calls("GetItem")} == {name}


def test_a_call_succeeds_when_the_fault_is_over(ddb: Any, client: Any, mode: str) -> None:
    client = new_client(mode)
    ddb.faults.add(error="ThrottlingException", times=2)
    response = client.put_item(TableName="orders", Item=item(1))
    assert response["ResponseMetadata"]["RetryAttempts"] == 2
    assert ddb.tables["orders"].items == [item(1)]


def test_a_lost_answer_is_done_again(ddb: Any, client: Any, mode: str) -> None:
    client = new_client(mode)
    client.put_item(TableName="orders", Item={**item(1), "count": {"N": "0"}})
    fault = ddb.faults.add(
        operation="UpdateItem", error=exceptions.ReadTimeoutError, when="after", times=1
    )
    response = client.update_item(
        TableName="orders",
        Key=item(1),
        UpdateExpression="ADD #c :one",
        ExpressionAttributeNames={"#c": "count"},
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    assert response["ResponseMetadata"]["RetryAttempts"] == 1
    assert fault.happened == 1
    assert ddb.tables["orders"].items == [{**item(1), "count": {"N": "2"}}]


def test_a_lost_conditional_create_fails_on_its_own_write(ddb: Any, client: Any) -> None:
    client = new_client()
    ddb.faults.add(operation="PutItem", error="InternalServerError", when="after", times=1)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(
            TableName="orders", Item=item(1), ConditionExpression="attribute_not_exists(id)"
        )
    assert ddb.tables["orders"].items == [item(1)]


def test_a_lost_transaction_is_safe_by_its_token(ddb: Any, client: Any, mode: str) -> None:
    client = new_client(mode)
    ddb.faults.add(error=exceptions.ConnectionClosedError, when="after", times=1)
    response = client.transact_write_items(
        TransactItems=TRANSACTION, ReturnConsumedCapacity="TOTAL"
    )
    assert response["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2
    with ddb.faults.add(error="TransactionInProgressException", times=1):
        response = client.transact_write_items(TransactItems=TRANSACTION)
    assert response["ResponseMetadata"]["RetryAttempts"] == 1


def test_an_exception_that_is_no_network_fault_is_raised_as_it_is(ddb: Any, client: Any) -> None:
    with ddb.faults.add(error=OSError("no more sockets")), pytest.raises(OSError, match="no more"):
        new_client().get_item(TableName="orders", Key=item(1))


def test_an_adaptive_client_is_slowed_down_on_the_clock(ddb: Any, client: Any) -> None:
    client = new_client("adaptive")
    ddb.clock.freeze(0)
    with ddb.faults.add(error="ThrottlingException", times=2):
        client.get_item(TableName="orders", Key=item(1))
    after_throttles = ddb.clock.seconds()
    for _ in range(5):
        client.get_item(TableName="orders", Key=item(1))
    assert ddb.clock.seconds() > after_throttles


def test_a_handler_of_the_program_sees_each_attempt(ddb: Any, client: Any) -> None:
    client = new_client()
    seen: list[str] = []

    def note(request: Any, **_: Any) -> None:
        seen.append(request.headers["amz-sdk-request"].decode())

    client.meta.events.register("before-send.dynamodb", note)
    ddb.faults.add(error=exceptions.ConnectTimeoutError, times=1)
    client.get_item(TableName="orders", Key=item(1))
    assert [text.partition(";")[0] for text in seen] == ["attempt=1", "attempt=2"]


# --- other clients -------------------------------------------------------------------------------


async def test_aiobotocore(mode: str) -> None:
    session = pytest.importorskip("aiobotocore.session").get_session()
    config = pytest.importorskip("aiobotocore.config").AioConfig(retries={"mode": mode})
    with mock_dynamodb() as ddb:
        async with session.create_client("dynamodb", "us-east-1", config=config) as client:
            create_orders(boto3.client("dynamodb", "us-east-1"))
            for error in ("ThrottlingException", exceptions.ReadTimeoutError):
                with ddb.faults.add(error=error, times=2):
                    response = await client.put_item(TableName="orders", Item=item(1))
                assert response["ResponseMetadata"]["RetryAttempts"] == 2
            with ddb.faults.add(error="InternalServerError") as fault:
                with pytest.raises(ClientError):
                    await client.get_item(TableName="orders", Key=item(1))
                assert fault.happened == ATTEMPTS[mode]
            with ddb.faults.add(error="EndpointConnectionError") as fault:
                with pytest.raises(exceptions.EndpointConnectionError):
                    await client.get_item(TableName="orders", Key=item(1))
                assert fault.happened == ATTEMPTS[mode]


def test_batch_writer(ddb: Any, client: Any) -> None:
    table = boto3.resource("dynamodb", "us-east-1").Table("orders")
    ddb.faults.add(operation="BatchWriteItem", unprocessed=4, times=3, required=True)
    with table.batch_writer() as batch:
        for number in range(60):
            batch.put_item(Item={"id": str(number)})
    assert ddb.tables["orders"].item_count == 60
    assert len(ddb.calls("BatchWriteItem")) > 3
    with ddb.faults.add(operation="Query", error="ThrottlingException", times=1):
        assert table.query(KeyConditionExpression=Key("id").eq("7"))["Count"] == 1


def test_pynamodb(ddb: Any, client: Any) -> None:
    pynamodb = pytest.importorskip("pynamodb.models")
    attributes = pytest.importorskip("pynamodb.attributes")

    class Order(pynamodb.Model):  # type: ignore[misc,name-defined]
        class Meta:
            table_name = "orders"
            region = "us-east-1"

        id = attributes.UnicodeAttribute(hash_key=True)

    with ddb.faults.add(operation="PutItem", error="ThrottlingException", times=2) as fault:
        Order("1").save()
    assert fault.happened == 2
    with ddb.faults.add(operation="BatchWriteItem", unprocessed=2, times=2) as fault:
        with Order.batch_write() as batch:
            for number in range(10):
                batch.save(Order(str(number)))
        assert fault.happened == 2
    with ddb.faults.add(operation="BatchGetItem", unprocessed=3, times=1) as fault:
        found = list(Order.batch_get([str(number) for number in range(10)]))
    assert fault.happened == 1
    assert len(found) == 10
