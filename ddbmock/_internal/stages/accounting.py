"""The ConsumedCapacity of a response.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.engine.capacity import Consumed


def report_capacity(call: Call) -> None:
    """Put the ConsumedCapacity into the response, as one structure or as a list of them."""
    if "ReturnConsumedCapacity" not in call.request:
        return
    detail = call.request["ReturnConsumedCapacity"]
    if detail == "NONE" or call.response is None:
        return
    door = call.door
    structures = [
        consumed_capacity(consumed, detail, transactional=door.is_transactional)
        for consumed in door.consumed.values()
    ]
    if door.given_names is not None:
        # A table that the request names by its ARN is named so in the response too.
        for structure in structures:
            name = structure["TableName"]
            structure["TableName"] = door.given_names.get(name, name)
    if call.operation.capacity.is_list:
        call.response["ConsumedCapacity"] = structures
    elif structures:
        call.response["ConsumedCapacity"] = structures[0]


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
    if consumed.vector_indexes:
        structure["VectorIndexes"] = {
            name: {"VectorWriteRequestBytes": written_bytes}
            for name, written_bytes in consumed.vector_indexes.items()
        }
    return structure


def _capacity(read_units: float, write_units: float, *, transactional: bool) -> dict[str, float]:
    capacity = {"CapacityUnits": read_units + write_units}
    if transactional:
        # Separate read and write units are reported for transactions only, where they are not zero.
        if read_units:
            capacity["ReadCapacityUnits"] = read_units
        if write_units:
            capacity["WriteCapacityUnits"] = write_units
    return capacity
