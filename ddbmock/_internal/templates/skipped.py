"""The parts of templates that creating the tables skips, with the reasons."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.templates.parameters import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class SkippedPart:
    """A part of a template that creating its tables skips."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@contextmanager
def skipping(skipped: list[SkippedPart], name: str) -> Iterator[None]:
    """Skip what the block reads if a part of it has no value: no table needs it."""
    try:
        yield
    except UnresolvedError as error:
        skipped.append(SkippedPart(name, error.problem))
