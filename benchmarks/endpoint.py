"""Requests per second and latency of the endpoint, and of dynalite if it is installed.

Both servers run at the same time, and are asked in turn: whichever is measured has one core, and
the load another one. The environment variable DYNALITE is the path of the program.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.backends import ENVIRONMENT
from benchmarks.load import ITEMS, call, request
from benchmarks.text import markdown
from benchmarks.workload import TABLE, item, table_definition

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATIONS = ("GetItem", "PutItem")
CONNECTIONS = (1, 8, 64)
_ROUNDS = 5
_SECONDS = 1.0
#: The path of dynalite, if it is not on the PATH.
DYNALITE_VARIABLE = "DYNALITE"
_NO_DYNALITE = (
    "dynalite was not there to compare with: `npm install dynalite` in some folder, and"
    f" `{DYNALITE_VARIABLE}=<folder>/node_modules/.bin/dynalite make bench-suite`."
)


class Server:
    """A server that is measured."""

    def __init__(self, name: str, process: subprocess.Popen[str], port: int) -> None:
        self.name = name
        self.process = process
        self.port = port

    def fill(self) -> None:
        """Create the table and its items."""
        random = Random(2)  # noqa: S311 (no secrets)
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            definition = request(self.port, "CreateTable", table_definition(), random)
            self._check(call(connection, definition))
            table = request(self.port, "DescribeTable", {"TableName": TABLE}, random)
            self._check(call(connection, table))
            for number in range(ITEMS):
                put = {"TableName": TABLE, "Item": item(number)}
                self._check(call(connection, request(self.port, "PutItem", put, random)))

    def _check(self, status: int) -> None:
        if status != 200:  # noqa: PLR2004
            raise RuntimeError(f"{self.name} answers {status}")

    def processor_seconds(self) -> float:
        """Return the CPU time of its threads; 0 if the system does not have it exactly."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def measure(self, operation: str, connections: int) -> dict[str, float]:
        """Return the figures of one round."""
        command = [sys.executable, "-m", "benchmarks.load", str(self.port), operation]
        before = self.processor_seconds()
        done = subprocess.run(  # noqa: S603 (our own words)
            [*command, str(connections), str(_SECONDS)],
            check=True, capture_output=True, text=True, env=ENVIRONMENT,
        )  # fmt: skip
        figures: dict[str, float] = json.loads(done.stdout)
        figures["cpu"] = (self.processor_seconds() - before) / figures["count"] * 1e6
        return figures


def endpoint_table() -> str:
    """Measure the endpoint, and dynalite if it is installed, and return a table."""
    dynalite = find_dynalite()
    with ExitStack() as stack:
        servers = [stack.enter_context(_ddbmock())]
        if dynalite is not None:
            servers.append(stack.enter_context(_dynalite(dynalite)))
        for server in servers:
            server.fill()
        rows = [
            row
            for operation in OPERATIONS
            for connections in CONNECTIONS
            for row in _rows(operation, connections, servers)
        ]
    head = ["over HTTP", "connections", "server", "requests a second", "of dynalite's"]
    table = markdown([*head, "p50 ms", "p99 ms", "its CPU µs a request"], rows)
    return table if dynalite is not None else f"{table}\n\n{_NO_DYNALITE}"


def _rows(operation: str, connections: int, servers: list[Server]) -> list[list[str]]:
    figures: dict[str, list[dict[str, float]]] = defaultdict(list)
    for _ in range(_ROUNDS):
        for server in servers:
            figures[server.name].append(server.measure(operation, connections))
    rows = []
    for server in servers:
        found = figures[server.name]
        rates = [each["rate"] for each in found]
        ratio = ""
        if "dynalite" in figures and server.name != "dynalite":
            # Of each round, as both were measured within two seconds.
            pairs = zip(found, figures["dynalite"], strict=True)
            ratio = f"{median(own['rate'] / other['rate'] for own, other in pairs):.2f}"
        middle = {name: median(each[name] for each in found) for name in ("p50", "p99", "cpu")}
        rows.append([
            operation,
            str(connections),
            server.name,
            f"{median(rates):,.0f} ± {(max(rates) - min(rates)) / 2:,.0f}",
            ratio,
            f"{middle['p50']:.2f}",
            f"{middle['p99']:.2f}",
            f"{middle['cpu']:.0f}" if middle["cpu"] else "",
        ])  # fmt: skip
    return rows


def find_dynalite() -> str | None:
    """Return the program dynalite: the variable's, the path's, or one that npx knows."""
    given = os.environ.get(DYNALITE_VARIABLE) or shutil.which("dynalite")
    npx = shutil.which("npx")
    if given is not None or npx is None:
        return given
    done = subprocess.run(  # noqa: S603 (found on the path)
        [npx, "--no-install", "-c", "command -v dynalite"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip() or None


@contextmanager
def _ddbmock() -> Iterator[Server]:
    command = [sys.executable, "-u", "-m", "ddbmock", "serve", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 (our own words)
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    ) as process:
        try:
            port = next(
                int(found.group(1))
                for line in process.stdout or ()
                if (found := re.search(r"http://[^:]+:(\d+)", line))
            )
            yield Server("ddbmock", process, port)
        finally:
            process.terminate()


@contextmanager
def _dynalite(program: str) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--createTableMs", "0"]
    with subprocess.Popen(  # noqa: S603 (found by `find_dynalite`)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            _wait_for(port)
            yield Server("dynalite", process, port)
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


if __name__ == "__main__":
    print(endpoint_table())
