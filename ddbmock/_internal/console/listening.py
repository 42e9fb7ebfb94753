"""An HTTP server for the console of a mock, in a thread of this process.

It uses only the standard library, so that it is available in every debugger.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ddbmock._internal import hosts
from ddbmock._internal.console.console import Console
from ddbmock._internal.console.requests import SEE_OTHER, Request, Response, redirect, url
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from ddbmock._internal.service import Service

_LOOPBACK = "127.0.0.1"
_FORBIDDEN, _TOO_LARGE = 403, 413
#: The polling interval of the server's end.
_POLL_SECONDS = 0.02
_MOST_BYTES = 4 * 1024 * 1024


def attach(service: Service) -> str:
    """Serve the console of a service on a free port that only this machine can reach.

    Returns:
        Its URL.

    Raises:
        MisuseError: The tables are those of a real engine.
    """
    if service.backend.remote_request is not None:
        raise MisuseError(messages.CONSOLE_ELSEWHERE)
    server = _Server((_LOOPBACK, 0), _Handler)
    server.console = Console(lambda: {"mock": service})
    thread = threading.Thread(
        target=server.serve_forever, args=(_POLL_SECONDS,), name="ddbmock-console", daemon=True
    )
    thread.start()

    def end() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    service.on_end.append(end)
    host, port = server.server_address[:2]
    return f"http://{host!s}:{port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    console: Console


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        size_bytes = self.headers.get("content-length", "")
        if not size_bytes.isdecimal() or int(size_bytes) > _MOST_BYTES:
            self._send(Response(_TOO_LARGE, "text/plain", b"too large\n"))
            self.close_connection = True
        else:
            self._answer(self.rfile.read(int(size_bytes)))

    def _answer(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "")
        address = urlsplit(self.path)
        if not hosts.is_allowed(host, ()):
            self._send(Response(_FORBIDDEN, "text/plain", hosts.refusal(host).encode()))
        elif address.path == "/":
            self._send(redirect(url()))
        else:
            request = Request.of(self.command, address.path, address.query, body, headers)
            self._send(self.server.console.answer(request))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != SEE_OTHER:
            self.send_header("content-type", response.content_type)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, *_: Any) -> None:
        """Write nothing to the debugger's terminal."""
