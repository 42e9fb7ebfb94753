"""The fixtures: mocks of every scope, and boto3's clients, resources and sessions on them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ddbmock
from ddbmock.pytest_plugin import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller
    from ddbmock.pytest_plugin.options import Seed


@pytest.fixture
def ddb(request: pytest.FixtureRequest) -> Iterator[Controller]:
    """A mock of DynamoDB that is active for one test.

    Where one is active already (`ddb_session`, `ddb_module`, `ddb_class`, a fixture of one's own),
    the test starts from what is there, and all its changes are taken back after it.
    """
    with _mock(request) as controller:
        yield controller


@pytest.fixture(scope="session")
def ddb_session(request: pytest.FixtureRequest) -> Iterator[Controller]:
    """A mock of DynamoDB for the whole run: what it is given once, every test starts from."""
    with _mock(request) as controller:
        yield controller


@pytest.fixture(scope="module")
def ddb_module(request: pytest.FixtureRequest) -> Iterator[Controller]:
    """A mock of DynamoDB for a module: what it is given once, each of its tests starts from."""
    with _mock(request) as controller:
        yield controller


@pytest.fixture(scope="class")
def ddb_class(request: pytest.FixtureRequest) -> Iterator[Controller]:
    """A mock of DynamoDB for a class: what it is given once, each of its tests starts from."""
    with _mock(request) as controller:
        yield controller


@contextmanager
def _mock(request: pytest.FixtureRequest) -> Iterator[Controller]:
    __tracebackhide__ = True
    from ddbmock.mock import activation_of  # noqa: PLC0415 (lazy)

    wishes = options.wishes_of(request.node)
    try:
        mock = ddbmock.mock_dynamodb(**wishes.options)
    except TypeError as error:
        options.refuse(error)
    with ExitStack() as stack:
        stack.enter_context(mock)
        activation = activation_of(mock)
        if activation.is_shared:
            options.check_backend_options(
                wishes.marked, activation.options, activation.created_with
            )
            stack.enter_context(mock.rollback())
        stack.callback(_truncate, len(_filled))
        path = request.node.path
        for filling in wishes.fillings:
            # What a marker wants may be there already, in the mock of a wider scope.
            if (activation.service, filling.marker) not in _filled:
                _filled.append((activation.service, filling.marker))
                _fill(mock, filling, path if path.is_dir() else path.parent)
        mock.calls.clear()
        yield mock


#: Which services the markers of the running test, its class and its module have filled.
_filled: list[tuple[Any, pytest.Mark]] = []


def _truncate(count: int) -> None:
    del _filled[count:]


def _fill(mock: Any, filling: Seed, folder: Path) -> None:
    # Tables that a mock of a wider scope has already are left as they are.
    for wish in filling.tables:
        if isinstance(wish, str | Path):
            ddbmock.tables_from(_near(wish, folder)).create(mock, skip_existing=True)
        elif not options.is_table_request(wish):
            wish.create(mock, skip_existing=True)
        elif wish["TableName"] not in mock.tables:
            _create_table(mock, wish)
    for source in filling.sources:
        mock.load(_near(source, folder))


def _near(source: Any, folder: Path) -> Any:
    """Return a path that is relative to the test's folder, if there is such a file."""
    near = folder / source if isinstance(source, str | Path) else None
    return near if near is not None and near.exists() else source


def _create_table(mock: Any, request: Any) -> None:
    from ddbmock.mock import activation_of  # noqa: PLC0415 (lazy)
    from ddbmock.service_model import input_shape  # noqa: PLC0415 (lazy)

    shape = input_shape("CreateTable")
    activation_of(mock).service.execute(
        mock.region, "CreateTable", deepcopy(dict(request)), shape, validated=False
    )


@pytest.fixture
def dynamodb_client(ddb: Controller) -> Any:  # noqa: ARG001 (asked for to be active)
    """A boto3 client of DynamoDB on the mock `ddb`."""
    boto3 = pytest.importorskip("boto3", reason="dynamodb_client needs boto3")
    return boto3.client("dynamodb")


@pytest.fixture
def dynamodb_resource(ddb: Controller) -> Any:  # noqa: ARG001 (asked for to be active)
    """A boto3 resource of DynamoDB on the mock `ddb`."""
    boto3 = pytest.importorskip("boto3", reason="dynamodb_resource needs boto3")
    return boto3.resource("dynamodb")


@pytest.fixture
def dynamodb_session(ddb: Controller) -> Any:  # noqa: ARG001 (asked for to be active)
    """A boto3 session of the test's own on the mock `ddb`."""
    boto3 = pytest.importorskip("boto3", reason="dynamodb_session needs boto3")
    return boto3.Session()
