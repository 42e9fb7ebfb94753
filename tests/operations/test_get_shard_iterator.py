from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest

from ddbmock import mock_dynamodb
from tests.refusals import refusal
from tests.stream_helpers import create, iterator, knows, put, read, shards, streams

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
INVALID = "One or more parameter values were invalid: "
KNOWS_TIMESTAMP = knows("GetShardIterator", "Timestamp")


@pytest.fixture(autouse=True)
def ddb():
    with mock_dynamodb(region="eu-west-1") as controller:
        controller.clock.freeze(MOMENT)
        yield controller


@pytest.fixture
def arn():
    return create()


def iterator_refusal(*arguments, **request):
    return refusal(iterator, *arguments, **request)


def names(place):
    response = streams().get_records(ShardIterator=place)
    return [record["dynamodb"]["Keys"]["pk"]["S"] for record in response["Records"]]


def numbers(arn):
    return [record["dynamodb"]["SequenceNumber"] for record in read(arn)]


class TestRequestValidation:
    @pytest.mark.parametrize("kind", ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"])
    def test_a_number_is_needed(self, arn, kind):
        assert iterator_refusal(arn, kind=kind) == (
            f"{INVALID}SequenceNumber is required for ShardIteratorType {kind}"
        )

    @pytest.mark.parametrize("kind", ["LATEST", "TRIM_HORIZON"])
    def test_a_number_is_not_wanted(self, arn, kind):
        assert iterator_refusal(arn, kind=kind, SequenceNumber="1" * 21) == (
            f"{INVALID}SequenceNumber must not be specified for ShardIteratorType {kind}"
        )

    @pytest.mark.parametrize("number", ["1" * 21, "9" * 40, "x" * 27, "٣" * 27])
    def test_a_number_that_is_not_of_the_shard(self, arn, number):
        put()
        assert iterator_refusal(arn, kind="AT_SEQUENCE_NUMBER", SequenceNumber=number) == (
            f"Invalid SequenceNumber: {number}"
        )

    def test_an_unknown_type(self, arn):
        assert iterator_refusal(arn, kind="FIRST").startswith(
            "1 validation error detected: Value 'FIRST' at 'shardIteratorType' failed to satisfy"
            " constraint: Member must satisfy enum value set: ["
        )


class TestErrors:
    def test_no_such_stream(self):
        arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026"
        assert iterator_refusal(arn, "shardId-" + "0" * 20) == (
            f"ResourceNotFoundException: Requested resource not found: Stream: {arn} not found"
        )

    def test_no_such_shard(self, arn):
        assert iterator_refusal(arn, "shardId-" + "0" * 20) == (
            "ResourceNotFoundException: Requested resource not found: Shard does not exist"
        )

    def test_a_number_of_a_record_that_is_too_old(self, ddb, arn):
        put()
        (number,) = numbers(arn)
        ddb.clock.advance(seconds=24 * 60 * 60 + 1)
        assert iterator_refusal(arn, kind="AT_SEQUENCE_NUMBER", SequenceNumber=number) == (
            "TrimmedDataAccessException: The data you are trying to access has been trimmed"
        )
        assert iterator(arn, kind="AFTER_SEQUENCE_NUMBER", SequenceNumber=number)


class TestBehaviour:
    def test_an_iterator_begins_with_the_stream(self, arn):
        text = iterator(arn)
        begin, one, opaque = text.split("|")
        assert (begin, one) == (arn, "1")
        assert 200 < len(text) <= 2048
        decoded = base64.b64decode(opaque, validate=True)
        assert b"shardId" not in decoded

    def test_the_oldest_record(self, arn):
        put("a")
        put("b")
        assert names(iterator(arn, kind="TRIM_HORIZON")) == ["a", "b"]

    def test_the_latest_is_what_comes_after(self, arn):
        put("a")
        place = iterator(arn, kind="LATEST")
        assert names(place) == []
        put("b")
        assert names(place) == ["b"]

    def test_at_and_after_a_record(self, arn):
        for pk in "abc":
            put(pk)
        number = numbers(arn)[1]
        at = iterator(arn, kind="AT_SEQUENCE_NUMBER", SequenceNumber=number)
        after = iterator(arn, kind="AFTER_SEQUENCE_NUMBER", SequenceNumber=number)
        assert (names(at), names(after)) == (["b", "c"], ["c"])

    @pytest.mark.parametrize("kind", ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"])
    def test_the_number_that_a_shard_begins_with(self, arn, kind):
        put("a")
        (shard,) = shards(arn)
        number = shard["SequenceNumberRange"]["StartingSequenceNumber"]
        assert names(iterator(arn, kind=kind, SequenceNumber=number)) == ["a"]

    def test_the_number_that_a_shard_ends_with(self, ddb, arn):
        put("a")
        ddb.tables["orders"].stream.split()
        parent = shards(arn)[0]
        number = parent["SequenceNumberRange"]["EndingSequenceNumber"]
        place = iterator(
            arn, parent["ShardId"], kind="AFTER_SEQUENCE_NUMBER", SequenceNumber=number
        )
        assert "NextShardIterator" not in streams().get_records(ShardIterator=place)

    @pytest.mark.skipif(not KNOWS_TIMESTAMP, reason="this botocore knows no AT_TIMESTAMP")
    def test_the_first_record_at_a_moment(self, ddb, arn):
        for pk in "abc":
            put(pk)
            ddb.clock.advance(seconds=10)
        place = iterator(arn, kind="AT_TIMESTAMP", Timestamp=MOMENT + timedelta(seconds=5))
        assert names(place) == ["b", "c"]
        place = iterator(arn, kind="AT_TIMESTAMP", Timestamp=MOMENT - timedelta(days=5))
        assert names(place) == ["a", "b", "c"]
        text = iterator_refusal(arn, kind="AT_TIMESTAMP", Timestamp=MOMENT + timedelta(days=5))
        assert text == f"{INVALID}Timestamp must not be in the future"
