"""Work is counted instead of time: what a call does must not grow, with the table or by a change.

Counts do not depend on the machine, so nobody can bring a walk over a table, a second parse, a
second copy, or a dozen frames a call back unnoticed. Every call is made on a small and on a large
table, and the function calls it takes, Python's and C's, are counted. For the frequent calls, the
frames of ddbmock and the memory that they need have a bound.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

import ddbmock
from ddbmock import mock_dynamodb
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.expressions import compile as compiling
from ddbmock._internal.expressions import grammar, static_checks, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, ModuleType

    from ddbmock import Controller


Client = Any
#: A look-up in order takes a few comparisons more in a table a hundred times as large.
MORE_FOR_ORDER = 30
SMALL, LARGE = 60, 6_000


def item(number: int) -> dict[str, Any]:
    return {
        "pk": {"S": f"p{number % 3}"},
        "sk": {"N": str(number)},
        "g": {"S": f"g{number % 2}"},
        "n": {"N": str(number)},
    }


KEY = {name: item(30)[name] for name in ("pk", "sk")}
VALUES = {":p": {"S": "p0"}, ":n": {"N": "30"}}
CALLS: dict[str, Callable[[Client, str], object]] = {
    "get": lambda client, table: client.get_item(TableName=table, Key=KEY),
    "put": lambda client, table: client.put_item(
        TableName=table, Item={**item(30), "x": {"S": "new"}}
    ),
    "put of a new item": lambda client, table: client.put_item(
        TableName=table, Item={**item(30), "sk": {"N": "0.5"}}
    ),
    "update": lambda client, table: client.update_item(
        TableName=table,
        Key=KEY,
        UpdateExpression="ADD n :one",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":one": {"N": "1"}},
    ),
    "delete": lambda client, table: client.delete_item(TableName=table, Key=KEY),
    "query of one": lambda client, table: client.query(
        TableName=table,
        KeyConditionExpression="pk = :p AND sk >= :n",
        ExpressionAttributeValues=VALUES,
        Limit=1,
    ),
    "query backward": lambda client, table: client.query(
        TableName=table,
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p0"}},
        ScanIndexForward=False,
        Limit=5,
    ),
    "query from a key on": lambda client, table: client.query(
        TableName=table,
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p0"}},
        ExclusiveStartKey=KEY,
        Limit=5,
    ),
    "query of an index": lambda client, table: client.query(
        TableName=table,
        IndexName="gsi",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "g0"}},
        Limit=5,
    ),
    "query of a local index": lambda client, table: client.query(
        TableName=table,
        IndexName="lsi",
        KeyConditionExpression="pk = :p AND n > :n",
        ExpressionAttributeValues=VALUES,
        Limit=5,
    ),
    "scan of a page": lambda client, table: client.scan(TableName=table, Limit=5),
    "batch": lambda client, table: client.batch_write_item(
        RequestItems={
            table: [{"PutRequest": {"Item": {**item(n), "x": {"S": "b"}}}} for n in (1, 2)]
        }
    ),
    "transaction": lambda client, table: client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, "Item": {**item(7), "x": {"S": "t"}}}},
            {"Delete": {"TableName": table, "Key": {"pk": {"S": "p1"}, "sk": {"N": "10"}}}},
        ]
    ),
    "describe": lambda client, table: client.describe_table(TableName=table),
}


@pytest.fixture(scope="module")
def tables(ddb_module: Controller) -> None:
    """A small and a large table, which every test finds as they were."""
    client = boto3.client("dynamodb", ddb_module.region)
    fill(client, "small", SMALL)
    fill(client, "large", LARGE)


@pytest.fixture
def client(tables: None, dynamodb_client: Client) -> Client:
    return dynamodb_client


def fill(client: Client, table: str, items: int) -> None:
    client.create_table(
        TableName=table,
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("pk", "S"), ("sk", "N"), ("g", "S"), ("n", "N"))
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "lsi",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "n", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for first in range(0, items, 25):
        requests = [{"PutRequest": {"Item": item(first + n)}} for n in range(25)]
        client.batch_write_item(RequestItems={table: requests})


def function_calls(run: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, are called."""
    counted: Counter[str] = Counter()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return counted["call"] + counted["c_call"]


def work(client: Client, call: Callable[[Client, str], object], table: str) -> int:
    """Return the work of a call on a table, everything being warm."""
    with mock_dynamodb() as ddb:
        for _ in range(3):  # the second one compiles the operation
            with ddb.rollback():
                calls = function_calls(lambda: call(client, table))
    return calls


@pytest.mark.parametrize("name", CALLS)
def test_the_work_of_a_call_does_not_grow_with_the_table(client: Client, name: str) -> None:
    more = work(client, CALLS[name], "large") - work(client, CALLS[name], "small")
    assert more <= MORE_FOR_ORDER


def test_a_rollback_costs_what_was_changed(client: Client, ddb: Controller) -> None:
    def rollback(client: Client, table: str) -> None:
        with ddb.rollback():
            for number in range(5):
                client.put_item(TableName=table, Item={**item(number), "x": {"S": "new"}})

    more = work(client, rollback, "large") - work(client, rollback, "small")
    assert more <= 5 * MORE_FOR_ORDER


# --- parsing and copying ---------------------------------------------------------------------

#: The name of an attribute that no expression had before.
UNUSED_NAMES = (f"unused{number}" for number in range(1_000_000))
PARSED: dict[str, Callable[[Client, str], object]] = {
    "UpdateExpression": lambda client, name: client.update_item(
        TableName="small", Key=KEY, UpdateExpression=f"REMOVE {name}"
    ),
    "ConditionExpression": lambda client, name: client.put_item(
        TableName="small", Item=item(30), ConditionExpression=f"attribute_not_exists({name})"
    ),
    "ProjectionExpression": lambda client, name: client.get_item(
        TableName="small", Key=KEY, ProjectionExpression=name
    ),
    "KeyConditionExpression": lambda client, name: client.query(
        TableName="small",
        KeyConditionExpression=f"pk = :{name}",
        ExpressionAttributeValues={f":{name}": {"S": "p0"}},
    ),
    "FilterExpression": lambda client, name: client.scan(
        TableName="small", FilterExpression=f"attribute_exists({name})"
    ),
    "ConditionExpression of a transaction": lambda client, name: client.transact_write_items(
        TransactItems=[
            {
                "ConditionCheck": {
                    "TableName": "small",
                    "Key": KEY,
                    "ConditionExpression": f"attribute_not_exists({name})",
                }
            }
        ]
    ),
}


def frames_in(modules: tuple[ModuleType, ...], run: Callable[[], object]) -> int:
    """Return how many functions of these modules are called."""
    files = tuple(str(module.__file__) for module in modules)
    return len(frames(run, lambda path: path in files))


def frames(run: Callable[[], object], is_counted: Callable[[str], bool]) -> list[str]:
    """Return the names of the Python functions that are called, of the files that count."""
    called: list[str] = []

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and is_counted(frame.f_code.co_filename):
            called.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return called


@pytest.mark.parametrize("parameter", PARSED)
def test_nothing_is_parsed_twice(client: Client, parameter: str) -> None:
    name = next(UNUSED_NAMES)
    parsers = (tokens, grammar, static_checks, compiling)
    assert frames_in(parsers, lambda: PARSED[parameter](client, name)) > 0
    assert frames_in(parsers, lambda: PARSED[parameter](client, name)) == 0


def test_a_query_copies_what_it_returns_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[StoredItem] = []
    build: Any = vars(StoredItem)["build"]

    def counting(entry: StoredItem) -> Any:
        built.append(entry)
        return build.__get__(entry)

    monkeypatch.setattr(StoredItem, "build", property(counting))
    response = client.query(
        TableName="large",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p0"}},
        Limit=7,
    )
    assert response["ScannedCount"] == 7
    assert len(built) == 7


# --- memory of items -------------------------------------------------------------------------

#: Bytes that an item of eight attributes and 450 bytes takes with a global index of everything, of
#: a hundred partitions; Python 3.10 to 3.14 differ by less than the headroom.
ITEM_BYTES_MAX = 1_150


def large_item(number: int) -> dict[str, Any]:
    return {
        "pk": {"S": f"user#{number % 100}"},
        "sk": {"S": f"order#{number:08d}"},
        "g": {"S": f"st#{number % 50}"},
        "h": {"S": f"{number:08d}"},
        "n": {"N": str(number % 50)},
        "tags": {"SS": ["a", "b"]},
        "m": {"M": {"x": {"N": "1"}, "l": {"L": [{"S": "q"}, {"BOOL": True}]}}},
        "pad": {"S": "x" * 200},
    }


def test_the_memory_of_an_item() -> None:
    with mock_dynamodb(isolate=True, stored_calls=0) as ddb:
        client = boto3.client("dynamodb", ddb.region)
        client.create_table(
            TableName="large",
            KeySchema=key_schema("pk", "sk"),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "g", "h")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "gsi",
                    "KeySchema": key_schema("g", "h"),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )

        def load(first: int, end: int) -> None:
            for start in range(first, end, 25):
                requests = [{"PutRequest": {"Item": large_item(start + n)}} for n in range(25)]
                client.batch_write_item(RequestItems={"large": requests})

        load(0, 400)
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            load(400, 1400)
            gc.collect()
            item_bytes = (tracemalloc.get_traced_memory()[0] - before) / 1000
        finally:
            tracemalloc.stop()
    assert 0 < item_bytes <= ITEM_BYTES_MAX


def key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


# --- the garbage collector -------------------------------------------------------------------


def collections(run: Callable[[], object]) -> int:
    """Return how often the garbage collector runs."""
    begun: list[int] = []

    def count(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            begun.append(info["generation"])

    gc.collect()
    threshold = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.callbacks.append(count)
    try:
        run()
    finally:
        gc.callbacks.remove(count)
        gc.set_threshold(*threshold)
    return len(begun)


def test_the_collector_does_not_go_through_a_page_as_it_is_built(client: Client) -> None:
    client.scan(TableName="large", Limit=1)  # imports what scans need
    # One round after the page, and one for what boto3 does.
    assert collections(lambda: client.scan(TableName="large")) <= 2
    filtered = {"FilterExpression": "attribute_exists(pk)"}
    client.scan(TableName="large", **filtered)
    assert collections(lambda: client.scan(TableName="large", **filtered)) <= 2


def test_the_collector_does_not_go_through_items_as_they_are_loaded(tmp_path: Path) -> None:
    state, items = tmp_path / "state.json", tmp_path / "items.jsonl"
    with mock_dynamodb(isolate=True) as ddb:
        fill(boto3.client("dynamodb", ddb.region), "loaded", 0)
        ddb.load({"loaded": [ordinary_item(number) for number in range(3_000)]})
        ddb.save(state)
        ddb.dump(items)
        ddb.reset()
        # Some rounds before the first item and after the last one.
        assert collections(lambda: ddb.load(state)) <= 5
        assert collections(lambda: ddb.load(items, table="loaded")) <= 5
        assert ddb.tables["loaded"].item_count == 3_000


def ordinary_item(number: int) -> dict[str, Any]:
    return {"pk": f"p{number % 3}", "sk": number, "g": f"g{number % 2}", "n": number}


# --- frames and memory of the frequent calls -------------------------------------------------

#: What each call may take at most: frames of ddbmock, and bytes that its response needs at its peak
#: (Python 3.10 to 3.14 differ by less than the headroom). Some six to fourteen frames serialize the
#: request, in place of many more of botocore. Lower a bound when a call gets cheaper.
BOUNDS = {
    "get": (41, 2_300),
    "put": (54, 2_500),
    "put of a new item": (54, 2_500),
    "update": (115, 3_200),
    "delete": (54, 2_300),
    "query of one": (54, 2_500),
    "query backward": (47, 2_500),
    "query from a key on": (67, 2_700),
    "query of an index": (52, 2_500),
    "query of a local index": (60, 2_600),
    "scan of a page": (50, 2_100),
    "batch": (109, 3_000),
    "transaction": (149, 3_700),
    "describe": (122, 3_900),
}
OURS = str(Path(ddbmock.__file__).parent)


@pytest.fixture
def small_client() -> Iterator[Client]:
    """A client on a small table, without a mark that would make every write leave an undo entry."""
    with small_table() as client:
        yield client


@contextmanager
def small_table(**options: Any) -> Iterator[Client]:
    with mock_dynamodb(isolate=True, **options) as ddb:
        client = boto3.client("dynamodb", ddb.region)
        fill(client, "first", SMALL)  # so that the form of the items is known, see `packing`
        fill(client, "small", SMALL)
        yield client


def warm_up(client: Client, name: str) -> None:
    """Repeat a call until every cache is filled, and the form of its items is known."""
    for _ in range(50):
        CALLS[name](client, "small")


@pytest.mark.parametrize("name", ["put", "put of a new item", "batch", "transaction"])
def test_a_call_takes_fewer_frames_than_with_boto3_alone(small_client: Client, name: str) -> None:
    alone = boto3.client("dynamodb", "us-east-1")
    alone.meta.events.register_first(
        "before-call.dynamodb",
        lambda **_: (AWSResponse("", 200, {}, None), {"ResponseMetadata": {}}),
    )
    CALLS[name](alone, "small")
    with mock_dynamodb(compile_requests=False):
        boto3_frames = frames(lambda: CALLS[name](alone, "small"), lambda _: True)
    warm_up(small_client, name)
    our_frames = frames(lambda: CALLS[name](small_client, "small"), lambda _: True)
    assert len(our_frames) < len(boto3_frames)


@pytest.mark.parametrize("name", BOUNDS)
def test_the_frames_of_a_call(small_client: Client, name: str) -> None:
    warm_up(small_client, name)
    called = frames(lambda: CALLS[name](small_client, "small"), lambda path: path.startswith(OURS))
    assert 0 < len(called) <= BOUNDS[name][0], Counter(called)


def test_a_write_with_recovery_does_not_grow_with_the_past(small_client: Client) -> None:
    small_client.update_continuous_backups(
        TableName="small", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )

    def work() -> int:
        """Return the frames of a put; now and then one does more, such as dropping old calls."""
        warm_up(small_client, "put")
        return min(
            len(frames(lambda: CALLS["put"](small_client, "small"), lambda p: p.startswith(OURS)))
            for _ in range(5)
        )

    before = work()
    for number in range(500):
        small_client.put_item(TableName="small", Item={**item(1), "x": {"S": str(number)}})
    assert work() == before
    assert before <= BOUNDS["put"][0] + 4


#: A policy whose conditions need the key and every attribute of a call.
POLICY = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "dynamodb:*",
        "Resource": "*",
        "Condition": {
            "ForAllValues:StringLike": {
                "dynamodb:LeadingKeys": ["p*", "g*"],
                "dynamodb:Attributes": "*",
            }
        },
    },
}
#: Stage -> the options of a mock that has it on, and the frames and bytes that it may add to each
#: call: of those on an item or page, and of a batch or transaction of two writes.
STAGES: dict[str, tuple[dict[str, Any], tuple[int, int], tuple[int, int]]] = {
    "throughput": ({"throughput": True}, (13, 1_500), (17, 1_500)),
    "lag": ({"lag": 1}, (15, 1_500), (14, 1_500)),
    "metrics": ({"metrics": True}, (9, 1_500), (18, 1_500)),
    "policy": ({"policy": POLICY}, (19, 1_500), (32, 1_500)),
}
OF_ONE = ("get", "put", "update", "delete", "query of one", "query of an index", "scan of a page")
OF_TWO = ("batch", "transaction")


@pytest.mark.parametrize("name", OF_ONE + OF_TWO)
@pytest.mark.parametrize("stage", STAGES)
def test_the_work_of_a_stage(stage: str, name: str) -> None:
    options, of_one, of_two = STAGES[stage]
    most_frames, most_bytes = of_one if name in OF_ONE else of_two
    frames_without, bytes_without = work_with(name)
    frames_with, bytes_with = work_with(name, **options)
    assert len(frames_with) - len(frames_without) <= most_frames, Counter(frames_with)
    assert bytes_with - bytes_without <= most_bytes


def work_with(name: str, **options: Any) -> tuple[list[str], int]:
    """Return the frames of a call in a mock with options, and its bytes, everything being warm.

    Now and then a call does more, such as working off what others have left for later.
    """
    with small_table(**options) as client, mock_dynamodb() as ddb:
        warm_up(client, name)
        # Past the lag of the reads, and with full buckets.
        ddb.clock.advance(3)
        called = [
            frames(lambda: CALLS[name](client, "small"), lambda path: path.startswith(OURS))
            for _ in range(3)
        ]
        return min(called, key=len), response_bytes(client, CALLS[name])


@pytest.mark.parametrize("name", BOUNDS)
def test_the_memory_of_a_call(small_client: Client, name: str) -> None:
    warm_up(small_client, name)
    assert 0 < response_bytes(small_client, CALLS[name]) <= BOUNDS[name][1]


def response_bytes(client: Client, call: Callable[[Client, str], object]) -> int:
    """Return how many bytes are allocated at the peak between botocore's request and response."""
    before, peak = [], []

    def begin(**_: Any) -> None:
        tracemalloc.reset_peak()
        before.append(tracemalloc.get_traced_memory()[0])

    def end(**_: Any) -> None:
        peak.append(tracemalloc.get_traced_memory()[1])

    client.meta.events.register_first("before-call.dynamodb", begin)
    client.meta.events.register_first("after-call.dynamodb", end)
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(5):
            call(client, "small")
    finally:
        tracemalloc.stop()
    return min(end - start for start, end in zip(before, peak, strict=True))
