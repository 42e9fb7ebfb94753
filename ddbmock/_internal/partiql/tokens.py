"""The tokenizer of statements.

The kinds have the names of PartiQL's parser, because its errors print them ("Expected
RIGHT_PAREN"). Comments (`-- …` and `/* … */`) are blanks. An unexpected character makes the
statement invalid; the service's error has no detail then.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ddbmock._internal.engine.numbers import is_big_decimal
from ddbmock._internal.partiql.problems import malformed
from ddbmock._internal.partiql.words import KEYWORDS, MERGED_OPERATORS, MERGED_WORDS, OPERATOR_WORDS

IDENTIFIER = "IDENTIFIER"
QUOTED_IDENTIFIER = "QUOTED_IDENTIFIER"
STRING = "STRING"
NUMBER = "NUMBER"
BOOLEAN = "BOOLEAN"
ION_LITERAL = "ION_LITERAL"
NULL = "NULL"
MISSING = "MISSING"
OPERATOR = "OPERATOR"
KEYWORD = "KEYWORD"
AS = "AS"
AT = "AT"
BY = "BY"
LEFT_PAREN = "LEFT_PAREN"
RIGHT_PAREN = "RIGHT_PAREN"
LEFT_BRACKET = "LEFT_BRACKET"
RIGHT_BRACKET = "RIGHT_BRACKET"
LEFT_CURLY = "LEFT_CURLY"
RIGHT_CURLY = "RIGHT_CURLY"
LEFT_BAG = "LEFT_DOUBLE_ANGLE_BRACKET"
RIGHT_BAG = "RIGHT_DOUBLE_ANGLE_BRACKET"
COMMA = "COMMA"
COLON = "COLON"
DOT = "DOT"
STAR = "STAR"
SEMICOLON = "SEMICOLON"
QUESTION_MARK = "QUESTION_MARK"
EOF = "EOF"

_SYMBOLS = {
    "(": LEFT_PAREN,
    ")": RIGHT_PAREN,
    "[": LEFT_BRACKET,
    "]": RIGHT_BRACKET,
    "{": LEFT_CURLY,
    "}": RIGHT_CURLY,
    "<<": LEFT_BAG,
    ">>": RIGHT_BAG,
    ",": COMMA,
    ":": COLON,
    ".": DOT,
    "*": STAR,
    ";": SEMICOLON,
    "?": QUESTION_MARK,
}
_WORD_KINDS = {
    "as": AS,
    "at": AT,
    "by": BY,
    "null": NULL,
    "missing": MISSING,
    "true": BOOLEAN,
    "false": BOOLEAN,
}
_TOKEN = re.compile(
    r"""
      (?P<blank>  [ \t\r\n\f\v]+ | --[^\r\n]* | /\*.*?\*/ )
    | (?P<bad>    /\* )
    | (?P<number> (?: [0-9]+ (?: \. [0-9]* )? | \.[0-9]+ ) (?: [eE] [+-]? [0-9]+ )? (?P<cut>[eE])? )
    | (?P<word>   [A-Za-z_$][A-Za-z0-9_$]* )
    | (?P<string> '(?: [^'] | '' )*' )
    | (?P<quoted> "(?: [^"] | "" )*" )
    | (?P<ion>    `[^`]*` )
    | (?P<symbol> << | >> | <= | >= | <> | != | \|\| | [()\[\]{}:,*;?.%=@+\-/<>] )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A token with its offsets; keywords and operators are in lower case."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """Return the text of a keyword or operator, an empty text for names and literals."""
        return self.text if self.kind in _WORDS else ""


_WORDS = frozenset({KEYWORD, OPERATOR, STAR, AS, AT, BY, NULL, MISSING})


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a statement, the last one of kind `EOF`.

    >>> [token.text for token in tokenize("SELECT a FROM t WHERE b NOT IN ['it''s'] -- so")]
    ['select', 'a', 'from', 't', 'where', 'b', 'not_in', '[', "it's", ']', 'EOF']
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.group("cut") or match.lastgroup == "bad":
            # The service's lexer gives no detail.
            raise malformed("")
        position = match.end()
        group = match.lastgroup or ""
        if group != "blank":
            _add(found, _READERS[group](match.group(), match.start(), position))
    found.append(Token(EOF, "EOF", position, position))
    return found


def _read_number(text: str, start: int, end: int) -> Token:
    if not is_big_decimal(text):
        # The service's lexer reads numbers as Java does, and has no text for invalid ones.
        raise malformed("")
    return Token(NUMBER, text, start, end)


def _read_word(text: str, start: int, end: int) -> Token:
    lower = text.lower()
    if lower in OPERATOR_WORDS:
        return Token(OPERATOR, lower, start, end)
    kind = _WORD_KINDS.get(lower)
    if kind is None:
        kind = KEYWORD if lower in KEYWORDS else IDENTIFIER
    return Token(kind, text if kind == IDENTIFIER else lower, start, end)


def _read_string(text: str, start: int, end: int) -> Token:
    return Token(STRING, text[1:-1].replace("''", "'"), start, end)


def _read_quoted(text: str, start: int, end: int) -> Token:
    return Token(QUOTED_IDENTIFIER, text[1:-1].replace('""', '"'), start, end)


def _read_ion(text: str, start: int, end: int) -> Token:
    return Token(ION_LITERAL, text[1:-1], start, end)


def _read_symbol(text: str, start: int, end: int) -> Token:
    return Token(_SYMBOLS.get(text, OPERATOR), "<>" if text == "!=" else text, start, end)


_READERS = {
    "number": _read_number,
    "word": _read_word,
    "string": _read_string,
    "quoted": _read_quoted,
    "ion": _read_ion,
    "symbol": _read_symbol,
}
_LONGEST_MERGE = max(map(len, MERGED_WORDS))


def _add(found: list[Token], token: Token) -> None:
    """Add a token, merged with those before it if they form one."""
    if token.kind in (KEYWORD, OPERATOR):
        for width in range(_LONGEST_MERGE, 1, -1):
            parts = [*found[len(found) - width + 1 :], token] if len(found) >= width - 1 else []
            merged = MERGED_WORDS.get(tuple(part.word for part in parts))
            if merged is not None:
                kind = OPERATOR if merged in MERGED_OPERATORS else KEYWORD
                token = Token(kind, merged, parts[0].start, token.end)
                del found[len(found) - width + 1 :]
                break
    found.append(token)
