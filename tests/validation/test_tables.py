from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.validation import check_create_table

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "One or more parameter values were invalid: "
ALL = {"ProjectionType": "ALL"}
UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
FIRST_NOT_HASH = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
SAME_NAME = "Both the Hash Key and the Range Key element in the KeySchema have the same name"


def key(*elements: str) -> list[dict[str, str]]:
    """A key schema out of words such as "H:id" and "R:day"."""
    kinds = {"H": "HASH", "R": "RANGE"}
    pairs = (element.split(":") for element in elements)
    return [{"AttributeName": name, "KeyType": kinds[kind]} for kind, name in pairs]


def definitions(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def index(name: str, *elements: str, **members: Any) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": key(*elements), "Projection": ALL, **members}


def table(defined: Sequence[str] = ("pk", "sk"), **members: Any) -> dict[str, Any]:
    return {
        "TableName": "orders",
        "AttributeDefinitions": definitions(*defined),
        "KeySchema": key("H:pk", "R:sk"),
        "BillingMode": "PAY_PER_REQUEST",
        **members,
    }


def refusal(request: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        check_create_table(request)
    return caught.value.message


# --- accepted --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_body",
    [
        table(),
        table(("sk", "pk")),
        table(("pk",), KeySchema=key("H:pk")),
        table(BillingMode=None, ProvisionedThroughput=UNITS),
        table(BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
        table(
            ("pk", "sk", "day"),
            LocalSecondaryIndexes=[index("by-day", "H:pk", "R:day"), index("same", "H:pk", "R:sk")],
        ),
        table(GlobalSecondaryIndexes=[index("orders", "H:pk", "R:sk"), index("back", "H:sk")]),
        table(
            ("pk", "sk", *"abcdefgh"),
            GlobalSecondaryIndexes=[
                index("wide", "H:a", "H:b", "H:c", "H:d", "R:e", "R:f", "R:g", "R:h"),
            ],
        ),
        table(GlobalSecondaryIndexes=[index("g20", "H:pk")][:1]),
        table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}),
        table(StreamSpecification={"StreamEnabled": False}),
        table(SSESpecification={}),
        table(SSESpecification={"Enabled": True}),
        table(SSESpecification={"SSEType": "KMS", "KMSMasterKeyId": "alias/mine"}),
        table(TableClass="STANDARD_INFREQUENT_ACCESS", DeletionProtectionEnabled=True),
        table(Tags=[]),
        table(Tags=[{"Key": "tëam 表", "Value": ""}, {"Key": "k", "Value": "a+b-c=d.e_f:g/h@i"}]),
        table(OnDemandThroughput={"MaxReadRequestUnits": 1}),
        table(OnDemandThroughput={}),
        table(WarmThroughput={"ReadUnitsPerSecond": 12_000}),
        table(GlobalTableSourceArn="arn:…", KeySchema=None, AttributeDefinitions=None),
    ],
)
def test_accepted(request_body: dict[str, Any]) -> None:
    check_create_table(request_body)


# --- billing and throughput ------------------------------------------------------------------

THROUGHPUT_MISSING = (
    f"{PREFIX}ReadCapacityUnits and WriteCapacityUnits must both be specified"
    " when BillingMode is PROVISIONED"
)


def test_provisioned_throughput() -> None:
    assert refusal(table(BillingMode=None)) == THROUGHPUT_MISSING
    assert refusal(table(BillingMode="PROVISIONED")) == THROUGHPUT_MISSING
    assert refusal(table(ProvisionedThroughput=UNITS)) == (
        f"{PREFIX}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
        " when BillingMode is PAY_PER_REQUEST"
    )
    too_many = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1_000_000_000_001}
    assert refusal(table(BillingMode=None, ProvisionedThroughput=too_many)) == (
        "Given value 1000000000001 for WriteCapacityUnits is out of bounds"
    )


def test_throughput_of_indexes() -> None:
    given = index("back", "H:sk", ProvisionedThroughput=UNITS)
    assert refusal(table(GlobalSecondaryIndexes=[given])) == (
        f"{PREFIX}ProvisionedThroughput should not be specified for index: back"
        " when BillingMode is PAY_PER_REQUEST"
    )
    provisioned: dict[str, Any] = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}
    missing = table(**provisioned, GlobalSecondaryIndexes=[index("back", "H:sk")])
    assert refusal(missing) == f"{PREFIX}ProvisionedThroughput is not specified for index: back"
    given["ProvisionedThroughput"] = {"ReadCapacityUnits": 2 * 10**12, "WriteCapacityUnits": 1}
    assert refusal(table(**provisioned, GlobalSecondaryIndexes=[given])) == (
        "Given value 2000000000000 for ReadCapacityUnits is out of bounds for index back"
    )


def test_on_demand_throughput() -> None:
    zero, one = {"MaxReadRequestUnits": 0}, {"MaxWriteRequestUnits": 1}
    provisioned: dict[str, Any] = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}
    assert refusal(table(OnDemandThroughput=zero)) == (
        f"{PREFIX}Requested MaxReadRequestUnits for OnDemandThroughput for table"
        " is outside of valid range"
    )
    assert refusal(table(**provisioned, OnDemandThroughput=one)) == (
        f"{PREFIX}MaxWriteRequestUnits for OnDemandThroughput cannot be specified"
        " when table BillingMode is PROVISIONED."
    )
    minus_one = index("back", "H:sk", OnDemandThroughput={"MaxReadRequestUnits": -1})
    assert refusal(table(GlobalSecondaryIndexes=[minus_one])) == (
        f"{PREFIX}Requested MaxReadRequestUnits for OnDemandThroughput for index : back"
        " is outside of valid range"
    )
    both = index("back", "H:sk", ProvisionedThroughput=UNITS, OnDemandThroughput=one)
    assert refusal(table(**provisioned, GlobalSecondaryIndexes=[both])) == (
        f"{PREFIX}MaxWriteRequestUnits for OnDemandThroughput for index: back"
        " cannot be specified when table BillingMode is PROVISIONED."
    )


def test_warm_throughput() -> None:
    assert refusal(table(WarmThroughput={"ReadUnitsPerSecond": 11_999})) == (
        f"{PREFIX}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than"
        " initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/"
        "developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
    )
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    provisioned = table(
        BillingMode=None, ProvisionedThroughput=units, WarmThroughput={"WriteUnitsPerSecond": 4}
    )
    assert refusal(provisioned) == (
        f"{PREFIX}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than"
        " WriteCapacityUnits of ProvisionedThroughput"
    )
    cold = index("back", "H:sk", WarmThroughput={"WriteUnitsPerSecond": 3_999})
    assert refusal(table(GlobalSecondaryIndexes=[cold])).startswith(
        f"{PREFIX}Requested WriteUnitsPerSecond for WarmThroughput for index back is lower than"
        " initial throughput for OnDemand."
    )


# --- the key and its definitions -------------------------------------------------------------


@pytest.mark.parametrize(
    ("elements", "defined", "text"),
    [
        (["H:pk"], [], "Invalid KeySchema: Some index key attribute have no definition"),
        (
            ["H:pk", "R:sk"],
            ["pk"],
            "Invalid KeySchema: Some index key attribute have no definition",
        ),
        (
            ["H:PK"],
            ["pk"],
            (
                f"{PREFIX}Some index key attributes are not defined in AttributeDefinitions."
                " Keys: [PK], AttributeDefinitions: [pk]"
            ),
        ),
        (
            ["H:pk", "R:sk"],
            ["pk", "other"],
            (
                f"{PREFIX}Some index key attributes are not defined in AttributeDefinitions."
                " Keys: [pk, sk], AttributeDefinitions: [pk, other]"
            ),
        ),
        (["H:pk", "R:pk"], ["pk", "sk"], SAME_NAME),
        (["R:sk", "H:pk"], ["pk", "sk"], FIRST_NOT_HASH),
        (["R:pk"], ["pk"], FIRST_NOT_HASH),
        (
            ["H:pk", "H:sk"],
            ["pk", "sk"],
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        (
            ["H:pk"],
            ["pk", "sk"],
            (
                f"{PREFIX}Number of attributes in KeySchema does not exactly match"
                " number of attributes defined in AttributeDefinitions"
            ),
        ),
        # Seen at the service (scylladb/scylladb#13870). "Cannot have two attributes with the same
        # name", which some libraries look for, is DynamoDB Local's text (architect/architect#828).
        (["H:pk"], ["pk", "pk"], "Attribute Name is duplicated: pk"),
    ],
)
def test_key(elements: list[str], defined: list[str], text: str) -> None:
    assert refusal(table(defined, KeySchema=key(*elements))) == text


def test_definitions_that_no_index_uses() -> None:
    request = table(("pk", "sk", "x"), GlobalSecondaryIndexes=[index("back", "H:sk", "R:pk")])
    assert refusal(request) == (
        f"{PREFIX}Some AttributeDefinitions are not used."
        " AttributeDefinitions: [pk, sk, x], keys used: [pk, sk]"
    )


@pytest.mark.parametrize("list_name", ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"])
def test_indexes_without_definition(list_name: str) -> None:
    indexes: dict[str, Any] = {list_name: [index("by-q", "H:pk", "R:q")]}
    request = table(**indexes)
    assert refusal(request) == (
        f"{PREFIX}Some index key attributes are not defined in AttributeDefinitions."
        " Keys: [q], AttributeDefinitions: [pk, sk]"
    )


# --- indexes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "list_name", ["GlobalSecondaryIndexes", "LocalSecondaryIndexes", "VectorIndexes"]
)
def test_empty_lists(list_name: str) -> None:
    assert refusal(table(**{list_name: []})) == f"{PREFIX}List of {list_name} is empty"


def test_local_index_of_a_table_without_range_key() -> None:
    request = table(KeySchema=key("H:pk"), LocalSecondaryIndexes=[index("by-day", "H:pk", "R:sk")])
    assert refusal(request) == (
        f"{PREFIX}Table KeySchema does not have a range key,"
        " which is required when specifying a LocalSecondaryIndex"
    )


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (["H:pk"], f"{PREFIX}Index KeySchema does not have a range key for index: l-a"),
        (["R:pk", "H:sk"], FIRST_NOT_HASH),
        (
            ["H:pk", "H:sk"],
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        (["H:pk", "R:pk"], SAME_NAME),
        (
            ["H:sk", "R:pk"],
            (
                f"{PREFIX}Index KeySchema does not have the same leading hash key as table"
                " KeySchema for index: l-a. index hash key: sk, table hash key: pk"
            ),
        ),
    ],
)
def test_key_of_a_local_index(elements: list[str], text: str) -> None:
    assert refusal(table(LocalSecondaryIndexes=[index("l-a", *elements)])) == text


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (["R:pk"], FIRST_NOT_HASH),
        (["R:pk", "H:sk"], FIRST_NOT_HASH),
        (
            ["H:pk", "R:sk", "H:a"],
            (f"{PREFIX}All HASH key attributes must precede RANGE key attributes in the KeySchema"),
        ),
        (
            ["H:pk", "H:sk", "H:a", "H:b", "H:c"],
            f"{PREFIX}The KeySchema exceeds the maximum allowed number of HASH key attributes",
        ),
        (
            ["H:d", "R:pk", "R:sk", "R:a", "R:b", "R:c"],
            f"{PREFIX}The KeySchema exceeds the maximum allowed number of RANGE key attributes",
        ),
        (["H:pk", "R:pk"], "The KeySchema contains multiple key attributes with the same name"),
    ],
)
def test_key_of_a_global_index(elements: list[str], text: str) -> None:
    names = ["pk", "sk", *sorted({element[2:] for element in elements} - {"pk", "sk"})]
    assert refusal(table(names, GlobalSecondaryIndexes=[index("g-a", *elements)])) == text


@pytest.mark.parametrize(
    ("projection", "text"),
    [
        ({}, "Unknown ProjectionType: null"),
        (
            {"ProjectionType": "INCLUDE"},
            "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
        (
            {"ProjectionType": "ALL", "NonKeyAttributes": ["a"]},
            "ProjectionType is ALL, but NonKeyAttributes is specified",
        ),
        (
            {"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["a"]},
            "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified",
        ),
        (
            {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "x", "x"]},
            "Duplicate element in NonKeyAttributes: x",
        ),
    ],
)
def test_projection(projection: dict[str, Any], text: str) -> None:
    in_global = [index("back", "H:sk", Projection=projection)]
    local = [index("same", "H:pk", "R:sk", Projection=projection)]
    assert refusal(table(GlobalSecondaryIndexes=in_global)) == PREFIX + text
    assert refusal(table(LocalSecondaryIndexes=local)) == PREFIX + text


def test_index_names() -> None:
    text = f"{PREFIX}Duplicate index name: dup"
    twice = [index("dup", "H:sk"), index("dup", "H:pk")]
    local = [index("dup", "H:pk", "R:sk")]
    assert refusal(table(GlobalSecondaryIndexes=twice)) == text
    assert refusal(table(LocalSecondaryIndexes=local * 2)) == text
    assert refusal(table(LocalSecondaryIndexes=local, GlobalSecondaryIndexes=twice[:1])) == text


def test_number_of_indexes() -> None:
    in_global = [index(f"g-{number}", "H:sk") for number in range(21)]
    local = [index(f"l-{number}", "H:pk", "R:sk") for number in range(6)]
    check_create_table(
        table(GlobalSecondaryIndexes=in_global[:20], LocalSecondaryIndexes=local[:5])
    )
    assert refusal(table(GlobalSecondaryIndexes=in_global)) == (
        f"{PREFIX}GlobalSecondaryIndex count exceeds the per-table limit of 20"
    )
    assert refusal(table(LocalSecondaryIndexes=local)) == (
        f"{PREFIX}Number of LocalSecondaryIndexes exceeds per-table limit of 5"
    )


def test_number_of_projected_attributes() -> None:
    names = [f"a{number}" for number in range(20)]
    include = {"ProjectionType": "INCLUDE", "NonKeyAttributes": names}
    indexes = [index(f"g-{number}", "H:sk", Projection=include) for number in range(6)]
    check_create_table(table(GlobalSecondaryIndexes=indexes[:5]))
    assert refusal(table(GlobalSecondaryIndexes=indexes)).startswith(PREFIX)


# --- vector indexes --------------------------------------------------------------------------


def vectors(name: str = "near", **members: Any) -> dict[str, Any]:
    return {
        "IndexName": name,
        "VectorAttribute": {"AttributeName": "embedding"},
        "Projection": ALL,
        "Dimensions": 3,
        "DistanceFunction": "COSINE",
        **members,
    }


def search(*elements: str) -> list[dict[str, str]]:
    kinds = {"H": "HASH", "I": "INLINE_FILTER"}
    pairs = (element.split(":") for element in elements)
    return [{"AttributeName": name, "SearchSchemaElementType": kinds[kind]} for kind, name in pairs]


@pytest.mark.parametrize(
    ("indexes", "text"),
    [
        ([vectors(Dimensions=4097)], "Number of dimensions must be between 1 and 4096 inclusive."),
        ([vectors(Projection={})], "Unknown ProjectionType: null"),
        (
            [vectors(SearchSchema=search("H:unknown"))],
            "One element in SearchSchema is not defined in attribute definitions",
        ),
        (
            [vectors(SearchSchema=search("H:pk", "H:sk"))],
            (
                "Value '2' at 'SearchSchema' failed to satisfy constraint:"
                " Member must have HASH count less than or equal to 1"
            ),
        ),
        (
            [vectors(SearchSchema=search("H:pk", "I:pk"))],
            "SearchSchema contains a duplicate AttributeName",
        ),
        ([vectors(), vectors()], "Duplicate index name: near"),
        (
            [vectors(f"near-{number}") for number in range(6)],
            "VectorIndex count exceeds the per-table limit of 5",
        ),
        (
            [vectors("one"), vectors("two", Dimensions=4)],
            (
                "Conflicting attribute definition for 'embedding'. All VectorIndexes on the same"
                " vector attribute must use the same dimensions."
            ),
        ),
        (
            [vectors(VectorAttribute={"AttributeName": "sk"})],
            (
                "Conflicting attribute definition for 'sk'. An attribute cannot be defined in"
                " AttributeDefinitions when used as a VectorAttribute."
            ),
        ),
    ],
)
def test_vector_indexes(indexes: list[dict[str, Any]], text: str) -> None:
    assert refusal(table(VectorIndexes=indexes)) == PREFIX + text


def test_a_vector_that_is_defined_comes_before_definitions_that_are_not_used() -> None:
    definitions = [
        {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "embedding")
    ]
    assert refusal(table(AttributeDefinitions=definitions, VectorIndexes=[vectors()])) == (
        f"{PREFIX}Conflicting attribute definition for 'embedding'. An attribute cannot be defined"
        " in AttributeDefinitions when used as a VectorAttribute."
    )


def test_vector_indexes_need_on_demand_billing() -> None:
    request = table(BillingMode=None, ProvisionedThroughput=UNITS, VectorIndexes=[vectors()])
    assert refusal(request) == (
        f"{PREFIX}Vector indexes are only supported for PAY_PER_REQUEST tables"
    )


def test_search_schemas_use_definitions() -> None:
    check_create_table(
        table(("pk", "sk", "shop"), VectorIndexes=[vectors(SearchSchema=search("H:shop"))])
    )
    assert refusal(table(("pk", "sk", "shop"), VectorIndexes=[vectors()])).startswith(
        f"{PREFIX}Some AttributeDefinitions are not used."
    )


# --- other settings --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("specification", "text"),
    [
        ({"StreamEnabled": True}, "enabled, UpdateViewType is required"),
        (
            {"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"},
            "disabled, UpdateViewType should not be specified",
        ),
    ],
)
def test_stream(specification: dict[str, Any], text: str) -> None:
    prefix = f"{PREFIX}Table is being created with a stream "
    assert refusal(table(StreamSpecification=specification)) == prefix + text


@pytest.mark.parametrize(
    ("specification", "text"),
    [
        (
            {"Enabled": False, "SSEType": "AES256", "KMSMasterKeyId": "k"},
            "SSEType can not be specified if Enabled is false",
        ),
        (
            {"Enabled": False, "KMSMasterKeyId": "k"},
            "KMSMasterKeyId can not be specified if Enabled is false",
        ),
        ({"Enabled": True, "SSEType": "AES256"}, "SSEType AES256 is not supported"),
        (
            {"Enabled": True, "KMSMasterKeyId": "k"},
            "SSEType KMS is required if KMSMasterKeyId is specified",
        ),
    ],
)
def test_encryption(specification: dict[str, Any], text: str) -> None:
    assert refusal(table(SSESpecification=specification)) == PREFIX + text


def test_table_class() -> None:
    assert refusal(table(TableClass="")) == (
        "Invalid table-class parameter provided. Please try again with a valid table-class value:"
        " [STANDARD, STANDARD_INFREQUENT_ACCESS]."
    )


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ({}, "The Tag Key provided is invalid, Key: null"),
        ({"Key": "", "Value": ""}, "The Tag Key provided is invalid, Key: "),
        ({"Key": "a,b", "Value": ""}, "The Tag Key provided is invalid, Key: a,b"),
        (
            {"Key": "k" * 129, "Value": ""},
            f"The Tag Key provided is invalid, Key: {'k' * 129}",
        ),
        ({"Key": "aws:zzz", "Value": ""}, "Tag Key cannot be prefixed with aws:, Key: aws:zzz"),
        ({"Key": "k"}, "The Tag Value provided is invalid, Value: null"),
        ({"Key": "k", "Value": "100%"}, "The Tag Value provided is invalid, Value: 100%"),
        (
            {"Key": "k", "Value": "v" * 257},
            f"The Tag Value provided is invalid, Value: {'v' * 257}",
        ),
    ],
)
def test_tag(tag: dict[str, str], text: str) -> None:
    assert refusal(table(Tags=[{"Key": "team", "Value": "blue"}, tag])) == text


def test_tags_together() -> None:
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(51)]
    check_create_table(table(Tags=tags[:50]))
    assert refusal(table(Tags=tags)) == (
        "Number of Tags exceed the current limit for the provided ResourceArn"
    )
    assert refusal(table(Tags=[tags[0], *tags])) == (
        "Duplicate Tag Keys provided as input: Duplicate Tag Key found k0"
    )
