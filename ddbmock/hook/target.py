"""What answers the calls of this process at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddbmock.service import Service


@dataclass(frozen=True, slots=True)
class Target:
    """What answers calls: a service, and the region of clients without one."""

    service: Service
    region_name: str | None = None

    def request_id_and_time(self) -> tuple[str, int]:
        """Return what an answer carries: an id like the service's, and the time in epoch seconds.

        The service's ids have 52 digits and capitals.
        """
        backend = self.service.backend
        return f"{backend.random.getrandbits(208):052X}", int(backend.clock.seconds())


#: None while no mock is active. Read as `target.current`, never imported by value.
current: Target | None = None
