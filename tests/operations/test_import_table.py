"""ImportTable from a folder; tests/beside has it with moto's S3."""

from __future__ import annotations

import gzip
import json
import sys
from datetime import datetime, timedelta, timezone

import pytest

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal import limits
from tests.operations.table_helpers import (
    ON_DEMAND,
    an_index,
    definitions,
    described,
    keys,
    new_table,
)
from tests.refusals import refusal

INVALID = "One or more parameter values were invalid: "
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
START = datetime(2026, 10, 8, 22, 51, 50, tzinfo=timezone.utc)
TABLE = {
    "TableName": "orders",
    "KeySchema": keys("pk"),
    "AttributeDefinitions": definitions(pk="S"),
    **ON_DEMAND,
}
NOT_VALID = (
    "Some of the items failed validation checks and were not imported. Please check CloudWatch"
    " error logs for more details."
)


@pytest.fixture(autouse=True)
def bucket(ddb, tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    ddb.s3 = tmp_path
    ddb.clock.freeze(START)
    return folder


def request_for(input_format="DYNAMODB_JSON", *, prefix="data/", table=TABLE, **more):
    source = {"S3Bucket": "archive", "S3KeyPrefix": prefix}
    return {
        "S3BucketSource": source,
        "InputFormat": input_format,
        "TableCreationParameters": table,
        **more,
    }


def start(client, *arguments, **more):
    return client.import_table(**request_for(*arguments, **more))["ImportTableDescription"]


def describe(client, started):
    response = client.describe_import(ImportArn=started["ImportArn"])
    return response["ImportTableDescription"]


def imported(client, *arguments, **more):
    """Import a table, and return the description at the end."""
    return describe(client, start(client, *arguments, **more))


def write(bucket, name, content):
    path = bucket / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def line(pk, **attributes):
    return json.dumps({"Item": {"pk": {"S": pk}, **attributes}}) + "\n"


def items(ddb, name="orders"):
    return sorted(ddb.tables[name].items, key=json.dumps)


def counts(description):
    names = ("ProcessedItemCount", "ImportedItemCount", "ErrorCount")
    return tuple(description[name] for name in names)


def refused(client, *arguments, **more):
    return refusal(client.import_table, **request_for(*arguments, **more))


class TestRequestValidation:
    @pytest.mark.parametrize(
        ("more", "text"),
        [
            (
                {"InputFormatOptions": {"Csv": {"Delimiter": ";"}}},
                (
                    "Invalid Request: Unsupported InputFormatOptions for the given input format:"
                    " DYNAMODB_JSON."
                ),
            ),
            (
                {"InputCompressionType": "BZIP2"},
                (
                    "1 validation error detected: Value 'BZIP2' at 'inputCompressionType' failed to"
                    " satisfy constraint: Member must satisfy enum value set: [ZSTD, NONE, GZIP]"
                ),
            ),
            (
                {"table": {**TABLE, "BillingMode": "PROVISIONED"}},
                (
                    f"{INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified"
                    " when BillingMode is PROVISIONED"
                ),
            ),
            (
                {
                    "table": {
                        **TABLE,
                        "BillingMode": "PROVISIONED",
                        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                        "OnDemandThroughput": {"MaxWriteRequestUnits": 5},
                    }
                },
                (
                    f"{INVALID}MaxWriteRequestUnits for OnDemandThroughput cannot be specified"
                    " when table BillingMode is PROVISIONED."
                ),
            ),
        ],
    )
    def test_refused_requests(self, raw, more, text):
        assert refused(raw, **more) == text

    def test_a_long_delimiter(self, raw):
        text = refused(raw, "CSV", InputFormatOptions={"Csv": {"Delimiter": ";;"}})
        assert text.startswith(
            "2 validation errors detected: Value ';;' at 'inputFormatOptions.csv.delimiter' failed"
            " to satisfy constraint: Member must satisfy regular expression pattern: [,;"
        )

    def test_keys_that_are_not_defined(self, client):
        table = {**TABLE, "AttributeDefinitions": definitions(other="S")}
        assert "pk" in refused(client, table=table)


class TestBehaviour:
    def test_the_answer_and_the_description(self, client, bucket):
        content = line("a") + line("b")
        write(bucket, "1.json", content)
        started = start(client, ClientToken="token")
        identifier = started["ImportArn"].removeprefix(f"{ARN}/import/")
        assert identifier.partition("-")[0] == f"0{int(START.timestamp() * 1000)}"
        common = {
            "ImportArn": started["ImportArn"],
            "TableArn": ARN,
            "TableId": described(client)["TableId"],
            "ClientToken": "token",
            "S3BucketSource": {
                "S3Bucket": "archive",
                "S3BucketOwner": "123456789012",
                "S3KeyPrefix": "data/",
            },
            "CloudWatchLogGroupArn": (
                "arn:aws:logs:us-east-1:123456789012:log-group:/aws-dynamodb/imports:*"
            ),
            "InputFormat": "DYNAMODB_JSON",
            "InputCompressionType": "NONE",
            "TableCreationParameters": TABLE,
            "StartTime": START,
            "ErrorCount": 0,
        }
        none = {"ProcessedSizeBytes": 0, "ProcessedItemCount": 0, "ImportedItemCount": 0}
        assert started == {**common, **none, "ImportStatus": "IN_PROGRESS"}
        assert describe(client, started) == {
            **common,
            "ImportStatus": "COMPLETED",
            "EndTime": START,
            "ProcessedSizeBytes": len(content),
            "ProcessedItemCount": 2,
            "ImportedItemCount": 2,
        }
        assert client.list_imports()["ImportSummaryList"] == [
            {
                name: common[name]
                for name in (
                    *("ImportArn", "TableArn", "S3BucketSource", "CloudWatchLogGroupArn"),
                    *("InputFormat", "StartTime"),
                )
            }
            | {"ImportStatus": "COMPLETED", "EndTime": START}
        ]

    def test_a_table_with_indexes(self, client, ddb, bucket):
        write(bucket, "1.json", line("a", by={"S": "x"}) + line("b"))
        table = {
            **TABLE,
            "AttributeDefinitions": definitions(pk="S", by="S"),
            "GlobalSecondaryIndexes": [an_index("by-by", "by")],
            "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
        }
        assert imported(client, table=table)["ImportStatus"] == "COMPLETED"
        description = described(client)
        assert description["TableStatus"] == "ACTIVE"
        assert description["SSEDescription"]["Status"] == "ENABLED"
        assert ddb.tables["orders"].indexes["by-by"].item_count == 1
        assert ddb.tables["orders"].item_count == 2
        found = client.query(
            TableName="orders",
            IndexName="by-by",
            KeyConditionExpression="#b = :x",
            ExpressionAttributeNames={"#b": "by"},
            ExpressionAttributeValues={":x": {"S": "x"}},
        )
        assert found["Items"] == [{"pk": {"S": "a"}, "by": {"S": "x"}}]

    def test_a_prefix_is_no_folder(self, client, ddb, bucket):
        write(bucket, "1.json", line("a"))
        for name in ("data2/x", "data.bak", "other"):
            path = bucket / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(line(name))
        one = imported(client, prefix="data/1.json", table={**TABLE, "TableName": "one"})
        assert counts(one) == (1, 1, 0)
        imported(client, prefix="data")
        assert [item["pk"]["S"] for item in items(ddb)] == ["a", "data.bak", "data2/x"]

    def test_no_objects(self, client, ddb):
        assert imported(client)["ImportStatus"] == "COMPLETED"
        assert described(client)["TableStatus"] == "ACTIVE"
        assert items(ddb) == []

    def test_equal_keys_overwrite(self, client, ddb, bucket):
        write(bucket, "1.json", line("a") + line("a", n={"N": "2"}))
        assert counts(imported(client)) == (2, 2, 0)
        assert items(ddb) == [{"pk": {"S": "a"}, "n": {"N": "2"}}]

    def test_it_is_no_call_that_writes(self, client, ddb, bucket):
        write(bucket, "1.json", line("a"))
        with ddb.budget(at_most=0):
            imported(client)

    def test_delays(self, client, tmp_path, bucket):
        write(bucket, "1.json", line("a"))
        with mock_dynamodb(s3=tmp_path, delays=100, isolate=True) as ddb:
            ddb.clock.freeze(START)
            started = start(client)
            missing = client.exceptions.ResourceNotFoundException
            with pytest.raises(missing):
                client.describe_table(TableName="orders")
            ddb.clock.advance(seconds=31)
            assert described(client)["TableStatus"] == "CREATING"
            in_use = client.exceptions.ResourceInUseException
            not_ready = client.exceptions.ContinuousBackupsUnavailableException
            recovery = {"PointInTimeRecoveryEnabled": True}
            ttl = {"AttributeName": "ttl", "Enabled": True}
            for error, call, request in (
                (in_use, client.delete_table, {}),
                (in_use, client.update_table, {"DeletionProtectionEnabled": True}),
                (in_use, client.update_time_to_live, {"TimeToLiveSpecification": ttl}),
                (missing, client.put_item, {"Item": {"pk": {"S": "b"}}}),
                (not_ready, client.create_backup, {"BackupName": "backup"}),
                (
                    not_ready,
                    client.update_continuous_backups,
                    {"PointInTimeRecoverySpecification": recovery},
                ),
            ):
                with pytest.raises(error):
                    call(TableName="orders", **request)
            with pytest.raises(missing):
                client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "k", "Value": "v"}])
            assert describe(client, started)["ImportStatus"] == "IN_PROGRESS"
            assert described(client)["TableId"] == started["TableId"]
            ddb.clock.advance(seconds=69)
            assert describe(client, started)["ImportStatus"] == "COMPLETED"
            assert described(client)["TableStatus"] == "ACTIVE"
            assert items(ddb) == [{"pk": {"S": "a"}}]

    def test_settling(self, client, tmp_path, bucket):
        write(bucket, "1.json", line("a"))
        with mock_dynamodb(s3=tmp_path, delays=100, isolate=True) as ddb:
            ddb.clock.freeze(START)
            started = start(client)
            ddb.settle()
            assert describe(client, started)["EndTime"] == START
            assert described(client)["TableStatus"] == "ACTIVE"
            assert items(ddb) == [{"pk": {"S": "a"}}]

    def test_a_rollback(self, client, ddb, bucket):
        write(bucket, "1.json", line("a"))
        with ddb.rollback():
            imported(client)
        assert client.list_imports()["ImportSummaryList"] == []
        assert dict(ddb.tables) == {}

    def test_a_saved_state(self, client, ddb, bucket, tmp_path):
        write(bucket, "1.json", line("a") + "{}\n")
        started = start(client)
        before = describe(client, started)
        ddb.save(tmp_path / "state")
        ddb.reset()
        ddb.load(tmp_path / "state")
        assert describe(client, started) == before


class TestFormats:
    def test_csv(self, client, ddb, bucket):
        write(bucket, "1.csv", 'pk,n,by,note\na,1,5,"say ""hi"", you"\nb,,6,\n')
        table = {
            **TABLE,
            "AttributeDefinitions": definitions(pk="S", by="N"),
            "GlobalSecondaryIndexes": [an_index("by-by", "by")],
        }
        assert counts(imported(client, "CSV", table=table)) == (2, 2, 0)
        assert items(ddb) == [
            {
                "pk": {"S": "a"},
                "n": {"S": "1"},
                "by": {"N": "5"},
                "note": {"S": 'say "hi", you'},
            },
            {"pk": {"S": "b"}, "by": {"N": "6"}},
        ]

    def test_csv_with_options(self, client, ddb, bucket):
        write(bucket, "1.csv", "a;1\nb;2\n")
        options = {"Csv": {"Delimiter": ";", "HeaderList": ["pk", "n"]}}
        description = imported(client, "CSV", InputFormatOptions=options)
        assert description["InputFormatOptions"] == options
        assert [item["n"]["S"] for item in items(ddb)] == ["1", "2"]

    def test_a_quote_in_csv(self, client, ddb, bucket):
        write(bucket, "1.csv", 'pk\na\nb"c\nd\n')
        assert counts(imported(client, "CSV")) == (2, 1, 1)

    @pytest.mark.parametrize(
        "text",
        [
            '$ion_1_0 {Item:{pk:"a",n:1.5}}\n$ion_1_0 {Item:{pk:"b",tags:$dynamodb_SS::["x"]}}\n',
            '$ion_1_0 [{Item:{pk:"a",n:1.5}},{Item:{pk:"b",tags:$dynamodb_SS::["x"]}}]',
        ],
    )
    def test_ion(self, client, ddb, bucket, text):
        write(bucket, "1.txt", text)
        assert counts(imported(client, "ION")) == (2, 2, 0)
        assert items(ddb) == [
            {"pk": {"S": "a"}, "n": {"N": "1.5"}},
            {"pk": {"S": "b"}, "tags": {"SS": ["x"]}},
        ]

    def test_gzip(self, client, ddb, bucket):
        write(bucket, "1", gzip.compress(line("a").encode()))
        description = imported(client, InputCompressionType="GZIP")
        assert counts(description) == (1, 1, 0)
        assert description["ProcessedSizeBytes"] == len(line("a"))
        assert items(ddb) == [{"pk": {"S": "a"}}]

    def test_zstandard(self, client, ddb, bucket):
        module = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
        zstd = pytest.importorskip(module)
        write(bucket, "1", zstd.compress(line("a").encode()))
        assert counts(imported(client, InputCompressionType="ZSTD")) == (1, 1, 0)
        assert items(ddb) == [{"pk": {"S": "a"}}]

    @pytest.mark.parametrize(
        ("more", "library", "hidden"),
        [
            ({"InputCompressionType": "ZSTD"}, "backports.zstd", "zstd"),
            ({"InputFormat": "ION"}, "amazon.ion", "ion"),
        ],
    )
    def test_a_library_that_is_not_there(self, client, ddb, monkeypatch, more, library, hidden):
        for name in ("compression.zstd", "backports.zstd", "amazon.ion", "amazon"):
            monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(MisuseError, match=f"install {library}: pip install .*{hidden}"):
            client.import_table(**{**request_for(), **more})
        assert client.list_imports()["ImportSummaryList"] == []


class TestWrongItems:
    def test_the_good_items_stay(self, client, ddb, bucket):
        lines = [line(f"{number}") for number in range(10)]
        lines[5] = '{"Item": {"other": {"S": "x"}}}\n'
        write(bucket, "1.json", "".join(lines))
        started = start(client)
        description = describe(client, started)
        assert description["ImportStatus"] == "FAILED"
        assert description["FailureCode"] == "ItemValidationError"
        assert description["FailureMessage"] == NOT_VALID
        assert counts(description) == (10, 9, 1)
        assert described(client)["TableStatus"] == "ACTIVE"
        assert ddb.tables["orders"].item_count == 9
        assert ddb.import_errors(started["ImportArn"]) == [
            {
                "itemS3Pointer": {"bucket": "archive", "key": "data/1.json", "itemIndex": 5},
                "importArn": started["ImportArn"],
                "errorMessages": [f"{INVALID}Missing the key pk in the item"],
            }
        ]

    def test_a_line_that_cannot_be_parsed_ends_its_object(self, client, ddb, bucket):
        lines = [line(f"{number}") for number in range(10)]
        lines[5] = '{"Item": \n'
        write(bucket, "1.json", "".join(lines))
        write(bucket, "2.json", line("other"))
        assert counts(imported(client)) == (7, 6, 1)

    def test_the_wrong_compression(self, client, bucket):
        write(bucket, "1.json", line("a"))
        assert counts(imported(client, InputCompressionType="GZIP")) == (1, 0, 1)

    @pytest.mark.parametrize(
        "item",
        [
            {"pk": {"N": "1"}},
            {"pk": {"S": ""}},
            {"pk": {"S": "a"}, "n": {"N": "x"}},
            {"pk": {"S": "a"}, "big": {"S": "x" * 410_000}},
            {"pk": {"S": "a"}, "s": {"SS": []}},
            {"pk": {"S": "a"}, "s": {"X": "y"}},
        ],
    )
    def test_items_that_the_service_refuses(self, client, bucket, item):
        write(bucket, "1.json", json.dumps({"Item": item}) + "\n" + line("b"))
        assert counts(imported(client)) == (2, 1, 1)

    def test_an_index_key_of_another_type(self, client, bucket):
        write(bucket, "1.json", line("a", by={"N": "1"}) + line("b", by={"S": "x"}))
        table = {
            **TABLE,
            "AttributeDefinitions": definitions(pk="S", by="S"),
            "GlobalSecondaryIndexes": [an_index("by-by", "by")],
        }
        assert counts(imported(client, table=table)) == (2, 1, 1)


class TestErrors:
    def test_the_errors_of_no_import(self, ddb):
        with pytest.raises(MisuseError, match="there is no import 'x'"):
            ddb.import_errors("x")

    def test_a_name_that_is_taken(self, client):
        new_table(client)
        assert refused(client) == "ResourceInUseException: Table already exists: orders"

    def test_a_missing_bucket(self, client, ddb):
        source = {"S3Bucket": "missing"}
        description = imported(client, S3BucketSource=source)
        assert description["ImportStatus"] == "FAILED"
        assert description["FailureCode"] == "S3NoSuchBucket"
        assert description["FailureMessage"].startswith(
            "The specified bucket does not exist (Service: Amazon S3; Status Code: 404;"
        )
        assert description["TableArn"] == ARN
        assert "TableId" in description
        assert dict(ddb.tables) == {}

    def test_a_lost_race_for_a_name(self, client, tmp_path):
        with mock_dynamodb(s3=tmp_path, delays=100, isolate=True) as ddb:
            ddb.clock.freeze(START)
            first = start(client)
            second = start(client)
            ddb.clock.advance(seconds=35)
            third = start(client)
            ddb.settle()
            assert describe(client, first)["ImportStatus"] == "COMPLETED"
            for lost in (second, third):
                assert describe(client, lost)["FailureCode"] == "TableAlreadyExists"
            listed = client.list_imports()["ImportSummaryList"]
            assert [each["ImportStatus"] for each in listed] == ["FAILED", "FAILED", "COMPLETED"]

    def test_too_many_at_once(self, client, tmp_path, monkeypatch):
        monkeypatch.setattr(limits, "CONCURRENT_IMPORTS_MAX", 1)
        with mock_dynamodb(s3=tmp_path, delays=100, isolate=True):
            start(client)
            text = refused(client, table={**TABLE, "TableName": "others"})
            assert text.startswith("LimitExceededException: Subscriber limit exceeded: ")

    def test_what_goes_wrong_later_fails_the_import(self, client, tmp_path):
        with mock_dynamodb(s3=tmp_path, delays=100, isolate=True) as ddb:
            started = start(client)
            ddb.s3 = None
            ddb.settle()
            assert describe(client, started)["FailureCode"] == "S3Unavailable"
            assert dict(ddb.tables) == {}

    def test_tokens(self, client, tmp_path):
        with mock_dynamodb(s3=tmp_path, delays=100, isolate=True) as ddb:
            ddb.clock.freeze(START)
            first = start(client, ClientToken="one")
            again = start(client, ClientToken="one", prefix="other/")
            assert again["ImportArn"] == first["ImportArn"]
            other = {**TABLE, "TableName": "others"}
            assert refused(client, ClientToken="one", table=other) == (
                "ImportConflictException: Import conflict: Duplicate request detected with"
                " conflicting parameters"
            )
            ddb.settle()
            text = refused(client, ClientToken="one")
            assert text == "ResourceInUseException: Table already exists: orders"
            client.delete_table(TableName="orders")
            ddb.settle()
            again = start(client, ClientToken="one")
            assert again["ImportArn"] == first["ImportArn"]
            assert again["ImportStatus"] == "COMPLETED"
            assert dict(ddb.tables) == {}


class TestLists:
    def test_pages(self, client, ddb):
        arns = []
        for number in range(12):
            ddb.clock.advance(seconds=1)
            table = {**TABLE, "TableName": f"orders-{number}"}
            arns.append(start(client, table=table)["ImportArn"])
        first = client.list_imports()
        assert [each["ImportArn"] for each in first["ImportSummaryList"]] == arns[:1:-1]
        assert len(first["NextToken"]) >= 112
        second = client.list_imports(NextToken=first["NextToken"], PageSize=25)
        assert [each["ImportArn"] for each in second["ImportSummaryList"]] == [arns[1], arns[0]]
        assert "NextToken" not in second

    def test_a_table_that_is_gone(self, client):
        start(client)
        client.delete_table(TableName="orders")
        assert len(client.list_imports(TableArn=ARN)["ImportSummaryList"]) == 1
        assert client.list_imports(TableArn=f"{ARN}s")["ImportSummaryList"] == []

    def test_the_waiter(self, client):
        waiter = client.get_waiter("import_completed")
        waiter.wait(ImportArn=start(client)["ImportArn"])


def test_an_import_of_an_export(client, ddb, bucket):
    new_table(client)
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    for name in ("a", "b", "c"):
        client.put_item(TableName="orders", Item={"pk": {"S": name}})
    ddb.clock.advance(timedelta(minutes=1))
    response = client.export_table_to_point_in_time(TableArn=ARN, S3Bucket="archive")
    arn = response["ExportDescription"]["ExportArn"]
    root = f"AWSDynamoDB/{arn.rpartition('/')[2]}/"
    copy = {**TABLE, "TableName": "copy"}
    description = imported(client, prefix=f"{root}data/", table=copy, InputCompressionType="GZIP")
    assert counts(description) == (3, 3, 0)
    assert items(ddb, "copy") == items(ddb)
    everything = {**TABLE, "TableName": "everything"}
    description = imported(client, prefix=root, table=everything, InputCompressionType="GZIP")
    assert counts(description) == (7, 3, 4)
    wrong = {**TABLE, "TableName": "wrong"}
    assert counts(imported(client, prefix=f"{root}data/", table=wrong)) == (4, 0, 4)
