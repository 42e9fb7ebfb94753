"""The ConsumedCapacity of an answer.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.arns import is_arn, table_name_of
from ddbmock.engine.capacity import Consumed, write_units

if TYPE_CHECKING:
    from ddbmock.access.call import Call, Request, Response
    from ddbmock.engine.changes import Change


def add_write(consumed: Consumed, change: Change, *, transactional: bool = False) -> None:
    """Charge a change: the larger of before and after, and what each index wrote.

    A transaction pays double for the table only, not for its indexes.
    """
    consumed.write_units += write_units(change.written_bytes, transactional=transactional)
    for written in change.index_writes:
        units = 0.0
        for entry_bytes in written.entry_bytes:
            units += write_units(entry_bytes)
        index = written.index
        consumed.add_index_units(index.name, is_global=index.is_global, write_units=units)


def report(call: Call, response: Response) -> None:
    """Put the ConsumedCapacity into the answer, as one structure or as a list of them."""
    detail = call.request.get("ReturnConsumedCapacity", "NONE")
    if detail == "NONE":
        return
    reports = [
        consumed_capacity(consumed, detail, transactional=call.transactional)
        for consumed in call.consumed.values()
    ]
    for given in _given_arns(call.request):
        for structure in reports:
            if structure["TableName"] == table_name_of(given):
                # A table that was named by its ARN is named so in the answer too.
                structure["TableName"] = given
    if call.operation in _LISTED:
        response["ConsumedCapacity"] = reports
    elif reports:
        response["ConsumedCapacity"] = reports[0]


def _given_arns(request: Request) -> list[str]:
    """Return the ARNs by which a request names tables."""
    actions = [
        content for action in request.get("TransactItems", ()) for content in action.values()
    ]
    names: list[Any] = [request.get("TableName"), *request.get("RequestItems", ())]
    names += [action.get("TableName") for action in actions if isinstance(action, dict)]
    return [name for name in names if isinstance(name, str) and is_arn(name)]


_LISTED = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "TransactGetItems",
        "TransactWriteItems",
        "BatchExecuteStatement",
        "ExecuteTransaction",
    }
)


def consumed_capacity(consumed: Consumed, detail: str, *, transactional: bool) -> dict[str, Any]:
    """Return one ConsumedCapacity structure, with indexes when the detail is INDEXES."""
    structure: dict[str, Any] = {"TableName": consumed.table_name}
    structure |= _capacity(
        consumed.total_read_units, consumed.total_write_units, transactional=transactional
    )
    if detail != "INDEXES":
        return structure
    structure["Table"] = _capacity(
        consumed.read_units, consumed.write_units, transactional=transactional
    )
    for member, indexes in (
        ("LocalSecondaryIndexes", consumed.local_indexes),
        ("GlobalSecondaryIndexes", consumed.global_indexes),
    ):
        if indexes:
            structure[member] = {
                name: _capacity(read_units, write_units, transactional=transactional)
                for name, (read_units, write_units) in indexes.items()
            }
    return structure


def _capacity(read_units: float, write_units: float, *, transactional: bool) -> dict[str, float]:
    capacity = {"CapacityUnits": read_units + write_units}
    if transactional:
        # Read and write units apart appear only for transactions, and only those that there are.
        if read_units:
            capacity["ReadCapacityUnits"] = read_units
        if write_units:
            capacity["WriteCapacityUnits"] = write_units
    return capacity
