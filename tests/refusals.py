"""Calls that the service refuses: the error's text, and a check that nothing changed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from ddbmock._internal.engine.streams import Stream
from ddbmock._internal.engine.table import Table
from ddbmock._internal.operations.transactions.tokens import TransactionToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock._internal.engine.backend import Region


def refusal(call: Callable[..., Any], *arguments: Any, **parameters: Any) -> str:
    """Make a call that is refused, check that it changed nothing, and return the error's text.

    The error's code precedes the text unless it is ValidationException.
    """
    with unchanged(), pytest.raises(ClientError) as caught:
        call(*arguments, **parameters)
    return text_of(caught.value)


def cancellation(call: Callable[..., Any], *arguments: Any, **parameters: Any) -> list[Any]:
    """Make a call whose transaction is cancelled, check that it changed nothing, return why."""
    with unchanged(), pytest.raises(ClientError) as caught:
        call(*arguments, **parameters)
    response: dict[str, Any] = caught.value.response
    reasons: list[Any] = response["CancellationReasons"]
    codes = ", ".join(reason["Code"] for reason in reasons)
    assert text_of(caught.value) == (
        "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons"
        f" for specific reasons [{codes}]"
    )
    return reasons


def text_of(error: ClientError) -> str:
    """Return code and text of an error, or its text alone if it is a ValidationException."""
    code, text = error.response["Error"]["Code"], str(error.response["Error"]["Message"])
    return text if code == "ValidationException" else f"{code}: {text}"


@contextmanager
def unchanged() -> Iterator[None]:
    """Check that the active mock holds after the block exactly what it held before it."""
    before = _state()
    yield
    assert _state() == before


def _state() -> dict[str, Any]:
    """Return everything that the active mock holds.

    Stored items are immutable and a write replaces them, so they are compared by identity: an item
    that was written and restored counts as a change.
    """
    with mock_dynamodb() as ddb:  # shares the backend of the mock that is active already
        ddb._backend.catch_up()
        states = {region.name: _region_state(region) for region in ddb._backend.regions()}
    # A region that is only read from comes into being too, empty.
    return {name: state for name, state in states.items() if any(state.values())}


def _region_state(region: Region) -> dict[str, Any]:
    return {
        "tables": {name: _table_state(table) for name, table in region.tables.items()},
        "streams": {arn: _stream_state(stream) for arn, stream in region.streams.items()},
        "resources": [
            record
            for resources in region.store
            for record in resources.records.values()
            if not isinstance(record, Table | Stream) and not _is_of_cancelled(record)
        ],
    }


def _is_of_cancelled(record: object) -> bool:
    """Return whether a record is the token of a cancelled transaction, which it keeps."""
    return isinstance(record, TransactionToken) and record.read_bytes is None


def _table_state(table: Table) -> dict[str, Any]:
    return {
        "identity": id(table),
        "settings": table.settings,
        "items": dict(table.items),
        "size_bytes": table.size_bytes,
        "collection_bytes": dict(table.collection_bytes),
        "indexes": {
            name: (list(index.rows), list(index.entries()), index.size_bytes)
            for name, index in table.indexes.items()
        },
        "stream": table.stream and table.stream.arn,
        "replication": _replication_state(table),
    }


def _replication_state(table: Table) -> Any:
    """Return the state of a replica, with its writes in transit."""
    with mock_dynamodb() as ddb:
        replica = ddb._backend.replicator.replica_of(table)
        if replica is None:
            return None
        updates = {target: list(updates) for target, updates in replica.links.items() if updates}
        return (replica, replica.group.replicas, updates, replica.replicated_write_units)


def _stream_state(stream: Stream) -> dict[str, Any]:
    return {
        "is_enabled": stream.is_enabled,
        "records": stream.all_records(),
        "shards": {shard_id: shard.is_open for shard_id, shard in stream.shards.items()},
    }
