"""`ddb.regions`: the same views for each region."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import MisuseError
from tests.switch.helpers import create_table


def test_tables_and_calls_of_a_region(ddb, client):
    elsewhere = boto3.client("dynamodb", region_name="eu-west-1")
    create_table(elsewhere, "orders")
    elsewhere.put_item(TableName="orders", Item={"id": {"S": "1"}})
    region = ddb.regions["eu-west-1"]
    assert region.name == "eu-west-1"
    assert list(region.tables) == ["orders"]
    assert region.tables["orders"].plain_items == [{"id": "1"}]
    assert [call.operation for call in region.calls] == ["CreateTable", "PutItem"]
    assert region.calls.units().write == 1
    assert list(ddb.regions["us-east-1"].tables) == ["shop"]
    assert ddb.regions["us-east-1"].calls.call_count == 0


def test_a_region_has_no_tables_of_others(ddb, client):
    assert ddb.tables["shop"].region == "us-east-1"
    with pytest.raises(MisuseError, match="no table 'shop' in eu-west-1, us-east-1; the tables"):
        ddb.regions["eu-west-1"].tables["shop"]


def test_the_regions_that_were_used(ddb, client):
    assert list(ddb.regions) == ["us-east-1"]
    assert "eu-west-1" not in ddb.regions
    boto3.client("dynamodb", region_name="eu-west-1").list_tables()
    assert sorted(ddb.regions) == ["eu-west-1", "us-east-1"]
    assert "eu-west-1" in ddb.regions
    assert len(ddb.regions) == 2
    assert repr(ddb.regions) == "<regions eu-west-1, us-east-1>"
    assert repr(ddb.regions["us-east-1"]) == "<region us-east-1: 1 table>"


def test_no_regions_yet(ddb):
    assert repr(ddb.regions) == "<regions none used yet>"


@pytest.mark.parametrize("name", ["", None, 1])
def test_names_that_are_none(ddb, name):
    with pytest.raises(MisuseError, match="a region is named by a string such as 'eu-west-1'"):
        ddb.regions[name]
