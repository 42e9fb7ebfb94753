"""YAML documents: read with located mappings and sequences (see `located`), and written.

Scalars are read as YAML 1.2 reads them: only `true` and `false` are booleans (a country `NO` stays
a string), dates stay strings, numbers are exact.
"""

from __future__ import annotations

import re
import sys
from base64 import b64decode
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.located import LocatedDict, LocatedList

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse_yaml(text: str, source: str, *, template: bool = False) -> Any:
    """Return a YAML document with located mappings and sequences.

    Scalars are read as YAML 1.2 reads them: only `true` and `false` are booleans (a country `NO`
    stays text), dates stay text, numbers are exact. In a template numbers stay text too (an account
    number keeps its zeros), and `!Sub text` is read as `{"Fn::Sub": text}`.

    Raises:
        FileError: The text is no YAML, or PyYAML is not installed.
    """
    yaml = yaml_library(source)
    try:
        root = _compose(yaml, text, template=template)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        problem = messages.bad_yaml(error.problem or str(error))
        raise FileError(Location(source, line), problem) from None
    except yaml.YAMLError as error:
        raise FileError(source, messages.bad_yaml(" ".join(str(error).split()))) from None
    return None if root is None else _Builder(source, template=template).build(root)


def yaml_library(source: str) -> Any:
    """Return PyYAML.

    Raises:
        FileError: It is not installed.
    """
    try:
        import yaml  # noqa: PLC0415 (optional)
    except ImportError:
        raise FileError(source, messages.needs_extra("YAML", "PyYAML", "yaml")) from None
    return yaml


def _compose(yaml: Any, text: str, *, template: bool) -> Any:
    quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _loader(yaml, quick, template=template)(text).get_single_node()
    except yaml.YAMLError:
        # The reader in Python takes some texts that the one in C does not, and words errors better.
        return _loader(yaml, yaml.SafeLoader, template=template)(text).get_single_node()


def _loader(yaml: Any, base: Any, *, template: bool) -> Any:
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": {}})
    for tag, pattern, first in _scalars(template=template):
        loader.add_implicit_resolver(tag, pattern, first)
    # "<<" in a mapping is a merge, as PyYAML knows it.
    merge = yaml.SafeLoader.yaml_implicit_resolvers["<"]
    loader.yaml_implicit_resolvers["<"] = merge
    return loader


def yaml_text(document: Any) -> str:
    """Return a document as YAML that this module and readers of YAML 1.1 read alike."""
    yaml = yaml_library("dump()")
    dumper: Any = type("Dumper", (yaml.SafeDumper,), {})
    # What would be something else than text to either kind of reader is put into quotes.
    for tag, pattern, first in _scalars(template=False):
        dumper.add_implicit_resolver(tag, pattern, first)
    dumper.add_representer(str, _represent_text)
    text: str = yaml.dump(
        document, Dumper=dumper, allow_unicode=True, sort_keys=False, width=sys.maxsize
    )
    return text


def _represent_text(dumper: Any, text: str) -> Any:
    # Other styles fold some of the characters that count as ends of lines.
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar(_TAG + "str", text, style=style)


def _scalars(*, template: bool) -> Iterable[tuple[str, Any, list[str]]]:
    """The core schema: https://yaml.org/spec/1.2.2/#103-core-schema."""
    yield _TAG + "null", _NULL, ["~", "n", "N", ""]
    yield _TAG + "bool", _BOOLEAN, list("tTfF")
    if not template:
        yield _TAG + "int", _INTEGER, list("-+0123456789")
        yield _TAG + "float", _FLOAT, list("-+0123456789.")


_TAG = "tag:yaml.org,2002:"
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOLEAN = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INTEGER = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")

#: Short forms whose long form is not `Fn::` and the same name.
_LONG_FORMS = {"Ref": "Ref", "Condition": "Condition"}


class _Builder:
    """From PyYAML's nodes to located values."""

    def __init__(self, source: str, *, template: bool) -> None:
        self._source = source
        self._template = template
        self._open: set[int] = set()

    def build(self, node: Any) -> Any:
        if node.tag.startswith("!") and node.tag != "!":
            return self._short_form(node)
        if node.id == "scalar":
            return self._scalar(node)
        if id(node) in self._open:
            raise FileError(self._place(node), messages.YAML_CONTAINS_ITSELF)
        self._open.add(id(node))
        try:
            return self._sequence(node) if node.id == "sequence" else self._mapping(node)
        finally:
            self._open.discard(id(node))

    def _place(self, node: Any) -> Location:
        return Location(self._source, node.start_mark.line + 1)

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int":
                return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)
            if kind == "float":
                return Decimal(text)
            if kind == "binary":
                return b64decode("".join(text.split()), validate=True)
        except (ValueError, ArithmeticError):
            raise FileError(self._place(node), messages.bad_scalar(kind, text)) from None
        if kind in {"str", "timestamp", "!"}:
            return text
        raise FileError(self._place(node), messages.unknown_yaml_tag(node.tag))

    def _sequence(self, node: Any) -> LocatedList:
        located = LocatedList(self.build(element) for element in node.value)
        located.line, located.source = node.start_mark.line + 1, self._source
        return located

    def _mapping(self, node: Any) -> Any:
        if node.tag == _TAG + "set":
            return {self._key(key) for key, _ in node.value}
        if node.tag != _TAG + "map":
            raise FileError(self._place(node), messages.unknown_yaml_tag(node.tag))
        located = LocatedDict()
        located.line, located.source = node.start_mark.line + 1, self._source
        for key_node, value_node in node.value:
            if key_node.tag == _TAG + "merge":
                self._merge(located, value_node)
        located.key_lines = lines = {}
        for key_node, value_node in node.value:
            if key_node.tag != _TAG + "merge":
                key = self._key(key_node)
                located[key] = self.build(value_node)
                lines[key] = value_node.start_mark.line + 1
        return located

    def _merge(self, located: LocatedDict, node: Any) -> None:
        merged = self.build(node)
        for mapping in reversed(merged) if isinstance(merged, list) else [merged]:
            if not isinstance(mapping, dict):
                raise FileError(self._place(node), messages.YAML_MERGE)
            located.update(mapping)

    def _key(self, node: Any) -> Any:
        if node.id != "scalar":
            raise FileError(self._place(node), messages.YAML_KEY)
        return node.value if self._template else self._scalar(node)

    def _short_form(self, node: Any) -> Any:
        """`!GetAtt Table.Arn`: a CloudFormation function.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
        """
        if not self._template:
            raise FileError(self._place(node), messages.unknown_yaml_tag(node.tag))
        name = node.tag[1:]
        located = LocatedDict()
        located.line, located.source = node.start_mark.line + 1, self._source
        if node.id == "scalar":
            # The tag says what to do with the text, so the text was not resolved.
            located[_LONG_FORMS.get(name, f"Fn::{name}")] = node.value
        else:
            content = self._sequence(node) if node.id == "sequence" else self._untagged_map(node)
            located[_LONG_FORMS.get(name, f"Fn::{name}")] = content
        return located

    def _untagged_map(self, node: Any) -> Any:
        node.tag = _TAG + "map"
        return self._mapping(node)
