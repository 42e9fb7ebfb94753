"""Mocks that a real engine answers: DynamoDB itself, or whatever speaks its protocol.

    names      the tables of one mock have a prefix of their own there
    endpoint   signs and sends
    look       what a test may look at: tables, and nothing else of a backend
    remote     the service that does all this in the place of the mock's own

1. Everything between a program and the engine is as with the mock; only what answers is another.
2. What cannot work there raises `NotOnTargetError`, which says so; nothing is passed over.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ddbmock import messages
from ddbmock.remote.endpoint import Endpoint, Keys
from ddbmock.remote.problems import NotOnTargetError, TargetError
from ddbmock.remote.service import RemoteService

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NotOnTargetError", "RemoteService", "TargetError", "endpoint_of"]

AWS = "aws"
#: Keys that open nothing; engines on one's own machine take any, or none.
_ANY_KEYS = Keys("DDBMOCKTARGET", "ddbmock-target")


def endpoint_of(target: str, environment: Mapping[str, str] | None = None) -> Endpoint:
    """Return the endpoint that a target names: `aws`, or a URL.

    Keys come from the environment alone: for AWS as usual (`AWS_ACCESS_KEY_ID`, ...), for a URL
    from `DDBMOCK_TARGET_ACCESS_KEY_ID` and `DDBMOCK_TARGET_SECRET_ACCESS_KEY`, if they are there.

    >>> endpoint_of("http://localhost:8000")
    <endpoint http://localhost:8000>

    Raises:
        TargetError: It is neither, or there are no keys for AWS.
    """
    given = os.environ if environment is None else environment
    if target == AWS:
        keys = _keys(given, "AWS_")
        if keys is None:
            raise TargetError(messages.NO_KEYS_FOR_AWS)
        return Endpoint(None, keys)
    parts = urlsplit(target)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise TargetError(messages.not_an_endpoint(target))
    return Endpoint(target.rstrip("/"), _keys(given, "DDBMOCK_TARGET_") or _ANY_KEYS)


def _keys(environment: Mapping[str, str], prefix: str) -> Keys | None:
    access_key = environment.get(f"{prefix}ACCESS_KEY_ID")
    secret_key = environment.get(f"{prefix}SECRET_ACCESS_KEY")
    if not access_key or not secret_key:
        return None
    return Keys(access_key, secret_key, environment.get(f"{prefix}SESSION_TOKEN"))
