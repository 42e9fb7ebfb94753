"""The cost of a mock's calls and tables at DynamoDB's prices.

    prices     the price book: dated prices with their sources, and a test's own
    bill       amounts and their prices, once and in a month
    usage      the usage of a mock: calls, storage, provisioned units
    load       the units consumed in each minute, and their cost in either billing mode

https://aws.amazon.com/dynamodb/pricing/
"""

from __future__ import annotations

from ddbmock._internal.companions.cost.bill import Bill, BillLine, amount_text
from ddbmock._internal.companions.cost.load import CostComparison, Scaling
from ddbmock._internal.companions.cost.prices import PriceBook, price_book
from ddbmock._internal.companions.cost.usage import bill, compare_modes

__all__ = [
    "Bill",
    "BillLine",
    "CostComparison",
    "PriceBook",
    "Scaling",
    "amount_text",
    "bill",
    "compare_modes",
    "price_book",
]
