"""PynamoDB models: every attribute type, every update action, every condition, every read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pynamodb.attributes import (
    BinaryAttribute,
    BinarySetAttribute,
    BooleanAttribute,
    DiscriminatorAttribute,
    DynamicMapAttribute,
    JSONAttribute,
    ListAttribute,
    MapAttribute,
    NullAttribute,
    NumberAttribute,
    NumberSetAttribute,
    TTLAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
)
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, QueryError, UpdateError
from pynamodb.expressions.condition import size
from pynamodb.indexes import KeysOnlyProjection, LocalSecondaryIndex
from pynamodb.models import Model

from ddbmock import mock_dynamodb

NOW = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=timezone.utc)


class Place(MapAttribute[str, Any]):
    city = UnicodeAttribute()
    floors = ListAttribute(of=NumberAttribute, default=list)


class Everything(Model):
    class Meta:
        table_name = "everything"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    pk = UnicodeAttribute(hash_key=True)
    sk = BinaryAttribute(range_key=True, legacy_encoding=False)
    text = UnicodeAttribute(null=True)
    number = NumberAttribute(null=True)
    flag = BooleanAttribute(null=True)
    nothing = NullAttribute(null=True)
    blob = BinaryAttribute(null=True, legacy_encoding=False)
    texts = UnicodeSetAttribute(null=True)
    numbers = NumberSetAttribute(null=True)
    blobs = BinarySetAttribute(null=True, legacy_encoding=False)
    moment = UTCDateTimeAttribute(null=True)
    expiry = TTLAttribute(null=True)
    document = JSONAttribute(null=True)
    place = Place(null=True)
    loose = DynamicMapAttribute(null=True)
    mixed: ListAttribute[Any] = ListAttribute(null=True)
    places = ListAttribute(of=Place, null=True)
    renamed = UnicodeAttribute(attr_name="an other-name", null=True)


class ByWeight(LocalSecondaryIndex["Parcel"]):
    class Meta:
        index_name = "by-weight"
        projection = KeysOnlyProjection()

    van = UnicodeAttribute(hash_key=True)
    weight = NumberAttribute(range_key=True)


class Parcel(Model):
    class Meta:
        table_name = "parcels"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    van = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    weight = NumberAttribute(null=True)
    label = UnicodeAttribute(null=True)
    by_weight = ByWeight()


class Animal(Model):
    class Meta:
        table_name = "animals"
        region = "eu-west-1"
        read_capacity_units = 5
        write_capacity_units = 5

    farm = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    cls = DiscriminatorAttribute()
    age = NumberAttribute(null=True)
    legs = NumberAttribute(default=4)


class Dog(Animal, discriminator="Dog"):
    tricks = ListAttribute(of=UnicodeAttribute, default=list)


class Bird(Animal, discriminator="Bird"):
    wingspan = NumberAttribute(null=True)


@pytest.fixture(autouse=True)
def ddb():
    with mock_dynamodb() as controller:
        controller.clock.freeze(NOW)
        Everything.create_table(wait=True)
        Animal.create_table(wait=True)
        Parcel.create_table(wait=True)
        yield controller


FULL: dict[str, Any] = {
    "text": "grün 🙂",
    "number": -12.5,
    "flag": False,
    "blob": b"\x00\xff",
    "texts": {"a", "b"},
    "numbers": {1, 2.5},
    "blobs": {b"a", b"\x00"},
    "moment": NOW,
    "expiry": NOW.replace(microsecond=0) + timedelta(days=1),
    "document": {"deep": [1, {"x": None}]},
    "mixed": ["x", 1, True, None, {"y": [b"z"]}],
    "renamed": "r",
}


def everything(sk=b"1", **more):
    return Everything("pk", sk, **more)


def test_every_attribute_type_comes_back(ddb):
    saved = everything(
        **FULL,
        place=Place(city="Bern", floors=[1, 2]),
        places=[Place(city="Ulm"), Place(city="Graz")],
        loose=DynamicMapAttribute(any_name="x", other=3),
    )
    saved.save()
    read = Everything.get("pk", b"1", consistent_read=True)
    for name, value in FULL.items():
        assert getattr(read, name) == value, name
    assert read.place is not None
    assert read.places is not None
    assert read.loose is not None
    assert read.place.city == "Bern"
    assert list(map(float, read.place.floors)) == [1, 2]  # type: ignore[arg-type] # numbers, read
    assert [place.city for place in read.places] == ["Ulm", "Graz"]
    assert (read.loose["any_name"], read.loose["other"]) == ("x", 3)
    (stored,) = ddb.tables["everything"].items
    assert stored["an other-name"] == {"S": "r"}
    assert stored["numbers"] == {"NS": ["1", "2.5"]}
    assert stored["expiry"] == {"N": "1777723200"}
    assert "nothing" not in stored


def test_a_null_attribute_is_stored_when_null_is_meant(ddb):
    Everything("pk", b"1", mixed=[None]).save()
    assert ddb.tables["everything"].items[0]["mixed"] == {"L": [{"NULL": True}]}


def test_an_item_is_sized_as_the_service_does_it():
    response = Everything("pk", b"x" * 900, text="y" * 200).save()
    assert response["ConsumedCapacity"]["CapacityUnits"] == 2.0


@pytest.fixture
def one():
    item = everything(
        text="old", number=10, texts={"a", "b"}, mixed=[1, 2, 3], place=Place(city="Bern")
    )
    item.save()
    return item


@pytest.mark.parametrize(
    ("actions", "name", "expected"),
    [
        ([Everything.text.set("new")], "text", "new"),
        ([Everything.text.remove()], "text", None),
        ([Everything.number.add(5)], "number", 15),
        ([Everything.number.set(Everything.number + 1)], "number", 11),
        ([Everything.number.set(Everything.number - 1)], "number", 9),
        ([Everything.flag.set(Everything.flag | True)], "flag", True),
        ([Everything.number.set(Everything.number | 3)], "number", 10),
        ([Everything.texts.add({"c"})], "texts", {"a", "b", "c"}),
        ([Everything.texts.delete({"a"})], "texts", {"b"}),
        ([Everything.texts.delete({"a", "b"})], "texts", None),
        ([Everything.mixed.set(Everything.mixed.append([4]))], "mixed", [1, 2, 3, 4]),
        ([Everything.mixed.set(Everything.mixed.prepend([0]))], "mixed", [0, 1, 2, 3]),
        ([Everything.mixed[1].set("x")], "mixed", [1, "x", 3]),
        ([Everything.mixed[0].remove()], "mixed", [2, 3]),
        ([Everything.renamed.set(Everything.text)], "renamed", "old"),
    ],
)
def test_update_actions(one, actions, name, expected):
    one.update(actions=actions)
    assert getattr(one, name) == expected
    assert getattr(Everything.get("pk", b"1"), name) == expected


def test_nested_updates(one):
    place: Any = Everything.place
    one.update(actions=[place.city.set("Ulm"), place.floors.set([7])])
    assert (one.place.city, one.place.floors) == ("Ulm", [7])


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Everything.text == "old", True),
        (Everything.text != "old", False),
        (Everything.number < 10, False),
        (Everything.number <= 10, True),
        (Everything.number > 9, True),
        (Everything.number >= 11, False),
        (Everything.number.between(1, 10), True),
        (Everything.number.is_in(1, 10), True),
        (Everything.text.exists(), True),
        (Everything.renamed.does_not_exist(), True),
        (Everything.text.is_type(), True),
        (Everything.text.startswith("ol"), True),
        (Everything.text.contains("x"), False),
        (Everything.texts.contains("a"), True),
        (size(Everything.text) == 3, True),
        (size(Everything.mixed) > 3, False),
        (Everything.place.city == "Bern", True),
        (Everything.mixed[1] == 2, True),
        ((Everything.text == "old") & (Everything.number == 11), False),
        ((Everything.text == "old") | (Everything.number == 11), True),
        (~(Everything.text == "old"), False),
        (Everything.texts == {"b", "a"}, True),
    ],
)
def test_conditions(one, condition, holds):
    filtered = Everything.query("pk", filter_condition=condition)
    assert len(list(filtered)) == holds
    if holds:
        one.save(condition=condition)
        one.update(actions=[Everything.flag.set(True)], condition=condition)
        one.delete(condition=condition)
        assert Everything.count("pk") == 0
        return
    writes: list[tuple[Any, Any]] = [
        (PutError, lambda: one.save(condition=condition)),
        (UpdateError, lambda: one.update([Everything.flag.set(True)], condition=condition)),
        (DeleteError, lambda: one.delete(condition=condition)),
    ]
    for error, write in writes:
        with pytest.raises(error) as refused:
            write()
        assert refused.value.cause_response_code == "ConditionalCheckFailedException"
    assert Everything.get("pk", b"1").flag is None


def test_refresh_and_delete(one):
    Everything.get("pk", b"1").update([Everything.text.set("changed elsewhere")])
    one.refresh()
    assert one.text == "changed elsewhere"
    one.delete()
    with pytest.raises(DoesNotExist):
        one.refresh()


def fill_farm():
    with Animal.batch_write() as batch:
        for number in range(30):
            kind = Dog if number % 3 else Bird
            batch.save(kind("hill", f"a{number:02}", age=30 - number))


def test_discriminators_and_regions(ddb):
    fill_farm()
    assert ddb.tables["animals"].region == "eu-west-1"
    read = list(Animal.query("hill"))
    assert [type(animal) for animal in read[:3]] == [Bird, Dog, Dog]
    assert all(isinstance(animal, Dog) for animal in Dog.scan())
    assert Dog.count("hill") == 20


def test_reads_of_a_local_index():
    for number in range(3):
        Parcel("van", number, weight=10 - number, label="x").save()
    lightest = Parcel.by_weight.query("van", limit=2)
    # Keys alone are projected.
    seen: list[tuple[Any, ...]] = [(p.number, p.weight, p.label) for p in lightest]
    assert seen == [(2, 8, None), (1, 9, None)]
    heavy = Parcel.by_weight.query("van", Parcel.weight >= 9, scan_index_forward=False)
    assert [parcel.weight for parcel in heavy] == [10, 9]
    assert Parcel.by_weight.count("van", Parcel.weight.between(8, 9)) == 2


def test_pages_and_continuations():
    fill_farm()
    names, key = [], None
    while True:
        results = Animal.query("hill", limit=7, last_evaluated_key=key, page_size=4)
        names += [animal.name for animal in results]
        key = results.last_evaluated_key
        if key is None:
            break
    assert names == [f"a{number:02}" for number in range(30)]


def test_attributes_to_get():
    fill_farm()
    (animal,) = Animal.query("hill", Animal.name == "a01", attributes_to_get=["name", "cls"])
    assert animal.name == "a01"
    assert animal.attribute_values.get("age") is None
    everything(text="t", number=1).save()
    assert Everything.get("pk", b"1", attributes_to_get=["text"]).number is None


def test_counts():
    fill_farm()
    assert Animal.count() == 30
    assert Animal.count("hill", Animal.name < "a10") == 10
    assert Animal.count("hill", filter_condition=Animal.age > 25) == 5
    assert Animal.count("valley") == 0


def test_scans_of_segments_and_rate_limited_ones():
    fill_farm()
    seen: list[str] = []
    for segment in range(3):
        seen += [animal.name for animal in Animal.scan(segment=segment, total_segments=3)]
    assert sorted(seen) == [f"a{number:02}" for number in range(30)]
    limited = Animal.scan(rate_limit=1000, page_size=10)
    assert len(list(limited)) == 30
    assert limited.total_count == 30


def test_a_rate_limit_heeds_the_units_that_were_consumed(ddb, monkeypatch):
    naps: list[float] = []
    monkeypatch.setattr("pynamodb.pagination.time.sleep", naps.append)
    for number in range(4):
        everything(sk=bytes([number]), text="x" * 30_000).save()
    assert len(list(Everything.scan(rate_limit=1, page_size=1))) == 4
    assert naps
    assert ddb.calls("Scan").units().total == pytest.approx(16.0, abs=1)


def test_batches(ddb):
    with Everything.batch_write() as batch:
        for number in range(60):
            batch.save(everything(sk=bytes([number])))
    assert len(ddb.calls("BatchWriteItem")) == 3
    keys = [("pk", bytes([number])) for number in range(0, 120, 2)]
    assert len(list(Everything.batch_get(keys))) == 30
    with Everything.batch_write() as batch:
        for each in Everything.scan():
            batch.delete(each)
    assert Everything.count() == 0


def test_an_error_of_the_service_is_the_library_s_own():
    with pytest.raises(QueryError) as refused:
        list(Everything.query("pk", filter_condition=Everything.sk == b"1"))
    assert refused.value.cause_response_code == "ValidationException"
    message = refused.value.cause_response_message
    assert message is not None
    assert "Filter Expression can only contain non-primary key attributes" in message


def test_what_the_attributes_of_a_missing_model_say():
    Everything.delete_table(wait=True)
    with pytest.raises(PutError) as refused:
        everything().save()
    assert refused.value.cause_response_code == "ResourceNotFoundException"
