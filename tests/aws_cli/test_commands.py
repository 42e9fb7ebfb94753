"""A working day with the AWS CLI: tables, items, transactions, statements, streams, pages."""

from __future__ import annotations

import pytest

from ddbmock._internal.operations import OPERATIONS

CREATE = r"""
aws dynamodb create-table --table-name Music \
  --attribute-definitions AttributeName=Artist,AttributeType=S AttributeName=Song,AttributeType=S \
      AttributeName=Year,AttributeType=N \
  --key-schema AttributeName=Artist,KeyType=HASH AttributeName=Song,KeyType=RANGE \
  --local-secondary-indexes 'IndexName=ByYear,KeySchema=[{AttributeName=Artist,KeyType=HASH},
      {AttributeName=Year,KeyType=RANGE}],Projection={ProjectionType=ALL}' \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES \
  --tags Key=team,Value=tests \
  --provisioned-throughput ReadCapacityUnits=5,WriteCapacityUnits=5
"""
PUT = """
for year in 1969 1970 1973 1975; do
  puts="$puts${puts:+,}"'{"PutRequest": {"Item": {
    "Artist": {"S": "Blue"}, "Song": {"S": "s'$year'"}, "Year": {"N": "'$year'"},
    "Cover": {"B": "abcd"}, "Sold": {"N": "12345678901234567890.5"}}}}'
done
aws dynamodb batch-write-item --request-items '{"Music": ['"$puts"']}'
"""
#: The first CLI, which is the one on PyPI, takes binary values as text and shows them in base64.
COVER = {"B": "YWJjZA=="}


@pytest.fixture
def shell(new_shell):
    shell = new_shell()
    (created, *_) = done(shell, CREATE + PUT)
    assert created["TableDescription"]["TableStatus"] == "ACTIVE"
    return shell


def done(shell, script):
    """The responses to a script's commands, all of which are done."""
    commands = shell.run(script)
    assert [str(command) for command in commands if command.status] == []
    return [command.answer if command.out else None for command in commands]


def refused(shell, script):
    """The arguments of the one command of a script."""
    (command,) = shell.run(script)
    assert command.status != 0
    return command.errors.strip()


def test_items(shell):
    key = """ --table-name Music --key '{"Artist": {"S": "Blue"}, "Song": {"S": "s1970"}}' """
    values = """ --expression-attribute-values '{":n": {"N": "1"}}' """
    got, updated, deleted, gone = done(
        shell,
        f"""
        aws dynamodb get-item {key} --consistent-read --return-consumed-capacity TOTAL
        aws dynamodb update-item {key} {values} --update-expression "ADD Plays :n" \
          --condition-expression "attribute_not_exists(Plays)" --return-values UPDATED_NEW
        aws dynamodb delete-item {key} --return-values ALL_OLD
        aws dynamodb get-item {key}
        """,
    )
    assert got["Item"]["Cover"] == COVER
    assert got["Item"]["Sold"] == {"N": "12345678901234567890.5"}
    assert got["ConsumedCapacity"] == {"TableName": "Music", "CapacityUnits": 1.0}
    assert updated["Attributes"] == {"Plays": {"N": "1"}}
    assert deleted["Attributes"]["Year"] == {"N": "1970"}
    assert gone is None


def test_queries_and_scans_in_pages(shell):
    newest, paged, counted = done(
        shell,
        """
        aws dynamodb query --table-name Music --index-name ByYear --no-scan-index-forward \
          --key-condition-expression "Artist = :a AND #y > :y" --projection-expression Song \
          --expression-attribute-names '{"#y": "Year"}' \
          --expression-attribute-values '{":a": {"S": "Blue"}, ":y": {"N": "1969"}}'
        aws dynamodb scan --table-name Music --page-size 1 --max-items 3
        aws dynamodb scan --table-name Music --select COUNT
        """,
    )
    assert [item["Song"]["S"] for item in newest["Items"]] == ["s1975", "s1973", "s1970"]
    assert len(paged["Items"]) == 3
    assert "NextToken" in paged
    assert (counted["Count"], counted["ScannedCount"]) == (4, 4)


def test_batches_and_transactions(shell):
    written, read, _ = done(
        shell,
        """
        aws dynamodb batch-write-item --request-items '{"Music": [{"DeleteRequest":
          {"Key": {"Artist": {"S": "Blue"}, "Song": {"S": "s1969"}}}}]}'
        aws dynamodb batch-get-item --request-items '{"Music": {"Keys": [
          {"Artist": {"S": "Blue"}, "Song": {"S": "s1969"}},
          {"Artist": {"S": "Blue"}, "Song": {"S": "s1970"}}]}}'
        aws dynamodb transact-write-items --transact-items '[{"Put": {"TableName": "Music",
          "Item": {"Artist": {"S": "Red"}, "Song": {"S": "x"}, "Year": {"N": "2000"}}}}]'
        """,
    )
    assert written == {"UnprocessedItems": {}}
    assert [item["Song"]["S"] for item in read["Responses"]["Music"]] == ["s1970"]
    error = refused(
        shell,
        """
        aws dynamodb transact-write-items --transact-items '[{"ConditionCheck": {"TableName":
          "Music", "Key": {"Artist": {"S": "Red"}, "Song": {"S": "x"}},
          "ConditionExpression": "attribute_not_exists(Artist)"}}]'
        """,
    )
    assert error.startswith("An error occurred (TransactionCanceledException) when calling the")
    assert "[ConditionalCheckFailed]" in error


def test_streams(shell):
    *_, records = done(
        shell,
        """
        arn=$(aws dynamodbstreams list-streams --table-name Music \
          --query 'Streams[0].StreamArn' --output json | tr -d '"')
        shard=$(aws dynamodbstreams describe-stream --stream-arn "$arn" \
          --query 'StreamDescription.Shards[0].ShardId' --output json | tr -d '"')
        iterator=$(aws dynamodbstreams get-shard-iterator --stream-arn "$arn" \
          --shard-id "$shard" --shard-iterator-type TRIM_HORIZON \
          --query ShardIterator --output json | tr -d '"')
        aws dynamodbstreams get-records --shard-iterator "$iterator"
        """,
    )
    names = [record["eventName"] for record in records["Records"]]
    assert names == ["INSERT"] * 4
    assert records["Records"][0]["dynamodb"]["NewImage"]["Cover"] == COVER


@pytest.mark.skipif("ExecuteStatement" not in OPERATIONS, reason="no PartiQL operations yet")
def test_statements(shell):
    (response,) = done(
        shell,
        """
        aws dynamodb execute-statement --parameters '[{"S": "Blue"}]' \
          --statement 'SELECT Song FROM Music WHERE Artist = ? AND Song > '"'s1972'"
        """,
    )
    assert [item["Song"]["S"] for item in response["Items"]] == ["s1973", "s1975"]


def test_backups(shell):
    created, arn, described, restored, deleted, left = done(
        shell,
        """
        aws dynamodb create-backup --table-name Music --backup-name before
        arn=$(aws dynamodb list-backups --query 'BackupSummaries[0].BackupArn' | tr -d '"')
        aws dynamodb describe-backup --backup-arn "$arn"
        aws dynamodb restore-table-from-backup --target-table-name Copy --backup-arn "$arn"
        aws dynamodb delete-backup --backup-arn "$arn"
        aws dynamodb list-backups --backup-type ALL
        """,
    )
    assert created["BackupDetails"]["BackupArn"] == arn
    features = described["BackupDescription"]["SourceTableFeatureDetails"]
    assert features["StreamDescription"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert restored["TableDescription"]["RestoreSummary"]["SourceBackupArn"] == arn
    assert deleted["BackupDescription"]["BackupDetails"]["BackupStatus"] == "DELETED"
    assert left == {"BackupSummaries": []}


def test_point_in_time_recovery(shell):
    off, on, restored, scanned = done(
        shell,
        """
        aws dynamodb describe-continuous-backups --table-name Music
        aws dynamodb update-continuous-backups --table-name Music \
          --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
        aws dynamodb restore-table-to-point-in-time --source-table-name Music \
          --target-table-name Then --use-latest-restorable-time
        aws dynamodb scan --table-name Then --select COUNT
        """,
    )
    recoveries = [
        each["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"] for each in (off, on)
    ]
    assert [each["PointInTimeRecoveryStatus"] for each in recoveries] == ["DISABLED", "ENABLED"]
    assert restored["TableDescription"]["TableName"] == "Then"
    assert scanned["Count"] == 4


def test_errors(shell):
    assert refused(shell, "aws dynamodb describe-table --table-name None") == (
        "An error occurred (ResourceNotFoundException) when calling the DescribeTable operation:"
        " Requested resource not found: Table: None not found"
    )
    assert refused(shell, "aws dynamodb scan --table-name Music --filter-expression 'a ='") == (
        "An error occurred (ValidationException) when calling the Scan operation: Invalid"
        ' FilterExpression: Syntax error; token: "<EOF>", near: "="'
    )
    unrecoverable = refused(
        shell,
        "aws dynamodb export-table-to-point-in-time --s3-bucket bucket"
        " --table-arn arn:aws:dynamodb:us-east-1:123456789012:table/Music",
    )
    assert unrecoverable == (
        "An error occurred (PointInTimeRecoveryUnavailableException) when calling the"
        " ExportTableToPointInTime operation: Point in time recovery is not enabled for table"
        " 'Music'"
    )


def test_regions_are_apart(shell):
    here, there = done(
        shell,
        "aws dynamodb list-tables; aws dynamodb list-tables --region eu-west-1",
    )
    assert here == {"TableNames": ["Music"]}
    assert there == {"TableNames": []}


def test_the_end_of_a_table(shell):
    deleted, _, left = done(
        shell,
        """
        aws dynamodb delete-table --table-name Music
        aws dynamodb wait table-not-exists --table-name Music
        aws dynamodb list-tables
        """,
    )
    assert deleted["TableDescription"]["TableName"] == "Music"
    assert left == {"TableNames": []}


def test_insights_policies_and_kinesis(shell):
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Music"
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS":'
        ' "222233334444"}, "Action": "dynamodb:GetItem", "Resource": "*"}]}'
    )
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
    enabled, described, listed, put, got, _, destinations, streaming = done(
        shell,
        f"""
        aws dynamodb update-contributor-insights --table-name Music \\
            --contributor-insights-action ENABLE
        aws dynamodb describe-contributor-insights --table-name Music
        aws dynamodb list-contributor-insights
        aws dynamodb put-resource-policy --resource-arn {arn} --policy '{policy}'
        aws dynamodb get-resource-policy --resource-arn {arn}
        aws dynamodb enable-kinesis-streaming-destination --table-name Music \\
            --stream-arn {stream}
        aws dynamodb describe-kinesis-streaming-destination --table-name Music
        aws dynamodb disable-kinesis-streaming-destination --table-name Music \\
            --stream-arn {stream}
        """,
    )
    assert enabled["ContributorInsightsStatus"] == "ENABLING"
    assert described["ContributorInsightsStatus"] == "ENABLED"
    assert [each["TableName"] for each in listed["ContributorInsightsSummaries"]] == ["Music"]
    assert got["RevisionId"] == put["RevisionId"]
    assert destinations["KinesisDataStreamDestinations"] == [
        {"StreamArn": stream, "DestinationStatus": "ACTIVE"}
    ]
    assert streaming["DestinationStatus"] == "DISABLING"


def test_a_replica(shell):
    table = "--table-name Music --query Table.Replicas[].[RegionName,ReplicaStatus]"
    _, _, here, there, found = done(
        shell,
        f"""
        aws dynamodb update-table --table-name Music --billing-mode PAY_PER_REQUEST
        aws dynamodb update-table --table-name Music \\
            --replica-updates Create={{RegionName=eu-west-1}}
        aws dynamodb describe-table {table}
        aws dynamodb describe-table {table} --region eu-west-1
        aws dynamodb scan --table-name Music --select COUNT --region eu-west-1
        """,
    )
    assert here == [["eu-west-1", "ACTIVE"]]
    assert there == [["us-east-1", "ACTIVE"]]
    assert found["Count"] == 4
