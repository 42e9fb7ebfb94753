"""Texts of policies with wildcards and variables.

    *               any characters, none too         ${*} ${?} ${$}           these characters
    ?               one character                    ${aws:username}          a variable
                                                     ${aws:username, 'ann'}   with a default

A character is a UTF-16 unit, as observed. Nothing else has a special meaning.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ddbmock._internal.policies.context import Context

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*")
_LITERALS = frozenset("*?$")
_WILDCARDS = {"*": "[\\s\\S]*", "?": "[\\s\\S]"}
_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")
#: The colons of an ARN before its resource.
_ARN_COLONS = 5
#: How many results of ARNs a pattern caches.
_KNOWN_MAX = 1024


class UnknownVariableError(LookupError):
    """The request has no value for a variable of a policy, so the statement does not match."""

    #: The regular expression, where it is always the same.


class _Variable(NamedTuple):
    name: str
    default: str | None


class _Literal(NamedTuple):
    """A character that has no meaning of its own here."""

    character: str


class Pattern:
    """A text of a policy, with the wildcards and variables in it.

    >>> from ddbmock._internal.policies.context import Context
    >>> Pattern("home-${aws:username}-*").matches("home-ann-1", Context({"aws:username": "ann"}))
    True
    """

    __slots__ = ("_constant", "_parts", "_resolved", "text")

    def __init__(self, text: str, *, variables: bool = True) -> None:
        self.text: str = text
        self._parts: tuple[str | _Variable | _Literal, ...]
        self._parts = _parts(text) if variables else (text,)
        has_variables = any(isinstance(part, _Variable) for part in self._parts)
        #: The regular expression, where it is always the same.
        self._constant = None if has_variables else self._regex(None)
        #: The regular expression, if there are no variables.
        #: The text, if there are no variables.
        self._resolved = "".join(
            "".join(part) for part in self._parts if not isinstance(part, _Variable)
        )

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables, in lower case."""
        return frozenset(part.name.lower() for part in self._parts if isinstance(part, _Variable))

    def matches(self, text: str, context: Context) -> bool:
        """Return whether a text matches.

        Raises:
            UnknownVariableError: The context has no value for a variable.
        """
        regex = self._constant or self._regex(context)
        return regex.fullmatch(_in_16_bits(text)) is not None

    def resolved(self, context: Context) -> str:
        """Return the text with the values of its variables.

        Raises:
            UnknownVariableError: The context has no value for a variable.
        """
        if self._constant is not None:
            return self._resolved
        return "".join(
            _value(part, context) if isinstance(part, _Variable) else "".join(part)
            for part in self._parts
        )

    def _regex(self, context: Context | None) -> re.Pattern[str]:
        expressions = []
        for part in self._parts:
            if isinstance(part, _Variable):
                assert context is not None  # noqa: S101 (only constants are compiled without one)
                expressions.append(re.escape(_in_16_bits(_value(part, context))))
            elif isinstance(part, _Literal):
                expressions.append(re.escape(_in_16_bits("".join(part))))
            else:
                expressions += [
                    _WILDCARDS.get(character) or re.escape(character)
                    for character in _in_16_bits(part)
                ]
        return _compiled("".join(expressions))


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _parts(text: str) -> tuple[str | _Variable | _Literal, ...]:
    """Return the parts that may have wildcards, and what is between them."""
    parts: list[str | _Variable | _Literal] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        name = found.group(1)
        if name in _LITERALS:
            parts.append(_Literal(name))
        else:
            default = _DEFAULT.fullmatch(name)
            parts.append(
                _Variable(name.strip(), None) if default is None else _Variable(*default.groups())
            )
    parts.append(text[end:])
    return tuple(part for part in parts if part)


def _value(variable: _Variable, context: Context) -> str:
    value = context.get(variable.name)
    if isinstance(value, str):  # a key with several values fills no variable
        return value
    if variable.default is None:
        raise UnknownVariableError(variable.name)
    return variable.default


def _in_16_bits(text: str) -> str:
    """Return a text in which each UTF-16 unit is one character."""
    return _BEYOND_16_BITS.sub(_surrogates, text)


def _surrogates(found: re.Match[str]) -> str:
    number = ord(found.group()) - 0x10000
    return chr(0xD800 + (number >> 10)) + chr(0xDC00 + (number & 0x3FF))


class ArnPattern:
    """An ARN pattern of a policy: each part between the first five colons is matched separately.

    >>> from ddbmock._internal.policies.context import Context
    >>> pattern = ArnPattern("arn:aws:dynamodb:*:123456789012:table/orders/stream/*")
    >>> arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000"
    >>> pattern.matches(arn, Context({}))
    True
    """

    __slots__ = ("_known", "_parts", "text")

    def __init__(self, text: str, *, variables: bool = True) -> None:
        self.text: str = text
        #: ARN -> whether it matches, as far as it was asked; None where the request decides too.
        self._known: dict[str, bool] | None = None if variables and "${" in text else {}
        parts = text.split(":", _ARN_COLONS)
        #: Variables have a meaning in the last part alone.
        self._parts = [
            Pattern(part, variables=variables and at == _ARN_COLONS)
            for at, part in enumerate(parts)
        ]

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables, in lower case."""
        return frozenset().union(*(part.variables for part in self._parts))

    def matches(self, arn: str, context: Context) -> bool:
        """Return whether an ARN matches.

        Raises:
            UnknownVariableError: The context has no value for a variable.
        """
        if self.text == "*":
            return True
        known = None if self._known is None else self._known.get(arn)
        if known is None:
            known = self._matches(arn, context)
            if self._known is not None and len(self._known) < _KNOWN_MAX:
                self._known[arn] = known
        return known

    def _matches(self, arn: str, context: Context) -> bool:
        parts = arn.split(":", _ARN_COLONS)
        return len(parts) == len(self._parts) and all(
            pattern.matches(part, context) for pattern, part in zip(self._parts, parts, strict=True)
        )
