"""A stack: the resources of a template, and the values of its parameters and outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import location_of, location_of_key
from ddbmock._internal.templates.cloudformation import identifiers
from ddbmock._internal.templates.cloudformation.intrinsics import Prepare, Resolver
from ddbmock._internal.templates.cloudformation.resources import Resource
from ddbmock._internal.templates.in_progress import InProgress
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import list_of, mapping_of, text_of

if TYPE_CHECKING:
    from ddbmock._internal.templates.options import TemplateOptions


class Exports:
    """What stacks export by name for other stacks to import."""

    def __init__(self) -> None:
        self._stacks: list[Stack] = []
        self._is_searching = False

    def add(self, stack: Stack) -> None:
        """Add the exports of a stack."""
        self._stacks.append(stack)

    def find(self, name: str) -> tuple[Stack, str] | None:
        """Return the output that is exported under a name, and its stack."""
        if self._is_searching:  # the name of an export depends on another export
            return None
        self._is_searching = True
        try:
            for stack in self._stacks:
                for output_name in stack.section("Outputs"):
                    if stack.export_name(output_name) == name:
                        return stack, output_name
        finally:
            self._is_searching = False
        return None


class Stack:
    """The resources of one template, and the values of the names in it."""

    def __init__(  # noqa: PLR0913 (what a stack depends on)
        self,
        template: Mapping[str, Any],
        source: str,
        options: TemplateOptions,
        exports: Exports,
        *,
        prepare: Prepare | None = None,
        inputs: Mapping[str, Any] | None = None,
        parent: Stack | None = None,
    ) -> None:
        self.source = source
        self.options = options
        self.exports = exports
        self.parent = parent
        #: The nested stacks by logical id.
        self.children: dict[str, Stack] = {}
        self._template = template
        self._location = Location(source)
        #: The parent's values for the parameters, not yet resolved.
        self._inputs = inputs or {}
        self._given = options.parameters
        self._in_progress = InProgress()
        self._conditions: dict[str, bool] = {}
        self._resources: dict[str, Resource] | None = None
        self.resolver: Resolver = Resolver(self, prepare)
        exports.add(self)
        self._declare()

    def _declare(self) -> None:
        """Declare the parameters of the template."""
        self._given.add_document(self._template)
        for name in self.section("Parameters"):
            if name not in self._inputs:
                self._given.declare(name)
        for name, resource in self.resources.items():
            self._given.declare_resource(name, resource.construct_id)
            if resource.is_table:
                self._given.declare(name)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section of the template, empty if it is absent."""
        location = location_of_key(self._template, name, self._location)
        section = self.resolver.reveal(self._template.get(name), location)
        return {} if section is None else mapping_of(section, location, name)

    @property
    def resources(self) -> Mapping[str, Resource]:
        """The resources by their logical ids, whether their conditions hold or not."""
        if self._resources is None:
            # Loops among the resources can refer to parameters, and not to resources.
            self._resources = {}
            self._resources = dict(self._read_resources())
        return self._resources

    def _read_resources(self) -> Iterator[tuple[str, Resource]]:
        section = self.section("Resources")
        for name, body in section.items():
            if not str(name).startswith("Fn::"):
                location = location_of_key(section, name, self._location)
                body = mapping_of(body, location, f"Resources.{name}")  # noqa: PLW2901
                yield str(name), Resource(self.resolver, self.source, str(name), body)

    @property
    def transforms(self) -> list[str]:
        """The names of the macros that process the template."""
        names = self._template.get("Transform") or []
        listed = list(names) if isinstance(names, list) else [names]
        if "Fn::Transform" in self._template:
            listed.append(self._template["Fn::Transform"])
        return [str(_name_of_transform(each)) for each in listed]

    @property
    def unresolved_resources(self) -> list[str]:
        """The functions that stand for resources and cannot be resolved."""
        return [str(name) for name in self.section("Resources") if str(name).startswith("Fn::")]

    def all_stacks(self) -> Iterator[Stack]:
        """Return the stack and the stacks nested in it."""
        yield self
        for child in self.children.values():
            yield from child.all_stacks()

    # --- the values of names ---------------------------------------------------------------------

    def reference(self, name: str, location: Location) -> Any:
        """Return the value of `Ref`.

        Raises:
            FileError: The name has no value.
        """
        pseudo = self.options.pseudo_parameters()
        if name in pseudo:
            return pseudo[name]
        if name in self._inputs or name in self.section("Parameters"):
            return self._parameter(name, location)
        if name in self._given:
            return self._given[name]
        resource = self.resources.get(name)
        if resource is not None:
            if resource.is_table:
                return self.table_name(resource)
            value = identifiers.reference(resource, self.options)
            if value is not None:
                return value
        raise UnresolvedError(location, name)

    def _parameter(self, name: str, location: Location) -> Any:
        definitions = self.section("Parameters")
        location_of_definition = location_of_key(definitions, name, self._location)
        definition = mapping_of(definitions.get(name) or {}, location_of_definition, name)
        kind = str(definition.get("Type", "String"))
        value = self._parameter_value(name, kind, definition, location)
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        if isinstance(value, str) and (is_list or "<List<" in kind):
            value = [part.strip() for part in value.split(",")]
        allowed = definition.get("AllowedValues")
        if allowed is not None:
            path = f"{name}.AllowedValues"
            texts = [
                text_of(v, location_of_definition, path) for v in list_of(allowed, location, path)
            ]
            _check_allowed(name, value, texts, location_of(definition, location_of_definition))
        return value

    def _parameter_value(
        self, name: str, kind: str, definition: Mapping[str, Any], location: Location
    ) -> Any:
        if name in self._inputs and self.parent is not None:
            with self._in_progress.resolving(name, location):
                return self.parent.resolver.resolve(self._inputs[name], location)
        if name in self._given:
            return self._given[name]
        if "Default" in definition and not kind.startswith("AWS::SSM::Parameter::Value"):
            return definition["Default"]
        raise UnresolvedError(location, name)

    def attribute(self, logical_name: str, attribute: str, location: Location) -> Any:
        """Return the value of `Fn::GetAtt`.

        Raises:
            FileError: The attribute has no value.
        """
        name = f"{logical_name}.{attribute}"
        if name in self._given:
            return self._given[name]
        resource = self.resources.get(logical_name)
        if resource is not None:
            value = self._attribute_of(resource, attribute, location)
            if value is not None:
                return value
        raise UnresolvedError(location, name)

    def _attribute_of(self, resource: Resource, attribute: str, location: Location) -> Any:
        if resource.is_table:
            if attribute == "Arn":
                return self.options.arns.table(self.table_name(resource))
            if attribute == "StreamArn":
                return self.options.stream_arn(self.table_name(resource))
            return None
        child = self.children.get(resource.logical_name)
        if child is not None and attribute.startswith("Outputs."):
            return child.output(attribute.removeprefix("Outputs."), location)
        return identifiers.attribute(resource, attribute, self.options)

    def table_name(self, resource: Resource) -> str:
        """Return the name of a table: the given one, the one in the template, or its logical id.

        Raises:
            FileError: The name cannot be resolved.
        """
        if resource.logical_name in self._given:
            name = self._given[resource.logical_name]
        else:
            location = resource.location_in_template("TableName")
            with self._in_progress.resolving(resource.logical_name, location):
                name = resource.value("TableName")
        if name is None:
            return resource.logical_name
        return text_of(name, resource.location_of("TableName"), "TableName")

    def imported(self, name: str, location: Location) -> Any:
        """Return the value that a stack exports under a name.

        Raises:
            FileError: The name has no value.
        """
        self._given.declare(name)
        if name in self._given:
            return self._given[name]
        found = self.exports.find(name)
        if found is None:
            raise UnresolvedError(location, name)
        stack, output_name = found
        return stack.output(output_name, location)

    def output(self, name: str, location: Location) -> Any:
        """Return the value of an output.

        Raises:
            FileError: There is no such output, or it cannot be resolved.
        """
        outputs = self.section("Outputs")
        if name not in outputs:
            raise FileError(location, f"{self.source} has no output {name}")
        location = location_of_key(outputs, name, location)
        output = mapping_of(outputs[name], location, f"Outputs.{name}")
        with self._in_progress.resolving(f"Outputs.{name}", location):
            return self.resolver.resolve(output.get("Value"), location)

    def export_name(self, output_name: str) -> object:
        """Return the name under which an output is exported; None if it is unknown."""
        output = self.section("Outputs")[output_name]
        export = output.get("Export") if isinstance(output, Mapping) else None
        if not isinstance(export, Mapping):
            return None
        try:
            return self.resolver.resolve(export.get("Name"), self._location)
        except FileError:
            return None

    def mapped(self, keys: tuple[str, str, str], location: Location) -> Any:
        """Return a value of the section Mappings; None if it is absent."""
        value: Any = self.section("Mappings")
        for key in keys:
            value = self.resolver.reveal(value, location)
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def condition(self, name: str, location: Location) -> bool:
        """Return whether a condition holds.

        Raises:
            FileError: There is no such condition, or it depends on itself.
        """
        if name not in self._conditions:
            conditions = self.section("Conditions")
            if name not in conditions:
                raise FileError(location, f"the template's Conditions have no {name}")
            location = location_of_key(conditions, name, location)
            with self._in_progress.resolving(f"the condition {name}", location):
                self._conditions[name] = self.resolver.truth(conditions[name], location)
        return self._conditions[name]

    def dynamic_reference(self, text: str, location: Location) -> Any:
        """Return the value of `{{resolve:...}}`.

        Raises:
            FileError: No parameter defines it.
        """
        if text in self._given:
            return self._given[text]
        raise UnresolvedError(location, text)


def _name_of_transform(transform: object) -> object:
    return transform.get("Name") if isinstance(transform, Mapping) else transform


def _check_allowed(name: str, value: Any, allowed: list[str], location: Location) -> None:
    for each in value if isinstance(value, list) else [value]:
        if text_of(each, location, name) not in allowed:
            raise FileError(location, f"{name} is {each!r}; allowed are {', '.join(allowed)}")
