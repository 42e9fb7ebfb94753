"""Modules of Terraform: their inputs and outputs, types of variables, templates of text."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from ddbmock import FileError, tables_from


@pytest.fixture
def shop(files, tmp_path):
    folder = tmp_path / "shop"
    shutil.copytree(files / "terraform-modules", folder)
    return folder


def test_tables_of_a_module(files, ddb):
    tables = tables_from(files / "terraform-modules")
    assert tables.names == ["orders-dev", "users-prod"]
    orders, users = tables.requests
    assert orders["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    assert orders["GlobalSecondaryIndexes"][0]["KeySchema"] == [
        {"AttributeName": "at", "KeyType": "HASH"}
    ]
    assert "StreamSpecification" not in users
    # A null is the default for what is not nullable.
    assert [request["Tags"] for request in tables.requests] == [
        [{"Key": "owner", "Value": "nobody"}],
        [{"Key": "owner", "Value": "shop"}],
    ]
    assert tables.specs[0].logical_name == 'module.tables["orders"].aws_dynamodb_table.this[0]'
    tables.create(ddb)
    assert ddb.tables["users-prod"].items == [{"id": {"S": "ba"}}]


def test_given_values_have_the_types_of_the_variables(files):
    tables_given: dict[str, Any] = {"bills": {"owner": "me"}}
    given = {"tables": tables_given, "region": "eu-west-2"}
    with pytest.raises(FileError, match=r"main.tf:43: this expression has no value: no key 'order"):
        tables_from(files / "terraform-modules", parameters=given)
    tables_given |= {"orders": {"stage": 5}, "users": {}}
    tables = tables_from(files / "terraform-modules", parameters=given)
    assert tables.names == ["bills-dev", "orders-5", "users-dev"]


def test_variables_of_files_have_them_too(shop):
    (shop / "terraform.tfvars").write_text('tables = { orders = {}, users = { stage = "x" } }\n')
    assert tables_from(shop).names == ["orders-dev", "users-x"]


def test_the_region_of_the_provider(shop):
    for given, expected in ((None, "eu-central-1"), ("us-west-1", "us-west-1")):
        tables = tables_from(shop, region=given)
        tags = [s.request["Tags"] for s in tables.specs[0].settings if "Tags" in s.request]
        assert tags == [[{"Key": "region", "Value": expected}]]


def test_a_module_that_is_not_on_disk(shop):
    tables = tables_from(shop)
    assert tables.skipped[-1] == (
        "module.registry: its source terraform-aws-modules/dynamodb-table/aws is not a local"
        " folder; run `terraform init`, or use the output of `terraform show -json`"
    )


def test_a_module_that_terraform_has_downloaded(shop):
    installed = shop / ".terraform" / "modules"
    (installed / "registry").mkdir(parents=True)
    (installed / "registry" / "main.tf").write_text(
        (shop / "tables" / "main.tf").read_text().replace("type = string", "")
    )
    modules = [{"Key": "registry", "Source": "x", "Dir": ".terraform/modules/registry"}]
    (installed / "modules.json").write_text(json.dumps({"Modules": modules}))
    tables = tables_from(shop)
    assert tables.names == ["orders-dev", "users-prod", "unread"]
    (installed / "modules.json").write_text("[]")
    with pytest.raises(FileError, match=r"modules.json: this is no list of modules"):
        tables_from(shop)


def test_a_module_that_calls_itself(shop):
    path = shop / "tables" / "main.tf"
    path.write_text(path.read_text() + 'module "again" {\n  source = "../tables"\n}\n')
    with pytest.raises(FileError, match=r"tables/main.tf:\d+: module.again calls itself"):
        tables_from(shop)


def test_a_module_without_a_folder(shop):
    path = shop / "main.tf"
    path.write_text(path.read_text().replace('"./tables"', '"./none"'))
    with pytest.raises(FileError, match=r"main.tf:\d+: no such folder: .*none"):
        tables_from(shop)


def test_a_file_of_a_module_is_named(shop):
    path = shop / "tables" / "main.tf"
    path.write_text(path.read_text().replace("var.name\n", "var.nome\n"))
    with pytest.raises(FileError) as raised:
        tables_from(shop)
    assert str(raised.value) == (
        f'{path}:24: the call of module.tables["orders"] does not give var.nome'
    )


# --- types of variables --------------------------------------------------------------------------

VARIABLE = """
variable "it" {{
  type    = {type}
  default = {default}
}}
resource "aws_dynamodb_table" "a" {{
  name         = "a"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {{
    name = "id"
    type = "S"
  }}
  tags = {{ it = jsonencode(var.it) }}
}}
"""

TYPES = [
    ("string", "5", '"5"'),
    ("number", '"5"', "5"),
    ("bool", '"true"', "true"),
    ("any", "[1]", "[1]"),
    ("list(string)", "[1, true]", '["1","true"]'),
    ("set(string)", '["b", "a", "b"]', '["a","b"]'),
    ("map(number)", '{ a = "1" }', '{"a":1}'),
    ("tuple([string, number])", '[1, "2"]', '["1",2]'),
    ("object({ a = string })", '{ a = 1, b = "dropped" }', '{"a":"1"}'),
    ("object({ a = optional(string) })", "{}", '{"a":null}'),
    ("object({ a = optional(number, 5) })", "{ a = null }", '{"a":5}'),
    ("object({ a = optional(object({ b = optional(string, 1) }), {}) })", "{}", '{"a":{"b":"1"}}'),
    ("list(object({ a = optional(list(string), []) }))", "[{}]", '[{"a":[]}]'),
    ('map(object({ a = optional(string, "x") }))', "{ k = {} }", '{"k":{"a":"x"}}'),
    ("set(object({ a = string }))", "[{ a = 1 }, { a = 1 }]", '[{"a":"1"}]'),
    ("string", "null", "null"),
]


@pytest.mark.parametrize(("constraint", "default", "expected"), TYPES)
def test_a_type(tmp_path, constraint, default, expected):
    path = tmp_path / "main.tf"
    path.write_text(VARIABLE.format(type=constraint, default=default))
    (request,) = tables_from(path).requests
    assert request["Tags"] == [{"Key": "it", "Value": expected}]


WRONG_TYPES = [
    ("number", '"x"', "var.it: a number is needed, not 'x'"),
    ("list(string)", "{}", "var.it: a list is needed, not an object"),
    ("object({ a = string })", "{}", "var.it: the attribute a is missing"),
    ("tuple([string])", "[]", "var.it: a list of 1 is needed, not of 0"),
    ("odd(string)", "[]", "var.it: no such type: odd"),
]


@pytest.mark.parametrize(("constraint", "default", "problem"), WRONG_TYPES)
def test_a_value_of_another_type(tmp_path, constraint, default, problem):
    path = tmp_path / "main.tf"
    path.write_text(VARIABLE.format(type=constraint, default=default))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == f"{path}:2: {problem}"


# --- what the provider would compute -------------------------------------------------------------

COMPUTED = """
resource "aws_dynamodb_table" "a" {
  name         = "a"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  tags = {
    value = %s
  }
}
resource "aws_kms_key" "it" {}
resource "aws_iam_role" "it" {
  name = "reader"
}
resource "aws_sns_topic" "it" {}
resource "aws_lambda_function" "it" {
  function_name = "projector"
}
resource "aws_s3_object" "it" {
  key = "k"
}
resource "random_pet" "it" {}
"""
VALUES = [
    ("aws_dynamodb_table.a.id", "a"),
    ("aws_dynamodb_table.a.arn", "arn:aws:dynamodb:us-east-1:123456789012:table/a"),
    ("aws_iam_role.it.arn", "arn:aws:iam::123456789012:role/reader"),
    ("aws_sns_topic.it.arn", "arn:aws:sns:us-east-1:123456789012:it"),
    ("aws_lambda_function.it.id", "projector"),
    (
        "aws_lambda_function.it.qualified_arn",
        "arn:aws:lambda:us-east-1:123456789012:function:projector:1",
    ),
    ("aws_s3_object.it.arn", "arn:aws:s3:us-east-1:123456789012:object/it"),
    ("aws_s3_object.it.key", "k"),
    ('aws_kms_key.it.arn == "x" ? "" : "made up"', "made up"),
]


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_a_computed_attribute(tmp_path, expression, expected):
    path = tmp_path / "main.tf"
    path.write_text(COMPUTED % expression)
    (request,) = tables_from(path).requests
    assert request["Tags"] == [{"Key": "value", "Value": expected}]


def test_attributes_that_are_not_known(tmp_path):
    path = tmp_path / "main.tf"
    for expression in ("random_pet.it.id", 'try(random_pet.it.id, "guess")'):
        path.write_text(COMPUTED % expression)
        with pytest.raises(FileError) as raised:
            tables_from(path)
        assert str(raised.value) == (
            f"{path}:11: random_pet.it.id has no value here; give it:"
            " parameters={'random_pet.it.id': ...}"
        )
    (request,) = tables_from(path, parameters={"random_pet.it.id": "cat"}).requests
    assert request["Tags"][0]["Value"] == "cat"
