"""`ddb.budget`: bounds on what the calls of a block consume."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import MisuseError, mock_dynamodb
from tests.report.conftest import run  # noqa: F401 (a fixture)


def put(client, number: int = 1) -> None:
    client.put_item(TableName="shop", Item={"PK": {"S": "a"}, "SK": {"N": str(number)}})


def test_a_block_within_its_budget(ddb, client):
    client.scan(TableName="shop")
    with ddb.budget(at_most=2, read_at_most=1, write_at_most=1, scans=0, calls_at_most=2) as calls:
        assert not calls
        put(client)
        assert calls.count("PutItem") == 1
        client.get_item(
            TableName="shop", Key={"PK": {"S": "a"}, "SK": {"N": "1"}}, ConsistentRead=True
        )
    client.scan(TableName="shop")
    assert [call.operation for call in ddb.calls] == ["Scan", "PutItem", "GetItem", "Scan"]


@pytest.mark.parametrize(
    ("bounds", "problem"),
    [
        ({"at_most": 1.5}, "expected at most 1.5 capacity units, 2.5 were consumed"),
        ({"read_at_most": 0}, "expected at most 0 read units, 0.5 were consumed"),
        ({"write_at_most": 1}, "expected at most 1 write units, 2 were consumed"),
        ({"scans": 0}, "expected no scans, there were 1"),
        ({"calls_at_most": 2}, "expected at most 2 calls, there were 3"),
        (
            {"scans": 0, "at_most": 2},
            "expected at most 2 capacity units, 2.5 were consumed; expected no scans, there were 1",
        ),
    ],
)
def test_a_block_over_its_budget(ddb, client, bounds, problem):
    def exceed() -> None:
        with ddb.budget(**bounds):
            put(client)
            put(client)
            client.scan(TableName="shop")

    put(client, 9)
    with pytest.raises(AssertionError) as failure:
        exceed()
    assert str(failure.value) == (
        f"{problem}; 3 calls in us-east-1, 0.5 RCU + 2 WCU:\n"
        "  PutItem shop  Item: {'PK': 'a', 'SK': 1}  [1 WCU]\n"
        "  PutItem shop  Item: {'PK': 'a', 'SK': 1}  [1 WCU]\n"
        "  Scan shop  [2 items, 0.5 RCU]"
    )


def test_a_block_that_raises_is_the_failure(ddb, client):
    def fail() -> None:
        with ddb.budget(calls_at_most=0):
            put(client)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


def test_calls_that_are_not_stored_count():
    with mock_dynamodb(stored_calls=0) as ddb:
        client = boto3.client("dynamodb")
        block = ddb.budget(calls_at_most=3)
        block.__enter__()
        for _ in range(5):
            client.list_tables()
        with pytest.raises(AssertionError, match="expected at most 3 calls, there were 5"):
            block.__exit__(None, None, None)


def test_budgets_within_budgets(ddb, client):
    with ddb.budget(calls_at_most=3) as outer:
        put(client)
        with ddb.budget(calls_at_most=1) as inner:
            put(client)
        put(client)
    assert (outer.call_count, inner.call_count) == (3, 2)


def test_calls_that_a_block_forgets(ddb, client):
    put(client)
    with ddb.budget(calls_at_most=1):
        put(client)
        ddb.calls.clear()
        put(client)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({}, "without a bound there is nothing to assert"),
        ({"scans": "none"}, "scans takes a number that is not negative, not 'none'"),
        ({"calls_at_most": -1}, "calls_at_most takes a number that is not negative, not -1"),
    ],
)
def test_bounds_that_assert_nothing_are_refused(ddb, bounds, message):
    with pytest.raises(MisuseError, match=message):
        ddb.budget(**bounds)


def test_a_failure_shows_no_frames_of_ddbmock(run):  # noqa: F811
    result = run("""
        def test_fails(ddb, orders):
            with ddb.budget(scans=0):
                orders.scan()
    """)
    result.stdout.fnmatch_lines([
        "> *with ddb.budget(scans=0):",
        "E *AssertionError: expected no scans, there were 1; 1 call in us-east-1, 0.5 RCU:",
        "E *Scan orders *",
        "test_orders.py:*: AssertionError",
    ])  # fmt: skip
    assert "budget.py" not in result.stdout.str()
