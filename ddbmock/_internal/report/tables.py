"""HTML tables whose further rows can be opened."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ddbmock._internal.calls import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROWS_SHOWN = 25
_LISTED = 3


class Cell(NamedTuple):
    """A cell with more than plain text in it."""

    html: str
    #: The class of the cell, and of the head of its column.
    kind: str = ""


#: The content of a cell: text, a count, an amount, or HTML.
Content: TypeAlias = "str | int | float | Cell"


def code(text: str) -> Cell:
    """Return text in a fixed-width font."""
    return Cell(f"<code>{escape(text)}</code>" if text else "", "code")


def number(text: str) -> Cell:
    """Return a number with its unit, aligned with other numbers."""
    return Cell(escape(text), "number")


def listing(texts: Sequence[str]) -> Cell:
    """Return several texts, each on a line; those after the first ones can be opened."""
    shown, hidden = texts[:_LISTED], texts[_LISTED:]
    html = "<br>".join(map(escape, shown))
    if hidden:
        rest = "<br>".join(map(escape, hidden))
        html += f"<details><summary>{len(hidden)} more</summary>{rest}</details>"
    return Cell(html, "list")


def nothing(text: str) -> str:
    """Return a line to show instead of an empty table."""
    return f"<p class=nothing>{escape(text)}</p>"


def table(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]], without: str = "None."
) -> str:
    """Return a table; without rows, a line that says so."""
    if not rows:
        return nothing(without)
    shown, hidden = rows[:_ROWS_SHOWN], rows[_ROWS_SHOWN:]
    parts = [*_table(caption, heads, shown)]
    if hidden:
        parts += [
            f"<details><summary>{len(hidden)} more</summary>",
            *_table(f"{caption}, continued", heads, hidden),
            "</details>",
        ]
    return "\n".join(parts)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]]) -> Iterator[str]:
    # A table that is too wide scrolls in its own box, which must be reachable by keyboard.
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
    yield f"<caption>{escape(caption)}</caption>"
    kinds = [_cell(content).kind for content in rows[0]]
    cells = [
        f"<th{_class(kind)} scope=col>{escape(head)}</th>" if head else "<td></td>"
        for head, kind in zip(heads, kinds, strict=True)
    ]
    yield f"<thead><tr>{''.join(cells)}</tr></thead><tbody>"
    for first, *others in rows:
        cells = [f"<td{_class(kind)}>{html}</td>" for html, kind in map(_cell, others)]
        yield f"<tr><th scope=row>{_cell(first).html}</th>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _class(kind: str) -> str:
    return f" class={kind}" if kind else ""


def _cell(content: Content) -> Cell:
    if isinstance(content, Cell):
        return content
    if isinstance(content, str):
        return Cell(escape(content))
    return number(f"{content:,}" if isinstance(content, int) else number_text(content))
