"""The architecture: no circle of imports, no import upwards, no hidden import, a pure engine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "ddbmock"
ROOT = Path(__file__).parent.parent / PACKAGE
INTERNAL = ROOT / "_internal"

#: Top to bottom. A module imports from floors below its own and from its own folder; the files
#: that lie in `ddbmock/_internal` itself count as one folder, those of `ddbmock` as another.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("__init__", "pytest_plugin", "__main__", "command_line", "server", "beside"),
    ("mock", "activations", "decorators"),
    ("templates", "console"),
    ("controller", "remote", "hook"),
    ("features",),
    ("report",),
    ("wire",),
    ("companions",),
    ("data", "triggers", "faults", "throughput", "conflicts", "access_control"),
    ("optional_stages",),
    ("service",),
    ("options",),
    ("calls",),
    ("stages",),
    ("operations",),
    ("access",),
    ("formats", "buckets"),
    ("partiql",),  # statements end in the trees of expressions
    ("validation", "expressions", "policies"),
    ("engine",),
    (
        *(
            "arns",
            "by_identity",
            "defaults",
            "distribution",
            "errors",
            "garbage_collection",
            "hosts",
            "limits",
            "local_clients",
            "locks",
            "messages",
        ),
        *("post_import", "service_model", "times"),
        "_internal",
    ),
)
#: Floors of the design that nothing has been built on yet.
NOT_BUILT: set[str] = set()
#: Who may import ddbmock's own modules inside a function: what users touch first stays light.
LAZY_ENTRY_POINTS = {"__init__", "pytest_plugin", "command_line"}
#: What most tests never use is imported when it is first used; names in `ddbmock._internal`.
LAZY_IMPORTS = {
    ("access.call", "access.authorization"),
    ("access.item_keys", "access.vectors"),
    ("access.legacy_parameters", "expressions.legacy"),
    ("access.request_expressions", "access.new_expressions"),
    ("activations", "service"),
    ("calls.kinds", "difflib"),
    ("calls.kinds", "operations"),
    ("controller.controller", "companions.cost"),
    ("controller.controller", "companions.metrics.view"),
    ("controller.controller", "data"),
    ("controller.controller", "operations.transfer.import_errors"),
    ("controller.controller", "report"),
    ("decorators", "wrapt"),
    ("hook.dax", "features"),
    ("hook.dax", "companions.dax.errors"),
    ("operations.tables.descriptions", "operations.tables.vector_indexes"),
    ("operations.tables.tables", "operations.policies.resource_policies"),
    ("operations.tables.tables", "operations.replicas.joining"),
    ("operations.tables.tables", "operations.tables.vector_indexes"),
    ("validation.tables", "validation.vector_indexes"),
}
#: Who imports modules whose names are computed: the public names, a folder's own modules, and the
#: features that are used.
COMPUTED_IMPORTS = {PACKAGE, "operations.registry", "service"}
#: What is imported for those who use it, and neither with ddbmock nor for a put and a get.
FOR_THEIR_USERS = {
    *("access_control", "beside", "command_line", "conflicts", "console", "data", "faults"),
    *("optional_stages", "partiql", "pytest_plugin", "remote", "report", "server", "templates"),
    *("throughput", "triggers"),
}
#: Libraries that ddbmock serves when they are there and never needs.
OPTIONAL_LIBRARIES = {
    *(
        "aioboto3",
        "aiobotocore",
        "amazondax",
        "boto3",
        "moto",
        "pytest",
        "pytest_asyncio",
    ),
    *("mypy_boto3_dynamodb", "types_aiobotocore_dynamodb"),
    *("amazon", "backports", "compression", "hcl2", "lark", "numpy", "yaml"),
}
LIBRARIES = {"botocore", "sortedcontainers", "wrapt"}


@dataclass(frozen=True)
class Import:
    """What one import statement, or one call of `import_module`, imports."""

    importer: str
    target: str
    line: int
    local: bool
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


class Walker(ast.NodeVisitor):
    """Collects a module's imports with where they stand."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.found: list[Import] = []
        #: The modules that are imported by calls that name them.
        self.called: list[str] = []
        #: The lines of calls that import a module whose name is computed.
        self.computed: list[int] = []
        self._local = False
        self._typing_only = False

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        assert node.level == 0, f"{self.module}:{node.lineno}: write the complete name"
        base = node.module or ""
        for alias in node.names:
            submodule = f"{base}.{alias.name}"
            self._add(submodule if submodule in MODULES else base, node.lineno)

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func).rpartition(".")[2] in {"import_module", "__import__"}:
            match node.args:
                case [ast.Constant(value=str(name)), *_]:
                    self.called.append(name)
                    self._add(name, node.lineno)
                case _:
                    self.computed.append(node.lineno)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        outer, self._local = self._local, True
        self.generic_visit(node)
        self._local = outer

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit_FunctionDef(node)

    def visit_If(self, node: ast.If) -> None:
        outer = self._typing_only
        self._typing_only = outer or "TYPE_CHECKING" in ast.dump(node.test)
        for child in node.body:
            self.visit(child)
        self._typing_only = outer
        for child in node.orelse:
            self.visit(child)

    def _add(self, target: str, line: int) -> None:
        self.found.append(Import(self.module, target, line, self._local, self._typing_only))


def walked(module: str, text: str) -> Walker:
    walker = Walker(module)
    walker.visit(ast.parse(text))
    return walker


@cache
def all_walked() -> list[Walker]:
    """Return what is in all modules of the package."""
    return [walked(module, path.read_text(encoding="utf-8")) for module, path in MODULES.items()]


def all_imports() -> list[Import]:
    return [found for walker in all_walked() for found in walker.found]


def own_imports() -> list[Import]:
    """Return the imports of the package's own modules."""
    return [found for found in all_imports() if found.target.split(".")[0] == PACKAGE]


def foreign_imports() -> list[Import]:
    """Return the imports of what neither the package nor the standard library has."""
    known = {PACKAGE, *sys.stdlib_module_names}
    return [found for found in all_imports() if found.target.split(".")[0] not in known]


def short(module: str) -> str:
    """Return a module's name without the package, or without `ddbmock._internal`."""
    return module.removeprefix(f"{PACKAGE}.").removeprefix("_internal.")


def part_of(module: str) -> str:
    """Return the file or folder that a module belongs to, right under one of the two packages."""
    return "__init__" if module == PACKAGE else short(module).split(".")[0]


def floor_of(module: str) -> int:
    (floor,) = (at for at, names in enumerate(FLOORS) if part_of(module) in names)
    return floor


def test_every_module_has_its_floor() -> None:
    floors = Counter(name for names in FLOORS for name in names)
    assert floors.keys() == {part_of(module) for module in MODULES} | NOT_BUILT
    assert set(floors.values()) == {1}


def test_no_import_goes_up_or_sideways() -> None:
    assert [str(found) for found in own_imports() if not _goes_down(found)] == []


def _goes_down(found: Import) -> bool:
    start, end = floor_of(found.importer), floor_of(found.target)
    if start != end:
        return start < end
    # What starts a mock may use the public names of the package.
    return _folder_of(found.importer) == _folder_of(found.target) or start == 0


def _folder_of(module: str) -> str:
    part = part_of(module)
    if (ROOT / part).is_dir() or (INTERNAL / part).is_dir():
        return part
    return "_internal" if (INTERNAL / f"{part}.py").exists() else PACKAGE


def test_the_modules_that_a_folder_describes_are_there() -> None:
    """A line such as `    caches, nodes   what they are` in the docstring of an `__init__.py`."""
    gone = []
    for module, path in MODULES.items():
        if path.name == "__init__.py":
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            for names in re.findall(r"^ {4}((?:\w+/?, )*\w+/?) {2,}\S", text, re.MULTILINE):
                described = [f"{module}.{name.strip('/')}" for name in names.split(", ")]
                gone += [name for name in described if name not in MODULES]
    assert gone == []


def test_messages_import_nothing_but_the_standard_library() -> None:
    own = f"{PACKAGE}._internal.messages"
    targets = {
        found.target
        for found in own_imports() + foreign_imports()
        if found.importer.startswith(own)
    }
    assert {target for target in targets if not target.startswith(own)} == set()


def test_no_text_has_the_name_of_another() -> None:
    names: Counter[str] = Counter()
    for module, path in MODULES.items():
        if module.startswith(f"{PACKAGE}._internal.messages."):
            for statement in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(statement, ast.FunctionDef):
                    names[statement.name] += 1
                elif isinstance(statement, ast.Assign):
                    names.update(ast.unparse(target) for target in statement.targets)
    assert [name for name, count in names.items() if count > 1] == []


def test_no_circle_of_imports_typing_included() -> None:
    assert list(cycles(import_graph())) == []


def import_graph() -> dict[str, set[str]]:
    """Return who imports whom."""
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in own_imports():
        if found.target != found.importer:
            graph[found.importer].add(found.target)
    return graph


def cycles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """Cycles found by walking the graph depth first; none when the graph has none."""
    done: set[str] = set()
    path: list[str] = []

    def walk(module: str) -> Iterator[list[str]]:
        if module in path:
            yield [*path[path.index(module) :], module]
        elif module not in done:
            path.append(module)
            for target in sorted(graph.get(module, ())):
                yield from walk(target)
            path.pop()
            done.add(module)

    for module in sorted(graph):
        yield from walk(module)


def test_the_cycle_finder_finds_one() -> None:
    assert list(cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()})) == [["b", "c", "b"]]


def test_no_import_is_hidden_in_a_function() -> None:
    hidden = [
        str(found)
        for found in all_imports()
        if found.local
        and found.target.split(".")[0] not in OPTIONAL_LIBRARIES
        and part_of(found.importer) not in LAZY_ENTRY_POINTS
        and (short(found.importer), short(found.target)) not in LAZY_IMPORTS
    ]
    assert hidden == []


def test_the_names_of_imported_modules_are_written_out() -> None:
    assert {short(walker.module) for walker in all_walked() if walker.computed} == COMPUTED_IMPORTS


def test_modules_of_ddbmock_are_imported_by_statements_which_mypy_checks() -> None:
    called = {
        (short(walker.module), short(name)) for walker in all_walked() for name in walker.called
    }
    assert {importer for importer, name in called if name in map(short, MODULES)} == {PACKAGE}


def test_every_lazy_import_is_still_there() -> None:
    lazy = {(short(found.importer), short(found.target)) for found in all_imports() if found.local}
    assert lazy >= LAZY_IMPORTS


def test_the_walker_sees_every_way_to_import() -> None:
    text = """
import a
if TYPE_CHECKING:
    from b import B
else:
    import c
def function():
    import_module("d")
    __import__("e")
    importlib.import_module(name)
later = lambda: import_module("f")
"""
    walker = walked("ddbmock.some", text)
    seen = [(found.target, found.local, found.typing_only) for found in walker.found]
    assert seen == [
        ("a", False, False),
        ("b", False, True),
        ("c", False, False),
        ("d", True, False),
        ("e", True, False),
        ("f", True, False),
    ]
    assert len(walker.computed) == 1


def test_only_declared_libraries_are_imported() -> None:
    wrong = [
        str(found)
        for found in foreign_imports()
        if found.target.split(".")[0] not in LIBRARIES
        and not (
            found.target.split(".")[0] in OPTIONAL_LIBRARIES and (found.local or found.typing_only)
        )
        and not found.typing_only
        and not (part_of(found.importer) == "pytest_plugin" and found.target == "pytest")
    ]
    assert wrong == []


def test_the_engine_names_no_botocore() -> None:
    wrong = [
        str(found)
        for found in foreign_imports()
        if part_of(found.importer) in {"engine", "expressions"}
        and found.target.split(".")[0] in {"boto3", "botocore"}
    ]
    assert wrong == []


def test_the_engine_runs_where_botocore_is_not() -> None:
    names = [name for name in MODULES if part_of(name) in {"engine", "expressions"}]
    program = f"""
import importlib, sys, types
sys.modules["botocore"] = sys.modules["boto3"] = None
package = types.ModuleType({PACKAGE!r})  # without running the package's __init__
package.__path__ = [{str(ROOT)!r}]
sys.modules[{PACKAGE!r}] = package
for name in {names!r}:
    importlib.import_module(name)
"""
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603


def test_to_import_the_package_imports_the_hook_alone() -> None:
    """What answers calls is imported by the first mock, and no texts of the service before that."""
    parts = parts_imported_by("import botocore.session, ddbmock")
    assert parts == {
        *(
            "__init__",
            "arns",
            "by_identity",
            "companions",
            "defaults",
            "errors",
            "hook",
            "locks",
            "policies",
        ),
        *("post_import", "service_model", "wire"),
    }


def test_to_decorate_imports_nothing_that_answers_calls() -> None:
    """A module of tests that none is run of costs little."""
    parts = parts_imported_by("from ddbmock import mock_dynamodb; mock_dynamodb(lambda: None)")
    answering = {"expressions", "operations", "partiql", "service", "stages", "validation"}
    assert parts & (answering | FOR_THEIR_USERS) == set()


def test_a_put_and_a_get_import_no_features() -> None:
    program = """
import boto3, ddbmock
with ddbmock.mock_dynamodb():
    client = boto3.client("dynamodb", "eu-west-1")
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.put_item(TableName="orders", Item={"id": {"S": "42"}})
    assert client.get_item(TableName="orders", Key={"id": {"S": "42"}})["Item"]
"""
    imported = imported_by(program)
    assert {part_of(name) for name in imported} & FOR_THEIR_USERS == set()
    assert {
        *("access.authorization", "access.vectors", "engine.vectors", "expressions.legacy"),
        *("access.new_expressions", "expressions.compile", "expressions.tree"),
        *("operations.policies", "operations.queries", "operations.transfer", "policies.documents"),
        *("operations.backups", "operations.statements", "operations.streams"),
        *("messages.autoscaling", "messages.dax", "messages.partiql", "messages.transfer"),
    }.isdisjoint(map(short, imported))


def parts_imported_by(program: str) -> set[str]:
    return {part_of(name) for name in imported_by(program)} - {"_internal"}


def imported_by(program: str) -> set[str]:
    """Return the modules of ddbmock that a program imports, directly or not."""
    program += "\nimport sys; print(*sys.modules)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return {name for name in done.stdout.split() if name.split(".")[0] == PACKAGE}
