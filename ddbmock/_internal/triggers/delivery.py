"""All triggers of a mock, and when their handlers run.

1. Handlers run in the calling thread: in `deliver()`, or at the end of a call that wrote.
   Nothing runs in the background.
2. One delivery at a time. What a handler changes is for the next round of the same delivery; a
   write of another thread leaves its records to the delivery in progress.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import streams as messages
from ddbmock._internal.triggers.invocation import check_handler
from ddbmock._internal.triggers.mapping import Delivery, EventSourceMapping, Run
from ddbmock._internal.triggers.options import IMMEDIATELY, TriggerOptions
from ddbmock._internal.triggers.trigger import Trigger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ddbmock._internal.engine.backend import Backend, Region
    from ddbmock._internal.service import Service

#: How many rounds of deliveries there may be when a write delivers immediately.
_ROUNDS_AT_ONCE = 100

#: The triggers in delivery in this context, which helper threads of handlers inherit.
_delivered_here: ContextVar[Triggers | None] = ContextVar("_delivered_here", default=None)


def attach(service: Service) -> Triggers:
    """Return the triggers of a service, none at first."""
    return Triggers(service.backend)


class Triggers:
    """The triggers of one mock, in the order in which they were created."""

    __slots__ = ("_all", "_backend", "_delivering")

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._all: list[EventSourceMapping] = []
        self._delivering = new_lock()

    def add(
        self,
        region: Region,
        table_name: str,
        handler: Callable[..., Any],
        given: Mapping[str, Any],
    ) -> Trigger:
        """Register a handler for the changes in the table's current stream.

        Raises:
            MisuseError: The handler is no function, an option is invalid, or the table has no
                enabled stream.
        """
        check_handler(handler)
        options = TriggerOptions.of(given)
        stream = region.tables[table_name].stream
        if stream is None or not stream.is_enabled:
            raise MisuseError(messages.no_stream(table_name))
        mapping = EventSourceMapping(region, stream, handler, options)
        self._all.append(mapping)
        if options.deliver == IMMEDIATELY and self._deliver_due not in self._backend.after_call:
            self._backend.after_call.append(self._deliver_due)
        return Trigger(mapping)

    def deliver(self, rounds: int) -> list[Delivery]:
        """Call handlers until all records are delivered, and return the deliveries.

        Raises:
            MisuseError: A handler called this, or handlers still cause each other's changes after
                the last round.
        """
        if _delivered_here.get() is self:
            raise MisuseError(messages.DELIVERY_IN_HANDLER)
        with self._delivering:
            return self._deliver(self._all, rounds)

    def _deliver_due(self) -> None:
        """Deliver to immediate triggers, unless a delivery is in progress."""
        if _delivered_here.get() is self:
            return  # a handler's write is for the next round
        # Checked again afterwards: another thread may have written during the last check.
        while any(mapping.has_due() for mapping in self._immediate()):
            if not self._delivering.acquire(blocking=False):
                return
            try:
                if not self._deliver(self._immediate(), _ROUNDS_AT_ONCE):
                    return  # what is left waits for more records
            finally:
                self._delivering.release()

    def _immediate(self) -> list[EventSourceMapping]:
        return [mapping for mapping in self._all if mapping.options.deliver == IMMEDIATELY]

    def _deliver(self, mappings: Sequence[EventSourceMapping], rounds: int) -> list[Delivery]:
        token = _delivered_here.set(self)
        run = Run()
        try:
            for _ in range(rounds):
                # Fixed before the first handler runs: what handlers write is for the next round.
                ends = [(mapping, mapping.end) for mapping in list(mappings)]
                if not sum([mapping.run(end, run) for mapping, end in ends]):
                    break
            else:
                tables = {delivery.table for delivery in run.deliveries}
                raise MisuseError(messages.endless_deliveries(rounds, tables))
        finally:
            _delivered_here.reset(token)
        if run.errors:
            raise run.errors[0]
        return run.deliveries
