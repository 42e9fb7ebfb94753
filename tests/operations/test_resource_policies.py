from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from tests import refusals
from tests.operations.table_helpers import (
    INVALID,
    ON_DEMAND,
    an_index,
    definitions,
    keys,
    new_table,
)
from tests.other_accounts import client_of

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
REVISION = str(int(NOW.timestamp() * 1000))
ACCOUNT, OTHER = "123456789012", "222233334444"
ARN = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
STREAM = f"{ARN}/stream/2026-01-01T00:00:00.000"
ROOT = f"arn:aws:iam::{OTHER}:root"
KEY = {"pk": {"S": "p"}}
DOCUMENT_PROBLEM = f"{INVALID}Invalid policy document: "


@pytest.fixture(autouse=True)
def frozen(ddb: Any) -> None:
    ddb.clock.freeze(NOW)


@pytest.fixture
def orders(client: Any) -> str:
    created = new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("by-a", "a")],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    client.put_item(TableName="orders", Item={"pk": {"S": "p"}, "a": {"S": "a"}})
    stream: str = created["LatestStreamArn"]
    return stream


@pytest.fixture
def stranger(ddb: Any) -> Any:
    """A client of another account."""
    return client_of(OTHER)


@pytest.fixture
def once(ddb: Any) -> Any:
    """`refusal` with a client that does not retry, which would wait until the service relents."""
    client = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))

    def text_of(operation: str, **request: Any) -> str:
        return refusals.refusal(getattr(client, operation), **request)

    return text_of


def statement(**elements: Any) -> dict[str, Any]:
    found = {
        "Effect": "Allow",
        "Principal": {"AWS": ROOT},
        "Action": "dynamodb:GetItem",
        "Resource": ARN,
        **elements,
    }
    return {name: value for name, value in found.items() if value is not None}


def policy(*statements: Any, **elements: Any) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": list(statements) or [statement()],
            **elements,
        }
    )


def put(client: Any, document: str | None = None, arn: str = ARN, **more: Any) -> str:
    document = policy() if document is None else document
    response = client.put_resource_policy(ResourceArn=arn, Policy=document, **more)
    return str(response["RevisionId"])


def stored(client: Any, arn: str = ARN) -> Any:
    return client.get_resource_policy(ResourceArn=arn)["Policy"]


class TestRevisions:
    def test_put_and_get(self, client, orders):
        assert put(client) == REVISION
        response = client.get_resource_policy(ResourceArn=ARN)
        assert response["RevisionId"] == REVISION
        assert json.loads(response["Policy"]) == json.loads(policy())

    def test_the_same_document_again(self, client, ddb, orders):
        put(client)
        ddb.clock.advance(1)
        assert put(client, policy() + " ") == REVISION
        listed = statement(Action=["dynamodb:GetItem"], Principal={"AWS": OTHER})
        assert put(client, policy(dict(reversed(listed.items())))) == REVISION

    def test_another_document(self, client, ddb, orders):
        put(client)
        ddb.clock.advance(15)
        changed = put(client, policy(statement(Action="dynamodb:Query")))
        assert changed == str(int(REVISION) + 15_000)
        assert "Query" in stored(client)

    def test_expected(self, client, ddb, orders):
        put(client, ExpectedRevisionId="NO_POLICY")
        ddb.clock.advance(15)
        changed = policy(statement(Sid="x"))
        revision = put(client, changed, ExpectedRevisionId=REVISION)
        ddb.clock.advance(15)
        response = client.delete_resource_policy(ResourceArn=ARN, ExpectedRevisionId=revision)
        assert response["RevisionId"] == revision

    def test_the_wrong_one_is_expected(self, client, refusal, orders):
        put(client)
        for expected in ("1", "NO_POLICY"):
            text = (
                "PolicyNotFoundException: Resource-based policy not found for the provided"
                f" ResourceArn: Requested update for policy with revision id {expected}, but the"
                f" policy associated to target table orders has revision id {REVISION}."
            )
            more = {"ResourceArn": ARN, "ExpectedRevisionId": expected}
            assert refusal("put_resource_policy", Policy=policy(), **more) == text
            assert refusal("delete_resource_policy", **more) == text

    def test_one_is_expected_and_there_is_none(self, client, refusal, orders):
        text = (
            "PolicyNotFoundException: Resource-based policy not found for the provided"
            " ResourceArn: Requested update for policy with revision id 1, but table orders has no"
            " associated policy."
        )
        more = {"ResourceArn": ARN, "ExpectedRevisionId": "1"}
        assert refusal("put_resource_policy", Policy=policy(), **more) == text
        assert refusal("delete_resource_policy", **more) == text

    def test_one_change_in_15_seconds(self, client, ddb, once, orders):
        put(client)
        ddb.clock.advance(14.999)
        text = (
            "ThrottlingException: Resource-based policy for table orders modified within the"
            " previous 15000 milliseconds. Please try again after 2026-11-20T12:00:15.000Z."
        )
        changed = policy(statement(Sid="x"))
        assert once("put_resource_policy", ResourceArn=ARN, Policy=changed) == text
        assert once("delete_resource_policy", ResourceArn=ARN) == text
        # The table and its stream are counted apart.
        put(client, policy(statement(Action="dynamodb:GetRecords", Resource="*")), orders)
        ddb.clock.advance(0.001)
        put(client, changed)

    def test_the_stream_is_named(self, client, once, orders):
        one = statement(Action="dynamodb:GetRecords", Resource="*")
        put(client, policy(one), orders)
        label = orders.rpartition("/")[2]
        text = once("put_resource_policy", ResourceArn=orders, Policy=policy({**one, "Sid": "x"}))
        assert text.startswith(
            f"ThrottlingException: Resource-based policy for stream {label} modified within"
        )


class TestDelete:
    def test_deleted(self, client, ddb, refusal, orders):
        put(client)
        ddb.clock.advance(15)
        assert client.delete_resource_policy(ResourceArn=ARN)["RevisionId"] == REVISION
        assert refusal("get_resource_policy", ResourceArn=ARN) == (
            "PolicyNotFoundException: Resource-based policy not found for the provided"
            f" ResourceArn: {ARN}"
        )
        again = client.delete_resource_policy(ResourceArn=ARN)["RevisionId"]
        assert again == str(int(REVISION) + 15_000)

    def test_without_a_policy(self, client, orders):
        assert "RevisionId" not in client.delete_resource_policy(ResourceArn=ARN)

    def test_a_table_that_is_created_again(self, client, refusal, orders):
        put(client)
        client.delete_table(TableName="orders")
        new_table(client)
        assert refusal("get_resource_policy", ResourceArn=ARN).startswith("PolicyNotFound")

    def test_rollback(self, client, ddb, refusal, orders):
        with ddb.rollback():
            put(client)
        assert refusal("get_resource_policy", ResourceArn=ARN).startswith("PolicyNotFound")


class TestGet:
    def test_a_table_that_never_had_one(self, client, refusal):
        new_table(client)
        assert refusal("get_resource_policy", ResourceArn=ARN) == (
            "PolicyNotFoundException: Resource-based policy not found for the provided"
            f" ResourceArn: {ARN}"
        )


class TestCreateTable:
    def test_a_table_with_a_policy(self, client, stranger):
        new_table(client, ResourcePolicy=policy())
        response = client.get_resource_policy(ResourceArn=ARN)
        assert response["RevisionId"] == REVISION
        assert "Item" not in stranger.get_item(TableName=ARN, Key={"pk": {"S": "p"}})

    def test_a_policy_that_is_refused(self, client, refusal):
        assert refusal(
            "create_table",
            TableName="orders",
            KeySchema=keys("pk"),
            AttributeDefinitions=definitions(pk="S"),
            ResourcePolicy="{",
            **ON_DEMAND,
        ) == (f"{DOCUMENT_PROBLEM}This policy contains invalid Json")
        assert client.list_tables()["TableNames"] == []

    def test_describe_table_does_not_show_it(self, client):
        described = new_table(client, ResourcePolicy=policy())
        assert not [name for name in described if "Policy" in name or "Revision" in name]


class TestCanonicalForm:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            (statement(), statement()),
            (statement(Action=["dynamodb:GetItem"]), statement()),
            (statement(Resource=[ARN]), statement()),
            (statement(Principal={"AWS": OTHER}), statement()),
            (statement(Principal={"AWS": [OTHER, ROOT]}), statement()),
            (statement(Effect="allow"), statement()),
            (
                statement(Action=["dynamodb:Query", "dynamodb:GetItem", "dynamodb:Query"]),
                statement(Action=["dynamodb:Query", "dynamodb:GetItem", "dynamodb:Query"]),
            ),
            (statement(Action="DynamoDB:getitem"), statement(Action="DynamoDB:getitem")),
            (statement(Sid="é"), statement(Sid="é")),
            (statement(Resource="*"), statement(Resource="*")),
            (statement(Resource=f"{ARN}/index/by-a"), statement(Resource=f"{ARN}/index/by-a")),
            (
                statement(Resource=ARN.replace("orders", "other")),
                statement(Resource=ARN.replace("orders", "other")),
            ),
        ],
    )
    def test_statements(self, client, orders, given, kept):
        put(client, policy(dict(reversed(given.items()))))
        assert json.loads(stored(client))["Statement"] == [kept]

    def test_order_and_blanks(self, client, orders):
        one = statement(Sid="s", Condition={"Bool": {"aws:SecureTransport": "true"}})
        scrambled = json.dumps(
            {
                "Statement": dict(reversed(one.items())),
                "Version": "2012-10-17",
            }
        )
        put(client, scrambled)
        assert stored(client) == (
            '{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Principal":'
            f'{{"AWS":"{ROOT}"}},"Action":"dynamodb:GetItem","Resource":"{ARN}","Condition":'
            '{"Bool":{"aws:SecureTransport":"true"}}}]}'
        )

    def test_what_is_returned_is_returned_again(self, client, orders):
        put(client)
        assert put(client, stored(client)) == REVISION

    def test_without_a_version(self, client, ddb, once, orders):
        put(client, json.dumps({"Statement": [statement()]}))
        read_back = stored(client)
        assert json.loads(read_back)["Version"] == "2008-10-17"
        # That is another document.
        assert once("put_resource_policy", ResourceArn=ARN, Policy=read_back).startswith(
            "ThrottlingException"
        )
        ddb.clock.advance(15)
        assert put(client, read_back) != REVISION


EVERYBODY = (
    "Resource-based policy grants unbounded access in one or more elements. Please revise the"
    " policy to ensure least-privilege form of access"
)


class TestDocumentsThatAreRefused:
    @pytest.mark.parametrize(
        ("document", "text"),
        [
            ("", f"{DOCUMENT_PROBLEM}This policy contains invalid Json"),
            ("[]", f"{DOCUMENT_PROBLEM}This policy contains invalid Json"),
            ("{", f"{DOCUMENT_PROBLEM}This policy contains invalid Json"),
            ("{}", f"{DOCUMENT_PROBLEM}Syntax error at position (1,3)"),
            ("null", f"{DOCUMENT_PROBLEM}This text appears not to be a policy"),
            (
                '{"Statement": []}',
                f"{DOCUMENT_PROBLEM}Could not parse the policy: Statement is empty!",
            ),
            ('{"Statement": [{}]}', f"{DOCUMENT_PROBLEM}Missing required field Effect"),
            (
                policy(statement(Resource=None)),
                f"{DOCUMENT_PROBLEM}Missing required field Resource",
            ),
            (
                policy(statement(Principal=None)),
                f"{DOCUMENT_PROBLEM}Missing required field Principal",
            ),
            (
                policy(statement(Sid="a"), statement(Sid="a")),
                f"{DOCUMENT_PROBLEM}The Statement Ids in the policy are not unique",
            ),
            (
                policy(statement(Action=["dynamodb:GetRecords", "dynamodb:DescribeStream"])),
                (
                    f"{DOCUMENT_PROBLEM}The following action names are invalid:"
                    ' "dynamodb:GetRecords", "dynamodb:DescribeStream"'
                ),
            ),
            (
                policy(statement(Action=["dynamodb:GetItem", "s3:GetObject"])),
                f'{DOCUMENT_PROBLEM}The following action names are invalid: "s3:GetObject"',
            ),
            (
                policy(statement(Resource=STREAM)),
                (
                    f'{DOCUMENT_PROBLEM}The relative-id "table/orders/stream/'
                    f'2026-01-01T00:00:00.000" is invalid for ARN "{STREAM}"'
                ),
            ),
            (
                policy(statement(Principal={"AWS": "me"})),
                (f"{INVALID}Invalid principal in policy document."),
            ),
            (policy(statement(Principal="*")), EVERYBODY),
            (policy(statement(Principal={"AWS": "*"})), EVERYBODY),
            (
                " " * 20_000 + policy() + " " * 481,
                f"{INVALID}Maximum policy size of 20480 bytes exceeded",
            ),
        ],
    )
    def test_texts(self, client, refusal, orders, document, text):
        assert refusal("put_resource_policy", ResourceArn=ARN, Policy=document) == text

    def test_a_bare_account_as_principal(self, refusal, orders):
        document = policy(statement(Principal=OTHER))
        text = refusal("put_resource_policy", ResourceArn=ARN, Policy=document)
        assert text.startswith(f"{DOCUMENT_PROBLEM}Syntax error at position (1,")

    def test_the_largest_document(self, client, orders):
        blanks = 20_480 - len(policy())
        put(client, policy() + " " * blanks)

    def test_everybody_of_an_organisation(self, client, orders):
        bounded = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
        put(client, policy(statement(Principal="*", Condition=bounded)))

    def test_everybody_may_be_denied(self, client, orders):
        put(client, policy(statement(Effect="Deny", Principal="*")))

    @pytest.mark.parametrize("action", ["dynamodb:*", "dynamodb:Get*", "*", "DYNAMODB:GETITEM"])
    def test_wildcards(self, client, orders, action):
        put(client, policy(statement(Action=action)), ConfirmRemoveSelfResourceAccess=True)

    def test_of_a_stream(self, client, refusal, orders):
        def text_of(**elements: Any) -> str:
            document = policy(statement(**elements))
            return str(refusal("put_resource_policy", ResourceArn=orders, Policy=document))

        assert text_of(Action="dynamodb:ListStreams", Resource="*") == (
            f'{DOCUMENT_PROBLEM}The following action names are invalid: "dynamodb:ListStreams"'
        )
        assert text_of(Action="dynamodb:GetRecords", Resource=ARN) == (
            f'{DOCUMENT_PROBLEM}The relative-id "table/orders" is invalid for ARN "{ARN}"'
        )


class TestLockOut:
    DENIAL = statement(Effect="Deny", Action="dynamodb:PutResourcePolicy", Principal="*")

    def test_refused(self, refusal, orders):
        assert refusal("put_resource_policy", ResourceArn=ARN, Policy=policy(self.DENIAL)) == (
            "AccessDeniedException: The new resource policy will not allow you to update the"
            " resource policy in the future."
        )

    def test_confirmed(self, client, ddb, refusal, orders):
        put(client, policy(self.DENIAL), ConfirmRemoveSelfResourceAccess=True)
        ddb.clock.advance(15)
        assert refusal("put_resource_policy", ResourceArn=ARN, Policy=policy()) == (
            "AccessDeniedException: User: arn:aws:iam::123456789012:user/ddbmock is not authorized"
            f" to perform: dynamodb:PutResourcePolicy on resource: {ARN} with an explicit deny in a"
            " resource-based policy"
        )
        client.delete_table(TableName="orders")

    def test_of_others_or_of_the_deletion_alone(self, client, ddb, orders):
        put(client, policy({**self.DENIAL, "Principal": {"AWS": OTHER}}))
        ddb.clock.advance(15)
        put(client, policy({**self.DENIAL, "Action": "dynamodb:DeleteResourcePolicy"}))


class TestEnforcement:
    def test_another_account(self, client, ddb, stranger, orders):
        put(client)
        assert stranger.get_item(TableName=ARN, Key=KEY)["Item"]["a"] == {"S": "a"}
        with pytest.raises(ClientError, match="no resource-based policy allows the dynamodb:Scan"):
            stranger.scan(TableName=ARN)
        capacity = stranger.get_item(TableName=ARN, Key=KEY, ReturnConsumedCapacity="TOTAL")[
            "ConsumedCapacity"
        ]
        assert capacity["TableName"] == ARN

    def test_an_index_needs_a_resource_of_its_own(self, client, ddb, stranger, orders):
        query = {
            "TableName": ARN,
            "IndexName": "by-a",
            "KeyConditionExpression": "a = :a",
            "ExpressionAttributeValues": {":a": {"S": "a"}},
        }
        put(client, policy(statement(Action="dynamodb:Query")))
        with pytest.raises(ClientError, match=f"on resource: {ARN}/index/by-a because"):
            stranger.query(**query)
        ddb.clock.advance(15)
        put(client, policy(statement(Action="dynamodb:Query", Resource=f"{ARN}/index/*")))
        assert stranger.query(**query)["Count"] == 1

    @pytest.mark.parametrize(
        ("action", "operation", "request_of"),
        [
            ("PutItem", "put_item", {"Item": {"pk": {"S": "x"}}}),
            ("UpdateItem", "update_item", {"Key": {"pk": {"S": "x"}}}),
            ("DeleteItem", "delete_item", {"Key": KEY}),
            ("Scan", "scan", {}),
            ("DescribeTable", "describe_table", {}),
            ("UpdateTable", "update_table", {"DeletionProtectionEnabled": True}),
            ("DeleteTable", "delete_table", {}),
        ],
    )
    def test_what_is_done_between_accounts(
        self, client, ddb, stranger, orders, action, operation, request_of
    ):
        put(client, policy(statement(Action=f"dynamodb:{action}")))
        getattr(stranger, operation)(TableName=ARN, **request_of)
        assert ddb.calls[-1].error is None

    def test_a_transaction(self, client, ddb, stranger, orders):
        put(client, policy(statement(Action=["dynamodb:PutItem", "dynamodb:ConditionCheckItem"])))
        new_table(stranger, "own")
        write = {
            "TransactItems": [
                {"Put": {"TableName": "own", "Item": {"pk": {"S": "o"}}}},
                {"Put": {"TableName": ARN, "Item": {"pk": {"S": "x"}}}},
            ]
        }
        stranger.transact_write_items(**write)
        assert ddb.tables["orders"].get(pk="x") == {"pk": "x"}
        write["TransactItems"].append({"Delete": {"TableName": ARN, "Key": KEY}})
        with pytest.raises(ClientError, match="allows the dynamodb:DeleteItem action"):
            stranger.transact_write_items(**write)
        assert ddb.tables["orders"].get(pk="p") == {"pk": "p", "a": "a"}

    def test_tags_of_another_account(self, client, stranger, orders):
        put(
            client,
            policy(statement(Action=["dynamodb:TagResource", "dynamodb:ListTagsOfResource"])),
        )
        stranger.tag_resource(ResourceArn=ARN, Tags=[{"Key": "k", "Value": "v"}])
        tags = stranger.list_tags_of_resource(ResourceArn=ARN)["Tags"]
        assert tags == [{"Key": "k", "Value": "v"}]

    def test_a_stream_of_another_account(self, client, ddb, orders):
        streams = client_of(OTHER, "dynamodbstreams")
        with pytest.raises(ClientError, match="dynamodb:DescribeStream on resource"):
            streams.describe_stream(StreamArn=orders)
        actions = ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"]
        put(client, policy(statement(Action=actions, Resource="*")), orders)
        shards = streams.describe_stream(StreamArn=orders)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=orders, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        assert len(streams.get_records(ShardIterator=iterator)["Records"]) == 1
        ddb.clock.advance(15)
        put(client, policy(statement(Action=actions[:2], Resource="*")), orders)
        with pytest.raises(ClientError, match="allows the dynamodb:GetRecords action"):
            streams.get_records(ShardIterator=iterator)

    def test_a_denial_of_the_own_account(self, client, orders, refusal):
        put(client, policy(statement(Effect="Deny", Principal="*", Action="dynamodb:PutItem")))
        client.get_item(TableName="orders", Key=KEY)
        text = (
            "User: arn:aws:iam::123456789012:user/ddbmock is not authorized to perform:"
            f" dynamodb:PutItem on resource: {ARN} with an explicit deny in a resource-based policy"
        )
        request = {"TableName": "orders", "Item": {"pk": {"S": "x"}}}
        assert refusal("put_item", **request) == f"AccessDeniedException: {text}"
        assert refusal("batch_write_item", RequestItems={"orders": []}).startswith("1 validation")

    def test_statements(self, client, ddb, orders):
        put(
            client, policy(statement(Effect="Deny", Principal="*", Action="dynamodb:PartiQLInsert"))
        )
        insert = "INSERT INTO orders VALUE {'pk': 'x'}"
        message = (
            "User: arn:aws:iam::123456789012:user/ddbmock is not authorized to perform:"
            f" dynamodb:PartiQLInsert on resource: {ARN} with an explicit deny in a resource-based"
            " policy"
        )
        with pytest.raises(ClientError) as caught:
            client.execute_statement(Statement=insert)
        assert caught.value.response["Error"] == {
            "Code": "AccessDeniedException",
            "Message": message,
        }
        update = "UPDATE orders SET b = 1 WHERE pk = 'p'"
        responses = client.batch_execute_statement(
            Statements=[{"Statement": update}, {"Statement": insert}]
        )["Responses"]
        assert responses == [
            {"TableName": "orders"},
            {"Error": {"Code": "AccessDenied", "Message": message}},
        ]
        with pytest.raises(ClientError) as caught:
            client.execute_transaction(
                TransactStatements=[{"Statement": update}, {"Statement": insert}]
            )
        assert caught.value.response["CancellationReasons"] == [
            {"Code": "None"},
            {"Code": "AccessDenied", "Message": message},
        ]
        assert ddb.tables["orders"].plain_items == [{"pk": "p", "a": "a", "b": 1}]

    def test_a_saved_state(self, client, ddb, orders, tmp_path):
        put(client, policy(statement(Effect="Deny", Principal="*", Action="dynamodb:PutItem")))
        ddb.save(tmp_path / "state.jsonl")
        with mock_dynamodb(isolate=True) as another:
            another.load(tmp_path / "state.jsonl")
            assert stored(client) is not None
            with pytest.raises(ClientError, match="with an explicit deny"):
                client.put_item(TableName="orders", Item={"pk": {"S": "x"}})


@pytest.mark.parametrize("operation", ["get", "put", "delete"])
@pytest.mark.parametrize(
    ("arn", "text"),
    [
        ("orders", f"{INVALID}ARNs must start with 'arn:': orders"),
        (
            f"{ARN}/backup/01",
            f"{INVALID}Provided Arn is not a DynamoDB resource arn: {ARN}/backup/01",
        ),
        (
            "arn:aws:s3:::bucket",
            f"{INVALID}Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket",
        ),
        (
            f"{ARN}/index/by-a",
            (
                f"{INVALID}Invalid resource arn provided, only table or stream is accepted."
                f" Provided resource arn: {ARN}/index/by-a"
            ),
        ),
        (
            ARN.replace("us-east-1", "eu-west-1"),
            f"{INVALID}Invalid resource Arn: {ARN.replace('us-east-1', 'eu-west-1')}",
        ),
        (
            ARN.replace("arn:aws:", "arn:aws-cn:"),
            f"{INVALID}Invalid resource Arn: {ARN.replace('arn:aws:', 'arn:aws-cn:')}",
        ),
        (
            ARN.replace(ACCOUNT, OTHER),
            (
                "This action is only supported by accounts that match the resource"
                " owner\u2019s account."
            ),
        ),
        (
            ARN.replace("orders", "missing"),
            ("ResourceNotFoundException: Requested resource not found: Table: missing not found"),
        ),
        (
            ARN.replace("orders", "Orders"),
            ("ResourceNotFoundException: Requested resource not found: Table: Orders not found"),
        ),
        (
            STREAM,
            (
                "ResourceNotFoundException: Requested resource not found: Stream:"
                " 2026-01-01T00:00:00.000 not found for Table: orders"
            ),
        ),
    ],
)
def test_resources_that_are_none(client, refusal, operation, arn, text):
    new_table(client)
    more = {"Policy": policy()} if operation == "put" else {}
    assert refusal(f"{operation}_resource_policy", ResourceArn=arn, **more) == text


def test_a_table_that_is_being_deleted():
    with mock_dynamodb(isolate=True, delays=60) as ddb:
        client = boto3.client("dynamodb")
        ddb.clock.freeze(NOW)
        new_table(client)
        ddb.clock.advance(timedelta(minutes=1))
        put(client)
        client.delete_table(TableName="orders")
        assert put(client)
        assert stored(client)
        with pytest.raises(ClientError, match="still in use: Table is being deleted: orders"):
            client.delete_resource_policy(ResourceArn=ARN)
