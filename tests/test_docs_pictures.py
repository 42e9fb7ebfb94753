"""The pictures of the documentation, as a browser draws them.

Each run draws them; `make pictures` (DDBMOCK_PICTURES) puts them into `docs/images`.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from ddbmock import mock_dynamodb
from tests.browser import Page, needs_chromium
from tests.speed_chart import CHART, chart

IMAGES = Path(__file__).parent.parent / "docs" / "images"
WIDTH, HEIGHT = 1100, 640
ORDERS = "/console/table/mock/eu-west-1/orders"
PICTURES = {
    "console-items.png": ORDERS,
    "console-item.png": f'{ORDERS}/item?key={{"id":{{"S":"o-2"}},"line":{{"N":"1"}}}}',
    "console-calls.png": "/console/calls",
    "console-clock.png": "/console/clock",
    "console-faults.png": "/console/faults",
    "console-throughput.png": "/console/throughput",
    "console-regions.png": "/console/regions",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with Page(tmp_path_factory.mktemp("profile"), WIDTH, HEIGHT) as page:
        yield page


@pytest.fixture
def url():
    """The console of a shop at a fixed time."""
    with mock_dynamodb(isolate=True, region="eu-west-1", throughput=True) as ddb:
        ddb.clock.freeze("2026-01-31T12:00:00Z")
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="orders",
            KeySchema=[
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "line", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "line", "AttributeType": "N"},
                {"AttributeName": "customer", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "byCustomer",
                    "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        table = boto3.resource("dynamodb").Table("orders")
        for number in range(9):
            customer = ("ann", "bob", "cyd")[number // 3]
            table.put_item(
                Item={
                    "id": f"o-{number // 3}",
                    "line": number % 3,
                    "customer": customer,
                    "price": 5 * number + 4,
                    "tags": {"new", customer},
                }
            )
        table.query(
            KeyConditionExpression="id = :id",
            FilterExpression="price > :price",
            ExpressionAttributeValues={":id": "o-1", ":price": 20},
        )
        with pytest.raises(client.exceptions.ConditionalCheckFailedException):
            table.put_item(
                Item={"id": "o-1", "line": 1}, ConditionExpression="attribute_not_exists(id)"
            )
        ddb.faults.add(error="ProvisionedThroughputExceededException", operation="PutItem", times=2)
        client.update_table(
            TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": "us-east-1"}}]
        )
        ddb.regions["us-east-1"].isolate()
        ddb.throughput.drain("orders")
        impatient = boto3.resource("dynamodb", config=Config(retries={"total_max_attempts": 1}))
        for number in range(3):
            with pytest.raises(client.exceptions.ClientError):
                impatient.Table("orders").update_item(Key={"id": "o-1", "line": number})
        ddb.throughput.fill("orders", "byCustomer")
        yield ddb.console()


@needs_chromium
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture(page, url, tmp_path, name):
    folder = IMAGES if "DDBMOCK_PICTURES" in os.environ else tmp_path
    page.prefer("light")
    page.resize(WIDTH, HEIGHT)
    page.open(url + PICTURES[name])
    page.screenshot(folder / name)
    size = struct.unpack(">II", (folder / name).read_bytes()[16:24])
    assert size == (WIDTH, HEIGHT)
    assert (IMAGES / name).exists(), "make pictures"


def test_the_chart_of_the_home_page():
    if "DDBMOCK_PICTURES" in os.environ:
        CHART.write_text(chart(), encoding="utf-8")
    assert CHART.read_text(encoding="utf-8") == chart(), "make pictures"
