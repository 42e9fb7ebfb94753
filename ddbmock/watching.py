"""Who wants to know which services begin and end: a list that is empty outside of test runs.

It is a leaf, so that the pytest plugin can watch without loading anything of what it watches.
"""

from __future__ import annotations

from typing import Any, Protocol


class Watcher(Protocol):
    """What is told of the services of mocks."""

    def began(self, service: Any) -> None:
        """A mock has made a service; it answers from now on."""

    def ended(self, service: Any) -> None:
        """Nobody uses a service any more."""


watchers: list[Watcher] = []
