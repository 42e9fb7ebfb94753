"""What the documentation shows works: every Python block of README.md and docs/ runs.

A page is read from top to bottom: its blocks become one module, so a later block may use what an
earlier one made, and the tests that a block defines run under pytest with ddbmock's plugin. All
pages run in one pytest, which is asked for each of them.

The tutorial is done step by step, as a reader would: its blocks are files, as their titles say, and
each `python -m pytest` runs, and prints what the page shows next.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ddbmock._internal.service_model import service_model
from tests import old_models
from tests.pytest_runs import ENVIRONMENT, ROOT, plugin_options, run_inprocess
from tests.tutorial import do_step_by_step

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
TUTORIAL = sorted((DOCS / "tutorial").glob("[0-9]*.md"))
BLOCK = re.compile(r"^```python(?: [^\n]*)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
TEST = re.compile(r"^\s*(?:async )?def test_", re.MULTILINE)
PLUGINS = ["asyncio", "anyio"]
OPTIONS = ["-Werror", "-oasyncio_mode=auto", "-oasyncio_default_fixture_loop_scope=function"]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def module_of(page: Path) -> str:
    return "test_" + re.sub(r"\W", "_", name_of(page).removesuffix(".md"))


def code_of(page: Path) -> str:
    """The Python blocks of a page, one after the other, with a test at least."""
    code = "\n\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    if not TEST.search(code):
        code += "\n\ndef test_the_page_itself(): pass\n"
    return f"from __future__ import annotations\n\n{code}"


def run_pytest(folder: Path, *arguments: str) -> str:
    """Run pytest in a folder and return what it printed."""
    done = subprocess.run(  # noqa: S603 (our own Python)
        [sys.executable, "-m", "pytest", *OPTIONS, *plugin_options(PLUGINS), *arguments],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr


# --- pages -------------------------------------------------------------------------------------

#: Pages about operations that not every supported botocore has.
NEWER_OPERATIONS = {"vectors.md": "SearchVectors"}
OF_COMPLETE_MODELS = {"backups.md", "faults.md", "global-tables.md"}
PAGES_WITH_CODE = [
    page for page in PAGES if page not in TUTORIAL and BLOCK.search(page.read_text("utf-8"))
]


@dataclass
class Results:
    """What became of the tests of all pages: (module, outcome) -> how many."""

    outcomes: Counter[tuple[str, str]]
    texts: defaultdict[str, str]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for page in PAGES_WITH_CODE:
        (folder / f"{module_of(page)}.py").write_text(code_of(page), encoding="utf-8")
    output = run_pytest(folder, "--junitxml=results.xml", "--continue-on-collection-errors")
    results = Results(Counter(), defaultdict(lambda: output))
    for case in ET.parse(folder / "results.xml").iter("testcase"):  # noqa: S314 (our own)
        module = (case.get("classname") or case.get("name") or "").split(".")[0]
        problem = next((part for part in case if part.tag in {"failure", "error", "skipped"}), None)
        outcome = "passed" if problem is None else problem.tag
        results.outcomes[module, outcome] += 1
        if problem is not None:
            results.texts[module] = problem.text or output
    return results


@pytest.mark.parametrize("page", PAGES_WITH_CODE, ids=name_of)
def test_the_code_of_a_page_runs(page, results):
    if old_models.IS_OLD and page.name in OF_COMPLETE_MODELS:
        pytest.skip(old_models.REASON)
    if re.search(r"\baiobotocore\.|\baio_dynamodb", code_of(page)):
        pytest.importorskip("aiobotocore")  # the newest botocore has none
    operation_name = NEWER_OPERATIONS.get(page.name)
    if (
        operation_name is not None
        and operation_name not in service_model("dynamodb").operation_names
    ):
        pytest.skip(f"this botocore does not have {operation_name} yet")
    module = module_of(page)
    found = {outcome: n for (name, outcome), n in results.outcomes.items() if name == module}
    count = len(TEST.findall(code_of(page)))
    assert found.keys() == {"passed"}, results.texts[module]
    assert found["passed"] >= count  # more, where a test has parameters


# --- the tutorial ------------------------------------------------------------------------------


def test_the_tutorial_step_by_step(pytester, monkeypatch):
    """In this process; `make package` does it as a reader does, in an environment of its own."""
    monkeypatch.setenv("COLUMNS", "120")

    def run_pytest(_folder: Path) -> str:
        # The plugins are there already.
        options = (*OPTIONS, "-Wignore::pytest.PytestAssertRewriteWarning")
        result = run_inprocess(pytester, *options, plugins=PLUGINS)
        return f"{result.stdout}\n{result.stderr}"

    assert len(do_step_by_step(TUTORIAL, pytester.path, run_pytest)) >= len(TUTORIAL)


# --- links -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_links_of_a_page_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
