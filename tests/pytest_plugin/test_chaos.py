"""`--ddbmock-chaos` and `--ddbmock-seed`."""

from __future__ import annotations

import pytest

TESTS = """
    from ddbmock import mock_dynamodb

    def create():
        return boto3.resource("dynamodb").create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    @pytest.fixture
    def table(ddb):
        table = create()
        for number in range(30):  # fixtures are spared
            table.put_item(Item={"id": str(number)})
        assert {call.error_code for call in ddb.calls} == {None}
        return table

    def test_survives(table, ddb):
        for number in range(20):
            table.put_item(Item={"id": str(number)})

    def test_counts_twice(table, ddb):
        for _ in range(90):
            table.update_item(
                Key={"id": "7"},
                UpdateExpression="ADD visits :one",
                ExpressionAttributeValues={":one": 1},
            )
        assert ddb.tables["things"].get({"id": "7"})["visits"] == 90

    @mock_dynamodb
    def test_decorated():
        table = create()
        table.put_item(Item={"id": "1"})

    def test_without_a_mock():
        pass
"""


def test_each_seed_is_a_run_of_its_own(run):
    result = run(TESTS, "--ddbmock-chaos=6")
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] + outcomes["failed"] == 3 * 6 + 1
    assert outcomes["failed"] >= 1
    assert "errors" not in outcomes
    failed = [line for line in result.outlines if line.startswith("FAILED")]
    assert all("test_counts_twice[seed=" in line for line in failed)
    seed = failed[0].partition("[seed=")[2].partition("]")[0]
    result.stdout.fnmatch_lines([f"seed {seed}; to repeat: pytest --ddbmock-seed={seed} *"])
    again = run(TESTS, f"--ddbmock-seed={seed}", "-k", "counts_twice")
    again.assert_outcomes(failed=1, deselected=3)


def test_without_the_options_nothing_is_struck(run):
    run(TESTS).assert_outcomes(passed=4)


@pytest.mark.parametrize("option", ["--ddbmock-chaos=many", "--ddbmock-seed=x"])
def test_a_wrong_value(run, option):
    result = run("def test_nothing(): pass", option)
    assert result.ret != 0
