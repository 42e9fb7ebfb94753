"""Tables of templates as pytest fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.templates.tables import Tables

Scope = Literal["function", "class", "module", "session"]


def fixture_of(tables: Tables, scope: Scope) -> Any:
    """Return a fixture that creates tables on the mock of its scope and gives `ddb.tables`."""
    import pytest  # noqa: PLC0415 (optional)

    if scope not in _ON_MOCK:
        raise MisuseError(f"scope is one of {', '.join(_ON_MOCK)}; not {scope!r}")
    function = _ON_MOCK[scope](tables)
    function.__doc__ = f"The tables {', '.join(tables.names)} of {tables.source}."
    decorate: Callable[..., Any] = pytest.fixture(scope=scope)
    return decorate(function)


# pytest reads from the parameter's name which mock a fixture needs. These are ddbmock's own names,
# because `ddb` and the others may be fixtures of a project's own.


def _on_function_mock(tables: Tables) -> Callable[..., Any]:
    def create_tables(_ddbmock_function: Any) -> Any:
        tables.create(_ddbmock_function)
        return _ddbmock_function.tables

    return create_tables


def _on_class_mock(tables: Tables) -> Callable[..., Any]:
    def create_tables(_ddbmock_class: Any) -> Any:
        tables.create(_ddbmock_class)
        return _ddbmock_class.tables

    return create_tables


def _on_module_mock(tables: Tables) -> Callable[..., Any]:
    def create_tables(_ddbmock_module: Any) -> Any:
        tables.create(_ddbmock_module)
        return _ddbmock_module.tables

    return create_tables


def _on_session_mock(tables: Tables) -> Callable[..., Any]:
    def create_tables(_ddbmock_session: Any) -> Any:
        tables.create(_ddbmock_session)
        return _ddbmock_session.tables

    return create_tables


_ON_MOCK: dict[Scope, Callable[[Tables], Callable[..., Any]]] = {
    "function": _on_function_mock,
    "class": _on_class_mock,
    "module": _on_module_mock,
    "session": _on_session_mock,
}
