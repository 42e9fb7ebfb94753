"""Stages attached to the pipeline of a mock, as authorization, faults, throttling and lag will be.

No operation knows of them: they see the intent of a call before it runs, its accesses through the
door, and how it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import UnsupportedError
from ddbmock.errors import ServiceError
from ddbmock.hook import active
from ddbmock.stages import Phase
from tests.refusals import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.access.call import Call
    from ddbmock.stages import Pipeline

Item = dict[str, Any]


class AccessDeniedError(ServiceError):
    """What an authorizing stage would raise."""

    code = "AccessDeniedException"


class LostAnswerError(ServiceError):
    """What a fault after the commit would raise."""

    code = "TransactionInProgressError"


@pytest.fixture
def pipeline(ddb: Any) -> Pipeline:
    """The pipeline of the mock; only this mock's, so nothing need be detached."""
    assert active.current is not None
    return active.current.service.pipeline


@pytest.fixture
def client(ddb: Any, dynamodb_client: Any) -> Any:
    """A client, with a table `trips` that has a stream, a global and a local index."""
    create_table(dynamodb_client)
    return dynamodb_client


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
        raise LostAnswerError("lost")

    pipeline.attach(Phase.AFTER, lose)
    with pytest.raises(ClientError, match="lost"):
        client.put_item(TableName="trips", Item=item(1))
    assert ddb.tables["trips"].items == [item(1)]
    assert ddb.calls[-1].error is not None
    assert ddb.calls[-1].error.code == LostAnswerError.code
    assert ddb.calls[-1].write_units > 0


# --- admit: what an eventually consistent read sees ----------------------------------------------


@pytest.fixture
def outdated(client: Any, pipeline: Pipeline) -> Iterator[Any]:
    """A client of a table whose eventually consistent reads see what another region has."""
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
            call.door.hooks.older = older

    pipeline.attach(Phase.ADMIT, look_back)
    yield client
    pipeline.detach(look_back)


def test_a_get_sees_the_past_unless_it_is_consistent(outdated: Any) -> None:
    def get(number: int, *, consistent: bool) -> object:
        answer = outdated.get_item(TableName="trips", Key=key(number), ConsistentRead=consistent)
        return answer.get("Item", {}).get("version")

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
    answer = outdated.transact_get_items(
        TransactItems=[{"Get": {"TableName": "trips", "Key": key(2)}}]
    )
    assert answer["Responses"] == [{"Item": item(2, version="newer")}]


# --- record: how a call ended --------------------------------------------------------------------


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


def test_an_operation_that_is_not_supported_is_recorded_so(ddb: Any, client: Any) -> None:
    with pytest.raises(UnsupportedError):
        client.create_global_table(GlobalTableName="tables", ReplicationGroup=[])
    assert ddb.calls[-1].operation == "CreateGlobalTable"
    assert ddb.calls[-1].error.code == "UnsupportedError"


def test_a_parameter_that_is_not_supported_is_recorded_so(ddb: Any, client: Any) -> None:
    with pytest.raises(UnsupportedError, match="ReplicaUpdates"):
        client.update_table(TableName="trips", ReplicaUpdates=[{"Create": {"RegionName": "x"}}])
    assert ddb.calls[-1].operation == "UpdateTable"
    assert ddb.calls[-1].error.code == "UnsupportedError"
