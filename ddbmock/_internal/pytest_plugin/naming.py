"""The module of the fixtures, as `pytest --fixtures` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def of_plugin(function: _Function) -> _Function:
    """Name the public module as the one that a fixture is defined in."""
    function.__module__ = "ddbmock.pytest_plugin"
    return function
