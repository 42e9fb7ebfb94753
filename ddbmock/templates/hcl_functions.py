"""The functions of Terraform that names and settings of tables are made with.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _format(text: str, *values: Any) -> str:
    remaining = iter(values)

    def replace(match: re.Match[str]) -> str:
        if match.group() == "%%":
            return "%"
        value = next(remaining)
        verb = match.group()[-1]
        if verb == "q":
            return json.dumps(value)
        return match.group().replace("v", "s") % (int(value) if verb == "d" else value)

    return re.sub(r"%%|%[-0]?\d*[sdvq]", replace, text)


def _merge(*maps: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for one in maps if one for name, value in one.items()}


def _lookup(values: Mapping[str, Any], name: str, *default: Any) -> Any:
    return values.get(name, default[0]) if default else values[name]


def _coalesce(*values: Any) -> Any:
    return next(value for value in values if value not in {None, ""})


def _flatten(values: Any) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        flat += _flatten(value) if isinstance(value, list | set) else [value]
    return flat


def _number(value: Any) -> int | Decimal:
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else number


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _jsonable(value: object) -> object:
    return sorted(value) if isinstance(value, set) else _decimal(value)


def _decimal(value: object) -> float:
    return float(str(value))


def _replace(text: str, old: str, new: str) -> str:
    if len(old) > 1 and old[0] == old[-1] == "/":
        return re.sub(old[1:-1], re.sub(r"\$(\d)", r"\\\1", new), text)
    return text.replace(old, new)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "coalesce": _coalesce,
    "compact": lambda values: [value for value in values if value not in {None, ""}],
    "concat": lambda *lists: [value for one in lists for value in one],
    "contains": lambda values, value: value in values,
    "distinct": lambda values: list(dict.fromkeys(values)),
    "element": lambda values, index: values[int(index) % len(values)],
    "endswith": lambda text, suffix: text.endswith(suffix),
    "flatten": _flatten,
    "format": _format,
    "join": lambda delimiter, parts: delimiter.join(map(_text, parts)),
    "jsondecode": json.loads,
    "jsonencode": lambda value: json.dumps(value, default=_jsonable, separators=(",", ":")),
    "keys": sorted,
    "length": len,
    "lookup": _lookup,
    "lower": str.lower,
    "max": max,
    "merge": _merge,
    "min": min,
    "range": lambda *bounds: list(range(*bounds)),
    "replace": _replace,
    "sort": sorted,
    "split": lambda delimiter, text: text.split(delimiter),
    "startswith": lambda text, prefix: text.startswith(prefix),
    "substr": lambda text, at, length: text[at:] if length < 0 else text[at : at + length],
    "title": str.title,
    "tobool": lambda value: value if isinstance(value, bool) else value == "true",
    "tolist": lambda values: sorted(values) if isinstance(values, set) else list(values),
    "tomap": dict,
    "tonumber": _number,
    "toset": set,
    "tostring": _text,
    "trimprefix": lambda text, prefix: text.removeprefix(prefix),
    "trimspace": str.strip,
    "trimsuffix": lambda text, suffix: text.removesuffix(suffix),
    "upper": str.upper,
    "values": lambda values: [values[name] for name in sorted(values)],
    "zipmap": lambda names, values: dict(zip(names, values, strict=True)),
}
