"""Values by the identity of an object, for as long as the object lives."""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from weakref import ref

Value = TypeVar("Value")


class ByIdentity(Generic[Value]):
    """Values by the identity of their owners; an entry is removed with its owner.

    >>> class Owner: ...
    >>> owner, sizes = Owner(), ByIdentity()
    >>> sizes.add(owner, 3)
    >>> sizes.values[id(owner)]
    3
    >>> del owner
    >>> sizes.values
    {}
    """

    def __init__(self) -> None:
        #: The id of an owner -> the value. Read directly on the path of calls.
        self.values: dict[int, Value] = {}
        self._references: dict[int, ref[Any]] = {}

    def add(self, owner: Any, value: Value) -> None:
        """Store a value for as long as its owner lives, if it can be referenced weakly."""
        identity = id(owner)

        def forget(_: object) -> None:
            self.values.pop(identity, None)
            self._references.pop(identity, None)

        try:
            self._references[identity] = ref(owner, forget)
        except TypeError:  # a plain dict has no weak references
            return
        self.values[identity] = value
