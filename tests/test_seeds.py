"""Programs from published DynamoDB guides run unchanged under the mock.

Every fenced Python block of a guide has its test here. Many are whole programs; the rest is treated
as what it is:

- 000/0 gives plain Python values to something called `dynamodb`: right for the client of a boto3
  resource, refused by a plain client (boto3's own validation), impossible on a resource.
- 001/4 also stores a file in S3, which is not ours: a stand-in takes that call.
- 003/0 to 003/4 are fragments that only name an expression: each is used in the call it is for.
  003/1 names the reserved word `Status`, which the service refuses.
- 003/10 uses `ClientError` without importing it: the test brings it.
"""

from __future__ import annotations

import ast
import json
import re
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError, ParamValidationError

from ddbmock import mock_dynamodb
from tests import guides

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
PROGRAMS = {"000": 8, "001": 5, "002": 0, "003": 11, "004": 0}

if guides.MISSING:
    pytest.skip(guides.MISSING, allow_module_level=True)


def source(guide: str, ordinal: int) -> str:
    """One Python block of a guide, as it stands there."""
    blocks: list[str] = BLOCK.findall(guides.text_of(guide))
    return blocks[ordinal]


def run(guide: str, ordinal: int, **names: Any) -> dict[str, Any]:
    """Runs a block unchanged, with what the text around it takes as given; returns its names."""
    namespace = {"__name__": "__main__", **names}
    exec(compile(source(guide, ordinal), f"{guide}/{ordinal}", "exec"), namespace)
    return namespace


def assigned(guide: str, ordinal: int) -> list[tuple[str, Any]]:
    """The literals a fragment gives to names, in order."""
    return [
        (statement.targets[0].id, ast.literal_eval(statement.value))
        for statement in ast.parse(source(guide, ordinal)).body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    ]


def keys(*names: str) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]


def create(name: str, *key: str, types: dict[str, str] | None = None, **indexes: Any) -> Any:
    """A table with string keys (other types by name) and its global indexes by name."""
    attributes = dict.fromkeys([*key, *(name for index in indexes.values() for name in index)], "S")
    return boto3.resource("dynamodb").create_table(
        TableName=name,
        KeySchema=keys(*key),
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": type_name}
            for attribute, type_name in (attributes | (types or {})).items()
        ],
        BillingMode="PAY_PER_REQUEST",
        **(
            {
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": index,
                        "KeySchema": keys(*names),
                        "Projection": {"ProjectionType": "ALL"},
                    }
                    for index, names in indexes.items()
                ]
            }
            if indexes
            else {}
        ),
    )


def put_all(table: Any, *items: dict[str, Any]) -> None:
    for item in items:
        table.put_item(Item=item)


@pytest.fixture(autouse=True)
def backend() -> Iterator[None]:
    with mock_dynamodb():
        yield


@pytest.fixture
def my_table() -> Any:
    return create("MyTable", "PK", "SK", GSI1=("GSI1PK", "GSI1SK"))


@pytest.mark.parametrize("guide", PROGRAMS)
def test_every_python_block_of_a_guide_is_counted(guide: str) -> None:
    assert len(BLOCK.findall(guides.text_of(guide))) == PROGRAMS[guide]


# Guide 000


@pytest.fixture
def accounts() -> Any:
    table = create("Accounts", "AccountId")
    put_all(
        table,
        {"AccountId": "account1", "Balance": 500},
        {"AccountId": "account2", "Balance": 20},
    )
    return table


def balances(table: Any) -> dict[str, Any]:
    (key,) = (element["AttributeName"] for element in table.key_schema)
    return {item[key]: item["Balance"] for item in table.scan()["Items"]}


def test_000_0_a_transfer_through_the_client_of_a_resource(accounts: Any) -> None:
    run("000", 0, dynamodb=boto3.resource("dynamodb").meta.client)
    assert balances(accounts) == {"account1": 400, "account2": 120}


def test_000_0_a_plain_client_refuses_plain_values(accounts: Any) -> None:
    with pytest.raises(ParamValidationError, match="Invalid type for parameter TransactItems"):
        run("000", 0, dynamodb=boto3.client("dynamodb"))
    assert balances(accounts) == {"account1": 500, "account2": 20}


def test_000_0_a_resource_has_no_such_method(accounts: Any) -> None:
    with pytest.raises(AttributeError, match="transact_write_items"):
        run("000", 0, dynamodb=boto3.resource("dynamodb"))
    assert balances(accounts) == {"account1": 500, "account2": 20}


def throttled() -> ClientError:
    response = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow down"}}
    return ClientError(response, "PutItem")


def test_000_1_backoff_retries_throttling(accounts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[int] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    retry_with_backoff = run("000", 1)["retry_with_backoff"]
    put = mock.Mock(side_effect=[throttled(), throttled(), mock.DEFAULT], wraps=accounts.put_item)
    response = retry_with_backoff(lambda: put(Item={"AccountId": "account3", "Balance": 1}))
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert balances(accounts)["account3"] == 1
    assert naps == [1, 2]
    with pytest.raises(Exception, match="Max retries exceeded"):
        retry_with_backoff(mock.Mock(side_effect=throttled()))


def test_000_1_backoff_passes_other_errors_on(
    accounts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", mock.Mock(side_effect=AssertionError))
    retry_with_backoff = run("000", 1)["retry_with_backoff"]
    with pytest.raises(ClientError, match="The conditional request failed"):
        retry_with_backoff(
            lambda: accounts.put_item(
                Item={"AccountId": "account1"}, ConditionExpression="attribute_not_exists(Balance)"
            )
        )


def test_000_2_a_local_endpoint_reaches_the_mock() -> None:
    create("my-table", "id")
    table = run("000", 2)["table"]
    table.put_item(Item={"id": "a"})
    assert boto3.resource("dynamodb").Table("my-table").scan()["Items"] == [{"id": "a"}]


@pytest.mark.parametrize("ordinal", [3, 4])
def test_000_3_and_4_a_table_is_created(ordinal: int) -> None:
    table = run("000", ordinal)["table"]
    assert table.table_status == "ACTIVE"
    assert table.key_schema == [{"AttributeName": "UserId", "KeyType": "HASH"}]
    assert table.billing_mode_summary["BillingMode"] == "PAY_PER_REQUEST"
    client = boto3.client("dynamodb", region_name="us-east-1")
    assert client.list_tables()["TableNames"] == ["Users"]


def test_000_5_every_way_to_connect_reaches_the_mock() -> None:
    create("Users", "UserId")
    names = run("000", 5)
    assert [table.name for table in names["dynamodb"].tables.all()] == ["Users"]


@pytest.mark.parametrize("environment", ["local", "production"])
def test_000_6_every_environment_reaches_the_mock(
    environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    create("Users", "UserId")
    names = run("000", 6)
    assert [table.name for table in names["dynamodb"].tables.all()] == ["Users"]


def test_000_7_exported_data_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"UserId": {"S": f"u{number:02}"}, "Age": {"N": str(number)}} for number in range(60)]
    (tmp_path / "local-data.json").write_text(json.dumps({"Items": items, "Count": 60}))
    monkeypatch.chdir(tmp_path)
    table = create("Users", "UserId")
    run("000", 7)
    stored = table.scan()["Items"]
    assert sorted(item["UserId"] for item in stored) == [item["UserId"]["S"] for item in items]
    assert sum(item["Age"] for item in stored) == sum(range(60))


# Guide 001


def test_001_0_optimistic_locking() -> None:
    table = create("Users", "UserID")
    table.put_item(Item={"UserID": "user123", "Balance": 100, "Version": 5})
    item = run("001", 0, table=table)["Item"]
    assert item == {"UserID": "user123", "Balance": 100, "Version": 5}
    changed = {"UserID": "user123", "Balance": 150, "Version": 6}
    assert table.scan()["Items"] == [changed]
    with pytest.raises(table.meta.client.exceptions.ConditionalCheckFailedException):
        run("001", 0, table=table)
    assert table.scan()["Items"] == [changed]


def test_001_1_a_batch_writer_writes_all() -> None:
    table = create("Users", "UserID")
    items = [{"UserID": f"user{number}"} for number in range(57)]
    run("001", 1, table=table, items=items)
    assert table.scan(Select="COUNT")["Count"] == 57


@pytest.fixture
def products() -> Any:
    table = create(
        "Products", "ProductID", types={"Price": "N"}, CategoryIndex=("Category", "Price")
    )
    put_all(
        table,
        {"ProductID": "PROD-003", "Category": "Electronics", "Price": Decimal("499.99")},
        {"ProductID": "PROD-002", "Category": "Books", "Price": Decimal("19.99")},
        {"ProductID": "PROD-001", "Category": "Electronics", "Price": Decimal("299.99")},
    )
    return table


def test_001_2_a_scan_filters_what_it_reads(products: Any) -> None:
    response = run("001", 2, table=products)["response"]
    assert {item["ProductID"] for item in response["Items"]} == {"PROD-001", "PROD-003"}
    assert (response["Count"], response["ScannedCount"]) == (2, 3)


def test_001_3_a_query_uses_the_index(products: Any) -> None:
    response = run("001", 3, table=products)["response"]
    assert [item["ProductID"] for item in response["Items"]] == ["PROD-001", "PROD-003"]
    assert (response["Count"], response["ScannedCount"]) == (2, 2)


def test_001_4_a_reference_to_a_file_is_stored() -> None:
    table = create("Users", "UserID")
    s3 = mock.Mock()
    run("001", 4, table=table, s3=s3, image_data=b"...")
    s3.put_object.assert_called_once()
    (item,) = table.scan()["Items"]
    assert item["ProfileImageURL"] == "s3://my-bucket/user123/profile.jpg"


# Guide 003


@pytest.fixture
def orders() -> Any:
    table = create("Orders", "UserID", "OrderDate")
    put_all(
        table,
        *(
            {
                "UserID": "user123",
                "OrderDate": f"2024-{month:02}-15",
                "Status": "Shipped" if month % 2 else "Delivered",
                "Amount": month * 10,
                "Name": f"Order {month}",
                "Email": "john@example.com",
            }
            for month in range(1, 13)
        ),
    )
    return table


def test_003_0_a_key_condition_with_bounds(orders: Any) -> None:
    ((_, condition),) = assigned("003", 0)
    values = {":uid": "user123", ":start": "2024-03-01", ":end": "2024-05-15"}
    response = orders.query(KeyConditionExpression=condition, ExpressionAttributeValues=values)
    assert [item["Amount"] for item in response["Items"]] == [30, 40, 50]


def test_003_1_a_filter_that_names_a_reserved_word_is_refused(orders: Any) -> None:
    ((_, expression),) = assigned("003", 1)
    with pytest.raises(ClientError) as refused:
        orders.scan(
            FilterExpression=expression,
            ExpressionAttributeValues={":status": "Shipped", ":amount": 50},
        )
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Invalid FilterExpression: Attribute name is a reserved keyword; "
        "reserved keyword: Status",
    }
    response = orders.scan(
        FilterExpression=expression.replace("Status", "#s", 1),
        ExpressionAttributeNames={"#s": "Status"},
        ExpressionAttributeValues={":status": "Shipped", ":amount": 50},
    )
    assert sorted(item["Amount"] for item in response["Items"]) == [70, 90, 110]
    assert response["ScannedCount"] == 12


def test_003_2_a_projection_with_a_name(orders: Any) -> None:
    (_, expression), (_, names) = assigned("003", 2)
    response = orders.query(
        KeyConditionExpression=Key("UserID").eq("user123"),
        ProjectionExpression=expression,
        ExpressionAttributeNames=names,
        Limit=1,
    )
    assert response["Items"] == [
        {"UserID": "user123", "Name": "Order 1", "Email": "john@example.com"}
    ]


def test_003_3_each_kind_of_update() -> None:
    table = create("Users", "UserID")
    key = {"UserID": "user123"}
    table.put_item(
        Item={**key, "Name": "John", "Age": 30, "OldAttribute": "x", "Tags": {"red", "blue"}}
    )
    parameters: list[dict[str, Any]] = [
        {
            "ExpressionAttributeNames": {"#n": "Name"},
            "ExpressionAttributeValues": {":name": "Jane", ":inc": 1},
        },
        {},
        {"ExpressionAttributeValues": {":inc": 1, ":newTags": {"green"}}},
        {"ExpressionAttributeValues": {":tagsToRemove": {"red", "absent"}}},
    ]
    for (_, expression), given in zip(assigned("003", 3), parameters, strict=True):
        table.update_item(Key=key, UpdateExpression=expression, **given)
    assert table.get_item(Key=key)["Item"] == {
        **key,
        "Name": "Jane",
        "Age": 31,
        "ViewCount": 1,
        "Tags": {"blue", "green"},
    }


def test_003_4_a_condition_on_a_version() -> None:
    table = create("Users", "UserID")
    table.put_item(Item={"UserID": "user123", "Version": 1})
    ((_, condition),) = assigned("003", 4)

    def update(expected: int) -> None:
        table.update_item(
            Key={"UserID": "user123"},
            UpdateExpression="ADD Version :one",
            ConditionExpression=condition,
            ExpressionAttributeValues={":one": 1, ":expected": expected},
        )

    update(1)
    with pytest.raises(table.meta.client.exceptions.ConditionalCheckFailedException):
        update(1)
    assert table.scan()["Items"] == [{"UserID": "user123", "Version": 2}]


def test_003_5_both_updates_succeed_or_both_fail() -> None:
    table = create("Accounts", "AccountID")
    put_all(table, {"AccountID": "A", "Balance": 150}, {"AccountID": "B", "Balance": 0})
    client = boto3.client("dynamodb")
    run("003", 5, client=client)
    assert balances(table) == {"A": 50, "B": 100}
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        run("003", 5, client=client)
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["ConditionalCheckFailed", "None"]
    assert balances(table) == {"A": 50, "B": 100}


def test_003_6_put_get_update_delete(my_table: Any) -> None:
    names = run("003", 6)
    assert names["item"] == {
        "PK": "USER#user001",
        "SK": "PROFILE",
        "Name": "John Doe",
        "Email": "john@example.com",
        "Age": 30,
    }
    assert names["response"]["Item"] == names["item"]
    assert my_table.scan()["Items"] == []


def test_003_7_queries_and_pages(my_table: Any) -> None:
    orders = [
        {
            "PK": "USER#user001",
            "SK": f"ORDER#{number:03}",
            "Status": "Active" if number % 2 else "Closed",
            "GSI1PK": "STATUS#Active" if number % 2 else "STATUS#Closed",
            "GSI1SK": f"{number:03}",
            "Name": f"Order {number}",
        }
        for number in range(35)
    ]
    put_all(my_table, *orders, {"PK": "USER#user001", "SK": "PROFILE", "Name": "John"})
    queries = mock.Mock(wraps=my_table.query)
    table = mock.Mock(query=queries)
    names = run("003", 7, table=table, Key=Key, Attr=Attr)
    responses = [my_table.query(**call.kwargs) for call in queries.call_args_list]
    assert [response["Count"] for response in responses] == [36, 35, 17, 36, 17, 10, 10, 10, 6]
    assert responses[2]["ScannedCount"] == 36
    assert responses[3]["Items"][0] == {"PK": "USER#user001", "SK": "ORDER#000", "Name": "Order 0"}
    assert names["items"][:-1] == orders
    assert names["items"][-1]["SK"] == "PROFILE"


def test_003_8_batches(my_table: Any) -> None:
    names = run("003", 8, table=my_table, dynamodb=boto3.resource("dynamodb"))
    assert my_table.scan(Select="COUNT")["Count"] == 100
    assert sorted(item["Name"] for item in names["items"]) == ["User 1", "User 2", "User 3"]


def test_003_9_transactions(my_table: Any) -> None:
    my_table.put_item(Item={"PK": "USER#user001", "SK": "PROFILE", "OrderCount": 2})
    names = run("003", 9, boto3=boto3)
    assert names["response"]["Responses"] == [
        {"Item": {"PK": {"S": "USER#user001"}, "SK": {"S": "PROFILE"}, "OrderCount": {"N": "3"}}},
        {"Item": {"PK": {"S": "ORDER#ord001"}, "SK": {"S": "METADATA"}, "Total": {"N": "99.99"}}},
    ]


def test_003_9_a_transaction_without_the_counter_is_cancelled(my_table: Any) -> None:
    with pytest.raises(ClientError) as refused:
        run("003", 9, boto3=boto3)
    assert refused.value.response["Error"]["Code"] == "TransactionCanceledException"
    none, reason = refused.value.response["CancellationReasons"]
    assert none["Code"] == "None"
    assert reason == {
        "Code": "ValidationError",
        "Message": "The provided expression refers to an attribute that does not exist in the item",
    }
    assert my_table.scan()["Items"] == []


def test_003_10_conditional_put_and_locking(
    my_table: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    my_table.put_item(Item={"PK": "USER#user001", "SK": "PROFILE", "Name": "Jo", "Version": 1})
    run("003", 10, table=my_table, ClientError=ClientError)
    assert capsys.readouterr().out == "Item already exists\n"
    assert my_table.scan()["Items"] == [
        {"PK": "USER#user001", "SK": "PROFILE", "Name": "John Updated", "Version": 2}
    ]


def test_003_10_a_new_item_has_no_version_to_expect(
    my_table: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(my_table.meta.client.exceptions.ConditionalCheckFailedException):
        run("003", 10, table=my_table, ClientError=ClientError)
    assert capsys.readouterr().out == ""
    assert my_table.scan()["Items"] == [{"PK": "USER#user001", "SK": "PROFILE", "Name": "John"}]
