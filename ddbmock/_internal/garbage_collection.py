"""Python's garbage collector, paused while many objects are created that all stay.

The collector goes through the new objects whenever there are some hundred more, through those of
earlier rounds too after ten rounds, and through all that the process has when there are a quarter
more. While a large table is loaded, that takes more time than all else, more with each item, and
finds nothing. A page of a Scan is created within one round.
"""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Fewer objects are left to the collector: the program's own garbage is among them.
_MANY_OBJECTS = 100_000
#: Whether the collector is off because of a block that has not ended.
_is_paused = False


@contextmanager
def paused_collection(*, all_stays: bool = False) -> Iterator[None]:
    """Turn the garbage collector off for a block, unless the program has done so.

    Objects without cycles are freed as ever. Only for blocks that do not call the program, whose
    garbage would be left meanwhile.

    Args:
        all_stays: Whether what the block creates stays. If that is very much, all objects belong
            to the oldest generation afterwards, so that the collector does not go through them
            once for each generation.

    >>> with paused_collection():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    global _is_paused  # noqa: PLW0603 (so is the collector)
    if not gc.isenabled():  # a block around this one turns it on again, or the program does
        yield
        return
    gc.disable()
    _is_paused = True
    try:
        yield
    finally:
        _is_paused = False
        # The program's frozen objects, if there are any, must stay frozen.
        if all_stays and gc.get_count()[0] >= _MANY_OBJECTS and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()  # into the oldest generation; neither looks at the objects
        gc.enable()


def _resume_in_child() -> None:
    """Turn the collector on in a forked child, which has no thread to end the block."""
    global _is_paused  # noqa: PLW0603
    if _is_paused:
        _is_paused = False
        gc.enable()


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    os.register_at_fork(after_in_child=_resume_in_child)
