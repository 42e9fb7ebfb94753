"""The store under pytest's fixtures: `dynamodb_resource` comes with ddbmock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from examples.shop import table as shop_table
from examples.shop.model import Order, OrderLine, Product, Review, User
from examples.shop.store import (
    EmailTakenError,
    NotEnoughCreditError,
    OutOfStockError,
    StaleOrderError,
    Store,
    average_rating,
)

ANNA = User("u1", "Anna Berg", "anna@example.com", "Oslo", Decimal(100))
BEN = User("u2", "Ben Costa", "ben@example.com", "Porto", Decimal(20))
KETTLE = Product("p1", "Quiet Kettle", "Kitchen", Decimal("29.50"), 3)
LAMP = Product("p2", "Desk Lamp", "Office", Decimal("45.00"), 1)
OPEN = Order("20260301-00001", "u1", "placed", "2026-03-01T10:00:00Z", Decimal("29.50"))


@pytest.fixture
def store(dynamodb_resource: Any) -> Store:
    shop = Store(shop_table.create(dynamodb_resource))
    shop.load([ANNA, BEN, KETTLE, LAMP])
    return shop


def numbered_order(number: int, status: str = "delivered") -> Order:
    placed_at = f"2026-01-{number:02}T12:00:00Z"
    return Order(f"202601{number:02}-{number:05}", "u1", status, placed_at, Decimal(number))


def test_a_record_comes_back_as_it_was_written(store: Store) -> None:
    assert store.user("u1") == ANNA
    assert store.product("p1") == KETTLE
    assert isinstance(store.product("p1").stock, int)


def test_an_unknown_user_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError, match="USER#nobody"):
        store.user("nobody")


def test_an_address_belongs_to_one_user(store: Store) -> None:
    store.register(User("u3", "Cleo", "cleo@example.com", "Riga"))
    with pytest.raises(EmailTakenError, match="cleo@example"):
        store.register(User("u4", "Cleo Two", "cleo@example.com", "Riga"))
    with pytest.raises(KeyError):
        store.user("u4")


def test_a_transfer_changes_both_accounts(store: Store) -> None:
    store.transfer_credit("u1", "u2", Decimal("30.25"))
    assert (store.user("u1").credit, store.user("u2").credit) == (
        Decimal("69.75"),
        Decimal("50.25"),
    )


def test_a_transfer_without_cover_changes_none(store: Store) -> None:
    with pytest.raises(NotEnoughCreditError, match=r"u2 has less than 20\.01"):
        store.transfer_credit("u2", "u1", Decimal("20.01"))
    assert (store.user("u1"), store.user("u2")) == (ANNA, BEN)


def test_a_transfer_to_nobody_is_not_a_matter_of_credit(store: Store) -> None:
    with pytest.raises(store.client.exceptions.TransactionCanceledException) as refused:
        store.transfer_credit("u1", "u9", Decimal(1))
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert store.user("u1") == ANNA


def test_an_order_takes_money_and_stock(store: Store) -> None:
    lines = [OrderLine(OPEN.order_id, "p1", 1, KETTLE.price)]
    store.place(OPEN, lines)
    assert store.order(OPEN.order_id) == OPEN
    assert store.lines_of(OPEN.order_id) == lines
    assert store.sales_of("p1") == lines
    assert store.product("p1").stock == 2
    assert store.user("u1").credit == Decimal("70.50")


def test_an_order_of_more_than_there_is_changes_nothing(store: Store) -> None:
    lines = [
        OrderLine(OPEN.order_id, "p1", 1, KETTLE.price),
        OrderLine(OPEN.order_id, "p2", 2, LAMP.price),
    ]
    with pytest.raises(OutOfStockError, match=r"^p2$"):
        store.place(OPEN, lines)
    assert (store.user("u1"), store.product("p1"), store.product("p2")) == (ANNA, KETTLE, LAMP)
    assert store.lines_of(OPEN.order_id) == []


def test_history_is_newest_first_over_pages(store: Store) -> None:
    orders = [numbered_order(number) for number in range(1, 8)]
    store.load(orders)
    assert list(store.history("u1", page=3)) == orders[::-1]


def test_orders_by_status_are_in_order_of_date(store: Store) -> None:
    orders = [numbered_order(number, "paid") for number in (3, 1, 2)]
    store.load([*orders, numbered_order(4, "shipped")])
    assert store.orders_with_status("paid") == [orders[1], orders[2], orders[0]]
    assert store.orders_with_status("paid", since="2026-01-02") == [orders[2], orders[0]]
    assert store.orders_with_status("lost") == []


def test_a_status_moves_on_once_for_each_version(store: Store) -> None:
    store.load([OPEN])
    paid = store.change_status(OPEN, "paid")
    assert (paid.status, paid.version) == ("paid", 2)
    with pytest.raises(StaleOrderError, match="no longer at version 1"):
        store.change_status(OPEN, "cancelled")
    assert store.orders_with_status("placed") == []
    assert store.orders_with_status("paid") == [paid]


def test_of_many_clerks_one_wins(store: Store) -> None:
    store.load([OPEN])

    def attempt(_: int) -> bool:
        try:
            store.change_status(OPEN, "paid")
        except StaleOrderError:
            return False
        return True

    with ThreadPoolExecutor(8) as clerks:
        assert sum(clerks.map(attempt, range(16))) == 1
    assert store.order(OPEN.order_id).version == 2


def test_only_a_cancelled_order_can_be_removed(store: Store) -> None:
    store.load([OPEN, OrderLine(OPEN.order_id, "p1", 1, KETTLE.price)])
    with pytest.raises(store.client.exceptions.ConditionalCheckFailedException):
        store.remove(OPEN)
    store.remove(store.change_status(OPEN, "cancelled"))
    assert list(store.history("u1")) == []


def test_reviews_are_found_from_both_ends(store: Store) -> None:
    good = Review("p1", "u1", 5, "Quiet indeed.", "2026-03-05")
    bad = Review("p1", "u2", 2, "Small.", "2026-03-06")
    assert store.review(good)
    assert store.review(bad)
    assert not store.review(good)
    assert store.reviews_of("p1") == [good, bad]
    assert store.reviews_by("u2") == [bad]
    assert average_rating([good, bad]) == Decimal("3.5")


def test_products_are_fetched_by_the_hundred(store: Store) -> None:
    many = [Product(f"x{n:03}", "Thing", "Home", Decimal(n), n) for n in range(120)]
    store.load(many)
    found = store.products(product.product_id for product in many)
    assert found == {product.product_id: product for product in many}
    assert {product.product_id for product in store.all_products()} == {*found, "p1", "p2"}
