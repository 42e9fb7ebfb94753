"""DynamoDB over HTTP: an application, an HTTP server, and functions to run it.

1. This folder knows requests and signatures, `wire` knows bodies, the service knows the rest: an
   operation does not know whether it was called over HTTP.
2. `http_messages` knows HTTP and no sockets, `connections` sockets and no DynamoDB, `application`
   DynamoDB's requests and no sockets.
3. Clients repeat their heads: `known_heads` recognizes what was read before, and a function of the
   application answers then, which has only the body to look at.
4. A signature is not verified. It identifies the caller (by the access key) and the region.
"""

from __future__ import annotations

from ddbmock._internal.server.application import Application
from ddbmock._internal.server.backends import Backends
from ddbmock._internal.server.beginning import Beginning
from ddbmock._internal.server.fault_route import faults_of_file
from ddbmock._internal.server.running import (
    answered_hosts,
    is_loopback,
    listen,
    run,
    serve,
    url_of,
)
from ddbmock._internal.server.standard_error import write_line

__all__ = [
    "Application",
    "Backends",
    "Beginning",
    "answered_hosts",
    "faults_of_file",
    "is_loopback",
    "listen",
    "run",
    "serve",
    "url_of",
    "write_line",
]
