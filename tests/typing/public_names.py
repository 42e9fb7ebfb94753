"""Checks the public names with pyright: which modules have them, and that all types are complete.

Everything else is in `ddbmock._internal`, which editors do not offer. Run by `make types`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import ddbmock

MODULES = {"ddbmock", "ddbmock.__main__", "ddbmock.beside", "ddbmock.pytest_plugin"}


def main() -> int:
    """Print what is wrong, and return the exit status."""
    command = ["--verifytypes", "ddbmock", "--ignoreexternal", "--outputjson"]
    pyright = Path(sys.executable).with_name("pyright")
    # It looks where the interpreter on the path looks, which may be one without ddbmock.
    environment = os.environ | {"PYTHONPATH": str(Path(ddbmock.__file__).parents[1])}
    result = subprocess.run(  # noqa: S603
        [str(pyright), *command], capture_output=True, text=True, check=False, env=environment
    )
    report = json.loads(result.stdout)["typeCompleteness"]
    exported = [symbol for symbol in report["symbols"] if symbol["isExported"]]
    problems = [f"{name}: a public module?" for name in _names(report["modules"]) ^ MODULES]
    problems += [
        f"{symbol['name']}: {diagnostic['message']}"
        for symbol in exported
        if not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"]
        for diagnostic in symbol["diagnostics"]
    ]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    score = report["completenessScore"]
    sys.stdout.write(f"{len(exported)} public names and members, {score:.0%} with complete types\n")
    return 1 if problems or score < 1 else 0


def _names(modules: list[dict[str, str]]) -> set[str]:
    return {module["name"] for module in modules}


if __name__ == "__main__":
    sys.exit(main())
