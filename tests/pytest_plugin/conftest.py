"""Runs of pytest with the plugin."""

from __future__ import annotations

import os
from textwrap import dedent
from typing import TYPE_CHECKING

import aiobotocore.httpsession
import aiobotocore.session  # noqa: F401 (see below)
import boto3  # noqa: F401 (see below)
import moto  # noqa: F401 (see below)
import pytest

# Runs inside this process forget the modules that they import: what is to stay is imported here.
import ddbmock.beside
import ddbmock.data
import ddbmock.mock
import ddbmock.report
import ddbmock.templates  # noqa: F401
from tests.switch.helpers import ROOT, plugin_options, refuse_connections

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

#: What the modules begin with.
PRELUDE = """
import boto3, pytest
from tests.switch.helpers import create_table, table_names, table_parameters

ORDERS = table_parameters("orders")

def put(id, table="orders"):
    boto3.client("dynamodb").put_item(TableName=table, Item={"id": {"S": id}})

def ids(ddb, table="orders"):
    return sorted(item["id"]["S"] for item in ddb.tables[table].items)
"""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_connections(monkeypatch)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest on a module in this process, with the plugin and without those of others."""

    def run(source: str, *options: str, plain: bool = True) -> pytest.RunResult:
        pytester.makepyfile(PRELUDE + dedent(source))
        before = dict(os.environ)
        result = pytester.runpytest_inprocess(*_chosen(plain=plain), *options)
        assert {**os.environ, "PYTEST_CURRENT_TEST": ""} == {**before, "PYTEST_CURRENT_TEST": ""}
        return result

    return run


@pytest.fixture
def run_apart(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest on a module in a process of its own, where nothing has been imported yet."""

    def run(source: str, *options: str, plain: bool = True) -> pytest.RunResult:
        pytester.makepyfile(PRELUDE + dedent(source))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        return pytester.runpytest_subprocess(*_chosen(plain=plain), *options)

    return run


def _chosen(*, plain: bool) -> list[str]:
    without = ["randomly", "cacheprovider", *(["asyncio", "xdist"] if plain else [])]
    return [part for name in without for part in ("-p", f"no:{name}")] + plugin_options()
