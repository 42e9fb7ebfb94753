"""The context of a request: its condition keys with their values.

A value that takes work to find is a function, which is called when a policy asks for the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: A text, or a set of texts for a key that is multivalued.
Value: TypeAlias = "str | tuple[str, ...]"


class Context:
    """Condition key -> value; names are matched without regard to case.

    >>> context = Context({"aws:username": "ann", "dynamodb:LeadingKeys": lambda: ("a", "b")})
    >>> context.get("aws:UserName"), context.get("dynamodb:leadingkeys"), context.get("aws:userid")
    ('ann', ('a', 'b'), None)
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value | Callable[[], Value | None] | None]) -> None:
        self._values = {name.lower(): value for name, value in values.items()}

    @classmethod
    def of(cls, values: dict[str, Value | Callable[[], Value | None] | None]) -> Context:
        """Return the context of these values, whose keys are in lower case already."""
        context = cls.__new__(cls)
        context._values = values  # noqa: SLF001 (its own)
        return context

    def get(self, name: str) -> Value | None:
        """Return the value of a key, None if the request does not have the key."""
        key = name.lower()
        value = self._values.get(key)
        if callable(value):
            value = self._values[key] = value()
        return value

    def names(self) -> list[str]:
        """Return the keys of the request in lower case."""
        return [name for name in self._values if self.get(name) is not None]
