"""Damaged templates: whatever is wrong in them, it is a FileError that says so."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ddbmock import FileError, mock_dynamodb, tables_from
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.formats.json_documents import parse_json
from ddbmock._internal.formats.yaml_documents import parse_yaml
from tests.random_examples import examples

FILES = Path(__file__).parent / "files"

DOCUMENTS = [
    "../../data/files/model.json",
    "events/template.yaml",
    "global.json",
    "loops.yaml",
    "plan.json",
    "sam.yaml",
    "serverless/serverless.yml",
    "table.json",
    "template.yaml",
]

#: What a damaged part may become, functions included.
PARTS: list[Any] = [
    *(None, True, 0, -1, 1e99, "", "x", "Orders", "${self:custom}", "${Orders}", "true"),
    *([], {}, [[]], [{}], [None], {"": None}, {"a": {"b": []}}, [1, "a", {}]),
    *({"Ref": "Orders"}, {"Ref": "AWS::NoValue"}, {"Ref": []}, {"Fn::GetAtt": "Orders"}),
    *({"Fn::GetAtt": ["Orders", "Arn"]}, {"Fn::Sub": "${Orders.Arn}"}, {"Fn::Sub": [{}]}),
    *({"Fn::If": ["IsProd", 1, {"Ref": "AWS::NoValue"}]}, {"Fn::If": {}}, {"Fn::Join": ["", 5]}),
    *({"Fn::Select": [0, []]}, {"Fn::Split": ["", "a"]}, {"Fn::FindInMap": ["Units", "dev"]}),
    *({"Fn::ForEach::A": ["B", ["c"], {"${B}": {"Ref": "B"}}]}, {"Fn::ForEach::A": 5}),
    *({"Fn::Transform": {}}, {"Fn::ImportValue": {"Ref": "Stage"}}, {"Condition": "IsProd"}),
]

EXPRESSIONS = [
    *("null", "[]", "{}", '"x"', "5", "var.x", "local.tables", "try()", "[for a in 5 : a]"),
    *("-var.tables", 'format("%s")', "null[0]", "each.key", "toset([{}])", '"${null}"', "1 / 0"),
    *("module.tables", "aws_dynamodb_table.orders", '"%{ if 5 }%{ endif }"', "local.x.y[*].z"),
]
_MANY = examples(25)
_FEW = examples(12)


def containers(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values in a document."""
    paths = [path] if path else []
    entries: Any = ()
    if isinstance(document, dict):
        entries = document.items()
    elif isinstance(document, list):
        entries = enumerate(document)
    for key, value in entries:
        paths += containers(value, (*path, key))
    return paths


def damaged(document: Any, path: tuple[Any, ...], part: Any, action: str) -> Any:
    """Return a copy of a document in which one value is another, missing or somewhere else."""
    copy = deepcopy(document)
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    if action == "remove":
        del holder[path[-1]]
    elif action == "wrap":
        holder[path[-1]] = [holder[path[-1]]]
    elif action == "rename" and isinstance(holder, dict):
        holder[str(part)] = holder.pop(path[-1])
    else:
        holder[path[-1]] = deepcopy(part)
    return copy


def read_document(name: str) -> Any:
    text = (FILES / name).read_text()
    if name.endswith(".json"):
        return parse_json(text, name)
    return parse_yaml(text, name, template=True)


SOUND = {name: read_document(name) for name in DOCUMENTS}
PATHS = {name: containers(document) for name, document in SOUND.items()}


def check(*templates: Any, **more: Any) -> None:
    with suppress(FileError, UnsupportedError):
        tables = tables_from(*templates, **more)
        assert tables.names
        assert all(isinstance(text, str) for text in tables.skipped)
        with mock_dynamodb(region="eu-west-1") as ddb:
            tables.create(ddb)
            tables.triggers({}).create(ddb)


@settings(max_examples=_MANY, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_damaged_document(name, data, monkeypatch):
    monkeypatch.chdir((FILES / name).parent)
    document = SOUND[name]
    for _ in range(data.draw(st.integers(1, 3))):
        paths = containers(document)
        if not paths:
            break
        path = data.draw(st.sampled_from(paths))
        part = data.draw(st.sampled_from(PARTS))
        action = data.draw(st.sampled_from(["replace", "replace", "remove", "wrap", "rename"]))
        document = damaged(document, path, part, action)
    if isinstance(document, dict):
        check(document)


def copy_of(folder: Path, into: Path) -> list[Path]:
    """Copy a folder, and return the files of the copy."""
    copies = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            copy = into / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text())
            copies.append(copy)
    return copies


def damage_lines(data: st.DataObject, path: Path) -> None:
    """Replace some lines of a configuration by others, or their values."""
    lines = path.read_text().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = data.draw(st.sampled_from([*lines, "", "}\n", "{\n", "null\n"]))
        name, is_argument, _ = lines[at].partition(" = ")
        if is_argument and data.draw(st.booleans()):
            line = f"{name} = {data.draw(st.sampled_from(EXPRESSIONS))}\n"
        lines[at] = line
    path.write_text("".join(lines))


@settings(max_examples=_FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("name", ["terraform", "terraform-modules"])
def test_a_damaged_configuration(name, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("configuration")
    paths = [path for path in copy_of(FILES / name, folder) if path.suffix == ".tf"]
    damage_lines(data, data.draw(st.sampled_from(paths)))
    check(folder)


@settings(max_examples=_FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_assembly(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("assembly")
    path = data.draw(st.sampled_from(copy_of(FILES / "cdk.out", folder)))
    document = json.loads(path.read_text())
    at = data.draw(st.sampled_from(containers(document)))
    part = data.draw(st.sampled_from(PARTS))
    action = data.draw(st.sampled_from(["replace", "remove"]))
    path.write_text(json.dumps(damaged(document, at, part, action)))
    check(folder)


@settings(max_examples=_FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("name", ["template.yaml", "serverless/serverless.yml", "plan.json"])
def test_a_damaged_text(name, data, tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / Path(name).name
    text = (FILES / name).read_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 40, len(text))))
    path.write_text(text[:start] + data.draw(st.text("a:-[]{}!&*#'\n ", max_size=8)) + text[end:])
    check(path)
