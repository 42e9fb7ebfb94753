"""Faults of a mock that is served over HTTP."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

import ddbmock
from ddbmock import MisuseError
from ddbmock._internal.server import faults_of_file

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.PutItem",
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=host;x-amz-date, Signature=0123",
    "X-Amz-Date": "20260101T000000Z",
}
BODY = json.dumps({"TableName": "orders", "Item": {"id": {"S": "1"}}})


def send(
    url: str, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and body that a request is answered with."""
    address = urlsplit(url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as connection:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()


def post(url: str) -> tuple[int, bytes]:
    """The status and body that a PutItem is answered with."""
    return send(url, "POST", "/", BODY, HEADERS)


def call(url: str, operation: str, request: dict[str, Any]) -> tuple[int, Any]:
    """The status and decoded body that a call is answered with."""
    headers = {**HEADERS, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    status, body = send(url, "POST", "/", json.dumps(request), headers)
    return status, json.loads(body)


TABLE = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
}


def test_errors_and_connections_that_break(ddb: Any, client: Any) -> None:
    with ddbmock.serve() as url:
        with ddb.faults.add(error="InternalServerError"):
            status, body = post(url)
            assert (status, json.loads(body)["message"]) == (500, "Internal server error")
        with (
            ddb.faults.add(error="ReadTimeoutError", when="after"),
            pytest.raises(http.client.RemoteDisconnected),
        ):
            post(url)
        assert ddb.tables["orders"].item_count == 1
        assert post(url) == (200, b"{}")


# --- faults of the endpoint's own tables ---------------------------------------------------------

ONCE = {"operation": "PutItem", "error": "InternalServerError", "times": 1}
ROUTE = "/_ddbmock/faults"


def test_faults_for_every_access_key() -> None:
    with ddbmock.serve(faults=[ONCE]) as url:
        for key in ("AKID", "OTHER"):
            headers = {**HEADERS, "Authorization": HEADERS["Authorization"].replace("AKID", key)}
            target = {**headers, "X-Amz-Target": "DynamoDB_20120810.CreateTable"}
            assert send(url, "POST", "/", json.dumps(TABLE), target)[0] == 200
            assert [send(url, "POST", "/", BODY, headers)[0] for _ in range(2)] == [500, 200]


def test_the_route() -> None:
    with ddbmock.serve(fault_route=True) as url:
        assert call(url, "CreateTable", TABLE)[0] == 200
        status, body = send(url, "POST", ROUTE, json.dumps(ONCE))
        assert (status, json.loads(body)) == (
            200,
            {"faults": {"AKID": ["PutItem: InternalServerError (happened 0 of 1, in 0 attempts)"]}},
        )
        assert [post(url)[0] for _ in range(2)] == [500, 200]
        assert b"happened 1 of 1, in 2 attempts" in send(url, "GET", ROUTE)[1]
        send(url, "POST", ROUTE, json.dumps([ONCE, ONCE]))
        assert json.loads(send(url, "DELETE", ROUTE)[1]) == {"faults": {"AKID": []}}
        assert post(url)[0] == 200


@pytest.mark.parametrize(
    ("method", "body", "headers", "status", "text"),
    [
        ("POST", "nonsense", {}, 400, "expected is a JSON object"),
        ("POST", "[1]", {}, 400, "a fault is an object"),
        ("POST", "[" * 100_000, {}, 400, "expected is a JSON object"),
        ("POST", '{"error": "InternalServerError", "table": 5}', {}, 400, "takes a text, not 5"),
        ("POST", '{"error": "Nonsense"}', {}, 400, "an error is a code of the service"),
        ("POST", '{"errors": 1}', {}, 400, "a fault cannot be added"),
        ("PUT", "", {}, 405, "GET lists the faults"),
        ("GET", "", {"Origin": "https://example.org"}, 403, "from this machine only"),
        ("GET", "", {"Host": "example.org"}, 403, "example.org"),
    ],
)
def test_what_the_route_refuses(
    method: str, body: str, headers: dict[str, str], status: int, text: str
) -> None:
    with ddbmock.serve(fault_route=True) as url:
        response = send(url, method, ROUTE, body, headers)
        assert response[0] == status
        assert text in response[1].decode()
        assert b"AKID" not in send(url, "GET", ROUTE)[1]


def test_without_being_asked_for_there_is_no_route(ddb: Any, client: Any) -> None:
    with ddbmock.serve() as url:
        assert send(url, "POST", ROUTE, json.dumps(ONCE))[0] == 404
        assert len(ddb.faults) == 0


def test_the_route_reaches_a_mock_of_this_process(ddb: Any, client: Any) -> None:
    with ddbmock.serve(fault_route=True) as url:
        send(url, "POST", ROUTE, json.dumps(ONCE))
        assert len(ddb.faults) == 1


def test_throughput_lag_and_chaos() -> None:
    with ddbmock.serve(throughput=1, lag=60) as url:
        assert call(url, "CreateTable", TABLE)[0] == 200
        put = {"TableName": "orders", "Item": {"id": {"S": "1"}, "data": {"S": "x" * 50_000}}}
        assert call(url, "PutItem", put)[0] == 200
        status, error = call(url, "PutItem", put)
        assert (status, error["ThrottlingReasons"][0]["reason"]) == (
            400,
            "TableWriteProvisionedThroughputExceeded",
        )
        assert call(url, "GetItem", {"TableName": "orders", "Key": {"id": {"S": "1"}}})[1] == {}
    with ddbmock.serve(chaos=1.0, seed=5) as url:
        assert call(url, "CreateTable", TABLE)[0] == 200
        assert [succeeds(url) for _ in range(6)] == [False, False, True] * 2


def succeeds(url: str) -> bool:
    """Whether a read is answered, and not with an error."""
    try:
        return call(url, "GetItem", {"TableName": "orders", "Key": {"id": {"S": "1"}}})[0] == 200
    except http.client.HTTPException:
        return False


def test_files_of_faults(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text(json.dumps({"faults": [ONCE]}))
    assert faults_of_file(str(path)) == [ONCE]
    with pytest.raises(MisuseError, match="cannot be read: No such file"):
        faults_of_file(str(tmp_path / "none.json"))
    path.write_text("{")
    with pytest.raises(MisuseError, match="expected is a JSON object"):
        faults_of_file(str(path))
