"""The price book: dated prices by region and table class, and a test's own prices.

Prices change and differ by region. A price that the book does not have for a region is that of
us-east-1, and a bill says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.defaults import DEFAULT_REGION
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import cost as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("prices.json")
STANDARD = "STANDARD"

READS, WRITES = "read request units", "write request units"
REPLICATED_WRITES = "replicated write request units"
READ_HOURS, WRITE_HOURS = "read unit-hours", "write unit-hours"
REPLICATED_WRITE_HOURS = "replicated write unit-hours"
STORAGE = "storage GB-months"
RECOVERY = "point-in-time recovery GB-months"
BACKUPS = "backup GB-months"
RESTORES, EXPORTS, IMPORTS = "restored GB", "exported GB", "imported GB"
STREAM_READS = "stream reads"


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a unit in dollars, and its source."""

    item: str
    region: str
    #: None for prices that do not depend on it.
    table_class: str | None
    #: The first day on which it applies, in ISO 8601.
    since: str
    per_unit: float
    #: Whether it was read in AWS's own list or documentation.
    is_confirmed: bool


class PriceBook:
    """Prices on a day.

    >>> price_book().price("read request units").per_unit * 1_000_000
    0.125
    >>> price_book(at="2024-10-31").price("read request units").per_unit * 1_000_000
    0.25
    """

    def __init__(self, prices: list[Price], at: str, own: Mapping[str, float]) -> None:
        self.at = at
        self._prices = prices
        self._own = own

    @property
    def items(self) -> list[str]:
        """The units that have prices."""
        return list(dict.fromkeys(price.item for price in self._prices))

    def price(self, item: str, region: str = DEFAULT_REGION, table_class: str = STANDARD) -> Price:
        """Return a price in a region; that of us-east-1 where the book has none of the region.

        Raises:
            MisuseError: The book has no such price on its day.
        """
        if item in self._own:
            return Price(item, region, table_class, self.at, self._own[item], is_confirmed=True)
        for name in (region, DEFAULT_REGION):
            found = [
                price
                for price in self._prices
                if (price.item, price.region) == (item, name)
                and price.table_class in {None, table_class}
                and price.since <= self.at
            ]
            if found:
                return max(found, key=lambda price: price.since)
        if any(price.item == item for price in self._prices):
            raise MisuseError(messages.no_price_at(item, self.at))
        raise MisuseError(messages.no_such_price_item(item, self.items))

    def with_own(self, own: Mapping[str, float]) -> PriceBook:
        """Return a book in which these prices, in dollars for one unit, take precedence.

        Raises:
            MisuseError: There is no such item, or a price is no number.
        """
        for item, price in own.items():
            if item not in self.items:
                raise MisuseError(messages.no_such_price_item(item, self.items))
            if not isinstance(price, Real) or isinstance(price, bool):
                raise MisuseError(messages.price_is_no_number(item, price))
        return PriceBook(self._prices, self.at, {**self._own, **own})


@lru_cache(maxsize=1)
def _read() -> tuple[list[Price], Mapping[str, str]]:
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    prices = [
        Price(
            row["item"],
            row["region"],
            row.get("table_class"),
            row["since"],
            row["price"] / row["per"],
            row["confirmed"],
        )
        for row in content["prices"]
    ]
    return prices, content["sources"]


def newest_date() -> str:
    """Return the day of the last change of prices that the book knows."""
    return max(price.since for price in _read()[0])


def source() -> str:
    """Return the address of the service's prices."""
    return _read()[1][newest_date()]


def price_book(at: str | None = None) -> PriceBook:
    """Return the prices on a day, by default the newest ones."""
    return PriceBook(_read()[0], at or newest_date(), {})
