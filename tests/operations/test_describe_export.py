from __future__ import annotations

import pytest

from tests.refusals import refusal

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ARN = f"{TABLE_ARN}/export/01693685827463-2d8752fd"


class TestErrors:
    def test_an_unknown_export(self, client):
        text = refusal(client.describe_export, ExportArn=ARN)
        assert text == f"ExportNotFoundException: Export not found: Export not found: {ARN}"

    def test_another_region(self, client):
        text = refusal(client.describe_export, ExportArn=ARN.replace("us-east-1", "eu-west-1"))
        assert text == "ExportNotFoundException: Export not found: Invalid export arn"

    def test_another_account(self, client):
        text = refusal(client.describe_export, ExportArn=ARN.replace("123456789012", "2" * 12))
        assert text == "AccessDeniedException: Access is denied"

    @pytest.mark.parametrize(
        "arn", [TABLE_ARN, f"{TABLE_ARN}/import/01693685827463-2d8752fd", "no ARN" * 7]
    )
    def test_what_names_no_export(self, client, arn):
        assert refusal(client.describe_export, ExportArn=arn) == "Invalid Export ARN"
