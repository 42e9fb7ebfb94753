"""Access patterns that cost more than they need to: findings, their text, their chart."""

from __future__ import annotations

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key

from ddbmock import mock_dynamodb
from ddbmock._internal.calls import Display
from ddbmock._internal.report import findings, measure, page
from ddbmock._internal.report.patterns import pattern_lines
from tests.browser import browse, needs_chromium
from tests.companions.conftest import create_orders


@pytest.fixture
def ddb():
    with mock_dynamodb() as ddb:
        create_orders(boto3.client("dynamodb"))
        yield ddb


@pytest.fixture
def orders(ddb):
    return boto3.resource("dynamodb").Table("orders")


def put(orders, count, **attributes):
    for number in range(count):
        orders.put_item(Item={"id": str(number), **attributes})


def of(ddb):
    return {"test": {**measure([(ddb._service, None)]), "outcome": "passed"}}


def texts(ddb, kind):
    return [str(finding) for finding in findings(of(ddb)) if finding.kind == kind]


class TestScans:
    def scan(self, ddb, orders, condition):
        put(orders, 4, status="new")
        orders.scan(FilterExpression=condition)
        (text,) = texts(ddb, "scan")
        return text

    def test_that_should_be_a_query_of_the_table(self, ddb, orders):
        text = self.scan(ddb, orders, Attr("id").eq("1") & Attr("status").ne("old"))
        assert text == (
            "scan of orders: 1 call with (id = '1' AND status <> 'old'), 4 items read to return 1,"
            " 0.5 RCU: query the table by id"
        )

    def test_that_should_be_a_query_of_an_index(self, ddb, orders):
        text = self.scan(ddb, orders, Attr("status").eq("old"))
        assert text.endswith("read to return 0, 0.5 RCU: query the index by-status by status")

    def test_that_an_index_would_make_a_query(self, ddb, orders):
        text = self.scan(ddb, orders, Attr("city").eq("Bern"))
        assert text.endswith(
            "a global secondary index with the partition key city would make it a query"
        )

    @pytest.mark.parametrize(
        "condition",
        [
            Attr("status").eq("paid") | Attr("status").eq("old"),
            ~Attr("status").eq("new"),
            Attr("place.city").eq("Bern"),
            Attr("total").gt(3),
        ],
    )
    def test_without_advice(self, ddb, orders, condition):
        assert self.scan(ddb, orders, condition & Attr("x").not_exists()).endswith(" RCU")

    def test_legacy_conditions(self, ddb, orders):
        put(orders, 2)
        boto3.client("dynamodb").scan(
            TableName="orders",
            ScanFilter={
                "status": {
                    "ComparisonOperator": "EQ",
                    "AttributeValueList": [{"S": "new"}],
                }
            },
        )
        (text,) = texts(ddb, "scan")
        assert text.endswith("query the index by-status by status")

    def test_that_return_everything(self, ddb, orders):
        put(orders, 3)
        orders.scan()
        assert texts(ddb, "scan") == []


class TestFilters:
    @pytest.mark.parametrize(("last", "is_found"), [("1", True), ("3", False)])
    def test_that_discard_most(self, ddb, orders, last, is_found):
        put(orders, 4, status="new")
        orders.query(
            IndexName="by-status",
            KeyConditionExpression=Key("status").eq("new"),
            FilterExpression=Attr("id").lt(last),
        )
        assert bool(texts(ddb, "filter")) is is_found


class TestIndexes:
    def test_that_are_never_read(self, ddb, orders):
        put(orders, 3, status="new")
        assert texts(ddb, "index") == [
            (
                "index of orders/by-status: never read, 3 WCU to write it: it can go, unless"
                " something else than these tests reads it"
            )
        ]
        orders.query(IndexName="by-status", KeyConditionExpression=Key("status").eq("new"))
        assert texts(ddb, "index") == []

    def test_that_are_not_written_either(self, ddb, orders):
        put(orders, 3)
        assert texts(ddb, "index") == []


class TestKeys:
    def test_that_have_most_of_the_units(self, ddb, orders):
        put(orders, 2)
        for _ in range(12):
            orders.get_item(Key={"id": "1"}, ConsistentRead=True)
        assert texts(ddb, "hot key") == [
            (
                "hot key of orders: '1' has 93 % of the units, in 13 calls: a partition serves"
                " 3,000 RCU and 1,000 WCU a second"
            )
        ]

    def test_with_few_calls(self, ddb, orders):
        put(orders, 1)
        assert texts(ddb, "hot key") == []


class TestMaskedValues:
    def calls(self, ddb, orders, display):
        ddb.calls.display = display
        put(orders, 2, token="other")
        for _ in range(13):
            orders.get_item(Key={"id": "1"}, ConsistentRead=True)
        orders.scan(FilterExpression=Attr("token").eq("secret"))
        return texts(ddb, "scan"), texts(ddb, "hot key")

    def test_are_shown_without_a_mask(self, ddb, orders):
        (scan,), (hot_key,) = self.calls(ddb, orders, Display())
        assert "token = 'secret'" in scan
        assert "'1' has" in hot_key

    def test_of_a_filter(self, ddb, orders):
        (scan,), hot_keys = self.calls(ddb, orders, Display(mask=("tok*",)))
        assert "1 call with token = ***" in scan
        assert len(hot_keys) == 1

    def test_of_a_key(self, ddb, orders):
        (scan,), hot_keys = self.calls(ddb, orders, Display(mask=("id",)))
        assert "token = 'secret'" in scan
        assert hot_keys == []

    def test_all_of_them(self, ddb, orders):
        (scan,), hot_keys = self.calls(ddb, orders, Display(show_values=False))
        assert "secret" not in scan
        assert hot_keys == []


def test_the_dearest_comes_first(ddb, orders):
    put(orders, 3, status="new")
    orders.scan(FilterExpression=Attr("id").eq("1"))
    kinds = [finding.kind for finding in findings(of(ddb))]
    assert kinds == ["index", "scan"]


def test_lines(ddb, orders):
    assert list(pattern_lines(of(ddb))) == []
    put(orders, 3, status="new")
    lines = list(pattern_lines(of(ddb)))
    assert lines[0] == "access patterns:"
    assert lines[1].startswith("  index of orders/by-status: never read")


def test_the_terminal_summary(run):
    result = run(
        """
        def test(orders):
            orders.put_item(Item=order(1, city="Bern"))
            orders.scan(FilterExpression=Attr("city").eq("Basel"))
        """,
        "--ddbmock-report",
    )
    result.stdout.fnmatch_lines(
        ["access patterns:", "*scan of orders:*: query the index by_city by city"]
    )


@needs_chromium
def test_the_chart_in_a_browser(ddb, orders, tmp_path):
    """Three of four items that a scan read are discarded: so is three quarters of its bar."""
    put(orders, 4, status="new")
    orders.scan(FilterExpression=Attr("id").eq("1"))
    measuring = """<script>addEventListener("load", () => {
        const section = document.getElementById("patterns").parentElement;
        const found = ["returned", "discarded"].map(kind => {
            const bar = section.querySelector(`svg.chart rect.${kind}`);
            const width = Math.round(bar.getBoundingClientRect().width);
            return `${width} ${getComputedStyle(bar).fill}`;
        });
        document.documentElement.dataset.measured = found.join("; ");
    })</script>"""
    path = tmp_path / "page.html"
    path.write_text(page(of(ddb)).replace("</body>", f"{measuring}</body>"), encoding="utf-8")
    dom = browse(path.as_uri(), tmp_path / "profile", "--dump-dom", "--window-size=1000,900")
    measured = dom.partition('data-measured="')[2].partition('"')[0]
    returned, discarded = (part.split(" ", 1) for part in measured.split("; "))
    assert int(returned[0]) > 20
    assert int(discarded[0]) == pytest.approx(3 * int(returned[0]), abs=3)
    assert (returned[1], discarded[1]) == ("rgb(31, 111, 178)", "rgb(179, 84, 30)")


class TestOfAMock:
    def test_all_calls(self, ddb, orders):
        put(orders, 4, status="new")
        orders.scan(FilterExpression=Attr("id").eq("1"))
        patterns = ddb.access_patterns()
        assert [(found.kind, found.resource) for found in patterns] == [
            ("index", "orders/by-status"),
            ("scan", "orders"),
        ]
        assert [found.advice for found in patterns.of("scan")] == ["query the table by id"]
        assert str(patterns).splitlines() == [str(found) for found in patterns]

    def test_some_calls(self, ddb, orders):
        put(orders, 4)
        orders.scan(FilterExpression=Attr("id").eq("1"))
        with ddb.budget(scans=1) as calls:
            orders.scan(FilterExpression=Attr("city").eq("Bern"))
        (found,) = ddb.access_patterns(calls)
        assert found.description.startswith("1 call with city = 'Bern', 4 items read")
        assert not ddb.access_patterns(ddb.calls(operation="PutItem"))

    def test_nothing_to_report(self, ddb):
        assert str(ddb.access_patterns()) == "no access pattern that costs more than it needs to"
