"""The mocks behind the fixtures, one for each scope.

Everything that needs a mock depends on these fixtures, whose names no project uses: `ddb`,
`ddb_session` and the like may be overridden by a project's own fixtures.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.pytest_plugin import marker
from ddbmock._internal.pytest_plugin.naming import of_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import DynamoDBMock

FUNCTION = "_ddbmock_function"
CLASS = "_ddbmock_class"
MODULE = "_ddbmock_module"
SESSION = "_ddbmock_session"
#: A mock of a wider scope than one test.
WIDE = frozenset({CLASS, MODULE, SESSION})


@pytest.fixture(name=FUNCTION)
@of_plugin
def function_mock(request: pytest.FixtureRequest) -> Iterator[DynamoDBMock]:
    """A mock for one test."""
    with _mock(request) as controller:
        yield controller


@pytest.fixture(name=CLASS, scope="class")
@of_plugin
def class_mock(request: pytest.FixtureRequest) -> Iterator[DynamoDBMock]:
    """A mock for a class."""
    with _mock(request) as controller:
        yield controller


@pytest.fixture(name=MODULE, scope="module")
@of_plugin
def module_mock(request: pytest.FixtureRequest) -> Iterator[DynamoDBMock]:
    """A mock for a module."""
    with _mock(request) as controller:
        yield controller


@pytest.fixture(name=SESSION, scope="session")
@of_plugin
def session_mock(request: pytest.FixtureRequest) -> Iterator[DynamoDBMock]:
    """A mock for the run."""
    with _mock(request) as controller:
        yield controller


#: The markers of the running test, its class and its module that have been applied, each with the
#: service that it was applied to. The mock of a wider scope has applied those of its own node.
_applied: list[tuple[Any, pytest.Mark]] = []


@contextmanager
def _mock(request: pytest.FixtureRequest) -> Iterator[DynamoDBMock]:
    with ExitStack() as stack:
        try:
            mock = _begin(request, stack)
        except marker.MarkerError as error:
            text = f"@pytest.mark.ddbmock: {error}"
            raise pytest.fail.Exception(text, pytrace=False) from None
        yield mock


def _begin(request: pytest.FixtureRequest, stack: ExitStack) -> Any:
    from ddbmock._internal.mock import activation_of  # noqa: PLC0415 (lazy)

    wanted = marker.request_of(request.node)
    mock = marker.create_mock(wanted)
    stack.enter_context(mock)
    activation = activation_of(mock)
    if activation.is_shared:
        marker.check_backend_options(wanted, activation)
        stack.enter_context(mock.rollback())
    stack.callback(_forget_after, len(_applied))
    path = request.node.path
    for seed in wanted.seeds:
        if (activation.service, seed.marker) not in _applied:
            _applied.append((activation.service, seed.marker))
            marker.seed(mock, seed, path if path.is_dir() else path.parent)
    for seed in wanted.seeds:
        marker.add_faults(mock, seed)
    mock.calls.clear()
    return mock


def _forget_after(count: int) -> None:
    del _applied[count:]
