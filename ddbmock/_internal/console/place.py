"""The subject of a page: a service, and optionally a region and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.console.requests import url
from ddbmock._internal.controller.of_service import ServiceController

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.service import Service


@dataclass(frozen=True, slots=True)
class Target:
    """A service that the console shows: that of the mock, or of an access key of an endpoint."""

    name: str
    service: Service

    @property
    def controller(self) -> ServiceController:
        """The controller of the service."""
        return ServiceController(self.service, "")

    def regions(self) -> list[Region]:
        """Return the regions with tables, of all accounts."""
        return [region for region in self.service.backend.all_regions() if region.tables]


def key_of(region: Region) -> str:
    """Return what URLs call a region: its name, and the account if it is not the default one."""
    is_default = region.account_id == region.backend.account_id
    return region.name if is_default else f"{region.name}@{region.account_id}"


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a target."""

    target: Target
    region: Region
    table: Table

    def url(self, *page: str, **query: str | None) -> str:
        """Return the URL of a page about the table."""
        return url("table", self.target.name, key_of(self.region), self.table.name, *page, **query)

    def request(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make a request about the table that is not recorded, and return the response.

        Raises:
            ServiceError: The service refuses it.
        """
        return self.target.service.run_unrecorded(
            self.region.name,
            operation,
            {"TableName": self.table.name, **parameters},
            account_id=self.region.account_id,
        )
