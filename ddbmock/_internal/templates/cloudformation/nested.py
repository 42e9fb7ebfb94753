"""Nested stacks and SAM applications: their templates are read where they are local files.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.templates.cloudformation.stacks import Stack
from ddbmock._internal.templates.documents import read_document
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.shapes import shown
from ddbmock._internal.templates.skipped import SkippedPart

if TYPE_CHECKING:
    from ddbmock._internal.templates.cloudformation.resources import Resource

#: Type -> property with the path of the template.
_LOCATIONS = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
#: Types that create resources from other templates, which are in AWS.
_REMOTE_TYPES = {"AWS::CloudFormation::StackSet", "AWS::ServiceCatalog::CloudFormationProduct"}


def is_template(document: Any) -> bool:
    """Return whether a document is a CloudFormation or SAM template."""
    if not isinstance(document, Mapping) or not isinstance(document.get("Resources"), Mapping):
        return False
    if "AWSTemplateFormatVersion" in document or "Transform" in document:
        return True
    return any(
        (isinstance(resource, Mapping) and "Type" in resource) or str(name).startswith("Fn::")
        for name, resource in document["Resources"].items()
    )


def add_children(stack: Stack) -> list[SkippedPart]:
    """Add the stacks that are nested in a stack; return those whose templates cannot be read."""
    skipped: list[SkippedPart] = []
    for name, resource in stack.resources.items():
        if resource.kind in _REMOTE_TYPES or resource.kind.endswith("::MODULE"):
            skipped.append(
                SkippedPart(f"{resource.kind} {name}", "its template is not a local file")
            )
        elif resource.kind in _LOCATIONS and resource.exists:
            location = _location(resource)
            reason = _reason_skipped(location)
            if reason is None:
                child = _child(stack, resource, Path(str(location)))
                stack.children[name] = child
                skipped += add_children(child)
            else:
                skipped.append(SkippedPart(f"nested stack {name}", reason))
    return skipped


def _location(resource: Resource) -> object:
    """Return the path of a local template; for other locations, their value or the error."""
    folder = Path(resource.source).parent
    # CDK writes the template's file into the metadata; the URL is that of an upload.
    asset = resource.metadata.get("aws:asset:path")
    if isinstance(asset, str):
        return folder / asset
    try:
        location = resource.value(_LOCATIONS[resource.kind])
    except UnresolvedError as error:
        return error
    if isinstance(location, str) and "://" not in location:
        return folder / location
    return location


def _reason_skipped(location: object) -> str | None:
    if isinstance(location, FileError):
        return location.problem
    if not isinstance(location, Path):
        return f"its template is not a local file: {shown(location)}"
    return None if location.is_file() else f"no such file: {location}"


def _child(parent: Stack, resource: Resource, path: Path) -> Stack:
    ancestor: Stack | None = parent
    while ancestor is not None:
        if Path(ancestor.source).resolve() == path.resolve():
            raise FileError(resource.location, f"the stack of {path} is nested in itself")
        ancestor = ancestor.parent
    document = read_document(path)
    if not is_template(document):
        raise FileError(resource.location, f"{path} is no CloudFormation template")
    inputs = resource.reveal(resource.properties.get("Parameters"), "Parameters")
    name = f"{parent.options.stack_name}-{resource.logical_name}"
    return Stack(
        document,
        str(path),
        replace(parent.options, stack_name=name),
        parent.exports,
        inputs=inputs if isinstance(inputs, Mapping) else {},
        parent=parent,
    )
