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
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.skipped import SkippedPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.templates.cloudformation.stacks import Stack

#: The custom resource for replicas in old releases of CDK.
_CDK_REPLICA = "Custom::DynamoDBReplica"
#: Transforms that are supported, or that do not change tables.
_TRANSFORMS = {
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
}


def stack_contents(stack: Stack) -> Contents:
    """Return the tables of a stack and of those nested in it, and everything about them.

    Raises:
        FileError: A property of a table cannot be resolved, or is unknown.
    """
    contents = Contents(stacks=[stack])
    for each in stack.all_stacks():
        contents.specs += _specs(each)
        sources, skipped = stack_event_sources(each)
        contents.event_sources += sources
        contents.skipped += [*skipped, *_other_resources(each)]
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


def _other_resources(stack: Stack) -> Iterator[SkippedPart]:
    """Return the resources that may change tables and are not supported."""
    for name in stack.transforms:
        if name not in _TRANSFORMS:
            yield SkippedPart(f"the transform {name}", "ddbmock does not run it")
    for name in stack.unresolved_resources:
        yield SkippedPart(f"{name} in Resources", "ddbmock does not resolve it")
    for name, resource in stack.resources.items():
        if resource.kind.startswith("AWS::DynamoDB::") and not resource.is_table:
            yield SkippedPart(f"{resource.kind} {name}", "ddbmock does not know this type")


def _add_cdk_replicas(stack: Stack, contents: Contents) -> None:
    for name, resource in stack.resources.items():
        if resource.kind != _CDK_REPLICA or not resource.exists:
            continue
        label = f"the replica {name}"
        try:
            table_name = resource.value("TableName")
            members = {"RegionName": resource.value("Region")}
        except UnresolvedError as error:
            contents.skipped.append(SkippedPart(label, error.problem))
            continue
        setting = settings.replica(label, members, resource.location)
        if not contents.add_setting(table_name_of(str(table_name)), setting):
            contents.skipped.append(SkippedPart(label, f"the template has no table {table_name}"))
