"""The agenda: tasks that are due at times of the backend's clock.

Everything that happens with time is a task here: the end of a transition, the deletion of expired
items, the end of a stream's retention. No thread runs them: due tasks run in the order of their
times when the clock is moved, and otherwise at the beginning of the next call.
Tasks are journalled, so that savepoints cover them, and a task that fails has changed nothing and
stays due.
"""

from __future__ import annotations

from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock._internal.engine.journal import Journal

#: What a task belongs to and what kind of task it is, such as `(table, "transitions")`.
Key = tuple[object, str]
#: How many replaced tasks may be in the queue before it is cleaned up.
_OUTDATED_MAX = 64


class Task(NamedTuple):
    """A task that is due at a time."""

    due_at: float
    #: Tasks that are due at the same time run in the order of their numbers, as scheduled.
    number: int
    key: Key
    #: Called with the time at which the task was due, which may be long ago on the clock.
    run: Callable[[float], object]
    #: Whether it completes something in progress, which `settle` may do before its time.
    is_pending: bool


class Agenda:
    """The tasks of a backend in the order of their times.

    >>> from ddbmock._internal.engine.journal import Journal
    >>> agenda = Agenda(Journal())
    >>> agenda.schedule(("orders", "greeting"), 10.0, lambda due_at: print("due at", due_at))
    >>> agenda.run_due(9.0)
    >>> agenda.run_due(12.0)
    due at 10.0
    """

    __slots__ = ("_count", "_is_held", "_journal", "_queue", "_tasks", "next_due")

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._count = 0
        self._is_held = False
        self._tasks: dict[Key, Task] = {}
        #: A heap of the tasks and of those that were replaced since.
        self._queue: list[Task] = []
        #: When the first task is due; None when there is none.
        self.next_due: float | None = None

    def schedule(
        self, key: Key, due_at: float, run: Callable[[float], object], *, is_pending: bool = False
    ) -> None:
        """Add a task, in place of the one with this key if there is one."""
        self._count += 1
        self._change(key, Task(due_at, self._count, key, run, is_pending))

    def cancel(self, key: Key) -> None:
        """Remove the task with this key, if there is one."""
        if key in self._tasks:
            self._change(key, None)

    def cancel_all_of(self, owner: object) -> None:
        """Remove the tasks that belong to a table or another resource."""
        for key in [key for key in self._tasks if key[0] is owner]:
            self.cancel(key)

    def clear(self) -> None:
        """Remove all tasks."""
        for key in list(self._tasks):
            self.cancel(key)

    def due_at(self, key: Key) -> float | None:
        """Return when the task with this key is due; None when there is none."""
        task = self._tasks.get(key)
        return None if task is None else task.due_at

    def run_due(self, now: float) -> None:
        """Run the tasks that are due by a time, in order, including those that they schedule."""
        while self.next_due is not None and self.next_due <= now and not self._is_held:
            self._run(self._queue[0])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Run nothing during a block, at whose end the clock is set to another time."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def run_pending(self) -> None:
        """Run the tasks that complete something in progress, each as if it was due."""
        while pending := [task for task in self._tasks.values() if task.is_pending]:
            self._run(min(pending))

    def _run(self, task: Task) -> None:
        with self._journal.undone_on_error():
            self.cancel(task.key)
            task.run(task.due_at)

    def _change(self, key: Key, task: Task | None) -> None:
        self._journal.record(self._set, key, self._tasks.get(key))
        self._set(key, task)

    def _set(self, key: Key, task: Task | None) -> None:
        if task is None:
            self._tasks.pop(key, None)
        else:
            heappush(self._queue, task)
            self._tasks[key] = task
        self._clean_up()

    def _clean_up(self) -> None:
        """Drop outdated tasks from the front of the queue, and all of them when they are many."""
        if len(self._queue) > 2 * len(self._tasks) + _OUTDATED_MAX:
            queue = list(self._tasks.values())
            heapify(queue)
            self._queue = queue
        queue = self._queue
        while queue and self._tasks.get(queue[0].key) is not queue[0]:
            heappop(queue)
        self.next_due = queue[0].due_at if queue else None
