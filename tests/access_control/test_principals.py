"""Calls under policies: what each operation needs, condition keys, texts, reports."""

from __future__ import annotations

import json
import warnings
from typing import Any, ClassVar

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from ddbmock._internal.access_control import PolicyWarning
from ddbmock._internal.access_control.principals import Principal
from ddbmock._internal.errors import MisuseError
from tests.operations.table_helpers import an_index, definitions, described, keys, new_table
from tests.other_accounts import client_of
from tests.refusals import unchanged

ACCOUNT = "123456789012"
ARN = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
USER = f"arn:aws:iam::{ACCOUNT}:user/ddbmock"
KEY = {"pk": {"S": "ann"}, "sk": {"N": "1"}}
ITEM = {**KEY, "a": {"S": "x"}, "secret": {"S": "s"}}


@pytest.fixture
def orders(dynamodb_client: Any) -> Any:
    new_table(
        dynamodb_client,
        KeySchema=keys("pk", "sk"),
        AttributeDefinitions=definitions(pk="S", sk="N", a="S"),
        GlobalSecondaryIndexes=[an_index("by-a", "a")],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    dynamodb_client.put_item(TableName="orders", Item=ITEM)
    return dynamodb_client


def document(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions: str, resource: Any = "*", **elements: Any) -> dict[str, Any]:
    names = [f"dynamodb:{action}" for action in actions]
    return {"Effect": "Allow", "Action": names, "Resource": resource, **elements}


def deny(*actions: str, **elements: Any) -> dict[str, Any]:
    return {**allow(*actions, **elements), "Effect": "Deny"}


def denial(action: str, resource: str = ARN, reason: str | None = None, user: str = USER) -> str:
    because = f"because no identity-based policy allows the dynamodb:{action} action"
    return (
        f"User: {user} is not authorized to perform: dynamodb:{action} on resource: {resource}"
        f" {reason or because}"
    )


def refused(call: Any, *arguments: Any, **parameters: Any) -> str:
    with unchanged(), pytest.raises(ClientError) as caught:
        call(*arguments, **parameters)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return str(caught.value.response["Error"]["Message"])


def code_of(call: Any, **parameters: Any) -> str | None:
    """Make a call and return the code of its error, None if it succeeds."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


TRANSACT_WRITES = [
    ("Put", "PutItem", {"TableName": "orders", "Item": ITEM}),
    ("Delete", "DeleteItem", {"TableName": "orders", "Key": KEY}),
    (
        "Update",
        "UpdateItem",
        {
            "TableName": "orders",
            "Key": KEY,
            "UpdateExpression": "SET b = :b",
            "ExpressionAttributeValues": {":b": {"S": "b"}},
        },
    ),
    (
        "ConditionCheck",
        "ConditionCheckItem",
        {"TableName": "orders", "Key": KEY, "ConditionExpression": "attribute_exists(pk)"},
    ),
]
QUERY: dict[str, Any] = {
    "TableName": "orders",
    "KeyConditionExpression": "pk = :pk",
    "ExpressionAttributeValues": {":pk": {"S": "ann"}},
}
INDEX_QUERY: dict[str, Any] = {
    "TableName": "orders",
    "IndexName": "by-a",
    "KeyConditionExpression": "a = :a",
    "ExpressionAttributeValues": {":a": {"S": "x"}},
}
INDEX = f"{ARN}/index/by-a"
CALLS: list[tuple[str, str, dict[str, Any], str]] = [
    ("get_item", "GetItem", {"TableName": "orders", "Key": KEY}, ARN),
    ("put_item", "PutItem", {"TableName": "orders", "Item": ITEM}, ARN),
    ("update_item", "UpdateItem", {"TableName": "orders", "Key": KEY}, ARN),
    ("delete_item", "DeleteItem", {"TableName": "orders", "Key": KEY}, ARN),
    ("query", "Query", QUERY, ARN),
    ("query", "Query", INDEX_QUERY, INDEX),
    ("scan", "Scan", {"TableName": "orders"}, ARN),
    ("scan", "Scan", {"TableName": "orders", "IndexName": "by-a"}, INDEX),
    ("batch_get_item", "BatchGetItem", {"RequestItems": {"orders": {"Keys": [KEY]}}}, ARN),
    (
        "batch_write_item",
        "BatchWriteItem",
        {"RequestItems": {"orders": [{"PutRequest": {"Item": ITEM}}]}},
        ARN,
    ),
    (
        "transact_get_items",
        "GetItem",
        {"TransactItems": [{"Get": {"TableName": "orders", "Key": KEY}}]},
        ARN,
    ),
    *[
        ("transact_write_items", action, {"TransactItems": [{name: request}]}, ARN)
        for name, action, request in TRANSACT_WRITES
    ],
    ("execute_statement", "PartiQLSelect", {"Statement": "SELECT * FROM orders"}, ARN),
    (
        "execute_statement",
        "PartiQLSelect",
        {"Statement": "SELECT * FROM orders.\"by-a\" WHERE a = 'x'"},
        INDEX,
    ),
    (
        "execute_statement",
        "PartiQLInsert",
        {"Statement": "INSERT INTO orders VALUE {'pk': 'x', 'sk': 1}"},
        ARN,
    ),
    (
        "execute_statement",
        "PartiQLUpdate",
        {"Statement": "UPDATE orders SET b = 1 WHERE pk = 'ann' AND sk = 1"},
        ARN,
    ),
    (
        "execute_statement",
        "PartiQLDelete",
        {"Statement": "DELETE FROM orders WHERE pk = 'ann' AND sk = 1"},
        ARN,
    ),
    ("describe_table", "DescribeTable", {"TableName": "orders"}, ARN),
    ("update_table", "UpdateTable", {"TableName": "orders", "TableClass": "STANDARD"}, ARN),
    ("describe_time_to_live", "DescribeTimeToLive", {"TableName": "orders"}, ARN),
    ("list_tags_of_resource", "ListTagsOfResource", {"ResourceArn": ARN}, ARN),
    ("list_tables", "ListTables", {}, ARN.replace("orders", "*")),
    ("describe_limits", "DescribeLimits", {}, "*"),
    (
        "describe_contributor_insights",
        "DescribeContributorInsights",
        {"TableName": "orders"},
        ARN,
    ),
    ("delete_table", "DeleteTable", {"TableName": "orders"}, ARN),
]


@pytest.mark.parametrize(("operation", "action", "request_of", "resource"), CALLS)
class TestWhatCallsNeed:
    def test_without_the_right(self, ddb, orders, operation, action, request_of, resource):
        others = {action for _, action, _, _ in CALLS} - {action}
        policy = document(allow(*sorted(others)))
        with ddb.as_principal(policy):
            assert refused(getattr(orders, operation), **request_of) == denial(action, resource)

    def test_with_the_right_alone(self, ddb, orders, operation, action, request_of, resource):
        policy = document(allow(action, resource=resource))
        with ddb.as_principal(policy) as principal:
            code = code_of(getattr(orders, operation), **request_of)
            assert code != "AccessDeniedException"
        assert principal.least_privilege_policy()["Statement"] == [
            {"Effect": "Allow", "Action": f"dynamodb:{action}", "Resource": resource}
        ]

    def test_denied(self, ddb, orders, operation, action, request_of, resource):
        policy = document(allow("*"), deny(action))
        reason = "with an explicit deny in an identity-based policy"
        with ddb.as_principal(policy):
            found = refused(getattr(orders, operation), **request_of)
        assert found == denial(action, resource, reason)


class TestSeveralActions:
    def test_the_first_refused_action_of_a_transaction(self, ddb, orders):
        actions = [{name: {**request}} for name, _, request in TRANSACT_WRITES]
        with ddb.as_principal(document(allow("PutItem", "UpdateItem"))):
            found = refused(orders.transact_write_items, TransactItems=actions)
        assert found == denial("DeleteItem")

    def test_statements_of_a_batch(self, ddb, orders):
        statements = [
            {"Statement": "UPDATE orders SET b = 1 WHERE pk = 'ann' AND sk = 1"},
            {"Statement": "DELETE FROM orders WHERE pk = 'bob' AND sk = 1"},
        ]
        with ddb.as_principal(document(allow("PartiQLUpdate"))):
            responses = orders.batch_execute_statement(Statements=statements)["Responses"]
        assert responses == [
            {"TableName": "orders"},
            {"Error": {"Code": "AccessDenied", "Message": denial("PartiQLDelete")}},
        ]

    def test_statements_of_a_transaction(self, ddb, orders):
        statements = [
            {"Statement": "UPDATE orders SET b = 1 WHERE pk = 'ann' AND sk = 1"},
            {"Statement": "DELETE FROM orders WHERE pk = 'bob' AND sk = 1"},
        ]
        policy = document(allow("PartiQLUpdate"))
        with ddb.as_principal(policy), unchanged(), pytest.raises(ClientError) as caught:
            orders.execute_transaction(TransactStatements=statements)
        assert caught.value.response["Error"]["Code"] == "TransactionCanceledException"
        assert caught.value.response["CancellationReasons"] == [
            {"Code": "None"},
            {"Code": "AccessDenied", "Message": denial("PartiQLDelete")},
        ]

    def test_a_batch_needs_a_right_for_each_table(self, ddb, orders):
        new_table(orders, "others")
        requested = {
            "others": {"Keys": [{"pk": {"S": "x"}}]},
            "orders": {"Keys": [KEY]},
        }
        with ddb.as_principal(document(allow("BatchGetItem", resource=f"{ARN[:-6]}others"))):
            found = refused(orders.batch_get_item, RequestItems=requested)
        assert found == denial("BatchGetItem")

    def test_tags_of_a_new_table(self, ddb, orders):
        request = {
            "TableName": "another",
            "KeySchema": keys("pk"),
            "AttributeDefinitions": definitions(pk="S"),
            "BillingMode": "PAY_PER_REQUEST",
            "Tags": [{"Key": "a", "Value": "b"}],
        }
        with ddb.as_principal(document(allow("CreateTable"))):
            found = refused(orders.create_table, **request)
        assert found == denial("TagResource", ARN.replace("orders", "another"))

    def test_insights_of_an_index(self, ddb, orders):
        request = {"TableName": "orders", "IndexName": "by-a"}
        with ddb.as_principal(document(allow("*", resource=ARN))):
            found = refused(orders.describe_contributor_insights, **request)
        assert found == denial("DescribeContributorInsights", INDEX)

    def test_streams(self, ddb, orders):
        stream = described(orders)["LatestStreamArn"]
        streams = boto3.client("dynamodbstreams")
        everything = document(allow("*", resource=ARN))
        with ddb.as_principal(everything):
            found = refused(streams.describe_stream, StreamArn=stream)
            assert found == denial("DescribeStream", stream)
            found = refused(streams.list_streams)
            assert found == denial("ListStreams", f"{ARN.replace('orders', '*')}/stream/*")
        with ddb.as_principal(document(allow("*", resource=f"{ARN}/stream/*"))) as principal:
            shards = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
            iterator = streams.get_shard_iterator(
                StreamArn=stream,
                ShardId=shards[0]["ShardId"],
                ShardIteratorType="TRIM_HORIZON",
            )["ShardIterator"]
            streams.get_records(ShardIterator=iterator)
            streams.list_streams(TableName="orders")
        assert principal.least_privilege_policy()["Statement"] == [
            {
                "Effect": "Allow",
                "Action": [
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ],
                "Resource": f"{ARN}/stream/*",
            }
        ]


DATA = ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")


class TestFurtherResources:
    def test_a_backup_and_its_restore(self, ddb, orders):
        with ddb.as_principal(document(allow("CreateBackup", resource=ARN))):
            backup = orders.create_backup(TableName="orders", BackupName="before")
        backup_arn = backup["BackupDetails"]["BackupArn"]
        restore = {"TargetTableName": "copy", "BackupArn": backup_arn}
        copy = ARN.replace("orders", "copy")
        with ddb.as_principal(document(allow("*", resource=f"{ARN}/backup/*"))):
            orders.describe_backup(BackupArn=backup_arn)
            found = refused(orders.restore_table_from_backup, **restore)
            assert found == denial("BatchWriteItem", copy)
        rights = document(
            allow("RestoreTableFromBackup", resource=f"{ARN}/backup/*"),
            allow(*DATA, resource=copy),
        )
        with ddb.as_principal(rights):
            orders.restore_table_from_backup(**restore)

    @pytest.mark.parametrize("source", [{"SourceTableName": "orders"}, {"SourceTableArn": ARN}])
    def test_a_restore_to_a_point_in_time(self, ddb, orders, source):
        restore = {"TargetTableName": "copy", "UseLatestRestorableTime": True, **source}
        with ddb.as_principal(document(allow(*DATA))):
            found = refused(orders.restore_table_to_point_in_time, **restore)
        assert found == denial("RestoreTableToPointInTime")

    def test_an_export(self, ddb, orders):
        with ddb.as_principal(document()):
            found = refused(orders.export_table_to_point_in_time, TableArn=ARN, S3Bucket="bucket")
        assert found == denial("ExportTableToPointInTime")

    def test_an_import(self, ddb, orders):
        with ddb.as_principal(document()):
            found = refused(
                orders.import_table,
                S3BucketSource={"S3Bucket": "bucket"},
                InputFormat="CSV",
                TableCreationParameters={
                    "TableName": "new",
                    "KeySchema": keys("pk"),
                    "AttributeDefinitions": definitions(pk="S"),
                    "BillingMode": "PAY_PER_REQUEST",
                },
            )
        assert found == denial("ImportTable", ARN.replace("orders", "new"))

    def test_a_replica(self, ddb, orders):
        there = ARN.replace("us-east-1", "eu-west-1")
        create = [{"Create": {"RegionName": "eu-west-1"}}]
        with ddb.as_principal(document(allow("*", resource=ARN))):
            found = refused(orders.update_table, TableName="orders", ReplicaUpdates=create)
        assert found == denial("CreateTable", there)

    @pytest.mark.parametrize(
        ("operation", "action", "request_of"),
        [
            ("list_backups", "ListBackups", {"TableName": "orders"}),
            ("list_exports", "ListExports", {"TableArn": ARN}),
            ("list_contributor_insights", "ListContributorInsights", {"TableName": "orders"}),
        ],
    )
    def test_lists(self, ddb, orders, operation, action, request_of):
        with ddb.as_principal(document(allow("*", resource=[ARN, f"{ARN}/*"]))):
            found = refused(getattr(orders, operation), **request_of)
        assert found == denial(action, ARN.replace("orders", "*"))


class TestOrder:
    def test_before_the_table_is_looked_up(self, ddb, dynamodb_client):
        with ddb.as_principal(document(allow("Query"))):
            found = refused(dynamodb_client.get_item, TableName="missing", Key=KEY)
        assert found == denial("GetItem", ARN.replace("orders", "missing"))

    def test_after_the_request_is_checked(self, ddb, dynamodb_client):
        with ddb.as_principal(document()), pytest.raises(ClientError, match="ValidationException"):
            dynamodb_client.scan(TableName="orders", FilterExpression="a =")


def only(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


def is_allowed(ddb: Any, statement: dict[str, Any], call: Any, **request: Any) -> bool:
    with ddb.as_principal(document(statement)):
        code = code_of(call, **request)
    assert code in {None, "AccessDeniedException"}
    return code is None


LEADING = "dynamodb:LeadingKeys"


class TestLeadingKeys:
    OWN = only("ForAllValues:StringEquals", LEADING, "ann")

    @pytest.mark.parametrize(
        ("operation", "request_of"),
        [
            ("get_item", lambda pk: {"Key": {**KEY, "pk": pk}}),
            ("put_item", lambda pk: {"Item": {**KEY, "pk": pk}}),
            ("update_item", lambda pk: {"Key": {**KEY, "pk": pk}}),
            ("delete_item", lambda pk: {"Key": {**KEY, "pk": pk}}),
            (
                "query",
                lambda pk: {
                    "KeyConditionExpression": "pk = :pk AND sk > :sk",
                    "ExpressionAttributeValues": {":pk": pk, ":sk": {"N": "0"}},
                },
            ),
        ],
    )
    def test_of_one_item(self, ddb, orders, operation, request_of):
        call = getattr(orders, operation)
        statement = allow("*", **self.OWN)
        for name, expected in (("ann", True), ("bob", False)):
            request = {"TableName": "orders", **request_of({"S": name})}
            assert is_allowed(ddb, statement, call, **request) is expected

    def test_of_a_batch_all_keys(self, ddb, orders):
        def read(*names: str) -> dict[str, Any]:
            requested = [{**KEY, "pk": {"S": name}} for name in names]
            return {"RequestItems": {"orders": {"Keys": requested}}}

        statement = allow("BatchGetItem", **self.OWN)
        assert is_allowed(ddb, statement, orders.batch_get_item, **read("ann"))
        assert not is_allowed(ddb, statement, orders.batch_get_item, **read("ann", "bob"))
        any_of = allow("BatchGetItem", **only("ForAnyValue:StringEquals", LEADING, "ann"))
        assert is_allowed(ddb, any_of, orders.batch_get_item, **read("ann", "bob"))

    def test_of_a_transaction_item_by_item(self, ddb, orders):
        def write(*names: str) -> dict[str, Any]:
            return {
                "TransactItems": [
                    {"Put": {"TableName": "orders", "Item": {**KEY, "pk": {"S": name}}}}
                    for name in names
                ]
            }

        statement = allow("PutItem", **self.OWN)
        assert is_allowed(ddb, statement, orders.transact_write_items, **write("ann"))
        assert not is_allowed(ddb, statement, orders.transact_write_items, **write("ann", "bob"))

    def test_a_scan_has_none(self, ddb, orders):
        assert is_allowed(ddb, allow("Scan", **self.OWN), orders.scan, TableName="orders")
        bound = allow("Scan", **only("ForAnyValue:StringEquals", LEADING, "ann"))
        assert not is_allowed(ddb, bound, orders.scan, TableName="orders")

    @pytest.mark.parametrize(
        ("where", "has_keys"),
        [
            ("pk = 'ann'", True),
            ("pk = 'ann' AND sk = 2 AND sk = 2.0", True),
            ("pk = 'ann' AND (sk = 1 OR sk = 2)", True),
            ("pk = 'ann' AND sk > 0", True),
            ("pk = 'ann' AND sk > 0 AND sk < 20", False),
            ("pk = 'ann' AND pk = 'bob'", False),
            ("a = 'x'", False),
        ],
    )
    def test_of_statements(self, ddb, orders, where, has_keys):
        statement = allow("PartiQLSelect", **only("Null", LEADING, "false"))
        text = f"SELECT * FROM orders WHERE {where}"  # noqa: S608
        call = orders.execute_statement
        assert is_allowed(ddb, statement, call, Statement=text) is has_keys

    def test_of_an_index(self, ddb, orders):
        statement = allow("Query", **only("ForAllValues:StringEquals", LEADING, "x"))
        assert is_allowed(ddb, statement, orders.query, **INDEX_QUERY)

    def test_another_name(self, ddb, orders):
        key = "dynamodb:FirstPartitionKeyValues"
        statement = allow("GetItem", **only("ForAnyValue:StringEquals", key, "ann"))
        assert is_allowed(ddb, statement, orders.get_item, TableName="orders", Key=KEY)

    def test_numbers_and_binary(self, ddb, dynamodb_client):
        for kind, value, text in (("N", "1.50", "1.5"), ("B", b"abc", "YWJj")):
            name = f"keys-{kind}"
            new_table(dynamodb_client, name, AttributeDefinitions=definitions(pk=kind))
            statement = allow("*", **only("ForAnyValue:StringEquals", LEADING, text))
            call = dynamodb_client.get_item
            assert is_allowed(ddb, statement, call, TableName=name, Key={"pk": {kind: value}})

    def test_variables(self, ddb, orders):
        own = allow("*", **only("ForAllValues:StringEquals", LEADING, "${aws:PrincipalTag/user}"))
        request = {"TableName": "orders", "Key": KEY}
        for name, expected in (("ann", True), ("bob", False)):
            with ddb.as_principal(document(own), tags={"user": name}):
                if expected:
                    orders.get_item(**request)
                else:
                    refused(orders.get_item, **request)
        with ddb.as_principal(document(own)):  # a variable without a value
            refused(orders.get_item, **request)

    def test_the_most_common_mistake(self, ddb, orders):
        statement = allow("*", **only("StringEquals", LEADING, "ann"))
        with pytest.warns(PolicyWarning, match="write ForAllValues:StringEquals"):
            assert not is_allowed(ddb, statement, orders.get_item, TableName="orders", Key=KEY)


class TestAttributes:
    KEY_NAMES = ("pk", "sk")

    @pytest.mark.parametrize(
        ("operation", "request_of", "names"),
        [
            ("get_item", {"Key": KEY, "ProjectionExpression": "a"}, {"a"}),
            (
                "get_item",
                {
                    "Key": KEY,
                    "ProjectionExpression": "#n.x",
                    "ExpressionAttributeNames": {"#n": "a"},
                },
                {"a"},
            ),
            ("put_item", {"Item": {**KEY, "a": {"S": "x"}, "b": {"S": "x"}}}, {"a", "b"}),
            (
                "update_item",
                {
                    "Key": KEY,
                    "UpdateExpression": "SET b = c REMOVE d",
                    "ConditionExpression": "attribute_exists(a)",
                },
                {"a", "b", "c", "d"},
            ),
            (
                "delete_item",
                {
                    "Key": KEY,
                    "ConditionExpression": "a = :a",
                    "ExpressionAttributeValues": {":a": {"S": "x"}},
                },
                {"a"},
            ),
            (
                "query",
                {
                    "KeyConditionExpression": "pk = :pk",
                    "FilterExpression": "a = :pk",
                    "ProjectionExpression": "b, sk",
                    "ExpressionAttributeValues": {":pk": {"S": "ann"}},
                },
                {"a", "b"},
            ),
            ("scan", {"FilterExpression": "attribute_exists(a)"}, {"a"}),
        ],
    )
    def test_names_in_requests(self, ddb, orders, operation, request_of, names):
        call = getattr(orders, operation)
        request = {"TableName": "orders", **request_of}

        def allows(listed: set[str]) -> bool:
            condition = only("ForAllValues:StringEquals", "dynamodb:Attributes", *sorted(listed))
            policy = document(allow("*", **condition))
            with ddb.rollback(), ddb.as_principal(policy):
                # It may be allowed, and wrong otherwise.
                return code_of(call, **request) != "AccessDeniedException"

        assert allows({*self.KEY_NAMES, *names})
        for name in names:
            assert not allows({*self.KEY_NAMES, *names} - {name})

    @pytest.mark.parametrize(
        ("statement", "names"),
        [
            ("SELECT a FROM orders WHERE pk = 'ann' AND b = 1", {"a", "b", "pk"}),
            ("INSERT INTO orders VALUE {'pk': 'x', 'sk': 1, 'a': 1}", {"a", "pk", "sk"}),
            ("UPDATE orders SET b = c WHERE pk = 'ann' AND sk = 1", {"b", "c", "pk", "sk"}),
            ("DELETE FROM orders WHERE pk = 'ann' AND sk = 1", {"pk", "sk"}),
        ],
    )
    def test_names_in_statements(self, ddb, orders, statement, names):
        call = orders.execute_statement
        for missing in names:
            listed = sorted(names - {missing})
            condition = only("ForAllValues:StringEquals", "dynamodb:Attributes", *listed)
            assert not is_allowed(ddb, allow("*", **condition), call, Statement=statement)


class TestOtherKeys:
    @pytest.mark.parametrize(
        ("key", "operation", "request_of", "value"),
        [
            ("Select", "get_item", {"Key": KEY}, "ALL_ATTRIBUTES"),
            (
                "Select",
                "get_item",
                {"Key": KEY, "ProjectionExpression": "a"},
                "SPECIFIC_ATTRIBUTES",
            ),
            ("Select", "scan", {}, "ALL_ATTRIBUTES"),
            ("Select", "scan", {"Select": "COUNT"}, "COUNT"),
            ("Select", "scan", {"IndexName": "by-a"}, "ALL_PROJECTED_ATTRIBUTES"),
            ("ReturnValues", "put_item", {"Item": ITEM}, "NONE"),
            ("ReturnValues", "put_item", {"Item": ITEM, "ReturnValues": "ALL_OLD"}, "ALL_OLD"),
            ("ReturnValues", "delete_item", {"Key": KEY}, "NONE"),
            ("ReturnConsumedCapacity", "scan", {}, "NONE"),
            (
                "ReturnConsumedCapacity",
                "scan",
                {"ReturnConsumedCapacity": "TOTAL"},
                "TOTAL",
            ),
        ],
    )
    def test_texts(self, ddb, orders, key, operation, request_of, value):
        call, request = getattr(orders, operation), {"TableName": "orders", **request_of}
        for wanted in (value, "other"):
            condition = only("StringEquals", f"dynamodb:{key}", wanted)
            assert is_allowed(ddb, allow("*", **condition), call, **request) is (wanted == value)

    def test_no_return_values_of_reads(self, ddb, orders):
        statement = allow("*", **only("Null", "dynamodb:ReturnValues", "true"))
        assert is_allowed(ddb, statement, orders.get_item, TableName="orders", Key=KEY)

    def test_the_enclosing_operation(self, ddb, orders):
        key = "dynamodb:EnclosingOperation"
        for operator in ("StringEquals", "ForAnyValue:StringEquals"):
            statement = allow("*", **only(operator, key, "TransactWriteItems"))
            for name, _, request in TRANSACT_WRITES:
                with ddb.rollback():
                    actions = {"TransactItems": [{name: request}]}
                    assert is_allowed(ddb, statement, orders.transact_write_items, **actions)
            assert not is_allowed(ddb, statement, orders.put_item, TableName="orders", Item=ITEM)
        statement = allow("*", **only("StringEquals", key, "ExecuteTransaction"))
        statements = [{"Statement": "SELECT * FROM orders WHERE pk = 'ann' AND sk = 1"}]
        call = orders.execute_transaction
        assert is_allowed(ddb, statement, call, TransactStatements=statements)

    def test_full_table_scans(self, ddb, orders):
        policy = document(
            allow("PartiQLSelect"),
            deny("PartiQLSelect", **only("Bool", "dynamodb:FullTableScan", "true")),
        )
        with ddb.as_principal(policy):
            orders.execute_statement(Statement="SELECT * FROM orders WHERE pk = 'ann'")
            found = refused(orders.execute_statement, Statement="SELECT * FROM orders")
        assert found.endswith("with an explicit deny in an identity-based policy")

    def test_statements_return(self, ddb, orders):
        statement = allow("*", **only("StringEquals", "dynamodb:ReturnValues", "ALL_OLD"))
        text = "DELETE FROM orders WHERE pk = 'ann' AND sk = 1"
        call = orders.execute_statement
        assert not is_allowed(ddb, statement, call, Statement=text)
        assert is_allowed(ddb, statement, call, Statement=f"{text} RETURNING ALL OLD *")

    def test_tags_of_tables(self, ddb, orders):
        shop = allow("*", **only("StringEquals", "aws:ResourceTag/team", "shop"))
        assert is_allowed(ddb, shop, orders.scan, TableName="orders")
        other = allow("*", **only("StringEquals", "aws:ResourceTag/team", "other"))
        assert not is_allowed(ddb, other, orders.scan, TableName="orders")

    def test_tags_of_requests(self, ddb, orders):
        tag = {"ResourceArn": ARN, "Tags": [{"Key": "team", "Value": "a"}]}
        call = orders.tag_resource
        assert is_allowed(
            ddb, allow("*", **only("StringEquals", "aws:RequestTag/team", "a")), call, **tag
        )
        for name, expected in (("team", True), ("other", False)):
            statement = allow("*", **only("ForAllValues:StringEquals", "aws:TagKeys", name))
            assert is_allowed(ddb, statement, call, **tag) is expected
            untag = {"ResourceArn": ARN, "TagKeys": ["team"]}
            assert is_allowed(ddb, statement, orders.untag_resource, **untag) is expected

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("aws:RequestedRegion", "us-east-1"),
            ("aws:PrincipalArn", USER),
            ("aws:PrincipalAccount", ACCOUNT),
            ("aws:username", "ddbmock"),
            ("aws:SecureTransport", "true"),
            ("aws:SourceIp", "203.0.113.7"),
        ],
    )
    def test_global_keys(self, ddb, orders, key, value):
        statement = allow("*", **only("StringEquals", key, value))
        context = {"aws:SourceIp": "203.0.113.7"}
        with ddb.as_principal(document(statement), context=context):
            orders.scan(TableName="orders")

    def test_the_time_of_the_clock(self, ddb, orders):
        until = only("DateLessThan", "aws:CurrentTime", "2026-06-01T00:00:00Z")
        ddb.clock.freeze("2026-05-31T23:59:59+00:00")
        assert is_allowed(ddb, allow("*", **until), orders.scan, TableName="orders")
        ddb.clock.advance(1)
        assert not is_allowed(ddb, allow("*", **until), orders.scan, TableName="orders")


class TestPrincipals:
    def test_a_role(self, ddb, orders):
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/ddbmock"
        with ddb.as_principal(document(), arn=f"arn:aws:iam::{ACCOUNT}:role/path/app"):
            assert refused(orders.scan, TableName="orders") == denial("Scan", user=session)

    def test_a_user(self, ddb, orders):
        user = f"arn:aws:iam::{ACCOUNT}:user/ann"
        own = document(allow("*", resource=f"{ARN[:-6]}${{aws:username}}-*"))
        new_table(orders, "ann-orders")
        with ddb.as_principal(own, arn=user):
            orders.scan(TableName="ann-orders")
            assert refused(orders.scan, TableName="orders") == denial("Scan", user=user)

    @pytest.mark.parametrize(
        ("kind", "name", "article"),
        [
            ("boundary", "permissions boundary", "a"),
            ("session_policy", "session policy", "a"),
            ("service_control_policy", "service control policy", "a"),
            ("resource_control_policy", "resource control policy", "a"),
            ("endpoint_policy", "VPC endpoint policy", "a"),
        ],
    )
    def test_what_narrows(self, ddb, orders, kind, name, article):
        everything = document(allow("*"))
        with ddb.as_principal(everything, **{kind: document(allow("Scan"))}):
            orders.scan(TableName="orders")
            found = refused(orders.get_item, TableName="orders", Key=KEY)
            reason = f"because no {name} allows the dynamodb:GetItem action"
            assert found == denial("GetItem", reason=reason)
        with ddb.as_principal(everything, **{kind: document(allow("*"), deny("Scan"))}):
            found = refused(orders.scan, TableName="orders")
            assert found == denial("Scan", reason=f"with an explicit deny in {article} {name}")

    def test_a_resource_policy_is_enough_for_the_user(self, ddb, orders):
        granted = allow("Scan", resource=ARN, Principal={"AWS": USER})
        orders.put_resource_policy(ResourceArn=ARN, Policy=json.dumps(document(granted)))
        with ddb.as_principal(document()):
            orders.scan(TableName="orders")
            refused(orders.get_item, TableName="orders", Key=KEY)

    def test_another_account_needs_both(self, ddb, orders):
        other = "222233334444"
        granted = allow("Scan", resource=ARN, Principal={"AWS": other})
        orders.put_resource_policy(ResourceArn=ARN, Policy=json.dumps(document(granted)))
        user = f"arn:aws:iam::{other}:user/bob"
        with ddb.as_principal(document(allow("Scan")), arn=user):
            orders.scan(TableName=ARN)
        with ddb.as_principal(document(allow("Query")), arn=user):
            assert refused(orders.scan, TableName=ARN) == denial("Scan", user=user)

    def test_blocks_in_blocks(self, ddb, orders):
        with ddb.as_principal(document(allow("Scan"))):
            with ddb.as_principal(document(allow("GetItem"))):
                orders.get_item(TableName="orders", Key=KEY)
                refused(orders.scan, TableName="orders")
            orders.scan(TableName="orders")
        orders.put_item(TableName="orders", Item=ITEM)

    def test_what_a_test_does_itself_is_not_asked(self, ddb, orders):
        with ddb.as_principal(document()):
            assert ddb.tables["orders"].get(pk="ann", sk=1)["a"] == "x"
            ddb.load({"orders": [{"pk": "loaded", "sk": 1}]})
            with ddb.set_up() as set_up:
                set_up.request("DeleteTable", {"TableName": "orders"})

    def test_credentials_of_another_account(self, ddb, orders):
        stranger = client_of("222233334444")
        with ddb.as_principal(document()):
            assert stranger.list_tables()["TableNames"] == []

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"arn": "ann"}, "is named by the ARN of a user or role"),
            ({"policy": {"Statement": 1}}, "the policy 'policy' is wrong: Statement is neither"),
            ({"policy": "nowhere.json"}, "cannot be read"),
            ({"policy": 5}, "a policy is a document"),
            ({"policy": {"DynamoDBReadPolicy": {}}}, "DynamoDBReadPolicy takes TableName"),
            ({"policy": {"DynamoDBReadPolicy": "t"}}, "DynamoDBReadPolicy takes parameters"),
            ({"boundary": "{"}, "the policy 'boundary' is wrong: it is not JSON"),
        ],
    )
    def test_misuse(self, ddb, orders, given, problem):
        with pytest.raises(MisuseError, match=problem), ddb.as_principal(**given):
            raise AssertionError
        orders.scan(TableName="orders")

    def test_an_unknown_option(self, ddb):
        with pytest.raises(TypeError, match="boundry"), ddb.as_principal(boundry={}):
            raise AssertionError

    def test_an_arn_with_a_placeholder(self, ddb):
        policy = document(allow("*", resource="arn:aws:dynamodb:region:account:table/Users"))
        with pytest.warns(PolicyWarning, match="names no account"), ddb.as_principal(policy):
            pass


class TestRepeatedCalls:
    """What was allowed once is not decided anew, except where something else decides too."""

    def test_a_resource_policy_that_comes_later(self, ddb, orders):
        with ddb.as_principal(policy=document(allow("GetItem", "PutResourcePolicy"))):
            orders.get_item(TableName="orders", Key=KEY)
            forbids = document({**deny("GetItem", resource=ARN), "Principal": "*"})
            orders.put_resource_policy(ResourceArn=ARN, Policy=json.dumps(forbids))
            with pytest.raises(ClientError) as info:
                orders.get_item(TableName="orders", Key=KEY)
        assert "with an explicit deny in a resource-based policy" in str(info.value)

    def test_an_index_and_the_table(self, ddb, orders):
        policy = document(allow("Query", resource=f"{ARN}/index/*"))
        values = {":v": {"S": "x"}}
        with ddb.as_principal(policy=policy) as principal:
            for _ in range(2):
                orders.query(
                    TableName="orders", IndexName="by-a",
                    KeyConditionExpression="a = :v", ExpressionAttributeValues=values,
                )  # fmt: skip
                with pytest.raises(ClientError, match="AccessDenied"):
                    orders.query(
                        TableName="orders",
                        KeyConditionExpression="pk = :v",
                        ExpressionAttributeValues=values,
                    )
        assert len(principal.refused) == 2
        assert principal.least_privilege_policy()["Statement"][0]["Resource"] == f"{ARN}/index/by-a"

    def test_other_policies(self, ddb, orders):
        with ddb.as_principal(policy=document(allow("*"))):
            orders.get_item(TableName="orders", Key=KEY)
            with ddb.as_principal(policy=document(allow("PutItem"))):
                refused(orders.get_item, TableName="orders", Key=KEY)
            orders.get_item(TableName="orders", Key=KEY)

    def test_an_action_with_a_condition(self, ddb, orders):
        condition = {"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": "bob"}}
        policy = document(allow("*"), deny("GetItem", Condition=condition))
        with ddb.as_principal(policy=policy):
            orders.get_item(TableName="orders", Key=KEY)
            with pytest.raises(ClientError, match="explicit deny"):
                orders.get_item(TableName="orders", Key={**KEY, "pk": {"S": "bob"}})

    def test_a_variable_of_the_caller(self, ddb, orders):
        condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:username}"}}
        policy = document(allow("GetItem", Condition=condition))
        user = f"arn:aws:iam::{ACCOUNT}:user/"
        for name, other in (("ann", "bob"), ("bob", "ann")):
            with ddb.as_principal(policy=policy, arn=user + name):
                for _ in range(2):
                    orders.get_item(TableName="orders", Key={**KEY, "pk": {"S": name}})
                    refused(orders.get_item, TableName="orders", Key={**KEY, "pk": {"S": other}})

    def test_leading_keys_and_another_key(self, ddb, orders):
        condition = {
            "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "ann"},
            "StringEquals": {"dynamodb:ReturnConsumedCapacity": "NONE"},
        }
        with ddb.as_principal(policy=document(allow("GetItem", Condition=condition))):
            orders.get_item(TableName="orders", Key=KEY)
            refused(orders.get_item, TableName="orders", Key=KEY, ReturnConsumedCapacity="TOTAL")

    def test_a_condition_of_a_boundary(self, ddb, orders):
        condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "ann"}}
        boundary = document(allow("*", Condition=condition))
        with ddb.as_principal(policy=document(allow("*")), boundary=boundary):
            orders.get_item(TableName="orders", Key=KEY)
            with pytest.raises(ClientError, match="permissions boundary"):
                orders.get_item(TableName="orders", Key={**KEY, "pk": {"S": "bob"}})

    @pytest.mark.parametrize(
        ("condition", "operation", "allowed", "not_allowed"),
        [
            (
                {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "ann"}},
                "get_item",
                {"Key": KEY},
                {"Key": {**KEY, "pk": {"S": "bob"}}},
            ),
            (
                {"ForAllValues:StringEquals": {"dynamodb:FirstPartitionKeyValues": "ann"}},
                "get_item",
                {"Key": KEY},
                {"Key": {**KEY, "pk": {"S": "bob"}}},
            ),
            (
                {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "a"]}},
                "put_item",
                {"Item": {**KEY, "a": {"S": "x"}}},
                {"Item": ITEM},
            ),
            (
                {"StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}},
                "get_item",
                {"Key": KEY, "ProjectionExpression": "a"},
                {"Key": KEY},
            ),
            (
                {"StringEquals": {"dynamodb:ReturnValues": "NONE"}},
                "put_item",
                {"Item": ITEM},
                {"Item": ITEM, "ReturnValues": "ALL_OLD"},
            ),
            (
                {"StringEquals": {"dynamodb:ReturnConsumedCapacity": "NONE"}},
                "get_item",
                {"Key": KEY},
                {"Key": KEY, "ReturnConsumedCapacity": "TOTAL"},
            ),
            (
                {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
                "get_item",
                {"Key": KEY},
                None,
            ),
        ],
    )
    def test_each_condition_key_that_is_remembered(
        self, ddb, orders, condition, operation, allowed, not_allowed
    ):
        call = getattr(orders, operation)
        with ddb.as_principal(policy=document(allow("*", Condition=condition))):
            for name in ("orders", ARN, "orders", ARN):
                call(TableName=name, **allowed)
                if not_allowed is not None:
                    refused(call, TableName=name, **not_allowed)

    def test_the_enclosing_operation_is_remembered(self, ddb, orders):
        condition = {"StringEquals": {"dynamodb:EnclosingOperation": "TransactGetItems"}}
        get = {"TableName": "orders", "Key": KEY}
        with ddb.as_principal(policy=document(allow("GetItem", Condition=condition))):
            for _ in range(2):
                orders.transact_get_items(TransactItems=[{"Get": get}])
                refused(orders.get_item, **get)

    def test_one_refused_action_among_others_that_were_allowed(self, ddb, orders):
        with ddb.as_principal(policy=document(allow("PutItem", "GetItem"))):
            for _ in range(2):
                orders.transact_write_items(
                    TransactItems=[{"Put": {"TableName": "orders", "Item": ITEM}}]
                )
                refused(
                    orders.transact_write_items,
                    TransactItems=[
                        {"Put": {"TableName": "orders", "Item": ITEM}},
                        {"Delete": {"TableName": "orders", "Key": {**KEY, "sk": {"N": "2"}}}},
                    ],
                )

    def test_a_table_of_another_account_by_its_arn(self, ddb, orders):
        other = ARN.replace(ACCOUNT, "210987654321")
        with ddb.as_principal(policy=document(allow("GetItem", resource=ARN))):
            for _ in range(2):
                orders.get_item(TableName=ARN, Key=KEY)
                refused(orders.get_item, TableName=other, Key=KEY)

    @pytest.mark.parametrize(
        ("operation", "request_of"),
        [
            ("get_item", {"TableName": "orders", "Key": KEY}),
            ("get_item", {"TableName": ARN, "Key": KEY}),
            ("batch_get_item", {"RequestItems": {"orders": {"Keys": [KEY]}}}),
            ("batch_write_item", {"RequestItems": {"orders": [{"PutRequest": {"Item": ITEM}}]}}),
            (
                "transact_write_items",
                {"TransactItems": [{"Put": {"TableName": ARN, "Item": ITEM}}]},
            ),
        ],
    )
    def test_nothing_is_decided_twice(self, ddb, orders, monkeypatch, operation, request_of):
        with ddb.as_principal(policy=document(allow("*"))):
            getattr(orders, operation)(**request_of)
            monkeypatch.setattr(Principal, "decide", None)
            getattr(orders, operation)(**request_of)


class TestGuides:
    """Policies as guides have them, with the region and account of the mock."""

    POLICY: ClassVar[dict[str, Any]] = document(
        {
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:Query"],
            "Resource": "arn:aws:dynamodb:*:*:table/orders",
            "Condition": {"ForAllValues:StringEquals": {LEADING: ["${aws:userid}"]}},
        }
    )

    def test_users_see_their_own_items(self, ddb, orders):
        with ddb.as_principal(self.POLICY) as principal:
            own = {"pk": {"S": principal.caller.user_id}, "sk": {"N": "1"}}
            orders.get_item(TableName="orders", Key=own)
            refused(orders.get_item, TableName="orders", Key=KEY)
            refused(orders.query, **QUERY)

    @pytest.mark.parametrize("account", ["account", "123456789", "ACCOUNT_ID"])
    def test_placeholders(self, ddb, account):
        policy = document(allow("*", resource=f"arn:aws:dynamodb:us-east-1:{account}:table/T"))
        with pytest.warns(PolicyWarning, match="names no account"), ddb.as_principal(policy):
            pass


class TestSources:
    def test_json(self, ddb, orders, tmp_path):
        text = json.dumps(document(allow("Scan")))
        path = tmp_path / "policy.json"
        path.write_text(text)
        for given in (text, path, str(path), [path, document(allow("Query"))]):
            with ddb.as_principal(given):
                orders.scan(TableName="orders")
                refused(orders.get_item, TableName="orders", Key=KEY)

    @pytest.mark.parametrize(
        ("name", "allowed", "not_allowed"),
        [
            ("DynamoDBCrudPolicy", ["get_item", "put_item", "scan"], ["execute_statement"]),
            ("DynamoDBReadPolicy", ["get_item", "scan", "query"], ["put_item", "delete_table"]),
            ("DynamoDBWritePolicy", ["put_item", "update_item"], ["delete_item", "get_item"]),
            ("DynamoDBReconfigurePolicy", ["update_table"], ["describe_table", "get_item"]),
        ],
    )
    def test_templates_of_sam(self, ddb, orders, name, allowed, not_allowed):
        requests = {operation: request for operation, _, request, arn in CALLS if arn == ARN}
        with ddb.as_principal({name: {"TableName": "orders"}}):
            for operation in not_allowed:
                refused(getattr(orders, operation), **requests[operation])
            for operation in allowed:
                code = code_of(getattr(orders, operation), **requests[operation])
                assert code != "AccessDeniedException"

    def test_a_transaction_under_the_crud_template(self, ddb, orders):
        actions = [{"Put": {"TableName": "orders", "Item": ITEM}}]
        with ddb.as_principal({"DynamoDBCrudPolicy": {"TableName": "orders"}}):
            orders.transact_write_items(TransactItems=actions)

    @pytest.mark.parametrize(
        "name",
        [
            "AmazonDynamoDBReadOnlyAccess",
            "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess",
        ],
    )
    def test_managed_policies(self, ddb, orders, name):
        with ddb.as_principal(name):
            orders.scan(TableName="orders")
            refused(orders.put_item, TableName="orders", Item=ITEM)


class TestMock:
    def test_an_option(self):
        policy = document(allow("CreateTable"))
        with mock_dynamodb(policy=policy, isolate=True):
            client = boto3.client("dynamodb")
            new_table(client)
            refused(client.scan, TableName="orders")

    def test_an_inner_mock_has_its_own(self, ddb, orders):
        with mock_dynamodb(policy=document(allow("Scan"))):
            orders.scan(TableName="orders")
            refused(orders.get_item, TableName="orders", Key=KEY)
        orders.get_item(TableName="orders", Key=KEY)

    @pytest.mark.ddbmock(policy={"DynamoDBReadPolicy": {"TableName": "orders"}})
    def test_a_marker(self, ddb, dynamodb_client):
        with ddb.set_up() as set_up:
            set_up.request(
                "CreateTable",
                {
                    "TableName": "orders",
                    "KeySchema": keys("pk"),
                    "AttributeDefinitions": definitions(pk="S"),
                    "BillingMode": "PAY_PER_REQUEST",
                },
            )
        dynamodb_client.scan(TableName="orders")
        refused(dynamodb_client.put_item, TableName="orders", Item=ITEM)

    @mock_dynamodb(policy={"Statement": []}, isolate=True)
    def test_a_decorator(self):
        refused(boto3.client("dynamodb").list_tables)

    def test_without_a_principal_there_is_no_stage(self, ddb, orders):
        stages = ddb._service.pipeline.stages
        with ddb.as_principal(document()):
            assert ddb._service.pipeline.stages != stages
        assert ddb._service.pipeline.stages == stages


class TestReports:
    def test_the_least_policy(self, ddb, orders):
        with ddb.as_principal() as principal:
            orders.get_item(TableName="orders", Key=KEY)
            orders.get_item(TableName="orders", Key=KEY)
            orders.query(**QUERY)
            orders.query(**INDEX_QUERY)
            orders.list_tables()
        least = principal.least_privilege_policy()
        assert least == document(
            {
                "Effect": "Allow",
                "Action": "dynamodb:ListTables",
                "Resource": ARN.replace("orders", "*"),
            },
            {
                "Effect": "Allow",
                "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                "Resource": ARN,
            },
            {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": INDEX},
        )
        assert json.loads(principal.least_privilege_policy_json()) == least
        with ddb.as_principal(least):  # it is enough
            orders.get_item(TableName="orders", Key=KEY)
            orders.query(**QUERY)
            orders.query(**INDEX_QUERY)
            orders.list_tables()

    def test_what_is_not_used(self, ddb, orders):
        policy = document(
            allow("GetItem", "PutItem", resource=[ARN, INDEX]),
            allow("B*", "Q*"),
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
            deny("DeleteTable"),
        )
        with ddb.as_principal(policy) as principal:
            orders.get_item(TableName="orders", Key=KEY)
            orders.query(**QUERY)
        assert principal.unused() == [
            "policy, statement 1: dynamodb:PutItem",
            f"policy, statement 1: {INDEX}",
            "policy, statement 2: dynamodb:B*",
            "policy, statement 2: dynamodb:Q*, apart from dynamodb:Query",
        ]

    def test_the_report(self, ddb, orders):
        with ddb.as_principal(document(allow("GetItem", "Scan"))) as principal:
            orders.get_item(TableName="orders", Key=KEY)
            for _ in range(2):
                refused(orders.put_item, TableName="orders", Item=ITEM)
        assert str(principal) == "\n".join(
            [
                USER,
                "needed:",
                *(f"  {line}" for line in principal.least_privilege_policy_json().splitlines()),
                "allowed and not used:",
                "  policy, statement 1: dynamodb:Scan",
                "refused:",
                (
                    f"  dynamodb:PutItem on {ARN} because no identity-based policy allows the"
                    " dynamodb:PutItem action"
                ),
            ]
        )
        assert repr(principal) == f"<principal {USER}>"
        assert principal.refused[0].action == "dynamodb:PutItem"


def test_no_warning_for_a_policy_that_is_right(ddb):
    policy = document(allow("*", resource=ARN, **TestLeadingKeys.OWN))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with ddb.as_principal(policy):
            pass
