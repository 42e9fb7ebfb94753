"""Event source mappings of templates as triggers, with the handlers of a test."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from ddbmock import FileError, mock_dynamodb, tables_from
from ddbmock._internal.errors import MisuseError
from tests.templates.helpers import skipped_names


def nothing(event):
    """Handle an event."""


@pytest.fixture
def tables(files):
    return tables_from(files / "events")


def test_the_options_of_a_mapping(ddb, tables):
    tables.create(ddb)
    (trigger,) = tables.triggers({"Projector": nothing}).create(ddb)
    assert trigger.table == "dev-orders"
    assert trigger.handler is nothing
    options = trigger.options
    assert (options.batch_size, options.starting_position) == (25, "TRIM_HORIZON")
    assert options.bisect_batch_on_function_error is True
    assert options.reports_failures
    assert (options.maximum_retry_attempts, options.maximum_record_age_seconds) == (3, 3600)
    assert (options.batching_window_seconds, options.parallelization_factor) == (5, 2)
    assert options.on_failure == []


def test_changes_reach_the_handler_as_the_template_says(ddb, tables):
    tables.create(ddb)
    seen: list[Any] = []
    tables.triggers({"Projector": seen.append}, batching_window_seconds=0).create(ddb)
    table = boto3.resource("dynamodb").Table("dev-orders")
    table.put_item(Item={"id": "1"})
    table.put_item(Item={"id": "1", "n": 2})  # a MODIFY, which the filter leaves out
    table.put_item(Item={"id": "2"})
    ddb.deliver()
    records = [record for event in seen for record in event["Records"]]
    ids = sorted(record["dynamodb"]["Keys"]["id"]["S"] for record in records)
    assert ids == ["1", "2"]


def test_a_failed_batch_goes_to_the_list_of_its_destination(ddb, tables):
    def fail(event):
        raise ValueError("no")

    tables.create(ddb)
    options = {"maximum_retry_attempts": 0, "batching_window_seconds": 0}
    (trigger,) = tables.triggers({"Projector": fail}, **options).create(ddb)
    boto3.resource("dynamodb").Table("dev-orders").put_item(Item={"id": "1"})
    ddb.deliver()
    assert trigger.options.on_failure[0]["requestContext"]["condition"] == "RetryAttemptsExhausted"


@pytest.mark.parametrize(
    "name",
    ["Projector", "dev-projector", "Mailer", "MailerChanges", "auditor", "AuditorChanges"],
)
def test_the_names_of_a_function(tables, name):
    assert name not in tables.triggers({name: nothing}).unmapped


def test_functions_without_a_handler_are_listed(tables):
    assert tables.triggers({}).unmapped == ["Projector", "Mailer", "auditor"]
    triggers = tables.triggers({"Mailer": nothing})
    assert triggers.unmapped == ["Projector", "auditor"]
    assert repr(triggers) == "<triggers of templates: Mailer; unmapped: Projector, auditor>"


def test_a_mapping_that_is_switched_off(ddb, tables):
    tables.create(ddb)
    assert tables.triggers({"auditor": nothing}).create(ddb) == []


def test_a_function_that_no_mapping_has(tables):
    with pytest.raises(MisuseError) as raised:
        tables.triggers({"Projektor": nothing})
    assert str(raised.value) == (
        "unknown functions: Projektor; the templates give changes to: Projector, Mailer, auditor"
    )


def test_a_handler_that_cannot_be_called(tables):
    with pytest.raises(MisuseError, match="the handler of Projector cannot be called: 'handle'"):
        tables.triggers({"Projector": "handle"})


def test_an_unknown_option(ddb, tables):
    tables.create(ddb)
    with pytest.raises(FileError, match=r"template.yaml:19: Projector: .*batch_sise"):
        tables.triggers({"Projector": nothing}, batch_sise=3).create(ddb)


def test_tables_that_do_not_exist(ddb, tables):
    with pytest.raises(FileError, match=r"template.yaml:19: Projector: no table 'dev-orders'"):
        tables.triggers({"Projector": nothing}).create(ddb)


def test_only_on_a_mock(ddb, tables):
    with pytest.raises(MisuseError, match=r"triggers are created on what mock_dynamodb\(\) gives"):
        tables.triggers({}).create(boto3.client("dynamodb", "us-east-1"))


def test_what_does_not_matter_or_is_not_known_is_left_out(tables):
    assert skipped_names(tables) == [
        "MetricsConfig of Mailer",
        "the event source mapping of FromElsewhere",
    ]


WRONG_MEMBERS = [
    ({"BatchSize": "many"}, "BatchSize takes a whole number, not 'many'"),
    ({"Colour": 5}, "unknown property of an event source mapping: Colour"),
    ({"StartingPosition": None}, "StartingPosition takes LATEST or TRIM_HORIZON, not None"),
    ({"StartingPosition": "AT_TIMESTAMP"}, "takes LATEST or TRIM_HORIZON, not 'AT_TIMESTAMP'"),
    ({"FilterCriteria": 5}, "FilterCriteria takes an object, not 5"),
    ({"FilterCriteria": {"Filters": [{}]}}, "FilterCriteria.Filters.Pattern takes text, not None"),
    ({"FunctionResponseTypes": "x"}, "FunctionResponseTypes takes a list, not 'x'"),
    ({"Enabled": "maybe"}, "Enabled takes true or false, not 'maybe'"),
    ({"DestinationConfig": {"OnFailure": 5}}, "DestinationConfig.OnFailure takes an object, not 5"),
]


@pytest.mark.parametrize(("members", "problem"), WRONG_MEMBERS)
def test_a_wrong_mapping(members, problem):
    stream = "arn:aws:dynamodb:us-east-1:123456789012:table/a/stream/x"
    mapping = {"FunctionName": "f", "EventSourceArn": stream, "StartingPosition": "LATEST"}
    resources = {
        "A": {"Type": "AWS::Serverless::SimpleTable"},
        "M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {**mapping, **members}},
    }
    with pytest.raises(FileError) as raised:
        tables_from({"Resources": resources})
    assert str(raised.value).startswith("the template: M: ")
    assert str(raised.value).endswith(problem)


VERSIONS = [
    {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "Name": "live"}},
    {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Fn::GetAtt": "F.Arn"}}},
]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_function_behind_an_alias_or_version(version):
    resources = {
        "Orders": {"Type": "AWS::Serverless::SimpleTable"},
        "F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "project"}},
        "V": version,
        "M": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "V"},
                "EventSourceArn": {"Fn::GetAtt": ["Orders", "StreamArn"]},
                "StartingPosition": "LATEST",
                "DestinationConfig": {"OnFailure": {"Destination": {"Fn::ImportValue": "queue"}}},
            },
        },
    }
    (source,) = tables_from({"Resources": resources}).event_sources
    assert source.names == ("F", "project", "M")
    assert source.has_destination


# --- other formats -------------------------------------------------------------------------------


def test_the_construct_of_a_cdk_function():
    resources = {
        "Orders1A2B3C4D": {"Type": "AWS::Serverless::SimpleTable"},
        "Fn0A1B2C3D": {"Type": "AWS::Lambda::Function", "Properties": {}},
        "FnDynamoDBEventSource99AA88BB": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Orders1A2B3C4D", "StreamArn"]},
                "FunctionName": {"Ref": "Fn0A1B2C3D"},
                "StartingPosition": "LATEST",
            },
        },
    }
    tables = tables_from({"Resources": resources})
    assert tables.triggers({"Fn": nothing}).unmapped == []
    assert tables.triggers({}).unmapped == ["Fn"]
    assert tables.event_sources[0].table_name == "Orders1A2B3C4D"


SERVICE = """
service: shop
provider: {name: aws}
functions:
  project:
    handler: a.b
    events:
      - http: GET /
      - stream: arn:aws:kinesis:us-east-1:123456789012:stream/clicks
      - stream:
          type: dynamodb
          arn: !GetAtt Orders.StreamArn
          batchSize: ${self:custom.size, 7}
          batchWindow: 3
          startingPosition: LATEST
          maximumRetryAttempts: 2
          bisectBatchOnFunctionError: true
          functionResponseType: ReportBatchItemFailures
          filterPatterns: [{eventName: [REMOVE]}]
          destinations: {onFailure: arn:aws:sqs:us-east-1:123456789012:lost}
  other:
    events: [{stream: !GetAtt Orders.StreamArn}]
  unknown:
    events: [{stream: "${ssm:/arn}"}]
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        BillingMode: PAY_PER_REQUEST
        StreamSpecification: {StreamViewType: KEYS_ONLY}
"""


def test_stream_events_of_a_service(tmp_path, ddb):
    path = tmp_path / "serverless.yml"
    path.write_text(SERVICE)
    tables = tables_from(path)
    tables.create(ddb)
    triggers = tables.triggers({"project": nothing, "other": nothing}).create(ddb)
    project, other = (trigger.options for trigger in triggers)
    assert (project.batch_size, project.batching_window_seconds) == (7, 3)
    assert (project.starting_position, project.maximum_retry_attempts) == ("LATEST", 2)
    assert project.bisect_batch_on_function_error
    assert project.reports_failures
    assert project.on_failure == []
    assert project.filters == [{"eventName": ["REMOVE"]}]
    # What the Framework sets where the event says nothing.
    assert (other.batch_size, other.starting_position) == (10, "TRIM_HORIZON")
    assert tables.skipped == ["the event source mapping of unknown: ${ssm:/arn} has no value here"]


def test_a_wrong_stream_event(tmp_path):
    path = tmp_path / "serverless.yml"
    path.write_text(SERVICE.replace("batchWindow", "batchWindows"))
    with pytest.raises(FileError) as raised:
        tables_from(path)
    assert str(raised.value) == (
        f"{path}:6: project: unknown property of an event source mapping: batchWindows"
    )


def test_mappings_of_terraform(files):
    tables = tables_from(files / "terraform-modules")
    for name in ("projector", "aws_lambda_event_source_mapping.projector"):
        assert tables.triggers({name: nothing}).unmapped == []
    with mock_dynamodb(region="eu-central-1") as ddb:
        tables.create(ddb)
        (trigger,) = tables.triggers({"projector": nothing}).create(ddb)
        options = trigger.options
        assert (options.batch_size, options.starting_position) == (50, "LATEST")
        assert options.bisect_batch_on_function_error
        assert options.reports_failures
        assert options.filters == ['{"eventName":["INSERT"]}']
        assert options.on_failure == []


def test_a_plan_knows_the_arns_of_new_streams_by_what_they_refer_to(files, tmp_path):
    document = json.loads((files / "plan.json").read_text())
    root = document["planned_values"]["root_module"]
    values = {"batch_size": 5, "starting_position": "LATEST", "function_name": None}
    root["resources"].append(
        {
            "address": "aws_lambda_event_source_mapping.orders",
            "mode": "managed",
            "type": "aws_lambda_event_source_mapping",
            "values": values,
        }
    )
    references = {
        "event_source_arn": ["aws_dynamodb_table.orders.stream_arn", "aws_dynamodb_table.orders"],
        "function_name": ["aws_lambda_function.project.arn", "aws_lambda_function.project"],
    }
    document["configuration"] = {
        "root_module": {
            "resources": [
                {
                    "address": "aws_lambda_event_source_mapping.orders",
                    "expressions": {
                        name: {"references": names} for name, names in references.items()
                    },
                }
            ]
        }
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    tables = tables_from(path)
    (source,) = tables.event_sources
    assert (source.function_name, source.table_name) == ("project", "shop-orders")
    del document["configuration"]
    path.write_text(json.dumps(document))
    assert "the event source mapping aws_lambda_event_source_mapping.orders" in skipped_names(
        tables_from(path)
    )
