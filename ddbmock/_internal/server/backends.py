"""The backends of an endpoint: that of an active mock, or one for each access key and region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.activations import new_service
from ddbmock._internal.data.database import AttachedBackend
from ddbmock._internal.defaults import DEFAULT_REGION
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.features import FAULTS
from ddbmock._internal.hook import active
from ddbmock._internal.hook.accounts import caller_of_key
from ddbmock._internal.hook.active import ActiveMock
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import endpoint as endpoint_messages
from ddbmock._internal.messages import faults as fault_messages
from ddbmock._internal.options import DEFAULTS, Options
from ddbmock._internal.policies.callers import Caller
from ddbmock._internal.server.authorization import Signer, account_of
from ddbmock._internal.server.beginning import Beginning
from ddbmock._internal.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ddbmock._internal.data.database import DatabaseFile

#: The signer of all requests if the state is shared.
ANYBODY = "anybody"


class Backends:
    """The services of one endpoint: one for each access key, or one for all.

    >>> from ddbmock._internal.server.authorization import Signer
    >>> backends = Backends()
    >>> ann, bob = Signer("ann", "eu-west-1"), Signer("bob", "eu-west-1")
    >>> backends.target_of(ann) is backends.target_of(bob)
    False

    Args:
        shared: Whether all access keys and regions have the same tables.
        accounts: Whether access keys belong to accounts, all of one set of tables.
        beginning: The initial contents for each access key and region.
        options: The options of the mock of each access key.
        faults: Arguments of `ddb.faults.add`, for every access key.
        database: The database that stores everything; its contents are not loaded again.

    Raises:
        MisuseError: A template, a file or the database cannot be loaded, or both `shared` and
            `accounts` are set.
    """

    def __init__(  # noqa: PLR0913 (options by name)
        self,
        *,
        shared: bool = False,
        accounts: bool = False,
        beginning: Beginning | None = None,
        options: Options = DEFAULTS,
        faults: Iterable[Mapping[str, Any]] = (),
        database: DatabaseFile | None = None,
    ) -> None:
        if shared and accounts:
            raise MisuseError(endpoint_messages.SHARED_ACCOUNTS)
        self._shared = shared
        self._accounts = accounts
        self._beginning = beginning or Beginning()
        self._options = options
        self._faults = list(faults)
        if self._faults:
            _add_faults(new_service(self._options), self._faults)  # what is wrong is known now
        self._database = database
        self._targets: dict[str, ActiveMock] = {}
        self._prepared: set[tuple[str, str]] = set()
        self._lock = new_lock()
        #: Answers requests that are refused before their signer is known.
        self.front: ActiveMock = ActiveMock(Service())
        if self._beginning:
            # Read now, so that errors are raised before the first call.
            self._beginning.read(new_service(self._options))
        self._shared_region = min(
            self._beginning.region_names, default=self._beginning.region_name or DEFAULT_REGION
        )
        if database is not None:
            self._open(database)

    def targets(self) -> dict[str, ActiveMock]:
        """Return the services so far by access key; an active mock answers all of them."""
        if active.current is not None:
            return {ANYBODY: active.current}
        if self._shared:
            self._own(ANYBODY, self._shared_region)
        return dict(self._targets)

    def target_of(self, signer: Signer) -> tuple[ActiveMock, str, Caller | None]:
        """Return the service of a signer, the region, and the caller.

        An active mock answers all access keys, as it answers every client of its process.
        """
        region_name = signer.region_name
        if active.current is not None:
            return active.current, region_name, caller_of_key(signer.access_key)
        if self._shared:
            return self._own(ANYBODY, self._shared_region), self._shared_region, None
        if self._accounts:
            account_id = account_of(signer.access_key)
            caller = None if account_id is None else Caller.of_account(account_id)
            return self._own(ANYBODY, region_name), region_name, caller
        return self._own(signer.access_key, region_name), region_name, None

    def others_with(self, table_name: str, signer: Signer) -> list[Signer]:
        """Return the access keys and regions with a table that a signer does not have.

        Clients that should see the same tables then differ in their access key or region.
        """
        if self._shared or self._accounts or active.current is not None:
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
        target, is_new = self._targets.get(access_key), access_key not in self._targets
        if target is None:
            target = ActiveMock(new_service(self._options))
        if is_new and self._faults:
            _add_faults(target.service, self._faults)
        self._beginning.copy_to(target.service, region_name, is_new=is_new)
        if self._database is not None:
            if is_new:
                AttachedBackend(self._database, access_key, target.service.backend)
            # Afterwards: whoever is interrupted here begins with this region again.
            self._database.mark_prepared(access_key, region_name)
        self._targets[access_key] = target
        self._prepared.add((access_key, region_name))

    # --- faults ------------------------------------------------------------------------------

    def add_faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Add faults to the tables of all access keys, including future ones.

        Raises:
            MisuseError: One of them is wrong; none was added.
        """
        _add_faults(new_service(self._options), faults)
        with self._lock:
            for target in self.targets().values():
                _add_faults(target.service, faults)
            self._faults += faults

    def clear_faults(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()
            for target in self.targets().values():
                target.service.use(FAULTS).clear()

    def describe_faults(self) -> dict[str, list[str]]:
        """Return the faults by access key, each as text."""
        return {
            name: [str(fault) for fault in target.service.use(FAULTS)]
            for name, target in self.targets().items()
        }

    # --- the database ------------------------------------------------------------------------

    def _open(self, database: DatabaseFile) -> None:
        """Read all backends of the database."""
        if database.setting("shared", str(self._shared)) != str(self._shared):
            was = "without" if self._shared else "with"
            raise MisuseError(f"{database.path} was created {was} --shared: start it so again")
        for access_key in database.backend_names():
            service = new_service(self._options)
            AttachedBackend(database, access_key, service.backend)
            self._targets[access_key] = ActiveMock(service)
        for access_key, region_name in database.prepared():
            self._beginning.create_missing_tables(self._targets[access_key].service, region_name)
            self._prepared.add((access_key, region_name))


def _add_faults(service: Service, faults: Iterable[Mapping[str, Any]]) -> None:
    try:
        for fault in faults:
            service.use(FAULTS).add(**fault)
    except TypeError as error:
        raise MisuseError(fault_messages.wrong_fault(str(error))) from None
