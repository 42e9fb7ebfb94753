"""Load for HTTP servers: prepared requests, over several connections at a time.

A process of its own, and no HTTP library: sending a request and taking its response costs about as
much as the system calls, so that the server is what is measured. Each connection sends its next
request when it has the response to the last one. The process never sleeps: it has a processor, and
to wake it would take as long as a request, whoever answers.

`python -m benchmarks.load PORT OPERATION CONNECTIONS SECONDS` prints figures as JSON.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

from benchmarks.workload import TABLE, item, key

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEMS = 200
_RECEIVED_BYTES = 65536
_CONTENT_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_PARAMETERS = {
    "GetItem": lambda number: {"TableName": TABLE, "Key": key(number)},
    "PutItem": lambda number: {"TableName": TABLE, "Item": item(number)},
}


def request(port: int, operation: str, parameters: dict[str, object], random: Random) -> bytes:
    """Return a request with the headers that boto3 sends, and a signature of its own."""
    body = json.dumps(parameters).encode()
    agent = (
        "Boto3/1.43.0 md/Botocore#1.43.0 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.11.7"
        " md/pyimpl#CPython m/Z,b cfg/retry-mode#legacy Botocore/1.43.0"
    )
    authorization = (
        "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request,"
        " SignedHeaders=content-type;host;x-amz-date;x-amz-target,"
        f" Signature={random.getrandbits(256):064x}"
    )
    head = [
        "POST / HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept-Encoding: identity",
        f"X-Amz-Target: DynamoDB_20120810.{operation}",
        "Content-Type: application/x-amz-json-1.0",
        f"User-Agent: {agent}",
        "X-Amz-Date: 20260101T000000Z",
        f"Authorization: {authorization}",
        f"amz-sdk-invocation-id: {random.getrandbits(128):032x}",
        "amz-sdk-request: attempt=1",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def call(connection: socket.socket, sent: bytes) -> int:
    """Send one request and return the status of the response."""
    connection.sendall(sent)
    received = b""
    while not _is_complete(received):
        part = connection.recv(_RECEIVED_BYTES)
        if not part:
            raise ConnectionError(received)
        received += part
    return int(received[9:12])


def _is_complete(response: bytes) -> bool:
    end = response.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _CONTENT_LENGTH.search(response, 0, end)
    return length is not None and len(response) >= end + 4 + int(length.group(1))


class _Client:
    """One connection, which always waits for one response."""

    #: Where a server writes the length of a body: its own spelling, after the first response.
    length_field = b""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.setblocking(False)  # noqa: FBT003
        self._requests = requests
        self._received = b""
        self._sent_at = 0.0

    def send(self) -> None:
        """Send the next request."""
        self._sent_at = time.perf_counter()
        self.connection.send(next(self._requests))

    def receive(self, times: list[float]) -> None:
        """Read what has arrived; after a complete response, record its time and send again."""
        response = self._received + self.connection.recv(_RECEIVED_BYTES)
        if not self._is_complete(response):
            self._received = response
            return
        if response[9:12] != b"200":
            raise RuntimeError(response.decode())
        self._received = b""
        times.append(time.perf_counter() - self._sent_at)
        self.send()

    def _is_complete(self, response: bytes) -> bool:
        field = self.length_field
        at = response.find(field) + len(field)
        body_at = response.find(b"\r\n\r\n", at) + 4
        if not field or at < len(field) or body_at < len(field):
            found = _CONTENT_LENGTH.search(response)
            if found is not None:
                _Client.length_field = response[found.start() : found.start(1)]
            return _is_complete(response)
        return len(response) - body_at == int(response[at : response.find(b"\r\n", at)])


def load(port: int, operation: str, connections: int, seconds: float) -> dict[str, float]:
    """Send requests for a time; return the rate and percentiles of the times in milliseconds."""
    random = Random(1)  # noqa: S311 (no secrets)
    parameters = _PARAMETERS[operation]
    requests = cycle([
        request(port, operation, parameters(number % ITEMS), random) for number in range(10 * ITEMS)
    ])  # fmt: skip
    poller = select.epoll() if hasattr(select, "epoll") else select.poll()
    clients = [_Client(port, requests) for _ in range(connections)]
    receivers = {client.connection.fileno(): client.receive for client in clients}
    for number in receivers:
        poller.register(number, select.POLLIN)
    times: list[float] = []
    begin = time.perf_counter()
    for client in clients:
        client.send()
    while time.perf_counter() < begin + seconds:
        for number, _ in poller.poll(0):
            receivers[number](times)
    taken = time.perf_counter() - begin
    times.sort()
    return {
        "rate": len(times) / taken,
        "p50": times[len(times) // 2] * 1e3,
        "p99": times[int(len(times) * 0.99)] * 1e3,
        "count": len(times),
    }


if __name__ == "__main__":
    _port, _operation, _connections, _seconds = sys.argv[1:]
    print(json.dumps(load(int(_port), _operation, int(_connections), float(_seconds))))
