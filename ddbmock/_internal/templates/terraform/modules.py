"""A Terraform module: its variables, locals, resources and the modules that it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.templates.in_progress import InProgress
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.terraform.blocks import META, BlockReader
from ddbmock._internal.templates.terraform.expressions import Evaluator, Lookup
from ddbmock._internal.templates.terraform.policy_documents import (
    POLICY,
    POLICY_DOCUMENT,
    data_attributes,
)
from ddbmock._internal.templates.terraform.resources import (
    Resource,
    computed_attributes,
    is_about_tables,
)
from ddbmock._internal.templates.terraform.values import (
    ConversionError,
    ExpressionError,
    LazyValues,
)
from ddbmock._internal.templates.terraform.variable_types import converted

if TYPE_CHECKING:
    from ddbmock._internal.templates.options import TemplateOptions
    from ddbmock._internal.templates.terraform.module_files import ModuleFiles
    from ddbmock._internal.templates.terraform.syntax import Block

#: Arguments of module calls that are Terraform's own.
_MODULE_META = {*META, "providers", "source", "version"}


#: Variable -> function that evaluates the value that the caller of the module passes.
Inputs = Mapping[str, Callable[[], Any]]


class Module:
    """One module with the values of its variables."""

    def __init__(  # noqa: PLR0913 (what a module depends on)
        self,
        blocks: list[Block],
        folder: Path,
        files: ModuleFiles,
        options: TemplateOptions,
        inputs: Inputs,
        *,
        address: str = "",
        ancestors: tuple[Path, ...] = (),
    ) -> None:
        self.address = address
        self.options = options
        self._folder = folder
        self._files = files
        self._inputs = inputs
        self._ancestors = ancestors
        self._given = options.parameters
        self._blocks = blocks
        self._variables = {b.labels[0]: b for b in blocks if b.kind == "variable" and b.labels}
        self._outputs = {b.labels[0]: b for b in blocks if b.kind == "output" and b.labels}
        self._calls = {b.labels[0]: b for b in blocks if b.kind == "module" and b.labels}
        self._locals = {
            name: (tree, block)
            for block in blocks
            if block.kind == "locals"
            for name, tree in block.arguments.items()
        }
        self._resources = _resource_blocks(blocks)
        self._data = {
            (block.labels[0], block.labels[1]): block
            for block in blocks
            if block.kind == "data" and len(block.labels) > 1
        }
        self._reader = BlockReader(self._evaluate)
        self._in_progress = InProgress()
        self._values: dict[str, Any] = {}
        self._children: dict[str, list[tuple[Any, Module]] | None] = {}
        self._declare()

    def _declare(self) -> None:
        if not self.address:
            for name in self._variables:
                self._given.declare(name)
                self._given.declare_resource(f"var.{name}")
        for block in self._blocks:
            if block.kind in {"resource", "data"} and len(block.labels) > 1:
                prefix = "data." if block.kind == "data" else ""
                self._given.declare_resource(f"{prefix}{block.labels[0]}.{block.labels[1]}")
            elif block.kind in {"module", "local"} and block.labels:
                self._given.declare_resource(f"module.{block.labels[0]}")

    # --- resources and outputs -------------------------------------------------------------------

    def resources(self, is_wanted: Callable[[str], bool] = is_about_tables) -> Iterator[Resource]:
        """Return the resources of some types, those of called modules too.

        Args:
            is_wanted: Whether a type is wanted; tables, and what changes them, are by default.
        """
        for (kind, name), block in self._resources.items():
            if is_wanted(kind):
                for key, names in self._reader.instances(block):
                    address = f"{self.address}{kind}.{name}{_index_text(key)}"
                    location = Location(block.location.source, block.location.line, address)
                    values = self._reader.attributes(block, names, address)
                    yield Resource(address, kind, values, location)
        for name in self._calls:
            for _, child in self._children_of(name) or ():
                yield from child.resources(is_wanted)

    def skipped_modules(self) -> Iterator[tuple[str, str]]:
        """Return the addresses and sources of called modules that are not on disk."""
        for name, block in self._calls.items():
            children = self._children_of(name)
            if children is None:
                source = self._source_of(block)
                yield f"{self.address}module.{name}", str(source)
            for _, child in children or ():
                yield from child.skipped_modules()

    def output(self, name: str) -> Any:
        """Return the value of an output."""
        block = self._outputs[name]
        if "value" not in block.arguments:
            raise FileError(block.location, f"output.{name} has no value")
        with self._in_progress.resolving(f"output.{name}", block.location):
            return self._evaluate(block.arguments["value"], block.location.source, {})

    def _evaluate(self, tree: Any, source: str, names: Mapping[str, Any]) -> Any:
        return Evaluator(self, source, names).value(tree)

    # --- called modules --------------------------------------------------------------------------

    def _children_of(self, name: str) -> list[tuple[Any, Module]] | None:
        """Return the instances of a called module; None when it is not on disk."""
        if name not in self._children:
            block = self._calls[name]
            folder = self._folder_of(name, block)
            if folder is None:
                self._children[name] = None
            else:
                with self._in_progress.resolving(f"module.{name}", block.location):
                    self._children[name] = [
                        (key, self._child(name, block, folder, key, names))
                        for key, names in self._reader.instances(block)
                    ]
        return self._children[name]

    def _source_of(self, block: Block) -> Any:
        if "source" not in block.arguments:
            return None
        return self._evaluate(block.arguments["source"], block.location.source, {})

    def _folder_of(self, name: str, block: Block) -> Path | None:
        source = self._source_of(block)
        if isinstance(source, str) and source.startswith(("./", "../")):
            folder = self._folder / source
            if not folder.is_dir():
                raise FileError(block.location, f"no such folder: {folder}")
            return folder
        return self._files.installed.get(f"{_without_indexes(self.address)}{name}")

    def _child(
        self, name: str, block: Block, folder: Path, key: Any, names: Mapping[str, Any]
    ) -> Module:
        resolved = folder.resolve()
        ancestors = (*self._ancestors, self._folder.resolve())
        if resolved in ancestors:
            raise FileError(block.location, f"module.{name} calls itself")
        source = block.location.source

        def evaluated(tree: Any) -> Callable[[], Any]:
            return lambda: self._evaluate(tree, source, names)

        inputs = {
            argument: evaluated(tree)
            for argument, tree in block.arguments.items()
            if argument not in _MODULE_META
        }
        return Module(
            self._files.blocks(folder),
            folder,
            self._files,
            self.options,
            inputs,
            address=f"{self.address}module.{name}{_index_text(key)}.",
            ancestors=ancestors,
        )

    def _module_value(self, name: str, location: Location) -> Any:
        children = self._children_of(name)
        if children is None:
            raise UnresolvedError(location, f"module.{name}")
        values = {key: child.outputs for key, child in children}
        return _of_instances(values, self._calls[name])

    @property
    def outputs(self) -> LazyValues:
        """The outputs, each evaluated when needed."""

        def value_of(name: str) -> Callable[[], Any]:
            return lambda: self.output(name)

        attributes = {name: value_of(name) for name in self._outputs}
        return LazyValues(attributes, Location(str(self._folder), None, self.address))

    # --- the values of names ---------------------------------------------------------------------

    def find_file(self, path: str) -> Path:
        """Return where a file is that an expression names."""
        return self._files.find(path)

    def look_up(self, path: list[str], location: Location) -> Lookup:
        """Return the value that a name begins with.

        Raises:
            FileError: The name has no value.
        """
        if path[0] in {"data", "module", "terraform"} or not self.address:
            for length in range(len(path), 0, -1):
                name = ".".join(path[:length])
                if name in self._given:
                    return Lookup(self._given[name], length)
        if path[0] == "data":
            return self._data_source(path, location)
        return Lookup(self._named(path, location), 2)

    def _named(self, path: list[str], location: Location) -> Any:
        kind, name = path[0], path[1] if len(path) > 1 else ""
        if kind == "var":
            return self._once(f"var.{name}", location, lambda: self._variable(name, location))
        if kind == "local" and name in self._locals:
            tree, block = self._locals[name]
            return self._once(
                f"local.{name}", location, lambda: self._evaluate(tree, block.location.source, {})
            )
        if kind == "module" and name in self._calls:
            if self._children_of(name) is None:
                raise UnresolvedError(location, ".".join(path))
            return self._module_value(name, location)
        if (kind, name) in self._resources:
            address = f"{kind}.{name}"
            return self._once(address, location, lambda: self._resource_value(kind, name))
        if (kind, name) == ("terraform", "workspace"):
            return "default"
        if kind == "path":
            folders = {"module": self._folder, "root": self._files.root, "cwd": Path.cwd()}
            if name in folders:
                return str(folders[name])
        if kind == "local":
            raise ExpressionError(location, f"there is no local.{name}")
        raise UnresolvedError(location, ".".join(path))

    def _data_source(self, path: list[str], location: Location) -> Lookup:
        values = {
            ("aws_region", "name"): self.options.region,
            ("aws_region", "id"): self.options.region,
            ("aws_region", "region"): self.options.region,
            ("aws_caller_identity", "account_id"): self.options.account_id,
            ("aws_partition", "partition"): self.options.partition,
        }
        if len(path) >= 4 and (path[1], path[3]) in values:  # noqa: PLR2004
            return Lookup(values[path[1], path[3]], 4)
        if len(path) > 2 and path[1] in {POLICY_DOCUMENT, POLICY}:  # noqa: PLR2004
            block = self._data.get((path[1], path[2]))
            if block is not None:
                name = ".".join(path[:3])
                return Lookup(self._once(name, location, lambda: self._policy_data(block)), 3)
        raise UnresolvedError(location, ".".join(path))

    def _policy_data(self, block: Block) -> Any:
        """Return what a reference to a data source of IAM gives."""
        kind, name = block.labels[:2]
        address = f"data.{kind}.{name}"
        place = Location(block.location.source, block.location.line, address)

        def attributes(names: Mapping[str, Any]) -> LazyValues:
            values = self._reader.attributes(block, names, address)
            return LazyValues(data_attributes(kind, values, place, self.options), place, address)

        instances = {key: attributes(names) for key, names in self._reader.instances(block)}
        return _of_instances(instances, block)

    def _variable(self, name: str, location: Location) -> Any:
        block = self._variables.get(name)
        value = self._input(name, block, location)
        if block is None:
            return value
        default = block.arguments.get("default")
        if value is None and default is not None and self._is_not_null(block):
            value = self._evaluate(default, block.location.source, {})
        constraint = block.arguments.get("type")
        if constraint is None:
            return value
        try:
            return converted(
                value, constraint, lambda tree: self._evaluate(tree, block.location.source, {})
            )
        except ConversionError as error:
            raise FileError(block.location, f"var.{name}: {error}") from None

    def _input(self, name: str, block: Block | None, location: Location) -> Any:
        if not self.address and name in self._given:
            return self._given[name]
        if name in self._inputs:
            return self._inputs[name]()
        if block is None or "default" not in block.arguments:
            if self.address:
                problem = f"the call of {self.address.removesuffix('.')} does not give var.{name}"
                raise FileError(location, problem)
            raise UnresolvedError(location, f"var.{name}")
        return self._evaluate(block.arguments["default"], block.location.source, {})

    def _is_not_null(self, block: Block) -> bool:
        tree = block.arguments.get("nullable")
        return tree is not None and self._evaluate(tree, block.location.source, {}) is False

    def _resource_value(self, kind: str, name: str) -> Any:
        block = self._resources[kind, name]
        values = {
            key: self._with_computed(block, self._reader.attributes(block, names, f"{kind}.{name}"))
            for key, names in self._reader.instances(block)
        }
        return _of_instances(values, block)

    def _with_computed(self, block: Block, values: LazyValues) -> LazyValues:
        kind, name = block.labels[:2]

        def attribute(key: str) -> Callable[[], Any]:
            return lambda: values[key]

        computed = computed_attributes(kind, name, values, self.options)
        resource = f"{kind}.{name}"
        location = Location(block.location.source, block.location.line, resource)
        attributes = {**computed, **{key: attribute(key) for key in values}}
        return LazyValues(attributes, location, resource)

    def _once(self, name: str, location: Location, evaluate: Callable[[], Any]) -> Any:
        """Return a value that is evaluated when it is first needed."""
        if name not in self._values:
            with self._in_progress.resolving(name, location):
                self._values[name] = evaluate()
        return self._values[name]


def _resource_blocks(blocks: list[Block]) -> dict[tuple[str, str], Block]:
    resources: dict[tuple[str, str], Block] = {}
    for block in blocks:
        if block.kind == "resource" and len(block.labels) > 1:
            kind, name = block.labels[:2]
            if (kind, name) in resources:
                raise FileError(block.location, f"{kind}.{name} is defined twice")
            resources[kind, name] = block
    return resources


def _of_instances(values: dict[Any, Any], block: Block) -> Any:
    """Return what a reference to a resource or module gives: one object, a list or a map."""
    if None in values:
        return values[None]
    return list(values.values()) if "count" in block.arguments else values


def _index_text(key: Any) -> str:
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f'["{key}"]'


def _without_indexes(address: str) -> str:
    """Return the address of a module as `terraform init` notes it.

    >>> _without_indexes('module.shop["eu"].module.tables.')
    'shop.tables.'
    """
    parts = [part.split("[", 1)[0] for part in address.split("module.") if part]
    return "".join(f"{part.rstrip('.')}." for part in parts)
