"""`ddbmock.beside.mock_aws`: DynamoDB by ddbmock, other services by moto, started when needed."""

from __future__ import annotations

import asyncio
import os
import unittest
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import requests
from botocore.config import Config
from moto.core.exceptions import ServiceNotWhitelisted
from moto.core.models import MockAWS

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.hook.active import is_active
from ddbmock.beside import mock_aws
from tests.switch.helpers import KEY, create_table, table_names

if TYPE_CHECKING:
    from collections.abc import Generator


def is_moto_started() -> bool:
    return bool(MockAWS._nested_count)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def s3() -> Any:
    return boto3.client("s3", region_name="us-east-1")


def buckets() -> list[str]:
    return [bucket["Name"] for bucket in s3().list_buckets()["Buckets"]]


def use_both() -> None:
    assert table_names(boto3.client("dynamodb")) == []
    create_table(boto3.client("dynamodb"))
    assert buckets() == []
    s3().create_bucket(Bucket="bucket")


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Generator[None, None, None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "REAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    before = environment()
    yield
    assert not is_active()
    assert not is_moto_started()
    assert environment() == before


class TestForms:
    def test_block(self) -> None:
        for _ in range(2):
            with mock_aws() as ddb:
                use_both()
                assert list(ddb.tables) == ["orders"]

    def test_async_block_and_coroutine(self) -> None:
        @mock_aws
        async def coroutine() -> None:
            use_both()

        async def main() -> None:
            await coroutine()
            async with mock_aws():
                use_both()

        asyncio.run(main())

    def test_start_and_stop(self) -> None:
        mock = mock_aws()
        for _ in range(2):
            mock.start()
            use_both()
            mock.stop()
        with pytest.raises(MisuseError, match=r"stop\(\) without start\(\)"):
            mock.stop()

    def test_decorator(self) -> None:
        plain, called = mock_aws(use_both), mock_aws()(use_both)
        for function in (plain, called, plain):
            function()

    def test_a_decorated_helper_shares_the_state(self) -> None:
        helper = mock_aws(use_both)

        @mock_aws
        def function() -> None:
            helper()
            assert buckets() == ["bucket"]
            assert table_names(boto3.client("dynamodb")) == ["orders"]

        function()

    def test_classes(self) -> None:
        @mock_aws
        class Plain:
            def setup_method(self) -> None:
                use_both()

            def test_one(self) -> None:
                assert buckets() == ["bucket"]

        @mock_aws
        class Case(unittest.TestCase):
            def setUp(self) -> None:
                use_both()

            def test_one(self) -> None:
                self.assertEqual(buckets(), ["bucket"])

            test_two = test_one

        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
        assert (result.testsRun, result.errors, result.failures) == (2, [], [])
        for _ in range(2):
            plain = Plain()
            plain.setup_method()
            plain.test_one()
            plain.teardown_method()  # type: ignore[attr-defined]

    def test_what_a_class_sets_up_is_there_for_its_tests(self) -> None:
        @mock_aws
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                use_both()

            def test_one(self) -> None:
                self.assertEqual(buckets(), ["bucket"])
                self.assertEqual(table_names(boto3.client("dynamodb")), ["orders"])

            test_two = test_one

        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
        assert (result.testsRun, result.errors, result.failures) == (2, [], [])


class TestOptions:
    def test_those_of_mock_dynamodb(self) -> None:
        with mock_aws(region="eu-west-1") as ddb:
            create_table(boto3.client("dynamodb"))
            assert ddb.tables["orders"].region == "eu-west-1"

    def test_moto_s_configuration(self) -> None:
        config = {"core": {"mock_credentials": False, "reset_boto3_session": False}}
        with mock_aws(config=config):
            assert os.environ["AWS_ACCESS_KEY_ID"] == "REAL"
            assert buckets() == []
            assert os.environ["AWS_ACCESS_KEY_ID"] == "REAL"
        whitelist = {"core": {"service_whitelist": ["sqs"]}}
        with mock_aws(config=whitelist), pytest.raises(ServiceNotWhitelisted):
            buckets()

    def test_an_unknown_one(self) -> None:
        with pytest.raises(TypeError, match="mock_dynamodb has no option confg"):
            mock_aws(confg={})  # type: ignore[call-overload]


class TestLaziness:
    def test_dynamodb_alone_does_not_start_moto(self) -> None:
        with mock_aws():
            create_table(boto3.client("dynamodb"))
            boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "1"})
            assert not is_moto_started()

    def test_the_default_session_stays_for_dynamodb(self) -> None:
        boto3.setup_default_session(region_name="us-west-2")
        session = boto3.DEFAULT_SESSION
        with mock_aws():
            boto3.client("dynamodb").list_tables()
            assert boto3.DEFAULT_SESSION is session

    def test_credentials_are_dummies_at_once(self) -> None:
        with mock_aws():
            assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"
            credentials = boto3.Session().get_credentials()
            assert credentials is not None
            assert credentials.access_key == "FOOBARKEY"
        assert os.environ["AWS_ACCESS_KEY_ID"] == "REAL"

    def test_a_client_of_another_service_starts_it(self) -> None:
        with mock_aws():
            s3()
            assert is_moto_started()

    def test_a_resource_of_another_service_starts_it(self) -> None:
        with mock_aws():
            boto3.resource("s3")
            assert is_moto_started()

    def test_a_session_with_real_credentials(self) -> None:
        session = boto3.Session(aws_access_key_id="REAL", aws_secret_access_key="secret")
        seen: list[Any] = []
        with mock_aws():
            client = session.client("s3", region_name="us-east-1")
            client.meta.events.register(
                "before-send", lambda request, **_: seen.append(request.headers["Authorization"])
            )
            client.list_buckets()
        assert (
            b"FOOBARKEY" in bytes(seen[0]) if isinstance(seen[0], bytes) else "FOOBARKEY" in seen[0]
        )

    def test_a_session_without_moto_s_handler(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from botocore import handlers  # noqa: PLC0415

        builtin = [row for row in handlers.BUILTIN_HANDLERS if "moto" not in repr(row[1])]
        monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", builtin)
        session = boto3.Session(aws_access_key_id="REAL", aws_secret_access_key="secret")
        with mock_aws():
            assert session.client("s3", region_name="us-east-1").list_buckets()["Buckets"] == []

    def test_an_older_client(self) -> None:
        client = boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        for _ in range(2):
            with mock_aws():
                assert client.list_buckets()["Buckets"] == []
                client.create_bucket(Bucket="bucket")
                assert buckets() == ["bucket"]

    def test_a_signed_url_of_an_older_client(self) -> None:
        client = boto3.client(
            "s3",
            region_name="us-east-1",
            aws_access_key_id="k",
            aws_secret_access_key="s",
            config=Config(signature_version="s3v4"),
        )
        with mock_aws():
            url = client.generate_presigned_url("list_buckets")
            assert is_moto_started()
            assert requests.get(url, timeout=1).status_code == 200

    def test_a_request_without_any_client(self) -> None:
        with mock_aws():
            response = requests.get("https://nothing.s3.amazonaws.com/", timeout=1)
            assert response.status_code == 404
            assert is_moto_started()


def test_inside_a_plain_mock_and_around_one() -> None:
    with mock_dynamodb() as outer, mock_aws() as inner:
        use_both()
        assert list(outer.tables) == list(inner.tables) == ["orders"]
    with mock_aws(), mock_dynamodb():
        use_both()


def test_errors_are_the_service_s() -> None:
    with mock_aws():
        client = boto3.client("dynamodb")
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.get_item(TableName="missing", Key=KEY)
