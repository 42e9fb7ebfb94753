"""Tables of serverless.yml: CloudFormation in `resources`, with the Framework's variables.

`${self:…}`, `${opt:…}`, `${env:…}`, `${sls:stage}`, `${param:…}`, `${file(…):…}`, `${aws:region}`,
`${aws:accountId}`, with fallbacks; any other source (`${ssm:…}`, `${cf:…}`) takes a given value.
The seeds are those of the plugins for DynamoDB Local (`custom.dynamodb.seed`).

https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.files import read_text, suffix_of
from ddbmock.formats.json_documents import parse_json
from ddbmock.formats.located import line_of
from ddbmock.formats.yaml_documents import parse_yaml
from ddbmock.templates.cloudformation import template_tables
from ddbmock.templates.intrinsics import Resolver
from ddbmock.templates.tables import Seed, TableSpec

if TYPE_CHECKING:
    from ddbmock.templates.options import TemplateOptions

#: The innermost variable; `${AWS::Region}` and `${Table.Arn}` belong to CloudFormation.
_VARIABLE = re.compile(
    r"\$\{(?!AWS::)([a-zA-Z][\w-]*(?:\([^${}()]*\))?:[^${}]*|file\([^${}()]*\))\}"
)
_FILE = re.compile(r"file\(([^)]*)\)(?::(.*))?\Z", re.DOTALL)
#: Variables nest; more rounds than this go in a circle.
_ROUNDS_MAX = 50
#: Where the plugins look for seeds.
_PLUGINS = ("dynamodb", "serverless-dynamodb", "serverless-dynamodb-local")


class _Missing(Exception):
    """A variable that has no value."""


def is_service(document: Any) -> bool:
    """Return whether a document is a serverless.yml."""
    return isinstance(document, Mapping) and "service" in document and "provider" in document


def service_tables(
    document: Mapping[str, Any], source: str, options: TemplateOptions
) -> tuple[list[TableSpec], list[Seed]]:
    """Return the tables of a service, and their seeds.

    Raises:
        FileError: What a table says cannot be resolved, or is no table.
    """
    options = _with_region(document, source, options)
    variables = Variables(document, source, options)
    specs: list[TableSpec] = []
    for part in _resource_parts(document, variables):
        resolver = Resolver(part, source, options, variables.resolve_text)
        specs += template_tables(part, source, options, resolver)
    return specs, list(_seeds(document, variables, source, specs))


def _with_region(
    document: Mapping[str, Any], source: str, options: TemplateOptions
) -> TemplateOptions:
    """Return the options with the region that the service names, unless another was given."""
    variables = Variables(document, source, options)
    provider = variables.resolve(document["provider"])
    region = provider.get("region") if isinstance(provider, Mapping) else None
    if region is None or options.is_region_given:
        return options
    return replace(options, region=str(variables.resolve(region)))


def _resource_parts(document: Mapping[str, Any], variables: Variables) -> list[Mapping[str, Any]]:
    """Return the parts of `resources`, merged into one template."""
    resources = variables.resolve(document.get("resources"))
    parts = (
        [variables.resolve(p) for p in resources] if isinstance(resources, list) else [resources]
    )
    merged: dict[str, Any] = {}
    for part in parts:
        if not isinstance(part, Mapping):
            continue
        for name, section in part.items():
            content = variables.resolve(section)
            if isinstance(content, Mapping):
                merged[name] = {**merged.get(name, {}), **_resolved_once(content, variables)}
    return [merged]


def _resolved_once(section: Mapping[str, Any], variables: Variables) -> dict[str, Any]:
    """Resolve entries that are one variable as a whole: `orders: ${file(orders.yml)}`."""
    return {
        name: variables.resolve(entry) if isinstance(entry, str) else entry
        for name, entry in section.items()
    }


def _seeds(
    document: Mapping[str, Any], variables: Variables, source: str, specs: list[TableSpec]
) -> list[Seed]:
    custom = variables.resolve(document.get("custom"))
    seeds = []
    for plugin in _PLUGINS:
        settings = variables.resolve(custom.get(plugin)) if isinstance(custom, Mapping) else None
        domains = variables.resolve(settings.get("seed")) if isinstance(settings, Mapping) else None
        if isinstance(domains, Mapping):
            for domain in domains.values():
                seeds += _domain_seeds(variables.resolve(domain), variables, source)
    names = {spec.name for spec in specs}
    for seed in seeds:
        if seed.table_name not in names:
            raise FileError(
                seed.location, messages.seed_without_table(seed.table_name, sorted(names))
            )
    return seeds


def _domain_seeds(domain: Any, variables: Variables, source: str) -> list[Seed]:
    seeds = []
    for entry in domain.get("sources") or () if isinstance(domain, Mapping) else ():
        location = Location(source, line_of(entry))
        table_name = str(variables.resolve(entry.get("table")))
        for member in ("sources", "rawsources"):
            for file in variables.resolve(entry.get(member)) or ():
                path = Path(source).parent / str(variables.resolve(file))
                seeds.append(Seed(table_name, path, location))
    return seeds


class Variables:
    """Resolves the variables of one service."""

    def __init__(self, document: Mapping[str, Any], source: str, options: TemplateOptions) -> None:
        self._document = document
        self._source = source
        self._options = options
        self._given = options.parameters
        self._open: list[str] = []
        #: Where the text stands that is being resolved.
        self._place = Location(source)

    def resolve(self, value: Any) -> Any:
        """Return a value; of a text what its variables make of it, not always a text."""
        if isinstance(value, str):
            return self.resolve_text(value, self._place)
        return value

    def resolve_text(self, text: str, location: Location) -> Any:
        """Return a text with its variables resolved, innermost first.

        Raises:
            FileError: One has no value and no fallback.
        """
        before, self._place = self._place, location
        try:
            return self._resolve_text(text, location)
        finally:
            self._place = before

    def _resolve_text(self, text: str, location: Location) -> Any:
        for _ in range(_ROUNDS_MAX):
            match = _VARIABLE.search(text)
            if match is None:
                return text
            value = self._value(match.group(1), location)
            if match.group() == text:
                if not isinstance(value, str):
                    return value
                text = value
                continue
            if not isinstance(value, str | int | Decimal):
                raise FileError(location, messages.not_a_text_variable(match.group()))
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            text = text[: match.start()] + shown + text[match.end() :]
        raise FileError(location, messages.circular_variable(text))

    def _value(self, expression: str, location: Location) -> Any:
        if expression in self._open:
            raise FileError(location, messages.circular_variable(f"${{{expression}}}"))
        self._open.append(expression)
        try:
            for alternative in _alternatives(expression):
                literal = _literal(alternative)
                if literal is not None:
                    return literal[0]
                try:
                    return self._look_up(alternative, location)
                except _Missing:
                    continue
        finally:
            self._open.pop()
        raise FileError(location, messages.unresolved_variable(expression))

    def _look_up(self, variable: str, location: Location) -> Any:
        if variable in self._given:
            return self._given[variable]
        file = _FILE.match(variable)
        if file is not None:
            return self._from_file(file.group(1), file.group(2), location)
        kind, _, name = variable.partition(":")
        find = getattr(self, f"_find_{kind.lower()}", None)
        if find is None:
            raise _Missing
        return find(name.strip())

    def _find_self(self, path: str) -> Any:
        if path in {"service", "service.name"}:
            service = self._document["service"]
            return service.get("name") if isinstance(service, Mapping) else service
        if path == "provider.stage":
            return self._stage()
        if path == "provider.region":
            return self._options.region
        return self._walk(self._document, path)

    def _find_opt(self, name: str) -> Any:
        if name in self._given:
            return self._given[name]
        # What was not said on the command line is what the file says, as in `${opt:stage}`.
        if name == "stage":
            raise _Missing
        if name == "region":
            return self._options.region
        raise _Missing

    def _find_env(self, name: str) -> Any:
        if name in os.environ:
            return os.environ[name]
        raise _Missing

    def _find_sls(self, name: str) -> Any:
        if name == "stage":
            return self._stage()
        if name == "instanceId":
            return "ddbmock"
        raise _Missing

    def _find_param(self, name: str) -> Any:
        """Parameters are given, or stand in `params` for the stage, or for all stages."""
        if name in self._given:
            return self._given[name]
        params = self.resolve(self._document.get("params")) or {}
        stages = self.resolve(self._document.get("stages")) or {}
        for stage in (self._stage(), "default"):
            for section in (params.get(stage), (stages.get(stage) or {}).get("params")):
                if isinstance(section, Mapping) and name in section:
                    return section[name]
        raise _Missing

    def _find_aws(self, name: str) -> Any:
        values = {"region": self._options.region, "accountid": self._options.account_id}
        if name.lower() in values:
            return values[name.lower()]
        raise _Missing

    def _stage(self) -> Any:
        for name in ("opt:stage", "stage"):
            if name in self._given:
                return self._given[name]
        provider = self.resolve(self._document.get("provider"))
        stage = provider.get("stage") if isinstance(provider, Mapping) else None
        return "dev" if stage is None else self.resolve(stage)

    def _walk(self, document: Any, path: str) -> Any:
        for step in path.split(".") if path else ():
            document = self.resolve(document)
            if isinstance(document, Mapping) and step in document:
                document = document[step]
            elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
                document = document[int(step)]
            else:
                raise _Missing
        document = self.resolve(document)
        if document is None:
            raise _Missing
        return document

    def _from_file(self, name: str, path: str | None, location: Location) -> Any:
        file = Path(self._source).parent / name.strip()
        if not file.is_file():
            raise _Missing
        text = read_text(file)
        suffix = suffix_of(file)
        if suffix == ".json":
            document = parse_json(text, str(file))
        elif suffix in {".yml", ".yaml"}:
            document = parse_yaml(text, str(file), template=True)
        elif suffix in {".js", ".cjs", ".mjs", ".ts"}:
            raise FileError(location, messages.file_is_a_program(str(file)))
        else:
            document = text
        return self._walk(document, path.strip() if path else "")


def _alternatives(expression: str) -> list[str]:
    """Return the sources of a variable: `opt:stage, 'dev'` has two.

    >>> _alternatives("opt:stage, 'a, b'")
    ['opt:stage', "'a, b'"]
    """
    parts = re.findall(r"""(?:'[^']*'|"[^"]*"|\([^)]*\)|[^,'"(]|['"(])+""", expression)
    return [part.strip() for part in parts]


def _literal(text: str) -> tuple[Any] | None:
    """Return the literal that a fallback is, in a tuple, or None."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return (text[1:-1],)
    if text in {"true", "false"}:
        return (text == "true",)
    if text == "null":
        return (None,)
    # A nested variable is resolved already: what is no source is its value.
    is_source = re.match(r"[a-zA-Z][\w-]*(\([^)]*\))?:", text) or _FILE.match(text)
    return None if is_source else (text,)
