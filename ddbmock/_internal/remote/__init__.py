"""Mocks whose calls a real engine answers: DynamoDB itself, or one that speaks its protocol.

    service        the service of such a mock, in place of the mock's own
    endpoint       signs, sends, and parses responses
    table_prefix   the prefix of a mock's tables on the engine
    views          the tables and items of the engine, for the controller's views
    errors         errors of targets

1. For the program everything is as with the mock, except the responses.
2. Features that a real engine lacks raise `NotOnTargetError`; nothing is silently ignored.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ddbmock._internal.remote.endpoint import AccessKey, Endpoint
from ddbmock._internal.remote.errors import NotOnTargetError, TargetError
from ddbmock._internal.remote.service import RemoteService

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NotOnTargetError", "RemoteService", "TargetError", "endpoint_of"]

AWS = "aws"
#: A dummy key. Local engines accept any key, or none.
_DUMMY_KEY = AccessKey("DDBMOCKTARGET", "ddbmock-target")


def endpoint_of(target: str, environment: Mapping[str, str] | None = None) -> Endpoint:
    """Return the endpoint of a target: `aws`, or a URL.

    Credentials come from environment variables only: for AWS from the usual ones
    (`AWS_ACCESS_KEY_ID`, ...), for a URL from `DDBMOCK_TARGET_ACCESS_KEY_ID` and
    `DDBMOCK_TARGET_SECRET_ACCESS_KEY`, if they are set.

    >>> endpoint_of("http://localhost:8000")
    <endpoint http://localhost:8000>

    Raises:
        TargetError: The target is neither, or there are no credentials for AWS.
    """
    variables = os.environ if environment is None else environment
    if target == AWS:
        key = _access_key(variables, "AWS_")
        if key is None:
            raise TargetError(
                "the target aws needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the"
                " environment; profiles and other sources of credentials are not used"
            )
        return Endpoint(None, key)
    parts = urlsplit(target)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise TargetError(
            f"a target is aws or the URL of an endpoint (http://localhost:8000), not {target!r}"
        )
    return Endpoint(target.rstrip("/"), _access_key(variables, "DDBMOCK_TARGET_") or _DUMMY_KEY)


def _access_key(variables: Mapping[str, str], prefix: str) -> AccessKey | None:
    key_id = variables.get(f"{prefix}ACCESS_KEY_ID")
    secret = variables.get(f"{prefix}SECRET_ACCESS_KEY")
    if not key_id or not secret:
        return None
    return AccessKey(key_id, secret, variables.get(f"{prefix}SESSION_TOKEN"))
