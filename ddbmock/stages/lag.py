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

from ddbmock.access.operation import Plane
from ddbmock.engine.past import PastTable

if TYPE_CHECKING:
    from ddbmock.access.call import Call
    from ddbmock.access.door import Hooks
    from ddbmock.engine.backend import Backend
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.table import Source, Table


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
            hooks = call.door.hooks
            hooks.older = partial(self._older, hooks)

    def _older(self, hooks: Hooks, source: Source) -> Source:
        """Return what a read of a table or index sees in its place."""
        table, index = source.table, source.index
        history = table.history
        if history is None:
            return source
        at = self._backend.clock.seconds() - self._random.uniform(*self._backend.lag_seconds)
        visible = self._settled.get(table, 0)
        if not history.changed_since(at, visible):
            return source

        def note(key: OrderKey) -> None:
            hooks.outdated.append((table, key))

        past = PastTable(table, history, at, visible, note)
        return past.sources[None if index is None else index.name]
