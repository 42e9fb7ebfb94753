"""Terraform configurations: .tf files, variable definition files, and the modules they call.

Variables have given values or defaults; locals, `count`, `for_each`, `dynamic` blocks, references
and common functions are evaluated; anything else needs a parameter. Modules are read where they
are local folders or where `terraform init` has put them; for data sources and other modules there
is `terraform show -json`.

The evaluation is ddbmock's own. The parsers of security scanners, such as tfparse, know the
complete language, but where a value is unknown they guess it or drop the resource: tables would get
wrong names, or be missing, without an error.

https://developer.hashicorp.com/terraform/language
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import read_text
from ddbmock._internal.templates.skipped import SkippedPart
from ddbmock._internal.templates.terraform.contents import resource_contents
from ddbmock._internal.templates.terraform.expressions import Evaluator
from ddbmock._internal.templates.terraform.module_files import ModuleFiles, read_blocks
from ddbmock._internal.templates.terraform.modules import Module
from ddbmock._internal.templates.terraform.roles import TerraformRoles, is_about_roles
from ddbmock._internal.templates.terraform.syntax import Block, parse_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ddbmock._internal.templates.contents import Contents
    from ddbmock._internal.templates.options import TemplateOptions


def root_module(paths: list[Path], options: TemplateOptions) -> Module:
    """Return the module of .tf files.

    Raises:
        FileError: A file is not HCL.
    """
    folder = paths[0].parent
    blocks = read_blocks(paths)
    files = ModuleFiles(folder)
    inputs = _variable_files(folder, files, options)
    module = Module(blocks, folder, files, options, inputs)
    region = _provider_region(blocks, module)
    if region is None:
        return module
    return Module(blocks, folder, files, options.deployed_to(region=region), inputs)


def module_contents(module: Module) -> Contents:
    """Return the tables of a module and of those that it calls.

    Raises:
        FileError: An argument of a table has no value, or is unknown.
    """
    contents = resource_contents(list(module.resources()))
    for address, source in module.skipped_modules():
        reason = (
            f"its source {source} is not a local folder; run `terraform init`, or use the output"
            " of `terraform show -json`"
        )
        contents.skipped.append(SkippedPart(address, reason))
    contents.roles.append(
        TerraformRoles(lambda: list(module.resources(is_about_roles)), module.options)
    )
    return contents


def _variable_files(
    folder: Path, files: ModuleFiles, options: TemplateOptions
) -> dict[str, Callable[[], Any]]:
    """Return the values in terraform.tfvars and *.auto.tfvars."""
    scope = Module([], folder, files, options, {})
    values: dict[str, Callable[[], Any]] = {}

    def evaluated(tree: Any, source: str) -> Callable[[], Any]:
        return lambda: Evaluator(scope, source, {}).value(tree)

    for path in [folder / "terraform.tfvars", *sorted(folder.glob("*.auto.tfvars"))]:
        if path.is_file():
            arguments, _ = parse_file(read_text(path), str(path))
            values |= {name: evaluated(tree, str(path)) for name, tree in arguments.items()}
    return values


def _provider_region(blocks: list[Block], module: Module) -> str | None:
    """Return the region of the AWS provider; None if it is unknown."""
    for block in blocks:
        is_default = block.kind == "provider" and block.labels == ["aws"]
        if is_default and "alias" not in block.arguments and "region" in block.arguments:
            try:
                region = Evaluator(module, block.location.source, {}).value(
                    block.arguments["region"]
                )
            except FileError:
                return None
            return region if isinstance(region, str) else None
    return None
