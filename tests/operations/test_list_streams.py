from __future__ import annotations

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.refusals import refusal
from tests.stream_helpers import client, create, streams


@pytest.fixture(autouse=True)
def ddb():
    with mock_dynamodb(region="eu-west-1") as controller:
        yield controller


def list_refusal(**request):
    return refusal(streams().list_streams, **request)


class TestRequestValidation:
    def test_a_limit_over_a_hundred(self):
        assert list_refusal(Limit=101) == (
            "1 validation error detected: Value '101' at 'limit' failed to satisfy"
            " constraint: Member must have value less than or equal to 100"
        )

    def test_a_start_that_is_no_arn_of_a_stream(self):
        start = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
        assert list_refusal(ExclusiveStartStreamArn=start) == "Invalid StreamArn"


class TestBehaviour:
    def test_nothing_there(self):
        assert streams().list_streams()["Streams"] == []

    def test_a_stream_is_listed(self):
        arn = create("orders")
        create("plain", view_type=None)
        response = streams().list_streams()
        assert response["Streams"] == [
            {"StreamArn": arn, "TableName": "orders", "StreamLabel": arn.rpartition("/")[2]}
        ]
        assert "LastEvaluatedStreamArn" not in response

    def test_of_one_table(self):
        arn = create("orders")
        create("others")
        response = streams().list_streams(TableName="orders")
        assert [stream["StreamArn"] for stream in response["Streams"]] == [arn]
        assert streams().list_streams(TableName="nowhere")["Streams"] == []

    def test_pages(self):
        arns = [create(f"table-{number}") for number in range(5)]
        first = streams().list_streams(Limit=3)
        assert [stream["StreamArn"] for stream in first["Streams"]] == arns[:3]
        assert first["LastEvaluatedStreamArn"] == arns[2]
        second = streams().list_streams(ExclusiveStartStreamArn=arns[2])
        assert [stream["StreamArn"] for stream in second["Streams"]] == arns[3:]
        assert "LastEvaluatedStreamArn" not in second

    def test_all_streams_of_a_table_for_a_day(self, ddb):
        ddb.clock.freeze(1_000_000)
        first = create("orders")
        client().update_table(TableName="orders", StreamSpecification={"StreamEnabled": False})
        specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        description = client().update_table(TableName="orders", StreamSpecification=specification)
        second = description["TableDescription"]["LatestStreamArn"]
        assert first != second
        assert [s["StreamArn"] for s in streams().list_streams()["Streams"]] == [first, second]
        ddb.clock.advance(seconds=24 * 60 * 60 + 1)
        assert [s["StreamArn"] for s in streams().list_streams()["Streams"]] == [second]

    def test_the_stream_of_a_deleted_table(self):
        arn = create("orders")
        client().delete_table(TableName="orders")
        listed = streams().list_streams(TableName="orders")["Streams"]
        assert [stream["StreamArn"] for stream in listed] == [arn]

    def test_each_region_has_its_own(self):
        create("orders")
        assert boto3.client("dynamodbstreams", "us-east-2").list_streams()["Streams"] == []
