"""Clients of boto3 that live as long as the test run: creating one takes longer than most tests.

A client outlives the mocks that answer it. A test that changes its client (event handlers,
configuration, credentials) creates one of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@cache
def dynamodb(region: str = "us-east-1") -> Any:
    return boto3.client("dynamodb", region_name=region, **_CREDENTIALS)


@cache
def dynamodb_streams(region: str = "us-east-1") -> Any:
    return boto3.client("dynamodbstreams", region_name=region, **_CREDENTIALS)


@cache
def unchecked_dynamodb(region: str = "us-east-1") -> Any:
    """Return a client that sends requests that botocore would refuse."""
    config = Config(parameter_validation=False)
    return boto3.client("dynamodb", region_name=region, config=config, **_CREDENTIALS)


@cache
def of_service(service_name: str, region: str = "us-east-1") -> Any:
    """Return a client of a service beside DynamoDB."""
    return boto3.client(service_name, region_name=region, **_CREDENTIALS)
