"""The command line: what it answers, what it says of mistakes, how it ends."""

from __future__ import annotations

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
from ddbmock.__main__ import main

pytest.importorskip("uvicorn")

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
    """What the command says of a mistake."""
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
        with urlopen(url, timeout=10) as answer:  # noqa: S310
            assert answer.read() == b"healthy: dynamodb.us-east-1.amazonaws.com "
        client = client_of(url)
        assert create_table(client)["TableStatus"] == "ACTIVE"
        assert client_of(url, access_key="y").list_tables()["TableNames"] == []
        # The client keeps its connection open: that is no reason to go on.
        assert end(process) == (0, "", "\n")


def test_it_ends_when_it_is_told_to():
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
        (["serve", "--help"], ["--port", "--host", "--load", "--delays", "--shared", "8000"]),
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


def test_help_needs_no_server():
    program = (
        "import sys; sys.modules['uvicorn'] = sys.modules['botocore'] = None;"
        "from ddbmock.__main__ import main; main(['serve', '--help'])"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def test_mistakes_in_the_command_line(capsys):
    assert "the following arguments are required: COMMAND" in refused(capsys)
    assert "invalid choice: 'server'" in refused(capsys, "server")
    for given, expected in [
        ("--prot", "unknown option --prot, did you mean --port?"),
        ("--delay=5", "unknown option --delay=5, did you mean --delays?"),
        ("--database", "unknown option --database"),
        ("--port=70000", "argument --port: '70000' is no port: 0 to 65535, 0 = a free one"),
        ("--port=http", "argument --port: 'http' is no port: 0 to 65535, 0 = a free one"),
        ("--delays=soon", "argument --delays: 'soon' is no number of seconds"),
        ("--delays=-1", "argument --delays: '-1' is no number of seconds"),
        ("--delays=inf", "argument --delays: 'inf' is no number of seconds"),
    ]:
        assert refused(capsys, "serve", given) == f"python -m ddbmock serve: error: {expected}"


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
    path = tmp_path / "world.json"
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


def test_without_an_asgi_server(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve"]) == 1
    assert "pip install 'ddbmock[server]'" in capsys.readouterr().err
