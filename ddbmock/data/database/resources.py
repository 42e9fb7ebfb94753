"""The resources of a region as a database has them: one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock.formats.dynamodb_json import json_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.data.saved_state.sections import Section
    from ddbmock.engine.backend import Region

#: Account, region, section and key of a resource.
Address = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource, or all of a kind that is written as a whole."""

    region: Region
    section: Section
    key: str
    #: The object itself: a table, a stream, a record; the tuple of all where they are one row.
    content: Any

    @property
    def address(self) -> Address:
        """Where it is in the database."""
        return (self.region.account_id, self.region.name, self.section.name, self.key)

    def line(self) -> str | None:
        """Return the line that describes it, or its lines; None for what is not saved."""
        if self.section.head is None:
            return "\n".join(map(json_line, self.section.write(self.region))) or None
        line = self.section.head(self.region, self.key)
        return None if line is None else json_line(line)


def resources_in(region: Region, section: Section) -> Iterator[Resource]:
    """Yield the resources of one section in a region."""
    resources = section.resources(region)
    if section.head is not None:
        for key, content in list(resources.items()):
            yield Resource(region, section, key, content)
    elif resources:
        yield Resource(region, section, "", tuple(resources.values()))


def is_as_written(written: Any, resource: Resource) -> bool:
    """Return whether a resource is what was written, without looking into it.

    Only a frozen record can be known by its identity.
    """
    parameters = getattr(resource.section.kind, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        return False
    if resource.section.head is not None:
        return written is resource.content
    return (
        isinstance(written, tuple)
        and len(written) == len(resource.content)
        and all(map(_is, written, resource.content))
    )


def _is(one: object, other: object) -> bool:
    return one is other
