"""The tokenizer, the same for every kind of expression.

A character that starts no token is a token of its own (kind "bad"), so that the parser reports it,
with its neighbours. A bare name cannot start with `_`; placeholders can.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
"""

from __future__ import annotations

import re
from typing import NamedTuple

NAME = "name"
NAME_PLACEHOLDER = "#name"
VALUE_PLACEHOLDER = ":value"
INDEX = "index"
BAD = "bad"
END = "<EOF>"

#: Words that are never names, in any kind of expression and in any case.
KEYWORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})

_TOKEN = re.compile(
    r"""
      (?P<name>  [A-Za-z][A-Za-z0-9_]* )
    | (?P<hash>  \#[A-Za-z0-9_]+ )
    | (?P<colon> :[A-Za-z0-9_]+ )
    | (?P<index> 0 | [1-9][0-9]* )
    | (?P<symbol> <> | <= | >= | [=<>()\[\],.+-] )
    | (?P<blank> [ \t\r\n]+ )
    | (?P<bad>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {"hash": NAME_PLACEHOLDER, "colon": VALUE_PLACEHOLDER, "index": INDEX, "bad": BAD}


class Token(NamedTuple):
    """A token with its offsets; the kind of a symbol or keyword is its (upper-case) text."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens of an expression, the last one of kind `END`.

    >>> [token.kind for token in tokenize("#a.b[0] <> :v and _")]
    ['#name', '.', 'name', '[', 'index', ']', '<>', ':value', 'AND', 'bad', '<EOF>']
    """
    found = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or BAD
        if group != "blank":
            word = match.group()
            found.append(Token(_kind(group, word), word, match.start(), match.end()))
    found.append(Token(END, END, len(text), len(text)))
    return found


def _kind(group: str, word: str) -> str:
    if group == "symbol":
        return word
    if group == "name":
        keyword = word.upper()
        return keyword if keyword in KEYWORDS else NAME
    return _KINDS[group]
