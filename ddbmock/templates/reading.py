"""From a template, wherever it is, to its tables: which format it is, its content tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError
from ddbmock.formats.files import read_text, suffix_of
from ddbmock.formats.json_documents import parse_json
from ddbmock.formats.records import NewTable, Origin
from ddbmock.formats.workbench import is_model, model_entries
from ddbmock.formats.yaml_documents import parse_yaml
from ddbmock.templates import cdk, cloudformation, hcl, serverless, terraform
from ddbmock.templates.tables import Seed, Tables, TableSpec

if TYPE_CHECKING:
    import os

    from ddbmock.templates.options import TemplateOptions

_HCL = re.compile(
    r"^\s*(?:terraform|locals)\s*\{"
    r"|^\s*(?:resource|variable|provider|module|data|output)\s+\"[^\"]*\"",
    re.MULTILINE,
)
_SERVERLESS_NAMES = ("serverless.yml", "serverless.yaml", "serverless.json")
_TEMPLATE_NAMES = ("template.yaml", "template.yml", "template.json")
_MAPPING = "the template"


def read_tables(
    template: str | os.PathLike[str] | Mapping[str, Any], options: TemplateOptions
) -> Tables:
    """Return the tables of a template.

    Raises:
        FileError: It cannot be read, or something of a table cannot be resolved.
    """
    if isinstance(template, Mapping):
        specs, seeds = _document_tables(template, _MAPPING, options)
        source = _MAPPING
    else:
        path = Path(template)
        source = str(template)
        specs, seeds = _path_tables(path, options)
    if not specs:
        raise FileError(source, messages.NO_TABLES)
    _check_names(specs)
    return Tables(source, specs, seeds)


def _check_names(specs: list[TableSpec]) -> None:
    seen: dict[str, TableSpec] = {}
    for spec in specs:
        other = seen.setdefault(spec.name, spec)
        if other is not spec:
            raise FileError(spec.location, messages.name_twice(spec.name, other.logical_name))


def _path_tables(path: Path, options: TemplateOptions) -> tuple[list[TableSpec], list[Seed]]:
    if path.is_dir():
        return _folder_tables(path, options)
    text = read_text(path)
    if suffix_of(path) == ".tf" or (not text.lstrip().startswith("{") and _HCL.search(text)):
        return terraform.resource_tables(hcl.configuration_resources([path], options))
    if text.lstrip().startswith("{"):
        document = parse_json(text, str(path))
    else:
        document = parse_yaml(text, str(path), template=True)
    if cdk.is_manifest(document):
        return cdk.assembly_tables(path.parent, options), []
    return _document_tables(document, str(path), options)


def _folder_tables(folder: Path, options: TemplateOptions) -> tuple[list[TableSpec], list[Seed]]:
    for assembly in (folder, folder / "cdk.out"):
        if (assembly / cdk.MANIFEST).is_file():
            return cdk.assembly_tables(assembly, options), []
    configuration = sorted(folder.glob("*.tf"))
    if configuration:
        return terraform.resource_tables(hcl.configuration_resources(configuration, options))
    for name in (*_SERVERLESS_NAMES, *_TEMPLATE_NAMES):
        if (folder / name).is_file():
            return _path_tables(folder / name, options)
    raise FileError(str(folder), messages.NO_TEMPLATE_IN_FOLDER)


def _document_tables(
    document: Any, source: str, options: TemplateOptions
) -> tuple[list[TableSpec], list[Seed]]:
    if serverless.is_service(document):
        return serverless.service_tables(document, source, options)
    if terraform.is_show_output(document):
        return terraform.resource_tables(terraform.shown_resources(document, source))
    if cloudformation.is_template(document):
        return cloudformation.template_tables(document, source, options), []
    if isinstance(document, Mapping) and is_model(document):
        return _model_tables(document, source)
    raise FileError(source, messages.UNKNOWN_TEMPLATE)


def _model_tables(document: Mapping[str, Any], source: str) -> tuple[list[TableSpec], list[Seed]]:
    specs: list[TableSpec] = []
    seeds: list[Seed] = []
    for entry in model_entries(document, Origin(source)):
        if isinstance(entry, NewTable):
            specs.append(TableSpec(entry.request["TableName"], entry.request, entry.location))
        else:
            seeds.append(Seed(str(entry.table_name), [entry.content], entry.location))
    return specs, seeds
