"""Terraform's .tf files: their blocks, and the expressions in them as far as they can be told.

python-hcl2 reads the text; its tree knows the lines. Variables have given values or defaults;
locals, `count`, `for_each`, `dynamic` blocks, references between tables and the common functions
are evaluated; anything else takes a given value. Modules and data sources are not followed: for
these there is `terraform show -json`.

https://developer.hashicorp.com/terraform/language/expressions
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.files import read_text
from ddbmock.templates.hcl_expressions import Evaluator, Lookup, child_trees, name_of, parse
from ddbmock.templates.terraform import ITEM, TABLE, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.templates.options import TemplateOptions

#: Arguments of resources that are Terraform's own.
_META = {"count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "timeouts"}


@dataclass(slots=True)
class Block:
    """One block: its type, its labels, the trees of its arguments, the blocks in it."""

    kind: str
    labels: list[str]
    location: Location
    arguments: dict[str, Any] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


def read_blocks(body: Any, source: str) -> tuple[dict[str, Any], list[Block]]:
    """Return the arguments and the blocks in a body."""
    arguments: dict[str, Any] = {}
    blocks: list[Block] = []
    for child in child_trees(body):
        if child.data == "attribute":
            arguments[name_of(child.children[0])] = child_trees(child)[-1]
        elif child.data == "block":
            *heads, inner = child_trees(child)
            names = [name_of(head) for head in heads]
            block = Block(names[0], names[1:], Location(source, child.meta.line))
            block.arguments, block.blocks = read_blocks(inner, source)
            blocks.append(block)
    return arguments, blocks


def configuration_resources(paths: list[Path], options: TemplateOptions) -> list[Resource]:
    """Return the tables and items that .tf files (and .tfvars beside them) describe.

    Raises:
        FileError: A file is no HCL, or an expression cannot be told.
    """
    blocks: list[Block] = []
    for path in paths:
        (body,) = child_trees(parse(read_text(path), str(path)))
        blocks += read_blocks(body, str(path))[1]
    return _Configuration(blocks, _variable_files(paths), options).resources()


def _variable_files(paths: list[Path]) -> dict[str, tuple[Any, str]]:
    """Return what terraform.tfvars and *.auto.tfvars say: name -> tree and source."""
    values: dict[str, tuple[Any, str]] = {}
    folders = dict.fromkeys(path.parent for path in paths)
    for folder in folders:
        for path in [folder / "terraform.tfvars", *sorted(folder.glob("*.auto.tfvars"))]:
            if path.is_file():
                (body,) = child_trees(parse(read_text(path), str(path)))
                arguments, _ = read_blocks(body, str(path))
                values |= {name: (tree, str(path)) for name, tree in arguments.items()}
    return values


class _Configuration:
    """All blocks of a module, as what expressions refer to."""

    def __init__(
        self,
        blocks: list[Block],
        variable_files: dict[str, tuple[Any, str]],
        options: TemplateOptions,
    ) -> None:
        self._options = options
        self._variable_files = variable_files
        self._variables = {b.labels[0]: b for b in blocks if b.kind == "variable" and b.labels}
        self._locals = {
            name: (tree, block)
            for block in blocks
            if block.kind == "locals"
            for name, tree in block.arguments.items()
        }
        self._resources = {
            (block.labels[0], block.labels[1]): block
            for block in blocks
            if block.kind == "resource" and block.labels[0] in {TABLE, ITEM}
        }
        self._open: list[str] = []

    def resources(self) -> list[Resource]:
        found: list[Resource] = []
        for (kind, name), block in self._resources.items():
            for key, names in self._instances(block):
                suffix = "" if key is None else f"[{key!r}]".replace("'", '"')
                address = f"{kind}.{name}{suffix}"
                location = Location(block.location.source, block.location.line, address)
                found.append(Resource(address, kind, self._values(block, names), location))
        return found

    def _evaluate(self, tree: Any, source: str, names: Mapping[str, Any]) -> Any:
        return Evaluator(self._lookup, source, names).value(tree)

    def _instances(self, block: Block) -> Iterator[tuple[Any, dict[str, Any]]]:
        source = block.location.source
        if "count" in block.arguments:
            for index in range(int(self._evaluate(block.arguments["count"], source, {}))):
                yield index, {"count": {"index": index}}
        elif "for_each" in block.arguments:
            for key, value in _pairs(self._evaluate(block.arguments["for_each"], source, {})):
                yield key, {"each": {"key": key, "value": value}}
        else:
            yield None, {}

    def _values(self, block: Block, names: Mapping[str, Any]) -> dict[str, Any]:
        source = block.location.source
        values = {
            name: self._evaluate(tree, source, names)
            for name, tree in block.arguments.items()
            if name not in _META
        }
        for inner in block.blocks:
            if inner.kind == "dynamic":
                values.setdefault(inner.labels[0], []).extend(self._dynamic(inner, names))
            elif inner.kind not in _META:
                values.setdefault(inner.kind, []).append(self._values(inner, names))
        return values

    def _dynamic(self, block: Block, names: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        source = block.location.source
        iterator = block.labels[0]
        if "iterator" in block.arguments:
            iterator = name_of(block.arguments["iterator"])
        for key, value in _pairs(self._evaluate(block.arguments["for_each"], source, names)):
            inner_names = {**names, iterator: {"key": key, "value": value}}
            for content in block.blocks:
                yield self._values(content, inner_names)

    # --- what expressions refer to ---------------------------------------------------------------

    def _lookup(self, path: list[str], location: Location) -> Lookup:
        given = self._options.parameters
        for length in range(len(path), 0, -1):
            name = ".".join(path[:length])
            if name in given:
                return Lookup(given[name], length)
        if path[0] == "data":
            return self._data_source(path, location)
        return Lookup(self._named(path, location), 2)

    def _named(self, path: list[str], location: Location) -> Any:
        kind, name = path[0], path[1] if len(path) > 1 else ""
        if kind == "var":
            return self._variable(name, location)
        if kind == "local" and name in self._locals:
            return self._local(name, location)
        if (kind, name) in self._resources:
            return self._reference(path, location)
        if (kind, name) == ("terraform", "workspace"):
            return "default"
        if kind == "path":
            return str(Path(location.source).parent)
        raise FileError(location, messages.unresolved(".".join(path)))

    def _data_source(self, path: list[str], location: Location) -> Lookup:
        values = {
            ("aws_region", "name"): self._options.region,
            ("aws_region", "id"): self._options.region,
            ("aws_region", "region"): self._options.region,
            ("aws_caller_identity", "account_id"): self._options.account_id,
            ("aws_partition", "partition"): self._options.partition[0],
        }
        if len(path) >= 4 and (path[1], path[3]) in values:  # noqa: PLR2004
            return Lookup(values[path[1], path[3]], 4)
        raise FileError(location, messages.unresolved(".".join(path)))

    def _variable(self, name: str, location: Location) -> Any:
        if name in self._options.parameters:
            return self._options.parameters[name]
        if name in self._variable_files:
            tree, source = self._variable_files[name]
            return self._evaluate(tree, source, {})
        block = self._variables.get(name)
        if block is None or "default" not in block.arguments:
            raise FileError(location, messages.unresolved(f"var.{name}"))
        return self._evaluate(block.arguments["default"], block.location.source, {})

    def _local(self, name: str, location: Location) -> Any:
        if name in self._open:
            raise FileError(location, messages.circular_variable(f"local.{name}"))
        self._open.append(name)
        try:
            tree, block = self._locals[name]
            return self._evaluate(tree, block.location.source, {})
        finally:
            self._open.pop()

    def _reference(self, path: list[str], location: Location) -> Any:
        """A reference to a table of the configuration, such as `aws_dynamodb_table.orders.name`."""
        address = ".".join(path[:2])
        if address in self._open:
            raise FileError(location, messages.circular_variable(address))
        self._open.append(address)
        try:
            block = self._resources[path[0], path[1]]
            instances = {key: self._with_ids(block, n) for key, n in self._instances(block)}
        finally:
            self._open.pop()
        if None in instances:
            return instances[None]
        return list(instances.values()) if "count" in block.arguments else instances

    def _with_ids(self, block: Block, names: Mapping[str, Any]) -> dict[str, Any]:
        values = self._values(block, names)
        name = str(values.get("name"))
        return {**values, "id": name, "arn": self._options.table_arn(name)}


def _pairs(collection: Any) -> list[tuple[Any, Any]]:
    """Return the keys and values of what a for_each goes through; a set's members are both."""
    if isinstance(collection, Mapping):
        return list(collection.items())
    if isinstance(collection, set | frozenset):
        return [(member, member) for member in sorted(collection)]
    return list(enumerate(collection))
