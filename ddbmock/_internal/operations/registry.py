"""The registry of operations: one row for each supported operation, above its function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import NoReturn

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Capacity, Items, Operation, Plane, Read, Run
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.operations.model import members_by_operation
from ddbmock._internal.validation.wording import OLDER, Wording


class Operations(Mapping[str, Operation]):
    """API name -> operation. A module of operations is imported when one of them is first used."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        #: API name -> name of the module that registers it.
        self._modules = {
            name: module for module, names in modules.items() for name in names.split()
        }
        #: Those whose module has been imported, and rows for names that are not supported.
        self.rows: dict[str, Operation] = {}

    def register(self, operation: Operation) -> None:
        """Add an operation; its name must be listed under the module that defines it."""
        listed, module = self._modules.get(operation.name), operation.run.__module__
        if listed is None or module != f"{__package__}.{listed}":
            raise ValueError(f"{operation.name} is listed under {listed} but defined in {module}")
        self.rows[operation.name] = operation

    def row(self, name: str) -> Operation:
        """Return the row of an operation; the row of an unsupported one refuses every request."""
        row = self.rows.get(name)
        if row is None:
            if name in self._modules:
                import_module(f"{__package__}.{self._modules[name]}")
                return self.rows[name]
            row = self.rows[name] = self.unsupported_row(name)
        return row

    @staticmethod
    def unsupported_row(name: str) -> Operation:
        """Return the row of an operation that is not supported, which refuses every request."""

        def refuse(*_: object) -> NoReturn:
            raise UnsupportedError(messages.unsupported_operation(name))

        parameters = members_by_operation().get(name, frozenset())
        return Operation(
            name,
            plane=Plane.CONTROL,
            read=refuse,
            run=refuse,
            wording=OLDER,
            capacity=Capacity.NONE,
            items=Items.NONE,
            iam_action=name,
            between_accounts=False,
            is_transaction=False,
            not_supported=frozenset(),
            parameters=parameters,
        )

    def __getitem__(self, name: str) -> Operation:
        if name not in self._modules:
            raise KeyError(name)
        return self.row(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


#: The supported operations, by the module that defines them.
OPERATIONS = Operations(
    {
        "account": "DescribeEndpoints DescribeLimits",
        "backups.backups": "CreateBackup DeleteBackup DescribeBackup ListBackups",
        "backups.continuous": "DescribeContinuousBackups UpdateContinuousBackups",
        "backups.restores": "RestoreTableFromBackup RestoreTableToPointInTime",
        "batches": "BatchGetItem BatchWriteItem",
        "contributor_insights": (
            "DescribeContributorInsights ListContributorInsights UpdateContributorInsights"
        ),
        "items": "DeleteItem GetItem PutItem UpdateItem",
        "kinesis_destinations": (
            "DescribeKinesisStreamingDestination DisableKinesisStreamingDestination"
            " EnableKinesisStreamingDestination UpdateKinesisStreamingDestination"
        ),
        "policies.resource_policies": ("DeleteResourcePolicy GetResourcePolicy PutResourcePolicy"),
        "queries": "Query Scan",
        "replicas.auto_scaling": "DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling",
        "replicas.legacy": (
            "CreateGlobalTable DescribeGlobalTable DescribeGlobalTableSettings ListGlobalTables"
            " UpdateGlobalTable UpdateGlobalTableSettings"
        ),
        "statements.batch": "BatchExecuteStatement",
        "statements.execute": "ExecuteStatement",
        "statements.transaction": "ExecuteTransaction",
        "streams": "DescribeStream GetRecords GetShardIterator ListStreams",
        "tables.tables": "CreateTable DeleteTable DescribeTable ListTables",
        "tables.tags": "ListTagsOfResource TagResource UntagResource",
        "tables.time_to_live": "DescribeTimeToLive UpdateTimeToLive",
        "tables.update_table": "UpdateTable",
        "vectors": "SearchVectors",
        "transactions.get": "TransactGetItems",
        "transactions.write": "TransactWriteItems",
        "transfer.bulk_operations": (
            "CancelBulkOperation DescribeBulkOperation ListBulkOperations StartBulkPutItems"
        ),
        "transfer.exports": "DescribeExport ExportTableToPointInTime ListExports",
        "transfer.imports": "DescribeImport ImportTable ListImports",
    }
)


def operation(  # noqa: PLR0913 (a row has as many columns)
    name: str,
    *,
    plane: Plane,
    read: Read = Intent,
    wording: Wording = OLDER,
    capacity: Capacity = Capacity.NONE,
    items: Items = Items.NONE,
    iam_action: str | None = "",
    between_accounts: bool | None = None,
    is_transaction: bool = False,
    not_supported: str = "",
) -> Callable[[Run], Run]:
    """Register a function as the implementation of an API operation.

    Args:
        name: The name in the API, such as "PutItem".
        plane: Which part of the service answers it.
        read: Reads a request into the intent that the function gets.
        wording: The wording of validation errors.
        capacity: How the response reports ConsumedCapacity.
        items: How the response holds items.
        iam_action: The IAM action, by default of the same name; None where each action of a request
            has its own.
        between_accounts: Whether it reaches tables of other accounts; by default all operations but
            those of the control plane do.
        is_transaction: Whether its actions are executed together or not at all.
        not_supported: The parameters that are refused, separated by blanks.
    """
    refused = frozenset(not_supported.split())

    def register(run: Run) -> Run:
        row = Operation(
            name,
            plane,
            read,
            run,
            wording,
            capacity,
            items,
            iam_action=name if iam_action == "" else iam_action,
            between_accounts=(
                plane is not Plane.CONTROL if between_accounts is None else between_accounts
            ),
            is_transaction=is_transaction,
            not_supported=refused,
            parameters=members_by_operation()[name] - refused,
        )
        OPERATIONS.register(row)
        return run

    return register
