"""Clients of other services of AWS that are answered locally, and send nothing to AWS.

What a test mocks, as moto does, answers them. A request that nothing answers is refused; only a
server that the test names, by its URL or by a client with an `endpoint_url`, is sent any.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.session import Session

from ddbmock._internal.defaults import ACCESS_KEY, SECRET_KEY
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable

_AWS_HOST = re.compile(r"(.*\.)?(amazonaws\.com(\.cn)?|api\.aws|amazonwebservices\.[a-z.]+)")


class NotAnsweredError(MisuseError):
    """Nothing on this machine answers a request to another service."""


def create(
    service_name: str,
    region_name: str,
    refusal: Callable[[str], str],
    *,
    url: str | None = None,
    **config: Any,
) -> Any:
    """Return a client, created like those of a program.

    Args:
        service_name: The service, as botocore names it.
        region_name: The region.
        refusal: The text for a request to a URL that nothing answers.
        url: The server of the test.
        **config: The configuration of the client.
    """
    # Without credentials botocore would search for some, also in the machine's metadata service.
    client = Session().create_client(
        service_name,
        region_name=region_name,
        endpoint_url=url,
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID") or ACCESS_KEY,
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY") or SECRET_KEY,
        config=Config(
            defaults_mode="standard",
            # What the environment names may be real, and no test has named it.
            ignore_configured_endpoint_urls=True,
            retries={"total_max_attempts": 1},
            **config,
        ),
    )
    return without_aws(client, refusal, sends=url is not None)


def without_aws(client: Any, refusal: Callable[[str], str], *, sends: bool = True) -> Any:
    """Return a copy of a client that sends nothing to AWS.

    Args:
        client: The other client.
        refusal: The text for a request to a URL that nothing answers.
        sends: Whether it sends requests to other servers than those of AWS.
    """
    own = object.__new__(type(client))
    own.__dict__.update(client.__dict__)
    endpoint = client._endpoint  # noqa: SLF001 (the only place of the connection)
    own_endpoint = object.__new__(type(endpoint))
    own_endpoint.__dict__.update(endpoint.__dict__)
    own_endpoint.http_session = _Connection(endpoint.http_session, refusal, sends=sends)
    own._endpoint = own_endpoint
    return own


class _Connection:
    """A connection that refuses what would go to AWS, or anywhere."""

    def __init__(self, session: Any, refusal: Callable[[str], str], *, sends: bool) -> None:
        self._session = session
        self._sends = sends
        self._refusal = refusal

    def send(self, request: Any) -> Any:
        """Send a request to a server of the test."""
        host = urlsplit(request.url).hostname or ""
        if not self._sends or _AWS_HOST.fullmatch(host):
            raise NotAnsweredError(self._refusal(request.url))
        return self._session.send(request)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
