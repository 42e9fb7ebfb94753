"""Several interpreters in one process: a mock is seen by its own interpreter and by no other."""

from __future__ import annotations

import subprocess
import sys

#: The main interpreter runs a test in others, in the middle of a mock of its own.
_PROGRAM = '''
from importlib import import_module

import boto3
from ddbmock import mock_dynamodb

TEST = """
import boto3
from ddbmock import mock_dynamodb
from ddbmock._internal.hook import active

assert active.current is None
with mock_dynamodb(region="us-east-1") as ddb:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="inner",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.put_item(TableName="inner", Item={"pk": {"S": "a"}})
    assert client.get_item(TableName="inner", Key={"pk": {"S": "a"}})["Item"]
    assert list(ddb.tables) == ["inner"]
    print("done", flush=True)
"""

for name in ("_interpreters", "_xxsubinterpreters"):
    try:
        interpreters = import_module(name)
    except ModuleNotFoundError:
        continue
    break

with mock_dynamodb() as ddb:
    run = getattr(interpreters, "run_string", None) or interpreters.exec
    for _ in range(2):
        run(interpreters.create(), TEST)
    assert len(ddb.tables) == 0
'''


def test_each_interpreter_has_mocks_of_its_own() -> None:
    result = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-W", "ignore", "-c", _PROGRAM],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout.split()) == (0, ["done"] * 2), result.stderr
