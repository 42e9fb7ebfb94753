"""The contents of templates: tables, their items, and functions that receive their changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates.skipped import SkippedPart

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

    #: Its name in the template: a logical id, an address.
    logical_name: str
    #: The CreateTable request, with indexes, stream and tags.
    request: Request
    location: Location
    #: Requests that follow when the table exists.
    settings: tuple[Setting, ...] = ()
    #: The ImportTable request that creates the table in place of its CreateTable request, if any.
    import_request: Request | None = None
    #: The parts of the table's definition that are in none of the requests.
    skipped: tuple[SkippedPart, ...] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.request["TableName"])

    def all_skipped(self) -> list[SkippedPart]:
        """Return everything that creating the table skips, including unsupported settings."""
        reasons = [(setting.name, setting.reason_skipped) for setting in self.settings]
        unsupported = [
            SkippedPart(f"{name} of {self.logical_name}", reason)
            for name, reason in reasons
            if reason is not None
        ]
        return [*self.skipped, *unsupported]


@dataclass(frozen=True, slots=True)
class Seed:
    """Items that a template puts into a table: a file of them, or the items."""

    table_name: str
    source: Path | list[Mapping[str, Any]]
    location: Location


@dataclass(slots=True)
class Contents:
    """The contents of one or several templates."""

    specs: list[TableSpec] = field(default_factory=list)
    seeds: list[Seed] = field(default_factory=list)
    event_sources: list[EventSource] = field(default_factory=list)
    skipped: list[SkippedPart] = field(default_factory=list)
    #: Requests that scale tables and create alarms on them.
    companions: list[CompanionRequest] = field(default_factory=list)
    #: CloudFormation's stacks with all their resources, nested stacks included.
    stacks: list[Stack] = field(default_factory=list)
    #: Roles that are not resources of these stacks.
    roles: list[OtherRoles] = field(default_factory=list)

    def add_setting(self, table_name: str, setting: Setting) -> bool:
        """Add a setting to a table; return whether the table exists."""
        for at, spec in enumerate(self.specs):
            if spec.name == table_name:
                self.specs[at] = replace(spec, settings=(*spec.settings, setting))
                return True
        return False

    def add(self, other: Contents) -> None:
        """Add the contents of another template."""
        self.specs += other.specs
        self.seeds += other.seeds
        self.event_sources += other.event_sources
        self.skipped += other.skipped
        self.companions += other.companions
        self.stacks += other.stacks
        self.roles += other.roles
