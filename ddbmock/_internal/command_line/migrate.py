"""`ddbmock migrate --check`: the changes that a suite with moto needs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.calls.display import counted
from ddbmock._internal.command_line.moto_usage import uses_of_moto
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ddbmock._internal.command_line.moto_usage import Use

_WORKS, _MUST_CHANGE = 0, 1
#: Folders without files of the suite.
_OTHERS = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})


def migrate(options: argparse.Namespace) -> int:
    """Print each use of moto, and return 1 when something must change."""
    change_count = work_count = file_count = 0
    for path in _files(options.paths):
        uses = _uses(path)
        file_count += bool(uses)
        for use in uses:
            change_count += use.must_change
            work_count += not use.must_change
            verdict = "change" if use.must_change else "ok"
            if use.must_change or not options.quiet:
                sys.stdout.write(f"{path}:{use.line}: {verdict}: {use.name}: {use.advice}\n")
    sys.stdout.write(_summary(file_count, change_count, work_count) + "\n")
    return _MUST_CHANGE if change_count else _WORKS


def _summary(file_count: int, change_count: int, work_count: int) -> str:
    if not file_count:
        return "no file uses moto for DynamoDB"
    files = counted(file_count, "file")
    must = (
        f"{counted(change_count, 'place')} must change" if change_count else "nothing must change"
    )
    works = (
        f"{counted(work_count, 'place')} {'works' if work_count == 1 else 'work'} unchanged with"
        " `pytest --ddbmock-with-moto`"
    )
    return f"{files}: {must}, {works}"


def _files(paths: list[str]) -> Iterator[Path]:
    """Yield the given Python files, and those in the given folders.

    Raises:
        MisuseError: There is no such file or folder.
    """
    for given in map(Path, paths):
        if given.is_dir():
            yield from sorted(path for path in given.rglob("*.py") if not _is_other(path, given))
        elif given.exists():
            yield given
        else:
            raise MisuseError(f"{given}: no such file or folder")


def _is_other(path: Path, root: Path) -> bool:
    folders = path.relative_to(root).parts[:-1]
    return any(part in _OTHERS or part.startswith(".") for part in folders)


def _uses(path: Path) -> list[Use]:
    try:
        source = path.read_bytes()  # Python detects the encoding
    except OSError as error:
        raise MisuseError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return uses_of_moto(source)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        where = f"{path}:{line}" if line else str(path)
        sys.stderr.write(f"{where}: left out, because it is not Python: {error}\n")
        return []
