"""Whose state answers: an active mock's, or the endpoint's own, apart by access key and region."""

from __future__ import annotations

from ddbmock.activations import new_service
from ddbmock.controller.of_service import ServiceController
from ddbmock.defaults import DEFAULT_REGION
from ddbmock.hook import active
from ddbmock.hook.active import ActiveMock
from ddbmock.locks import new_lock
from ddbmock.options import Options
from ddbmock.server.authorization import Signer
from ddbmock.server.beginning import Beginning
from ddbmock.service import Service

#: What everybody is taken for where state is shared.
_ANYBODY = "anybody"
#: A region that no file names.
_NOWHERE = "nowhere"


class Backends:
    """The services of one endpoint: one for each access key, or one for all.

    >>> from ddbmock.server.authorization import Signer
    >>> backends = Backends()
    >>> ann, bob = Signer("ann", "eu-west-1"), Signer("bob", "eu-west-1")
    >>> backends.target_of(ann) is backends.target_of(bob)
    False

    Args:
        shared: Whether all access keys and regions have the same tables.
        beginning: What each access key and region begins with.
        delays: For how many seconds tables and indexes are CREATING, UPDATING and DELETING; True
            is as long as usual.

    Raises:
        MisuseError: The file cannot be loaded.
    """

    def __init__(
        self,
        *,
        shared: bool = False,
        beginning: Beginning | None = None,
        delays: bool | float = False,
    ) -> None:
        self._shared = shared
        self._beginning = beginning or Beginning()
        self._options = Options(delays=delays)
        #: Whether the beginning has the tables' regions, as a saved state does.
        self._has_regions = False
        self._shared_region = self._beginning.region_name or DEFAULT_REGION
        self._targets: dict[str, ActiveMock] = {}
        self._prepared: set[tuple[str, str]] = set()
        self._lock = new_lock()
        #: The beginning, read already, for the first access key.
        self._first: Service | None = None
        #: Answers what is refused before anybody knows who asks.
        self.front = ActiveMock(Service())
        if self._beginning:
            self._read_beginning()

    def _read_beginning(self) -> None:
        """Read the beginning once, so that what is wrong with it is known before the first call."""
        service = new_service(self._options)
        only_region = self._beginning.region_name
        self._beginning.create(ServiceController(service, only_region or _NOWHERE))
        named = [region.name for region in service.backend.regions() if region.tables]
        self._has_regions = only_region is not None or named != [_NOWHERE]
        if self._has_regions:
            self._first = service
            if named and only_region is None:
                self._shared_region = min(named)

    def target_of(self, signer: Signer) -> tuple[ActiveMock, str]:
        """Return what answers a signer, and in which region.

        An active mock answers everybody, as it answers every client of its process.
        """
        if active.current is not None:
            return active.current, signer.region_name
        if self._shared:
            return self._own(_ANYBODY, self._shared_region), self._shared_region
        return self._own(signer.access_key, signer.region_name), signer.region_name

    def others_with(self, table_name: str, signer: Signer) -> list[Signer]:
        """Return the access keys and regions with a table that a signer does not have.

        Clients that should see the same tables then differ in their access key or region.
        """
        if self._shared or active.current is not None:
            return []
        return [
            other
            for access_key, target in list(self._targets.items())
            for region in target.service.backend.regions()
            if table_name in region.tables and (other := Signer(access_key, region.name)) != signer
        ]

    def _own(self, access_key: str, region_name: str) -> ActiveMock:
        if (access_key, region_name) not in self._prepared:
            with self._lock:
                self._prepare(access_key, region_name)
        return self._targets[access_key]

    def _prepare(self, access_key: str, region_name: str) -> None:
        if (access_key, region_name) in self._prepared:
            return
        is_new = access_key not in self._targets
        if is_new and self._first is not None:
            self._targets[access_key], self._first = ActiveMock(self._first), None
        elif is_new or not self._has_regions:
            self._create(access_key, region_name)
        self._prepared.add((access_key, region_name))

    def _create(self, access_key: str, region_name: str) -> None:
        if access_key not in self._targets:
            self._targets[access_key] = ActiveMock(new_service(self._options))
        if self._beginning:
            service = self._targets[access_key].service
            region_name = self._beginning.region_name or region_name
            self._beginning.create(ServiceController(service, region_name))
