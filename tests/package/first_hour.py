"""A stranger's first hour with the built package, in an environment that has nothing else.

The tutorial, step by step; a suite that uses moto, unchanged; a server that keeps its tables over a
kill; and what a browser shows of it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import CHROMIUM, Page
from tests.tutorial import do_step_by_step

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent

MOTO_SUITE = """
import boto3
import pytest
from moto import mock_aws


@pytest.fixture
def aws():
    with mock_aws():
        yield


@pytest.fixture
def orders(aws):
    return boto3.resource("dynamodb", region_name="us-east-1").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_an_order_is_archived(orders):
    bucket = boto3.resource("s3", region_name="us-east-1").create_bucket(Bucket="archive")
    orders.put_item(Item={"id": "42"})
    item = orders.get_item(Key={"id": "42"})["Item"]
    bucket.put_object(Key=item["id"], Body=b"order")
    assert [found.key for found in bucket.objects.all()] == ["42"]


def test_nothing_is_left(orders):
    assert orders.scan()["Items"] == []
"""
TEMPLATE = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
"""
#: A program that puts an item with the id that it is given, and prints the ids that are there.
PROGRAM = """
import boto3, sys
client = boto3.client("dynamodb", endpoint_url=sys.argv[1], region_name="us-east-1",
                      aws_access_key_id="me", aws_secret_access_key="x")
if len(sys.argv) > 2:
    client.put_item(TableName="orders", Item={"id": {"S": sys.argv[2]}})
print(*sorted(item["id"]["S"] for item in client.scan(TableName="orders")["Items"]))
"""


class Stranger:
    """A user with an environment, a folder, and no configuration."""

    def __init__(self, scripts: Path, folder: Path) -> None:
        self._scripts = scripts
        self.folder = folder
        # No settings of this machine: neither of AWS nor of the project.
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "PYTEST", "PYTHON", "DDBMOCK"))
        }
        self._environment |= {
            "COLUMNS": "120",
            "HOME": str(folder),
            "NO_COLOR": "1",
        }

    def run(self, *command: str, cwd: Path | None = None, may_fail: bool = False) -> str:
        """Run a program of the environment and return what it prints."""
        result = subprocess.run(  # noqa: S603 (our own programs)
            [str(self._scripts / command[0]), *command[1:]],
            cwd=cwd or self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        output = result.stdout + result.stderr
        assert may_fail or not result.returncode, output
        return output

    def pytest(self, *options: str) -> str:
        return self.run("python", "-m", "pytest", "-p", "no:cacheprovider", *options)

    @contextmanager
    def serving(self, *options: str) -> Iterator[str]:
        """Run `ddbmock serve`, give its URL, and kill it at the end."""
        command = [str(self._scripts / "ddbmock"), "serve", "--port", "0", *options]
        with subprocess.Popen(  # noqa: S603
            command, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                (url,) = re.findall(r"answers on (http://\S+)", process.stdout.readline())
                yield url
            finally:
                process.kill()


def tutorial(stranger: Stranger) -> None:
    pages = sorted((ROOT / "docs" / "tutorial").glob("[0-9]*.md"))
    folder = stranger.folder / "tutorial"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")  # none of a folder above

    def run_pytest(folder: Path) -> str:
        # The tutorial shows tests that fail, too.
        return stranger.run("python", "-m", "pytest", cwd=folder, may_fail=True)

    assert len(do_step_by_step(pages, folder, run_pytest)) >= len(pages)


def suite_of_moto(stranger: Stranger) -> None:
    (stranger.folder / "test_moto.py").write_text(MOTO_SUITE)
    stranger.pytest("test_moto.py")
    listed = stranger.run("ddbmock", "migrate", "--check", "test_moto.py")
    assert "nothing must change" in listed, listed
    printed = stranger.pytest("test_moto.py", "--ddbmock-with-moto", "--ddbmock-report")
    assert "2 passed" in printed, printed
    assert "test_moto.py::test_an_order_is_archived" in printed.partition("ddbmock ==")[2], printed


def server_with_a_database(stranger: Stranger) -> None:
    folder = stranger.folder
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "orders.jsonl").write_text(json.dumps({"id": "0"}) + "\n")
    (folder / "program.py").write_text(PROGRAM)
    options = ("--db", "shop.sqlite", "--tables", "template.yaml", "--load", "orders.jsonl")
    for number in (1, 2):
        with stranger.serving(*options) as url:
            printed = stranger.run("python", "program.py", url, str(number))
            assert printed.split() == [str(each) for each in range(number + 1)], printed
    assert stranger.run("ddbmock", "tables", "shop.sqlite") == "orders  id (S)  3 items\n"


def browser(stranger: Stranger) -> None:
    if CHROMIUM is None:
        sys.stdout.write("first hour: no browser on this machine, so nobody looked\n")
        return
    profile = stranger.folder / "profile"
    with stranger.serving("--db", "shop.sqlite") as url, Page(profile) as page:
        page.open(url)
        assert "orders" in page.run("document.body.innerText")
        page.open(f"{url}/console/table/me/us-east-1/orders")
        assert "3 items, by Scan" in page.run("document.body.innerText")
    shutil.rmtree(profile, ignore_errors=True)


def main(scripts: Path, folder: Path) -> None:
    """Do it all.

    Args:
        scripts: The folder of the environment's programs; the wheel is installed there with the
            extras `server` and `yaml`, beside boto3, moto and pytest.
        folder: An empty folder.
    """
    stranger = Stranger(scripts, folder)
    tutorial(stranger)
    suite_of_moto(stranger)
    server_with_a_database(stranger)
    browser(stranger)
