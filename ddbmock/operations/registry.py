"""The registry of operations: its keys are the list of what ddbmock supports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock.engine.capacity import Consumed

if TYPE_CHECKING:
    from ddbmock.engine.world import Region

Request = dict[str, Any]
Response = dict[str, Any]


class Call:
    """One request on its way through the service."""

    __slots__ = ("consumed", "operation", "region", "request", "transactional")

    def __init__(self, operation: str, request: Request, region: Region) -> None:
        self.operation = operation
        self.request = request
        self.region = region
        #: What the call consumed so far, by table name; it stays when the call fails later.
        self.consumed: dict[str, Consumed] = {}
        #: Whether read and write units are reported apart.
        self.transactional = False

    def consumed_of(self, table_name: str) -> Consumed:
        """Return what the call consumed of a table, to add to."""
        consumed = self.consumed.get(table_name)
        if consumed is None:
            consumed = self.consumed[table_name] = Consumed(table_name)
        return consumed


Function = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Operation:
    """An API operation that ddbmock does: its function, and the parameters it heeds."""

    name: str
    run: Function
    #: Every request member that is done; any other member of the model is refused, not ignored.
    parameters: frozenset[str]


#: API name -> operation.
OPERATIONS: dict[str, Operation] = {}


def operation(name: str, parameters: str) -> Callable[[Function], Function]:
    """Register a function as the API operation of that name.

    `parameters` names the request members it heeds, parted by blanks.
    """

    def register(function: Function) -> Function:
        OPERATIONS[name] = Operation(name, function, frozenset(parameters.split()))
        return function

    return register
