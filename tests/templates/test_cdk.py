"""Tables of what `cdk synth` writes."""

from __future__ import annotations

import json
import shutil

import pytest

from ddbmock import FileError, tables_from
from tests.templates.helpers import requests_of, skipped_names

NAMES = ["orders-123456789012", "Locks1B2C3D4E", "Prod-Shop-events"]


def test_all_stacks_of_an_assembly(files):
    tables = tables_from(files / "cdk.out")
    assert tables.names == NAMES
    assert tables.requests[0]["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert skipped_names(tables) == []
    assert requests_of(tables.specs[1], "UpdateContinuousBackups") == [
        {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    ]


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
    with pytest.raises(FileError, match=r"A.template.json: no such file or folder in"):
        tables_from(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(FileError, match="not the manifest of a CDK app's output"):
        tables_from(tmp_path)


def test_a_stack_s_environment(files, tmp_path):
    folder = tmp_path / "cdk.out"
    shutil.copytree(files / "cdk.out", folder)
    manifest = folder / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace("unknown-account/unknown-region", "000000000007/eu-west-1")
    )
    assert tables_from(folder).names[0] == "orders-000000000007"
    assert tables_from(folder, account_id="000000000008").names[0] == "orders-000000000008"


def test_stacks_that_refer_to_each_other(files, tmp_path):
    folder = tmp_path / "cdk.out"
    shutil.copytree(files / "cdk.out", folder)
    path = folder / "ShopStack.template.json"
    template = json.loads(path.read_text())
    template["Outputs"] = {
        "ExportsOutputRefOrders": {
            "Value": {"Ref": "OrdersTable9EE81DC1"},
            "Export": {"Name": "ShopStack:ExportsOutputRefOrders"},
        }
    }
    path.write_text(json.dumps(template))
    path = folder / "assembly-Prod" / "ProdStack.template.json"
    path.write_text(
        path.read_text().replace(
            '{"Fn::Sub": "${AWS::StackName}-events"}',
            '{"Fn::Join": ["-", ["events-of",'
            ' {"Fn::ImportValue": "ShopStack:ExportsOutputRefOrders"}]]}',
        )
    )
    assert tables_from(folder).names[2] == "events-of-orders-123456789012"


WRONG_MANIFESTS = [
    ({"A": 5}, "A: the artifact takes an object, not 5"),
    ({"A": {"type": "aws:cloudformation:stack"}}, "A: the artifact has no templateFile"),
    (
        {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}},
        "the assembly is inside of itself",
    ),
]


@pytest.mark.parametrize(("artifacts", "problem"), WRONG_MANIFESTS)
def test_a_wrong_manifest(tmp_path, artifacts, problem):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"artifacts": artifacts}))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value).startswith(str(path))
    assert str(raised.value).endswith(f": {problem}")
