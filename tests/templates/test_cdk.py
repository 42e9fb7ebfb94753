"""Tables of what `cdk synth` writes."""

from __future__ import annotations

import pytest

from ddbmock import FileError, tables_from
from tests.templates.helpers import left_out_names

NAMES = ["orders-123456789012", "Locks1B2C3D4E", "Prod-Shop-events"]


def test_all_stacks_of_an_assembly(files):
    tables = tables_from(files / "cdk.out")
    assert tables.names == NAMES
    assert tables.requests[0]["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert left_out_names(tables) == ["PointInTimeRecoverySpecification of Locks1B2C3D4E"]


def test_the_app_s_folder_the_manifest_and_one_template(files):
    folder = files / "cdk.out"
    assert tables_from(files.parent / "files" / "cdk.out" / "manifest.json").names == NAMES
    assert tables_from(folder / "ShopStack.template.json").names == NAMES[:2]


def test_names_for_tables_without_one(files):
    tables = tables_from(files / "cdk.out", parameters={"Locks1B2C3D4E": "locks"})
    assert tables.names[1] == "locks"


def test_a_template_that_is_missing(tmp_path):
    (tmp_path / "manifest.json").write_text(
        '{"artifacts": {"A": {"type": "aws:cloudformation:stack",'
        ' "properties": {"templateFile": "A.template.json"}}}}'
    )
    with pytest.raises(
        FileError, match=r"A.template.json: no such file or folder; it was looked for in"
    ):
        tables_from(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(FileError, match="not the manifest of a CDK app's output"):
        tables_from(tmp_path)
