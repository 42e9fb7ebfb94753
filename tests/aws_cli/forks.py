"""Commands of the AWS CLI, each in a fork of one process that has imported the CLI.

The CLI is a Python program that takes half a second to start. This one, run by the Python of the
CLI's environment, starts it once, and reads from a named pipe which folders have a command: its
arguments, its environment and where it runs. What becomes of it is written there.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[[list[str]], int]


def serve(requests: str) -> None:
    """Run the commands of the folders whose paths come from a named pipe, until it is killed."""
    from awscli.clidriver import create_clidriver  # noqa: PLC0415 (in its environment only)

    # What a command shares with others: the decoded models of services. The rest reads settings.
    session = create_clidriver().session
    for service_name in ("dynamodb", "dynamodbstreams"):
        session.get_service_model(service_name)
    models = session.get_component("data_loader")

    def command(arguments: list[str]) -> int:
        driver = create_clidriver()
        driver.session.register_component("data_loader", models)
        status: int = driver.main(arguments)
        return status

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Writers come and go: the pipe is never at its end, for this process could write as well.
    with os.fdopen(os.open(requests, os.O_RDWR), encoding="utf-8") as lines:
        while line := lines.readline():
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _keep(command, Path(line.rstrip("\n")))
                os._exit(0)


def _keep(command: Command, folder: Path) -> None:
    """Run a command in a process of its own, and write its status when it has ended."""
    process_id = os.fork()
    if not process_id:
        _run(command, folder)
    _, status = os.waitpid(process_id, 0)
    (folder / "status").write_text(str(os.waitstatus_to_exitcode(status) & 0xFF))
    (folder / "ended").write_text("\n")


def _run(command: Command, folder: Path) -> None:
    environment = _strings(folder / "environment")
    os.environ.clear()
    for entry in environment:
        name, _, value = entry.partition("=")
        os.environ[name] = value
    directory, limit_seconds, *arguments = _strings(folder / "command")
    os.chdir(directory)
    signal.alarm(int(limit_seconds))  # which ends the process
    for descriptor, name in ((1, "out"), (2, "errors")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["aws", *arguments]
    try:
        status = command(arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # to take down the interpreter takes longer than the command


def _strings(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\0")[:-1]


if __name__ == "__main__":
    serve(sys.argv[1])
