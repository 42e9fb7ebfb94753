"""The pytest plugin: fixtures, marker, options, wide scopes, xdist, and what loading it costs."""

from __future__ import annotations

from contextlib import suppress
from textwrap import dedent
from typing import TYPE_CHECKING

import boto3  # noqa: F401 (see below)
import pytest

# Runs inside this process forget the modules that they import: what is to stay is imported here.
import ddbmock._internal.data
import ddbmock._internal.mock
import ddbmock._internal.report
import ddbmock._internal.templates  # noqa: F401
from tests.pytest_runs import run_inprocess, run_subprocess
from tests.switch.helpers import run_python

with suppress(ImportError):
    import aiobotocore.httpsession
    import aiobotocore.session  # noqa: F401 (see above)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[..., pytest.RunResult]

pytest_plugins = ["pytester"]

ORDERS = """
import boto3, pytest
from tests.switch.helpers import create_table, table_names, table_parameters

ORDERS = table_parameters("orders")

def put(id, table="orders"):
    boto3.client("dynamodb").put_item(TableName=table, Item={"id": {"S": id}})

def ids(ddb, table="orders"):
    return sorted(item["id"]["S"] for item in ddb.tables[table].items)
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest on a module, with the plugin and those of others that are named."""

    def run(source: str, *options: str, plugins: Sequence[str] = ()) -> pytest.RunResult:
        pytester.makepyfile(ORDERS + dedent(source))
        return run_inprocess(pytester, *options, plugins=plugins)

    return run


# --- fixtures ---


def test_fixtures(run):
    result = run("""
        def test_controller(ddb):
            assert dict(ddb.tables) == {}

        def test_client(ddb, dynamodb_client):
            create_table(dynamodb_client)
            assert list(ddb.tables) == ["orders"]

        def test_resource(ddb, dynamodb_client, dynamodb_resource):
            create_table(dynamodb_client)
            dynamodb_resource.Table("orders").put_item(Item={"id": "1"})
            assert ddb.tables["orders"].item_count == 1

        def test_session(ddb, dynamodb_session):
            create_table(dynamodb_session.client("dynamodb", region_name="eu-west-3"))
            assert ddb.tables["orders"].region == "eu-west-3"

        def test_each_test_is_fresh(dynamodb_client):
            assert table_names(dynamodb_client) == []
    """)
    result.assert_outcomes(passed=5)


def test_it_shows_in_the_list_of_fixtures(run):
    result = run("", "--fixtures")
    result.stdout.fnmatch_lines(["ddb_session *", "*A mock of DynamoDB for the complete run*"])
    assert "_ddbmock" not in result.stdout.str()
    result.stdout.fnmatch_lines(["ddb -- *", "*A mock of DynamoDB that is active for one test*"])
    result.stdout.fnmatch_lines(["dynamodb_client*"])


# --- the marker ---


def test_the_marker_alone_gives_a_mock(run):
    result = run("""
        @pytest.mark.ddbmock
        def test_marked():
            assert table_names(boto3.client("dynamodb")) == []

        @pytest.mark.ddbmock(region="eu-west-2")
        class TestMarked:
            def test_region(self):
                assert boto3.client("dynamodb").meta.region_name == "eu-west-2"
    """)
    result.assert_outcomes(passed=2)


def test_the_marker_works_on_unittest_classes(run):
    result = run("""
        import unittest

        @pytest.mark.ddbmock(tables=ORDERS)
        class Orders(unittest.TestCase):
            def test_one(self):
                put("1")

            def test_two(self):
                self.assertEqual(boto3.client("dynamodb").scan(TableName="orders")["Count"], 0)
    """)
    result.assert_outcomes(passed=2)


def test_markers_of_module_class_and_test_are_put_together(run):
    result = run("""
        pytestmark = pytest.mark.ddbmock(region="eu-west-1", tables=ORDERS)

        @pytest.mark.ddbmock(region="eu-west-2", tables=[table_parameters("customers")])
        class TestClass:
            def test_class(self, ddb):
                assert (ddb.region, list(ddb.tables)) == ("eu-west-2", ["customers", "orders"])

            @pytest.mark.ddbmock(region="eu-west-3", stored_calls=1)
            def test_test(self, ddb):
                assert (ddb.region, list(ddb.tables)) == ("eu-west-3", ["customers", "orders"])
                put("1"), put("2")
                assert len(ddb.calls) == 1

        def test_module(ddb):
            assert (ddb.region, list(ddb.tables)) == ("eu-west-1", ["orders"])
            assert len(ddb.calls) == 0
    """)
    result.assert_outcomes(passed=3)


def test_the_marker_loads_files_beside_the_test(run, pytester):
    pytester.path.joinpath("orders.json").write_text('{"orders": [{"id": "7"}]}')
    result = run("""
        @pytest.mark.ddbmock(tables=ORDERS, load="orders.json")
        def test_file(ddb):
            assert ids(ddb) == ["7"]

        @pytest.mark.ddbmock(tables=ORDERS, load=[{"orders": [{"id": "8"}]}, "orders.json"])
        def test_mapping(ddb):
            assert ids(ddb) == ["7", "8"]
    """)
    result.assert_outcomes(passed=2)


def test_wrong_markers(run):
    result = run("""
        @pytest.mark.ddbmock(regoin="eu-west-1")
        def test_unknown_option(): pass

        @pytest.mark.ddbmock(region=7)
        def test_wrong_value(): pass

        @pytest.mark.ddbmock("eu-west-1")
        def test_without_name(): pass
    """)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines([
        "_* ERROR at setup of test_unknown_option _*",
        ("@pytest.mark.ddbmock: mock_dynamodb has no option regoin; its options are: *, region,"
        " *; the marker takes tables, load, faults too"),
        "_* ERROR at setup of test_wrong_value _*",
        ("@pytest.mark.ddbmock: the option region of mock_dynamodb takes a region's name, not 7;"
        " the marker takes tables, load, faults too"),
        "_* ERROR at setup of test_without_name _*",
        "@pytest.mark.ddbmock: options are given by name, not ('eu-west-1',)",
    ], consecutive=True)  # fmt: skip


def test_the_marker_is_known(run):
    run("", "--markers").stdout.fnmatch_lines(["@pytest.mark.ddbmock(*): run the test on a mock*"])


# --- defaults ---

DEFAULTS = """
    def test_defaults(ddb):
        assert ddb.region == "eu-west-2"
        create_table(boto3.client("dynamodb"))
        assert boto3.client("dynamodb").describe_table(TableName="orders")["Table"][
            "TableStatus"] == "CREATING"
        assert ddb.calls("CreateTable")[0].response is not None

    @pytest.mark.ddbmock(region="eu-west-3", delays=False)
    def test_the_marker_overrules(ddb):
        assert ddb.region == "eu-west-3"
        create_table(boto3.client("dynamodb"))
        put("1")
"""


def test_defaults_of_the_ini_file(run, pytester):
    pytester.makeini(
        "[pytest]\nddbmock_region = eu-west-2\nddbmock_delays = 5\nddbmock_store_responses = true\n"
    )
    run(DEFAULTS).assert_outcomes(passed=2)


def test_defaults_of_the_command_line(run, pytester):
    pytester.makeini("[pytest]\nddbmock_region = eu-west-9\n")
    options = ("--ddbmock-region=eu-west-2", "--ddbmock-delays=true")
    run(DEFAULTS, *options, "--ddbmock-store-responses=true").assert_outcomes(passed=2)


def test_a_default_that_cannot_be_read(run):
    result = run("def test(ddb): pass", "--ddbmock-stream-shards=many")
    result.stdout.fnmatch_lines(
        ["*ddbmock_stream_shards (--ddbmock-stream-shards) takes COUNT, not 'many': how many*"]
    )


# --- wide scopes ---

SEEDED = """
    @pytest.fixture(scope="{scope}", autouse=True)
    def seeded(ddb_{scope}):
        create_table(boto3.client("dynamodb"))
        for number in range(3):
            put(str(number))
        print("SEEDED")
"""


@pytest.mark.parametrize("scope", ["session", "module", "class"])
def test_tests_start_from_what_a_wider_fixture_created(run, scope):
    result = run(
        SEEDED.format(scope=scope)
        + """
    @pytest.fixture(autouse=True)
    def of_each_test():
        put("of each test")

    class TestOrders:
        def test_one(self, ddb):
            assert ids(ddb) == ["0", "1", "2", "of each test"]
            assert [call.operation for call in ddb.calls] == ["PutItem"]
            put("one")
            boto3.client("dynamodb").delete_item(TableName="orders", Key={"id": {"S": "0"}})

        def test_two_does_not_ask_for_it(self):
            create_table(boto3.client("dynamodb"), "two")
            put("two")

        def test_three(self, ddb_%s):
            assert ids(ddb_%s) == ["0", "1", "2", "of each test"]
            assert list(ddb_%s.tables) == ["orders"]
    """.replace("%s", scope),
        "-s",
    )
    result.assert_outcomes(passed=3)
    assert result.stdout.str().count("SEEDED") == 1


def test_scopes_inside_each_other(run):
    result = run(
        SEEDED.format(scope="session")
        + """
    @pytest.fixture(scope="class")
    def more(ddb_class):
        put("more")

    @pytest.mark.usefixtures("more")
    class TestMore:
        def test_one(self, ddb):
            assert ids(ddb) == ["0", "1", "2", "more"]
            put("one")

        def test_two(self, ddb):
            assert ids(ddb) == ["0", "1", "2", "more"]

    def test_less(ddb):
        assert ids(ddb) == ["0", "1", "2"]
    """
    )
    result.assert_outcomes(passed=3)


def test_a_mock_of_ones_own_is_shared_too(run):
    result = run("""
        from ddbmock import mock_dynamodb

        @pytest.fixture(scope="module", autouse=True)
        def own():
            with mock_dynamodb():
                create_table(boto3.client("dynamodb"))
                yield

        @pytest.mark.parametrize("number", [1, 2])
        def test_rolled_back(ddb, number):
            assert ids(ddb) == []
            put("1")
    """)
    result.assert_outcomes(passed=2)


def test_tables_of_the_module_are_created_once(run):
    result = run("""
        pytestmark = pytest.mark.ddbmock(tables=ORDERS)

        @pytest.fixture(scope="module", autouse=True)
        def seeded(ddb_module):
            put("seed")

        def test_one(ddb):
            assert ids(ddb) == ["seed"]
    """)
    result.assert_outcomes(passed=1)


def test_what_a_wider_mock_has_loaded_is_not_loaded_again(run):
    result = run("""
        pytestmark = pytest.mark.ddbmock(
            tables=ORDERS, load={"orders": [{"id": "old"}, {"id": "gone"}]})

        @pytest.fixture(scope="module", autouse=True)
        def seeded(ddb_module):
            key = {"id": {"S": "gone"}}
            boto3.client("dynamodb").delete_item(TableName="orders", Key=key)

        @pytest.mark.parametrize("time", [1, 2])
        @pytest.mark.ddbmock(load={"orders": [{"id": "own"}]})
        def test_both(ddb, time):
            assert ids(ddb) == ["old", "own"]

        @pytest.mark.ddbmock(isolate=True)
        def test_isolated(ddb):
            assert ids(ddb) == ["gone", "old"]

        def test_neither(ddb):
            assert ids(ddb) == ["old"]
    """)
    result.assert_outcomes(passed=4)


def test_options_of_the_world_that_come_too_late(run):
    result = run("""
        pytestmark = pytest.mark.ddbmock(delays=5)

        @pytest.fixture(scope="module", autouse=True)
        def seeded(ddb_module):
            pass

        def test_the_same(ddb): pass

        @pytest.mark.ddbmock(region="eu-west-1")
        def test_a_region(ddb): assert ddb.region == "eu-west-1"

        @pytest.mark.ddbmock(delays=7, isolate=True)
        def test_isolated(ddb): pass

        @pytest.mark.ddbmock(delays=7)
        def test_too_late(ddb): pass
    """)
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(
        [
            (
                "@pytest.mark.ddbmock: delays is an option of the backend, and a mock of a wider"
                " scope has created it already: mark the module or class, or give the test a"
                " backend of its own with isolate=True"
            )
        ]
    )


def test_a_mock_that_a_conftest_started(run, pytester):
    pytester.makeconftest("""
        from ddbmock import mock_dynamodb

        mock = mock_dynamodb()
        mock.start()

        def pytest_sessionfinish():
            mock.stop()
    """)
    result = run("""
        def test_fails():
            create_table(boto3.client("dynamodb"))
            assert False

        def test_passes(ddb):
            assert list(ddb.tables) == ["orders"]
    """)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*- ddbmock -*", "1 call in us-east-1, no units:"])


# --- async ---

ASYNC = """
    async def put_and_scan(client):
        await client.create_table(**ORDERS)
        await client.put_item(TableName="orders", Item={"id": {"S": "1"}})
        assert (await client.scan(TableName="orders"))["Count"] == 1
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_async_fixtures_under_pytest_asyncio(run, mode):
    pytest.importorskip("aiobotocore")
    result = run(
        ASYNC
        + """
    @pytest.mark.asyncio
    async def test_client(ddb, aio_dynamodb_client):
        await put_and_scan(aio_dynamodb_client)
        assert ids(ddb) == ["1"]

    @pytest.mark.asyncio
    async def test_session(ddb, aio_dynamodb_session):
        async with aio_dynamodb_session.create_client("dynamodb") as client:
            await put_and_scan(client)
        assert ids(ddb) == ["1"]
    """,
        f"-oasyncio_mode={mode}",
        "-oasyncio_default_fixture_loop_scope=function",
        "-Werror",
        "-Wignore:Module already imported",  # by the run that this one is in
        plugins=["asyncio"],
    )
    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("plugins", [["anyio"], ["anyio", "asyncio"]])
def test_async_fixtures_under_anyio(run, plugins):
    pytest.importorskip("aiobotocore")
    pytest.importorskip("anyio")
    alone = plugins == ["anyio"]
    backends = '["asyncio", "trio"]' if alone else '["asyncio"]'
    result = run(
        ASYNC
        + f"""
    @pytest.fixture(params={backends})
    def anyio_backend(request):
        return request.param

    @pytest.mark.anyio
    async def test_client(ddb, aio_dynamodb_client):
        await put_and_scan(aio_dynamodb_client)
        assert ids(ddb) == ["1"]
    """,
        "-rs",
        *([] if alone else ["-oasyncio_default_fixture_loop_scope=function"]),
        plugins=plugins,
    )
    result.assert_outcomes(passed=1, skipped=1 if alone else 0)
    if alone:
        result.stdout.fnmatch_lines(["SKIPPED*aiobotocore runs on asyncio, not on trio"])


def test_async_fixtures_need_a_plugin_that_runs_them(run):
    pytest.importorskip("aiobotocore")
    result = run("def test(aio_dynamodb_client): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["asynchronous fixtures need a plugin that runs them: install *"])


# --- templates ---


def test_tables_of_a_template_are_fixtures(run, pytester):
    pytester.path.joinpath("template.yml").write_text("""
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
""")
    pytester.makeconftest("""
        import ddbmock

        dynamodb_tables = ddbmock.tables_from("template.yml").as_fixture()
    """)
    result = run("""
        import ddbmock

        own_tables = ddbmock.tables_from("template.yml").as_fixture()

        def test_of_the_conftest(dynamodb_tables):
            assert dynamodb_tables["orders"].item_count == 0

        def test_of_the_module(own_tables):
            assert own_tables["orders"].item_count == 0

        @pytest.mark.ddbmock(tables=ddbmock.tables_from("template.yml"))
        def test_of_the_marker(ddb):
            assert list(ddb.tables) == ["orders"]

        @pytest.mark.ddbmock(tables="template.yml")
        def test_a_path_in_the_marker(ddb):
            assert list(ddb.tables) == ["orders"]
    """)
    result.assert_outcomes(passed=4)


# --- pytest-xdist ---


def test_each_worker_has_a_world_of_its_own(run):
    pytest.importorskip("xdist")
    result = run(
        SEEDED.format(scope="session")
        + """
    @pytest.mark.parametrize("number", range(8))
    def test_alone(ddb, number):
        assert ids(ddb) == ["0", "1", "2"]
        put(str(number))
        assert number != 5, "five"
    """,
        "-n2",
        "--ddbmock-report",
        plugins=["xdist"],
    )
    result.assert_outcomes(passed=7, failed=1)
    result.stdout.fnmatch_lines([
        "*- ddbmock -*",
        "1 call in us-east-1, 1 WCU:",
        "  PutItem orders  Item: {'id': '5'}  *1 WCU*",
        "  orders (us-east-1): 4 items, 12 bytes",
        "*= ddbmock =*",
        " calls  errors  scans     read    write  test",
        "     8       0      0        0        8  8 tests, 0.0000050 USD",
    ])  # fmt: skip


# --- loading ---


def test_loading_it_is_cheap() -> None:
    """Small modules of its own are all that pytest has to import for it."""
    result = run_python("""
import sys
import pytest
before = set(sys.modules)
import ddbmock.pytest_plugin
print(*(set(sys.modules) - before))
""")
    small = (
        "ddbmock",
        "ddbmock._internal",
        "ddbmock._internal.defaults",
        "ddbmock._internal.errors",
        "ddbmock._internal.post_import",
    )
    folders = (
        "ddbmock._internal.hook",
        "ddbmock._internal.pytest_plugin",
        "ddbmock.pytest_plugin",
    )
    heavy = {
        name for name in result.stdout.split() if name not in small and not name.startswith(folders)
    }
    assert heavy == set()


def test_a_run_without_mocks_loads_nothing(pytester):
    pytester.makepyfile("""
        import sys

        def test_nothing():
            heavy = {"mock", "report", "remote", "hook.registration", "engine"}
            assert [name for name in heavy if f"ddbmock.{name}" in sys.modules] == []
    """)
    run_subprocess(pytester).assert_outcomes(passed=1)


# --- collecting ---


@pytest.mark.parametrize("mode", ["importlib", "prepend"])
def test_a_module_that_cannot_be_imported_is_an_error(run, mode):
    """An incomplete run must not pass as complete."""
    result = run(
        """
        def test_above():
            pass

        raise ValueError("in the middle")

        def test_below():
            pass
        """,
        f"--import-mode={mode}",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E   ValueError: in the middle"])


@pytest.mark.parametrize("mode", ["importlib", "prepend"])
def test_a_module_that_skips_itself_is_skipped(run, mode):
    result = run(
        """
        def test_above():
            pass

        pytest.importorskip("no_such_library")
        """,
        f"--import-mode={mode}",
    )
    result.assert_outcomes(skipped=1)
