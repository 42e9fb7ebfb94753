"""The resources of a region, one database row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.dynamodb_json import json_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.data.saved_state.sections import Section
    from ddbmock._internal.engine.backend import Region

#: Account, region, section and key of a resource.
Address = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a region."""

    region: Region
    section: Section
    key: str
    #: The object itself: a table, a stream, a record.
    content: Any

    @property
    def address(self) -> Address:
        """The address of its row in the database."""
        return (self.region.account_id, self.region.name, self.section.name, self.key)

    def text(self) -> str:
        """Return the lines of the resource, empty for one that is not saved."""
        return "\n".join(map(json_line, self.section.lines_of(self.region, self.key)))


def resources_in(region: Region, section: Section) -> Iterator[Resource]:
    """Yield the resources of one section in a region."""
    for key, content in list(section.resources(region).items()):
        yield Resource(region, section, key, content)


def is_as_written(written: Any, resource: Resource) -> bool:
    """Return whether a resource is known to be unchanged, without comparing its contents.

    Only a frozen record can be compared by its identity.
    """
    parameters = getattr(resource.section.kind, "__dataclass_params__", None)
    return written is resource.content and parameters is not None and parameters.frozen
