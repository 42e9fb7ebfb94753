"""Error texts about attribute values and numbers.

Where the current and the older layer of the service word an error differently, both are here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_INVALID = "One or more parameter values were invalid:"
VALUE_EMPTY = (
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
)
VALUE_WITH_SEVERAL_TYPES = (
    "Supplied AttributeValue has more than one datatypes set,"
    " must contain exactly one of the supported datatypes"
)
NULL_MUST_BE_TRUE = (
    "One or more parameter values were invalid:"
    " Null attribute value types must have the value of true"
)
SET_EMPTY = {
    "SS": "One or more parameter values were invalid: An string set  may not be empty",
    "NS": "One or more parameter values were invalid: An number set  may not be empty",
    "BS": "One or more parameter values were invalid: Binary sets should not be empty",
}
SET_WITH_NULL = {
    "SS": "One or more parameter values were invalid:"
    " An string set may not have a null string as a member",
    "NS": "One or more parameter values were invalid:"
    " An number set may not have a null number as a member",
    "BS": "One or more parameter values were invalid:"
    " Binary sets may not contain null or empty values",
}
NESTING_TOO_DEEP = (
    "Nesting Levels have exceeded supported limits:"
    " Attributes in the item have nested levels beyond supported limit"
)
ATTRIBUTE_NAME_EMPTY = "Empty attribute name"
ATTRIBUTE_NAME_TOO_LONG = "Attribute name is too large, must be less than 65536 bytes"
NUMBER_OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
NUMBER_UNDERFLOW = (
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)
NUMBER_PRECISION = "Attempting to store more than 38 significant digits in a Number"
INVALID_BASE64 = "Base64 encoded length is expected a multiple of 4 bytes"


def not_a_number(text: str) -> str:
    return f"The parameter cannot be converted to a numeric value: {text}"


def older_not_a_number(text: str) -> str:
    """The text of the older layer, which does not mention an empty number."""
    return not_a_number(text) if text else "The parameter cannot be converted to a numeric value"


def duplicates_in_set(kind: str, members: Sequence[str]) -> str:
    """The text of the current layer about a set of type SS, NS or BS."""
    if kind == "NS":
        return f"{_INVALID} Input collection contains duplicates."
    if kind == "BS":
        listed = json.dumps(members, separators=(",", ":"))
        return f"{_INVALID} Input collection {listed}of type BS contains duplicates."
    listed = json.dumps(members, ensure_ascii=False)
    return f"{_INVALID} Input collection {listed} contains duplicates."


def older_duplicates_in_set(kind: str, members: Sequence[str]) -> str:
    """The text of the older layer about a set of type SS, NS or BS."""
    if kind == "NS":
        return "Input collection contains duplicates"
    of_type = "of type BS" if kind == "BS" else ""
    return f"{_INVALID} Input collection [{', '.join(members)}]{of_type} contains duplicates."


def one_validation_error(text: str) -> str:
    return f"1 validation error detected: {text}"
