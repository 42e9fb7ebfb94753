"""`python -m examples.shop`: the tour of `demo`, on a table that lives in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3

from ddbmock import mock_dynamodb
from examples.shop import demo
from examples.shop.report import table
from examples.shop.table import TABLE_NAME

if TYPE_CHECKING:
    from ddbmock import Controller


def main() -> None:
    """Runs the tour with the mock, then inspects the tables."""
    with mock_dynamodb() as ddb:
        demo.run(boto3.resource("dynamodb"))
        print("\n== What is stored")
        print(contents(ddb))


def contents(ddb: Controller) -> str:
    """Items and bytes of the table and its indexes, by the mock's controller."""
    shop = ddb.tables[TABLE_NAME]
    stored = [(TABLE_NAME, shop)] + [
        (f"{TABLE_NAME}/{name}", index) for name, index in shop.indexes.items()
    ]
    rows = [[name, f"{view.item_count:,}", f"{view.size_bytes:,}"] for name, view in stored]
    return table(["table or index", "items", "bytes"], rows)


if __name__ == "__main__":
    main()
