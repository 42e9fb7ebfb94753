"""Whose state answers: an active mock's, or the endpoint's own, apart by access key and region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock.activations import new_service
from ddbmock.controller.of_service import ServiceController
from ddbmock.defaults import DEFAULT_REGION
from ddbmock.hook import active
from ddbmock.hook.active import ActiveMock
from ddbmock.locks import new_lock
from ddbmock.options import Options
from ddbmock.service import Service

if TYPE_CHECKING:
    from os import PathLike

    from ddbmock.server.authorization import Signer

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
        load: A file that each access key and region begins with.
        delays: For how many seconds tables and indexes are CREATING, UPDATING and DELETING; True
            is as long as usual.

    Raises:
        MisuseError: The file cannot be loaded.
    """

    def __init__(
        self,
        *,
        shared: bool = False,
        load: str | PathLike[str] | None = None,
        delays: bool | float = False,
    ) -> None:
        self._shared = shared
        self._load = load
        self._options = Options(delays=delays)
        #: Whether the file says itself in which regions its tables are, as a saved state does.
        self._load_names_regions = False
        self._shared_region = DEFAULT_REGION
        self._targets: dict[str, ActiveMock] = {}
        self._prepared: set[tuple[str, str]] = set()
        self._lock = new_lock()
        #: Answers what is refused before anybody knows who asks.
        self.front = ActiveMock(Service())
        if load is not None:
            self._try_load(load)

    def _try_load(self, path: str | PathLike[str]) -> None:
        service = Service()
        ServiceController(service, _NOWHERE).load(path)
        named = [region.name for region in service.backend.regions() if region.tables]
        self._load_names_regions = named != [_NOWHERE]
        if self._load_names_regions and named:
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

    def _own(self, access_key: str, region_name: str) -> ActiveMock:
        if (access_key, region_name) not in self._prepared:
            with self._lock:
                self._prepare(access_key, region_name)
        return self._targets[access_key]

    def _prepare(self, access_key: str, region_name: str) -> None:
        if (access_key, region_name) in self._prepared:
            return
        is_new = access_key not in self._targets
        if is_new:
            self._targets[access_key] = ActiveMock(new_service(self._options))
        if self._load is not None and (is_new or not self._load_names_regions):
            ServiceController(self._targets[access_key].service, region_name).load(self._load)
        self._prepared.add((access_key, region_name))
