"""ddbmock's own texts about prices and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def no_such_price_item(name: str, known: Sequence[str]) -> str:
    return f"there is no price of {name!r}; prices are of {', '.join(known)}"


def no_price_at(name: str, at: str) -> str:
    return f"the price book has no price of {name} on {at}; give one with prices={{...}}"


def price_is_no_number(name: str, given: object) -> str:
    return f"the price of {name} is a number of dollars for one unit, not {given!r}"


def load_was_not_stored(stored: int, total: int) -> str:
    return (
        f"the load is not known: {stored} of {total} calls are stored. Use"
        " mock_dynamodb(stored_calls=None) or mock_dynamodb(metrics=True)"
    )


def no_load(table_name: str) -> str:
    return f"nothing was read from or written to the table {table_name!r} so far"
