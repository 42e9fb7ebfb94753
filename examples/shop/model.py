"""The shop's records and their keys in the single table.

A record knows its primary key and turns into an item and back; it knows nothing of calls.

    record     PK              SK                  by the inverted index (SK, PK)
    User       USER#<user>     PROFILE
    Email      EMAIL#<email>   EMAIL               keeps an address unique
    Order      USER#<user>     ORDER#<order>       the order, whoever placed it
    OrderLine  ORDER#<order>   PRODUCT#<product>   every sale of a product
    Product    PRODUCT#<id>    PRODUCT#<id>        the product, beside its sales
    Review     PRODUCT#<id>    REVIEW#<user>       all reviews of one user
    Session    SESSION#<token> SESSION
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

#: boto3 reads every number as Decimal; these fields are whole numbers.
_FROM_ITEM = {"int": int}


@dataclass(frozen=True, slots=True)
class Record:
    """The base of all records; fields are stored under their own names."""

    kind: ClassVar[str] = ""

    def key(self) -> dict[str, str]:
        """The primary key of this record's item."""
        raise NotImplementedError

    def item(self) -> dict[str, Any]:
        """The item in the form of boto3's Table."""
        return {**self.key(), "kind": self.kind, **asdict(self)}

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        """The record an item holds."""
        return cls(
            **{
                field.name: _FROM_ITEM.get(str(field.type), _unchanged)(item[field.name])
                for field in fields(cls)
                if field.name in item
            }
        )


def _unchanged(value: Any) -> Any:
    return value


def user_key(user_id: str) -> dict[str, str]:
    """Where a user's profile lies."""
    return {"PK": f"USER#{user_id}", "SK": "PROFILE"}


def order_key(user_id: str, order_id: str) -> dict[str, str]:
    """Where an order lies: among its user's records, oldest first."""
    return {"PK": f"USER#{user_id}", "SK": f"ORDER#{order_id}"}


def product_key(product_id: str) -> dict[str, str]:
    """Where a product lies."""
    return {"PK": f"PRODUCT#{product_id}", "SK": f"PRODUCT#{product_id}"}


def session_key(token: str) -> dict[str, str]:
    """Where a session lies."""
    return {"PK": f"SESSION#{token}", "SK": "SESSION"}


@dataclass(frozen=True, slots=True)
class User(Record):
    """A customer with some store credit."""

    kind: ClassVar[str] = "user"
    user_id: str
    name: str
    email: str
    city: str
    credit: Decimal = Decimal(0)

    def key(self) -> dict[str, str]:
        """By user."""
        return user_key(self.user_id)


@dataclass(frozen=True, slots=True)
class Email(Record):
    """Says which user an address belongs to, so that no second user can take it."""

    kind: ClassVar[str] = "email"
    email: str
    user_id: str

    def key(self) -> dict[str, str]:
        """By address."""
        return {"PK": f"EMAIL#{self.email}", "SK": "EMAIL"}


@dataclass(frozen=True, slots=True)
class Product(Record):
    """Something for sale."""

    kind: ClassVar[str] = "product"
    product_id: str
    name: str
    category: str
    price: Decimal
    stock: int

    def key(self) -> dict[str, str]:
        """By product."""
        return product_key(self.product_id)


@dataclass(frozen=True, slots=True)
class Order(Record):
    """An order; `version` counts its changes. Only orders have a `status` attribute."""

    kind: ClassVar[str] = "order"
    order_id: str
    user_id: str
    status: str
    placed_at: str
    total: Decimal
    version: int = 1

    def key(self) -> dict[str, str]:
        """By user and order."""
        return order_key(self.user_id, self.order_id)


@dataclass(frozen=True, slots=True)
class OrderLine(Record):
    """One product of an order, at the price of that day."""

    kind: ClassVar[str] = "line"
    order_id: str
    product_id: str
    quantity: int
    price: Decimal

    def key(self) -> dict[str, str]:
        """By order and product."""
        return {"PK": f"ORDER#{self.order_id}", "SK": f"PRODUCT#{self.product_id}"}


@dataclass(frozen=True, slots=True)
class Review(Record):
    """What a user says of a product: one to five stars and a sentence."""

    kind: ClassVar[str] = "review"
    product_id: str
    user_id: str
    rating: int
    text: str
    written_on: str

    def key(self) -> dict[str, str]:
        """By product and user."""
        return {"PK": f"PRODUCT#{self.product_id}", "SK": f"REVIEW#{self.user_id}"}


@dataclass(frozen=True, slots=True)
class Session(Record):
    """A log-in; `expires_at` (seconds since 1970) is the table's expiry attribute."""

    kind: ClassVar[str] = "session"
    token: str
    user_id: str
    expires_at: int

    def key(self) -> dict[str, str]:
        """By token."""
        return session_key(self.token)


KINDS: dict[str, type[Record]] = {
    record.kind: record for record in (User, Email, Product, Order, OrderLine, Review, Session)
}
