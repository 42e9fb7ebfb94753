"""What the tests of the switch share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import boto3

from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent.parent
KEY = {"id": {"S": "1"}}


def create_table(client: Any, name: str = "orders") -> None:
    client.create_table(**table_parameters(name))


def table_parameters(name: str = "orders") -> dict[str, Any]:
    return {
        "TableName": name,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def table_names(client: Any) -> list[str]:
    names: list[str] = client.list_tables()["TableNames"]
    return names


def refuse_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to reach something outside this process fail."""

    def refuse(*arguments: Any, **_: Any) -> NoReturn:
        raise AssertionError(f"something tried to leave the process: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def use_mock(number: int) -> list[Any]:
    """Call a mock of the interpreter that runs this."""
    with mock_dynamodb(region="eu-west-1") as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        for _ in range(number):
            client.update_item(
                TableName="orders",
                Key=KEY,
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
        return [len(ddb.calls), ddb.tables["orders"].plain_items]


def run_python(program: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own that has no AWS settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, *options, "-c", program],
        env={**inherited, **nowhere, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
