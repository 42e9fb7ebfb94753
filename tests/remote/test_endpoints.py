"""The targets, the prefix of names, and the error when no server answers."""

from __future__ import annotations

import boto3
import pytest

from ddbmock._internal import remote
from ddbmock._internal.remote import TargetError, endpoint_of
from ddbmock._internal.remote.endpoint import AccessKey, Endpoint
from ddbmock._internal.remote.table_prefix import TablePrefix
from ddbmock._internal.service_model import input_shape, output_shape

PREFIX = TablePrefix("x-")
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/"


def test_a_url():
    assert str(endpoint_of("https://example.test:8000/", {})) == "https://example.test:8000"


def test_aws():
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert str(endpoint_of("aws", keys)) == "DynamoDB"
    assert endpoint_of("aws", keys)._url_of("dynamodbstreams", "eu-west-1") == (
        "https://streams.dynamodb.eu-west-1.amazonaws.com/"
    )


def test_aws_without_keys():
    with pytest.raises(TargetError, match="needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        endpoint_of("aws", {"AWS_PROFILE": "mine"})


def test_real_keys_do_not_go_to_a_url():
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert endpoint_of("http://localhost:8000", keys)._credentials.access_key == "DDBMOCKTARGET"
    own = {"DDBMOCK_TARGET_ACCESS_KEY_ID": "own", "DDBMOCK_TARGET_SECRET_ACCESS_KEY": "secret"}
    assert endpoint_of("http://localhost:8000", own)._credentials.access_key == "own"


@pytest.mark.parametrize("target", ["localhost", "ftp://localhost", "http://", "prod"])
def test_no_target(target):
    with pytest.raises(TargetError, match=f"or the URL of an endpoint .*, not '{target}'"):
        endpoint_of(target, {})


def test_no_server_answers():
    endpoint = Endpoint("http://127.0.0.1:9", AccessKey("key", "secret"))
    with pytest.raises(TargetError, match=r"no response from http://127\.0\.0\.1:9: "):
        endpoint.call("eu-west-1", "ListTables", {})


# --- names ---


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("GetItem", {"TableName": "t", "Key": {"TableName": {"S": "t"}}}, None),
        ("GetItem", {"TableName": f"{ARN}t"}, {"TableName": f"{ARN}x-t"}),
        ("BatchGetItem", {"RequestItems": {"t": {}}}, {"RequestItems": {"x-t": {}}}),
        ("ListTagsOfResource", {"ResourceArn": f"{ARN}t"}, {"ResourceArn": f"{ARN}x-t"}),
        ("DescribeStream", {"StreamArn": f"{ARN}t/stream/1"}, {"StreamArn": f"{ARN}x-t/stream/1"}),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Delete": {"TableName": "t", "Key": {"S": {"S": "t"}}}}]},
            {"TransactItems": [{"Delete": {"TableName": "x-t", "Key": {"S": {"S": "t"}}}}]},
        ),
        (
            "ExecuteTransaction",
            {"TransactStatements": [{"Statement": 'DELETE FROM "t" WHERE "from" = \'t\''}]},
            {"TransactStatements": [{"Statement": 'DELETE FROM "x-t" WHERE "from" = \'t\''}]},
        ),
    ],
)  # fmt: skip
def test_names_in_requests(operation, request_, expected):
    if expected is None:
        expected = {**request_, "TableName": f"x-{request_['TableName']}"}
    before = repr(request_)
    assert PREFIX.request(request_, input_shape(operation)) == expected
    assert repr(request_) == before


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT * FROM t", 'SELECT * FROM "x-t"'),
        ("select a from t where b = 'from t'", "select a from \"x-t\" where b = 'from t'"),
        ("INSERT INTO \"t\" VALUE {'id': 1}", "INSERT INTO \"x-t\" VALUE {'id': 1}"),
        ("UPDATE t SET a = 1 WHERE id = 2", 'UPDATE "x-t" SET a = 1 WHERE id = 2'),
        ("DELETE FROM t WHERE id = 2", 'DELETE FROM "x-t" WHERE id = 2'),
        ("EXISTS(SELECT * FROM t.i WHERE id = 2)", 'EXISTS(SELECT * FROM "x-t".i WHERE id = 2)'),
        ("SELECT ~", "SELECT ~"),
    ],
)
def test_names_in_statements(statement, expected):
    assert PREFIX.statement(statement) == expected


def test_names_in_answers():
    response = {
        "Table": {
            "TableName": "x-t",
            "TableArn": f"{ARN}x-t",
            "LatestStreamArn": f"{ARN}x-t/stream/2026",
            "GlobalSecondaryIndexes": [{"IndexName": "x-i", "IndexArn": f"{ARN}x-t/index/x-i"}],
        }
    }
    assert PREFIX.response(response, output_shape("DescribeTable")) == {
        "Table": {
            "TableName": "t",
            "TableArn": f"{ARN}t",
            "LatestStreamArn": f"{ARN}t/stream/2026",
            "GlobalSecondaryIndexes": [{"IndexName": "x-i", "IndexArn": f"{ARN}t/index/x-i"}],
        }
    }
    items = {"Responses": {"x-t": [{"TableName": {"S": "x-t"}}]}, "UnprocessedKeys": {}}
    assert PREFIX.response(items, output_shape("BatchGetItem")) == {
        "Responses": {"t": [{"TableName": {"S": "x-t"}}]},
        "UnprocessedKeys": {},
    }


def test_every_name_of_a_table_in_the_model_is_known():
    """What is called a table's name or ARN in a request has a shape or a name that is mapped."""
    missed = set()

    def walk(shape, member, path):
        if shape.name == "AttributeValue" or shape.name in path:
            return
        if shape.type_name == "structure":
            for name, inner in shape.members.items():
                walk(inner, name, (*path, shape.name))
        elif shape.type_name in {"list", "map"}:
            walk(
                shape.member if shape.type_name == "list" else shape.value, "", (*path, shape.name)
            )
        elif shape.type_name == "string" and member.endswith(("TableName", "TableArn")):
            given = PREFIX.request({member: "t"}, _Only(member, shape))
            if given != {member: "x-t"}:
                missed.add(member)

    client = boto3.client("dynamodb", region_name="eu-west-1")
    for operation in client.meta.service_model.operation_names:
        walk(client.meta.service_model.operation_model(operation).input_shape, "", ())
    assert missed == set()


class _Only:
    """A structure with one member."""

    name = "Only"
    type_name = "structure"

    def __init__(self, member, shape) -> None:
        self.members = {member: shape}


def test_what_is_exported():
    assert sorted(remote.__all__) == remote.__all__
