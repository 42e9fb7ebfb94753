r"""Writes items of a known form as JSON: one compiled function joins the texts of their contents.

The text is that of the item which the form builds, in the API's JSON: no blanks, characters as they
are, binary values as base64. A property test asserts that it is the text that `item_text` returns.
To build an item and to write it value by value takes some five times as long.
"""

from __future__ import annotations

import json
from binascii import b2a_base64
from json.encoder import encode_basestring
from marshal import loads
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.values import AttributeValue, Item

    #: The contents of an item -> the item as JSON.
    FormWriter = Callable[..., str]


def _base64(content: bytes) -> str:
    return b2a_base64(content, newline=False).decode("ascii")


#: Returns an item, or any part of one, as JSON.
item_text: Callable[[Any], str] = json.JSONEncoder(
    default=_base64, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


def compile_writer(item: Item, *, marshalled: frozenset[str], file_name: str) -> FormWriter:
    """Return the writer of the form of an item.

    Args:
        item: Any item of the form.
        marshalled: The documents that are not taken apart.
        file_name: The file name of the function in tracebacks and profiles.
    """
    namespace = dict(_NAMESPACE)
    code_object = compile(_Source(item, marshalled).text, file_name, "exec")
    exec(code_object, namespace)  # noqa: S102 (texts are written as Python literals)
    writer: FormWriter = namespace["write"]
    return writer


#: What the source refers to.
_NAMESPACE: dict[str, Any] = {
    "base64": _base64,
    "item_text": item_text,
    "loads": loads,
    "text": encode_basestring,
}
#: Type -> the text before a content, the expression that writes the content, and the text after it.
_EXPRESSIONS = {
    "S": ("", "text({})", ""),
    "N": ('"', "{}", '"'),
    "B": ('"', "base64({})", '"'),
    "BOOL": ("", "'true' if {0} is True else 'false' if {0} is False else item_text({0})", ""),
    "NULL": ("", "item_text({})", ""),
    "SS": ("[", "','.join(map(text, {}))", "]"),
    "NS": ('["', "'\",\"'.join({})", '"]'),
    "BS": ('["', "'\",\"'.join(map(base64, {}))", '"]'),
}


class _Source:
    """The source of a writer as it is written, value by value, in the order of the contents."""

    def __init__(self, item: Item, marshalled: frozenset[str]) -> None:
        #: Expressions for the pieces of the text.
        self._pieces: list[str] = []
        #: Text that all items of the form have next.
        self._common = ""
        self._contents = 0
        self._add_members(item, marshalled)
        self._end_common()
        parameters = ", ".join(f"c{number}" for number in range(self._contents))
        pieces = ", ".join(self._pieces)
        self.text = f"def write({parameters}): return ''.join(({pieces},))\n"

    def _add_common(self, text: str) -> None:
        self._common += text

    def _end_common(self) -> None:
        if self._common:
            self._pieces.append(repr(self._common))
            self._common = ""

    def _add_content(self, expression: str) -> None:
        self._end_common()
        self._pieces.append(expression.format(f"c{self._contents}"))
        self._contents += 1

    def _add_members(self, content: Item, marshalled: frozenset[str] = frozenset()) -> None:
        before = "{"
        for name, value in content.items():
            self._add_common(f"{before}{encode_basestring(name)}:")
            self._add_value(value, is_marshalled=name in marshalled)
            before = ","
        self._add_common("}" if content else "{}")

    def _add_value(self, value: AttributeValue, *, is_marshalled: bool = False) -> None:
        ((kind, content),) = value.items()
        self._add_common(f'{{"{kind}":')
        if is_marshalled:
            self._add_content("item_text(loads({}))")
        elif kind == "M":
            self._add_members(content)
        elif kind == "L":
            self._add_elements(content)
        else:
            before, expression, after = _EXPRESSIONS[kind]
            self._add_common(before)
            self._add_content(expression)
            self._add_common(after)
        self._add_common("}")

    def _add_elements(self, content: list[AttributeValue]) -> None:
        before = "["
        for value in content:
            self._add_common(before)
            self._add_value(value)
            before = ","
        self._add_common("]" if content else "[]")
