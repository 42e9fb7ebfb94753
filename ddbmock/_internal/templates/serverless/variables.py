"""The variables of serverless.yml.

`${self:...}`, `${opt:...}`, `${env:...}`, `${sls:stage}`, `${param:...}`, `${file(...):...}`,
`${aws:region}`, `${aws:accountId}`, with fallbacks; any other source (`${ssm:...}`, `${cf:...}`)
takes a given value.

https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.files import suffix_of
from ddbmock._internal.templates.documents import parse_document, read_template
from ddbmock._internal.templates.in_progress import InProgress
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import text_of

if TYPE_CHECKING:
    from ddbmock._internal.templates.options import TemplateOptions

#: The innermost variable; `${AWS::Region}` and `${Table.Arn}` belong to CloudFormation.
_VARIABLE = re.compile(
    r"\$\{(?!AWS::)([a-zA-Z][\w-]*(?:\([^${}()]*\))?:[^${}]*|file\([^${}()]*\))\}"
)
_FILE = re.compile(r"file\(([^)]*)\)(?::(.*))?\Z", re.DOTALL)
_PROGRAMS = {".js", ".cjs", ".mjs", ".ts"}
_DOCUMENTS = {".json", ".yml", ".yaml"}
#: Variables nest; more rounds than this go in a circle.
_ROUNDS_MAX = 50
#: What a variable may become; each round may make it longer.
_TEXT_CHARACTERS_MAX = 100_000
#: The Framework's own defaults.
_DEFAULT_STAGE, _DEFAULT_REGION = "dev", "us-east-1"


class _Missing(Exception):
    """A variable that has no value."""


class Variables:
    """Resolves the variables of one service."""

    def __init__(self, document: Mapping[str, Any], source: str, options: TemplateOptions) -> None:
        self._document = document
        self._source = source
        self._options = options
        self._given = options.parameters
        self._in_progress = InProgress()
        #: Where the text is that is being resolved.
        self._location = Location(source)
        self._sources: dict[str, Callable[[str], Any]] = {
            "aws": self._of_aws,
            "env": self._of_environment,
            "opt": self._of_command_line,
            "param": self._of_parameters,
            "self": self._of_service,
            "sls": self._of_framework,
        }

    def resolve(self, value: Any, location: Location | None = None) -> Any:
        """Return a value; of a text what its variables make of it, which need not be a text."""
        if isinstance(value, str):
            return self.resolve_text(value, location or self._location)
        return value

    def mapping(self, value: Any) -> Mapping[str, Any]:
        """Return a value that is an object, an empty object for any other value."""
        resolved = self.resolve(value)
        return resolved if isinstance(resolved, Mapping) else {}

    def list(self, value: Any) -> list[Any]:
        """Return a value that is a list, an empty list for any other value."""
        resolved = self.resolve(value)
        return resolved if isinstance(resolved, list) else []

    def resolve_text(self, text: str, location: Location) -> Any:
        """Return a text with its variables resolved, innermost first.

        Raises:
            FileError: One has no value and no fallback.
        """
        before, self._location = self._location, location
        try:
            return self._resolve_text(text, location)
        finally:
            self._location = before

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
                raise FileError(location, f"{match.group()} is inside of a text and is no text")
            text = text[: match.start()] + text_of(value, location, "") + text[match.end() :]
            if len(text) > _TEXT_CHARACTERS_MAX:
                break
        raise FileError(location, f"{text[:_ROUNDS_MAX]} depends on itself")

    def _value(self, expression: str, location: Location) -> Any:
        with self._in_progress.resolving(f"${{{expression}}}", location):
            for alternative in _alternatives(expression):
                literal = _literal(alternative)
                if literal is not None:
                    return literal[0]
                try:
                    return self._look_up(alternative, location)
                except _Missing:
                    continue
        name = expression.partition(",")[0].strip()
        raise UnresolvedError(location, name, f"${{{expression}}}")

    def _look_up(self, variable: str, location: Location) -> Any:
        self._given.declare(variable)
        if variable in self._given:
            return self._given[variable]
        file = _FILE.match(variable)
        if file is not None:
            return self._of_file(file.group(1), file.group(2), location)
        kind, _, name = variable.partition(":")
        find = self._sources.get(kind.lower())
        if find is None:
            raise _Missing
        return find(name.strip())

    def _given_by_name(self, name: str) -> Any:
        """Return a value that is given without the variable's source: `stage` for `opt:stage`."""
        if name in self._given:
            return self._given[name]
        raise _Missing

    # --- sources ---------------------------------------------------------------------------------

    def _of_service(self, path: str) -> Any:
        if path in {"service", "service.name"}:
            service = self.resolve(self._document.get("service"))
            return service.get("name") if isinstance(service, Mapping) else service
        if path == "provider.stage":
            return self.stage()
        if path == "provider.region":
            return self.region()
        return self._walk(self._document, path)

    def _of_command_line(self, name: str) -> Any:
        if name == "region" and self._options.given_region is not None:
            return self._options.given_region
        return self._given_by_name(name)

    @staticmethod
    def _of_environment(name: str) -> Any:
        if name in os.environ:
            return os.environ[name]
        raise _Missing

    def _of_framework(self, name: str) -> Any:
        values: dict[str, Callable[[], Any]] = {
            "stage": self.stage,
            "instanceId": lambda: "ddbmock",
        }
        if name not in values:
            raise _Missing
        return values[name]()

    def _of_parameters(self, name: str) -> Any:
        """Parameters are given, or are in `params` for the stage, or for all stages."""
        if name in self._given:
            return self._given[name]
        params = self.mapping(self._document.get("params"))
        stages = self.mapping(self._document.get("stages"))
        for stage in (str(self.stage()), "default"):
            of_stage = self.mapping(stages.get(stage))
            for section in (params.get(stage), of_stage.get("params")):
                parameters = self.mapping(section)
                if name in parameters:
                    return self.resolve(parameters[name])
        raise _Missing

    def _of_aws(self, name: str) -> Any:
        values: dict[str, Callable[[], Any]] = {
            "region": self.region,
            "accountid": lambda: self._options.account_id,
        }
        if name.lower() not in values:
            raise _Missing
        return values[name.lower()]()

    def stage(self) -> Any:
        """Return the stage: given, of the service, or else dev."""
        for name in ("opt:stage", "stage"):
            if name in self._given:
                return self._given[name]
        stage = self._of_provider("stage")
        return _DEFAULT_STAGE if stage is None else stage

    def region(self) -> Any:
        """Return the region: given, of the service, or else us-east-1."""
        if self._options.given_region is not None:
            return self._options.given_region
        region = self._of_provider("region")
        return _DEFAULT_REGION if region is None else region

    def _of_provider(self, name: str) -> Any:
        with self._in_progress.resolving(f"provider.{name}", self._location):
            return self.resolve(self.mapping(self._document.get("provider")).get(name))

    def _walk(self, document: Any, path: str) -> Any:
        for step in path.split(".") if path else ():
            document = self.resolve(document)
            if isinstance(document, Mapping) and step in document:
                document = document[step]
            elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
                document = document[int(step)]
            else:
                raise _Missing
        document = self.resolve(document)
        if document is None:
            raise _Missing
        return document

    def _of_file(self, name: str, path: str | None, location: Location) -> Any:
        file = Path(self._source).parent / name.strip()
        if not file.is_file():
            raise _Missing
        suffix = suffix_of(file)
        if suffix in _PROGRAMS:
            problem = f"{file} is a program, which ddbmock does not run"
            raise FileError(location, f"{problem}; give the variable in parameters")
        text = read_template(file)
        document = parse_document(text, str(file)) if suffix in _DOCUMENTS else text
        self._given.add_document(document)
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
