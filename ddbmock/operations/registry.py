"""The registry of operations: its keys are the list of what ddbmock supports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ddbmock.engine.capacity import Consumed

if TYPE_CHECKING:
    from ddbmock.engine.world import Region

Request = dict[str, Any]
Response = dict[str, Any]


class Call:
    """One request on its way through the service."""

    __slots__ = ("consumed", "is_scan", "operation", "region", "request", "transactional")

    def __init__(self, operation: str, request: Request, region: Region) -> None:
        self.operation = operation
        self.request = request
        self.region = region
        #: What the call consumed so far, by table name; it stays when the call fails later.
        self.consumed: dict[str, Consumed] = {}
        #: Whether a whole table or index was read, from one end: a Scan, or such a statement.
        self.is_scan = operation == "Scan"
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


class Operations(Mapping[str, Operation]):
    """API name -> operation. A module of operations is imported when one of them is first used."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        #: API name -> name of the module that registers it.
        self._modules = {
            name: module for module, names in modules.items() for name in names.split()
        }
        #: Those whose module has been imported.
        self.registered: dict[str, Operation] = {}

    def register(self, operation: Operation) -> None:
        """Add an operation; its name must be listed under the module that it stands in."""
        listed, module = self._modules.get(operation.name), operation.run.__module__
        if listed is None or module.rpartition(".")[2] != listed:
            raise ValueError(f"{operation.name} is listed under {listed}, and stands in {module}")
        self.registered[operation.name] = operation

    def find(self, name: str) -> Operation | None:
        """Return the operation of that name, None when it is not supported."""
        operation = self.registered.get(name)
        if operation is None and name in self._modules:
            import_module(f"{__package__}.{self._modules[name]}")
            operation = self.registered[name]
        return operation

    def __getitem__(self, name: str) -> Operation:
        operation = self.find(name)
        if operation is None:
            raise KeyError(name)
        return operation

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


#: What ddbmock supports, by the module that does it.
OPERATIONS = Operations(
    {
        "batches": "BatchGetItem BatchWriteItem",
        "endpoints": "DescribeEndpoints DescribeLimits",
        "items": "DeleteItem GetItem PutItem UpdateItem",
        "queries": "Query Scan",
        "statement_transactions": "ExecuteTransaction",
        "statements": "BatchExecuteStatement ExecuteStatement",
        "streams": "DescribeStream GetRecords GetShardIterator ListStreams",
        "tables": "CreateTable DeleteTable DescribeTable ListTables",
        "tags": "ListTagsOfResource TagResource UntagResource",
        "transactions": "TransactGetItems TransactWriteItems",
        "ttl": "DescribeTimeToLive UpdateTimeToLive",
        "update_table": "UpdateTable",
    }
)


def operation(name: str, parameters: str) -> Callable[[Function], Function]:
    """Register a function as the API operation of that name.

    `parameters` names the request members it heeds, parted by blanks.
    """

    def register(function: Function) -> Function:
        OPERATIONS.register(Operation(name, function, frozenset(parameters.split())))
        return function

    return register
