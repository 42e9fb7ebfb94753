"""DAX's own Python client (`amazondax`), answered in this process while a mock is active.

It does not use botocore's HTTP, but has its own connections to the nodes of a cluster. So three
methods of its `Cluster` are replaced: the one that connects, and those that choose a node.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import ServiceError
from ddbmock._internal.hook import active

if TYPE_CHECKING:
    from collections.abc import Callable

_OPERATIONS = {
    "batch_get_item": "BatchGetItem",
    "batch_write_item": "BatchWriteItem",
    "delete_item": "DeleteItem",
    "get_item": "GetItem",
    "put_item": "PutItem",
    "query": "Query",
    "scan": "Scan",
    "transact_get_items": "TransactGetItems",
    "transact_write_items": "TransactWriteItems",
    "update_item": "UpdateItem",
}


class _Node:
    """A node of a cluster, as DAX's client uses it."""

    def __init__(self, cluster: Any) -> None:
        self._cluster = cluster

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in _OPERATIONS:
            raise AttributeError(name)
        return partial(self._answer, _OPERATIONS[name])

    def _answer(self, operation_name: str, **parameters: Any) -> Any:
        try:
            return self._cluster.execute(operation_name, parameters)
        except ServiceError as error:
            raise _client_error(error, operation_name) from None

    def on_operation_success(self) -> None:
        """Note nothing: a node is always healthy."""

    def on_operation_failure(self) -> None:
        """Note nothing."""


def _client_error(error: ServiceError, operation_name: str) -> Exception:
    """Return an error as DAX's client raises it; the numbers decide whether it retries."""
    from amazondax.DaxError import DaxServiceError  # noqa: PLC0415 (optional)

    from ddbmock._internal.companions.dax import errors  # noqa: PLC0415 (lazy)

    raised: Exception = DaxServiceError(
        operation_name,
        error.message,
        errors.numbers_of(error),
        None,
        errors.code_of(error),
        error.http_status,
        errors.reasons_of(error),
    )
    return raised


def start(wrapped: Any, _cluster: Any, args: Any, kwargs: Any) -> Any:
    """Connect to no node while a mock is active."""
    return None if active.current is not None else wrapped(*args, **kwargs)


def node(wrapped: Any, cluster: Any, args: Any, kwargs: Any) -> Any:
    """Return a node that answers from the mock."""
    answering = active.current
    if answering is None:
        return wrapped(*args, **kwargs)
    from ddbmock._internal.features import DAX  # noqa: PLC0415 (lazy)

    region_name = cluster._region_name or answering.default_region()  # noqa: SLF001
    _, host, _ = cluster._discovery_endpoints[0]  # noqa: SLF001
    return _Node(answering.service.use(DAX).cluster_of_endpoint(region_name, host))
