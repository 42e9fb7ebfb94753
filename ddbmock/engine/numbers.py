"""Numbers as DynamoDB keeps them: canonical text, 38 significant digits, 1e-130 to 9.99e125.

A number stays text from end to end; it becomes an `int` or a `Decimal` only to be compared or
added. Both are exact at any size that the service allows.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import lru_cache

from ddbmock import limits, messages

_NUMBER = re.compile(r"([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?", re.ASCII)
_LARGEST_INT32 = 2**31 - 1
#: 38 digits may begin in the middle of a pair.
_DIGIT_PAIRS_MAX = 20
# Wide enough for 9.99e125 - 1e-130 without rounding, so that a sum is exact before it is checked.
_EXACT = Context(prec=300, Emax=999_999, Emin=-999_999)


class NumberError(ValueError):
    """A text that is no number of DynamoDB's; `str()` of it is the service's own text.

    `legacy_message` is what the operations say that still use the service's older number reader.
    """

    def __init__(self, message: str, legacy_message: str | None = None) -> None:
        super().__init__(message)
        self.legacy_message = legacy_message or message


def canonical(text: str) -> str:
    """Return the one text that stands for the number, or raise `NumberError`.

    >>> canonical("1.0"), canonical("1e2"), canonical("-0.50"), canonical("007")
    ('1', '100', '-0.5', '7')
    """
    # Most numbers are small integers and are their own canonical text.
    if len(text) < limits.NUMBER_DIGITS_MAX and text.isdigit() and text.isascii():
        return text if text[0] != "0" else (text.lstrip("0") or "0")
    return _canonical(text)


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        if not text:
            raise NumberError(messages.NUMBER_EMPTY)
        raise NumberError(messages.not_a_number(text))
    sign, whole, fraction, bare_fraction, exponent_text = match.groups()
    fraction = fraction or bare_fraction or ""
    exponent = int(exponent_text[:20]) if exponent_text else 0
    digits = (whole or "") + fraction
    point = len(whole or "") + exponent
    significant = digits.lstrip("0")
    point -= len(digits) - len(significant)
    significant = significant.rstrip("0")
    _check_magnitude(significant, point, exponent)
    if not significant:
        return "0"
    if len(significant) > limits.NUMBER_DIGITS_MAX:
        raise NumberError(messages.NUMBER_PRECISION)
    return ("-" if sign == "-" else "") + _plain(significant, point)


def _check_magnitude(significant: str, point: int, exponent: int) -> None:
    # Zero has no magnitude of its own: the service judges it by its written exponent.
    magnitude = point - 1 if significant else exponent
    if magnitude > limits.NUMBER_EXPONENT_MAX:
        # The older reader keeps digits before the point in 32 bits, and 2**31 of them wrap around.
        wraps = magnitude >= _LARGEST_INT32
        older = messages.NUMBER_UNDERFLOW if wraps else messages.NUMBER_OVERFLOW
        raise NumberError(messages.NUMBER_OVERFLOW, older)
    if magnitude < limits.NUMBER_EXPONENT_MIN:
        raise NumberError(messages.NUMBER_UNDERFLOW)


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
    """Return the canonical text of the sum, or raise `NumberError` when it cannot be kept.

    >>> add("0.1", "0.2")
    '0.3'
    """
    return _result(number_of(left), number_of(right))


def subtract(left: str, right: str) -> str:
    """Return the canonical text of the difference, or raise `NumberError`.

    >>> subtract("1", "0.25")
    '0.75'
    """
    return _result(number_of(left), -number_of(right))


def _result(left: int | Decimal, right: int | Decimal) -> str:
    if isinstance(left, int) and isinstance(right, int):
        return canonical(str(left + right))
    return canonical(format(_EXACT.add(Decimal(left), Decimal(right)), "f"))


@lru_cache(maxsize=4096)
def number_bytes(text: str) -> int:
    """Return what a canonical number costs in bytes.

    The service keeps two decimal digits a byte, counted from the decimal point in both
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
    # The end of a negative number must order above all that go on with further digits.
    end = [102] if len(pairs) < _DIGIT_PAIRS_MAX else []
    return bytes([power ^ 0xFF, *(101 - pair for pair in pairs), *end])
