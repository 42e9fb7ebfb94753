"""Writes the shop's sample records to `shop.jsonl`: run once, the same bytes each time.

    python -m examples.shop.data.generate

Only numbers that `random.Random(seed)` gives alike on every Python version are drawn.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("shop.jsonl")
SEED = 20260229
USERS, PRODUCTS, ORDERS = 320, 150, 950
FIRST_ORDER = datetime(2025, 1, 2, 8, 0, tzinfo=timezone.utc)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Ada Amir Anna Aylin Ben Carla Chen Clara Daan Diego Elif Emma Fatima Finn Freya Giulia "
    "Hana Hugo Ines Ivan Jonas Karim Lea Liam Lina Luca Maja Malik Marta Mei Mila Nora Olga "
    "Omar Paul Priya Ravi Rosa Sami Sara Sofia Tariq Theo Tomás Uma Vera Wei Yara Yusuf Zoë"
)
LAST_NAMES = _words(
    "Almeida Andersson Bauer Becker Berg Costa Dubois Eriksen Fischer Fontana García Haddad "
    "Hansen Ito Jansen Kaya Kowalski Larsen Lindqvist Marino Meyer Moreau Nguyen Novak Okafor "
    "Patel Petrov Ricci Rossi Santos Schmidt Silva Singh Suzuki Tanaka Virtanen Weber Yilmaz "
    "Zhang"
)
CITIES = _words(
    "Athens Berlin Bilbao Bologna Cork Ghent Graz Lisbon Lyon Malmö Oslo Porto Riga Turku Utrecht"
)
ADJECTIVES = _words(
    "Compact Classic Folding Heavy Light Nordic Organic Quiet Recycled Sturdy Travel Vintage "
    "Waterproof Wooden"
)
GOODS = (
    ("Kitchen", "Kettle", 2900),
    ("Kitchen", "Frying Pan", 3900),
    ("Kitchen", "Coffee Mill", 5400),
    ("Garden", "Watering Can", 1800),
    ("Garden", "Pruning Shears", 2400),
    ("Office", "Desk Lamp", 4500),
    ("Office", "Notebook", 750),
    ("Office", "Fountain Pen", 3200),
    ("Outdoor", "Backpack", 7900),
    ("Outdoor", "Head Torch", 2700),
    ("Outdoor", "Sleeping Bag", 9900),
    ("Home", "Wool Blanket", 6400),
    ("Home", "Candle Holder", 1500),
    ("Home", "Wall Clock", 3600),
)
PRAISE = (
    "Does what it should.",
    "Better than the picture.",
    "Arrived quickly, well packed.",
    "Bought a second one.",
    "A present that was liked.",
)
BLAME = (
    "Smaller than I thought.",
    "Broke after two weeks.",
    "The colour is not the one shown.",
    "Too heavy for me.",
)


def users(random: Random) -> Iterator[dict[str, Any]]:
    """Customers with some store credit each."""
    for number in range(1, USERS + 1):
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        yield {
            "kind": "user",
            "user_id": f"u{number:04}",
            "name": f"{first} {last}",
            "email": f"{first}.{last}.{number}@example.com".lower(),
            "city": random.choice(CITIES),
            "credit": random.randrange(0, 40_000, 50) / 100,
        }


def products(random: Random) -> Iterator[dict[str, Any]]:
    """Goods with prices that end in 0 or 5 cents."""
    for number in range(1, PRODUCTS + 1):
        category, noun, cents = GOODS[number % len(GOODS)]
        yield {
            "kind": "product",
            "product_id": f"p{number:04}",
            "name": f"{random.choice(ADJECTIVES)} {noun}",
            "category": category,
            "price": (cents + random.randrange(-400, 1500, 5)) / 100,
            "stock": random.randrange(5, 200),
        }


def status_at(random: Random, position: float) -> str:
    """Old orders have arrived, the newest are still open."""
    if random.random() < 0.04:
        return "cancelled"
    if position < 0.93:
        return "delivered"
    return random.choice(("placed", "paid", "paid", "shipped"))


def orders(
    random: Random, customers: list[dict[str, Any]], goods: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Each order followed by its lines, oldest order first."""
    placed_at = FIRST_ORDER
    for number in range(1, ORDERS + 1):
        placed_at += timedelta(minutes=random.randrange(20, 1400))
        order_id = f"{placed_at:%Y%m%d}-{number:05}"
        chosen = random.sample(goods, random.choice((1, 1, 2, 2, 3, 4)))
        lines = [
            {
                "kind": "line",
                "order_id": order_id,
                "product_id": product["product_id"],
                "quantity": random.choice((1, 1, 1, 2, 3)),
                "price": product["price"],
            }
            for product in chosen
        ]
        total_cents = sum(round(line["price"] * 100) * line["quantity"] for line in lines)
        yield {
            "kind": "order",
            "order_id": order_id,
            # A few customers buy often, most seldom.
            "user_id": customers[int(len(customers) * random.random() ** 2)]["user_id"],
            "status": status_at(random, number / ORDERS),
            "placed_at": f"{placed_at:%Y-%m-%dT%H:%M:%SZ}",
            "total": total_cents / 100,
        }
        yield from lines


def reviews(random: Random, sold: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Opinions of customers on what they bought: at most one for a customer and product."""
    buyer = {row["order_id"]: row for row in sold if row["kind"] == "order"}
    seen = set()
    for line in (row for row in sold if row["kind"] == "line"):
        order = buyer[line["order_id"]]
        pair = (order["user_id"], line["product_id"])
        if pair in seen or order["status"] != "delivered" or random.random() > 0.4:
            continue
        seen.add(pair)
        rating = random.choice((1, 2, 3, 4, 4, 4, 5, 5, 5, 5))
        yield {
            "kind": "review",
            "product_id": line["product_id"],
            "user_id": order["user_id"],
            "rating": rating,
            "text": random.choice(PRAISE if rating > 2 else BLAME),
            "written_on": order["placed_at"][:10],
        }


def records() -> Iterator[dict[str, Any]]:
    """All sample records, in the order of the file."""
    random = Random(SEED)
    customers, goods = list(users(random)), list(products(random))
    sold = list(orders(random, customers, goods))
    yield from customers
    yield from goods
    yield from sold
    yield from reviews(random, sold)


def text() -> str:
    """The whole file."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records())


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
