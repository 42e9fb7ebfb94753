"""Which mock answers the calls of this process, and who is notified of mocks.

This module is light, so that the pytest plugin can register itself without loading botocore.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.defaults import DEFAULT_REGION

if TYPE_CHECKING:
    from ddbmock._internal.service import Service


class ActiveMock:
    """What answers calls: a service, and the region of clients that name none."""

    __slots__ = (
        "_given_region", "compiles_requests", "known_region", "service", "shares_models"
    )  # fmt: skip

    def __init__(
        self,
        service: Service,
        region_name: str | None = None,
        *,
        shares_models: bool = True,
        compiles_requests: bool = True,
    ) -> None:
        self.service: Service = service
        self._given_region = region_name
        #: Whether sessions share what they have read, see `sessions`.
        self.shares_models: bool = shares_models
        #: Whether requests are serialized by compiled functions, see `serialization`.
        self.compiles_requests: bool = compiles_requests
        #: The region of clients that name none; None until it has been read.
        self.known_region = region_name

    def default_region(self) -> str:
        """Return the region of clients that name none."""
        return self.known_region or self.read_default_region()

    def read_default_region(self) -> str:
        """Return the region of clients that name none, as the environment is now.

        To read the environment at each call would cost one or two microseconds.
        """
        self.known_region = self._given_region or configured_region()
        return self.known_region

    def request_id_and_time(self) -> tuple[str, int]:
        """Return what a response carries: an id like the service's, and the time in epoch seconds.

        The service's ids have 52 digits and capitals.
        """
        backend = self.service.backend
        # The digits of `f"{number:052X}"` in a third of its time.
        request_id = backend.random.getrandbits(208).to_bytes(26, "big").hex().upper()
        return request_id, int(backend.clock.seconds())


def configured_region() -> str:
    """Return the region of mocks that are given none: the environment's, or us-east-1.

    Configuration files are ignored: a test must not depend on whose machine it runs.
    """
    return os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION


#: None while no mock is active. Read as `active.current`, never imported by value.
current: ActiveMock | None = None


def is_active() -> bool:
    """Return whether calls are answered."""
    return current is not None


class OtherServices(Protocol):
    """What is called when a program uses another service than DynamoDB."""

    def prepare(self, given: dict[str, Any]) -> None:
        """Complete the arguments that a client is created with."""

    def created(self, client: Any) -> None:
        """Note that a client was created."""

    def signs(self) -> None:
        """Note that a client signs a request."""

    def answer(self, event_name: str, request: Any) -> Any:
        """Answer an HTTP request, or return None."""


other_services: OtherServices | None = None


class Observer(Protocol):
    """Who is notified of the services of mocks."""

    def began(self, service: Any) -> None:
        """Note that a mock has created a service, which answers from now on."""

    def ended(self, service: Any) -> None:
        """No mock uses a service."""


observers: list[Observer] = []
