"""The name that pip installs and the address of the project are the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ddbmock._internal.distribution import HOME, NAME

tomllib = pytest.importorskip("tomllib")  # since Python 3.11

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_project_has_that_name() -> None:
    assert PROJECT["name"] == NAME


def test_its_extras_refer_to_it_by_that_name() -> None:
    extras = PROJECT["optional-dependencies"]
    own = re.compile(r"(ddbmock|mock-dynamodb)\[(.*)\]")
    found = [own.fullmatch(part) for parts in extras.values() for part in parts]
    references = [match for match in found if match]
    assert references
    for reference in references:
        assert reference[1] == NAME
        assert set(reference[2].split(",")) <= extras.keys()


def test_its_addresses_are_at_home() -> None:
    urls = PROJECT["urls"]
    assert {"Documentation", "Source", "Issues", "Changelog"} <= urls.keys()
    assert all(url == HOME or url.startswith(f"{HOME}/") for url in urls.values())
    assert f"link: {HOME}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_every_supported_python_has_its_classifier() -> None:
    minors = [
        int(classifier.rpartition(".")[2])
        for classifier in PROJECT["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", classifier)
    ]
    assert PROJECT["requires-python"] == f">=3.{minors[0]}"
    assert minors == list(range(10, 15))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_install_it_by_that_name(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"pip install '?ddbmock\b|\bddbmock\[[a-z]", text) == []


def test_the_readme_has_no_relative_links() -> None:
    """The package index shows it without the files next to it."""
    inline = re.findall(r"\]\(((?!https:|#)[^)]*)\)", README)
    definitions = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", README, re.MULTILINE))
    assert inline == []
    assert set(re.findall(r"\]\[([a-z-]+)\]", README)) == definitions.keys()
    assert all(target.startswith("https://") for target in definitions.values())


def test_the_readme_links_to_files_that_exist() -> None:
    paths = re.findall(rf"{re.escape(HOME)}/blob/main/(\S+)$", README, re.MULTILINE)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
