"""Reads of global tables with strong consistency, in regions that are cut off from the others.

Writes are refused by the engine, with the commit.

https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#dynamodb-actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.errors import InternalServerError
from ddbmock._internal.messages import replicas as messages
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.service import Service


def attach(service: Service) -> None:
    """Have reads refused that need a quorum of regions."""
    service.pipeline.attach(Phase.BEFORE, refuse_reads_without_quorum)


def refuse_reads_without_quorum(call: Call) -> None:
    """Fail a consistent read of a table whose replicas have other writes than this one.

    Raises:
        InternalServerError: Too few regions of the global table can be reached.
    """
    region, intent = call.region, call.intent
    replicator = region.backend.replicator
    if intent is None or not replicator.isolated:
        return
    for action in intent.actions:
        if action.is_consistent and action.table_name is not None:
            table = region.tables.get(region.arns.table_name(action.table_name))
            replica = None if table is None else replicator.replica_of(table)
            if replica is not None and not replicator.is_readable(replica):
                raise InternalServerError(messages.INTERNAL_ERROR)
