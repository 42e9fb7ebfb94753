from __future__ import annotations

from tests.operations.table_helpers import new_table


class TestDescribe:
    def test_a_table_that_never_had_any(self, client):
        new_table(client)
        answer = client.describe_kinesis_streaming_destination(TableName="orders")
        assert answer["TableName"] == "orders"
        assert answer["KinesisDataStreamDestinations"] == []

    def test_no_table(self, refusal):
        assert refusal("describe_kinesis_streaming_destination", TableName="missing") == (
            "ResourceNotFoundException: Requested resource not found: Table: missing not found"
        )
