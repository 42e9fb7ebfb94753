"""The policy templates of AWS SAM for DynamoDB.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.policies.conditions import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.arns import Namespace

_TABLE, _INDEXES = "table/{TableName}", "table/{TableName}/index/*"
_STREAM, _STREAMS = "table/{TableName}/stream/{StreamName}", "table/{TableName}/stream/*"
_BACKUPS = "table/{TableName}/backup/*"


class _Rights(NamedTuple):
    actions: str
    resources: tuple[str, ...]


_TEMPLATES: dict[str, tuple[_Rights, ...]] = {
    "DynamoDBCrudPolicy": (
        _Rights(
            "GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem"
            " DescribeTable ConditionCheckItem",
            (_TABLE, _INDEXES),
        ),
    ),
    "DynamoDBReadPolicy": (
        _Rights("GetItem Scan Query BatchGetItem DescribeTable", (_TABLE, _INDEXES)),
    ),
    "DynamoDBWritePolicy": (_Rights("PutItem UpdateItem BatchWriteItem", (_TABLE, _INDEXES)),),
    "DynamoDBReconfigurePolicy": (_Rights("UpdateTable", (_TABLE,)),),
    "DynamoDBStreamReadPolicy": (
        _Rights("DescribeStream GetRecords GetShardIterator", (_STREAM,)),
        _Rights("ListStreams", (_STREAMS,)),
    ),
    "DynamoDBBackupFullAccessPolicy": (
        _Rights("CreateBackup DescribeContinuousBackups", (_TABLE,)),
        _Rights("DeleteBackup DescribeBackup ListBackups", (_BACKUPS,)),
    ),
    "DynamoDBRestoreFromBackupPolicy": (
        _Rights("RestoreTableFromBackup", (_BACKUPS,)),
        _Rights("PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem", (_TABLE,)),
    ),
}


def is_sam_policy(name: str) -> bool:
    """Return whether there is a policy template of this name for DynamoDB."""
    return name in _TEMPLATES


def sam_policy(name: str, parameters: Mapping[str, Any], arns: Namespace) -> dict[str, Any]:
    """Return the document of a policy template.

    >>> from ddbmock._internal.arns import Namespace
    >>> arns = Namespace("eu-west-1", "123456789012")
    >>> sam_policy("DynamoDBReconfigurePolicy", {"TableName": "orders"}, arns)["Statement"]
    [{'Effect': 'Allow', 'Action': ['dynamodb:UpdateTable'], 'Resource': \
['arn:aws:dynamodb:eu-west-1:123456789012:table/orders']}]

    Raises:
        PolicyError: A parameter is missing or unknown.
    """
    rights = _TEMPLATES[name]
    needed = {"TableName", "StreamName"} if name == "DynamoDBStreamReadPolicy" else {"TableName"}
    if parameters.keys() != needed:
        raise PolicyError(f"{name} takes {' and '.join(sorted(needed, reverse=True))}")
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [f"dynamodb:{action}" for action in right.actions.split()],
                "Resource": [
                    arns.resource(resource.format_map(parameters)) for resource in right.resources
                ],
            }
            for right in rights
        ],
    }
