"""`ddbmock migrate --check`: what a suite that uses moto must change, with lines and reasons."""

from __future__ import annotations

from textwrap import dedent

import pytest

from ddbmock._internal.command_line import main
from ddbmock._internal.command_line.moto_usage import uses_of_moto


def uses(source):
    """The uses in a source: line, name, whether it must change."""
    return [(use.line, use.name, use.must_change) for use in uses_of_moto(dedent(source))]


# --- what works unchanged ------------------------------------------------------------------------


def test_mock_aws():
    (use,) = uses_of_moto("import boto3\nfrom moto import mock_aws\nboto3.client('dynamodb')\n")
    assert (use.line, use.name, use.must_change) == (2, "moto.mock_aws", False)
    assert "--ddbmock-with-moto" in use.advice
    assert "`from ddbmock import mock_dynamodb as mock_aws`" in use.advice


def test_mock_aws_of_several_services():
    (use,) = uses_of_moto("from moto import mock_aws\nboto3.client('s3')\n")
    assert "`from ddbmock.beside import mock_aws`" in use.advice


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import moto\n@moto.mock_aws\ndef test(): pass", "moto.mock_aws"),
        ("import moto as m\n@m.mock_aws\ndef test(): pass", "moto.mock_aws"),
        ("from moto import mock_aws as aws", "moto.mock_aws"),
        ("from moto.core import patch_client", "moto.core.patch_client"),
        ("from moto.core import patch_resource", "moto.core.patch_resource"),
        ("from moto.core import DEFAULT_ACCOUNT_ID", "moto.core.DEFAULT_ACCOUNT_ID"),
    ],
)
def test_what_works(source, name):
    ((_, found, must_change),) = uses(source)
    assert (found, must_change) == (name, False)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import boto3\nboto3.client('dynamodb').create_table(TableName='t')",
        "import motor\nimport motorized.moto",
        "from . import moto",
        "from moto import mock_s3\n@mock_s3\ndef test(): pass",
        "from moto.s3.models import s3_backends",
        "from moto.backends import get_backend\nget_backend('s3')",
        "moto.dynamodb.models",
    ],
)
def test_what_is_no_use_of_moto_for_dynamodb(source):
    assert uses(source) == []


# --- what must change ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from moto import mock_dynamodb", "moto.mock_dynamodb"),
        ("from moto import mock_dynamodb2", "moto.mock_dynamodb2"),
        ("import moto\nmoto.mock_dynamodb()", "moto.mock_dynamodb"),
        ("from moto.dynamodb import dynamodb_backends", "moto.dynamodb.dynamodb_backends"),
        ("import moto.dynamodb.models", "moto.dynamodb.models"),
        ("import moto\nmoto.dynamodb.models.x", "moto.dynamodb.models.x"),
        ("from moto.server import ThreadedMotoServer", "moto.server.ThreadedMotoServer"),
        ("from moto.moto_api import state_manager", "moto.moto_api.state_manager"),
        (
            "from moto.backends import get_backend\nget_backend('dynamodb')['1']",
            'get_backend("dynamodb")',
        ),
        (
            "import moto\nrequests.post('http://motoapi.amazonaws.com/moto-api/reset')",
            "http://motoapi.amazonaws.com/moto-api/reset",
        ),
        (
            "import moto\nmock(config={'core': {'passthrough': {'services': ['dynamodb']}}})",
            "passthrough of dynamodb",
        ),
    ],
)
def test_what_must_change(source, name):
    found = uses(source)
    assert [what for _, what, must_change in found if must_change] == [name]


def test_tables_that_the_service_refuses():
    found = uses_of_moto(
        dedent("""\
        from moto.core import patch_client
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "total", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        client.create_table(TableName=name, KeySchema=[])
        client.create_table(**request)
        client.create_table(TableName="ab", KeySchema=keys)
        client.create_table(TableName="a", **request)
        client.create_table(TableName="abc", **request)
        """)
    )
    refused = [use for use in found if use.must_change]
    assert [use.line for use in refused] == [2, 19, 20]
    assert "the service refuses it" in refused[0].advice
    assert "length greater than or equal to 3" in refused[2].advice
    assert "Number of attributes in KeySchema" in refused[0].advice


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "tests" / "deep").mkdir(parents=True)
    (tmp_path / "tests" / ".venv").mkdir()
    (tmp_path / "tests" / "test_one.py").write_text("from moto import mock_aws\n")
    (tmp_path / "tests" / "deep" / "test_two.py").write_text("from moto import mock_dynamodb\n")
    (tmp_path / "tests" / "deep" / "other.txt").write_text("from moto import mock_dynamodb\n")
    (tmp_path / "tests" / ".venv" / "x.py").write_text("from moto import mock_dynamodb\n")
    return tmp_path / "tests"


def test_a_folder(suite, capsys):
    assert main(["migrate", "--check", str(suite)]) == 1
    assert capsys.readouterr().out == (
        f"{suite}/deep/test_two.py:1: change: moto.mock_dynamodb: moto 5 has no mocks of single"
        " services: write `from ddbmock import mock_dynamodb`\n"
        f"{suite}/test_one.py:1: ok: moto.mock_aws: works with --ddbmock-with-moto; or write"
        " `from ddbmock import mock_dynamodb as mock_aws`, which is faster\n"
        "2 files: 1 place must change, 1 place works unchanged with `pytest --ddbmock-with-moto`\n"
    )


def test_a_file_that_works(suite, capsys):
    assert main(["migrate", "--check", "--quiet", str(suite / "test_one.py")]) == 0
    assert capsys.readouterr().out == (
        "1 file: nothing must change, 1 place works unchanged with `pytest --ddbmock-with-moto`\n"
    )


def test_no_use_at_all(tmp_path, capsys):
    assert main(["migrate", "--check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "no file uses moto for DynamoDB\n"


def test_a_file_that_is_not_python(tmp_path, capsys):
    (tmp_path / "old.py").write_text("print 'hello'\n")
    assert main(["migrate", "--check", str(tmp_path)]) == 0
    assert "old.py:1: left out, because it is not Python" in capsys.readouterr().err


def test_encodings(tmp_path, capsys):
    """A file may declare its encoding; one with a wrong declaration is skipped."""
    (tmp_path / "a.py").write_bytes(b"# coding: latin-1\nfrom moto import mock_aws  # \xfc\n")
    (tmp_path / "b.py").write_bytes(b"NAME = '\xfc'\n")
    assert main(["migrate", "--check", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "b.py:1: left out, because it is not Python" in printed.err
    assert "a.py:2: ok: moto.mock_aws" in printed.out


def test_a_path_that_is_not_there(tmp_path, capsys):
    assert main(["migrate", "--check", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err == f"ddbmock: {tmp_path / 'none'}: no such file or folder\n"


def test_check_has_to_be_given(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["migrate", str(tmp_path)])
    assert caught.value.code == 2
    assert "--check" in capsys.readouterr().err
