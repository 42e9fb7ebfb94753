"""What capacity units cost on demand, by the price list in `prices.json`.

Prices differ by region and change; the list says when and where it applies. Units of transactions
are doubled already, and a request unit is a capacity unit of the same size.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log10
from pathlib import Path

_FILE = Path(__file__).with_name("prices.json")
_MILLION = 1_000_000
_SMALLEST_SHOWN = 1e-9


@dataclass(frozen=True, slots=True)
class Prices:
    """A price list."""

    as_of: str
    source: str
    currency: str
    table_class: str
    region: str
    per_million_read_request_units: float
    per_million_write_request_units: float

    def of(self, read_units: float, write_units: float) -> float:
        """Return the price of units on demand.

        >>> prices().of(8_000_000, 0)
        1.0
        """
        read = read_units * self.per_million_read_request_units
        return (read + write_units * self.per_million_write_request_units) / _MILLION

    def text(self, amount: float) -> str:
        """Return an amount with its currency.

        >>> prices().text(0.0000123), prices().text(0)
        ('0.000012 USD', '0 USD')
        """
        return f"{amount_text(amount)} {self.currency}"

    @property
    def description(self) -> str:
        """What the prices apply to."""
        return f"{self.table_class} on demand in {self.region}, as of {self.as_of}"


def amount_text(amount: float) -> str:
    """Return an amount of money with two significant digits, or with cents.

    >>> amount_text(0.0000123), amount_text(1234.5), amount_text(0)
    ('0.000012', '1,234.50', '0')
    """
    if amount < _SMALLEST_SHOWN:
        return "0"
    return f"{amount:,.{max(2, 1 - floor(log10(amount)))}f}"


@lru_cache(maxsize=1)
def prices() -> Prices:
    """Return the price list."""
    return Prices(**json.loads(_FILE.read_text(encoding="utf-8")))
