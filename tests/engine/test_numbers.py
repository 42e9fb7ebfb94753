from __future__ import annotations

from decimal import (
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
    Rounded,
    Subnormal,
    Underflow,
    localcontext,
)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.numbers import (
    NumberError,
    add,
    canonical,
    is_big_decimal,
    number_bytes,
    number_of,
    sortable_bytes,
    subtract,
)
from ddbmock._internal.messages import values as messages

EXACT = Context(prec=300, Emax=999_999, Emin=-999_999)
#: Everything that a program can do to the decimal module without breaking it for itself.
HOSTILE = Context(
    prec=1,
    Emin=0,
    Emax=0,
    capitals=0,
    clamp=1,
    traps=[
        Clamped,
        DivisionByZero,
        FloatOperation,
        Inexact,
        InvalidOperation,
        Overflow,
        Rounded,
        Subnormal,
        Underflow,
    ],
)
DIGITS = st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1)
NUMBERS = st.builds(lambda digits, exponent: f"{digits}e{exponent}", DIGITS, st.integers(-92, 88))


class TestCanonical:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1", "1"),
            ("1.0", "1"),
            ("1e2", "100"),
            ("1E+2", "100"),
            ("+3", "3"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("0e125", "0"),
            ("00012", "12"),
            ("000", "0"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0.50", "-0.5"),
            ("1e-3", "0.001"),
            ("123.4560", "123.456"),
            ("12345e-2", "123.45"),
            ("9" * 38, "9" * 38),
            ("9.99e125", "999" + "0" * 123),
            ("1e-130", "0." + "0" * 129 + "1"),
        ],
    )
    def test_one_text_for_each_number(self, text, expected):
        assert canonical(text) == expected

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "The parameter cannot be converted to a numeric value: "),
            ("abc", "The parameter cannot be converted to a numeric value: abc"),
            (" 1", "The parameter cannot be converted to a numeric value:  1"),
            ("1_000", "The parameter cannot be converted to a numeric value: 1_000"),
            ("0x10", "The parameter cannot be converted to a numeric value: 0x10"),
            ("NaN", "The parameter cannot be converted to a numeric value: NaN"),
            ("Infinity", "The parameter cannot be converted to a numeric value: Infinity"),
            ("٣", "The parameter cannot be converted to a numeric value: ٣"),
            ("1e", "The parameter cannot be converted to a numeric value: 1e"),
            (".", "The parameter cannot be converted to a numeric value: ."),
            ("1e126", messages.NUMBER_OVERFLOW),
            ("-1e126", messages.NUMBER_OVERFLOW),
            ("0e126", messages.NUMBER_OVERFLOW),
            ("1e-131", messages.NUMBER_UNDERFLOW),
            ("1" * 39, messages.NUMBER_PRECISION),
            ("0." + "1" * 39, messages.NUMBER_PRECISION),
            ("1e2147483647", messages.NUMBER_OVERFLOW),
            ("1e9223372036854775807", messages.NUMBER_OVERFLOW),
            ("1e-9223372036854775808", messages.NUMBER_UNDERFLOW),
            (
                "3e9300000000000000000",
                "The parameter cannot be converted to a numeric value: 3e9300000000000000000",
            ),
            (
                "-1e-9223372036854775809",
                "The parameter cannot be converted to a numeric value: -1e-9223372036854775809",
            ),
        ],
    )
    def test_what_is_no_number(self, text, message):
        with pytest.raises(NumberError) as caught:
            canonical(text)
        assert str(caught.value) == message

    @pytest.mark.parametrize(
        ("text", "legacy_message"),
        [
            ("", "The parameter cannot be converted to a numeric value"),
            ("1e126", messages.NUMBER_OVERFLOW),
            ("1e2147483646", messages.NUMBER_OVERFLOW),
            ("1e2147483647", messages.NUMBER_UNDERFLOW),
            ("12e2147483646", messages.NUMBER_UNDERFLOW),
            ("1e-2147483647", messages.NUMBER_UNDERFLOW),
            ("1.0e-2147483646", messages.NUMBER_UNDERFLOW),
        ],
    )
    def test_what_the_older_layer_says(self, text, legacy_message):
        with pytest.raises(NumberError) as caught:
            canonical(text)
        assert caught.value.legacy_message == legacy_message

    @pytest.mark.parametrize(
        "text",
        [
            "7e3000000000",
            "-7e3000000000",
            "7e2147483648",
            "0.001e2147483648",
            "1e-2147483648",
            "1.5e-2147483647",
            "0e-2147483648",
            "3e9300000000000000000",
        ],
    )
    def test_the_older_layer_reads_exponents_of_32_bits(self, text):
        assert not is_big_decimal(text)
        with pytest.raises(NumberError) as caught:
            canonical(text)
        assert caught.value.legacy_message == (
            f"The parameter cannot be converted to a numeric value: {text}"
        )

    def test_zeros_before_an_exponent_do_not_count(self):
        assert canonical("1e" + "0" * 5000 + "2") == "100"
        assert canonical("1e-" + "0" * 30 + "2") == "0.01"

    @given(NUMBERS)
    def test_is_exact_and_stable(self, text):
        once = canonical(text)
        assert EXACT.compare(Decimal(once), Decimal(text)) == 0
        assert canonical(once) == once
        assert number_of(once) == Decimal(text)


class TestArithmetic:
    @given(DIGITS, DIGITS)
    def test_integers_add_like_integers(self, left, right):
        total = left + right
        if len(str(abs(total)).rstrip("0")) <= 38:
            assert add(str(left), str(right)) == str(total)
        assert (
            subtract(str(left), str(right)) == canonical(str(left - right))
            if abs(left - right) < 10**38
            else True
        )

    @given(NUMBERS, NUMBERS)
    def test_the_decimal_context_of_the_program_does_not_count(self, left, right):
        left, right = canonical(left), canonical(right)
        for calculate, exact in ((add, EXACT.add), (subtract, EXACT.subtract)):
            expected = exact(Decimal(left), Decimal(right))
            with localcontext(HOSTILE):
                try:
                    found = calculate(left, right)
                except NumberError:
                    digits = EXACT.normalize(expected).as_tuple().digits
                    assert len(digits) > 38 or expected.adjusted() > 125
                    continue
                assert number_bytes(found) <= 22
                assert sortable_bytes(found)
            assert Decimal(found) == expected

    def test_fractions_are_exact(self):
        assert add("0.1", "0.2") == "0.3"
        assert subtract("1", "0.9") == "0.1"
        assert add("-5", "5") == "0"

    def test_a_sum_that_cannot_be_stored_is_refused(self):
        for left, right in [("9" * 38, "0.1"), ("4" + "0" * 60, "3")]:
            with pytest.raises(NumberError, match="Number overflow"):
                add(left, right)
            with pytest.raises(NumberError, match="Number overflow"):
                subtract(left, right)
        with pytest.raises(NumberError, match="Number overflow"):
            add("9" * 38 + "0" * 88, "9" * 38 + "0" * 88)


class TestBytes:
    @pytest.mark.parametrize(
        ("text", "expected_bytes"),
        [
            ("0", 1),
            ("1", 2),
            ("12", 2),
            ("123", 3),
            ("-123", 4),
            ("100", 2),
            ("1000", 2),
            ("3.14159", 5),
            ("0.5", 2),
            ("0.05", 2),
            ("0.0005", 2),
            ("9" * 38, 20),
        ],
    )
    def test_two_digits_a_byte_from_the_point(self, text, expected_bytes):
        assert number_bytes(text) == expected_bytes


class TestSortableBytes:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("0", "80"),
            ("1", "c102"),
            ("10", "c10b"),
            ("123", "c20218"),
            ("0.5", "c033"),
            ("0.05", "c006"),
            ("0.005", "bf33"),
            ("-123", "3d644e66"),
            ("9" * 37, "d30a" + "64" * 18),
            ("-" + "9" * 37, "2c5c" + "02" * 18 + "66"),
            ("0.1" + "2" * 36 + "3", "c00d" + "17" * 17 + "18"),
            ("1." + "1" * 37, "c102" + "0c" * 18 + "0b"),
            ("-1." + "1" * 37, "3e64" + "5a" * 18 + "5b"),
            ("12." + "1" * 36, "c10d" + "0c" * 18),
        ],
    )
    def test_in_pairs_of_digits(self, text, expected):
        assert sortable_bytes(text).hex() == expected

    def test_a_negative_number_of_twenty_pairs_has_no_end_byte(self):
        assert len(sortable_bytes("-" + "1." + "1" * 37)) == 21
        assert len(sortable_bytes("-0.0" + "1" * 38)) == 21

    @given(NUMBERS, NUMBERS)
    def test_bytes_order_as_the_numbers_do(self, left, right):
        left, right = canonical(left), canonical(right)
        assert (sortable_bytes(left) < sortable_bytes(right)) == (
            number_of(left) < number_of(right)
        )
