"""Reads and writes by a test itself, with plain Python values; they are not recorded or counted.

They use the service's operations, so that indexes, streams, triggers and snapshots are updated, and
real engines support them too.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import MisuseError, ServiceError
from ddbmock._internal.formats.python_values import (
    AttributeValueError,
    attribute_values,
    python_values,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.service import Service

PlainItem = dict[str, Any]


class KeyedAccess:
    """Access to the items of one table by their keys, or by the key of one of its indexes.

    Args:
        service: The service that executes the requests.
        region_name: The region of the table.
        table_name: The name of the table.
        schema: The key of the table or index.
        index_name: The name of the index; None for the table itself.
        account_id: The account of the table; None for the default account.
    """

    __slots__ = ("_account_id", "_index_name", "_region_name", "_schema", "_service", "_table_name")

    def __init__(  # noqa: PLR0913 (all that a place is named by)
        self,
        service: Service,
        region_name: str,
        table_name: str,
        schema: KeySchema,
        index_name: str | None = None,
        *,
        account_id: str | None = None,
    ) -> None:
        self._service = service
        self._region_name = region_name
        self._account_id = account_id
        self._table_name = table_name
        self._schema = schema
        self._index_name = index_name

    def get(self, given: Mapping[str, Any]) -> PlainItem | None:
        """Return the item with a key, None when there is none."""
        key = self._key("get", given)
        response = self._run("get", "GetItem", Key=key, ConsistentRead=True)
        return python_values(response["Item"]) if "Item" in response else None

    def put(self, given: Mapping[str, Any]) -> None:
        """Put an item, which replaces the one with its key."""
        item = self._values("put", given)
        self._check_types("put", item)
        self._run("put", "PutItem", Item=item)

    def delete(self, given: Mapping[str, Any]) -> None:
        """Delete the item with a key, if there is one."""
        self._run("delete", "DeleteItem", Key=self._key("delete", given))

    def query(self, given: Mapping[str, Any], *, consistent: bool) -> list[PlainItem]:
        """Return the items with a partition key, all pages of them, in the order of the sort key.

        Sort key attributes narrow the result, the first ones first.
        """
        values = self._values("query", given)
        names = self._schema.names
        named = [*takewhile(values.__contains__, names)]
        if len(named) < max(len(values), len(self._schema.partition_names)):
            raise self._wrong_key("query", given, self._schema.partition_names)
        self._check_types("query", values)
        members: dict[str, Any] = {
            "KeyConditionExpression": " AND ".join(
                f"#k{number} = :k{number}" for number in range(len(named))
            ),
            "ExpressionAttributeNames": {f"#k{at}": name for at, name in enumerate(named)},
            "ExpressionAttributeValues": {f":k{at}": values[name] for at, name in enumerate(named)},
            "ConsistentRead": consistent,
        }
        items: list[PlainItem] = []
        while True:
            page = self._run("query", "Query", **members)
            items += map(python_values, page["Items"])
            if "LastEvaluatedKey" not in page:
                return items
            members["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    # --- requests ---

    def _run(self, method: str, operation: str, **members: Any) -> dict[str, Any]:
        request = {"TableName": self._table_name, **members}
        if self._index_name is not None:
            request["IndexName"] = self._index_name
        try:
            return self._service.run_unrecorded(
                self._region_name, operation, request, account_id=self._account_id
            )
        except ServiceError as error:
            raise MisuseError(f"{method}() of {self._place}: {error.message}") from None

    def _key(self, method: str, given: Mapping[str, Any]) -> Item:
        key = self._values(method, given)
        if key.keys() != set(self._schema.names):
            raise self._wrong_key(method, given, self._schema.names)
        self._check_types(method, key)
        return key

    def _values(self, method: str, given: Mapping[str, Any]) -> Item:
        try:
            return attribute_values(given)
        except AttributeValueError as error:
            raise MisuseError(f"{method}() of {self._place}: {error}") from None

    # --- errors ---

    @property
    def _place(self) -> str:
        table = f"table {self._table_name!r}"
        return table if self._index_name is None else f"index {self._index_name!r} of {table}"

    def _check_types(self, method: str, values: Item) -> None:
        for attribute in self._schema.attributes:
            value = values.get(attribute.name)
            if value is not None and attribute.kind not in value:
                (actual,) = value
                raise MisuseError(
                    f"{method}() of {self._place}: the key attribute {attribute.name} is of type"
                    f" {attribute.kind}, and a plain Python value, not of type {actual}"
                )

    def _wrong_key(
        self, method: str, given: Mapping[str, Any], required: tuple[str, ...]
    ) -> MisuseError:
        optional = self._schema.names[len(required) :]
        takes = ", ".join(required) + "".join(f" [, {name}]" for name in optional)
        got = ", ".join(map(str, given)) or "nothing"
        return MisuseError(f"{method}() of {self._place} takes the key {takes}; it got {got}")
