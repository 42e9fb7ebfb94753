"""`ddb.console()` at the prompt of pdb: the page answers while the test is stopped."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.console.conftest import Browser
from tests.pytest_runs import ROOT

PROGRAM = """
import boto3
from ddbmock import mock_dynamodb

with mock_dynamodb(region="eu-west-1") as ddb:
    boto3.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    breakpoint()
    print("items:", ddb.tables["orders"].plain_items)
"""


def test_while_the_program_is_stopped(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-u", str(tmp_path / "program.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONBREAKPOINT": "pdb.set_trace"},
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("ddb.console()\n")
            process.stdin.flush()
            url = ""
            while not url:
                line = process.stdout.readline()
                assert line, "the program has ended"
                url = "".join(re.findall(r"console is at (http://\S+)", line))
            browser = Browser(url)
            path = "/console/table/mock/eu-west-1/orders/item"
            browser.get(path)
            page = browser.post(path, do="save", item='{"id": {"S": "42"}}')
            assert page.message == "The item was created."
            rest, _ = process.communicate("continue\n", timeout=30)
            assert "items: [{'id': '42'}]" in rest
        finally:
            process.kill()
