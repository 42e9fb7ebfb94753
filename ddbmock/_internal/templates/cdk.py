"""The stacks of a cloud assembly, the output of `cdk synth`.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import location_of
from ddbmock._internal.templates.cloudformation.nested import is_template
from ddbmock._internal.templates.cloudformation.stacks import Exports, Stack
from ddbmock._internal.templates.documents import read_document
from ddbmock._internal.templates.shapes import mapping_of

if TYPE_CHECKING:
    from pathlib import Path

    from ddbmock._internal.templates.options import TemplateOptions

MANIFEST = "manifest.json"

_STACK, _ASSEMBLY = "aws:cloudformation:stack", "cdk:cloud-assembly"
_ENVIRONMENT = re.compile(r"aws://([^/]+)/([^/]+)\Z")
_UNKNOWN = {"unknown-account": None, "unknown-region": None}


def is_manifest(document: Any) -> bool:
    """Return whether a document is the manifest of a cloud assembly."""
    return isinstance(document, Mapping) and isinstance(document.get("artifacts"), Mapping)


def assembly_stacks(folder: Path, options: TemplateOptions, exports: Exports) -> list[Stack]:
    """Return the stacks of a cloud assembly, including those of its stages.

    Raises:
        FileError: The folder has no manifest, or a template is missing.
    """
    stacks = []
    for path, stack_options in _templates(folder, options, ()):
        template = read_document(path)
        if is_template(template):
            stacks.append(Stack(template, str(path), stack_options, exports))
    return stacks


def _templates(
    folder: Path, options: TemplateOptions, outer: tuple[Path, ...]
) -> Iterator[tuple[Path, TemplateOptions]]:
    path = folder / MANIFEST
    manifest = read_document(path)
    if not is_manifest(manifest):
        raise FileError(str(path), "not the manifest of a CDK app's output")
    if path.resolve() in outer:
        raise FileError(str(path), "the assembly is inside of itself")
    for name, artifact in manifest["artifacts"].items():
        location = location_of(artifact, Location(str(path), None, str(name)))
        artifact = mapping_of(artifact, location, "the artifact")  # noqa: PLW2901
        if artifact.get("type") == _STACK:
            file = folder / _property(artifact, "templateFile", location)
            yield file, _stack_options(str(name), artifact, options)
        elif artifact.get("type") == _ASSEMBLY:
            inner = folder / _property(artifact, "directoryName", location)
            yield from _templates(inner, options, (*outer, path.resolve()))


def _stack_options(
    name: str, artifact: Mapping[str, Any], options: TemplateOptions
) -> TemplateOptions:
    properties = artifact.get("properties")
    stack_name = properties.get("stackName") if isinstance(properties, Mapping) else None
    options = replace(options, stack_name=str(stack_name or name))
    environment = _ENVIRONMENT.match(str(artifact.get("environment")))
    if environment is None:
        return options
    account_id, region = (_UNKNOWN.get(each, each) for each in environment.groups())
    return options.deployed_to(region=region, account_id=account_id)


def _property(artifact: Mapping[str, Any], name: str, location: Location) -> str:
    properties = artifact.get("properties")
    value = properties.get(name) if isinstance(properties, Mapping) else None
    if not isinstance(value, str):
        raise FileError(location, f"the artifact has no {name}")
    return value
