"""The client of a cluster, with the operations that DAX's own client has.

As with it, responses have no ResponseMetadata, errors no modelled classes, and other operations are
refused. Parameters are checked as botocore checks them.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ParamValidationError
from botocore.hooks import HierarchicalEmitter
from botocore.validate import ParamValidator

from ddbmock._internal.companions.dax.errors import DaxServiceError
from ddbmock._internal.companions.dax.nodes import OPERATIONS
from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.messages import dax as messages

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from ddbmock._internal.companions.dax.nodes import Cluster, Counts

_WITHOUT_TEXT = frozenset({
    "can_paginate", "generate_presigned_url", "get_paginator", "get_waiter",
})  # fmt: skip
#: The operations on tables that existed when DAX was released.
_OF_TABLES = frozenset({
    "create_backup", "create_global_table", "create_table", "delete_backup", "delete_table",
    "describe_backup", "describe_continuous_backups", "describe_global_table", "describe_limits",
    "describe_table", "describe_time_to_live", "list_backups", "list_global_tables", "list_tables",
    "list_tags_of_resource", "restore_table_from_backup", "restore_table_to_point_in_time",
    "tag_resource", "untag_resource", "update_continuous_backups", "update_global_table",
    "update_table", "update_time_to_live",
})  # fmt: skip


def _method_of(operation_name: str) -> str:
    """Return the method of an operation.

    >>> _method_of("BatchGetItem")
    'batch_get_item'
    """
    parts = (f"_{letter.lower()}" if letter.isupper() else letter for letter in operation_name)
    return "".join(parts).removeprefix("_")


_METHODS = {_method_of(name): name for name in OPERATIONS}


class DaxClient:
    """A client of a cluster, a replacement for a client of DynamoDB.

    Its `meta` has what boto3's resources need of a client.
    """

    def __init__(self, cluster: Cluster, service_model: Any, region_name: str) -> None:
        self._cluster = cluster
        self.meta: SimpleNamespace = SimpleNamespace(
            events=HierarchicalEmitter(),
            service_model=service_model,
            region_name=region_name,
            config=None,
        )

    @property
    def counts(self) -> Counts:
        """The counts of DAX's metrics, such as `ItemCacheHits`, by name."""
        return self._cluster.counts

    def clear(self) -> None:
        """Empty both caches of the cluster."""
        self._cluster.clear()

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        operation_name = _METHODS.get(name)
        if operation_name is not None:
            return self._method(operation_name)
        if name in _WITHOUT_TEXT:
            return _refusing("")
        if name in _OF_TABLES:
            return _refusing(messages.DAX_NO_TABLE_OPERATIONS)
        raise AttributeError(name)

    def _method(self, operation_name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            return self._call(operation_name, parameters)

        return call

    def _call(self, operation_name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        model = self.meta.service_model.operation_model(operation_name)
        event, context = f"dynamodb.{operation_name}", {"client_region": self.meta.region_name}
        emit = self.meta.events.emit
        for _, replaced in emit(
            f"provide-client-params.{event}", params=parameters, model=model, context=context
        ):
            parameters = parameters if replaced is None else replaced
        emit(f"before-parameter-build.{event}", params=parameters, model=model, context=context)
        report = ParamValidator().validate(parameters, model.input_shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
        try:
            response = self._cluster.execute(operation_name, parameters)
        except ServiceError as error:
            raise DaxServiceError(error, operation_name) from None
        emit(
            f"after-call.{event}", http_response=None, parsed=response, model=model, context=context
        )
        return response


def _refusing(text: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotImplementedError(*([text] if text else []))

    return refuse


class AsyncDaxClient(DaxClient):
    """The same with coroutines, a replacement for a client of aiobotocore."""

    def _method(self, operation_name: str) -> Callable[..., Any]:
        async def call(**parameters: Any) -> Any:
            return self._call(operation_name, parameters)

        return call

    async def close(self) -> None:  # type: ignore[override]
        """Do nothing: there is no connection."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def client_of(cluster: Callable[[str], Cluster], target: Any) -> Any:
    """Return a client or a resource of a cluster, for a client or a resource of DynamoDB.

    Args:
        cluster: Returns the cluster in a region.
        target: The client or resource of DynamoDB.

    Raises:
        MisuseError: The target is neither.
    """
    client = getattr(getattr(target, "meta", None), "client", target)
    model = getattr(getattr(client, "meta", None), "service_model", None)
    if model is None or model.service_name != "dynamodb":
        raise MisuseError(messages.not_a_dynamodb_client(target))
    region_name = client.meta.region_name
    is_async = type(client).__module__.startswith("aiobotocore") or "AioBaseClient" in {
        base.__name__ for base in type(client).__mro__
    }
    kind = AsyncDaxClient if is_async else DaxClient
    answering = kind(cluster(region_name), model, region_name)
    return answering if client is target else type(target)(client=answering)
