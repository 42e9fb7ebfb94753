"""The HTTP endpoint: boto3's calls, and errors for malformed requests."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from freezegun import freeze_time

import ddbmock
from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.controller.of_service import ServiceController
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.server import (
    call_heads,
    is_loopback,
    listen,
    running,
    url_of,
)
from ddbmock._internal.service import Service
from tests.unsupported import without

if TYPE_CHECKING:
    from collections.abc import Callable

AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=host;x-amz-date, Signature=0123"
)
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.ListTables",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": AUTHORIZATION,
}


@pytest.fixture(scope="module")
def _endpoint():
    with ddbmock.serve() as url:
        yield url


@pytest.fixture
def url(_endpoint, no_aws_settings):
    """An endpoint whose backends are fresh: what is asked of it is kept by an access key a test."""
    return _endpoint


@pytest.fixture
def access_key(request):
    return request.node.name.translate({ord(c): "." for c in "[]/,= "})


@pytest.fixture
def connect(url, access_key):
    clients = []

    def connect(region="us-east-1", access_key=access_key, service="dynamodb", url=url, **config):
        client = boto3.client(
            service,
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key="secret",
            config=Config(retries={"max_attempts": 0}, **config),
        )
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()


@pytest.fixture
def connection(url):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    with closing(connection):
        yield connection


def ask(connection, body=b"{}", method="POST", without=(), path="/", **headers):
    """One raw request; keyword arguments are headers, with _ for -."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in HEADERS.items() if name not in without}
    connection.request(method, path, body, {**kept, **given})
    response = connection.getresponse()
    content = response.read()
    if "x-amz-crc32" in response.headers:
        assert response.headers["x-amz-crc32"] == str(zlib.crc32(content))
    return response.status, response.headers, content


def refusal(connection, *arguments, **options):
    """The error for a malformed request: its type and text."""
    status, headers, content = ask(connection, *arguments, **options)
    response = json.loads(content)
    assert status == 400
    assert len(headers["x-amzn-requestid"]) == 52
    prefix, _, code = response.pop("__type").partition("#")
    assert prefix == "com.amazon.coral.service"
    return code, response.get("message")


def create_table(client, name="orders", **settings):
    return client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **settings,
    )


@contextmanager
def stored_text(connection, length):
    """A table with one item that has a text of that length."""
    with mock_dynamodb():
        create_table(boto3.client("dynamodb", region_name="us-east-1"))
        item = {"id": {"S": "42"}, "text": {"S": "x" * length}}
        body = json.dumps({"TableName": "orders", "Item": item}).encode()
        assert ask(connection, body, X_Amz_Target="DynamoDB_20120810.PutItem")[0] == 200
        yield item


class TestClients:
    def test_a_life_of_an_item(self, client):
        created = create_table(client)["TableDescription"]
        assert created["TableArn"].startswith("arn:aws:dynamodb:us-east-1:")
        client.get_waiter("table_exists").wait(TableName="orders")
        item = {"id": {"S": "42"}, "photo": {"B": b"\x00\xff"}, "total": {"N": "1.50"}}
        response = client.put_item(TableName="orders", Item=item, ReturnConsumedCapacity="TOTAL")
        assert response["ConsumedCapacity"] == {"TableName": "orders", "CapacityUnits": 1.0}
        stored = {**item, "total": {"N": "1.5"}}
        assert client.get_item(TableName="orders", Key={"id": {"S": "42"}})["Item"] == stored
        assert client.scan(TableName="orders")["Items"] == [stored]
        client.delete_table(TableName="orders")
        client.get_waiter("table_not_exists").wait(TableName="orders")

    def test_moments_are_moments(self, client):
        created = create_table(client)["TableDescription"]["CreationDateTime"]
        assert abs(created.timestamp() - time.time()) < 60

    def test_errors_are_modelled_exceptions(self, client):
        create_table(client)
        item = {"id": {"S": "42"}, "note": {"S": "first"}}
        client.put_item(TableName="orders", Item=item)
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
            client.put_item(
                TableName="orders",
                Item={"id": {"S": "42"}},
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        assert caught.value.response["Item"] == item
        check = {
            "TableName": "orders",
            "Key": {"id": {"S": "none"}},
            "ConditionExpression": "attribute_exists(id)",
        }
        with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
            client.transact_write_items(TransactItems=[{"ConditionCheck": check}])
        (reason,) = caught.value.response["CancellationReasons"]
        assert reason["Code"] == "ConditionalCheckFailed"

    def test_wrong_types_are_told_as_by_the_service(self, connect):
        client = connect(parameter_validation=False)
        with pytest.raises(ClientError) as caught:
            client.get_item(TableName="orders", Key={"id": {"S": 42}})
        error = caught.value.response["Error"]
        assert error["Code"] == "SerializationException"
        assert error["Message"] == "NUMBER_VALUE cannot be converted to String"

    def test_streams(self, client, connect):
        view = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        created = create_table(client, StreamSpecification=view)["TableDescription"]
        client.put_item(TableName="orders", Item={"id": {"S": "42"}, "photo": {"B": b"\xff"}})
        streams = connect(service="dynamodbstreams")
        arn = created["LatestStreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        (record,) = streams.get_records(ShardIterator=iterator)["Records"]
        assert record["dynamodb"]["NewImage"] == {"id": {"S": "42"}, "photo": {"B": b"\xff"}}

    def test_statements(self, client):
        if "ExecuteStatement" not in OPERATIONS:
            pytest.skip("there are no PartiQL operations yet")
        create_table(client)
        client.execute_statement(Statement="INSERT INTO orders VALUE {'id': '42'}")
        response = client.execute_statement(
            Statement="SELECT * FROM orders WHERE id = ?", Parameters=[{"S": "42"}]
        )
        assert response["Items"] == [{"id": {"S": "42"}}]

    def test_pages(self, client):
        create_table(client)
        for number in range(5):
            client.put_item(TableName="orders", Item={"id": {"S": str(number)}})
        pages = client.get_paginator("scan").paginate(
            TableName="orders", PaginationConfig={"PageSize": 2}
        )
        assert [page["Count"] for page in pages] == [2, 2, 1]

    def test_a_resource(self, url, access_key):
        resource = boto3.resource(
            "dynamodb",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key="secret",
        )
        create_table(resource.meta.client)
        table = resource.Table("orders")
        with table.batch_writer() as batch:
            for number in range(30):
                batch.put_item(Item={"id": str(number), "square": number**2})
        assert table.get_item(Key={"id": "7"})["Item"] == {"id": "7", "square": 49}
        resource.meta.client.close()

    def test_eight_threads(self, connect):
        client = connect(max_pool_connections=8)
        create_table(client)

        def count(_):
            for _ in range(25):
                client.update_item(
                    TableName="orders",
                    Key={"id": {"S": "counter"}},
                    UpdateExpression="ADD hits :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(count, range(8)))
        item = client.get_item(TableName="orders", Key={"id": {"S": "counter"}})["Item"]
        assert item["hits"] == {"N": "200"}


class TestWorlds:
    def test_regions_are_apart(self, connect):
        here, there = connect("eu-west-1"), connect("us-west-2")
        create_table(here)
        assert here.list_tables()["TableNames"] == ["orders"]
        assert there.list_tables()["TableNames"] == []

    def test_access_keys_are_apart(self, connect):
        ann, bob = connect(access_key="ANN"), connect(access_key="BOB")
        create_table(ann)
        assert ann.list_tables()["TableNames"] == ["orders"]
        assert bob.list_tables()["TableNames"] == []

    @pytest.mark.parametrize(
        ("region", "key"), [("us-east-1", "BOB"), ("eu-west-1", "ANN")], ids=["key", "region"]
    )
    def test_a_table_of_others_is_named_once(self, connect, capfd, region, key):
        with ddbmock.serve() as url:
            create_table(connect("us-east-1", "ANN", url=url))
            other = connect(region, key, url=url)
            for name in ("orders", "orders", "nowhere"):
                with pytest.raises(other.exceptions.ResourceNotFoundException):
                    other.describe_table(TableName=name)
        assert capfd.readouterr().err == (
            f"ddbmock: there is no table orders for the access key {key} in {region}, but there is"
            " one for ANN in us-east-1: each access key and region has its own tables. Give the"
            " clients the same access key and region, or share all tables with --shared\n"
        )

    def test_a_missing_table_of_a_shared_endpoint_is_just_missing(self, connect, capfd):
        with ddbmock.serve(shared=True) as url:
            client = connect(url=url)
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                client.describe_table(TableName="orders")
        assert capfd.readouterr().err == ""

    def test_shared(self, connect):
        with ddbmock.serve(shared=True) as url:
            ann = connect("eu-west-1", "ANN", url=url)
            bob = connect("us-west-2", "BOB", url=url)
            create_table(ann)
            assert bob.list_tables()["TableNames"] == ["orders"]

    def test_delays(self, connect):
        with ddbmock.serve(delays=True) as url:
            client = connect(url=url)
            assert create_table(client)["TableDescription"]["TableStatus"] == "CREATING"
            table = client.describe_table(TableName="orders")["Table"]
            assert table["TableStatus"] == "CREATING"

    @pytest.fixture
    def saved_world(self, tmp_path):
        path = tmp_path / "tables.json"
        with mock_dynamodb(region="eu-west-1") as ddb:
            create_table(boto3.client("dynamodb", region_name="eu-west-1"))
            ddb.load({"orders": [{"id": "42"}]})
            ddb.save(path)
        return path

    def test_a_saved_world(self, connect, saved_world):
        with ddbmock.serve(load=saved_world) as url:
            for access_key in ("ANN", "BOB"):
                client = connect("eu-west-1", access_key, url=url)
                assert client.scan(TableName="orders")["Items"] == [{"id": {"S": "42"}}]
                client.delete_table(TableName="orders")
                # The file's tables are there once, in the region they come from.
                assert connect("us-east-1", access_key, url=url).list_tables()["TableNames"] == []
                assert client.list_tables()["TableNames"] == []

    def test_a_saved_world_that_is_shared(self, connect, saved_world):
        with ddbmock.serve(load=saved_world, shared=True) as url:
            client = connect("us-west-2", url=url)
            assert client.scan(TableName="orders")["Items"] == [{"id": {"S": "42"}}]

    def test_a_file_that_names_no_region(self, connect, monkeypatch):
        def load(controller, path):
            assert path == "tables"
            shape = call_heads.input_shapes("dynamodb")["CreateTable"]
            request = {
                "TableName": "orders",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
            }
            service = Service(backend=controller._backend)
            service.execute(controller.region, "CreateTable", request, shape, validated=False)

        monkeypatch.setattr(ServiceController, "load", load)
        with ddbmock.serve(load="tables") as url:
            for region in ("eu-west-1", "us-east-1"):
                assert connect(region, url=url).list_tables()["TableNames"] == ["orders"]

    def test_a_file_that_cannot_be_loaded(self, tmp_path):
        with (
            pytest.raises(MisuseError, match=r"none\.json: cannot be read"),
            ddbmock.serve(load=tmp_path / "none.json"),
        ):
            pass

    def test_an_active_mock_answers(self, connect, connection, url):
        with mock_dynamodb() as ddb:
            create_table(boto3.client("dynamodb", region_name="us-east-1"))
            status, _, content = ask(connection)
            assert (status, content) == (200, b'{"TableNames":["orders"]}')
            body = b'{"TableName":"orders","Item":{"id":{"S":"42"}}}'
            ask(connection, body, X_Amz_Target="DynamoDB_20120810.PutItem")
            assert ddb.tables["orders"].items == [{"id": {"S": "42"}}]
            assert [call.operation for call in ddb.calls][-2:] == ["ListTables", "PutItem"]
        assert ask(connection)[2] == b'{"TableNames":[]}'

    def test_another_process(self):
        program = (
            "import boto3, sys; client = boto3.client('dynamodb', endpoint_url=sys.argv[1],"
            " region_name='eu-west-1', aws_access_key_id='a', aws_secret_access_key='b');"
            "client.put_item(TableName='orders', Item={'id': {'S': '42'}})"
        )
        with mock_dynamodb(region="eu-west-1") as ddb, ddbmock.serve() as url:
            create_table(boto3.client("dynamodb"))
            subprocess.run([sys.executable, "-c", program, url], check=True)  # noqa: S603
            assert ddb.tables["orders"].items == [{"id": {"S": "42"}}]

    def test_a_handler_of_changes_may_use_the_endpoint(self, connection, url):
        responses = []

        def handle(event):
            with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as inner:
                responses.append((len(event["Records"]), ask(inner)[2]))

        with mock_dynamodb() as ddb:
            view = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
            create_table(
                boto3.client("dynamodb", region_name="us-east-1"), StreamSpecification=view
            )
            ddb.on_change("orders", handle, deliver="immediately")
            body = b'{"TableName":"orders","Item":{"id":{"S":"42"}}}'
            assert ask(connection, body, X_Amz_Target="DynamoDB_20120810.PutItem")[0] == 200
        assert responses == [(1, b'{"TableNames":["orders"]}')]


class TestHttp:
    def test_headers(self, connection):
        status, headers, content = ask(connection)
        assert (status, content) == (200, b'{"TableNames":[]}')
        assert headers["server"] == "Server"
        assert headers["content-type"] == "application/x-amz-json-1.0"
        assert headers["x-amz-crc32"] == str(zlib.crc32(content))
        assert headers.get_all("date") == [headers["date"]]
        assert headers.get_all("content-length") == ["17"]

    def test_connections_are_kept(self, connection):
        ask(connection)
        kept = connection.sock
        assert kept is not None
        refusal(connection, b"{")
        ask(connection, method="GET")
        assert connection.sock is kept

    @pytest.mark.parametrize("path", ["/", "/anywhere?and=more"])
    def test_health(self, connection, path):
        status, headers, content = ask(connection, b"", "GET", path=path)
        assert (status, content) == (200, b"healthy: dynamodb.us-east-1.amazonaws.com ")
        assert headers["x-amz-crc32"] == "3128867991"
        assert len(headers["x-amzn-requestid"]) == 52

    def test_health_without_the_text(self, connection):
        connection.request("HEAD", "/")
        response = connection.getresponse()
        assert (response.status, response.headers["content-length"]) == (200, "42")
        assert response.read() == b""

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
    def test_other_methods(self, connection, method):
        status, headers, content = ask(connection, method=method)
        assert (status, content) == (404, b"<UnknownOperationException/>\n")
        assert headers["x-amz-crc32"] == "3552371480"

    @pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-amz-json-1.1"])
    def test_other_content_types(self, connection, content_type):
        status, _, content = ask(connection, Content_Type=content_type)
        assert (status, content) == (404, b"<UnknownOperationException/>\n")

    def test_plain_json_is_taken(self, connection):
        status, headers, _ = ask(connection, Content_Type="application/json; charset=utf-8")
        assert (status, headers["content-type"]) == (200, "application/json")

    def test_requests_that_are_not_http(self, url):
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=10) as raw:
            raw.sendall(b"nonsense\r\n\r\n")
            assert b" 400 " in raw.recv(1000)


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
}


class TestEncodings:
    LIST = b'{"Limit": 1}'

    @pytest.mark.parametrize(
        ("name", "encode"),
        [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)],
    )
    def test_compressed_requests(self, connection, name, encode):
        assert ask(connection, encode(self.LIST), Content_Encoding=name)[0] == 200

    @pytest.mark.parametrize("body", [b"{}", b"", gzip.compress(b"{}", mtime=0)[:-9]])
    def test_what_is_not_compressed_as_it_says(self, connection, body):
        assert refusal(connection, body, Content_Encoding="gzip") == (
            "SerializationException",
            None,
        )

    def test_unknown_encodings(self, connection):
        status, _, content = ask(connection, Content_Encoding="br")
        assert status == 501
        assert json.loads(content) == {
            "__type": "ddbmock#UnsupportedError",
            "message": "ddbmock does not support requests with Content-Encoding: br"
            " (gzip or deflate)",
        }

    def test_too_large_requests(self, connection):
        large = b" " * (16 * 1024 * 1024) + b"{}"
        assert ask(connection, large)[0] == 413
        assert ask(connection, gzip.compress(large, 1), Content_Encoding="gzip")[0] == 413
        assert ask(connection, large[10:])[0] == 200

    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [
            ("gzip", "gzip"),
            ("deflate", "deflate"),
            ("gzip, deflate, br", "gzip"),
            ("deflate;q=0.5, gzip;q=0", "deflate"),
            ("identity", None),
            ("br", None),
        ],
    )
    def test_large_answers(self, connection, accepted, encoding):
        with stored_text(connection, 5000) as item:
            _, headers, content = ask(
                connection,
                b'{"TableName":"orders"}',
                X_Amz_Target="DynamoDB_20120810.Scan",
                Accept_Encoding=accepted,
            )
            assert headers["content-encoding"] == encoding
            # `ask` has compared the checksum with the bytes as they came.
            plain = content if encoding is None else UNPACK[encoding](content)
            assert json.loads(plain)["Items"] == [item]
            assert (len(content) < 200) == (encoding is not None)

    def test_small_answers_stay_plain(self, connection):
        with stored_text(connection, 3000):
            _, headers, _ = ask(
                connection,
                b'{"TableName":"orders"}',
                X_Amz_Target="DynamoDB_20120810.Scan",
                Accept_Encoding="gzip",
            )
            assert headers["content-encoding"] is None

    def test_errors_stay_plain(self, connection):
        with stored_text(connection, 5000) as item:
            request = {
                "TableName": "orders",
                "Item": item,
                "ConditionExpression": "attribute_not_exists(id)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
            status, headers, content = ask(
                connection,
                json.dumps(request).encode(),
                X_Amz_Target="DynamoDB_20120810.PutItem",
                Accept_Encoding="gzip",
            )
            assert (status, headers["content-encoding"]) == (400, None)
            assert json.loads(content)["Item"] == item


TWICE = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
NO_SIGNED_HEADERS = (
    "AWS query-string parameters must include 'X-Amz-SignedHeaders'."
    " Re-examine the query-string parameters."
)


class TestMalformedRequests:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"[]",
            b"5",
            b"null",
            b"\xff",
            b'{"Limit": NaN}',
            b'{"Limit":',
            b"[" * 100_000,
            b"{} {}",
            b"nul",
        ],
    )
    def test_what_is_not_a_json_object(self, connection, body):
        assert refusal(connection, body) == ("SerializationException", None)

    def test_an_empty_body(self, connection):
        assert refusal(connection, b"") == ("SerializationException", None)

    @pytest.mark.parametrize(
        "target",
        [
            "",
            "ListTables",
            "DynamoDB_20120810",
            "DynamoDB_20120810.",
            "DynamoDB_20120810.Nonsense",
            "DynamoDB_20120810.ListTables.more",
            "DynamoDB_20120810.GetRecords",
            "DynamoDBStreams_20120810.ListTables",
            "AmazonSQS.SendMessage",
        ],
    )
    def test_unknown_targets(self, connection, target):
        assert refusal(connection, X_Amz_Target=target) == ("UnknownOperationException", None)

    def test_no_target(self, connection):
        assert refusal(connection, without=["X-Amz-Target"]) == ("UnknownOperationException", None)

    def test_the_target_comes_before_the_signature(self, connection):
        code, _ = refusal(connection, without=["X-Amz-Target", "Authorization"])
        assert code == "UnknownOperationException"

    def test_no_signature(self, connection):
        expected = (
            "MissingAuthenticationTokenException",
            "Request is missing Authentication Token",
        )
        assert refusal(connection, without=["Authorization"]) == expected
        assert refusal(connection, Authorization="Bearer 0123") == expected
        assert refusal(connection, b"", without=["Authorization"]) == expected

    def test_a_signature_that_lacks_parts(self, connection):
        code, text = refusal(connection, Authorization="AWS4-HMAC-SHA256", without=["X-Amz-Date"])
        assert code == "IncompleteSignatureException"
        assert text == (
            "Authorization header requires 'Credential' parameter."
            " Authorization header requires 'Signature' parameter."
            " Authorization header requires 'SignedHeaders' parameter."
            " Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
            " Authorization=AWS4-HMAC-SHA256"
        )
        _, text = refusal(connection, without=["X-Amz-Date"])
        assert text == (
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
            f" Authorization={AUTHORIZATION}"
        )

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            (
                "AWS4-HMAC-SHA256 Credential, Signature=0",
                (
                    "'Credential' not a valid key=value pair (missing equal-sign)"
                    " in Authorization header: 'AWS4-HMAC-SHA256 Credential, Signature=0'."
                ),
            ),
            (
                "AWS4-HMAC-SHA25 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
                "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ",
            ),
            (
                "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0",
                (
                    "Credential must have exactly 5 slash-delimited elements,"
                    " e.g. keyid/date/region/service/term, got 'a/b/c/d'"
                ),
            ),
        ],
    )
    def test_a_signature_that_cannot_be_read(self, connection, header, expected):
        refused = refusal(connection, Authorization=header)
        assert refused == ("IncompleteSignatureException", expected)

    def test_a_signed_url(self, connection):
        query = (
            "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-Signature=0"
            "&X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fdynamodb%2Faws4_request"
        )
        signed = f"{query}&X-Amz-SignedHeaders=host"
        assert ask(connection, path=signed, without=["Authorization"])[0] == 200
        assert refusal(connection, path=signed) == (
            "InvalidSignatureException",
            TWICE,
        )
        assert refusal(connection, path=query, without=["Authorization"]) == (
            "IncompleteSignatureException",
            NO_SIGNED_HEADERS,
        )


class TestWhatIsNotDone:
    def test_operations(self, client, monkeypatch):
        without(monkeypatch, "ListTables")
        with pytest.raises(ClientError) as caught:
            client.list_tables()
        response = caught.value.response
        assert response["Error"] == {
            "Code": "UnsupportedError",
            "Message": "ddbmock does not support the operation ListTables yet",
        }
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 501

    def test_bugs(self, client, monkeypatch, capsys):
        def fail(*_):
            raise ZeroDivisionError("a bug")

        monkeypatch.setattr(call_heads, "signer_of", fail)
        with pytest.raises(client.exceptions.InternalServerError) as caught:
            client.list_tables()
        response = caught.value.response
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert "ZeroDivisionError('a bug')" in response["Error"]["Message"]
        errors = capsys.readouterr().err
        assert "Traceback (most recent call last)" in errors
        assert errors.endswith("ZeroDivisionError: a bug\n")

    def test_bugs_in_responses(self, client, monkeypatch, capsys):
        def answer_nonsense(*_, **__):
            return {"TableNames": {"a set"}}

        monkeypatch.setattr(Service, "execute", answer_nonsense)
        with pytest.raises(client.exceptions.InternalServerError, match="a response holds set"):
            client.list_tables()
        assert "TypeError" in capsys.readouterr().err


class TestOtherOrigins:
    """Facts: what dynamodb.us-east-1.amazonaws.com answers to browsers."""

    ORIGIN: ClassVar = {"Origin": "https://shop.example"}

    def test_a_preflight_request_is_allowed_what_it_asks_for(self, connection):
        asked = {
            **self.ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-amz-target,authorization",
        }
        connection.request("OPTIONS", "/", headers=asked)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"")
        allowed = {
            name: value
            for name, value in response.headers.items()
            if name.startswith("access-control-")
        }
        assert allowed == {
            "access-control-allow-origin": "*",
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "x-amz-target,authorization",
            "access-control-max-age": "172800",
        }

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_answers_can_be_read_by_every_origin(self, connection, method):
        _, headers, _ = ask(connection, b"{}", method, **self.ORIGIN)
        assert headers["access-control-allow-origin"] == "*"
        assert "x-amzn-RequestId" in headers["access-control-expose-headers"]

    def test_without_an_origin_there_is_nothing_of_it(self, connection):
        for method in ("GET", "POST", "OPTIONS"):
            status, headers, _ = ask(connection, b"{}", method)
            assert [name for name in headers if name.startswith("access-control")] == []
        assert status == 404


class TestHosts:
    """A page cannot reach the endpoint by a name of its own that leads to this machine."""

    @pytest.mark.parametrize(
        "host", ["localhost:8000", "127.0.0.1", "127.9.9.9:1", "[::1]:8000", "ddb.localhost", ""]
    )
    def test_names_of_this_machine(self, connection, host):
        assert ask(connection, Host=host)[0] == 200

    def test_other_names(self, connection):
        status, _, content = ask(connection, Host="evil.example:8000")
        assert status == 403
        assert content == (
            b"evil.example is not a name of this machine: start ddbmock with"
            b" --allow-host evil.example to answer it\n"
        )

    @pytest.mark.parametrize(
        "host", ["localhost:80@evil.test", "[::1]evil.test", "localhost:80, a"]
    )
    def test_what_only_begins_like_a_name_of_this_machine(self, connection, host):
        status, _, content = ask(connection, Host=host)
        assert (status, content.partition(b" is")[0]) == (403, host.encode())

    def test_allowed_names(self):
        for allowed in ("ddb.test", "*"):
            with ddbmock.serve(allow_hosts=[allowed]) as url:
                inner = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
                with closing(inner):
                    assert ask(inner, Host="DDB.test:8000")[0] == 200


class TestLargeRequests:
    def test_others_are_answered_meanwhile(self, connection, url, monkeypatch):
        begun, release = threading.Event(), threading.Event()
        execute = Service.execute

        def wait(self, region, operation, request, *arguments, **options):
            if operation == "BatchGetItem":
                begun.set()
                assert release.wait(30)
            return execute(self, region, operation, request, *arguments, **options)

        monkeypatch.setattr(Service, "execute", wait)
        tables = {f"table-{number}": {"Keys": [{"id": {"S": "x"}}]} for number in range(5000)}
        large = json.dumps({"RequestItems": tables}).encode()
        with ThreadPoolExecutor(1) as threads:
            slow = threads.submit(
                ask, connection, large, X_Amz_Target="DynamoDB_20120810.BatchGetItem"
            )
            assert begun.wait(30)
            other = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
            with closing(other):
                assert ask(other)[0] == 200
            release.set()
            assert slow.result()[0] == 400


class TestServing:
    def test_it_ends(self, connection):
        before = threading.active_count()
        with ddbmock.serve() as url:
            address = urlsplit(url)
            inner = http.client.HTTPConnection(address.netloc, timeout=10)
            ask(inner)
            assert threading.active_count() > before
        assert threading.active_count() == before
        with closing(inner), pytest.raises(ConnectionRefusedError):
            inner.connect()

    def test_it_ends_on_errors_and_at_once(self):
        for _ in range(3):
            with pytest.raises(KeyError), ddbmock.serve():
                raise KeyError
        with ddbmock.serve():
            pass

    def test_it_lives_with_frozen_time(self):
        with ddbmock.serve() as url:
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
            with closing(connection), freeze_time("2026-05-01 12:00:00"):
                with ddbmock.serve():
                    # Long enough for each server to have set its timers.
                    threading.Event().wait(0.3)
                date = ask(connection)[1]["date"]
            assert date == "Fri, 01 May 2026 12:00:00 GMT"

    def test_two_at_a_time(self, connect):
        with ddbmock.serve() as one, ddbmock.serve() as other:
            assert one != other
            create_table(connect(url=one))
            assert connect(url=other).list_tables()["TableNames"] == []

    def test_a_port_that_is_taken(self, url):
        port = urlsplit(url).port
        text = f"127.0.0.1, port {port}: something else listens there already; --port {port + 1} or"
        with pytest.raises(MisuseError, match=text), ddbmock.serve(port=port):
            pass

    @pytest.mark.parametrize("port", [-1, 65536])
    def test_what_is_no_port(self, port):
        text = rf"port={port} is not a port: 0 to 65535, 0 for a free one"
        with pytest.raises(MisuseError, match=text), ddbmock.serve(port=port):
            pass

    def test_an_address_of_another_machine(self):
        with pytest.raises(MisuseError, match=r"cannot listen on 192\.0\.2\.1, port 0: .*[^)]$"):
            listen("192.0.2.1", 0)

    def test_addresses(self):
        with listen("127.0.0.1", 0) as listening:
            assert url_of(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
            assert is_loopback(listening)
        with socket.socket() as elsewhere:  # bound by nobody: the address is 0.0.0.0
            elsewhere.bind(("0.0.0.0", 0))  # noqa: S104
            assert not is_loopback(elsewhere)

    @pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
    def test_the_other_loopback(self):
        try:
            listening = listen("::1", 0)
        except MisuseError:
            pytest.skip("no IPv6 loopback here")
        with listening:
            assert url_of(listening).startswith("http://[::1]:")
            assert is_loopback(listening)

    def test_the_time_of_the_mock_is_reported(self, connection):
        with mock_dynamodb() as ddb:
            ddb.clock.freeze(0)
            assert ask(connection)[1]["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"

    def test_loopback_is_the_default(self):
        assert running.LOOPBACK == "127.0.0.1"
        with ddbmock.serve() as url:
            assert urlsplit(url).hostname == "127.0.0.1"
