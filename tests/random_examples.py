"""How many examples property tests try: few in each run of the suite, many by `make properties`."""

from __future__ import annotations

from hypothesis import settings


def examples(percent: int) -> int:
    """Return a part of the number that the profile has for a test, or a multiple of it."""
    return max(1, settings().max_examples * percent // 100)
