"""A typical suite: a thousand small tests, run by pytest with each backend.

What such a suite waits for is not the calls alone: it creates clients and sessions, creates a table
for each test, and begins and ends a mock. A fifth of the tests is written in each style. The floor
answers every call with nothing at all, from clients that botocore creates without help.

"moto, ddbmock beside it" is the suite for moto as it is, with `pytest --ddbmock-with-moto`.
Asynchronous tests are a suite of their own, as moto cannot answer them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.backends import ENVIRONMENT
from benchmarks.text import markdown

#: The number of tests of each style, of which there are five.
TESTS = 200
#: Backend -> the number of its runs, which alternate with the others.
ROUNDS = {"floor": 2, "ddbmock": 3}
if find_spec("moto"):
    ROUNDS |= {"moto": 1, "moto, ddbmock beside it": 2}
_WHOLE = "all 1,000 tests, with pytest's start"
#: Style -> backend -> milliseconds a test; of `_WHOLE`, seconds.
Figures = dict[str, dict[str, list[float]]]

#: Every suite records the time of the tests of each of its files.
_NOTES = """
import collections, json, os

_seconds = collections.Counter()

def pytest_runtest_logreport(report):
    _seconds[report.fspath] += report.duration

def pytest_sessionfinish():
    with open(os.environ["NOTES"], "w") as file:
        json.dump(_seconds, file)
"""
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

try:
    import aiobotocore.client
except ImportError:
    aiobotocore = None

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

if aiobotocore:
    _create_aio_client = aiobotocore.client.AioClientCreator.create_client

    async def create_aio_client(self, *args, **kwargs):
        client = await _create_aio_client(self, *args, **kwargs)
        client.meta.events.register_first("before-call.dynamodb.*", answer_at_once)
        return client

    aiobotocore.client.AioClientCreator.create_client = create_aio_client
""",
}
_CONFTEST["moto, ddbmock beside it"] = _CONFTEST["moto"]
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
#: Style -> the code of its tests.
_STYLES = {
    "a client for each test": """
@pytest.mark.parametrize("number", range(TESTS))
def test_client(number):
    use(boto3.client("dynamodb"))
""",
    "one client for all tests": """
@pytest.fixture(scope="session")
def client():
    return boto3.client("dynamodb")

@pytest.mark.parametrize("number", range(TESTS))
def test_client(number, client):
    use(client)
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


_ASYNCHRONOUS = {
    "a session of aiobotocore for each test": """
from aiobotocore.session import get_session

@pytest.mark.parametrize("number", range(TESTS))
@pytest.mark.asyncio
async def test_asynchronous(number):
    async with get_session().create_client("dynamodb") as client:
        await client.create_table(**TABLE)
        await client.put_item(TableName="orders", Item={**KEY, "n": {"N": "1"}})
        await client.update_item(
            TableName="orders", Key=KEY, UpdateExpression="ADD n :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
        await client.get_item(TableName="orders", Key=KEY)
        await client.query(
            TableName="orders", KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": "a"}},
        )
""",
}


def measure() -> Figures:
    """Run the suites with each backend, alternating."""
    figures: Figures = defaultdict(lambda: defaultdict(list))
    for number in range(max(ROUNDS.values())):
        for backend, rounds in ROUNDS.items():
            if number < rounds:
                for style, value in _run(backend, _STYLES).items():
                    figures[style][backend].append(value)
    if find_spec("aiobotocore"):
        for _ in range(ROUNDS["floor"]):
            for backend in ("floor", "ddbmock"):
                (style, value), _whole = _run(backend, _ASYNCHRONOUS).items()
                figures[style][backend].append(value)
    return figures


def suite_table(figures: Figures) -> str:
    """Return a table of the medians and spreads."""
    others = [name for name in ROUNDS if name != "floor"]
    rows = []
    for style, found in figures.items():
        unit = "s" if style == _WHOLE else "ms"
        row = [style, *(_text(found.get(name, []), unit) for name in ROUNDS)]
        floor = median(found["floor"])
        row += [f"{median(found[name]) / floor:.2f}" if name in found else "" for name in others]
        rows.append(row)
    head = ["a test, median ± half of the spread", *ROUNDS]
    return markdown([*head, *(f"{name} / floor" for name in others)], rows)


def _text(values: list[float], unit: str) -> str:
    if not values:
        return ""
    spread = f" ± {(max(values) - min(values)) / 2:.1f}" if len(values) > 1 else ""
    return f"{median(values):.1f}{spread} {unit}"


def _run(backend: str, styles: dict[str, str]) -> dict[str, float]:
    """Return the milliseconds per test of each style, and the seconds of the complete run."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(_NOTES + _CONFTEST[backend])
        for number, code in enumerate(styles.values()):
            suite = f"TESTS = {TESTS}\n{_TABLE}{code}"
            Path(folder, f"test_style_{number}.py").write_text(suite)
        plugins = ["no:randomly", "no:cacheprovider", "no:xdist", "no:benchmark"]
        command = [sys.executable, "-m", "pytest", "-q", folder, f"--rootdir={folder}"]
        if backend == "moto, ddbmock beside it":
            command.append("--ddbmock-with-moto")
        else:
            plugins.append("no:ddbmock")
        command += [word for plugin in plugins for word in ("-p", plugin)]
        notes = Path(folder, "notes.json")
        begin = time.perf_counter()
        done = subprocess.run(  # noqa: S603 (our own words)
            command, check=False, capture_output=True, text=True,
            env={**ENVIRONMENT, "NOTES": str(notes)},
        )  # fmt: skip
        seconds = time.perf_counter() - begin
        if not re.search(rf"^{TESTS * len(styles)} passed", done.stdout, re.MULTILINE):
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        noted: dict[str, float] = json.loads(notes.read_text())
    by_style = {
        style: noted[f"test_style_{number}.py"] / TESTS * 1e3 for number, style in enumerate(styles)
    }
    return {**by_style, _WHOLE: seconds}
