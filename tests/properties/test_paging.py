"""Joined pages are the unpaged answer, whatever ends a page: Limit, size, both or neither."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from ddbmock._internal import limits
from tests.operations.orders_table import index, order
from tests.properties.service import Client
from tests.random_examples import examples

#: A page that ends after a few items, so that the size ends pages too.
PAGE_BYTES = 200

CITIES = ["bern", "rome"]
AMOUNTS = [{"N": text} for text in ("-2", "0", "0.1", "7", "1E+20")]
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"customer": st.sampled_from(["ann", "bob"]), "nr": st.integers(0, 30)},
        optional={
            "city": st.sampled_from(CITIES),
            "amount": st.sampled_from(AMOUNTS),
            "note": st.sampled_from(["x", "y" * 40, "z" * 150]),
        },
    ),
    unique_by=lambda item: (item["customer"], item["nr"]),
    max_size=40,
)

#: What is read: the operation and the request that names it.
ANN = {":c": {"S": "ann"}}
BERN = {":c": {"S": "bern"}}
SOURCES: list[tuple[str, dict[str, Any]]] = [
    ("Query", {"KeyConditionExpression": "customer = :c", "ExpressionAttributeValues": ANN}),
    (
        "Query",
        {
            "KeyConditionExpression": "customer = :c AND nr BETWEEN :low AND :high",
            "ExpressionAttributeValues": {**ANN, ":low": {"N": "5"}, ":high": {"N": "20"}},
        },
    ),
    (
        "Query",
        {
            "IndexName": "by_amount",
            "KeyConditionExpression": "customer = :c AND amount >= :low",
            "ExpressionAttributeValues": {**ANN, ":low": {"N": "0"}},
        },
    ),
    (
        "Query",
        {
            "IndexName": "by_amount",
            "KeyConditionExpression": "customer = :c AND amount = :same",
            "ExpressionAttributeValues": {**ANN, ":same": {"N": "5"}},
        },
    ),
    (
        "Query",
        {
            "IndexName": "by_amount",
            "KeyConditionExpression": "customer = :c AND amount <= :high",
            "ExpressionAttributeValues": {**ANN, ":high": {"N": "6"}},
        },
    ),
    (
        "Query",
        {
            "IndexName": "by_city",
            "KeyConditionExpression": "city = :c",
            "ExpressionAttributeValues": BERN,
        },
    ),
    (
        "Query",
        {
            "IndexName": "by_both",
            "KeyConditionExpression": "city = :c AND customer = :a AND amount < :high",
            "ExpressionAttributeValues": {**BERN, ":a": {"S": "ann"}, ":high": {"N": "7"}},
        },
    ),
    ("Scan", {}),
    ("Scan", {"IndexName": "by_city"}),
    ("Scan", {"IndexName": "by_amount"}),
    ("Scan", {"IndexName": "by_both"}),
    ("Scan", {"Segment": 1, "TotalSegments": 2}),
]


def filled(items: list[dict[str, Any]]) -> Client:
    client = Client()
    client(
        "CreateTable",
        TableName="orders",
        KeySchema=index("", "customer/nr", "ALL")["KeySchema"],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in {"customer": "S", "nr": "N", "city": "S", "amount": "N"}.items()
        ],
        LocalSecondaryIndexes=[index("by_amount", "customer/amount", "ALL")],
        GlobalSecondaryIndexes=[
            index("by_city", "city", "ALL"),
            index("by_both", "city customer/amount nr", "ALL"),
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in items:
        client("PutItem", TableName="orders", Item=order(**item))
    return client


@settings(max_examples=examples(150), deadline=None)
@given(
    items=ITEMS,
    source=st.sampled_from(SOURCES),
    limit=st.one_of(st.none(), st.integers(1, 12)),
    forward=st.booleans(),
    filtered=st.booleans(),
    counted=st.booleans(),
)
def test_pages_join_to_the_complete_result(
    items: list[dict[str, Any]],
    source: tuple[str, dict[str, Any]],
    limit: int | None,
    *,
    forward: bool,
    filtered: bool,
    counted: bool,
) -> None:
    client = filled(items)
    operation_name, parameters = source
    request: dict[str, Any] = {
        "TableName": "orders",
        **parameters,
        "ReturnConsumedCapacity": "TOTAL",
    }
    if operation_name == "Query":
        request["ScanIndexForward"] = forward
    if filtered:
        request["FilterExpression"] = "attribute_exists(note)"
    if counted:
        request["Select"] = "COUNT"
    whole = client(operation_name, **deepcopy(request))
    assert "LastEvaluatedKey" not in whole
    with patch.object(limits, "PAGE_BYTES_MAX", PAGE_BYTES):
        pages = all_pages(client, operation_name, request, limit)
    assert sum(page["Count"] for page in pages) == whole["Count"]
    assert sum(page["ScannedCount"] for page in pages) == whole["ScannedCount"]
    if not counted:
        assert [item for page in pages for item in page["Items"]] == whole["Items"]
    # A page is small here, so each costs the least there is.
    assert {page["ConsumedCapacity"]["CapacityUnits"] for page in pages} == {0.5}
    for page in pages[:-1]:
        assert page["ScannedCount"] == limit or page["ScannedCount"] <= PAGE_BYTES // 14 + 1


def all_pages(
    client: Client, operation_name: str, request: dict[str, Any], limit: int | None
) -> list[dict[str, Any]]:
    if limit is not None:
        return client.pages(operation_name, limit, **request)
    pages = [client(operation_name, **deepcopy(request))]
    while "LastEvaluatedKey" in pages[-1]:
        start = {"ExclusiveStartKey": pages[-1]["LastEvaluatedKey"]}
        pages.append(client(operation_name, **deepcopy(request), **start))
    return pages
