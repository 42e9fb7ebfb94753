"""The uses of moto for DynamoDB in a Python file, by its syntax tree, and the required changes.

The file is neither imported nor run. Requests that moto accepts and the service refuses are found
when the tests run; only calls of CreateTable with constant arguments are checked here.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.validate import ParamValidator

from ddbmock._internal.errors import ServiceError, UnsupportedError
from ddbmock._internal.service import Service
from ddbmock._internal.service_model import input_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITH_MOTO = "--ddbmock-with-moto"
_SERVICES = frozenset({"dynamodb", "dynamodbstreams"})
_CREATORS = frozenset({"client", "resource", "create_client"})


@dataclass(frozen=True, slots=True)
class Use:
    """One use of moto."""

    line: int
    #: The name or text in the file.
    name: str
    #: Whether the suite must change it, even with `--ddbmock-with-moto`.
    must_change: bool
    #: What to do, or why it works.
    advice: str


@dataclass(frozen=True, slots=True)
class _Rule:
    must_change: bool
    advice: str


_MOCK_ALONE = _Rule(
    must_change=False,
    advice=f"works with {_WITH_MOTO}; or write `from ddbmock import mock_dynamodb as mock_aws`,"
    " which is faster",
)
_MOCK_OF_SEVERAL = _Rule(
    must_change=False,
    advice=f"works with {_WITH_MOTO}; or write `from ddbmock.beside import mock_aws`",
)
_OLD_MOCK = _Rule(
    must_change=True,
    advice="moto 5 has no mocks of single services: write `from ddbmock import mock_dynamodb`",
)
_TABLES = "moto's tables are empty while ddbmock answers: read `ddb.tables` instead"
#: Names below moto, the longest first; a rule is for everything below its name.
_RULES: tuple[tuple[str, _Rule], ...] = (
    ("moto.mock_dynamodb2", _OLD_MOCK),
    ("moto.mock_dynamodb", _OLD_MOCK),
    ("moto.mock_dynamodbstreams", _OLD_MOCK),
    ("moto.dynamodb2", _Rule(must_change=True, advice=_TABLES)),
    ("moto.dynamodb", _Rule(must_change=True, advice=_TABLES)),
    ("moto.dynamodbstreams", _Rule(must_change=True, advice=_TABLES)),
    ("moto.dynamodb_v20111205", _Rule(must_change=True, advice=_TABLES)),
    (
        "moto.server",
        _Rule(
            must_change=True,
            advice="moto's server answers DynamoDB itself: use `ddbmock.serve()` for DynamoDB",
        ),
    ),
    (
        "moto.moto_api.state_manager",
        _Rule(
            must_change=True,
            advice="statuses of tables follow `mock_dynamodb(delays=...)` and `ddb.settle()`",
        ),
    ),
    (
        "moto.core.patch_client",
        _Rule(must_change=False, advice="works, and is not needed for DynamoDB"),
    ),
    (
        "moto.core.patch_resource",
        _Rule(must_change=False, advice="works, and is not needed for DynamoDB"),
    ),
    (
        "moto.core.DEFAULT_ACCOUNT_ID",
        _Rule(must_change=False, advice="works: ddbmock has the same account"),
    ),
)
#: A valid table without a name.
_PLAIN_TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
_BACKEND = _Rule(must_change=True, advice=_TABLES)
_API = _Rule(
    must_change=True,
    advice="moto's own API does not reach ddbmock: use `ddb.reset()`, `ddb.clock`, `delays=`",
)
_PASSED_THROUGH = _Rule(
    must_change=True,
    advice="moto lets DynamoDB through: ddbmock then answers only inside of `mock_dynamodb()`",
)


def uses_of_moto(source: str | bytes) -> list[Use]:
    """Return the uses of moto in a file, in the order of its lines.

    Raises:
        SyntaxError: The text is not valid in this version of Python.
    """
    tree = ast.parse(source)
    visitor = _Visitor(uses_other_services=bool(_services(tree) - _SERVICES))
    visitor.visit(tree)
    if not visitor.imports_moto:
        return []
    uses = [*visitor.uses, *_refused_tables(tree)]
    return sorted(uses, key=lambda use: (use.line, use.name))


def _services(tree: ast.AST) -> set[str]:
    """Return the services that clients and resources are created for by a constant name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in _CREATORS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(node: ast.AST) -> str:
    """Return the dotted name of a chain of attributes, or None."""
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


class _Visitor(ast.NodeVisitor):
    """Collects the uses of names of moto."""

    def __init__(self, *, uses_other_services: bool) -> None:
        self.uses: list[Use] = []
        self.imports_moto = False
        self._mock_rule = _MOCK_OF_SEVERAL if uses_other_services else _MOCK_ALONE
        #: Names in the file -> the names in moto that they were imported as.
        self._names: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if _is_moto(alias.name):
                self.imports_moto = True
                self._names[alias.asname or "moto"] = alias.name if alias.asname else "moto"
                self._add(node.lineno, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if not node.level and node.module is not None and _is_moto(node.module):
            self.imports_moto = True
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                self._names[alias.asname or alias.name] = name
                self._add(node.lineno, name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name, _, rest = _dotted(node).partition(".")
        if name in self._names:
            self._add(node.lineno, f"{self._names[name]}.{rest}")
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _last_name(node.func) == "get_backend" and _constant(node) in _SERVICES:
            self._note(node.lineno, f'get_backend("{_constant(node)}")', _BACKEND)
        for keyword in node.keywords:
            if keyword.arg == "config" and _passes_dynamodb_through(keyword.value):
                self._note(node.lineno, "passthrough of dynamodb", _PASSED_THROUGH)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _is_api(node.value):
            self._note(node.lineno, node.value, _API)

    def _add(self, line: int, name: str) -> None:
        if name == "moto.mock_aws":
            self._note(line, name, self._mock_rule)
        for prefix, rule in _RULES:
            if name == prefix or name.startswith(f"{prefix}."):
                self._note(line, name, rule)
                return

    def _note(self, line: int, name: str, rule: _Rule) -> None:
        use = Use(line, name, rule.must_change, rule.advice)
        if use not in self.uses:
            self.uses.append(use)


def _is_moto(module: str) -> bool:
    return module == "moto" or module.startswith("moto.")


def _is_api(text: str) -> bool:
    return "motoapi.amazonaws.com" in text or "/moto-api/" in text


def _constant(node: ast.Call) -> object:
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) else None


def _passes_dynamodb_through(config: ast.AST) -> bool:
    constants = {each.value for each in ast.walk(config) if isinstance(each, ast.Constant)}
    return "passthrough" in constants and bool(constants & _SERVICES)


# --- tables that the service refuses --------------------------------------------------------------


def _refused_tables(tree: ast.AST) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == "create_table":
            request = _constant_request(node)
            refusal = None if request is None else _refusal(request)
            if refusal is not None:
                advice = f"the service refuses it, and moto does not always: {refusal}"
                yield Use(node.lineno, "create_table", must_change=True, advice=advice)


def _constant_request(node: ast.Call) -> dict[str, Any] | None:
    """Return the arguments of a call that are constants.

    Other arguments are replaced by valid ones: the name of the table, and a key.
    """
    request = {}
    is_complete = not node.args
    for keyword in node.keywords:
        try:
            request[keyword.arg or ""] = ast.literal_eval(keyword.value)
        except (ValueError, TypeError):
            is_complete = False
        is_complete = is_complete and keyword.arg is not None
    if "TableName" not in request:
        return None
    return request if is_complete else {**_PLAIN_TABLE, "TableName": request["TableName"]}


def _refusal(request: dict[str, Any]) -> str | None:
    """Return why a table cannot be created, if the service says so."""
    report = ParamValidator().validate(request, input_shape("CreateTable"))
    if report.has_errors():
        return None  # botocore refuses it with moto too, so the test expects that
    try:
        Service().run_unrecorded("us-east-1", "CreateTable", request)
    except ServiceError as error:
        return error.message
    except UnsupportedError as error:
        return str(error)
    return None
