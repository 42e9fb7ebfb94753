"""The guard of test runs: a DynamoDB call outside of any mock is an error.

It is disabled by default; the pytest plugin enables it for a run. This module is light, so
that this costs a run without DynamoDB nothing.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from ddbmock._internal.errors import UnmockedCallError

if TYPE_CHECKING:
    from collections.abc import Callable

#: URLs of this machine: an endpoint there is not AWS, and was given on purpose.
_OF_THIS_MACHINE = re.compile(
    r"https?://(localhost|[\w.-]+\.localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[::1?\])(:\d+)?(/|$)",
    re.IGNORECASE,
)

#: The guards of this process. The newest decides: a test run inside a test run has its own.
_guards: list[Guard] = []
#: Called when a guard begins, ends or changes.
listeners: list[Callable[[], object]] = []


class Guard:
    """One run's decision whether calls outside of mocks are refused."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on

    @property
    def is_on(self) -> bool:
        """Whether calls outside of mocks are refused."""
        return self._is_on

    @is_on.setter
    def is_on(self, is_on: bool) -> None:
        self._is_on = is_on
        _notify()

    def begin(self) -> None:
        """Have this guard decide from now on."""
        _guards.append(self)
        _notify()

    def end(self) -> None:
        """Have the guard before this one decide again."""
        if self in _guards:
            _guards.remove(self)
            _notify()


def _notify() -> None:
    for listener in listeners:
        listener()


def is_on() -> bool:
    """Return whether calls outside of mocks are refused."""
    newest = _guards[-1:]  # in one step, as another thread's run may end meanwhile
    return bool(newest) and newest[0].is_on


def refuse(operation_name: str, url: str) -> None:
    """Refuse a call that no mock answers, unless it goes to an endpoint on this machine.

    moto's mock is one.

    Raises:
        UnmockedCallError: No mock is active.
    """
    __tracebackhide__ = True
    if is_answered_by_moto() or _OF_THIS_MACHINE.match(url):
        return
    raise UnmockedCallError(
        f"{operation_name} was called outside of a mock of DynamoDB, and would have been sent to"
        f" {url}: no mock is active. Ask for the fixture ddb (or dynamodb_client,"
        " dynamodb_resource), mark the test with @pytest.mark.ddbmock, or use mock_dynamodb. To"
        " allow such calls: @pytest.mark.ddbmock_guard(False), --ddbmock-guard=off, or"
        " ddbmock_guard = off in the ini file"
    )


def is_answered_by_moto() -> bool:
    """Return whether a mock of moto is active."""
    models = sys.modules.get("moto.core.models")
    stubber = getattr(models, "botocore_stubber", None)
    return getattr(stubber, "enabled", False)
