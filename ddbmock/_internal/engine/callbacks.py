"""Calling independent functions: one that raises does not keep the others from being called."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def call_each(
    functions: Iterable[Callable[..., object]], *arguments: Any, errors: list[Exception]
) -> None:
    """Call each function, and collect what they raise.

    >>> errors = []
    >>> call_each([int, float], "x", errors=errors)
    >>> len(errors)
    2
    """
    __tracebackhide__ = True
    for function in functions:
        try:
            function(*arguments)
        except Exception as error:  # noqa: BLE001, PERF203 (raised by `raise_first`)
            errors.append(error)


def raise_first(errors: Sequence[Exception]) -> None:
    """Raise the first of the collected errors, if any; tracebacks show the others as its context.

    >>> raise_first([])
    >>> raise_first([ValueError("one"), KeyError("two")])
    Traceback (most recent call last):
        ...
    ValueError: one
    """
    __tracebackhide__ = True
    for error, following in pairwise(errors):
        _last_in_context(error).__context__ = following
    if errors:
        raise errors[0]


def _last_in_context(error: BaseException) -> BaseException:
    while error.__context__ is not None:
        error = error.__context__
    return error
