"""Text tables for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")


def money(amount: Decimal) -> str:
    """An amount with its cents.

    >>> from decimal import Decimal
    >>> money(Decimal("1234.5"))
    '1,234.50'
    """
    return f"{amount:,.2f}"


def units(capacity: float) -> str:
    """Capacity units, in the halves the service counts in.

    >>> units(1234.5)
    '1,234.5'
    """
    return f"{capacity:,.1f}"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under headers; columns of numbers are set to the right.

    >>> print(table(["product", "sold"], [["Kettle", 12], ["Desk Lamp", 3]]))
      product    sold
      ---------  ----
      Kettle       12
      Desk Lamp     3
    """
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)]
    right = [all(_is_number(row[at]) for row in cells) for at in range(len(headers))]
    lines = [list(headers), ["-" * width for width in widths], *cells]
    return "\n".join(_line(line, widths, right) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        cell.rjust(width) if to_the_right else cell.ljust(width)
        for cell, width, to_the_right in zip(cells, widths, right, strict=True)
    )
    return "  " + "  ".join(padded).rstrip()


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None
