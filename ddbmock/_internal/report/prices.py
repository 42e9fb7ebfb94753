"""Prices of capacity units on demand, from the price book of `ddbmock._internal.companions.cost`.

Prices differ by region and time; the text states both. Units of transactions
are doubled already, and a request unit is a capacity unit of the same size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ddbmock._internal.companions.cost.bill import CURRENCY, amount_text
from ddbmock._internal.companions.cost.prices import READS, WRITES, price_book, source
from ddbmock._internal.defaults import DEFAULT_REGION

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of request units of a Standard table."""

    as_of: str
    source: str
    currency: str
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
        """The region and date of the prices."""
        return f"DynamoDB Standard on demand in {self.region}, as of {self.as_of}"


@lru_cache(maxsize=1)
def prices() -> Prices:
    """Return the newest prices."""
    book = price_book()
    read, write = (book.price(item).per_unit * _MILLION for item in (READS, WRITES))
    return Prices(book.at, source(), CURRENCY, DEFAULT_REGION, read, write)
