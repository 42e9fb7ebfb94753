"""The tables of the reference: they have every option, fixture and marker, with its default."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

import ddbmock
import ddbmock.beside
from ddbmock._internal.command_line import main
from ddbmock._internal.options import Options
from ddbmock._internal.pytest_plugin import options as run_options
from tests.pytest_runs import ROOT, run_subprocess

REFERENCE = ROOT / "docs" / "reference"


def rows(page, heading):
    """The rows of the table below a heading: its cells, without the backquotes of the first."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    section = re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
    return {row[0].strip("` "): row for row in cells}


def test_every_option_of_a_mock_is_there():
    assert sorted(rows("mock.md", "Options")) == sorted(field.name for field in fields(Options))


@pytest.mark.parametrize("field", fields(Options), ids=lambda field: field.name)
def test_the_default_of_an_option(field):
    default = rows("mock.md", "Options")[field.name][2]
    if field.name == "ttl_window":
        assert (default, field.default) == ("48 hours", 48 * 3600)
    elif field.default is not None:
        assert float(eval(default.strip("`"))) == float(field.default)  # noqa: S307 (our own page)


def test_every_option_of_a_run_is_there(pytestconfig):
    declared = {
        option
        for name in pytestconfig._parser._inidict
        if name.startswith("ddbmock_")
        for option in [f"--{name.replace('_', '-')}"]
    }
    assert set(rows("pytest.md", "Options of a run")) == declared
    assert {f"--ddbmock-{name.replace('_', '-')}" for name in run_options._OF_MOCKS} < declared


def test_every_fixture_is_there_with_its_scope(pytester):
    options = ("--fixtures", "-oasyncio_default_fixture_loop_scope=function")
    printed = run_subprocess(pytester, *options, plugins=["asyncio"]).stdout.str()
    assert re.findall(r"fixtures defined from (ddbmock\S*)", printed) == ["ddbmock.pytest_plugin"]
    pattern = r"^(ddb\w*|dynamodb_\w+|aio_dynamodb_\w+)(?: \[(\w+) scope\])? -- "
    lines = re.findall(pattern, printed, re.MULTILINE)
    found = {name: scope or "function" for name, scope in lines}
    assert {name: row[2] for name, row in rows("pytest.md", "Fixtures").items()} == found


def test_every_marker_is_there(pytestconfig):
    lines = [line for line in pytestconfig.getini("markers") if line.startswith("ddbmock")]
    names = {re.split(r"[(:]", line)[0] for line in lines}
    assert set(rows("pytest.md", "Markers")) == names


def test_every_option_of_serve_is_on_the_page_of_the_endpoint(capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    options = set(re.findall(r"--[a-z0-9-]+", capsys.readouterr().out)) - {"--help"}
    page = (ROOT / "docs" / "how-to" / "endpoint.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| `--")]
    assert {option for row in table for option in re.findall(r"`(--[a-z0-9-]+)", row)} == options


def test_every_public_name_is_there():
    pages = [page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md")]
    names = [name for page in pages for name in re.findall(r"^::: (\S+)", page, re.MULTILINE)]
    assert sorted(names) == sorted([
        *(f"ddbmock.{name}" for name in ddbmock.__all__),
        *(f"ddbmock.beside.{name}" for name in ddbmock.beside.__all__),
    ])  # fmt: skip


def test_the_page_of_types_lists_every_public_name():
    page = (ROOT / "docs" / "how-to" / "types.md").read_text(encoding="utf-8")
    lines = page.partition("## The names")[2].splitlines()
    names = [
        name for line in lines if line.startswith("|") for name in re.findall(r"`(\w+)`", line)
    ]
    assert sorted(names) == sorted(["ddbmock", *ddbmock.__all__])


@pytest.mark.parametrize("name", ddbmock.__all__)
def test_errors_and_warnings_are_named_as_they_are_imported(name):
    public = getattr(ddbmock, name)
    if isinstance(public, type) and issubclass(public, Exception):
        assert public.__module__ == "ddbmock"
