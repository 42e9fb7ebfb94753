"""A dictionary against the engine: random writes, queries and scans give the same."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.errors import (
    ConditionalCheckFailedError,
    TransactionCanceledError,
    ValidationError,
)
from tests.properties.service import Client
from tests.random_examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

Item = dict[str, dict[str, Any]]
Place = tuple[str, Decimal]

#: Name -> partition key, sort key, what it projects (None is everything).
INDEXES: dict[str, tuple[str, str | None, set[str] | None]] = {
    "local": ("pk", "text", {"pk", "sk", "text", "extra"}),
    "both": ("text", "number", None),
    "alone": ("number", None, {"pk", "sk", "number"}),
}
KEY_TYPES = {"pk": "S", "sk": "N", "text": "S", "number": "N"}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}

TEXTS = st.sampled_from(["a", "b", "bb", "é", "\uffff", "\U00010000"])
NUMBERS = st.sampled_from(["-1", "0", "0.5", "2", "10"])
PARTITIONS = st.sampled_from(["p", "q"])
EXTRAS = st.one_of(
    st.builds(lambda text: {"S": text}, st.sampled_from(["", "x", "xyz" * 50])),
    st.builds(lambda number: {"N": number}, NUMBERS),
    st.just({"SS": ["b", "a"]}),
    st.just({"M": {"a": {"L": [{"N": "1.0"}]}}}),
)
TABLE_KEY = KeySchema([KeyAttribute("pk", "S")], [KeyAttribute("sk", "N")])
#: Mostly of the right type for the index keys; an index key of another type is refused.
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(*[st.builds(lambda text: {"S": text}, TEXTS)] * 6, st.just({"N": "1"})),
        "number": st.one_of(
            *[st.builds(lambda text: {"N": text}, NUMBERS)] * 6, st.just({"S": "1"})
        ),
        "extra": EXTRAS,
    },
)


def key_of(partition: str, sort: str) -> Item:
    return {"pk": {"S": partition}, "sk": {"N": sort}}


KEYS = st.builds(key_of, PARTITIONS, NUMBERS)
ITEMS = st.builds(lambda key, attributes: {**key, **attributes}, KEYS, ATTRIBUTES)


def sortable(value: dict[str, Any]) -> Any:
    """Return what a key value orders by, worked out without the engine."""
    return Decimal(value["N"]) if "N" in value else value["S"].encode()


def tie_breaker(item: Item) -> int:
    """Return what entries with equal index keys order by; `tests/engine/test_keys.py` tests it."""
    return TABLE_KEY.hash_key(item, ())


def place_of(item: Item) -> Place:
    return item["pk"]["S"], Decimal(item["sk"]["N"])


def canonical(item: Item) -> Item:
    """Return what is stored: numbers and sets in their one form."""
    changed = deepcopy(item)
    if item.get("extra") == {"SS": ["b", "a"]}:
        changed["extra"] = {"SS": ["a", "b"]}
    if "M" in item.get("extra", {}):
        changed["extra"] = {"M": {"a": {"L": [{"N": "1"}]}}}
    return changed


def fits(item: Item) -> bool:
    return all(KEY_TYPES[name] in item[name] for name in ("text", "number") if name in item)


def create(client: Client) -> None:
    def schema(partition: str, sort: str | None) -> list[dict[str, str]]:
        keys = [{"AttributeName": partition, "KeyType": "HASH"}]
        return [*keys, {"AttributeName": sort, "KeyType": "RANGE"}] if sort else keys

    def index(name: str, projection: dict[str, Any]) -> dict[str, Any]:
        return {
            "IndexName": name,
            "KeySchema": schema(*INDEXES[name][:2]),
            "Projection": projection,
        }

    include = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["extra"]}
    client(
        "CreateTable",
        TableName="items",
        KeySchema=schema("pk", "sk"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in KEY_TYPES.items()
        ],
        LocalSecondaryIndexes=[index("local", include)],
        GlobalSecondaryIndexes=[
            index("both", {"ProjectionType": "ALL"}),
            index("alone", {"ProjectionType": "KEYS_ONLY"}),
        ],
        BillingMode="PAY_PER_REQUEST",
    )


class TableMachine(RuleBasedStateMachine):
    """Every step does the same to the service and to a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.client = Client()
        create(self.client)
        self.items: dict[Place, Item] = {}
        self.mark: tuple[Any, dict[Place, Item]] | None = None

    # --- writes ---

    @rule(item=ITEMS, must_be_new=st.booleans())
    def put(self, item: Item, *, must_be_new: bool) -> None:
        request: dict[str, Any] = {"TableName": "items", "Item": deepcopy(item)}
        if must_be_new:
            request["ConditionExpression"] = "attribute_not_exists(pk)"
        error = self.client.refused("PutItem", **request)
        if not fits(item):
            assert isinstance(error, ValidationError)
        elif must_be_new and place_of(item) in self.items:
            assert isinstance(error, ConditionalCheckFailedError)
        else:
            assert error is None
            self.items[place_of(item)] = canonical(item)

    @rule(key=KEYS)
    def delete(self, key: Item) -> None:
        response = self.client("DeleteItem", TableName="items", Key=deepcopy(key),
                               ReturnValues="ALL_OLD")  # fmt: skip
        assert response.get("Attributes") == self.items.pop(place_of(key), None)

    @rule(key=KEYS, attributes=ATTRIBUTES, removed=st.sets(st.sampled_from(["text", "number"])))
    def update(self, key: Item, attributes: Item, removed: set[str]) -> None:
        changed = self.updated(key, attributes, removed - attributes.keys())
        request = update_of(key, attributes, removed - attributes.keys())
        error = self.client.refused("UpdateItem", **request)
        if fits(attributes):
            assert error is None
            self.store_updated(key, attributes, changed)
        else:
            assert isinstance(error, ValidationError)

    def updated(self, key: Item, attributes: Item, removed: set[str]) -> Item:
        merged = {**self.items.get(place_of(key), key), **canonical(attributes)}
        return {name: value for name, value in merged.items() if name not in removed}

    def store_updated(self, key: Item, attributes: Item, changed: Item) -> None:
        """Note what an update makes of an item; one that only removes creates none."""
        if attributes or place_of(key) in self.items:
            self.items[place_of(key)] = changed

    @rule(items=st.lists(ITEMS, min_size=1, max_size=4, unique_by=place_of), keys=st.lists(KEYS))
    def write_batch(self, items: list[Item], keys: list[Item]) -> None:
        places = {place_of(item) for item in items}
        deleted = {place_of(key): key for key in keys if place_of(key) not in places}
        requests = [
            *({"PutRequest": {"Item": deepcopy(item)}} for item in items),
            *({"DeleteRequest": {"Key": deepcopy(key)}} for key in deleted.values()),
        ]
        error = self.client.refused("BatchWriteItem", RequestItems={"items": requests})
        if all(map(fits, items)):
            assert error is None
            self.items.update({place_of(item): canonical(item) for item in items})
            for place in deleted:
                self.items.pop(place, None)
        else:
            assert isinstance(error, ValidationError)

    @rule(
        items=st.lists(ITEMS, min_size=1, max_size=3, unique_by=place_of),
        key=KEYS,
        attributes=ATTRIBUTES,
        checked=KEYS,
    )
    def transact(self, items: list[Item], key: Item, attributes: Item, checked: Item) -> None:
        places = [*map(place_of, items), place_of(key), place_of(checked)]
        request = update_of(key, attributes, set())
        actions: list[dict[str, Any]] = [
            *({"Put": {"TableName": "items", "Item": deepcopy(item)}} for item in items),
            {"Update": request},
            {
                "ConditionCheck": {
                    "TableName": "items",
                    "Key": deepcopy(checked),
                    "ConditionExpression": "attribute_exists(pk)",
                }
            },
        ]
        error = self.client.refused("TransactWriteItems", TransactItems=actions)
        if not all(map(fits, items)):
            assert isinstance(error, TransactionCanceledError)
        elif len(set(places)) < len(places):
            assert isinstance(error, ValidationError)
        elif not fits(attributes) or place_of(checked) not in self.items:
            assert isinstance(error, TransactionCanceledError)
        else:
            assert error is None
            self.items.update({place_of(item): canonical(item) for item in items})
            self.store_updated(key, attributes, self.updated(key, attributes, set()))

    # --- the backend ---

    @precondition(lambda self: self.mark is None)
    @rule()
    def snapshot(self) -> None:
        self.mark = self.client.service.backend.snapshot(), dict(self.items)

    @precondition(lambda self: self.mark is not None)
    @rule()
    def restore(self) -> None:
        assert self.mark is not None
        mark, items = self.mark
        self.client.service.backend.restore(mark)
        self.items, self.mark = dict(items), None

    # --- reads ---

    @rule(key=KEYS)
    def get(self, key: Item) -> None:
        response = self.client("GetItem", TableName="items", Key=deepcopy(key))
        assert response.get("Item") == self.items.get(place_of(key))

    @rule(
        partition=PARTITIONS,
        operator=st.sampled_from([None, *COMPARISONS]),
        operand=NUMBERS,
        forward=st.booleans(),
        limit=st.integers(1, 5),
    )
    def query_table(
        self, partition: str, operator: str | None, operand: str, limit: int, *, forward: bool
    ) -> None:
        found = [
            item
            for place, item in sorted(self.items.items(), reverse=not forward)
            if place[0] == partition
            and (operator is None or COMPARISONS[operator](place[1], Decimal(operand)))
        ]
        text = "pk = :p" + (f" AND sk {operator} :s" if operator else "")
        values = {":p": {"S": partition}} | ({":s": {"N": operand}} if operator else {})
        self.compare(found, limit, KeyConditionExpression=text, ExpressionAttributeValues=values,
                     ScanIndexForward=forward)  # fmt: skip

    @rule(
        name=st.sampled_from([*INDEXES]),
        partition=PARTITIONS,
        text=TEXTS,
        number=NUMBERS,
        operator=st.sampled_from([None, "BETWEEN", "begins_with", *COMPARISONS]),
        forward=st.booleans(),
        limit=st.integers(1, 5),
        filtered=st.booleans(),
    )
    def query_index(
        self,
        name: str,
        partition: str,
        text: str,
        number: str,
        operator: str | None,
        limit: int,
        *,
        forward: bool,
        filtered: bool,
    ) -> None:
        values = {"pk": {"S": partition}, "text": {"S": text}, "number": {"N": number}}
        partition_key, sort_key, _ = INDEXES[name]
        if sort_key is None or (operator == "begins_with" and sort_key == "number"):
            operator = None
        found = [
            item
            for item in self.entries(name, forward=forward)
            if item[partition_key] == values[partition_key]
            and (sort_key is None or holds(operator, item[sort_key], values[sort_key]))
            and (not filtered or "extra" not in item)
        ]
        request = index_query(partition_key, sort_key, operator, values)
        if filtered and name != "alone":
            request["FilterExpression"] = "attribute_not_exists(extra)"
        elif filtered:
            return
        self.compare(found, limit, IndexName=name, ScanIndexForward=forward, **request)

    def entries(self, name: str, *, forward: bool) -> list[Item]:
        """Return the items of an index, in its order."""
        partition_key, sort_key, projected = INDEXES[name]
        keys = [partition_key, sort_key] if sort_key else [partition_key]
        entries = [item for item in self.items.values() if all(key in item for key in keys)]
        entries.sort(
            key=lambda item: (*[sortable(item[key]) for key in keys], tie_breaker(item)),
            reverse=not forward,
        )
        return [
            {key: value for key, value in item.items() if projected is None or key in projected}
            for item in entries
        ]

    def compare(self, found: list[Item], limit: int, **request: Any) -> None:
        whole = self.client("Query", TableName="items", **deepcopy(request))
        assert whole["Items"] == found
        assert whole["Count"] == len(found)
        pages = self.client.pages("Query", limit, TableName="items", **deepcopy(request))
        assert [item for page in pages for item in page["Items"]] == found
        assert all(page["ScannedCount"] <= limit for page in pages)
        assert sum(page["ScannedCount"] for page in pages) == whole["ScannedCount"]

    @rule(
        name=st.sampled_from([None, *INDEXES]), limit=st.integers(1, 7), segments=st.integers(1, 4)
    )
    def scan(self, name: str | None, limit: int, segments: int) -> None:
        request = {"TableName": "items", **({"IndexName": name} if name else {})}
        expected = list(self.items.values()) if name is None else self.entries(name, forward=True)
        whole = self.client("Scan", **request)["Items"]
        assert sorted(whole, key=repr) == sorted(expected, key=repr)
        pages = self.client.pages("Scan", limit, **request)
        assert [item for page in pages for item in page["Items"]] == whole
        parts = [
            page["Items"]
            for segment in range(segments)
            for page in self.client.pages("Scan", limit, **request, Segment=segment,
                                          TotalSegments=segments)
        ]  # fmt: skip
        assert [item for part in parts for item in part] == whole

    @invariant()
    def everything_agrees(self) -> None:
        table = self.client.table("items")
        table._check()
        assert {place_of(stored.load()) for stored in table.items.values()} == self.items.keys()


def holds(operator: str | None, value: dict[str, Any], operand: dict[str, Any]) -> bool:
    if operator is None:
        return True
    left, right = sortable(value), sortable(operand)
    if operator == "begins_with":
        return bool(left.startswith(right))
    if operator == "BETWEEN":
        return bool(left == right)
    return COMPARISONS[operator](left, right)


def index_query(
    partition_key: str, sort_key: str | None, operator: str | None, values: Item
) -> dict[str, Any]:
    """Return the key condition of a query as request parameters."""
    names = {"#p": partition_key}
    used = {":p": values[partition_key]}
    text = "#p = :p"
    if operator is not None and sort_key is not None:
        names["#s"] = sort_key
        used[":s"] = values[sort_key]
        text += {
            "BETWEEN": " AND #s BETWEEN :s AND :s",
            "begins_with": " AND begins_with(#s, :s)",
        }.get(operator, f" AND #s {operator} :s")
    return {
        "KeyConditionExpression": text,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": used,
    }


def update_of(key: Item, attributes: Item, removed: set[str]) -> dict[str, Any]:
    """Return an UpdateItem request that sets some attributes and removes others."""
    request: dict[str, Any] = {"TableName": "items", "Key": deepcopy(key)}
    names = {f"#{name}": name for name in {*attributes, *removed}}
    sections = []
    if attributes:
        sections.append("SET " + ", ".join(f"#{name} = :{name}" for name in attributes))
        request["ExpressionAttributeValues"] = {
            f":{name}": deepcopy(value) for name, value in attributes.items()
        }
    if removed:
        sections.append("REMOVE " + ", ".join(f"#{name}" for name in sorted(removed)))
    # A transaction's update must have an expression, so one that changes nothing has one too.
    request["UpdateExpression"] = " ".join(sections) or "REMOVE nothing_at_all"
    if names:
        request["ExpressionAttributeNames"] = names
    return request


TableMachine.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=40)
TestTable = TableMachine.TestCase
