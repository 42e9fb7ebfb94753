"""Keys: which attributes they are, how they order, and where an item lies.

Everything ordered in a table or index is ordered by one tuple, the *order key*:

    (hash of the partition key, partition key values…, sort key values…[, table's key values…])

The hash comes first, so a scan goes by hash (the service's order is not the order of insertion),
segments of a parallel scan are equal ranges of it, and the items of one partition key still lie
side by side in sort key order. Index entries end with the table's key, so that entries with equal
index keys have one order too and every page boundary is exact.

Values in an order key: strings as `str` (code point order is UTF-8 byte order), binaries as
`bytes`, sort key numbers as exact numbers, partition key numbers as canonical text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import md5
from typing import TYPE_CHECKING, Any

from ddbmock.engine.numbers import number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ddbmock.engine.values import Item

OrderKey = tuple[Any, ...]

HASH_SPACE = 2**64


class _Highest:
    """Greater than every value that can stand in an order key."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return False

    def __le__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return True

    def __ge__(self, other: object) -> bool:
        return True


HIGHEST = _Highest()


@dataclass(frozen=True, slots=True)
class KeyAttribute:
    """One attribute of a key: its name and its type, one of S, N and B."""

    name: str
    kind: str


@lru_cache(maxsize=65536)
def partition_hash(*values: str | bytes) -> int:
    """Return the stable place of a partition key in the hash space, 0 to 2**64 - 1."""
    digest = md5(usedforsecurity=False)
    for value in values:
        digest.update(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return int.from_bytes(digest.digest()[:8], "big")


class KeySchema:
    """The key of a table or index: one to four partition and none to four sort key attributes.

    >>> schema = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("sk", "N")])
    >>> schema.names
    ('pk', 'sk')
    >>> schema.sort_values({"pk": {"S": "a"}, "sk": {"N": "1.5"}})
    (Decimal('1.5'),)
    """

    __slots__ = (
        "attributes",
        "names",
        "order_key",
        "partition",
        "partition_names",
        "signature",
        "sort",
        "sort_names",
    )

    #: The order key of an item or key, or None when the item lacks a key attribute or has one of
    #: another type (such an item is not in the index).
    order_key: Callable[[Item], OrderKey | None]

    def __init__(self, partition: Iterable[KeyAttribute], sort: Iterable[KeyAttribute]) -> None:
        self.partition = tuple(partition)
        self.sort = tuple(sort)
        self.attributes = self.partition + self.sort
        self.partition_names = tuple(attribute.name for attribute in self.partition)
        self.sort_names = tuple(attribute.name for attribute in self.sort)
        self.names = self.partition_names + self.sort_names
        #: What makes two schemas alike: the names and types of the partition key and the sort key.
        self.signature = tuple(
            tuple((attribute.name, attribute.kind) for attribute in attributes)
            for attributes in (self.partition, self.sort)
        )
        self.order_key = self._compile()

    def partition_values(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the partition key's values as they stand in an order key."""
        return tuple(item[attribute.name][attribute.kind] for attribute in self.partition)

    def sort_values(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the sort key's values as they stand in an order key."""
        return tuple(
            sort_value(attribute.kind, item[attribute.name][attribute.kind])
            for attribute in self.sort
        )

    def extract(self, item: Item) -> Item:
        """Return the key attributes of an item."""
        return {name: item[name] for name in self.names}

    def _compile(self) -> Callable[[Item], OrderKey | None]:
        """Return the fastest way to an order key for this shape of key."""
        if len(self.partition) == 1 and len(self.sort) <= 1:
            return self._compile_simple()
        return self._general_order_key

    def _general_order_key(self, item: Item) -> OrderKey | None:
        try:
            values = self.partition_values(item)
            return (partition_hash(*values), *values, *self.sort_values(item))
        except KeyError:
            return None

    def _compile_simple(self) -> Callable[[Item], OrderKey | None]:
        name, kind = self.partition[0].name, self.partition[0].kind
        if not self.sort:

            def partition_only(item: Item) -> OrderKey | None:
                try:
                    value = item[name][kind]
                except KeyError:
                    return None
                return (partition_hash(value), value)

            return partition_only
        sort_name, sort_kind = self.sort[0].name, self.sort[0].kind
        numeric = sort_kind == "N"

        def partition_and_sort(item: Item) -> OrderKey | None:
            try:
                value = item[name][kind]
                sort = item[sort_name][sort_kind]
            except KeyError:
                return None
            return (partition_hash(value), value, number_of(sort) if numeric else sort)

        return partition_and_sort


def sort_value(kind: str, content: Any) -> Any:
    """Return the content of a sort key value as it stands in an order key."""
    return number_of(content) if kind == "N" else content


def after(prefix: OrderKey) -> OrderKey:
    """Return an order key above all that begin with these values, and below every other.

    >>> (7, "a", "z") < after((7, "a")) < (7, "aa")
    True
    """
    last = prefix[-1]
    # The next text or binary compares at C speed, as each look-up does a dozen of times.
    if last.__class__ is str:
        return (*prefix[:-1], last + "\0")
    if last.__class__ is bytes:
        return (*prefix[:-1], last + b"\0")
    return (*prefix, HIGHEST)


def after_prefix(prefix: Any) -> Any:
    r"""Return the least value above every value that begins with the prefix.

    >>> after_prefix("ab"), after_prefix(b"a\xff")
    ('ac', b'b')
    """
    if isinstance(prefix, bytes):
        kept = prefix.rstrip(b"\xff")
        return kept[:-1] + bytes([kept[-1] + 1]) if kept else HIGHEST
    kept_text = prefix.rstrip("\U0010ffff")
    return kept_text[:-1] + chr(ord(kept_text[-1]) + 1) if kept_text else HIGHEST
