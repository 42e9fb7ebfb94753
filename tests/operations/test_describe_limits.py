from __future__ import annotations


def test_the_default_quotas(client):
    response = client.describe_limits()
    del response["ResponseMetadata"]
    assert response == {
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    }
