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


OWN_MOCKS = """
    import unittest
    from ddbmock import mock_dynamodb

    def count_twice():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for _ in range(90):
            client.update_item(
                TableName="things",
                Key={"id": {"S": "7"}},
                UpdateExpression="ADD visits :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
        answer = client.get_item(TableName="things", Key={"id": {"S": "7"}}, ConsistentRead=True)
        assert answer["Item"]["visits"]["N"] == "90"

    def test_block():
        with mock_dynamodb():
            count_twice()

    @pytest.fixture
    def mocked():
        with mock_dynamodb():
            yield

    def test_own_fixture(mocked):
        count_twice()

    @mock_dynamodb
    class TestDecorated:
        def test_method(self):
            count_twice()

    @mock_dynamodb
    class TestCase(unittest.TestCase):
        def test_case(self):
            count_twice()

    class TestStarted(unittest.TestCase):
        def setUp(self):
            mock = mock_dynamodb()
            mock.start()
            self.addCleanup(mock.stop)

        def test_started(self):
            count_twice()

    @pytest.fixture(scope="module")
    def shared():
        with mock_dynamodb():
            yield

    def test_on_a_shared_mock(shared):
        count_twice()

    def test_without_a_mock():
        pass
"""


def test_tests_that_begin_a_mock_themselves_run_under_each_seed(run):
    result = run(OWN_MOCKS, "--ddbmock-chaos=6")
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] + outcomes["failed"] == 5 * 6 + 2
    assert "errors" not in outcomes
    failed = [line for line in result.outlines if line.startswith("FAILED")]
    names = ["test_block", "test_own_fixture", "test_method", "test_case", "test_started"]
    for name in names:
        assert any(f"::{name}" in line for line in failed), name
    assert not any("shared" in line or "without" in line for line in failed)
    seed = next(line for line in result.outlines if "--ddbmock-seed=" in line and "block" in line)
    number = seed.partition("--ddbmock-seed=")[2].split()[0]
    again = run(OWN_MOCKS, f"--ddbmock-seed={number}", "-k", "test_block")
    again.assert_outcomes(failed=1, deselected=6)


def test_a_failure_shows_the_calls_of_its_own_run(run):
    result = run(OWN_MOCKS, "--ddbmock-chaos=6", "-k", "test_block")
    sections = [line for line in result.outlines if line.strip("-") == " ddbmock "]
    assert len(sections) == result.parseoutcomes()["failed"]


def test_the_report_has_each_run(run):
    result = run(OWN_MOCKS, "--ddbmock-chaos=2", "--ddbmock-report", "-k", "test_block")
    lines = [line.split("::")[-1] for line in result.outlines if "::test_block[seed=" in line]
    assert sorted(line.partition(" (")[0] for line in lines) == [
        "test_block[seed=1]",
        "test_block[seed=2]",
    ]
    assert any(line.endswith("of them faults)") for line in lines)


def test_a_run_that_stops_at_the_first_failure(run):
    result = run(OWN_MOCKS, "--ddbmock-chaos=50", "-x", "-k", "test_block")
    assert result.parseoutcomes()["failed"] == 1


def test_without_the_options_nothing_is_affected(run):
    run(TESTS).assert_outcomes(passed=4)


@pytest.mark.parametrize("option", ["--ddbmock-chaos=many", "--ddbmock-seed=x"])
def test_a_wrong_value(run, option):
    result = run("def test_nothing(): pass", option)
    assert result.ret != 0
