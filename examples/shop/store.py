"""What the shop can do with its table: one method for each thing a shop does.

Takes a boto3 Table, so it runs on the service, on a local server and under a mock alike. Calls that
may be refused for a reason of the shop's raise an error of the shop's; any other error passes.
"""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from examples.shop.model import (
    KINDS,
    Email,
    Order,
    OrderLine,
    Product,
    Record,
    Review,
    Session,
    User,
    order_key,
    product_key,
    session_key,
    user_key,
)
from examples.shop.table import BY_STATUS, INVERTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SESSION_SECONDS = 3600


class ShopError(Exception):
    """The shop refuses; nothing was changed."""


class EmailTakenError(ShopError):
    """Another user has this address."""


class StaleOrderError(ShopError):
    """The order was changed since it was read."""


class OutOfStockError(ShopError):
    """There is not enough of a product."""


class NotEnoughCreditError(ShopError):
    """The user has less credit than is to be paid."""


def code_of(error: ClientError) -> str:
    """The service's name for an error."""
    return str(error.response["Error"]["Code"])


def failed_actions(error: ClientError) -> set[int]:
    """Which actions of a cancelled transaction failed on their condition (counted from 0)."""
    if code_of(error) != "TransactionCanceledException":
        raise error
    return {
        position
        for position, reason in enumerate(error.response["CancellationReasons"])
        if reason["Code"] == "ConditionalCheckFailed"
    }


class Store:
    """The shop, on a boto3 Table."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.client = table.meta.client

    # Seed

    def load(self, records: Iterable[Record]) -> int:
        """Writes many records by batches of 25; says how many."""
        count = 0
        with self.table.batch_writer() as batch:
            for record in records:
                batch.put_item(Item=record.item())
                count += 1
        return count

    # Users

    def register(self, user: User) -> None:
        """Adds a user, unless the address is in use."""
        email = Email(user.email, user.user_id)
        try:
            self._transact(self._new(user), self._new(email))
        except ClientError as error:
            if failed_actions(error):
                raise EmailTakenError(user.email) from error
            raise

    def user(self, user_id: str) -> User:
        """A user's profile."""
        return User.of(self._get(user_key(user_id)))

    def transfer_credit(self, giver: str, receiver: str, amount: Decimal) -> None:
        """Moves store credit between two users: both accounts change, or none."""
        try:
            self._transact(self._charge(giver, amount), self._give(receiver, amount))
        except ClientError as error:
            if 0 in failed_actions(error):
                message = f"{giver} has less than {amount}"
                raise NotEnoughCreditError(message) from error
            raise

    # Products and reviews

    def product(self, product_id: str) -> Product:
        """One product."""
        return Product.of(self._get(product_key(product_id)))

    def products(self, product_ids: Iterable[str]) -> dict[str, Product]:
        """Several products, by one call for each hundred."""
        keys = [product_key(product_id) for product_id in product_ids]
        items: list[Mapping[str, Any]] = []
        for start in range(0, len(keys), 100):
            requested = {"Keys": keys[start : start + 100], "ConsistentRead": True}
            pending = {self.table.name: requested}
            while pending:
                response = self.client.batch_get_item(RequestItems=pending)
                items += response["Responses"][self.table.name]
                pending = response["UnprocessedKeys"]
        found = (Product.of(item) for item in items)
        return {product.product_id: product for product in found}

    def all_products(self) -> Iterator[Product]:
        """Every product: reads the whole table, which a shop does seldom."""
        yield from map(Product.of, self._pages("scan", FilterExpression=Attr("kind").eq("product")))

    def review(self, review: Review) -> bool:
        """Adds or replaces a user's review; says whether it is a new one."""
        response = self.table.put_item(Item=review.item(), ReturnValues="ALL_OLD")
        return "Attributes" not in response

    def reviews_of(self, product_id: str) -> list[Review]:
        """All reviews of a product."""
        key = Key("PK").eq(f"PRODUCT#{product_id}") & Key("SK").begins_with("REVIEW#")
        return [Review.of(item) for item in self._pages("query", KeyConditionExpression=key)]

    def reviews_by(self, user_id: str) -> list[Review]:
        """All reviews a user wrote: the inverted index, from the other end."""
        key = Key("SK").eq(f"REVIEW#{user_id}")
        pages = self._pages("query", IndexName=INVERTED, KeyConditionExpression=key)
        return [Review.of(item) for item in pages]

    # Orders

    def place(self, order: Order, lines: list[OrderLine]) -> None:
        """Places an order: takes the goods from stock and the money from the user's credit."""
        actions = [self._charge(order.user_id, order.total), self._new(order)]
        actions += [self._new(line) for line in lines]
        first_stock_action = len(actions)
        actions += [self._take_from_stock(line) for line in lines]
        try:
            self._transact(*actions)
        except ClientError as error:
            failed = failed_actions(error)
            if 0 in failed:
                message = f"{order.user_id} has less than {order.total}"
                raise NotEnoughCreditError(message) from error
            missing = [line for at, line in enumerate(lines, first_stock_action) if at in failed]
            if missing:
                raise OutOfStockError(", ".join(line.product_id for line in missing)) from error
            raise

    def order(self, order_id: str) -> Order:
        """An order, whoever placed it."""
        key = Key("SK").eq(f"ORDER#{order_id}")
        response = self.table.query(IndexName=INVERTED, KeyConditionExpression=key)
        (item,) = response["Items"]
        return Order.of(item)

    def lines_of(self, order_id: str) -> list[OrderLine]:
        """What was ordered."""
        key = Key("PK").eq(f"ORDER#{order_id}")
        pages = self._pages("query", KeyConditionExpression=key, ConsistentRead=True)
        return [OrderLine.of(item) for item in pages]

    def sales_of(self, product_id: str) -> list[OrderLine]:
        """Every order line with a product."""
        key = Key("SK").eq(f"PRODUCT#{product_id}") & Key("PK").begins_with("ORDER#")
        pages = self._pages("query", IndexName=INVERTED, KeyConditionExpression=key)
        return [OrderLine.of(item) for item in pages]

    def history(self, user_id: str, *, page: int = 5) -> Iterator[Order]:
        """A user's orders, newest first, read a page at a time as they are asked for."""
        key = Key("PK").eq(f"USER#{user_id}") & Key("SK").begins_with("ORDER#")
        newest_first = {"KeyConditionExpression": key, "ScanIndexForward": False, "Limit": page}
        yield from map(Order.of, self._pages("query", **newest_first))

    def orders_with_status(self, status: str, *, since: str = "") -> list[Order]:
        """Orders in a status, oldest first."""
        key = Key("status").eq(status)
        if since:
            key &= Key("placed_at").gte(since)
        pages = self._pages("query", IndexName=BY_STATUS, KeyConditionExpression=key)
        return [Order.of(item) for item in pages]

    def change_status(self, order: Order, status: str) -> Order:
        """Moves an order on, unless somebody else did since `order` was read."""
        update = {
            "TableName": self.table.name,
            "Key": order.key(),
            "UpdateExpression": "SET #status = :status ADD version :one",
            "ConditionExpression": "version = :read",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":status": status, ":one": 1, ":read": order.version},
        }
        try:
            # A transaction has a client token: one that is sent again, because its response was
            # lost, does not fail on its own change.
            self._transact({"Update": update})
        except ClientError as error:
            if failed_actions(error):
                message = f"{order.order_id} is no longer at version {order.version}"
                raise StaleOrderError(message) from error
            raise
        return replace(order, status=status, version=order.version + 1)

    def remove(self, order: Order) -> None:
        """Forgets a cancelled order with its lines."""
        for line in self.lines_of(order.order_id):
            self.table.delete_item(Key=line.key())
        self.table.delete_item(
            Key=order_key(order.user_id, order.order_id),
            # Gone already: removed by a call whose response was lost.
            ConditionExpression=Attr("PK").not_exists() | Attr("status").eq("cancelled"),
        )

    # Sessions

    def log_in(self, user_id: str, token: str) -> Session:
        """Starts a session of an hour."""
        session = Session(token, user_id, expires_at=int(time.time()) + SESSION_SECONDS)
        self._transact(self._new(session))
        return session

    def session(self, token: str) -> Session | None:
        """A session that is still valid: the service removes expired items some time later."""
        item = self.table.get_item(Key=session_key(token), ConsistentRead=True).get("Item")
        if item is None or item["expires_at"] <= int(time.time()):
            return None
        return Session.of(item)

    # The shop's own ways to call

    def _get(self, key: dict[str, str]) -> Mapping[str, Any]:
        response = self.table.get_item(Key=key, ConsistentRead=True)
        if "Item" not in response:
            raise KeyError(key["PK"])
        item: Mapping[str, Any] = response["Item"]
        return item

    def _pages(self, method: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        while True:
            response = getattr(self.table, method)(**parameters)
            yield from response["Items"]
            if "LastEvaluatedKey" not in response:
                return
            parameters["ExclusiveStartKey"] = response["LastEvaluatedKey"]

    def _transact(self, *actions: dict[str, Any]) -> None:
        self.client.transact_write_items(TransactItems=list(actions))

    def _new(self, record: Record) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self.table.name,
                "Item": record.item(),
                "ConditionExpression": "attribute_not_exists(PK)",
            }
        }

    def _charge(self, user_id: str, amount: Decimal) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.table.name,
                "Key": user_key(user_id),
                "UpdateExpression": "SET credit = credit - :amount",
                "ConditionExpression": "credit >= :amount",
                "ExpressionAttributeValues": {":amount": amount},
            }
        }

    def _give(self, user_id: str, amount: Decimal) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.table.name,
                "Key": user_key(user_id),
                "UpdateExpression": "SET credit = credit + :amount",
                "ConditionExpression": "attribute_exists(PK)",
                "ExpressionAttributeValues": {":amount": amount},
            }
        }

    def _take_from_stock(self, line: OrderLine) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.table.name,
                "Key": product_key(line.product_id),
                "UpdateExpression": "SET stock = stock - :quantity",
                "ConditionExpression": "stock >= :quantity",
                "ExpressionAttributeValues": {":quantity": line.quantity},
            }
        }


def record_of(row: Mapping[str, Any]) -> Record:
    """The record that a row of the data file describes."""
    return KINDS[row["kind"]].of({name: value for name, value in row.items() if name != "kind"})


def average_rating(reviews: list[Review]) -> Decimal:
    """The mean number of stars, to one place."""
    stars = Decimal(sum(review.rating for review in reviews))
    return (stars / len(reviews)).quantize(Decimal("0.1"))
