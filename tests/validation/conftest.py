from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal import service_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.shapes import Shape


@pytest.fixture(scope="session")
def operation_names() -> list[str]:
    return list(service_model.service_model("dynamodb").operation_names)


@pytest.fixture(scope="session")
def input_shape() -> Callable[..., Shape]:
    """The input shape of an operation, by name; skips what an old botocore does not have."""

    def find(operation_name: str) -> Any:
        try:
            return service_model.input_shape(operation_name)
        except LookupError:
            pytest.skip(f"this botocore has no {operation_name}")

    return find
