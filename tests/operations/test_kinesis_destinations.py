from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import definitions, described, keys, new_table
from tests.refusals import refusal as refused

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
SECONDS = int(NOW.timestamp())
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
OTHER = "arn:aws:kinesis:us-east-1:123456789012:stream/others"
NOT_VALID = "Table is not in a valid state to enable Kinesis Streaming Destination: "
FORBIDDEN = "User does not have a permission to use kinesis stream"
PRECISION = "ApproximateCreationDateTimePrecision"


@pytest.fixture(autouse=True)
def frozen(ddb: Any) -> None:
    ddb.clock.freeze(NOW)


@pytest.fixture
def orders(client: Any) -> str:
    new_table(client, KeySchema=keys("pk", "sk"), AttributeDefinitions=definitions(pk="S", sk="N"))
    return "orders"


def call(client: Any, name: str, arn: str = STREAM, **more: Any) -> dict[str, Any]:
    operation = getattr(client, f"{name}_kinesis_streaming_destination")
    response: dict[str, Any] = operation(TableName="orders", StreamArn=arn, **more)
    del response["ResponseMetadata"]
    return response


def enable(client: Any, arn: str = STREAM, precision: str | None = None) -> dict[str, Any]:
    more = {"EnableKinesisStreamingConfiguration": {PRECISION: precision}} if precision else {}
    return call(client, "enable", arn, **more)


def set_precision(client: Any, precision: str, arn: str = STREAM) -> dict[str, Any]:
    return call(client, "update", arn, UpdateKinesisStreamingConfiguration={PRECISION: precision})


def destinations(client: Any) -> list[dict[str, Any]]:
    response = client.describe_kinesis_streaming_destination(TableName="orders")
    assert response["TableName"] == "orders"
    found: list[dict[str, Any]] = response["KinesisDataStreamDestinations"]
    return found


def put(client: Any, **attributes: Any) -> None:
    item = {"pk": {"S": "p"}, "sk": {"N": "1"}, **attributes}
    client.put_item(TableName="orders", Item=item)


class TestDescribe:
    def test_a_table_that_never_had_any(self, client, orders):
        assert destinations(client) == []

    def test_no_table(self, refusal):
        assert refusal("describe_kinesis_streaming_destination", TableName="missing") == (
            "ResourceNotFoundException: Requested resource not found: Table: missing not found"
        )


class TestEnable:
    def test_the_answer(self, client, orders):
        assert enable(client) == {
            "TableName": "orders",
            "StreamArn": STREAM,
            "DestinationStatus": "ENABLING",
            "EnableKinesisStreamingConfiguration": {},
        }
        assert destinations(client) == [{"StreamArn": STREAM, "DestinationStatus": "ACTIVE"}]
        assert "StreamSpecification" not in described(client)

    def test_with_a_precision(self, client, orders):
        response = enable(client, precision="MICROSECOND")
        assert response["EnableKinesisStreamingConfiguration"] == {PRECISION: "MICROSECOND"}
        assert destinations(client) == [
            {"StreamArn": STREAM, "DestinationStatus": "ACTIVE", PRECISION: "MICROSECOND"}
        ]

    @pytest.mark.parametrize("arn", [STREAM, OTHER])
    def test_one_is_live_already(self, client, orders, arn):
        enable(client)
        assert refused(enable, client, arn) == (
            f"{NOT_VALID}EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to"
            " perform ENABLE operation."
        )

    @pytest.mark.parametrize(
        ("arn", "problem"),
        [
            ("arn:aws:dynamodb:us-east-1:123456789012:table/orders", FORBIDDEN),
            (f"{STREAM}/consumer/c:1", FORBIDDEN),
            (
                STREAM.replace("us-east-1", "eu-west-1"),
                (
                    "The kinesis Arn used to enable kinesis replication belongs to a stream which"
                    " is not in the current region"
                ),
            ),
            (
                STREAM.replace("123456789012", "222233334444"),
                (
                    "The kinesis Arn used to enable kinesis replication belongs to a stream which"
                    " is not in Active state"
                ),
            ),
            (
                "arn:aws:firehose:us-east-1:123456789012:deliverystream/d",
                (
                    "The kinesis Arn used to enable kinesis replication belongs to a stream which"
                    " is not in Active state"
                ),
            ),
        ],
    )
    def test_what_cannot_be_a_destination_fails_later(self, client, orders, arn, problem):
        assert enable(client, arn)["DestinationStatus"] == "ENABLING"
        assert destinations(client) == [
            {
                "StreamArn": arn,
                "DestinationStatus": "ENABLE_FAILED",
                "DestinationStatusDescription": problem,
            }
        ]

    def test_failed_ones_pile_up(self, client, orders):
        broken = [f"{STREAM}{number}/x" for number in range(3)]
        for arn in broken:
            enable(client, arn)
        enable(client)
        enabled = [found["StreamArn"] for found in destinations(client)]
        assert enabled == [*broken, STREAM]

    def test_rollback(self, client, ddb, orders):
        with ddb.rollback():
            enable(client)
        assert destinations(client) == []


class TestDisable:
    def test_the_answer(self, client, orders):
        enable(client, precision="MICROSECOND")
        response = call(client, "disable")
        assert response["DestinationStatus"] == "DISABLING"
        assert response["StreamArn"] == STREAM
        assert destinations(client)[0]["DestinationStatus"] == "DISABLED"
        enable(client, OTHER)
        statuses = [found["DestinationStatus"] for found in destinations(client)]
        assert statuses == ["DISABLED", "ACTIVE"]

    def test_enabled_again_it_has_no_precision(self, client, orders):
        enable(client, precision="MICROSECOND")
        call(client, "disable")
        enable(client)
        assert destinations(client) == [{"StreamArn": STREAM, "DestinationStatus": "ACTIVE"}]

    @pytest.mark.parametrize("arn", [STREAM, OTHER, "nothing of an ARN, but as long as one is"])
    def test_what_is_not_active(self, client, orders, arn):
        enable(client)
        call(client, "disable")
        assert refused(call, client, "disable", arn) == (
            f"{NOT_VALID}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."
        )

    def test_with_a_configuration(self, client, orders):
        enable(client)
        configuration = {PRECISION: "MILLISECOND"}
        assert refused(
            call, client, "disable", EnableKinesisStreamingConfiguration=configuration
        ) == ("Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters")


class TestUpdate:
    def test_the_answer(self, client, orders):
        enable(client)
        response = set_precision(client, "MICROSECOND")
        assert response == {
            "TableName": "orders",
            "StreamArn": STREAM,
            "DestinationStatus": "UPDATING",
            "UpdateKinesisStreamingConfiguration": {PRECISION: "MICROSECOND"},
        }
        assert destinations(client)[0][PRECISION] == "MICROSECOND"

    def test_the_same(self, client, orders):
        enable(client, precision="MICROSECOND")
        table_id = described(client)["TableId"]
        assert refused(set_precision, client, "MICROSECOND") == (
            "Invalid Request: Precision is already set to the desired value of MICROSECOND for"
            f" tableId: {table_id}, kdsArn: {STREAM}"
        )

    @pytest.mark.parametrize("configuration", [None, {}])
    def test_without_configuration(self, client, orders, configuration):
        enable(client)
        given = (
            {} if configuration is None else {"UpdateKinesisStreamingConfiguration": configuration}
        )
        assert refused(call, client, "update", **given) == (
            "Streaming destination cannot be updated with given parameters:"
            " UpdateKinesisStreamingConfiguration cannot be null or contain only null values"
        )

    def test_not_active(self, client, orders):
        enable(client)
        call(client, "disable")
        assert refused(set_precision, client, "MICROSECOND") == (
            f"{NOT_VALID}Kinesis streaming is not in ACTIVE state. Updates are only allowed in"
            f" ACTIVE state. TableName: orders, kdsArn: {STREAM}"
        )

    def test_unknown(self, client, orders):
        assert refused(set_precision, client, "MICROSECOND") == (
            f"{NOT_VALID}No streaming destination with streamArn: {STREAM} found for table with"
            " tableName: orders"
        )


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("enable", {}),
        ("disable", {}),
        ("update", {"UpdateKinesisStreamingConfiguration": {PRECISION: "MICROSECOND"}}),
    ],
)
def test_no_table(refusal, name, more):
    operation = f"{name}_kinesis_streaming_destination"
    assert refusal(operation, TableName="missing", StreamArn=STREAM, **more) == (
        "ResourceNotFoundException: Requested resource not found: Table: missing not found"
    )
    assert refusal(operation, TableName="missing", StreamArn="short", **more) == (
        "1 validation error detected: Value 'short' at 'streamArn' failed to satisfy constraint:"
        " Member must have length greater than or equal to 37"
    )


class TestDelays:
    @pytest.fixture
    def slow(self) -> Any:
        with mock_dynamodb(delays=60, isolate=True) as ddb:
            ddb.clock.freeze(NOW)
            yield ddb

    def status(self, client: Any) -> str:
        return str(destinations(client)[0]["DestinationStatus"])

    def test_statuses(self, slow, client):
        new_table(client)
        assert refused(enable, client) == (
            "ResourceNotFoundException: Requested resource not found: Table: orders not found"
        )
        slow.settle()
        enable(client)
        assert self.status(client) == "ENABLING"
        assert refused(call, client, "disable").startswith(NOT_VALID)
        slow.clock.advance(60)
        assert self.status(client) == "ACTIVE"
        set_precision(client, "MICROSECOND")
        assert self.status(client) == "UPDATING"
        assert destinations(client)[0][PRECISION] == "MICROSECOND"
        slow.settle()
        assert self.status(client) == "ACTIVE"
        call(client, "disable")
        assert call(client, "disable")["DestinationStatus"] == "DISABLING"
        assert self.status(client) == "DISABLING"
        slow.settle()
        assert self.status(client) == "DISABLED"

    def test_the_waiter(self, slow, client):
        new_table(client)
        slow.settle()
        enable(client, f"{STREAM}/x")
        assert "DestinationStatusDescription" not in destinations(client)[0]
        slow.settle()
        assert destinations(client)[0]["DestinationStatusDescription"] == FORBIDDEN

    def test_records_while_it_is_enabling(self, slow, client):
        new_table(client)
        slow.settle()
        enable(client)
        client.put_item(TableName="orders", Item={"pk": {"S": "early"}})
        slow.settle()
        client.put_item(TableName="orders", Item={"pk": {"S": "late"}})
        images = [r["dynamodb"]["NewImage"] for r in slow.kinesis_records["changes"]]
        assert images == [{"pk": {"S": "late"}}]


class TestRecords:
    def test_the_form(self, client, ddb, orders):
        enable(client)
        put(client, a={"S": "1"})
        (record,) = ddb.kinesis_records["changes"]
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", record["eventID"])
        assert list(record) == [
            "awsRegion",
            "eventID",
            "eventName",
            "userIdentity",
            "recordFormat",
            "tableName",
            "dynamodb",
            "eventSource",
        ]
        del record["eventID"]
        assert record == {
            "awsRegion": "us-east-1",
            "eventName": "INSERT",
            "userIdentity": None,
            "recordFormat": "application/json",
            "tableName": "orders",
            "dynamodb": {
                "ApproximateCreationDateTime": SECONDS * 1000,
                "Keys": {"pk": {"S": "p"}, "sk": {"N": "1"}},
                "NewImage": {"pk": {"S": "p"}, "sk": {"N": "1"}, "a": {"S": "1"}},
                "SizeBytes": 16,
            },
            "eventSource": "aws:dynamodb",
        }

    def test_events(self, client, ddb, orders):
        enable(client)
        key = {"pk": {"S": "p"}, "sk": {"N": "1"}}
        put(client)
        put(client, a={"S": "1"})
        put(client, a={"S": "1"})  # changes nothing
        client.delete_item(TableName="orders", Key=key)
        client.delete_item(TableName="orders", Key=key)
        records = ddb.kinesis_records[STREAM]
        assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
        images = [
            sorted(record["dynamodb"].keys() & {"NewImage", "OldImage"}) for record in records
        ]
        assert images == [["NewImage"], ["NewImage", "OldImage"], ["OldImage"]]
        assert len({record["eventID"] for record in records}) == 3

    def test_microseconds(self, client, ddb, orders):
        enable(client, precision="MICROSECOND")
        put(client)
        body = ddb.kinesis_records["changes"][0]["dynamodb"]
        assert body["ApproximateCreationDateTime"] == SECONDS * 1_000_000
        assert list(body)[-1] == PRECISION
        assert body[PRECISION] == "MICROSECOND"

    def test_binary_is_encoded_twice(self, client, ddb, orders):
        enable(client)
        put(client, b={"B": b"abc"}, s={"BS": [b"abc"]}, l={"L": [{"B": b"abc"}]})
        image = ddb.kinesis_records["changes"][0]["dynamodb"]["NewImage"]
        assert image["b"] == {"B": "WVdKag=="}
        assert image["s"] == {"BS": ["WVdKag=="]}
        assert image["l"] == {"L": [{"B": "WVdKag=="}]}

    def test_items_whose_time_to_live_is_over(self, client, ddb, orders):
        enable(client)
        client.update_time_to_live(
            TableName="orders", TimeToLiveSpecification={"AttributeName": "t", "Enabled": True}
        )
        put(client, t={"N": str(SECONDS + 60)})
        ddb.clock.advance(days=3)
        last = ddb.kinesis_records["changes"][-1]
        assert last["eventName"] == "REMOVE"
        assert last["userIdentity"] == {
            "type": "Service",
            "principalId": "dynamodb.amazonaws.com",
        }

    def test_refused_writes_and_loaded_items_give_none(self, client, ddb, orders):
        enable(client)
        ddb.load({"orders": [{"pk": "loaded", "sk": 1}]})
        with pytest.raises(client.exceptions.TransactionCanceledException):
            client.transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": "orders",
                            "Item": {"pk": {"S": "x"}, "sk": {"N": "1"}},
                        }
                    },
                    {
                        "ConditionCheck": {
                            "TableName": "orders",
                            "Key": {"pk": {"S": "p"}, "sk": {"N": "1"}},
                            "ConditionExpression": "attribute_exists(pk)",
                        }
                    },
                ]
            )
        assert ddb.kinesis_records["changes"] == []

    def test_a_disabled_destination_gets_none(self, client, ddb, orders):
        enable(client)
        call(client, "disable")
        put(client)
        assert ddb.kinesis_records["changes"] == []

    def test_streams_by_name(self, client, ddb, orders):
        assert len(ddb.kinesis_records) == 0
        enable(client)
        put(client)
        assert list(ddb.kinesis_records) == ["changes"]
        assert "changes" in ddb.kinesis_records
        assert STREAM in ddb.kinesis_records
        assert "others" not in ddb.kinesis_records
        assert len(ddb.kinesis_records) == 1
        assert repr(ddb.kinesis_records) == "<records of changes>"


class TestTargets:
    def test_a_list(self, client):
        taken: list[Any] = []
        with mock_dynamodb(isolate=True, kinesis=taken):
            new_table(client)
            enable(client)
            client.put_item(TableName="orders", Item={"pk": {"S": "x"}})
        assert [record["eventName"] for record in taken] == ["INSERT"]

    def test_a_function_that_is_given_later(self, client, ddb, orders):
        enable(client)
        names: list[str] = []
        ddb.kinesis = lambda record: names.append(record["eventName"])
        put(client)
        assert names == ["INSERT"]
        assert ddb.kinesis is not None

    def test_what_a_function_raises_is_the_error_of_the_call(self, client, ddb, orders):
        enable(client)

        def fail(record: Any) -> None:
            raise LookupError(record["eventName"])

        ddb.kinesis = fail
        with pytest.raises(LookupError, match="INSERT"):
            put(client)
        assert ddb.tables["orders"].item_count == 1

    @pytest.mark.parametrize("wrong", [1, "stream"])
    def test_anything_else(self, ddb, wrong):
        with pytest.raises(TypeError, match="a list, a function or a Kinesis client of boto3"):
            mock_dynamodb(kinesis=wrong)
        with pytest.raises(TypeError, match="kinesis"):
            ddb.kinesis = wrong


class TestMoto:
    @pytest.fixture
    def kinesis(self, ddb: Any) -> Any:
        with mock_aws():
            kinesis = boto3.client("kinesis", region_name="us-east-1")
            kinesis.create_stream(StreamName="changes", ShardCount=1)
            yield kinesis

    def records(self, kinesis: Any) -> list[Any]:
        shard = kinesis.list_shards(StreamName="changes")["Shards"][0]["ShardId"]
        iterator = kinesis.get_shard_iterator(
            StreamName="changes", ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found: list[Any] = kinesis.get_records(ShardIterator=iterator)["Records"]
        return found

    def test_records_arrive(self, kinesis, client, orders):
        enable(client)
        put(client)
        put(client, a={"S": "é"})
        first, second = self.records(kinesis)
        assert re.fullmatch("[0-9A-F]{32}", first["PartitionKey"])
        assert first["PartitionKey"] == second["PartitionKey"]
        assert first["Data"].startswith(b'{"awsRegion":"us-east-1","eventID":"')
        assert '"a":{"S":"é"}'.encode() in second["Data"]

    def test_a_client_of_the_test(self, kinesis, client, ddb, orders):
        ddb.kinesis = kinesis
        enable(client)
        put(client)
        assert len(self.records(kinesis)) == 1

    def test_a_stream_that_is_missing(self, kinesis, client, orders):
        enable(client, OTHER)
        assert destinations(client) == [
            {
                "StreamArn": OTHER,
                "DestinationStatus": "ENABLE_FAILED",
                "DestinationStatusDescription": FORBIDDEN,
            }
        ]
        enable(client)
        assert [d["DestinationStatus"] for d in destinations(client)] == ["ENABLE_FAILED", "ACTIVE"]

    def test_a_stream_that_is_deleted(self, kinesis, client, orders):
        enable(client)
        kinesis.delete_stream(StreamName="changes")
        put(client)
        assert destinations(client)[0]["DestinationStatus"] == "ACTIVE"


def test_a_saved_state(client, ddb, orders, tmp_path):
    enable(client)
    ddb.save(tmp_path / "state.jsonl")
    with mock_dynamodb(isolate=True) as another:
        another.load(tmp_path / "state.jsonl")
        put(client)
        assert [each["eventName"] for each in another.kinesis_records["changes"]] == ["INSERT"]
    assert ddb.kinesis_records["changes"] == []
