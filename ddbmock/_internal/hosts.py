"""The `Host` headers that the endpoint answers.

A page on the internet can let its own name point at 127.0.0.1 (DNS rebinding) and would then read
what is served there. So an endpoint on the loopback address answers only to names of this machine,
to the host that it was started with, and to names that were allowed.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: Allows every name.
ANY_HOST = "*"
_NAME_AND_PORT = re.compile(r"(?:\[([^\[\]]*)\]|([^\[\]:]*))(?::[0-9]*)?")
_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "host.docker.internal"})


def is_allowed(host_header: str, allowed: Collection[str]) -> bool:
    """Return whether a request with this `Host` header is answered.

    An empty header (HTTP/1.0) is allowed: no browser sends one.

    >>> is_allowed("localhost:8000", ()), is_allowed("[::1]:8000", ()), is_allowed("evil.test", ())
    (True, True, False)
    >>> is_allowed("ddb.test:8000", {"ddb.test"})
    True
    """
    name = name_of(host_header)
    return (
        not name
        or ANY_HOST in allowed
        or name in allowed
        or name in _LOCAL_NAMES
        or name.endswith(".localhost")
        or is_loopback_address(name)
    )


def refusal(host_header: str) -> str:
    """Return the text of the response to a request that is not allowed."""
    return (
        f"{name_of(host_header)} is not a name of this machine: start ddbmock with"
        f" --allow-host {name_of(host_header)} to answer it\n"
    )


def name_of(host_header: str) -> str:
    """Return the host of a `Host` header without its port, in lower case.

    What is no host and port is returned as it is; it is no name of any machine.

    >>> name_of("LOCALHOST:8000"), name_of("[::1]:8000"), name_of("localhost:80@evil.test")
    ('localhost', '::1', 'localhost:80@evil.test')
    """
    header = host_header.strip().lower()
    found = _NAME_AND_PORT.fullmatch(header)
    return header if found is None else found.group(found.lastindex or 0)


@lru_cache
def is_loopback_address(name: str) -> bool:
    """Return whether this is a loopback address.

    >>> is_loopback_address("::1"), is_loopback_address("localhost")
    (True, False)
    """
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
