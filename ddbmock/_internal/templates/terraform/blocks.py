"""Blocks of resources and modules: their instances, and their arguments as values.

https://developer.hashicorp.com/terraform/language/meta-arguments
https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.templates.terraform.syntax import name_of
from ddbmock._internal.templates.terraform.values import (
    ConversionError,
    LazyValues,
    pairs_of,
    to_bool,
    to_number,
)

if TYPE_CHECKING:
    from ddbmock._internal.templates.terraform.syntax import Block

#: Arguments and blocks of resources that are Terraform's own.
META = {"count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "timeouts"}
_INSTANCES_MAX = 10_000

#: Returns the value of an expression, given its tree, its file and the names of enclosing loops.
Evaluate = Callable[[Any, str, Mapping[str, Any]], Any]


class BlockReader:
    """Reads the blocks of one module."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate

    def instances(self, block: Block) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Return the key of each instance of a block, None for the only one, and its names.

        Raises:
            FileError: `count` or `for_each` has no value, or another type.
        """
        source = block.location.source
        if "count" in block.arguments:
            count = self._evaluate(block.arguments["count"], source, {})
            for index in range(_count_of(count, block.location)):
                yield index, {"count": {"index": index}}
        elif "for_each" in block.arguments:
            collection = self._evaluate(block.arguments["for_each"], source, {})
            for key, value in _pairs(collection, block.location):
                yield key, {"each": {"key": key, "value": value}}
        else:
            yield None, {}

    def attributes(self, block: Block, names: Mapping[str, Any], address: str = "") -> LazyValues:
        """Return the arguments and inner blocks of a block; each is evaluated when needed."""
        source = block.location.source

        def evaluated(tree: Any) -> Callable[[], Any]:
            return lambda: self._evaluate(tree, source, names)

        def inner(kind: str) -> Callable[[], Any]:
            return lambda: list(self._inner_blocks(block, kind, names))

        attributes: dict[str, Callable[[], Any]] = {
            name: evaluated(tree) for name, tree in block.arguments.items() if name not in META
        }
        for each in block.blocks:
            kind = each.labels[0] if each.kind == "dynamic" and each.labels else each.kind
            if kind not in META:
                attributes[kind] = inner(kind)
        location = Location(source, block.location.line, address)
        return LazyValues(attributes, location)

    def _inner_blocks(
        self, block: Block, kind: str, names: Mapping[str, Any]
    ) -> Iterator[LazyValues]:
        for each in block.blocks:
            if each.kind == kind:
                yield self.attributes(each, names)
            elif each.kind == "dynamic" and each.labels == [kind]:
                yield from self._dynamic(each, names)

    def _dynamic(self, block: Block, names: Mapping[str, Any]) -> Iterator[LazyValues]:
        if "for_each" not in block.arguments:
            raise FileError(block.location, "a dynamic block has no for_each")
        iterator = block.labels[0]
        if "iterator" in block.arguments:
            iterator = name_of(block.arguments["iterator"])
        collection = self._evaluate(block.arguments["for_each"], block.location.source, names)
        for key, value in _pairs(collection, block.location):
            inner_names = {**names, iterator: {"key": key, "value": value}}
            for content in block.blocks:
                if content.kind == "content":
                    yield self.attributes(content, inner_names)


def _count_of(value: Any, location: Location) -> int:
    try:
        count = int(to_bool(value)) if isinstance(value, bool) else int(to_number(value))
    except ConversionError as error:
        raise FileError(location, f"count: {error}") from None
    if not 0 <= count <= _INSTANCES_MAX:
        raise FileError(location, f"count is from 0 to {_INSTANCES_MAX:,}, not {count}")
    return count


def _pairs(collection: Any, location: Location) -> list[tuple[Any, Any]]:
    try:
        return pairs_of(collection)
    except ConversionError as error:
        raise FileError(location, f"for_each: {error}") from None
