"""What Windows has otherwise, as far as that can be had elsewhere: the suite itself runs there too.

A Python without `fork`, `fcntl` and the like, and whose sockets only `select` can wait for; files
with other ends of lines and encodings; an output that has no characters for what is printed.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import ddbmock
from tests.pytest_runs import ROOT

#: Makes a Python of POSIX lack what that of Windows lacks.
LIKE_WINDOWS = """
import os, select, selectors, signal, sys, time

for name in ("fcntl", "grp", "posix_ipc", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for module, names in (
    (os, ["fork", "register_at_fork", "getuid", "geteuid", "fchmod", "mkfifo", "uname"]),
    (time, ["clock_gettime", "CLOCK_MONOTONIC"]),
    (signal, ["SIGKILL", "SIGHUP", "SIGALRM", "setitimer", "pthread_kill"]),
    (select, ["poll", "epoll"]),
):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
selectors.DefaultSelector = selectors.SelectSelector
"""
PROGRAM = """
import importlib, pkgutil
from urllib.request import urlopen

import botocore.session
import ddbmock

for module in pkgutil.walk_packages(ddbmock.__path__, "ddbmock."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

ORDERS = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
with ddbmock.mock_dynamodb(db="orders.sqlite") as ddb:
    client = botocore.session.get_session().create_client("dynamodb")
    client.create_table(**ORDERS)
    client.put_item(TableName="orders", Item={"id": {"S": "1"}})
    ddb.dump("orders.jsonl")
    ddb.dump("orders.jsonl")  # it is replaced
    with urlopen(ddb.console()) as page:
        assert page.status == 200
with ddbmock.serve(db="orders.sqlite") as url:
    client = botocore.session.get_session().create_client("dynamodb", endpoint_url=url, **KEYS)
    client.create_table(**{**ORDERS, "TableName": "others"})
    assert "others" in client.list_tables()["TableNames"]
print("done")
"""
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
    Properties:
      TableName: orders
"""
FILES = {
    "orders.jsonl": '{"id": "ä"}\n{"id": "2"}\n',
    "orders.json": '{"orders": [\n{"id": "ä"},\n{"id": "2"}]}\n',
    "orders.csv": "id,note\nä,\n2,\n",
    "orders.yaml": "orders:\n- id: ä\n- id: '2'\n",
}


def run(folder, *arguments, **variables):
    return subprocess.run(  # noqa: S603 (our own Python)
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_without_what_only_posix_has(tmp_path):
    result = run(tmp_path, "-c", LIKE_WINDOWS + PROGRAM)
    assert (result.stdout.splitlines()[-1:], result.stderr) == (["done"], "")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", FILES)
def test_files_that_windows_programs_write(ddb, tmp_path, name, encoding):
    """Lines end in CR and LF, and a mark stands in front: Notepad, Excel, `>` of PowerShell."""
    pytest.importorskip("yaml")
    template, file = tmp_path / "template.yaml", tmp_path / name
    template.write_bytes(TEMPLATE.replace("\n", "\r\n").encode(encoding))
    file.write_bytes(FILES[name].replace("\n", "\r\n").encode(encoding))
    ddbmock.tables_from(template).create(ddb)
    assert ddb.load(file) == 2
    assert {item["id"] for item in ddb.tables["orders"].plain_items} == {"ä", "2"}


def test_lines_of_what_is_dumped_end_as_elsewhere(ddb, tmp_path):
    ddbmock.tables_from({"Resources": {"Orders": {"Type": "AWS::Serverless::SimpleTable",
        "Properties": {"TableName": "orders"}}}}).create(ddb)  # fmt: skip
    ddb.load({"orders": [{"id": "1"}]})
    for name in FILES:
        pytest.importorskip("yaml")
        ddb.dump(tmp_path / name)
        assert b"\r" not in (tmp_path / name).read_bytes().replace(b"id\r\n1\r\n", b"")


def test_an_output_without_the_characters(tmp_path):
    """A file that `>` writes is in the encoding of the system, such as cp1252."""
    (tmp_path / "template.json").write_text(
        '{"Resources": {"Orders": {"Type": "AWS::Serverless::SimpleTable",'
        ' "Properties": {"TableName": "orders"}}}}'
    )
    (tmp_path / "orders.jsonl").write_text('{"id": "日本"}\n', encoding="utf-8")
    load = ["load", "orders.jsonl", "--tables", "template.json", "--to", "state.json"]
    assert run(tmp_path, "-m", "ddbmock", *load).returncode == 0
    diff = ["diff", "template.json", "state.json"]
    result = run(tmp_path, "-m", "ddbmock", *diff, PYTHONIOENCODING="cp1252")
    assert result.stdout == "+ orders {'id': '\\u65e5\\u672c'}\n"
