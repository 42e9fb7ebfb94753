"""CloudFormation's intrinsic functions.

Values are resolved when a table needs them, so other resources never matter.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import LocatedDict, LocatedList, location_of, location_of_key
from ddbmock._internal.templates.cloudformation.loops import copy_location, expand, has_loops
from ddbmock._internal.templates.shapes import integer_of, list_of, mapping_of, text_of


class _NoValue:
    """What `AWS::NoValue` is: a property that is not there."""


NO_VALUE = _NoValue()

_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]*)\}")
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[^}]*\}\}")

#: What is done with each text first, as with the variables of serverless.yml.
Prepare = Callable[[str, Location], Any]


class Names(Protocol):
    """The values of the names that functions refer to."""

    def reference(self, name: str, location: Location) -> Any:
        """Return what `Ref` gives."""

    def attribute(self, logical_name: str, attribute: str, location: Location) -> Any:
        """Return what `Fn::GetAtt` gives."""

    def imported(self, name: str, location: Location) -> Any:
        """Return what another stack exports under a name."""

    def mapped(self, keys: tuple[str, str, str], location: Location) -> Any:
        """Return a value of the section Mappings; None when it is not there."""

    def condition(self, name: str, location: Location) -> bool:
        """Return whether a condition holds."""

    def dynamic_reference(self, text: str, location: Location) -> Any:
        """Return the value of `{{resolve:...}}`."""


class Resolver:
    """Resolves the values of one template."""

    def __init__(self, names: Names, prepare: Prepare | None = None) -> None:
        self._names = names
        self._prepare = prepare
        self._functions: dict[str, Callable[[Any, Location], Any]] = {
            "Ref": self._ref,
            "Condition": self.holds,
            "Fn::And": lambda parts, location: all(self._truths("Fn::And", parts, location)),
            "Fn::Equals": self._equals,
            "Fn::GetAtt": self._get_attribute,
            "Fn::ImportValue": self._import_value,
            "Fn::Join": self._join,
            "Fn::Length": self._length,
            "Fn::Not": self._not,
            "Fn::Or": lambda parts, location: any(self._truths("Fn::Or", parts, location)),
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::Sub": self._substitute,
            "Fn::ToJsonString": self._to_json,
        }
        #: Functions that choose a part of the template, in which there may be functions again.
        self._choices: dict[str, Callable[[Any, Location], Any]] = {
            "Fn::FindInMap": self._find_in_map,
            "Fn::If": self._if,
        }

    def resolve(self, value: Any, location: Location) -> Any:
        """Return a value with all functions in it resolved, without parts that have no value.

        Raises:
            FileError: A function cannot be resolved.
        """
        value, is_final = self._reveal(value, location)
        if is_final:
            return value
        location = location_of(value, location)
        if isinstance(value, Mapping):
            resolved = LocatedDict(
                (name, self.resolve(content, location_of_key(value, name, location)))
                for name, content in value.items()
            )
            for name in [name for name, content in resolved.items() if content is NO_VALUE]:
                del resolved[name]
            copy_location(value, resolved)
            return resolved
        if isinstance(value, list):
            elements = [self.resolve(element, location) for element in value]
            located = LocatedList(element for element in elements if element is not NO_VALUE)
            copy_location(value, located)
            return located
        return value

    def reveal(self, value: Any, location: Location) -> Any:
        """Return a value with its outermost functions resolved, not those inside of it."""
        return self._reveal(value, location)[0]

    def _reveal(self, value: Any, location: Location) -> tuple[Any, bool]:
        """Return a value, and whether nothing in it is left to resolve."""
        location = location_of(value, location)
        if isinstance(value, str):
            return self._text(value, location)
        if not isinstance(value, Mapping):
            return value, False
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in self._choices:
                return self._reveal(self._choices[name](argument, location), location)
            # In other places a Condition is an object of its own, as in a policy.
            if name in self._functions and (name != "Condition" or isinstance(argument, str)):
                return self._functions[name](argument, location), True
            if str(name).startswith("Fn::") and not has_loops(value):
                raise FileError(location, f"ddbmock does not resolve {name}; write out its value")
        return (
            (expand(value, location, self.resolve), False) if has_loops(value) else (value, False)
        )

    def _text(self, text: str, location: Location) -> tuple[Any, bool]:
        if self._prepare is not None:
            prepared = self._prepare(text, location)
            if not isinstance(prepared, str):
                return self._reveal(prepared, location)
            text = prepared
        return self._without_dynamic_references(text, location), True

    def _without_dynamic_references(self, text: str, location: Location) -> str:
        def replace(match: re.Match[str]) -> str:
            value = self._names.dynamic_reference(match.group(), location)
            return text_of(value, location, match.group())

        return _DYNAMIC_REFERENCE.sub(replace, text)

    # --- references ------------------------------------------------------------------------------

    def _ref(self, argument: Any, location: Location) -> Any:
        name = text_of(self.resolve(argument, location), location, "Ref")
        return NO_VALUE if name == "AWS::NoValue" else self._names.reference(name, location)

    def _get_attribute(self, argument: Any, location: Location) -> Any:
        argument = self.reveal(argument, location)
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        names = [
            text_of(self.resolve(part, location), location, "Fn::GetAtt") for part in _parts(parts)
        ]
        if len(names) < len(("logical_name", "attribute")):
            raise _malformed("Fn::GetAtt", location)
        return self._names.attribute(names[0], ".".join(names[1:]), location)

    def _import_value(self, argument: Any, location: Location) -> Any:
        name = text_of(self.resolve(argument, location), location, "Fn::ImportValue")
        return self._names.imported(name, location)

    def _substitute(self, argument: Any, location: Location) -> str:
        parts = [argument, {}] if isinstance(argument, str) else argument
        text, names = _arguments("Fn::Sub", parts, 2, location)
        names = mapping_of(names, location, "Fn::Sub")
        text = text_of(self.reveal(text, location), location, "Fn::Sub")

        def replace(match: re.Match[str]) -> str:
            is_literal, name = match.group(1), match.group(2).strip()
            if is_literal:
                return f"${{{name}}}"
            if name in names:
                value = self.resolve(names[name], location)
            elif "." in name:
                value = self._get_attribute(name, location)
            else:
                value = self._ref(name, location)
            return text_of(value, location, match.group())

        return _SUBSTITUTION.sub(replace, text)

    def _find_in_map(self, argument: Any, location: Location) -> Any:
        parts = _parts(self.reveal(argument, location))
        keys = [text_of(self.resolve(p, location), location, "Fn::FindInMap") for p in parts[:3]]
        if len(keys) != 3:  # noqa: PLR2004 (map, first and second key)
            raise _malformed("Fn::FindInMap", location)
        map_name, first, second = keys
        value = self._names.mapped((map_name, first, second), location)
        if value is not None:
            return value
        for options in parts[3:]:
            if isinstance(options, Mapping) and "DefaultValue" in options:
                return options["DefaultValue"]
        raise FileError(location, f"the template's Mappings have no {map_name}.{first}.{second}")

    # --- texts and lists -------------------------------------------------------------------------

    def _join(self, argument: Any, location: Location) -> str:
        delimiter, parts = _arguments("Fn::Join", self.reveal(argument, location), 2, location)
        texts = _listed("Fn::Join", self.resolve(parts, location), location)
        return text_of(delimiter, location, "Fn::Join").join(
            text_of(part, location, "Fn::Join") for part in texts
        )

    def _select(self, argument: Any, location: Location) -> Any:
        index, parts = _arguments("Fn::Select", self.reveal(argument, location), 2, location)
        position = integer_of(self.resolve(index, location), location, "Fn::Select")
        elements = _listed("Fn::Select", self.resolve(parts, location), location)
        if not 0 <= position < len(elements):
            raise _malformed("Fn::Select", location)
        return elements[position]

    def _split(self, argument: Any, location: Location) -> list[str]:
        delimiter, text = _arguments("Fn::Split", self.reveal(argument, location), 2, location)
        if not isinstance(delimiter, str) or not delimiter:
            raise _malformed("Fn::Split", location)
        return text_of(self.resolve(text, location), location, "Fn::Split").split(delimiter)

    def _length(self, argument: Any, location: Location) -> int:
        return len(list_of(self.resolve(argument, location), location, "Fn::Length"))

    def _to_json(self, argument: Any, location: Location) -> str:
        return json.dumps(self.resolve(argument, location), separators=(",", ":"), default=str)

    # --- conditions ------------------------------------------------------------------------------

    def _if(self, argument: Any, location: Location) -> Any:
        name, then, otherwise = _arguments("Fn::If", self.reveal(argument, location), 3, location)
        return then if self.holds(name, location) else otherwise

    def holds(self, condition: Any, location: Location) -> bool:
        """Return whether a condition holds that is given by its name."""
        name = text_of(self.resolve(condition, location), location, "Condition")
        return self._names.condition(name, location)

    def truth(self, value: Any, location: Location) -> bool:
        """Return whether the expression of a condition is true."""
        resolved = self.resolve(value, location)
        return resolved if isinstance(resolved, bool) else str(resolved).lower() == "true"

    def _truths(self, name: str, parts: Any, location: Location) -> list[bool]:
        return [self.truth(part, location) for part in _listed(name, parts, location)]

    def _not(self, argument: Any, location: Location) -> bool:
        (condition,) = _arguments("Fn::Not", argument, 1, location)
        return not self.truth(condition, location)

    def _equals(self, argument: Any, location: Location) -> bool:
        parts = _arguments("Fn::Equals", self.reveal(argument, location), 2, location)
        left, right = (self.resolve(part, location) for part in parts)
        return bool(_comparable(left) == _comparable(right))


def _comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | Decimal) else value


def _malformed(name: str, location: Location) -> FileError:
    return FileError(location, f"{name} with arguments that do not fit")


def _parts(argument: Any) -> list[Any]:
    return list(argument) if isinstance(argument, list | tuple) else []


def _listed(name: str, argument: Any, location: Location) -> list[Any]:
    if isinstance(argument, list | tuple):
        return list(argument)
    raise _malformed(name, location)


def _arguments(name: str, argument: Any, count: int, location: Location) -> list[Any]:
    arguments = _parts(argument)
    if len(arguments) != count:
        raise _malformed(name, location)
    return arguments
