"""Templates of text: `${...}` and `%{ if }`, `%{ for }` in strings, heredocs and template files.

https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.templates.terraform.syntax import (
    child_trees,
    name_of,
    parse_expression,
    tokens,
)
from ddbmock._internal.templates.terraform.values import ConversionError, pairs_of, to_bool, to_text

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Texts beyond this size are an error: each reference can double them.
_CHARACTERS_MAX = 1_000_000

_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_START = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)\b(.*)\Z", re.DOTALL)
_LOOP = re.compile(r"\s*([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\bin\b(.*)\Z", re.DOTALL)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')


class Evaluate(Protocol):
    """Evaluates the expressions in a template."""

    def value(self, tree: Any) -> Any:
        """Return the value of an expression."""

    def with_names(self, names: dict[str, Any]) -> Evaluate:
        """Return what evaluates with some more names."""


@dataclass(slots=True)
class Token:
    """A part of a template: text, a value, or one end of a directive."""

    kind: str
    text: str = ""
    tree: Any = None
    names: list[str] = field(default_factory=list)
    strips_before: bool = False
    strips_after: bool = False


def evaluate_tokens(parts: list[Token], evaluator: Evaluate) -> Any:
    """Return the text of a template; a template of one value is that value."""
    if len(parts) == 1 and parts[0].kind == "value":
        return evaluator.value(parts[0].tree)
    reader = _Reader(_stripped(parts))
    text = reader.text(evaluator, is_wanted=True)
    if not reader.is_done:
        raise ConversionError(f"unexpected %{{ {reader.next_kind} }}")
    return text


def _stripped(parts: list[Token]) -> list[Token]:
    """Apply the markers `~`, which remove white space."""
    for at, part in enumerate(parts):
        if part.strips_before and at > 0 and parts[at - 1].kind == "text":
            parts[at - 1].text = parts[at - 1].text.rstrip()
        if part.strips_after and at + 1 < len(parts) and parts[at + 1].kind == "text":
            parts[at + 1].text = parts[at + 1].text.lstrip()
    return parts


class _Reader:
    """Goes through the tokens of a template, and again through those of a loop."""

    def __init__(self, parts: list[Token]) -> None:
        self._parts = parts
        self._at = 0
        self._length = 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._parts)

    @property
    def next_kind(self) -> str:
        return "end" if self.is_done else self._parts[self._at].kind

    def _take(self) -> Token:
        self._at += 1
        return self._parts[self._at - 1]

    def _expect(self, kind: str) -> None:
        if self.next_kind != kind:
            raise ConversionError(f"%{{ {kind} }} is missing")
        self._at += 1

    def text(self, evaluator: Evaluate, *, is_wanted: bool) -> str:
        """Return the text up to the end of the directive, empty when it is not wanted."""
        done: list[str] = []
        while self.next_kind in {"text", "value", "if", "for"}:
            part = self._take()
            if part.kind == "if":
                done.append(self._conditional(part, evaluator, is_wanted=is_wanted))
            elif part.kind == "for":
                done.append(self._loop(part, evaluator, is_wanted=is_wanted))
            elif is_wanted:
                text = part.text if part.kind == "text" else to_text(evaluator.value(part.tree))
                self._length += len(text)
                done.append(text)
            if self._length > _CHARACTERS_MAX:
                raise ConversionError(f"text of more than {_CHARACTERS_MAX:,} characters")
        return "".join(done)

    def _conditional(self, part: Token, evaluator: Evaluate, *, is_wanted: bool) -> str:
        holds = is_wanted and to_bool(evaluator.value(part.tree))
        text = self.text(evaluator, is_wanted=holds)
        if self.next_kind == "else":
            self._at += 1
            text += self.text(evaluator, is_wanted=is_wanted and not holds)
        self._expect("endif")
        return text

    def _loop(self, part: Token, evaluator: Evaluate, *, is_wanted: bool) -> str:
        start = self._at
        pairs = pairs_of(evaluator.value(part.tree)) if is_wanted else []
        done = []
        for pair in pairs:
            self._at = start
            names = dict(zip(part.names, pair[-len(part.names) :], strict=True))
            done.append(self.text(evaluator.with_names(names), is_wanted=True))
        if not pairs:
            self.text(evaluator, is_wanted=False)
        self._expect("endfor")
        return "".join(done)


# --- quoted strings, which the grammar takes apart ------------------------------------------------


def string_tokens(tree: Any) -> list[Token]:
    """Return the parts of a quoted string."""
    return [_string_token(part.children[0]) for part in child_trees(tree)]


def _string_token(content: Any) -> Token:
    if not hasattr(content, "data"):
        if content.type in {"ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE"}:
            return Token("text", str(content)[1:])
        return Token("text", _unescape(str(content)))
    kind = str(content.data)
    if kind == "interpolation":
        return Token("value", tree=child_trees(content)[0])
    signs = tokens(content)
    token = Token(
        kind.removeprefix("template_").removesuffix("_start"),
        strips_before=signs[1:2] == ["~"],
        strips_after=signs[-2:-1] == ["~"],
    )
    trees = child_trees(content)
    if trees:
        token.tree = trees[-1]
        token.names = [name_of(tree) for tree in trees[:-1]]
    return token


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if code in _ESCAPES:
            return _ESCAPES[code]
        number = int(code[1:], 16)
        if number > 0x10FFFF:  # noqa: PLR2004 (the last character of Unicode)
            raise ConversionError(f"no character \\{code}")
        return chr(number)

    return _ESCAPE.sub(replace, text)


# --- heredocs and template files, which are text -------------------------------------------------


def text_tokens(text: str, source: str) -> Iterator[Token]:
    """Return the parts of a template that is not in quotes.

    Raises:
        FileError: An expression in it is no HCL.
        ConversionError: A bracket or directive is missing.
    """
    while (match := _START.search(text)) is not None:
        if match.start():
            yield Token("text", text[: match.start()])
        end = _closing_brace(text, match.end())
        content = text[match.end() : end]
        if len(match.group()) == len("$${"):
            yield Token("text", text[match.start() + 1 : end + 1])
        else:
            yield _text_token(content, source, is_directive=match.group() == "%{")
        text = text[end + 1 :]
    if text:
        yield Token("text", text)


def _text_token(content: str, source: str, *, is_directive: bool) -> Token:
    strips_before, strips_after = content.startswith("~"), content.endswith("~")
    content = content.removeprefix("~").removesuffix("~")
    token = Token("value", strips_before=strips_before, strips_after=strips_after)
    if is_directive:
        directive = _DIRECTIVE.match(content)
        if directive is None:
            raise ConversionError(f"no such directive: %{{{content}}}")
        token.kind, content = directive.groups()
    if token.kind == "for":
        loop = _LOOP.match(content)
        if loop is None:
            raise ConversionError(f"no such loop: %{{ for{content}}}")
        token.names = [name for name in loop.groups()[:2] if name]
        content = loop.group(3)
    if token.kind in {"value", "if", "for"}:
        token.tree = parse_expression(content, source)
    return token


def _closing_brace(text: str, position: int) -> int:
    depth = 1
    while position < len(text):
        quoted = _QUOTED.match(text, position)
        if quoted is not None:
            position = quoted.end()
            continue
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
        position += 1
    raise ConversionError("a closing brace is missing")
