"""The operations of a companion: one function and one row for each, as for DynamoDB's own.

What comes in has been checked against botocore's model by the client, or is here: see `requests`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ddbmock._internal.companions.problems import problems
from ddbmock._internal.companions.shares import Share
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


class Row(NamedTuple, Generic[C]):
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
    """A service beside DynamoDB, on the same backend and clock."""

    #: The name of its clients in botocore.
    service_name: str
    #: Its operations.
    rows: Rows[Any]

    def __init__(self, service: Service) -> None:
        self.service = service
        self.backend: Backend = service.backend

    def share(
        self,
        region_name: str,  # noqa: ARG002
        operation_name: str,  # noqa: ARG002
        parameters: Parameters,  # noqa: ARG002
    ) -> Share:
        """Return whose a call is: this companion's, or also of somebody who mocks the rest."""
        return Share.OWN

    def refused(self, found: Sequence[Problem]) -> ServiceError:
        """Return the error of a request that the model does not allow."""
        return ValidationError(validation_errors([problem.text for problem in found]))

    def check(self, operation_name: str, parameters: Parameters, input_shape: Any) -> None:
        """Check a request that is this companion's own against botocore's model.

        Raises:
            ServiceError: A member is missing, or out of bounds.
        """
        if operation_name in self.rows:
            found = list(problems(parameters, input_shape))
            if found:
                raise self.refused(found)

    def not_answered(self, operation_name: str, parameters: Parameters) -> str:  # noqa: ARG002
        """Return why a call is not answered here."""
        return messages.unsupported_operation(f"{self.service_name}:{operation_name}")

    def execute(self, region_name: str, operation_name: str, parameters: Parameters) -> Response:
        """Do a request, and return the response.

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
        """Do a request within a block that holds the backend's lock and is undone if it fails.

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
    """Return the companion of a kind that a service has, None without it."""
    companion = service.companions.get(kind.service_name)
    return companion if isinstance(companion, kind) else None
