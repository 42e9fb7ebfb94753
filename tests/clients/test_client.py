"""boto3's low-level client: typed values, modelled exceptions, paginators, waiters."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError, WaiterError

SENSOR = {"sensor": {"S": "s1"}, "at": {"N": "0"}}


def create_readings(client):
    client.create_table(
        TableName="readings",
        KeySchema=[
            {"AttributeName": "sensor", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "sensor", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    client.get_waiter("table_exists").wait(TableName="readings")


def put_readings(client, sensor, count):
    for start in range(0, count, 25):
        response = client.batch_write_item(
            RequestItems={
                "readings": [
                    {"PutRequest": {"Item": {"sensor": {"S": sensor}, "at": {"N": str(at)}}}}
                    for at in range(start, min(start + 25, count))
                ]
            }
        )
        assert response["UnprocessedItems"] == {}


@pytest.fixture
def client(dynamodb_client):
    create_readings(dynamodb_client)
    return dynamodb_client


def test_every_type_comes_back_as_it_was_written(client):
    item = {
        **SENSOR,
        "text": {"S": "grün 🙂"},
        "number": {"N": "-12.5"},
        "bytes": {"B": b"\x00\xff"},
        "yes": {"BOOL": True},
        "nothing": {"NULL": True},
        "texts": {"SS": ["a", "b"]},
        "numbers": {"NS": ["1", "2.5"]},
        "blobs": {"BS": [b"a", b"b"]},
        "list": {"L": [{"S": "x"}, {"M": {"y": {"N": "1"}}}]},
        "map": {"M": {"empty": {"L": []}, "none": {"S": ""}}},
    }
    client.put_item(TableName="readings", Item=item)
    response = client.get_item(TableName="readings", Key=SENSOR, ConsistentRead=True)
    assert response["Item"] == item


def test_an_answer_is_the_caller_s_own(client):
    item: dict[str, Any] = {**SENSOR, "tags": {"L": [{"S": "a"}]}}
    client.put_item(TableName="readings", Item=item)
    item["tags"]["L"].append({"S": "changed after the call"})
    first = client.get_item(TableName="readings", Key=SENSOR)["Item"]
    first["tags"]["L"].clear()
    assert client.get_item(TableName="readings", Key=SENSOR)["Item"]["tags"] == {"L": [{"S": "a"}]}


def test_an_absent_item_has_no_item_member(client):
    assert "Item" not in client.get_item(TableName="readings", Key=SENSOR)


def test_answers_carry_metadata(client):
    metadata = client.get_item(TableName="readings", Key=SENSOR)["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 200
    assert metadata["RetryAttempts"] == 0
    assert metadata["HTTPHeaders"]["x-amzn-requestid"] == metadata["RequestId"]


def test_numbers_are_sorted_by_value(client):
    for at in ("10", "9", "-1", "0.5", "1e2"):
        client.put_item(TableName="readings", Item={"sensor": {"S": "s1"}, "at": {"N": at}})
    response = client.query(
        TableName="readings",
        KeyConditionExpression="sensor = :s",
        ExpressionAttributeValues={":s": {"S": "s1"}},
    )
    assert [item["at"]["N"] for item in response["Items"]] == ["-1", "0.5", "9", "10", "100"]


def test_a_missing_table_is_its_own_exception(client):
    with pytest.raises(client.exceptions.ResourceNotFoundException) as refused:
        client.get_item(TableName="nowhere", Key=SENSOR)
    assert refused.value.response["Error"]["Message"] == "Requested resource not found"
    assert refused.value.operation_name == "GetItem"


def test_a_failed_condition_can_show_the_item(client):
    client.put_item(TableName="readings", Item={**SENSOR, "value": {"N": "1"}})
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as refused:
        client.put_item(
            TableName="readings",
            Item=SENSOR,
            ConditionExpression="attribute_not_exists(sensor)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refused.value.response["Item"] == {**SENSOR, "value": {"N": "1"}}


def test_a_validation_error_has_no_class_of_its_own(client):
    with pytest.raises(ClientError) as refused:
        client.query(TableName="readings", KeyConditionExpression="sensor = :s")
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert ":s" in error["Message"]


def test_boto3_still_checks_parameters(client):
    with pytest.raises(ParamValidationError, match="Missing required parameter"):
        client.get_item(TableName="readings")


def test_update_returns_what_was_asked_for(client):
    client.put_item(TableName="readings", Item={**SENSOR, "value": {"N": "1"}})
    response = client.update_item(
        TableName="readings",
        Key=SENSOR,
        UpdateExpression="SET #v = #v + :n, note = if_not_exists(note, :t)",
        ExpressionAttributeNames={"#v": "value"},
        ExpressionAttributeValues={":n": {"N": "2"}, ":t": {"S": "new"}},
        ReturnValues="UPDATED_NEW",
    )
    assert response["Attributes"] == {"value": {"N": "3"}, "note": {"S": "new"}}


@pytest.mark.parametrize("forward", [True, False])
def test_the_query_paginator_reads_all_pages(client, forward):
    put_readings(client, "s1", 95)
    put_readings(client, "s2", 5)
    pages = list(
        client.get_paginator("query").paginate(
            TableName="readings",
            KeyConditionExpression="sensor = :s AND #at >= :from",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":s": {"S": "s1"}, ":from": {"N": "5"}},
            ScanIndexForward=forward,
            PaginationConfig={"PageSize": 20},
        )
    )
    assert [page["Count"] for page in pages][:4] == [20] * 4
    seen = [int(item["at"]["N"]) for page in pages for item in page["Items"]]
    assert seen == sorted(range(5, 95), reverse=not forward)


def test_the_scan_paginator_can_stop_and_resume(client):
    put_readings(client, "s1", 40)
    paginator = client.get_paginator("scan")
    first = paginator.paginate(
        TableName="readings", PaginationConfig={"MaxItems": 15, "PageSize": 10}
    )
    begun = first.build_full_result()
    rest = paginator.paginate(
        TableName="readings", PaginationConfig={"StartingToken": begun["NextToken"]}
    ).build_full_result()
    seen = [int(item["at"]["N"]) for item in begun["Items"] + rest["Items"]]
    assert len(begun["Items"]) == 15
    assert sorted(seen) == list(range(40))


def test_segments_share_a_scan(client):
    for number in range(50):
        put_readings(client, f"s{number}", 2)
    seen = [
        item["sensor"]["S"]
        for segment in range(4)
        for item in client.scan(TableName="readings", Segment=segment, TotalSegments=4)["Items"]
    ]
    assert len(seen) == 100
    assert len(set(seen)) == 50


def test_list_tables_comes_in_pages(client):
    for number in range(5):
        client.create_table(
            TableName=f"table-{number}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    pages = client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2})
    assert [page["TableNames"] for page in pages] == [
        ["readings", "table-0"],
        ["table-1", "table-2"],
        ["table-3", "table-4"],
    ]


def test_waiters_see_a_table_go(client):
    client.delete_table(TableName="readings")
    client.get_waiter("table_not_exists").wait(TableName="readings")
    with pytest.raises(WaiterError):
        client.get_waiter("table_exists").wait(
            TableName="readings", WaiterConfig={"Delay": 0, "MaxAttempts": 2}
        )


def test_a_table_is_created_once(client):
    with pytest.raises(client.exceptions.ResourceInUseException):
        create_readings(client)


def test_regions_are_worlds_apart(client):
    elsewhere = boto3.client("dynamodb", region_name="eu-west-1")
    assert elsewhere.list_tables()["TableNames"] == []
    create_readings(elsewhere)
    put_readings(elsewhere, "s1", 1)
    assert client.scan(TableName="readings")["Count"] == 0


def test_batch_get_returns_what_is_there(client):
    put_readings(client, "s1", 30)
    keys = [{"sensor": {"S": "s1"}, "at": {"N": str(at)}} for at in (3, 29, 30)]
    response = client.batch_get_item(
        RequestItems={"readings": {"Keys": keys, "ProjectionExpression": "#at"}}
        | {"readings": {"Keys": keys}}
    )
    assert sorted(int(item["at"]["N"]) for item in response["Responses"]["readings"]) == [3, 29]
    assert response["UnprocessedKeys"] == {}


def test_capacity_is_by_size_and_consistency(client):
    client.put_item(TableName="readings", Item={**SENSOR, "text": {"S": "x" * 10_000}})

    def units(**parameters):
        response = client.get_item(
            TableName="readings", Key=SENSOR, ReturnConsumedCapacity="TOTAL", **parameters
        )
        return response["ConsumedCapacity"]

    assert units() == {"TableName": "readings", "CapacityUnits": 1.5}
    assert units(ConsistentRead=True) == {"TableName": "readings", "CapacityUnits": 3.0}
