"""CloudFormation's intrinsic functions, resolved as far as a template and given values go.

Only what is looked at is resolved: what a template says of other resources never matters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.located import LocatedDict, LocatedList, line_of, location_of, location_of_key

if TYPE_CHECKING:
    from ddbmock.templates.options import TemplateOptions

TABLE_TYPES = {
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::Serverless::SimpleTable",
}


class _NoValue:
    """What `AWS::NoValue` is: a property that is not there."""


NO_VALUE = _NoValue()

_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]*)\}")
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[^}]*\}\}")


class Resolver:
    """Resolves the values of one template."""

    def __init__(
        self,
        template: Mapping[str, Any],
        source: str,
        options: TemplateOptions,
        prepare: Callable[[str, Location], Any] | None = None,
    ) -> None:
        self._template = template
        self._source = source
        self._options = options
        #: What is done with each text first, as with the variables of serverless.yml.
        self._prepare = prepare
        self._given = options.parameters
        self._place = Location(source)
        self._open_conditions: list[str] = []
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::And": lambda parts: all(self._truth(part) for part in parts),
            "Fn::Equals": self._equals,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._get_attribute,
            "Fn::If": self._if,
            "Fn::ImportValue": self._import_value,
            "Fn::Join": self._join,
            "Fn::Not": lambda parts: not self._truth(parts[0]),
            "Fn::Or": lambda parts: any(self._truth(part) for part in parts),
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::Sub": self._substitute,
        }

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section of the template, empty when it is not there."""
        section = self._template.get(name)
        if isinstance(section, str):
            section = self.resolve(section)
        if section is None:
            return {}
        if not isinstance(section, Mapping):
            raise FileError(self._place, messages.wrong_property(name, "an object", section))
        return section

    def resolve(self, value: Any) -> Any:
        """Return a value with all functions in it resolved, and what has no value left out.

        Raises:
            FileError: A function cannot be resolved; the text says with what to give it.
        """
        self._place = location_of(value, self._place)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return self._resolve_object(value)
        if isinstance(value, list):
            resolved = [self.resolve(element) for element in value]
            kept = LocatedList(element for element in resolved if element is not NO_VALUE)
            _locate(kept, value)
            return kept
        return value

    def _text(self, text: str) -> Any:
        if self._prepare is not None:
            prepared = self._prepare(text, self._place)
            if not isinstance(prepared, str):
                return self.resolve(prepared)
            text = prepared
        return _DYNAMIC_REFERENCE.sub(lambda match: str(self._lookup(match.group())), text)

    def _resolve_object(self, value: Mapping[str, Any]) -> Any:
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in self._functions:
                location = self._place
                try:
                    return self._functions[name](argument)
                except (IndexError, KeyError, TypeError, ValueError):
                    raise FileError(location, messages.malformed_function(name)) from None
            if str(name).startswith("Fn::"):
                raise FileError(self._place, messages.unresolvable_function(name))
        resolved = LocatedDict()
        _locate(resolved, value)
        resolved.key_lines = getattr(value, "key_lines", {})
        location = self._place
        for name, content in value.items():
            self._place = location_of_key(value, name, location)
            inner = self.resolve(content)
            if inner is not NO_VALUE:
                resolved[name] = inner
        return resolved

    def _lookup(self, name: str) -> Any:
        """Return a given value, or say how to give it."""
        if name in self._given:
            return self._given[name]
        raise FileError(self._place, messages.unresolved(name))

    # --- references ------------------------------------------------------------------------------

    def _ref(self, argument: Any) -> Any:
        name = str(self.resolve(argument))
        pseudo = self._options.pseudo_parameters()
        if name in self._given:
            return self._parameter(name)
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in pseudo:
            return pseudo[name]
        if name in self.section("Parameters"):
            return self._parameter(name)
        if name in self.section("Resources") and self._is_table(name):
            return self.table_name(name)
        return self._lookup(name)

    def _parameter(self, name: str) -> Any:
        definition = self.section("Parameters").get(name) or {}
        kind = str(definition.get("Type", "String"))
        if name in self._given:
            value = self._given[name]
        elif "Default" in definition and not kind.startswith("AWS::SSM::Parameter::Value"):
            value = definition["Default"]
        else:
            return self._lookup(name)
        allowed = definition.get("AllowedValues")
        if allowed is not None and _plain_text(value) not in map(_plain_text, allowed):
            raise FileError(
                location_of(definition, self._place),
                messages.value_not_allowed(name, value, list(map(_plain_text, allowed))),
            )
        if isinstance(value, str) and ("List" in kind):
            return [part.strip() for part in value.split(",")]
        return value

    def _is_table(self, logical_name: str) -> bool:
        resource = self.section("Resources")[logical_name]
        return isinstance(resource, Mapping) and resource.get("Type") in TABLE_TYPES

    def table_name(self, logical_name: str) -> str:
        """Return the name of a table: given, in the template, or else its logical id."""
        if logical_name in self._given:
            return str(self._given[logical_name])
        properties = self.section("Resources")[logical_name].get("Properties") or {}
        name = self.resolve(properties.get("TableName", NO_VALUE))
        return logical_name if name is NO_VALUE or name is None else _plain_text(name)

    def _get_attribute(self, argument: Any) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        logical_name, attribute = (str(self.resolve(part)) for part in parts)
        return self._attribute(logical_name, attribute)

    def _attribute(self, logical_name: str, attribute: str) -> Any:
        name = f"{logical_name}.{attribute}"
        is_here = logical_name in self.section("Resources") and self._is_table(logical_name)
        if name not in self._given and is_here and attribute == "Arn":
            return self._options.table_arn(self.table_name(logical_name))
        return self._lookup(name)

    def _import_value(self, argument: Any) -> Any:
        return self._lookup(str(self.resolve(argument)))

    def _substitute(self, argument: Any) -> str:
        text, names = (argument, {}) if isinstance(argument, str) else argument
        text = self._text(text)

        def replace(match: re.Match[str]) -> str:
            is_literal, name = match.group(1), match.group(2).strip()
            if is_literal:
                return f"${{{name}}}"
            if name in names:
                return _plain_text(self.resolve(names[name]))
            value = self._get_attribute(name) if "." in name else self._ref(name)
            return _plain_text(value)

        return _SUBSTITUTION.sub(replace, str(text))

    def _find_in_map(self, argument: Any) -> Any:
        map_name, first, second = (_plain_text(self.resolve(part)) for part in argument[:3])
        try:
            return self.resolve(self.section("Mappings")[map_name][first][second])
        except KeyError:
            if len(argument) > 3 and "DefaultValue" in argument[3]:  # noqa: PLR2004
                return self.resolve(argument[3]["DefaultValue"])
            raise FileError(self._place, messages.not_in_map(map_name, first, second)) from None

    # --- texts and lists -------------------------------------------------------------------------

    def _join(self, argument: Any) -> str:
        delimiter, parts = argument
        return str(delimiter).join(_plain_text(part) for part in self.resolve(parts))

    def _select(self, argument: Any) -> Any:
        index, parts = int(self.resolve(argument[0])), self.resolve(argument[1])
        return parts[index]

    def _split(self, argument: Any) -> list[str]:
        delimiter, text = argument
        return _plain_text(self.resolve(text)).split(str(delimiter))

    # --- conditions ------------------------------------------------------------------------------

    def _if(self, argument: Any) -> Any:
        name, then, otherwise = argument
        return self.resolve(then if self.condition(name) else otherwise)

    def condition(self, name: Any) -> bool:
        """Return whether a condition of the template holds.

        Raises:
            FileError: There is no such condition, or it depends on itself.
        """
        name = str(self.resolve(name))
        conditions = self.section("Conditions")
        if name not in conditions:
            raise FileError(self._place, messages.no_such_condition(name))
        if name in self._open_conditions:
            raise FileError(self._place, messages.circular_condition(name))
        self._open_conditions.append(name)
        try:
            return self._truth(conditions[name])
        finally:
            self._open_conditions.pop()

    def _truth(self, value: Any) -> bool:
        resolved = self.resolve(value)
        if isinstance(resolved, bool):
            return resolved
        return str(resolved).lower() == "true"

    def _equals(self, argument: Any) -> bool:
        left, right = (self.resolve(part) for part in argument)
        return bool(_comparable(left) == _comparable(right))


def _locate(resolved: LocatedDict | LocatedList, value: object) -> None:
    resolved.line = line_of(value) or 0
    resolved.source = getattr(value, "source", "")


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise TypeError(value)


def _comparable(value: Any) -> Any:
    return _plain_text(value) if isinstance(value, str | int | Decimal) else value
