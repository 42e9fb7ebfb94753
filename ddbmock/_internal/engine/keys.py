"""Keys: their attributes, and the order of the items of a table or index.

Everything ordered in a table or index is ordered by one tuple, the *order key*:

    (hash of the partition key, partition key values…, sort key values…[, table's key values…])

The hash comes first, so a scan goes by hash, segments of a parallel scan are equal ranges of it,
and the items of one partition key are adjacent, in sort key order. Index entries continue with a
hash of the table's key and that key, so that entries with equal index keys are ordered too and
every page boundary is exact.

The hash is the service's own, as observed: MD5 of the text "Outliers" and the key's bytes.

Values in an order key: strings as `str` (code point order is UTF-8 byte order), binaries as
`bytes`, sort key numbers as exact numbers, partition key numbers as canonical text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import md5
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.numbers import number_of, sortable_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ddbmock._internal.engine.values import Item

OrderKey = tuple[Any, ...]

HASH_SPACE = 2**64


class _Highest:
    """Greater than every value in an order key."""

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


#: What the service hashes ahead of a key's bytes.
_SALT = b"Outliers"
_HASH_CACHE_SIZE = 8192
_HASH_BYTES = 8
#: How much of its hash orders entries that are equal otherwise: Python stores 60 bits in 32 bytes.
_ORDERING_HASH_BYTES = 7


def _hash_bytes(key_bytes: bytes, hash_bytes: int = _HASH_BYTES) -> int:
    digest = md5(_SALT + key_bytes, usedforsecurity=False).digest()
    return int.from_bytes(digest[:hash_bytes], "big")


@lru_cache(_HASH_CACHE_SIZE)
def _hash_text(text: str) -> int:
    return _hash_bytes(text.encode("utf-8", "surrogatepass"))


@lru_cache(_HASH_CACHE_SIZE)
def _hash_number(text: str) -> int:
    return _hash_bytes(sortable_bytes(text))


#: Type of a key attribute -> the hash of a key that consists of it alone, 0 to 2**64 - 1.
_HASHES: dict[str, Callable[[Any], int]] = {
    "S": _hash_text,
    "N": _hash_number,
    "B": lru_cache(_HASH_CACHE_SIZE)(_hash_bytes),
}
#: Type of a key attribute -> its bytes as they are hashed.
_ENCODERS: dict[str, Callable[[Any], bytes]] = {
    "S": lambda text: text.encode("utf-8", "surrogatepass"),
    "N": sortable_bytes,
    "B": bytes,
}


def _compile_hash(attributes: Sequence[KeyAttribute]) -> Callable[..., int]:
    """Return the function that hashes the contents of these attributes, in their order."""
    if len(attributes) == 1:
        return _HASHES[attributes[0].kind]
    return _compile_hash_of_all(attributes, _HASH_BYTES)


def _compile_hash_of_all(attributes: Sequence[KeyAttribute], hash_bytes: int) -> Callable[..., int]:
    if all(attribute.kind == "S" for attribute in attributes):

        def hash_texts(*contents: str) -> int:
            joined = "".join(contents)  # as most keys are, and their bytes are the same
            return _hash_bytes(joined.encode("utf-8", "surrogatepass"), hash_bytes)

        return hash_texts
    encoders = [_ENCODERS[attribute.kind] for attribute in attributes]

    def hash_all(*contents: str | bytes) -> int:
        encoded = [encode(part) for encode, part in zip(encoders, contents, strict=True)]
        return _hash_bytes(b"".join(encoded), hash_bytes)

    return hash_all


class KeySchema:
    """The key of a table or index: one to four partition and none to four sort key attributes.

    >>> schema = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("sk", "N")])
    >>> schema.names
    ('pk', 'sk')
    >>> schema.sort_values({"pk": {"S": "a"}, "sk": {"N": "1.5"}})
    (Decimal('1.5'),)
    """

    __slots__ = (
        "_hash_key",
        "attributes",
        "hash_partition",
        "names",
        "order_key",
        "partition",
        "partition_names",
        "signature",
        "sized_contents",
        "sort",
        "sort_names",
    )

    #: The order key of an item or key, or None when the item lacks a key attribute or has one of
    #: another type (such an item is not in the index).
    order_key: Callable[[Item], OrderKey | None]
    #: The hash of a partition key, 0 to 2**64 - 1: takes its contents, such as "a" of {"S": "a"}.
    hash_partition: Callable[..., int]

    def __init__(self, partition: Iterable[KeyAttribute], sort: Iterable[KeyAttribute]) -> None:
        self.partition: tuple[KeyAttribute, ...] = tuple(partition)
        self.sort: tuple[KeyAttribute, ...] = tuple(sort)
        self.attributes: tuple[KeyAttribute, ...] = self.partition + self.sort
        self.partition_names: tuple[str, ...] = tuple(
            attribute.name for attribute in self.partition
        )
        self.sort_names: tuple[str, ...] = tuple(attribute.name for attribute in self.sort)
        self.names: tuple[str, ...] = self.partition_names + self.sort_names
        #: Equal for equal schemas: the names and types of the partition key and the sort key.
        self.signature: tuple[tuple[tuple[str, str], ...], ...] = tuple(
            tuple((attribute.name, attribute.kind) for attribute in attributes)
            for attributes in (self.partition, self.sort)
        )
        #: The order key of an item -> those contents of its key that are texts or binaries.
        self.sized_contents: Callable[[OrderKey], tuple[Any, ...]] = _getter(
            [
                position
                for position, attribute in enumerate(self.attributes, start=1)
                if position <= len(self.partition) or attribute.kind != "N"
            ]
        )
        self.hash_partition = _compile_hash(self.partition)
        self._hash_key: Callable[..., int] | None = None
        if self.sort:
            self._hash_key = _compile_hash_of_all(self.attributes, _ORDERING_HASH_BYTES)
        self.order_key = self._compile()

    @property
    def has_several_attributes(self) -> bool:
        """Return whether the partition key or the sort key is more than one attribute."""
        return len(self.partition) > 1 or len(self.sort) > 1

    def partition_values(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the partition key's values in the form that they have in an order key."""
        return tuple(item[attribute.name][attribute.kind] for attribute in self.partition)

    def sort_values(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the sort key's values in the form that they have in an order key."""
        return tuple(
            sort_value(attribute.kind, item[attribute.name][attribute.kind])
            for attribute in self.sort
        )

    def hash_key(self, item: Item, order_key: OrderKey) -> int:
        """Return a hash of all key attributes of an item that has this order key.

        It only orders the entries of an index that are equal otherwise. So its first 56 bits are
        enough, which take 16 bytes less than 64 in each row of an index.
        """
        if self._hash_key is None:
            return order_key[0]  # type: ignore[no-any-return] # hashes come first
        contents = [item[attribute.name][attribute.kind] for attribute in self.attributes]
        return self._hash_key(*contents)

    def extract(self, item: Item) -> Item:
        """Return the key attributes of an item."""
        return {name: item[name] for name in self.names}

    def _compile(self) -> Callable[[Item], OrderKey | None]:
        """Return the fastest function from an item to its order key for this shape of key."""
        if len(self.partition) == 1 and len(self.sort) <= 1:
            return self._compile_simple()
        return self._general_order_key

    def _general_order_key(self, item: Item) -> OrderKey | None:
        try:
            values = self.partition_values(item)
            return (self.hash_partition(*values), *values, *self.sort_values(item))
        except KeyError:
            return None

    def _compile_simple(self) -> Callable[[Item], OrderKey | None]:
        name, kind = self.partition[0].name, self.partition[0].kind
        hash_partition = self.hash_partition
        if not self.sort:

            def partition_only(item: Item) -> OrderKey | None:
                try:
                    value = item[name][kind]
                except KeyError:
                    return None
                return (hash_partition(value), value)

            return partition_only
        sort_name, sort_kind = self.sort[0].name, self.sort[0].kind
        numeric = sort_kind == "N"

        def partition_and_sort(item: Item) -> OrderKey | None:
            try:
                value = item[name][kind]
                sort = item[sort_name][sort_kind]
            except KeyError:
                return None
            return (hash_partition(value), value, number_of(sort) if numeric else sort)

        return partition_and_sort


def _getter(positions: list[int]) -> Callable[[OrderKey], tuple[Any, ...]]:
    """Return a function in C that returns what is at these positions of a tuple."""
    if len(positions) == 1:  # of one position, itemgetter would return no tuple
        return itemgetter(slice(positions[0], positions[0] + 1))
    return itemgetter(*positions)


def sort_value(kind: str, content: Any) -> Any:
    """Return the content of a sort key value as it is in an order key."""
    return number_of(content) if kind == "N" else content


def after(prefix: OrderKey) -> OrderKey:
    """Return an order key above all that begin with these values, and below every other.

    >>> (7, "a", "z") < after((7, "a")) < (7, "aa")
    True
    """
    last = prefix[-1]
    # The next text or binary compares at C speed, which each search does a dozen times.
    if last.__class__ is str:
        return (*prefix[:-1], last + "\0")
    if last.__class__ is bytes:
        return (*prefix[:-1], last + b"\0")
    return (*prefix, HIGHEST)


@lru_cache(maxsize=1024)
def after_prefix(prefix: Any) -> Any:
    r"""Return the least value above every value that begins with the prefix.

    >>> after_prefix("ab"), after_prefix(b"a\xff")
    ('ac', b'b')
    """
    if isinstance(prefix, bytes):
        kept = prefix.rstrip(b"\xff")
        return kept[:-1] + bytes([kept[-1] + 1]) if kept else HIGHEST
    if prefix.isascii() and prefix:
        return prefix[:-1] + chr(ord(prefix[-1]) + 1)
    text = prefix.rstrip("\U0010ffff")
    return text[:-1] + chr(ord(text[-1]) + 1) if text else HIGHEST
