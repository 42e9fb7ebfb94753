"""Items as JSON: by the writer of their form, as value by value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine import packing
from ddbmock._internal.engine.form_writer import compile_writer, item_text
from ddbmock._internal.engine.items import StoredItem, json_texts
from ddbmock._internal.engine.packing import pack
from ddbmock._internal.wire import encode
from tests.engine.test_packing import ITEMS, learn

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(packing, "_forms", {})
    monkeypatch.setattr(packing, "_likely_forms", {})


def json_text(item: Item) -> str:
    return StoredItem(item, 0).json_text()


@given(st.lists(ITEMS, min_size=1, max_size=4), st.data())
def test_items_are_written_as_value_by_value(items, data):
    for item in items:
        if data.draw(st.booleans()):
            learn(item)
    for item in items * 2:
        assert json_text(item) == item_text(item)
        assert encode({"Item": item}).decode("utf-8", "replace") == encode(
            {"Item": json.loads(json_text(item))}
        ).decode("utf-8", "replace")


@given(st.lists(ITEMS, max_size=4), st.data())
def test_several_items_are_written_as_one_by_one(items, data):
    for item in items:
        if data.draw(st.booleans()):
            learn(item)
    stored = [StoredItem(item, 0) for item in items]
    assert json_texts(stored) == [item_text(item) for item in items]


@given(ITEMS, st.data())
def test_whatever_is_marshalled(item, data):
    documents = [name for name, value in item.items() if not {"M", "L"}.isdisjoint(value)]
    chosen = st.sets(st.sampled_from(documents)) if documents else st.just(set[str]())
    marshalled = data.draw(chosen)
    form = packing._Form(item, marshalled=marshalled)
    write = compile_writer(item, marshalled=frozenset(marshalled), file_name="test")
    assert write(*form.take(item)) == item_text(item)


def test_the_writer_is_compiled_once():
    item: Item = {"pk": {"S": "a"}}
    learn(item)
    build: Any = pack(item)[0]
    first = build.write
    assert json_text(item) == '{"pk":{"S":"a"}}'
    second = build.write
    assert json_text(item) == '{"pk":{"S":"a"}}'
    assert first != second
    assert second is build.write


def test_names_and_texts_are_escaped():
    item: Item = {"a'\"{}\\%s": {"M": {"\n{0}": {"S": "\t\"'"}}}, "l": {"L": []}, "m": {"M": {}}}
    learn(item)
    assert json.loads(json_text(item)) == item


@pytest.mark.parametrize("content", [1, 0, "yes"])
def test_a_truth_of_another_type_is_not_changed(content):
    item = {"b": {"BOOL": content}}
    learn(item)
    assert json_text(item) == item_text(item)
