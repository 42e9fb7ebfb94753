"""boto3's resource and Table: plain Python values, condition objects, batch_writer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary

FILMS: list[dict[str, Any]] = [
    {"director": "Varda", "year": 1962, "title": "Cléo", "stars": Decimal("4.5"), "genre": "drama"},
    {"director": "Varda", "year": 1985, "title": "Vagabond", "stars": 4, "genre": "drama"},
    {"director": "Varda", "year": 2000, "title": "The Gleaners", "stars": 5, "genre": "essay"},
    {"director": "Tati", "year": 1967, "title": "Playtime", "stars": 5, "genre": "comedy"},
    {"director": "Tati", "year": 1958, "title": "Mon Oncle", "genre": "comedy", "tags": {"paris"}},
]


@pytest.fixture
def films(dynamodb_resource):
    table = dynamodb_resource.create_table(
        TableName="films",
        KeySchema=[
            {"AttributeName": "director", "KeyType": "HASH"},
            {"AttributeName": "year", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "director", "AttributeType": "S"},
            {"AttributeName": "year", "AttributeType": "N"},
            {"AttributeName": "genre", "AttributeType": "S"},
            {"AttributeName": "stars", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-genre",
                "KeySchema": [
                    {"AttributeName": "genre", "KeyType": "HASH"},
                    {"AttributeName": "stars", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
            }
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "by-stars",
                "KeySchema": [
                    {"AttributeName": "director", "KeyType": "HASH"},
                    {"AttributeName": "stars", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    with table.batch_writer() as batch:
        for film in FILMS:
            batch.put_item(Item=film)
    return table


def titles(response):
    return [item["title"] for item in response["Items"]]


def test_python_values_come_back(films):
    item = {
        "director": "Ozu",
        "year": 1953,
        "title": "Tokyo Story",
        "length": Decimal("136.0"),
        "poster": b"\x89PNG",
        "cast": ["Ryu", "Hara", {"minor": True}],
        "words": {"ja", "en"},
        "scores": {1, Decimal("2.5")},
        "nothing": None,
    }
    films.put_item(Item=item)
    stored = films.get_item(Key={"director": "Ozu", "year": 1953})["Item"]
    assert stored == item
    assert isinstance(stored["poster"], Binary)
    assert isinstance(stored["year"], Decimal)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Key("year").eq(1985), ["Vagabond"]),
        (Key("year").lt(1985), ["Cléo"]),
        (Key("year").lte(1985), ["Cléo", "Vagabond"]),
        (Key("year").gt(1985), ["The Gleaners"]),
        (Key("year").between(1962, 1985), ["Cléo", "Vagabond"]),
    ],
)
def test_key_conditions(films, condition, expected):
    response = films.query(KeyConditionExpression=Key("director").eq("Varda") & condition)
    assert titles(response) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Attr("stars").exists(), {"Cléo", "Vagabond", "The Gleaners", "Playtime"}),
        (Attr("stars").not_exists(), {"Mon Oncle"}),
        (Attr("stars").gte(5) & Attr("genre").eq("essay"), {"The Gleaners"}),
        (
            Attr("genre").eq("essay") | Attr("title").begins_with("Mon"),
            {"The Gleaners", "Mon Oncle"},
        ),
        (~Attr("genre").is_in(["drama", "essay"]), {"Playtime", "Mon Oncle"}),
        (Attr("title").contains("o") & Attr("genre").ne("comedy"), {"Cléo", "Vagabond"}),
        (Attr("tags").contains("paris"), {"Mon Oncle"}),
        (Attr("title").size().gt(8), {"The Gleaners", "Mon Oncle"}),
        (Attr("stars").attribute_type("N") & Attr("stars").between(4, 4), {"Vagabond"}),
    ],
)
def test_filters(films, condition, expected):
    response = films.scan(FilterExpression=condition)
    assert set(titles(response)) == expected
    assert response["ScannedCount"] == len(FILMS)


def test_a_global_index_is_sparse_and_projected(films):
    response = films.query(
        IndexName="by-genre",
        KeyConditionExpression=Key("genre").eq("comedy"),
        ScanIndexForward=False,
    )
    assert response["Items"] == [
        {"director": "Tati", "year": 1967, "genre": "comedy", "stars": 5, "title": "Playtime"}
    ]


def test_a_local_index_orders_by_its_own_key(films):
    response = films.query(
        IndexName="by-stars",
        KeyConditionExpression=Key("director").eq("Varda"),
        ConsistentRead=True,
        ScanIndexForward=False,
    )
    assert titles(response) == ["The Gleaners", "Cléo", "Vagabond"]


def test_a_projection_takes_names_and_paths(films):
    films.update_item(
        Key={"director": "Tati", "year": 1967},
        UpdateExpression="SET crew = :crew",
        ExpressionAttributeValues={":crew": {"camera": ["Badal", "Winding"], "sound": ["Tati"]}},
    )
    response = films.get_item(
        Key={"director": "Tati", "year": 1967},
        ProjectionExpression="title, crew.camera[1], #y",
        ExpressionAttributeNames={"#y": "year"},
    )
    assert response["Item"] == {"title": "Playtime", "year": 1967, "crew": {"camera": ["Winding"]}}


def test_every_clause_of_an_update_at_once(films):
    key = {"director": "Tati", "year": 1958}
    response = films.update_item(
        Key=key,
        UpdateExpression=(
            "SET title = :title REMOVE genre ADD stars :four, tags :more DELETE gone :x"
        ),
        ExpressionAttributeValues={
            ":title": "My Uncle",
            ":four": 4,
            ":more": {"oscar"},
            ":x": {"y"},
        },
        ReturnValues="ALL_NEW",
    )
    assert response["Attributes"] == {
        **key,
        "title": "My Uncle",
        "stars": 4,
        "tags": {"paris", "oscar"},
    }


def test_a_conditional_delete_returns_the_old_item(films):
    key = {"director": "Tati", "year": 1967}
    exceptions = films.meta.client.exceptions
    with pytest.raises(exceptions.ConditionalCheckFailedException):
        films.delete_item(Key=key, ConditionExpression=Attr("stars").lt(5))
    response = films.delete_item(
        Key=key, ConditionExpression=Attr("stars").eq(5), ReturnValues="ALL_OLD"
    )
    assert response["Attributes"]["title"] == "Playtime"
    assert "Item" not in films.get_item(Key=key)


def test_batch_writer_deletes_and_keeps_the_last_of_equal_keys(films):
    with films.batch_writer(overwrite_by_pkeys=["director", "year"]) as batch:
        for film in FILMS:
            batch.delete_item(Key={"director": film["director"], "year": film["year"]})
        for number in range(60):
            batch.put_item(Item={"director": "Akerman", "year": 1975, "title": f"cut {number}"})
    assert films.scan()["Items"] == [{"director": "Akerman", "year": 1975, "title": "cut 59"}]


def test_pages_by_hand(films):
    seen = []
    parameters = {"Limit": 2}
    while True:
        response = films.scan(**parameters)
        seen += titles(response)
        if "LastEvaluatedKey" not in response:
            break
        parameters["ExclusiveStartKey"] = response["LastEvaluatedKey"]
    assert sorted(seen) == sorted(film["title"] for film in FILMS)


def test_table_attributes_and_collections(films, dynamodb_resource):
    assert films.table_status == "ACTIVE"
    assert films.table_arn == "arn:aws:dynamodb:us-east-1:123456789012:table/films"
    assert films.attribute_definitions[0]["AttributeName"] == "director"
    assert [table.name for table in dynamodb_resource.tables.all()] == ["films"]
    films.delete()
    films.wait_until_not_exists()
    assert list(dynamodb_resource.tables.all()) == []


def test_floats_are_boto3_s_to_refuse(films):
    with pytest.raises(TypeError, match="Float types are not supported"):
        films.put_item(Item={"director": "Ozu", "year": 1949, "stars": 4.5})


def test_a_session_of_one_s_own_sees_the_same_world(films):
    session = boto3.Session(
        aws_access_key_id="someone", aws_secret_access_key="else", region_name="us-east-1"
    )
    assert session.resource("dynamodb").Table("films").scan(Select="COUNT")["Count"] == len(FILMS)
