"""A task tracker in one table: profile, tasks, tasks by status, a lock by version."""

from __future__ import annotations

import pytest

TABLE = "TaskApp"


def typed(**attributes):
    return {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in attributes.items()
    }


def task_key(task_id):
    return typed(PK="USER#u123", SK=f"TASK#{task_id}")


def task(task_id, title, status, due):
    return {
        **task_key(task_id),
        **typed(TaskId=task_id, Title=title, Status=status, DueDate=due, Version=1),
    }


@pytest.fixture
def client(dynamodb_client):
    """The table with its index, a profile and two tasks that are not in the index yet."""
    dynamodb_client.create_table(
        TableName=TABLE,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("PK", "SK", "GSI1PK", "GSI1SK")
        ],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "GSI1",
                "KeySchema": [
                    {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                    {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb_client.get_waiter("table_exists").wait(TableName=TABLE)
    for item in (
        typed(PK="USER#u123", SK="PROFILE", UserId="u123", Email="u123@example.com"),
        task("t001", "Write DynamoDB key design", "OPEN", "2026-05-01"),
        task("t002", "Add GSI for status queries", "IN_PROGRESS", "2026-05-03"),
    ):
        dynamodb_client.put_item(TableName=TABLE, Item=item)
    return dynamodb_client


def index_task(client, task_id, status, due):
    client.update_item(
        TableName=TABLE,
        Key=task_key(task_id),
        UpdateExpression="SET GSI1PK = :p, GSI1SK = :s",
        ExpressionAttributeValues={
            ":p": {"S": f"STATUS#{status}"},
            ":s": {"S": f"DUE#{due}#USER#u123#TASK#{task_id}"},
        },
    )


def tasks_with_status(client, status):
    response = client.query(
        TableName=TABLE,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": f"STATUS#{status}"}},
    )
    return [item["TaskId"]["S"] for item in response["Items"]]


def test_the_table_is_active_with_its_index(client):
    table = client.describe_table(TableName=TABLE)["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert [index["IndexStatus"] for index in table["GlobalSecondaryIndexes"]] == ["ACTIVE"]


def test_the_profile_is_there(client):
    response = client.get_item(TableName=TABLE, Key=typed(PK="USER#u123", SK="PROFILE"))
    assert response["Item"]["Email"] == {"S": "u123@example.com"}


def test_all_tasks_of_a_user(client):
    response = client.query(
        TableName=TABLE,
        KeyConditionExpression="PK = :pk AND begins_with(SK, :skprefix)",
        ExpressionAttributeValues=typed(**{":pk": "USER#u123", ":skprefix": "TASK#"}),
        ProjectionExpression="PK, SK, TaskId, Title, #S, DueDate, Version",
        ExpressionAttributeNames={"#S": "Status"},
    )
    assert response["Items"] == [
        task("t001", "Write DynamoDB key design", "OPEN", "2026-05-01"),
        task("t002", "Add GSI for status queries", "IN_PROGRESS", "2026-05-03"),
    ]


def test_tasks_appear_in_the_index_with_its_keys(client):
    assert tasks_with_status(client, "OPEN") == []
    index_task(client, "t001", "OPEN", "2026-05-01")
    index_task(client, "t002", "IN_PROGRESS", "2026-05-03")
    assert tasks_with_status(client, "OPEN") == ["t001"]
    index_task(client, "t001", "IN_PROGRESS", "2026-05-01")
    assert tasks_with_status(client, "OPEN") == []
    assert tasks_with_status(client, "IN_PROGRESS") == ["t001", "t002"]


def test_a_task_is_moved_on_by_version(client):
    def move(status, expected):
        client.update_item(
            TableName=TABLE,
            Key=task_key("t001"),
            UpdateExpression="SET #S = :newStatus, Version = Version + :inc",
            ConditionExpression="Version = :expected",
            ExpressionAttributeNames={"#S": "Status"},
            ExpressionAttributeValues=typed(
                **{":newStatus": status, ":inc": 1, ":expected": expected}
            ),
        )

    move("IN_PROGRESS", 1)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        move("DONE", 1)
    item = client.get_item(TableName=TABLE, Key=task_key("t001"))["Item"]
    assert (item["Status"], item["Version"]) == ({"S": "IN_PROGRESS"}, {"N": "2"})


def test_a_cleaned_up_lab_leaves_nothing(client):
    client.delete_table(TableName=TABLE)
    client.get_waiter("table_not_exists").wait(TableName=TABLE)
    assert client.list_tables()["TableNames"] == []
