"""Recorded runs: `pytest --ddbmock-report=json`, and `ddbmock report`."""

from __future__ import annotations

import json

import pytest

from ddbmock._internal.command_line import main
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.report import read_run

TWO = """
@pytest.mark.parametrize("customer", ["ada", "ben"])
def test_orders(orders, customer):
    orders.put_item(Item={"customer": customer, "nr": 1})
"""
MEASURES = {
    "outcome": "passed",
    "calls": 2,
    "errors": 0,
    "scans": 1,
    "read": 0.5,
    "write": 1,
    "usage": [["us-east-1", "orders", None, 0.5, 1]],
    "operations": [["PutItem", 1, 0, 0, 1], ["Scan", 1, 0, 0.5, 0]],
    "keys": [["orders", "a", 1, 1.0]],
    "reads": [["Scan", "orders", "", True, 1, 1, 1, 0.5]],
}


def write(path, tests, version=1):
    path.write_text(json.dumps({"ddbmock_report": version, "tests": tests}))
    return path


def test_a_run_is_recorded_and_shown(run, pytester, capsys):
    run(TWO, "--ddbmock-report=json").assert_outcomes(passed=2)
    path = pytester.path / "ddbmock-report.json"
    assert len(read_run(path)) == 2
    capsys.readouterr()
    assert main(["report", str(path)]) == 0
    out = capsys.readouterr().out
    assert "test_orders.py::test_orders[ada]" in out
    assert "2 tests," in out
    assert main(["report", str(path), "--html", str(pytester.path / "page.html")]) == 0
    assert "test_orders.py::test_orders[ada]" in (pytester.path / "page.html").read_text()


def test_a_path_of_its_own(run, pytester):
    run(TWO, "--ddbmock-report=json:out/run.json").assert_outcomes(passed=2)
    assert len(read_run(pytester.path / "out" / "run.json")) == 2


def test_runs_are_put_together(tmp_path, capsys):
    first = write(tmp_path / "1.json", {"test_a.py::test": MEASURES})
    second = write(tmp_path / "2.json", {"test_b.py::test": MEASURES})
    assert main(["report", str(first), str(second)]) == 0
    out = capsys.readouterr().out
    assert "test_a.py::test" in out
    assert "test_b.py::test" in out
    assert "4       0      2        1        2  2 tests," in out


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "no report of a run; pytest --ddbmock-report=json:PATH writes one"),
        ('{"ddbmock_report": 2}', "a report of another version than 1"),
        ('{"ddbmock_report": 1, "tests": []}', "damaged: tests are missing"),
        ('{"ddbmock_report": 1, "tests": {"t": []}}', "damaged: t has other members"),
        ('{"ddbmock_report": 1, "tests": {"t": {"calls": 1}}}', "damaged: t has other members"),
    ],
)
def test_another_file(tmp_path, capsys, content, problem):
    path = tmp_path / "run.json"
    path.write_text(content)
    assert main(["report", str(path)]) == 1
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("member", MEASURES)
@pytest.mark.parametrize("value", [None, True, [1], [["x"]]])
def test_a_damaged_member(tmp_path, member, value):
    path = write(tmp_path / "run.json", {"t": {**MEASURES, member: value}})
    with pytest.raises(FileError, match=f"damaged: t: {member}"):
        read_run(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        read_run(tmp_path / "none.json")
