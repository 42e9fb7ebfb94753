"""One fault: its calls, its schedule and its effects."""

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
    """A fault, from `ddb.faults.add(...)`; as a context manager it removes itself at the end.

    `print(fault)` shows it with the number of times that it happened.
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
        #: The minimum and maximum latency of the call on the clock.
        self.latency_seconds = latency_seconds
        #: How many items or keys of a batch are left unprocessed.
        self.unprocessed = unprocessed
        #: Whether the call is executed first, so that its response is lost.
        self.is_afterwards = is_afterwards
        #: Whether a test fails if the fault never happens.
        self.is_required: bool = is_required
        self._remove = remove

    @property
    def matched(self) -> int:
        """The number of attempts that matched by operation, table, index and key."""
        return self.schedule.matched

    @property
    def happened(self) -> int:
        """The number of times that it has happened."""
        return self.schedule.happened

    def remove(self) -> None:
        """Remove the fault; this may be repeated."""
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

    # --- effects ------------------------------------------------------------------------

    def apply(self, call: Call, random: Random) -> None:
        """Apply the fault to a call, if it matches and the schedule says so.

        Raises:
            ServiceError: The error of the service.
            ConnectionFault: No response arrives.
        """
        affected = self.selector.affected_actions(call)
        if affected is None or not self.schedule.is_now(random):
            return
        low, high = self.latency_seconds
        if high > 0:
            call.region.backend.clock.advance(low if low == high else random.uniform(low, high))
        if self.unprocessed:
            leave_unprocessed(call, parts_of(call, affected, self.selector), self.unprocessed)
        if self.error is not None and self.is_afterwards:
            call.region.backend.finish_call()  # the call is done, only its response is lost
        if isinstance(self.error, Injected):
            raise self.error.make(call, affected)
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
