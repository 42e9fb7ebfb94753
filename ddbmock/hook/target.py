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

    def request_id(self) -> str:
        """Return an id in the form of the service's: 52 digits and capitals."""
        return f"{self.service.world.random.getrandbits(208):052X}"

    def epoch_seconds(self) -> int:
        """Return the time that answers carry."""
        return int(self.service.world.clock.seconds())


#: None while no mock is active. Read as `target.current`, never imported by value.
current: Target | None = None
