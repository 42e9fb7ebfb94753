"""Converts PyYAML's nodes to located mappings, sequences and scalars, by YAML 1.2's core schema.

PyYAML itself reads YAML 1.1, in which `NO` is a boolean and `2026-01-31` a date.
https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, Location, shortened
from ddbmock._internal.formats.located import LocatedDict, LocatedList
from ddbmock._internal.formats.python_values import ExactNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TAG = "tag:yaml.org,2002:"
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOLEAN = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INTEGER = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
#: Short forms of CloudFormation whose long form is not `Fn::` and the same name.
_LONG_FORMS = {"Ref": "Ref", "Condition": "Condition"}
#: The maximum number of values that all aliases of a document expand to.
_ALIASED_VALUES_MAX = 1_000_000


def core_schema(*, template: bool) -> Iterable[tuple[str, Any, list[str]]]:
    """Yield which plain scalars are of which type: tag, pattern, possible first characters.

    In a template, numbers stay strings.
    """
    yield TAG + "null", _NULL, ["~", "n", "N", ""]
    yield TAG + "bool", _BOOLEAN, list("tTfF")
    if not template:
        yield TAG + "int", _INTEGER, list("-+0123456789")
        yield TAG + "float", _FLOAT, list("-+0123456789.")


def _number(text: str) -> ExactNumber:
    if not (_INTEGER.match(text) or _FLOAT.match(text)):
        raise ValueError(text)
    return ExactNumber(str(int(text, 0)) if text[:2] in {"0x", "0o"} else text)


#: Type of a scalar, by its form or its tag -> its reader.
_SCALARS: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "int": _number,
    "float": _number,
    "binary": lambda text: b64decode("".join(text.split()), validate=True),
    "str": str,
    "timestamp": str,
    "!": str,
}


class NodeReader:
    """Reads the nodes of one document.

    Args:
        source: The name of the document in errors.
        template: Whether it is a template of CloudFormation, with short forms such as `!Sub`.
    """

    def __init__(self, source: str, *, template: bool) -> None:
        self._source = source
        self._template = template
        #: The nodes around the current one, and all that were read, by `id`.
        self._open: set[int] = set()
        self._read: set[int] = set()
        self._aliased_values = 0

    def read(self, node: Any) -> Any:
        """Return the value of a node.

        Raises:
            FileError: It is not supported.
        """
        self._count(node)
        if node.tag.startswith("!") and node.tag != "!":
            return self._short_form(node)
        if node.id == "scalar":
            return self._scalar(node)
        if id(node) in self._open:
            raise self._error(node, "an alias is inside of its own anchor")
        self._open.add(id(node))
        try:
            return self._sequence(node) if node.id == "sequence" else self._mapping(node)
        finally:
            self._open.discard(id(node))

    def _count(self, node: Any) -> None:
        """Refuse aliases of aliases, which can expand a few lines to any number of values."""
        if id(node) not in self._read:
            self._read.add(id(node))
            return
        self._aliased_values += 1
        if self._aliased_values > _ALIASED_VALUES_MAX:
            raise self._error(node, f"aliases expand to more than {_ALIASED_VALUES_MAX:,} values")

    def _error(self, node: Any, problem: str) -> FileError:
        return FileError(Location(self._source, node.start_mark.line + 1), problem)

    def _unknown_tag(self, node: Any) -> FileError:
        return self._error(node, f"the YAML tag {node.tag.replace(TAG, '!!')} means nothing here")

    def _scalar(self, node: Any) -> Any:
        kind = node.tag.removeprefix(TAG)
        read = _SCALARS.get(kind)
        if read is None:
            raise self._unknown_tag(node)
        if self._template and read is _number:
            return node.value
        try:
            return read(node.value)
        except ValueError:
            raise self._error(node, f"not YAML: no {kind}: {shortened(node.value)}") from None

    def _sequence(self, node: Any) -> LocatedList:
        located = LocatedList(self.read(element) for element in node.value)
        located.line, located.source = node.start_mark.line + 1, self._source
        return located

    def _mapping(self, node: Any) -> Any:
        if node.tag == TAG + "set":
            return {self._key(key) for key, _ in node.value}
        if node.tag != TAG + "map":
            raise self._unknown_tag(node)
        located = self._located_dict(node)
        for key_node, value_node in node.value:
            if key_node.tag == TAG + "merge":
                self._merge(located, value_node)
        located.key_lines = lines = {}
        for key_node, value_node in node.value:
            if key_node.tag != TAG + "merge":
                key = self._key(key_node)
                located[key] = self.read(value_node)
                lines[key] = value_node.start_mark.line + 1
        return located

    def _located_dict(self, node: Any) -> LocatedDict:
        located = LocatedDict()
        located.line, located.source = node.start_mark.line + 1, self._source
        return located

    def _merge(self, located: LocatedDict, node: Any) -> None:
        merged = self.read(node)
        for mapping in reversed(merged) if isinstance(merged, list) else [merged]:
            if not isinstance(mapping, dict):
                raise self._error(node, "only mappings can be merged with <<")
            located.update(mapping)

    def _key(self, node: Any) -> Any:
        if node.id != "scalar":
            raise self._error(node, "a key that is not a scalar")
        return node.value if self._template else self._scalar(node)

    def _short_form(self, node: Any) -> Any:
        """Return a CloudFormation function, such as `!GetAtt Table.Arn`, in its long form.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
        """
        if not self._template:
            raise self._unknown_tag(node)
        name = node.tag[1:]
        located = self._located_dict(node)
        if node.id == "scalar":
            content = node.value  # its form does not matter: the tag gives the type
        else:
            content = self._sequence(node) if node.id == "sequence" else self._untagged_map(node)
        located[_LONG_FORMS.get(name, f"Fn::{name}")] = content
        return located

    def _untagged_map(self, node: Any) -> Any:
        node.tag = TAG + "map"
        return self._mapping(node)
