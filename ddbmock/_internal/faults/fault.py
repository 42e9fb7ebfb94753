"""One fault: which calls it strikes, when it happens, and what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.errors import ConnectionFault
from ddbmock._internal.faults.errors import Injected
from ddbmock._internal.faults.unprocessed import leave_unprocessed, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from typing_extensions import Self

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.faults.schedule import Schedule
    from ddbmock._internal.faults.selector import Selector


class Fault:
    """What `ddb.faults.add(...)` returns; as a context manager it removes itself at the end.

    `print(fault)` shows what it is and how often it happened.
    """

    def __init__(  # noqa: PLR0913 (what a fault consists of)
        self,
        selector: Selector,
        schedule: Schedule,
        *,
        error: Injected | type[Exception] | Exception | None,
        latency_seconds: tuple[float, float],
        unprocessed: int,
        is_afterwards: bool,
        is_required: bool,
        remove: Callable[[Fault], None],
    ) -> None:
        self.selector = selector
        self.schedule = schedule
        #: The error of the service, or the exception of botocore, that the call ends with.
        self.error = error
        #: The least and the greatest time that the call takes on the clock.
        self.latency_seconds = latency_seconds
        #: How many items or keys of a batch are left unprocessed.
        self.unprocessed = unprocessed
        #: Whether the call is done first, so that its response is lost.
        self.is_afterwards = is_afterwards
        #: Whether a test fails in which it never happens.
        self.is_required: bool = is_required
        self._remove = remove

    @property
    def matched(self) -> int:
        """How many attempts it could have struck so far, by operation, table, index and key."""
        return self.schedule.matched

    @property
    def happened(self) -> int:
        """How many times it has happened so far."""
        return self.schedule.happened

    def remove(self) -> None:
        """Have it happen no more; one that was removed already stays so."""
        self._remove(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, exception_type: object, *_: object) -> None:
        self.remove()
        if exception_type is None:
            self.verify()

    def verify(self) -> None:
        """Check that it happened, if it is required.

        Raises:
            AssertionError: It is required, and never happened.
        """
        __tracebackhide__ = True
        if self.is_missing():
            self.is_required = False  # it is reported once
            raise AssertionError(f"a fault was required, and never happened: {self}")

    def is_missing(self) -> bool:
        """Return whether it is required and never happened."""
        return self.is_required and not self.happened

    # --- what happens ------------------------------------------------------------------------

    def strike(self, call: Call, random: Random) -> None:
        """Have it happen to a call, if it strikes the call and its time has come.

        Raises:
            ServiceError: The error of the service.
            ConnectionFault: No response arrives.
        """
        struck = self.selector.struck(call)
        if struck is None or not self.schedule.is_now(random):
            return
        low, high = self.latency_seconds
        if high > 0:
            call.region.backend.clock.advance(low if low == high else random.uniform(low, high))
        if self.unprocessed:
            leave_unprocessed(call, parts_of(call, struck, self.selector), self.unprocessed)
        if self.error is not None and self.is_afterwards:
            call.region.backend.finish_call()  # the call is done, only its response is lost
        if isinstance(self.error, Injected):
            raise self.error.make(call, struck)
        if self.error is not None:
            raise ConnectionFault(self.error)

    def __str__(self) -> str:
        effects = []
        if isinstance(self.error, Injected):
            effects.append(self.error.code)
        elif self.error is not None:
            kind = self.error if isinstance(self.error, type) else type(self.error)
            effects.append(kind.__name__)
        if self.unprocessed:
            effects.append(f"{self.unprocessed} unprocessed")
        if self.latency_seconds[1]:
            low, high = self.latency_seconds
            effects.append(f"{low:g} s" if low == high else f"{low:g} to {high:g} s")
        when = " after it is done" if self.is_afterwards else ""
        return f"{self.selector}: {', '.join(effects)}{when}{self.schedule}"

    def __repr__(self) -> str:
        return f"<fault: {self}>"
