from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import pytest

from ddbmock._internal import garbage_collection
from ddbmock._internal.garbage_collection import paused_collection

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def collector_is_on() -> Iterator[None]:
    assert gc.isenabled()
    threshold, is_frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    gc.unfreeze()
    yield
    gc.set_threshold(*threshold)
    gc.enable()
    if is_frozen:  # by conftest.py
        gc.freeze()
    else:
        gc.unfreeze()


def fail_in_a_block() -> None:
    with paused_collection():
        assert not gc.isenabled()
        raise KeyError


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(KeyError):
        fail_in_a_block()
    assert gc.isenabled()


def test_a_block_within_a_block_does_not_turn_it_on() -> None:
    with paused_collection():
        with paused_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_stays_off_for_a_program_that_turned_it_off() -> None:
    gc.disable()
    with paused_collection(all_stays=True):
        pass
    assert not gc.isenabled()


def generation_of(thing: object) -> int:
    return next(
        number
        for number in range(3)
        if any(thing is each for each in gc.get_objects(generation=number))
    )


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="other generations")
@pytest.mark.parametrize(
    ("many", "all_stays", "expected"), [(0, True, 2), (0, False, 0), (10**9, True, 0)]
)
def test_what_stays_belongs_to_the_oldest_generation(
    monkeypatch: pytest.MonkeyPatch,
    many: int,
    all_stays: bool,  # noqa: FBT001
    expected: int,
) -> None:
    monkeypatch.setattr(garbage_collection, "_MANY_OBJECTS", many)
    gc.collect()
    with paused_collection(all_stays=all_stays):
        created = [[]]  # type: ignore[var-annotated]
        gc.set_threshold(0)
    assert generation_of(created) == expected


def test_what_the_program_froze_stays_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage_collection, "_MANY_OBJECTS", 0)
    gc.freeze()
    with paused_collection(all_stays=True):
        pass
    assert gc.get_freeze_count() > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_it_is_on_in_a_child_that_was_forked_meanwhile() -> None:
    with paused_collection():
        child = os.fork()
        if child == 0:
            os._exit(0 if gc.isenabled() else 1)
        assert not gc.isenabled()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
