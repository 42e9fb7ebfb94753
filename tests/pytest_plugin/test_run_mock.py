"""`--ddbmock-session`: one mock for the run, as a container with an engine."""

from __future__ import annotations

SUITE = """
    TABLE = boto3.resource("dynamodb", endpoint_url="http://localhost:8000").Table("orders")

    @pytest.fixture(scope="session", autouse=True)
    def table():
        create_table(boto3.client("dynamodb"))

    def test_one():
        TABLE.put_item(Item={"id": "1"})

    def test_two():
        assert TABLE.get_item(Key={"id": "1"})["Item"] == {"id": "1"}

    def test_changes_of_a_test_with_a_mock_of_its_own_are_rolled_back(ddb):
        assert ids(ddb) == ["1"]
        put("2")

    def test_four():
        assert TABLE.scan()["Count"] == 1
"""


def test_state_of_all_tests(run_apart):
    run_apart(SUITE, "--ddbmock-session").assert_outcomes(passed=4)


def test_the_ini_file(run, pytester):
    pytester.makeini("[pytest]\nddbmock_session = true\n")
    run(SUITE).assert_outcomes(passed=4)


def test_calls_while_modules_and_conftests_are_imported(run_apart, pytester):
    pytester.makeconftest("""
        import boto3
        from tests.switch.helpers import create_table
        create_table(boto3.client("dynamodb"))
    """)
    run_apart(
        """
        boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "1"})

        def test_it():
            assert boto3.resource("dynamodb").Table("orders").scan()["Count"] == 1
        """,
        "--ddbmock-session",
    ).assert_outcomes(passed=1)


def test_with_options_of_the_run(run):
    run(
        """
        def test_it():
            assert boto3.Session().client("dynamodb").meta.region_name == "eu-west-1"
        """,
        "--ddbmock-session",
        "--ddbmock-region=eu-west-1",
    ).assert_outcomes(passed=1)


def test_nothing_of_it_stays_in_the_process(run):
    run("def test_it(): create_table(boto3.client('dynamodb'))", "--ddbmock-session")
    from ddbmock._internal.hook.active import is_active  # noqa: PLC0415 (as it is now)

    assert not is_active()
