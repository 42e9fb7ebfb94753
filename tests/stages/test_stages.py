"""Stages attached to the pipeline of a mock, as authorization, faults, throttling and lag will be.

No operation knows of them: they see the intent of a call before it runs, its accesses through the
door, and how it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import UnsupportedError
from ddbmock._internal.errors import ProvisionedThroughputExceededError, ServiceError
from ddbmock._internal.hook import active
from ddbmock._internal.stages import Phase
from tests.refusals import text_of
from tests.unsupported import without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.stages import Pipeline

Item = dict[str, Any]


class AccessDeniedError(ServiceError):
    """What an authorizing stage would raise."""

    code = "AccessDeniedException"


class LostResponseError(ServiceError):
    """What a fault after the commit would raise."""

    code = "TransactionInProgressError"


@pytest.fixture
def pipeline(ddb: Any) -> Pipeline:
    """The pipeline of the mock; only this mock's, so nothing need be detached."""
    assert active.current is not None
    return active.current.service.pipeline


@pytest.fixture
def client(ddb: Any) -> Any:
    """A client that retries nothing; a table `trips` with a stream, a global and a local index."""
    config = Config(retries={"total_max_attempts": 1})
    client = boto3.client("dynamodb", "us-east-1", config=config)
    create_table(client)
    return client


def create_table(client: Any, name: str = "trips") -> None:
    client.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in ("pk", "sk", "g")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "lsi",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "g", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def item(number: int, **more: str) -> Item:
    attributes = {"pk": "p", "sk": str(number), "g": "green", **more}
    return {name: {"S": text} for name, text in attributes.items()}


def key(number: int) -> Item:
    return {"pk": {"S": "p"}, "sk": {"S": str(number)}}


def state(ddb: Any) -> tuple[object, ...]:
    """What a refused call must not change: items, indexes, sizes and stream records."""
    table = ddb.tables["trips"]
    indexes = [(index.items, index.size_bytes) for index in table.indexes.values()]
    return table.items, table.size_bytes, indexes, len(table.stream.records)


# --- authorize: before anything is done ----------------------------------------------------------


def test_a_stage_refuses_by_action_and_table(ddb: Any, client: Any, pipeline: Pipeline) -> None:
    def authorize(call: Call) -> None:
        assert call.intent is not None
        for action in call.intent.actions:
            name = action.iam_action or call.operation.iam_action
            if (name, action.table_name) == ("PutItem", "trips"):
                raise AccessDeniedError(f"not authorized to perform: dynamodb:{name}")

    pipeline.attach(Phase.AUTHORIZE, authorize)
    before = state(ddb)
    refused: list[Callable[[], object]] = [
        lambda: client.put_item(TableName="trips", Item=item(1)),
        lambda: client.transact_write_items(
            TransactItems=[
                {"Delete": {"TableName": "trips", "Key": key(2)}},
                {"Put": {"TableName": "trips", "Item": item(1)}},
            ]
        ),
    ]
    for call in refused:
        with pytest.raises(ClientError) as caught:
            call()
        assert text_of(caught.value) == (
            "AccessDeniedException: not authorized to perform: dynamodb:PutItem"
        )
    assert state(ddb) == before
    client.delete_item(TableName="trips", Key=key(1))
    pipeline.detach(authorize)
    client.put_item(TableName="trips", Item=item(1))
    assert ddb.tables["trips"].item_count == 1


def test_a_wrong_request_is_refused_before_it_is_authorized(
    client: Any, pipeline: Pipeline
) -> None:
    def authorize(_: Call) -> None:
        raise AccessDeniedError("no")

    pipeline.attach(Phase.AUTHORIZE, authorize)
    with pytest.raises(ClientError, match="Number overflow"):
        client.put_item(TableName="missing", Item={"pk": {"N": "1e999"}})
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client.put_item(TableName="missing", Item=item(1))


# --- after: when everything is done --------------------------------------------------------------


def test_a_stage_loses_the_answer_of_what_was_done(
    ddb: Any, client: Any, pipeline: Pipeline
) -> None:
    def lose(call: Call) -> None:
        assert call.response is not None
        raise LostResponseError("lost")

    pipeline.attach(Phase.AFTER, lose)
    with pytest.raises(ClientError, match="lost"):
        client.put_item(TableName="trips", Item=item(1))
    assert ddb.tables["trips"].items == [item(1)]
    assert ddb.calls[-1].error is not None
    assert ddb.calls[-1].error.code == LostResponseError.code
    assert ddb.calls[-1].write_units > 0


# --- admit: each access --------------------------------------------------------------------------


class Throttle:
    """Refuses accesses to the items with these sort keys."""

    def __init__(self, *refused: int) -> None:
        self._refused = {str(number) for number in refused}

    def __call__(self, call: Call) -> None:
        call.door.hooks.admission = self._admit

    def _admit(self, touches: Sequence[Touch]) -> None:
        touched = {order_key[2] for touch in touches for order_key in touch.keys}
        if touched & self._refused:
            raise ProvisionedThroughputExceededError("slow down", ThrottlingReasons=[])


def put_request(number: int, **more: str) -> Item:
    return {"PutRequest": {"Item": item(number, **more)}}


def test_a_throttled_item_of_a_batch_write_is_unprocessed(
    ddb: Any, client: Any, pipeline: Pipeline
) -> None:
    pipeline.attach(Phase.ADMIT, Throttle(2))
    delete = {"DeleteRequest": {"Key": key(2)}}
    response = client.batch_write_item(
        RequestItems={"trips": [put_request(1), put_request(3), put_request(4)]},
        ReturnConsumedCapacity="TOTAL",
    )
    assert response["UnprocessedItems"] == {}
    complete_units = response["ConsumedCapacity"][0]["CapacityUnits"]
    response = client.batch_write_item(
        RequestItems={"trips": [put_request(1, x="1"), delete, put_request(3, x="1")]},
        ReturnConsumedCapacity="TOTAL",
    )
    assert response["UnprocessedItems"] == {"trips": [delete]}
    assert 0 < response["ConsumedCapacity"][0]["CapacityUnits"] < complete_units
    assert [each["x"]["S"] for each in ddb.tables["trips"].items if "x" in each] == ["1", "1"]


def test_a_batch_of_which_nothing_is_admitted_fails(
    ddb: Any, client: Any, pipeline: Pipeline
) -> None:
    client.put_item(TableName="trips", Item=item(1))
    pipeline.attach(Phase.ADMIT, Throttle(1, 2))
    before = state(ddb)
    with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
        client.batch_write_item(RequestItems={"trips": [put_request(1, x="1"), put_request(2)]})
    with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
        client.batch_get_item(RequestItems={"trips": {"Keys": [key(1), key(2)]}})
    assert state(ddb) == before


def test_a_throttled_key_of_a_batch_get_is_unprocessed(client: Any, pipeline: Pipeline) -> None:
    for number in (1, 2, 3):
        client.put_item(TableName="trips", Item=item(number))
    pipeline.attach(Phase.ADMIT, Throttle(2))
    requested = {"Keys": [key(1), key(2), key(3)], "ProjectionExpression": "sk"}
    response = client.batch_get_item(RequestItems={"trips": requested})
    assert response["Responses"] == {"trips": [{"sk": {"S": "1"}}, {"sk": {"S": "3"}}]}
    assert response["UnprocessedKeys"] == {"trips": {**requested, "Keys": [key(2)]}}


def test_a_throttled_call_changes_nothing(ddb: Any, client: Any, pipeline: Pipeline) -> None:
    client.put_item(TableName="trips", Item=item(1))
    before = state(ddb)
    throttle = Throttle(1)
    pipeline.attach(Phase.ADMIT, throttle)
    update = {
        "TableName": "trips",
        "Key": key(1),
        "UpdateExpression": "SET g = :g",
        "ExpressionAttributeValues": {":g": {"S": "blue"}},
    }
    calls: list[Callable[[], object]] = [
        lambda: client.put_item(TableName="trips", Item=item(1, g="blue")),
        lambda: client.update_item(**update),
        lambda: client.delete_item(TableName="trips", Key=key(1)),
        lambda: client.get_item(TableName="trips", Key=key(1)),
        lambda: client.query(
            TableName="trips",
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": "p"}},
        ),
        lambda: client.scan(TableName="trips"),
        lambda: client.transact_write_items(
            TransactItems=[{"Put": {"TableName": "trips", "Item": item(2)}}, {"Update": update}]
        ),
        lambda: client.transact_get_items(
            TransactItems=[{"Get": {"TableName": "trips", "Key": key(number)}} for number in (2, 1)]
        ),
        lambda: client.execute_statement(Statement="SELECT * FROM trips WHERE pk = 'p'"),
        lambda: client.execute_statement(
            Statement="UPDATE trips SET g = 'blue' WHERE pk = 'p' AND sk = '1'"
        ),
        lambda: client.execute_transaction(
            TransactStatements=[
                {"Statement": "INSERT INTO trips VALUE {'pk': 'p', 'sk': '3'}"},
                {"Statement": "DELETE FROM trips WHERE pk = 'p' AND sk = '1'"},
            ]
        ),
    ]
    for call in calls:
        with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
            call()
        assert state(ddb) == before
        assert ddb.calls[-1].consumed_units == 0
    pipeline.detach(throttle)
    for call in calls:
        call()


def test_a_throttled_statement_of_a_batch_fails_alone(
    ddb: Any, client: Any, pipeline: Pipeline
) -> None:
    pipeline.attach(Phase.ADMIT, Throttle(2))
    response = client.batch_execute_statement(
        Statements=[
            {"Statement": f"INSERT INTO trips VALUE {{'pk': 'p', 'sk': '{number}'}}"}
            for number in (1, 2)
        ]
    )
    assert response["Responses"] == [
        {"TableName": "trips"},
        {"Error": {"Code": "ProvisionedThroughputExceeded", "Message": "slow down"}},
    ]
    assert ddb.tables["trips"].items == [key(1)]


def test_a_write_is_admitted_with_all_that_it_costs(client: Any, pipeline: Pipeline) -> None:
    seen: list[tuple[str | None, float]] = []

    def admit(touches: Sequence[Touch]) -> None:
        for touch in touches:
            index = touch.source.index
            seen.append((None if index is None else index.name, touch.write_units))

    def attach(call: Call) -> None:
        call.door.hooks.admission = admit

    pipeline.attach(Phase.ADMIT, attach)
    client.put_item(TableName="trips", Item=item(1, x="x" * 1500))
    assert sorted(seen, key=repr) == [("gsi", 2.0), ("lsi", 1.0), (None, 2.0)]
    seen.clear()
    client.put_item(TableName="trips", Item=item(1, x="x" * 1500))
    assert seen == [(None, 2.0)]  # no index changes


# --- admit: what an eventually consistent read sees ----------------------------------------------


@pytest.fixture
def outdated(client: Any, pipeline: Pipeline) -> Iterator[Any]:
    """A client of a table whose eventually consistent reads see another region's items."""
    elsewhere = boto3.client("dynamodb", region_name="eu-west-1")
    create_table(elsewhere)
    for number in (1, 2):
        elsewhere.put_item(TableName="trips", Item=item(number, version="old"))
    for number in (2, 3):
        client.put_item(TableName="trips", Item=item(number, version="new"))
    assert active.current is not None
    old_tables = active.current.service.backend.region("eu-west-1").tables

    def look_back(call: Call) -> None:
        def older(source: Any) -> Any:
            name = None if source.index is None else source.index.name
            return old_tables[source.table.name].sources[name]

        if call.region.name != "eu-west-1":
            call.door.hooks.stale_view = older

    pipeline.attach(Phase.ADMIT, look_back)
    yield client
    pipeline.detach(look_back)


def test_a_get_sees_the_past_unless_it_is_consistent(outdated: Any) -> None:
    def get(number: int, *, consistent: bool) -> object:
        response = outdated.get_item(TableName="trips", Key=key(number), ConsistentRead=consistent)
        return response.get("Item", {}).get("version")

    assert [get(number, consistent=False) for number in (1, 2, 3)] == [
        {"S": "old"},
        {"S": "old"},
        None,
    ]
    assert [get(number, consistent=True) for number in (1, 2, 3)] == [
        None,
        {"S": "new"},
        {"S": "new"},
    ]
    keys = {"Keys": [key(1), key(3)]}
    assert outdated.batch_get_item(RequestItems={"trips": keys})["Responses"]["trips"] == [
        item(1, version="old")
    ]
    keys["ConsistentRead"] = True  # type: ignore[assignment]
    assert outdated.batch_get_item(RequestItems={"trips": keys})["Responses"]["trips"] == [
        item(3, version="new")
    ]


@pytest.mark.parametrize("index", [None, "gsi", "lsi"])
def test_a_page_is_one_of_the_past(outdated: Any, index: str | None) -> None:
    request: Item = {"TableName": "trips", "Select": "COUNT"}
    if index is not None:
        request["IndexName"] = index
    request["Limit"] = 1
    page = outdated.scan(**request)
    start = page["LastEvaluatedKey"]
    following = outdated.scan(**request, ExclusiveStartKey=start)["LastEvaluatedKey"]
    assert {start["sk"]["S"], following["sk"]["S"]} == {"1", "2"}
    if index != "gsi":
        consistent = outdated.scan(**request, ConsistentRead=True)["LastEvaluatedKey"]
        assert consistent["sk"]["S"] in {"2", "3"}


def test_a_fetch_reads_the_table_that_the_page_is_of(outdated: Any) -> None:
    request = {
        "TableName": "trips",
        "IndexName": "lsi",
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "p"}},
        "ProjectionExpression": "version",
    }
    assert outdated.query(**request)["Items"] == [{"version": {"S": "old"}}] * 2
    assert (
        outdated.query(**request, ConsistentRead=True)["Items"] == [{"version": {"S": "new"}}] * 2
    )


def test_writes_and_transactions_see_the_present(ddb: Any, outdated: Any) -> None:
    outdated.update_item(
        TableName="trips",
        Key=key(2),
        UpdateExpression="SET version = :v",
        ConditionExpression="version = :new",
        ExpressionAttributeValues={":v": {"S": "newer"}, ":new": {"S": "new"}},
    )
    response = outdated.transact_get_items(
        TransactItems=[{"Get": {"TableName": "trips", "Key": key(2)}}]
    )
    assert response["Responses"] == [{"Item": item(2, version="newer")}]


# --- record: how a call ended --------------------------------------------------------------------


def test_what_was_touched_is_noted(client: Any, pipeline: Pipeline) -> None:
    noted: list[tuple[str, str | None, list[str]]] = []

    def switch_on(call: Call) -> None:
        _ = call.door.hooks

    def note(call: Call) -> None:
        for touch in call.door.hooks.touched:
            index = touch.source.index
            keys = [order_key[2] for order_key in touch.keys]
            noted.append((call.operation.name, None if index is None else index.name, keys))

    pipeline.attach(Phase.ADMIT, switch_on)
    pipeline.attach(Phase.RECORD, note)
    client.put_item(TableName="trips", Item=item(1, g="z"))
    client.get_item(TableName="trips", Key=key(1))
    client.query(
        TableName="trips",
        IndexName="lsi",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
    )
    assert noted[0] == ("PutItem", None, ["1"])
    assert sorted(noted[1:3]) == [("PutItem", "gsi", ["1"]), ("PutItem", "lsi", ["1"])]
    assert noted[3:] == [
        ("GetItem", None, ["1"]),
        ("Query", "lsi", ["z"]),
    ]


@pytest.mark.parametrize("phase", [Phase.AUTHORIZE, Phase.BEFORE, Phase.AFTER])
@pytest.mark.parametrize("error", [KeyError("a bug"), UnsupportedError("not yet")])
def test_what_is_no_answer_is_recorded_as_what_it_is(
    ddb: Any, client: Any, pipeline: Pipeline, phase: Phase, error: Exception
) -> None:
    def fail(_: Call) -> None:
        raise error

    pipeline.attach(phase, fail)
    with pytest.raises(type(error)):
        client.put_item(TableName="trips", Item=item(1))
    recorded = ddb.calls[-1]
    assert recorded.operation == "PutItem"
    assert (recorded.error.code, recorded.error.message) == (type(error).__name__, str(error))


def test_an_operation_that_is_not_supported_is_recorded_so(
    ddb: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "ListTables")
    with pytest.raises(UnsupportedError):
        client.list_tables()
    assert ddb.calls[-1].operation == "ListTables"
    assert ddb.calls[-1].error.code == "UnsupportedError"


def test_a_parameter_that_is_not_supported_is_recorded_so(
    ddb: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "UpdateTable", "TableClass")
    with pytest.raises(UnsupportedError, match="TableClass"):
        client.update_table(TableName="trips", TableClass="STANDARD")
    assert ddb.calls[-1].operation == "UpdateTable"
    assert ddb.calls[-1].error.code == "UnsupportedError"


def test_a_bug_in_the_control_plane_leaves_nothing_of_its_call(
    ddb: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("a bug after the table was added")

    module = "ddbmock._internal.operations.tables.tables"
    with monkeypatch.context() as patched:
        patched.setattr(f"{module}.describe_created", fail)
        with pytest.raises(KeyError, match="a bug"):
            create_table(client, "hotels")
        assert list(ddb.tables) == ["trips"]
    with monkeypatch.context() as patched:
        patched.setattr(f"{module}.describe_deleted", fail)
        with pytest.raises(KeyError, match="a bug"):
            client.delete_table(TableName="trips")
        assert ddb.tables["trips"].stream.is_enabled
    create_table(client, "hotels")
    assert sorted(ddb.tables) == ["hotels", "trips"]
