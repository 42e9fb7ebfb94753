"""A long load says how far it is, on a terminal only."""

from __future__ import annotations

import io
import json

import pytest

from ddbmock._internal.data import FileError
from ddbmock._internal.data.progress import RECORDS_PER_UPDATE


class FakeTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def long_file(tmp_path):
    path = tmp_path / "orders.jsonl"
    lines = [json.dumps({"orderId": f"{n:06}"}) for n in range(2 * RECORDS_PER_UPDATE)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_on_a_terminal(shop, long_file, monkeypatch):
    terminal = FakeTerminal()
    monkeypatch.setattr("sys.stderr", terminal)
    shop.load(long_file)
    *shown, erased, end = terminal.getvalue().split("\r")
    assert shown == [
        "",
        "ddbmock: loading orders.jsonl: 5,000 items (50%)",
        "ddbmock: loading orders.jsonl: 10,000 items (100%)",
    ]
    assert (erased, end) == (" " * len(shown[-1]), "")


def test_the_line_is_erased_before_an_error_too(shop, long_file, monkeypatch):
    long_file.write_text(long_file.read_text() + "oops\n")
    terminal = FakeTerminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with pytest.raises(FileError, match=r"orders.jsonl:10001: not JSON: Expecting value"):
        shop.load(long_file)
    assert terminal.getvalue().endswith(" \r")


def test_a_short_load_reports_nothing(shop, files, monkeypatch):
    terminal = FakeTerminal()
    monkeypatch.setattr("sys.stderr", terminal)
    shop.load(files / "saved_state.yaml")
    assert terminal.getvalue() == ""


def test_nothing_is_reported_elsewhere(shop, long_file, capsys):
    shop.load(long_file)
    assert capsys.readouterr() == ("", "")


def test_without_standard_error(shop, files, monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    assert shop.load(files / "saved_state.yaml") == 3
