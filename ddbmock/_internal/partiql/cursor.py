"""A cursor over the tokens of one statement."""

from __future__ import annotations

from ddbmock._internal.partiql.problems import malformed
from ddbmock._internal.partiql.tokens import EOF, SEMICOLON, Token
from ddbmock._internal.partiql.tree import Span


class Cursor:
    """The tokens of a statement and the position in them."""

    __slots__ = ("_tokens", "index")

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self.index: int = 0

    @property
    def head(self) -> Token:
        """Return the next token; the last one, EOF, is never consumed."""
        return self._tokens[self.index]

    @property
    def second(self) -> Token:
        """Return the token after the next one."""
        return self._tokens[min(self.index + 1, len(self._tokens) - 1)]

    @property
    def left(self) -> int:
        """Return how many tokens have not been consumed yet, including EOF."""
        return len(self._tokens) - self.index

    @property
    def at_end(self) -> bool:
        """Return whether nothing but a semicolon is left."""
        return self.head.kind == EOF or (self.head.kind == SEMICOLON and self.second.kind == EOF)

    def advance(self) -> Token:
        """Consume and return the next token."""
        token = self.head
        if token.kind != EOF:
            self.index += 1
        return token

    def take(self, kind: str) -> Token | None:
        """Consume and return the next token if it is of that kind."""
        return self.advance() if self.head.kind == kind else None

    def take_word(self, *words: str) -> Token | None:
        """Consume and return the next token if it is one of these keywords or operators."""
        return self.advance() if self.head.word in words else None

    def expect(self, kind: str) -> Token:
        """Consume a token that must be of that kind."""
        if self.head.kind != kind:
            raise malformed(f"Expected {kind}")
        return self.advance()

    def expect_word(self, word: str) -> Token:
        """Consume a keyword that is required here."""
        if self.head.word != word:
            raise malformed(f"Expected {word.upper()} keyword")
        return self.advance()

    def span_from(self, start: int) -> Span:
        """Return the span from an offset to the last consumed token."""
        return Span(start, self._tokens[max(self.index - 1, 0)].end)


def span_of(token: Token) -> Span:
    """Return the span of a token."""
    return Span(token.start, token.end)
