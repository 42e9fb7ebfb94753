from __future__ import annotations

import pytest

from tests.refusals import refusal

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/export/01693685827463-2d8752fd"


class TestRequestValidation:
    @pytest.mark.parametrize("limit", [0, 26])
    def test_results_of_a_page(self, raw, limit):
        bound = "greater than or equal to 1" if limit == 0 else "less than or equal to 25"
        assert refusal(raw.list_exports, MaxResults=limit) == (
            f"1 validation error detected: Value '{limit}' at 'maxResults' failed to satisfy"
            f" constraint: Member must have value {bound}"
        )

    def test_a_token_of_another_list(self, client):
        text = refusal(client.list_exports, NextToken="0123456789abcdef")
        assert text == "Invalid Request: Provided nextToken is invalid: 0123456789abcdef"


class TestBehaviour:
    def test_a_table_that_was_never_exported(self, client, plain):
        arn = client.describe_table(TableName=plain)["Table"]["TableArn"]
        for request in ({}, {"TableArn": arn}, {"TableArn": "no-arn"}):
            response = client.list_exports(**request)
            del response["ResponseMetadata"]
            assert response == {"ExportSummaries": []}
