"""JSON documents that are copied lazily: ordered dictionaries whose members are unpacked on read.

botocore's endpoints have 23,000 maps, of which a client reads a dozen. A copy of all of them takes
as long as parsing their text; a copy whose larger maps are pickled member by member takes next to
nothing. It differs from an ordered dictionary only by its class, which is a subclass: a member is
unpacked when it is first read, and from then on it is the same object.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable

#: A map is packed member by member from this many members on.
_PACKED_MEMBERS_MIN = 16
_MISSING = object()
#: Of two threads that unpack a member, one prevails.
_unpacking = new_lock()


class _Packed:
    """A member that has not been read yet."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content


class LazyDocument(OrderedDict[str, Any]):
    """An ordered dictionary whose values are unpacked when they are read."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return self._unpack(key) if value.__class__ is _Packed else value

    def _unpack(self, key: str) -> Any:
        with _unpacking:
            value = super().__getitem__(key)
            if isinstance(value, _Packed):
                value = unpack(value.content)
                super().__setitem__(key, value)
        return value

    def _unpack_all(self) -> None:
        for key in self:
            self[key]

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a member, or the default."""
        return self[key] if key in self else default  # noqa: SIM401 (this is get)

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        """Remove and return a member."""
        if key in self:
            value = self[key]
            del self[key]
            return value
        if default is _MISSING:
            raise KeyError(key)
        return default

    def popitem(self, last: bool = True) -> tuple[str, Any]:  # noqa: FBT001, FBT002 (the base's)
        """Remove and return the last member, or the first."""
        key, value = super().popitem(last)
        return key, unpack(value.content) if isinstance(value, _Packed) else value

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return a member, after setting it if it is not there."""
        if key not in self:
            self[key] = default
        return self[key]

    def items(self) -> Any:
        """Return the view of all members."""
        self._unpack_all()
        return super().items()

    def values(self) -> Any:
        """Return the view of all values."""
        self._unpack_all()
        return super().values()

    def copy(self) -> Any:
        """Return a shallow copy."""
        return OrderedDict(self.items())

    __copy__ = copy

    def __eq__(self, other: object) -> bool:
        self._unpack_all()
        if isinstance(other, LazyDocument):
            other._unpack_all()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()

    def __repr__(self) -> str:
        return repr(self.copy())

    def __reduce__(self) -> Any:
        return OrderedDict, (), None, None, iter(self.items())


class _Members:
    """Stands for a map in a pickle: unpickled, it is a `LazyDocument`."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self._members = members

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _lazy, (self._members,)


def _lazy(members: dict[str, bytes]) -> LazyDocument:
    return LazyDocument(zip(members, map(_Packed, members.values()), strict=True))


def pack(document: Any) -> bytes:
    """Return a document of JSON values to be unpacked any number of times.

    >>> documents = OrderedDict((str(number), [number]) for number in range(100))
    >>> copies = [unpack(pack(documents)) for _ in range(2)]
    >>> copies[0]["7"].append("more")
    >>> copies[0]["7"], copies[1]["7"], len(copies[1])
    ([7, 'more'], [7], 100)
    """
    return pickle.dumps(_prepared(document), pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> Any:
    """Return a copy of the document that nothing else refers to."""
    return pickle.loads(packed)  # noqa: S301 (our own)


def _prepared(value: Any) -> Any:
    if isinstance(value, list):
        return [_prepared(element) for element in value]
    if not isinstance(value, dict):
        return value
    if len(value) >= _PACKED_MEMBERS_MIN:
        return _Members({key: pack(member) for key, member in value.items()})
    return OrderedDict((key, _prepared(member)) for key, member in value.items())
