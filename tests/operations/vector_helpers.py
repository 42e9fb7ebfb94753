"""What the tests of vector indexes share: short ways to write indexes and vectors."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.service_model import service_model
from tests.operations.table_helpers import definitions, new_table

#: For tests that need a botocore with vectors, 1.43.64 or newer.
needs_vectors = pytest.mark.skipif(
    "SearchVectors" not in service_model("dynamodb").operation_names,
    reason="this botocore does not have vectors yet",
)


def numbers(components: Any) -> list[dict[str, str]]:
    return [{"N": str(component)} for component in components]


def a_vector_index(name: str = "near", **more: Any) -> dict[str, Any]:
    """The index of the vectors of four numbers in `emb`."""
    return {
        "IndexName": name,
        "VectorAttribute": {"AttributeName": "emb"},
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        "Dimensions": 4,
        "DistanceFunction": "COSINE",
        **more,
    }


def a_schema(**roles: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "SearchSchemaElementType": role} for name, role in roles.items()
    ]


def new_vectors(
    client: Any, schema: dict[str, tuple[str, str]] | None = None, **index: Any
) -> dict[str, Any]:
    """Create the table `docs` with an index; the schema has a type and a role by attribute."""
    roles = {name: role for name, (_, role) in (schema or {}).items()}
    if roles:
        index["SearchSchema"] = a_schema(**roles)
    types = {name: kind for name, (kind, _) in (schema or {}).items()}
    return new_table(
        client,
        "docs",
        AttributeDefinitions=definitions(pk="S", **types),
        VectorIndexes=[a_vector_index(**index)],
    )


def put_vector(client: Any, pk: str, vector: Any, **more: Any) -> dict[str, Any]:
    item = {"pk": {"S": pk}, "emb": {"L": numbers(vector)}, **more}
    response: dict[str, Any] = client.put_item(
        TableName="docs", Item=item, ReturnConsumedCapacity="INDEXES"
    )
    return response
