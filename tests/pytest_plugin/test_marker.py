"""What the marker takes, and how it is refused."""

from __future__ import annotations

import pytest

TEMPLATE = """
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: shop-test}}
"""


@pytest.fixture
def files(pytester):
    pytester.path.joinpath("template.yml").write_text(TEMPLATE)
    pytester.path.joinpath("orders.jsonl").write_text('{"id": "1"}\n{"id": "2"}\n')


def test_a_template_and_files_for_tables(run, files):
    run("""
        from pathlib import Path

        @pytest.mark.ddbmock(tables="template.yml", load={"shop-test": "orders.jsonl"})
        def test_names(ddb):
            assert ids(ddb, "shop-test") == ["1", "2"]
            assert len(ddb.calls) == 0

        @pytest.mark.ddbmock(
            tables=[Path("template.yml"), ORDERS],
            load={"shop-test": Path("orders.jsonl"), "orders": [{"id": "3"}]},
        )
        def test_paths(ddb):
            assert ids(ddb, "shop-test") == ["1", "2"]
            assert ids(ddb) == ["3"]
    """).assert_outcomes(passed=2)


def test_next_to_the_test_s_file_or_in_the_working_directory(pytester, run, files):
    folder = pytester.mkdir("inner")
    folder.joinpath("test_inner.py").write_text("""
import pytest

@pytest.mark.ddbmock(tables="template.yml", load={"shop-test": "mine.jsonl"})
def test_it(ddb):
    assert [item["id"]["S"] for item in ddb.tables["shop-test"].items] == ["9"]
""")
    folder.joinpath("mine.jsonl").write_text('{"id": "9"}\n')
    run("", "inner").assert_outcomes(passed=1)


def refusal(result):
    """The section of the only error, which is the marker's text and nothing more."""
    result.assert_outcomes(errors=1)
    lines = result.stdout.lines
    begin = next(n for n, line in enumerate(lines) if "ERROR at setup of test_it" in line)
    ends = ("short test summary info", "- ddbmock -")
    end = next(n for n, line in enumerate(lines) if any(text in line for text in ends))
    return "\n".join(lines[begin + 1 : end])


def test_a_table_that_the_service_refuses(run):
    result = run("""
        @pytest.mark.ddbmock(tables={**ORDERS, "BillingMode": "FREE"})
        def test_it(ddb): pass
    """)
    assert refusal(result) == (
        "@pytest.mark.ddbmock: the table 'orders' is refused: ValidationException: 1 validation"
        " error detected: Value 'FREE' at 'billingMode' failed to satisfy constraint: Member must"
        " satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"
    )


def test_a_table_whose_request_has_other_types(run):
    result = run("""
        @pytest.mark.ddbmock(tables={**ORDERS, "KeySchema": "id"})
        def test_it(ddb): pass
    """)
    assert refusal(result).startswith(
        "@pytest.mark.ddbmock: the table 'orders' is refused: SerializationException"
    )


def test_a_table_that_is_none(run):
    result = run("""
        @pytest.mark.ddbmock(tables=7)
        def test_it(ddb): pass
    """)
    assert refusal(result) == (
        "@pytest.mark.ddbmock: tables takes what CreateTable takes (with a TableName), what"
        " tables_from() returns, the path of a template, or a list of these; not 7"
    )


def test_a_file_that_is_not_there(run, pytester):
    result = run("""
        @pytest.mark.ddbmock(tables=ORDERS, load="order.jsonl")
        def test_it(ddb): pass
    """)
    assert refusal(result) == (
        f"@pytest.mark.ddbmock: there is no 'order.jsonl'; it was looked for in {pytester.path}"
    )


def test_items_that_do_not_fit(run):
    result = run("""
        @pytest.mark.ddbmock(tables=ORDERS, load={"orders": [{"name": "no key"}]})
        def test_it(ddb): pass
    """)
    text = refusal(result)
    assert text.startswith("@pytest.mark.ddbmock: ")
    assert "orders" in text
    assert "Traceback" not in text


def test_tables_are_there_at_once_whatever_the_delays(run):
    run("""
        @pytest.mark.ddbmock(delays=60, tables=ORDERS, load={"orders": [{"id": "1"}]})
        def test_it(ddb, dynamodb_client):
            assert ids(ddb) == ["1"]
            table = dynamodb_client.describe_table(TableName="orders")["Table"]
            assert table["TableStatus"] == "ACTIVE"
    """).assert_outcomes(passed=1)
