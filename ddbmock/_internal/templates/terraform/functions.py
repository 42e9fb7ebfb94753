"""Terraform's functions, as far as names and settings of tables are made with them.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from typing import Any
from urllib.parse import quote_plus

from ddbmock._internal.templates.terraform.values import (
    ConversionError,
    are_equal,
    plain_number,
    plain_value,
    to_bool,
    to_list,
    to_map,
    to_number,
    to_set,
    to_text,
)

_ELEMENTS_MAX = 10_000
_RANGE_MAX = 1_024

_Function = Callable[..., Any]


# --- text ----------------------------------------------------------------------------------------


def _format(template: Any, *values: Any) -> str:
    remaining = list(values)

    def replace(match: re.Match[str]) -> str:
        if match.group() == "%%":
            return "%"
        if not remaining:
            raise ConversionError("format has not enough values")
        value, (flags, verb) = remaining.pop(0), match.groups()
        if verb == "q":
            return json.dumps(to_text(value))
        if verb == "d":
            return f"%{flags}d" % int(to_number(value))
        if verb == "f":
            return f"%{flags}f" % to_number(value)
        if verb == "v" and not isinstance(value, str | bool | int | Decimal):
            return _jsonencode(value)
        return f"%{flags}s" % to_text(value)

    return re.sub(r"%%|%([-0+ ]?\d{0,3}(?:\.\d{1,3})?)([sdvqft])", replace, to_text(template))


def _formatlist(template: Any, *values: Any) -> list[str]:
    lists = [to_list(value) for value in values if isinstance(value, list | set)]
    count = max((len(each) for each in lists), default=1)
    return [
        _format(
            template,
            *(to_list(value)[at] if isinstance(value, list | set) else value for value in values),
        )
        for at in range(count)
    ]


def _replace(text: Any, old: Any, new: Any) -> str:
    searched, replaced, replacement = map(to_text, (text, old, new))
    if len(replaced) > 1 and replaced[0] == replaced[-1] == "/":
        groups = re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", replacement)
        return re.sub(replaced[1:-1], groups, searched)
    return searched.replace(replaced, replacement)


def _regex_value(match: re.Match[str]) -> Any:
    if match.re.groupindex:
        return match.groupdict()
    return list(match.groups()) if match.re.groups else match.group()


def _regex(pattern: Any, text: Any) -> Any:
    match = re.search(to_text(pattern), to_text(text))
    if match is None:
        raise ConversionError(f"no match for {pattern!r}")
    return _regex_value(match)


def _regexall(pattern: Any, text: Any) -> list[Any]:
    return [_regex_value(match) for match in re.finditer(to_text(pattern), to_text(text))]


def _substr(text: Any, offset: Any, length: Any) -> str:
    full_text, start, count = to_text(text), int(to_number(offset)), int(to_number(length))
    start = start if start >= 0 else max(len(full_text) + start, 0)
    return full_text[start:] if count < 0 else full_text[start : start + count]


def _indent(spaces: Any, text: Any) -> str:
    count = int(to_number(spaces))
    if not 0 <= count <= _ELEMENTS_MAX:
        raise ConversionError(f"no indentation: {count}")
    return to_text(text).replace("\n", "\n" + " " * count)


def _title(text: Any) -> str:
    return re.sub(r"\b[a-z]", lambda match: match.group().upper(), to_text(text))


def _jsonencode(value: Any) -> str:
    return json.dumps(plain_value(value), separators=(",", ":"), sort_keys=True)


def _hash(name: str) -> _Function:
    return lambda text: hashlib.new(name, to_text(text).encode(), usedforsecurity=False).hexdigest()


def _base64decode(text: Any) -> str:
    return base64.b64decode(to_text(text), validate=True).decode()


# --- collections ---------------------------------------------------------------------------------


def _merge(*maps: Any) -> dict[str, Any]:
    return {name: each[name] for each in maps if each is not None for name in to_map(each)}


def _lookup(values: Any, name: Any, *default: Any) -> Any:
    values = to_map(values)
    if name in values:
        return values[name]
    if not default:
        raise ConversionError(f"the map has no key {name!r}")
    return default[0]


def _coalesce(*values: Any) -> Any:
    for value in values:
        if value is not None and value != "":
            return value
    raise ConversionError("coalesce has no value that is neither null nor empty")


def _coalescelist(*lists: Any) -> Any:
    for each in lists:
        if to_list(each):
            return each
    raise ConversionError("coalescelist has no list that is not empty")


def _flatten(values: Any) -> list[Any]:
    flat: list[Any] = []
    for value in to_list(values):
        flat += _flatten(value) if isinstance(value, list | set) else [value]
    return flat


def _distinct(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in to_list(values):
        if not any(are_equal(value, other) for other in found):
            found.append(value)
    return found


def _element(values: Any, index: Any) -> Any:
    listed = to_list(values)
    if not listed:
        raise ConversionError("element of an empty list")
    return listed[int(to_number(index)) % len(listed)]


def _one(values: Any) -> Any:
    listed = to_list(values)
    if len(listed) > 1:
        raise ConversionError("one() takes a list of at most one element")
    return listed[0] if listed else None


def _slice(values: Any, start: Any, end: Any) -> list[Any]:
    listed, first, last = to_list(values), int(to_number(start)), int(to_number(end))
    if not 0 <= first <= last <= len(listed):
        raise ConversionError(f"a list of {len(listed)} has no elements {first} to {last}")
    return listed[first:last]


def _chunklist(values: Any, size: Any) -> list[list[Any]]:
    listed, count = to_list(values), int(to_number(size))
    if count < 1:
        raise ConversionError("chunklist takes a size of at least 1")
    return [listed[at : at + count] for at in range(0, len(listed), count)]


def _setproduct(*collections: Any) -> list[list[Any]]:
    lists = [to_list(each) for each in collections]
    if math.prod(map(len, lists)) > _ELEMENTS_MAX:
        raise ConversionError(f"setproduct of more than {_ELEMENTS_MAX:,} elements")
    return [list(each) for each in product(*lists)]


def _index(values: Any, value: Any) -> int:
    for at, element in enumerate(to_list(values)):
        if are_equal(element, value):
            return at
    raise ConversionError(f"the list has no element {value!r}")


def _contains(values: Any, value: Any) -> bool:
    return any(are_equal(element, value) for element in to_list(values))


def _range(*bounds: Any) -> list[int]:
    numbers = range(*(int(to_number(bound)) for bound in bounds))
    if len(numbers) > _RANGE_MAX:
        raise ConversionError(f"range of more than {_RANGE_MAX:,} numbers")
    return list(numbers)


def _length(value: Any) -> int:
    if isinstance(value, str | Mapping):
        return len(value)
    return len(to_list(value))


def _reverse(values: Any) -> list[Any]:
    return to_list(values)[::-1]


def _zipmap(names: Any, values: Any) -> dict[str, Any]:
    keys, contents = to_list(names), to_list(values)
    if len(keys) != len(contents):
        raise ConversionError("zipmap takes lists of the same length")
    return {to_text(key): content for key, content in zip(keys, contents, strict=True)}


def _transpose(values: Any) -> dict[str, list[Any]]:
    transposed: dict[str, list[Any]] = {}
    for key, members in to_map(values).items():
        for member in to_list(members):
            transposed.setdefault(to_text(member), []).append(key)
    return {key: sorted(transposed[key]) for key in sorted(transposed)}


def _unless_null(convert: _Function) -> _Function:
    return lambda value: None if value is None else convert(value)


def _numbers(values: tuple[Any, ...]) -> list[int | Decimal]:
    if not values:
        raise ConversionError("a number is missing")
    return [to_number(value) for value in values]


def _full_text(rounding: str) -> _Function:
    return lambda number: int(Decimal(to_number(number)).to_integral_value(rounding))


def _power(base: Any, exponent: Any) -> int | Decimal:
    return plain_number(Decimal(to_number(base)) ** Decimal(to_number(exponent)))


def _set_of(operation: Callable[[list[Any], list[Any]], list[Any]]) -> _Function:
    def apply(first: Any, *others: Any) -> Any:
        members = to_list(first)
        for other in others:
            members = operation(members, to_list(other))
        return to_set(members)

    return apply


FUNCTIONS: dict[str, _Function] = {
    "abs": lambda number: abs(to_number(number)),
    "alltrue": lambda values: all(map(to_bool, to_list(values))),
    "anytrue": lambda values: any(map(to_bool, to_list(values))),
    "base64decode": _base64decode,
    "base64encode": lambda text: base64.b64encode(to_text(text).encode()).decode(),
    "basename": lambda path: to_text(path).rstrip("/").rpartition("/")[2],
    "ceil": _full_text(ROUND_CEILING),
    "chomp": lambda text: re.sub(r"[\r\n]+\Z", "", to_text(text)),
    "chunklist": _chunklist,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": lambda values: [v for v in to_list(values) if v is not None and v != ""],
    "concat": lambda *lists: [value for each in lists for value in to_list(each)],
    "contains": _contains,
    "dirname": lambda path: to_text(path).rpartition("/")[0] or ".",
    "distinct": _distinct,
    "element": _element,
    "endswith": lambda text, suffix: to_text(text).endswith(to_text(suffix)),
    "flatten": _flatten,
    "floor": _full_text(ROUND_FLOOR),
    "format": _format,
    "formatlist": _formatlist,
    "indent": _indent,
    "index": _index,
    "join": lambda delimiter, parts: to_text(delimiter).join(map(to_text, to_list(parts))),
    "jsondecode": lambda text: json.loads(to_text(text), parse_float=Decimal),
    "jsonencode": _jsonencode,
    "keys": lambda values: sorted(to_map(values)),
    "length": _length,
    "lookup": _lookup,
    "lower": lambda text: to_text(text).lower(),
    "max": lambda *values: max(_numbers(values)),
    "md5": _hash("md5"),
    "merge": _merge,
    "min": lambda *values: min(_numbers(values)),
    "nonsensitive": lambda value: value,
    "one": _one,
    "parseint": lambda text, base: int(to_text(text), int(to_number(base))),
    "pow": _power,
    "range": _range,
    "regex": _regex,
    "regexall": _regexall,
    "replace": _replace,
    "reverse": _reverse,
    "sensitive": lambda value: value,
    "setintersection": _set_of(lambda left, right: [v for v in left if _contains(right, v)]),
    "setproduct": _setproduct,
    "setsubtract": _set_of(lambda left, right: [v for v in left if not _contains(right, v)]),
    "setunion": _set_of(lambda left, right: left + right),
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "slice": _slice,
    "sort": lambda values: sorted(map(to_text, to_list(values))),
    "split": lambda delimiter, text: to_text(text).split(to_text(delimiter)),
    "startswith": lambda text, prefix: to_text(text).startswith(to_text(prefix)),
    "strcontains": lambda text, part: to_text(part) in to_text(text),
    "strrev": lambda text: to_text(text)[::-1],
    "substr": _substr,
    "sum": lambda values: sum(_numbers(tuple(to_list(values)))),
    "title": _title,
    "tobool": _unless_null(to_bool),
    "tolist": _unless_null(to_list),
    "tomap": lambda values: dict(to_map(values)),
    "tonumber": _unless_null(to_number),
    "toset": lambda values: to_set(to_list(values)),
    "tostring": _unless_null(to_text),
    "transpose": _transpose,
    "trim": lambda text, characters: to_text(text).strip(to_text(characters)),
    "trimprefix": lambda text, prefix: to_text(text).removeprefix(to_text(prefix)),
    "trimspace": lambda text: to_text(text).strip(),
    "trimsuffix": lambda text, suffix: to_text(text).removesuffix(to_text(suffix)),
    "upper": lambda text: to_text(text).upper(),
    "urlencode": lambda text: quote_plus(to_text(text)),
    "values": lambda values: [to_map(values)[name] for name in sorted(to_map(values))],
    "zipmap": _zipmap,
}
