"""The registry of operations: its keys are the list of what ddbmock supports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from ddbmock.access.call import Call, Response

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
        if listed is None or module != f"{__package__}.{listed}":
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
        "account": "DescribeEndpoints DescribeLimits",
        "items": "DeleteItem GetItem PutItem UpdateItem",
        "queries": "Query Scan",
        "statements.transactions": "ExecuteTransaction",
        "statements.execute": "BatchExecuteStatement ExecuteStatement",
        "streams": "DescribeStream GetRecords GetShardIterator ListStreams",
        "tables.tables": "CreateTable DeleteTable DescribeTable ListTables",
        "tables.tags": "ListTagsOfResource TagResource UntagResource",
        "transactions": "TransactGetItems TransactWriteItems",
        "tables.time_to_live": "DescribeTimeToLive UpdateTimeToLive",
        "tables.update_table": "UpdateTable",
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
