"""A subinterpreter has modules of its own, and so a mock of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.switch.helpers import run_python

INTERPRETERS = next(
    (name for name in ("_interpreters", "_xxsubinterpreters") if find_spec(name)), None
)
pytestmark = pytest.mark.skipif(INTERPRETERS is None, reason="Python has no subinterpreters here")

# In a process of its own, which a bug of Python may crash. An interpreter with a lock of its own is
# the only one of its process: with a second one, Python 3.12 crashes in modules of its own.
PROGRAM = """
import os
import sys

INNER = '''
import sys
sys.path[:] = %(path)r
import boto3
from ddbmock import mock_dynamodb

with mock_dynamodb(region="eu-west-1") as ddb:
    client = boto3.client("dynamodb")
    assert client.list_tables()["TableNames"] == []
    client.create_table(
        TableName="inner",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.put_item(TableName="inner", Item={"id": {"S": "1"}, "n": {"N": "1.5"}})
    client.update_item(
        TableName="inner",
        Key={"id": {"S": "1"}},
        UpdateExpression="ADD n :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )
    assert ddb.tables["inner"].items == [{"id": {"S": "1"}, "n": {"N": "2.5"}}]
'''
import boto3
import %(interpreters)s as interpreters
from ddbmock import mock_dynamodb


def run_inner(has_own_lock):
    if "_interpreters" == interpreters.__name__:
        inner = interpreters.create("isolated" if has_own_lock else "legacy")
        problem = interpreters.exec(inner, INNER)
        assert problem is None, problem.formatted
    else:
        inner = interpreters.create(isolated=has_own_lock)
        interpreters.run_string(inner, INNER)
    interpreters.destroy(inner)


with mock_dynamodb(region="eu-west-1") as ddb:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="outer",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    run_inner(%(has_own_lock)r)
    assert client.list_tables()["TableNames"] == ["outer"]
    assert [call.operation for call in ddb.calls] == ["CreateTable", "ListTables"]
"""


@pytest.mark.parametrize("has_own_lock", [False, True], ids=["shared lock", "lock of its own"])
def test_a_mock_in_a_subinterpreter(has_own_lock):
    if has_own_lock and sys.version_info < (3, 12):
        pytest.skip("interpreters have locks of their own since Python 3.12")
    settings = {"path": sys.path, "interpreters": INTERPRETERS, "has_own_lock": has_own_lock}
    done = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", PROGRAM % settings], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.version_info < (3, 14), reason="interpreters have pools since Python 3.14")
def test_mocks_in_several_interpreters_at_once():
    program = """
from concurrent.futures import InterpreterPoolExecutor
from tests.switch.helpers import use_mock
with InterpreterPoolExecutor(3) as pool:
    print(list(pool.map(use_mock, range(1, 7))))
"""
    done = run_python(program)
    expected = [[1 + number, [{"id": "1", "n": number}]] for number in range(1, 7)]
    assert (done.returncode, done.stdout.strip()) == (0, str(expected)), done.stderr
