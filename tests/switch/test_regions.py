"""A region is never needed: a client that names none is in the region of the mock that answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import NoRegionError, ProfileNotFound

from ddbmock import mock_dynamodb
from tests.switch.helpers import create_table, run_python, table_names

if TYPE_CHECKING:
    from pathlib import Path

#: A program whose clients are created at import, as a Lambda function's are.
PROGRAM = """
import boto3
import botocore.session

CLIENTS = [
    boto3.client("dynamodb"),
    boto3.resource("dynamodb").Table("orders").meta.client,
    boto3.Session().client("dynamodb"),
    botocore.session.get_session().create_client("dynamodb"),
    boto3.client("dynamodb", endpoint_url="http://localhost:1"),
]
STREAMS = boto3.client("dynamodbstreams")
"""
SCHEMA = """
SCHEMA = dict(
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
"""


def run(program: str, **environment: str) -> None:
    settings = {"AWS_EC2_METADATA_DISABLED": "true", **environment}
    result = run_python(SCHEMA + program, **settings)
    assert (result.stderr, result.stdout) == ("", "done\n")


@pytest.mark.parametrize("loaded", ["import ddbmock", "import ddbmock.pytest_plugin"])
def test_clients_of_a_program_that_is_imported_before_any_mock(loaded: str) -> None:
    run(
        f"""
{loaded}
{PROGRAM}
import ddbmock
for region in ("eu-west-1", "us-west-2"):
    with ddbmock.mock_dynamodb(region=region) as ddb:
        for number, client in enumerate(CLIENTS):
            client.create_table(TableName=f"table-{{number}}", **SCHEMA)
        assert [(table.name, table.region) for table in ddb.tables.values()] == [
            (f"table-{{number}}", region) for number in range(5)]
        assert STREAMS.list_streams()["Streams"] == []
with ddbmock.mock_dynamodb() as ddb:
    CLIENTS[0].create_table(TableName="orders", **SCHEMA)
    assert ddb.tables["orders"].region == "us-east-1"
print("done")
"""
    )


def test_the_same_in_a_program_that_has_loaded_botocore_already() -> None:
    run(f"""
import botocore.session, boto3
import ddbmock
{PROGRAM}
with ddbmock.mock_dynamodb(region="eu-west-1") as ddb:
    CLIENTS[0].create_table(TableName="orders", **SCHEMA)
    assert ddb.tables["orders"].region == "eu-west-1"
print("done")
""")


def test_asynchronous_clients() -> None:
    pytest.importorskip("aiobotocore")
    run("""
import asyncio
import ddbmock
from aiobotocore.session import get_session

async def main():
    async with get_session().create_client("dynamodb") as client:
        for region in ("eu-west-1", "us-west-2"):
            async with ddbmock.mock_dynamodb(region=region) as ddb:
                await client.create_table(TableName="orders", **SCHEMA)
                assert ddb.tables["orders"].region == region
        try:
            await client.list_tables()
        except Exception as error:
            assert type(error).__name__ == "NoRegionError", error

asyncio.run(main())
print("done")
""")


def test_models_of_pynamodb() -> None:
    pytest.importorskip("pynamodb")
    run("""
import ddbmock
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

class Order(Model):
    class Meta:
        table_name = "orders"
        billing_mode = "PAY_PER_REQUEST"
    id = UnicodeAttribute(hash_key=True)

for region in ("eu-west-1", "us-west-2"):
    with ddbmock.mock_dynamodb(region=region) as ddb:
        Order.create_table(wait=True)
        Order("1").save()
        assert ddb.tables["orders"].item_count == 1
print("done")
""")


@pytest.mark.parametrize(
    "call",
    [
        "CLIENTS[0].list_tables()",
        "CLIENTS[4].list_tables()",
        'CLIENTS[0].generate_presigned_url("list_tables")',
        "STREAMS.list_streams()",
    ],
)
def test_outside_of_mocks_the_call_is_refused_as_the_creation_was(call: str) -> None:
    run(f"""
import ddbmock
{PROGRAM}
with ddbmock.mock_dynamodb():
    CLIENTS[0].list_tables()
try:
    {call}
except Exception as error:
    assert type(error).__name__ == "NoRegionError", error
    assert str(error) == "You must specify a region."
    print("done")
""")


def test_without_ddbmock_nothing_is_changed() -> None:
    result = run_python(PROGRAM)
    assert result.stderr.endswith("botocore.exceptions.NoRegionError: You must specify a region.\n")


def test_other_services_are_refused_as_ever() -> None:
    run("""
import ddbmock, boto3
for context in (ddbmock.mock_dynamodb(), __import__("contextlib").nullcontext()):
    with context:
        try:
            boto3.client("sqs")
        except Exception as error:
            assert type(error).__name__ == "NoRegionError", error
print("done")
""")


@pytest.fixture(autouse=True)
def _no_credentials_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that is created outside of mocks would ask the metadata service for some."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


class TestWhoseRegion:
    @pytest.fixture(autouse=True)
    def _environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    def answered_in(self, client: Any, **options: Any) -> str:
        with mock_dynamodb(**options) as ddb:
            create_table(client)
            return ddb.tables["orders"].region

    def test_a_client_that_names_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = boto3.Session().client("dynamodb")
        assert client.meta.region_name == "eu-west-1"
        assert self.answered_in(client) == "eu-west-1"
        assert self.answered_in(client, region="us-west-2") == "us-west-2"
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        assert self.answered_in(client) == "eu-west-2"
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        assert self.answered_in(client) == "us-east-1"

    @pytest.mark.parametrize("moment", ["outside", "inside"])
    def test_clients_that_name_one(self, moment: str) -> None:
        def create() -> list[Any]:
            named = Config(region_name="us-west-1")
            with_default = botocore.session.Session()
            with_default.set_default_client_config(named)
            return [
                boto3.client("dynamodb", region_name="us-west-1"),
                boto3.client("dynamodb", "us-west-1"),
                boto3.client("dynamodb", config=named),
                boto3.Session(region_name="us-west-1").client("dynamodb"),
                with_default.create_client("dynamodb"),
            ]

        if moment == "inside":
            with mock_dynamodb(region="eu-west-3"):
                clients = create()
        else:
            clients = create()
        for client in clients:
            assert self.answered_in(client, region="us-west-2") == "us-west-1"

    def test_it_is_that_of_the_mock_at_the_call(self) -> None:
        with mock_dynamodb(region="eu-west-3") as outer:
            client = boto3.client("dynamodb")
            assert client.meta.region_name == "eu-west-3"
            create_table(client, "outer")
            with mock_dynamodb(region="us-west-2") as inner:
                create_table(client, "inner")
                assert inner.tables["inner"].region == "us-west-2"
            assert outer.tables["outer"].region == "eu-west-3"
            assert table_names(client) == ["outer"]

    def test_over_http_too(self) -> None:
        client = boto3.client("dynamodb")
        client.meta.events.register("before-sign", lambda **_: None)
        assert self.answered_in(client, region="us-west-2") == "us-west-2"

    def test_over_http_with_a_body_that_a_handler_has_changed(self) -> None:
        def change(request: Any, **_: Any) -> None:
            request.data = request.data.replace(b'"orders"', b'"orders" ')

        client = boto3.client("dynamodb")
        client.meta.events.register("request-created", change)
        assert self.answered_in(client, region="us-west-2") == "us-west-2"

    def test_a_client_created_while_the_environment_changes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with mock_dynamodb() as ddb:
            early = boto3.client("dynamodb")
            monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
            create_table(boto3.client("dynamodb"))
            assert ddb.region == "eu-west-2"
            assert ddb.tables["orders"].region == "eu-west-2"
            assert table_names(early) == ["orders"]


CONFIGURATION = """
[default]
region = eu-central-1
[profile work]
region = eu-north-1
"""


class TestConfigurationFiles:
    @pytest.fixture(autouse=True)
    def _files(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        path = tmp_path / "config"
        path.write_text(CONFIGURATION)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(path))

    @pytest.mark.parametrize("profile", [None, "work", "nosuch"])
    def test_the_environment_s_profile_has_no_say_inside_a_mock(
        self, monkeypatch: pytest.MonkeyPatch, profile: str | None
    ) -> None:
        if profile is not None:
            monkeypatch.setenv("AWS_PROFILE", profile)
        with mock_dynamodb() as ddb:
            client = boto3.Session().client("dynamodb")
            create_table(client)
            assert client.meta.region_name == ddb.region == "us-east-1"
            assert ddb.tables["orders"].region == "us-east-1"

    def test_a_client_from_outside_keeps_its_region_there_only(self) -> None:
        client = boto3.Session().client("dynamodb")
        assert client.meta.region_name == "eu-central-1"
        with mock_dynamodb() as ddb:
            create_table(client)
            assert ddb.tables["orders"].region == "us-east-1"

    def test_a_profile_that_the_program_chooses_names_its_region(self) -> None:
        session = boto3.Session(profile_name="work")
        with mock_dynamodb(region="us-west-2") as ddb:
            create_table(session.client("dynamodb"))
            assert ddb.tables["orders"].region == "eu-north-1"

    def test_a_profile_that_the_program_chooses_and_that_does_not_exist(self) -> None:
        with pytest.raises(ProfileNotFound):
            boto3.Session(profile_name="nosuch")
        with mock_dynamodb(region="us-west-2") as ddb:
            session = boto3.Session(profile_name="nosuch")
            create_table(session.client("dynamodb"))
            create_table(session.resource("dynamodb").meta.client, "more")
            assert [table.region for table in ddb.tables.values()] == ["us-west-2"] * 2
            with pytest.raises(ProfileNotFound):
                session.client("s3")
        with pytest.raises(ProfileNotFound):
            boto3.Session(profile_name="nosuch")

    def test_asynchronous_sessions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sessions = pytest.importorskip("aiobotocore.session")
        monkeypatch.setenv("AWS_PROFILE", "nosuch")

        async def names() -> list[str]:
            async with sessions.get_session().create_client("dynamodb") as client:
                found: list[str] = (await client.list_tables())["TableNames"]
                return found

        with mock_dynamodb():
            assert asyncio.run(names()) == []

    def test_a_file_that_cannot_be_read(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        broken = tmp_path / "broken"
        broken.write_text("no section\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
        with mock_dynamodb():
            assert table_names(boto3.Session().client("dynamodb")) == []

    def test_without_a_region_anywhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
        client = boto3.Session().client("dynamodb")
        with pytest.raises(NoRegionError):
            client.list_tables()
