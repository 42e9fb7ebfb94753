"""Numbers as DynamoDB stores them: canonical text, 38 significant digits, 1e-130 to 9.99e125.

A number is a text everywhere; it is converted to an `int` or a `Decimal` only to be compared or
added. Both are exact at any size that the service allows, whatever decimal context the program
under test has set.

The service reads numbers in one of two layers. Both accept the same numbers, and differ in their
errors for others: the older one reads a number as Java's BigDecimal does, whose exponent has 32
bits.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from ddbmock._internal import limits
from ddbmock._internal.messages import values as messages

_NUMBER = re.compile(r"([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?", re.ASCII)
_INT32 = range(-(2**31), 2**31)
_INT64 = range(-(2**63), 2**63)
_INT64_DIGITS = 19
#: How many numbers each cache has: common ones are few, and of the others each comes once.
CACHE_SIZE = 512
#: Longer texts are not cached: a few zeros more than needed are common, a megabyte of them is not.
_CACHED_CHARACTERS_MAX = 200
#: 38 digits may begin in the middle of a pair.
_DIGIT_PAIRS_MAX = 20
# Wide enough for 9.99e125 - 1e-130 without rounding, so that a sum is exact before it is checked.
# Every parameter is given, because the others come from `decimal.DefaultContext`.
_EXACT = Context(
    prec=300,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[],
)


class NumberError(ValueError):
    """A text is not a number that DynamoDB can store; `str()` of the error is the service's text.

    `legacy_message` is the text of the service's older layer.
    """

    def __init__(self, message: str, legacy_message: str | None = None) -> None:
        super().__init__(message)
        self.legacy_message: str = legacy_message or message


class _PrecisionError(NumberError):
    """A number has more significant digits than DynamoDB stores."""


def canonical(text: str) -> str:
    """Return the canonical text of a number, or raise `NumberError`.

    >>> canonical("1.0"), canonical("1e2"), canonical("-0.50"), canonical("007")
    ('1', '100', '-0.5', '7')
    """
    # Most numbers are small integers and are their own canonical text.
    if len(text) < limits.NUMBER_DIGITS_MAX and text.isdigit() and text.isascii():
        return text if text[0] != "0" else (text.lstrip("0") or "0")
    return (_cached if len(text) <= _CACHED_CHARACTERS_MAX else _canonical)(text)


def _canonical(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _not_a_number(text)
    sign, whole, fraction, bare_fraction, exponent_text = match.groups()
    whole, fraction = whole or "", fraction or bare_fraction or ""
    exponent = _read_exponent(exponent_text) if exponent_text else 0
    if exponent is None:
        raise _not_a_number(text)
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + exponent
    digits = digits.rstrip("0")
    # Zero has no magnitude: the service checks it by its written exponent.
    magnitude = point - 1 if digits else exponent
    if not limits.NUMBER_EXPONENT_MIN <= magnitude <= limits.NUMBER_EXPONENT_MAX:
        is_read_by_java = exponent in _INT32 and len(fraction) - exponent in _INT32
        raise _out_of_range(text, magnitude, is_read_by_java=is_read_by_java)
    if not digits:
        return "0"
    if len(digits) > limits.NUMBER_DIGITS_MAX:
        raise _PrecisionError(messages.NUMBER_PRECISION)
    return ("-" if sign == "-" else "") + _plain(digits, point)


_cached = lru_cache(maxsize=CACHE_SIZE)(_canonical)


def _read_exponent(text: str) -> int | None:
    """Return an exponent, None when it does not fit 64 bits (and may have any number of digits)."""
    digits = text.lstrip("+-0")
    if len(digits) > _INT64_DIGITS:
        return None
    exponent = -int(digits or "0") if text[0] == "-" else int(digits or "0")
    return exponent if exponent in _INT64 else None


def _not_a_number(text: str) -> NumberError:
    return NumberError(messages.not_a_number(text), messages.older_not_a_number(text))


def _out_of_range(text: str, magnitude: int, *, is_read_by_java: bool) -> NumberError:
    overflows = magnitude > 0
    current = messages.NUMBER_OVERFLOW if overflows else messages.NUMBER_UNDERFLOW
    if not is_read_by_java:
        return NumberError(current, messages.older_not_a_number(text))
    # The older layer counts the digits before the point in 32 bits, and 2**31 of them wrap around.
    wraps = overflows and magnitude + 1 not in _INT32
    return NumberError(current, messages.NUMBER_UNDERFLOW if wraps else current)


def is_big_decimal(text: str) -> bool:
    """Return whether Java's BigDecimal reads this number: exponent and scale must fit 32 bits.

    >>> is_big_decimal("7e2147483647"), is_big_decimal("7e2147483648")
    (True, False)
    """
    digits, _, exponent_text = text.lower().partition("e")
    exponent = _read_exponent(exponent_text) if exponent_text else 0
    if exponent is None:
        return False
    fraction_digits = len(digits.partition(".")[2])
    return exponent in _INT32 and fraction_digits - exponent in _INT32


def _plain(significant: str, point: int) -> str:
    """Write digits with the decimal point after the first `point` of them, without exponent."""
    if point <= 0:
        return "0." + "0" * -point + significant
    if point >= len(significant):
        return significant + "0" * (point - len(significant))
    return significant[:point] + "." + significant[point:]


def number_of(text: str) -> int | Decimal:
    """Return the exact number of a canonical text, to compare or sort by.

    >>> number_of("12"), number_of("0.5")
    (12, Decimal('0.5'))
    """
    return Decimal(text) if "." in text else int(text)


def add(left: str, right: str) -> str:
    """Return the canonical text of the sum, or raise `NumberError` when it cannot be stored.

    >>> add("0.1", "0.2")
    '0.3'
    """
    if "." in left or "." in right:
        return _result(format(_EXACT.add(Decimal(left), Decimal(right)), "f"))
    return _result(str(int(left) + int(right)))


def subtract(left: str, right: str) -> str:
    """Return the canonical text of the difference, or raise `NumberError`.

    >>> subtract("1", "0.25")
    '0.75'
    """
    if "." in left or "." in right:
        return _result(format(_EXACT.subtract(Decimal(left), Decimal(right)), "f"))
    return _result(str(int(left) - int(right)))


def _result(text: str) -> str:
    try:
        return canonical(text)
    except _PrecisionError:
        # A result of more than 38 digits is too large for the service, as observed.
        raise NumberError(messages.NUMBER_OVERFLOW) from None


@lru_cache(maxsize=CACHE_SIZE)
def number_bytes(text: str) -> int:
    """Return the size of a canonical number in bytes.

    The service stores two decimal digits a byte, counted from the decimal point in both
    directions, without the zeros at either end; one byte more, and another for a minus sign.

    >>> number_bytes("3.14159"), number_bytes("-100"), number_bytes("0")
    (5, 3, 1)
    """
    extra_bytes = 1
    if text[0] == "-":
        extra_bytes = 2
        text = text[1:]
    whole, _, fraction = text.partition(".")
    if not fraction:
        zeros = len(whole) - len(whole.rstrip("0"))
        return extra_bytes + (len(whole) + 1) // 2 - zeros // 2 if whole != "0" else extra_bytes
    if whole == "0":
        leading_zeros = len(fraction) - len(fraction.lstrip("0"))
        return extra_bytes + (len(fraction) + 1) // 2 - leading_zeros // 2
    return extra_bytes + (len(whole) + 1) // 2 + (len(fraction) + 1) // 2


def sortable_bytes(text: str) -> bytes:
    """Return a canonical number in the service's own encoding, whose bytes order as numbers do.

    One byte for the power of a hundred, then a byte for each pair of decimal digits. The service
    hashes a key's number in this form.

    >>> sortable_bytes("5").hex(), sortable_bytes("-5").hex(), sortable_bytes("0").hex()
    ('c106', '3e6066', '80')
    """
    if text == "0":
        return b"\x80"
    whole, _, fraction = text.lstrip("-").partition(".")
    whole = whole.lstrip("0")
    digits = (whole + fraction).lstrip("0")
    # The number is 0.d1d2d3... times ten to this power.
    exponent = len(whole) + len(digits) - len(whole + fraction)
    digits = digits.rstrip("0")
    if exponent % 2:
        digits = "0" + digits
    if len(digits) % 2:
        digits += "0"
    power = ((exponent + 1) // 2 - 64) & 0xFF
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    if text[0] != "-":
        return bytes([power, *(pair + 1 for pair in pairs)])
    # The end of a negative number must sort after all numbers with further digits.
    end = [102] if len(pairs) < _DIGIT_PAIRS_MAX else []
    return bytes([power ^ 0xFF, *(101 - pair for pair in pairs), *end])
