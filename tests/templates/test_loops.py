"""`Fn::ForEach` of the transform AWS::LanguageExtensions, and the functions that come with it."""

from __future__ import annotations

import pytest

from ddbmock import FileError, tables_from


def test_tables_by_loops(files):
    tables = tables_from(files / "loops.yaml", parameters={"Names": "orders,bills"})
    assert tables.names == [
        *("app-orders", "app-orders-a", "app-orders-b"),
        *("app-bills", "app-bills-a", "app-bills-b"),
    ]
    orders = tables.requests[0]
    assert orders["KeySchema"] == [{"AttributeName": "ordersId", "KeyType": "HASH"}]
    assert orders["AttributeDefinitions"][0]["AttributeName"] == "ordersId"
    assert tables.requests[4]["Tags"] == [
        {"Key": "of", "Value": "arn:aws:dynamodb:us-east-1:123456789012:table/app-bills"}
    ]
    assert [spec.logical_name for spec in tables][:2] == ["Tableorders", "Tableordersa"]


def test_loops_inside_of_a_property():
    template = table(
        {"Fn::ForEach::Tags": ["Name", ["a-1", "b"], {"&{Name}": "${Name}"}], "own": "tag"}
    )
    (request,) = tables_from(template).requests
    assert request["Tags"] == [
        {"Key": "a1", "Value": "a-1"},
        {"Key": "b", "Value": "b"},
        {"Key": "own", "Value": "tag"},
    ]


def test_length_and_json():
    template = table({"count": {"Fn::Length": ["a", "b"]}, "json": {"Fn::ToJsonString": {"a": 1}}})
    (request,) = tables_from(template).requests
    assert request["Tags"] == [
        {"Key": "count", "Value": "2"},
        {"Key": "json", "Value": '{"a":1}'},
    ]


def table(tags):
    properties = {"TableName": "orders", "Tags": tags}
    return {"Resources": {"A": {"Type": "AWS::Serverless::SimpleTable", "Properties": properties}}}


WRONG_LOOPS = [
    ("x", "Fn::ForEach::A takes a list, not 'x'"),
    (["N", ["a"]], "Fn::ForEach::A takes a name, a collection and an object"),
    (["N", {"Ref": "None"}, {}], "None has no value here; give it: parameters={'None': ...}"),
    (["N", "x", {}], "Fn::ForEach::A takes a list, not 'x'"),
    (["N", [[]], {}], r"Fn::ForEach::A takes text, not []"),
    (["N", ["a"], "x"], "Fn::ForEach::A takes an object, not 'x'"),
    (
        ["N", list(map(str, range(20_000))), {"${N}": 1}],
        "Fn::ForEach with more than 10,000 entries",
    ),
]


@pytest.mark.parametrize(("loop", "problem"), WRONG_LOOPS)
def test_a_wrong_loop(loop, problem):
    with pytest.raises(FileError) as raised:
        tables_from({"Resources": {"Fn::ForEach::A": loop}})
    assert str(raised.value) == f"the template: {problem}"


def test_the_line_of_what_is_wrong_in_a_loop(files, tmp_path):
    path = tmp_path / "loops.yaml"
    text = (files / "loops.yaml").read_text()
    path.write_text(
        text.replace(
            "BillingMode: PAY_PER_REQUEST\n              Tags", "Mode: a\n              Tags"
        )
    )
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (f"{path}:33: Tableordersa: unknown property of a table: Mode")
