"""The output of `terraform show -json`: the resources of a plan or a state.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import Location
from ddbmock._internal.formats.located import line_of, location_of
from ddbmock._internal.templates.shapes import list_of, mapping_of, text_of
from ddbmock._internal.templates.terraform.contents import resource_contents
from ddbmock._internal.templates.terraform.resources import (
    EVENT_SOURCE,
    TABLE,
    Resource,
    Values,
    is_about_tables,
)
from ddbmock._internal.templates.terraform.roles import TerraformRoles, is_about_roles

if TYPE_CHECKING:
    from ddbmock._internal.templates.contents import Contents
    from ddbmock._internal.templates.options import TemplateOptions


def is_show_output(document: Any) -> bool:
    """Return whether a document is the output of `terraform show -json`."""
    return isinstance(document, Mapping) and (
        isinstance(document.get("planned_values"), Mapping)
        or ("terraform_version" in document and isinstance(document.get("values"), Mapping))
    )


def shown_contents(document: Values, source: str, options: TemplateOptions) -> Contents:
    """Return the tables of a plan or state, and its roles.

    Raises:
        FileError: The document has another shape, or an argument has no value.
    """
    contents = resource_contents(shown_resources(document, source))
    contents.roles.append(
        TerraformRoles(lambda: shown_resources(document, source, is_about_roles), options)
    )
    return contents


def shown_resources(
    document: Values, source: str, is_wanted: Callable[[str], bool] = is_about_tables
) -> list[Resource]:
    """Return the resources of a plan or state of some types: tables, and what changes them.

    Raises:
        FileError: The document has another shape.
    """
    planned = document.get("planned_values")
    values = planned if isinstance(planned, Mapping) else document["values"]
    location = location_of(values, Location(source))
    root = mapping_of(values, location, "values").get("root_module") or {}
    resources = list(_of_module(root, source, is_wanted))
    configuration = document.get("configuration")
    if isinstance(configuration, Mapping):
        root_configuration = configuration.get("root_module")
        references = dict(_references(root_configuration, ""))
        return [_with_references(resource, resources, references) for resource in resources]
    return resources


def _of_module(module: Any, source: str, is_wanted: Callable[[str], bool]) -> Iterator[Resource]:
    location = location_of(module, Location(source))
    module = mapping_of(module, location, "a module")
    for resource in list_of(module.get("resources") or [], location, "resources"):
        location = location_of(resource, Location(source))
        fields = mapping_of(resource, location, "a resource")
        kind = str(fields.get("type"))
        if fields.get("mode", "managed") == "managed" and is_wanted(kind):
            address = text_of(fields.get("address"), location, "address")
            values = mapping_of(fields.get("values") or {}, location, "values")
            yield Resource(address, kind, values, Location(source, line_of(resource), address))
    for child in list_of(module.get("child_modules") or [], location, "child_modules"):
        yield from _of_module(child, source, is_wanted)


# --- what a plan does not know yet ---------------------------------------------------------------


def _references(module: Any, prefix: str) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Return the references in the arguments of each resource, by its address."""
    if not isinstance(module, Mapping):
        return
    resources = module.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, Mapping) and isinstance(resource.get("expressions"), Mapping):
            yield (
                f"{prefix}{resource.get('address')}",
                {
                    name: [str(reference) for reference in expression["references"]]
                    for name, expression in resource["expressions"].items()
                    if isinstance(expression, Mapping)
                    and isinstance(expression.get("references"), list)
                },
            )
    calls = module.get("module_calls")
    for name, call in calls.items() if isinstance(calls, Mapping) else ():
        if isinstance(call, Mapping):
            yield from _references(call.get("module"), f"{prefix}module.{name}.")


def _with_references(
    resource: Resource, resources: list[Resource], references: Mapping[str, Mapping[str, list[str]]]
) -> Resource:
    """Fill in ARNs that are not known before Terraform is applied, from what they refer to."""
    address, _, index = resource.address.partition("[")
    if resource.kind != EVENT_SOURCE or address not in references:
        return resource
    module = address.removesuffix(f"{resource.kind}.{resource.label}")
    values = dict(resource.values)
    for argument in ("event_source_arn", "function_name"):
        if values.get(argument) is None:
            names = references[address].get(argument, [])
            found = _referred(names, module, index, resources)
            if found is not None:
                values[argument] = found
    return Resource(resource.address, resource.kind, values, resource.location)


def _referred(names: list[str], module: str, index: str, resources: list[Resource]) -> str | None:
    """Return a name for the table or function that an argument refers to."""
    for name in names:
        kind, _, rest = name.partition(".")
        if kind == "aws_lambda_function" and rest:
            return rest.split(".", 1)[0].split("[", 1)[0]
        if kind == TABLE and rest:
            label = rest.split(".", 1)[0]
            addresses = {f"{module}{TABLE}.{label}", f"{module}{TABLE}.{label}[{index}"}
            tables = [each for each in resources if each.address in addresses]
            if len(tables) == 1 and isinstance(tables[0].values.get("name"), str):
                return f"arn:aws:dynamodb:::table/{tables[0].values['name']}/stream/planned"
    return None
