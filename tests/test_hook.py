"""Calls of boto3 clients on the short and on the full path."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, HTTPClientError, PartialCredentialsError
from botocore.httpsession import URLLib3Session
from botocore.stub import Stubber

from ddbmock import UnsupportedError, mock_dynamodb
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.hook import before_send
from ddbmock._internal.service import Service
from tests.switch.helpers import KEY, create_table, refuse_connections, table_names
from tests.unsupported import without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock import Controller

#: The events that the short path skips and that must be seen as in production.
EVENTS_IN_BETWEEN = (
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "before-parse",
    "response-received",
    "needs-retry",
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_connections(monkeypatch)


@pytest.fixture
def mock() -> Iterator[Controller]:
    with mock_dynamodb() as controller:
        yield controller


@pytest.fixture
def client(mock: Controller, monkeypatch: pytest.MonkeyPatch) -> Any:
    # Some libraries (AWS Powertools) let every new session have handlers, once they were imported.
    monkeypatch.setattr("botocore._INITIALIZERS", [])
    made = boto3.Session().client("dynamodb")
    create_table(made)
    return made


def send_fully(client: Any) -> None:
    """Make a client's calls take the full path."""
    client.meta.events.register("before-sign", lambda **_: None)


@pytest.fixture(params=["short", "full"])
def either_way(request: pytest.FixtureRequest, client: Any) -> Any:
    if request.param == "full":
        send_fully(client)
    return client


class TestResponses:
    def test_values_come_back_in_python_form(self, either_way: Any) -> None:
        item = {**KEY, "b": {"B": b"\x00\xff"}, "bs": {"BS": [b"a"]}, "n": {"N": "1"}}
        either_way.put_item(TableName="orders", Item=item)
        assert either_way.get_item(TableName="orders", Key=KEY)["Item"] == item

    def test_timestamps_are_datetimes(self, either_way: Any) -> None:
        table = either_way.describe_table(TableName="orders")["Table"]
        assert table["CreationDateTime"].tzinfo is not None

    def test_metadata(self, either_way: Any) -> None:
        metadata = either_way.list_tables()["ResponseMetadata"]
        headers = metadata["HTTPHeaders"]
        assert metadata["HTTPStatusCode"] == 200
        assert metadata["RetryAttempts"] == 0
        assert len(metadata["RequestId"]) == 52
        assert metadata["RequestId"].isalnum()
        assert metadata["RequestId"].upper() == metadata["RequestId"]
        assert headers["x-amzn-requestid"] == metadata["RequestId"]
        assert headers["content-type"] == "application/x-amz-json-1.0"
        assert headers["server"] == "Server"
        assert headers["date"].endswith(" GMT")

    def test_date_is_the_clock_of_the_mock(self, mock: Controller, either_way: Any) -> None:
        mock.clock.freeze(0)
        assert (
            either_way.list_tables()["ResponseMetadata"]["HTTPHeaders"]["date"]
            == "Thu, 01 Jan 1970 00:00:00 GMT"
        )

    def test_request_ids_differ(self, client: Any) -> None:
        ids = {client.list_tables()["ResponseMetadata"]["RequestId"] for _ in range(20)}
        assert len(ids) == 20

    def test_a_sent_answer_has_a_length_and_a_checksum(self, client: Any) -> None:
        send_fully(client)
        headers = client.list_tables()["ResponseMetadata"]["HTTPHeaders"]
        assert int(headers["content-length"]) > 0
        assert int(headers["x-amz-crc32"]) > 0

    def test_requests_and_responses_are_detached(self, either_way: Any) -> None:
        item: dict[str, Any] = {**KEY, "l": {"L": [{"S": "a"}]}}
        either_way.put_item(TableName="orders", Item=item)
        item["l"]["L"].append({"S": "b"})
        first = either_way.get_item(TableName="orders", Key=KEY)["Item"]
        first["l"]["L"].clear()
        second = either_way.get_item(TableName="orders", Key=KEY)["Item"]
        assert second["l"]["L"] == [{"S": "a"}]


class TestErrors:
    def refuse(self, client: Any) -> dict[str, Any]:
        client.put_item(TableName="orders", Item={**KEY, "b": {"B": b"x"}})
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
            client.put_item(
                TableName="orders",
                Item=KEY,
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        response: dict[str, Any] = caught.value.response
        return response

    def test_modelled_members(self, either_way: Any) -> None:
        response = self.refuse(either_way)
        assert response["Error"] == {
            "Message": "The conditional request failed",
            "Code": "ConditionalCheckFailedException",
        }
        assert response["Item"] == {**KEY, "b": {"B": b"x"}}
        assert response["message"] == "The conditional request failed"
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_both_ways_give_the_same(self, client: Any) -> None:
        short = self.refuse(client)
        send_fully(client)
        full = self.refuse(client)
        assert short.pop("ResponseMetadata").keys() == full.pop("ResponseMetadata").keys()
        assert short == full

    def test_cancellation_reasons(self, either_way: Any) -> None:
        either_way.put_item(TableName="orders", Item=KEY)
        put = {
            "TableName": "orders",
            "Item": KEY,
            "ConditionExpression": "attribute_not_exists(id)",
        }
        with pytest.raises(either_way.exceptions.TransactionCanceledException) as caught:
            either_way.transact_write_items(TransactItems=[{"Put": put}])
        response = caught.value.response
        assert response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"
        assert response["Message"] == response["Error"]["Message"]

    def test_unmodelled_error(self, either_way: Any) -> None:
        with pytest.raises(ClientError) as caught:
            either_way.get_item(TableName="orders", Key={"other": {"S": "1"}})
        assert caught.value.response["Error"]["Code"] == "ValidationException"

    def test_what_is_not_supported_surfaces_as_itself(
        self, either_way: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without(monkeypatch, "ListTables")
        with pytest.raises(UnsupportedError):
            either_way.list_tables()

    def test_a_bug_surfaces_as_itself(
        self, either_way: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise KeyError("bug")

        monkeypatch.setattr(Service, "execute", broken)
        with pytest.raises(KeyError, match="bug"):
            either_way.list_tables()

    def test_without_botocores_validation(self, mock: Controller) -> None:
        client = boto3.client("dynamodb", config=Config(parameter_validation=False))
        create_table(client)
        with pytest.raises(ClientError, match="SerializationException"):
            client.get_item(TableName="orders", Key={"id": {"S": 5}})


class TestHandlers:
    @pytest.mark.parametrize("event", EVENTS_IN_BETWEEN)
    @pytest.mark.parametrize("form", ["{}", "{}.dynamodb", "{}.dynamodb.PutItem", "{}.*.*"])
    def test_a_programs_handler_runs(
        self, mock: Controller, client: Any, event: str, form: str
    ) -> None:
        seen: list[str] = []
        handler = lambda event_name, **_: seen.append(event_name)  # noqa: E731
        client.meta.events.register(form.format(event), handler)
        client.put_item(TableName="orders", Item=KEY)
        if event == "before-parse" and not seen:
            pytest.skip("this botocore has no such event")
        assert set(seen) == {f"{event}.dynamodb.PutItem"}
        assert [call.operation for call in mock.calls] == ["CreateTable", "PutItem"]

    def test_only_the_operations_with_handlers_take_the_whole_way(self, client: Any) -> None:
        client.meta.events.register("before-send.dynamodb.GetItem", lambda **_: None)
        assert self.is_sent(client.get_item(TableName="orders", Key=KEY))
        assert not self.is_sent(client.put_item(TableName="orders", Item=KEY))

    def test_a_handler_that_is_taken_away_is_forgotten(self, client: Any) -> None:
        handler = lambda **_: None  # noqa: E731
        assert not self.is_sent(client.list_tables())
        client.meta.events.register("before-sign", handler)
        assert self.is_sent(client.list_tables())
        client.meta.events.unregister("before-sign", handler)
        assert not self.is_sent(client.list_tables())

    def is_sent(self, response: dict[str, Any]) -> bool:
        return "x-amz-crc32" in response["ResponseMetadata"]["HTTPHeaders"]

    def test_a_handler_on_a_session(self, mock: Controller) -> None:
        seen: list[Any] = []
        session = boto3.Session()
        session.events.register("before-sign", lambda **_: seen.append(1))
        session.client("dynamodb").list_tables()
        assert seen

    def test_a_handler_may_change_the_request(self, client: Any) -> None:
        def rename(request: Any, **_: Any) -> None:
            request.data = request.data.replace(b'"old"', b'"new"')

        client.meta.events.register_first("request-created.dynamodb.PutItem", rename)
        client.put_item(TableName="orders", Item={"id": {"S": "old"}})
        assert "Item" in client.get_item(TableName="orders", Key={"id": {"S": "new"}})

    @pytest.mark.parametrize("event", ["before-send", "before-send.dynamodb.PutItem"])
    def test_a_handler_that_answers_keeps_the_call_from_taking_place(
        self, mock: Controller, client: Any, event: str
    ) -> None:
        class Raw:
            def stream(self) -> Iterator[bytes]:
                yield b'{"__type": "x#TeapotException", "message": "no"}'

        client.meta.events.register(event, lambda **_: AWSResponse("", 418, {}, Raw()))
        with pytest.raises(ClientError, match="TeapotException"):
            client.put_item(TableName="orders", Item=KEY)
        assert mock.tables["orders"].items == []

    def test_handlers_of_before_call_see_and_change_the_request(self, client: Any) -> None:
        def rename(params: Any, **_: Any) -> None:
            params["body"] = params["body"].replace(b'"old"', b'"new"')

        client.meta.events.register("before-call", rename)
        client.put_item(TableName="orders", Item={"id": {"S": "old"}})
        assert "Item" in client.get_item(TableName="orders", Key={"id": {"S": "new"}})

    @pytest.mark.parametrize("register", ["register_first", "register", "register_last"])
    def test_a_before_call_handler_that_answers(
        self, mock: Controller, client: Any, register: str
    ) -> None:
        response = (AWSResponse("", 200, {}, None), {"TableNames": ["answered"]})
        getattr(client.meta.events, register)("before-call", lambda **_: response)
        assert table_names(client) == ["answered"]
        assert [call.operation for call in mock.calls] == ["CreateTable"]

    def test_after_call_sees_response_and_http_response(self, either_way: Any) -> None:
        seen: dict[str, Any] = {}
        either_way.meta.events.register("after-call", lambda **details: seen.update(details))
        either_way.list_tables()
        assert seen["parsed"]["TableNames"] == ["orders"]
        assert seen["http_response"].status_code == 200
        assert seen["http_response"].headers["Content-Type"] == "application/x-amz-json-1.0"
        assert seen["http_response"].content == b'{"TableNames":["orders"]}'
        assert isinstance(seen["http_response"], AWSResponse)

    def test_a_stubber_answers_instead_of_the_mock(self, mock: Controller, client: Any) -> None:
        with Stubber(client) as stubber:
            stubber.add_response("list_tables", {"TableNames": ["stubbed"]}, {})
            assert table_names(client) == ["stubbed"]
            stubber.add_client_error("list_tables", "Nope")
            with pytest.raises(ClientError, match="Nope"):
                client.list_tables()
        assert table_names(client) == ["orders"]

    def test_a_nested_call_from_a_handler(self, client: Any) -> None:
        counted: list[int] = []

        def count(**_: Any) -> None:
            if not counted:
                counted.append(0)
                counted[0] = len(table_names(client))

        client.meta.events.register("request-created.dynamodb.PutItem", count)
        client.put_item(TableName="orders", Item=KEY)
        assert counted == [1]


class TestMocksThatBeginOrEndInTheMiddleOfACall:
    def test_one_that_begins(self) -> None:
        mock = mock_dynamodb()
        client = boto3.client(
            "dynamodb", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s"
        )

        def begin(**_: Any) -> None:
            mock.start()

        client.meta.events.register("before-sign", begin)
        try:
            assert table_names(client) == []
            assert [call.region for call in mock.calls] == ["eu-west-1"]
        finally:
            mock.stop()

    def test_one_that_begins_after_a_call_that_something_keeps_alive(self) -> None:
        kept = []
        with mock_dynamodb():
            earlier = boto3.client("dynamodb", region_name="us-west-2")
            send_fully(earlier)
            earlier.meta.events.register("after-call", lambda context, **_: kept.append(context))
            assert table_names(earlier) == []
        assert kept
        self.test_one_that_begins()

    def test_one_that_ends(self) -> None:
        mock = mock_dynamodb()
        mock.start()
        client = boto3.client("dynamodb")
        create_table(client)
        client.meta.events.register("before-sign", lambda **_: mock.stop())
        assert table_names(client) == ["orders"]

    def test_nothing_of_an_ended_call_stays(self, client: Any) -> None:
        """Neither its body nor its mock."""
        send_fully(client)
        client.list_tables()
        assert before_send._sent_call.get()() is None


class Throttled(ServiceError):
    code = "ProvisionedThroughputExceededException"


class Broken(ServiceError):
    code = "InternalServerError"
    http_status = 500


class TestRetries:
    @pytest.fixture(autouse=True)
    def no_sleep(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)

    def fail(
        self, monkeypatch: pytest.MonkeyPatch, error: Callable[[str], ServiceError], times: int
    ) -> list[str]:
        execute = Service.execute
        attempts: list[str] = []

        def failing(self: Service, region: str, operation: str, *args: Any, **kwargs: Any) -> Any:
            attempts.append(operation)
            if len(attempts) <= times:
                raise error("slow down")
            return execute(self, region, operation, *args, **kwargs)

        monkeypatch.setattr(Service, "execute", failing)
        return attempts

    @pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
    @pytest.mark.parametrize("error", [Throttled, Broken])
    def test_botocore_retries(
        self, client: Any, monkeypatch: pytest.MonkeyPatch, mode: str, error: Any
    ) -> None:
        client = boto3.client("dynamodb", config=Config(retries={"mode": mode}))
        attempts = self.fail(monkeypatch, error, times=2)
        response = client.put_item(TableName="orders", Item=KEY)
        assert response["ResponseMetadata"]["RetryAttempts"] == 2
        assert attempts == ["PutItem"] * 3

    def test_the_error_when_all_attempts_failed(
        self, client: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 3}))
        attempts = self.fail(monkeypatch, Throttled, times=99)
        with pytest.raises(client.exceptions.ProvisionedThroughputExceededException) as caught:
            client.list_tables()
        assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 2
        assert len(attempts) == 3

    def test_other_errors_are_not_retried(self, client: Any) -> None:
        send_fully(client)
        with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
            client.get_item(TableName="missing", Key=KEY)
        assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0


class TestCredentials:
    def test_none_are_needed_and_none_are_looked_for(
        self, mock: Controller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def look(*_: Any) -> None:
            raise AssertionError("credentials were looked for")

        monkeypatch.setattr("botocore.credentials.CredentialResolver.load_credentials", look)
        client = boto3.client("dynamodb")
        create_table(client)
        send_fully(client)
        assert table_names(client) == ["orders"]
        assert boto3.client("dynamodbstreams").meta.region_name == "us-east-1"

    @pytest.mark.parametrize("config", [None, Config(defaults_mode="auto")])
    def test_the_metadata_service_is_not_asked(
        self, mock: Controller, monkeypatch: pytest.MonkeyPatch, config: Config | None
    ) -> None:
        def ask(*_: Any) -> None:
            raise AssertionError("the metadata service was asked")

        monkeypatch.setenv("AWS_DEFAULTS_MODE", "auto")
        monkeypatch.setattr("botocore.utils.IMDSRegionProvider.provide", ask)
        assert boto3.client("dynamodb", config=config).list_tables()["TableNames"] == []

    def test_explicit_ones_stay(self, client: Any) -> None:
        client = boto3.client("dynamodb", aws_access_key_id="MINE", aws_secret_access_key="secret")
        seen: list[Any] = []
        client.meta.events.register(
            "before-send", lambda request, **_: seen.append(request.headers["Authorization"])
        )
        client.list_tables()
        assert b"Credential=MINE/" in seen[0]

    def test_those_of_a_session_stay(self, mock: Controller) -> None:
        session = boto3.Session(aws_access_key_id="MINE", aws_secret_access_key="secret")
        client = session.client("dynamodb")
        assert client._request_signer._credentials.access_key == "MINE"

    def test_half_of_them_is_an_error_as_ever(self, mock: Controller) -> None:
        with pytest.raises(PartialCredentialsError):
            boto3.client("dynamodb", aws_access_key_id="MINE")

    def test_a_session_keeps_looking_for_other_services(
        self, mock: Controller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        session = boto3.Session()
        session.client("dynamodb")
        assert session.get_credentials() is None

    def test_credentials_of_an_older_client_are_not_refreshed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from botocore.credentials import DeferredRefreshableCredentials  # noqa: PLC0415

        def refresh() -> None:
            raise AssertionError("credentials were refreshed")

        session = botocore.session.Session()
        session._credentials = DeferredRefreshableCredentials(refresh, "test")
        client = session.create_client("dynamodb", region_name="us-east-1")
        with mock_dynamodb():
            create_table(client)
            send_fully(client)
            assert table_names(client) == ["orders"]

    def test_an_older_client_without_credentials(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        client = botocore.session.Session().create_client("dynamodb", region_name="us-east-1")
        send_fully(client)
        with mock_dynamodb():
            create_table(client)

    def test_unsigned_clients(self, mock: Controller) -> None:
        config = Config(signature_version=UNSIGNED)
        client = boto3.client("dynamodb", region_name="eu-west-1", config=config)
        send_fully(client)
        create_table(client)
        assert mock.tables["orders"].region == "eu-west-1"

    def test_account_ids_in_endpoints(self, mock: Controller) -> None:
        try:
            config = Config(account_id_endpoint_mode="required")
        except TypeError:
            pytest.skip("this botocore has no account ids in endpoints")
        create_table(boto3.client("dynamodb", config=config))

    def test_environment_is_as_before(self) -> None:
        before = dict(os.environ)
        with mock_dynamodb():
            boto3.client("dynamodb").list_tables()
            assert dict(os.environ) == before
        assert dict(os.environ) == before


class TestRegion:
    """The first that says something: argument, session, mock, environment, us-east-1."""

    @pytest.mark.parametrize(
        ("argument", "session", "mock", "environment", "expected"),
        [
            (None, None, None, None, "us-east-1"),
            (None, None, None, "eu-west-1", "eu-west-1"),
            (None, None, "eu-west-2", "eu-west-1", "eu-west-2"),
            (None, "eu-west-3", "eu-west-2", "eu-west-1", "eu-west-3"),
            ("eu-north-1", "eu-west-3", "eu-west-2", "eu-west-1", "eu-north-1"),
        ],
    )
    def test_order(
        self,
        monkeypatch: pytest.MonkeyPatch,
        argument: str | None,
        session: str | None,
        mock: str | None,
        environment: str | None,
        expected: str,
    ) -> None:
        if environment:
            monkeypatch.setenv("AWS_DEFAULT_REGION", environment)
        with mock_dynamodb(region=mock) as controller:
            client = boto3.Session(region_name=session).client("dynamodb", region_name=argument)
            assert client.meta.region_name == expected
            create_table(client)
            assert controller.tables["orders"].region == expected

    def test_that_of_a_config(self, mock: Controller) -> None:
        client = boto3.client("dynamodb", config=Config(region_name="eu-west-1"))
        assert client.meta.region_name == "eu-west-1"

    def test_regions_are_worlds_of_their_own(self, client: Any) -> None:
        other = boto3.client("dynamodb", region_name="eu-west-1")
        assert table_names(other) == []
        create_table(other)
        assert ":eu-west-1:" in other.describe_table(TableName="orders")["Table"]["TableArn"]

    def test_streams_are_mocked_too(self, mock: Controller) -> None:
        assert boto3.client("dynamodbstreams").list_streams()["Streams"] == []
        assert [call.operation for call in mock.calls] == ["ListStreams"]


class TestGuard:
    """Clients that have none of botocore's handlers, and so none of ours."""

    def test_a_session_without_builtin_handlers(self, mock: Controller) -> None:
        session = botocore.session.Session(include_builtin_handlers=False)
        client = session.create_client("dynamodb", region_name="eu-west-1")
        create_table(client)
        assert mock.tables["orders"].region == "eu-west-1"

    def test_a_client_that_is_older_than_the_mock(self) -> None:
        session = botocore.session.Session(include_builtin_handlers=False)
        client = session.create_client(
            "dynamodb",
            region_name="eu-west-1",
            aws_access_key_id="x",
            aws_secret_access_key="y",
        )
        with mock_dynamodb() as mock:
            create_table(client)
            assert mock.tables["orders"].region == "eu-west-1"

    @pytest.mark.parametrize(
        ("url", "credentials", "region"),
        [
            ("http://localhost:1/", Credentials("x", "y"), "eu-west-1"),
            ("https://dynamodb.eu-west-2.amazonaws.com/", None, "eu-west-2"),
            ("https://123456789012.ddb.eu-west-3.amazonaws.com/", None, "eu-west-3"),
            ("http://localhost:1/", None, "us-east-1"),
            ("http://localhost:1/", Credentials("x", "y", "token"), "us-gov-west-1"),
        ],
    )
    def test_requests_of_libraries_that_send_by_themselves(
        self, mock: Controller, url: str, credentials: Credentials | None, region: str
    ) -> None:
        create_table(boto3.client("dynamodb", region_name=region))
        request = AWSRequest("POST", url, {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}")
        if credentials is not None:
            SigV4Auth(credentials, "dynamodb", region).add_auth(request)
        response = URLLib3Session().send(request.prepare())
        assert (response.status_code, response.content) == (200, b'{"TableNames":["orders"]}')
        assert response.text == '{"TableNames":["orders"]}'
        assert b"".join(response.raw.stream()) == response.content

    def test_nothing_stays_replaced(self) -> None:
        places = [(URLLib3Session, "send"), (botocore.session.Session, "create_client")]
        before = [id(vars(owner)[name]) for owner, name in places]
        with mock_dynamodb(), mock_dynamodb(isolate=True):
            assert [id(vars(owner)[name]) for owner, name in places] != before
        assert [id(vars(owner)[name]) for owner, name in places] == before

    def test_a_patch_over_ours_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with mock_dynamodb():
            monkeypatch.setattr(URLLib3Session, "send", partial(URLLib3Session.send))
            theirs = vars(URLLib3Session)["send"]
        assert vars(URLLib3Session)["send"] is theirs

    def test_other_services_are_untouched(self, mock: Controller) -> None:
        client = boto3.client(
            "sqs", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
        )
        with pytest.raises(HTTPClientError, match="leave the process"):
            client.list_queues()

    def test_without_a_mock_calls_leave_the_process(self) -> None:
        with mock_dynamodb():
            client = boto3.client("dynamodb")
        with pytest.raises(HTTPClientError, match="leave the process"):
            client.list_tables()


def test_custom_endpoints(mock: Controller) -> None:
    client = boto3.client("dynamodb", endpoint_url="http://localhost:8000", region_name="eu-west-1")
    create_table(client)
    send_fully(client)
    assert table_names(client) == ["orders"]


def test_resource_waiters_and_paginators(mock: Controller) -> None:
    resource = boto3.resource("dynamodb")
    create_table(resource.meta.client)
    table = resource.Table("orders")
    table.wait_until_exists()
    table.put_item(Item={"id": "1", "n": 5})
    assert table.get_item(Key={"id": "1"})["Item"] == {"id": "1", "n": 5}
    pages = resource.meta.client.get_paginator("scan").paginate(TableName="orders")
    assert [page["Count"] for page in pages] == [1]
