"""Running the application: in this process for a `with` block, or until somebody ends it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ddbmock._internal import hosts
from ddbmock._internal.data import database
from ddbmock._internal.distribution import install_command
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import endpoint as messages
from ddbmock._internal.server.application import Application
from ddbmock._internal.server.backends import Backends
from ddbmock._internal.server.beginning import Beginning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

    from botocore.client import BaseClient

LOOPBACK = "127.0.0.1"
#: How long an idle connection is kept open; clients keep theirs for about as long.
_KEEP_ALIVE_SECONDS = 60
#: How long requests under way may take when the server is to stop.
_LAST_REQUESTS_SECONDS = 5
_BACKLOG = 1024


class _SteadyLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers nobody can stop.

    freezegun replaces `time.monotonic`, which would let the server sleep for ever. What it leaves
    alone is the same clock by another name, where the system has it.
    """

    if hasattr(time, "clock_gettime"):

        def time(self) -> float:
            return time.clock_gettime(time.CLOCK_MONOTONIC)


@contextmanager
def serve(  # noqa: PLR0913 (options by name)
    *,
    host: str = LOOPBACK,
    port: int = 0,
    shared: bool = False,
    accounts: bool = False,
    tables: str | PathLike[str] | None = None,
    load: str | PathLike[str] | None = None,
    delays: bool | float = False,
    metrics: bool = False,
    autoscaling: bool = False,
    dax: bool = False,
    s3: str | PathLike[str] | BaseClient | None = None,
    db: str | PathLike[str] | None = None,
    throughput: bool | float = False,
    lag: float | tuple[float, float] = 0.0,
    chaos: bool | float = False,
    seed: int = 0,
    faults: Iterable[Mapping[str, Any]] = (),
    fault_route: bool = False,
    allow_hosts: Iterable[str] = (),
) -> Iterator[str]:
    """Answer over HTTP while the block runs, and give the endpoint's URL.

    While a mock is active, its backend answers, whatever the access key; otherwise the endpoint has
    backends of its own, which live as long as the block.

    >>> import ddbmock, urllib.request
    >>> with ddbmock.serve() as url, urllib.request.urlopen(url) as response:
    ...     response.read()
    b'healthy: dynamodb.us-east-1.amazonaws.com '

    Args:
        host: The address to listen on.
        port: The port; 0 is a free one.
        shared: Whether all access keys and regions have the same tables.
        accounts: Whether access keys as AWS and moto hand them out belong to their accounts, and
            all others to the default account, of one set of tables.
        tables: A template whose tables each access key and region begins with.
        load: A file or folder whose items, or tables and items, they begin with.
        delays: For how many seconds tables and indexes are CREATING, UPDATING and DELETING; True
            is as long as usual.
        metrics: Whether the endpoint answers for CloudWatch too, with the metrics of tables.
        autoscaling: Whether it answers for Application Auto Scaling too.
        dax: Whether it answers for the control plane of DAX too.
        s3: Where exports of tables go and imports come from: a folder whose folders are buckets,
            the URL of a server, or an S3 client of boto3.
        db: An SQLite file that everything is stored in, and that the endpoint continues with.
        throughput: Whether tables throttle, as `mock_dynamodb` has it.
        lag: How far eventually consistent reads are behind.
        chaos: Whether calls fail at random, as `seed` chooses.
        seed: What chances are derived from.
        faults: Arguments of `ddb.faults.add`, for every access key.
        fault_route: Whether faults can be added at `/_ddbmock/faults` too, from this machine.
        allow_hosts: Names in the `Host` header that are answered, in addition to those of this
            machine and `host`; `"*"` allows every name.

    Raises:
        MisuseError: No ASGI server is installed, the port is taken, or the file cannot be loaded.
    """
    beginning = Beginning(
        templates=() if tables is None else (tables,), files=() if load is None else (load,)
    )
    check_installed()
    with database.opened(db) as file:
        backends = Backends(
            shared=shared,
            accounts=accounts,
            beginning=beginning,
            delays=delays,
            metrics=metrics,
            autoscaling=autoscaling,
            dax=dax,
            s3=s3,
            failure={"throughput": throughput, "lag": lag, "chaos": chaos, "seed": seed},
            faults=faults,
            database=file,
        )
        listening = listen(host, port)
        names = answered_hosts(listening, host, allow_hosts)
        application = Application(backends, allowed_hosts=names, fault_route=fault_route)
        with in_thread(application, listening) as url:
            yield url


@contextmanager
def in_thread(application: Application, listening: socket.socket) -> Iterator[str]:
    """Answer in a thread while the block runs, and give the URL."""
    server = _server(application)
    # The socket listens already: nobody has to wait for the thread.
    thread = threading.Thread(
        target=_run, args=(server, listening), name="ddbmock-endpoint", daemon=True
    )
    thread.start()
    try:
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()  # older releases of uvicorn leave it open when they end at once


def run(application: Application, listening: socket.socket) -> None:
    """Answer over HTTP until the process is interrupted or terminated."""
    _run(_server(application), listening)


def _run(server: Any, listening: socket.socket) -> None:
    loop = _SteadyLoop()
    try:
        loop.run_until_complete(server.serve([listening]))
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        MisuseError: The port is taken, or the host is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise MisuseError(messages.port_in_use(host, port)) from error
        reason = (error.strerror or str(error)).partition(" (while ")[0]
        raise MisuseError(messages.cannot_listen(host, port, reason)) from error
    # asyncio sends at once (TCP_NODELAY) only on sockets that name their protocol.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=listening.detach())


def url_of(listening: socket.socket) -> str:
    """Return the URL of what a socket listens for."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(listening: socket.socket) -> bool:
    """Return whether only this machine can reach a socket."""
    return ipaddress.ip_address(listening.getsockname()[0]).is_loopback


def answered_hosts(listening: socket.socket, host: str, allowed: Iterable[str]) -> set[str]:
    """Return the names that an endpoint answers beside those of this machine.

    Whoever listens on more than the loopback address is reached by names that nobody here knows.
    """
    return {*allowed, host if is_loopback(listening) else hosts.ANY_HOST}


def check_installed() -> None:
    """Raise MisuseError when no ASGI server is installed."""
    _uvicorn()


def _uvicorn() -> Any:
    try:
        import uvicorn  # noqa: PLC0415
    except ImportError as error:
        raise MisuseError(
            "the HTTP endpoint needs an ASGI server, which is not installed:"
            f" {install_command('server')}"
        ) from error
    return uvicorn


def _server(application: Application) -> Any:
    uvicorn = _uvicorn()
    config = uvicorn.Config(
        application,
        access_log=False,
        date_header=False,  # the application's own has the mock's time
        interface="asgi3",
        lifespan="off",
        log_config=None,  # the program's logging is the program's
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_REQUESTS_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        ws="none",
    )
    return uvicorn.Server(config)
