"""The data plane of a cluster: its caches, and the tables that they cache.

1. Eventually consistent reads are answered from the caches; strongly consistent ones and
   transactions go to the table and are not stored.
2. Writes go to the table first, then to the item cache. No write touches the query cache.
3. That an item does not exist is cached too.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.consistency.html
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.gets import READ, read_get
from ddbmock._internal.arns import table_name_of
from ddbmock._internal.companions.dax.caches import Cache
from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.errors import ServiceError, ThrottledError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.service_model import input_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.service import Service

    Request = dict[str, Any]
    Response = dict[str, Any]

_PROJECTION = ("ProjectionExpression", "AttributesToGet", "ExpressionAttributeNames")
#: Members that do not change the result of a query, and are not part of its cache key.
_NOT_OF_THE_QUERY = ("ConsistentRead", "ReturnConsumedCapacity")
_FIRST_SERVER_FAULT = 500


class Counts(dict[str, int]):
    """The counts of DAX's metrics by name.

    >>> counts = Counts()
    >>> counts.add("ItemCacheHits")
    >>> counts["ItemCacheHits"], counts["ItemCacheMisses"]
    (1, 0)
    """

    def __missing__(self, name: str) -> int:
        return 0

    def add(self, name: str) -> None:
        """Increment a count."""
        self[name] += 1


class Cluster:
    """The data plane of one cluster. Requests and responses are in the form of the API.

    Args:
        service: The service that has the tables.
        region_name: Their region.
        ttl_seconds: Returns the times to live of the item cache and of the query cache.
        max_entries: The maximum number of entries in each cache.
        report: Called with the name of each metric that is incremented.
    """

    def __init__(
        self,
        service: Service,
        region_name: str,
        ttl_seconds: Callable[[], tuple[float, float]],
        *,
        max_entries: int | None = None,
        report: Callable[[str], object] | None = None,
    ) -> None:
        now = service.backend.clock.seconds
        self._service = service
        self._region_name = region_name
        self._ttl_seconds = ttl_seconds
        self._items = Cache(now, lambda: ttl_seconds()[0], max_entries=max_entries)
        self._queries = Cache(now, lambda: ttl_seconds()[1], max_entries=max_entries)
        self._report = report
        #: The numbers of cache hits, cache misses and requests.
        self.counts: Counts = Counts()
        self._counting = new_lock()
        self._operations: dict[str, Callable[[Request], Response]] = {
            "BatchGetItem": self._batch_get_item,
            "BatchWriteItem": self._batch_write_item,
            "DeleteItem": self._delete_item,
            "GetItem": self._get_item,
            "PutItem": self._put_item,
            "Query": self._query,
            "Scan": self._scan,
            "TransactGetItems": self._transact_get_items,
            "TransactWriteItems": self._transact_write_items,
            "UpdateItem": self._update_item,
        }

    def execute(self, operation_name: str, request: Request) -> Response:
        """Execute a request, which may be changed by it.

        Raises:
            ServiceError: The table refuses the request.
        """
        self._count("TotalRequestCount")
        self._count(_REQUEST_COUNTS[operation_name])
        try:
            return self._operations[operation_name](request)
        except ServiceError as error:
            self._count("FailedRequestCount")
            if isinstance(error, ThrottledError):
                self._count("ThrottledRequestCount")
            is_fault = error.http_status >= _FIRST_SERVER_FAULT
            self._count("FaultRequestCount" if is_fault else "ErrorRequestCount")
            raise

    def clear(self) -> None:
        """Empty both caches."""
        self._items.clear()
        self._queries.clear()

    def _count(self, name: str) -> None:
        with self._counting:
            self.counts.add(name)
        if self._report is not None:
            self._report(name)

    def _execute_on_table(self, operation_name: str, request: Request) -> Response:
        """Send a request to the table."""
        shape = input_shape(operation_name)
        return self._service.execute(
            self._region_name, operation_name, _sent(request), shape, validated=False
        )

    # --- reads of items ---

    def _get_item(self, request: Request) -> Response:
        if request.get("ConsistentRead"):
            return self._execute_on_table("GetItem", request)
        key = _item_key(request["TableName"], request["Key"])
        is_found, item = self._items.get(key)
        self._count("ItemCacheHits" if is_found else "ItemCacheMisses")
        project = _projection_of(request)
        response: Response = {}
        if not is_found:
            # The complete item is cached, whatever the projection.
            response = self._execute_on_table("GetItem", _without_projection(request))
            item = response.pop("Item", None)
            self._items.put(key, item)
        if item is None:
            return response
        selected = project(item)
        return {"Item": selected, **response} if selected or project is _unprojected else response

    def _batch_get_item(self, request: Request) -> Response:
        found: dict[str, list[Any]] = {}
        missing: dict[str, Any] = {}
        for table, of_table in request["RequestItems"].items():
            if of_table.get("ConsistentRead"):
                missing[table] = of_table
                continue
            project = _projection_of({"TableName": table, **of_table, "Key": of_table["Keys"][0]})
            keys = []
            for key in of_table["Keys"]:
                is_found, item = self._items.get(_item_key(table, key))
                self._count("ItemCacheHits" if is_found else "ItemCacheMisses")
                if not is_found:
                    keys.append(key)
                elif item is not None:
                    found.setdefault(table, []).append(project(item))
            if keys:
                missing[table] = {**_without_projection(of_table), "Keys": keys}
        response: Response = {"Responses": {}, "UnprocessedKeys": {}}
        if missing:
            response = self._execute_on_table("BatchGetItem", {**request, "RequestItems": missing})
            self._cache_batch(request["RequestItems"], missing, response)
        for table, items in found.items():
            response["Responses"][table] = [*items, *response["Responses"].get(table, ())]
        for table in request["RequestItems"]:
            response["Responses"].setdefault(table, [])
        return response

    def _cache_batch(
        self, requested: Mapping[str, Any], missing: Mapping[str, Any], response: Response
    ) -> None:
        """Cache what a batch found and did not find, and apply the projections to its response."""
        for table, of_table in missing.items():
            if of_table.get("ConsistentRead"):
                continue
            items = response["Responses"].get(table, [])
            left = response["UnprocessedKeys"].get(table)
            unprocessed = [] if left is None else left["Keys"]
            if left is not None:
                response["UnprocessedKeys"][table] = {**requested[table], "Keys": unprocessed}
            for key in of_table["Keys"]:
                if key not in unprocessed:
                    item = next((each for each in items if _has_key(each, key)), None)
                    self._items.put(_item_key(table, key), item)
            request = {"TableName": table, **requested[table], "Key": of_table["Keys"][0]}
            response["Responses"][table] = list(map(_projection_of(request), items))

    # --- queries ---

    def _query(self, request: Request) -> Response:
        return self._read_pages("Query", request)

    def _scan(self, request: Request) -> Response:
        return self._read_pages("Scan", request)

    def _read_pages(self, operation_name: str, request: Request) -> Response:
        is_cached = self._ttl_seconds()[1] > 0
        if request.get("ConsistentRead") or not is_cached:
            return self._execute_on_table(operation_name, request)
        cache_key = {
            name: value for name, value in request.items() if name not in _NOT_OF_THE_QUERY
        }
        key = operation_name + _text(cache_key)
        is_found, response = self._queries.get(key)
        self._count(f"{operation_name}Cache{'Hits' if is_found else 'Misses'}")
        if not is_found:
            response = self._execute_on_table(operation_name, request)
            cached = {name: part for name, part in response.items() if name != "ConsumedCapacity"}
            self._queries.put(key, cached)
        return response  # type: ignore[no-any-return]

    # --- writes ---

    def _put_item(self, request: Request) -> Response:
        response = self._execute_on_table("PutItem", dict(request))
        self._refresh(request["TableName"], request["Item"])
        return response

    def _write_by_key(self, operation_name: str, request: Request) -> Response:
        response = self._execute_on_table(operation_name, dict(request))
        self._refresh(request["TableName"], request["Key"])
        return response

    def _update_item(self, request: Request) -> Response:
        return self._write_by_key("UpdateItem", request)

    def _delete_item(self, request: Request) -> Response:
        return self._write_by_key("DeleteItem", request)

    def _batch_write_item(self, request: Request) -> Response:
        response = self._execute_on_table("BatchWriteItem", dict(request))
        unprocessed = response.get("UnprocessedItems", {})
        for table, writes in request["RequestItems"].items():
            for write in writes:
                if write not in unprocessed.get(table, ()):
                    self._refresh(table, _written(write))
        return response

    def _refresh(self, table: str, item: Any) -> None:
        """Cache an item as it is after a write, given the item or its key."""
        key = self._key_of(table, item)
        request = {"TableName": table, "Key": _sent(key), "ConsistentRead": True}
        found = self._service.run_unrecorded(self._region_name, "GetItem", request)
        self._items.put(_item_key(table, key), found.get("Item"))

    def _key_of(self, table: str, item: Any) -> Any:
        described = self._service.run_unrecorded(
            self._region_name, "DescribeTable", {"TableName": table}
        )
        names = [each["AttributeName"] for each in described["Table"]["KeySchema"]]
        return {name: dict(item[name]) for name in names}

    # --- transactions ---

    def _transact_get_items(self, request: Request) -> Response:
        return self._execute_on_table("TransactGetItems", request)

    def _transact_write_items(self, request: Request) -> Response:
        response = self._execute_on_table("TransactWriteItems", dict(request))
        gets = [
            {"Get": {"TableName": table, "Key": self._key_of(table, item)}}
            for table, item in _transacted(request)
        ]
        # The service does this in the background, after the response.
        with suppress(ServiceError):
            found = self._execute_on_table("TransactGetItems", {"TransactItems": gets})["Responses"]
            for get, each in zip(gets, found, strict=True):
                self._items.put(_item_key(**get["Get"]), each.get("Item"))
        return response


#: The operations of DAX.
OPERATIONS = frozenset({
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan",
    "TransactGetItems", "TransactWriteItems", "UpdateItem",
})  # fmt: skip
_REQUEST_COUNTS = {
    name: f"{name}Count" if name.startswith("Transact") else f"{name}RequestCount"
    for name in OPERATIONS
}


def _unprojected(item: Any) -> Any:
    return item


def _projection_of(request: Request) -> Callable[[Any], Any]:
    """Return the function that applies the projection of a read to an item.

    Raises:
        ServiceError: The projection is wrong.
    """
    if not any(name in request for name in _PROJECTION[:2]):
        return _unprojected
    projection = read_get(_sent(request), READ).projection
    return _unprojected if projection is None else projection.apply


def _without_projection(request: Mapping[str, Any]) -> Request:
    return {name: value for name, value in request.items() if name not in _PROJECTION}


def _sent(value: Any) -> Any:
    """Return a copy of a request, or of a part of it, as decoded JSON: bytes as base64 text."""
    if isinstance(value, dict):
        return {name: _sent(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [_sent(part) for part in value]
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode("ascii")
    return value


def _text(value: Any) -> str:
    return json.dumps(_sent(value), sort_keys=True)


def _item_key(TableName: str, Key: Mapping[str, Any]) -> str:  # noqa: N803 (as a request has them)
    """Return the cache key of an item: equal numbers have equal keys."""
    key = _sent(Key)
    with suppress(ServiceError):  # the table refuses it
        normalize_item(key)
    return f"{table_name_of(TableName)} {_text(key)}"


def _has_key(item: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
    of_item = {name: item[name] for name in key if name in item}
    return _item_key("", of_item) == _item_key("", key)


def _written(write: Mapping[str, Any]) -> Any:
    put = write.get("PutRequest")
    return write["DeleteRequest"]["Key"] if put is None else put["Item"]


def _transacted(request: Request) -> Iterator[tuple[str, Any]]:
    """Yield the table of each write of a transaction, with its item or key."""
    for action in request["TransactItems"]:
        for kind, content in action.items():
            if kind != "ConditionCheck":
                yield content["TableName"], content["Item" if kind == "Put" else "Key"]
