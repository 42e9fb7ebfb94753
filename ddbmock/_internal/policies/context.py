"""The context of a request: its condition keys with their values.

A value that is expensive to compute is a function, which is called when a policy uses the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: A text, or a set of texts for a key that is multivalued.
Value: TypeAlias = "str | tuple[str, ...]"
Values: TypeAlias = "dict[str, Value | Callable[[], Value | None] | None]"


class Context:
    """Condition key -> value; names are matched without regard to case.

    >>> context = Context({"aws:username": "ann", "dynamodb:LeadingKeys": lambda: ("a", "b")})
    >>> context.get("aws:UserName"), context.get("dynamodb:leadingkeys"), context.get("aws:userid")
    ('ann', ('a', 'b'), None)
    """

    __slots__ = ("_further", "_values")

    def __init__(self, values: Mapping[str, Value | Callable[[], Value | None] | None]) -> None:
        self._values: Values = {name.lower(): value for name, value in values.items()}
        self._further: Callable[[], Values] | None = None

    @classmethod
    def of(cls, values: Values, further: Callable[[], Values]) -> Context:
        """Return the context of values, whose keys are in lower case already.

        Args:
            values: The values of some keys.
            further: Returns the values of others; it is called when one is used.
        """
        context = cls.__new__(cls)
        context._values = values  # noqa: SLF001 (its own)
        context._further = further  # noqa: SLF001
        return context

    def get(self, name: str) -> Value | None:
        """Return the value of a key, None if the request does not have the key."""
        key = name.lower()
        if self._further is not None and key not in self._values:
            self._add_further()
        value = self._values.get(key)
        if callable(value):
            value = self._values[key] = value()
        return value

    def names(self) -> list[str]:
        """Return the keys of the request in lower case."""
        self._add_further()
        return [name for name in self._values if self.get(name) is not None]

    def _add_further(self) -> None:
        if self._further is not None:
            further, self._further = self._further, None
            self._values = {**further(), **self._values}
