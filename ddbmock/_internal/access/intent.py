"""Intents: what a request asks for, read from the request alone.

`read` makes an intent before any table is looked up, and raises whatever the service refuses before
it looks for the table. `run` does what the intent says, through the door.

An intent consists of actions, each on one table or index. What only optional stages need (the keys
and attributes that an action names) is computed when they call for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.errors import ServiceError

Request = dict[str, Any]
Response = dict[str, Any]

#: The IAM actions of intents that read items.
READ_ACTIONS = frozenset({"BatchGetItem", "GetItem", "PartiQLSelect", "Query", "Scan"})
_NO_ATTRIBUTES: frozenset[str] = frozenset()
#: The parameters that name the table, stream or other resource of an operation.
_RESOURCE_PARAMETERS = (
    *("TableName", "ResourceArn", "StreamArn"),
    *("BackupArn", "SourceTableName", "SourceTableArn"),
    *("ExportArn", "ImportArn", "BulkOperationArn"),
)

#: The parameters that say which attributes a read returns.
_PROJECTIONS = ("ProjectionExpression", "AttributesToGet")


class Intent:
    """What one request asks for; operations on tables and streams need no subclass."""

    __slots__ = ("request",)

    #: The IAM action, where that is not the operation's.
    iam_action: str | None = None
    #: The index that is read.
    index_name: str | None = None

    def __init__(self, request: Request) -> None:
        self.request: Request = request

    @property
    def actions(self) -> Sequence[Intent]:
        """The parts that are on one table each: by default the intent itself."""
        return (self,)

    @property
    def table_name(self) -> str | None:
        """The name or ARN of the table or other resource, None for none."""
        given = (self.request.get(name) for name in _RESOURCE_PARAMETERS)
        return next((name for name in given if name is not None), None)

    @property
    def is_consistent(self) -> bool:
        """Whether a read must see all writes that succeeded before."""
        return bool(self.request.get("ConsistentRead"))

    def keys(self, schema: KeySchema) -> list[Item]:  # noqa: ARG002 (of those that name keys)
        """Return the values that the action gives for attributes of a key, an item each.

        A query gives one that may lack the sort key; a scan gives none.
        """
        return []

    def attributes(self) -> frozenset[str]:
        """Return the top-level attributes that the action names anywhere."""
        return _NO_ATTRIBUTES

    # --- for policies ---

    def fixed_keys(self, schema: KeySchema) -> list[Item]:
        """Return the keys as policies see them, which are not always those read or written."""
        return self.keys(schema)

    def refuse(self, part: Intent, error: ServiceError) -> None:  # noqa: ARG002 (of batches)
        """Refuse one of the actions; most operations are then refused completely."""
        raise error

    def also_needed(self) -> Sequence[str]:
        """Return further IAM actions that the request requires on the same resource."""
        return ()

    def selects(self) -> str:
        """Return the value of `Select`, or the default."""
        given: str | None = self.request.get("Select")
        if given is not None:
            return given
        if any(self.request.get(name) is not None for name in _PROJECTIONS):
            return "SPECIFIC_ATTRIBUTES"
        return "ALL_ATTRIBUTES" if self.index_name is None else "ALL_PROJECTED_ATTRIBUTES"

    def returns(self) -> str:
        """Return the value of `ReturnValues`, or the default."""
        given: str = self.request.get("ReturnValues", "NONE")
        return given
