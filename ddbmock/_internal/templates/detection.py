"""Reads templates; the format is detected by the content of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.files import suffix_of
from ddbmock._internal.formats.records import NewTable, Origin
from ddbmock._internal.formats.workbench import is_model, model_entries
from ddbmock._internal.templates import cdk, descriptions
from ddbmock._internal.templates.cloudformation.contents import stack_contents
from ddbmock._internal.templates.cloudformation.nested import add_children, is_template
from ddbmock._internal.templates.cloudformation.stacks import Exports, Stack
from ddbmock._internal.templates.contents import Contents, Seed, TableSpec
from ddbmock._internal.templates.documents import parse_document, read_template
from ddbmock._internal.templates.serverless.service import Service, is_service
from ddbmock._internal.templates.shapes import shown
from ddbmock._internal.templates.skipped import SkippedPart
from ddbmock._internal.templates.tables import Tables
from ddbmock._internal.templates.terraform import configuration, show_output

if TYPE_CHECKING:
    from ddbmock._internal.templates.options import TemplateOptions

#: Returns the contents of a template once all templates are known.
Read = Callable[[], Contents]

_HCL = re.compile(
    r"^\s*(?:terraform|locals)\s*\{"
    r"|^\s*(?:resource|variable|provider|module|data|output)\s+\"[^\"]*\"",
    re.MULTILINE,
)
_SERVERLESS_NAMES = ("serverless.yml", "serverless.yaml", "serverless.json")
_TEMPLATE_NAMES = ("template.yaml", "template.yml", "template.json")
_MAPPING = "the template"


def read_tables(templates: Sequence[Any], options: TemplateOptions) -> Tables:
    """Return the tables of templates.

    Raises:
        FileError: A template cannot be read, or part of a table cannot be resolved.
        MisuseError: A template is neither a path nor a mapping.
    """
    if not templates:
        raise MisuseError("tables_from() takes at least one template")
    sources = [_MAPPING if isinstance(each, Mapping) else str(each) for each in templates]
    source = ", ".join(sources)
    try:
        contents = read_contents(templates, options)
        options.parameters.check(source)
        if not contents.specs:
            raise FileError(source, _without_tables(contents))
        _check_names(contents)
    except RecursionError:
        raise FileError(source, "nested too deeply, or inside of itself") from None
    return Tables(source, contents)


def read_contents(templates: Iterable[Any], options: TemplateOptions) -> Contents:
    """Return everything about tables in templates, including their resources.

    Raises:
        FileError: A template cannot be read, or part of a table cannot be resolved.
        MisuseError: A template is neither a path nor a mapping.
    """
    detection = _Detection(options)
    reads = [read for template in templates for read in detection.reads(template)]
    contents = Contents()
    for read in reads:
        contents.add(read())
    return contents


def _without_tables(contents: Contents) -> str:
    skipped = "; ".join(map(str, contents.skipped))
    return f"no DynamoDB tables in this template{f'; left out: {skipped}' if skipped else ''}"


def _check_names(contents: Contents) -> None:
    seen: dict[str, TableSpec] = {}
    for spec in contents.specs:
        other = seen.setdefault(spec.name, spec)
        if other is not spec:
            problem = f"the name {spec.name!r} is that of {other.logical_name} too"
            raise FileError(spec.location, problem)
    for seed in contents.seeds:
        if seed.table_name not in seen:
            names = ", ".join(sorted(seen))
            problem = f"items for the table {seed.table_name!r}, which the template does not have"
            raise FileError(seed.location, f"{problem}; it has: {names}")


class _Detection:
    """Finds the formats of templates. All their stacks can import each other's exports."""

    def __init__(self, options: TemplateOptions) -> None:
        self._options = options
        self._exports = Exports()

    def reads(self, template: Any) -> list[Read]:
        if isinstance(template, Mapping):
            return self._of_document(template, _MAPPING)
        try:
            path = Path(template)
        except TypeError:
            expected = "tables_from() takes paths and mappings"
            raise MisuseError(f"{expected}, not {shown(template)}") from None
        return self._of_folder(path) if path.is_dir() else self._of_file(path)

    def _of_file(self, path: Path) -> list[Read]:
        text = read_template(path)
        is_json = text.lstrip().startswith(("{", "["))
        if suffix_of(path) == ".tf" or (not is_json and _HCL.search(text)):
            return [self._configuration([path])]
        document = parse_document(text, str(path))
        if cdk.is_manifest(document):
            return self._of_assembly(path.parent)
        return self._of_document(document, str(path))

    def _of_folder(self, folder: Path) -> list[Read]:
        for assembly in (folder, folder / "cdk.out"):
            if (assembly / cdk.MANIFEST).is_file():
                return self._of_assembly(assembly)
        paths = sorted(folder.glob("*.tf"))
        if paths:
            return [self._configuration(paths), *map(_skipped_json, folder.glob("*.tf.json"))]
        for name in (*_SERVERLESS_NAMES, *_TEMPLATE_NAMES):
            if (folder / name).is_file():
                return self._of_file(folder / name)
        raise FileError(
            str(folder),
            "no template in this folder: no cdk.out, no .tf files, no serverless.yml, no"
            " template.yaml",
        )

    def _of_assembly(self, folder: Path) -> list[Read]:
        stacks = cdk.assembly_stacks(folder, self._options, self._exports)
        return [self._stack(stack) for stack in stacks]

    def _configuration(self, paths: list[Path]) -> Read:
        module = configuration.root_module(paths, self._options)
        return lambda: configuration.module_contents(module)

    def _stack(self, stack: Stack) -> Read:
        skipped = add_children(stack)

        def read() -> Contents:
            contents = stack_contents(stack)
            contents.skipped += skipped
            return contents

        return read

    def _of_document(self, document: Any, source: str) -> list[Read]:
        if is_service(document):
            return [Service(document, source, self._options, self._exports).contents]
        if show_output.is_show_output(document):
            return [lambda: show_output.shown_contents(document, source, self._options)]
        if is_template(document):
            return [self._stack(Stack(document, source, self._options, self._exports))]
        if isinstance(document, Mapping) and is_model(document):
            return [lambda: _model_contents(document, source)]
        if descriptions.is_description(document):
            return [lambda: descriptions.described_tables(document, source)]
        # A second mapping is most likely meant as the parameters.
        hint = "values of parameters go into parameters={...}" if source == _MAPPING else ""
        raise FileError(
            source,
            "no template that ddbmock knows: CloudFormation, SAM, serverless.yml, Terraform (.tf,"
            " or the output of `terraform show -json`), CDK's cdk.out, NoSQL Workbench, the output"
            " of `aws dynamodb describe-table`",
            hint=hint,
        )


def _skipped_json(path: Path) -> Read:
    reason = "ddbmock reads .tf files, and the output of `terraform show -json`"
    return lambda: Contents(skipped=[SkippedPart(str(path), reason)])


def _model_contents(document: Mapping[str, Any], source: str) -> Contents:
    contents = Contents()
    for entry in model_entries(document, Origin(source)):
        if isinstance(entry, NewTable):
            location = Location(source, None, str(entry.request["TableName"]))
            contents.specs.append(TableSpec(location.detail, entry.request, entry.location))
        else:
            contents.seeds.append(Seed(str(entry.table_name), [entry.content], entry.location))
    return contents
