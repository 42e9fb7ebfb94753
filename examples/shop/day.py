"""A day in the shop, with what must be true in the evening whatever happened.

It is done under failures of production, see `tests/test_chaos.py`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from examples.shop.model import Order, OrderLine, Product, Review, User
from examples.shop.store import EmailTakenError, NotEnoughCreditError, OutOfStockError, Store

if TYPE_CHECKING:
    from collections.abc import Callable

ANNA = User("u1", "Anna Berg", "anna@example.com", "Oslo", Decimal(100))
BEN = User("u2", "Ben Costa", "ben@example.com", "Porto", Decimal(20))
PRODUCTS = [Product(f"p{number}", "Kettle", "Kitchen", Decimal(10), 5) for number in range(1, 31)]


def order_of(number: int, user: User, total: int) -> Order:
    """An order that was just placed."""
    placed_at = f"2026-03-01T10:{number:02}:00Z"
    return Order(f"20260301-{number:05}", user.user_id, "placed", placed_at, Decimal(total))


def refuses(error: type[Exception], action: Callable[[], object]) -> bool:
    """Whether an error is one of the shop's own."""
    try:
        action()
    except error:
        return True
    return False


def a_day(store: Store) -> None:
    """Fills the shop, registers users, sells, moves an order on, and removes a cancelled one."""
    assert store.load(PRODUCTS) == len(PRODUCTS)
    store.register(ANNA)
    store.register(BEN)
    twin = User("u3", "Anna Two", ANNA.email, "Bergen")
    assert refuses(EmailTakenError, lambda: store.register(twin))
    store.transfer_credit("u1", "u2", Decimal(30))
    assert [store.user(name).credit for name in ("u1", "u2")] == [Decimal(70), Decimal(50)]

    bought = order_of(1, ANNA, 20)
    store.place(bought, [OrderLine(bought.order_id, "p1", 2, Decimal(10))])
    dear = order_of(2, BEN, 51)
    assert refuses(NotEnoughCreditError, lambda: store.place(dear, []))
    greedy = order_of(3, BEN, 40)
    four = [OrderLine(greedy.order_id, "p1", 4, Decimal(10))]
    assert refuses(OutOfStockError, lambda: store.place(greedy, four))

    paid = store.change_status(bought, "paid")
    assert store.change_status(paid, "shipped").version == 3
    wrong = order_of(4, BEN, 10)
    store.place(wrong, [OrderLine(wrong.order_id, "p2", 1, Decimal(10))])
    store.remove(store.change_status(wrong, "cancelled"))

    store.review(Review("p1", "u1", 5, "Quiet indeed.", "2026-03-05"))
    assert store.session(store.log_in("u1", "token").token) is not None
    stock = store.products(product.product_id for product in PRODUCTS)
    assert [stock[name].stock for name in ("p1", "p2", "p3")] == [3, 4, 5]


#: The contents of the table in the evening: kind of record -> count.
RECORDS = {
    "product": len(PRODUCTS),
    "user": 2,
    "email": 2,
    "order": 1,
    "line": 1,
    "review": 1,
    "session": 1,
}
#: The credit of all users: a hundred and twenty, less the two orders.
CREDIT = Decimal(90)
