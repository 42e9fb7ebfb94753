"""Accounts: that of the caller's credentials, and that of an ARN."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from inspect import signature
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.stub import Stubber
from moto import mock_aws
from moto.iam.utils import generate_access_key_id_from_account_id

import ddbmock
from ddbmock import mock_dynamodb
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.server.authorization import account_of
from tests.operations.table_helpers import new_table

OTHER = "222233334444"
ROLE = f"arn:aws:iam::{OTHER}:role/reader"
SESSION = f"arn:aws:sts::{OTHER}:assumed-role/reader/test"


TAKES_ACCOUNT_IDS = pytest.mark.skipif(
    "aws_account_id" not in signature(boto3.Session.client).parameters,
    reason="this boto3 takes no account id",
)


def arn(name: str = "orders", account_id: str = OTHER) -> str:
    return f"arn:aws:dynamodb:us-east-1:{account_id}:table/{name}"


def assumed(credentials: dict[str, Any]) -> dict[str, str]:
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def stubbed_role(access_key: str = "ASIASTUBBEDSTUBBED00", session: str = SESSION) -> Any:
    sts = boto3.client(
        "sts", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    response = {
        "Credentials": {
            "AccessKeyId": access_key,
            "SecretAccessKey": "secret",
            "SessionToken": "token",
            "Expiration": datetime(2030, 1, 1, tzinfo=timezone.utc),
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROA123456789EXAMPLE:test", "Arn": session},
    }
    with Stubber(sts) as stubber:
        stubber.add_response("assume_role", response)
        return sts.assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]


@pytest.fixture
def other(ddb: Any) -> Any:
    """A client of the other account."""
    return boto3.client("dynamodb", **assumed(stubbed_role()))


def names(client: Any) -> list[str]:
    found: list[str] = client.list_tables()["TableNames"]
    return found


class TestCredentials:
    def test_a_role_that_a_stubber_answers(self, ddb, dynamodb_client, other):
        new_table(dynamodb_client, "own")
        created = new_table(other, "theirs")
        assert created["TableArn"] == arn("theirs")
        assert names(dynamodb_client) == ["own"]
        assert names(other) == ["theirs"]
        assert list(ddb.tables) == ["own"]
        assert list(ddb.accounts[OTHER].tables) == ["theirs"]

    def test_a_role_that_moto_answers(self):
        with mock_aws(), mock_dynamodb():
            sts = boto3.client("sts", region_name="us-east-1")
            role = sts.assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
            client = boto3.client("dynamodb", **assumed(role))
            assert new_table(client)["TableArn"] == arn()

    def test_a_role_that_was_assumed_before_the_mock(self):
        with mock_aws():
            sts = boto3.client("sts", region_name="us-east-1")
            role = sts.assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
            with mock_dynamodb():
                client = boto3.client("dynamodb", **assumed(role))
                assert new_table(client)["TableArn"] == arn()

    def test_refreshable_credentials_are_not_refreshed(self, ddb):
        def refresh() -> Any:
            raise AssertionError("refreshed")

        role = stubbed_role()
        session = get_session()
        session._credentials = RefreshableCredentials(
            role["AccessKeyId"],
            role["SecretAccessKey"],
            role["SessionToken"],
            datetime(2020, 1, 1, tzinfo=timezone.utc),
            refresh,
            "assume-role",
        )
        client = boto3.Session(botocore_session=session).client("dynamodb")
        assert new_table(client)["TableArn"] == arn()

    @TAKES_ACCOUNT_IDS
    @pytest.mark.parametrize("mode", ["preferred", "required", "disabled"])
    def test_an_account_id_with_the_keys(self, ddb, mode):
        client = boto3.client(
            "dynamodb",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
            aws_account_id=OTHER,
            config=Config(account_id_endpoint_mode=mode),
        )
        assert new_table(client)["TableArn"] == arn()

    @TAKES_ACCOUNT_IDS
    def test_an_account_id_of_a_session(self, ddb):
        session = boto3.Session(
            aws_access_key_id="key", aws_secret_access_key="secret", aws_account_id=OTHER
        )
        assert new_table(session.client("dynamodb"))["TableArn"] == arn()

    def test_the_environment_has_no_say(self, ddb, monkeypatch):
        for name, value in {
            "ACCESS_KEY_ID": "ASIAY34FZKBOKMUTVV7A",
            "SECRET_ACCESS_KEY": "secret",
            "ACCOUNT_ID": OTHER,
        }.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        client = boto3.Session().client("dynamodb")
        assert new_table(client)["TableArn"] == arn(account_id="123456789012")

    def test_calls_that_are_sent_over_http(self, ddb, other):
        seen = []

        def see(request: Any, **_: Any) -> None:
            seen.append(request.url)

        other.meta.events.register("before-send.dynamodb", see)
        assert new_table(other)["TableArn"] == arn()
        assert seen

    def test_the_record_of_calls_names_the_account(self, ddb, other):
        new_table(other)
        assert ddb.calls[-1].account_id == OTHER


class TestArns:
    @pytest.fixture
    def theirs(self, other: Any) -> str:
        new_table(other)
        other.put_item(TableName="orders", Item={"pk": {"S": "a"}})
        return arn()

    def denied(self, name: str, resource: str, caller: str = "123456789012:user/ddbmock") -> str:
        return (
            f"User: arn:aws:iam::{caller} is not authorized to perform: dynamodb:{name} on"
            f" resource: {resource} because no resource-based policy allows the"
            f" dynamodb:{name} action"
        )

    @pytest.mark.parametrize(
        ("operation", "action", "request_of"),
        [
            ("get_item", "GetItem", lambda t: {"TableName": t, "Key": {"pk": {"S": "a"}}}),
            ("put_item", "PutItem", lambda t: {"TableName": t, "Item": {"pk": {"S": "b"}}}),
            ("delete_item", "DeleteItem", lambda t: {"TableName": t, "Key": {"pk": {"S": "a"}}}),
            ("update_item", "UpdateItem", lambda t: {"TableName": t, "Key": {"pk": {"S": "b"}}}),
            ("scan", "Scan", lambda t: {"TableName": t}),
            (
                "query",
                "Query",
                lambda t: {
                    "TableName": t,
                    "KeyConditionExpression": "pk = :v",
                    "ExpressionAttributeValues": {":v": {"S": "a"}},
                },
            ),
            (
                "batch_get_item",
                "BatchGetItem",
                lambda t: {"RequestItems": {t: {"Keys": [{"pk": {"S": "a"}}]}}},
            ),
            (
                "batch_write_item",
                "BatchWriteItem",
                lambda t: {"RequestItems": {t: [{"PutRequest": {"Item": {"pk": {"S": "b"}}}}]}},
            ),
            (
                "transact_get_items",
                "GetItem",
                lambda t: {"TransactItems": [{"Get": {"TableName": t, "Key": {"pk": {"S": "a"}}}}]},
            ),
            (
                "transact_write_items",
                "DeleteItem",
                lambda t: {
                    "TransactItems": [{"Delete": {"TableName": t, "Key": {"pk": {"S": "a"}}}}]
                },
            ),
            ("describe_table", "DescribeTable", lambda t: {"TableName": t}),
            ("delete_table", "DeleteTable", lambda t: {"TableName": t}),
            (
                "update_table",
                "UpdateTable",
                lambda t: {"TableName": t, "DeletionProtectionEnabled": True},
            ),
            ("list_tags_of_resource", "ListTagsOfResource", lambda t: {"ResourceArn": t}),
        ],
    )
    def test_nobody_reaches_them_without_a_policy(
        self, ddb, dynamodb_client, theirs, operation, action, request_of
    ):
        with pytest.raises(ClientError) as caught:
            getattr(dynamodb_client, operation)(**request_of(theirs))
        assert caught.value.response["Error"] == {
            "Code": "AccessDeniedException",
            "Message": self.denied(action, theirs),
        }
        items = ddb.accounts[OTHER].tables["orders"].plain_items
        assert items == [{"pk": "a"}]
        if action != "ListTagsOfResource":
            request = request_of(theirs)
            missing = json.loads(json.dumps(request).replace("/orders", "/missing"))
            with pytest.raises(ClientError, match=f"dynamodb:{action} on resource: .*/missing"):
                getattr(dynamodb_client, operation)(**missing)

    def test_the_caller_is_the_session_of_the_role(self, dynamodb_client, other):
        created = new_table(dynamodb_client)
        with pytest.raises(ClientError) as caught:
            other.scan(TableName=created["TableArn"])
        assert caught.value.response["Error"]["Message"] == (
            f"User: {SESSION} is not authorized to perform: dynamodb:Scan on resource:"
            f" {created['TableArn']} because no resource-based policy allows the dynamodb:Scan"
            " action"
        )

    def test_its_own_account_by_arn(self, other, theirs):
        assert other.scan(TableName=theirs)["Count"] == 1

    def test_a_statement_stays_in_its_account(self, dynamodb_client, theirs):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            dynamodb_client.execute_statement(Statement=f'DELETE FROM "{theirs}" WHERE pk = 1')  # noqa: S608

    def test_another_region(self, dynamodb_client, theirs):
        with pytest.raises(ClientError, match="Invalid AWS region"):
            dynamodb_client.scan(TableName=theirs.replace("us-east-1", "eu-west-1"))


class TestController:
    def test_items_of_another_account(self, ddb, other):
        new_table(other)
        table = ddb.accounts[OTHER].tables["orders"]
        table.put(pk="a", n=1)
        assert table.get(pk="a") == {"pk": "a", "n": 1}
        assert table.query(pk="a") == [{"pk": "a", "n": 1}]
        table.delete(pk="a")
        assert other.scan(TableName="orders")["Count"] == 0

    def test_regions_of_another_account(self, ddb, other):
        new_table(other)
        account = ddb.accounts[OTHER]
        assert list(account.region("us-east-1").tables) == ["orders"]
        assert list(account.region("eu-west-1").tables) == []
        assert repr(account) == "<account 222233334444: 1 table>"
        assert repr(ddb.accounts) == "<accounts 123456789012, 222233334444>"
        assert OTHER in ddb.accounts
        assert len(ddb.accounts) == 2

    @pytest.mark.parametrize("account_id", ["1", "a" * 12, 123456789012])
    def test_no_account(self, ddb, account_id):
        with pytest.raises(MisuseError, match="twelve digits"):
            ddb.accounts[account_id]

    def test_snapshots(self, ddb, other):
        with ddb.rollback():
            new_table(other)
        assert names(other) == []


class TestEndpoint:
    @pytest.fixture
    def url(self) -> Any:
        with ddbmock.serve(accounts=True) as url:
            yield url

    def client(self, url: str, access_key: str) -> Any:
        return boto3.client(
            "dynamodb",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key="secret",
        )

    def test_keys_belong_to_accounts(self, url):
        with mock_aws():
            sts = boto3.client("sts", region_name="us-east-1")
            role = sts.assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
        theirs = self.client(url, role["AccessKeyId"])
        assert new_table(theirs)["TableArn"] == arn()
        default = self.client(url, "anything")
        assert names(default) == []
        assert names(self.client(url, role["AccessKeyId"])) == ["orders"]
        with pytest.raises(ClientError, match="no resource-based policy allows"):
            default.scan(TableName=arn())

    def test_an_active_mock_behind_it(self, ddb):
        access_key = stubbed_role()["AccessKeyId"]
        with ddbmock.serve() as url:
            assert new_table(self.client(url, access_key))["TableArn"] == arn()
        assert list(ddb.accounts[OTHER].tables) == ["orders"]

    def test_not_together_with_shared(self):
        with (
            pytest.raises(MisuseError, match="shared and accounts"),
            ddbmock.serve(shared=True, accounts=True),
        ):
            raise AssertionError


@pytest.mark.parametrize(
    ("access_key", "account_id"),
    [
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("ASIAY34FZKBOKMUTVV7A", "609629065308"),
        ("DDBMOCKACCESSKEY", None),
        ("testing", None),
        ("", None),
    ],
)
def test_accounts_of_access_keys(access_key, account_id):
    assert account_of(access_key) == account_id


@pytest.mark.parametrize("account_id", ["000000000000", "000000000017", OTHER, "999999999999"])
def test_accounts_of_access_keys_of_moto(account_id):
    access_key = generate_access_key_id_from_account_id(account_id, prefix="ASIA")
    assert account_of(access_key) == account_id
