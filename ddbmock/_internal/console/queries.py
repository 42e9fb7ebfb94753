"""Forms as Query and Scan requests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.dynamodb_json import typed_item, typed_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.console.place import Place
    from ddbmock._internal.engine.keys import KeyAttribute
    from ddbmock._internal.engine.table import Source

_PAGE_COUNT = 25
#: How many items are read for a page of a filtered read.
_FILTERED_COUNT = 250
_BETWEEN, _BEGINS_WITH = "between", "begins_with"
COMPARISONS = (
    ("", "any"),
    ("=", "="),
    ("<", "<"),
    ("<=", "<="),
    (">", ">"),
    (">=", ">="),
    (_BETWEEN, "between"),
    (_BEGINS_WITH, "begins with"),
)
_CONTAINS, _EXISTS, _MISSING = "contains", "exists", "missing"
FILTERS = (
    ("", "is"),
    (_CONTAINS, "contains"),
    (_BEGINS_WITH, "begins with"),
    (_EXISTS, "exists"),
    (_MISSING, "does not exist"),
)


def partition_field(at: int) -> str:
    """Return the name of the field for an attribute of the partition key."""
    return f"pk{at}"


def read_item(text: str) -> dict[str, Any]:
    """Read an item or key, in DynamoDB JSON.

    Raises:
        AttributeValueError: A value is not of its type.
        ValueError: It is no JSON, or no object.
    """
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("this JSON is nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError('an item is an object, such as {"id": {"S": "42"}}')  # noqa: TRY004
    return typed_item(content)


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection of items on a page.

    Attributes:
        source: The table, or an index of it.
        given: The fields of the form, without empty ones.
    """

    source: Source
    given: Mapping[str, str]

    @classmethod
    def of(cls, place: Place, fields: Mapping[str, str]) -> Selection:
        """Return the selection in the fields of a form."""
        given = {name: value for name, value in fields.items() if value and name != "done"}
        sources = place.table.sources
        return cls(sources.get(given.get("index") or None) or sources[None], given)

    @property
    def index_name(self) -> str:
        """The name of the index; empty for the table."""
        return "" if self.source.index is None else self.source.index.name

    @property
    def operation(self) -> str:
        """Query if a partition key is given, else Scan."""
        return "Query" if partition_field(0) in self.given else "Scan"

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the request.

        Raises:
            AttributeValueError: A value is not of its type.
            ValueError: The start of the page is no JSON, or no object.
        """
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        request: dict[str, Any] = {"Limit": _PAGE_COUNT}
        if self.index_name:
            request["IndexName"] = self.index_name
        if self.operation == "Query":
            request["KeyConditionExpression"] = self._key_condition(names, values)
        if "filter" in self.given:
            request["FilterExpression"] = self._filter(names, values)
            request["Limit"] = _FILTERED_COUNT
        if "start" in self.given:
            request["ExclusiveStartKey"] = read_item(self.given["start"])
        if names:
            request["ExpressionAttributeNames"] = names
        if values:
            request["ExpressionAttributeValues"] = values
        return request

    def _key_condition(self, names: dict[str, str], values: dict[str, Any]) -> str:
        conditions = []
        for at, attribute in enumerate(self.source.key_schema.partition):
            names[f"#p{at}"] = attribute.name
            values[f":p{at}"] = _value(attribute, self.given.get(partition_field(at), ""))
            conditions.append(f"#p{at} = :p{at}")
        comparison = self.given.get("op", "")
        if comparison and self.source.key_schema.sort:
            sort = self.source.key_schema.sort[0]
            names["#s"] = sort.name
            values[":s"] = _value(sort, self.given.get("sk", ""))
            if comparison == _BETWEEN:
                values[":t"] = _value(sort, self.given.get("to", ""))
                conditions.append("#s BETWEEN :s AND :t")
            elif comparison == _BEGINS_WITH:
                conditions.append("begins_with(#s, :s)")
            else:
                conditions.append(f"#s {comparison} :s")
        return " AND ".join(conditions)

    def _filter(self, names: dict[str, str], values: dict[str, Any]) -> str:
        names["#f"] = self.given["filter"]
        test, text = self.given.get("test", ""), self.given.get("value", "")
        if test == _EXISTS:
            return "attribute_exists(#f)"
        if test == _MISSING:
            return "attribute_not_exists(#f)"
        values[":f"] = {"S": text}
        if test in {_CONTAINS, _BEGINS_WITH}:
            return f"{test}(#f, :f)"
        # The form has no types: a text that looks like a number or a boolean may be one.
        alternatives = ["#f = :f"]
        if text in {"true", "false"}:
            values[":b"] = {"BOOL": text == "true"}
            alternatives.append("#f = :b")
        elif _is_number(text):
            values[":n"] = {"N": text}
            alternatives.append("#f = :n")
        return " OR ".join(alternatives)


def _value(attribute: KeyAttribute, text: str) -> Any:
    """Return the value of a key attribute; a binary is given as base64."""
    return typed_value({attribute.kind: text}, attribute.name)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and text.lower() not in {"nan", "inf", "-inf", "infinity", "-infinity"}
