"""DescribeTableReplicaAutoScaling and UpdateTableReplicaAutoScaling.

Seen at the service in October 2026:
https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/docs/api-quirks/table-replicas.md
"""

from __future__ import annotations

import pytest

from tests.operations.table_helpers import new_table

# --- errors ---


@pytest.mark.parametrize("name", ["orders", "nothing"])
@pytest.mark.parametrize(
    "operation", ["describe_table_replica_auto_scaling", "update_table_replica_auto_scaling"]
)
def test_a_table_without_replicas(client, refusal, name, operation):
    new_table(client)
    text = f"ResourceNotFoundException: Global table with name: '{name}' does not exist."
    assert refusal(operation, TableName=name) == text
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}"
    assert refusal(operation, TableName=arn) == text
