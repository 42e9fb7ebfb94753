"""Vector indexes in CreateTable, UpdateTable, DescribeTable and restores, and writes to them."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import mock_dynamodb, tables_from
from tests import shared_clients
from tests.operations.table_helpers import (
    IN_USE,
    INVALID,
    ON_DEMAND,
    an_index,
    definitions,
    described,
    new_table,
    provisioned,
    units,
)
from tests.operations.vector_helpers import (
    a_schema,
    a_vector_index,
    needs_vectors,
    new_vectors,
    numbers,
    put_vector,
)
from tests.refusals import refusal

pytestmark = needs_vectors

VECTOR = [1, 0, 0, 0]
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
SCHEMA = {"tenant": ("S", "HASH"), "year": ("N", "INLINE_FILTER")}
NOT_VALID = (
    "One or more parameter values are not valid. One or more parameter values were invalid . "
)


def indexes(client):
    return described(client, "docs").get("VectorIndexes", [])


def update(client, *actions, **more):
    return client.update_table(TableName="docs", VectorIndexUpdates=list(actions), **more)


def update_refusal(client, *actions, **more):
    return refusal(client.update_table, TableName="docs", VectorIndexUpdates=list(actions), **more)


def create(name="near", **more):
    return {"Create": a_vector_index(name, **more)}


def delete(name="near"):
    return {"Delete": {"IndexName": name}}


def found(client, index_name="near"):
    response = client.search_vectors(
        TableName="docs", IndexName=index_name, SearchVector=numbers(VECTOR), TopK=100
    )
    return sorted(each["Item"]["pk"]["S"] for each in response["SearchResults"])


@pytest.fixture
def docs(client):
    new_table(client, "docs")


@pytest.fixture
def slow():
    """A mock with delays, and a client of it, with the table."""
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(0)
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client, "docs")
        ddb.clock.advance(10)
        yield ddb, client


# --- request validation --------------------------------------------------------------------------


def test_provisioned_tables(client):
    new_table(client, "docs", **provisioned(5))
    text = f"{INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables"
    assert update_refusal(client, create()) == text
    assert (
        refusal(new_table, client, "other", VectorIndexes=[a_vector_index()], **provisioned(5))
        == text
    )
    update(client, create(), **ON_DEMAND)
    assert (
        refusal(
            client.update_table,
            TableName="docs",
            BillingMode="PROVISIONED",
            ProvisionedThroughput=units(5),
        )
        == text
    )


def test_a_sixth_index(client, docs):
    for number in range(5):
        update(client, create(f"near-{number}"))
    assert update_refusal(client, create("near-5")) == (
        "LimitExceededException: Subscriber limit exceeded: Number of vector secondary indexes"
        " exceeds per-table limit of 5"
    )


def test_attributes_that_are_not_defined(client):
    new_table(
        client,
        "docs",
        AttributeDefinitions=definitions(pk="S", tenant="S"),
        GlobalSecondaryIndexes=[an_index("gsi", "tenant")],
    )
    text = f"{INVALID}One element in SearchSchema is not defined in attribute definitions"
    action = create(SearchSchema=a_schema(tenant="HASH"))
    assert update_refusal(client, action) == text
    assert update_refusal(client, action, AttributeDefinitions=definitions(year="N")) == text
    update(client, action, AttributeDefinitions=definitions(tenant="S"))


def test_a_key_attribute_as_a_vector(client, docs):
    assert update_refusal(client, create(VectorAttribute={"AttributeName": "pk"})) == (
        f"{INVALID}Attributes cannot be redefined. Please check that your attribute has the same"
        " type as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}]"
        " New schema: VectorIndexSchema:[VectorAttribute: key{pk:L:4}]"
    )


def test_another_type_of_a_key_attribute(client, docs):
    action = create(SearchSchema=a_schema(pk="HASH"))
    assert update_refusal(client, action, AttributeDefinitions=definitions(pk="N")) == (
        f"{INVALID}Attributes cannot be redefined. Please check that your attribute has the same"
        " type as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}]"
        " New schema: Schema:[SchemaElement: key{pk:N:HASH}]"
    )


def test_one_attribute_with_two_dimensions(client, docs):
    update(client, create())
    assert update_refusal(client, create("other", Dimensions=5)) == (
        f"{INVALID}Conflicting attribute definition for 'emb'. All VectorIndexes on the same"
        " vector attribute must use the same dimensions."
    )


@pytest.mark.parametrize("name", ["near", "gsi"])
def test_a_name_that_is_taken(client, name):
    new_table(
        client,
        "docs",
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi", "a")],
        VectorIndexes=[a_vector_index()],
    )
    text = "Attempting to create an index which already exists"
    assert update_refusal(client, create(name)) == text
    action = {"Create": an_index("near", "a")}
    assert (
        refusal(
            client.update_table,
            TableName="docs",
            AttributeDefinitions=definitions(a="S"),
            GlobalSecondaryIndexUpdates=[action],
        )
        == text
    )


def test_several_changes_at_once(client, docs):
    text = (
        "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or"
        " deleted simultaneously per table"
    )
    assert update_refusal(client, create("one"), create("two")) == text
    assert (
        update_refusal(
            client,
            create("one"),
            AttributeDefinitions=definitions(a="S"),
            GlobalSecondaryIndexUpdates=[{"Create": an_index("gsi", "a")}],
        )
        == text
    )


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ({}, "One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null"),
        (
            {**create(), **delete()},
            "Only one vector index action is allowed per VectorIndexUpdate object",
        ),
    ],
)
def test_no_action_or_both(client, docs, action, text):
    assert update_refusal(client, action) == INVALID + text


def test_an_index_that_is_not_there(client, docs):
    assert update_refusal(client, delete()) == (
        "ResourceNotFoundException: Requested resource not found: Index near for table docs"
    )


# --- behaviour -----------------------------------------------------------------------------------


def test_created_with_the_table(client):
    response = new_vectors(client, schema=SCHEMA)
    (index,) = response["VectorIndexes"]
    assert index == {
        **a_vector_index(SearchSchema=a_schema(tenant="HASH", year="INLINE_FILTER")),
        "IndexStatus": "ACTIVE",
        "IndexSizeBytes": 0,
        "ItemCount": 0,
        "IndexArn": "arn:aws:dynamodb:us-east-1:123456789012:table/docs/index/near",
    }
    assert indexes(client) == [index]
    assert response["AttributeDefinitions"] == definitions(pk="S", tenant="S", year="N")


def test_a_plain_table_shows_none(client, docs):
    assert "VectorIndexes" not in described(client, "docs")


def test_added_and_deleted(client, ddb, docs):
    put_vector(client, "fits", VECTOR)
    put_vector(client, "short", VECTOR[:2])
    client.put_item(TableName="docs", Item={"pk": {"S": "none"}})
    client.put_item(TableName="docs", Item={"pk": {"S": "text"}, "emb": {"S": "x"}})
    update(client, create())
    assert found(client) == ["fits"]
    assert indexes(client)[0]["ItemCount"] == 1
    ddb.tables["docs"]._table._check()
    update(client, delete())
    assert indexes(client) == []
    assert described(client, "docs")["AttributeDefinitions"] == definitions(pk="S")


def test_its_attributes_stay_defined_as_long_as_it_is_there(client):
    new_vectors(client, schema=SCHEMA)
    gsi = {"Create": an_index("gsi", "a")}
    client.update_table(
        TableName="docs",
        AttributeDefinitions=definitions(a="S"),
        GlobalSecondaryIndexUpdates=[gsi],
    )
    shown = described(client, "docs")["AttributeDefinitions"]
    assert shown == definitions(a="S", pk="S", tenant="S", year="N")
    update(client, delete())
    assert described(client, "docs")["AttributeDefinitions"] == definitions(a="S", pk="S")


def test_a_rollback_takes_an_index_back(client, ddb, docs):
    put_vector(client, "a", VECTOR)
    with ddb.rollback():
        update(client, create())
        put_vector(client, "b", VECTOR)
    assert indexes(client) == []
    update(client, create())
    with ddb.rollback():
        update(client, delete())
    assert found(client) == ["a"]


def test_statuses(slow):
    ddb, client = slow
    put_vector(client, "a", VECTOR)
    update(client, create())
    (index,) = indexes(client)
    assert (index["IndexStatus"], index["Backfilling"]) == ("CREATING", False)
    in_allocation = (
        f"ResourceInUseException: {IN_USE}Index creation is in resource allocation phase. Retry"
        " deletion during backfilling phase or when the index is active. Table: docs Index: near"
    )
    assert update_refusal(client, delete()) == in_allocation
    assert update_refusal(client, create()) == (
        f"ResourceInUseException: {IN_USE}Index is being created.  Table: docs Index: near"
    )
    assert refusal(client.delete_table, TableName="docs").endswith(
        "Cannot delete table while indexes are being created, updated, or deleted."
    )
    ddb.clock.advance(5)
    (index,) = indexes(client)
    assert (index["IndexStatus"], index["Backfilling"]) == ("CREATING", True)
    put_vector(client, "b", VECTOR)
    ddb.clock.advance(5)
    (index,) = indexes(client)
    assert index["IndexStatus"] == "ACTIVE"
    assert "Backfilling" not in index
    assert found(client) == ["a", "b"]
    update(client, delete())
    (index,) = indexes(client)
    assert index["IndexStatus"] == "DELETING"
    ddb.clock.advance(10)
    assert indexes(client) == []


def test_an_index_that_is_backfilled_can_be_deleted(slow):
    ddb, client = slow
    update(client, create())
    ddb.clock.advance(5)
    update(client, delete())
    ddb.clock.advance(10)
    assert indexes(client) == []


def test_one_change_at_a_time(slow):
    _, client = slow
    update(client, create())
    assert update_refusal(client, create("other")) == (
        "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or"
        " deleted simultaneously per table"
    )


def test_created_with_the_table_and_delays():
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(0)
        client = boto3.client("dynamodb", "us-east-1")
        (index,) = new_vectors(client)["VectorIndexes"]
        assert index["IndexStatus"] == "CREATING"
        assert "Backfilling" not in index
        ddb.clock.advance(10)
        assert indexes(client)[0]["IndexStatus"] == "ACTIVE"


def test_backups_and_restores(client):
    new_vectors(client, schema={"year": ("N", "INLINE_FILTER")})
    put_vector(client, "a", VECTOR, year={"N": "1"})
    arn = client.create_backup(TableName="docs", BackupName="backup")["BackupDetails"]["BackupArn"]
    update(client, delete())
    description = client.describe_backup(BackupArn=arn)["BackupDescription"]
    shown = a_vector_index(SearchSchema=a_schema(year="INLINE_FILTER"))
    assert description["SourceTableFeatureDetails"] == {"VectorIndexes": [shown]}

    def restored(name, **override):
        request = {"TargetTableName": name, "BackupArn": arn, **override}
        return client.restore_table_from_backup(**request)["TableDescription"]

    assert restored("same")["VectorIndexes"][0]["ItemCount"] == 1
    none = restored("without", VectorIndexOverride=[])
    assert "VectorIndexes" not in none
    assert none["AttributeDefinitions"] == definitions(pk="S")
    (other,) = restored("other", VectorIndexOverride=[{**shown, "IndexName": "renamed"}])[
        "VectorIndexes"
    ]
    assert other["IndexName"] == "renamed"
    request = {"TargetTableName": "wrong", "BackupArn": arn}
    override = [{**shown, "Dimensions": 5}]
    assert refusal(client.restore_table_from_backup, VectorIndexOverride=override, **request) == (
        "Invalid Request: Index near does not match a secondary index that existed in the source"
        " table and cannot be created during the restore operation"
    )
    assert (
        refusal(
            client.restore_table_from_backup,
            BillingModeOverride="PROVISIONED",
            ProvisionedThroughputOverride=units(5),
            **request,
        )
        == f"{INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables"
    )


def test_a_saved_state(client, ddb, tmp_path):
    new_vectors(client, schema={"year": ("N", "INLINE_FILTER")})
    put_vector(client, "a", VECTOR)
    client.create_backup(TableName="docs", BackupName="backup")
    before = indexes(client)
    ddb.save(tmp_path / "state.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "state.json")
        loaded = boto3.client("dynamodb", "us-east-1")
        assert indexes(loaded) == before
        assert found(loaded) == ["a"]
        other.tables["docs"]._table._check()


def test_replicas(client, ddb):
    new_table(client, "docs", VectorIndexes=[a_vector_index()], StreamSpecification=STREAM)
    put_vector(client, "a", VECTOR)
    elsewhere = shared_clients.dynamodb("eu-west-1")
    replica = {"Create": {"RegionName": "eu-west-1"}}
    client.update_table(TableName="docs", ReplicaUpdates=[replica])
    assert found(elsewhere) == ["a"]
    update(client, create("other"))
    put_vector(client, "b", VECTOR)
    assert found(elsewhere, "other") == ["a", "b"]
    update(client, delete())
    assert [index["IndexName"] for index in indexes(elsewhere)] == ["other"]
    ddb._backend.region("eu-west-1").tables["docs"]._check()


TEMPLATE = """
Resources:
  Docs:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: docs
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions:
        - {AttributeName: pk, AttributeType: S}
        - {AttributeName: tenant, AttributeType: S}
      VectorIndexes:
        - IndexName: near
          VectorAttribute: {AttributeName: emb}
          Dimensions: 4
          DistanceFunction: COSINE
          Projection: {ProjectionType: KEYS_ONLY}
          SearchSchema: [{AttributeName: tenant, SearchSchemaElementType: HASH}]
"""


def test_a_template(client, ddb, tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    tables = tables_from(tmp_path / "template.yaml")
    assert tables.skipped == []
    tables.create(ddb)
    (index,) = indexes(client)
    assert index["SearchSchema"] == a_schema(tenant="HASH")


# --- writes --------------------------------------------------------------------------------------

WRONG = [
    (
        {"S": "x"},
        f"{NOT_VALID}Invalid type for parameter emb, Expected: L, Actual: S. IndexName: near",
    ),
    (
        {"L": numbers([1, 2])},
        f"{NOT_VALID}Invalid size for parameter emb, Expected: 4, Actual: 2. IndexName: near",
    ),
    (
        {"L": numbers([0, 0, "1e39", 0])},
        (
            f"{NOT_VALID}Invalid value for parameter emb[2], Value: 1.0E39 is outside valid range"
            " [-3.4028235E38, 3.4028235E38]. IndexName: near"
        ),
    ),
    (
        {"L": [*numbers([0, 0, 0]), {"S": "x"}]},
        (
            "One or more parameter values were invalid. Invalid type for parameter emb[3],"
            " Expected: 32-bit floating point number, Actual: S. IndexName: near"
        ),
    ),
]


@pytest.mark.parametrize(("value", "text"), WRONG)
def test_vectors_that_do_not_fit(client, value, text):
    new_vectors(client)
    item = {"pk": {"S": "a"}, "emb": value}
    assert refusal(client.put_item, TableName="docs", Item=item) == text
    assert (
        refusal(
            client.update_item,
            TableName="docs",
            Key={"pk": {"S": "a"}},
            UpdateExpression="SET emb = :v",
            ExpressionAttributeValues={":v": value},
        )
        == text
    )
    put = {"PutRequest": {"Item": item}}
    assert refusal(client.batch_write_item, RequestItems={"docs": [put]}) == text
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=[{"Put": {"TableName": "docs", "Item": item}}])
    (reason,) = caught.value.response["CancellationReasons"]
    assert (reason["Code"], reason["Message"]) == ("ValidationError", text)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {"tenant": {"N": "1"}},
            (
                "One or more parameter values were invalid. Attribute 'tenant' type mismatch."
                " Expected: S, Actual: N. IndexName: near"
            ),
        ),
        (
            {"year": {"S": "1"}},
            (
                "One or more parameter values were invalid. Attribute 'year' type mismatch."
                " Expected: N, Actual: S. IndexName: near"
            ),
        ),
        (
            {"tenant": {"S": ""}},
            (
                "One or more parameter values are not valid. A value specified for a secondary"
                " index key is not supported. The AttributeValue for a key attribute cannot"
                " contain an empty string value. IndexName: near, IndexKey: tenant"
            ),
        ),
        (
            {"tenant": {"S": "x" * 2049}},
            f"{INVALID}Aggregate size for HASH key attributes exceeds the maximum of 2048 bytes",
        ),
        (
            {"lang": {"S": "x" * 10_241}},
            f"{INVALID}Size limit exceeded for SearchSchema attribute 'lang': maximum 10240 bytes",
        ),
    ],
)
def test_search_attributes_that_do_not_fit(client, more, text):
    new_vectors(client, schema={**SCHEMA, "lang": ("S", "INLINE_FILTER")})
    item = {"pk": {"S": "a"}, **more}
    assert refusal(client.put_item, TableName="docs", Item=item) == text
    put_vector(client, "b", VECTOR, tenant={"S": "x" * 2048}, lang={"S": "x" * 10_240})


def test_an_update_is_checked_for_what_it_changes(client, docs):
    client.put_item(TableName="docs", Item={"pk": {"S": "a"}, "emb": {"S": "old"}})
    update(client, create())
    change = {
        "TableName": "docs",
        "Key": {"pk": {"S": "a"}},
        "UpdateExpression": "SET title = :t",
        "ExpressionAttributeValues": {":t": {"S": "t"}},
    }
    client.update_item(**change)
    assert found(client) == []
    item = {"pk": {"S": "a"}, "emb": {"S": "old"}}
    assert refusal(client.put_item, TableName="docs", Item=item).startswith(NOT_VALID)


def test_an_item_needs_no_vector(client):
    new_vectors(client, schema=SCHEMA)
    client.put_item(TableName="docs", Item={"pk": {"S": "a"}, "tenant": {"S": "t"}})
    put_vector(client, "b", VECTOR)
    put_vector(client, "c", VECTOR, tenant={"S": "t"})
    assert indexes(client)[0]["ItemCount"] == 1


# --- capacity ------------------------------------------------------------------------------------


def written(response):
    return {
        name: each["VectorWriteRequestBytes"]
        for name, each in response["ConsumedCapacity"].get("VectorIndexes", {}).items()
    }


@pytest.mark.parametrize(
    ("dimensions", "more", "expected"),
    [
        (1024, {}, 4111.0),
        (1024, {"blob": {"S": "x" * 2000}}, 6115.0),
        (2048, {}, 8207.0),
        (8, {}, 1024.0),
    ],
)
def test_what_a_write_consumes(client, dimensions, more, expected):
    new_vectors(
        client,
        schema={"tenant": ("S", "HASH")},
        Dimensions=dimensions,
        Projection={"ProjectionType": "ALL"},
    )
    response = put_vector(client, "b1", [0.5] * dimensions, tenant={"S": "t1"}, **more)
    assert written(response) == {"near": expected}


def test_only_a_changed_entry_is_charged(client):
    new_vectors(client, schema={"tenant": ("S", "HASH")})
    tenant = {"tenant": {"S": "t1"}}
    assert written(put_vector(client, "a", VECTOR, **tenant)) == {"near": 1024.0}
    assert written(put_vector(client, "a", VECTOR, **tenant)) == {}
    assert written(put_vector(client, "a", VECTOR, title={"S": "x"}, **tenant)) == {}
    assert written(put_vector(client, "a", [0, 1, 0, 0], **tenant)) == {"near": 1024.0}
    assert written(put_vector(client, "a", [0, 1, 0, 0], tenant={"S": "t2"})) == {"near": 2048.0}
    assert written(put_vector(client, "a", [0, 1, 0, 0])) == {"near": 1024.0}
    assert written(put_vector(client, "a", [0, 1, 1, 0])) == {}
    put_vector(client, "a", VECTOR, **tenant)
    deleted = client.delete_item(
        TableName="docs", Key={"pk": {"S": "a"}}, ReturnConsumedCapacity="INDEXES"
    )
    assert written(deleted) == {"near": 1024.0}


def test_only_with_indexes(client):
    new_vectors(client)
    item = {"pk": {"S": "a"}, "emb": {"L": numbers(VECTOR)}}
    response = client.put_item(TableName="docs", Item=item, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == {"TableName": "docs", "CapacityUnits": 1.0}
