"""Random requests: valid ones that were damaged, ones grown from the model, and soups of words."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock._internal.service_model import SERVICE_NAMES, service_model

if TYPE_CHECKING:
    from random import Random

    from botocore.model import Shape

MODELS = {name: service_model(name) for name in SERVICE_NAMES}
OPERATIONS = [
    (service, operation) for service, model in MODELS.items() for operation in model.operation_names
]

TABLE = {"TableName": "orders"}
KEY = {"customer": {"S": "ann"}, "nr": {"N": "1"}}
ITEM = {
    **KEY,
    "amount": {"N": "12.5"},
    "city": {"S": "bern"},
    "tags": {"SS": ["a", "b"]},
    "blob": {"B": "eHl6"},
    "doc": {"M": {"list": {"L": [{"N": "1"}, {"BOOL": True}, {"NULL": True}]}}},
}
VALUES = {":v": {"S": "ann"}, ":n": {"N": "1"}}

#: Requests that the service would take.
VALID: list[tuple[str, dict[str, Any]]] = [
    ("PutItem", {**TABLE, "Item": ITEM, "ReturnValues": "ALL_OLD"}),
    (
        "PutItem",
        {
            **TABLE,
            "Item": ITEM,
            "ConditionExpression": "attribute_not_exists(#c) OR note = :v AND size(city) > :n",
            "ExpressionAttributeNames": {"#c": "customer"},
            "ExpressionAttributeValues": VALUES,
            "ReturnConsumedCapacity": "INDEXES",
            "ReturnItemCollectionMetrics": "SIZE",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    ),
    (
        "PutItem",
        {
            **TABLE,
            "Item": ITEM,
            "Expected": {
                "note": {"Exists": False},
                "city": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "bern"}]},
            },
            "ConditionalOperator": "OR",
        },
    ),
    (
        "GetItem",
        {
            **TABLE,
            "Key": KEY,
            "ConsistentRead": True,
            "ProjectionExpression": "#d.list[0], tags",
            "ExpressionAttributeNames": {"#d": "doc"},
        },
    ),
    ("GetItem", {**TABLE, "Key": KEY, "AttributesToGet": ["city", "nr"]}),
    (
        "UpdateItem",
        {
            **TABLE,
            "Key": KEY,
            "UpdateExpression": "SET note = :v, doc.list[1] = if_not_exists(amount, :n)"
            " REMOVE blob ADD amount :n DELETE gone :s",
            "ConditionExpression": "amount BETWEEN :n AND :n OR contains(tags, :v)",
            "ExpressionAttributeValues": {**VALUES, ":s": {"SS": ["a"]}},
            "ReturnValues": "UPDATED_NEW",
        },
    ),
    (
        "UpdateItem",
        {
            **TABLE,
            "Key": KEY,
            "AttributeUpdates": {
                "amount": {"Action": "ADD", "Value": {"N": "1"}},
                "note": {"Action": "DELETE"},
                "city": {"Value": {"S": "rome"}},
            },
        },
    ),
    ("DeleteItem", {**TABLE, "Key": KEY, "ReturnValues": "ALL_OLD"}),
    (
        "Query",
        {
            **TABLE,
            "KeyConditionExpression": "customer = :v AND nr >= :n",
            "FilterExpression": "attribute_type(city, :t) AND NOT begins_with(note, :v)",
            "ExpressionAttributeValues": {**VALUES, ":t": {"S": "S"}},
            "ProjectionExpression": "nr, doc.list",
            "Select": "SPECIFIC_ATTRIBUTES",
            "ExclusiveStartKey": {"customer": {"S": "ann"}, "nr": {"N": "3"}},
            "Limit": 2,
            "ScanIndexForward": False,
            "ReturnConsumedCapacity": "TOTAL",
        },
    ),
    (
        "Query",
        {
            **TABLE,
            "IndexName": "by_amount",
            "KeyConditions": {
                "customer": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "ann"}]},
                "amount": {
                    "ComparisonOperator": "BETWEEN",
                    "AttributeValueList": [{"N": "1"}, {"N": "2"}],
                },
            },
            "QueryFilter": {"nr": {"ComparisonOperator": "NOT_NULL"}},
            "Select": "ALL_ATTRIBUTES",
        },
    ),
    (
        "Query",
        {
            **TABLE,
            "IndexName": "by_place",
            "KeyConditionExpression": "city = :v AND stage = :v AND begins_with(weekday, :v)",
            "ExpressionAttributeValues": {":v": {"S": "ann"}},
        },
    ),
    (
        "Scan",
        {
            **TABLE,
            "IndexName": "by_city",
            "Segment": 0,
            "TotalSegments": 2,
            "FilterExpression": "nr IN (:n, :v) AND city <> :v",
            "ExpressionAttributeValues": VALUES,
            "ReturnConsumedCapacity": "INDEXES",
            "Select": "COUNT",
        },
    ),
    (
        "Scan",
        {
            **TABLE,
            "ScanFilter": {
                "nr": {"ComparisonOperator": "IN", "AttributeValueList": [{"N": "1"}]},
                "tags": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [{"S": "a"}]},
            },
            "ConditionalOperator": "AND",
            "AttributesToGet": ["nr"],
            "Limit": 3,
        },
    ),
    (
        "BatchGetItem",
        {
            "RequestItems": {
                "orders": {
                    "Keys": [KEY, {"customer": {"S": "bob"}, "nr": {"N": "2"}}],
                    "ProjectionExpression": "#n",
                    "ExpressionAttributeNames": {"#n": "nr"},
                },
                "things": {"Keys": [{"id": {"S": "a"}}], "AttributesToGet": ["id"]},
            }
        },
    ),
    (
        "BatchWriteItem",
        {
            "RequestItems": {
                "orders": [{"PutRequest": {"Item": ITEM}}],
                "things": [{"DeleteRequest": {"Key": {"id": {"S": "a"}}}}],
            },
            "ReturnConsumedCapacity": "INDEXES",
        },
    ),
    (
        "TransactWriteItems",
        {
            "TransactItems": [
                {"Put": {**TABLE, "Item": ITEM}},
                {
                    "Update": {
                        "TableName": "things",
                        "Key": {"id": {"S": "a"}},
                        "UpdateExpression": "SET x = :n",
                        "ExpressionAttributeValues": {":n": {"N": "1"}},
                    }
                },
                {"Delete": {**TABLE, "Key": {"customer": {"S": "bob"}, "nr": {"N": "2"}}}},
                {
                    "ConditionCheck": {
                        **TABLE,
                        "Key": {"customer": {"S": "bob"}, "nr": {"N": "1"}},
                        "ConditionExpression": "attribute_exists(customer)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                },
            ],
            "ClientRequestToken": "token",
            "ReturnConsumedCapacity": "INDEXES",
        },
    ),
    (
        "TransactGetItems",
        {
            "TransactItems": [
                {"Get": {**TABLE, "Key": KEY, "ProjectionExpression": "city"}},
                {"Get": {"TableName": "things", "Key": {"id": {"S": "a"}}}},
            ],
            "ReturnConsumedCapacity": "TOTAL",
        },
    ),
    (
        "ExecuteStatement",
        {
            "Statement": 'SELECT nr, doc.list[0] FROM "orders" WHERE customer = ? AND nr > 1',
            "Parameters": [{"S": "ann"}],
            "Limit": 2,
        },
    ),
    (
        "ExecuteStatement",
        {"Statement": "INSERT INTO \"things\" VALUE {'id': 'z', 'n': 1, 's': <<'a','b'>>}"},
    ),
    (
        "ExecuteStatement",
        {"Statement": "UPDATE \"orders\" SET city='x' REMOVE tags WHERE customer='ann' AND nr=1"},
    ),
    (
        "BatchExecuteStatement",
        {"Statements": [{"Statement": "DELETE FROM things WHERE id = 'a'"}]},
    ),
    (
        "ExecuteTransaction",
        {"TransactStatements": [{"Statement": "SELECT * FROM things WHERE id = 'a'"}]},
    ),
    (
        "CreateTable",
        {
            "TableName": "new_table",
            "KeySchema": [
                {"AttributeName": "a", "KeyType": "HASH"},
                {"AttributeName": "b", "KeyType": "RANGE"},
            ],
            "AttributeDefinitions": [
                {"AttributeName": "a", "AttributeType": "S"},
                {"AttributeName": "b", "AttributeType": "N"},
                {"AttributeName": "c", "AttributeType": "B"},
            ],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by_c",
                    "KeySchema": [{"AttributeName": "c", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                }
            ],
            "LocalSecondaryIndexes": [
                {
                    "IndexName": "by_c_too",
                    "KeySchema": [
                        {"AttributeName": "a", "KeyType": "HASH"},
                        {"AttributeName": "c", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
            "Tags": [{"Key": "k", "Value": "v"}],
        },
    ),
    ("UpdateTable", {**TABLE, "BillingMode": "PAY_PER_REQUEST"}),
    ("DeleteTable", {"TableName": "things"}),
    ("DescribeTable", TABLE),
    ("ListTables", {"Limit": 1, "ExclusiveStartTableName": "a"}),
    (
        "UpdateTimeToLive",
        {**TABLE, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}},
    ),
    (
        "TagResource",
        {
            "ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
            "Tags": [{"Key": "k", "Value": "v"}],
        },
    ),
]

RECOVERY = {"PointInTimeRecoveryEnabled": True}
#: The backup of a new state, which has this id.
BACKUP_ID = "01700000000000-0a1b2c3d"
BACKUP_ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/things/backup/{BACKUP_ID}"
VECTOR_INDEX = {
    "IndexName": "near",
    "VectorAttribute": {"AttributeName": "emb"},
    "Dimensions": 2,
    "DistanceFunction": "COSINE",
    "Projection": {"ProjectionType": "ALL"},
    "SearchSchema": [{"AttributeName": "x", "SearchSchemaElementType": "INLINE_FILTER"}],
}
VALID += [
    ("CreateBackup", {**TABLE, "BackupName": "before"}),
    ("DescribeBackup", {"BackupArn": BACKUP_ARN}),
    ("DeleteBackup", {"BackupArn": BACKUP_ARN}),
    (
        "ListBackups",
        {
            "TableName": "things",
            "Limit": 1,
            "BackupType": "ALL",
            "TimeRangeLowerBound": 0,
            "TimeRangeUpperBound": 2_000_000_000.5,
            "ExclusiveStartBackupArn": BACKUP_ARN,
        },
    ),
    (
        "RestoreTableFromBackup",
        {
            "TargetTableName": "restored",
            "BackupArn": BACKUP_ARN,
            "BillingModeOverride": "PROVISIONED",
            "ProvisionedThroughputOverride": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            "GlobalSecondaryIndexOverride": [],
            "LocalSecondaryIndexOverride": [],
            "SSESpecificationOverride": {"Enabled": True, "SSEType": "KMS"},
        },
    ),
    (
        "RestoreTableToPointInTime",
        {
            "SourceTableName": "things",
            "TargetTableName": "restored",
            "UseLatestRestorableTime": True,
            "BillingModeOverride": "PAY_PER_REQUEST",
            "OnDemandThroughputOverride": {"MaxReadRequestUnits": 5},
        },
    ),
    (
        "UpdateContinuousBackups",
        {**TABLE, "PointInTimeRecoverySpecification": RECOVERY},
    ),
    ("DescribeContinuousBackups", TABLE),
]
HAS_VECTORS = ("dynamodb", "SearchVectors") in OPERATIONS
if HAS_VECTORS:
    VALID += [
        (
            "SearchVectors",
            {
                "TableName": "things",
                "IndexName": "near",
                "SearchVector": [{"N": "1"}, {"N": "0.5"}],
                "TopK": 5,
                "SearchConditionExpression": "#x = :n",
                "ProjectionExpression": "emb, #x",
                "ExpressionAttributeNames": {"#x": "x"},
                "ExpressionAttributeValues": {":n": {"N": "1"}},
                "ReturnConsumedCapacity": "INDEXES",
            },
        ),
        (
            "PutItem",
            {
                "TableName": "things",
                "Item": {"id": {"S": "b"}, "emb": {"L": [{"N": "1"}, {"N": "2"}]}},
            },
        ),
        (
            "UpdateTable",
            {
                "TableName": "things",
                "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "N"}],
                "VectorIndexUpdates": [{"Create": {**VECTOR_INDEX, "IndexName": "other"}}],
            },
        ),
        (
            "UpdateTable",
            {"TableName": "things", "VectorIndexUpdates": [{"Delete": {"IndexName": "near"}}]},
        ),
    ]

_WORDS = """
    a b note city nr customer #c #n :v :n :s :t tags doc.list[0] doc list[1] nr[0] .
    = <> < <= > >= + - ( ) , AND OR NOT and BETWEEN IN SET REMOVE ADD DELETE set
    attribute_exists( size( contains( begins_with( attribute_type( list_append( if_not_exists(
    1 'x' "y" ? select SELECT * FROM WHERE INSERT INTO VALUE UPDATE orders things
    "orders"."by_city" { } [ ] << >> IS MISSING NULL -- /* */ ; : # `
"""
WORDS = [*_WORDS.split(), "é", "\U0001f600", "\x00", "\ud800", "-- \n"]
TEXTS = ["", "a", "x" * 300, "é" * 700, "\ud800", "\x00", "orders", "ann", "NONE", "1", "null"]
NUMBER_TEXTS = [
    "",
    "1",
    "-0",
    "1e400",
    "1e-400",
    "1e99999999999",
    "0x1",
    " 1",
    "1" * 60,
    "NaN",
    "٣",
]


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(depth):
        value = {"M": {"a": value}} if depth % 2 else {"L": [value]}
    return value


JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**70, 1.5, -0.0, 1e300, float("inf"),
    *TEXTS,
    [], {}, [[]], [None], {"": {}}, {"S": "x"}, {"S": ""}, {"S": None}, {"N": 1},
    {"B": "="}, {"B": "e"}, {"B": ""}, {"BOOL": "yes"}, {"NULL": False}, {"SS": []},
    {"SS": ["a", "a"]},
    {"NS": ["1", "1.0"]}, {"BS": ["eA==", "eA=="]}, {"L": []}, {"M": {}}, {"M": {"": {"S": "x"}}},
    {"S": "x", "N": "1"}, {"X": "x"}, nested(31), nested(33), nested(64),
    *({"N": text} for text in NUMBER_TEXTS), {"S": "x" * 410_000}, ["a"] * 120,
]  # fmt: skip


class Requests:
    """An endless row of requests, the same for the same seed."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def next(self) -> tuple[str, str, Any]:
        """Return the names of the service and the operation, and a decoded body."""
        draw = self.random.random()
        if draw < 0.7:
            service, (operation, request) = "dynamodb", self.random.choice(VALID)
            body = self.damaged(request)
        else:
            service, operation = self.random.choice(OPERATIONS)
            shape = MODELS[service].operation_model(operation).input_shape
            body = self.grown(shape, 0)
            if draw > 0.95:
                body = self.damaged(body)
        # What comes over the wire: detached, and only what JSON can say.
        text = json.dumps(body).replace("Infinity", "1e999")
        return service, operation, json.loads(text)

    # --- damage ---

    def damaged(self, request: Any) -> Any:
        body = json.loads(json.dumps(request))
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            places = list(_places(body))
            if not places:
                break
            holder, at = self.random.choice(places)
            self.damage(holder, at)
        return body

    def damage(self, holder: Any, at: Any) -> None:
        value = holder[at]
        draw = self.random.randrange(6)
        if draw == 0:
            del holder[at]
        elif draw == 1 and isinstance(holder, dict):
            holder[self.random.choice(TEXTS)] = deepcopy(value)
        elif draw == 2 and isinstance(holder, list):
            holder.extend(deepcopy(value) for _ in range(self.random.choice((1, 2, 101))))
        elif draw <= 4 and isinstance(value, str):
            holder[at] = self.damaged_text(value)
        else:
            holder[at] = self.junk()

    def junk(self) -> Any:
        return deepcopy(self.random.choice(JUNK))

    def damaged_text(self, text: str) -> str:
        draw = self.random.randrange(6)
        at = self.random.randint(0, len(text))
        if draw == 0:
            return text[:at]
        if draw == 1:
            return text[:at] + self.random.choice(WORDS) + text[at:]
        if draw == 2:
            return text[:at] + text[at + 1 :]
        if draw == 3:
            return text * self.random.choice((2, 50))
        if draw == 4:
            return self.soup()
        return self.random.choice([*TEXTS, *NUMBER_TEXTS])

    def soup(self) -> str:
        count = self.random.randint(1, 12)
        return self.random.choice((" ", "", " ")).join(self.random.choices(WORDS, k=count))

    # --- growth ---

    def grown(self, shape: Shape | None, depth: int) -> Any:
        """Return something of a shape, or now and then something else."""
        if shape is None:
            return {}
        if self.random.random() < 0.03 or depth > 12:
            return self.junk()
        kind: str = shape.type_name
        if kind == "structure":
            required = set(shape.required_members)
            return {
                name: self.grown(member, depth + 1)
                for name, member in shape.members.items()
                if self.random.random() < (0.9 if name in required else 0.3 / (depth + 1))
            }
        if kind == "list":
            return [self.grown(shape.member, depth + 1) for _ in range(self.random.randint(0, 2))]
        if kind == "map":
            return {
                self.name(): self.grown(shape.value, depth + 1)
                for _ in range(self.random.randint(0, 2))
            }
        return self.leaf(kind, shape)

    def leaf(self, kind: str, shape: Any) -> Any:
        if kind == "string":
            if shape.enum and self.random.random() < 0.9:
                return self.random.choice(shape.enum)
            return self.random.choice([self.name(), self.name(), self.soup(), *TEXTS[:3]])
        if kind in ("integer", "long", "double", "float"):
            return self.random.choice([0, 1, 2, 5, 100, -1, 2**40])
        if kind == "boolean":
            return self.random.choice([True, False])
        if kind == "blob":
            return self.random.choice(["eHl6", "", "e"])
        return self.random.choice([0, 1_700_000_000, "2026-01-01"])

    def name(self) -> str:
        return self.random.choice(
            ["orders", "things", "by_city", "by_amount", "customer", "nr", "id", "city", "note"]
        )


def _places(value: Any) -> Any:
    """Yield every place in a body as its holder and where in it."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for at in keys:
            yield value, at
            yield from _places(value[at])
