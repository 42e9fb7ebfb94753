"""What of a template the creation of its tables does not do, with the reasons."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.templates.parameters import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a template that creating its tables does not do."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@contextmanager
def leaving_out(left_out: list[LeftOut], name: str) -> Iterator[None]:
    """Leave out what the block reads when something in it has no value: no table needs it."""
    try:
        yield
    except UnresolvedError as error:
        left_out.append(LeftOut(name, error.problem))
