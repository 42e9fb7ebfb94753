"""Vector indexes against a list of vectors: random writes, indexes and savepoints give the same."""

from __future__ import annotations

import struct
from copy import deepcopy
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.service_model import service_model
from tests.properties.service import Client
from tests.random_examples import examples

NAMES = st.sampled_from(["near", "far"])
KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
TENANTS = st.sampled_from(["t", "u"])
#: Few values, so that vectors are equally near; one that 32 bits cannot hold exactly.
COMPONENTS = st.sampled_from(["0", "1", "-1", "0.1", "2"])
VECTORS = st.lists(COMPONENTS, min_size=2, max_size=2)
#: Mostly of the right length.
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "emb": st.one_of(*[VECTORS] * 5, st.lists(COMPONENTS, max_size=3)),
        "tenant": TENANTS,
        "title": st.sampled_from(["x", "y"]),
    },
)


def float32(text: str) -> Fraction:
    return Fraction(struct.unpack("f", struct.pack("f", float(text)))[0])


def item_of(key: str, attributes: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"pk": {"S": key}}
    for name, value in attributes.items():
        is_vector = name == "emb"
        item[name] = {"L": [{"N": each} for each in value]} if is_vector else {"S": value}
    return item


class VectorMachine(RuleBasedStateMachine):
    """Every step does the same to the service and to a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.client = Client()
        self.client(
            "CreateTable",
            TableName="docs",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.items: dict[str, dict[str, Any]] = {}
        #: Index name -> whether it has the tenant as HASH.
        self.indexes: dict[str, bool] = {}
        self.mark: Any = None

    @rule(name=NAMES, has_hash=st.booleans())
    def create_index(self, name: str, has_hash: bool) -> None:  # noqa: FBT001
        if name in self.indexes:
            return
        schema = [{"AttributeName": "tenant", "SearchSchemaElementType": "HASH"}]
        index = {
            "IndexName": name,
            "VectorAttribute": {"AttributeName": "emb"},
            "Dimensions": 2,
            "DistanceFunction": "EUCLIDEAN",
            "Projection": {"ProjectionType": "ALL" if name == "near" else "KEYS_ONLY"},
            **({"SearchSchema": schema} if has_hash else {}),
        }
        self.client(
            "UpdateTable",
            TableName="docs",
            AttributeDefinitions=[{"AttributeName": "tenant", "AttributeType": "S"}],
            VectorIndexUpdates=[{"Create": index}],
        )
        self.indexes[name] = has_hash

    @rule(name=NAMES)
    def delete_index(self, name: str) -> None:
        if self.indexes.pop(name, None) is not None:
            action = {"Delete": {"IndexName": name}}
            self.client("UpdateTable", TableName="docs", VectorIndexUpdates=[action])

    @rule(key=KEYS, attributes=ATTRIBUTES)
    def put(self, key: str, attributes: dict[str, Any]) -> None:
        error = self.client.refused("PutItem", TableName="docs", Item=item_of(key, attributes))
        if self.indexes and len(attributes.get("emb", "ok")) != 2:
            assert isinstance(error, ValidationError)
        else:
            assert error is None
            self.items[key] = attributes

    @rule(key=KEYS, tenant=TENANTS)
    def update(self, key: str, tenant: str) -> None:
        self.client(
            "UpdateItem",
            TableName="docs",
            Key={"pk": {"S": key}},
            UpdateExpression="SET tenant = :t",
            ExpressionAttributeValues={":t": {"S": tenant}},
        )
        self.items[key] = {**self.items.get(key, {}), "tenant": tenant}

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.client("DeleteItem", TableName="docs", Key={"pk": {"S": key}})
        self.items.pop(key, None)

    @rule()
    def take_savepoint(self) -> None:
        state = deepcopy((self.items, self.indexes))
        self.mark = self.client.service.backend.snapshot(), state

    @precondition(lambda self: self.mark is not None)
    @rule()
    def restore_savepoint(self) -> None:
        savepoint, state = self.mark
        self.client.service.backend.restore(savepoint)
        self.items, self.indexes = deepcopy(state)

    @rule(name=NAMES, vector=VECTORS, tenant=TENANTS, count=st.integers(1, 4))
    def search(self, name: str, vector: list[str], tenant: str, count: int) -> None:
        if name not in self.indexes:
            return
        request: dict[str, Any] = {
            "TableName": "docs",
            "IndexName": name,
            "SearchVector": [{"N": each} for each in vector],
            "TopK": count,
        }
        if self.indexes[name]:
            request["SearchConditionExpression"] = "tenant = :t"
            request["ExpressionAttributeValues"] = {":t": {"S": tenant}}
        results = self.client("SearchVectors", **request)["SearchResults"]
        squares = {
            key: sum(
                (float32(a) - float32(b)) ** 2 for a, b in zip(vector, item["emb"], strict=True)
            )
            for key, item in self.items.items()
            if len(item.get("emb", ())) == 2
            and (not self.indexes[name] or item.get("tenant") == tenant)
        }
        found = [squares[each["Item"]["pk"]["S"]] for each in results]
        assert found == sorted(squares.values())[:count]
        for square, result in zip(found, results, strict=True):
            assert abs(Fraction(result["Score"]) ** 2 - square) < Fraction(1, 10**5)
            assert "emb" not in result["Item"]
            assert ("title" in result["Item"]) <= (name == "near")

    @invariant()
    def everything_agrees(self) -> None:
        table = self.client.table("docs")
        table._check()
        assert table.vector_indexes.keys() == self.indexes.keys()
        assert {stored.load()["pk"]["S"] for stored in table.items.values()} == self.items.keys()


VectorMachine.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=40)
TestVectors = VectorMachine.TestCase
if "SearchVectors" not in service_model("dynamodb").operation_names:
    del TestVectors
