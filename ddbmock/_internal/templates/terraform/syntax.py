"""HCL's syntax: the trees that python-hcl2 makes of a text, and the blocks in them.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ddbmock._internal.distribution import install_command
from ddbmock._internal.formats.file_errors import FileError, Location


@dataclass(slots=True)
class Block:
    """One block: its type, its labels, the trees of its arguments, the blocks in it."""

    kind: str
    labels: list[str]
    location: Location
    arguments: dict[str, Any] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


def parse(text: str, source: str) -> Any:
    """Return the tree of an HCL text.

    Raises:
        FileError: The text is no HCL, or python-hcl2 is not installed.
    """
    try:
        import hcl2  # noqa: PLC0415 (optional)
        from lark.exceptions import LarkError  # noqa: PLC0415 (optional)
    except ImportError:
        command = install_command("terraform")
        problem = f"to read Terraform's .tf files, install python-hcl2: {command}"
        raise FileError(source, problem) from None
    try:
        return hcl2.parses_to_tree(text if text.endswith("\n") else text + "\n")
    except LarkError as error:
        line = getattr(error, "line", None)
        location = Location(source, line if line and line > 0 else None)
        raise FileError(location, f"not HCL: {str(error).splitlines()[0]}") from None


def parse_expression(text: str, source: str) -> Any:
    """Return the tree of an expression.

    Raises:
        FileError: The text is no expression.
    """
    # Inside of parentheses an expression may have line breaks.
    (body,) = child_trees(parse(f"x = ({text.strip()}\n)\n", source))
    attributes = child_trees(body)
    if len(attributes) != 1:
        raise FileError(source, "not HCL: more than one expression")
    return child_trees(attributes[0])[-1]


def parse_file(text: str, source: str) -> tuple[dict[str, Any], list[Block]]:
    """Return the arguments and the blocks of a file.

    Raises:
        FileError: The text is no HCL.
    """
    (body,) = child_trees(parse(text, source))
    return _read_body(body, source)


def _read_body(body: Any, source: str) -> tuple[dict[str, Any], list[Block]]:
    arguments: dict[str, Any] = {}
    blocks: list[Block] = []
    for child in child_trees(body):
        if child.data == "attribute":
            arguments[name_of(child.children[0])] = child_trees(child)[-1]
        elif child.data == "block":
            *heads, inner = child_trees(child)
            names = [name_of(head) for head in heads]
            block = Block(names[0], names[1:], Location(source, child.meta.line))
            block.arguments, block.blocks = _read_body(inner, source)
            blocks.append(block)
    return arguments, blocks


def child_trees(tree: Any) -> list[Any]:
    """Return the children of a tree that are trees, without line ends and comments."""
    return [
        child
        for child in tree.children
        if hasattr(child, "data") and child.data != "new_line_or_comment"
    ]


def tokens(tree: Any) -> list[str]:
    """Return the children of a tree that are no trees."""
    return [str(child) for child in tree.children if not hasattr(child, "data")]


def name_of(tree: Any) -> str:
    """Return the name or label that a tree is."""
    if tree.data == "string":
        parts = [str(part.children[0]) for part in child_trees(tree)]
        return "".join(parts)
    while hasattr(tree, "data"):
        if not tree.children:
            return ""
        tree = tree.children[0]
    return str(tree)


def location_of_tree(tree: Any, source: str) -> Location:
    """Return where an expression is."""
    return Location(source, getattr(tree.meta, "line", None))
