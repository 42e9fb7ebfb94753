"""Roles of Terraform: a program runs under the policies that production gives it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import FileError, MisuseError, tables_from

if TYPE_CHECKING:
    from pathlib import Path

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
TABLE = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_iam_role" "worker" {
  name               = "shop-worker"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_lambda_function" "worker" {
  function_name = "worker-fn"
  role          = aws_iam_role.worker.arn
}
"""


def configured(folder: Path, text: str) -> Any:
    (folder / "main.tf").write_text(TABLE + text)
    return tables_from(folder)


def statement(*actions: str, resource: str = "aws_dynamodb_table.orders.arn") -> str:
    """A policy in an expression."""
    listed = ", ".join(f'"dynamodb:{action}"' for action in actions)
    return f"""jsonencode({{
      Version   = "2012-10-17"
      Statement = [{{ Effect = "Allow", Action = [{listed}], Resource = {resource} }}]
    }})"""


def actions(document: Any) -> list[str]:
    """The actions that a policy allows."""
    return [action for each in document["Statement"] for action in each["Action"]]


INLINE = f"""
resource "aws_iam_role_policy" "reads" {{
  name   = "reads"
  role   = aws_iam_role.worker.id
  policy = {statement("GetItem")}
}}
"""


@pytest.mark.parametrize(
    "name",
    ["worker", "shop-worker", "worker-fn", "aws_iam_role.worker", "aws_lambda_function.worker"],
)
def test_a_role_and_its_function(tmp_path: Path, name: str) -> None:
    role = configured(tmp_path, INLINE).role(name)
    assert role.arn == "arn:aws:iam::123456789012:role/shop-worker"
    assert role.documents == {
        "aws_iam_role_policy.reads": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": ARN}],
        }
    }


def test_a_program_under_the_role(ddb: Any, tmp_path: Path) -> None:
    tables = configured(tmp_path, INLINE)
    tables.create(ddb)
    client = boto3.client("dynamodb", "us-east-1")
    with ddb.as_principal(tables.role("worker")):
        client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        with pytest.raises(ClientError, match=r"shop-worker/.* dynamodb:PutItem on resource"):
            client.put_item(TableName="orders", Item={"id": {"S": "1"}})


def test_policies_that_are_attached(tmp_path: Path) -> None:
    role = configured(
        tmp_path,
        f"""
        resource "aws_iam_policy" "writes" {{
          name   = "writes"
          policy = {statement("PutItem")}
        }}
        resource "aws_iam_role_policy_attachment" "writes" {{
          role       = aws_iam_role.worker.name
          policy_arn = aws_iam_policy.writes.arn
        }}
        resource "aws_iam_policy" "scans" {{
          policy = {statement("Scan")}
        }}
        resource "aws_iam_policy_attachment" "scans" {{
          name       = "scans"
          roles      = ["another", aws_iam_role.worker.name]
          policy_arn = aws_iam_policy.scans.arn
        }}
        resource "aws_iam_role_policy_attachment" "streams" {{
          role       = "shop-worker"
          policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
        }}
        data "aws_iam_policy" "logs" {{
          name = "CloudWatchLogsFullAccess"
        }}
        resource "aws_iam_role_policy_attachment" "logs" {{
          role       = aws_iam_role.worker.name
          policy_arn = data.aws_iam_policy.logs.arn
        }}
        resource "aws_iam_role_policy_attachment" "other" {{
          role       = "another"
          policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
        }}
        """,
    ).role("worker")
    assert {name: actions(document) for name, document in role.documents.items()} == {
        "aws_iam_policy.writes": ["dynamodb:PutItem"],
        "aws_iam_policy.scans": ["dynamodb:Scan"],
        "AWSLambdaDynamoDBExecutionRole": [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
        "CloudWatchLogsFullAccess": [],
    }
    assert role.boundary is None


def test_what_the_role_itself_says(tmp_path: Path) -> None:
    tables = configured(
        tmp_path,
        f"""
        resource "aws_iam_policy" "limit" {{
          name   = "limit"
          policy = {statement("*", resource='"*"')}
        }}
        resource "aws_iam_role" "reader" {{
          managed_policy_arns  = ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess_v2"]
          permissions_boundary = aws_iam_policy.limit.arn
          inline_policy {{
            name   = "inner"
            policy = {statement("Query")}
          }}
          inline_policy {{}}
        }}
        """,
    )
    role = tables.role("reader")
    assert role.arn == "arn:aws:iam::123456789012:role/reader"
    assert {name: actions(document) for name, document in role.documents.items()} == {
        "inner": ["dynamodb:Query"],
        "AmazonDynamoDBFullAccess_v2": ["dynamodb:*"],
    }
    assert actions(role.boundary) == ["dynamodb:*"]


class TestPolicyDocuments:
    def document(self, folder: Path, text: str) -> Any:
        tables = configured(
            folder,
            f"""
            {text}
            resource "aws_iam_role_policy" "own" {{
              role   = aws_iam_role.worker.name
              policy = data.aws_iam_policy_document.own.json
            }}
            """,
        )
        return tables.role("worker").documents["aws_iam_role_policy.own"]

    def test_statements(self, tmp_path: Path) -> None:
        document = self.document(
            tmp_path,
            """
            data "aws_iam_policy_document" "own" {
              statement {
                sid       = "Own"
                actions   = ["dynamodb:GetItem", "dynamodb:Query"]
                resources = [
                  aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"
                ]
                condition {
                  test     = "ForAllValues:StringEquals"
                  variable = "dynamodb:LeadingKeys"
                  values   = ["&{aws:username}"]
                }
              }
              statement {
                effect        = "Deny"
                not_actions   = ["dynamodb:Get*"]
                not_resources = ["*"]
              }
            }
            """,
        )
        assert document == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Own",
                    "Effect": "Allow",
                    "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                    "Resource": [ARN, f"{ARN}/index/*"],
                    "Condition": {
                        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}
                    },
                },
                {"Effect": "Deny", "NotAction": ["dynamodb:Get*"], "NotResource": ["*"]},
            ],
        }

    def test_documents_of_others(self, tmp_path: Path) -> None:
        document = self.document(
            tmp_path,
            """
            data "aws_iam_policy_document" "base" {
              statement {
                sid       = "Read"
                actions   = ["dynamodb:GetItem"]
                resources = ["*"]
              }
            }
            data "aws_iam_policy_document" "over" {
              for_each = toset(["Scan", "Query"])
              statement {
                sid       = each.key == "Scan" ? "Read" : "More"
                actions   = ["dynamodb:${each.key}"]
                resources = ["*"]
              }
            }
            data "aws_iam_policy_document" "own" {
              source_policy_documents   = [data.aws_iam_policy_document.base.json]
              override_policy_documents = [
                data.aws_iam_policy_document.over["Scan"].json,
                data.aws_iam_policy_document.over["Query"].minified_json,
              ]
              statement {
                actions   = ["dynamodb:PutItem"]
                resources = ["*"]
              }
            }
            """,
        )
        assert actions(document) == ["dynamodb:Scan", "dynamodb:PutItem", "dynamodb:Query"]

    def test_of_other_services_what_is_unknown_is_left_out(self, tmp_path: Path) -> None:
        text = """
            data "aws_iam_policy_document" "own" {{
              statement {{
                actions   = ["dynamodb:PutItem"]
                resources = ["*"]
              }}
              statement {{
                actions   = ["{action}"]
                resources = [data.aws_s3_bucket.files.arn]
              }}
            }}
            """
        document = self.document(tmp_path, text.format(action="s3:PutObject"))
        assert actions(document) == ["dynamodb:PutItem"]
        with pytest.raises(FileError, match=r"data\.aws_s3_bucket\.files"):
            self.document(tmp_path, text.format(action="dynamodb:Scan"))

    def test_the_policy_of_a_table(self, ddb: Any, tmp_path: Path) -> None:
        configured(
            tmp_path,
            """
            data "aws_iam_policy_document" "table" {
              statement {
                actions   = ["dynamodb:GetItem"]
                resources = [aws_dynamodb_table.orders.arn]
                principals {
                  type        = "AWS"
                  identifiers = ["arn:aws:iam::999900001111:root"]
                }
              }
            }
            resource "aws_dynamodb_resource_policy" "table" {
              resource_arn = aws_dynamodb_table.orders.arn
              policy       = data.aws_iam_policy_document.table.json
            }
            """,
        ).create(ddb)
        client = boto3.client("dynamodb", "us-east-1")
        policy = json.loads(client.get_resource_policy(ResourceArn=ARN)["Policy"])
        assert policy["Statement"] == [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::999900001111:root"},
                "Action": "dynamodb:GetItem",
                "Resource": ARN,
            }
        ]


class TestShowOutput:
    def shown(self, *resources: dict[str, Any]) -> Any:
        table = {
            "name": "orders",
            "billing_mode": "PAY_PER_REQUEST",
            "hash_key": "id",
            "attribute": [{"name": "id", "type": "S"}],
        }
        listed = [{"type": "aws_dynamodb_table", "name": "orders", "values": table}, *resources]
        for each in listed:
            each["address"] = f"{each['type']}.{each['name']}"
        values = {"root_module": {"resources": listed}}
        return tables_from({"terraform_version": "1.9", "values": values})

    ROLE = {  # noqa: RUF012
        "type": "aws_iam_role",
        "name": "worker",
        "values": {
            "name": "terraform-20260101",
            "id": "terraform-20260101",
            "arn": "arn:aws:iam::111122223333:role/service/terraform-20260101",
            "inline_policy": [],
        },
    }

    def policy(self, **values: Any) -> dict[str, Any]:
        values = {"role": "terraform-20260101", **values}
        return {"type": "aws_iam_role_policy", "name": "own", "values": values}

    def test_the_policies_of_a_state(self) -> None:
        document = {"Statement": [{"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": "*"}]}
        role = self.shown(self.ROLE, self.policy(policy=json.dumps(document))).role("worker")
        assert role.arn == "arn:aws:iam::111122223333:role/service/terraform-20260101"
        assert role.documents == {"aws_iam_role_policy.own": document}

    def test_what_a_plan_does_not_know(self) -> None:
        with pytest.raises(FileError) as caught:
            self.shown(self.ROLE, self.policy()).role("worker")
        assert "policy is not known before Terraform is applied" in str(caught.value)
        assert "`terraform show -json` of the state" in str(caught.value)


def test_names_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(MisuseError) as caught:
        configured(tmp_path, "").role("nobody")
    assert str(caught.value) == (
        "no role or function 'nobody' in the templates; they have aws_iam_role.worker,"
        " aws_lambda_function.worker"
    )


def test_a_role_from_elsewhere(tmp_path: Path) -> None:
    tables = configured(
        tmp_path,
        """
        resource "aws_lambda_function" "guest" {
          function_name = "guest"
          role          = "arn:aws:iam::111122223333:role/guest"
        }
        """,
    )
    with pytest.raises(MisuseError, match="is not in the configuration"):
        tables.role("guest")


def test_a_policy_that_is_no_json(tmp_path: Path) -> None:
    tables = configured(
        tmp_path,
        """
        resource "aws_iam_role_policy" "broken" {
          role   = aws_iam_role.worker.name
          policy = "{"
        }
        """,
    )
    with pytest.raises(FileError, match="policy is not JSON"):
        tables.role("worker")
