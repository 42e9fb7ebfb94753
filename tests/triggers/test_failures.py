from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.errors import DeliveryError
from tests.stream_helpers import create, iterator, put, streams
from tests.triggers.helpers import Handler

REPORTS = ["ReportBatchItemFailures"]


def report(bad):
    """A handler's response that names each record with one of these keys."""

    def respond(event):
        return {
            "batchItemFailures": [
                {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
                for record in event["Records"]
                if record["dynamodb"]["Keys"]["pk"]["S"] in bad
            ]
        }

    return respond


def put_all(keys):
    for pk in keys:
        put(pk)


class TestErrors:
    def test_an_error_reaches_the_test_and_the_batch_stays(self, ddb):
        handler = Handler(bad="b")
        ddb.on_change("orders", handler, batch_size=2)
        put_all("abcd")
        with pytest.raises(ValueError, match="bad: ab"):
            ddb.deliver()
        assert handler.seen == ["ab"]
        handler.bad = ""
        ddb.deliver()
        assert handler.seen == ["ab", "ab", "cd"]

    def test_a_failing_handler_does_not_keep_others_waiting(self, ddb):
        other = Handler()
        trigger = ddb.on_change("orders", Handler(bad="a"))
        ddb.on_change("orders", other)
        put("a")
        with pytest.raises(ValueError, match="bad: a"):
            ddb.deliver()
        assert other.seen == ["a"]
        assert [type(delivery.error) for delivery in trigger.deliveries] == [ValueError]

    def test_what_is_no_exception_of_the_handler_goes_straight_through(self, ddb):
        def interrupted(event):
            raise KeyboardInterrupt

        ddb.on_change("orders", interrupted, maximum_retry_attempts=5)
        put("a")
        with pytest.raises(KeyboardInterrupt):
            ddb.deliver()

    def test_an_async_handler_that_fails(self, ddb):
        async def fails(event):
            raise ValueError("late")

        ddb.on_change("orders", fails)
        put("a")
        with pytest.raises(ValueError, match="late"):
            ddb.deliver()


class TestRetries:
    def test_a_batch_is_given_up_after_its_retries(self, ddb):
        handler = Handler(bad="b")
        ddb.on_change("orders", handler, batch_size=2, maximum_retry_attempts=2)
        put_all("abcd")
        with pytest.raises(ValueError, match="bad: ab"):
            ddb.deliver()
        assert handler.seen == ["ab", "ab", "ab", "cd"]
        assert ddb.deliver() == []

    def test_no_retries(self, ddb):
        failures: list[Any] = []
        handler = Handler(bad="a")
        ddb.on_change("orders", handler, maximum_retry_attempts=0, on_failure=failures)
        put("a")
        ddb.deliver()
        assert handler.seen == ["a"]
        assert failures[0]["requestContext"]["approximateInvokeCount"] == 1

    def test_an_error_that_passes_is_no_error(self, ddb):
        handler = Handler(bad="a")

        def fails_once(event):
            try:
                handler(event)
            finally:
                handler.bad = ""

        ddb.on_change("orders", fails_once, maximum_retry_attempts=1)
        put("a")
        first, second = ddb.deliver()
        assert (type(first.error), second.error) == (ValueError, None)


class TestBisect:
    def test_a_failing_batch_is_halved_until_the_bad_record_is_alone(self, ddb):
        failures: list[Any] = []
        handler = Handler(bad="c")
        ddb.on_change(
            "orders",
            handler,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=1,
            on_failure=failures,
        )
        put_all("abcdef")
        ddb.deliver()
        assert handler.seen == ["abcdef", "abc", "ab", "c", "c", "def"]
        assert [failure["DDBStreamBatchInfo"]["batchSize"] for failure in failures] == [1]

    def test_without_a_limit_the_bad_record_stays(self, ddb):
        handler = Handler(bad="b")
        ddb.on_change("orders", handler, bisect_batch_on_function_error=True)
        put_all("abcd")
        with pytest.raises(ValueError, match="bad: b"):
            ddb.deliver()
        assert handler.seen == ["abcd", "ab", "a", "b"]
        handler.bad = ""
        ddb.deliver()
        assert handler.seen[4:] == ["bcd"]


class TestPartialResponses:
    def test_the_batch_goes_on_at_the_first_record_that_failed(self, ddb):
        failures: list[Any] = []
        handler = Handler(response=report("ce"))
        ddb.on_change(
            "orders",
            handler,
            function_response_types=REPORTS,
            maximum_retry_attempts=2,
            on_failure=failures,
        )
        put_all("abcde")
        ddb.deliver()
        assert handler.seen == ["abcde", "cde", "cde"]
        assert failures[0]["DDBStreamBatchInfo"]["batchSize"] == 3
        assert failures[0]["requestContext"]["approximateInvokeCount"] == 3

    def test_with_bisect_only_what_is_left_is_tried_again(self, ddb):
        handler = Handler(response=report("c"))
        ddb.on_change(
            "orders",
            handler,
            function_response_types=REPORTS,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=2,
            on_failure=[],
        )
        put_all("abcd")
        ddb.deliver()
        assert handler.seen[:4] == ["abcd", "cd", "c", "c"]
        assert handler.seen[-1] == "d"

    def test_without_a_limit_it_goes_on_as_long_as_it_gets_further(self, ddb):
        bad = ["e", "c", "b"]

        def respond(event):
            return report(bad.pop() if bad else "")(event)

        handler = Handler(response=respond)
        ddb.on_change("orders", handler, function_response_types=REPORTS)
        put_all("abcdef")
        ddb.deliver()
        assert handler.seen == ["abcdef", "bcdef", "cdef", "ef"]

    def test_without_a_limit_it_stops_where_it_gets_no_further(self, ddb):
        handler = Handler(response=report("c"))
        ddb.on_change("orders", handler, function_response_types=REPORTS)
        put_all("abcd")
        with pytest.raises(DeliveryError) as failed:
            ddb.deliver()
        assert handler.seen == ["abcd", "cd"]
        number = ddb.tables["orders"].stream.records[2]["SequenceNumber"]
        assert str(failed.value) == (
            f"the handler for table 'orders' reported that records failed: {number}"
        )
        handler.response = None
        ddb.deliver()
        assert handler.seen == ["abcd", "cd", "cd"]

    @pytest.mark.parametrize(
        "response",
        [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}, "done"],
    )
    def test_what_counts_as_success(self, ddb, response):
        handler = Handler(response=response)
        ddb.on_change("orders", handler, function_response_types=REPORTS)
        put("a")
        ddb.deliver()
        assert handler.seen == ["a"]

    @pytest.mark.parametrize(
        "failure",
        [{"itemIdentifier": ""}, {"itemIdentifier": None}, {"wrong": "1"}, {"itemIdentifier": "1"}],
    )
    def test_what_counts_as_failure_of_all(self, ddb, failure):
        handler = Handler(response={"batchItemFailures": [failure]})
        ddb.on_change("orders", handler, function_response_types=REPORTS)
        put_all("ab")
        with pytest.raises(DeliveryError):
            ddb.deliver()
        assert handler.seen == ["ab"]

    def test_without_the_setting_nobody_looks_at_the_response(self, ddb):
        handler = Handler(response=report("a"))
        ddb.on_change("orders", handler)
        put("a")
        ddb.deliver()
        assert handler.seen == ["a"]


class TestAge:
    def test_old_records_are_given_up(self, ddb):
        failures: list[Any] = []
        handler = Handler()
        ddb.on_change("orders", handler, maximum_record_age_seconds=60, on_failure=failures)
        put_all("ab")
        ddb.clock.advance(seconds=61)
        put("c")
        ddb.deliver()
        assert handler.seen == ["c"]
        (failure,) = failures
        assert failure["requestContext"]["condition"] == "RecordAgeExceeded"
        assert failure["requestContext"]["approximateInvokeCount"] == 0
        assert "responseContext" not in failure
        assert failure["DDBStreamBatchInfo"]["batchSize"] == 2

    def test_without_destination_they_are_just_gone(self, ddb):
        handler = Handler(bad="a")
        ddb.on_change("orders", handler, maximum_record_age_seconds=60)
        put("a")
        with pytest.raises(ValueError, match="bad: a"):
            ddb.deliver()
        ddb.clock.advance(seconds=61)
        put("b")
        ddb.deliver()
        assert handler.seen == ["a", "b"]


class TestDestination:
    def test_the_document(self, ddb, arn):
        failures: list[Any] = []
        ddb.on_change("orders", Handler(bad="a"), maximum_retry_attempts=3, on_failure=failures)
        put("a")
        ddb.clock.advance(seconds=2)
        put("b")
        ddb.deliver()
        (failure,) = failures
        assert len(failure["requestContext"].pop("requestId")) == 36
        records = ddb.tables["orders"].stream.records
        (shard_id,) = ddb.tables["orders"].stream.shard_ids
        assert failure == {
            "requestContext": {
                "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:Handler",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": 4,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": "2026-01-02T03:04:07.678Z",
            "DDBStreamBatchInfo": {
                "shardId": shard_id,
                "startSequenceNumber": records[0]["SequenceNumber"],
                "endSequenceNumber": records[1]["SequenceNumber"],
                "approximateArrivalOfFirstRecord": "2026-01-02T03:04:05Z",
                "approximateArrivalOfLastRecord": "2026-01-02T03:04:07Z",
                "batchSize": 2,
                "streamArn": arn,
            },
        }

    def test_a_failed_batch_can_be_read_back(self, ddb, arn):
        failures: list[Any] = []
        ddb.on_change("orders", Handler(bad="b"), maximum_retry_attempts=0, on_failure=failures)
        put_all("ab")
        ddb.deliver()
        batch = failures[0]["DDBStreamBatchInfo"]
        place = iterator(
            batch["streamArn"],
            batch["shardId"],
            kind="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )
        response = streams().get_records(ShardIterator=place, Limit=batch["batchSize"])
        assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in response["Records"]] == ["a", "b"]

    def test_the_writes_of_a_handler_that_fails_stay(self, ddb):
        create("audit")

        def writes_and_fails(event):
            put("x", table="audit")
            raise ValueError("after the write")

        ddb.on_change("orders", writes_and_fails, maximum_retry_attempts=0, on_failure=[])
        put("a")
        ddb.deliver()
        assert ddb.tables["audit"].item_count == 1
