"""`ddbmock serve`: answer over HTTP until Ctrl-C."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ddbmock._internal import server
from ddbmock._internal.data import database
from ddbmock._internal.messages import endpoint as messages
from ddbmock._internal.options import Options

if TYPE_CHECKING:
    import argparse

#: The options of the command that are those of `mock_dynamodb`.
_OPTIONS_OF_A_MOCK = frozenset(
    {"autoscaling", "chaos", "dax", "delays", "lag", "metrics", "s3", "seed", "throughput"}
)


def serve(options: argparse.Namespace) -> int:
    """Answer over HTTP until the process is ended."""
    beginning = server.Beginning(
        templates=tuple(options.tables), files=tuple(options.load), region_name=options.region
    )
    with database.opened(options.db) as file:
        backends = server.Backends(
            shared=options.shared,
            accounts=options.accounts,
            beginning=beginning,
            options=Options.of({name: getattr(options, name) for name in _OPTIONS_OF_A_MOCK}),
            faults=[fault for path in options.faults for fault in server.faults_of_file(path)],
            database=file,
        )
        _run(backends, options)
    return 0


def _run(backends: server.Backends, options: argparse.Namespace) -> None:
    listening = server.listen(options.host, options.port)
    if not server.is_loopback(listening):
        sys.stderr.write(f"ddbmock: {messages.not_loopback(options.host)}\n")
    allowed_hosts = server.answered_hosts(listening, options.host, options.allow_host)
    application = server.Application(
        backends,
        allowed_hosts=allowed_hosts,
        log=server.write_line if options.verbose else None,
        fault_route=options.fault_route,
    )
    sys.stdout.write(messages.endpoint_started(server.url_of(listening)) + "\n")
    sys.stdout.flush()
    server.run(application, listening)
