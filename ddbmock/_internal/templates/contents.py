"""What is read from templates: tables, items for them, functions that get their changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates.left_out import LeftOut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.cloudformation.roles import OtherRoles
    from ddbmock._internal.templates.cloudformation.stacks import Stack
    from ddbmock._internal.templates.companions import CompanionRequest
    from ddbmock._internal.templates.event_sources import EventSource
    from ddbmock._internal.templates.settings import Setting

Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of a template."""

    #: What the template calls it: a logical id, an address.
    logical_name: str
    #: The CreateTable request, with indexes, stream and tags.
    request: Request
    location: Location
    #: Requests that follow when the table exists.
    settings: tuple[Setting, ...] = ()
    #: The ImportTable request that creates the table in place of its CreateTable request, if any.
    import_request: Request | None = None
    #: What of the table's definition is in none of the requests.
    left_out: tuple[LeftOut, ...] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.request["TableName"])

    def all_left_out(self) -> list[LeftOut]:
        """Return what creating the table does not do, settings that are not supported included."""
        reasons = [(setting.name, setting.reason_left_out) for setting in self.settings]
        unsupported = [
            LeftOut(f"{name} of {self.logical_name}", reason)
            for name, reason in reasons
            if reason is not None
        ]
        return [*self.left_out, *unsupported]


@dataclass(frozen=True, slots=True)
class Seed:
    """Items that a template puts into a table: a file of them, or the items."""

    table_name: str
    source: Path | list[Mapping[str, Any]]
    location: Location


@dataclass(slots=True)
class Contents:
    """What one or several templates hold."""

    specs: list[TableSpec] = field(default_factory=list)
    seeds: list[Seed] = field(default_factory=list)
    event_sources: list[EventSource] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    #: What scales tables, and alarms on them.
    companions: list[CompanionRequest] = field(default_factory=list)
    #: CloudFormation's stacks with all their resources, nested stacks included.
    stacks: list[Stack] = field(default_factory=list)
    #: Roles that are no resources of these stacks.
    roles: list[OtherRoles] = field(default_factory=list)

    def add_setting(self, table_name: str, setting: Setting) -> bool:
        """Add a setting to a table; return whether there is one of that name."""
        for at, spec in enumerate(self.specs):
            if spec.name == table_name:
                self.specs[at] = replace(spec, settings=(*spec.settings, setting))
                return True
        return False

    def add(self, other: Contents) -> None:
        """Add what another template holds."""
        self.specs += other.specs
        self.seeds += other.seeds
        self.event_sources += other.event_sources
        self.left_out += other.left_out
        self.companions += other.companions
        self.stacks += other.stacks
        self.roles += other.roles
