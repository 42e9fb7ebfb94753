from __future__ import annotations

import pytest

from tests.refusals import refusal

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ARN = f"{TABLE_ARN}/import/01693685827463-2d8752fd"


class TestErrors:
    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_an_unknown_import(self, client, region):
        arn = ARN.replace("us-east-1", region)
        text = refusal(client.describe_import, ImportArn=arn)
        assert text == f"ImportNotFoundException: Import not found: {arn}"

    def test_another_account(self, client):
        text = refusal(client.describe_import, ImportArn=ARN.replace("123456789012", "2" * 12))
        assert text == "AccessDeniedException: Access is denied"

    @pytest.mark.parametrize(
        "arn", [TABLE_ARN, f"{TABLE_ARN}/export/01693685827463-2d8752fd", "no ARN" * 7]
    )
    def test_what_names_no_import(self, client, arn):
        assert refusal(client.describe_import, ImportArn=arn) == "Invalid Import ARN"
