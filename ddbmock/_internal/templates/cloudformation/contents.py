"""Everything about tables in a stack and its nested stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.templates import settings
from ddbmock._internal.templates.cloudformation.companions import add_companions
from ddbmock._internal.templates.cloudformation.event_sources import stack_event_sources
from ddbmock._internal.templates.cloudformation.global_tables import global_table_spec
from ddbmock._internal.templates.cloudformation.resources import GLOBAL_TABLE, SIMPLE_TABLE
from ddbmock._internal.templates.cloudformation.simple_tables import globals_of, simple_table_spec
from ddbmock._internal.templates.cloudformation.tables import table_spec
from ddbmock._internal.templates.contents import Contents, TableSpec
from ddbmock._internal.templates.left_out import LeftOut
from ddbmock._internal.templates.parameters import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.templates.cloudformation.stacks import Stack

#: What old releases of CDK make replicas with.
_CDK_REPLICA = "Custom::DynamoDBReplica"
#: Transforms that are read, or that have nothing to do with tables.
_TRANSFORMS = {
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
}


def stack_contents(stack: Stack) -> Contents:
    """Return the tables of a stack and of those nested in it, and what belongs to them.

    Raises:
        FileError: Something of a table cannot be resolved, or is unknown.
    """
    contents = Contents(stacks=[stack])
    for each in stack.all_stacks():
        contents.specs += _specs(each)
        sources, left_out = stack_event_sources(each)
        contents.event_sources += sources
        contents.left_out += [*left_out, *_other_resources(each)]
        _add_cdk_replicas(each, contents)
        add_companions(each, contents)
    return contents


def _specs(stack: Stack) -> Iterator[TableSpec]:
    for resource in stack.resources.values():
        if resource.is_table and resource.exists:
            name = stack.table_name(resource)
            if resource.kind == SIMPLE_TABLE:
                yield simple_table_spec(resource, name, globals_of(stack))
            elif resource.kind == GLOBAL_TABLE:
                yield global_table_spec(resource, name, stack.options.region)
            else:
                yield table_spec(resource, name)


def _other_resources(stack: Stack) -> Iterator[LeftOut]:
    """Return what among the resources can change tables and is not read."""
    for name in stack.transforms:
        if name not in _TRANSFORMS:
            yield LeftOut(f"the transform {name}", "ddbmock does not run it")
    for name in stack.unresolved_resources:
        yield LeftOut(f"{name} in Resources", "ddbmock does not resolve it")
    for name, resource in stack.resources.items():
        if resource.kind.startswith("AWS::DynamoDB::") and not resource.is_table:
            yield LeftOut(f"{resource.kind} {name}", "ddbmock does not know this type")


def _add_cdk_replicas(stack: Stack, contents: Contents) -> None:
    for name, resource in stack.resources.items():
        if resource.kind != _CDK_REPLICA or not resource.exists:
            continue
        label = f"the replica {name}"
        try:
            table_name = resource.value("TableName")
            members = {"RegionName": resource.value("Region")}
        except UnresolvedError as error:
            contents.left_out.append(LeftOut(label, error.problem))
            continue
        setting = settings.replica(label, members, resource.location)
        if not contents.add_setting(table_name_of(str(table_name)), setting):
            contents.left_out.append(LeftOut(label, f"the template has no table {table_name}"))
