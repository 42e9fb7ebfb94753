from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.engine.values import (
    InvalidValueError,
    copy_value,
    item_bytes,
    normalize_item,
    normalize_value,
    value_bytes,
)
from ddbmock._internal.errors import SerializationError
from ddbmock._internal.messages import values as messages

INVALID = "One or more parameter values were invalid: "

EVERY_TYPE: dict[str, Any] = {
    "s": {"S": "grün"},
    "n": {"N": "-1.50e1"},
    "b": {"B": "AAEC"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "ss": {"SS": ["b", "a", "é"]},
    "ns": {"NS": ["10", "9.0", "-1"]},
    "bs": {"BS": ["Ag==", "AQ=="]},
    "l": {"L": [{"S": "x"}, {"M": {"k": {"N": "1"}}}]},
    "m": {"M": {"a": {"L": []}, "b": {"M": {}}}},
}


def nested(levels: int) -> dict[str, object]:
    value: dict[str, object] = {"S": "x"}
    for _ in range(levels):
        value = {"M": {"a": value}}
    return value


class TestAccept:
    def test_makes_every_type_canonical(self):
        item = {name: copy_value(value) for name, value in EVERY_TYPE.items()}
        size_bytes = normalize_item(item)
        assert item["n"] == {"N": "-15"}
        assert item["b"] == {"B": b"\x00\x01\x02"}
        assert item["ss"] == {"SS": ["a", "b", "é"]}
        assert item["ns"] == {"NS": ["-1", "9", "10"]}
        assert item["bs"] == {"BS": [b"\x01", b"\x02"]}
        assert size_bytes == item_bytes(item)

    def test_is_stable(self):
        item = {name: copy_value(value) for name, value in EVERY_TYPE.items()}
        normalize_item(item)
        again = {name: copy_value(value) for name, value in item.items()}
        normalize_item(again)
        assert again == item

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ({}, messages.VALUE_EMPTY),
            ({"X": "a"}, messages.VALUE_EMPTY),
            ({"S": None}, messages.VALUE_EMPTY),
            ({"S": "a", "N": "1"}, messages.VALUE_WITH_SEVERAL_TYPES),
            ({"NULL": False}, messages.NULL_MUST_BE_TRUE),
            (
                {"SS": []},
                "One or more parameter values were invalid: An string set  may not be empty",
            ),
            (
                {"NS": []},
                "One or more parameter values were invalid: An number set  may not be empty",
            ),
            (
                {"BS": []},
                "One or more parameter values were invalid: Binary sets should not be empty",
            ),
            ({"N": "x"}, "The parameter cannot be converted to a numeric value: x"),
            ({"L": [{"N": ""}]}, "The parameter cannot be converted to a numeric value: "),
            ({"NS": ["1", ""]}, "The parameter cannot be converted to a numeric value: "),
            (nested(32), messages.NESTING_TOO_DEEP),
        ],
    )
    def test_refuses(self, value, message):
        with pytest.raises(InvalidValueError) as caught:
            normalize_value(value)
        assert caught.value.message == message

    # Observed at the service: the repeated member, what was read before it, and what came after.
    @pytest.mark.parametrize(
        ("kind", "members", "message", "legacy_message"),
        [
            (
                "SS",
                ["rye", "oat", "rye", "bran"],
                f'{INVALID}Input collection ["oat", "rye", "rye", "bran"] contains duplicates.',
                f"{INVALID}Input collection [rye, oat, rye] contains duplicates.",
            ),
            (
                "SS",
                ["é", "z", "é"],
                f'{INVALID}Input collection ["z", "é", "é"] contains duplicates.',
                f"{INVALID}Input collection [é, z, é] contains duplicates.",
            ),
            (
                "BS",
                [b"\x09", b"\x05", b"\x05", b"\x01"],
                (
                    f'{INVALID}Input collection ["BQ==","CQ==","BQ==","AQ=="]of type BS'
                    " contains duplicates."
                ),
                f"{INVALID}Input collection [CQ==, BQ==, BQ==]of type BS contains duplicates.",
            ),
            (
                "NS",
                ["8", "4", "8.0"],
                f"{INVALID}Input collection contains duplicates.",
                "Input collection contains duplicates",
            ),
        ],
    )
    def test_a_set_that_names_a_member_twice(self, kind, members, message, legacy_message):
        with pytest.raises(InvalidValueError) as caught:
            normalize_value({"L": [{kind: members}]})
        assert caught.value.message == message
        assert caught.value.legacy_message == legacy_message

    def test_the_older_text_about_an_empty_number(self):
        with pytest.raises(InvalidValueError) as caught:
            normalize_value({"N": ""})
        assert caught.value.legacy_message == (
            "The parameter cannot be converted to a numeric value"
        )

    def test_a_wrong_number_is_reported_before_several_types(self):
        with pytest.raises(InvalidValueError) as caught:
            normalize_value({"S": "a", "N": "b"})
        assert caught.value.message == ("The parameter cannot be converted to a numeric value: b")

    def test_what_is_no_type_does_not_count(self):
        value = {"S": "a", "N": None, "X": 1}
        assert normalize_value(value) == 1
        assert value == {"S": "a"}

    def test_32_levels_are_fine(self):
        # The attribute's value is level 1, so below 31 documents a scalar is on level 32.
        assert normalize_value(nested(31)) > 0

    def test_an_empty_document_may_be_on_the_last_level(self):
        value: dict[str, object] = {"L": []}
        for _ in range(31):
            value = {"L": [value]}
        assert normalize_value(value) > 0

    def test_bad_base64_is_no_value_at_all(self):
        with pytest.raises(SerializationError):
            normalize_value({"B": "a"})


class TestSizes:
    @pytest.mark.parametrize(
        ("value", "expected_bytes"),
        [
            ({"S": ""}, 0),
            ({"S": "grün"}, 5),
            ({"S": "😀"}, 4),
            ({"N": "15"}, 2),
            ({"B": b"abc"}, 3),
            ({"BOOL": False}, 1),
            ({"NULL": True}, 1),
            ({"SS": ["a", "bc"]}, 3),
            ({"NS": ["1", "-1"]}, 5),
            ({"BS": [b"a", b""]}, 1),
            ({"L": []}, 3),
            ({"M": {}}, 3),
            ({"L": [{"S": "a"}, {"BOOL": True}]}, 3 + 2 + 2),
            ({"M": {"ab": {"S": "c"}}}, 3 + 2 + 1 + 1),
        ],
    )
    def test_of_each_type(self, value, expected_bytes):
        assert value_bytes(value) == expected_bytes
        assert normalize_value(copy_value(value)) == expected_bytes


def test_a_copy_shares_nothing_changeable():
    value = {"M": {"l": {"L": [{"SS": ["a"]}]}}}
    copied = copy_value(value)
    copied["M"]["l"]["L"][0]["SS"].append("b")
    copied["M"]["x"] = {"S": ""}
    assert value == {"M": {"l": {"L": [{"SS": ["a"]}]}}}
