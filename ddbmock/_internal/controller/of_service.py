"""The controller of a service that was not created by `mock_dynamodb`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.controller.controller import Controller

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.service import Service


class ServiceController(Controller):
    """The controller of a service, as seen from one region.

    >>> from ddbmock._internal.service import Service
    >>> ServiceController(Service(), "eu-west-1").region
    'eu-west-1'
    """

    def __init__(self, service: Service, region_name: str) -> None:
        self._given_service = service
        self._region_name = region_name

    @property
    def _service(self) -> Service:
        return self._given_service

    @property
    def backend(self) -> Backend:
        """The backend of the service."""
        return self._given_service.backend

    @property
    def region(self) -> str:
        """The region that `tables` shows first and that files are loaded into."""
        return self._region_name
