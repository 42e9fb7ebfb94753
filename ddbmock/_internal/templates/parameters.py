"""The parameters of `tables_from`, and which of them a template uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ddbmock._internal.formats.file_errors import FileError, Location


class UnresolvedError(FileError):
    """A name has no value: neither the template nor a parameter defines it."""

    def __init__(self, location: Location | str, name: str, shown: str | None = None) -> None:
        hint = f"give it: parameters={{{name!r}: ...}}"
        super().__init__(location, f"{shown or name} has no value here", hint=hint)
        self._name, self._shown = name, shown

    def at(self, location: Location) -> UnresolvedError:
        """Return the same error with another location."""
        return UnresolvedError(location, self._name, self._shown)


class Parameters:
    """The given values by name.

    A name that no template uses is most likely misspelled, so `check` refuses it.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = dict(given)
        self._used: set[str] = set()
        #: Names that a template defines: parameters, variables, tables.
        self._known: dict[str, None] = {}
        #: Names of resources, whose attributes can be given: `Key` for `Key.Arn`.
        self._resources: set[str] = set()
        #: Name of a resource -> a shorter name for it, and the reverse.
        self._short_names: dict[str, str] = {}
        self._full_names: dict[str, set[str]] = {}
        self._documents: list[Any] = []

    def declare(self, name: str) -> None:
        """Add a name that a template defines."""
        self._known[name] = None

    def declare_resource(self, name: str, short_name: str | None = None) -> None:
        """Add the name of a resource; its attributes (`name.Arn`) can be given too."""
        self._resources.add(name)
        if short_name is not None:
            self._short_names[name] = short_name
            self._full_names.setdefault(short_name, set()).add(name)

    def add_document(self, document: object) -> None:
        """Add a document whose texts may mention names that no table needs."""
        self._documents.append(document)

    def __contains__(self, name: str) -> bool:
        return self._given_name(name) is not None

    def __getitem__(self, name: str) -> Any:
        given_name = self._given_name(name)
        if given_name is None:
            raise KeyError(name)
        self._used.add(given_name)
        return self._given[given_name]

    def _given_name(self, name: str) -> str | None:
        if name in self._given:
            return name
        resource, dot, attribute = name.partition(".")
        short_name = self._short_names.get(resource)
        if short_name is None or short_name in self._known:
            return None
        candidate = f"{short_name}{dot}{attribute}"
        return candidate if candidate in self._given else None

    def check(self, source: str) -> None:
        """Refuse names that no template uses.

        Raises:
            FileError: There are such names, or a short name fits several resources.
        """
        for name in self._used & self._full_names.keys():
            full_names = sorted(self._full_names[name])
            if len(full_names) > 1 and name not in self._resources | self._known.keys():
                choices = ", ".join(full_names)
                raise FileError(source, f"the parameter {name} can mean each of {choices}")
        unknown = [name for name in self._given if not self._is_known(name)]
        if unknown:
            known = ", ".join(self._shown_names()) or "none"
            problem = (
                f"unknown parameters: {', '.join(map(str, unknown))}; the template has: {known}"
            )
            raise FileError(source, problem)

    def _is_known(self, name: str) -> bool:
        if name in self._used or name in self._known:
            return True
        names = self._resources | self._full_names.keys()
        parts = name.split(".")
        if any(".".join(parts[:end]) in names for end in range(1, len(parts) + 1)):
            return True
        mention = re.compile(rf"(?:.*[\s{{,])?{re.escape(name)}(?:[\s}},].*)?\Z", re.DOTALL)
        is_literal = name.startswith("{{")
        return any(
            name in text if is_literal else mention.match(text) is not None
            for text in _texts(self._documents)
        )

    def _shown_names(self) -> list[str]:
        return [self._short_names.get(name, name) for name in self._known]


def _texts(value: object) -> Iterator[str]:
    """Return all texts in a document, except its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for content in value.values():
            yield from _texts(content)
    elif isinstance(value, list):
        for content in value:
            yield from _texts(content)
