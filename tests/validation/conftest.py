from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.validation.shapes import Shape


def _service_model(service_name: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service_name, "service-2"))


_MODELS = {name: _service_model(name) for name in ("dynamodb", "dynamodbstreams")}


@pytest.fixture(scope="session")
def operation_names() -> list[str]:
    return list(_MODELS["dynamodb"].operation_names)


@pytest.fixture(scope="session")
def input_shape() -> Callable[..., Shape]:
    """The input shape of an operation, by name; skips what an old botocore does not have."""

    def find(operation_name: str, service_name: str = "dynamodb") -> Any:
        model = _MODELS[service_name]
        if operation_name not in model.operation_names:
            pytest.skip(f"this botocore has no {operation_name}")
        return model.operation_model(operation_name).input_shape

    return find
