"""ExportTableToPointInTime into a folder; tests/beside has it with moto's S3."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal import limits
from tests.operations.table_helpers import definitions, keys, new_table
from tests.refusals import refusal, text_of

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
START = datetime(2026, 10, 8, 22, 51, 50, tzinfo=timezone.utc)
PERIOD = "Difference between export period from time and export period to time is"


@pytest.fixture(autouse=True)
def archive(ddb, tmp_path):
    (tmp_path / "archive").mkdir()
    ddb.s3 = tmp_path
    ddb.clock.freeze(START)


@pytest.fixture
def table(client):
    new_table(client)
    recover(client)
    return ARN


def recover(client, *, enabled=True):
    client.update_continuous_backups(
        TableName="orders",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
    )


def put(client, pk, **attributes):
    client.put_item(TableName="orders", Item={"pk": {"S": pk}, **attributes})


def delete(client, pk):
    client.delete_item(TableName="orders", Key={"pk": {"S": pk}})


def export(client, **more):
    response = client.export_table_to_point_in_time(TableArn=ARN, S3Bucket="archive", **more)
    return response["ExportDescription"]


def described(client, started):
    return client.describe_export(ExportArn=started["ExportArn"])["ExportDescription"]


def refused(client, **request):
    request = {"TableArn": ARN, "S3Bucket": "archive", **request}
    return refusal(client.export_table_to_point_in_time, **request)


def incremental(from_time, to_time=None, view=None):
    specification = {"ExportFromTime": from_time}
    if to_time is not None:
        specification["ExportToTime"] = to_time
    if view is not None:
        specification["ExportViewType"] = view
    return {"ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": specification}


def lines_of(tmp_path, client, started):
    """The lines of the data files of an export, and its summary."""
    bucket = tmp_path / "archive"
    description = described(client, started)
    assert description["ExportStatus"] == "COMPLETED"
    summary = json.loads((bucket / description["ExportManifest"]).read_text())
    listed = (bucket / summary["manifestFilesS3Key"]).read_text().splitlines()
    lines = []
    for entry in map(json.loads, listed):
        content = gzip.decompress((bucket / entry["dataFileS3Key"]).read_bytes()).decode()
        assert len(content.splitlines()) == entry["itemCount"]
        lines += content.splitlines()
    assert summary["itemCount"] == len(lines) == description["ItemCount"]
    return lines, summary


def exported(tmp_path, client, **more):
    lines, _ = lines_of(tmp_path, client, export(client, **more))
    return sorted((json.loads(line) for line in lines), key=json.dumps)


def image(pk, **attributes):
    return {"pk": {"S": pk}, **attributes}


def items(*names):
    return [{"Item": image(name)} for name in names]


def _md5(content):
    return hashlib.md5(content, usedforsecurity=False).digest()


class TestRequestValidation:
    @pytest.mark.parametrize(
        ("request_", "text"),
        [
            (
                {"TableArn": "orders"},
                "One or more parameter values were invalid: tableArn is not a valid ARN",
            ),
            ({"TableArn": f"{ARN}/index/by-date"}, "Invalid Request: Table ARN is invalid."),
            (
                {"IncrementalExportSpecification": {"ExportFromTime": START}},
                (
                    "Invalid Request: Export Type expected to be Incremental Export when"
                    " incremental export specification is provided"
                ),
            ),
            (
                {
                    "ExportType": "FULL_EXPORT",
                    "IncrementalExportSpecification": {"ExportFromTime": START},
                },
                (
                    "Invalid Request: When Export Type is Full Export , Incremental Export"
                    " Specification should not be provided"
                ),
            ),
            (
                {"ExportType": "INCREMENTAL_EXPORT"},
                (
                    "Invalid Request: Incremental Export Specification expected when export type is"
                    " set as Incremental Export"
                ),
            ),
            (
                {"ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": {}},
                (
                    "Invalid Request: ExportFromTime must be provided in"
                    " IncrementalExportSpecification"
                ),
            ),
            (
                {"S3SseKmsKeyId": "key"},
                "Invalid Request: KMS Key Id is not supported for this encryption type",
            ),
            (
                {"FilterSpecification": {}},
                "Invalid Request: Invalid FilterSpecification: The specification can not be empty",
            ),
            (
                {"ExportFormat": "CSV"},
                (
                    "1 validation error detected: Value 'CSV' at 'exportFormat' failed to satisfy"
                    " constraint: Member must satisfy enum value set: [DYNAMODB_JSON, ION]"
                ),
            ),
        ],
    )
    def test_refused_requests(self, raw, table, request_, text):
        assert refused(raw, **request_) == text

    def test_the_view_type_of_the_documentation_is_none(self, raw, table):
        text = refused(raw, **incremental(START, view="NEW_IMAGES"))
        assert "Value 'NEW_IMAGES' at 'incrementalExportSpecification.exportViewType'" in text

    def test_a_malformed_key(self, raw, table):
        text = refused(raw, S3SseAlgorithm="KMS", S3SseKmsKeyId="not a key")
        assert text.startswith(
            "Invalid Request: 1 validation error detected: Value 'not a key' at 's3SseKmsKeyId'"
            " failed to satisfy constraint: Member must satisfy regular"
        )


class TestBehaviour:
    def test_the_answer_and_the_description(self, client, ddb, table):
        put(client, "a")
        ddb.clock.advance(minutes=10)
        started = export(client, ClientToken="token")
        at = START + timedelta(minutes=10)
        arn = started["ExportArn"]
        digits, _, random = arn.removeprefix(f"{ARN}/export/").partition("-")
        assert digits == f"0{int(at.timestamp() * 1000)}"
        assert len(random) == 8
        table_id = client.describe_table(TableName="orders")["Table"]["TableId"]
        common = {
            "ExportArn": arn,
            "StartTime": at,
            "TableArn": ARN,
            "TableId": table_id,
            "ExportTime": at,
            "ClientToken": "token",
            "S3Bucket": "archive",
            "S3SseAlgorithm": "AES256",
            "ExportFormat": "DYNAMODB_JSON",
        }
        assert started == {**common, "ExportStatus": "IN_PROGRESS"}
        assert described(client, started) == {
            **common,
            "ExportStatus": "COMPLETED",
            "EndTime": at,
            "ExportManifest": f"AWSDynamoDB/{digits}-{random}/manifest-summary.json",
            "BilledSizeBytes": 0,
            "ItemCount": 1,
        }

    def test_what_was_asked_for_is_echoed(self, client, table):
        asked = {"S3Prefix": "p", "S3BucketOwner": "1" * 12, "S3SseKmsKeyId": "k"}
        wanted = {
            "FilterExpression": "bytes_ = :b",
            "ExpressionAttributeValues": {":b": {"B": b"\0"}},
        }
        started = export(client, S3SseAlgorithm="KMS", FilterSpecification=wanted, **asked)
        for description in (started, described(client, started)):
            assert {name: description[name] for name in asked} == asked
            assert description["FilterSpecification"] == wanted
            assert description["S3SseAlgorithm"] == "KMS"

    def test_the_objects_of_a_full_export(self, client, tmp_path, table):
        put(client, "a", n={"N": "1.50"}, raw={"B": b"\0\1"})
        put(client, "b")
        started = export(client, S3Prefix="daily")
        lines, summary = lines_of(tmp_path, client, started)
        assert sorted(lines) == [
            '{"Item":{"pk":{"S":"a"},"n":{"N":"1.5"},"raw":{"B":"AAE="}}}',
            '{"Item":{"pk":{"S":"b"}}}',
        ]
        identifier = started["ExportArn"].rpartition("/")[2]
        root = tmp_path / "archive" / "daily" / "AWSDynamoDB" / identifier
        names = sorted(path.name for path in root.iterdir())
        assert names == [
            "_started",
            "data",
            "manifest-files.json",
            "manifest-files.md5",
            "manifest-summary.json",
            "manifest-summary.md5",
        ]
        assert len(list((root / "data").iterdir())) == 4
        assert list(summary) == [
            *("version", "exportArn", "startTime", "endTime", "tableArn", "tableId"),
            *("exportTime", "s3Bucket", "s3Prefix", "s3SseAlgorithm", "s3SseKmsKeyId"),
            *("manifestFilesS3Key", "billedSizeBytes", "itemCount", "outputFormat", "exportType"),
        ]
        assert summary["s3Prefix"] == "daily"
        for name in ("manifest-files", "manifest-summary"):
            digest = _md5((root / f"{name}.json").read_bytes())
            assert (root / f"{name}.md5").read_bytes() == base64.b64encode(digest)
        for entry in map(json.loads, (root / "manifest-files.json").read_text().splitlines()):
            digest = _md5((tmp_path / "archive" / entry["dataFileS3Key"]).read_bytes())
            assert entry["md5Checksum"] == base64.b64encode(digest).decode()
            assert entry["etag"] == f"{digest.hex()}-1"

    def test_ion(self, client, tmp_path, table):
        put(client, "a", n={"N": "600"}, tags={"SS": ["x"]})
        started = export(client, ExportFormat="ION")
        lines, summary = lines_of(tmp_path, client, started)
        assert lines == ['$ion_1_0 {Item:{pk:"a",n:6d2,tags:$dynamodb_SS::["x"]}}']
        assert summary["outputFormat"] == "ION"

    def test_a_moment_of_the_past(self, client, ddb, tmp_path, table):
        put(client, "before")
        ddb.clock.advance(minutes=1)
        put(client, "after")
        delete(client, "before")
        ddb.clock.advance(minutes=30)
        assert exported(tmp_path, client) == items("after")
        assert exported(tmp_path, client, ExportTime=START) == items("before")
        assert exported(tmp_path, client, ExportTime=START + timedelta(seconds=60)) == items(
            "after"
        )

    def test_the_end_of_the_second(self, client, ddb, tmp_path, table):
        ddb.clock.advance(seconds=0.5)
        put(client, "a")
        ddb.clock.advance(seconds=0.5)
        put(client, "b")
        ddb.clock.advance(minutes=30)
        assert exported(tmp_path, client, ExportTime=START) == items("a")

    def test_a_request_of_a_test(self, client, ddb, tmp_path, table):
        put(client, "a")
        ddb.clock.advance(minutes=10)
        with ddb.set_up() as set_up:
            request = {"TableArn": ARN, "S3Bucket": "archive", "ExportTime": START}
            response = set_up.request("ExportTableToPointInTime", request)
        lines, _ = lines_of(tmp_path, client, response["ExportDescription"])
        assert lines == ['{"Item":{"pk":{"S":"a"}}}']

    def test_writes_just_before_are_in_it(self, client, tmp_path, table):
        put(client, "a")
        assert exported(tmp_path, client) == items("a")

    def test_loads(self, client, ddb, tmp_path, table):
        put(client, "a", n={"N": "1"})
        export(client)
        delete(client, "a")
        assert ddb.load(tmp_path / "archive") == 1
        assert ddb.tables["orders"].items == [{"pk": {"S": "a"}, "n": {"N": "1"}}]

    @pytest.mark.parametrize("output_format", ["DYNAMODB_JSON", "ION"])
    def test_changes_of_a_period(self, client, ddb, tmp_path, table, output_format):
        for name in ("same", "changed", "deleted", "reborn"):
            put(client, name)
        ddb.clock.advance(minutes=20)
        start = ddb.clock.now()
        put(client, "changed", n={"N": "1"})
        ddb.clock.advance(minutes=1)
        put(client, "changed", n={"N": "2"})
        put(client, "new")
        put(client, "short")
        delete(client, "short")
        delete(client, "deleted")
        delete(client, "reborn")
        put(client, "reborn")
        ddb.clock.advance(minutes=19)
        end = ddb.clock.now()
        put(client, "at the end")
        started = export(
            client, ExportFormat=output_format, **incremental(start, end, "NEW_AND_OLD_IMAGES")
        )
        lines, summary = lines_of(tmp_path, client, started)
        micros = int(start.timestamp() * 1_000_000) + 60_000_000
        if output_format == "ION":
            old, new = '{pk:"changed"}', '{pk:"changed",n:2.}'
            metadata = f"{{WriteTimestampMicros:{micros // 10_000_000}d7}}"
            record = f"{{Keys:{old},Metadata:{metadata},OldImage:{old},NewImage:{new}}}"
            assert f"$ion_1_0 {{Record:{record}}}" in lines
        else:
            written = {"Metadata": {"WriteTimestampMicros": {"N": str(micros)}}}
            found = {json.loads(line)["Keys"]["pk"]["S"]: json.loads(line) for line in lines}
            assert found == {
                "changed": {
                    **written,
                    "Keys": image("changed"),
                    "NewImage": image("changed", n={"N": "2"}),
                    "OldImage": image("changed"),
                },
                "new": {**written, "Keys": image("new"), "NewImage": image("new")},
                "deleted": {**written, "Keys": image("deleted"), "OldImage": image("deleted")},
                "reborn": {
                    **written,
                    "Keys": image("reborn"),
                    "NewImage": image("reborn"),
                    "OldImage": image("reborn"),
                },
            }
        assert len(lines) == 4
        assert summary["version"] == "2023-08-01"
        assert summary["outputView"] == "NEW_AND_OLD_IMAGES"
        assert summary["exportFromTime"] == "2026-10-08T23:11:50.000Z"
        assert "exportTime" not in summary
        description = described(client, started)
        assert description["BilledSizeBytes"] == 10_000_000
        assert description["IncrementalExportSpecification"] == {
            "ExportFromTime": start,
            "ExportToTime": end,
            "ExportViewType": "NEW_AND_OLD_IMAGES",
        }
        assert "ExportTime" not in description
        assert len(list((tmp_path / "archive" / "AWSDynamoDB" / "data").iterdir())) == 4

    def test_new_images_only(self, client, ddb, tmp_path, table):
        put(client, "a")
        put(client, "b")
        ddb.clock.advance(minutes=1)
        put(client, "a", n={"N": "1"})
        delete(client, "b")
        ddb.clock.advance(minutes=20)
        found = exported(
            tmp_path, client, **incremental(START + timedelta(seconds=1), view="NEW_IMAGE")
        )
        assert [sorted(line) for line in found] == [
            ["Keys", "Metadata", "NewImage"],
            ["Keys", "Metadata"],
        ]

    def test_until_now_with_both_images_by_default(self, client, ddb, table):
        ddb.clock.advance(minutes=20)
        specification = export(client, **incremental(START))["IncrementalExportSpecification"]
        assert specification == {
            "ExportFromTime": START,
            "ExportToTime": ddb.clock.now(),
            "ExportViewType": "NEW_AND_OLD_IMAGES",
        }

    def test_it_ends_with_time_when_the_mock_has_delays(self, client, tmp_path):
        with mock_dynamodb(s3=tmp_path, delays=60, isolate=True) as ddb:
            ddb.clock.freeze(START)
            new_table(client)
            ddb.settle()
            recover(client)
            put(client, "a")
            started = export(client)
            put(client, "later")
            assert described(client, started)["ExportStatus"] == "IN_PROGRESS"
            assert list((tmp_path / "archive").iterdir()) == []
            ddb.clock.advance(seconds=60)
            assert exported_items(tmp_path, client, started) == items("a")
            assert described(client, started)["EndTime"] == ddb.clock.now()
            second = export(client)
            ddb.settle()
            assert exported_items(tmp_path, client, second) == items("a", "later")

    def test_a_token_gives_the_same_export(self, client, ddb, table):
        first = export(client, ClientToken="one")
        assert export(client, ClientToken="one")["ExportArn"] == first["ExportArn"]
        assert export(client, ClientToken="two")["ExportArn"] != first["ExportArn"]
        assert len(client.list_exports()["ExportSummaries"]) == 2
        ddb.clock.advance(hours=8)
        assert export(client, ClientToken="one")["ExportArn"] != first["ExportArn"]

    def test_a_rollback_takes_the_record_back(self, client, ddb, table):
        with ddb.rollback():
            export(client)
        assert client.list_exports()["ExportSummaries"] == []

    def test_a_saved_state_has_it(self, client, ddb, tmp_path, table):
        put(client, "a")
        started = export(client)
        before = described(client, started)
        ddb.save(tmp_path / "state")
        ddb.reset()
        ddb.load(tmp_path / "state")
        assert described(client, started) == before


def exported_items(tmp_path, client, started):
    lines, _ = lines_of(tmp_path, client, started)
    return sorted((json.loads(line) for line in lines), key=json.dumps)


class TestFilters:
    def test_a_filter_and_a_projection(self, client, tmp_path, table):
        for name, count in (("a", "1"), ("b", "2"), ("c", "3")):
            put(client, name, n={"N": count}, more={"S": "x"})
        wanted = {
            "FilterExpression": "#n >= :two AND pk <> :c",
            "ProjectionExpression": "pk, #n",
            "ExpressionAttributeNames": {"#n": "n"},
            "ExpressionAttributeValues": {":two": {"N": "2"}, ":c": {"S": "c"}},
        }
        found = exported(tmp_path, client, FilterSpecification=wanted)
        assert found == [{"Item": image("b", n={"N": "2"})}]

    def test_a_key_condition(self, client, tmp_path, table):
        put(client, "a")
        put(client, "b")
        values = {":a": {"S": "a"}}
        wanted = {"KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": values}
        assert exported(tmp_path, client, FilterSpecification=wanted) == items("a")
        text = refused(client, FilterSpecification={**wanted, "FilterExpression": "pk = :a"})
        assert text == (
            "Invalid Request: Invalid FilterSpecification: Filter Expression can only contain"
            " non-primary key attributes: Primary key attribute: pk"
        )

    def test_of_changes_the_newest_image_counts(self, client, ddb, tmp_path, table):
        put(client, "a", n={"N": "1"})
        put(client, "b", n={"N": "1"})
        ddb.clock.advance(minutes=1)
        put(client, "a", n={"N": "2"})
        delete(client, "b")
        ddb.clock.advance(minutes=20)
        wanted = {"FilterExpression": "n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
        period = incremental(START + timedelta(seconds=1))
        found = exported(tmp_path, client, FilterSpecification=wanted, **period)
        assert [line["Keys"] for line in found] == [image("b")]

    def test_a_wrong_expression(self, client, table):
        text = refused(client, FilterSpecification={"FilterExpression": "pk ="})
        assert text.startswith(
            "Invalid Request: Invalid FilterSpecification: Invalid FilterExpression: Syntax error;"
        )


class TestErrors:
    def test_a_missing_table(self, client):
        assert refused(client) == f"TableNotFoundException: Table not found: {ARN}"

    def test_a_table_of_another_region(self, client, table):
        arn = ARN.replace("us-east-1", "eu-west-1")
        assert refused(client, TableArn=arn) == f"TableNotFoundException: Table not found: {arn}"

    def test_a_table_of_another_account(self, client, table):
        arn = ARN.replace("123456789012", "2" * 12)
        assert refused(client, TableArn=arn) == "AccessDeniedException: Access is denied"

    def test_a_resource_policy(self, client, table):
        started = export(client)
        statement = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "dynamodb:ExportTableToPointInTime",
            "Resource": ARN,
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        client.put_resource_policy(ResourceArn=ARN, Policy=json.dumps(policy))
        text = refused(client)
        assert text.startswith("AccessDeniedException: User: ")
        assert f"perform: dynamodb:ExportTableToPointInTime on resource: {ARN}" in text
        assert described(client, started)["ExportStatus"] == "COMPLETED"

    def test_point_in_time_recovery_is_off(self, client, table):
        recover(client, enabled=False)
        text = (
            "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for"
            " table 'orders'"
        )
        assert refused(client, S3Bucket="missing") == text
        assert refused(client, **incremental(START, START)) == text

    def test_times_of_a_full_export(self, client, ddb, table):
        ddb.clock.advance(minutes=10)
        for at in (ddb.clock.now() + timedelta(seconds=1), START - timedelta(seconds=1)):
            text = refused(client, ExportTime=at)
            assert text == "InvalidExportTimeException: Export Time is invalid"
        text = refused(client, ExportTime=ddb.clock.now() - timedelta(minutes=4))
        assert text == (
            "InvalidExportTimeException: Point in Time Recovery is not available for specified"
            " export time"
        )
        export(client, ExportTime=ddb.clock.now() - timedelta(minutes=5))

    def test_from_before_the_creation_of_the_table(self, client, table):
        text = (
            "InvalidExportTimeException: Incremental export period from time cannot be less than"
            " the table creation time : 2026-10-08T22:51:49Z"
        )
        early = START - timedelta(seconds=1)
        assert refused(client, **incremental(early)) == text
        recover(client, enabled=False)
        assert refused(client, **incremental(early)) == text

    def test_short_and_long_periods(self, client, ddb, table):
        ddb.clock.advance(minutes=14, seconds=59)
        short = f"InvalidExportTimeException: {PERIOD} less than 15 minutes"
        assert refused(client, **incremental(START)) == short
        ddb.clock.advance(hours=24)
        period = incremental(START, START + timedelta(minutes=14))
        assert refused(client, **period) == short
        text = refused(client, **incremental(START))
        assert text == f"InvalidExportTimeException: {PERIOD} greater than 24 hours"
        export(client, **incremental(START, START + timedelta(hours=24)))

    def test_a_period_that_ends_in_the_future(self, client, ddb, table):
        ddb.clock.advance(minutes=20)
        text = refused(client, **incremental(START, START + timedelta(minutes=21)))
        assert text == (
            "InvalidExportTimeException: Incremental export period to time cannot be greater than"
            " the current time : 2026-10-08T23:12:50Z"
        )

    def test_a_period_from_before_the_recovery(self, client, ddb, table):
        recover(client, enabled=False)
        ddb.clock.advance(minutes=20)
        recover(client)
        ddb.clock.advance(minutes=20)
        text = refused(client, **incremental(START))
        assert text == "InvalidExportTimeException: Export Time is invalid"

    def test_a_token_with_other_parameters(self, client, table):
        export(client, ClientToken="one")
        assert refused(client, ClientToken="one", S3Prefix="p") == (
            "ExportConflictException: Export conflict: Duplicate request detected with conflicting"
            " parameters"
        )

    def test_a_missing_bucket_is_found_later(self, client, table):
        started = export(client, S3Prefix="p", ClientToken="t")
        response = client.export_table_to_point_in_time(TableArn=ARN, S3Bucket="missing")
        assert response["ExportDescription"]["ExportStatus"] == "IN_PROGRESS"
        failed = described(client, response["ExportDescription"])
        assert failed["ExportStatus"] == "FAILED"
        assert failed["FailureCode"] == "S3NoSuchBucket"
        assert failed["FailureMessage"].startswith(
            "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code:"
            " NoSuchBucket; Request ID: "
        )
        assert failed["FailureMessage"].endswith("; Proxy: null)")
        assert "ItemCount" not in failed
        assert [each["ExportStatus"] for each in client.list_exports()["ExportSummaries"]] == [
            "FAILED",
            "COMPLETED",
        ]
        assert described(client, started)["ExportStatus"] == "COMPLETED"


class TestLists:
    def test_pages_the_newest_first(self, client, ddb, table):
        arns = [export(client)["ExportArn"]]
        for _ in range(11):
            ddb.clock.advance(seconds=1)
            arns.append(export(client)["ExportArn"])
        first = client.list_exports()
        assert [each["ExportArn"] for each in first["ExportSummaries"]] == arns[:1:-1]
        token = first["NextToken"]
        assert len(token) % 16 == 0
        assert set(token) <= set("0123456789abcdef")
        second = client.list_exports(NextToken=token, TableArn=ARN, MaxResults=2)
        assert [each["ExportArn"] for each in second["ExportSummaries"]] == [arns[1], arns[0]]
        assert "NextToken" not in second
        assert second["ExportSummaries"][0] == {
            "ExportArn": arns[1],
            "ExportStatus": "COMPLETED",
            "ExportType": "FULL_EXPORT",
        }

    def test_a_table_that_is_gone(self, client, table):
        started = export(client)
        assert len(client.list_exports(TableArn=ARN)["ExportSummaries"]) == 1
        client.delete_table(TableName="orders")
        for _ in range(2):
            assert client.list_exports(TableArn=ARN)["ExportSummaries"] == []
            assert len(client.list_exports()["ExportSummaries"]) == 1
            assert described(client, started)["ExportStatus"] == "COMPLETED"
            new_table(client)
            client.delete_table(TableName="orders")

    def test_ninety_days(self, client, ddb, table):
        export(client)
        ddb.clock.advance(days=91)
        assert client.list_exports()["ExportSummaries"] == []

    def test_the_waiter(self, client, table):
        started = export(client)
        client.get_waiter("export_completed").wait(ExportArn=started["ExportArn"])
        failing = client.export_table_to_point_in_time(TableArn=ARN, S3Bucket="missing")
        with pytest.raises(Exception, match="FAILED"):
            client.get_waiter("export_completed").wait(
                ExportArn=failing["ExportDescription"]["ExportArn"]
            )


def test_a_sort_key_and_indexes(client, tmp_path):
    new_table(client, AttributeDefinitions=definitions(pk="S", sk="N"), KeySchema=keys("pk", "sk"))
    recover(client)
    for number in ("2", "10"):
        put(client, "a", sk={"N": number})
    wanted = {
        "KeyConditionExpression": "pk = :a AND sk > :n",
        "ExpressionAttributeValues": {":a": {"S": "a"}, ":n": {"N": "5"}},
    }
    found = exported(tmp_path, client, FilterSpecification=wanted)
    assert found == [{"Item": image("a", sk={"N": "10"})}]


def test_without_anything_that_answers(dynamodb_client):
    with mock_dynamodb(isolate=True):
        new_table(dynamodb_client)
        recover(dynamodb_client)
        with pytest.raises(
            MisuseError, match=r"nothing answers the S3 request .*mock_dynamodb\(s3"
        ):
            export(dynamodb_client)
        assert dynamodb_client.list_exports()["ExportSummaries"] == []


class TestFolders:
    """Folders that cannot be buckets."""

    @pytest.mark.parametrize(
        "prefix", ["/p", "..", "a/../b", "a//b", ".", "a\\b", "a\0b", "x" * 999]
    )
    def test_keys_that_are_no_files(self, client, table, tmp_path, prefix):
        with pytest.raises(MisuseError, match="folder"):
            export(client, S3Prefix=prefix)
        assert client.list_exports()["ExportSummaries"] == []
        assert [path.name for path in tmp_path.iterdir()] == ["archive"]

    def test_a_file_in_the_way(self, client, table, tmp_path):
        (tmp_path / "archive" / "p").touch()
        with pytest.raises(MisuseError, match="which is in the folder that the mock has as S3"):
            export(client, S3Prefix="p")

    def test_what_goes_wrong_later_fails_the_export(self, client, tmp_path):
        with mock_dynamodb(s3=tmp_path, delays=60, isolate=True) as ddb:
            new_table(client)
            ddb.settle()
            recover(client)
            started = export(client)
            ddb.s3 = None
            ddb.settle()
            failed = described(client, started)
            assert failed["FailureCode"] == "S3Unavailable"
            assert failed["FailureMessage"].startswith("nothing answers the S3 request")


@pytest.mark.parametrize("count", [1, 2])
def test_too_many_at_once(client, tmp_path, monkeypatch, count):
    monkeypatch.setattr(limits, "CONCURRENT_EXPORTS_MAX", count)
    with mock_dynamodb(s3=tmp_path, delays=60, isolate=True) as ddb:
        new_table(client)
        ddb.settle()
        recover(client)
        for _ in range(count):
            export(client)
        text = refused(client)
        assert text.startswith("LimitExceededException: Subscriber limit exceeded: ")
        ddb.settle()
        export(client)


def test_codes_are_modelled(client, table):
    recover(client, enabled=False)
    with pytest.raises(client.exceptions.PointInTimeRecoveryUnavailableException) as caught:
        export(client)
    assert text_of(caught.value).endswith("'orders'")
    assert isinstance(caught.value, ClientError)
