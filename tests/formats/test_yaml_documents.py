"""YAML by its version 1.2, aliases that stay small, and templates."""

from __future__ import annotations

import pytest

from ddbmock._internal.formats import yaml_nodes
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.located import line_at
from ddbmock._internal.formats.python_values import ExactNumber
from ddbmock._internal.formats.yaml_documents import parse_yaml

#: Ten aliases of ten aliases, nine times.
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("true", True),
        ("~", None),
        ("2026-01-31", "2026-01-31"),
        ("5", ExactNumber("5")),
        ("1.50", ExactNumber("1.50")),
        ("1e99999999999999999999", ExactNumber("1e99999999999999999999")),
        ("0x1F", ExactNumber("31")),
        ("0o17", ExactNumber("15")),
        ("1:30", "1:30"),
        ("!!set {a, b}", {"a", "b"}),
        ("!!binary aGk=", b"hi"),
        ("!!str 5", "5"),
    ],
)
def test_scalars(text, value):
    assert parse_yaml(text, "t.yaml") == value


def test_lines():
    document = parse_yaml("a:\n  - b: 1\n  - c:\n      d: 2\n", "t.yaml")
    assert line_at(document, ["a", 1]) == 3


@pytest.mark.parametrize("template", [True, False])
def test_aliases_of_aliases(template):
    with pytest.raises(
        FileError, match=r"^t.yaml:\d: aliases expand to more than 1,000,000 values"
    ):
        parse_yaml(BOMB, "t.yaml", template=template)


def test_aliases_that_are_used_a_lot(monkeypatch):
    monkeypatch.setattr(yaml_nodes, "_ALIASED_VALUES_MAX", 1000)
    lines = "\n".join(f"- <<: *base\n  id: {number}" for number in range(100))
    (_, *items) = parse_yaml(f"- &base {{a: 1, b: [x]}}\n{lines}", "t.yaml")
    assert items[99 - 1] == {"a": ExactNumber("1"), "b": ["x"], "id": ExactNumber("98")}
    with pytest.raises(FileError, match="more than 1,000 values"):
        parse_yaml(f"- &base {{a: 1, b: [x]}}\n{lines}\n{lines}\n{lines}", "t.yaml")


def test_copies_of_an_alias_are_not_shared():
    first, second = parse_yaml("- &a [x]\n- *a\n", "t.yaml")
    first.append("y")
    assert second == ["x"]


def test_a_template():
    text = "a: !Sub '${x}'\nb: !GetAtt [T, Arn]\nc: 0123\nd: !!int 5\ne: !Ref X\nf: !If {a: 1}\n"
    assert parse_yaml(text, "t.yaml", template=True) == {
        "a": {"Fn::Sub": "${x}"},
        "b": {"Fn::GetAtt": ["T", "Arn"]},
        "c": "0123",
        "d": "5",
        "e": {"Ref": "X"},
        "f": {"Fn::If": {"a": "1"}},
    }
