"""Runs of pytest with the plugin."""

from __future__ import annotations

import os
from contextlib import suppress
from textwrap import dedent
from typing import TYPE_CHECKING

import boto3  # noqa: F401 (see below)
import moto  # noqa: F401 (see below)
import pytest

# Runs inside this process forget the modules that they import: what is to stay is imported here.
with suppress(ImportError):  # the newest botocore has none
    import aiobotocore.httpsession
    import aiobotocore.session  # noqa: F401

from tests.pytest_runs import run_inprocess, run_subprocess
from tests.switch.helpers import refuse_connections

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    """Run pytest on a module in this process."""

    def run(source: str, *options: str, plugins: Sequence[str] = ()) -> pytest.RunResult:
        pytester.makepyfile(PRELUDE + dedent(source))
        before = _aws_settings()
        result = run_inprocess(pytester, *options, plugins=plugins)
        assert _aws_settings() == before
        return result

    return run


def _aws_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


@pytest.fixture
def run_apart(pytester: pytest.Pytester) -> Run:
    """Run pytest on a module in a process of its own, where nothing has been imported yet."""

    def run(source: str, *options: str, plugins: Sequence[str] = ()) -> pytest.RunResult:
        pytester.makepyfile(PRELUDE + dedent(source))
        return run_subprocess(pytester, *options, plugins=plugins)

    return run
