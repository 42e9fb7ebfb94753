"""Which calls are affected, when, and with what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from ddbmock import mock_dynamodb
from ddbmock._internal.features import FAULTS
from ddbmock._internal.hook import active
from tests.faults.conftest import create_orders, item, new_client
from tests.refusals import unchanged

FAULT = "InternalServerError"


def put(client: Any, number: int = 1, **attributes: str) -> Any:
    return client.put_item(TableName="orders", Item=item(number, **attributes))


def get(client: Any, number: int = 1) -> Any:
    return client.get_item(TableName="orders", Key=item(number))


def query_index(client: Any, customer: str) -> Any:
    return client.query(
        TableName="orders",
        IndexName="by-customer",
        KeyConditionExpression="customer = :c",
        ExpressionAttributeValues={":c": {"S": customer}},
    )


def fails(call: Any, *arguments: Any) -> bool:
    try:
        call(*arguments)
    except ClientError:
        return True
    return False


# --- which calls ---------------------------------------------------------------------------------


def test_the_data_plane_and_nothing_else(ddb: Any, client: Any) -> None:
    ddb.faults.add(error=FAULT)
    assert fails(put, client)
    assert fails(get, client)
    assert fails(query_index, client, "ann")
    assert not fails(client.list_tables)
    assert not fails(lambda: client.describe_table(TableName="orders"))
    ddb.load({"orders": [{"id": "7"}]})
    with ddb.set_up() as set_up:
        set_up.load({"orders": [{"id": "8"}]})
    assert ddb.tables["orders"].item_count == 2


def test_by_operation(ddb: Any, client: Any) -> None:
    ddb.faults.add(error=FAULT, operation=["PutItem", "DescribeTable"])
    assert fails(put, client)
    assert not fails(get, client)
    assert fails(lambda: client.describe_table(TableName="orders"))


def test_by_table_in_every_spelling(ddb: Any, client: Any) -> None:
    create_orders(client, "others")
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    ddb.faults.add(error=FAULT, table=arn)
    assert fails(put, client)
    assert fails(lambda: client.put_item(TableName=arn, Item=item(1)))
    assert fails(lambda: client.execute_statement(Statement="SELECT * FROM orders"))
    assert not fails(lambda: client.put_item(TableName="others", Item=item(1)))
    assert fails(
        lambda: client.batch_get_item(
            RequestItems={"others": {"Keys": [item(1)]}, "orders": {"Keys": [item(1)]}}
        )
    )


def test_by_index(ddb: Any, client: Any) -> None:
    ddb.faults.add(error=FAULT, index="by-customer")
    assert fails(query_index, client, "ann")
    assert fails(lambda: client.execute_statement(Statement='SELECT * FROM "orders"."by-customer"'))
    assert not fails(lambda: client.scan(TableName="orders"))


@pytest.mark.parametrize("key", [{"id": "1"}, {"id": {"S": "1"}}])
def test_by_key(ddb: Any, client: Any, key: dict[str, Any]) -> None:
    ddb.faults.add(error=FAULT, key=key)
    assert [fails(put, client, number) for number in (1, 2)] == [True, False]
    assert [fails(get, client, number) for number in (1, 2)] == [True, False]
    assert fails(lambda: client.execute_statement(Statement="DELETE FROM orders WHERE id = '1'"))
    assert not fails(lambda: client.scan(TableName="orders"))


def test_by_the_key_of_an_index(ddb: Any, client: Any) -> None:
    ddb.faults.add(error=FAULT, index="by-customer", key={"customer": "ann"})
    assert [fails(query_index, client, name) for name in ("ann", "bob")] == [True, False]


def test_by_region(ddb: Any, client: Any) -> None:
    elsewhere = boto3.client("dynamodb", "eu-west-1")
    create_orders(elsewhere)
    ddb.faults.add(error=FAULT, region="us-east-1")
    assert fails(put, client)
    assert not fails(put, elsewhere)


# --- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({}, "xxxxxx"),
        ({"times": 2}, "xx...."),
        ({"after": 3}, "...xxx"),
        ({"after": 1, "times": 2}, ".xx..."),
        ({"nth": 2}, ".x...."),
        ({"nth": [1, 4]}, "x..x.."),
        ({"after": 1, "nth": 2}, "..x..."),
        ({"probability": 0}, "......"),
    ],
)
def test_schedules(ddb: Any, client: Any, schedule: dict[str, Any], expected: str) -> None:
    fault = ddb.faults.add(error=FAULT, operation="GetItem", **schedule)
    assert "".join("x" if fails(get, client) else "." for _ in range(6)) == expected
    assert (fault.matched, fault.happened) == (6, expected.count("x"))


def chances(seed: int) -> list[bool]:
    with mock_dynamodb(seed=seed) as ddb:
        client = new_client(total_max_attempts=1)
        create_orders(client)
        ddb.faults.add(error=FAULT, probability=0.5)
        return [fails(get, client) for _ in range(40)]


def test_the_seed_chooses_the_chances() -> None:
    assert chances(1) == chances(1)
    assert chances(1) != chances(2)
    assert 5 < sum(chances(1)) < 35


def test_before_changes_nothing_and_after_does(ddb: Any, client: Any) -> None:
    with ddb.faults.add(error=FAULT), unchanged():
        assert fails(put, client)
    with ddb.faults.add(error=FAULT, when="after"):
        assert fails(put, client)
    assert ddb.tables["orders"].items == [item(1)]


def test_a_call_that_is_refused_has_no_answer_to_lose(ddb: Any, client: Any) -> None:
    fault = ddb.faults.add(error="ReadTimeoutError", when="after")
    assert fails(lambda: client.put_item(TableName="orders", Item={"other": {"S": "1"}}))
    assert fault.matched == 0


def test_latency_passes_on_the_clock(ddb: Any, client: Any) -> None:
    ddb.clock.freeze(0)
    with ddb.faults.add(operation="GetItem", latency=timedelta(seconds=2)):
        get(client)
    assert ddb.clock.seconds() == 2
    with ddb.faults.add(operation="GetItem", latency=(1, 3), error=FAULT):
        assert fails(get, client)
    assert 3 <= ddb.clock.seconds() <= 5


# --- unprocessed parts of batches ----------------------------------------------------------------


def put_requests(*numbers: int) -> dict[str, Any]:
    return {"orders": [{"PutRequest": {"Item": item(number)}} for number in numbers]}


def test_the_last_writes_of_a_batch_are_left(ddb: Any, client: Any) -> None:
    ddb.faults.add(unprocessed=2, times=2)
    response = client.batch_write_item(
        RequestItems=put_requests(1, 2, 3), ReturnConsumedCapacity="TOTAL"
    )
    assert response["UnprocessedItems"] == put_requests(2, 3)
    assert response["ConsumedCapacity"][0]["CapacityUnits"] == 1
    assert ddb.tables["orders"].items == [item(1)]
    with unchanged(), pytest.raises(client.exceptions.ThrottlingException) as caught:
        client.batch_write_item(RequestItems=put_requests(2, 3))
    assert caught.value.response["throttlingReasons"][0]["reason"] == (
        "TableWriteKeyRangeThroughputExceeded"
    )
    assert ddb.calls[-1].error.is_injected
    assert client.batch_write_item(RequestItems=put_requests(2, 3))["UnprocessedItems"] == {}


def test_the_last_keys_of_a_batch_are_left(ddb: Any, client: Any) -> None:
    client.batch_write_item(RequestItems=put_requests(1, 2, 3))
    ddb.faults.add(unprocessed=1, times=1)
    requested = {"Keys": [item(1), item(2), item(3)], "ConsistentRead": True}
    response = client.batch_get_item(RequestItems={"orders": requested})
    assert response["UnprocessedKeys"] == {"orders": {**requested, "Keys": [item(3)]}}
    assert response["Responses"] == {"orders": [item(1), item(2)]}


def test_one_key_of_a_batch_is_left(ddb: Any, client: Any) -> None:
    ddb.faults.add(unprocessed=5, key={"id": "2"})
    response = client.batch_write_item(RequestItems=put_requests(1, 2, 3))
    assert response["UnprocessedItems"] == put_requests(2)


def test_a_provisioned_table_has_its_own_error(ddb: Any, client: Any) -> None:
    create_orders(client, "others", **PROVISIONED)
    ddb.faults.add(unprocessed=9, table="others")
    with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
        client.batch_get_item(RequestItems={"others": {"Keys": [item(1)]}})


UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
PROVISIONED: dict[str, Any] = {
    "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": UNITS,
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-customer",
            "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": UNITS,
        }
    ],
}


def test_a_statement_of_a_batch_fails_alone(ddb: Any, client: Any) -> None:
    ddb.faults.add(unprocessed=1)
    response = client.batch_execute_statement(
        Statements=[
            {"Statement": f"INSERT INTO orders VALUE {{'id': '{number}'}}"} for number in (1, 2)
        ]
    )
    assert response["Responses"][0] == {"TableName": "orders"}
    assert response["Responses"][1]["Error"]["Code"] == "ThrottlingError"
    assert ddb.tables["orders"].items == [item(1)]


# --- adding and removing -------------------------------------------------------------------------


def test_removing_and_pausing(ddb: Any, client: Any) -> None:
    fault = ddb.faults.add(error=FAULT)
    with ddb.faults.paused():
        put(client)
    assert fault.matched == 0
    fault.remove()
    fault.remove()
    put(client)
    with ddb.faults.add(error=FAULT) as fault:
        assert list(ddb.faults) == [fault]
        assert fails(put, client)
    ddb.faults.add(error=FAULT, latency=1)
    ddb.faults.clear()
    put(client)
    assert len(ddb.faults) == 0


def test_no_stage_is_left_behind(ddb: Any, client: Any) -> None:
    assert active.current is not None
    pipeline = active.current.service.pipeline
    before = pipeline.stages
    with ddb.faults.add(error=FAULT), ddb.faults.add(latency=1, when="after"):
        assert len(pipeline.stages) == len(before) + 2
    assert pipeline.stages == before


def test_an_inner_mock_removes_its_own_faults(ddb: Any, client: Any) -> None:
    outer = ddb.faults.add(error=FAULT, operation="GetItem")
    with mock_dynamodb() as inner:
        inner.faults.add(error=FAULT, operation="PutItem")
        assert fails(put, client)
    assert list(ddb.faults) == [outer]
    put(client)


def test_a_required_fault_that_never_happens(ddb: Any) -> None:
    with (
        pytest.raises(AssertionError, match="a fault was required, and never happened: PutItem"),
        ddb.faults.add(error=FAULT, operation="PutItem", required=True),
    ):
        pass
    with pytest.raises(AssertionError) as caught, mock_dynamodb(isolate=True) as inner:
        inner.faults.add(error="ThrottlingException", table="orders", times=3, required=True)
    assert str(caught.value) == (
        "faults were required, and never happened:\n"
        "  orders: ThrottlingException (happened 0 of 3, in 0 attempts)"
    )


@mock_dynamodb(isolate=True)
def fail_for_another_reason() -> None:
    assert active.current is not None
    active.current.service.use(FAULTS).add(error=FAULT, required=True)
    raise ZeroDivisionError


def test_a_required_fault_hides_no_other_failure() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_for_another_reason()


def test_verify(ddb: Any, client: Any) -> None:
    ddb.faults.add(error=FAULT, operation="PutItem", required=True)
    assert fails(put, client)
    ddb.faults.verify()
    ddb.faults.add(error=FAULT, operation="Query", required=True)
    with pytest.raises(AssertionError, match="Query: InternalServerError"):
        ddb.faults.verify()


def test_as_text(ddb: Any, client: Any) -> None:
    assert str(ddb.faults) == "no faults"
    ddb.faults.add(
        error="ReadTimeoutError",
        operation=["PutItem", "UpdateItem"],
        table="orders",
        key={"id": "1"},
        region="us-east-1",
        when="after",
        after=1,
        nth=2,
        probability=0.5,
    )
    ddb.faults.add(unprocessed=2, latency=(1, 2), operation="BatchGetItem", index="i")
    ddb.faults.add(latency=1)
    assert str(ddb.faults) == (
        "PutItem/UpdateItem orders key id=1 in us-east-1: ReadTimeoutError after it is done"
        " (after 1; attempt 2; with probability 0.5; happened 0, in 0 attempts)\n"
        "BatchGetItem index i: 2 unprocessed, 1 to 2 s (happened 0, in 0 attempts)\n"
        "every call of the data plane: 1 s (happened 0, in 0 attempts)"
    )
    assert repr(ddb.faults) == "<faults: 3>"
    assert repr(next(iter(ddb.faults))).startswith("<fault: PutItem/UpdateItem")


def test_a_recorded_call_says_that_a_fault_affected_it(ddb: Any, client: Any) -> None:
    with ddb.faults.add(error=FAULT):
        assert fails(put, client)
    assert ddb.calls[-1].error.is_injected
    assert "fault: InternalServerError: Internal server error" in str(ddb.calls[-1])
    with ddb.faults.add(error="ReadTimeoutError", when="after"), pytest.raises(ReadTimeoutError):
        put(client)
    assert ddb.calls[-1].error_code == "ReadTimeoutError"
    assert ddb.calls[-1].write_units == 1
    assert "fault: ReadTimeoutError: no response arrives" in str(ddb.calls[-1])


def test_triggers_get_the_changes_of_a_lost_answer(ddb: Any, client: Any) -> None:
    client.update_table(
        TableName="orders",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    events: list[Any] = []
    ddb.on_change("orders", events.append, deliver="immediately")
    with ddb.faults.add(error="ReadTimeoutError", when="after"), pytest.raises(ReadTimeoutError):
        put(client)
    assert len(events) == 1
