"""Policies that AWS manages, with their statements on DynamoDB.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/security-iam-awsmanpol.html
"""

from __future__ import annotations

from typing import Any

_ARN_PREFIX = ":policy/"
_READ_ONLY = (
    *("BatchGetItem", "DescribeBackup", "DescribeContinuousBackups"),
    *("DescribeContributorInsights", "DescribeExport", "DescribeGlobalTable"),
    *("DescribeGlobalTableSettings", "DescribeImport", "DescribeLimits"),
    *("DescribeKinesisStreamingDestination", "DescribeReservedCapacity"),
    *("DescribeReservedCapacityOfferings", "DescribeStream", "DescribeTable"),
    *("DescribeTableReplicaAutoScaling", "DescribeTimeToLive", "GetItem", "GetResourcePolicy"),
    *("GetRecords", "GetShardIterator", "ListBackups", "ListContributorInsights", "ListExports"),
    *("ListGlobalTables", "ListImports", "ListStreams", "ListTables", "ListTagsOfResource"),
    *("PartiQLSelect", "Query", "Scan"),
)
_STREAMS = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
_ACTIONS: dict[str, tuple[str, ...]] = {
    "AdministratorAccess": ("*",),
    "PowerUserAccess": ("*",),
    "AmazonDynamoDBFullAccess": ("*",),
    "AmazonDynamoDBFullAccess_v2": ("*",),
    "AmazonDynamoDBReadOnlyAccess": _READ_ONLY,
    "AWSLambdaDynamoDBExecutionRole": _STREAMS,
    "AWSLambdaInvocation-DynamoDB": _STREAMS,
    "ReadOnlyAccess": _READ_ONLY,
}


def name_of(name_or_arn: str) -> str:
    """Return the name of a managed policy, which may be given by its ARN.

    >>> name_of("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole")
    'AWSLambdaDynamoDBExecutionRole'
    """
    _, is_arn, path = name_or_arn.partition(_ARN_PREFIX)
    return path.rpartition("/")[2] if is_arn else name_or_arn


def is_of_dynamodb(action: str) -> bool:
    """Return whether an action of a policy, or a pattern of actions, is one of DynamoDB.

    >>> is_of_dynamodb("dynamodb:Get*"), is_of_dynamodb("s3:GetObject")
    (True, False)
    """
    return action == "*" or action.lower().startswith("dynamodb:")


def managed_policy(name: str) -> dict[str, Any] | None:
    """Return the statements of a managed policy on DynamoDB; None for an unknown one."""
    actions = _ACTIONS.get(name)
    if actions is None:
        return None
    allowed = [f"dynamodb:{action}" for action in actions]
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}],
    }
