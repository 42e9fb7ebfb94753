from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def needs_the_operation(client):
    if not hasattr(client, "list_bulk_operations"):
        pytest.skip("the model of this botocore does not have it yet")


class TestBehaviour:
    def test_no_bulk_operations(self, client):
        response = client.list_bulk_operations()
        del response["ResponseMetadata"]
        assert response == {"BulkOperationsSummaryList": []}
