"""Requests a second and latency of the endpoint, at some connections at a time.

The clients send bytes that were prepared, in a process of their own, so that the endpoint is what
is measured. Any other server that speaks DynamoDB can be given as an address:
`python -m benchmarks.endpoint localhost:4567`.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.backends import ENVIRONMENT
from benchmarks.text import markdown
from benchmarks.workload import TABLE, item, key, table_definition

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = (1, 8, 64)
_ITEMS = 200
_SECONDS = 3.0
_AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)


def endpoint_table(address: str | None = None) -> str:
    """Measure the endpoint of ddbmock, or the server at an address, and return a table."""
    if address is not None:
        host, _, port = address.partition(":")
        return asyncio.run(_measure(host, int(port)))
    with _served() as port:
        return asyncio.run(_measure("127.0.0.1", port))


@contextmanager
def _served() -> Iterator[int]:
    command = [sys.executable, "-u", "-m", "ddbmock", "serve", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 (our own words)
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    ) as server:
        try:
            yield next(
                int(found.group(1))
                for line in server.stdout or ()
                if (found := re.search(r"http://[^:]+:(\d+)", line))
            )
        finally:
            server.terminate()


async def _measure(host: str, port: int) -> str:
    setting_up = _Connection(host, port)
    await setting_up.open()
    await setting_up.call(_request(host, port, "CreateTable", table_definition()))
    for number in range(_ITEMS):
        put = {"TableName": TABLE, "Item": item(number)}
        await setting_up.call(_request(host, port, "PutItem", put))
    setting_up.close()
    requests = {
        "GetItem": [
            _request(host, port, "GetItem", {"TableName": TABLE, "Key": key(number)})
            for number in range(_ITEMS)
        ],
        "PutItem": [
            _request(host, port, "PutItem", {"TableName": TABLE, "Item": item(number)})
            for number in range(_ITEMS)
        ],
    }
    rows = []
    for operation, bodies in requests.items():
        for connections in CONNECTIONS:
            times, seconds = await _load(host, port, bodies, connections)
            percentiles = [median(times), sorted(times)[int(len(times) * 0.99)]]
            milliseconds = [f"{each * 1e3:.2f}" for each in percentiles]
            rate = f"{len(times) / seconds:,.0f}"
            rows.append([operation, str(connections), rate, *milliseconds])
    return markdown(["endpoint", "connections", "requests a second", "p50 ms", "p99 ms"], rows)


async def _load(
    host: str, port: int, requests: list[bytes], connections: int
) -> tuple[list[float], float]:
    times: list[float] = []
    begin = time.perf_counter()
    end = begin + _SECONDS

    async def send(first: int) -> None:
        connection = _Connection(host, port)
        await connection.open()
        number = first
        while True:
            sent = time.perf_counter()
            if sent > end:
                break
            await connection.call(requests[number % len(requests)])
            times.append(time.perf_counter() - sent)
            number += connections
        connection.close()

    await asyncio.gather(*(send(first) for first in range(connections)))
    return times, time.perf_counter() - begin


class _Connection:
    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def call(self, request: bytes) -> None:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:20]:
            raise RuntimeError(head.decode())
        (length,) = re.findall(rb"(?i)content-length: (\d+)", head)
        await self._reader.readexactly(int(length))

    def close(self) -> None:
        self._writer.close()


def _request(host: str, port: int, operation: str, members: dict[str, object]) -> bytes:
    body = json.dumps(members).encode()
    head = [
        "POST / HTTP/1.1",
        f"Host: {host}:{port}",
        f"X-Amz-Target: DynamoDB_20120810.{operation}",
        "X-Amz-Date: 20260101T000000Z",
        "Content-Type: application/x-amz-json-1.0",
        f"Authorization: {_AUTHORIZATION}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


if __name__ == "__main__":
    print(endpoint_table(*sys.argv[1:2]))
