"""A suite as projects have it: a thousand small tests, run by pytest with each backend.

What such a suite waits for is not the calls alone: it creates clients and sessions, creates a table
for each test, and begins and ends a mock. The floor answers every call with nothing at all, from
clients that botocore creates without help.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.backends import BACKENDS, ENVIRONMENT
from benchmarks.text import markdown

TESTS = 1_000
_ROUNDS = 3
_CONFTEST = {
    "ddbmock": """
import pytest
from ddbmock import mock_dynamodb

@pytest.fixture(autouse=True)
def dynamodb():
    with mock_dynamodb():
        yield
""",
    "moto": """
import pytest
from moto import mock_aws

@pytest.fixture(autouse=True)
def dynamodb():
    with mock_aws():
        yield
""",
    "floor": """
import botocore.client

class Answer:
    status_code = 200
    headers = {}

def answer_at_once(model, **_):
    answer = {"ResponseMetadata": {"HTTPStatusCode": 200}}
    if model.name == "GetItem":
        answer["Item"] = {"pk": {"S": "a"}, "n": {"N": "2"}}
    elif model.name == "UpdateItem":
        answer["Attributes"] = {"pk": {"S": "a"}, "n": {"N": "2"}}
    elif model.name == "DescribeTable":  # which PynamoDB calls before CreateTable
        answer["Table"] = {
            "TableName": "orders",
            "TableStatus": "ACTIVE",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        }
    elif model.name == "Query":
        answer.update(Items=[{"pk": {"S": "a"}, "n": {"N": "2"}}], Count=1, ScannedCount=1)
    return Answer, answer

_create_client = botocore.client.ClientCreator.create_client

def create_client(self, *args, **kwargs):
    client = _create_client(self, *args, **kwargs)
    client.meta.events.register_first("before-call.dynamodb.*", answer_at_once)
    return client

botocore.client.ClientCreator.create_client = create_client
""",
}
_TABLE = """
import boto3
import pytest

KEY = {"pk": {"S": "a"}}
TABLE = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}

def use(client):
    client.create_table(**TABLE)
    client.put_item(TableName="orders", Item={**KEY, "n": {"N": "1"}})
    client.update_item(
        TableName="orders", Key=KEY, UpdateExpression="ADD n :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )
    client.get_item(TableName="orders", Key=KEY)
    client.query(
        TableName="orders", KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "a"}},
    )
"""
#: Style -> what each test does.
_STYLES = {
    "a client for each test": """
@pytest.mark.parametrize("number", range(TESTS))
def test_client(number):
    use(boto3.client("dynamodb"))
""",
    "a session for each test": """
@pytest.mark.parametrize("number", range(TESTS))
def test_session(number):
    use(boto3.Session().client("dynamodb"))
""",
    "a resource and its Table": """
@pytest.mark.parametrize("number", range(TESTS))
def test_resource(number):
    resource = boto3.resource("dynamodb")
    resource.create_table(**TABLE)
    table = resource.Table("orders")
    table.put_item(Item={"pk": "a", "n": 1})
    table.update_item(Key={"pk": "a"}, UpdateExpression="ADD n :n",
                      ExpressionAttributeValues={":n": 1})
    table.get_item(Key={"pk": "a"})
    table.query(KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": "a"})
""",
    "models of PynamoDB": """
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

class Order(Model):
    class Meta:
        table_name = "orders"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    pk = UnicodeAttribute(hash_key=True)
    n = NumberAttribute()

@pytest.mark.parametrize("number", range(TESTS))
def test_model(number):
    Order.create_table(wait=True)
    order = Order("a", n=1)
    order.save()
    order.update(actions=[Order.n.add(1)])
    assert Order.get("a").n == 2
    assert [found.n for found in Order.query("a")] == [2]
""",
}


def suite_table() -> str:
    """Run each style with each backend, and return a table of the seconds of complete runs."""
    rows = []
    for style, code in _STYLES.items():
        seconds: dict[str, list[float]] = {backend: [] for backend in BACKENDS}
        for _ in range(_ROUNDS):
            for backend in BACKENDS:
                seconds[backend].append(_run(backend, code))
        medians = {backend: median(times) for backend, times in seconds.items()}
        spread = {backend: max(times) - min(times) for backend, times in seconds.items()}
        figures = [f"{medians[backend]:.1f} ± {spread[backend] / 2:.1f}" for backend in BACKENDS]
        ratios = [f"{medians[name] / medians['floor']:.2f}" for name in BACKENDS if name != "floor"]
        rows.append([style, *figures, *ratios])
    ratio_names = [f"{name} / floor" for name in BACKENDS if name != "floor"]
    return markdown([f"seconds for {TESTS:,} tests", *BACKENDS, *ratio_names], rows)


def _run(backend: str, code: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(_CONFTEST[backend])
        Path(folder, "test_suite.py").write_text(f"TESTS = {TESTS}\n{_TABLE}{code}")
        plugins = ["no:randomly", "no:ddbmock", "no:cacheprovider", "no:xdist", "no:benchmark"]
        command = [sys.executable, "-m", "pytest", "-q", folder, f"--rootdir={folder}"]
        command += [word for plugin in plugins for word in ("-p", plugin)]
        begin = time.perf_counter()
        done = subprocess.run(  # noqa: S603 (our own words)
            command, check=False, capture_output=True, text=True, env=ENVIRONMENT
        )
        seconds = time.perf_counter() - begin
    if not re.search(rf"^{TESTS} passed", done.stdout, re.MULTILINE):
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return seconds
