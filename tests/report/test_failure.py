"""The section beside a failed test."""

from __future__ import annotations


def section_of(result) -> list[str]:
    """Return the lines of the section ddbmock in pytest's output."""
    lines: list[str] = result.outlines
    [start] = [at for at, line in enumerate(lines) if line.strip("-") == " ddbmock "]
    ends = (at for at, line in enumerate(lines) if at > start and line[:3] in {"===", "---", "___"})
    return lines[start + 1 : next(ends)]


def test_calls_and_tables(run):
    result = run("""
        def test_fails(orders):
            orders.put_item(Item=order(1, tags={"a", "b"}))
            orders.query(KeyConditionExpression=Key("customer").eq("ada"),
                         FilterExpression=Attr("tags").contains("c"))
            orders.put_item(Item=order(1), ConditionExpression=Attr("nr").not_exists())
    """)
    result.assert_outcomes(failed=1)
    assert section_of(result) == [
        "4 calls, 0.5 RCU + 2 WCU:",
        *[line for line in section_of(result)[1:2] if line.startswith("  CreateTable orders  ")],
        "  PutItem orders  Item: {'customer': 'ada', 'nr': 1, 'tags': {'a', 'b'}}  [1 WCU]",
        (
            "  Query orders  KeyConditionExpression: customer = 'ada', FilterExpression:"
            " contains(tags, 'c')  [0 of 1 item, 0.5 RCU]"
        ),
        (
            "  PutItem orders  Item: {'customer': 'ada', 'nr': 1}, ConditionExpression:"
            " attribute_not_exists(nr)  [1 WCU]"
            "  ConditionalCheckFailedException: The conditional request failed"
        ),
        "tables:",
        "  orders (us-east-1): 1 item, 21 bytes",
        "    {'customer': 'ada', 'nr': 1, 'tags': {'a', 'b'}}",
    ]


def test_long_stories_are_cut(run):
    result = run("""
        def test_fails(orders):
            for nr in range(30):
                orders.put_item(Item=order(nr, text="x" * 1000))
            assert False
    """)
    lines = section_of(result)
    assert lines[0] == "31 calls, 30 WCU:"
    assert lines[1] == "  … 21 more before"
    assert [line.partition("  Item")[0] for line in lines[2:12]] == ["  PutItem orders"] * 10
    assert lines[13].startswith("  orders (us-east-1): 30 items, ")
    assert lines[-1] == "    … 26 more"
    assert max(map(len, lines)) < 240


def test_a_passing_test_has_none(run):
    result = run("def test_passes(orders): pass")
    result.assert_outcomes(passed=1)
    assert "ddbmock -" not in result.stdout.str()


def test_a_failing_test_without_a_mock_has_none(run):
    result = run("def test_fails(): assert False")
    result.assert_outcomes(failed=1)
    assert "ddbmock -" not in result.stdout.str()


def test_mocks_that_the_test_made_itself_are_shown_too(run):
    result = run("""
        @mock_dynamodb
        def test_decorated():
            boto3.client("dynamodb").list_tables()
            assert False

        def test_block():
            with mock_dynamodb():
                boto3.client("dynamodb").describe_limits()
                assert False
    """)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*- ddbmock -*", "1 call, no units:", "  ListTables"])
    result.stdout.fnmatch_lines(["*- ddbmock -*", "1 call, no units:", "  DescribeLimits"])


def test_a_fixture_that_fails_has_one(run):
    result = run("""
        @pytest.fixture
        def broken(orders):
            orders.scan()
            raise RuntimeError

        def test_it(broken): pass
    """)
    result.assert_outcomes(errors=1)
    assert "  Scan orders  [0 items, 0.5 RCU]" in section_of(result)


def test_a_fixture_that_fails_afterwards_has_one(run):
    result = run("""
        @pytest.fixture(autouse=True)
        def no_scans(ddb):
            yield
            ddb.calls.assert_no_scans()

        def test_it(orders):
            orders.scan()
    """)
    result.assert_outcomes(passed=1, errors=1)
    assert "  Scan orders  [0 items, 0.5 RCU]" in section_of(result)


def test_only_calls_of_the_test_itself_are_shown(run):
    result = run("""
        @pytest.fixture(scope="module", autouse=True)
        def seeded(ddb_module):
            create_orders(boto3.client("dynamodb"))

        def test_before(ddb):
            boto3.resource("dynamodb").Table("orders").put_item(Item=order(1))

        def test_fails(ddb):
            boto3.client("dynamodb").scan(TableName="orders")
            assert False
    """)
    result.assert_outcomes(passed=1, failed=1)
    assert section_of(result) == [
        "1 call, 0.5 RCU:",
        "  Scan orders  [0 items, 0.5 RCU]",
        "tables:",
        "  orders (us-east-1): 0 items, 0 bytes",
    ]


def test_calls_before_the_test_are_not_shown(run):
    result = run("""
        @pytest.fixture(scope="module", autouse=True)
        def shared():
            with mock_dynamodb():
                create_orders(boto3.client("dynamodb"))
                yield

        def test_before():
            boto3.client("dynamodb").scan(TableName="orders")

        def test_fails():
            boto3.client("dynamodb").describe_limits()
            assert False
    """)
    result.assert_outcomes(passed=1, failed=1)
    assert section_of(result)[:3] == ["1 call, no units:", "  DescribeLimits", "tables:"]


def test_a_section_that_cannot_be_told_does_not_hide_the_failure(run):
    result = run("""
        def test_fails(ddb, monkeypatch):
            monkeypatch.setattr(type(ddb.calls), "units", None)
            boto3.client("dynamodb").list_tables()
            assert "the failure" == ""
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the failure*", "the calls cannot be told: TypeError*"])


def test_an_assertion_about_calls_shows_no_frames_of_ddbmock(run):
    result = run("""
        def test_fails(ddb, orders):
            ddb.calls.assert_called("PutItem", table="orders")
    """)
    result.stdout.fnmatch_lines([
        "*def test_fails(ddb, orders):",
        '*ddb.calls.assert_called("PutItem", table="orders")',
        "E *AssertionError: expected PutItem of table orders at least once, there were 0; *",
        "E *CreateTable orders *",
        "test_orders.py:*: AssertionError",
    ])  # fmt: skip
    assert "questions.py" not in result.stdout.str()
