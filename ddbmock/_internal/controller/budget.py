"""`ddb.budget(...)`: bounds on what the calls of a block consume."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from ddbmock._internal.calls import Budget, CallLog, Calls


class BudgetBlock:
    """A block that asserts at its end that the calls within it are within a budget."""

    def __init__(self, log: CallLog, budget: Budget) -> None:
        self._log = log
        self._budget = budget

    def __repr__(self) -> str:
        bounds = asdict(self._budget).items()
        given = [f"{name}={bound}" for name, bound in bounds if bound is not None]
        return f"<budget: {', '.join(given)}>"

    def __enter__(self) -> Calls:
        self._calls = self._log.since(self._log.position())
        return self._calls

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        if exception_type is None:
            self._calls.assert_within(self._budget)
