"""Running the application: for a `with` block in this process, or until it is interrupted."""

from __future__ import annotations

import errno
import gc
import ipaddress
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ddbmock._internal import hosts
from ddbmock._internal.data import database
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import endpoint as messages
from ddbmock._internal.options import Options
from ddbmock._internal.server.application import Application
from ddbmock._internal.server.backends import Backends
from ddbmock._internal.server.beginning import Beginning
from ddbmock._internal.server.connections import HttpServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

    from botocore.client import BaseClient

LOOPBACK = "127.0.0.1"
_BACKLOG = 1024
_HIGHEST_PORT = 65535
#: How many new objects are looked through at once for garbage, in a process of the endpoint's own.
_COLLECTED_OBJECTS = 10_000


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
    """Serve over HTTP while the block runs; it yields the endpoint's URL.

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
        accounts: Whether access keys of the form of AWS and moto belong to their accounts, and all
            others to the default account, of one set of tables.
        tables: A template whose tables each access key and region has at first.
        load: A file or folder whose items, or tables and items, it has at first.
        delays: For how many seconds tables and indexes are CREATING, UPDATING and DELETING; True
            is as long as usual.
        metrics: Whether the endpoint answers for CloudWatch too, with the metrics of tables.
        autoscaling: Whether it answers for Application Auto Scaling too.
        dax: Whether it answers for the control plane of DAX too.
        s3: Where exports of tables go and imports come from: a folder whose folders are buckets,
            the URL of a server, or an S3 client of boto3.
        db: An SQLite file that stores everything; its contents are loaded first.
        throughput: Whether tables throttle, as in `mock_dynamodb`.
        lag: How far eventually consistent reads are behind.
        chaos: Whether calls fail at random, as `seed` chooses.
        seed: The seed of random choices.
        faults: Arguments of `ddb.faults.add`, for every access key.
        fault_route: Whether faults can be added at `/_ddbmock/faults` too, from this machine.
        allow_hosts: Names in the `Host` header that are answered, in addition to those of this
            machine and `host`; `"*"` allows every name.

    Raises:
        MisuseError: The port is taken, or the file cannot be loaded.
    """
    options = Options(
        delays=delays,
        metrics=metrics,
        autoscaling=autoscaling,
        dax=dax,
        s3=s3,
        throughput=throughput,
        lag=lag,
        chaos=chaos,
        seed=seed,
    )
    beginning = Beginning(
        templates=() if tables is None else (tables,), files=() if load is None else (load,)
    )
    with database.opened(db) as file:
        backends = Backends(
            shared=shared,
            accounts=accounts,
            beginning=beginning,
            options=options,
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
    """Serve in a thread while the block runs; it yields the URL."""
    server = HttpServer(listening, application)
    # The socket listens already: no need to wait for the thread.
    thread = threading.Thread(target=server.run, name="ddbmock-endpoint", daemon=True)
    thread.start()
    try:
        yield url_of(listening)
    finally:
        server.stop()
        thread.join()
        listening.close()


def run(application: Application, listening: socket.socket) -> None:
    """Serve over HTTP until the process is interrupted or terminated.

    Requests in progress are completed; the signal has its usual effect afterwards, and at once when
    it is received a second time.
    """
    server = HttpServer(listening, application, owns_process=True)
    before = {int(number): signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    received: list[int] = []

    def end(number: int, _: object) -> None:
        received.append(number)
        restore()
        server.stop()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, end)
    # What has been loaded stays: collections of garbage need not walk over it again and again. And
    # little of what a call leaves is garbage that only they find, so they may come less often.
    gc.freeze()
    thresholds = gc.get_threshold()
    gc.set_threshold(_COLLECTED_OBJECTS, *thresholds[1:])
    # On Windows a signal does not interrupt what waits for sockets.
    woken_before = signal.set_wakeup_fd(server.waker.fileno(), warn_on_full_buffer=False)
    try:
        server.run()
    finally:
        signal.set_wakeup_fd(woken_before)
        restore()
        gc.set_threshold(*thresholds)
        listening.close()
    for number in received:
        signal.raise_signal(number)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        MisuseError: The port is taken or not a port, or the host is none of this machine.
    """
    if not 0 <= port <= _HIGHEST_PORT:
        raise MisuseError(messages.not_a_port(port))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise MisuseError(messages.port_in_use(host, port)) from error
        reason = (error.strerror or str(error)).partition(" (while ")[0]
        raise MisuseError(messages.cannot_listen(host, port, reason)) from error


def url_of(listening: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(listening: socket.socket) -> bool:
    """Return whether only this machine can reach a socket."""
    return ipaddress.ip_address(listening.getsockname()[0]).is_loopback


def answered_hosts(listening: socket.socket, host: str, allowed: Iterable[str]) -> set[str]:
    """Return the names that an endpoint answers in addition to those of this machine.

    An endpoint on more than the loopback address can be reached by unknown names.
    """
    return {*allowed, host if is_loopback(listening) else hosts.ANY_HOST}
