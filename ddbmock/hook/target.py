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

    def stamp(self) -> tuple[str, int]:
        """Return what an answer carries: an id like the service's, and the time in epoch seconds.

        The service's ids have 52 digits and capitals.
        """
        world = self.service.world
        return f"{world.random.getrandbits(208):052X}", int(world.clock.seconds())


#: None while no mock is active. Read as `target.current`, never imported by value.
current: Target | None = None
