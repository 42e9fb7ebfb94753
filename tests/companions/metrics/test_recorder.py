"""What calls add to the metrics of AWS/DynamoDB."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from tests.companions.conftest import MONDAY

pytestmark = pytest.mark.usefixtures("orders")
ORDERS_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
READ, WRITE = "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"


def put(client, number, **attributes):
    item = {"id": {"S": str(number)}, **{name: {"S": v} for name, v in attributes.items()}}
    return client.put_item(TableName="orders", Item=item)


def data(cloudwatch, ddb, name, statistic="Sum", minutes=10, **dimensions):
    """The values of a metric, oldest first."""
    response = cloudwatch.get_metric_data(
        MetricDataQueries=[
            {
                "Id": "m",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/DynamoDB",
                        "MetricName": name,
                        "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
                    },
                    "Period": 60,
                    "Stat": statistic,
                },
            }
        ],
        StartTime=ddb.clock.now() - timedelta(minutes=minutes),
        EndTime=ddb.clock.now() + timedelta(minutes=1),
        ScanBy="TimestampAscending",
    )
    return response["MetricDataResults"][0]["Values"]


class TestConsumption:
    def test_the_table_and_its_index_apart(self, ddb, client):
        put(client, 1)
        put(client, 2, status="new")
        total = ddb.metrics.total
        assert total(WRITE, TableName="orders") == 2
        assert total(WRITE, TableName="orders", Source="Customer") == 2
        assert total(WRITE, TableName="orders", GlobalSecondaryIndexName="by-status") == 1
        assert total(READ, TableName="orders") == 0

    def test_reads(self, ddb, client):
        client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        client.get_item(TableName="orders", Key={"id": {"S": "1"}}, ConsistentRead=True)
        assert ddb.metrics.total(READ, TableName="orders") == 1.5

    @pytest.mark.parametrize(
        ("operation", "request_of"),
        [
            (
                "TransactWriteItems",
                {"TransactItems": [{"Put": {"TableName": "orders", "Item": {"id": {"S": "1"}}}}]},
            ),
            (
                "TransactGetItems",
                {"TransactItems": [{"Get": {"TableName": "orders", "Key": {"id": {"S": "1"}}}}]},
            ),
            ("BatchGetItem", {"RequestItems": {"orders": {"Keys": [{"id": {"S": "1"}}]}}}),
            (
                "BatchWriteItem",
                {"RequestItems": {"orders": [{"DeleteRequest": {"Key": {"id": {"S": "1"}}}}]}},
            ),
            ("GetItem", {"TableName": ORDERS_ARN, "Key": {"id": {"S": "1"}}}),
            ("Scan", {"TableName": ORDERS_ARN}),
        ],
    )
    def test_tables_by_other_names(self, ddb, client, cloudwatch, operation, request_of):
        call = getattr(client, xform_name(operation))
        call(**request_of)
        call(**request_of)
        place = {"TableName": "orders", "Operation": operation}
        count = data(cloudwatch, ddb, "SuccessfulRequestLatency", "SampleCount", **place)
        assert count == [2]
        returned = data(cloudwatch, ddb, "ReturnedItemCount", "SampleCount", **place)
        assert returned == ([2] if operation == "Scan" else [])
        assert ddb.metrics.total(READ, TableName="orders") == {
            "TransactGetItems": 4,
            "BatchGetItem": 1,
            "GetItem": 1,
            "Scan": 1,
        }.get(operation, 0)

    def test_the_average_is_units_per_request(self, ddb, client, cloudwatch):
        put(client, 1)
        put(client, 2, text="x" * 2000)
        assert data(cloudwatch, ddb, WRITE, "Average", TableName="orders") == [1.5]
        assert data(cloudwatch, ddb, WRITE, "SampleCount", TableName="orders") == [2]

    def test_zeros_of_idle_minutes(self, ddb, client, cloudwatch):
        put(client, 1)
        ddb.clock.advance(minutes=3)
        assert data(cloudwatch, ddb, WRITE, TableName="orders") == [1, 0, 0]
        assert data(cloudwatch, ddb, READ, TableName="orders") == [0, 0, 0]
        assert data(cloudwatch, ddb, READ, "SampleCount", TableName="orders") == [1, 1, 1]

    def test_a_failed_condition_is_charged(self, ddb, client):
        put(client, 1, text="x" * 1500)
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            client.put_item(
                TableName="orders",
                Item={"id": {"S": "1"}},
                ConditionExpression="attribute_not_exists(id)",
            )
        assert ddb.metrics.total(WRITE, TableName="orders") == 4
        assert ddb.metrics.total("ConditionalCheckFailedRequests", TableName="orders") == 1
        assert ddb.metrics.total("UserErrors") == 0

    def test_a_transaction_cancelled_by_conditions_is_charged(self, ddb, client):
        put(client, 1, text="x" * 1500)
        check = {
            "TableName": "orders",
            "Item": {"id": {"S": "1"}},
            "ConditionExpression": "attribute_not_exists(id)",
        }
        with pytest.raises(ClientError, match="TransactionCanceled"):
            client.transact_write_items(
                TransactItems=[
                    {"Put": check},
                    {"Put": {"TableName": "orders", "Item": {"id": {"S": "2"}}}},
                ]
            )
        assert ddb.metrics.total(WRITE, TableName="orders") == 2 + 4 + 2
        assert ddb.metrics.total("ConditionalCheckFailedRequests", TableName="orders") == 1
        assert ddb.metrics.total("UserErrors") == 1


class TestErrors:
    def test_user_errors_are_of_the_account(self, ddb, client):
        for _ in range(2):
            with pytest.raises(ClientError, match="ResourceNotFound"):
                client.get_item(TableName="other", Key={"id": {"S": "1"}})
        assert ddb.metrics.total("UserErrors") == 2
        assert ddb.metrics.total("UserErrors", TableName="other") == 0

    def test_no_event_no_data(self, ddb, client, cloudwatch):
        put(client, 1)
        ddb.clock.advance(minutes=2)
        assert data(cloudwatch, ddb, "UserErrors") == []


class TestOperations:
    def test_latency_counts_successes(self, ddb, client, cloudwatch):
        put(client, 1)
        put(client, 2)
        dimensions = {"TableName": "orders", "Operation": "PutItem"}
        count = data(cloudwatch, ddb, "SuccessfulRequestLatency", "SampleCount", **dimensions)
        assert count == [2]

    def test_returned_items(self, ddb, client):
        put(client, 1)
        put(client, 2)
        client.scan(TableName="orders")
        assert ddb.metrics.total("ReturnedItemCount", TableName="orders", Operation="Scan") == 2

    def test_statements_have_a_further_dimension(self, ddb, client):
        client.execute_statement(Statement="SELECT * FROM orders WHERE id = '1'")
        client.execute_statement(Statement="INSERT INTO orders VALUE {'id': '1'}")
        total, place = ddb.metrics.total, {"TableName": "orders", "Operation": "ExecuteStatement"}
        assert total("ReturnedItemCount", **place, Verb="PartiQLSelect") == 0
        listed = {series.dimensions for series in _ids(ddb, "SuccessfulRequestLatency")}
        assert {dict(dimensions)["Verb"] for dimensions in listed} == {
            "PartiQLSelect",
            "PartiQLInsert",
        }

    def test_expired_items(self, ddb, client):
        client.update_time_to_live(
            TableName="orders",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
        )
        at = str(int(ddb.clock.seconds()))
        client.put_item(TableName="orders", Item={"id": {"S": "1"}, "expires": {"N": at}})
        ddb.clock.advance(minutes=1)
        ddb.expire()
        assert ddb.metrics.total("TimeToLiveDeletedItemCount", TableName="orders") == 1


def _ids(ddb, name):
    metrics = ddb._service.companions["cloudwatch"]
    region = ddb._backend.region("us-east-1")
    return [series for series in metrics.of(region).ids() if series.name == name]


class TestGauges:
    def test_provisioned_units_every_five_minutes(self, ddb, client, cloudwatch):
        ddb.clock.advance(minutes=6)
        client.update_table(
            TableName="orders",
            ProvisionedThroughput={"ReadCapacityUnits": 20, "WriteCapacityUnits": 5},
        )
        ddb.clock.advance(minutes=6)
        name = "ProvisionedReadCapacityUnits"
        assert data(cloudwatch, ddb, name, "Average", 20, TableName="orders") == [10, 10, 20]

    def test_none_on_demand(self, ddb, client, cloudwatch):
        client.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST")
        ddb.clock.advance(minutes=11)
        name = "ProvisionedReadCapacityUnits"
        assert data(cloudwatch, ddb, name, "Average", 20, TableName="orders") == []

    def test_none_of_a_deleted_table(self, ddb, client, cloudwatch):
        ddb.clock.advance(minutes=1)
        client.delete_table(TableName="orders")
        ddb.clock.advance(minutes=11)
        name = "ProvisionedReadCapacityUnits"
        assert data(cloudwatch, ddb, name, "Average", 20, TableName="orders") == [10]

    def test_quotas_of_the_account(self, ddb, cloudwatch):
        ddb.clock.advance(minutes=6)
        assert data(cloudwatch, ddb, "AccountMaxReads", "Maximum", 8) == [80_000, 80_000]


def use_up(ddb, client):
    """Write until the burst of the table is used up; a partition takes 1,000 units a second."""
    with suppress(ClientError):
        for number in range(100_000):
            put(client, number)
            if number % 900 == 0:
                ddb.clock.advance(seconds=1)


class TestThrottles:
    """With `throughput=True`, or faults."""

    @pytest.fixture
    def ddb(self):
        with mock_dynamodb(metrics=True, throughput=True) as ddb:
            ddb.clock.freeze(MONDAY)
            yield ddb

    @pytest.fixture
    def client(self, ddb):
        config = Config(retries={"total_max_attempts": 1})
        return boto3.client("dynamodb", region_name="us-east-1", config=config)

    def test_refused_calls(self, ddb, client):
        use_up(ddb, client)
        before = ddb.metrics.total("WriteThrottleEvents", TableName="orders")
        for _ in range(3):
            with pytest.raises(ClientError, match="provisioned throughput for the table was"):
                put(client, 1)
        total = ddb.metrics.total
        refused = total("WriteThrottleEvents", TableName="orders") - before
        assert refused == 3
        by_cause = total("WriteProvisionedThroughputThrottleEvents", TableName="orders")
        assert by_cause == before + 3
        place = {"TableName": "orders", "Operation": "PutItem"}
        assert total("ThrottledRequests", **place) == before + 3
        assert total("UserErrors") == 0
        assert total(WRITE, TableName="orders") == len(ddb.tables["orders"].items)

    def test_a_batch_that_is_done_in_part(self, ddb, client):
        use_up(ddb, client)
        ddb.clock.advance(seconds=1)
        before = ddb.metrics.total("WriteThrottleEvents", TableName="orders")
        writes = [{"PutRequest": {"Item": {"id": {"S": str(at)}}}} for at in range(25)]
        response = client.batch_write_item(RequestItems={"orders": writes})
        unprocessed = len(response["UnprocessedItems"]["orders"])
        assert 0 < unprocessed < 25
        after = ddb.metrics.total("WriteThrottleEvents", TableName="orders")
        assert after - before == unprocessed
        place = {"TableName": "orders", "Operation": "BatchWriteItem"}
        assert ddb.metrics.total("ThrottledRequests", **place) == 0

    @pytest.mark.parametrize(
        ("error", "metric"),
        [
            ("ProvisionedThroughputExceededException", "ThrottledRequests"),
            ("InternalServerError", "SystemErrors"),
        ],
    )
    def test_faults(self, ddb, client, error, metric):
        with ddb.faults.add(error=error), pytest.raises(ClientError):
            client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        assert ddb.metrics.total(metric, TableName="orders", Operation="GetItem") == 1

    def test_latencies_of_faults(self, ddb, client, cloudwatch):
        with ddb.faults.add(latency=0.25):
            client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        place = {"TableName": "orders", "Operation": "GetItem"}
        assert data(cloudwatch, ddb, "SuccessfulRequestLatency", "Maximum", **place) == [250]


def test_replication_latency(ddb, client):
    client.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST")
    replica = {"Create": {"RegionName": "eu-west-1"}}
    client.update_table(TableName="orders", ReplicaUpdates=[replica])
    put(client, 1)
    place = {"TableName": "orders", "ReceivingRegion": "eu-west-1"}
    ids = [series.dimensions for series in _ids(ddb, "ReplicationLatency")]
    assert ids == [tuple(sorted(place.items()))]


def test_other_regions_are_apart(ddb, client):
    put(client, 1)
    assert ddb.metrics.total(WRITE, TableName="orders") == 1
    with mock_dynamodb(region="eu-west-1") as inner:
        assert inner.metrics.total(WRITE, TableName="orders") == 0


@pytest.mark.usefixtures("ddb")
def test_nothing_is_recorded_without_metrics():
    with mock_dynamodb(isolate=True) as inner, pytest.raises(RuntimeError, match="metrics=True"):
        inner.metrics.total(WRITE, TableName="orders")


class TestLateCounting:
    """Calls become samples when these are read, with the same result as at once."""

    def test_the_minute_of_the_call(self, ddb, client, cloudwatch):
        put(client, 1)
        ddb.clock.advance(minutes=1)
        put(client, 1)
        put(client, 2)
        ddb.clock.advance(minutes=1)
        found = data(cloudwatch, ddb, WRITE, minutes=2, TableName="orders")
        assert found[:2] == [1.0, 2.0]

    def test_more_calls_than_are_deferred(self, ddb, client):
        for _ in range(1003):
            client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        assert ddb.metrics.total(READ, TableName="orders") == 501.5

    @pytest.mark.parametrize("is_asked", [True, False])
    def test_a_savepoint(self, ddb, client, is_asked):
        put(client, 1)
        mark = ddb.snapshot()
        put(client, 2)
        put(client, 3)
        if is_asked:
            assert ddb.metrics.total(WRITE, TableName="orders") == 3
        ddb.restore(mark)
        assert ddb.metrics.total(WRITE, TableName="orders") == 1
        del mark
        put(client, 4)
        again = ddb.snapshot()
        assert ddb.metrics.total(WRITE, TableName="orders") == 2
        put(client, 5)
        ddb.restore(again)
        assert ddb.metrics.total(WRITE, TableName="orders") == 2
