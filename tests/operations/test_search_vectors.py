from __future__ import annotations

import random

import boto3
import pytest
from botocore.exceptions import ParamValidationError

from ddbmock import mock_dynamodb
from ddbmock._internal.engine import distances
from tests.operations.table_helpers import definitions, new_table
from tests.operations.vector_helpers import (
    a_vector_index,
    needs_vectors,
    new_vectors,
    numbers,
    put_vector,
)
from tests.refusals import refusal

pytestmark = needs_vectors

COSINE, DOT_PRODUCT, EUCLIDEAN = "COSINE", "DOT_PRODUCT", "EUCLIDEAN"
QUERY = [1, 0, 0, 0]
SCHEMA = "SearchConditionExpression must"
PREFIX = "Invalid SearchConditionExpression: "


def search(client, vector=QUERY, top_k=10, **more):
    return client.search_vectors(
        TableName="docs", IndexName="near", SearchVector=numbers(vector), TopK=top_k, **more
    )


def found(client, vector=QUERY, top_k=10, **more):
    """The keys of the results and their scores, to two decimal places."""
    results = search(client, vector, top_k, **more)["SearchResults"]
    return [(each["Item"]["pk"]["S"], round(each["Score"], 2)) for each in results]


def search_refusal(client, vector=QUERY, top_k=10, **more):
    request = {"TableName": "docs", "IndexName": "near", **more}
    return refusal(client.search_vectors, SearchVector=numbers(vector), TopK=top_k, **request)


def by_tenant(tenant, expression="tenant = :t", **values):
    return {
        "SearchConditionExpression": expression,
        "ExpressionAttributeValues": {":t": {"S": tenant}, **values},
    }


@pytest.fixture
def tenants(client):
    """Documents of tenants, with a year and a language to filter by."""
    new_vectors(
        client,
        schema={
            "tenant": ("S", "HASH"),
            "year": ("N", "INLINE_FILTER"),
            "lang": ("S", "INLINE_FILTER"),
        },
    )
    rows = [
        ("a", "t1", 2024, "en", [1, 0, 0, 0]),
        ("b", "t1", 2025, "en", [0.9, 0.1, 0, 0]),
        ("c", "t1", 2025, "de", [0, 1, 0, 0]),
        ("d", "t2", 2025, "en", [1, 0, 0, 0]),
    ]
    for pk, tenant, year, lang, vector in rows:
        more = {"tenant": {"S": tenant}, "year": {"N": str(year)}, "lang": {"S": lang}}
        put_vector(client, pk, vector, **more)
    put_vector(client, "no tenant", QUERY)
    put_vector(client, "no filters", [0, 0, 1, 0], tenant={"S": "t1"})


# --- request validation --------------------------------------------------------------------------


@pytest.fixture
def docs(client):
    new_vectors(client)


def test_too_many_results(client, docs):
    assert search_refusal(client, top_k=101) == (
        "Provided TopK value '101' is out of valid range. The value must be between 1 and 100"
        " inclusive"
    )


def test_no_results(raw, docs):
    assert search_refusal(raw, top_k=0) == (
        "1 validation error detected: Value '0' at 'topK' failed to satisfy constraint: Member"
        " must have value greater than or equal to 1"
    )


@pytest.mark.parametrize(
    "component", [{"S": "1"}, {"N": "x"}, {"N": "1e39"}, {"N": "-3.5e38"}, {"NULL": True}]
)
def test_what_is_no_number(client, docs, component):
    assert refusal(
        client.search_vectors,
        TableName="docs",
        IndexName="near",
        SearchVector=[component, *numbers([0, 0, 0])],
        TopK=1,
    ) == (
        "Search vector contains invalid values. All values in the search vector must be a 32-bit"
        " floating-point number attribute"
    )


def test_a_vector_is_a_plain_list(client, docs):
    with pytest.raises(ParamValidationError):
        client.search_vectors(
            TableName="docs", IndexName="near", SearchVector={"L": numbers(QUERY)}, TopK=1
        )


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("tenant > :t", f"{PREFIX}Invalid comparator used in SearchConditionExpression"),
        (
            "tenant = :t OR tenant = :t",
            f"{PREFIX}Invalid operator used in SearchConditionExpression",
        ),
        ("NOT tenant = :t", f"{PREFIX}Invalid operator used in SearchConditionExpression"),
        ("tenant IN (:t)", f"{PREFIX}Invalid operator used in SearchConditionExpression"),
        (
            "begins_with(tenant, :t)",
            f"{PREFIX}Invalid operator used in SearchConditionExpression",
        ),
        (
            "tenant.x = :t",
            f"{PREFIX}SearchConditionExpression cannot have conditions on nested attributes",
        ),
        (
            "tenant = :t AND tenant = :t",
            f"{PREFIX}SearchConditionExpression must only contain one condition per attribute",
        ),
        ("shade = :t", f"{SCHEMA} have all HASH attributes in configured SearchSchema"),
        (
            "tenant = :t AND shade = :t",
            (
                f"{SCHEMA} not contain any attributes that is not in SearchSchema. Invalid"
                " attribute: shade"
            ),
        ),
        (
            "tenant = :t AND #y = :t",
            "Search condition value for attribute 'year' does not match type in search schema",
        ),
        (
            "tenant = :u",
            (
                f"{PREFIX}An expression attribute value used in expression is not defined;"
                " attribute value: :u"
            ),
        ),
    ],
)
def test_conditions(client, tenants, expression, text):
    names = {"ExpressionAttributeNames": {"#y": "year"}} if "#y" in expression else {}
    assert search_refusal(client, **by_tenant("t1", expression), **names) == text


def test_a_condition_is_needed(client, tenants):
    text = "SearchConditionExpression must be provided when SearchSchema has a HASH key"
    assert search_refusal(client) == text


def test_an_attribute_of_an_index_without_a_schema(client, docs):
    assert search_refusal(client, **by_tenant("t1")) == (
        f"{SCHEMA} not contain any attributes that is not in SearchSchema. Invalid attribute:"
        " tenant"
    )


# --- behaviour -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (COSINE, [("same", 0.0), ("longer", 0.0), ("askew", 0.29), ("away", 2.0)]),
        (EUCLIDEAN, [("same", 0.0), ("askew", 0.77), ("away", 2.0), ("longer", 9.0)]),
        (DOT_PRODUCT, [("longer", 10.0), ("same", 1.0), ("askew", 0.71), ("away", -1.0)]),
    ],
)
def test_distance_functions(client, function, expected):
    new_vectors(client, DistanceFunction=function)
    vectors = {
        "same": [1, 0, 0, 0],
        "askew": [0.7071, 0.7071, 0, 0],
        "away": [-1, 0, 0, 0],
        "longer": [10, 0, 0, 0],
    }
    for name, vector in vectors.items():
        put_vector(client, name, vector)
    results = found(client)
    # Under COSINE, two are equally near.
    assert sorted(results[:2]) == sorted(expected[:2])
    assert results[2:] == expected[2:]
    assert found(client, top_k=2) == results[:2]


def test_nothing_is_there(client, docs):
    assert search(client)["SearchResults"] == []


def test_the_answer_has_no_more_members(client, docs):
    put_vector(client, "a", QUERY)
    response = search(client)
    assert response.keys() - {"ResponseMetadata"} == {"SearchResults"}
    assert response["SearchResults"] == [{"Item": {"pk": {"S": "a"}}, "Score": 0.0}]


def test_a_score_is_a_32_bit_number(client, docs):
    put_vector(client, "a", [0.1, 0.2, 0.3, 0.4])
    (result,) = search(client, [0.4, 0.3, 0.2, 0.1])["SearchResults"]
    assert distances.float32(result["Score"]) == result["Score"]


def test_by_partition_and_filters(client, tenants):
    first, second, *others = [key for key, _ in found(client, **by_tenant("t1"))]
    assert (first, second) == ("a", "b")
    assert sorted(others) == ["c", "no filters"]
    assert [key for key, _ in found(client, **by_tenant("t2"))] == ["d"]
    assert found(client, **by_tenant("none")) == []
    filtered = by_tenant(
        "t1",
        "tenant = :t AND (#y = :y) AND :l = lang",
        **{":y": {"N": "2025.0"}, ":l": {"S": "en"}},
    )
    names = {"ExpressionAttributeNames": {"#y": "year"}}
    assert [key for key, _ in found(client, **filtered, **names)] == ["b"]


def test_vectors_follow_writes(client, tenants):
    key = {"pk": {"S": "a"}}
    client.update_item(
        TableName="docs",
        Key=key,
        UpdateExpression="SET tenant = :t",
        ExpressionAttributeValues={":t": {"S": "t2"}},
    )
    assert sorted(key for key, _ in found(client, **by_tenant("t2"))) == ["a", "d"]
    client.update_item(TableName="docs", Key=key, UpdateExpression="REMOVE emb")
    assert [key for key, _ in found(client, **by_tenant("t2"))] == ["d"]
    client.delete_item(TableName="docs", Key={"pk": {"S": "d"}})
    assert found(client, **by_tenant("t2")) == []


def test_a_rollback_takes_vectors_back(client, ddb, docs):
    put_vector(client, "a", QUERY)
    with ddb.rollback():
        put_vector(client, "a", [0, 1, 0, 0])
        put_vector(client, "b", QUERY)
        assert len(found(client)) == 2
    assert found(client) == [("a", 0.0)]
    ddb.tables["docs"]._table._check()


def test_a_transaction_that_fails_writes_no_vector(client, docs):
    put = {"Put": {"TableName": "docs", "Item": {"pk": {"S": "a"}, "emb": {"L": numbers(QUERY)}}}}
    check = {
        "ConditionCheck": {
            "TableName": "docs",
            "Key": {"pk": {"S": "b"}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=[put, check])
    assert found(client) == []
    client.transact_write_items(TransactItems=[put])
    assert found(client) == [("a", 0.0)]


@pytest.mark.parametrize(
    ("projection", "expected"),
    [
        ({"ProjectionType": "KEYS_ONLY"}, {"pk", "tenant"}),
        ({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]}, {"pk", "tenant", "title"}),
        ({"ProjectionType": "ALL"}, {"pk", "tenant", "title", "text"}),
    ],
)
def test_projections(client, projection, expected):
    new_vectors(client, schema={"tenant": ("S", "HASH")}, Projection=projection)
    more = {name: {"S": name} for name in ("tenant", "title", "text")}
    put_vector(client, "a", [0.1, 0.2, 0.30000001, 0], **more)
    condition = by_tenant("tenant")
    (result,) = search(client, **condition)["SearchResults"]
    assert result["Item"].keys() == expected
    (result,) = search(client, ProjectionExpression="emb, title, nothing", **condition)[
        "SearchResults"
    ]
    assert result["Item"].keys() == {"emb"} | ({"title"} & expected)
    # 32-bit numbers in plain decimals; the table has what was written.
    assert result["Item"]["emb"] == {"L": numbers(["0.1", "0.2", "0.3", "0"])}
    stored = client.get_item(TableName="docs", Key={"pk": {"S": "a"}})["Item"]
    assert stored["emb"]["L"][2] == {"N": "0.30000001"}


def test_small_numbers_have_no_exponent(client, docs):
    put_vector(client, "a", ["1e-10", "-1e-40", "-0", "3.4028235e38"])
    (result,) = search(client, ProjectionExpression="emb")["SearchResults"]
    components = [component["N"] for component in result["Item"]["emb"]["L"]]
    assert components[0] == "0.0000000001"
    assert components[2] == "0"
    assert not any("e" in component.lower() for component in components)


def test_the_same_without_numpy(client, docs, monkeypatch):
    pytest.importorskip("numpy")
    numbers_of = random.Random(7)
    for number in range(200):
        put_vector(client, str(number), [numbers_of.uniform(-1, 1) for _ in range(4)])
    monkeypatch.setattr(distances, "_NUMPY_COMPONENTS_MIN", 0)
    with_numpy = search(client)["SearchResults"]
    monkeypatch.setattr(distances, "numpy", lambda: None)
    assert search(client)["SearchResults"] == with_numpy
    assert len(with_numpy) == 10


def test_by_the_arn_of_the_table(client, docs):
    put_vector(client, "a", QUERY)
    arn = client.describe_table(TableName="docs")["Table"]["TableArn"]
    response = client.search_vectors(
        TableName=arn, IndexName="near", SearchVector=numbers(QUERY), TopK=1
    )
    assert len(response["SearchResults"]) == 1


def test_a_search_is_recorded(client, ddb, docs):
    put_vector(client, "a", QUERY)
    search(client)
    call = ddb.calls[-1]
    assert call.operation == "SearchVectors"
    assert call.table == "docs"


# --- capacity ------------------------------------------------------------------------------------


def test_what_a_search_consumes(client, docs):
    put_vector(client, "a", QUERY)
    assert "ConsumedCapacity" not in search(client, ReturnConsumedCapacity="NONE")
    for detail in ("TOTAL", "INDEXES"):
        consumed = search(client, ReturnConsumedCapacity=detail)["ConsumedCapacity"]
        assert consumed == {"VectorSearchRequestBytes": 1024.0}


def test_large_vectors_and_items_cost_more(client):
    new_vectors(client, Dimensions=1024, Projection={"ProjectionType": "ALL"})
    put_vector(client, "abcd", [1] * 1024, text={"S": "x" * 90})
    vector = [1] * 1024
    consumed = search(client, vector, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    item_bytes = 2 + 4 + 4 + 90
    assert consumed["VectorSearchRequestBytes"] == 30.6875 * 1024 + 65 + item_bytes
    with_vector = search(
        client, vector, ReturnConsumedCapacity="TOTAL", ProjectionExpression="emb"
    )["ConsumedCapacity"]
    assert with_vector["VectorSearchRequestBytes"] == 30.6875 * 1024 + 65 + 4096


# --- errors --------------------------------------------------------------------------------------


def test_no_table(client):
    assert search_refusal(client) == ("ResourceNotFoundException: Requested resource not found")


def test_no_index(client, docs):
    text = "The table does not have the specified index: other"
    assert search_refusal(client, IndexName="other") == text


def test_another_kind_of_index(client):
    index = {
        "IndexName": "near",
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    new_table(
        client,
        "docs",
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[index],
    )
    text = "The table does not have the specified index: near"
    assert search_refusal(client) == text


def test_another_length(client, docs):
    assert search_refusal(client, [1, 2, 3]) == (
        "Input search vector dimension 3 does not match vector index dimension 4"
    )


@pytest.mark.parametrize("operation", ["query", "scan"])
def test_query_and_scan(client, docs, operation):
    condition = (
        {
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "a"}},
        }
        if operation == "query"
        else {}
    )
    told = refusal(getattr(client, operation), TableName="docs", IndexName="near", **condition)
    assert told == f"{operation.title()} operation not supported on this index type."


def test_while_an_index_is_created():
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(0)
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client, "docs")
        ddb.clock.advance(10)
        put_vector(client, "a", QUERY)
        client.update_table(TableName="docs", VectorIndexUpdates=[{"Create": a_vector_index()}])
        assert search_refusal(client) == "The table does not have the specified index: near"
        ddb.clock.advance(5)
        assert search_refusal(client) == "Cannot search backfilling vector index: near"
        ddb.clock.advance(5)
        assert found(client) == [("a", 0.0)]
