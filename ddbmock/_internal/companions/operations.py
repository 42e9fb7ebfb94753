"""The operations of a companion: one function and one row for each, as for DynamoDB.

What comes in has been checked against botocore's model by the client, or is here: see `requests`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ddbmock._internal.companions.ownership import Ownership
from ddbmock._internal.companions.problems import problems
from ddbmock._internal.errors import ServiceError, UnsupportedError, ValidationError
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.messages.requests import validation_errors

if TYPE_CHECKING:
    from ddbmock._internal.companions.problems import Problem
    from ddbmock._internal.engine.backend import Backend, Region
    from ddbmock._internal.service import Service

Parameters = Mapping[str, Any]
Response = dict[str, Any]
C = TypeVar("C", bound="Companion")

Run = Callable[[C, "Region", Parameters], Response]


@dataclass(frozen=True, slots=True)
class Row(Generic[C]):
    """One operation."""

    run: Callable[[C, Region, Parameters], Response]
    #: The parameters that are supported; others of the model are refused by name.
    parameters: frozenset[str]


class Rows(dict[str, Row[C]]):
    """The operations of one companion by name."""

    def operation(
        self, name: str, *parameters: str
    ) -> Callable[
        [Callable[[C, Region, Parameters], Response]], Callable[[C, Region, Parameters], Response]
    ]:
        """Return a decorator that adds an operation, with the parameters that it supports."""

        def add(
            run: Callable[[C, Region, Parameters], Response],
        ) -> Callable[[C, Region, Parameters], Response]:
            self[name] = Row(run, frozenset(parameters))
            return run

        return add


class Companion:
    """A service that works with DynamoDB, on the same backend and clock."""

    #: The name of its clients in botocore.
    service_name: str
    #: Its operations.
    rows: Rows[Any]

    def __init__(self, service: Service) -> None:
        self.service = service
        self.backend: Backend = service.backend

    def ownership(
        self,
        region_name: str,  # noqa: ARG002
        operation_name: str,  # noqa: ARG002
        parameters: Parameters,  # noqa: ARG002
    ) -> Ownership:
        """Return whether a call belongs to this companion or to another mock of the service."""
        return Ownership.OWN

    def invalid_request(self, found: Sequence[Problem]) -> ServiceError:
        """Return the error for a request that breaks the model's constraints."""
        return ValidationError(validation_errors([problem.text for problem in found]))

    def check(self, operation_name: str, parameters: Parameters, input_shape: Any) -> None:
        """Check a request for this companion against botocore's model.

        Raises:
            ServiceError: A member is missing, or out of bounds.
        """
        if operation_name in self.rows:
            found = list(problems(parameters, input_shape))
            if found:
                raise self.invalid_request(found)

    def reason_unsupported(self, operation_name: str, parameters: Parameters) -> str:  # noqa: ARG002
        """Return why a call is not supported."""
        return messages.unsupported_operation(f"{self.service_name}:{operation_name}")

    def execute(self, region_name: str, operation_name: str, parameters: Parameters) -> Response:
        """Execute a request and return the response.

        A request that fails changes nothing.

        Raises:
            ServiceError: The companion refuses it.
            UnsupportedError: ddbmock does not support the operation or a parameter yet.
            MisuseError: It was made in the middle of a call of the same thread.
        """
        backend = self.backend
        with backend.exclusive():
            backend.run_due()
            with backend.journal.undone_on_error():
                response = self.execute_within(region_name, operation_name, parameters)
        backend.finish_call()
        return response

    def execute_within(
        self, region_name: str, operation_name: str, parameters: Parameters
    ) -> Response:
        """Execute a request within a block that holds the backend's lock and is undone on failure.

        Raises:
            ServiceError: The companion refuses it.
            UnsupportedError: ddbmock does not support the operation or a parameter yet.
        """
        row = self.rows.get(operation_name)
        name = f"{self.service_name}:{operation_name}"
        if row is None:
            raise UnsupportedError(messages.unsupported_operation(name))
        unknown = sorted(parameters.keys() - row.parameters)
        if unknown:
            raise UnsupportedError(messages.unsupported_parameters(name, unknown))
        return row.run(self, self.backend.region(region_name), parameters)


def companion_of(service: Service, kind: type[C]) -> C | None:
    """Return the service's companion of a class, None if it has none."""
    companion = service.companions.get(kind.service_name)
    return companion if isinstance(companion, kind) else None
