"""A service without any client around it, for tests that make many calls."""

from __future__ import annotations

from typing import Any

from ddbmock._internal.errors import ServiceError
from ddbmock._internal.service import Service
from ddbmock._internal.service_model import input_shape

REGION = "us-east-1"


class Client:
    """Calls operations by name and returns plain answers."""

    def __init__(self) -> None:
        self.service = Service()

    def __call__(self, operation_name: str, **request: Any) -> dict[str, Any]:
        shape = input_shape(operation_name)
        return self.service.execute(REGION, operation_name, request, shape, validated=True)

    def refused(self, operation_name: str, **request: Any) -> ServiceError | None:
        """Return the error that a request gets, None when it is done."""
        try:
            self(operation_name, **request)
        except ServiceError as error:
            return error
        return None

    def table(self, name: str) -> Any:
        return self.service.backend.region(REGION).tables[name]

    def pages(self, operation_name: str, limit: int, **request: Any) -> list[dict[str, Any]]:
        """Return all pages of a Query or Scan."""
        found = [self(operation_name, **request, Limit=limit)]
        while "LastEvaluatedKey" in found[-1]:
            start = found[-1]["LastEvaluatedKey"]
            found.append(self(operation_name, **request, Limit=limit, ExclusiveStartKey=start))
        return found
