"""How programs and their tests come to a mock, and what must never get past it."""

from __future__ import annotations

import functools
import os
import textwrap
import time
from contextlib import suppress
from typing import Any

import boto3
import botocore.client
import botocore.session
import pytest
import wrapt
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from ddbmock import UnsupportedError, mock_dynamodb
from ddbmock._internal.hook.active import is_active
from tests.pytest_runs import run_inprocess
from tests.switch.helpers import (
    create_table,
    refuse_connections,
    run_python,
    table_names,
)

pytest_plugins = ["pytester"]

KEYS = {"aws_access_key_id": "REAL", "aws_secret_access_key": "secret"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    refuse_connections(monkeypatch)


# --- clients that a program keeps somewhere --------------------------------------------------

MODULE_CLIENT = boto3.client("dynamodb", region_name="us-east-1", **KEYS)
MODULE_TABLE = boto3.resource("dynamodb", region_name="us-east-1").Table("orders")


@functools.lru_cache
def cached_client():
    return boto3.client("dynamodb", region_name="us-east-1", endpoint_url="http://localhost:1")


class Repository:
    client = boto3.Session(region_name="us-east-1", **KEYS).client("dynamodb")

    def names(self, client=MODULE_CLIENT):
        return table_names(client)


KEPT = {
    "of a module": lambda: MODULE_CLIENT,
    "of a module's table": lambda: MODULE_TABLE.meta.client,
    "in a cache": cached_client,
    "of a class": lambda: Repository.client,
}


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("turn", [1, 2])
def test_kept_clients_are_answered_and_let_go(kept, turn):
    kept()
    with mock_dynamodb():
        create_table(kept())
        assert Repository().names() == table_names(kept()) == ["orders"]
        MODULE_TABLE.put_item(Item={"id": "1"})
    with pytest.raises((HTTPClientError, BotoCoreError)):
        kept().list_tables()


# --- nothing leaves the process --------------------------------------------------------------

SERVICES = ("dynamodb", "dynamodbstreams")
SOMETHING = {"structure": dict, "map": dict, "list": list, "long": int, "boolean": bool}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("path", ["short", "full"])
def test_no_operation_leaves_the_process(ddb, service, path):
    """What is not done yet, and what is refused, does not either."""
    client = boto3.client(service, config=Config(parameter_validation=False))
    if path == "full":
        client.meta.events.register("before-sign", lambda **_: None)
    model = client.meta.service_model
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        required = {name: shape.members[name].type_name for name in shape.required_members}
        parameters = {name: SOMETHING.get(kind, str)() for name, kind in required.items()}
        with suppress(ClientError, UnsupportedError):
            client._make_api_call(operation, parameters)


@pytest.mark.parametrize(
    "options",
    [
        {"endpoint_discovery_enabled": True},
        {"use_fips_endpoint": True},
        {"use_dualstack_endpoint": True},
        {"proxies": {"https": "http://proxy.invalid:1"}},
        {"retries": {"mode": "adaptive", "max_attempts": 2}},
        {"inject_host_prefix": False, "tcp_keepalive": True, "max_pool_connections": 99},
        {"signature_version": "v4", "user_agent_extra": "x", "defaults_mode": "standard"},
    ],
    ids=lambda options: next(iter(options)),
)
@pytest.mark.parametrize("path", ["short", "full"])
def test_whatever_a_client_is_set_to(ddb, options, path):
    client = boto3.client("dynamodb", region_name="us-west-2", config=Config(**options))
    if path == "full":
        client.meta.events.register("before-sign", lambda **_: None)
    create_table(client)
    client.put_item(TableName="orders", Item={"id": {"S": "1"}})
    assert ddb.tables["orders"].region == "us-west-2"


def test_tracers_that_wrap_botocore_see_every_call(ddb):
    """As OpenTelemetry, the X-Ray SDK and many a test suite do."""
    seen = []

    def trace(wrapped, _client, args, kwargs):
        seen.append(args[0])
        return wrapped(*args, **kwargs)

    original = vars(botocore.client.BaseClient)["_make_api_call"]
    wrapt.wrap_function_wrapper("botocore.client", "BaseClient._make_api_call", trace)
    try:
        create_table(boto3.client("dynamodb"))
    finally:
        botocore.client.BaseClient._make_api_call = original
    assert seen == ["CreateTable"]
    assert list(ddb.tables) == ["orders"]


# --- credentials and environment -------------------------------------------------------------

PROFILES = """
[profile process]
region = eu-west-1
credential_process = {touch}
[profile sso]
region = eu-west-2
sso_start_url = https://example.invalid/start
sso_region = eu-west-2
sso_account_id = 111111111111
sso_role_name = dev
[profile role]
region = eu-west-3
role_arn = arn:aws:iam::111111111111:role/dev
source_profile = process
"""


@pytest.fixture
def profiles(tmp_path, monkeypatch):
    """Profiles that would look for real credentials, and a record of attempts."""
    trace = tmp_path / "was-run"
    config = tmp_path / "config"
    config.write_text(PROFILES.format(touch=f"touch {trace}"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    return trace


PROFILE_REGIONS = {"process": "eu-west-1", "sso": "eu-west-2", "role": "eu-west-3"}


@pytest.mark.parametrize("profile", PROFILE_REGIONS)
def test_a_profile_gives_its_region_and_is_asked_for_nothing_else(ddb, profiles, profile):
    for make_client in (
        boto3.Session(profile_name=profile).client,
        botocore.session.Session(profile=profile).create_client,
    ):
        client = make_client("dynamodb")
        client.meta.events.register("before-sign", lambda **_: None)
        client.list_tables()
        assert client.meta.region_name == PROFILE_REGIONS[profile]
    assert not profiles.exists()


@pytest.mark.parametrize("profile", PROFILE_REGIONS)
async def test_the_same_for_async_clients(ddb, profiles, profile):
    sessions = pytest.importorskip("aiobotocore.session")
    async with sessions.AioSession(profile=profile).create_client("dynamodb") as client:
        client.meta.events.register("before-sign", lambda **_: None)
        await client.list_tables()
        assert client.meta.region_name == PROFILE_REGIONS[profile]
    assert not profiles.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/x"},
        {"AWS_ENDPOINT_URL": "http://localhost:1"},
        {"AWS_ENDPOINT_URL_DYNAMODB": "http://localhost:1"},
        {"AWS_ACCESS_KEY_ID": "REAL", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"},
        {"HTTPS_PROXY": "http://proxy.invalid:1"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_settings_of_the_environment_reach_nothing_and_stay(monkeypatch, settings):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with mock_dynamodb():
        client = boto3.Session().client("dynamodb")
        client.meta.events.register("before-sign", lambda **_: None)
        create_table(client)
        assert dict(os.environ) == before
    assert dict(os.environ) == before


def test_importing_and_mocking_write_no_environment():
    result = run_python(
        """
import os
before = dict(os.environ)
import ddbmock, ddbmock._internal.mock
assert dict(os.environ) == before
import boto3
try:
    with ddbmock.mock_dynamodb():
        boto3.client("dynamodb").list_tables()
        assert dict(os.environ) == before
        raise KeyError
except KeyError:
    assert dict(os.environ) == before
    print("done")
"""
    )
    assert (result.stderr, result.stdout) == ("", "done\n")


# --- when a test has a fresh backend -----------------------------------------------------------

PRELUDE = """
import unittest
import boto3, pytest
from ddbmock import mock_dynamodb
from tests.switch.helpers import create_table, table_names

def make(name):
    create_table(boto3.client("dynamodb"), name)

def names():
    return table_names(boto3.client("dynamodb"))
"""


@pytest.fixture
def run_pytest(pytester):
    def run(source, passed):
        pytester.makepyfile(PRELUDE + textwrap.dedent(source))
        pytest.importorskip("pytest_randomly")
        for plugins in ([], ["randomly"]):
            result = run_inprocess(pytester, plugins=plugins)
            result.assert_outcomes(passed=passed)
            assert not is_active()

    return run


def test_parametrized_tests_share_nothing(run_pytest):
    run_pytest(
        """
        @pytest.mark.parametrize("number", range(3))
        @mock_dynamodb
        def test_decorated(number):
            make("orders")
            assert names() == ["orders"]

        @pytest.mark.parametrize("number", range(3))
        def test_with_the_fixture(ddb, number):
            make("orders")
            assert names() == ["orders"]

        @mock_dynamodb
        class TestInAClass:
            @pytest.mark.parametrize("number", range(3))
            def test_it(self, number):
                make("orders")
                assert names() == ["orders"]
        """,
        passed=9,
    )


def test_fixtures_that_make_tables_stand_in_any_order(run_pytest):
    run_pytest(
        """
        @pytest.fixture
        @mock_dynamodb
        def users():
            make("users")
            yield
            assert "users" in names()

        @pytest.fixture
        def orders(ddb):
            make("orders")

        @pytest.fixture
        def items():
            with mock_dynamodb():
                make("items")
                yield

        def test_one(users, orders, items):
            assert names() == ["items", "orders", "users"]

        def test_two(items, orders, users):
            assert names() == ["items", "orders", "users"]

        @mock_dynamodb
        def test_three(orders, users):
            assert names() == ["orders", "users"]
            with mock_dynamodb():
                make("inner")
            assert names() == ["inner", "orders", "users"]

        def test_four(users):
            assert names() == ["users"]
        """,
        passed=4,
    )


def test_set_ups_that_are_inherited_from_anywhere(run_pytest):
    run_pytest(
        """
        class Tables:  # no TestCase
            def setUp(self):
                super().setUp()
                make("mixed-in")

        @mock_dynamodb
        class TestMixedIn(Tables, unittest.TestCase):
            def setUp(self):
                super().setUp()
                make("own")

            def test_one(self):
                assert names() == ["mixed-in", "own"]
                make("left-behind")

            test_two = test_one

        class Base:
            def setup_method(self):
                make("base")

        @mock_dynamodb
        class TestPlain(Base):
            @pytest.fixture(autouse=True)
            def table(self):
                make("fixture")

            def test_one(self):
                assert names() == ["base", "fixture"]
                make("left-behind")

            test_two = test_one
        """,
        passed=4,
    )


# --- what a mock costs -----------------------------------------------------------------------


def test_entering_and_leaving_costs_next_to_nothing():
    def seconds(turns: int) -> float:
        started = time.perf_counter()
        for _ in range(turns):
            with mock_dynamodb():
                pass
        return time.perf_counter() - started

    seconds(10)
    # Measured: 30 us. The bound is a hundred times that, for a busy machine.
    assert min(seconds(20) for _ in range(5)) / 20 < 0.003


def test_a_session_that_lived_through_mocks_is_as_before():
    session: Any = boto3.Session(region_name="us-east-1")
    handlers = session._session.get_component("event_emitter")._emitter._handlers
    before = len(handlers.prefix_search("before-call.dynamodb"))
    for _ in range(3):
        with mock_dynamodb():
            table_names(session.client("dynamodb"))
    assert len(handlers.prefix_search("before-call.dynamodb")) == before
