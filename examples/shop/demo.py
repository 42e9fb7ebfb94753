"""A tour of the shop: fills the table, does a day's work and prints the cost.

Takes any boto3 DynamoDB resource; `python -m examples.shop` gives it one under ddbmock.
"""

from __future__ import annotations

import json
import time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from examples.shop import table as shop_table
from examples.shop.meter import Meter
from examples.shop.model import Order, OrderLine, Record, Review, User
from examples.shop.report import money, table, units
from examples.shop.store import (
    EmailTakenError,
    NotEnoughCreditError,
    OutOfStockError,
    StaleOrderError,
    Store,
    average_rating,
    record_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA_FILE = Path(__file__).parent / "data" / "shop.jsonl"


def sample_records() -> Iterator[Record]:
    """The records of the data file."""
    with DATA_FILE.open(encoding="utf-8") as lines:
        for line in lines:
            yield record_of(json.loads(line, parse_float=Decimal))


def run(dynamodb: Any) -> None:
    """The whole tour."""
    started = time.perf_counter()
    store = Store(shop_table.create(dynamodb))
    meter = Meter(store.client)
    for step in (fill, open_orders, one_customer, locking, credit, an_order, opinions, visit):
        print(f"\n== {_title(step)}")
        step(store)
    print("\n== What it cost")
    print(bill(meter))
    print(f"\ndone in {time.perf_counter() - started:.2f} s")


def fill(store: Store) -> None:
    """Load the sample data by batch writes."""
    count = store.load(sample_records())
    print(f"{count:,} records written to table {store.table.name!r}")


def open_orders(store: Store) -> None:
    """Orders by status, from the index by status and date."""
    rows = []
    for status in ("placed", "paid", "shipped", "delivered", "cancelled"):
        orders = store.orders_with_status(status)
        total = sum((order.total for order in orders), Decimal(0))
        rows.append([status, len(orders), money(total), orders[0].placed_at[:10]])
    print(table(["status", "orders", "total", "oldest"], rows))


def one_customer(store: Store) -> None:
    """A customer's history, newest order first, five a page."""
    user = store.user("u0001")
    print(f"{user.name}, {user.city}, store credit {money(user.credit)}")
    newest = list(islice(store.history(user.user_id, page=5), 7))
    orders = [
        [order.placed_at[:10], order.order_id, order.status, money(order.total)] for order in newest
    ]
    print(table(["date", "order", "status", "total"], orders))
    lines = store.lines_of(newest[0].order_id)
    goods = store.products(line.product_id for line in lines)
    bought = [[line.quantity, goods[line.product_id].name, money(line.price)] for line in lines]
    print(f"the newest, {newest[0].order_id}:")
    print(table(["quantity", "product", "price"], bought))


def locking(store: Store) -> None:
    """Optimistic locking: two clerks change the same order."""
    order = store.orders_with_status("paid")[0]
    first = store.change_status(order, "shipped")
    print(f"clerk one: {order.order_id} {order.status} -> {first.status}, version {first.version}")
    print(f"clerk two: {_refusal(lambda: store.change_status(order, 'cancelled'))}")


def credit(store: Store) -> None:
    """A transfer of store credit in a transaction, done and cancelled."""
    store.register(User("u9001", "Rosa Lindqvist", "rosa@example.com", "Turku", Decimal(100)))
    store.register(User("u9002", "Ivan Marino", "ivan@example.com", "Bologna"))
    twin = User("u9003", "Rosa Again", "rosa@example.com", "Turku")
    print(f"registering the address again: {_refusal(lambda: store.register(twin))}")
    store.transfer_credit("u9001", "u9002", Decimal("30.50"))
    print(_balances(store, "after a transfer of 30.50"))
    too_much = Decimal(1000)
    print(_refusal(lambda: store.transfer_credit("u9001", "u9002", too_much)))
    print(_balances(store, "after the cancelled one"))


def an_order(store: Store) -> None:
    """An order in a transaction: money, stock, order and lines together."""
    product = store.product("p0007")
    order = Order(
        "20260901-10001", "u9001", "placed", "2026-09-01T09:30:00Z", product.price, version=1
    )
    line = OrderLine(order.order_id, product.product_id, 1, product.price)
    store.place(order, [line])
    left = store.product(product.product_id).stock
    print(f"{product.name} sold for {money(product.price)}, stock {product.stock} -> {left}")
    greedy = Order("20260901-10002", "u9001", "placed", "2026-09-01T09:31:00Z", Decimal(1))
    all_of_it = OrderLine(greedy.order_id, product.product_id, left + 1, Decimal(1))
    print(f"one more than there is: {_refusal(lambda: store.place(greedy, [all_of_it]))}")
    print(f"{len(store.sales_of(product.product_id))} sales of it, by the inverted index")


def opinions(store: Store) -> None:
    """Review statistics: the best-liked products of all."""
    store.review(Review("p0007", "u9001", 5, "Just right.", "2026-09-03"))
    rated = []
    for product in store.all_products():
        reviews = store.reviews_of(product.product_id)
        if len(reviews) >= 5:
            rated.append((average_rating(reviews), len(reviews), product))
    rated.sort(key=lambda row: (-row[0], -row[1], row[2].product_id))
    rows = [
        [product.name, product.category, money(product.price), count, stars]
        for stars, count, product in rated[:5]
    ]
    print(table(["product", "category", "price", "reviews", "stars"], rows))


def visit(store: Store) -> None:
    """A session with an expiry."""
    session = store.log_in("u9001", "token-of-rosa")
    seconds = session.expires_at - int(time.time())
    print(f"token {session.token!r} is valid for {seconds} s: {store.session(session.token)}")
    print(f"an unknown token: {store.session('forged')}")


def bill(meter: Meter) -> str:
    """Calls, items and capacity units."""
    calls = table(["call", "times"], sorted(meter.calls.items()))
    capacity = table(
        ["table or index", "read units", "write units"],
        [
            [name, units(meter.units[name, "read"]), units(meter.units[name, "write"])]
            for name in meter.names()
        ],
    )
    refused = ", ".join(f"{count} {code}" for code, count in sorted(meter.errors.items()))
    return (
        f"{meter.call_count:,} calls, {meter.items_read:,} items read, refused: {refused}\n\n"
        f"{calls}\n\n{capacity}"
    )


def _title(step: Callable[[Store], None]) -> str:
    return (step.__doc__ or "").splitlines()[0].rstrip(".")


def _balances(store: Store, moment: str) -> str:
    giver, receiver = store.user("u9001"), store.user("u9002")
    return f"{moment}: {giver.name} {money(giver.credit)}, {receiver.name} {money(receiver.credit)}"


def _refusal(action: Callable[[], object]) -> str:
    """The shop's error message."""
    try:
        action()
    except (EmailTakenError, NotEnoughCreditError, OutOfStockError, StaleOrderError) as error:
        return f"{type(error).__name__}: {error}"
    return "done"
