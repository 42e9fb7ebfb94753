"""The command line: its output, its errors, its exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import urlopen

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.command_line import main

STARTED = re.compile(
    r"ddbmock answers on (http://\S+:\d+) \(Ctrl-C ends it\), for example: AWS_ACCESS_KEY_ID=x"
    r" AWS_SECRET_ACCESS_KEY=x aws dynamodb list-tables --region us-east-1 --endpoint-url \1\n"
)


@contextmanager
def running(*arguments):
    """The command in a process of its own, and the URL that it tells."""
    command = [sys.executable, "-m", "ddbmock", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(  # noqa: S603
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COVERAGE_PROCESS_START": ""},
    )
    with process:
        try:
            assert process.stdout is not None
            found = STARTED.fullmatch(process.stdout.readline())
            assert found is not None
            yield process, found.group(1)
        finally:
            process.kill()


def end(process, number=signal.SIGINT):
    """Ends the command as Ctrl-C does; returns its status and what it wrote since it started."""
    process.send_signal(number)
    out, errors = process.communicate(timeout=20)
    return process.returncode, out, errors


def refused(capsys, *arguments):
    """The error message of the command."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def client_of(url, region="us-east-1", access_key="x"):
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="x",
    )


def create_table(client):
    return client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]


def test_it_answers_until_ctrl_c():
    with running() as (process, url):
        with urlopen(url, timeout=10) as response:  # noqa: S310
            assert response.read() == b"healthy: dynamodb.us-east-1.amazonaws.com "
        client = client_of(url)
        assert create_table(client)["TableStatus"] == "ACTIVE"
        assert client_of(url, access_key="y").list_tables()["TableNames"] == []
        # The client keeps its connection open: that is no reason to go on.
        assert end(process) == (0, "", "\n")


def test_it_ends_on_sigterm():
    with running() as (process, _):
        assert end(process, signal.SIGTERM) == (-signal.SIGTERM, "", "")


def test_options():
    with running("--shared", "--delays", "30", "--host", "127.0.0.1") as (process, url):
        assert create_table(client_of(url))["TableStatus"] == "CREATING"
        other = client_of(url, region="eu-west-1", access_key="y")
        assert other.list_tables()["TableNames"] == ["orders"]
        assert end(process)[0] == 0


def test_a_warning_when_others_can_reach_it():
    with running("--host", "0.0.0.0") as (process, url):  # noqa: S104
        assert url.startswith("http://0.0.0.0:")
        status, _, errors = end(process)
    assert status == 0
    assert errors.startswith("ddbmock: warning: 0.0.0.0 is no loopback address: every machine")


def test_help(capsys):
    for arguments, words in [
        (["--help"], ["serve", "--version", "mock_dynamodb"]),
        (
            ["serve", "--help"],
            ["--port", "--tables", "--load", "--delays", "--shared", "8000"],
        ),
    ]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 0
        text = capsys.readouterr().out
        assert [word for word in words if word not in text] == []


def test_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert re.fullmatch(r"ddbmock (\d+\.\d+\.\d+\S*|\(not installed\))\n", capsys.readouterr().out)


def test_help_needs_no_botocore():
    program = (
        "import sys; sys.modules['botocore'] = None;"
        "from ddbmock._internal.command_line import main; main(['serve', '--help'])"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def test_mistakes_in_the_command_line(capsys):
    assert "the following arguments are required: COMMAND" in refused(capsys)
    assert "invalid choice: 'server'" in refused(capsys, "server")
    for given, expected in [
        ("--prot", "unknown option --prot, did you mean --port?"),
        ("--delay=5", "unknown option --delay=5, did you mean --delays?"),
        ("--quiet", "unknown option --quiet"),
        ("--port=70000", "argument --port: '70000' is not a port: 0 to 65535, 0 for a free one"),
        ("--port=http", "argument --port: 'http' is not a port: 0 to 65535, 0 for a free one"),
        ("--delays=soon", "argument --delays: 'soon' is not a number of seconds"),
        ("--delays=-1", "argument --delays: '-1' is not a number of seconds"),
        ("--lag=-1", "argument --lag: '-1' is not a number of seconds"),
        ("--delays=inf", "argument --delays: 'inf' is not a number of seconds"),
    ]:
        assert refused(capsys, "serve", given) == f"ddbmock serve: error: {expected}"


def test_a_port_that_is_taken(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"ddbmock: cannot listen on 127.0.0.1, port {port}: something else listens there already;"
        f" --port {port + 1} or --port 0 (a free one) may help\n"
    )


def test_an_address_of_another_machine(capsys):
    assert main(["serve", "--host", "192.0.2.1"]) == 1
    assert capsys.readouterr().err.startswith("ddbmock: cannot listen on 192.0.2.1, port 8000: ")


def test_a_file_to_begin_with(tmp_path):
    path = tmp_path / "tables.json"
    with mock_dynamodb(region="us-east-1") as ddb:
        create_table(boto3.client("dynamodb", region_name="us-east-1"))
        ddb.load({"orders": [{"id": "42"}]})
        ddb.save(path)
    with running("--load", str(path)) as (process, url):
        assert client_of(url).scan(TableName="orders")["Items"] == [{"id": {"S": "42"}}]
        assert end(process)[0] == 0


def test_a_file_that_is_not_there(capsys, tmp_path):
    assert main(["serve", "--load", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err.endswith(
        "none.json: cannot be read: No such file or directory\n"
    )


TEMPLATE = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: id, AttributeType: S}
        - {AttributeName: day, AttributeType: N}
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: by-day
          KeySchema: [{AttributeName: day, KeyType: HASH}]
          Projection: {ProjectionType: ALL}
"""


@pytest.fixture
def template(tmp_path):
    pytest.importorskip("yaml")
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE)
    return str(path)


@pytest.fixture
def items(tmp_path):
    path = tmp_path / "orders.jsonl"
    path.write_text('{"id": "1", "day": 7}\n{"id": "2", "day": 8}\n')
    return str(path)


def test_a_template_and_items_to_begin_with(template, items):
    with running("--tables", template, "--load", items, "--verbose") as (process, url):
        client = client_of(url)
        assert client.scan(TableName="orders")["Count"] == 2
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.scan(TableName="customers")
        status, _, errors = end(process)
    assert status == 0
    assert errors.splitlines()[:2] == [
        "200 us-east-1 Scan orders",
        "400 us-east-1 Scan customers ResourceNotFoundException: Requested resource not found",
    ]


def test_a_region_for_what_names_none(template):
    with running("--tables", template, "--region", "eu-west-1") as (process, url):
        assert client_of(url, "eu-west-1").list_tables()["TableNames"] == ["orders"]
        assert client_of(url, "us-east-1").list_tables()["TableNames"] == []
        assert end(process)[0] == 0


class TestTables:
    def test_a_template(self, capsys, template):
        assert main(["tables", template]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "orders  id (S)  0 items",
            "    by-day  global  day (N)",
        ]

    def test_requests(self, capsys, template):
        assert main(["tables", "--json", template]) == 0
        (request,) = json.loads(capsys.readouterr().out)
        with mock_dynamodb(region="us-east-1"):
            boto3.client("dynamodb", region_name="us-east-1").create_table(**request)

    def test_a_file_that_is_not_there(self, capsys, tmp_path):
        assert main(["tables", str(tmp_path / "none.yaml")]) == 1
        out, errors = capsys.readouterr()
        assert out == ""
        assert errors.startswith("ddbmock: ")
        assert "none.yaml: no such file or folder" in errors


class TestTransfer:
    def test_into_a_saved_file_and_out_again(self, capsys, template, items, tmp_path):
        saved, dumped = str(tmp_path / "state.json"), tmp_path / "orders.json"
        assert main(["load", items, "--tables", template, "--to", saved]) == 0
        assert capsys.readouterr().out == f"loaded 2 items; {saved} has 1 table\n"
        assert main(["dump", saved, str(dumped), "--table", "orders"]) == 0
        assert capsys.readouterr().out == f"wrote 2 items to {dumped}\n"
        assert json.loads(dumped.read_text())["Count"] == 2

    def test_an_item_that_is_refused_leaves_the_file_as_it_was(self, capsys, template, tmp_path):
        saved, wrong = tmp_path / "state.json", tmp_path / "orders.jsonl"
        assert main(["load", "--tables", template, "--to", str(saved)]) == 0
        before = saved.read_bytes()
        wrong.write_text('{"id": 1}\n')
        assert main(["load", str(wrong), "--to", str(saved)]) == 1
        assert "orders.jsonl:1" in capsys.readouterr().err
        assert saved.read_bytes() == before

    def test_into_a_running_endpoint_and_out_again(self, capsys, template, items, tmp_path):
        with running() as (process, url):
            assert main(["load", items, "--tables", template, "--to", url]) == 0
            assert capsys.readouterr().out == f"loaded 2 items; {url} has 1 table\n"
            client = client_of(url)
            assert client.scan(TableName="orders", IndexName="by-day")["Count"] == 2
            assert main(["tables", url]) == 0
            assert capsys.readouterr().out.startswith("orders  id (S)  2 items\n")
            assert main(["dump", url, str(tmp_path / "state.json"), "--everything"]) == 0
            capsys.readouterr()
            assert main(["diff", url, str(tmp_path / "state.json")]) == 0
            assert end(process)[0] == 0

    def test_other_machines_are_refused(self, capsys):
        assert main(["tables", "https://dynamodb.us-east-1.amazonaws.com"]) == 1
        assert capsys.readouterr().err == (
            "ddbmock: https://dynamodb.us-east-1.amazonaws.com is not an endpoint on this machine\n"
        )

    def test_no_server_answers(self, capsys, template, items):
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
        for command in (
            ["tables", url],
            ["diff", template, url],
            ["load", items, "--tables", template, "--to", url],
        ):
            assert main(command) == 1
            assert capsys.readouterr().err == (
                f'ddbmock: {url}: Could not connect to the endpoint URL: "{url}/"\n'
            )

    def test_a_profile_that_is_not_there(self, capsys, monkeypatch):
        monkeypatch.setenv("AWS_PROFILE", "nosuch")
        assert main(["tables", "http://127.0.0.1:1"]) == 1
        assert "The config profile (nosuch) could not be found" in capsys.readouterr().err


class TestDiff:
    def test_what_differs(self, capsys, template, items, tmp_path):
        first, second = str(tmp_path / "first.json"), str(tmp_path / "second.json")
        assert main(["load", items, "--tables", template, "--to", first]) == 0
        changed = tmp_path / "changed" / "orders.jsonl"
        changed.parent.mkdir()
        changed.write_text('{"id": "2", "day": 9}\n{"id": "3"}\n')
        assert main(["load", str(changed), "--tables", template, "--to", second]) == 0
        capsys.readouterr()
        assert main(["diff", first, first]) == 0
        assert capsys.readouterr().out == ""
        assert main(["diff", first, second]) == 1
        assert sorted(capsys.readouterr().out.splitlines()) == [
            "+ orders {'id': '2', 'day': 9}",
            "+ orders {'id': '3'}",
            "- orders {'id': '1', 'day': 7}",
            "- orders {'id': '2', 'day': 8}",
        ]

    def test_tables_and_settings(self, capsys, template, tmp_path):
        other = tmp_path / "other.yaml"
        other.write_text(
            TEMPLATE.replace(
                "BillingMode: PAY_PER_REQUEST",
                "DeletionProtectionEnabled: true\n      BillingMode: PAY_PER_REQUEST",
            )
        )
        assert main(["diff", template, str(other), "--only-tables"]) == 1
        assert capsys.readouterr().out == (
            "~ table orders: DeletionProtectionEnabled: False -> True\n"
        )
        empty = tmp_path / "empty.yaml"
        empty.write_text(TEMPLATE.replace("TableName: orders", "TableName: customers"))
        assert main(["diff", template, str(empty)]) == 1
        assert capsys.readouterr().out.splitlines() == ["+ table customers", "- table orders"]

    def test_a_table_that_neither_has(self, capsys, template):
        assert main(["diff", template, template, "--table", "order"]) == 1
        assert capsys.readouterr().err == (
            "ddbmock: no table 'order' in us-east-1; the tables that exist: orders\n"
        )


def test_a_folder_for_exports(tmp_path):
    (tmp_path / "archive").mkdir()
    with running("--s3", str(tmp_path)) as (_, url):
        client = client_of(url)
        client.import_table(
            S3BucketSource={"S3Bucket": "archive"},
            InputFormat="CSV",
            TableCreationParameters={
                "TableName": "orders",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        )
        assert client.list_tables()["TableNames"] == ["orders"]
