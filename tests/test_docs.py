"""What the documentation shows works: every Python block of README.md and docs/ runs.

A page is read from top to bottom: its blocks become one module, so a later block may use what an
earlier one made, and the tests that a block defines run under pytest with ddbmock's plugin.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
TEST = re.compile(r"^\s*(?:async )?def test_", re.MULTILINE)


def code_of(page: Path) -> str:
    """The Python blocks of a page, one after the other."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    return "from __future__ import annotations\n\n" + "\n\n".join(blocks)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if BLOCK.search(page.read_text())], ids=name_of
)
def test_the_code_of_a_page_runs(page, pytester):
    code = code_of(page)
    if not TEST.search(code):
        code += "\n\ndef test_the_page_itself(): pass\n"
    path = pytester.makepyfile(code)
    result = pytester.runpytest_subprocess(
        path, "-Werror", "-oasyncio_mode=auto", "-oasyncio_default_fixture_loop_scope=function"
    )
    result.assert_outcomes(passed=len(TEST.findall(code)))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_links_of_a_page_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
