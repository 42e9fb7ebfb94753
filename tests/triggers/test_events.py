"""The event is what Lambda sends: the same handlers work under its documented samples."""

from __future__ import annotations

import json
from datetime import timedelta

import boto3
import pytest

from ddbmock._internal.engine.changes import Change
from tests.stream_helpers import client, create, delete, put
from tests.triggers.helpers import Handler

#: The facts of the sample event in https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
SAMPLE_ARN = "arn:aws:dynamodb:us-west-2:123456789012:table/my-table/stream/2024-06-10T19:26:16.525"


def sample(number, name, size_bytes, **images):
    return {
        "eventID": str(number),
        "eventVersion": "1.0",
        "dynamodb": {
            "Keys": {"Id": {"N": "101"}},
            **{image: {"Id": {"N": "101"}, "Message": {"S": t}} for image, t in images.items()},
            "SequenceNumber": str(number) * 3,
            "SizeBytes": size_bytes,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "awsRegion": "us-west-2",
        "eventName": name,
        "eventSourceARN": SAMPLE_ARN,
        "eventSource": "aws:dynamodb",
    }


NEW, CHANGED = "New item!", "This item has changed"
SAMPLE = {
    "Records": [
        sample(1, "INSERT", 26, NewImage=NEW),
        sample(2, "MODIFY", 59, NewImage=CHANGED, OldImage=NEW),
        sample(3, "REMOVE", 38, OldImage=CHANGED),
    ]
}


class Mirror:
    """A typical handler: it maintains a copy of the table from the images."""

    def __init__(self):
        self.history = []

    def __call__(self, event, context):
        for record in event["Records"]:
            change = record["dynamodb"]
            table = record["eventSourceARN"].split(":table/")[1].split("/")[0]
            self.history.append((
                table,
                record["eventName"],
                int(change["Keys"]["Id"]["N"]),
                change.get("OldImage", {}).get("Message", {}).get("S"),
                change.get("NewImage", {}).get("Message", {}).get("S"),
                change["SizeBytes"],
            ))  # fmt: skip
        assert context.get_remaining_time_in_millis() > 0


def test_one_handler_under_the_documented_event_and_under_the_mock(ddb):
    documented, mocked = Mirror(), Mirror()

    class Context:
        def get_remaining_time_in_millis(self):
            return 1

    documented(SAMPLE, Context())

    keys = {"Id": {"N": "101"}}
    client().create_table(
        TableName="my-table",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    ddb.on_change("my-table", mocked)
    for text in (NEW, CHANGED):
        client().put_item(TableName="my-table", Item={**keys, "Message": {"S": text}})
    client().delete_item(TableName="my-table", Key=keys)
    (delivery,) = ddb.deliver()

    assert mocked.history == documented.history
    for ours, theirs in zip(delivery.records, SAMPLE["Records"], strict=True):
        assert theirs.keys() == ours.keys()
        assert theirs["dynamodb"].keys() == ours["dynamodb"].keys() - {
            "ApproximateCreationDateTime"
        }


def test_a_whole_event(ddb, arn):
    handler = Handler()
    ddb.on_change("orders", handler)
    client().put_item(
        TableName="orders",
        Item={
            "pk": {"S": "a"},
            "sk": {"N": "1.50"},
            "b": {"B": b"\x00\xff"},
            "bs": {"BS": [b"b", b"a"]},
            "m": {"M": {"deep": {"L": [{"B": b"x"}, {"N": "1"}]}}},
            "ns": {"NS": ["2", "1"]},
            "null": {"NULL": True},
        },
    )
    ddb.deliver()
    (event,) = handler.events
    assert json.loads(json.dumps(event)) == event
    (record,) = event["Records"]
    assert len(record.pop("eventID")) == 32
    assert record["dynamodb"].pop("SequenceNumber").isdigit()
    assert record == {
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1767323045.0,
            "Keys": {"pk": {"S": "a"}, "sk": {"N": "1.5"}},
            "NewImage": {
                "pk": {"S": "a"},
                "sk": {"N": "1.5"},
                "b": {"B": "AP8="},
                "bs": {"BS": ["YQ==", "Yg=="]},
                "m": {"M": {"deep": {"L": [{"B": "eA=="}, {"N": "1"}]}}},
                "ns": {"NS": ["1", "2"]},
                "null": {"NULL": True},
            },
            "SizeBytes": record["dynamodb"]["SizeBytes"],
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": arn,
    }
    assert list(event) == ["Records"]


def test_a_deletion_by_the_service_is_reported_in_camel_case(ddb):
    handler = Handler()
    ddb.on_change("orders", handler)
    put("a")
    put("b")
    delete("b")
    backend = ddb._backend
    table = backend.region("eu-west-1").tables["orders"]
    (place,) = table.items
    backend.commit([(table, Change(place, table.items[place], None, by_service=True))])
    ddb.deliver()
    *others, last = handler.events[0]["Records"]
    assert last["userIdentity"] == {
        "type": "Service",
        "principalId": "dynamodb.amazonaws.com",
    }
    assert last["eventName"] == "REMOVE"
    assert not any("userIdentity" in record for record in others)


def test_an_item_whose_time_to_live_is_over(ddb):
    handler = Handler()
    client().update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True}
    )
    ddb.on_change("orders", handler, deliver="immediately")
    put("a", ttl={"N": str(int(ddb.clock.seconds()))})
    assert handler.seen == ["a"]
    ddb.clock.advance(timedelta(days=3))
    assert handler.seen == ["a", "a"]
    (record,) = handler.events[1]["Records"]
    assert record["eventName"] == "REMOVE"
    assert record["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def test_a_handler_may_change_what_it_gets(ddb):
    def greedy(event):
        event["Records"].clear()

    other = Handler()
    ddb.on_change("orders", greedy)
    ddb.on_change("orders", other)
    put("a")
    first, second = ddb.deliver()
    assert len(first.records) == len(second.records) == 1
    assert other.seen == ["a"]


def test_view_types_go_through(ddb):
    create("keys", "KEYS_ONLY")
    handler = Handler()
    ddb.on_change("keys", handler)
    put("a", table="keys", x={"S": "x"})
    ddb.deliver()
    body = handler.events[0]["Records"][0]["dynamodb"]
    assert not {"NewImage", "OldImage"} & body.keys()


def test_the_context(ddb):
    contexts = []

    def orders_changed(event, context):
        contexts.append(context)

    ddb.on_change("orders", orders_changed)
    put("a")
    ddb.deliver()
    (context,) = contexts
    assert context.function_name == "orders_changed"
    assert context.invoked_function_arn == (
        "arn:aws:lambda:eu-west-1:123456789012:function:orders_changed"
    )
    assert len(context.aws_request_id) == 36


@pytest.mark.parametrize(
    "make",
    [
        lambda seen: lambda _: seen.append(1),
        lambda seen: lambda _, __: seen.append(2),
        lambda seen: lambda *arguments: seen.append(len(arguments)),
        lambda seen: lambda _, *, __=None: seen.append(1),
        lambda seen: seen.append,
    ],
)
def test_handlers_of_all_shapes(ddb, make):
    seen: list[object] = []
    ddb.on_change("orders", make(seen))
    put("a")
    ddb.deliver()
    assert len(seen) == 1


def test_two_regions(ddb):
    elsewhere = boto3.client("dynamodb", region_name="us-east-2")
    elsewhere.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    here, there = Handler(), Handler()
    ddb.on_change("orders", here)
    ddb.on_change("orders", there, region="us-east-2")
    put("a")
    elsewhere.put_item(TableName="orders", Item={"pk": {"S": "b"}})
    ddb.deliver()
    assert (here.seen, there.seen) == (["a"], ["b"])
    assert there.events[0]["Records"][0]["awsRegion"] == "us-east-2"
