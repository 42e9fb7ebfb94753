from __future__ import annotations

from tests.refusals import refusal


class TestRequestValidation:
    def test_a_token_of_another_list(self, client):
        token = "0123456789abcdef" * 7
        text = refusal(client.list_imports, NextToken=token)
        assert text == f"Invalid Request: Provided nextToken is invalid: {token}"

    def test_a_short_token(self, raw):
        assert refusal(raw.list_imports, NextToken="0123456789abcdef").startswith(
            "1 validation error detected: Value '0123456789abcdef' at 'nextToken' failed to satisfy"
            " constraint: Member must have length greater than or equal to 112"
        )


class TestBehaviour:
    def test_no_imports(self, client):
        for request in ({}, {"TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders"}):
            response = client.list_imports(**request)
            del response["ResponseMetadata"]
            assert response == {"ImportSummaryList": []}
