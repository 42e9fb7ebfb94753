"""Templates as documents: JSON or YAML, with the lines of their parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import read_text, suffix_of
from ddbmock._internal.formats.json_documents import parse_json
from ddbmock._internal.formats.yaml_documents import parse_yaml

_PROGRAMS = {".js", ".cjs", ".mjs", ".ts", ".py"}


def read_template(path: Path) -> str:
    """Return the text of a file that may be a template.

    Raises:
        FileError: There is no such file, or it is a program.
    """
    if not path.exists():
        folder = Path.cwd() if not path.is_absolute() else path.parent
        raise FileError(str(path), f"no such file or folder in {folder}")
    if suffix_of(path) in _PROGRAMS:
        raise FileError(str(path), "this is a program, which ddbmock does not run")
    return read_text(path)


def parse_document(text: str, source: str) -> Any:
    """Return a document of JSON or YAML.

    Raises:
        FileError: It is neither.
    """
    if text.lstrip().startswith(("{", "[")):
        return parse_json(text, source)
    return parse_yaml(text, source, template=True)


def read_document(path: Path) -> Any:
    """Return the document in a file.

    Raises:
        FileError: The file cannot be read, or is neither JSON nor YAML.
    """
    return parse_document(read_template(path), str(path))
