"""`ddb.save`, and `ddb.load` of what it wrote: all as it was, and nothing of a damaged file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ddbmock import UnsupportedError, mock_dynamodb
from ddbmock._internal.data import FileError, Location
from ddbmock._internal.data.requests import run_in
from ddbmock._internal.data.saved_state.sections import record_section
from ddbmock._internal.data.saved_state.state import LoadedState
from ddbmock._internal.data.typed_json import WrongTypeError
from tests.random_examples import examples

TABLE = {
    "TableName": "things",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


@pytest.fixture
def state(shop, dynamodb_client, tmp_path):
    """The file of a backend with a second region, a stream, tags and a time to live."""
    shop.clock.freeze(NOON)
    shop.load({"orders": [{"orderId": "o-1", "customerId": 7, "blob": b"x", "until": 1}]})
    boto3.client("dynamodb", "eu-west-1").create_table(
        TableName="events",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("pk", "S"), ("sk", "B"), ("at", "N"))
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "byTime",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["what"]},
            }
        ],
        ProvisionedThroughput={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        Tags=[{"Key": "team", "Value": "shop"}],
        DeletionProtectionEnabled=True,
        TableClass="STANDARD_INFREQUENT_ACCESS",
    )
    shop.load({"events": [{"pk": "a", "sk": b"1", "at": 5, "what": "x"}]})
    shop.load({"events": [{"pk": "a", "sk": b"1", "at": 6, "what": "y"}]})
    path = tmp_path / "state.json"
    shop.save(path)
    return path


def descriptions(region, name):
    client = boto3.client("dynamodb", region)
    table = client.describe_table(TableName=name)["Table"]
    tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return table, tags


def everything(ddb):
    """All that a test can see of a backend."""
    return [
        descriptions("us-east-1", "orders"),
        descriptions("eu-west-1", "events"),
        ddb.tables["orders"].items,
        ddb.tables["events"].items,
        ddb.tables["events"].indexes["byTime"].items,
        ddb.tables["events"].stream.records,
        ddb.tables["events"].stream.shard_ids,
        ddb.clock.now(),
    ]


# --- everything is as it was ---------------------------------------------------------------------


def test_a_saved_state_is_as_it_was(state, shop):
    before = everything(shop)
    with mock_dynamodb(isolate=True) as other:
        assert other.load(state) == 2
        assert everything(other) == before
        assert other.tables["orders"].indexes["byCustomer"].item_count == 1
        assert other.clock.is_frozen
        other._backend.region("eu-west-1").tables["events"]._check()


def test_it_can_be_saved_again(state, tmp_path):
    with mock_dynamodb(isolate=True) as other:
        other.load(state)
        other.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == state.read_text()


@pytest.mark.parametrize("name", ["state.json.gz", "state"])
def test_any_file_name(shop, tmp_path, name):
    shop.load({"orders": [{"orderId": "a"}]})
    shop.save(tmp_path / name)
    shop.reset()
    assert shop.load(tmp_path / name) == 1
    assert sorted(shop.tables) == ["customers", "orders"]


def test_a_time_to_live_continues(shop, dynamodb_client, tmp_path):
    shop.clock.freeze(NOON)
    dynamodb_client.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
    shop.load({"orders": [{"orderId": "o-1", "until": int(NOON.timestamp()) + 60}]})
    shop.save(tmp_path / "state.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "state.json")
        assert other.tables["orders"].item_count == 1
        other.clock.advance(timedelta(days=3))
        assert other.tables["orders"].item_count == 0


def test_what_is_in_progress_is_over(tmp_path):
    path = tmp_path / "state.json"
    with mock_dynamodb(isolate=True, delays=60) as ddb:
        client = boto3.client("dynamodb", "us-east-1")
        ddb.clock.freeze(NOON)
        for name in ("created", "deleted"):
            client.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        ddb.clock.advance(61)
        client.delete_table(TableName="deleted")
        client.update_table(
            TableName="created",
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 2, "WriteCapacityUnits": 2},
        )
        ddb.save(path)
    with mock_dynamodb(isolate=True) as other:
        other.load(path)
        assert sorted(other.tables) == ["created"]
        table = boto3.client("dynamodb", "us-east-1").describe_table(TableName="created")["Table"]
        assert table["TableStatus"] == "ACTIVE"
        assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 2


def test_streams_continue(shop, dynamodb_client, tmp_path):
    """Records keep their ids and numbers; new ones follow them, also after a split."""
    shop.clock.freeze(NOON)
    dynamodb_client.update_table(
        TableName="orders",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    shop.load({"orders": [{"orderId": "a"}, {"orderId": "b"}]})
    shop.tables["orders"].stream.split()
    shop.load({"orders": [{"orderId": "c"}]})
    before = shop.tables["orders"].stream.records
    path = tmp_path / "state.json"
    shop.save(path)
    with mock_dynamodb(isolate=True) as other:
        other.load(path)
        stream = other.tables["orders"].stream
        assert stream.records == before
        boto3.client("dynamodb", "us-east-1").put_item(
            TableName="orders", Item={"orderId": {"S": "d"}}
        )
        *old, new = stream.records
        assert old == before
        assert new["NewImage"] == {"orderId": {"S": "d"}}
        assert int(new["SequenceNumber"]) > int(old[-1]["SequenceNumber"])
        restored = other._backend.region("us-east-1").tables["orders"].stream
        assert restored is not None
        restored._check()


def test_streams_of_tables_that_are_deleted_can_be_read(shop, dynamodb_client, tmp_path):
    shop.clock.freeze(NOON)
    dynamodb_client.update_table(
        TableName="orders",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    shop.load({"orders": [{"orderId": "a"}]})
    arn = shop.tables["orders"].stream.arn
    dynamodb_client.delete_table(TableName="orders")
    path = tmp_path / "state.json"
    shop.save(path)
    with mock_dynamodb(isolate=True) as other:
        other.load(path)
        client = boto3.client("dynamodbstreams", "us-east-1")
        (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        (record,) = client.get_records(ShardIterator=iterator)["Records"]
        assert record["dynamodb"]["Keys"] == {"orderId": {"S": "a"}}


def test_all_accounts(shop, tmp_path):
    own = shop._backend.region("us-east-1")
    other_account = shop._backend.region("us-east-1", "210987654321")
    run_in(other_account, "CreateTable", TABLE)
    path = tmp_path / "state.json"
    shop.save(path)
    with mock_dynamodb(isolate=True) as other:
        other.load(path)
        assert list(other._backend.region("us-east-1").tables) == list(own.tables)
        assert list(other._backend.region("us-east-1", "210987654321").tables) == ["things"]


def test_a_moved_clock_continues_from_where_it_was(shop, tmp_path):
    shop.clock.advance(days := timedelta(days=3))
    shop.save(tmp_path / "state.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "state.json")
        moved = other.clock.now() - datetime.now(timezone.utc)
        assert abs(moved - days) < timedelta(seconds=60)
        assert not other.clock.is_frozen


def test_the_clock_of_a_state_that_was_not_moved_is_left_alone(shop, tmp_path):
    shop.save(tmp_path / "state.json.gz")
    with mock_dynamodb(isolate=True) as other:
        other.clock.freeze(NOON)
        other.load(tmp_path / "state.json.gz")
        assert other.clock.now() == NOON


def test_a_load_of_a_state_can_be_rolled_back(state):
    with mock_dynamodb(isolate=True) as other:
        with other.rollback():
            other.load(state)
        assert not other.tables
        other.load(state)
        assert sorted(other.tables) == ["customers", "orders"]


def test_a_long_load_shows_its_progress(shop, tmp_path, monkeypatch):
    monkeypatch.setattr("ddbmock._internal.data.progress.RECORDS_PER_UPDATE", 10)
    shop.load({"orders": [{"orderId": str(number)} for number in range(30)]})
    path = tmp_path / "state.json"
    shop.save(path)
    shop.reset()
    shown = []
    monkeypatch.setattr(
        "ddbmock._internal.data.progress.Progress._write", lambda _, text: shown.append(text)
    )
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    shop.load(path)
    assert shown[0].startswith("ddbmock: loading state.json: 10 items (")


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_frozen", [False, True])
def test_the_clock_of_the_file_is_not_a_time_that_a_task_sees(shop, tmp_path, is_frozen):
    if is_frozen:
        shop.clock.freeze(NOON)
    path = tmp_path / "state.json"
    with shop.clock.showing(NOON.timestamp() - 3600):  # as an alarm that was due then
        shop.save(path)
    head = json.loads(path.read_text().splitlines()[0])
    saved = {"frozen_at": NOON.timestamp()} if is_frozen else {"moved_seconds": 0.0}
    assert head["ddbmock"]["clock"] == saved


def test_the_lines_of_the_file(shop, tmp_path):
    shop.clock.freeze(NOON)
    shop.load({"customers": [{"customerId": 7}]})
    path = tmp_path / "state.json"
    shop.save(path)
    head, region, customers, item, orders = map(json.loads, path.read_text().splitlines())
    assert head == {"ddbmock": {"version": 2, "clock": {"frozen_at": NOON.timestamp()}}}
    assert region == {"region": {"account": "123456789012", "name": "us-east-1"}}
    assert customers["table"]["definition"] == {
        "TableName": "customers",
        "KeySchema": [{"AttributeName": "customerId", "KeyType": "HASH"}],
    }
    assert customers["table"]["settings"]["billing_mode"] == "PAY_PER_REQUEST"
    assert item == {"Item": {"customerId": {"N": "7"}}}
    assert list(orders) == ["table"]


def test_a_kind_of_resource_that_no_section_writes(shop, tmp_path):
    @dataclass(frozen=True)
    class Backup:
        name: str

    shop._backend.region("us-east-1").store.of(Backup).put("arn", Backup("b"))
    with pytest.raises(UnsupportedError, match="does not save resources of the kind Backup"):
        shop.save(tmp_path / "state.json")
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Policy:
    """A kind of resource as a later version may have it."""

    text: str
    revision: int = 1


def test_a_kind_that_is_a_frozen_record_needs_a_row(shop, tmp_path):
    section = record_section("policy", Policy)
    region = shop._backend.region("us-east-1")
    region.store.of(Policy).put("arn:1", Policy("{}", 3))
    (line,) = section.write(region)
    assert line == {"policy": {"key": "arn:1", "content": {"text": "{}", "revision": 3}}}
    with mock_dynamodb(isolate=True) as other:
        state = LoadedState(other._backend, Location("state.json", 3))
        state.enter_region(other._backend.region("us-east-1"))
        section.readers["policy"](state, line["policy"])
        restored = other._backend.region("us-east-1").store.of(Policy).records
        assert restored == {"arn:1": Policy("{}", 3)}
        with pytest.raises(WrongTypeError, match=r"policy.content.revision takes a whole number"):
            section.readers["policy"](
                state, {"key": "arn:1", "content": {"text": "", "revision": "x"}}
            )


# --- what is wrong -------------------------------------------------------------------------------


def test_a_table_that_exists_already(state):
    with mock_dynamodb(isolate=True) as other:
        other.load(state)
        with pytest.raises(FileError) as raised:
            other.load(state)
    assert str(raised.value) == (
        f"{state}:3: the table customers is in us-east-1 already; reset() first, or delete it"
    )


def test_a_state_is_not_for_one_table(state, shop):
    with pytest.raises(FileError, match="this is a saved state; load it without table="):
        shop.load(state, table="orders")


def test_a_state_of_another_version(tmp_path, ddb):
    path = tmp_path / "state.json"
    path.write_text('{"ddbmock": {"version": 99}}')
    with pytest.raises(
        FileError, match="a saved state of version 99; this ddbmock reads version 2"
    ):
        ddb.load(path)


def replaced(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


WRONG = [
    (
        '"frozen_at": 1769860800.0',
        '"frozen_at": 1e300',
        "1: damaged: frozen_at takes a time between",
    ),
    (
        '"frozen_at": 1769860800.0',
        '"frozen_at": "x"',
        "1: damaged: frozen_at takes a time in seconds",
    ),
    ('"frozen_at": 1769860800.0', '"moved_seconds": 1e300', "1: damaged: moved_seconds is missing"),
    ('"clock": {', '"clock": 5, "c": {', "1: damaged: the clock is missing"),
    ('{"region"', '{"place"', "2: ddbmock does not know what 'place' is; a newer version"),
    ('"account": "123456789012"', '"account": 5', "2: damaged: region.account takes text, not 5"),
    (
        '"TableName": "customers"',
        '"TableName": 5',
        "3: damaged: Invalid type for parameter TableName",
    ),
    ('"TableName": "customers"', '"TableName": "a b"', "3: damaged: 1 validation error detected: "),
    ('"KeySchema"', '"Key"', "3: damaged: "),
    ('"created_at": 1', '"created_at": "1', "3: damaged: not JSON: "),
    ('"created_at": ', '"created_at": -', "3: damaged: settings.created_at takes a time between"),
    ('"PAY_PER_REQUEST"', '"FREE"', "3: damaged: 1 validation error detected: Value 'FREE' at"),
    (
        '"table_class": null',
        '"table_class": "()"',
        "3: damaged: Invalid table-class parameter provi",
    ),
    (
        '"read_units": 0',
        '"read_units": []',
        "3: damaged: settings.throughput.read_units takes a who",
    ),
    (
        '"time_to_live": null',
        '"time_to_live": {"()": "print"}',
        "3: damaged: settings.time_to_live.()",
    ),
    ('"orderId": {"S": "o-1"}', '"orderId": {"S": ""}', "5: damaged: One or more parameter values"),
    (
        '"orderId": {"S": "o-1"}',
        '"orderId": {"N": "1"}',
        "5: damaged: One or more parameter values",
    ),
    ('"orderId": {"S": "o-1"}', '"id": {"S": "o-1"}', "5: damaged: One or more parameter values"),
    (
        '"orderId": {"S": "o-1"}',
        '"orderId": {"S": 5}',
        "5: damaged: attribute orderId: S takes text",
    ),
    ('"customerId": {"N": "7"}', '"customerId": {"S": "7"}', "5: damaged: One or more parameter"),
    (
        '"customerId": {"N": "7"}',
        '"n": {"N": "x"}',
        "5: damaged: The parameter cannot be converted",
    ),
    ('{"Item": {', '{"Item": 5, "x": {', "5: damaged: an object with one member is expected"),
    ('{"Item": {"orderId"', '{"record": {"orderId"', "5: damaged: record.orderId is unknown"),
    ('"view_type": "NEW_AND_OLD_IMAGES"', '"view_type": "ALL"', "9: damaged: no view type 'ALL'"),
    (
        '"first_hash": 0',
        '"first_hash": 1',
        "9: damaged: the open shards do not cover all keys once",
    ),
    ('"is_latest": true', '"is_latest": false', "9: damaged: an enabled stream is the latest of"),
    ('"StreamEnabled": true, ', "", "11: damaged: the table events has another stream than its"),
    ('"sequence": ', '"sequence": 9', "10: damaged: sequence is not in order"),
    ('"shard_id": "shardId-', '"shard_id": "', "10: damaged: no shard 'shardId-"),
]


@pytest.mark.parametrize(("old", "new", "problem"), WRONG)
def test_a_damaged_state_leaves_nothing(state, old, new, problem):
    state.write_text(replaced(state.read_text(), old, new))
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(FileError) as raised:
            other.load(state)
        assert str(raised.value).startswith(f"{state}:{problem}")
        assert not other.tables
        assert not other.clock.is_frozen


@pytest.mark.parametrize("is_database", [False, True], ids=["saved state", "database"])
def test_the_stream_of_a_table_that_is_being_deleted(tmp_path, is_database):
    path = tmp_path / "shop"
    with mock_dynamodb(isolate=True, delays=60, db=path if is_database else None) as ddb:
        client = boto3.client("dynamodb", "us-east-1")
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        ddb.settle()
        client.put_item(TableName="orders", Item={"id": {"S": "1"}})
        client.delete_table(TableName="orders")
        if not is_database:
            ddb.save(path)
    with mock_dynamodb(isolate=True, db=path if is_database else None) as other:
        if not is_database:
            other.load(path)
        assert not other.tables
        client = boto3.client("dynamodbstreams", "us-east-1")
        (stream,) = client.list_streams()["Streams"]
        described = client.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
        assert described["StreamStatus"] == "DISABLED"
        iterator = client.get_shard_iterator(
            StreamArn=stream["StreamArn"],
            ShardId=described["Shards"][0]["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        (record,) = client.get_records(ShardIterator=iterator)["Records"]
        assert record["dynamodb"]["NewImage"] == {"id": {"S": "1"}}


STREAM_DAMAGE = [
    (8, "stream.shards.0.ending_sequence", 9, "the open shards do not cover all keys once"),
    (8, "stream.disabled_at", 5, "an open shard in a disabled stream"),
    (8, "stream.partition", [], "the key of the stream is wrong"),
    (8, "stream.sort.0.kind", "N", "the key is not that of the table events"),
    (8, "stream.table_name", "none", "no table none for this stream before it"),
    (9, "record.new", None, "the images do not have one key"),
    (9, "record.at", "x", "record.at takes a time in seconds, not 'x'"),
    (10, "record.sequence", 1, "sequence is not in order"),
    (10, "record.old.pk", {"S": "other"}, "the images do not have one key"),
]


@pytest.mark.parametrize(("number", "path", "value", "problem"), STREAM_DAMAGE)
def test_a_damaged_stream(state, number, path, value, problem):
    lines = state.read_text().splitlines()
    line = json.loads(lines[number])
    *steps, last = path.split(".")
    inner = line
    for step in steps:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    inner[last] = value
    lines[number] = json.dumps(line)
    state.write_text("\n".join(lines))
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(FileError) as raised:
            other.load(state)
        assert raised.value.problem == f"damaged: {problem}"
        assert not other.tables


def test_a_record_in_the_wrong_shard(state):
    lines = state.read_text().splitlines()
    stream, record = json.loads(lines[8]), json.loads(lines[9])
    (shard,) = stream["stream"]["shards"]
    halves = [
        {**shard, "shard_id": "low", "hash_end": 2**63},
        {**shard, "shard_id": "high", "first_hash": 2**63, "starting_sequence": 2},
    ]
    stream["stream"] |= {"shards": halves, "next_sequence": 9}
    problems = []
    for shard_id in ("low", "high"):
        record["record"] |= {"shard_id": shard_id, "sequence": 5}
        state.write_text("\n".join([*lines[:8], json.dumps(stream), json.dumps(record)]))
        with mock_dynamodb(isolate=True) as other:
            try:
                other.load(state)
            except FileError as error:
                problems.append(error.problem)
    assert problems == ["damaged: the item belongs into another shard"]


def test_an_item_that_is_too_large(state):
    text = replaced(state.read_text(), '"eA=="', '"' + "eA" * 300_000 + '"')
    state.write_text(text)
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(FileError, match=r":5: damaged: .*size"):
            other.load(state)
        assert not other.tables


def test_two_items_with_one_key(state):
    lines = state.read_text().splitlines(keepends=True)
    state.write_text("".join([*lines[:5], lines[4], *lines[5:]]))
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(
            FileError, match=":6: damaged: the table has an item with this key already"
        ):
            other.load(state)
        assert not other.tables


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_a_file_error(state, data):
    """Some bytes of the file, or a value of one of its lines, are replaced."""
    text = state.read_text()
    lines = text.splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    line = json.loads(lines[number])
    damage(line, data)
    lines[number] = json.dumps(line)
    path = state.with_name("damaged.json")
    path.write_text("\n".join(lines))
    with mock_dynamodb(isolate=True) as other:
        try:
            other.load(path)
        except FileError:
            assert not other.tables
        else:
            for table in other.tables:
                boto3.client("dynamodb", "us-east-1").describe_table(TableName=table)


def damage(value, data):
    """Replace one value somewhere in a document."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.integers(0, 4)):
            value = inner
            continue
        value[key] = data.draw(
            st.sampled_from(
                [None, 0, -1, 5, 1e300, "", "x", [], {}, [5], {"a": 5}, True, "()", 2**70]
            )
        )
        return
