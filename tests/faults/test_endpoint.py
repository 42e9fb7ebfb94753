"""Faults of a mock that is served over HTTP."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

import ddbmock

pytest.importorskip("uvicorn")

HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.PutItem",
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=host;x-amz-date, Signature=0123",
    "X-Amz-Date": "20260101T000000Z",
}
BODY = json.dumps({"TableName": "orders", "Item": {"id": {"S": "1"}}})


def post(url: str) -> tuple[int, bytes]:
    """The status and body that a PutItem is answered with."""
    address = urlsplit(url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as connection:
        connection.request("POST", "/", BODY, HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_errors_and_connections_that_break(ddb: Any, client: Any) -> None:
    with ddbmock.serve() as url:
        with ddb.faults.add(error="InternalServerError"):
            status, body = post(url)
            assert (status, json.loads(body)["message"]) == (500, "Internal server error")
        with (
            ddb.faults.add(error="ReadTimeoutError", when="after"),
            pytest.raises(http.client.IncompleteRead),
        ):
            post(url)
        assert ddb.tables["orders"].item_count == 1
        assert post(url) == (200, b"{}")
