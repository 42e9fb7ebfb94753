"""The initial contents of an endpoint: the tables of templates, and the items of files.

Templates and files are read once. Each access key and region gets a copy, which shares the items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.controller.of_service import ServiceController
from ddbmock._internal.data.saved_state import copy_backend, copy_tables
from ddbmock._internal.templates import tables_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from ddbmock._internal.service import Service

    Path = str | PathLike[str]

#: A region that no file names.
_NOWHERE = "nowhere"


class Beginning:
    """Templates whose tables are created, and files that are loaded, in this order.

    Args:
        templates: The templates.
        files: Files and folders of items, and saved states.
        region_name: The only region of tables whose template or file names none. Default: every
            region that is used.
    """

    def __init__(
        self,
        *,
        templates: Sequence[Path] = (),
        files: Sequence[Path] = (),
        region_name: str | None = None,
    ) -> None:
        self.region_name = region_name
        self._files = tuple(files)
        self._has_templates = bool(templates)
        self._tables = tables_from(*templates, region=region_name) if templates else None
        self._source: Service | None = None
        #: The regions of its tables, if these are fixed, as in a saved state.
        self.region_names: list[str] = []

    def __bool__(self) -> bool:
        return self._has_templates or bool(self._files)

    def read(self, empty: Service) -> None:
        """Read everything into an empty service, from which `copy_to` copies.

        Raises:
            MisuseError: A template or file is wrong.
        """
        controller = ServiceController(empty, self.region_name or _NOWHERE)
        if self._tables is not None:
            self._tables.create(controller)
        for path in self._files:
            controller.load(path)
        self._source = empty
        named = [region.name for region in empty.backend.regions() if region.tables]
        if self.region_name is not None or _NOWHERE not in named:
            self.region_names = named or [self.region_name or _NOWHERE]

    def copy_to(self, service: Service, region_name: str, *, is_new: bool) -> None:
        """Copy the initial contents of a region into a service.

        Args:
            service: The service.
            region_name: The region that is used for the first time.
            is_new: Whether the service is empty.
        """
        if self._source is None or (self.region_names and not is_new):
            return
        if self.region_names:
            copy_backend(self._source.backend, service.backend)
            return
        self.create_missing_tables(service, region_name)
        copy_tables(self._source.backend.region(_NOWHERE), service.backend.region(region_name))

    def create_missing_tables(self, service: Service, region_name: str) -> None:
        """Create the tables of templates that a region does not have.

        Raises:
            MisuseError: A table exists with other keys or indexes than in the template.
        """
        if self._tables is not None:
            controller = ServiceController(service, self.region_name or region_name)
            self._tables.create(controller, skip_existing=True)
