"""The AWS CLI in a shell, against the endpoint; `make test-cli` says where the CLI is."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ddbmock

if TYPE_CHECKING:
    from collections.abc import Iterator

AWS_CLI = os.environ.get("DDBMOCK_AWS_CLI", "")

#: Runs scripts unchanged: `aws` is the CLI in a fork (`forks`), with the endpoint appended, and
#: each use is kept. Only waiting has an end; what somebody waits for is there at once, or never.
PRELUDE = r"""
aws() {
  local kept limit=60
  kept="$KEPT/$(printf %03d "$(ls "$KEPT" | wc -l)")"
  mkdir "$kept"
  if [ "$2" = wait ]; then limit=6; fi
  printf '%s\0' "$PWD" "$limit" "$@" --endpoint-url "$URL" > "$kept/command"
  env --null > "$kept/environment"
  mkfifo "$kept/ended"
  echo "$kept" > "$REQUESTS"
  read -r < "$kept/ended"
  cat "$kept/out"
  cat "$kept/errors" >&2
  return "$(cat "$kept/status")"
}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not AWS_CLI:
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="the AWS CLI is tested by `make test-cli`"))


@dataclass(frozen=True)
class Command:
    """One use of the AWS CLI."""

    arguments: tuple[str, ...]
    status: int
    out: str
    errors: str

    @property
    def name(self) -> str:
        """Its service and operation, such as `dynamodb put-item`."""
        return " ".join(self.arguments[:2])

    @property
    def answer(self) -> Any:
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"aws {' '.join(self.arguments)}\n-> {self.status}\n{self.out}{self.errors}"


class Shell:
    """Bash with the AWS CLI, in an account of its own."""

    def __init__(self, url: str, requests: Path, folder: Path, access_key: str) -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
            "REQUESTS": str(requests),
            "URL": url,
        }

    def run(self, script: str) -> list[Command]:
        """Run a script, and return the uses of the AWS CLI in it."""
        kept = self._folder / f"commands-{len(list(self._folder.iterdir()))}"
        kept.mkdir()
        subprocess.run(  # noqa: S603
            ["bash", "-c", PRELUDE + script],  # noqa: S607
            check=False,
            cwd=self._folder,
            env={**self._environment, "KEPT": str(kept)},
            timeout=300,
            capture_output=True,
        )
        return [_command(folder) for folder in sorted(kept.iterdir())]


def _command(folder: Path) -> Command:
    command = (folder / "command").read_text(encoding="utf-8").split("\0")
    arguments = command[2:-3]  # without its folder and limit, and the endpoint
    status = int((folder / "status").read_text())
    out = (folder / "out").read_text(encoding="utf-8")
    return Command(tuple(arguments), status, out, (folder / "errors").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def cli_endpoint() -> Iterator[str]:
    with ddbmock.serve(autoscaling=True, dax=True) as url:
        yield url


@pytest.fixture(scope="session")
def cli_requests(tmp_path_factory) -> Iterator[Path]:
    """The named pipe of a process that runs commands."""
    requests = tmp_path_factory.mktemp("cli") / "requests"
    os.mkfifo(requests)
    python = Path(AWS_CLI).with_name("python")
    # No settings of the project's own environment.
    environment = {name: os.environ[name] for name in ("PATH", "HOME")} | {"LANG": "C.UTF-8"}
    command = [python, Path(__file__).with_name("forks.py"), requests]
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as process:  # noqa: S603
        yield requests
        process.kill()


@pytest.fixture(scope="module")
def new_shell(cli_endpoint, cli_requests, tmp_path_factory):
    """Makes shells, each in a folder and an account of its own."""
    numbers = itertools.count()

    def new_shell() -> Shell:
        folder = tmp_path_factory.mktemp("shell")
        return Shell(cli_endpoint, cli_requests, folder, f"{folder.name}.{next(numbers)}")

    return new_shell
