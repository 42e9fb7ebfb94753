"""`SetUp`: requests and loads of a test before the program under test runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.loading import load_within
from ddbmock._internal.data.requests import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.data.loading import Source
    from ddbmock._internal.engine.backend import Backend


class SetUp:
    """Makes requests and loads items within one atomic block, without recording calls."""

    def __init__(self, backend: Backend, region_name: str) -> None:
        self._backend = backend
        self._region_name = region_name

    @property
    def is_remote(self) -> bool:
        """Whether the tables are those of a real engine, which supports requests only."""
        return self._backend.remote_request is not None

    def request(
        self, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> dict[str, Any]:
        """Make a request, and return the response.

        It is checked as the service checks it, and takes effect at once, whatever the mock's
        `delays`.

        Raises:
            ServiceError: The service refuses it.
            UnsupportedError: ddbmock does not do this yet.
        """
        return run(self._backend, region or self._region_name, operation, dict(parameters))

    def load(self, source: Source, table: str | None = None) -> int:
        """Load items, as `ddb.load` does.

        Raises:
            FileError: What is wrong, with file, line and item.
        """
        if self.is_remote:
            self._backend.atomic()  # refuses, as `ddb.load` does
        return load_within(self._backend, self._region_name, source, table)
