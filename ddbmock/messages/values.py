"""What is said of attribute values and numbers."""

from __future__ import annotations

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
#: What the oldest value reader says of a set that names a member twice.
OLDER_DUPLICATES_IN_SET = {
    "SS": "One or more parameter values were invalid: Input collection {} contains duplicates.",
    "NS": "Input collection contains duplicates",
    "BS": (
        "One or more parameter values were invalid:"
        " Input collection {}of type BS contains duplicates."
    ),
}
ATTRIBUTE_NAME_EMPTY = "Empty attribute name"
ATTRIBUTE_NAME_TOO_LONG = "Attribute name is too large, must be less than 65536 bytes"
NUMBER_EMPTY = "The parameter cannot be converted to a numeric value"
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


def duplicates_in_set(members: str) -> str:
    return (
        "One or more parameter values were invalid:"
        f" Input collection {members} contains duplicates."
    )


def one_validation_error(text: str) -> str:
    return f"1 validation error detected: {text}"
