"""What an endpoint begins with: the tables of templates, and the items of files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock.templates import tables_from

if TYPE_CHECKING:
    from os import PathLike

    from ddbmock.controller import Controller


@dataclass(frozen=True, slots=True)
class Beginning:
    """Templates whose tables are created, and files that are loaded, in this order."""

    templates: tuple[str | PathLike[str], ...] = ()
    files: tuple[str | PathLike[str], ...] = ()
    #: The only region of tables whose template or file names none. Default: every region that
    #: somebody uses.
    region_name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.templates or self.files)

    def create(self, controller: Controller) -> None:
        """Create the tables and load the items.

        Raises:
            MisuseError: A template or file is wrong.
        """
        if self.templates:
            tables_from(*self.templates, region=self.region_name).create(controller)
        for path in self.files:
            controller.load(path)
