"""One resource of a template, whose properties are resolved when they are needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import Location
from ddbmock._internal.formats.located import location_of, location_of_key
from ddbmock._internal.templates.cloudformation.intrinsics import NO_VALUE
from ddbmock._internal.templates.shapes import list_of, mapping_of

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.intrinsics import Resolver

TABLE, GLOBAL_TABLE = "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"
SIMPLE_TABLE = "AWS::Serverless::SimpleTable"
TABLE_TYPES = {TABLE, GLOBAL_TABLE, SIMPLE_TABLE}

#: What CDK puts behind the names of its constructs to make a logical id.
_CDK_HASH = re.compile(r"(.+?)[0-9A-F]{8}\Z")


class Resource:
    """A resource: its logical id, its type, its properties."""

    def __init__(
        self, resolver: Resolver, source: str, logical_name: str, body: Mapping[str, Any]
    ) -> None:
        self._resolver = resolver
        self._body = body
        self.logical_name = logical_name
        self.source = source
        #: Where the resource is defined, named in messages.
        self.location: Location = location_of(body, Location(source, None, logical_name))

    @property
    def kind(self) -> str:
        """The type of the resource, `AWS::DynamoDB::Table`."""
        return str(self._body.get("Type"))

    @property
    def is_table(self) -> bool:
        """Whether it is a table."""
        return self.kind in TABLE_TYPES

    @property
    def exists(self) -> bool:
        """Whether its condition holds."""
        if "Condition" not in self._body:
            return True
        return self._resolver.holds(self._body["Condition"], self._bare_location)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Its metadata, as they are in the template."""
        metadata = self._body.get("Metadata")
        return metadata if isinstance(metadata, Mapping) else {}

    @property
    def construct_id(self) -> str | None:
        """The id of the CDK construct that the resource belongs to; None for other resources."""
        path = self.metadata.get("aws:cdk:path")
        if isinstance(path, str):
            ids = [part for part in path.split("/")[1:] if part not in {"Resource", "Default"}]
            return ids[-1] if ids else None
        hashed = _CDK_HASH.match(self.logical_name)
        return hashed.group(1) if hashed else None

    @cached_property
    def properties(self) -> Mapping[str, Any]:
        """The properties; the functions in them are not resolved yet."""
        properties = self._resolver.reveal(self._body.get("Properties"), self._bare_location)
        if properties is None or properties is NO_VALUE:
            return {}
        return mapping_of(properties, self.location_of("Properties", self._body), "Properties")

    def value(self, name: str) -> Any:
        """Return a property with its functions resolved; None when it is not there."""
        return self.resolve(self.properties.get(name), name)

    def resolve(self, value: Any, name: str) -> Any:
        """Return a part of a property with its functions resolved; None for no value."""
        resolved = self._resolver.resolve(value, self.location_in_template(name))
        return None if resolved is NO_VALUE else resolved

    def reveal(self, value: Any, name: str) -> Any:
        """Return a part of a property with the functions resolved that it consists of."""
        revealed = self._resolver.reveal(value, self.location_in_template(name))
        return None if revealed is NO_VALUE else revealed

    def location_of(self, name: str, container: Mapping[str, Any] | None = None) -> Location:
        """Return where a property is, named after the resource."""
        container = self.properties if container is None else container
        return location_of(container.get(name), location_of_key(container, name, self.location))

    def location_in_template(self, name: str) -> Location:
        """Return where a property is: what cannot be resolved need not be of this resource."""
        location = self.location_of(name)
        return Location(location.source, location.line_number)

    @property
    def _bare_location(self) -> Location:
        return Location(self.location.source, self.location.line_number)

    def elements(self, name: str, container: Mapping[str, Any] | None = None) -> list[Any]:
        """Return the objects in a property's list; the functions in them are not resolved.

        Raises:
            FileError: The property is no list of objects.
        """
        container = self.properties if container is None else container
        location = self.location_of(name)
        listed = self.reveal(container.get(name), name)
        revealed = [self.reveal(element, name) for element in list_of(listed or [], location, name)]
        return [
            mapping_of(element, location_of(element, location), f"{name}[{at}]")
            for at, element in enumerate(revealed)
            if element is not None
        ]
