"""YAML documents: read as records, read with located mappings and sequences, and written.

Scalars are read as YAML 1.2 reads them: only `true` and `false` are booleans (a country `NO` stays
a string), dates stay strings, numbers are exact.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.documents import document_entries
from ddbmock._internal.formats.dynamodb_json import jsonable_item
from ddbmock._internal.formats.file_errors import FileError, Location, missing_library
from ddbmock._internal.formats.located import line_at
from ddbmock._internal.formats.records import Origin
from ddbmock._internal.formats.yaml_nodes import TAG, NodeReader, core_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.formats.files import InputFile
    from ddbmock._internal.formats.records import Entries, TableItems


# --- reading -------------------------------------------------------------------------------------


def read_yaml(file: InputFile) -> Entries:
    """Return the entries of a YAML file.

    Raises:
        FileError: It is not YAML, has no items in it, or PyYAML is not installed.
    """
    document = parse_yaml(file.text(), file.name)
    if document is None:
        raise FileError(file.name, "the file is empty")
    yield from document_entries(document, Origin(file.name, partial(line_at, document)))


def parse_yaml(text: str, source: str, *, template: bool = False) -> Any:
    """Return a YAML document with located mappings and sequences.

    In a template, numbers stay strings (an account number keeps its zeros), and `!Sub text` is
    read as `{"Fn::Sub": text}`.

    Raises:
        FileError: The text is not YAML, or PyYAML is not installed.
    """
    yaml = yaml_library(source)
    try:
        root = _compose(yaml, text, template=template)
        return None if root is None else NodeReader(source, template=template).read(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        problem = f"not YAML: {error.problem or error}"
        raise FileError(Location(source, line), problem) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise FileError(source, f"not YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise FileError(source, "not YAML: nested too deeply") from None


def yaml_library(source: str) -> Any:
    """Return PyYAML.

    Raises:
        FileError: It is not installed.
    """
    try:
        import yaml  # noqa: PLC0415 (optional)
    except ImportError:
        raise missing_library(source, "YAML", "PyYAML", "yaml") from None
    return yaml


def _compose(yaml: Any, text: str, *, template: bool) -> Any:
    quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _loader(yaml, quick, template=template)(text).get_single_node()
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):
            raise RecursionError from None
        # The parser in Python accepts some texts that the one in C does not, and has clearer
        # errors.
        return _loader(yaml, yaml.SafeLoader, template=template)(text).get_single_node()


def _loader(yaml: Any, base: Any, *, template: bool) -> Any:
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": {}})
    for tag, pattern, first in core_schema(template=template):
        loader.add_implicit_resolver(tag, pattern, first)
    # "<<" in a mapping is a merge, as PyYAML knows it.
    merge = yaml.SafeLoader.yaml_implicit_resolvers["<"]
    loader.yaml_implicit_resolvers["<"] = merge
    return loader


# --- writing -------------------------------------------------------------------------------------


def write_yaml(table: TableItems) -> Iterator[str]:
    """Yield the items of a table as a YAML sequence."""
    yield _yaml_text([jsonable_item(item) for item in table.items])


def write_yaml_by_table(tables: Sequence[TableItems]) -> Iterator[str]:
    """Yield the items of several tables as one YAML mapping: table name -> items."""
    yield _yaml_text(
        {table.name: [jsonable_item(item) for item in table.items] for table in tables}
    )


def _yaml_text(document: Any) -> str:
    """Return a document as YAML with the same meaning in YAML 1.1 and 1.2."""
    yaml = yaml_library("dump()")
    dumper: Any = type("Dumper", (yaml.SafeDumper,), {})
    # A string is quoted if YAML 1.1 or 1.2 would read it as another type.
    for tag, pattern, first in core_schema(template=False):
        dumper.add_implicit_resolver(tag, pattern, first)
    dumper.add_representer(str, _represent_text)
    text: str = yaml.dump(
        document, Dumper=dumper, allow_unicode=True, sort_keys=False, width=sys.maxsize
    )
    return text


def _represent_text(dumper: Any, text: str) -> Any:
    # Other styles fold some of the characters that are line ends.
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar(TAG + "str", text, style=style)
