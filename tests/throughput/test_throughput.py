"""Tables and indexes that throttle, as a client meets them."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.access.throttling import Cause
from tests.refusals import refusal, unchanged
from tests.throughput.conftest import create, item, units

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
INDEX_ARN = f"{TABLE_ARN}/index/by-customer"
PTE = "ProvisionedThroughputExceededException"
PROVISIONED = (
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing"
    " your provisioning level with the UpdateTable API."
)
INDEX_PROVISIONED = (
    "The level of configured provisioned throughput for one or more global secondary indexes of the"
    " table was exceeded. Consider increasing your provisioning level for the under-provisioned"
    " global secondary indexes with the UpdateTable API"
)
INDEX_ON_DEMAND = (
    "Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is"
    " automatically scaling your index so please try again shortly."
)
Error = dict[str, Any]


def put(client: Any, number: object = 1, kilobytes: float = 0, **attributes: str) -> Any:
    return client.put_item(TableName="orders", Item=item(number, kilobytes, **attributes))


def get(client: Any, number: object = 1, **parameters: Any) -> Any:
    return client.get_item(TableName="orders", Key=item(number), **parameters)


def error_of(call: Any, *arguments: Any, **parameters: Any) -> Error:
    """The error that a call ends with, which changed nothing and consumed nothing."""
    with unchanged(), pytest.raises(ClientError) as caught:
        call(*arguments, **parameters)
    response: Error = caught.value.response
    return response


def admitted(call: Any, attempts: int) -> int:
    """How many of some attempts in a row are admitted."""
    return sum(is_admitted(call, number) for number in range(attempts))


def is_admitted(call: Any, number: int) -> bool:
    try:
        call(number)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {PTE, "ThrottlingException"}:
            raise
        return False
    return True


# --- provisioned tables --------------------------------------------------------------------------


def test_writes_are_admitted_until_the_units_are_used_up(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 5), index=units(50, 50))
    assert admitted(lambda n: put(client, n), 8) == 5
    error = error_of(put, client, 9)
    assert error["Error"] == {"Code": PTE, "Message": PROVISIONED}
    assert error["ThrottlingReasons"] == [
        {"reason": "TableWriteProvisionedThroughputExceeded", "resource": TABLE_ARN}
    ]
    assert ddb.calls[-1].consumed_units == 0
    ddb.clock.advance(0.4)
    assert admitted(lambda n: put(client, n), 8) == 2


def test_reads_and_writes_are_apart(ddb: Any, client: Any) -> None:
    create(client, table=units(2, 1), index=units(50, 50))
    put(client)
    error_of(put, client)
    assert admitted(lambda _: get(client), 9) == 4
    assert error_of(get, client)["ThrottlingReasons"] == [
        {"reason": "TableReadProvisionedThroughputExceeded", "resource": TABLE_ARN}
    ]
    ddb.clock.advance(1)
    assert admitted(lambda _: get(client, ConsistentRead=True), 9) == 2


def test_a_large_item_passes_and_leaves_a_debt(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 10), index=units(50, 50))
    put(client, 1, 100)
    assert ddb.throughput.left("orders") == (1, -90)
    ddb.clock.advance(8.9)
    error_of(put, client, 2)
    ddb.clock.advance(0.2)
    put(client, 2)


def test_unused_units_are_kept_for_five_minutes() -> None:
    with mock_dynamodb(throughput=True) as ddb:
        ddb.clock.freeze(0)
        client = boto3.client("dynamodb", "us-east-1")
        create(client, table=units(1, 2), index=units(50, 50))
        assert ddb.throughput.left("orders") == (300, 600)
        ddb.throughput.drain("orders")
        ddb.clock.advance(10)
        assert ddb.throughput.left("orders") == (10, 20)
        ddb.clock.advance(1000)
        assert ddb.throughput.left("orders") == (300, 600)


def test_the_units_of_a_change_count_from_then_on(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 10), index=units(50, 50))
    ddb.throughput.drain("orders")
    ddb.clock.advance(0.5)
    client.update_table(TableName="orders", ProvisionedThroughput=units(1, 100))
    ddb.clock.advance(0.5)
    assert ddb.throughput.left("orders") == (1, 55)
    client.update_table(TableName="orders", ProvisionedThroughput=units(1, 20))
    assert ddb.throughput.left("orders") == (1, 20)


def test_a_condition_that_fails_costs_units_too(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 5), index=units(50, 50))
    put(client, 1, 3)
    condition = {
        "TableName": "orders",
        "Item": item(1),
        "ConditionExpression": "attribute_not_exists(id)",
    }
    assert refusal(client.put_item, **condition).startswith("ConditionalCheckFailedException")
    assert ddb.throughput.left("orders")[1] == -1
    assert refusal(client.put_item, **condition).startswith(PTE)


def test_every_read_draws_on_its_table_or_index(ddb: Any, client: Any) -> None:
    create(client, table=units(10, 50), index=units(20, 50), local=True)
    key = {"id": {"S": "1"}, "line": {"S": "1"}}
    client.put_item(TableName="orders", Item={**key, "customer": {"S": "ann"}})
    query = {"TableName": "orders", "KeyConditionExpression": "id = :i"}
    values = {":i": {"S": "1"}}
    client.query(**query, ExpressionAttributeValues=values, ConsistentRead=True)
    client.query(**query, ExpressionAttributeValues=values, IndexName="local")
    client.scan(TableName="orders")
    client.execute_statement(Statement="SELECT * FROM orders WHERE id = '1'", ConsistentRead=True)
    assert ddb.throughput.left("orders")[0] == 10 - 1 - 0.5 - 0.5 - 1
    client.scan(TableName="orders", IndexName="by-customer")
    assert ddb.throughput.left("orders", "by-customer") == (19.5, 49)
    ddb.throughput.drain("orders", "by-customer")
    error = error_of(client.scan, TableName="orders", IndexName="by-customer")
    assert error["ThrottlingReasons"] == [
        {"reason": "IndexReadProvisionedThroughputExceeded", "resource": INDEX_ARN}
    ]
    client.scan(TableName="orders")


def test_a_page_that_is_throttled_is_read_later(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 50), index=units(50, 50))
    for number in range(4):
        put(client, number)
    first = client.scan(TableName="orders", Limit=2, ConsistentRead=True)
    start = {"TableName": "orders", "ExclusiveStartKey": first["LastEvaluatedKey"]}
    assert error_of(client.scan, **start)["Error"]["Code"] == PTE
    ddb.clock.advance(1)
    assert client.scan(**start)["Count"] == 2


# --- indexes hold their table back ---------------------------------------------------------------


def test_an_index_holds_every_write_back(ddb: Any, client: Any) -> None:
    create(client, table=units(50, 50), index=units(50, 2))
    put(client, 1, customer="ann")
    put(client, 2, customer="ann")
    for attributes in ({"customer": "bob"}, {}):  # also one that is not in the index
        error = error_of(put, client, 3, **attributes)
        assert error["Error"] == {"Code": PTE, "Message": INDEX_PROVISIONED}
        assert error["ThrottlingReasons"] == [
            {"reason": "IndexWriteProvisionedThroughputExceeded", "resource": INDEX_ARN}
        ]
    get(client)
    assert ddb.throughput.left("orders")[1] == 48  # a refused write takes nothing
    ddb.clock.advance(0.5)
    put(client, 3)


def test_what_an_index_writes_is_what_it_pays(ddb: Any, client: Any) -> None:
    create(client, table=units(50, 50), index=units(50, 50))
    put(client, 1)
    put(client, 2, 2.5, customer="ann")
    put(client, 2, 2.5, customer="bob")
    assert ddb.throughput.left("orders", "by-customer")[1] == 50 - 3 - 6


# --- batches, transactions, statements -----------------------------------------------------------


def test_a_batch_leaves_what_is_not_admitted(ddb: Any, client: Any) -> None:
    create(client, table=units(2, 3), index=units(50, 50))
    requests = [{"PutRequest": {"Item": item(number)}} for number in range(5)]
    response = client.batch_write_item(RequestItems={"orders": requests})
    assert response["UnprocessedItems"] == {"orders": requests[3:]}
    error = error_of(client.batch_write_item, RequestItems={"orders": requests[3:]})
    assert error["Error"] == {"Code": PTE, "Message": PROVISIONED}
    keys: Error = {"Keys": [item(number) for number in range(3)], "ConsistentRead": True}
    response = client.batch_get_item(RequestItems={"orders": keys})
    assert response["UnprocessedKeys"] == {"orders": {**keys, "Keys": keys["Keys"][2:]}}
    error = error_of(client.batch_get_item, RequestItems={"orders": keys})
    assert error["ThrottlingReasons"][0]["reason"] == "TableReadProvisionedThroughputExceeded"


def test_a_transaction_is_refused_as_a_whole(ddb: Any, client: Any) -> None:
    create(client, table=units(3, 3), index=units(50, 50))
    writes = [{"Put": {"TableName": "orders", "Item": item(number)}} for number in range(2)]
    reads = [{"Get": {"TableName": "orders", "Key": item(number)}} for number in range(2)]
    client.transact_write_items(TransactItems=writes)
    assert ddb.throughput.left("orders") == (3, -1)
    client.transact_get_items(TransactItems=reads)
    assert ddb.throughput.left("orders") == (-1, -1)
    for error in (
        error_of(client.transact_write_items, TransactItems=writes),
        error_of(
            client.execute_transaction,
            TransactStatements=[{"Statement": "INSERT INTO orders VALUE {'id': '7'}"}],
        ),
    ):
        assert error["Error"] == {"Code": PTE, "Message": PROVISIONED}
        assert "CancellationReasons" not in error
        assert error["ThrottlingReasons"][0]["reason"] == "TableWriteProvisionedThroughputExceeded"
    error = error_of(client.transact_get_items, TransactItems=reads)
    assert error["ThrottlingReasons"][0]["reason"] == "TableReadProvisionedThroughputExceeded"


def test_a_replayed_transaction_reads(ddb: Any, client: Any) -> None:
    create(client, table=units(3, 50), index=units(50, 50))
    request = {
        "TransactItems": [{"Put": {"TableName": "orders", "Item": item(1)}}],
        "ClientRequestToken": "token",
    }
    client.transact_write_items(**request)
    client.transact_write_items(**request)
    assert ddb.throughput.left("orders") == (1, 48)
    client.transact_write_items(**request)
    error = error_of(client.transact_write_items, **request)
    assert error["ThrottlingReasons"][0]["reason"] == "TableReadProvisionedThroughputExceeded"


def test_a_transaction_whose_condition_fails_costs_all_its_items(ddb: Any, client: Any) -> None:
    create(client, table=units(50, 50), index=units(50, 50))
    put(client, 1, 3)
    check = {
        "TableName": "orders",
        "Key": item(2),
        "ConditionExpression": "attribute_exists(id)",
    }
    put_again = {"Put": {"TableName": "orders", "Item": item(1)}}
    ddb.throughput.fill("orders")
    error = error_of(
        client.transact_write_items, TransactItems=[put_again, {"ConditionCheck": check}]
    )
    assert [reason["Code"] for reason in error["CancellationReasons"]] == [
        "None",
        "ConditionalCheckFailed",
    ]
    assert ddb.throughput.left("orders")[1] == 50 - 2 * 3 - 2 * 1
    assert ddb.calls[-1].write_units == 8


def test_statements_of_a_batch_fail_alone(ddb: Any, client: Any) -> None:
    create(client, table=units(50, 2), index=units(50, 50))
    response = client.batch_execute_statement(
        Statements=[
            {"Statement": f"INSERT INTO orders VALUE {{'id': '{number}'}}"} for number in range(3)
        ]
    )
    assert response["Responses"][2] == {
        "Error": {"Code": "ProvisionedThroughputExceeded", "Message": PROVISIONED}
    }
    error = error_of(client.execute_statement, Statement="INSERT INTO orders VALUE {'id': '7'}")
    assert error["Error"]["Code"] == PTE


# --- partitions ----------------------------------------------------------------------------------


def writes_in_a_second(client: Any, key_of: Any, count: int = 16) -> int:
    return admitted(lambda n: client.put_item(TableName="orders", Item=item(key_of(n))), count)


@pytest.mark.usefixtures("small_partitions")
def test_a_hot_key_gets_what_one_partition_serves(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 80), index=units(5, 80))
    assert writes_in_a_second(client, lambda _: "hot") == 10
    error = error_of(put, client, "hot")
    assert error["Error"] == {"Code": PTE, "Message": PROVISIONED}
    assert error["ThrottlingReasons"] == [
        {"reason": "TableWriteKeyRangeThroughputExceeded", "resource": TABLE_ARN}
    ]
    assert ddb.throughput.throttles[-1].is_of_partition
    ddb.clock.advance(1)
    assert writes_in_a_second(client, str) == 16  # the table has enough for other keys


@pytest.mark.usefixtures("small_partitions")
def test_two_hot_keys_come_apart_in_some_minutes(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 20), index=units(5, 20))
    assert ddb.throughput.partition_count("orders") == 3

    def in_a_second(*names: str) -> int:
        ddb.clock.advance(1)
        return writes_in_a_second(client, lambda n: names[n % 2], 12)

    # Two keys of one partition.
    other = next(name for name in map(str, range(1, 50)) if in_a_second("0", name) == 10)
    for _ in range(21):
        ddb.clock.advance(29)
        in_a_second("0", other)
    assert ddb.throughput.partition_count("orders") == 4
    assert in_a_second("0", other) == 12


@pytest.mark.usefixtures("small_partitions")
def test_a_hot_key_of_an_index(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 80), index=units(5, 80))
    assert admitted(lambda n: put(client, n, customer="ann"), 12) == 10
    error = error_of(put, client, "new", customer="ann")
    assert error["Error"] == {"Code": PTE, "Message": INDEX_PROVISIONED}
    assert error["ThrottlingReasons"] == [
        {"reason": "IndexWriteKeyRangeThroughputExceeded", "resource": INDEX_ARN}
    ]
    assert admitted(lambda n: put(client, f"new {n}", customer=str(n)), 9) >= 5


# --- on-demand -----------------------------------------------------------------------------------


def write_batches(client: Any, count: int, kilobytes: int) -> int:
    """Write batches of items of their own, and return how many items were admitted."""
    admitted_count = 0
    for number in range(count):
        requests = [{"PutRequest": {"Item": item(f"{number}-{n}", kilobytes)}} for n in range(25)]
        try:
            response = client.batch_write_item(RequestItems={"orders": requests})
        except client.exceptions.ThrottlingException:
            continue
        admitted_count += 25 - len(response["UnprocessedItems"].get("orders", ()))
    return admitted_count


def test_a_new_table_serves_4000_writes(ddb: Any, client: Any) -> None:
    create(client)
    assert ddb.throughput.left("orders") == (12_000, 4_000)
    assert ddb.throughput.partition_count("orders") == 4
    # The keys are spread over four partitions, not quite evenly.
    assert 370 <= write_batches(client, 20, 10) <= 404
    ddb.throughput.drain("orders")
    error = error_of(put, client, "x")
    assert error["Error"]["Code"] == "ThrottlingException"
    assert error["throttlingReasons"] == [
        {"reason": "TableWriteKeyRangeThroughputExceeded", "resource": TABLE_ARN}
    ]


def test_twice_the_previous_peak_half_an_hour_later(ddb: Any, client: Any) -> None:
    create(client)
    assert write_batches(client, 5, 20) == 125
    assert ddb.throughput.left("orders")[1] == 1500
    ddb.clock.advance(minutes=31)
    assert ddb.throughput.left("orders")[1] == 4000
    ddb.clock.advance(1)
    assert ddb.throughput.left("orders")[1] == 2 * 2500


def test_warm_throughput(ddb: Any, client: Any) -> None:
    create(client)
    assert ddb.throughput.left("orders") == (12_000, 4_000)
    client.update_table(
        TableName="orders",
        WarmThroughput={"ReadUnitsPerSecond": 20_000, "WriteUnitsPerSecond": 8_000},
    )
    assert ddb.throughput.left("orders") == (12_000, 4_000)  # it fills from now on
    ddb.clock.advance(1)
    assert ddb.throughput.left("orders") == (20_000, 8_000)
    assert ddb.throughput.partition_count("orders") == 8


def test_a_maximum_of_the_table(ddb: Any, client: Any) -> None:
    create(client, OnDemandThroughput={"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 2})
    assert admitted(lambda n: put(client, n), 5) == 2
    error = error_of(put, client, 9)
    assert error["Error"] == {
        "Code": "ThrottlingException",
        "Message": "Throughput exceeds the maximum OnDemandThroughput configured on table or index",
    }
    assert error["throttlingReasons"] == [
        {"reason": "TableWriteMaxOnDemandThroughputExceeded", "resource": TABLE_ARN}
    ]
    assert admitted(lambda _: get(client), 5) == 2
    client.update_table(
        TableName="orders",
        OnDemandThroughput={"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": -1},
    )
    assert admitted(lambda n: put(client, n), 5) == 5


@pytest.fixture
def small_account() -> Any:
    """A client of an account whose tables have quotas of 2 read and 3 write units."""
    quotas = {"table_read_units": 2, "table_write_units": 3}
    with mock_dynamodb(throughput=1, limits=quotas) as ddb:
        ddb.clock.freeze(1_000_000)
        config = Config(retries={"total_max_attempts": 1})
        yield boto3.client("dynamodb", "us-east-1", config=config)


ACCOUNT_LIMIT = {
    "Code": "RequestLimitExceeded",
    "Message": (
        "Throughput exceeds the current throughput limit for your account. To request a limit"
        " increase, contact AWS Support at https://aws.amazon.com/support"
    ),
}


def test_the_quota_of_an_account_for_a_table(small_account: Any) -> None:
    create(small_account)
    for number in range(3):
        put(small_account, number)
    error = error_of(put, small_account, 4)
    assert error["Error"] == ACCOUNT_LIMIT
    assert error["ThrottlingReasons"] == [
        {"reason": "TableWriteAccountLimitExceeded", "resource": TABLE_ARN}
    ]
    get(small_account, ConsistentRead=True)
    get(small_account, ConsistentRead=True)
    [reason] = error_of(get, small_account)["ThrottlingReasons"]
    assert reason == {"reason": "TableReadAccountLimitExceeded", "resource": TABLE_ARN}


def test_the_quota_of_an_account_for_an_index(small_account: Any) -> None:
    create(small_account)
    query = {
        "TableName": "orders",
        "IndexName": "by-customer",
        "KeyConditionExpression": "customer = :c",
        "ExpressionAttributeValues": {":c": {"S": "ann"}},
    }
    for _ in range(4):
        small_account.query(**query)
    [reason] = error_of(small_account.query, **query)["ThrottlingReasons"]
    assert reason == {"reason": "IndexReadAccountLimitExceeded", "resource": INDEX_ARN}


def test_provisioned_tables_have_their_own_units(small_account: Any) -> None:
    create(small_account, table=units(1, 2), index=units(1, 1))
    put(small_account, 1)
    put(small_account, 2)
    assert error_of(put, small_account, 3)["Error"]["Code"] == PTE


def test_a_maximum_of_an_index(ddb: Any, client: Any) -> None:
    create(client, of_index={"OnDemandThroughput": {"MaxWriteRequestUnits": 1}})
    put(client, 1, customer="ann")
    error = error_of(put, client, 2)  # a single write gets another error than the others
    assert error["Error"]["Code"] == PTE
    assert error["ThrottlingReasons"] == [
        {"reason": "IndexWriteMaxOnDemandThroughputExceeded", "resource": INDEX_ARN}
    ]
    write = {"Put": {"TableName": "orders", "Item": item(2)}}
    error = error_of(client.transact_write_items, TransactItems=[write])
    assert error["Error"] == {"Code": "ThrottlingException", "Message": INDEX_ON_DEMAND}
    assert error["throttlingReasons"] == [
        {"reason": "IndexWriteMaxOnDemandThroughputExceeded", "resource": INDEX_ARN}
    ]
    response = client.batch_execute_statement(
        Statements=[{"Statement": "INSERT INTO orders VALUE {'id': '3'}"}]
    )
    assert response["Responses"] == [
        {"Error": {"Code": "ThrottlingError", "Message": INDEX_ON_DEMAND}}
    ]


def test_another_billing_mode(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 1), index=units(1, 1))
    put(client)
    error_of(put, client)
    client.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST")
    assert ddb.throughput.left("orders") == (12_000, 4_000)


# --- what a test holds ---------------------------------------------------------------------------


def test_clients_retry_on_the_clock(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 1), index=units(50, 50))
    retrying = boto3.client("dynamodb", "us-east-1")
    before = ddb.clock.seconds()
    attempts = sum(
        1 + put(retrying, number)["ResponseMetadata"]["RetryAttempts"] for number in range(5)
    )
    assert ddb.clock.seconds() - before >= 3
    assert len(ddb.calls("PutItem")) == attempts > 5


def test_a_pace(ddb: Any, client: Any) -> None:
    create(client, table=units(50, 10), index=units(50, 1000))
    with ddb.throughput.pace(writes=50):
        before = ddb.clock.seconds()
        assert admitted(lambda n: put(client, n), 100) == 30
        get(client)
        assert ddb.clock.seconds() - before == pytest.approx(2)
        batch = [{"PutRequest": {"Item": item(number)}} for number in range(25)]
        client.batch_write_item(RequestItems={"orders": batch})
        assert ddb.clock.seconds() - before == pytest.approx(2.5)
    with ddb.throughput.pace(reads=10):
        before = ddb.clock.seconds()
        get(client)
        put(client)
        client.batch_get_item(RequestItems={"orders": {"Keys": [item(1), item(2)]}})
        assert ddb.clock.seconds() - before == pytest.approx(0.3)


def test_a_pace_leaves_the_clock_as_it_was() -> None:
    with mock_dynamodb(throughput=True) as ddb:
        with ddb.throughput.pace(writes=1):
            assert ddb.clock.is_frozen
        assert not ddb.clock.is_frozen
        for rates in ({}, {"writes": 0}, {"reads": -1}):
            with pytest.raises(MisuseError, match="pace"), ddb.throughput.pace(**rates):
                pass


def test_snapshots_cover_what_is_left(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 5), index=units(50, 50))
    with ddb.rollback():
        admitted(lambda n: put(client, n), 9)
        assert ddb.throughput.left("orders")[1] == 0
    assert ddb.throughput.left("orders")[1] == 5


def test_names_that_are_not_there(ddb: Any, client: Any) -> None:
    create(client, local=True)
    with pytest.raises(MisuseError, match="there is no table 'others'"):
        ddb.throughput.left("others")
    for index in ("other", "local"):
        with pytest.raises(MisuseError, match=f"has no global index '{index}'"):
            ddb.throughput.drain("orders", index)
    with pytest.raises(MisuseError, match="there is no table 'orders'"):
        ddb.throughput.fill("orders", region="eu-west-1")
    with mock_dynamodb(isolate=True) as other, pytest.raises(MisuseError, match="throughput=True"):
        _ = other.throughput


def test_set_up_by_the_test_is_not_throttled(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 1), index=units(1, 1))
    ddb.load({"orders": [{"id": str(number)} for number in range(50)]})
    assert ddb.tables["orders"].item_count == 50
    assert ddb.throughput.left("orders") == (1, 1)


def test_what_is_noted_of_a_throttle(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 1), index=units(50, 50))
    put(client, 1)
    error_of(put, client, 2)
    throttle = ddb.throughput.throttles[0]
    assert (throttle.operation, throttle.table, throttle.index) == ("PutItem", "orders", None)
    assert (throttle.is_write, throttle.cause, throttle.key) == (True, Cause.PROVISIONED, "id=2")
    assert throttle.at_seconds == 1_000_000
    ddb.throughput.clear()
    assert ddb.throughput.throttles == ()
    assert repr(ddb.throughput) == "<throughput: 0 throttled>"
