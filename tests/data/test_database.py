"""`mock_dynamodb(db=...)`: a state that is on disk, written at each change and read again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import boto3
import pytest

from ddbmock import MisuseError, UnsupportedError, mock_dynamodb
from ddbmock._internal.data import FileError, database
from ddbmock._internal.data.database import DatabaseFile
from ddbmock._internal.data.saved_state import sections
from ddbmock._internal.data.saved_state.sections import record_section

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "shop.sqlite"


@pytest.fixture
def client(path):
    """A client whose tables are in the database, with the table orders."""
    with mock_dynamodb(isolate=True, db=path) as ddb:
        client = boto3.client("dynamodb", "us-east-1")
        create_table(client)
        client.ddb = ddb
        yield client


def create_table(client, name="orders", **more):
    client.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "line", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "line", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
        **{
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            **more,
        },
    )


def put(client, identifier, line="1", **more):
    client.put_item(TableName="orders", Item={"id": {"S": identifier}, "line": {"N": line}, **more})


def everything(ddb):
    """All that a test can see of a backend."""
    tables = {}
    for region in ddb.regions.values():
        described = boto3.client("dynamodb", region.name)
        for name, view in region.tables.items():
            description = described.describe_table(TableName=name)["Table"]
            tables[region.name, name] = (
                description,
                view.items,
                {index_name: index.items for index_name, index in view.indexes.items()},
                view.stream.records if "LatestStreamArn" in description else None,
            )
    return tables, ddb.clock.now() if ddb.clock.is_frozen else None


def reopened(ddb, path, tmp_path):
    """What a process that starts now finds: the file is copied as it is, while it is open."""
    copy = tmp_path / "copy.sqlite"
    for suffix in ("", "-wal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            copy.with_name(copy.name + suffix).write_bytes(part.read_bytes())
    with mock_dynamodb(isolate=True, db=copy) as other:
        found = everything(other)
        for region in other._backend.all_regions():
            for table in region.tables.values():
                table._check()
    for left in tmp_path.glob("copy.sqlite*"):
        left.unlink()
    return found


@pytest.fixture
def is_stored(path, tmp_path):
    """Assert that the database has what the mock has, at this moment."""

    def check(ddb):
        assert reopened(ddb, path, tmp_path) == everything(ddb)

    return check


# --- what is written -----------------------------------------------------------------------------


def test_items(client, is_stored):
    put(client, "a", "1.50", note={"S": "Zoë \ud83d"}, raw={"B": b"\0\xff"})
    put(client, "b")
    is_stored(client.ddb)
    put(client, "a", "1.5", note={"S": "changed"})
    client.delete_item(TableName="orders", Key={"id": {"S": "b"}, "line": {"N": "1.0"}})
    is_stored(client.ddb)
    assert client.ddb.tables["orders"].item_count == 1


def test_a_transaction_and_a_batch(client, is_stored):
    items = [{"id": {"S": name}, "line": {"N": "1"}} for name in "abc"]
    client.transact_write_items(
        TransactItems=[{"Put": {"TableName": "orders", "Item": item}} for item in items]
    )
    client.batch_write_item(
        RequestItems={"orders": [{"DeleteRequest": {"Key": item}} for item in items[:2]]}
    )
    is_stored(client.ddb)


def test_changes_of_tables(client, is_stored):
    put(client, "a", category={"S": "x"})
    client.update_table(
        TableName="orders",
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "line", "AttributeType": "N"},
            {"AttributeName": "category", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexUpdates=[
            {
                "Create": {
                    "IndexName": "byCategory",
                    "KeySchema": [{"AttributeName": "category", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            }
        ],
    )
    is_stored(client.ddb)
    client.update_table(TableName="orders", StreamSpecification={"StreamEnabled": False})
    is_stored(client.ddb)
    client.delete_table(TableName="orders")
    is_stored(client.ddb)
    create_table(client, StreamSpecification={"StreamEnabled": False})
    is_stored(client.ddb)


def test_another_region(client, is_stored):
    create_table(boto3.client("dynamodb", "eu-west-1"), "events")
    is_stored(client.ddb)


def test_a_clock(client, is_stored):
    client.ddb.clock.freeze(NOON)
    put(client, "a")
    is_stored(client.ddb)
    client.ddb.clock.advance(hours=30)
    is_stored(client.ddb)


def test_a_clock_that_is_started_again(client, path, tmp_path):
    client.ddb.clock.freeze(NOON)
    client.ddb.clock.unfreeze()
    _, frozen_at = reopened(client.ddb, path, tmp_path)
    assert frozen_at is None


def test_records_that_are_too_old(client, is_stored, path):
    client.ddb.clock.freeze(NOON)
    put(client, "a")
    client.ddb.clock.advance(hours=25)
    put(client, "b")
    is_stored(client.ddb)
    assert len(client.ddb.tables["orders"].stream.records) == 1
    assert len(_parts(client.ddb, path)) == 3  # two items, one record


def _parts(ddb, path):
    with mock_dynamodb(isolate=True):  # the file is read as it is, not through the mock
        copy = path.with_name("parts.sqlite")
        for suffix in ("", "-wal"):
            part = path.with_name(path.name + suffix)
            copy.with_name(copy.name + suffix).write_bytes(part.read_bytes())
        connection = sqlite3.connect(copy)
        try:
            return connection.execute("SELECT key FROM parts").fetchall()
        finally:
            connection.close()


def test_expired_items(client, is_stored):
    client.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"},
    )
    client.ddb.clock.freeze(NOON)
    put(client, "a", until={"N": str(int(NOON.timestamp()) + 60)})
    client.ddb.clock.advance(days=3)
    assert client.ddb.tables["orders"].item_count == 0
    is_stored(client.ddb)


def test_loads_and_what_is_rolled_back(client, is_stored):
    with client.ddb.rollback():
        client.ddb.load({"orders": [{"id": "a", "line": 1}, {"id": "b", "line": 1}]})
        is_stored(client.ddb)
        create_table(client, "other")
        is_stored(client.ddb)
    is_stored(client.ddb)
    with pytest.raises(FileError):
        client.ddb.load({"orders": [{"id": "a", "line": 1}, {"id": "b"}]})
    is_stored(client.ddb)
    assert client.ddb.tables["orders"].items == []
    client.ddb.load({"orders": [{"id": "a", "line": 1}]})
    client.ddb.reset()
    is_stored(client.ddb)


def test_backups(client, path, tmp_path):
    put(client, "a")
    made = client.create_backup(TableName="orders", BackupName="before")["BackupDetails"]
    put(client, "b")
    copy = tmp_path / "again.sqlite"
    for suffix in ("", "-wal"):
        part = path.with_name(path.name + suffix)
        copy.with_name(copy.name + suffix).write_bytes(part.read_bytes())
    with mock_dynamodb(isolate=True, db=copy) as other:
        client.restore_table_from_backup(TargetTableName="old", BackupArn=made["BackupArn"])
        assert [item["id"]["S"] for item in other.tables["old"].items] == ["a"]


ON = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}


class TestPast:
    """Point-in-time recovery of what a database has."""

    @pytest.fixture
    def reopen(self, path, tmp_path):
        """Returns a function that opens a copy of the database, again a copy of that, and so on."""
        copies = [path]

        def reopen():
            copy = tmp_path / f"copy-{len(copies)}.sqlite"
            for suffix in ("", "-wal"):
                part = copies[-1].with_name(copies[-1].name + suffix)
                if part.exists():  # a database that was closed has one file
                    copy.with_name(copy.name + suffix).write_bytes(part.read_bytes())
            copies.append(copy)
            return mock_dynamodb(isolate=True, db=copy)

        return reopen

    def restored(self, client, ddb, seconds):
        """Return the ids in the table at some seconds after noon."""
        name = f"at-{seconds}"
        client.restore_table_to_point_in_time(
            SourceTableName="orders",
            TargetTableName=name,
            RestoreDateTime=NOON + timedelta(seconds=seconds),
        )
        items = sorted(
            (item["id"]["S"], item["text"]["S"] if "text" in item else "")
            for item in ddb.tables[name].items
        )
        client.delete_table(TableName=name)
        return items

    def test_it_continues_after_a_restart(self, client, reopen):
        client.ddb.clock.freeze(NOON)
        client.update_continuous_backups(TableName="orders", **ON)
        put(client, "a", text={"S": "1"})
        client.ddb.clock.advance(10)
        put(client, "a", text={"S": "2"})
        put(client, "b")
        client.ddb.clock.advance(10)
        client.delete_item(TableName="orders", Key={"id": {"S": "b"}, "line": {"N": "1"}})
        states = {5: [("a", "1")], 15: [("a", "2"), ("b", "")], 25: [("a", "2")]}
        with reopen() as ddb:
            ddb.clock.advance(600)
            assert {at: self.restored(client, ddb, at) for at in states} == states
            put(client, "a", text={"S": "3"})
            put(client, "c")
        with reopen() as ddb:
            ddb.clock.advance(600)
            put(client, "d")
            ddb.clock.advance(600)
            states |= {625: [("a", "3"), ("c", "")], 1225: [("a", "3"), ("c", ""), ("d", "")]}
            assert {at: self.restored(client, ddb, at) for at in states} == states
            recovery = client.describe_continuous_backups(TableName="orders")
            period = recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
            assert period["EarliestRestorableDateTime"] == NOON

    def test_an_item_that_came_and_went_in_one_block(self, client, reopen):
        client.ddb.clock.freeze(NOON)
        client.update_continuous_backups(TableName="orders", **ON)
        client.ddb.load({"orders": [{"id": "a", "line": 1}, {"id": "a", "line": 1, "text": "2"}]})
        with client.ddb.rollback():
            put(client, "b")
        put(client, "c")
        client.ddb.clock.advance(600)
        client.delete_item(TableName="orders", Key={"id": {"S": "c"}, "line": {"N": "1"}})
        with reopen() as ddb:
            ddb.clock.advance(600)
            assert self.restored(client, ddb, 10) == [("a", "2"), ("c", "")]
            assert self.restored(client, ddb, 610) == [("a", "2")]

    def test_what_has_left_the_period_is_deleted(self, client, path):
        client.ddb.clock.freeze(NOON)
        client.update_table(TableName="orders", StreamSpecification={"StreamEnabled": False})
        client.update_continuous_backups(TableName="orders", **ON)
        client.ddb.clock.advance(days=2)
        for number in range(5):
            put(client, "a", text={"S": str(number)})
        assert len(_parts(client.ddb, path)) == 1 + 5
        client.ddb.clock.advance(days=36)
        put(client, "a")
        assert len(_parts(client.ddb, path)) == 1 + 1
        off = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}
        client.update_continuous_backups(TableName="orders", **off)
        assert len(_parts(client.ddb, path)) == 1

    def test_indexes_of_then(self, client, reopen):
        client.ddb.clock.freeze(NOON)
        client.update_continuous_backups(TableName="orders", **ON)
        client.ddb.clock.advance(10)
        client.update_table(
            TableName="orders",
            AttributeDefinitions=[{"AttributeName": "text", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[
                {
                    "Create": {
                        "IndexName": "byText",
                        "KeySchema": [{"AttributeName": "text", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                }
            ],
        )
        with reopen() as ddb:
            ddb.clock.advance(600)
            for seconds, names in ((5, []), (15, ["byText"])):
                client.restore_table_to_point_in_time(
                    SourceTableName="orders",
                    TargetTableName=f"at-{seconds}",
                    RestoreDateTime=NOON + timedelta(seconds=seconds),
                )
                assert list(ddb.tables[f"at-{seconds}"].indexes) == names


def test_records_of_other_kinds(client, is_stored, path, tmp_path, monkeypatch):
    @dataclass(frozen=True)
    class Backup:
        name: str

    row = record_section("backup", Backup)
    both = (*sections.SECTIONS, row)
    for module in ("attached", "rows"):
        monkeypatch.setattr(f"ddbmock._internal.data.database.{module}.SECTIONS", both)
    monkeypatch.setitem(
        __import__("ddbmock._internal.data.saved_state.reading", fromlist=["_READERS"])._READERS,
        "backup",
        row.readers["backup"],
    )
    monkeypatch.setattr("ddbmock._internal.data.saved_state.writing.SECTIONS", both)
    backend = client.ddb._backend
    backups = backend.region("us-east-1").store.of(Backup)
    for change in (
        lambda: backups.put("arn:1", Backup("one")),
        lambda: backups.put("arn:2", Backup("two")),
        lambda: backups.put("arn:1", Backup("other")),
        lambda: backups.remove("arn:2"),
    ):
        with backend.atomic():
            change()
    copy = tmp_path / "again.sqlite"
    copy.write_bytes(path.read_bytes())
    copy.with_name("again.sqlite-wal").write_bytes(path.with_name(path.name + "-wal").read_bytes())
    with mock_dynamodb(isolate=True, db=copy) as other:
        records = other._backend.region("us-east-1").store.of(Backup).records
        assert records == {"arn:1": Backup("other")}


def test_a_kind_that_cannot_be_saved_is_refused(client, is_stored):
    @dataclass(frozen=True)
    class Mystery:
        name: str

    backend = client.ddb._backend
    refused = pytest.raises(UnsupportedError, match="does not save resources of the kind Mystery")
    with refused, backend.atomic():
        backend.region("us-east-1").store.of(Mystery).put("x", Mystery("x"))
    assert backend.region("us-east-1").store.of(Mystery).records == {}
    is_stored(client.ddb)


# --- writes that fail ----------------------------------------------------------------------------


def test_a_write_that_cannot_be_stored_changes_nothing(client, is_stored, monkeypatch):
    put(client, "a")
    before = everything(client.ddb)

    def refuse(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("ddbmock._internal.data.database.rows.Rows.put_head", refuse)
        with pytest.raises(FileError, match="cannot be written: database or disk is full"):
            put(client, "b")
        with pytest.raises(FileError, match="cannot be written"):
            create_table(client, "other")
    assert everything(client.ddb)[0].keys() == before[0].keys()
    assert client.ddb.tables["orders"].items == before[0]["us-east-1", "orders"][1]
    put(client, "c")
    is_stored(client.ddb)


def test_an_error_of_the_program_under_test_is_not_stored(client, is_stored):
    put(client, "a")
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(
            TableName="orders",
            Item={"id": {"S": "a"}, "line": {"N": "1"}, "x": {"S": "y"}},
            ConditionExpression="attribute_not_exists(id)",
        )
    is_stored(client.ddb)


# --- the file ------------------------------------------------------------------------------------


def test_the_next_mock_continues(path):
    for number in range(3):
        with mock_dynamodb(isolate=True, db=path) as ddb:
            client = boto3.client("dynamodb", "us-east-1")
            if not number:
                create_table(client)
            put(client, str(number))
            assert ddb.tables["orders"].item_count == number + 1


def test_an_inner_mock_shares_the_state_of_the_outer_one(path):
    with mock_dynamodb(), pytest.raises(MisuseError, match="db= belongs to the outer mock"):
        mock_dynamodb(db=path).start()


def test_one_process_at_a_time(client, path):
    with (
        pytest.raises(FileError, match=r"shop\.sqlite: another process uses this database"),
        mock_dynamodb(isolate=True, db=path),
    ):
        pass


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"x" * 4096, "this is no database"),
        ("CREATE TABLE t (a)", "this is a database of another program"),
        (
            "PRAGMA application_id = 0x6464626D; PRAGMA user_version = 9; CREATE TABLE t (a)",
            "a database of version 9; this ddbmock reads version 1",
        ),
    ],
)
def test_another_file(path, content, problem):
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        connection = sqlite3.connect(path)
        connection.executescript(content)
        connection.close()
    before = path.read_bytes()
    with pytest.raises(FileError, match=problem):
        mock_dynamodb(isolate=True, db=path).start()
    assert path.read_bytes()[100:] == before[100:]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="there is no folder"):
        mock_dynamodb(isolate=True, db=tmp_path / "none" / "x.sqlite").start()


def test_a_damaged_row(path):
    with mock_dynamodb(isolate=True, db=path):
        create_table(boto3.client("dynamodb", "us-east-1"))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE resources SET line = '{\"table\": 1}'")
    connection.commit()
    connection.close()
    with pytest.raises(FileError, match=r"shop\.sqlite:\d+: damaged"):
        mock_dynamodb(isolate=True, db=path).start()


def test_a_section_of_a_newer_version(path):
    with mock_dynamodb(isolate=True, db=path):
        create_table(boto3.client("dynamodb", "us-east-1"))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE resources SET section = 'wonder'")
    connection.commit()
    connection.close()
    with pytest.raises(FileError, match="does not know what 'wonder' is"):
        mock_dynamodb(isolate=True, db=path).start()


def test_several_backends(path):
    file = DatabaseFile(path)
    for name in ("ann", "bob"):
        database.AttachedBackend(file, name, mock_dynamodb_backend())
    file.close()
    with pytest.raises(FileError, match="has the tables of several access keys: ann, bob"):
        mock_dynamodb(isolate=True, db=path).start()


def mock_dynamodb_backend():
    with mock_dynamodb(isolate=True) as ddb:
        return ddb._backend


def test_what_a_database_is(path, tmp_path):
    assert not database.is_database(path)
    assert not database.is_database(tmp_path)
    DatabaseFile(path).close()
    assert database.is_database(path)


def test_a_mock_that_does_not_begin_leaves_it_free(path):
    with pytest.raises(MisuseError, match="a policy is a document") as refused:
        mock_dynamodb(isolate=True, db=path, policy="no policy").start()
    with mock_dynamodb(isolate=True, db=path) as ddb:
        assert list(ddb.tables) == []
    assert refused.value.__traceback__ is not None  # which holds what it was raised from
