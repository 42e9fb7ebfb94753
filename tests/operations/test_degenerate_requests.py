"""Requests with members that are empty, null or out of bounds: the texts, letter by letter.

All of them were observed (docs/api-quirks/details/DDB-TABLE-457.md of the DynamoDB controller of
AWS Controllers for Kubernetes), the order of several violations included. Where a record was cut
off, the text ends with `…` here.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.table_helpers import (
    INVALID,
    ON_DEMAND,
    an_index,
    definitions,
    keys,
    new_table,
    units,
)

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
NAME_PATTERN = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
BUCKET_PATTERN = (
    r"Member must satisfy regular expression pattern: ^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$"
)
AT_LEAST_1 = "Member must have value greater than or equal to 1"
TABLE_NAME_LENGTH = "TableName must be at least 3 characters long and at most 255 characters long"
INDEX_NAME_LENGTH = "IndexName must be at least 3 characters long and at most 255 characters long"
BILLING_MODES = "PROVISIONED, PAY_PER_REQUEST"
VIEW_TYPES = "OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE"
NO_KEY = "The Tag Key provided is invalid, Key: null"
SYNTAX = f"{INVALID}Invalid policy document: Syntax error at position (1,3)"
NO_JSON = f"{INVALID}Invalid policy document: This policy contains invalid Json"
INITIAL_WARM = (
    f"{INVALID}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial"
    " throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/"
    "developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
)
NOTHING_TO_UPDATE = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
    " GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady,"
    " ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled,"
    " OnDemandThroughput, WarmThroughput or TableClass is required"
)
ONLY_UPDATES = (
    f"{INVALID}The only Updates for index: gsi1 when TableThroughputMode is PAY_PER_REQUEST can be"
    " to OnDemandThroughput, WarmThroughput"
)
REGIONS = (
    "Region  is not supported. The latest version of global tables are only supported in the"
    " following regions: [ap-south-2, ap-south-1, eu-south-1, eu-south-2, me-central-1,"
    " il-central-1, ca-central-1, ap-east-2, mx-central-1, eu-central-1, eu-central-2, us-west-1…"
)
KEY = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": ""}


def violations(*found: str) -> str:
    number = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
    return number + "; ".join(found)


def value(given: object, place: str, constraint: str) -> str:
    text = "null" if given is None else f"'{given}'"
    return f"Value {text} at '{place}' failed to satisfy constraint: {constraint}"


def missing(place: str) -> str:
    return value(None, place, "Member must not be null")


def too_short(given: str, place: str, length: int) -> str:
    return value(given, place, f"Member must have length greater than or equal to {length}")


def not_one_of(place: str, values: str) -> str:
    return violations(value("", place, f"Member must satisfy enum value set: [{values}]"))


def no_warm_units(index_name: str) -> str:
    return (
        f"{INVALID}WarmThroughput must have at least one of ReadUnitsPerSecond or"
        f" WriteUnitsPerSecond specified for index: {index_name}"
    )


def less_warm(place: str) -> str:
    return (
        f"{INVALID}Requested ReadUnitsPerSecond for WarmThroughput for {place} is lower than"
        " current WarmThroughput, decreasing WarmThroughput is not supported"
    )


def warm_units(number: int) -> dict[str, int]:
    return {"ReadUnitsPerSecond": number, "WriteUnitsPerSecond": number}


def name_is_empty(place: str) -> str:
    """The text of an empty name if the length is checked first."""
    return violations(too_short("", place, 3), value("", place, NAME_PATTERN))


def name_matches_nothing(place: str) -> str:
    """The text of an empty name if the pattern is checked first."""
    return violations(value("", place, NAME_PATTERN), too_short("", place, 3))


@pytest.fixture(autouse=True)
def tables(client: Any) -> None:
    """The table orders, and the table indexed with the index gsi1 on a."""
    new_table(client)
    new_table(
        client,
        "indexed",
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi1", "a")],
    )


def of_index(update: str, name: str = "gsi1", **members: Any) -> list[dict[str, Any]]:
    return [{update: {"IndexName": name, **members}}]


IN_UPDATE = "globalSecondaryIndexUpdates.1.member"


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (
            {"AttributeDefinitions": [{}]},
            violations(
                missing("attributeDefinitions.1.member.attributeType"),
                missing("attributeDefinitions.1.member.attributeName"),
            ),
        ),
        ({"BillingMode": ""}, not_one_of("billingMode", BILLING_MODES)),
        (
            {"GlobalSecondaryIndexes": [an_index("", "pk")]},
            name_is_empty("globalSecondaryIndexes.1.member.indexName"),
        ),
        (
            {"GlobalSecondaryIndexes": [{**an_index("gsi1", "pk"), "Projection": {}}]},
            f"{INVALID}Unknown ProjectionType: null",
        ),
        ({"KeySchema": []}, violations(too_short("[]", "keySchema", 1))),
        (
            {"KeySchema": [{}]},
            violations(
                missing("keySchema.1.member.attributeName"), missing("keySchema.1.member.keyType")
            ),
        ),
        ({"ResourcePolicy": "{}"}, SYNTAX),
        ({"ResourcePolicy": ""}, NO_JSON),
        (
            {"SSESpecification": KEY},
            violations(too_short("", "sSESpecification.kMSMasterKeyId", 1)),
        ),
        (
            {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": ""}},
            not_one_of("streamSpecification.streamViewType", VIEW_TYPES),
        ),
        ({"Tags": [{}]}, NO_KEY),
        ({"WarmThroughput": warm_units(-1)}, INITIAL_WARM),
    ],
)
def test_create_table(refusal: Any, members: Any, text: str) -> None:
    whole = {"KeySchema": keys("pk"), "AttributeDefinitions": definitions(pk="S"), **ON_DEMAND}
    assert refusal("create_table", TableName="new", **{**whole, **members}) == text


@pytest.mark.parametrize("member", ["OnDemandThroughput", "WarmThroughput"])
def test_throughput_of_a_new_index_may_be_empty(client: Any, member: str) -> None:
    new_table(
        client,
        "new",
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[{**an_index("gsi1", "a"), member: {}}],
    )


@pytest.mark.parametrize(
    ("updates", "text"),
    [
        (
            [{"Create": {**an_index("", "a"), "WarmThroughput": {}}}],
            name_is_empty(f"{IN_UPDATE}.create.indexName"),
        ),
        (of_index("Update"), ONLY_UPDATES),
        (of_index("Update", OnDemandThroughput={}), ONLY_UPDATES),
        (
            of_index("Update", "ghost", OnDemandThroughput={}),
            (
                "ResourceNotFoundException: Requested resource not found: Index ghost for table"
                " indexed"
            ),
        ),
        (
            of_index("Update", ProvisionedThroughput={}),
            violations(
                missing(f"{IN_UPDATE}.update.provisionedThroughput.writeCapacityUnits"),
                missing(f"{IN_UPDATE}.update.provisionedThroughput.readCapacityUnits"),
            ),
        ),
        (of_index("Update", "ghost", WarmThroughput={}), no_warm_units("ghost")),
        (of_index("Update", WarmThroughput={}), no_warm_units("gsi1")),
        (of_index("Update", WarmThroughput={"ReadUnitsPerSecond": -1}), less_warm("index gsi1")),
    ],
)
def test_update_table_with_indexes(refusal: Any, updates: Any, text: str) -> None:
    request = {"AttributeDefinitions": definitions(a="S"), "GlobalSecondaryIndexUpdates": updates}
    assert refusal("update_table", TableName="indexed", **request) == text


def test_warm_throughput_of_an_index_is_looked_at_first(refusal: Any) -> None:
    updates = of_index("Update", "ghost", WarmThroughput={})
    request = {"TableClass": "STANDARD", "GlobalSecondaryIndexUpdates": updates}
    assert refusal("update_table", TableName="nowhere", **request) == no_warm_units("ghost")


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (
            {"AttributeDefinitions": [{}], "DeletionProtectionEnabled": False},
            violations(
                missing("attributeDefinitions.1.member.attributeType"),
                missing("attributeDefinitions.1.member.attributeName"),
            ),
        ),
        (
            {
                "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": ""}],
                "DeletionProtectionEnabled": False,
            },
            not_one_of("attributeDefinitions.1.member.attributeType", "B, N, S"),
        ),
        (
            {"OnDemandThroughput": {"MaxReadRequestUnits": 0, "MaxWriteRequestUnits": 0}},
            (
                f"{INVALID}Requested MaxReadRequestUnits for OnDemandThroughput for table is"
                " outside of valid range"
            ),
        ),
        ({"ReplicaUpdates": [{"Create": {}}]}, "One or more parameter values were invalid"),
        ({"ReplicaUpdates": [{"Delete": {"RegionName": ""}}]}, REGIONS),
        (
            {"ReplicaUpdates": [{"Update": {}}]},
            violations(missing("replicaUpdates.1.member.update.regionName")),
        ),
        (
            {"SSESpecification": KEY},
            violations(too_short("", "sSESpecification.kMSMasterKeyId", 1)),
        ),
        (
            {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": ""}},
            not_one_of("streamSpecification.streamViewType", VIEW_TYPES),
        ),
        ({"WarmThroughput": warm_units(-1)}, less_warm("table")),
        ({"WarmThroughput": warm_units(0)}, less_warm("table")),
        ({"WarmThroughput": {"ReadUnitsPerSecond": -1}}, less_warm("table")),
        (
            {"WarmThroughput": {}, "ProvisionedThroughput": units(1)},
            (
                f"{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when"
                " BillingMode is PAY_PER_REQUEST"
            ),
        ),
        ({"GlobalTableWitnessUpdates": [{}]}, NOTHING_TO_UPDATE),
        ({"GlobalTableWitnessUpdates": [{"Create": {"RegionName": ""}}]}, NOTHING_TO_UPDATE),
        ({"GlobalTableWitnessUpdates": [{"Delete": {"RegionName": ""}}]}, NOTHING_TO_UPDATE),
    ],
)
def test_update_table(refusal: Any, members: Any, text: str) -> None:
    found = refusal("update_table", TableName="orders", **members)
    assert found == text or (text.endswith("…") and found.startswith(text[:-1]))


@pytest.mark.parametrize(
    "members",
    [
        {"OnDemandThroughput": {}, **ON_DEMAND},
        {"WarmThroughput": {}, "TableClass": "STANDARD"},
    ],
)
def test_empty_throughput_beside_a_change_is_no_change(client: Any, members: Any) -> None:
    client.update_table(TableName="orders", **members)


OF_ORDERS = {"TableName": "orders"}
INSIGHTS = {**OF_ORDERS, "ContributorInsightsAction": "ENABLE"}
EXPORT = {"TableArn": TABLE, "S3Bucket": "bucket"}


@pytest.mark.parametrize(
    ("operation", "request_", "text"),
    [
        ("create_backup", {**OF_ORDERS, "BackupName": ""}, name_matches_nothing("backupName")),
        ("describe_table", {"TableName": ""}, name_is_empty("tableName")),
        (
            "list_tables",
            {"ExclusiveStartTableName": ""},
            name_matches_nothing("exclusiveStartTableName"),
        ),
        ("list_tables", {"Limit": 0}, violations(value(0, "limit", AT_LEAST_1))),
        ("list_backups", {"Limit": 0}, violations(value(0, "limit", AT_LEAST_1))),
        ("describe_backup", {"BackupArn": ""}, "Invalid Backup ARN"),
        (
            "delete_resource_policy",
            {"ResourceArn": TABLE, "ExpectedRevisionId": ""},
            violations(too_short("", "expectedRevisionId", 1)),
        ),
        (
            "export_table_to_point_in_time",
            {**EXPORT, "TableArn": ""},
            "Invalid TableArn: Invalid Table ARN",
        ),
        (
            "export_table_to_point_in_time",
            {**EXPORT, "S3Bucket": ""},
            violations(value("", "s3Bucket", BUCKET_PATTERN)),
        ),
        (
            "export_table_to_point_in_time",
            {**EXPORT, "ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": {}},
            "Invalid Request: ExportFromTime must be provided in IncrementalExportSpecification",
        ),
        (
            "update_contributor_insights",
            {**INSIGHTS, "ContributorInsightsAction": ""},
            not_one_of("contributorInsightsAction", "ENABLE, DISABLE"),
        ),
        (
            "update_contributor_insights",
            {**INSIGHTS, "ContributorInsightsMode": ""},
            not_one_of("contributorInsightsMode", "THROTTLED_KEYS, ACCESSED_AND_THROTTLED_KEYS"),
        ),
        ("update_contributor_insights", {**INSIGHTS, "IndexName": ""}, INDEX_NAME_LENGTH),
        ("describe_contributor_insights", {**OF_ORDERS, "IndexName": ""}, INDEX_NAME_LENGTH),
        (
            "enable_kinesis_streaming_destination",
            {**OF_ORDERS, "StreamArn": ""},
            violations(too_short("", "streamArn", 37)),
        ),
        ("describe_global_table", {"GlobalTableName": ""}, TABLE_NAME_LENGTH),
        ("describe_global_table_settings", {"GlobalTableName": ""}, TABLE_NAME_LENGTH),
        (
            "update_global_table",
            {"GlobalTableName": "orders", "ReplicaUpdates": [{}]},
            "One or more parameter values were invalid",
        ),
        (
            "update_global_table_settings",
            {"GlobalTableName": "orders", "ReplicaSettingsUpdate": [{}]},
            violations(missing("replicaSettingsUpdate.1.member.regionName")),
        ),
        ("tag_resource", {"ResourceArn": TABLE, "Tags": [{}]}, NO_KEY),
        ("tag_resource", {"ResourceArn": TABLE, "Tags": [{"Value": "x"}]}, NO_KEY),
        (
            "tag_resource",
            {"ResourceArn": TABLE, "Tags": [{"Key": "x"}]},
            "The Tag Value provided is invalid, Value: null",
        ),
        (
            "untag_resource",
            {"ResourceArn": TABLE, "TagKeys": [""]},
            "The Tag Key provided is invalid, Key: ",
        ),
        (
            "untag_resource",
            {"ResourceArn": TABLE, "TagKeys": []},
            "Atleast one Tag Key needs to be provided as Input.",
        ),
    ],
)
def test_other_operations(refusal: Any, operation: str, request_: Any, text: str) -> None:
    assert refusal(operation, **request_) == text


@pytest.mark.parametrize(
    ("specification", "text"),
    [
        (
            {},
            violations(
                missing("timeToLiveSpecification.attributeName"),
                missing("timeToLiveSpecification.enabled"),
            ),
        ),
        ({"AttributeName": "a"}, violations(missing("timeToLiveSpecification.enabled"))),
        ({"Enabled": True}, violations(missing("timeToLiveSpecification.attributeName"))),
        (
            {"Enabled": True, "AttributeName": ""},
            violations(too_short("", "timeToLiveSpecification.attributeName", 1)),
        ),
    ],
)
def test_time_to_live(refusal: Any, specification: Any, text: str) -> None:
    request = {"TableName": "orders", "TimeToLiveSpecification": specification}
    assert refusal("update_time_to_live", **request) == text


PERIOD = "pointInTimeRecoverySpecification.recoveryPeriodInDays"


@pytest.mark.parametrize(
    ("specification", "text"),
    [
        (
            {},
            violations(missing("pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled")),
        ),
        (
            {"PointInTimeRecoveryEnabled": False, "RecoveryPeriodInDays": 0},
            violations(value(0, PERIOD, AT_LEAST_1)),
        ),
        (
            {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": -1},
            violations(value(-1, PERIOD, AT_LEAST_1)),
        ),
    ],
)
def test_point_in_time_recovery(refusal: Any, specification: Any, text: str) -> None:
    request = {"TableName": "orders", "PointInTimeRecoverySpecification": specification}
    assert refusal("update_continuous_backups", **request) == text


NO_UNITS = violations(
    missing("provisionedThroughputOverride.writeCapacityUnits"),
    missing("provisionedThroughputOverride.readCapacityUnits"),
)


def index_override(kind: str, name: str) -> str:
    """The text of an index override without its key schema and projection."""
    place = f"{kind}SecondaryIndexOverride.1.member"
    return violations(name, missing(f"{place}.keySchema"), missing(f"{place}.projection"))


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"TargetTableName": ""}, TABLE_NAME_LENGTH),
        ({"BillingModeOverride": ""}, not_one_of("billingModeOverride", BILLING_MODES)),
        (
            {"GlobalSecondaryIndexOverride": [{}]},
            index_override("global", missing("globalSecondaryIndexOverride.1.member.indexName")),
        ),
        (
            {"GlobalSecondaryIndexOverride": [{"IndexName": "x"}]},
            index_override(
                "global", too_short("x", "globalSecondaryIndexOverride.1.member.indexName", 3)
            ),
        ),
        (
            {"LocalSecondaryIndexOverride": [{}]},
            index_override("local", missing("localSecondaryIndexOverride.1.member.indexName")),
        ),
        (
            {"OnDemandThroughputOverride": {"MaxReadRequestUnits": 0, "MaxWriteRequestUnits": 0}},
            (
                "Invalid Request: Requested MaxReadRequestUnits for OnDemandThroughput is outside"
                " of valid range"
            ),
        ),
        ({"ProvisionedThroughputOverride": {}}, NO_UNITS),
        (
            {"ProvisionedThroughputOverride": {}, "BillingModeOverride": "PAY_PER_REQUEST"},
            NO_UNITS,
        ),
        (
            {"SSESpecificationOverride": KEY},
            violations(too_short("", "sSESpecificationOverride.kMSMasterKeyId", 1)),
        ),
    ],
)
def test_restores(client: Any, refusal: Any, members: Any, text: str) -> None:
    backup = client.create_backup(TableName="orders", BackupName="all")["BackupDetails"]
    request = {"TargetTableName": "restored", "BackupArn": backup["BackupArn"], **members}
    assert refusal("restore_table_from_backup", **request) == text
