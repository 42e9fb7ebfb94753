"""The rows of features, what switches them on, and a feature as `CONTRIBUTING.md` describes one."""

from __future__ import annotations

import inspect
import sys
from dataclasses import fields
from importlib import import_module
from threading import Event, RLock, Thread, current_thread
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal import features
from ddbmock._internal import service as service_module
from ddbmock._internal.engine import features as of_operations
from ddbmock._internal.engine.features import Feature
from ddbmock._internal.hook import active
from ddbmock._internal.options import DEFAULTS, Options
from ddbmock._internal.service import Service
from ddbmock._internal.stages import Phase
from tests.test_imports import floor_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from ddbmock._internal.access.call import Call


def rows(module: ModuleType) -> dict[str, tuple[Feature[Any], str]]:
    """Return the rows of a module by name, with what their annotations say of `attach`."""
    return {
        name: (value, module.__annotations__[name].removeprefix("Feature[").removesuffix("]"))
        for name, value in vars(module).items()
        if isinstance(value, Feature)
    }


ROWS = {**rows(features), **rows(of_operations)}


def attach_of(feature: Feature[Any]) -> Callable[[Service], Any]:
    attach: Callable[[Service], Any] = import_module(f"ddbmock._internal.{feature.module}").attach
    return attach


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_its_module_attaches(name: str) -> None:
    feature, attached = ROWS[name]
    signature = inspect.signature(attach_of(feature))
    assert [parameter.annotation for parameter in signature.parameters.values()] == ["Service"]
    # The engine cannot name the classes of what operations use.
    assert attached in {signature.return_annotation, "Any"}
    assert attached != "Any" or feature in vars(of_operations).values()


@pytest.mark.parametrize("name", ROWS)
def test_a_feature_lies_above_the_service(name: str) -> None:
    module = f"ddbmock._internal.{ROWS[name][0].module}"
    assert floor_of(module) < floor_of("ddbmock._internal.service")


def test_rows_name_options() -> None:
    named = {feature.option for feature, _ in ROWS.values() if feature.option is not None}
    assert named <= {field.name for field in fields(Options)}
    assert {feature.option for feature in features.FEATURES} - {None} == named


def test_no_option_enables_nothing() -> None:
    assert features.switched_on(DEFAULTS) == []
    assert features.switched_on(Options(seed=3, metrics=False, throughput=0)) == []


def test_what_options_switch_on_has_the_order_of_the_rows() -> None:
    options = Options(chaos=0.5, dax=True, lag=1)
    assert features.switched_on(options) == [features.LAG, features.FAULTS, features.DAX]


# --- a feature -------------------------------------------------------------------------------


class Names:
    """The operations that were called, which is what the feature below attaches."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.mocks: list[str] = []

    def note(self, call: Call) -> None:
        self.called.append(call.operation.name)

    def mock_began(self, mock: object, options: Options, region_name: str) -> None:
        self.mocks.append(f"began in {region_name}, seed {options.seed}")

    def mock_ended(self, mock: object, *, is_failing: bool) -> None:
        self.mocks.append("failed" if is_failing else "ended")


def attach(service: Service) -> Names:
    """Note the operations that are called from now on."""
    names = Names()
    service.pipeline.attach(Phase.RECORD, names.note)
    service.mock_observers.append(names)
    return names


@pytest.fixture
def feature(monkeypatch: pytest.MonkeyPatch) -> Feature[Names]:
    """The row of the feature with this module."""
    module = sys.modules[__name__]
    monkeypatch.setitem(sys.modules, "ddbmock._internal.names", module)
    return Feature("names")


def service_of_mock() -> Service:
    assert active.current is not None
    return active.current.service


def test_a_feature_is_attached_when_it_is_first_used(feature: Feature[Names]) -> None:
    with mock_dynamodb():
        service, client = service_of_mock(), boto3.client("dynamodb", "eu-west-1")
        client.list_tables()
        assert service.used(feature) is None
        names = service.use(feature)
        client.describe_limits()
        assert service.use(feature) is names
        assert service.used(feature) is names
    assert names.called == ["DescribeLimits"]


def test_two_threads_that_first_use_a_feature_at_once_attach_it_once(
    feature: Feature[Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The second thread has come as far as it can: it attaches the feature too, or waits for a lock.
    second_is_there = Event()
    attached: list[Names] = []
    attach_now = attach

    class ObservedLock:
        def __init__(self) -> None:
            self._lock = RLock()

        def __enter__(self) -> None:
            if current_thread() is second:
                second_is_there.set()
            self._lock.acquire()

        def __exit__(self, *raised: object) -> None:
            self._lock.release()

    def attach_slowly(service: Service) -> Names:
        if current_thread() is second:
            second_is_there.set()
        else:
            second.start()
            assert second_is_there.wait(timeout=30)
        attached.append(attach_now(service))
        return attached[-1]

    monkeypatch.setattr(sys.modules[__name__], "attach", attach_slowly)
    monkeypatch.setattr(service_module, "new_lock", ObservedLock)
    service = Service()
    used: list[Names] = []
    second = Thread(target=lambda: used.append(service.use(feature)))
    used.append(service.use(feature))
    second.join()
    assert used == [attached[0]] * 2
    assert len(attached) == 1


def test_an_operation_uses_a_feature_of_the_service(feature: Feature[Names]) -> None:
    with mock_dynamodb():
        service = service_of_mock()
        service.backend.use(feature)
        service.backend.use(feature)
        boto3.client("dynamodb", "eu-west-1").list_tables()
        names = service.used(feature)
    assert names is not None
    assert names.called == ["ListTables"]


def test_a_feature_is_notified_of_mocks(feature: Feature[Names]) -> None:
    with mock_dynamodb(region="eu-west-1"):
        names = service_of_mock().use(feature)
        with pytest.raises(ValueError, match="wrong"), mock_dynamodb(seed=2):
            raise ValueError("wrong")
    assert names.mocks == ["began in eu-west-1, seed 2", "failed", "ended"]


def test_a_failing_observer_does_not_keep_another_from_its_end(feature: Feature[Names]) -> None:
    mock = mock_dynamodb()
    mock.start()
    mock.faults.add(error="InternalServerError", required=True)
    names = service_of_mock().use(feature)
    with pytest.raises(AssertionError):
        mock.stop()
    assert names.mocks == ["ended"]


def test_an_option_of_each_mock_counts_inside_another_mock() -> None:
    everything = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": everything}
    with mock_dynamodb(), mock_dynamodb(policy=policy, metrics=True):
        used = service_of_mock()
        assert used.used(features.ACCESS_CONTROL) is not None
        assert used.used(features.METRICS) is None


def test_a_backend_without_a_service_uses_nothing(feature: Feature[Names]) -> None:
    service = Service()
    service.backend.on_use = None
    service.backend.use(feature)
    assert service.used(feature) is None
