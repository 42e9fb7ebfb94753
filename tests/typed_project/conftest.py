"""The fixtures of a typed project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock import DynamoDBMock, TableView, tables_from

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Mapping[str, Any] = {
    "Resources": {
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "orders",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        }
    }
}


@pytest.fixture
def orders(ddb: DynamoDBMock) -> TableView:
    """The table orders, empty."""
    tables_from(TEMPLATE).create(ddb)
    return ddb.tables["orders"]
