"""Clients, resources, sessions and tables that existed before: before the mock, before the import.

Each program runs in a process of its own, where ddbmock is imported when the program says so.
"""

from __future__ import annotations

import pytest

from tests.switch.helpers import run_python

PRELUDE = """
import socket, sys
def refuse(*arguments):
    raise AssertionError(f"something tried to leave the process: {arguments}")
socket.socket.connect = socket.getaddrinfo = refuse

import boto3, botocore.session
"""

SCHEMA = """
SCHEMA = dict(
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
"""

CREDENTIALS = 'aws_access_key_id="REAL", aws_secret_access_key="secret"'


def run(program: str) -> None:
    result = run_python(PRELUDE + SCHEMA + program, AWS_EC2_METADATA_DISABLED="true")
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1:] == ["done"]


def test_clients() -> None:
    run(f"""
clients = [
    boto3.client("dynamodb", region_name="us-east-1"),
    boto3.client("dynamodb", region_name="us-east-1", {CREDENTIALS}),
    boto3.client("dynamodb", "eu-west-1", endpoint_url="http://localhost:1", {CREDENTIALS}),
    boto3.Session(region_name="us-east-1", {CREDENTIALS}).client("dynamodb"),
    botocore.session.get_session().create_client("dynamodb", "us-east-1"),
    boto3.resource("dynamodb", region_name="us-east-1").meta.client,
]
assert "ddbmock" not in sys.modules
from ddbmock import mock_dynamodb
for client in clients:
    for _ in range(2):
        with mock_dynamodb() as ddb:
            client.create_table(TableName="orders", **SCHEMA)
            assert client.list_tables()["TableNames"] == ["orders"]
            assert ddb.tables["orders"].region == client.meta.region_name
for client in clients:
    try:
        client.list_tables()
    except Exception as error:
        assert "ddbmock" not in type(error).__module__
    else:
        raise AssertionError("something answered without a mock")
print("done")
""")


def test_sessions_resources_and_tables() -> None:
    run("""
boto3.setup_default_session()
session = boto3.Session()
resource = boto3.resource("dynamodb", region_name="us-east-1")
table = resource.Table("orders")
from ddbmock import mock_dynamodb
between = boto3.Session()
with mock_dynamodb() as ddb:
    resource.create_table(TableName="orders", **SCHEMA)
    table.put_item(Item={"id": "1"})
    for made_by in (boto3, session, between):
        client = made_by.client("dynamodb")
        assert client.list_tables()["TableNames"] == ["orders"]
print("done")
""")


def test_handlers_of_older_clients_still_run() -> None:
    run("""
client = boto3.client("dynamodb", region_name="us-east-1")
seen = []
client.meta.events.register("before-sign.dynamodb.*", lambda **_: seen.append(1))
from ddbmock import mock_dynamodb
with mock_dynamodb():
    client.list_tables()
assert seen == [1]
print("done")
""")


def test_handlers_are_added_once() -> None:
    run("""
older = boto3.client("dynamodb", region_name="us-east-1")
from ddbmock import mock_dynamodb
with mock_dynamodb():
    newer = older.meta.events and boto3.client("dynamodb")
    session = boto3._get_default_session()._session
    derived = boto3.Session(botocore_session=session).client("dynamodb")
from ddbmock._internal.hook import registration
for client in (older, newer, derived):
    emitter = client.meta.events._emitter
    for event, handler in registration.HANDLERS:
        assert list(emitter._handlers.prefix_search(event)).count(handler) == 1, event
print("done")
""")


def test_nothing_is_searched_when_there_was_no_botocore() -> None:
    result = run_python("""
import gc
from ddbmock import mock_dynamodb
gc.get_objects = None
import boto3
with mock_dynamodb():
    assert boto3.client("dynamodb").list_tables()["TableNames"] == []
print("done")
""")
    assert (result.stdout, result.stderr) == ("done\n", "")


def test_importing_the_package_imports_nothing_heavy() -> None:
    result = run_python("""
import sys, os
environment = dict(os.environ)
import ddbmock
assert not {"boto3", "botocore", "wrapt", "pytest", "sortedcontainers"} & set(sys.modules)
from ddbmock import mock_dynamodb
assert not {"boto3", "pytest", "aiobotocore"} & set(sys.modules)
assert dict(os.environ) == environment
print("done")
""")
    assert (result.stdout, result.stderr) == ("done\n", "")


def test_a_library_that_is_loaded_inside_a_mock() -> None:
    pytest.importorskip("aiobotocore")
    result = run_python("""
import asyncio, sys
from ddbmock import mock_dynamodb

async def names():
    from aiobotocore.session import get_session
    async with get_session().create_client("dynamodb") as client:
        return (await client.list_tables())["TableNames"]

with mock_dynamodb():
    assert "aiobotocore" not in sys.modules
    assert asyncio.run(names()) == []
import aiobotocore.session
assert "wrapt" not in type(aiobotocore.session.AioSession.create_client).__module__
print("done")
""")
    assert (result.stdout, result.stderr) == ("done\n", "")
