"""What the tests of reports share: pytest runs on a small suite, and one page."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import boto3  # noqa: F401 (runs inside this process forget what they import)
import pytest

import ddbmock._internal.data
import ddbmock._internal.mock
import ddbmock._internal.report  # noqa: F401
from tests.pytest_runs import ENVIRONMENT, plugin_options, run_inprocess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SUITE = """
import boto3, pytest
from boto3.dynamodb.conditions import Attr, Key
from ddbmock import mock_dynamodb
from tests.operations.orders_table import create_orders

@pytest.fixture
def orders(dynamodb_client, dynamodb_resource):
    create_orders(dynamodb_client)
    return dynamodb_resource.Table("orders")

def order(nr, **more):
    return {"customer": "ada", "nr": nr, **more}
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    """Run pytest on a module of tests of orders."""

    def run(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_orders=SUITE + dedent(source))
        return run_inprocess(pytester, *options)

    return run


MANY = """
@pytest.mark.parametrize("customer", ["ada", "<b>ben</b>"])
def test_orders(orders, customer):
    with orders.batch_writer() as batch:
        for nr in range(60):
            city = ["Bern", "Basel"][nr % 2]
            batch.put_item({"customer": customer, "nr": nr, "city": city, "text": "x" * 100 * nr})
    orders.query(KeyConditionExpression=Key("customer").eq(customer), Limit=20)
    orders.query(IndexName="by_city", KeyConditionExpression=Key("city").eq("Bern"))
    orders.scan(FilterExpression=Attr("city").eq("Basel") & Attr("nr").lt(9))

@pytest.mark.parametrize("number", range(30))
def test_one(orders, number):
    for nr in range(number):
        orders.put_item(Item=order(nr))
        orders.get_item(Key={"customer": "ada", "nr": nr})

def test_fails(orders):
    orders.put_item(Item=order(1))
    orders.put_item(Item=order(1), ConditionExpression=Attr("nr").not_exists())
"""


@pytest.fixture(scope="session")
def page_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a suite with many calls."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "test_orders.py").write_text(SUITE + MANY, encoding="utf-8")
    options = [*plugin_options(), "--ddbmock-report=html:out/page.html"]
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 32 passed" in done.stdout, done.stdout + done.stderr
    return folder / "out" / "page.html"
