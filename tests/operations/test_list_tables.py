from __future__ import annotations

import boto3
import pytest

from tests.operations.table_helpers import new_table
from tests.refusals import refusal


@pytest.fixture
def tables(client):
    for name in ("bbb", "aaa", "CCC"):
        new_table(client, name)


def test_no_tables(client):
    assert client.list_tables()["TableNames"] == []


def test_names_in_the_order_of_bytes(client, tables):
    response = client.list_tables()
    assert response["TableNames"] == ["CCC", "aaa", "bbb"]
    assert "LastEvaluatedTableName" not in response


def test_pages(client, tables):
    first = client.list_tables(Limit=2)
    assert (first["TableNames"], first["LastEvaluatedTableName"]) == (["CCC", "aaa"], "aaa")
    second = client.list_tables(Limit=2, ExclusiveStartTableName="aaa")
    assert second["TableNames"] == ["bbb"]
    assert "LastEvaluatedTableName" not in second


def test_a_page_that_ends_with_the_last_table(client, tables):
    assert "LastEvaluatedTableName" not in client.list_tables(Limit=3)


@pytest.mark.parametrize(("start", "names"), [("abc", ["bbb"]), ("zzz", [])])
def test_a_start_that_is_no_table(client, tables, start, names):
    assert client.list_tables(ExclusiveStartTableName=start)["TableNames"] == names


def test_a_hundred_a_page(client):
    for number in range(101):
        new_table(client, f"table{number:03}")
    response = client.list_tables()
    assert (len(response["TableNames"]), response["LastEvaluatedTableName"]) == (100, "table099")
    pages = client.get_paginator("list_tables").paginate()
    assert sum(len(page["TableNames"]) for page in pages) == 101


def test_tables_of_other_regions_are_not_listed(client, tables):
    assert boto3.client("dynamodb", "eu-west-1").list_tables()["TableNames"] == []


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (
            0,
            (
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint:"
                " Member must have value greater than or equal to 1"
            ),
        ),
        (
            101,
            (
                "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint:"
                " Member must have value less than or equal to 100"
            ),
        ),
    ],
)
def test_limits(raw, limit, text):
    assert refusal(raw.list_tables, Limit=limit) == text
