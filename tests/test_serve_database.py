"""`serve --db FILE`, and what `serve` begins with: read once, whatever the access key."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import boto3
import pytest

import ddbmock
from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.command_line import main
from ddbmock._internal.controller.of_service import ServiceController

TEMPLATE = {
    "Resources": {
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "orders",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        }
    }
}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "template.json"
    path.write_text(json.dumps(TEMPLATE))
    return path


@pytest.fixture
def items(tmp_path):
    path = tmp_path / "orders.jsonl"
    path.write_text('{"id": "42"}\n{"id": "43"}\n')
    return path


@pytest.fixture
def db(tmp_path):
    return tmp_path / "shop.sqlite"


def client_of(url, access_key="x", region="us-east-1"):
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="x",
    )


def ids(client, table="orders"):
    return sorted(item["id"]["S"] for item in client.scan(TableName=table)["Items"])


def put(client, identifier):
    client.put_item(TableName="orders", Item={"id": {"S": identifier}})


# --- the database --------------------------------------------------------------------------------


def test_a_server_that_is_killed_continues(db, template):
    command = [sys.executable, "-m", "ddbmock", "serve", "--port", "0", "--db", str(db)]
    for number in range(2):
        process = subprocess.Popen(  # noqa: S603
            [*command, "--tables", str(template)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "COVERAGE_PROCESS_START": ""},
        )
        with process:
            try:
                assert process.stdout is not None
                (url,) = re.findall(r"on (http://\S+)", process.stdout.readline())
                client = client_of(url)
                assert ids(client) == [str(each) for each in range(number)]
                put(client, str(number))
            finally:
                process.kill()


def test_access_keys_and_regions_have_their_own_tables(db, template):
    signers = [("ANN", "us-east-1"), ("ANN", "eu-west-1"), ("BOB", "us-east-1")]
    for _ in range(2):
        with ddbmock.serve(db=db, tables=template) as url:
            for signer in signers:
                put(client_of(url, *signer), "-".join(signer))
    with ddbmock.serve(db=db) as url:
        for signer in signers:
            assert ids(client_of(url, *signer)) == ["-".join(signer)]


def test_what_the_database_has_is_not_loaded_again(db, template, items):
    with ddbmock.serve(db=db, tables=template, load=items) as url:
        client = client_of(url)
        client.delete_item(TableName="orders", Key={"id": {"S": "42"}})
        assert ids(client) == ["43"]
    with ddbmock.serve(db=db, tables=template, load=items) as url:
        assert ids(client_of(url)) == ["43"]
        assert ids(client_of(url, "other")) == ["42", "43"]
        assert ids(client_of(url, region="eu-west-1")) == ["42", "43"]


def test_a_table_that_the_template_has_since(db, template):
    with ddbmock.serve(db=db, tables=template) as url:
        put(client_of(url), "a")
    more = json.loads(json.dumps(TEMPLATE))
    more["Resources"]["Users"] = json.loads(
        json.dumps(TEMPLATE["Resources"]["Orders"]).replace("orders", "users")
    )
    template.write_text(json.dumps(more))
    with ddbmock.serve(db=db, tables=template) as url:
        assert client_of(url).list_tables()["TableNames"] == ["orders", "users"]
        assert ids(client_of(url)) == ["a"]


def test_a_table_that_the_template_has_with_another_key(db, template):
    with ddbmock.serve(db=db, tables=template) as url:
        put(client_of(url), "a")
    template.write_text(json.dumps(TEMPLATE).replace('"id"', '"name"'))
    with (
        pytest.raises(MisuseError, match="the table orders exists with other keys or indexes"),
        ddbmock.serve(db=db, tables=template),
    ):
        pass


def test_shared_tables(db, template):
    with ddbmock.serve(db=db, tables=template, shared=True) as url:
        put(client_of(url, "ANN", "eu-west-1"), "a")
    with ddbmock.serve(db=db, shared=True) as url:
        assert ids(client_of(url, "BOB")) == ["a"]
    with (
        pytest.raises(MisuseError, match=r"created with --shared: start it so again"),
        ddbmock.serve(db=db),
    ):
        pass


def test_a_file_that_is_no_database(tmp_path, capsys):
    (tmp_path / "x.sqlite").write_text("hello" * 1000)
    assert main(["serve", "--port", "0", "--db", str(tmp_path / "x.sqlite")]) == 1
    assert capsys.readouterr().err == f"ddbmock: {tmp_path / 'x.sqlite'}: this is no database\n"


# --- the other commands --------------------------------------------------------------------------


def test_the_database_of_a_server_that_was_killed(db, template, capsys):
    command = [sys.executable, "-m", "ddbmock", "serve", "--port", "0", "--shared"]
    with subprocess.Popen(  # noqa: S603
        [*command, "--db", str(db), "--tables", str(template)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COVERAGE_PROCESS_START": ""},
    ) as process:
        try:
            assert process.stdout is not None
            (url,) = re.findall(r"on (http://\S+)", process.stdout.readline())
            put(client_of(url), "42")
        finally:
            process.kill()
    assert main(["tables", str(db)]) == 0
    assert capsys.readouterr().out == "orders  id (S)  1 item\n"


@pytest.fixture
def shop(db):
    with mock_dynamodb(isolate=True, db=db) as ddb:
        ddbmock.tables_from(TEMPLATE).create(ddb)
        ddb.load({"orders": [{"id": "42"}]})
    return db


def test_tables(shop, capsys):
    assert main(["tables", str(shop)]) == 0
    assert capsys.readouterr().out == "orders  id (S)  1 item\n"


def test_load_and_dump(shop, tmp_path, capsys):
    (tmp_path / "orders.jsonl").write_text('{"id": "44"}\n')
    assert main(["load", str(tmp_path / "orders.jsonl"), "--to", str(shop)]) == 0
    assert main(["dump", str(shop), str(tmp_path / "all.jsonl")]) == 0
    found = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert sorted(each["id"]["S"] for each in found) == ["42", "44"]
    capsys.readouterr()


def test_a_load_that_fails_changes_nothing(shop, tmp_path, capsys):
    (tmp_path / "orders.jsonl").write_text('{"id": "44"}\n{"id": 5}\n')
    assert main(["load", str(tmp_path / "orders.jsonl"), "--to", str(shop)]) == 1
    assert main(["tables", str(shop)]) == 0
    assert capsys.readouterr().out == "orders  id (S)  1 item\n"


# --- what an endpoint begins with ----------------------------------------------------------------


@pytest.fixture
def loaded(monkeypatch):
    """The paths that were loaded."""
    paths = []
    load = ServiceController.load

    def noting(controller, path, *more):
        paths.append(path)
        return load(controller, path, *more)

    monkeypatch.setattr(ServiceController, "load", noting)
    return paths


def test_each_source_is_read_once(template, items, loaded):
    with ddbmock.serve(tables=template, load=items) as url:
        for access_key in ("ANN", "BOB"):
            for region in ("us-east-1", "eu-west-1"):
                client = client_of(url, access_key, region)
                assert ids(client) == ["42", "43"]
                put(client, access_key)
                assert ids(client) == ["42", "43", access_key]
                (stream,) = client.list_tables()["TableNames"]
                arn = client.describe_table(TableName=stream)["Table"]["LatestStreamArn"]
                assert f":{region}:" in arn
    assert loaded == [items]


def test_a_saved_state_is_read_once(tmp_path, template, loaded):
    with mock_dynamodb(isolate=True) as ddb:
        ddbmock.tables_from(template).create(ddb)
        ddb.load({"orders": [{"id": "42"}]})
        ddb.clock.freeze("2026-01-31T12:00:00Z")
        ddb.save(tmp_path / "state.json")
    with ddbmock.serve(load=tmp_path / "state.json") as url:
        for access_key in ("ANN", "BOB"):
            client = client_of(url, access_key)
            assert ids(client) == ["42"]
            put(client, access_key)
            assert ids(client) == ["42", access_key]
    assert loaded == [tmp_path / "state.json"]
