"""Defaults and values on the reference pages: a constant of the package is shown as what it is."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import griffe


class Defaults(griffe.Extension):
    """Shows `rounds: int = 100` where the program has `rounds: int = DELIVERY_ROUNDS`."""

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        """Replace the defaults of a function and of its overloads."""
        for each in (func, *(func.overloads or ())):
            for parameter in each.parameters:
                if parameter.default is not None:
                    value = _value(each, str(parameter.default))
                    parameter.default = parameter.default if value is None else value

    def on_attribute(self, *, attr: griffe.Attribute, **_: Any) -> None:
        """Replace the value of an attribute, and drop one that `__init__` gets from elsewhere."""
        if attr.value is not None:
            attr.value = _value(attr, str(attr.value))


def _value(where: griffe.Object, expression: str) -> str | None:
    """Return a number, a text or an object without arguments as it is written; None for others."""
    module = import_module(where.module.path)
    try:
        value = eval(expression, vars(module))  # noqa: S307 (our own program)
        if value is None or isinstance(value, (int, float, str)):
            return repr(value)
        return f"{type(value).__name__}()" if value == type(value)() else None
    except Exception:  # noqa: BLE001 (names of the function that it stands in; types that take more)
        return None
