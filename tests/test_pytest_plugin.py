"""The pytest plugin: its fixtures, and what loading it costs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.switch.helpers import plugin_options, run_python

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]

#: What loading the plugin may cost, on a machine much slower than the one it was measured on.
LOADING_MILLISECONDS = 20


def test_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        from tests.switch.helpers import create_table, table_names

        def test_controller(ddb):
            assert dict(ddb.tables) == {}

        def test_client(ddb, dynamodb_client):
            create_table(dynamodb_client)
            assert list(ddb.tables) == ["orders"]

        def test_resource(ddb, dynamodb_client, dynamodb_resource):
            create_table(dynamodb_client)
            dynamodb_resource.Table("orders").put_item(Item={"id": "1"})
            assert ddb.tables["orders"].item_count == 1

        def test_each_test_is_fresh(dynamodb_client):
            assert table_names(dynamodb_client) == []
    """)
    options = ["-p", "no:randomly", "-p", "no:asyncio", "-p", "no:cacheprovider"]
    result = pytester.runpytest_inprocess(*options, *plugin_options())
    result.assert_outcomes(passed=4)


def test_it_shows_in_the_list_of_fixtures(pytester: pytest.Pytester) -> None:
    options = ["-p", "no:randomly", "-p", "no:asyncio", "-p", "no:cacheprovider"]
    result = pytester.runpytest_inprocess("--fixtures", *options, *plugin_options())
    result.stdout.fnmatch_lines(["ddb*", "*A mock of DynamoDB*", "dynamodb_client*"])


def test_loading_it_is_cheap() -> None:
    result = run_python("import pytest\nimport ddbmock.pytest_plugin", "-X", "importtime")
    lines = result.stderr.splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines}
    for library in ("boto3", "botocore", "wrapt", "sortedcontainers", "ddbmock.mock"):
        assert library not in imported
    [plugin] = [line for line in lines if line.endswith(" ddbmock.pytest_plugin")]
    cumulative = re.search(r"\|\s*(\d+) \|", plugin)
    assert cumulative is not None
    assert int(cumulative.group(1)) < LOADING_MILLISECONDS * 1000
