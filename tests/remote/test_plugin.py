"""`--ddbmock-target`: suites on an engine behind HTTP, here the one of `ddbmock.serve()`."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import boto3
import pytest

import ddbmock
from tests.pytest_runs import run_subprocess
from tests.switch.helpers import create_table, table_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["pytester"]

SUITE = """
import boto3, ddbmock, pytest
from ddbmock import MisuseError, mock_dynamodb
from tests.operations.orders_table import create_orders
from tests.switch.helpers import create_table, table_names, table_parameters

@pytest.fixture
def orders(dynamodb_client, dynamodb_resource):
    create_orders(dynamodb_client)
    return dynamodb_resource.Table("orders")
"""
#: As the target signs, so that this process sees the same tables.
KEYS = {"aws_access_key_id": "DDBMOCKTARGET", "aws_secret_access_key": "any"}


@pytest.fixture
def url() -> Iterator[str]:
    with ddbmock.serve() as url:
        yield url


@pytest.fixture
def run(pytester: pytest.Pytester, url: str) -> Callable[..., pytest.RunResult]:
    """Run a suite in a process of its own."""

    def run(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_target=SUITE + dedent(source))
        return run_subprocess(
            pytester,
            f"--ddbmock-target={url}",
            "-rs",
            "-oasyncio_default_fixture_loop_scope=function",
            *options,
            plugins=["asyncio"],
        )

    return run


def names_there(url: str) -> list[str]:
    return table_names(boto3.client("dynamodb", "us-east-1", endpoint_url=url, **KEYS))


def test_fixtures_on_an_engine(run, url):
    pytest.importorskip("aiobotocore")
    result = run("""
        def test_resource(ddb, orders):
            orders.put_item(Item={"customer": "ada", "nr": 1, "city": "Bern", "b": b"x"})
            answer = orders.scan(ReturnConsumedCapacity="TOTAL")
            assert answer["Items"][0]["b"].value == b"x"
            assert answer["ConsumedCapacity"] == {"TableName": "orders", "CapacityUnits": 0.5}
            assert "ConsumedCapacity" not in orders.scan()
            units = ddb.calls.units()["orders"]
            assert (units.own.write, units.own.read, units.indexes["by_city"].write) == (1, 1, 1)
            ddb.calls.assert_called("PutItem", table="orders", times=1)

        def test_reading_tables(ddb, orders):
            orders.put_item(Item={"customer": "ada", "nr": 1, "city": "Bern"})
            assert list(ddb.tables) == ["orders"]
            assert ddb.tables["orders"].items == [
                {"customer": {"S": "ada"}, "nr": {"N": "1"}, "city": {"S": "Bern"}}]
            assert ddb.tables["orders"].indexes["by_city"].item_count == 1
            ddb.reset()
            assert dict(ddb.tables) == {}

        def test_plain_values(ddb, orders):
            view = ddb.tables["orders"]
            item = {"customer": "ada", "nr": 1, "city": "Bern", "b": b"x", "tags": {"y"}}
            view.put(item)
            assert view.get(customer="ada", nr=1) == item
            assert view.query(customer="ada") == view.plain_items == [item]
            assert view.indexes["by_city"].query(city="Bern")[0]["nr"] == 1
            with pytest.raises(MisuseError, match="takes the key customer, nr; it got customer"):
                view.get(customer="ada")
            with pytest.raises(MisuseError, match="of table 'orders': .* Missing the key nr"):
                view.put(customer="ada")
            view.delete(customer="ada", nr=1)
            assert view.plain_items == []
            assert ddb.calls.call_count == 1
            assert str(view) == "orders (us-east-1): 0 items"
            assert ddb.regions["eu-west-1"].tables == {}

        def test_names(dynamodb_client, orders):
            table = dynamodb_client.describe_table(TableName="orders")["Table"]
            assert (table["TableName"], table["TableArn"][-13:]) == ("orders", ":table/orders")
            assert table["CreationDateTime"].tzinfo is not None
            assert table_names(dynamodb_client) == ["orders"]
            for name in "abc":
                create_table(dynamodb_client, f"more-{name}")
            page = dynamodb_client.list_tables(Limit=2, ExclusiveStartTableName="more-a")
            assert page == {**page, "TableNames": ["more-b", "more-c"],
                            "LastEvaluatedTableName": "more-c"}

        def test_errors(dynamodb_client, orders):
            with pytest.raises(dynamodb_client.exceptions.ResourceInUseException) as raised:
                create_table(dynamodb_client, "orders")
            assert "Table already exists: orders" in str(raised.value)
            orders.put_item(Item={"customer": "ada", "nr": 1})
            with pytest.raises(dynamodb_client.exceptions.TransactionCanceledException) as raised:
                dynamodb_client.transact_write_items(TransactItems=[{"Delete": {
                    "TableName": "orders", "Key": {"customer": {"S": "ada"}, "nr": {"N": "1"}},
                    "ConditionExpression": "attribute_not_exists(nr)",
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}])
            [reason] = raised.value.response["CancellationReasons"]
            assert reason["Item"] == {"customer": {"S": "ada"}, "nr": {"N": "1"}}

        def test_batches_and_statements(dynamodb_client, orders):
            with orders.batch_writer() as batch:
                for nr in range(30):
                    batch.put_item({"customer": "ada", "nr": nr})
            keys = [{"customer": "ada", "nr": 1}]
            found = orders.meta.client.batch_get_item(RequestItems={"orders": {"Keys": keys}})
            assert found["Responses"] == {"orders": keys}
            query = "SELECT nr FROM orders WHERE customer = 'ada' AND nr < 2"
            items = dynamodb_client.execute_statement(Statement=query)["Items"]
            assert items == [{"nr": {"N": "0"}}, {"nr": {"N": "1"}}]

        def test_regions(ddb):
            for region in ("eu-west-1", "eu-west-2"):
                client = boto3.client("dynamodb", region_name=region)
                create_table(client)
                assert table_names(client) == ["orders"]

        @pytest.mark.ddbmock(tables=table_parameters("orders"))
        def test_marker(ddb):
            assert list(ddb.tables) == ["orders"]
            assert len(ddb.calls) == 0

        @pytest.mark.asyncio
        async def test_async(ddb, aio_dynamodb_client):
            await aio_dynamodb_client.create_table(**table_parameters("orders"))
            assert list(ddb.tables) == ["orders"]

        @mock_dynamodb
        def test_decorated():
            create_table(boto3.client("dynamodb"))
    """)
    result.assert_outcomes(passed=10)
    result.stdout.fnmatch_lines([f"ddbmock: mocks are answered by {url}"])
    assert names_there(url) == []


def test_tables_have_a_prefix_there_and_others_are_left_alone(run, url):
    client = boto3.client("dynamodb", "us-east-1", endpoint_url=url, **KEYS)
    create_table(client, "orders")
    result = run(f"""
        def test_prefix(dynamodb_client):
            create_table(dynamodb_client, "orders")
            assert table_names(dynamodb_client) == ["orders"]
            import urllib.request, json
            from ddbmock._internal.remote.endpoint import AccessKey, Endpoint
            there = Endpoint({url!r}, AccessKey("DDBMOCKTARGET", "any"))
            names = there.call("us-east-1", "ListTables", {{}})["TableNames"]
            assert len(names) == 2 and names[0].startswith("ddbmock-") and names[1] == "orders"
    """)
    result.assert_outcomes(passed=1)
    assert names_there(url) == ["orders"]


def test_protected_tables_are_removed_too(run, url):
    result = run("""
        def test_protected(dynamodb_client):
            dynamodb_client.create_table(
                **table_parameters("orders"), DeletionProtectionEnabled=True)
    """)
    result.assert_outcomes(passed=1)
    assert names_there(url) == []


def test_what_only_the_mock_can_do_is_skipped(run):
    result = run("""
        def test_clock_reads(ddb):
            assert ddb.clock.now()

        def test_clock(ddb):
            ddb.clock.advance(60)

        def test_snapshot(ddb):
            ddb.snapshot()

        def test_stream(ddb, orders):
            ddb.tables["orders"].stream.records

        def test_trigger(ddb, orders):
            ddb.on_change("orders", print)

        def test_buckets(ddb, tmp_path):
            assert ddb.s3 is None
            ddb.s3 = tmp_path

        @pytest.mark.ddbmock(delays=True)
        def test_delays():
            pass

        @pytest.mark.ddbmock(metrics=True)
        def test_metrics():
            pass

        @pytest.mark.ddbmock(kinesis=[])
        def test_kinesis():
            pass

        def test_wide(ddb_module):
            pass
    """)
    result.assert_outcomes(passed=1, skipped=9)
    result.stdout.fnmatch_lines_random([
        "SKIPPED*: clock.advance() works on the mock alone, not on a target",
        "SKIPPED*: snapshot() (and so a fixture of wider scope) works on the mock alone, not on *",
        "SKIPPED*: stream of a table works on the mock alone, not on a target",
        "SKIPPED*: delays is an option of the mock, not of a target",
        "SKIPPED*: kinesis is an option of the mock, not of a target",
        "SKIPPED*: metrics is an option of the mock, not of a target",
        "SKIPPED*: s3 works on the mock alone, not on a target",
    ])  # fmt: skip


def test_failures_and_reports(run):
    result = run(
        """
        def test_fails(orders):
            orders.put_item(Item={"customer": "ada", "nr": 1})
            assert False
        """,
        "--ddbmock-report",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*- ddbmock -*",
        "2 calls in us-east-1, 1 WCU:",
        "  PutItem orders  Item: {'customer': 'ada', 'nr': 1}  [[]1 WCU[]]",
        "*= ddbmock =*",
        "     2       0      0        0        1  test_target.py::test_fails",
    ])  # fmt: skip


def test_no_such_target(pytester):
    pytester.makepyfile("def test(ddb): pass")
    result = run_subprocess(pytester, "--ddbmock-target=prod")
    result.stderr.fnmatch_lines(["ERROR: a target is aws or the URL of an endpoint *, not 'prod'"])


def test_no_server_answers(pytester):
    pytester.makepyfile("""
        def test(dynamodb_client):
            dynamodb_client.list_tables()
    """)
    result = run_subprocess(pytester, "--ddbmock-target=http://127.0.0.1:9")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *TargetError: no response from http://127.0.0.1:9: *"])


# --- tables of templates -------------------------------------------------------------------------

TEMPLATE = """
    TEMPLATE = {
        "Resources": {
            "Orders": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "BillingMode": "PAY_PER_REQUEST",
                    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
                },
            }
        }
    }
"""


def test_tables_of_templates_are_created_on_the_target(run, url):
    result = run(
        TEMPLATE
        + """
    def test_created(ddb, dynamodb_client):
        ddbmock.tables_from(TEMPLATE).create(ddb)
        assert len(ddb.calls) == 0
        assert table_names(dynamodb_client) == ["Orders"]
        ttl = dynamodb_client.describe_time_to_live(TableName="Orders")
        assert ttl["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"

    @pytest.mark.ddbmock(tables=ddbmock.tables_from(TEMPLATE))
    def test_marked(dynamodb_client):
        assert table_names(dynamodb_client) == ["Orders"]

    def test_set_up_takes_requests_only(ddb):
        with ddb.set_up() as set_up:
            set_up.load({"Orders": []})
    """
    )
    result.assert_outcomes(passed=2, skipped=1)
    assert names_there(url) == []


def test_faults_on_an_engine(run):
    result = run("""
        KEY = {"customer": "ada", "nr": 1}

        def test_faults(ddb, orders):
            ddb.faults.add(error="ThrottlingException", table="orders", times=1)
            answer = orders.put_item(Item=KEY)
            assert answer["ResponseMetadata"]["RetryAttempts"] == 1
            with ddb.faults.add(error="ReadTimeoutError", when="after", times=1, required=True):
                orders.delete_item(Key=KEY)
            assert orders.scan()["Count"] == 0

        @pytest.mark.parametrize("more", [
            {"error": "ThrottlingException", "key": KEY}, {"latency": 1}, {"unprocessed": 1}
        ])
        def test_what_needs_the_tables(ddb, more):
            with pytest.raises(MisuseError, match="a real engine answers"):
                ddb.faults.add(**more)

        def test_chaos(ddb):
            with pytest.raises(MisuseError, match="a real engine answers"):
                ddb.faults.start_chaos(1)
    """)
    result.assert_outcomes(passed=5)
