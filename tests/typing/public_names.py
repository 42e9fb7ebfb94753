"""Checks that each public name, and every other name of the package, has complete annotations.

pyright infers the rest, differently from other type checkers. The public names are those that can
be imported from `ddbmock`. Run by `make types`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ddbmock

#: A type that consists of ddbmock's own types is as known as they are, and what is built on a class
#: of botocore or sortedcontainers as little as these, which have no types.
_OF_OTHERS = ("partially unknown", "class unknown", "is unknown", "Type unknown")


def main() -> int:
    """Print what has no annotation, and return the exit status."""
    symbols = _symbols()
    homes = {name: _home(getattr(ddbmock, name)) for name in ddbmock.__all__}
    missing = sorted(set(homes.values()) - symbols.keys())
    problems = [f"{home}: not found by pyright" for home in missing]
    count = 0
    for name, symbol in symbols.items():
        count += any(name == home or name.startswith(f"{home}.") for home in homes.values())
        problems += _problems(symbol)
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    sys.stdout.write(f"{len(homes)} public names with {count - len(homes)} members, ")
    sys.stdout.write(f"{len(symbols)} names in all, ")
    sys.stdout.write(f"{len(problems)} without complete annotations\n")
    return 1 if problems else 0


def _home(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _symbols() -> dict[str, dict[str, Any]]:
    command = ["--verifytypes", "ddbmock", "--ignoreexternal", "--outputjson"]
    pyright = Path(sys.executable).with_name("pyright")
    # It looks where the interpreter on the path looks, which may be one without ddbmock.
    environment = os.environ | {"PYTHONPATH": str(Path(ddbmock.__file__).parents[1])}
    result = subprocess.run(  # noqa: S603
        [str(pyright), *command], capture_output=True, text=True, check=False, env=environment
    )
    report = json.loads(result.stdout)
    return {symbol["name"]: symbol for symbol in report["typeCompleteness"]["symbols"]}


def _problems(symbol: dict[str, Any]) -> list[str]:
    if symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"]:
        return []
    texts = [diagnostic["message"].splitlines()[0] for diagnostic in symbol["diagnostics"]]
    own = [text for text in texts if not any(other in text for other in _OF_OTHERS)]
    return [f"{symbol['name']}: {text}" for text in own]


if __name__ == "__main__":
    sys.exit(main())
