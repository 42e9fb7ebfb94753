from __future__ import annotations

import pytest

from tests.operations.table_helpers import INVALID, new_table
from tests.refusals import refusal

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


def tag(key, value="v"):
    return {"Key": key, "Value": value}


@pytest.fixture
def arn(client):
    created: str = new_table(client)["TableArn"]
    return created


def tags_of(client, arn=ARN):
    response = client.list_tags_of_resource(ResourceArn=arn)
    assert "NextToken" not in response
    return {tag["Key"]: tag["Value"] for tag in response["Tags"]}


class TestTagResource:
    def test_tags_are_added_and_replaced(self, client, arn):
        assert tags_of(client) == {}
        client.tag_resource(ResourceArn=arn, Tags=[tag("a", "1"), tag("b", "2")])
        client.tag_resource(ResourceArn=arn, Tags=[tag("b", "3"), tag("c", "")])
        assert tags_of(client) == {"a": "1", "b": "3", "c": ""}

    def test_fifty_a_table(self, client, arn):
        client.tag_resource(ResourceArn=arn, Tags=[tag(f"k{n}") for n in range(50)])
        client.tag_resource(ResourceArn=arn, Tags=[tag("k0", "new")])
        for tags in ([tag("k50")], [tag("k0", "newer"), tag("k50")]):
            text = refusal(client.tag_resource, ResourceArn=arn, Tags=tags)
            assert text == "Number of Tags exceed the current limit for the provided ResourceArn"
        assert len(tags_of(client)) == 50
        assert tags_of(client)["k0"] == "new"

    @pytest.mark.parametrize(
        ("tags", "text"),
        [
            ([], "Atleast one Tag needs to be provided as Input."),
            ([tag("aws:x")], "Tag Key cannot be prefixed with aws:, Key: aws:x"),
            ([tag("AWS:x")], "Tag Key cannot be prefixed with aws:, Key: AWS:x"),
            ([tag("")], "The Tag Key provided is invalid, Key: "),
            ([tag("k" * 129)], f"The Tag Key provided is invalid, Key: {'k' * 129}"),
            ([tag("a#")], "The Tag Key provided is invalid, Key: a#"),
            ([tag("a", "v" * 257)], f"The Tag Value provided is invalid, Value: {'v' * 257}"),
            ([{"Key": "a"}], "The Tag Value provided is invalid, Value: null"),
            (
                [tag("a"), tag("a")],
                "Duplicate Tag Keys provided as input: Duplicate Tag Key found a",
            ),
            (
                [tag(f"k{n}") for n in range(51)],
                "Number of Tags exceed the current limit for the provided ResourceArn",
            ),
        ],
    )
    def test_refused_tags(self, client, raw, arn, tags, text):
        assert refusal(raw.tag_resource, ResourceArn=arn, Tags=tags) == text
        assert tags_of(client) == {}

    @pytest.mark.parametrize("wrong", [{}, {"Key": "a"}, {"Value": "a"}])
    def test_tags_of_another_account_without_a_key_or_value(self, raw, arn, wrong):
        foreign = arn.replace(":123456789012:", ":210987654321:")
        assert foreign != arn
        text = refusal(raw.tag_resource, ResourceArn=foreign, Tags=[wrong])
        assert "is not authorized to perform: dynamodb:TagResource on resource" in text

    def test_a_rollback_takes_them_back(self, client, ddb, arn):
        with ddb.rollback():
            client.tag_resource(ResourceArn=arn, Tags=[tag("a")])
        assert tags_of(client) == {}


class TestUntagResource:
    def test_tags_are_taken_off(self, client, arn):
        client.tag_resource(ResourceArn=arn, Tags=[tag("a"), tag("b"), tag("c")])
        client.untag_resource(ResourceArn=arn, TagKeys=["a", "c", "not there"])
        assert tags_of(client) == {"b": "v"}

    @pytest.mark.parametrize(
        ("keys", "text"),
        [
            ([], "Atleast one Tag Key needs to be provided as Input."),
            (["a#"], "The Tag Key provided is invalid, Key: a#"),
            (["Aws:x"], "Tag Key cannot be prefixed with aws:, Key: Aws:x"),
            (
                [f"k{n}" for n in range(51)],
                "Number of Tags exceed the current limit for the provided ResourceArn",
            ),
        ],
    )
    def test_refused_keys(self, client, arn, keys, text):
        client.tag_resource(ResourceArn=arn, Tags=[tag("a")])
        assert refusal(client.untag_resource, ResourceArn=arn, TagKeys=keys) == text
        assert tags_of(client) == {"a": "v"}


class TestListTagsOfResource:
    def test_a_token_means_the_first_page(self, client, arn):
        client.tag_resource(ResourceArn=arn, Tags=[tag("a")])
        response = client.list_tags_of_resource(ResourceArn=arn, NextToken="anything")
        assert response["Tags"] == [tag("a")]

    def test_all_through_the_paginator(self, client, arn):
        client.tag_resource(ResourceArn=arn, Tags=[tag(f"k{n}") for n in range(50)])
        pages = client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
        assert sum(len(page["Tags"]) for page in pages) == 50


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("tag_resource", {"Tags": [tag("a")]}),
        ("untag_resource", {"TagKeys": ["a"]}),
        ("list_tags_of_resource", {}),
    ],
)
@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("orders", f"{INVALID}ARNs must start with 'arn:': orders"),
        (
            "arn:aws:s3:::bucket",
            f"{INVALID}Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket",
        ),
        (
            f"{ARN}/index/gsi1",
            (
                f"{INVALID}Invalid resource arn provided, only table or stream is accepted."
                f" Provided resource arn: {ARN}/index/gsi1"
            ),
        ),
        (
            f"{ARN}/backup/01489602797149-73d8d5bc",
            (
                f"{INVALID}Provided Arn is not a DynamoDB resource arn:"
                f" {ARN}/backup/01489602797149-73d8d5bc"
            ),
        ),
        (
            ARN.replace("us-east-1", "eu-west-1"),
            (
                "Invalid TableArn: Invalid ResourceArn provided as input"
                f" {ARN.replace('us-east-1', 'eu-west-1')}"
            ),
        ),
        (
            f"{ARN}/stream/label",
            f"Invalid TableArn: Invalid ResourceArn provided as input {ARN}/stream/label",
        ),
        (
            ARN.replace("orders", "others"),
            (
                "ResourceNotFoundException: Requested resource not found: ResourceArn:"
                f" {ARN.replace('orders', 'others')} not found"
            ),
        ),
    ],
)
def test_wrong_arns(client, arn, operation, more, wrong, text):
    assert refusal(getattr(client, operation), ResourceArn=wrong, **more) == text


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("tag_resource", {"Tags": [tag("a")]}),
        ("untag_resource", {"TagKeys": ["a"]}),
        ("list_tags_of_resource", {}),
    ],
)
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_tables_of_other_accounts(client, arn, operation, more, region):
    """The account is checked before the region."""
    other = f"arn:aws:dynamodb:{region}:999900001111:table/orders"
    action = "dynamodb:" + operation.title().replace("_", "")
    assert refusal(getattr(client, operation), ResourceArn=other, **more) == (
        "AccessDeniedException: User: arn:aws:iam::123456789012:user/ddbmock is not authorized to"
        f" perform: {action} on resource: {other} because no resource-based policy allows the"
        f" {action} action"
    )
