"""Every statement of the corpus does, or is refused, exactly as it says there."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from ddbmock._internal.partiql import parse_statement
from tests.partiql import music
from tests.partiql.printer import print_statement
from tests.refusals import refusal

CORPUS = Path(__file__).parent / "corpus"


def lines(name: str) -> list[Any]:
    text = (CORPUS / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def name_of(case: dict[str, Any]) -> str:
    return str(case["statement"])


def request_of(case: dict[str, Any]) -> dict[str, Any]:
    request = {"Statement": case["statement"]}
    if "parameters" in case:
        request["Parameters"] = [
            {"B": b64decode(value["B"])} if "B" in value else value for value in case["parameters"]
        ]
    return request


@pytest.fixture
def client(dynamodb_client):
    music.create(dynamodb_client)
    return dynamodb_client


@pytest.mark.parametrize("case", lines("selects.jsonl"), ids=name_of)
def test_selects(client, case):
    items = client.execute_statement(**request_of(case))["Items"]
    assert case.keys() & {"items", "keys", "any_order"}, "a case without an expected answer"
    if "items" in case:
        assert [music.plain_item(item) for item in items] == case["items"]
    if "keys" in case:
        assert list(map(music.place, items)) == case["keys"]
    if "any_order" in case:
        assert sorted(map(music.place, items)) == case["any_order"]


@pytest.mark.parametrize("case", lines("writes.jsonl"), ids=name_of)
def test_writes(client, case):
    response = client.execute_statement(**request_of(case))
    assert [music.plain_item(item) for item in response["Items"]] == case.get("returned", [])
    artist, year = case["key"]
    found = client.get_item(TableName="music", Key={"artist": {"S": artist}, "year": {"N": year}})
    if "item" in case:
        item = found.get("Item")
        assert (None if item is None else music.plain_item(item)) == case["item"]


@pytest.mark.parametrize("case", lines("refused.jsonl"), ids=name_of)
def test_refused(client, case):
    code = case.get("code", "ValidationException")
    prefix = "" if code == "ValidationException" else f"{code}: "
    assert refusal(client.execute_statement, **request_of(case)) == f"{prefix}{case['text']}"


@pytest.mark.parametrize(
    "text", (CORPUS / "round_trip.sql").read_text(encoding="utf-8").splitlines()
)
def test_round_trip(text):
    tree, _ = parse_statement(text)
    assert print_statement(tree) == text


@pytest.mark.parametrize("case", [*lines("selects.jsonl"), *lines("writes.jsonl")], ids=name_of)
def test_what_is_printed_means_the_same(case):
    tree, parameter_count = parse_statement(case["statement"])
    assert parse_statement(print_statement(tree)) == (tree, parameter_count)
