"""The files that the guide on frameworks shows: they are written to a folder, and its tests run.

The guide's other blocks run with those of all pages, in `test_docs`. What a project of Django has
besides, settings and URLs, is here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.pytest_runs import ENVIRONMENT, ROOT, plugin_options

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = ROOT / "docs" / "how-to" / "frameworks.md"
FILE = re.compile(r'^```py title="([^"]+)"\n(.*?)^```', re.DOTALL | re.MULTILINE)
SETTINGS = """
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["orders"]
ROOT_URLCONF = "urls"
SECRET_KEY = "x"
USE_TZ = True
"""
URLS = """
from django.urls import path
from orders.views import read_order

urlpatterns = [path("orders/<order_id>/", read_order)]
"""


def write_files(section: str, folder: Path) -> None:
    """Write the files that a section of the guide shows."""
    text = GUIDE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    for name, code in FILE.findall(text):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(code, encoding="utf-8")


def run(folder: Path, *arguments: str, **variables: str) -> str:
    """Run a module of Python in a folder without settings of AWS, and return what it prints."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    result = subprocess.run(  # noqa: S603 (our own Python)
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**mine, **ENVIRONMENT, "HOME": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    output = result.stdout + result.stderr
    assert not result.returncode, output
    return output


def test_fastapi(tmp_path):
    pytest.importorskip("fastapi")
    write_files("FastAPI", tmp_path)
    assert "1 passed" in run(tmp_path, "pytest", *plugin_options())


def test_django(tmp_path):
    pytest.importorskip("django")
    write_files("Django", tmp_path)
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "urls.py").write_text(URLS)
    settings = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    assert "Ran 1 test" in run(tmp_path, "django", "test", "orders", **settings)
    plugins = plugin_options(["pytest_django.plugin"])
    assert "1 passed" in run(tmp_path, "pytest", *plugins, "test_orders.py", **settings)
