"""Tables of templates as pytest fixtures and in markers."""

from __future__ import annotations

import pytest

from ddbmock import FileError, tables_from
from ddbmock._internal.errors import MisuseError

SIMPLE = {"Resources": {"Orders": {"Type": "AWS::Serverless::SimpleTable"}}}
BODY = """
import boto3, ddbmock, pytest

TABLES = ddbmock.tables_from({"Resources": {"Orders": {"Type": "AWS::Serverless::SimpleTable"}}})
"""


def test_a_global_stays_what_it_is(pytester):
    pytester.makepyfile(
        BODY
        + """
def test(ddb):
    assert TABLES.names == ["Orders"]
    TABLES.create(ddb)
    assert list(ddb.tables) == ["Orders"]
"""
    )
    pytester.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize("scope", ["class", "module", "session"])
def test_a_fixture_of_a_wider_scope_is_created_once(pytester, scope):
    pytester.makepyfile(
        BODY
        + f"""
orders = TABLES.as_fixture(scope={scope!r})

class TestOrders:
    def test_one(self, orders, ddb):
        boto3.client("dynamodb").put_item(TableName="Orders", Item={{"id": {{"S": "a"}}}})
        assert orders["Orders"].item_count == 1

    def test_changes_are_rolled_back(self, orders, ddb):
        assert list(ddb.tables) == ["Orders"]
        assert ddb.tables["Orders"].item_count == 0
"""
    )
    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)


def test_no_such_scope():
    with pytest.raises(MisuseError) as raised:
        tables_from(SIMPLE).as_fixture(scope="package")  # type: ignore[arg-type]
    assert str(raised.value) == ("scope is one of function, class, module, session; not 'package'")


def test_its_description_names_the_tables(pytester):
    pytester.makepyfile(BODY + "\norders = TABLES.as_fixture()\n")
    result = pytester.runpytest("--fixtures")
    result.stdout.fnmatch_lines(["*The tables Orders of the template."])


# --- the marker ----------------------------------------------------------------------------------


def test_paths_in_the_marker_are_near_the_test(pytester):
    folder = pytester.mkpydir("inner")
    (folder / "template.json").write_text(
        "Resources: {Orders: {Type: AWS::Serverless::SimpleTable}}"
    )
    (folder / "test_it.py").write_text(
        """
import pytest

@pytest.mark.ddbmock(tables="template.json")
def test(ddb):
    assert list(ddb.tables) == ["Orders"]

@pytest.mark.ddbmock(tables=["template.json", "template.json"])
def test_twice(ddb):
    assert list(ddb.tables) == ["Orders"]
"""
    )
    pytester.runpytest().assert_outcomes(passed=2)


def test_a_path_that_is_not_there(pytester):
    pytester.makepyfile(
        """
import pytest

@pytest.mark.ddbmock(tables="none.yaml")
def test(ddb):
    pass
"""
    )
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no 'none.yaml'; it was looked for in *"])


# --- tables that exist ---------------------------------------------------------------------------


def test_a_table_that_exists_is_refused(ddb):
    tables = tables_from(SIMPLE)
    tables.create(ddb)
    with pytest.raises(FileError) as raised:
        tables.create(ddb)
    assert str(raised.value) == "the template: Orders: Table already exists: Orders"


def test_a_table_that_exists_can_be_left_alone(ddb, dynamodb_client):
    tables = tables_from(SIMPLE)
    tables.create(ddb)
    dynamodb_client.put_item(TableName="Orders", Item={"id": {"S": "a"}})
    tables.create(ddb, skip_existing=True)
    tables.create(dynamodb_client, skip_existing=True)
    assert ddb.tables["Orders"].item_count == 1


def test_a_table_that_exists_otherwise(ddb):
    tables_from(SIMPLE).create(ddb)
    other = tables_from(
        {
            "Resources": {
                "Orders": {
                    "Type": "AWS::Serverless::SimpleTable",
                    "Properties": {"PrimaryKey": {"Name": "pk", "Type": "String"}},
                }
            }
        }
    )
    with pytest.raises(FileError) as raised:
        other.create(ddb, skip_existing=True)
    assert str(raised.value) == (
        "the template: Orders: the table Orders exists with other keys or indexes"
    )
