"""Triggers for the event source mappings of templates, with handlers for their functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.controller import Controller
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.file_errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ddbmock._internal.templates.event_sources import EventSource
    from ddbmock._internal.triggers import Trigger


class TemplateTriggers:
    """Event source mappings of templates with the handlers of their functions."""

    def __init__(
        self,
        event_sources: Iterable[EventSource],
        handlers: Mapping[str, Callable[..., Any]],
        options: Mapping[str, Any],
    ) -> None:
        self._options = dict(options)
        self._handled: list[tuple[EventSource, Callable[..., Any]]] = []
        #: The names of functions without a handler.
        self.unmapped: list[str] = []
        sources = list(event_sources)
        _check_names(sources, handlers)
        for source in sources:
            handler = next((handlers[name] for name in source.names if name in handlers), None)
            if handler is not None:
                self._handled.append((source, handler))
            elif source.function_name not in self.unmapped:
                self.unmapped.append(source.function_name)

    def create(self, ddb: Any) -> list[Trigger]:
        """Register the handlers on a mock whose tables exist, and return the triggers.

        If a mapping has a destination for failed batches, they are appended to the list
        `trigger.options.on_failure`. Disabled mappings do not become triggers.

        Raises:
            FileError: A table or its stream does not exist, or an option is refused.
        """
        if not isinstance(ddb, Controller):
            expected = "triggers are created on what mock_dynamodb() gives"
            raise MisuseError(f"{expected}, not on {type(ddb).__name__}")
        return [
            self._create_one(ddb, source, handler)
            for source, handler in self._handled
            if source.is_enabled
        ]

    def _create_one(
        self, ddb: Controller, source: EventSource, handler: Callable[..., Any]
    ) -> Trigger:
        options = {**source.options, **self._options}
        if source.has_destination:
            options.setdefault("on_failure", [])
        try:
            return ddb.on_change(source.table_name, handler, **options)
        except MisuseError as error:
            raise FileError(source.location, str(error)) from None

    def __repr__(self) -> str:
        names = ", ".join(source.function_name for source, _ in self._handled) or "none"
        return f"<triggers of templates: {names}; unmapped: {', '.join(self.unmapped) or 'none'}>"


def _check_names(sources: list[EventSource], handlers: Mapping[str, Callable[..., Any]]) -> None:
    known = {name for source in sources for name in source.names}
    unknown = [name for name in handlers if name not in known]
    if unknown:
        functions = ", ".join(dict.fromkeys(source.function_name for source in sources)) or "none"
        raise MisuseError(
            f"unknown functions: {', '.join(map(str, unknown))}; the templates give changes to:"
            f" {functions}"
        )
    for name, handler in handlers.items():
        if not callable(handler):
            raise MisuseError(f"the handler of {name} cannot be called: {handler!r}")
