"""Expressions of HCL, evaluated on the trees that python-hcl2 makes.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.templates.hcl_functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value that a name stands for, and how many parts of the name it took."""

    value: Any
    length: int


Resolve = Callable[[list[str], Location], Lookup]


def _divide(left: Any, right: Any) -> int | Decimal:
    quotient = Decimal(left) / Decimal(right)
    return int(quotient) if quotient == quotient.to_integral_value() else quotient


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": operator.mod,
}
#: What evaluating can fail with; the values decide.
_FAILURES = (ArithmeticError, AttributeError, LookupError, StopIteration, TypeError, ValueError)
_LITERALS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HEREDOC = re.compile(r"<<(-?)([\w.-]+)\r?\n(.*?)[ \t]*\2\r?\n?\Z", re.DOTALL)
_INTERPOLATION = re.compile(r"\$\$\{|\$\{")


def parse(text: str, source: str) -> Any:
    """Return the tree of an HCL text.

    Raises:
        FileError: The text is no HCL, or python-hcl2 is not installed.
    """
    try:
        import hcl2  # noqa: PLC0415 (optional)
        from lark.exceptions import LarkError  # noqa: PLC0415 (optional)
    except ImportError:
        problem = messages.needs_extra("Terraform's .tf files", "python-hcl2", "terraform")
        raise FileError(source, problem) from None
    try:
        return hcl2.parses_to_tree(text if text.endswith("\n") else text + "\n")
    except LarkError as error:
        line = getattr(error, "line", None)
        problem = messages.bad_hcl(str(error).splitlines()[0])
        raise FileError(Location(source, line if line and line > 0 else None), problem) from None


def child_trees(tree: Any) -> list[Any]:
    """Return the children of a tree that are trees, line ends and comments left aside."""
    return [
        child
        for child in tree.children
        if hasattr(child, "data") and child.data != "new_line_or_comment"
    ]


def name_of(tree: Any) -> str:
    """Return the name or label that a tree is."""
    if tree.data == "string":
        parts = [str(part.children[0]) for part in child_trees(tree)]
        return "".join(parts)
    while hasattr(tree, "data"):
        tree = tree.children[0]
    return str(tree)


class Evaluator:
    """Evaluates expressions; `names` are those of loops, `resolve` knows all others."""

    def __init__(self, resolve: Resolve, source: str, names: Mapping[str, Any]) -> None:
        self._resolve = resolve
        self._source = source
        self._names = names

    def value(self, tree: Any) -> Any:
        """Return the value of an expression.

        Raises:
            FileError: It cannot be told; the text says why.
        """
        evaluate = getattr(self, f"_{tree.data}", None)
        if evaluate is None:
            raise FileError(self._place(tree), messages.unknown_expression(str(tree.data)))
        try:
            return evaluate(tree)
        except _FAILURES as error:
            problem = messages.failed_expression(f"{type(error).__name__}: {error}")
            raise FileError(self._place(tree), problem) from None

    def _place(self, tree: Any) -> Location:
        return Location(self._source, getattr(tree.meta, "line", None))

    # --- literals --------------------------------------------------------------------------------

    def _int_lit(self, tree: Any) -> int:
        return int(tree.children[0])

    def _float_lit(self, tree: Any) -> Decimal:
        return Decimal(str(tree.children[0]))

    def _literal_value(self, tree: Any) -> Any:
        return _LITERALS[str(tree.children[0])]

    def _string(self, tree: Any) -> Any:
        parts = [self._string_part(part) for part in child_trees(tree)]
        is_one_expression = len(parts) == 1 and hasattr(child_trees(tree)[0].children[0], "data")
        return parts[0] if is_one_expression else "".join(map(to_text, parts))

    def _string_part(self, tree: Any) -> Any:
        content = tree.children[0]
        if hasattr(content, "data"):
            return self.value(content)
        if content.type in {"ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE"}:
            return str(content)[1:]
        return _unescape(str(content))

    def _interpolation(self, tree: Any) -> Any:
        (expression,) = child_trees(tree)
        return self.value(expression)

    def _heredoc_template(self, tree: Any) -> str:
        match = _HEREDOC.match(str(tree.children[0]))
        if match is None:
            raise ValueError(tree.children[0])
        text = match.group(3)
        if match.group(1):
            lines = text.splitlines(keepends=True)
            indents = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
            text = "".join(line[min(indents, default=0) :] for line in lines)
        return self._template(text, tree)

    _heredoc_template_trim = _heredoc_template

    def _template(self, text: str, tree: Any) -> str:
        """Evaluate what stands in `${…}` in a heredoc, which the grammar leaves as it is."""
        done = ""
        while (match := _INTERPOLATION.search(text)) is not None:
            done += text[: match.start()]
            end = _closing_brace(text, match.end())
            if match.group() == "$${":
                done += text[match.start() + 1 : end]
            else:
                body = parse(f"x = {text[match.end() : end - 1]}\n", self._source)
                expression = child_trees(child_trees(child_trees(body)[0])[0])[-1]
                try:
                    done += to_text(self.value(expression))
                except FileError as error:
                    raise FileError(self._place(tree), error.problem) from None
            text = text[end:]
        return done + text

    def _tuple(self, tree: Any) -> list[Any]:
        return [self.value(element) for element in child_trees(tree)]

    def _object(self, tree: Any) -> dict[str, Any]:
        elements = [child_trees(element) for element in child_trees(tree)]
        return {self._key(key): self.value(content) for key, content in elements}

    def _key(self, tree: Any) -> str:
        (key,) = tree.children
        inner = child_trees(key)
        if key.data == "keyword" or (len(inner) == 1 and inner[0].data == "identifier"):
            has_parentheses = str(key.children[0]) == "("
            if not has_parentheses:
                return name_of(key)
        return to_text(self.value(key))

    # --- operations ------------------------------------------------------------------------------

    def _expr_term(self, tree: Any) -> Any:
        (inner,) = child_trees(tree)
        return self.value(inner)

    def _conditional(self, tree: Any) -> Any:
        condition, then, otherwise = child_trees(tree)
        return self.value(then if self.value(condition) else otherwise)

    def _binary_op(self, tree: Any) -> Any:
        left, term = child_trees(tree)
        sign_tree, right = child_trees(term)
        sign = str(sign_tree.children[0])
        if sign in {"&&", "||"}:
            first = bool(self.value(left))
            return first if first is (sign == "||") else bool(self.value(right))
        return _OPERATORS[sign](self.value(left), self.value(right))

    def _unary_op(self, tree: Any) -> Any:
        value = self.value(child_trees(tree)[0])
        return not value if str(tree.children[0]) == "!" else -value

    def _function_call(self, tree: Any) -> Any:
        name_tree, *arguments = child_trees(tree)
        name = name_of(name_tree)
        function = FUNCTIONS.get(name)
        if function is None:
            raise FileError(self._place(tree), messages.unknown_terraform_function(name))
        values = [self.value(argument) for group in arguments for argument in child_trees(group)]
        if arguments and str(arguments[0].children[-1]) == "...":
            values[-1:] = values[-1]
        return function(*values)

    # --- names -----------------------------------------------------------------------------------

    def _identifier(self, tree: Any) -> Any:
        return self._reference([name_of(tree)], tree)

    def _get_attr_expr_term(self, tree: Any) -> Any:
        path, base = self._path(tree), child_trees(tree)
        if path is not None:
            return self._reference(path, tree)
        return self.value(base[0])[name_of(base[1].children[-1])]

    def _path(self, tree: Any) -> list[str] | None:
        """Return the parts of a name such as `var.tables.orders`, None for other expressions."""
        if tree.data == "expr_term":
            inner = child_trees(tree)
            return self._path(inner[0]) if len(inner) == len(tree.children) == 1 else None
        if tree.data == "identifier":
            return [name_of(tree)]
        if tree.data == "get_attr_expr_term":
            base, attribute = child_trees(tree)
            path = self._path(base)
            return None if path is None else [*path, name_of(attribute.children[-1])]
        return None

    def _reference(self, path: list[str], tree: Any) -> Any:
        if path[0] in self._names:
            value, length = self._names[path[0]], 1
        else:
            found = self._resolve(path, self._place(tree))
            value, length = found.value, found.length
        for at in range(length, len(path)):
            if not isinstance(value, Mapping) or path[at] not in value:
                raise FileError(self._place(tree), messages.unresolved(".".join(path)))
            value = value[path[at]]
        return value

    def _index_expr_term(self, tree: Any) -> Any:
        base, index = child_trees(tree)
        if index.data == "short_index":
            key: Any = int(index.children[-1])
        else:
            key = self.value(child_trees(index)[0])
        return self.value(base)[key]

    # --- for -------------------------------------------------------------------------------------

    def _for_tuple_expr(self, tree: Any) -> list[Any]:
        intro, element, *condition = child_trees(tree)
        return [inner.value(element) for inner in self._rounds(intro) if inner.holds(condition)]

    def _for_object_expr(self, tree: Any) -> dict[str, Any]:
        intro, key, element, *condition = child_trees(tree)
        return {
            to_text(inner.value(key)): inner.value(element)
            for inner in self._rounds(intro)
            if inner.holds(condition)
        }

    def holds(self, condition: list[Any]) -> bool:
        """Return whether the condition of a `for` holds, when it has one."""
        return all(self.value(child_trees(part)[0]) for part in condition)

    def _rounds(self, intro: Any) -> list[Evaluator]:
        *names, collection_tree = child_trees(intro)
        variables = [name_of(name) for name in names]
        collection = self.value(collection_tree)
        if isinstance(collection, Mapping):
            pairs = list(collection.items())
        elif isinstance(collection, set):
            pairs = [(member, member) for member in sorted(collection)]
        else:
            pairs = list(enumerate(collection))
        return [
            Evaluator(
                self._resolve,
                self._source,
                {**self._names, **dict(zip(variables, pair[-len(variables) :], strict=True))},
            )
            for pair in pairs
        ]


def _closing_brace(text: str, position: int) -> int:
    depth = 1
    while depth:
        character = text[position]
        depth += (character == "{") - (character == "}")
        position += 1
    return position


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        return _ESCAPES[code] if code in _ESCAPES else chr(int(code[1:], 16))

    return _ESCAPE.sub(replace, text)


def to_text(value: Any) -> str:
    """Return a value as Terraform puts it into a text.

    >>> to_text(True), to_text(5)
    ('true', '5')
    """
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise TypeError(messages.not_a_terraform_text(value))
