"""The order of the stages that a call goes through."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, auto
from operator import itemgetter

from ddbmock._internal.access.call import Call
from ddbmock._internal.locks import attaching

#: Executes its part of a call, or raises the error that ends the call.
Stage = Callable[[Call], object]


class Phase(IntEnum):
    """The phases of a call."""

    #: The request is checked and read into its intent, with all checks that need no table; then
    #: whatever is due in the region by now is done.
    PREPARE = auto()
    #: Whether the caller has the permissions for the intent.
    AUTHORIZE = auto()
    #: Faults before the operation.
    BEFORE = auto()
    #: Hooks for the door: admission, staleness, notes.
    ADMIT = auto()
    #: The operation itself.
    RUN = auto()
    #: Faults after the operation, such as a response that is lost.
    AFTER = auto()
    #: The consumed capacity in the response.
    ACCOUNT = auto()
    #: Recording of the call; these stages run after errors too.
    RECORD = auto()


class Pipeline:
    """The stages of a service, in the order of their phases; `Service.execute` runs them.

    >>> pipeline = Pipeline((Phase.RUN, print), (Phase.PREPARE, repr))
    >>> pipeline.stages == (repr, print)
    True
    """

    __slots__ = ("_placed", "recorders", "stages")

    def __init__(self, *placed: tuple[Phase, Stage]) -> None:
        self._placed: list[tuple[Phase, Stage]] = list(placed)
        self._arrange()

    def attach(self, phase: Phase, stage: Stage) -> None:
        """Add a stage to a phase, after the existing ones."""
        with attaching:
            self._placed.append((phase, stage))
            self._arrange()

    def detach(self, stage: Stage) -> None:
        """Remove a stage."""
        with attaching:
            self._placed = [placed for placed in self._placed if placed[1] is not stage]
            self._arrange()

    def _arrange(self) -> None:
        ordered = sorted(self._placed, key=itemgetter(0))
        #: Stages that run until one raises.
        self.stages: tuple[Stage, ...] = tuple(
            [stage for phase, stage in ordered if phase is not Phase.RECORD]
        )
        #: Stages that run in any case.
        self.recorders: tuple[Stage, ...] = tuple(
            [stage for phase, stage in ordered if phase is Phase.RECORD]
        )
