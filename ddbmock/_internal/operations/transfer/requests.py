"""Requests of transfers: their times and client tokens, and repeated requests."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ddbmock._internal import limits
from ddbmock._internal.operations.transfer.objects import new_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region


class Started(Protocol):
    """A transfer with the client token of its request."""

    @property
    def client_token(self) -> str:
        """The token."""

    @property
    def started_at(self) -> float:
        """The time of its request, in epoch seconds."""


S = TypeVar("S", bound=Started)


def plain(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a request in the form of JSON: without nulls, with times as numbers."""
    return {name: _plain(value) for name, value in request.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return plain(value)
    return [_plain(each) for each in value] if isinstance(value, list) else value


def client_token(region: Region, request: Mapping[str, Any]) -> str:
    """Return the client token of a request, or a new one."""
    return request.get("ClientToken") or new_token(region)


def without_token(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request without its client token."""
    return {name: value for name, value in request.items() if name != "ClientToken"}


def sent_again(region: Region, kind: type[S], request: Mapping[str, Any], now: float) -> S | None:
    """Return the transfer with the same client token as a request, if any."""
    token = request.get("ClientToken")
    if token is None:
        return None
    oldest = now - limits.TRANSFER_TOKEN_SECONDS
    for transfer in region.store.of(kind).records.values():
        if transfer.client_token == token and transfer.started_at > oldest:
            return transfer
    return None
