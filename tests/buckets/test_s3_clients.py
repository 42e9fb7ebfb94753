"""Buckets of a server that answers as Amazon S3 does, at the URL that a test gives."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ddbmock._internal.buckets.access import BucketError, Encryption
from ddbmock._internal.buckets.opening import open_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE = "The specified bucket does not exist"
ERROR = f"<Error><Code>NoSuchBucket</Code><Message>{MESSAGE}</Message></Error>"


class Handler(BaseHTTPRequestHandler):
    """The bucket `archive`, by path; a page of a listing has two keys."""

    server: Server

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def do_HEAD(self) -> None:
        self._answer(200 if self.path == "/archive" else 404)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.startswith("/archive/"):
            self._answer(404, ERROR.encode())
            return
        self.server.stored[unquote(self.path.removeprefix("/archive/"))] = body
        self.server.headers.append(dict(self.headers.items()))
        self._answer(200)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if "list-type" in query:
            self._list(query)
        else:
            self._answer(200, self.server.stored[unquote(parts.path.removeprefix("/archive/"))])

    def _list(self, query: dict[str, str]) -> None:
        prefix, after = query.get("prefix", ""), query.get("continuation-token", "")
        keys = sorted(key for key in self.server.stored if key.startswith(prefix) and key > after)
        more = f"<NextContinuationToken>{keys[1]}</NextContinuationToken>" if len(keys) > 2 else ""
        contents = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys[:2])
        is_cut = str(bool(more)).lower()
        listing = f"<IsTruncated>{is_cut}</IsTruncated>{more}{contents}"
        self._answer(200, f"<ListBucketResult>{listing}</ListBucketResult>".encode())

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """What was stored, and with which headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stored: dict[str, bytes] = {}
        self.headers: list[dict[str, str]] = []


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def buckets(server: Server) -> Any:
    return open_buckets(f"http://127.0.0.1:{server.server_port}")


def put(buckets: Any, key: str, body: bytes, bucket: str = "archive", **more: Any) -> None:
    given = {"owner": None, "encryption": None, **more}
    buckets.put("us-east-1", bucket, key, body, **given)


def test_objects_are_stored_and_listed_page_by_page(buckets, server):
    buckets.check("us-east-1", "archive")
    buckets.check("us-east-1", "missing")
    for key in ("in/a", "in/b c", "in/d", "in/e", "out"):
        put(buckets, key, key.encode())
    assert server.stored["in/b c"] == b"in/b c"
    found = list(buckets.objects("us-east-1", "archive", "in/", owner=None))
    assert found == [(key, key.encode()) for key in ("in/a", "in/b c", "in/d", "in/e")]


def test_an_error_of_the_server(buckets):
    with pytest.raises(BucketError) as caught:
        put(buckets, "a", b"", bucket="missing")
    assert (caught.value.code, caught.value.status_code) == ("NoSuchBucket", 404)
    assert caught.value.message == MESSAGE


def test_owner_and_encryption_are_passed_on(buckets, server):
    put(buckets, "a", b"")
    put(buckets, "b", b"", owner="1" * 12, encryption=Encryption("KMS", "key"))
    plain, encrypted = server.headers
    assert not any(name.lower().startswith("x-amz-server-side") for name in plain)
    assert encrypted["x-amz-expected-bucket-owner"] == "1" * 12
    assert encrypted["x-amz-server-side-encryption"] == "aws:kms"
    assert encrypted["x-amz-server-side-encryption-aws-kms-key-id"] == "key"
