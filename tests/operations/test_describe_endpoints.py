from __future__ import annotations

import boto3
import pytest


@pytest.mark.parametrize(
    ("region", "address"),
    [
        ("eu-west-1", "dynamodb.eu-west-1.amazonaws.com"),
        ("cn-north-1", "dynamodb.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_endpoint_of_the_region(ddb, region, address):
    response = boto3.client("dynamodb", region).describe_endpoints()
    assert response["Endpoints"] == [{"Address": address, "CachePeriodInMinutes": 1440}]
