"""`--ddbmock-report=html`: one page that needs nothing else."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from html.parser import HTMLParser

import pytest

from ddbmock._internal.report import page

VOID = {"br", "meta", "line", "rect"}


class Reader(HTMLParser):
    """Reads a page: every element is closed, and tables by their captions."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._caption = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.tables[self._caption].append([])
        if tag in {"td", "th"}:
            self.tables[self._caption][-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "caption" in self.open:
            self._caption = data
            self.tables[data] = []
        elif {"td", "th"} & set(self.open):
            self.tables[self._caption][-1][-1] += data


@pytest.fixture
def text(page_path) -> str:
    written: str = page_path.read_text(encoding="utf-8")
    return written


def test_where_it_is_written(run, pytester):
    result = run("def test(orders): pass", "--ddbmock-report=html")
    result.stdout.fnmatch_lines(["*= ddbmock =*"])
    result.stdout.fnmatch_lines(["report written to *ddbmock-report.html"])
    assert pytester.path.joinpath("ddbmock-report.html").exists()


def test_tables(text):
    tables = Reader(text).tables
    places = {row[0]: row[1:3] for row in tables["Capacity units by table and index"][1:]}
    assert places["orders/by_city"] == ["1", "120"]
    assert places["orders"][0] == "266.5"
    tests = tables["Tests by capacity units"]
    assert tests[0][:6] == ["test", "outcome", "calls", "errors", "of them faults", "scans"]
    assert tests[1][:6] == ["test_orders.py::test_orders[<b>ben</b>]", "passed", "7", "0", "0", "1"]
    assert len(tests) == 26
    assert len(tables["Tests by capacity units, continued"]) == 1 + 33 - 25
    operations = {row[0]: row[1:] for row in tables["Calls by operation"][1:]}
    assert operations["GetItem"] == ["435", "0", "217.5", "0"]
    assert operations["PutItem"][:2] == ["437", "1"]
    keys = [row[:3] for row in tables["Partition keys by capacity units"][1:]]
    assert keys[0] == ["orders", "'ada'", "933"]
    assert keys[1] == ["orders", "'<b>ben</b>'", "61"]
    assert ["orders/by_city", "'Bern'", "2"] in keys
    scanning = "test_orders.py::test_orders[ada]test_orders.py::test_orders[<b>ben</b>]"
    assert tables["Scans by table and index"][1] == [
        "orders", scanning, "Scan", "(city = 'Basel' AND nr < 9)", "2", "120", "8", "44",
    ]  # fmt: skip
    assert tables["Filters by discarded items"][1] == [
        "(city = 'Basel' AND nr < 9)", "orders", scanning, "Scan", "120", "112", "93 %", "44",
    ]  # fmt: skip


def test_access_patterns(text):
    patterns = Reader(text).tables["Access patterns that cost more than they need to"]
    assert patterns[0] == ["kind", "table/index", "what", "instead", "units"]
    scan = next(row for row in patterns[1:] if row[0] == "scan")
    assert scan == [
        "scan",
        "orders",
        "2 calls with (city = 'Basel' AND nr < 9), 120 items read to return 8, 44 RCU",
        "query the index by_city by city",
        "44",
    ]


def test_it_needs_nothing_else(text):
    assert "<script" not in text
    assert not re.search(r"(src|href)=\"(?!https://aws.amazon.com/dynamodb/pricing)", text)
    assert "@import" not in text
    assert "url(" not in text


def test_it_is_accessible(text):
    reader = Reader(text)
    elements = reader.attributes
    charts = [of for tag, of in elements if tag == "svg" and of.get("class") == "chart"]
    assert len(charts) == 3
    assert all(of["role"] == "img" and of["aria-label"] for of in charts)
    assert all(
        of.get("aria-hidden") for tag, of in elements if of.get("class") == "bar" and tag == "svg"
    )
    assert all(of.get("scope") in {"row", "col"} for tag, of in elements if tag == "th")
    ids = {of["id"] for _, of in elements if "id" in of}
    assert {of["aria-labelledby"] for _, of in elements if "aria-labelledby" in of} == ids
    headings = [tag for tag, _ in elements if re.fullmatch("h[1-6]", tag)]
    assert headings == ["h1", *["h2"] * 8]


def contrast(first: str, second: str) -> float:
    """As in https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio ."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_its_colors_are_distinguishable(text):
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w{6});", block))
        for block in re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    )
    assert light.keys() == dark.keys()
    for colors in (light, dark):
        for text_color in ("ink", "faint", "link"):
            for ground in ("paper", "panel"):
                assert contrast(colors[text_color], colors[ground]) >= 4.5
        for graphic in ("read", "write", "units"):
            assert contrast(colors[graphic], colors["paper"]) >= 3


def test_a_run_without_calls():
    at = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
    text = page({}, at)
    Reader(text)
    for part in (
        "2026-05-01 12:00 UTC",
        "No partition key was used by several calls.",
        "No table or index was scanned.",
        "No filter discarded items.",
        "<dt>price in USD</dt><dd>0</dd>",
    ):
        assert part in text


def test_keys_of_one_call_are_left_out(run, pytester):
    run(
        """
        @pytest.mark.parametrize("customer", ["ada", "ben", "cyd", "cyd"])
        def test_one(orders, customer):
            orders.put_item(Item={"customer": customer, "nr": 1})
        """,
        "--ddbmock-report=html",
    )
    text = pytester.path.joinpath("ddbmock-report.html").read_text(encoding="utf-8")
    rows = Reader(text).tables["Partition keys by capacity units"][1:]
    assert [row[:3] for row in rows] == [["orders", "'cyd'", "2"]]


def test_many_tests_that_scan_can_be_opened(run, pytester):
    run(
        """
        @pytest.mark.parametrize("number", range(5))
        def test_scan(orders, number):
            orders.scan()
        """,
        "--ddbmock-report=html",
    )
    text = pytester.path.joinpath("ddbmock-report.html").read_text(encoding="utf-8")
    [row] = Reader(text).tables["Scans by table and index"][1:]
    assert row[1] == "".join(
        ("2 more" if number == 3 else "") + f"test_orders.py::test_scan[{number}]"
        for number in range(5)
    )


def test_tables_of_several_regions(run, pytester):
    run(
        """
        ITEM = {"customer": {"S": "ada"}, "nr": {"N": "1"}}

        def test_regions(ddb):
            for region in ("eu-west-1", "eu-west-2"):
                client = boto3.client("dynamodb", region_name=region)
                create_orders(client)
                client.put_item(TableName="orders", Item=ITEM)
        """,
        "--ddbmock-report=html",
    )
    text = pytester.path.joinpath("ddbmock-report.html").read_text(encoding="utf-8")
    places = [row[0] for row in Reader(text).tables["Capacity units by table and index"][1:]]
    assert places == ["orders (eu-west-1)", "orders (eu-west-2)"]
