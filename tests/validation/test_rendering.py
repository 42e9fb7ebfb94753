from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.validation.rendering import printed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.shapes import Shape


@pytest.mark.parametrize(
    ("operation_name", "member_name", "value", "text"),
    [
        ("GetItem", "TableName", "orders", "orders"),
        ("GetItem", "ConsistentRead", True, "true"),
        ("Query", "Limit", 0, "0"),
        ("GetItem", "AttributesToGet", ["a", "b"], "[a, b]"),
        ("GetItem", "ExpressionAttributeNames", {"#a": "b", "#c": "d"}, "{#a=b, #c=d}"),
        (
            "CreateTable",
            "Tags",
            [{"Key": "k", "Value": "v"}, {"Key": "l"}],
            "[Tag(key=k, value=v), Tag(key=l, value=null)]",
        ),
        ("GetItem", "Key", {}, "{}"),
    ],
)
def test_printed(
    operation_name: str,
    member_name: str,
    value: Any,
    text: str,
    input_shape: Callable[..., Shape],
) -> None:
    shape = input_shape(operation_name).members[member_name]
    assert printed(shape, value) == text
    assert quoted(shape, value) == f"'{text}'"


def test_binary(input_shape: Callable[..., Shape]) -> None:
    shape = input_shape("GetItem").members["Key"].value.members["B"]
    assert printed(shape, b"abc") == "java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]"


def test_null(input_shape: Callable[..., Shape]) -> None:
    assert quoted(input_shape("GetItem").members["Key"], None) == "null"
