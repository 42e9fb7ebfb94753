"""A SELECT is the Query or the Scan of the same meaning: items, order, pages and capacity."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.service import Service
from ddbmock._internal.service_model import input_shape

REGION = "us-east-1"
#: Index (None for the table) -> its keys.
SOURCES = {None: ("pk", "sk"), "local": ("pk", "grade"), "global": ("holder", "grade")}
NUMBERS = ["-1", "0", "1", "2.5", "3"]
STRINGS = ["", "a", "b", "ab"]


def define(index, *keys):
    return {
        "IndexName": index,
        "KeySchema": key_schema(*keys),
        "Projection": {"ProjectionType": "ALL"},
    }


def key_schema(*keys):
    return [
        {"AttributeName": key, "KeyType": kind}
        for key, kind in zip(keys, ("HASH", "RANGE"), strict=True)
    ]


class Database:
    """A service with one table of pseudo-random items, and a client's requests."""

    def __init__(self):
        self._service = Service()
        kinds = {"pk": "S", "sk": "N", "grade": "N", "holder": "S"}
        self.send(
            "CreateTable",
            TableName="things",
            KeySchema=key_schema("pk", "sk"),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items()
            ],
            LocalSecondaryIndexes=[define("local", "pk", "grade")],
            GlobalSecondaryIndexes=[define("global", "holder", "grade")],
            BillingMode="PAY_PER_REQUEST",
        )
        chance = random.Random(7)
        for partition in ["a", "b", "ab"]:
            for number in range(-2, 12):
                item = {"pk": {"S": partition}, "sk": {"N": str(number)}}
                self.send("PutItem", TableName="things", Item=item | self._more(chance))

    @staticmethod
    def _more(chance):
        every = {
            "grade": {"N": chance.choice(NUMBERS)},
            "holder": {"S": chance.choice(["a", "b"])},
            "note": chance.choice([{"S": "ab"}, {"S": "b"}, {"N": "1"}, {"NULL": True}]),
            "tags": chance.choice([{"SS": ["a", "b"]}, {"L": [{"N": "1"}, {"S": "a"}]}]),
            "info": {"M": {"n": {"N": chance.choice(NUMBERS)}, "words": {"S": "x" * 1500}}},
        }
        return {name: value for name, value in every.items() if chance.random() < 0.8}

    def send(self, operation, **request):
        shape = input_shape(operation)
        return self._service.execute(REGION, operation, request, shape, validated=True)

    def pages(self, operation, start, stopped, **request):
        """Return every page: its items, where it stopped, and what it consumed."""
        found = []
        while True:
            page = self.send(operation, ReturnConsumedCapacity="INDEXES", **request)
            found.append((page["Items"], page.get("LastEvaluatedKey"), page["ConsumedCapacity"]))
            if stopped not in page:
                return found
            request[start] = page[stopped]


@pytest.fixture(scope="module")
def database():
    return Database()


class Condition(NamedTuple):
    """What both languages say alike, with {} for the operands: paths, values and conditions."""

    expression: str
    statement: str
    operands: tuple[Any, ...] = ()


def both(text):
    return lambda *operands: Condition(text, text, operands)


def either(expression, statement):
    return lambda *operands: Condition(expression, statement, operands)


values = st.one_of(
    st.sampled_from(NUMBERS).map(lambda text: {"N": text}),
    st.sampled_from(STRINGS).map(lambda text: {"S": text}),
    st.booleans().map(lambda content: {"BOOL": content}),
    st.just({"NULL": True}),
    st.just({"SS": ["a", "b"]}),
    st.just({"L": [{"N": "1"}, {"S": "it's"}]}),
    st.just({"M": {"n": {"N": "1e1"}}}),
)
scalars = st.one_of(
    st.sampled_from(NUMBERS).map(lambda text: {"N": text}),
    st.sampled_from(STRINGS).map(lambda text: {"S": text}),
)
names = st.sampled_from(["note", "tags", "info", "info.n", "info.words", "tags[0]", "nowhere"])
#: The least and the greatest of a BETWEEN, which must be in order.
NUMBER_RANGES = [({"N": low}, {"N": high}) for low, high in [("-1", "1"), ("0", "0"), ("1", "3")]]
STRING_RANGES = [({"S": low}, {"S": high}) for low, high in [("", "a"), ("a", "ab"), ("b", "b")]]


def comparison(left, comparator, right):
    return both(f"{{}} {comparator} {{}}")(left, right)


def comparisons(of, operand_values):
    ordered = st.builds(comparison, of, st.sampled_from(["<", "<=", ">", ">="]), scalars)
    return ordered | st.builds(comparison, of, st.sampled_from(["=", "<>"]), operand_values)


filters = st.recursive(
    st.one_of(
        comparisons(names, values),
        st.builds(
            lambda name, pair: both("{} BETWEEN {} AND {}")(name, *pair),
            names,
            st.sampled_from([*NUMBER_RANGES, *STRING_RANGES]),
        ),
        st.builds(either("{} IN ({}, {})", "{} IN [{}, {}]"), names, values, values),
        st.builds(both("begins_with({}, {})"), names, st.sampled_from([{"S": "a"}, {"S": ""}])),
        st.builds(both("contains({}, {})"), names, scalars),
        st.builds(both("attribute_type({}, {})"), names, st.sampled_from([{"S": "S"}, {"S": "L"}])),
        st.builds(both("size({}) > {}"), names, st.just({"N": "1"})),
        st.builds(either("attribute_exists({})", "{} IS NOT MISSING"), names),
        st.builds(either("attribute_not_exists({})", "{} IS MISSING"), names),
    ),
    lambda children: st.one_of(
        st.builds(both("({} AND {})"), children, children),
        st.builds(both("({} OR {})"), children, children),
        st.builds(both("(NOT {})"), children),
    ),
    max_leaves=4,
)


class Writer:
    """Writes conditions in one of the languages."""

    def __init__(self, *, as_statement, literally=False):
        self._as_statement = as_statement
        self._literally = literally
        self.parameters = []
        self.placeholders = {}

    def write(self, condition):
        text = condition.statement if self._as_statement else condition.expression
        return text.format(*map(self._operand, condition.operands))

    def _operand(self, operand):
        if isinstance(operand, Condition):
            return self.write(operand)
        return operand if isinstance(operand, str) else self._value(operand)

    def _value(self, value):
        if not self._as_statement:
            placeholder = f":v{len(self.placeholders)}"
            self.placeholders[placeholder] = value
            return placeholder
        if self._literally:
            return literal(value)
        self.parameters.append(value)
        return "?"


def literal(value):
    ((kind, content),) = value.items()
    if kind == "S":
        return "'{}'".format(content.replace("'", "''"))
    if kind == "SS":
        return f"<<{', '.join(literal({'S': member}) for member in content)}>>"
    if kind == "L":
        return f"[{', '.join(map(literal, content))}]"
    if kind == "M":
        fields = [f"'{name}': {literal(value)}" for name, value in content.items()]
        return f"{{{', '.join(fields)}}}"
    return {"N": content, "BOOL": json.dumps(content), "NULL": "NULL"}[kind]


@dataclass(frozen=True)
class Case:
    """A read, however it is said."""

    index: str | None = None
    partition: Condition | None = None
    sort: Condition | None = None
    rest: Condition | None = None
    names: tuple[str, ...] = ()
    forward: bool | None = None
    literally: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_point(self):
        return self.index is None and self.sort is not None and " = " in self.sort.expression

    def statement(self):
        writer = Writer(as_statement=True, literally=self.literally)
        parts = [part for part in (self.partition, self.sort, self.rest) if part is not None]
        clauses = ["SELECT", ", ".join(self.names) or "*", 'FROM "things"']
        if self.index is not None:
            clauses.append(f'."{self.index}"')
        if parts:
            clauses += ["WHERE", " AND ".join(map(writer.write, parts))]
        if self.forward is not None:
            clauses += ["ORDER BY", SOURCES[self.index][1], "ASC" if self.forward else "DESC"]
        request = {"Statement": " ".join(clauses)}
        return request | ({"Parameters": writer.parameters} if writer.parameters else {})

    def read(self):
        """Return the name and the request of the operation."""
        writer = Writer(as_statement=False)
        request: dict[str, Any] = {"TableName": "things"}
        if self.index is not None:
            request["IndexName"] = self.index
        if self.names:
            request["ProjectionExpression"] = ", ".join(self.names)
        if self.partition is not None:
            key = [part for part in (self.partition, self.sort) if part is not None]
            request["KeyConditionExpression"] = " AND ".join(map(writer.write, key))
        if self.forward is not None:
            request["ScanIndexForward"] = self.forward
        if self.rest is not None:
            request["FilterExpression"] = writer.write(self.rest)
        if writer.placeholders:
            request["ExpressionAttributeValues"] = writer.placeholders
        return "Query" if self.partition is not None else "Scan", request


def sort_conditions(name):
    numbers = st.sampled_from(NUMBERS).map(lambda text: {"N": text})
    return st.one_of(
        st.builds(comparison, st.just(name), st.sampled_from(["=", "<", "<=", ">", ">="]), numbers),
        st.sampled_from(NUMBER_RANGES).map(lambda pair: both("{} BETWEEN {} AND {}")(name, *pair)),
    )


@st.composite
def reads(draw):
    index = draw(st.sampled_from(list(SOURCES)))
    partition_name, sort_name = SOURCES[index]
    partition = sort = forward = None
    rest = draw(st.none() | filters)
    if draw(st.booleans()):
        value = draw(st.sampled_from(["a", "b", "ab", "zz"]))
        partition = comparison(partition_name, "=", {"S": value})
        sort = draw(st.none() | sort_conditions(sort_name))
        forward = draw(st.sampled_from([None, True, False]))
    elif draw(st.booleans()):
        # A condition on the sort key alone is a filter of a scan.
        rest = draw(sort_conditions(sort_name))
    more = {}
    if index != "global":
        more["ConsistentRead"] = draw(st.booleans())
    if draw(st.booleans()):
        more["Limit"] = draw(st.integers(1, 9))
    columns = draw(st.lists(st.sampled_from(["note", "pk", "info", "grade"]), unique=True))
    return Case(
        index,
        partition,
        sort,
        rest,
        tuple(columns),
        forward,
        literally=draw(st.booleans()),
        more=more,
    )


@given(case=reads())
def test_a_select_is_a_query_or_a_scan(database, case):
    operation, request = case.read()
    # A statement that names one item has no second page.
    more = {name: case.more[name] for name in case.more if name != "Limit" or not case.is_point}
    expected = database.pages(operation, "ExclusiveStartKey", "LastEvaluatedKey", **request, **more)
    statement = case.statement()
    found = database.pages("ExecuteStatement", "NextToken", "NextToken", **statement, **case.more)
    assert found == expected


@given(
    rest=filters,
    partitions=st.lists(st.sampled_from(["a", "b", "ab", "zz"]), min_size=1, unique=True),
    with_in=st.booleans(),
    limit=st.none() | st.integers(1, 9),
    literally=st.booleans(),
)
def test_a_select_of_partitions_is_a_query_of_each(
    database, rest, partitions, with_in, limit, literally
):
    chosen = [{"S": partition} for partition in partitions]
    marks = ", ".join("{}" for _ in chosen)
    pinned = both(f"pk IN [{marks}]")(*chosen)
    if not with_in:
        pinned = both(f"({' OR '.join('pk = {}' for _ in chosen)})")(*chosen)
    more = {} if limit is None else {"Limit": limit}
    statement = Case(partition=pinned, rest=rest, literally=literally).statement()
    pages = database.pages("ExecuteStatement", "NextToken", "NextToken", **statement, **more)
    expected = []
    for value in sorted(partitions):
        one = Case(partition=comparison("pk", "=", {"S": value}), rest=rest)
        operation, request = one.read()
        expected += database.send(operation, **request)["Items"]
    assert [item for items, _, _ in pages for item in items] == expected
