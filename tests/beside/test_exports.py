"""Exports and imports with moto's S3 beside, or with a client that the test gives."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws as moto_aws

from ddbmock import MisuseError, mock_dynamodb
from ddbmock.beside import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller

TABLE: dict[str, Any] = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ITEM = {"pk": {"S": "a"}, "n": {"N": "1"}}


def s3_client(**more: Any) -> Any:
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    return boto3.client("s3", region_name="us-east-1", **keys, **more)


@pytest.fixture(params=["moto outside", "ddbmock outside", "one switch"])
def ddb(request: pytest.FixtureRequest) -> Iterator[Controller]:
    if request.param == "moto outside":
        with moto_aws(), mock_dynamodb(isolate=True) as controller:
            yield controller
    elif request.param == "ddbmock outside":
        with mock_dynamodb(isolate=True) as controller, moto_aws():
            yield controller
    else:
        with mock_aws(isolate=True) as controller:
            yield controller


def fill(name: str = "orders") -> Any:
    """Create a table with one item and point-in-time recovery."""
    client = boto3.client("dynamodb", region_name="us-east-1")
    client.create_table(**{**TABLE, "TableName": name})
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client.put_item(TableName=name, Item=ITEM)
    return client


def export(client: Any, **more: Any) -> dict[str, Any]:
    request = {"TableArn": ARN, "S3Bucket": "archive", **more}
    arn = client.export_table_to_point_in_time(**request)["ExportDescription"]["ExportArn"]
    description: dict[str, Any] = client.describe_export(ExportArn=arn)["ExportDescription"]
    return description


def test_there_and_back(ddb: Controller) -> None:
    client = fill()
    s3 = s3_client()
    s3.create_bucket(Bucket="archive")
    description = export(client, S3Prefix="daily", S3SseAlgorithm="KMS", S3SseKmsKeyId="key")
    assert description["ExportStatus"] == "COMPLETED"
    found = s3.get_object(Bucket="archive", Key=description["ExportManifest"])
    summary = json.loads(found["Body"].read())
    assert summary["itemCount"] == 1
    assert found["ServerSideEncryption"] == "aws:kms"
    folder = description["ExportManifest"].rpartition("/")[0]
    source = {"S3Bucket": "archive", "S3KeyPrefix": f"{folder}/data/"}
    arn = client.import_table(
        S3BucketSource=source,
        InputFormat="DYNAMODB_JSON",
        InputCompressionType="GZIP",
        TableCreationParameters={**TABLE, "TableName": "copy"},
    )["ImportTableDescription"]["ImportArn"]
    imported = client.describe_import(ImportArn=arn)["ImportTableDescription"]
    assert imported["ImportStatus"] == "COMPLETED"
    assert ddb.tables["copy"].items == ddb.tables["orders"].items == [ITEM]


def test_a_bucket_that_is_missing(ddb: Controller) -> None:
    description = export(fill())
    assert description["FailureCode"] == "S3NoSuchBucket"
    assert description["FailureMessage"].startswith("The specified bucket does not exist (Service:")


def test_a_bucket_of_another_region(ddb: Controller) -> None:
    s3 = boto3.client(
        "s3", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    location = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="archive", CreateBucketConfiguration=location)
    assert export(fill())["ExportStatus"] == "COMPLETED"


def test_errors_of_items_are_in_the_logs(ddb: Controller) -> None:
    s3 = s3_client()
    s3.create_bucket(Bucket="archive")
    s3.put_object(Bucket="archive", Key="1.json", Body=b'{"Item": {}}\n{"Item":')
    client = boto3.client("dynamodb", region_name="us-east-1")
    for name in ("orders", "others"):
        imported = client.import_table(
            S3BucketSource={"S3Bucket": "archive"},
            InputFormat="DYNAMODB_JSON",
            TableCreationParameters={**TABLE, "TableName": name},
        )["ImportTableDescription"]
    logs = boto3.client(
        "logs", region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    stream = imported["ImportArn"].rpartition("/")[2] + "/error"
    found = logs.get_log_events(logGroupName="/aws-dynamodb/imports", logStreamName=stream)
    entries = [json.loads(event["message"]) for event in found["events"]]
    assert entries == ddb.import_errors(imported["ImportArn"])
    assert len(entries) == 2


class TestClients:
    def test_a_given_client_of_moto(self) -> None:
        with moto_aws(), mock_dynamodb(isolate=True, s3=s3_client()) as ddb:
            assert ddb.s3.list_buckets()["Buckets"] == []
            ddb.s3.create_bucket(Bucket="archive")
            assert export(fill())["ExportStatus"] == "COMPLETED"

    def test_a_given_client_with_a_stub(self) -> None:
        client = s3_client()
        with Stubber(client) as stubber, mock_dynamodb(isolate=True, s3=client):
            stubber.add_client_error("head_bucket")
            stubber.add_client_error("put_object", "AccessDenied", "Access Denied", 403)
            description = export(fill())
            assert description["FailureCode"] == "S3AccessDenied"
            assert description["FailureMessage"].startswith(
                "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied;"
            )
            stubber.assert_no_pending_responses()

    def test_a_listing_of_two_pages_and_the_owner(self) -> None:
        client, owner = s3_client(), {"ExpectedBucketOwner": "222222222222"}
        listing = {"Bucket": "archive", "Prefix": "in/", **owner}
        with Stubber(client) as stubber, mock_dynamodb(isolate=True, s3=client) as ddb:
            stubber.add_client_error("head_bucket")
            for key, request in (("a", listing), ("b", {**listing, "ContinuationToken": "t"})):
                page: dict[str, Any] = {"Contents": [{"Key": key}], "IsTruncated": key == "a"}
                if key == "a":
                    page["NextContinuationToken"] = "t"
                stubber.add_response("list_objects_v2", page, request)
                body = BytesIO(json.dumps({"Item": {"pk": {"S": key}}}).encode())
                got = {"Bucket": "archive", "Key": key, **owner}
                stubber.add_response("get_object", {"Body": body}, got)
            boto3.client("dynamodb", region_name="us-east-1").import_table(
                S3BucketSource={
                    "S3Bucket": "archive",
                    "S3KeyPrefix": "in/",
                    "S3BucketOwner": "222222222222",
                },
                InputFormat="DYNAMODB_JSON",
                TableCreationParameters=TABLE,
            )
            stubber.assert_no_pending_responses()
            assert ddb.tables["orders"].item_count == 2

    @pytest.mark.parametrize("given", [True, False])
    def test_nothing_is_sent_to_aws(self, *, given: bool) -> None:
        s3 = s3_client() if given else None
        with mock_dynamodb(isolate=True, s3=s3) as ddb:
            client = fill()
            with pytest.raises(MisuseError, match="nothing answers the S3 request to https://"):
                export(client)
            assert client.list_exports()["ExportSummaries"] == []
            with pytest.raises(MisuseError, match="nothing answers the S3 request to https://"):
                client.import_table(
                    S3BucketSource={"S3Bucket": "archive"},
                    InputFormat="CSV",
                    TableCreationParameters={**TABLE, "TableName": "others"},
                )
            assert list(ddb.tables) == ["orders"]

    def test_the_environment_names_no_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
            monkeypatch.setenv(name, "http://production.example.com")
        with mock_dynamodb(isolate=True), pytest.raises(MisuseError, match="nothing answers"):
            export(fill())
        with moto_aws(), mock_dynamodb(isolate=True):
            assert export(fill())["FailureCode"] == "S3NoSuchBucket"

    @pytest.mark.parametrize("as_client", [True, False])
    def test_a_server_that_the_test_names(self, *, as_client: bool) -> None:
        url = "http://localhost:9"
        s3 = s3_client(endpoint_url=url, config=Config(retries={"total_max_attempts": 1}))
        with mock_dynamodb(isolate=True, s3=s3 if as_client else url) as ddb:
            client = fill()
            # The tests refuse connections.
            with pytest.raises(MisuseError, match=r"does not answer: .*tried to leave the process"):
                export(client)
            assert ddb.s3 in {s3, url}

    def test_what_is_no_s3(self) -> None:
        dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        for value in (5, "", dynamodb, s3_client):
            with pytest.raises(TypeError, match="s3"):
                mock_dynamodb(s3=value)
        with mock_dynamodb() as ddb, pytest.raises(TypeError, match="s3"):
            ddb.s3 = dynamodb
