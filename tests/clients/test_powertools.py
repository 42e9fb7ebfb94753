"""Powertools for AWS Lambda: idempotency, batches of stream records, parameters, on the mock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import boto3
import freezegun
import pytest

from ddbmock import mock_dynamodb

pytest.importorskip("aws_lambda_powertools")

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.parameters import DynamoDBProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

NOON = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)


def create_table(name, *keys, **more):
    boto3.client("dynamodb", region_name="us-east-1").create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


@pytest.fixture
def ddb(monkeypatch):
    # Powertools makes its clients by itself, with the region of the function that it runs in.
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_dynamodb() as controller:
        yield controller


@pytest.fixture
def context():
    return SimpleNamespace(
        function_name="pay",
        memory_limit_in_mb=128,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:pay",
        aws_request_id="52fdfc07-2182-154f-163f-5f0f9a621d72",
        get_remaining_time_in_millis=lambda: 1000,
    )


def told_of(context):
    """A configuration that knows how much time a function has left."""
    config = IdempotencyConfig()
    config.register_lambda_context(context)
    return config


class TestIdempotency:
    @pytest.fixture(autouse=True)
    def table(self, ddb):
        create_table("idempotency", "id")

    def records(self, ddb):
        return ddb.tables["idempotency"].items

    @pytest.fixture
    def charged(self):
        return []

    @pytest.fixture
    def pay(self, charged):
        config = IdempotencyConfig(
            event_key_jmespath="order",
            payload_validation_jmespath="amount",
            expires_after_seconds=60,
        )

        @idempotent(persistence_store=DynamoDBPersistenceLayer("idempotency"), config=config)
        def handler(event, _context):
            charged.append(event["order"])
            if event.get("fails"):
                message = "card refused"
                raise ValueError(message)
            return {"paid": event["amount"]}

        return handler

    def test_the_second_call_gets_the_first_one_s_answer(self, ddb, pay, charged, context):
        for _ in range(3):
            assert pay({"order": "1", "amount": 5}, context) == {"paid": 5}
        assert pay({"order": "2", "amount": 6}, context) == {"paid": 6}
        assert charged == ["1", "2"]
        assert {record["status"]["S"] for record in self.records(ddb)} == {"COMPLETED"}
        # The lock is a conditional put, whose loser gets the item with its refusal.
        assert len(ddb.calls("PutItem", error="ConditionalCheckFailedException")) == 2
        ddb.calls.assert_not_called("GetItem")

    def test_another_payload_under_the_same_key(self, pay, context):
        pay({"order": "1", "amount": 5}, context)
        with pytest.raises(IdempotencyValidationError):
            pay({"order": "1", "amount": 7}, context)

    def test_a_failure_unlocks(self, ddb, pay, charged, context):
        for _ in range(2):
            with pytest.raises(ValueError, match="card refused"):
                pay({"order": "1", "amount": 5, "fails": True}, context)
        assert charged == ["1", "1"]
        assert self.records(ddb) == []

    def test_records_expire_by_the_frozen_clock(self, pay, charged, context):
        with freezegun.freeze_time(NOON) as time:
            pay({"order": "1", "amount": 5}, context)
            time.tick(timedelta(seconds=59))
            pay({"order": "1", "amount": 5}, context)
            time.tick(timedelta(seconds=2))
            pay({"order": "1", "amount": 5}, context)
        assert charged == ["1", "1"]

    def test_one_in_progress_keeps_others_out(self, context):
        store = DynamoDBPersistenceLayer("idempotency")
        inner: list[Any] = []

        @idempotent(persistence_store=store)
        def handler(event, context):
            inner.append(event)
            if len(inner) == 1:
                with pytest.raises(IdempotencyAlreadyInProgressError):
                    handler(event, context)
            return len(inner)

        assert handler({"order": "1"}, context) == 1

    def test_functions_and_composite_keys(self, ddb, context):
        create_table("composite", "pk", "sk")
        store = DynamoDBPersistenceLayer("composite", key_attr="pk", sort_key_attr="sk")
        ran = []

        @idempotent_function(
            data_keyword_argument="record",
            persistence_store=store,
            config=told_of(context),
        )
        def process(record):
            ran.append(record)
            return {"ok": record["id"]}

        assert process(record={"id": 1}) == process(record={"id": 1}) == {"ok": 1}
        assert len(ran) == 1
        (stored,) = ddb.tables["composite"].items
        assert stored["pk"]["S"].startswith("idempotency#")

    def test_a_table_that_is_not_there(self, context):
        @idempotent(persistence_store=DynamoDBPersistenceLayer("missing"))
        def handler(_event, _context):
            return 1

        with pytest.raises(IdempotencyPersistenceLayerError) as refused:
            handler({"order": "1"}, context)
        assert "ResourceNotFoundException" in repr(refused.value.__cause__)

    def test_a_client_of_before_the_mock(self, context):
        """A handler's module makes its store when it is imported, which may be before any mock."""
        store = DynamoDBPersistenceLayer(
            "later", boto3_client=boto3.client("dynamodb", region_name="us-east-1")
        )

        @idempotent(persistence_store=store, config=IdempotencyConfig(use_local_cache=False))
        def handler(event, _context):
            return event

        for _ in range(2):
            with mock_dynamodb(isolate=True) as own:
                create_table("later", "id")
                assert handler({"order": "1"}, context) == {"order": "1"}
                assert own.tables["later"].item_count == 1


class TestBatchProcessor:
    @pytest.fixture(autouse=True)
    def table(self, ddb):
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        create_table("orders", "id", StreamSpecification=stream)

    @pytest.fixture
    def orders(self):
        return boto3.resource("dynamodb").Table("orders")

    def test_only_the_failed_record_comes_again(self, ddb, orders, context):
        processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
        seen: list[tuple[str, Any]] = []
        bad = {"2"}

        def record_handler(record):
            assert record.event_name is not None
            image = record.dynamodb.new_image
            seen.append((record.event_name.name, image["id"]))
            if image["id"] in bad:
                message = "not yet"
                raise ValueError(message)
            return image["total"]

        def handler(event, _context):
            response = process_partial_response(
                event=event, record_handler=record_handler, processor=processor, context=context
            )
            bad.clear()
            return response

        ddb.on_change(
            "orders", handler, function_response_types=["ReportBatchItemFailures"], batch_size=10
        )
        for number in range(1, 4):
            orders.put_item(Item={"id": str(number), "total": number})
        deliveries = ddb.deliver()
        assert len(deliveries) == 2
        # A stream continues at the record that failed first.
        assert seen == [("INSERT", each) for each in ("1", "2", "3", "2", "3")]

    def test_records_have_python_values(self, ddb, orders, context):
        item = {
            "id": "1",
            "tags": {"a", "b"},
            "blob": b"\x00",
            "deep": [{"x": None}, True],
            "n": 3,
        }
        orders.put_item(Item=item)
        orders.update_item(
            Key={"id": "1"},
            UpdateExpression="SET n = n + :one",
            ExpressionAttributeValues={":one": 1},
        )
        seen = []

        def record_handler(record):
            seen.append((record.dynamodb.old_image, record.dynamodb.new_image))
            assert record.dynamodb.keys == {"id": "1"}
            assert record.dynamodb.stream_view_type.name == "NEW_AND_OLD_IMAGES"
            assert record.dynamodb.sequence_number.isdigit()

        def handler(event, _context):
            return process_partial_response(
                event=event,
                record_handler=record_handler,
                processor=BatchProcessor(event_type=EventType.DynamoDBStreams),
                context=context,
            )

        ddb.on_change("orders", handler, starting_position="TRIM_HORIZON")
        ddb.deliver()
        (none, inserted), (old, new) = seen
        assert not none
        # Powertools leaves binary values in the event's Base64.
        assert inserted == {**item, "blob": "AA=="}
        assert (old["n"], new["n"]) == (3, 4)

    def test_idempotent_processing_of_a_stream(self, ddb, orders, context):
        """The usual pair: what comes again because of a neighbour is not done again."""
        create_table("idempotency", "id")
        mailed: list[str] = []
        bad = {"2"}

        @idempotent_function(
            data_keyword_argument="order",
            persistence_store=DynamoDBPersistenceLayer("idempotency"),
            config=told_of(context),
        )
        def mail(order):
            if order["id"] in bad:
                message = "not yet"
                raise ValueError(message)
            mailed.append(order["id"])
            return True

        def handler(event, _context):
            response = process_partial_response(
                event=event,
                record_handler=lambda record: mail(order=dict(record.dynamodb.new_image)),
                processor=BatchProcessor(event_type=EventType.DynamoDBStreams),
                context=context,
            )
            bad.clear()
            return response

        ddb.on_change("orders", handler, function_response_types=["ReportBatchItemFailures"])
        for number in range(1, 4):
            orders.put_item(Item={"id": str(number)})
        ddb.deliver()
        assert mailed == ["1", "3", "2"]


class TestParameters:
    def test_values(self, ddb):
        create_table("settings", "id")
        boto3.resource("dynamodb").Table("settings").put_item(
            Item={"id": "colour", "value": "blue"}
        )
        provider = DynamoDBProvider(table_name="settings")
        assert provider.get("colour") == "blue"
        with pytest.raises(GetParameterError):
            provider.get("missing")

    def test_values_by_path(self, ddb):
        create_table("settings", "id", "sk")
        table = boto3.resource("dynamodb").Table("settings")
        for name in ("a", "b"):
            table.put_item(Item={"id": "app", "sk": name, "value": name.upper()})
        assert DynamoDBProvider(table_name="settings").get_multiple("app") == {"a": "A", "b": "B"}


@mock_dynamodb
def test_calls_are_answered_before_they_are_sent(signed: list[str]) -> None:
    boto3.Session().client("dynamodb", "us-east-1").list_tables()
    assert signed == []
