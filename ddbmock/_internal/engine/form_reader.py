"""Reads items of a known form: one compiled function checks, makes canonical, measures and packs.

It does what `values.normalize_item` and then `packing.pack` do, for items that have the same
attributes of the same types as an item that these have accepted. All that depends on the form alone
is known then: that the names are well formed, what they cost, and that nothing is nested too deep.
So an item takes one walk along a list of statements in place of a call for each value.

The function raises one of `UNREADABLE` where an item is of another form, or where anything is wrong
with it. Whoever calls it has the item read the long way then, which tells the two apart and reports
what is wrong. Nothing that the function changes before it raises matters to that: a value that it
has made canonical stays as it is. A property test asserts that both ways say the same of all items.
"""

from __future__ import annotations

from functools import lru_cache
from marshal import dumps
from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.numbers import CACHE_SIZE, NumberError, canonical, number_bytes
from ddbmock._internal.engine.values import (
    DOCUMENT_BYTES,
    ELEMENT_BYTES,
    TYPE_NAMES,
    accept_content,
    normalize_value,
    text_bytes,
)
from ddbmock._internal.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from ddbmock._internal.engine.values import AttributeValue, Item

    #: An item as it came in -> its size in bytes, and its contents.
    FormReader = Callable[[Item], tuple[int, tuple[Any, ...]]]

#: What a reader raises: no such attribute or type, a null in place of a content, a wrong content.
UNREADABLE = (AttributeError, KeyError, NumberError, ServiceError, TypeError)

#: Numbers with more characters are read the long way, so that the cache below stays small.
_NUMBER_CHARACTERS_MAX = 40
#: Longer texts are not shared, and of the others the latest are.
_SHARED_CHARACTERS_MAX = 64
_SHARED_TEXTS_MAX = 1024


_number_bytes = number_bytes.__wrapped__  # numbers are cached here already


@lru_cache(maxsize=CACHE_SIZE)
def _number(text: str) -> tuple[str, int]:
    """Return the canonical text of a number, and its size in bytes."""
    if len(text) > _NUMBER_CHARACTERS_MAX:
        raise KeyError(text)
    text = canonical(text)
    return text, _number_bytes(text)


@lru_cache(maxsize=_SHARED_TEXTS_MAX)
def _shared(text: str) -> str:
    """Return an equal text that other items have too, if one was read lately."""
    return text


def compile_reader(
    item: Item,
    *,
    marshalled: frozenset[str],
    repeated: AbstractSet[str],
    file_name: str,
) -> FormReader:
    """Return the reader of the form of an item.

    Args:
        item: An item that was read before.
        marshalled: The documents that are not taken apart.
        repeated: The attributes whose texts are stored once for many items.
        file_name: The file name of the function in tracebacks and profiles.
    """
    namespace = dict(_NAMESPACE)
    code_object = compile(_Source(item, marshalled, repeated).text, file_name, "exec")
    exec(code_object, namespace)  # noqa: S102 (names are written as Python literals)
    reader: FormReader = namespace["read"]
    return reader


#: What the source refers to.
_NAMESPACE: dict[str, Any] = {
    "accept": {kind: accept_content(kind) for kind in TYPE_NAMES},
    "dumps": dumps,
    "normalize_value": normalize_value,
    "number": _number,
    "shared": _shared,
    "text_bytes": text_bytes,
}


class _Source:
    """The source of a reader as it is written, value by value."""

    def __init__(self, item: Item, marshalled: frozenset[str], repeated: AbstractSet[str]) -> None:
        self._lines = ["def read(item):"]
        #: How many values, texts and measured sizes there are so far.
        self._values = 0
        self._texts: list[str] = []
        self._sizes = 0
        self._contents: list[str] = []
        #: What all items of the form have in common of their size.
        self._common_bytes = sum(map(text_bytes, item))
        for name, value in item.items():
            self._add_value(f"item[{name!r}]", value, is_marshalled=name in marshalled)
            if name in repeated and "S" in value:
                text, place = self._texts[-1], f"v{self._values - 1}['S']"
                self._add(f"if len({text}) <= {_SHARED_CHARACTERS_MAX}:")
                self._add(f" {place} = {text} = shared({text})")
        values = "".join(f"v{number}, " for number in range(self._values))
        size = " + ".join([str(self._common_bytes), *(f"b{at}" for at in range(self._sizes))])
        if values:
            # Each value has the type that it was asked for, so none has two.
            self._add(f"if sum(map(len, ({values}))) != {self._values}: raise KeyError")
        if self._texts:
            self._add(f"text = ''.join(({''.join(f'{text}, ' for text in self._texts)}))")
            size += " + (len(text) if text.isascii() else text_bytes(text))"
        contents = "".join(f"{content}, " for content in self._contents)
        self._add(f"return {size}, ({contents})")
        self.text = "\n ".join(self._lines) + "\n"

    def _add(self, line: str) -> None:
        self._lines.append(line)

    def _add_value(self, place: str, value: AttributeValue, *, is_marshalled: bool = False) -> None:
        """Add what reads a value, which lies at `place`."""
        ((kind, content),) = value.items()
        name = f"v{self._values}"
        self._values += 1
        self._add(f"{name} = {place}")
        place = f"{name}[{kind!r}]"
        if is_marshalled:
            self._add(f"{self._measured()} = normalize_value({name})")
            self._contents.append(f"dumps({place})")
        elif kind == "M":
            self._add_map(place, content)
        elif kind == "L":
            self._add_list(place, content)
        elif kind == "S":
            self._texts.append(self._taken(place))
        elif kind == "N":
            taken = self._content()
            self._add(f"{taken}, {self._measured()} = number({place})")
            self._add(f"{place} = {taken}")
        elif kind == "BOOL":
            self._add(f"if {self._taken(place)} is None: raise KeyError")
            self._common_bytes += 1
        elif kind == "NULL":
            self._add(f"if {self._taken(place)} is not True: raise KeyError")
            self._common_bytes += 1
        else:
            self._add(f"{self._measured()} = accept[{kind!r}]({name}, {place}, 0)")
            self._contents.append(place if kind == "B" else f"(*{place},)")

    def _content(self) -> str:
        """Return a variable for a further content."""
        name = f"c{len(self._contents)}"
        self._contents.append(name)
        return name

    def _taken(self, place: str) -> str:
        """Return a variable that has the content at a place."""
        taken = self._content()
        self._add(f"{taken} = {place}")
        return taken

    def _measured(self) -> str:
        """Return a variable for a further size."""
        self._sizes += 1
        return f"b{self._sizes - 1}"

    def _add_map(self, place: str, content: Item) -> None:
        document = self._document(place, "(*{},)", tuple(content))
        self._common_bytes += DOCUMENT_BYTES
        for name, value in content.items():
            self._common_bytes += text_bytes(name) + ELEMENT_BYTES
            self._add_value(f"{document}[{name!r}]", value)

    def _add_list(self, place: str, content: list[AttributeValue]) -> None:
        document = self._document(place, "len({})", len(content))
        self._common_bytes += DOCUMENT_BYTES
        for at, value in enumerate(content):
            self._common_bytes += ELEMENT_BYTES
            self._add_value(f"{document}[{at}]", value)

    def _document(self, place: str, measure: str, expected: object) -> str:
        document = f"d{self._values}"
        self._add(f"{document} = {place}")
        self._add(f"if {measure.format(document)} != {expected!r}: raise KeyError")
        return document
