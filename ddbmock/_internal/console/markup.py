"""HTML as values: the contents of an element are escaped, unless they are markup already.

>>> element("td", "a < b", element("br"), class_="key")
'<td class="key">a &lt; b<br></td>'
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset({"br", "hr", "input", "link", "meta"})


class Markup(str):
    """A text that is HTML."""

    __slots__ = ()


def text(content: object) -> Markup:
    """Return a text as HTML."""
    return content if isinstance(content, Markup) else Markup(escape(str(content)))


def join(parts: Iterable[object], between: object = "") -> Markup:
    """Return parts as HTML, one after the other."""
    return Markup(text(between).join(map(text, parts)))


def element(name: str, /, *children: object, **attributes: object) -> Markup:
    """Return an element.

    Args:
        name: Its name.
        *children: Its content.
        **attributes: Its attributes; `class_` is `class`, `aria_label` is `aria-label`. True is an
            attribute without a value, None and False none.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    start = f"<{name}{written}>"
    return Markup(start if name in _VOID else f"{start}{join(children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(value)}"'


def link(label: object, url: str, **attributes: object) -> Markup:
    """Return a link."""
    return element("a", label, href=url, **attributes)


def table(caption: str, heads: Iterable[object], rows: Iterable[Iterable[object]]) -> Markup:
    """Return a table that scrolls if it is too wide."""
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", head),
            element("tbody", *body),
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def definitions(pairs: Iterable[tuple[object, object]]) -> Markup:
    """Return a definition list."""
    parts = [element("div", element("dt", name), element("dd", what)) for name, what in pairs]
    return element("dl", *parts, class_="tiles")


def field(label: object, control: Markup) -> Markup:
    """Return a control with its label."""
    return element("label", element("span", label), control, class_="field")


def choice(name: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """Return a list to choose from: values with their labels."""
    return element(
        "select",
        *(
            element("option", label, value=value, selected=value == chosen)
            for value, label in options
        ),
        name=name,
    )
