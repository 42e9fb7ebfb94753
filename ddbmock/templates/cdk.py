"""The templates in what `cdk synth` writes: the stacks of a cloud assembly, nested ones too.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError
from ddbmock.formats.files import read_text
from ddbmock.formats.json_documents import parse_json
from ddbmock.templates.cloudformation import is_template, template_tables

if TYPE_CHECKING:
    from pathlib import Path

    from ddbmock.templates.options import TemplateOptions
    from ddbmock.templates.tables import TableSpec

MANIFEST = "manifest.json"

_STACK, _ASSEMBLY = "aws:cloudformation:stack", "cdk:cloud-assembly"


def is_manifest(document: Any) -> bool:
    """Return whether a document is the manifest of a cloud assembly."""
    return isinstance(document, Mapping) and isinstance(document.get("artifacts"), Mapping)


def assembly_tables(folder: Path, options: TemplateOptions) -> list[TableSpec]:
    """Return the tables of all stacks of a cloud assembly.

    Raises:
        FileError: The folder has no manifest, or a template is missing.
    """
    specs: list[TableSpec] = []
    for path, stack_options in _templates(folder, options):
        template = parse_json(read_text(path), str(path))
        if is_template(template):
            specs += template_tables(template, str(path), stack_options)
            for nested in _nested_templates(template, path.parent):
                inner = parse_json(read_text(nested), str(nested))
                specs += template_tables(inner, str(nested), stack_options)
    return specs


def _templates(folder: Path, options: TemplateOptions) -> Iterator[tuple[Path, TemplateOptions]]:
    path = folder / MANIFEST
    manifest = parse_json(read_text(path), str(path))
    if not is_manifest(manifest):
        raise FileError(str(path), messages.NOT_AN_ASSEMBLY)
    for name, artifact in manifest["artifacts"].items():
        properties = artifact.get("properties") or {}
        if artifact.get("type") == _STACK:
            stack_name = properties.get("stackName") or name
            yield folder / properties["templateFile"], replace(options, stack_name=stack_name)
        elif artifact.get("type") == _ASSEMBLY:
            yield from _templates(folder / properties["directoryName"], options)


def _nested_templates(template: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Return the templates of nested stacks; CDK notes each one's file in the metadata."""
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::CloudFormation::Stack":
            name = (resource.get("Metadata") or {}).get("aws:asset:path")
            if name and (folder / name).is_file():
                yield folder / name
