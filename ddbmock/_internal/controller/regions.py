"""The views of one region or account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ddbmock._internal.calls import counted
from ddbmock._internal.controller.views import TableView
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.features import QUORUM
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from ddbmock._internal.calls import Calls
    from ddbmock._internal.service import Service

_ACCOUNT_ID = re.compile("[0-9]{12}")


class RegionView:
    """One region of a mock: its tables, and the calls that were made in it."""

    def __init__(self, service: Service, name: str, account_id: str | None = None) -> None:
        self._service = service
        self._account_id = account_id
        #: The name of the region.
        self.name = name

    @property
    def tables(self) -> Mapping[str, TableView]:
        """The tables of the region by name."""
        return Tables(self._service, self.name, self._account_id)

    @property
    def calls(self) -> Calls:
        """The calls in the region so far, oldest first."""
        return self._service.calls(region=self.name)

    def isolate(self) -> None:
        """Isolate the region from all others: global tables replicate nothing from it or to it.

        Calls in the region are still answered. Writes and consistent reads of a global table with
        strong consistency fail where fewer than two of its regions are connected.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     ddb.regions["eu-west-1"].isolate()
        ...     ddb.regions["eu-west-1"].is_isolated
        True
        """
        self._service.backend.isolate(self.name)
        self._service.use(QUORUM)

    def heal(self) -> None:
        """End the isolation: writes of that time are replicated, the last writer wins."""
        self._service.backend.heal(self.name)

    @property
    def is_isolated(self) -> bool:
        """Whether the region is isolated."""
        return self.name in self._service.backend.replicator.isolated

    def __repr__(self) -> str:
        state = ", isolated" if self.is_isolated else ""
        return f"<region {self.name}: {counted(len(self.tables), 'table')}{state}>"


class Regions(Mapping[str, RegionView]):
    """The regions of a mock by name.

    Every region exists, and is empty at first; the keys are those that were used.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def __getitem__(self, name: str) -> RegionView:
        return RegionView(self._service, _region_name(name))

    def __iter__(self) -> Iterator[str]:
        return iter([region.name for region in self._service.backend.regions()])

    def __len__(self) -> int:
        return len(self._service.backend.regions())

    def __contains__(self, name: object) -> bool:
        return any(region.name == name for region in self._service.backend.regions())

    def __repr__(self) -> str:
        return f"<regions {', '.join(sorted(self)) or 'none used yet'}>"


def _region_name(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise MisuseError(f"a region is named by a string such as 'eu-west-1', not {name!r}")
    return name


class AccountView:
    """One account of a mock: its tables and its regions."""

    def __init__(self, service: Service, account_id: str, region_name: str) -> None:
        self._service = service
        self._region_name = region_name
        #: The twelve digits of the account.
        self.account_id = account_id

    @property
    def tables(self) -> Mapping[str, TableView]:
        """The tables of the account in the mock's region by name."""
        return self.region(self._region_name).tables

    def region(self, name: str) -> RegionView:
        """Return a region of the account."""
        return RegionView(self._service, _region_name(name), self.account_id)

    def __repr__(self) -> str:
        return f"<account {self.account_id}: {counted(len(self.tables), 'table')}>"


class Accounts(Mapping[str, AccountView]):
    """The accounts of a mock by their twelve digits; the keys are those that were used."""

    def __init__(self, service: Service, region_name: str) -> None:
        self._service = service
        self._region_name = region_name

    def __getitem__(self, account_id: str) -> AccountView:
        if not _ACCOUNT_ID.fullmatch(str(account_id)) or account_id != str(account_id):
            raise MisuseError(f"an account is named by twelve digits, not {account_id!r}")
        return AccountView(self._service, account_id, self._region_name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._service.backend.account_ids())

    def __len__(self) -> int:
        return len(self._service.backend.account_ids())

    def __contains__(self, account_id: object) -> bool:
        return account_id in self._service.backend.account_ids()

    def __repr__(self) -> str:
        return f"<accounts {', '.join(self)}>"


class Tables(dict[str, TableView]):
    """The tables of one region by name."""

    def __init__(self, service: Service, region_name: str, account_id: str | None = None) -> None:
        self._service = service
        self._region_name = region_name
        service.backend.catch_up()
        region = service.backend.region(region_name, account_id)
        with service.backend.lock:
            super().__init__(
                (name, TableView(service, region, table)) for name, table in region.tables.items()
            )

    def __missing__(self, name: str) -> TableView:
        regions = {self._region_name, *(region.name for region in self._service.backend.regions())}
        existing = {
            table.name
            for region in self._service.backend.regions()
            for table in region.all_tables()
        }
        raise MisuseError(messages.no_such_table(name, sorted(regions), sorted(existing)))


class TablesOfDefaultRegion(Tables):
    """The tables of a mock's region; a missing one may be found in another region."""

    def __missing__(self, name: str) -> TableView:
        regions = [r for r in self._service.backend.regions() if name in r.tables]
        if len(regions) == 1:
            return TableView(self._service, regions[0], regions[0].tables[name])
        if regions:
            raise MisuseError(messages.table_in_several_regions(name, [r.name for r in regions]))
        return super().__missing__(name)
