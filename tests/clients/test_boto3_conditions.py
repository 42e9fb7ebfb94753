"""boto3's conditions: each operator of `Key` and `Attr` beside the same written by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from boto3.dynamodb.conditions import Attr, Contains, Key, Or, Size
from boto3.exceptions import DynamoDBNeedsKeyConditionError
from botocore.exceptions import ClientError

PEOPLE = [
    {"team": "red", "number": 1, "name": "Ann", "score": Decimal("1.5"), "tags": {"new"}},
    {"team": "red", "number": 2, "name": "Ben", "score": 10, "tags": {"new", "fast"}},
    {"team": "red", "number": 3, "name": "Cleo", "score": -3, "extra": None},
    {"team": "red", "number": 4, "name": "Ann-Lu", "home": {"city": "Bern", "rooms": [3, 5]}},
    {"team": "red", "number": 5, "score": 10, "flag": True, "data": b"\x00\x01", "size": 2},
    {"team": "red", "number": 6, "name": "", "score": 100, "ids": {1, 2}, "list": ["x", 1]},
    {"team": "blue", "number": 1, "name": "Dan", "score": 7},
]


@pytest.fixture
def people(dynamodb_resource):
    table = dynamodb_resource.create_table(
        TableName="people",
        KeySchema=[
            {"AttributeName": "team", "KeyType": "HASH"},
            {"AttributeName": "number", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "team", "AttributeType": "S"},
            {"AttributeName": "number", "AttributeType": "N"},
            {"AttributeName": "name", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
        LocalSecondaryIndexes=[
            {
                "IndexName": "by-name",
                "KeySchema": [
                    {"AttributeName": "team", "KeyType": "HASH"},
                    {"AttributeName": "name", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    with table.batch_writer() as batch:
        for person in PEOPLE:
            # An empty text is no key of an index.
            batch.put_item(Item={k: v for k, v in person.items() if v != ""})
    return table


#: boto3's condition, the same by hand with its names and values, the numbers of who meets it.
KEY_CONDITIONS = [
    (Key("number").eq(2), "#n = :a", (2,), [2]),
    (Key("number").lt(3), "#n < :a", (3,), [1, 2]),
    (Key("number").lte(3), "#n <= :a", (3,), [1, 2, 3]),
    (Key("number").gt(4), "#n > :a", (4,), [5, 6]),
    (Key("number").gte(4), "#n >= :a", (4,), [4, 5, 6]),
    (Key("number").between(2, 4), "#n BETWEEN :a AND :b", (2, 4), [2, 3, 4]),
]


@pytest.mark.parametrize(("built", "by_hand", "values", "expected"), KEY_CONDITIONS)
@pytest.mark.parametrize("forward", [True, False])
def test_key_conditions(people, built, by_hand, values, expected, forward):
    expected = expected if forward else expected[::-1]
    response = people.query(
        KeyConditionExpression=Key("team").eq("red") & built, ScanIndexForward=forward
    )
    assert [item["number"] for item in response["Items"]] == expected
    response = people.query(
        KeyConditionExpression=f"team = :team AND {by_hand}",
        ExpressionAttributeNames={"#n": "number"},
        ExpressionAttributeValues={
            ":team": "red",
            **dict(zip((":a", ":b"), values, strict=False)),
        },
        ScanIndexForward=forward,
    )
    assert [item["number"] for item in response["Items"]] == expected


def test_key_conditions_stand_in_any_order(people):
    response = people.query(KeyConditionExpression=Key("number").eq(2) & Key("team").eq("red"))
    assert response["Count"] == 1


def test_begins_with_on_an_index(people):
    response = people.query(
        IndexName="by-name",
        KeyConditionExpression=Key("team").eq("red") & Key("name").begins_with("Ann"),
    )
    assert [item["name"] for item in response["Items"]] == ["Ann", "Ann-Lu"]


def test_what_a_key_condition_cannot_say(people):
    for condition in (
        Key("team").eq("red") | Key("number").eq(1),
        Key("number").eq(1),
        Key("team").begins_with("r"),
        Key("team").eq("red") & Key("number").begins_with("1"),
    ):
        with pytest.raises(ClientError, match="ValidationException"):
            people.query(KeyConditionExpression=condition)
    with pytest.raises(DynamoDBNeedsKeyConditionError):
        people.query(KeyConditionExpression=Key("team").eq("red") & Attr("number").eq(1))


#: boto3's condition, the same by hand, its values, the numbers of who meets it.
FILTERS = [
    (Attr("score").eq(10), "score = :a", [10], [2, 5]),
    (Attr("score").ne(10), "score <> :a", [10], [1, 3, 4, 6]),
    (Attr("score").lt(10), "score < :a", [10], [1, 3]),
    (Attr("score").lte(10), "score <= :a", [10], [1, 2, 3, 5]),
    (Attr("score").gt(Decimal("1.5")), "score > :a", [Decimal("1.5")], [2, 5, 6]),
    (Attr("score").gte(Decimal("1.5")), "score >= :a", [Decimal("1.5")], [1, 2, 5, 6]),
    (Attr("score").between(-3, 10), "score BETWEEN :a AND :b", [-3, 10], [1, 2, 3, 5]),
    (Attr("score").is_in([10, 100, "x"]), "score IN (:a, :b, :c)", [10, 100, "x"], [2, 5, 6]),
    (Attr("name").begins_with("Ann"), "begins_with(#name, :a)", ["Ann"], [1, 4]),
    (Attr("name").contains("e"), "contains(#name, :a)", ["e"], [2, 3]),
    (Attr("tags").contains("fast"), "contains(tags, :a)", ["fast"], [2]),
    (Attr("ids").contains(2), "contains(ids, :a)", [2], [6]),
    (Attr("list").contains("x"), "contains(#list, :a)", ["x"], [6]),
    (Attr("data").contains(b"\x01"), "contains(#data, :a)", [b"\x01"], [5]),
    (Attr("name").exists(), "attribute_exists(#name)", [], [1, 2, 3, 4]),
    (Attr("name").not_exists(), "attribute_not_exists(#name)", [], [5, 6]),
    (Attr("extra").attribute_type("NULL"), "attribute_type(extra, :a)", ["NULL"], [3]),
    (Attr("flag").attribute_type("BOOL"), "attribute_type(flag, :a)", ["BOOL"], [5]),
    (Attr("tags").attribute_type("SS"), "attribute_type(tags, :a)", ["SS"], [1, 2]),
    (Attr("name").size().gt(4), "size(#name) > :a", [4], [4]),
    (Attr("name").size().eq(3), "size(#name) = :a", [3], [1, 2]),
    (Attr("tags").size().between(2, 9), "size(tags) BETWEEN :a AND :b", [2, 9], [2]),
    (Attr("home.rooms").size().lte(2), "size(home.rooms) <= :a", [2], [4]),
    (Attr("home.city").eq("Bern"), "home.city = :a", ["Bern"], [4]),
    (Attr("home.rooms[1]").gt(4), "home.rooms[1] > :a", [4], [4]),
    (Attr("home").eq({"city": "Bern", "rooms": [3, 5]}), "home = :a", [
        {"rooms": [3, 5], "city": "Bern"}
    ], [4]),
    (Attr("tags").eq({"fast", "new"}), "tags = :a", [{"new", "fast"}], [2]),
    (Attr("flag").eq(value=True), "flag = :a", [True], [5]),
    (Attr("extra").eq(None), "extra = :a", [None], [3]),
    (Attr("data").eq(b"\x00\x01"), "#data = :a", [b"\x00\x01"], [5]),
    (
        Attr("score").eq(10) & Attr("name").exists(),
        "score = :a AND attribute_exists(#name)",
        [10],
        [2],
    ),
    (
        Attr("score").eq(100) | Attr("name").begins_with("C"),
        "score = :a OR begins_with(#name, :b)",
        [100, "C"],
        [3, 6],
    ),
    (~Attr("score").gt(0), "NOT score > :a", [0], [3, 4]),
    (
        ~(Attr("score").eq(10) | Attr("score").eq(100)) & Attr("score").exists(),
        "NOT (score = :a OR score = :b) AND attribute_exists(score)",
        [10, 100],
        [1, 3],
    ),
    (
        Attr("number").lt(3) | (Attr("score").eq(10) & ~Attr("name").exists()),
        "#number < :a OR score = :b AND NOT attribute_exists(#name)",
        [3, 10],
        [1, 2, 5],
    ),
    (Contains(Attr("name"), "nn"), "contains(#name, :a)", ["nn"], [1, 4]),
    (Or(Size(Attr("ids")).eq(2), Attr("size").eq(2)), "size(ids) = :a OR #size = :a", [2], [5, 6]),
]  # fmt: skip
NAMES = {f"#{name}": name for name in ("name", "list", "data", "number", "size")}


def by_hand_parameters(text, values):
    parameters = {"FilterExpression": text}
    if values:
        named = zip((":a", ":b", ":c"), values, strict=False)
        parameters["ExpressionAttributeValues"] = dict(named)
    if names := {name: meant for name, meant in NAMES.items() if name in text}:
        parameters["ExpressionAttributeNames"] = names
    return parameters


def numbers_of(response):
    return sorted(item["number"] for item in response["Items"] if item["team"] == "red")


def deletes(people, number, **condition):
    try:
        people.delete_item(Key={"team": "red", "number": number}, **condition)
    except people.meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@pytest.mark.parametrize(("built", "by_hand", "values", "expected"), FILTERS)
class TestAttr:
    def test_filters(self, people, built, by_hand, values, expected):
        # number is a key of this table, which a query's filter may not name; a scan's may.
        assert numbers_of(people.scan(FilterExpression=built)) == expected
        assert numbers_of(people.scan(**by_hand_parameters(by_hand, values))) == expected

    def test_conditions(self, people, built, by_hand, values, expected):
        """A write goes through exactly where the filter finds the item."""
        by_hand_condition = by_hand_parameters(by_hand, values)
        by_hand_condition["ConditionExpression"] = by_hand_condition.pop("FilterExpression")
        gone = [
            number
            for number in range(1, 7)
            if deletes(people, number, ConditionExpression=built)
            or deletes(people, number, **by_hand_condition)
        ]
        assert gone == expected
        assert people.scan(Select="COUNT")["Count"] == len(PEOPLE) - len(expected)


def test_every_operator_of_boto3_is_above():
    written = {type(built).__name__ for built, *_ in FILTERS + KEY_CONDITIONS}
    nested = {"Size", "BeginsWith", "Equals", "LessThan"}
    assert written | nested >= {
        "And", "AttributeExists", "AttributeNotExists", "AttributeType", "BeginsWith", "Between",
        "Contains", "Equals", "GreaterThan", "GreaterThanEquals", "In", "LessThan",
        "LessThanEquals", "Not", "NotEquals", "Or", "Size",
    }  # fmt: skip


def test_projections_and_conditions_share_names(people):
    response = people.query(
        KeyConditionExpression=Key("team").eq("red"),
        FilterExpression=Attr("name").exists(),
        ProjectionExpression="#team, #name",
        # boto3 adds names of its own to these.
        ExpressionAttributeNames={"#name": "name", "#team": "team"},
    )
    assert response["Items"][0] == {"team": "red", "name": "Ann"}


def test_a_condition_object_in_every_write(people):
    exceptions = people.meta.client.exceptions
    key = {"team": "red", "number": 1}
    people.put_item(Item={**key, "v": 1}, ConditionExpression=Attr("v").not_exists())
    people.update_item(
        Key=key,
        UpdateExpression="SET v = v + :one",
        ConditionExpression=Attr("v").eq(1),
        ExpressionAttributeValues={":one": 1},
    )
    with pytest.raises(exceptions.ConditionalCheckFailedException):
        people.delete_item(Key=key, ConditionExpression=Attr("v").ne(2))
    people.delete_item(Key=key, ConditionExpression=Attr("v").eq(2))
    people.meta.client.transact_write_items(
        TransactItems=[{"Put": {"TableName": "people", "Item": key}}]
    )
    assert people.get_item(Key=key)["Item"] == key
