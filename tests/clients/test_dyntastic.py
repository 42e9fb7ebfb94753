"""dyntastic: pydantic models on boto3's resource, with clients stored on the classes."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from ddbmock import mock_dynamodb

# dyntastic replaces a method of boto3's, for everybody: it is to have it in these tests alone.
_boto3_binary = vars(TypeDeserializer)["_deserialize_b"]
pytest.importorskip("dyntastic")

from dyntastic import A, Dyntastic, Index, transaction  # noqa: E402 (between two looks)
from dyntastic.exceptions import DoesNotExist  # noqa: E402
from pydantic import BaseModel, Field  # noqa: E402

_dyntastic_binary = vars(TypeDeserializer)["_deserialize_b"]
setattr(TypeDeserializer, "_deserialize_b", _boto3_binary)  # noqa: B010 (mypy: a method)


class Address(BaseModel):
    city: str
    tags: list[str] = []


class User(Dyntastic):
    __table_name__ = "users"
    __hash_key__ = "id"
    __table_region__ = "us-east-1"

    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    name: str
    age: int = 0
    joined: datetime = datetime(2026, 5, 1, tzinfo=timezone.utc)
    address: Address | None = None
    roles: set[str] | None = None
    picture: bytes | None = None


class Event(Dyntastic):
    __table_name__ = "events"
    __hash_key__ = "user"
    __range_key__ = "at"
    __table_region__ = "us-east-1"

    user: str
    at: int
    kind: str = "click"
    weight: int = 1


@pytest.fixture(autouse=True)
def ddb(monkeypatch):
    monkeypatch.setattr(TypeDeserializer, "_deserialize_b", _dyntastic_binary)
    with mock_dynamodb() as controller:
        User.create_table()
        Event.create_table(Index("kind", "at", index_name="by-kind"))
        yield controller


@pytest.mark.parametrize("turn", [1, 2])
def test_the_clients_of_models_meet_a_fresh_world_each_time(ddb, turn):
    assert list(User.scan()) == []
    User(id=str(turn), name="Ada").save()
    assert [user.id for user in User.scan()] == [str(turn)]


def test_save_and_get(ddb):
    user = User(
        id="1",
        name="Ada",
        age=36,
        address=Address(city="London", tags=["x"]),
        roles={"admin", "dev"},
        picture=b"\x00\xff",
    )
    user.save()
    assert User.get("1") == user
    assert User.get("1", consistent_read=True).picture == b"\x00\xff"
    assert ddb.tables["users"].items[0]["roles"] == {"SS": ["admin", "dev"]}
    assert User.safe_get("2") is None
    with pytest.raises(DoesNotExist):
        User.get("2")


def test_conditions():
    User(id="1", name="Ada").save(condition=A.id.not_exists())
    for write in (
        lambda: User(id="1", name="Eve").save(condition=A.id.not_exists()),
        lambda: User.get("1").delete(condition=A.age > 3),
    ):
        with pytest.raises(User.ConditionException()):
            write()
    assert User.get("1").name == "Ada"


def test_updates():
    user = User(id="1", name="Ada", age=1, address=Address(city="London"))
    user.save()
    user.update(
        A.age.set(A.age + 2),
        A("name").set("Lovelace"),
        A.roles.add({"admin"}),
        A("address.tags").append("new"),
        condition=A.age == 1,
    )
    assert (user.age, user.name, user.roles) == (3, "Lovelace", {"admin"})
    assert user.address is not None
    assert user.address.tags == ["new"]
    user.update(A.roles.delete({"admin"}), A.picture.set_default(b"p"))
    assert (user.roles, user.picture) == (None, b"p")
    user.update(A.age.set(0), condition=A.age == 99)  # is passed over in silence
    with pytest.raises(User.ConditionException()):
        user.update(A.age.set(0), condition=A.age == 99, require_condition=True)
    assert User.get("1").age == 3


def fill():
    with Event.batch_writer():
        for at in range(60):
            Event(user="u", at=at, kind="click" if at % 2 else "view", weight=at % 5).save()


def test_queries_and_pages():
    fill()
    found = Event.query(
        "u", range_key_condition=A.at.between(10, 20), filter_condition=A.weight > 3
    )
    assert [event.at for event in found] == [14, 19]
    on_index: Any = Event.query(
        A.kind == "view", range_key_condition=A.at < 6, index="by-kind", scan_index_forward=False
    )
    assert [event.at for event in on_index] == [4, 2, 0]
    ats, key = [], None
    while True:
        page = Event.query_page("u", per_page=25, last_evaluated_key=key)
        ats += [event.at for event in page.items]
        if not page.has_more:
            break
        key = page.last_evaluated_key
    assert ats == list(range(60))
    assert len(list(Event.scan(A.kind == "click"))) == 30


def test_batches(ddb):
    fill()
    assert len(ddb.calls("BatchWriteItem")) == 3
    read = Event.batch_get([("u", 1), ("u", 2), ("u", 1000)])
    assert sorted(event.at for event in read) == [1, 2]
    with Event.batch_writer():
        for event in Event.scan():
            event.delete()
    assert ddb.tables["events"].item_count == 0


def test_transactions(ddb):
    User(id="1", name="Ada", age=1).save()
    ada = User.get("1")
    with transaction():
        Event(user="u", at=1).save(condition=A.user.not_exists())
        ada.update(A.age.set(2), refresh=False)
    ada.refresh()
    assert ada.age == 2

    def spoilt():
        with transaction():
            Event(user="u", at=2).save()
            ada.transaction_condition(A.age == 99)

    client = ddb_client()
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        spoilt()
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert ddb.tables["events"].item_count == 1


def ddb_client():
    return User._dynamodb_client()
