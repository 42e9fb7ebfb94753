"""The section beside a failed test."""

from __future__ import annotations

import pytest

ORDERS = "key customer (S), nr (N); indexes by_amount, by_stage, by_city, by_weekday, by_place"


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
        "4 calls in us-east-1, 0.5 RCU + 2 WCU:",
        (f"  CreateTable orders  {ORDERS}"),
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


def test_long_lists_are_cut(run):
    result = run("""
        def test_fails(orders):
            for nr in range(30):
                orders.put_item(Item=order(nr, text="x" * 1000))
            assert False
    """)
    lines = section_of(result)
    assert lines[0] == "31 calls in us-east-1, 30 WCU:"
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


def test_mocks_that_the_test_started_itself_are_shown_too(run):
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
    result.stdout.fnmatch_lines(["*- ddbmock -*", "1 call in us-east-1, no units:", "  ListTables"])
    result.stdout.fnmatch_lines(
        ["*- ddbmock -*", "1 call in us-east-1, no units:", "  DescribeLimits"]
    )


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
        "1 call in us-east-1, 0.5 RCU:",
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
    assert section_of(result)[:3] == [
        "1 call in us-east-1, no units:",
        "  DescribeLimits",
        "tables:",
    ]


def test_a_section_that_cannot_be_shown_does_not_hide_the_failure(run):
    result = run("""
        def test_fails(ddb, monkeypatch):
            monkeypatch.setattr(type(ddb.calls), "units", None)
            boto3.client("dynamodb").list_tables()
            assert "the failure" == ""
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the failure*", "the calls cannot be shown: TypeError*"])


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
    assert "sequence.py" not in result.stdout.str()


# --- options ---


SECRETS = """
    def test_fails(ddb, orders):
        for nr in range(12):
            orders.put_item(Item=order(nr, password="secret", card={"number": "4111", "of": "ada"}))
        ddb.calls.assert_not_called("PutItem")
"""


def test_masked_attributes_are_nowhere_in_the_output(run):
    result = run(SECRETS, "-oddbmock_mask=pass* NUMBER", "--tb=short")
    result.assert_outcomes(failed=1)
    assert "secret" not in result.stdout.str()
    assert "4111" not in result.stdout.str()
    assert section_of(result)[-2].endswith(
        "{'customer': 'ada', 'nr': 3, 'password': ***, 'card': {'number': ***, 'of': 'ada'}}"
    )
    result.stdout.fnmatch_lines([
        "E *AssertionError: expected PutItem never, there were 12; 12 calls in us-east-1, 12 WCU:",
        "E *PutItem orders  Item: {'customer': 'ada', 'nr': 2, 'password': *?*, 'card': *",
    ])  # fmt: skip


def test_values_are_left_out(run):
    result = run(SECRETS, "--ddbmock-show-values=false", "--tb=short")
    result.assert_outcomes(failed=1)
    for value in ("secret", "4111", "'ada'"):
        assert value not in result.stdout.str()
    assert section_of(result)[-2] == ("    {'customer': …, 'nr': …, 'password': …, 'card': …}")


def test_how_much_is_shown(run):
    result = run(SECRETS, "-oddbmock_shown_calls=2", "--ddbmock-shown-items=0", "--tb=short")
    lines = section_of(result)
    assert lines[:2] == ["13 calls in us-east-1, 12 WCU:", "  … 11 more before"]
    assert [line.partition(" orders")[0] for line in lines[2:]] == [
        "  PutItem", "  PutItem", "tables:", " ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("shown_calls=some", "ddbmock_shown_calls (--ddbmock-shown-calls) takes COUNT, not 'some'"),
        ("shown_items=-1", "ddbmock_shown_items (--ddbmock-shown-items) takes COUNT, not '-1'"),
        ("show_values=no", "ddbmock_show_values (--ddbmock-show-values) takes BOOL, not 'no'"),
    ],
)
def test_values_of_options_that_are_invalid(run, option, message):
    result = run("def test_passes(): pass", f"-oddbmock_{option}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()


def test_with_one_line_a_failure_there_is_no_section(run):
    result = run(SECRETS, "--tb=line")
    result.assert_outcomes(failed=1)
    assert "ddbmock -" not in result.stdout.str()
    assert "CreateTable" not in result.stdout.str()


# --- regions and scans ---


def test_calls_of_several_regions_show_theirs(run):
    result = run("""
        def test_fails(dynamodb_client, orders):
            boto3.client("dynamodb", region_name="eu-west-1").scan(TableName="orders")
    """)
    result.assert_outcomes(failed=1)
    assert section_of(result)[:3] == [
        "2 calls in eu-west-1 and us-east-1, no units:",
        (f"  CreateTable orders (us-east-1)  {ORDERS}"),
        ("  Scan orders (eu-west-1)  ResourceNotFoundException: Requested resource not found"),
    ]


def test_calls_show_their_region_where_the_tables_are_in_another(run):
    result = run("""
        @pytest.fixture(scope="module", autouse=True)
        def seeded(ddb_module):
            create_orders(boto3.client("dynamodb"))

        def test_fails():
            boto3.client("dynamodb", region_name="eu-west-1").scan(TableName="orders")
    """)
    result.assert_outcomes(failed=1)
    assert section_of(result)[1].startswith("  Scan orders (eu-west-1)  ResourceNotFound")


NOTE = (
    "note: a Scan returns items in the order of a hash of their partition keys,"
    " not in the order in which they were written"
)


def test_a_scan_of_several_items_has_a_note(run):
    result = run("""
        def test_scan(orders):
            for customer in ("ada", "ben", "cyd"):
                orders.put_item(Item={"customer": customer, "nr": 1})
            assert [item["customer"] for item in orders.scan()["Items"]] == ["ada", "ben", "cyd"]

        def test_query(orders):
            for nr in range(3):
                orders.put_item(Item=order(nr))
            orders.query(KeyConditionExpression=Key("customer").eq("ada"))
            assert False
    """)
    result.assert_outcomes(failed=2)
    assert result.stdout.str().count(NOTE) == 1
