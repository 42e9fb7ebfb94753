"""ddbmock and moto together: DynamoDB by ddbmock, every other service by moto.

>>> import boto3
>>> from ddbmock.beside import mock_aws
>>> @mock_aws
... def test_two_services():
...     assert boto3.client("dynamodb").list_tables()["TableNames"] == []
...     assert boto3.client("s3").list_buckets()["Buckets"] == []
>>> test_two_services()
"""

from __future__ import annotations

from ddbmock._internal.beside.both import mock_aws

__all__ = ["mock_aws"]
