"""The view of a trigger for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable

    from ddbmock._internal.triggers.mapping import Delivery, EventSourceMapping
    from ddbmock._internal.triggers.options import TriggerOptions


class Trigger:
    """A handler that gets the changes of a table; `ddb.on_change` returns it."""

    __slots__ = ("_mapping",)

    def __init__(self, mapping: EventSourceMapping) -> None:
        self._mapping = mapping

    @property
    def table(self) -> str:
        """The name of the table."""
        return self._mapping.table

    @property
    def handler(self) -> Callable[..., Any]:
        """The function."""
        return self._mapping.handler

    @property
    def options(self) -> TriggerOptions:
        """The options of the trigger."""
        return self._mapping.options

    @property
    def deliveries(self) -> deque[Delivery]:
        """The last calls of the handler, the newest last."""
        return self._mapping.deliveries

    @property
    def is_active(self) -> bool:
        """Whether the handler still gets changes."""
        return self._mapping.is_active

    def remove(self) -> None:
        """Stop the deliveries to the handler."""
        self._mapping.is_active = False

    def __repr__(self) -> str:
        return f"<trigger of {self.table}: {self._mapping.function_name}>"
