"""Chaos: failures of production at random, as a seed chooses them.

A correct program survives every seed: there are never more failures in a row than its client
retries. The failures are throttling, server errors, connections that break before or after a call
is executed, batches that are executed in part, and stale reads.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING
from weakref import WeakSet

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from ddbmock._internal.access.operation import Plane
from ddbmock._internal.errors import ConnectionFault
from ddbmock._internal.faults.errors import Injected
from ddbmock._internal.faults.unprocessed import leave_unprocessed, parts_of
from ddbmock._internal.locks import new_lock
from ddbmock._internal.optional_stages.lag import OccasionalLag
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.stages import Pipeline

#: The probability that an attempt fails, and that a batch is executed in part.
DEFAULT_RATE = 0.1
_PARTIAL_RATE = 3
#: How many attempts in a row fail at most: a client of botocore makes three, or more.
_FAILURES_MAX = 2
_BATCHES = frozenset({"BatchGetItem", "BatchWriteItem"})


class Chaos:
    """The chaos of one mock, until `stop`."""

    def __init__(
        self,
        backend: Backend,
        pipeline: Pipeline,
        seed: int,
        rate: float,
        is_paused: Callable[[], bool],
    ) -> None:
        self._pipeline = pipeline
        self._rate = rate
        self._seed = seed
        self._is_paused = is_paused
        self._random = Random(f"chaos {seed}")  # noqa: S311 (chance that can be repeated)
        #: The calls whose responses will be lost.
        self._lost_responses: WeakSet[Call] = WeakSet()
        #: Operation and request -> how many attempts have failed in a row.
        self._failures: dict[tuple[str, str], int] = {}
        self._attempts = 0
        self._affected_count = 0
        #: Held while a failure is chosen.
        self._lock = new_lock()
        self._lag = OccasionalLag(backend, seed, lambda: not is_paused())
        self._stages = (
            (Phase.BEFORE, self._before),
            (Phase.ADMIT, self._lag.attach),
            (Phase.AFTER, self._after),
        )
        for phase, stage in self._stages:
            pipeline.attach(phase, stage)

    def stop(self) -> None:
        """Stop failing calls."""
        for _, stage in self._stages:
            self._pipeline.detach(stage)
        self._lag.end()

    def _before(self, call: Call) -> None:
        intent = call.intent
        if (
            call.operation.plane is not Plane.DATA
            or intent is None
            or call.is_within_block
            or self._is_paused()
        ):
            return
        with self._lock:
            kind = self._chosen_failure(call, intent)
        if kind is None:
            return
        if kind == 0:
            raise Injected("ThrottlingException").make(call, intent.actions)
        if kind == 1:
            raise Injected("InternalServerError").make(call, intent.actions)
        if kind == 2:  # noqa: PLR2004 (one kind of four)
            raise ConnectionFault(ConnectTimeoutError)
        self._lost_responses.add(call)

    def _chosen_failure(self, call: Call, intent: Intent) -> int | None:
        """Return how an attempt fails, None if it does not; a batch may lose a part instead."""
        self._attempts += 1
        chance, kind = self._random.random(), self._random.randrange(4)
        if call.operation.name in _BATCHES and chance < self._rate * _PARTIAL_RATE:
            parts = parts_of(call, intent.actions)
            if len(parts) > 1:
                self._affected_count += 1
                leave_unprocessed(call, parts, self._random.randint(1, len(parts) - 1))
                return None
        request = call.operation.name, repr(call.request)
        failures = self._failures.pop(request, 0)
        if chance >= self._rate or failures >= _FAILURES_MAX:
            return None
        self._affected_count += 1
        self._failures[request] = failures + 1
        return kind

    def _after(self, call: Call) -> None:
        if call in self._lost_responses:
            call.region.backend.finish_call()  # the call is done, only its response is lost
            raise ConnectionFault(ReadTimeoutError)

    def __str__(self) -> str:
        count = f"{self._affected_count} of {self._attempts} attempts affected"
        return f"chaos with seed {self._seed}: {count}"
