"""Expressions of HCL, evaluated on the trees that python-hcl2 makes.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.files import read_text
from ddbmock._internal.formats.python_values import ExactNumber
from ddbmock._internal.formats.yaml_documents import parse_yaml
from ddbmock._internal.templates.parameters import UnresolvedError
from ddbmock._internal.templates.terraform.functions import FUNCTIONS
from ddbmock._internal.templates.terraform.strings import (
    Token,
    evaluate_tokens,
    string_tokens,
    text_tokens,
)
from ddbmock._internal.templates.terraform.syntax import (
    child_trees,
    location_of_tree,
    name_of,
    tokens,
)
from ddbmock._internal.templates.terraform.values import (
    ConversionError,
    ExpressionError,
    LazyValues,
    are_equal,
    pairs_of,
    plain_number,
    to_bool,
    to_list,
    to_map,
    to_number,
    to_text,
)

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lookup:
    """The value of the first parts of a name, and how many parts these are."""

    value: Any
    length: int


class Scope(Protocol):
    """The values of the names that expressions refer to, and the location of files."""

    def look_up(self, path: list[str], location: Location) -> Lookup:
        """Return the value of a name such as `var.tables.orders`."""

    def find_file(self, path: str) -> Path:
        """Return the path of a file that an expression names."""


class _NoScope:
    """The scope of a template file, which has only the names passed to it."""

    def __init__(self, outer: Scope) -> None:
        self._outer = outer

    def look_up(self, path: list[str], location: Location) -> Lookup:
        raise ExpressionError(location, f"no such name: {'.'.join(path)}")

    def find_file(self, path: str) -> Path:
        return self._outer.find_file(path)


def _divide(left: Any, right: Any) -> int | Decimal:
    if right == 0:
        raise ConversionError("division by zero")
    return plain_number(Decimal(left) / Decimal(right))


_Operator = Callable[[Any, Any], Any]


def _of_numbers(operation: _Operator) -> _Operator:
    return lambda left, right: operation(to_number(left), to_number(right))


_OPERATORS: dict[str, _Operator] = {
    "==": are_equal,
    "!=": lambda left, right: not are_equal(left, right),
    "<": _of_numbers(operator.lt),
    ">": _of_numbers(operator.gt),
    "<=": _of_numbers(operator.le),
    ">=": _of_numbers(operator.ge),
    "+": _of_numbers(operator.add),
    "-": _of_numbers(operator.sub),
    "*": _of_numbers(operator.mul),
    "/": _of_numbers(_divide),
    "%": _of_numbers(operator.mod),
}


def _from_yaml(value: Any) -> Any:
    """Convert a value of YAML to Terraform's types."""
    if isinstance(value, ExactNumber):
        return to_number(value.text)
    if isinstance(value, dict):
        return {to_text(name): _from_yaml(content) for name, content in value.items()}
    if isinstance(value, list):
        return [_from_yaml(element) for element in value]
    return value


#: The errors of an operation or function for wrong values.
_FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    re.error,
)
_LITERALS = {"true": True, "false": False, "null": None}
_HEREDOC = re.compile(r"<<(-?)([\w.-]+)\r?\n(.*?)[ \t]*\2\r?\n?\Z", re.DOTALL)


class Evaluator:
    """Evaluates expressions; `names` are those of loops, the scope knows all others."""

    def __init__(self, scope: Scope, source: str, names: Mapping[str, Any]) -> None:
        self._scope = scope
        self._source = source
        self._names = names
        self._forms: dict[str, Callable[[Any], Any]] = {
            "attr_splat_expr_term": self._splat,
            "binary_op": self._binary_operation,
            "conditional": self._conditional,
            "expr_term": lambda tree: self.value(child_trees(tree)[0]),
            "float_lit": lambda tree: Decimal(str(tree.children[0])),
            "for_object_expr": self._for_object,
            "for_tuple_expr": self._for_list,
            "full_splat_expr_term": self._splat,
            "function_call": self._function_call,
            "get_attr_expr_term": self._attribute,
            "heredoc_template": self._heredoc,
            "heredoc_template_trim": self._heredoc,
            "identifier": lambda tree: self._reference([name_of(tree)], tree),
            "index_expr_term": self._index,
            "int_lit": lambda tree: int(str(tree.children[0])),
            "keyword": lambda tree: self._reference([name_of(tree)], tree),
            "literal_value": lambda tree: _LITERALS[str(tree.children[0])],
            "object": self._object,
            "string": self._string,
            "template_string": lambda tree: str(tree.children[0])[2:-2],
            "tuple": lambda tree: [self.value(element) for element in child_trees(tree)],
            "unary_op": self._unary_operation,
        }

    def with_names(self, names: dict[str, Any]) -> Evaluator:
        """Return an evaluator with more names, those of a loop."""
        return Evaluator(self._scope, self._source, {**self._names, **names})

    def value(self, tree: Any) -> Any:
        """Return the value of an expression.

        Raises:
            FileError: It has no value.
        """
        form = self._forms.get(str(tree.data))
        if form is None:
            kind = str(tree.data).replace("_", " ")
            advice = "use the output of `terraform show -json`"
            raise FileError(
                self._location(tree), f"ddbmock does not evaluate this ({kind}); {advice}"
            )
        return form(tree)

    def _location(self, tree: Any) -> Location:
        return location_of_tree(tree, self._source)

    @contextmanager
    def _failing_at(self, tree: Any) -> Iterator[None]:
        """Say where an operation or function failed on its values."""
        try:
            yield
        except _FAILURES as error:
            problem = str(error) or type(error).__name__
            location = self._location(tree)
            raise ExpressionError(location, f"this expression has no value: {problem}") from None

    # --- texts -----------------------------------------------------------------------------------

    def _string(self, tree: Any) -> Any:
        with self._failing_at(tree):
            parts = string_tokens(tree)
        return self._text(parts, tree)

    def _text(self, parts: list[Token], tree: Any) -> Any:
        if not parts:
            return ""
        with self._failing_at(tree):
            return evaluate_tokens(parts, self)

    def _heredoc(self, tree: Any) -> Any:
        match = _HEREDOC.match(str(tree.children[0]))
        if match is None:
            raise FileError(self._location(tree), "not HCL: a heredoc without an end")
        text = match.group(3)
        if match.group(1):
            lines = text.splitlines(keepends=True)
            indents = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
            text = "".join(line[min(indents, default=0) :] for line in lines)
        return self.template(text, tree)

    def template(self, text: str, tree: Any) -> Any:
        """Return the text of a template that is not in quotes; errors are those of the tree.

        Raises:
            FileError: A part of it has no value, or is no HCL.
        """
        with self._failing_at(tree):
            try:
                parts = list(text_tokens(text, self._source))
            except FileError as error:
                raise FileError(self._location(tree), error.problem, hint=error.hint) from None
        try:
            return self._text(parts, tree)
        except ExpressionError as error:
            # The parts of a text are read by themselves, so they do not know their lines.
            raise ExpressionError(self._location(tree), error.problem) from None
        except UnresolvedError as error:
            raise error.at(self._location(tree)) from None

    # --- objects ---------------------------------------------------------------------------------

    def _object(self, tree: Any) -> dict[str, Any]:
        elements = [child_trees(element) for element in child_trees(tree)]
        return {self._key(key): self.value(content) for key, content in elements}

    def _key(self, tree: Any) -> str:
        (key,) = tree.children
        inner = child_trees(key)
        is_bare = key.data == "keyword" or (
            key.data == "expr_term"
            and len(key.children) == 1
            and inner[0].data in {"identifier", "literal_value"}
        )
        if is_bare:
            return name_of(key)
        with self._failing_at(key):
            return to_text(self.value(key))

    # --- operations ------------------------------------------------------------------------------

    def _conditional(self, tree: Any) -> Any:
        condition, then, otherwise = child_trees(tree)
        with self._failing_at(condition):
            holds = to_bool(self.value(condition))
        return self.value(then if holds else otherwise)

    def _binary_operation(self, tree: Any) -> Any:
        left, term = child_trees(tree)
        sign_tree, right = child_trees(term)
        sign = str(sign_tree.children[0])
        with self._failing_at(tree):
            if sign in {"&&", "||"}:
                first = to_bool(self.value(left))
                return first if first is (sign == "||") else to_bool(self.value(right))
            return _OPERATORS[sign](self.value(left), self.value(right))

    def _unary_operation(self, tree: Any) -> Any:
        with self._failing_at(tree):
            value = self.value(child_trees(tree)[0])
            return not to_bool(value) if tokens(tree)[0] == "!" else -to_number(value)

    # --- functions -------------------------------------------------------------------------------

    def _function_call(self, tree: Any) -> Any:
        names = [name_of(each) for each in child_trees(tree) if each.data == "identifier"]
        groups = [each for each in child_trees(tree) if each.data == "arguments"]
        name, arguments = "::".join(names), [a for group in groups for a in child_trees(group)]
        if name == "try":
            return self._try(arguments, tree)
        if name == "can":
            return self._can(arguments)
        values = [self.value(argument) for argument in arguments]
        function = self._function(name, tree)
        with self._failing_at(tree):
            if groups and tokens(groups[0])[-1:] == ["..."]:
                values[-1:] = to_list(values[-1])
            try:
                return function(*values)
            except TypeError:
                raise ConversionError(f"{name} with arguments that do not fit") from None

    def _function(self, name: str, tree: Any) -> Callable[..., Any]:
        of_files: dict[str, Callable[..., Any]] = {
            "file": self._file,
            "fileexists": lambda path: self._scope.find_file(to_text(path)).is_file(),
            "templatefile": lambda path, names: self._template_file(path, names, tree),
            "yamldecode": lambda text: _from_yaml(parse_yaml(to_text(text), self._source)),
        }
        function = of_files.get(name) or FUNCTIONS.get(name)
        if function is None:
            advice = "use the output of `terraform show -json`"
            raise FileError(
                self._location(tree), f"ddbmock does not know the function {name}; {advice}"
            )
        return function

    def _try(self, arguments: list[Any], tree: Any) -> Any:
        for argument in arguments:
            with suppress(ExpressionError):
                return self.value(argument)
        raise ExpressionError(self._location(tree), "none of the expressions in try has a value")

    def _can(self, arguments: list[Any]) -> bool:
        try:
            for argument in arguments:
                self.value(argument)
        except ExpressionError:
            return False
        return True

    def _file(self, path: Any) -> str:
        found = self._scope.find_file(to_text(path))
        if not found.is_file():
            raise ValueError(f"no such file: {found}")
        return read_text(found)

    def _template_file(self, path: Any, names: Any, tree: Any) -> Any:
        text = self._file(path)
        scope = _NoScope(self._scope)
        return Evaluator(scope, to_text(path), to_map(names)).template(text, tree)

    # --- names -----------------------------------------------------------------------------------

    def _attribute(self, tree: Any) -> Any:
        path, base = self._path(tree), child_trees(tree)
        if path is not None:
            return self._reference(path, tree)
        return self._member(self.value(base[0]), name_of(base[1].children[-1]), tree)

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
            found = self._scope.look_up(path, self._location(tree))
            value, length = found.value, found.length
        for at in range(length, len(path)):
            value = self._member(value, path[at], tree, ".".join(path[:at]))
        return value

    def _member(self, value: Any, name: str, tree: Any, shown: str = "this") -> Any:
        if isinstance(value, Mapping) and name in value:
            return value[name]
        if isinstance(value, LazyValues) and value.resource is not None:
            raise UnresolvedError(self._location(tree), f"{value.resource}.{name}")
        raise ExpressionError(self._location(tree), f"{shown} has no attribute {name}")

    def _index(self, tree: Any) -> Any:
        base, index = child_trees(tree)
        return self._element(self.value(base), index, tree)

    def _element(self, value: Any, index: Any, tree: Any) -> Any:
        if index.data == "short_index":
            key: Any = int(str(index.children[-1]))
        else:
            key = self.value(child_trees(index)[0])
        with self._failing_at(tree):
            if isinstance(value, Mapping):
                if to_text(key) not in value:
                    raise LookupError(f"no key {to_text(key)!r}")
                return value[to_text(key)]
            position, elements = int(to_number(key)), to_list(value)
            if not 0 <= position < len(elements):
                raise IndexError(f"no element {position} in a list of {len(elements)}")
            return elements[position]

    def _splat(self, tree: Any) -> list[Any]:
        """`base[*].name`: the attribute of each element; a single value is a list of one."""
        base, splat = child_trees(tree)
        value = self.value(base)
        if value is None:
            return []
        elements = to_list(value) if isinstance(value, list | set) else [value]
        return [self._after_splat(element, child_trees(splat), tree) for element in elements]

    def _after_splat(self, value: Any, steps: list[Any], tree: Any) -> Any:
        for step in steps:
            if step.data == "get_attr":
                value = self._member(value, name_of(step.children[-1]), tree)
            else:
                value = self._element(value, step, tree)
        return value

    # --- for -------------------------------------------------------------------------------------

    def _for_list(self, tree: Any) -> list[Any]:
        intro, element, *conditions = child_trees(tree)
        return [
            inner.value(element) for inner in self._rounds(intro) if inner.holds_all(conditions)
        ]

    def _for_object(self, tree: Any) -> dict[str, Any]:
        intro, key_tree, element, *conditions = child_trees(tree)
        is_grouped = "..." in tokens(tree)
        result: dict[str, Any] = {}
        for inner in self._rounds(intro):
            if not inner.holds_all(conditions):
                continue
            with self._failing_at(tree):
                key = to_text(inner.value(key_tree))
            if is_grouped:
                result.setdefault(key, []).append(inner.value(element))
            else:
                result[key] = inner.value(element)
        return result

    def holds_all(self, conditions: list[Any]) -> bool:
        """Return whether the condition of a `for` holds, when it has one."""
        return all(self._holds(child_trees(condition)[0]) for condition in conditions)

    def _holds(self, tree: Any) -> bool:
        with self._failing_at(tree):
            return to_bool(self.value(tree))

    def _rounds(self, intro: Any) -> list[Evaluator]:
        *names, collection_tree = child_trees(intro)
        variables = [name_of(name) for name in names]
        with self._failing_at(intro):
            pairs = pairs_of(self.value(collection_tree))
        return [
            self.with_names(dict(zip(variables, pair[-len(variables) :], strict=True)))
            for pair in pairs
        ]
