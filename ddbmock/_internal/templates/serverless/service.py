"""A service of the Serverless Framework: CloudFormation in `resources`, with variables.

The seeds are those of the plugins for DynamoDB Local (`custom.dynamodb.seed`).

https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import LocatedDict, line_of, location_of
from ddbmock._internal.templates.cloudformation.contents import stack_contents
from ddbmock._internal.templates.cloudformation.nested import add_children
from ddbmock._internal.templates.cloudformation.stacks import Exports, Stack
from ddbmock._internal.templates.contents import Contents, Seed
from ddbmock._internal.templates.serverless.capacities import capacities
from ddbmock._internal.templates.serverless.events import function_event_sources
from ddbmock._internal.templates.serverless.roles import ServiceRoles
from ddbmock._internal.templates.serverless.variables import Variables
from ddbmock._internal.templates.shapes import text_of

if TYPE_CHECKING:
    from ddbmock._internal.templates.options import TemplateOptions
    from ddbmock._internal.templates.skipped import SkippedPart

#: The sections of `custom` in which the plugins have their seeds.
_PLUGINS = ("dynamodb", "serverless-dynamodb", "serverless-dynamodb-local")


def is_service(document: Any) -> bool:
    """Return whether a document is a serverless.yml."""
    return isinstance(document, Mapping) and "service" in document and "provider" in document


class Service:
    """One service: its stack, its functions, its seeds."""

    def __init__(
        self,
        document: Mapping[str, Any],
        source: str,
        options: TemplateOptions,
        exports: Exports,
    ) -> None:
        self._document = document
        self._source = source
        options.parameters.add_document(document)
        self._variables = Variables(document, source, options)
        region = self._variables.region()
        template = _resources(document.get("resources"), self._variables, Location(source))
        self.stack: Stack = Stack(
            template,
            source,
            options.deployed_to(region=str(region)),
            exports,
            prepare=self._variables.resolve_text,
        )
        self._skipped: list[SkippedPart] = add_children(self.stack)

    def contents(self) -> Contents:
        """Return the tables of the service, their seeds and the functions that get changes.

        Raises:
            FileError: Something of a table cannot be resolved, or is unknown.
        """
        contents = stack_contents(self.stack)
        contents.skipped += self._skipped
        sources, skipped = function_event_sources(
            self._document, self._variables, self.stack, self._source
        )
        contents.event_sources += sources
        contents.skipped += skipped
        contents.seeds += self._seeds()
        custom = self._variables.mapping(self._document.get("custom"))
        contents.companions += capacities(custom, self._variables, self.stack, self._source)
        contents.roles.append(
            ServiceRoles(self._document, self._variables, self.stack, self._source)
        )
        return contents

    def _seeds(self) -> Iterator[Seed]:
        custom = self._variables.mapping(self._document.get("custom"))
        for plugin in _PLUGINS:
            settings = self._variables.mapping(custom.get(plugin))
            for domain in self._variables.mapping(settings.get("seed")).values():
                yield from self._domain_seeds(self._variables.mapping(domain))

    def _domain_seeds(self, domain: Mapping[str, Any]) -> Iterator[Seed]:
        for entry in self._variables.list(domain.get("sources")):
            source = self._variables.mapping(entry)
            location = Location(self._source, line_of(source))
            table = text_of(self._variables.resolve(source.get("table")), location, "table")
            for member in ("sources", "rawsources"):
                for file in self._variables.list(source.get(member)):
                    name = text_of(self._variables.resolve(file), location, member)
                    path = Path(self._source).parent / name
                    yield Seed(table_name_of(table), path, location)


def _resources(resources: Any, variables: Variables, location: Location) -> LocatedDict:
    """Return the parts of `resources`, merged into one template."""
    resolved = variables.resolve(resources, location)
    merged = LocatedDict()
    for part in resolved if isinstance(resolved, list) else [resolved]:
        template = variables.resolve(part, location)
        if template is None:
            continue
        if not isinstance(template, Mapping):
            problem = f"resources takes an object or a list of objects, not {template!r}"
            raise FileError(location_of(resources, location), problem)
        for name, section in template.items():
            content = variables.resolve(section, location)
            if isinstance(content, Mapping):
                earlier = merged.get(name, {})
                merged[name] = {**earlier, **_with_entries_resolved(content, variables, location)}
    return merged


def _with_entries_resolved(
    section: Mapping[str, Any], variables: Variables, location: Location
) -> dict[str, Any]:
    """Resolve the entries that consist of one variable: `orders: ${file(orders.yml)}`."""
    return {name: variables.resolve(entry, location) for name, entry in section.items()}
