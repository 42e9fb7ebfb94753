"""Tables of templates as pytest fixtures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ddbmock._internal.errors import MisuseError

Scope = Literal["function", "class", "module", "session"]
#: Creates tables on a mock.
Create = Callable[[Any], None]


def fixture_of(create: Create, description: str, scope: Scope) -> Any:
    """Return a fixture that creates tables on the mock of its scope and returns `ddb.tables`."""
    import pytest  # noqa: PLC0415 (optional)

    if scope not in _ON_MOCK:
        raise MisuseError(f"scope is one of {', '.join(_ON_MOCK)}; not {scope!r}")
    function = _ON_MOCK[scope](create)
    function.__doc__ = description
    decorate: Callable[..., Any] = pytest.fixture(scope=scope)
    return decorate(function)


# pytest finds the mock that a fixture needs by the parameter's name. These are ddbmock's own names,
# because `ddb` and the others may be fixtures of a project's own.


def _on_function_mock(create: Create) -> Callable[..., Any]:
    def create_tables(_ddbmock_function: Any) -> Any:
        create(_ddbmock_function)
        return _ddbmock_function.tables

    return create_tables


def _on_class_mock(create: Create) -> Callable[..., Any]:
    def create_tables(_ddbmock_class: Any) -> Any:
        create(_ddbmock_class)
        return _ddbmock_class.tables

    return create_tables


def _on_module_mock(create: Create) -> Callable[..., Any]:
    def create_tables(_ddbmock_module: Any) -> Any:
        create(_ddbmock_module)
        return _ddbmock_module.tables

    return create_tables


def _on_session_mock(create: Create) -> Callable[..., Any]:
    def create_tables(_ddbmock_session: Any) -> Any:
        create(_ddbmock_session)
        return _ddbmock_session.tables

    return create_tables


_ON_MOCK: dict[Scope, Callable[[Create], Callable[..., Any]]] = {
    "function": _on_function_mock,
    "class": _on_class_mock,
    "module": _on_module_mock,
    "session": _on_session_mock,
}
