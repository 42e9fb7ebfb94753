"""Bills: amounts and their prices, once and in a month."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from ddbmock._internal.calls import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.companions.cost.prices import Price

#: As in price calculators.
HOURS_OF_A_MONTH = 730
_SECONDS_OF_AN_HOUR = 3_600
_SMALLEST_SHOWN = 1e-9
CURRENCY = "USD"


def amount_text(amount: float) -> str:
    """Return an amount of money with two significant digits, or with cents.

    >>> amount_text(0.0000123), amount_text(1234.5), amount_text(0)
    ('0.000012', '1,234.50', '0')
    """
    if amount < _SMALLEST_SHOWN:
        return "0"
    return f"{amount:,.{max(2, 1 - floor(log10(amount)))}f}"


@dataclass(frozen=True, slots=True)
class BillLine:
    """One amount and its price."""

    #: The region's name.
    region: str
    #: The table or other resource that is charged for.
    of: str
    #: How many units were used so far.
    quantity: float
    #: What one unit costs.
    price: Price
    #: How many units the resource uses in a month without calls; None for what is
    #: paid by request.
    monthly_quantity: float | None = None

    @property
    def item(self) -> str:
        """The unit, such as `read request units`."""
        return self.price.item

    @property
    def cost(self) -> float:
        """Dollars for what was used so far."""
        return self.quantity * self.price.per_unit

    def __str__(self) -> str:
        text = (
            f"{self.of} ({self.region}): {number_text(self.quantity)} {self.item},"
            f" {amount_text(self.cost)} {CURRENCY}"
        )
        if self.monthly_quantity is not None:
            monthly = self.monthly_quantity * self.price.per_unit
            text += f"; {amount_text(monthly)} {CURRENCY} a month"
        return text


@dataclass(frozen=True, slots=True)
class Bill:
    """Usage and its cost, without tax and without the free tier.

    `print(bill)` lists it.
    """

    lines: tuple[BillLine, ...]
    #: The day of the prices.
    prices_at: str

    @property
    def total(self) -> float:
        """Dollars for all usage so far."""
        return sum(line.cost for line in self.lines)

    @property
    def requests(self) -> float:
        """Dollars for what is paid by request: reads, writes, transfers."""
        return sum(line.cost for line in self.lines if line.monthly_quantity is None)

    @property
    def standing(self) -> float:
        """Dollars a month for storage, provisioned units and backups."""
        return sum(
            line.monthly_quantity * line.price.per_unit
            for line in self.lines
            if line.monthly_quantity is not None
        )

    def monthly(self, times_per_second: float = 0.0) -> float:
        """Return the dollars of a month in which the calls so far are repeated at a rate.

        Args:
            times_per_second: The average number of repetitions per second.
        """
        seconds = HOURS_OF_A_MONTH * _SECONDS_OF_AN_HOUR
        return self.standing + self.requests * times_per_second * seconds

    def of(self, item: str, table: str | None = None) -> float:
        """Return how many units of a kind were used, such as `write request units`.

        Args:
            item: The unit.
            table: The table; by default all.
        """
        return sum(
            line.quantity
            for line in self.lines
            if line.item == item and table in {None, line.of.partition("/")[0]}
        )

    def __str__(self) -> str:
        return "\n".join([*map(str, self.lines), *self._notes()])

    def _notes(self) -> Sequence[str]:
        notes = [
            (
                f"together {amount_text(self.total)} {CURRENCY}, and {amount_text(self.standing)}"
                f" {CURRENCY} a month for what is there"
            ),
            f"prices as of {self.prices_at}, without tax and without the free tier",
        ]
        elsewhere = {line.region for line in self.lines if line.price.region != line.region}
        if elsewhere:
            notes.append(f"some prices of {', '.join(sorted(elsewhere))} are those of us-east-1")
        unconfirmed = {line.item for line in self.lines if not line.price.is_confirmed}
        if unconfirmed:
            notes.append(f"not confirmed: the prices of {', '.join(sorted(unconfirmed))}")
        return notes
