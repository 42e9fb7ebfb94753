"""`--ddbmock-report`: calls, units and scans of each test in the terminal summary."""

from __future__ import annotations

from ddbmock._internal.report import Measures, read_run, summary_lines


def measures(calls: int = 1, read: float = 0.0, write: float = 0.0) -> Measures:
    return {"calls": calls, "errors": 0, "scans": 0, "read": read, "write": write}


def test_the_summary(run):
    result = run(
        """
        def test_cheap(orders):
            orders.put_item(Item=order(1))

        def test_dear(orders):
            orders.put_item(Item=order(1, text="x" * 3000))
            orders.scan(ConsistentRead=True)

        def test_nothing():
            pass

        def test_fails(orders):
            orders.delete_item(Key={"customer": "ada", "nr": 1},
                               ConditionExpression=Attr("nr").exists())
        """,
        "--ddbmock-report",
    )
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*= ddbmock =*",
            " calls  errors  scans     read    write  test",
            "     3       0      1        1        *  test_orders.py::test_dear",
            "     2       0      0        0        *  test_orders.py::test_cheap",
            "     2       1      0        0        1  test_orders.py::test_fails",
            "     7       1      1        1        *  3 tests, 0.00000* USD",
            "prices: DynamoDB Standard on demand in us-east-1, as of 2024-11-01",
        ],
        consecutive=True,
    )


def test_errors_of_faults_are_counted_apart(run, pytester):
    source = """
        def test_affected(orders, ddb):
            ddb.faults.add(operation="PutItem", error="ThrottlingException", times=2)
            orders.put_item(Item=order(1))
            with pytest.raises(Exception):
                orders.put_item(Item=order(1), ConditionExpression=Attr("nr").not_exists())

        def test_quiet(orders):
            orders.put_item(Item=order(1))
        """
    result = run(source, "--ddbmock-report")
    result.stdout.fnmatch_lines(
        [
            "     5       3 *::test_affected (3 errors, 2 of them faults)",
            "     2       0 *  test_orders.py::test_quiet",
            "     7       3 *  2 tests, * USD (3 errors, 2 of them faults)",
        ],
        consecutive=True,
    )
    run(source, "--ddbmock-report=html")
    page = pytester.path.joinpath("ddbmock-report.html").read_text(encoding="utf-8")
    assert "<dt>of them faults</dt><dd>2</dd>" in page
    run(source, "--ddbmock-report=json")
    measures = read_run(pytester.path / "ddbmock-report.json")
    assert [each["faults"] for each in measures.values()] == [2, 0]


def test_not_without_the_option(run):
    result = run("def test(orders): pass")
    assert "ddbmock =" not in result.stdout.str()


def test_a_run_without_calls(run):
    result = run("def test(): pass", "--ddbmock-report")
    result.stdout.fnmatch_lines(["*= ddbmock =*", "no test called DynamoDB"])


def test_calls_of_tests_that_share_a_mock_are_distinguished(run):
    result = run(
        """
        @pytest.fixture(scope="module", autouse=True)
        def shared():
            with mock_dynamodb(stored_calls=2):
                create_orders(boto3.client("dynamodb"))
                yield

        @pytest.mark.parametrize("count", [300, 3])
        def test_counted(count):
            table = boto3.resource("dynamodb").Table("orders")
            for nr in range(count):
                table.put_item(Item=order(nr))

        def test_none():
            pass
        """,
        "--ddbmock-report",
    )
    result.stdout.fnmatch_lines([
        "   301       0      0        0      300  test_orders.py::test_counted[[]300[]]",
        "     3       0      0        0        3  test_orders.py::test_counted[[]3[]]",
        "   304       0      0        0      303  2 tests, *",
    ])  # fmt: skip


def test_an_option_that_is_none(run):
    result = run("def test(): pass", "--ddbmock-report", "test_orders.py")
    result.stderr.fnmatch_lines(
        [
            (
                "*--ddbmock-report takes nothing, html[[]:PATH[]] or json[[]:PATH[]],"
                " not 'test_orders.py'; with nothing,*"
            )
        ]
    )


def test_many_and_long_names():
    tests_by_name = {
        f"tests/test_{'long_' * 30}{number}.py::test": measures(read=number) for number in range(50)
    }
    lines = list(summary_lines(tests_by_name, width=100))
    assert max(map(len, lines)) <= 100
    assert lines[1].endswith("_49.py::test")
    assert lines[-3] == "… and 10 more tests"
    assert "50 tests" in lines[-2]


def test_large_amounts_are_written_out():
    lines = list(summary_lines({"test": measures(read=12_345_678.5, write=1e9)}))
    assert "12,345,678.5" in lines[1]
    assert lines[2].endswith("626.54 USD")
