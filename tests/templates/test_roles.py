"""Roles of templates: a program runs under the policies that production gives it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import FileError, MisuseError, tables_from

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": "orders",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}
READ = {"DynamoDBReadPolicy": {"TableName": {"Ref": "Orders"}}}


def statement(*actions: str, **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": [f"dynamodb:{action}" for action in actions],
        "Resource": {"Fn::GetAtt": ["Orders", "Arn"]},
        **more,
    }


def inline(name: str, *statements: Any) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"PolicyName": name, "PolicyDocument": document}


def template(**resources: Any) -> Any:
    return tables_from({"Resources": {"Orders": TABLE, **resources}})


def sam(*policies: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {"Policies": list(policies), **properties},
    }


def role(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def allowed(ddb: Any, given: Any) -> list[str]:
    """Return which of a few calls a role allows."""
    client = boto3.client("dynamodb")
    calls = {
        "get": lambda: client.get_item(TableName="orders", Key={"id": {"S": "x"}}),
        "put": lambda: client.put_item(TableName="orders", Item={"id": {"S": "x"}}),
        "scan": lambda: client.scan(TableName="orders"),
        "list": client.list_tables,
    }
    with ddb.as_principal(given):
        return [name for name, call in calls.items() if succeeds(call)]


def succeeds(call: Any) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return False
    return True


class TestSamFunctions:
    @pytest.mark.parametrize(
        ("policies", "expected"),
        [
            ([READ], ["get", "scan"]),
            (
                [READ, {"DynamoDBWritePolicy": {"TableName": {"Ref": "Orders"}}}],
                ["get", "put", "scan"],
            ),
            ([{"S3ReadPolicy": {"BucketName": "b"}}], []),
            (["AWSLambdaBasicExecutionRole"], []),
            (["AmazonDynamoDBReadOnlyAccess"], ["get", "scan", "list"]),
            ([{"Version": "2012-10-17", "Statement": statement("PutItem")}], ["put"]),
            ([{"Statement": [statement("PutItem"), statement("GetItem")]}], ["get", "put"]),
            ([], []),
        ],
    )
    def test_policies(self, ddb, policies, expected):
        tables = template(Handler=sam(*policies))
        tables.create(ddb)
        assert allowed(ddb, tables.role("Handler")) == expected

    def test_one_that_is_no_list(self, ddb):
        tables = template(Handler={**sam(), "Properties": {"Policies": READ}})
        tables.create(ddb)
        assert allowed(ddb, tables.role("Handler")) == ["get", "scan"]

    def test_by_its_name(self, ddb):
        tables = template(Handler=sam(READ, FunctionName="the-handler"))
        tables.create(ddb)
        found = tables.role("the-handler")
        assert found.arn == "arn:aws:iam::123456789012:role/the-handlerRole"
        assert allowed(ddb, found) == ["get", "scan"]

    def test_with_a_role_of_the_template(self, ddb):
        tables = template(
            Handler=sam(Role={"Fn::GetAtt": ["Reader", "Arn"]}),
            Reader=role(Policies=[inline("read", statement("GetItem"))]),
        )
        tables.create(ddb)
        assert allowed(ddb, tables.role("Handler")) == ["get"]


class TestRoles:
    def test_inline_managed_and_attached_policies(self, ddb):
        tables = template(
            Handler={
                "Type": "AWS::Lambda::Function",
                "Properties": {"Role": {"Fn::GetAtt": ["Worker", "Arn"]}},
            },
            Worker=role(
                RoleName="worker",
                Policies=[inline("get", statement("GetItem"))],
                ManagedPolicyArns=[
                    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                    {"Ref": "Lists"},
                ],
            ),
            Puts={
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    **inline("puts", statement("PutItem")),
                    "Roles": [{"Ref": "Worker"}],
                },
            },
            Lists={
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": inline("lists", statement("ListTables", Resource="*")),
            },
            Others={
                "Type": "AWS::IAM::Policy",
                "Properties": {**inline("others", statement("Scan")), "Roles": ["another"]},
            },
        )
        tables.create(ddb)
        expected = ["get", "put", "list"]
        for name in ("Handler", "Worker", "worker"):
            assert allowed(ddb, tables.role(name)) == expected
        found = tables.role("Handler")
        assert found.arn == "arn:aws:iam::123456789012:role/worker"
        with ddb.as_principal(found) as principal:
            assert principal.arn == "arn:aws:sts::123456789012:assumed-role/worker/ddbmock"

    def test_a_boundary(self, ddb):
        tables = template(
            Worker=role(
                Policies=[inline("all", statement("*"))],
                PermissionsBoundary={"Ref": "Bound"},
            ),
            Bound={
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": inline("bound", statement("GetItem")),
            },
        )
        tables.create(ddb)
        assert allowed(ddb, tables.role("Worker")) == ["get"]

    def test_what_is_about_other_services_need_not_be_resolved(self, ddb):
        elsewhere = {"Fn::ImportValue": "queue"}
        queue = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": elsewhere}
        tables = template(Worker=role(Policies=[inline("p", queue, statement("GetItem"))]))
        tables.create(ddb)
        assert allowed(ddb, tables.role("Worker")) == ["get"]

    def test_what_is_about_tables_must_be(self, ddb):
        elsewhere = {"Fn::ImportValue": "table"}
        tables = template(
            Worker=role(Policies=[inline("p", statement("GetItem", Resource=elsewhere))])
        )
        with pytest.raises(FileError, match="table"):
            tables.role("Worker")

    def test_of_cdk(self, ddb):
        worker = role()
        worker["Metadata"] = {"aws:cdk:path": "Shop/Handler/ServiceRole/Resource"}
        function = {
            "Type": "AWS::Lambda::Function",
            "Metadata": {"aws:cdk:path": "Shop/Handler/Resource"},
            "Properties": {"Role": {"Fn::GetAtt": ["HandlerServiceRoleFCDC14AE", "Arn"]}},
        }
        policy = {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                **inline("default", statement("Scan")),
                "Roles": [{"Ref": "HandlerServiceRoleFCDC14AE"}],
            },
        }
        tables = template(
            HandlerServiceRoleFCDC14AE=worker,
            Handler886CB40B=function,
            HandlerServiceRoleDefaultPolicyCBD0CC91=policy,
        )
        tables.create(ddb)
        assert allowed(ddb, tables.role("Handler")) == ["scan"]


SERVICE = """
service: shop
custom:
  stage: test
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: [dynamodb:GetItem]
          Resource: !GetAtt Orders.Arn
        - Effect: Allow
          Action: sqs:SendMessage
          Resource: !ImportValue queue
      managedPolicies:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole
functions:
  reader:
    handler: shop.read
  writer:
    handler: shop.write
    iamRoleStatementsInherit: true
    iamRoleStatements:
      - Effect: Allow
        Action: dynamodb:PutItem
        Resource: "arn:aws:dynamodb:${self:provider.region, 'us-east-1'}:*:table/orders"
  scanner:
    handler: shop.scan
    iamRoleStatements:
      - Effect: Allow
        Action: dynamodb:Scan
        Resource: "*"
  foreign:
    handler: shop.foreign
    role: arn:aws:iam::123456789012:role/elsewhere
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: orders
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
        KeySchema: [{AttributeName: id, KeyType: HASH}]
"""


class TestServerless:
    @pytest.fixture
    def tables(self, ddb: Any, tmp_path: Any) -> Any:
        path = tmp_path / "serverless.yml"
        path.write_text(SERVICE)
        tables = tables_from(path)
        tables.create(ddb)
        return tables

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("reader", ["get"]), ("writer", ["get", "put"]), ("scanner", ["scan"])],
    )
    def test_functions(self, ddb, tables, name, expected):
        assert allowed(ddb, tables.role(name)) == expected

    def test_older_statements(self, ddb, tmp_path):
        path = tmp_path / "serverless.yml"
        older = SERVICE.replace("  iam:\n    role:\n      statements:", "  iamRoleStatements:")
        older = older.replace("        - Effect: Allow\n          ", "    - Effect: Allow\n      ")
        older = older.replace("          Resource: !", "      Resource: !")
        older = older.replace(
            "      managedPolicies:\n        - arn:aws:iam::aws:policy/service-role"
            "/AWSLambdaDynamoDBExecutionRole\n",
            "",
        )
        path.write_text(older)
        tables = tables_from(path)
        tables.create(ddb)
        assert allowed(ddb, tables.role("reader")) == ["get"]

    def test_misuse(self, tables):
        with pytest.raises(MisuseError, match="the function foreign has a role of its own"):
            tables.role("foreign")
        with pytest.raises(MisuseError, match="they have foreign, reader, scanner, writer"):
            tables.role("nobody")


class TestMisuse:
    def test_no_such_function(self):
        with pytest.raises(MisuseError, match=r"no role or function 'x'.*they have Handler"):
            template(Handler=sam()).role("x")

    def test_a_role_of_elsewhere(self):
        elsewhere = "arn:aws:iam::123456789012:role/elsewhere"
        with pytest.raises(MisuseError, match="is not in the template"):
            template(Handler=sam(Role=elsewhere)).role("Handler")

    def test_a_policy_template_without_its_parameters(self):
        with pytest.raises(MisuseError, match="DynamoDBReadPolicy of Handler"):
            template(Handler=sam({"DynamoDBReadPolicy": {"Table": "x"}})).role("Handler")
