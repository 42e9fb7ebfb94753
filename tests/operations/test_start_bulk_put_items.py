"""StartBulkPutItems and its companions, from a folder."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timezone

import pytest

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import an_index, definitions, new_table
from tests.refusals import refusal

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ARN = f"{TABLE_ARN}/bulk-operation/01693685827463-2d8752fd"
START = datetime(2026, 10, 8, 22, 51, 50, tzinfo=timezone.utc)
SOURCE = {"S3Bucket": "archive", "S3KeyPrefix": "in/", "InputFormat": "DYNAMODB_JSON"}
TARGET = {
    "S3Bucket": "archive",
    "S3KeyPrefix": "out",
    "OutputType": ["ERROR", "CONDITION_CHECK_FAILURE"],
}


@pytest.fixture(autouse=True)
def needs_the_operation(client):
    if not hasattr(client, "start_bulk_put_items"):
        pytest.skip("the model of this botocore does not have it yet")


@pytest.fixture(autouse=True)
def bucket(ddb, tmp_path):
    folder = tmp_path / "archive"
    (folder / "in").mkdir(parents=True)
    ddb.s3 = tmp_path
    ddb.clock.freeze(START)
    return folder


@pytest.fixture
def table(client):
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", by="S"),
        GlobalSecondaryIndexes=[an_index("by-by", "by")],
    )
    return "orders"


def request_for(**more):
    return {
        "TableName": "orders",
        "InputS3Configuration": SOURCE,
        "OutputS3Configuration": TARGET,
        **more,
    }


def start(client, **more):
    return client.start_bulk_put_items(**request_for(**more))["BulkOperationDescription"]


def describe(client, started):
    response = client.describe_bulk_operation(BulkOperationArn=started["BulkOperationArn"])
    return response["BulkOperationDescription"]


def done(client, **more):
    return describe(client, start(client, **more))


def write(bucket, *records, name="1.json"):
    text = "".join(json.dumps(record) + "\n" for record in records)
    (bucket / "in" / name).write_text(text)
    return len(text)


def report(bucket, started, name):
    identifier = started["BulkOperationArn"].rpartition("/")[2]
    path = bucket / "out" / "AWSDynamoDB" / identifier / name
    return [json.loads(line) for line in path.read_text().splitlines()]


def refused(client, **more):
    return refusal(client.start_bulk_put_items, **request_for(**more))


def item(pk, **attributes):
    return {"pk": {"S": pk}, **attributes}


class TestRequestValidation:
    def test_units(self, raw, table):
        assert refused(raw, MaxWriteRequestUnits=1000) == (
            "1 validation error detected: Value '1000' at 'maxWriteRequestUnits' failed to satisfy"
            " constraint: Member must have value greater than or equal to 1024"
        )

    def test_no_csv(self, raw, table):
        text = refused(raw, InputS3Configuration={**SOURCE, "InputFormat": "CSV"})
        assert "at 'inputS3Configuration.inputFormat' failed to satisfy" in text

    @pytest.mark.parametrize(
        "target",
        [
            {"OutputType": ["ERROR"]},
            {**TARGET, "OutputType": []},
            {**TARGET, "S3SseKmsKeyId": "key"},
        ],
    )
    def test_the_output(self, client, table, target):
        assert refused(client, OutputS3Configuration=target)


class TestBehaviour:
    def test_the_answer_and_the_description(self, client, ddb, bucket, table):
        size_bytes = write(bucket, {"Item": item("a", by={"S": "x"})}, {"Item": item("b")})
        started = start(client, ClientToken="token", MaxWriteRequestUnits=2048)
        common = {
            "BulkOperationArn": started["BulkOperationArn"],
            "TableDetails": [
                {
                    "TableName": "orders",
                    "TableId": client.describe_table(TableName="orders")["Table"]["TableId"],
                }
            ],
            "ClientToken": "token",
            "InputS3Configuration": SOURCE,
            "OutputS3Configuration": TARGET,
            "StartTime": START,
            "FailedItemCount": 0,
            "MaxWriteRequestUnits": 2048,
            "PerformanceTier": "STANDARD",
        }
        usage = {"TableName": "orders", "BulkPutBytes": 0, "Table": {"BulkPutBytes": 0}}
        assert started == {
            **common,
            "BulkOperationStatus": "IN_PROGRESS",
            "ProcessedItemCount": 0,
            "ProcessedInputBytes": 0,
            "BulkOperationUsage": [usage],
        }
        assert describe(client, started) == {
            **common,
            "BulkOperationStatus": "COMPLETED",
            "EndTime": START,
            "ProcessedItemCount": 2,
            "ProcessedInputBytes": size_bytes,
            "TotalInputBytes": size_bytes,
            "BulkOperationUsage": [
                {
                    "TableName": "orders",
                    "BulkPutBytes": 15,
                    "Table": {"BulkPutBytes": 9},
                    "GlobalSecondaryIndexes": {"by-by": {"BulkPutBytes": 6}},
                }
            ],
        }
        assert ddb.tables["orders"].item_count == 2
        assert ddb.tables["orders"].indexes["by-by"].item_count == 1
        (manifest,) = report(bucket, started, "manifest.json")
        assert manifest["processedItemCount"] == 2
        assert manifest["files"] == {}
        assert client.list_bulk_operations()["BulkOperationsSummaryList"] == [
            {
                "BulkOperationArn": started["BulkOperationArn"],
                "BulkOperationStatus": "COMPLETED",
                "StartTime": START,
                "EndTime": START,
            }
        ]

    def test_items_are_replaced_and_recorded(self, client, ddb, bucket, table):
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        client.update_table(TableName="orders", StreamSpecification=stream)
        client.put_item(TableName="orders", Item=item("a", n={"N": "1"}))
        write(bucket, {"Item": item("a", n={"N": "2"})}, {"Item": item("a", n={"N": "3"})})
        with ddb.budget(at_most=0):
            done(client)
        assert ddb.tables["orders"].items == [item("a", n={"N": "3"})]
        assert len(ddb.tables["orders"].stream.records) == 3

    def test_conditions(self, client, bucket, ddb, table):
        client.put_item(TableName="orders", Item=item("a", n={"N": "1"}))
        new = {"ConditionExpression": "attribute_not_exists(pk)"}
        less = {
            "ConditionExpression": "#n < :n",
            "ExpressionAttributeNames": {"#n": "n"},
            "ExpressionAttributeValues": {":n": {"N": "5"}},
        }
        write(
            bucket,
            {"Item": item("a"), **new},
            {"Item": item("b"), **new},
            {"Item": item("b"), **less},
            {"Item": item("a", n={"N": "5"}), **less},
        )
        started = start(client)
        description = describe(client, started)
        assert description["BulkOperationStatus"] == "COMPLETED"
        assert (description["ProcessedItemCount"], description["FailedItemCount"]) == (4, 0)
        assert {each["pk"]["S"]: each for each in ddb.tables["orders"].items} == {
            "a": item("a", n={"N": "5"}),
            "b": item("b"),
        }
        first, second = report(bucket, started, "condition_check_failure.json")
        pointer = {"bucket": "archive", "key": "in/1.json", "itemIndex": 0}
        existing = item("a", n={"N": "1"})
        assert first == {"itemS3Pointer": pointer, "Item": item("a"), "ExistingItem": existing}
        assert second["ExistingItem"] == item("b")

    def test_ion_with_conditions(self, client, bucket, ddb, table):
        client.put_item(TableName="orders", Item=item("a", n={"N": "1"}))
        text = (
            '$ion_1_0 {Item:{pk:"a"},ConditionExpression:"n = :n",'
            "ExpressionAttributeValues:{':n':2.}}\n"
            '$ion_1_0 {Item:{pk:"b"}}\n'
        )
        (bucket / "in" / "1.gz").write_bytes(gzip.compress(text.encode()))
        source = {**SOURCE, "InputFormat": "ION", "InputCompressionType": "GZIP"}
        description = done(client, InputS3Configuration=source)
        assert (description["ProcessedItemCount"], description["FailedItemCount"]) == (2, 0)
        assert len(ddb.tables["orders"].items) == 2

    @pytest.mark.parametrize(
        ("record", "text"),
        [
            (
                {"Item": {"other": {"S": "x"}}},
                "One or more parameter values were invalid: Missing the key pk in the item",
            ),
            ({"Item": item("a"), "Key": 1}, "a record of a bulk put has no member Key"),
            (
                {"Item": item("a"), "ConditionExpression": "pk"},
                'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "pk"',
            ),
            ({"pk": {"S": "a"}}, "a record has an Item"),
        ],
    )
    def test_errors_of_items(self, client, bucket, ddb, table, record, text):
        write(bucket, record, {"Item": item("b")})
        started = start(client)
        description = describe(client, started)
        assert description["BulkOperationStatus"] == "COMPLETED_WITH_ERRORS"
        assert (description["ProcessedItemCount"], description["FailedItemCount"]) == (2, 1)
        assert "FailureCode" not in description
        assert ddb.tables["orders"].items == [item("b")]
        (error,) = report(bucket, started, "error.json")
        assert error["errorMessages"] == [text]

    def test_only_what_was_asked_for_is_reported(self, client, bucket, table):
        write(bucket, {"Item": {}})
        started = start(
            client, OutputS3Configuration={**TARGET, "OutputType": ["CONDITION_CHECK_FAILURE"]}
        )
        assert describe(client, started)["FailedItemCount"] == 1
        (manifest,) = report(bucket, started, "manifest.json")
        assert manifest["files"] == {}

    def test_delays_and_cancelling(self, client, tmp_path, bucket):
        write(bucket, {"Item": item("a")})
        with mock_dynamodb(s3=tmp_path, delays=60, isolate=True) as ddb:
            ddb.clock.freeze(START)
            new_table(client)
            ddb.settle()
            first, second, third = (start(client) for _ in range(3))
            assert describe(client, first)["BulkOperationStatus"] == "IN_PROGRESS"
            arn = second["BulkOperationArn"]
            for _ in range(2):
                response = client.cancel_bulk_operation(BulkOperationArn=arn)
                assert response["BulkOperationStatus"] == "CANCELLING"
            assert describe(client, second)["BulkOperationStatus"] == "CANCELLING"
            ddb.clock.advance(seconds=60)
            assert describe(client, first)["BulkOperationStatus"] == "COMPLETED"
            cancelled = describe(client, second)
            assert cancelled["BulkOperationStatus"] == "CANCELLED"
            assert cancelled["EndTime"] == ddb.clock.now()
            assert cancelled["ProcessedItemCount"] == 0
            assert describe(client, third)["BulkOperationStatus"] == "COMPLETED"
            fourth = start(client)
            client.delete_table(TableName="orders")
            ddb.settle()
            assert describe(client, fourth)["FailureCode"] == "TableNotFound"

    def test_tokens(self, client, table):
        first = start(client, ClientToken="one")
        assert start(client, ClientToken="one")["BulkOperationArn"] == first["BulkOperationArn"]
        text = refused(client, ClientToken="one", MaxWriteRequestUnits=1024)
        assert text.startswith("IdempotentParameterMismatchException: ")

    def test_a_rollback(self, client, ddb, bucket, table):
        write(bucket, {"Item": item("a")})
        with ddb.rollback():
            start(client)
        assert ddb.tables["orders"].items == []
        assert client.list_bulk_operations()["BulkOperationsSummaryList"] == []

    def test_a_saved_state(self, client, ddb, bucket, table, tmp_path):
        write(bucket, {"Item": item("a")})
        started = start(client)
        before = describe(client, started)
        ddb.save(tmp_path / "state")
        ddb.reset()
        ddb.load(tmp_path / "state")
        assert describe(client, started) == before

    def test_the_waiter(self, client, table):
        arn = start(client)["BulkOperationArn"]
        client.get_waiter("bulk_operation_completed").wait(BulkOperationArn=arn)


class TestErrors:
    def test_a_missing_table(self, client):
        text = refused(client)
        assert text == (
            "ResourceNotFoundException: Requested resource not found: Table: orders not found"
        )

    def test_an_index_that_is_being_created(self, client, tmp_path):
        with mock_dynamodb(s3=tmp_path, delays=60, isolate=True) as ddb:
            new_table(client)
            ddb.settle()
            client.update_table(
                TableName="orders",
                AttributeDefinitions=definitions(pk="S", by="S"),
                GlobalSecondaryIndexUpdates=[{"Create": an_index("by-by", "by")}],
            )
            assert refused(client).startswith("ResourceInUseException: ")

    def test_a_global_table(self, client, table):
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        client.update_table(TableName="orders", StreamSpecification=stream)
        replicas = [{"Create": {"RegionName": "eu-west-1"}}]
        client.update_table(TableName="orders", ReplicaUpdates=replicas)
        assert refused(client) == "Bulk operations are not supported on a global table"

    @pytest.mark.parametrize("member", ["InputS3Configuration", "OutputS3Configuration"])
    def test_a_missing_bucket(self, client, ddb, bucket, table, member):
        write(bucket, {"Item": item("a")})
        configuration = {**request_for()[member], "S3Bucket": "missing"}
        description = done(client, **{member: configuration})
        assert description["BulkOperationStatus"] == "FAILED"
        assert description["FailureCode"] == "S3NoSuchBucket"
        # What was written before the report stays.
        assert len(ddb.tables["orders"].items) == (member == "OutputS3Configuration")

    def test_unknown_operations(self, client):
        for call in (client.describe_bulk_operation, client.cancel_bulk_operation):
            text = refusal(call, BulkOperationArn=ARN)
            assert text == f"ResourceNotFoundException: Bulk operation not found: {ARN}"
            text = refusal(call, BulkOperationArn=f"{TABLE_ARN}/export/01693685827463-2d8752fd")
            assert text == "Invalid Bulk Operation ARN"

    def test_cancelling_what_has_ended(self, client, table):
        arn = start(client)["BulkOperationArn"]
        text = refusal(client.cancel_bulk_operation, BulkOperationArn=arn)
        assert text == "Bulk operation can not be cancelled in the status COMPLETED"
