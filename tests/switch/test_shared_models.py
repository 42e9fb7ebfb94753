"""What sessions of boto3 share while a mock is active, and that only the time shows it.

Without a mock, each session reads and parses botocore's models for itself. Everything here is
compared with what that gives.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import boto3
import botocore.loaders
import botocore.session
import pytest
from botocore.hooks import BaseEventHooks, EventAliaser
from botocore.loaders import JSONFileLoader, Loader
from hypothesis import given
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal.hook.lazy_documents import LazyDocument, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODEL = "dynamodb", "service-2"
LONG_AGO_NANOSECONDS = 1_600_000_000 * 10**9


def new_loader(data_path: Path | None = None) -> Any:
    session = botocore.session.Session()
    if data_path is not None:
        session.set_config_variable("data_path", str(data_path))
    return session.get_component("data_loader")


def warm_up(data_path: Path | None = None) -> None:
    """Read what the tests read often enough to have it shared."""
    for _ in range(3):
        boto3.Session().client("dynamodb", "us-east-1")
        loader = new_loader(data_path)
        loader.load_service_model(*MODEL)


@pytest.fixture
def parsed(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """How many files of models were parsed so far."""
    caplog.set_level(logging.DEBUG, "botocore.loaders")
    return lambda: sum(record.msg.startswith("Loading JSON") for record in caplog.records)


@pytest.fixture
def custom(tmp_path: Path) -> Path:
    """A folder of models with one service, that was there long ago."""
    write_model(tmp_path, "weather", {"metadata": {"serviceFullName": "Old"}})
    return tmp_path


def write_model(folder: Path, service: str, model: Any, kind: str = "service-2") -> Path:
    file = folder / service / "2020-01-01" / f"{kind}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(model))
    for path in (file, *file.parents[:3]):
        set_time(path, LONG_AGO_NANOSECONDS)
    return file


def set_time(path: Path, nanoseconds: int) -> None:
    os.utime(path, ns=(nanoseconds, nanoseconds))


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every change be long ago: the time of a change of status cannot be set."""
    monkeypatch.setattr("ddbmock._internal.hook.sessions._SETTLED_NANOSECONDS", -(10**12))


# --- shared ----------------------------------------------------------------------------------


def test_another_session_parses_nothing(parsed: Callable[[], int]) -> None:
    with mock_dynamodb():
        warm_up()
        before = parsed()
        boto3.Session().client("dynamodb", "us-east-1")
        assert parsed() == before


def test_it_lasts_over_mocks(parsed: Callable[[], int]) -> None:
    with mock_dynamodb():
        warm_up()
    before = parsed()
    for _ in range(2):
        with mock_dynamodb():
            boto3.Session().client("dynamodb", "us-east-1")
    assert parsed() == before


@pytest.mark.parametrize(
    "name", ["endpoints", "partitions", "_retry", "sdk-default-configuration", "dynamodb"]
)
def test_the_documents_are_those_of_the_files(name: str) -> None:
    def read() -> Any:
        loader = new_loader()
        return loader.load_service_model(*MODEL) if name == "dynamodb" else loader.load_data(name)

    expected = read()
    with mock_dynamodb():
        for _ in range(4):
            document = read()
            assert json.dumps(document) == json.dumps(expected)
            assert document == expected
            assert isinstance(document, OrderedDict)


def test_the_services_are_those_of_the_folders(custom: Path) -> None:
    for path in (None, custom):
        kinds = ("service-2", "resources-1", "paginators-1")
        expected = [new_loader(path).list_available_services(kind) for kind in kinds]
        assert expected[0]
        with mock_dynamodb():
            for _ in range(3):
                loader = new_loader(path)
                assert [loader.list_available_services(kind) for kind in kinds] == expected
                assert loader.list_available_services(type_name="service-2") == expected[0]


# --- but not seen ----------------------------------------------------------------------------


def test_a_session_that_changes_a_model_changes_it_for_no_other_session() -> None:
    with mock_dynamodb():
        warm_up()
        loader, other = new_loader(), new_loader()
        model, endpoints = loader.load_service_model(*MODEL), loader.load_data("endpoints")
        model["shapes"]["TableName"]["max"] = 1
        del model["operations"]["PutItem"]
        services = endpoints["partitions"][0]["services"]
        services["dynamodb"]["endpoints"]["us-east-1"] = {"hostname": "elsewhere"}
        loader.list_available_services("service-2").clear()
        for unchanged in (other, new_loader()):
            fresh = unchanged.load_service_model(*MODEL)
            assert fresh["shapes"]["TableName"]["max"] != 1
            assert "PutItem" in fresh["operations"]
            services = unchanged.load_data("endpoints")["partitions"][0]["services"]
            assert services["dynamodb"]["endpoints"]["us-east-1"].get("hostname") is None
            assert "dynamodb" in unchanged.list_available_services("service-2")


def test_a_loader_keeps_what_was_changed_in_it() -> None:
    with mock_dynamodb():
        warm_up()
        session = botocore.session.Session()
        loader = session.get_component("data_loader")
        loader.load_service_model(*MODEL)["operations"]["PutItem"]["name"] = "Changed"
        again = loader.load_service_model(*MODEL)
        assert again["operations"]["PutItem"]["name"] == "Changed"
        operation = session.get_service_model("dynamodb").operation_model("PutItem")
        assert operation.wire_name == "Changed"


def test_a_changed_file_is_read_again(custom: Path) -> None:
    def name() -> str:
        model = new_loader(custom).load_service_model("weather", "service-2")
        return str(model["metadata"]["serviceFullName"])

    with mock_dynamodb():
        assert {name() for _ in range(4)} == {"Old"}
        # As long as the old one, and written at the same time by all that can be set.
        file = write_model(custom, "weather", {"metadata": {"serviceFullName": "New"}})
        assert {name() for _ in range(4)} == {"New"}
        file.unlink()
        with pytest.raises(botocore.exceptions.UnknownServiceError):
            name()


def test_new_services_versions_and_types_are_found(custom: Path) -> None:
    def services(kind: str = "service-2") -> set[str]:
        known = set(new_loader(custom).list_available_services(kind))
        return known & {"weather", "tides"}

    with mock_dynamodb():
        assert [services() for _ in range(3)] == [{"weather"}] * 3
        write_model(custom, "tides", {})
        assert services() == {"weather", "tides"}
        assert services("waiters-2") == set()
        write_model(custom, "weather", {}, "waiters-2")
        assert services("waiters-2") == {"weather"}


def test_a_change_of_this_moment_is_not_shared(
    custom: Path, monkeypatch: pytest.MonkeyPatch, parsed: Callable[[], int]
) -> None:
    monkeypatch.setattr("ddbmock._internal.hook.sessions._SETTLED_NANOSECONDS", 10**12)
    with mock_dynamodb():
        for _ in range(4):
            before = parsed()
            new_loader(custom).load_service_model("weather", "service-2")
            assert parsed() == before + 1


def test_other_paths_have_other_models(custom: Path) -> None:
    write_model(custom, "dynamodb", {"metadata": {"serviceFullName": "Mine"}})
    (custom / "dynamodb" / "2020-01-01").rename(custom / "dynamodb" / "2012-08-10")
    with mock_dynamodb():
        warm_up()
        model = new_loader(custom).load_service_model(*MODEL)
        assert model["metadata"]["serviceFullName"] == "Mine"
        assert new_loader().load_service_model(*MODEL)["metadata"]["serviceFullName"] != "Mine"


# --- loaders that a program changes ----------------------------------------------------------

FAKE = {"metadata": {"serviceFullName": "Fake"}}


@pytest.mark.parametrize("when", ["before the mock", "in the mock"])
@pytest.mark.parametrize("method", ["load_file", "_load_file"])
def test_a_patched_loader_is_called(
    monkeypatch: pytest.MonkeyPatch, when: str, method: str
) -> None:
    def load(self: Any, path: str, *_: Any) -> Any:
        return FAKE if "dynamodb" in path else original(self, path, *_)

    original = getattr(JSONFileLoader, method)
    if when == "before the mock":
        monkeypatch.setattr(JSONFileLoader, method, load)
    with mock_dynamodb():
        if when == "in the mock":
            warm_up()
            original = getattr(JSONFileLoader, method)
            monkeypatch.setattr(JSONFileLoader, method, load)
        for _ in range(3):
            assert new_loader().load_service_model(*MODEL) == FAKE
        monkeypatch.undo()


def test_a_file_loader_of_a_program_is_called() -> None:
    class FileLoader(JSONFileLoader):  # type: ignore[misc]
        def exists(self, file_path: str) -> bool:
            return "weather" in file_path or bool(super().exists(file_path))

        def load_file(self, file_path: str) -> Any:
            return FAKE

    with mock_dynamodb():
        warm_up()
        loader = Loader(file_loader=FileLoader())
        assert loader.load_service_model(*MODEL) == FAKE
        assert loader.list_available_services("no-such-type") == []


def test_a_handler_that_takes_no_keywords_is_refused() -> None:
    def handler(event_name: str) -> None:
        """Take no keywords."""

    events = botocore.session.Session().get_component("event_emitter")
    with mock_dynamodb(), pytest.raises(ValueError, match="must accept keyword"):
        events.register("before-call", handler)


def test_events_keep_their_aliases() -> None:
    names = ["before-call.api.gateway", "docs.autoscaling.x", "creating-client-class.iot-data"]

    def aliased() -> list[str]:
        emitter = botocore.session.Session().get_component("event_emitter")
        return [emitter._alias_event_name(name) for name in names]

    expected = aliased()
    assert expected != names
    with mock_dynamodb():
        assert [aliased() for _ in range(3)] == [expected] * 3
        own = EventAliaser(None, {"x": "y"})
        assert own._alias_event_name("x.api") == "y.api"


def test_a_changed_alias_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def aliased() -> str:
        emitter = botocore.session.Session().get_component("event_emitter")
        return str(emitter._alias_event_name("docs.autoscaling"))

    with mock_dynamodb():
        before = [aliased() for _ in range(3)]
        monkeypatch.setitem(botocore.hooks.EVENT_ALIASES, "autoscaling", "mine")
        assert (set(before), aliased()) == ({"docs.auto-scaling"}, "docs.mine")


# --- the switch ------------------------------------------------------------------------------

PLACES = (
    (JSONFileLoader, "load_file"),
    (Loader, "list_available_services"),
    (BaseEventHooks, "_verify_accept_kwargs"),
    (EventAliaser, "__init__"),
)


def test_nothing_is_left_after_the_mock(parsed: Callable[[], int]) -> None:
    def methods() -> list[Any]:
        return [vars(owner)[name] for owner, name in PLACES]

    before = methods()
    with mock_dynamodb():
        warm_up()
        assert not any(now is then for now, then in zip(methods(), before, strict=True))
    assert methods() == before
    count = parsed()
    new_loader().load_service_model(*MODEL)
    assert parsed() > count
    assert type(new_loader().load_data("endpoints")) is OrderedDict


def test_an_option_turns_it_off(parsed: Callable[[], int]) -> None:
    with mock_dynamodb():
        warm_up()
        with mock_dynamodb(share_models=False):
            before = parsed()
            boto3.Session().client("dynamodb", "us-east-1")
            assert parsed() > before
            assert type(new_loader().load_data("endpoints")) is OrderedDict
        before = parsed()
        boto3.Session().client("dynamodb", "us-east-1")
        assert parsed() == before


# --- lazy documents --------------------------------------------------------------------------


def large(size: int = 40) -> OrderedDict[str, Any]:
    return OrderedDict((f"k{n}", OrderedDict(n=n, more=[n])) for n in range(size))


def error_of(function: Callable[..., Any], *arguments: Any) -> type[BaseException]:
    with pytest.raises((KeyError, TypeError)) as caught:
        function(*arguments)
    return caught.type


def updated_with(document: Any) -> Any:
    other: OrderedDict[str, Any] = OrderedDict(x=1)
    other.update(document)
    return other


def as_keywords(**named: Any) -> dict[str, Any]:
    return named


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "[]": lambda d: d["k3"],
    "missing": lambda d: error_of(d.__getitem__, "no"),
    "get": lambda d: (d.get("k3"), d.get("no"), d.get("no", 1)),
    "in": lambda d: ("k3" in d, "no" in d),
    "len": len,
    "keys": lambda d: list(d.keys()),
    "iterate": list,
    "reversed": lambda d: list(reversed(d)),
    "values": lambda d: list(d.values()),
    "items": lambda d: list(d.items()),
    "pop": lambda d: (d.pop("k3"), d.pop("no", 7), len(d)),
    "pop missing": lambda d: error_of(d.pop, "no"),
    "popitem": lambda d: (d.popitem(), d.popitem(last=False), len(d)),
    "setdefault": lambda d: (d.setdefault("k3", 1), d.setdefault("no", 2), d["no"]),
    "set": lambda d: (d.__setitem__("k3", b"bytes"), d["k3"], list(d)[3]),
    "delete": lambda d: (d.__delitem__("k3"), len(d)),
    "update": lambda d: (d.update(k3=1, no=2), list(d.items())),
    "update another": updated_with,
    "dict": dict,
    "unpacked": lambda d: {**d},
    "keywords": lambda d: as_keywords(**d),
    "or": lambda d: d | {"k3": 1},
    "or reversed": lambda d: {"k3": 1} | d,
    "or in place": lambda d: d.__ior__({"k3": 1}),
    "move to end": lambda d: (d.move_to_end("k3"), list(d)),
    "clear": lambda d: (d.clear(), len(d)),
    "copy": lambda d: (d.copy(), copy.copy(d)),
    "deep copy": copy.deepcopy,
    "pickle": lambda d: pickle.loads(pickle.dumps(d)),  # noqa: S301 (our own)
    "JSON": lambda d: (json.dumps(d), json.dumps(d, indent=1, sort_keys=True)),
    "repr": lambda d: (repr(d), str(d)),
    "bool": bool,
    "match": lambda d: isinstance(d, dict) and isinstance(d, OrderedDict),
    "same object": lambda d: d["k3"] is d["k3"] is d.get("k3") is dict(d)["k3"],
    "nested change": lambda d: (d["k3"]["more"].append(1), d["k3"], list(d.items())),
    "equal": lambda d: (d == large(), large() == d, d == {**large()}, d == large(39), d == 1),
    "not equal": lambda d: (d != large(), large() != d, d != large(39)),
    "equal to another": lambda d: d == unpack(pack(large())),
    "hash": lambda d: error_of(hash, d),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_lazy_document_is_an_ordered_dictionary(operation: str) -> None:
    lazy, plain = unpack(pack(large())), large()
    assert type(lazy) is LazyDocument
    expected = OPERATIONS[operation](plain)
    found = OPERATIONS[operation](lazy)
    assert found == expected
    assert list(lazy.items()) == list(plain.items())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values, max_size=40),
    max_leaves=60,
)


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=60))
def test_any_document_is_what_it_was(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    ordered = json.loads(text, object_pairs_hook=OrderedDict)
    assert json.dumps(unpack(pack(ordered))) == text
    assert unpack(pack(ordered)) == ordered
