"""Eventually consistent reads that are behind, as if a replica answered that lags.

Each read is answered as of a time before now, which is drawn for it: the table and each index lag
by themselves, and of two reads the second may be older. Consistent reads, transactions and
conditions see the present.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
"""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from ddbmock._internal.access.operation import Plane
from ddbmock._internal.calls import StaleReads
from ddbmock._internal.engine.past import PastTable
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.history import History
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Source, Table
    from ddbmock._internal.service import Service

#: What is older is seen by every read of a mock with chaos.
RECENT_SECONDS = 2.0
#: Which part of its reads miss something, and how many changes of the table at most.
_LAGGING_SHARE = 0.5
_MISSED_MAX = 3


def attach(service: Service) -> None:
    """Have eventually consistent reads be behind, as the option `lag` says."""
    backend, calls, options = service.backend, service.calls, service.options
    backend.lag_seconds = options.lag_seconds
    backend.recent_seconds = options.lag_seconds[1]
    if backend.recent_seconds:
        calls.stale_reads = StaleReads(calls.find)
        service.pipeline.attach(Phase.ADMIT, Lag(backend, options.seed).attach)
        service.pipeline.attach(Phase.RECORD, calls.stale_reads.note)


class Lag:
    """The lag of all tables of a backend, which is `backend.lag_seconds`.

    `attach` is a stage of the phase ADMIT.
    """

    def __init__(self, backend: Backend, seed: int) -> None:
        self._backend = backend
        self._random = Random(f"lag {seed}")  # noqa: S311 (chance that can be repeated)
        #: Table -> the number of the last change that every replica has.
        self._settled: dict[Table, int] = {}
        backend.on_settle.append(self.settle)

    def settle(self) -> None:
        """Have all replicas caught up with what was written so far."""
        self._settled = {
            table: table.history.number
            for region in self._backend.all_regions()
            for table in region.tables.values()
            if table.history is not None
        }

    def attach(self, call: Call) -> None:
        """Have the reads of a call lag."""
        if call.operation.plane is Plane.DATA:
            hooks = call.hooks
            stale_items: list[tuple[Table, OrderKey]] = []
            hooks.stale_items = stale_items
            hooks.stale_view = partial(self._stale_view, stale_items)

    def _stale_view(self, stale_items: list[tuple[Table, OrderKey]], source: Source) -> Source:
        """Return what a read of a table or index sees in its place; note what it misses."""
        table, index = source.table, source.index
        history = table.history
        if history is None:
            return source
        at, visible = self._moment(history, self._settled.get(table, 0))
        if not history.has_changed_since(at, visible):
            return source

        def note(key: OrderKey) -> None:
            stale_items.append((table, key))

        past = PastTable(table, history, at, visible, note)
        return past.sources[None if index is None else index.name]

    def _moment(self, history: History, settled: int) -> tuple[float, int]:  # noqa: ARG002
        """Return the time as of which a table is read, and the last change seen in any case."""
        least, greatest = self._backend.lag_seconds
        # As `uniform`, without its frame.
        lag = least + (greatest - least) * self._random.random()
        return self._backend.clock.seconds() - lag, settled

    @property
    def _now(self) -> float:
        return self._backend.clock.seconds()


class OccasionalLag(Lag):
    """The lag of chaos: some reads miss the last changes, whatever the time is.

    That does not depend on how fast the machine is, so a seed always gives the same.
    """

    def __init__(self, backend: Backend, seed: int, is_on: Callable[[], bool]) -> None:
        super().__init__(backend, seed)
        self._is_on = is_on
        with backend.lock:
            for region in backend.all_regions():
                for table in region.tables.values():
                    table.remember("lag", RECENT_SECONDS, backend.clock)
            self._before = backend.recent_seconds
            backend.recent_seconds = max(RECENT_SECONDS, self._before)

    def end(self) -> None:
        """Disable the lag of reads."""
        self._backend.on_settle.remove(self.settle)
        self._backend.recent_seconds = self._before

    def _moment(self, history: History, settled: int) -> tuple[float, int]:
        if not self._is_on() or self._random.random() >= _LAGGING_SHARE:
            return self._now, history.number
        missed = self._random.randint(1, _MISSED_MAX)
        return self._now - RECENT_SECONDS, max(settled, history.number - missed)
