from __future__ import annotations

import pytest

from tests.operations.table_helpers import INVALID, new_table

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
STREAM = f"{ARN}/stream/2026-01-01T00:00:00.000"


class TestGet:
    def test_a_table_that_never_had_one(self, client, refusal):
        new_table(client)
        assert refusal("get_resource_policy", ResourceArn=ARN) == (
            "PolicyNotFoundException: Resource-based policy not found for the provided"
            f" ResourceArn: {ARN}"
        )


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
            ARN.replace("orders", "missing"),
            ("ResourceNotFoundException: Requested resource not found: Table: missing not found"),
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
def test_resources_that_are_none(client, refusal, arn, text):
    new_table(client)
    assert refusal("get_resource_policy", ResourceArn=arn) == text
