"""Deviations of the service's checks from its public model: orders, bounds, texts.

Tables only. A structure without an entry here is checked in the model's order, and so are the
members that an entry does not name.
"""

from __future__ import annotations

from typing import NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.messages import requests as messages

#: The order of a structure's members in "N validation errors detected: ...".
MEMBER_ORDER: dict[str, tuple[str, ...]] = {
    "GetItemInput": ("TableName", "Key", "ReturnConsumedCapacity", "AttributesToGet"),
    "PutItemInput": (
        "TableName",
        "Item",
        "ReturnConsumedCapacity",
        "ConditionalOperator",
        "Expected",
        "ReturnValues",
        "ReturnItemCollectionMetrics",
    ),
    "UpdateItemInput": (
        "TableName",
        "Key",
        "ReturnValues",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "ConditionalOperator",
        "Expected",
        "AttributeUpdates",
    ),
    "DeleteItemInput": (
        "TableName",
        "Key",
        "ReturnConsumedCapacity",
        "ReturnValues",
        "ReturnItemCollectionMetrics",
        "ConditionalOperator",
        "Expected",
    ),
    "QueryInput": (
        "TableName",
        "Limit",
        "ReturnConsumedCapacity",
        "AttributesToGet",
        "QueryFilter",
        "Select",
        "ConditionalOperator",
        "KeyConditions",
        "IndexName",
    ),
    "ScanInput": (
        "TableName",
        "Limit",
        "ReturnConsumedCapacity",
        "AttributesToGet",
        "TotalSegments",
        "Segment",
        "Select",
        "ScanFilter",
        "ConditionalOperator",
        "IndexName",
    ),
    "BatchGetItemInput": ("RequestItems", "ReturnConsumedCapacity"),
    "BatchWriteItemInput": (
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "RequestItems",
    ),
    "WriteRequest": ("DeleteRequest", "PutRequest"),
    "TransactGetItemsInput": ("ReturnConsumedCapacity", "TransactItems"),
    "TransactWriteItemsInput": (
        "ClientRequestToken",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "TransactItems",
    ),
    "TransactWriteItem": ("Put", "Update", "Delete", "ConditionCheck"),
    "Get": ("TableName", "Key"),
    "Put": ("TableName", "ReturnValuesOnConditionCheckFailure", "Item"),
    "Update": (
        "TableName",
        "ReturnValuesOnConditionCheckFailure",
        "Key",
        "UpdateExpression",
    ),
    "Delete": ("TableName", "ReturnValuesOnConditionCheckFailure", "Key"),
    "ConditionCheck": (
        "TableName",
        "ReturnValuesOnConditionCheckFailure",
        "Key",
        "ConditionExpression",
    ),
    "CreateTableInput": (
        "TableName",
        "BillingMode",
        "ProvisionedThroughput",
        "KeySchema",
        "AttributeDefinitions",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
        "VectorIndexes",
    ),
    "UpdateTableInput": (
        "TableName",
        "BillingMode",
        "ProvisionedThroughput",
        "AttributeDefinitions",
        "GlobalSecondaryIndexUpdates",
        "VectorIndexUpdates",
    ),
    "AttributeDefinition": ("AttributeType", "AttributeName"),
    "ProvisionedThroughput": ("WriteCapacityUnits", "ReadCapacityUnits"),
    "LocalSecondaryIndex": ("IndexName", "KeySchema", "Projection"),
    "GlobalSecondaryIndex": (
        "IndexName",
        "KeySchema",
        "Projection",
        "ProvisionedThroughput",
    ),
    "CreateGlobalSecondaryIndexAction": (
        "IndexName",
        "KeySchema",
        "Projection",
        "ProvisionedThroughput",
    ),
    "TimeToLiveSpecification": ("AttributeName", "Enabled"),
    "GlobalSecondaryIndexUpdate": ("Update", "Create", "Delete"),
    "Projection": ("ProjectionType", "NonKeyAttributes"),
    "VectorIndex": (
        "IndexName",
        "VectorAttribute",
        "SearchSchema",
        "Projection",
        "Dimensions",
        "DistanceFunction",
    ),
    "ListTablesInput": ("Limit", "ExclusiveStartTableName"),
}

#: The order in the older layer, of operations that the current layer answers for the most part.
OLDER_MEMBER_ORDER: dict[str, tuple[str, ...]] = {
    "UpdateItemInput": (
        "ReturnConsumedCapacity",
        "TableName",
        "ReturnValues",
        "ReturnItemCollectionMetrics",
        "ConditionalOperator",
        "Expected",
        "AttributeUpdates",
        "Key",
    ),
}

#: How a set of allowed values is printed; other sets are printed in the model's order.
ENUM_ORDER: dict[str, tuple[str, ...]] = {
    "ReturnConsumedCapacity": ("INDEXES", "TOTAL", "NONE"),
    "ReturnItemCollectionMetrics": ("SIZE", "NONE"),
    "ReturnValue": ("ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"),
    "ConditionalOperator": ("OR", "AND"),
    "ComparisonOperator": (
        "IN",
        "NULL",
        "BETWEEN",
        "LT",
        "NOT_CONTAINS",
        "EQ",
        "GT",
        "NOT_NULL",
        "NE",
        "LE",
        "BEGINS_WITH",
        "GE",
        "CONTAINS",
    ),
    "Select": (
        "SPECIFIC_ATTRIBUTES",
        "COUNT",
        "ALL_ATTRIBUTES",
        "ALL_PROJECTED_ATTRIBUTES",
    ),
    "ScalarAttributeType": ("B", "N", "S"),
    "ProjectionType": ("ALL", "INCLUDE", "KEYS_ONLY"),
    "StreamViewType": ("OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"),
    "InputCompressionType": ("ZSTD", "NONE", "GZIP"),
    "ContributorInsightsMode": ("THROTTLED_KEYS", "ACCESSED_AND_THROTTLED_KEYS"),
}


class Bounds(NamedTuple):
    """Minimum and maximum length (texts, lists, maps) or value (numbers)."""

    least: int | None
    greatest: int | None


_FREE = Bounds(None, None)
#: Bounds that replace the model's, by shape.
SHAPE_BOUNDS: dict[str, Bounds] = {
    # Names of more than 64 KB are refused with the item, in other words.
    "AttributeName": _FREE,
    "AttributeNameList": Bounds(1, 255),
    "KMSMasterKeyId": Bounds(1, None),
    # These have texts of their own ("The Tag Key provided is invalid", "Invalid Backup ARN").
    "TagKeyString": _FREE,
    "TagValueString": _FREE,
    "ResourceArnString": _FREE,
    "BackupArn": _FREE,
    "ExportArn": _FREE,
    "ImportArn": _FREE,
}
#: Bounds that replace the model's, by structure and member.
MEMBER_BOUNDS: dict[tuple[str, str], Bounds] = {
    # The model has no greatest length since global secondary indexes may have more elements.
    ("CreateTableInput", "KeySchema"): Bounds(1, limits.TABLE_KEY_ELEMENTS_MAX),
    ("LocalSecondaryIndex", "KeySchema"): Bounds(1, limits.TABLE_KEY_ELEMENTS_MAX),
    # It has a text of its own when it is empty.
    ("ExportTableToPointInTimeInput", "TableArn"): _FREE,
    # Anything but the ARN of a stream is an "Invalid StreamArn".
    ("DescribeStreamInput", "StreamArn"): _FREE,
    ("GetShardIteratorInput", "StreamArn"): _FREE,
    ("ListStreamsInput", "ExclusiveStartStreamArn"): _FREE,
    ("GetRecordsInput", "Limit"): Bounds(1, limits.STREAM_RECORDS_PAGE_MAX),
    ("DescribeStreamInput", "Limit"): Bounds(1, limits.STREAM_SHARDS_PAGE_MAX),
    ("ListStreamsInput", "Limit"): Bounds(1, limits.STREAMS_PAGE_MAX),
    # The model has no least number; that it is 1 as everywhere else is not known.
    ("ListContributorInsightsInput", "MaxResults"): Bounds(1, limits.CONTRIBUTOR_INSIGHTS_PAGE_MAX),
    # Models before November 2025 allow no more than two elements here.
    ("GlobalSecondaryIndex", "KeySchema"): Bounds(1, None),
    ("CreateGlobalSecondaryIndexAction", "KeySchema"): Bounds(1, None),
}
#: Members that are required unless the other member is given; the model requires none of them.
REQUIRED_UNLESS: dict[tuple[str, str], str] = {
    ("CreateTableInput", "KeySchema"): "GlobalTableSourceArn",
    ("CreateTableInput", "AttributeDefinitions"): "GlobalTableSourceArn",
}

#: Structures whose missing members have separate texts.
NOTHING_REQUIRED = frozenset({"CreateReplicationGroupMemberAction", "Tag"})
#: Enumerations that are checked later, with a separate text.
FREE_ENUMS = frozenset({"TableClass"})
#: Members of which a wrong length is reported before a wrong pattern.
LENGTH_FIRST = frozenset(
    {
        ("GlobalSecondaryIndex", "IndexName"),
        ("LocalSecondaryIndex", "IndexName"),
        ("VectorIndex", "IndexName"),
        ("CreateGlobalSecondaryIndexAction", "IndexName"),
        ("UpdateGlobalSecondaryIndexAction", "IndexName"),
        ("DeleteGlobalSecondaryIndexAction", "IndexName"),
        ("CreateVectorIndexAction", "IndexName"),
        ("DeleteVectorIndexAction", "IndexName"),
    }
)

#: A wrong TableName is reported alone here; the current layer does so for all its operations.
TABLE_NAME_ALONE = frozenset({"CreateTableInput"})
#: Structures whose TableName is that of a table with items; any other is that of a table to be
#: created or managed, and has at least three characters.
OF_ITEMS = frozenset(
    {
        *("GetItemInput", "PutItemInput", "UpdateItemInput", "DeleteItemInput"),
        *("QueryInput", "ScanInput", "SearchVectorsInput"),
        *("Get", "Put", "Update", "Delete", "ConditionCheck"),
    }
)
#: Names whose length still has the wording of 2012, with the name that the text uses.
OLD_LENGTH_TEXTS: dict[tuple[str, str], str] = {
    ("DescribeContributorInsightsInput", "IndexName"): "IndexName",
    ("UpdateContributorInsightsInput", "IndexName"): "IndexName",
    ("DescribeGlobalTableInput", "GlobalTableName"): "TableName",
    ("DescribeGlobalTableSettingsInput", "GlobalTableName"): "TableName",
    ("RestoreTableFromBackupInput", "TargetTableName"): "TableName",
    ("RestoreTableToPointInTimeInput", "TargetTableName"): "TableName",
}
#: Of several members with invalid enumeration values, only the first is reported.
FIRST_ENUM_ONLY = frozenset({"UpdateItemInput"})
#: A member with an invalid enumeration value is reported alone.
ENUMS_ALONE = frozenset({"BatchWriteItemInput"})
CONDITIONAL_OPERATORS = frozenset({"AND", "OR"})


class RequiredText(NamedTuple):
    """A separate text for a member that is missing (None) or empty."""

    member: str
    value: object
    message: str


REQUIRED_TEXTS: dict[str, RequiredText] = {
    "BatchWriteItemInput": RequiredText("RequestItems", {}, messages.REQUEST_ITEMS_REQUIRED),
    "CreateTableInput": RequiredText("TableName", None, messages.TABLE_NAME_REQUIRED),
}
