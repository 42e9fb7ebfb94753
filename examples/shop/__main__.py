"""`python -m examples.shop`: the tour of `demo`, on a table that lives in this process."""

from __future__ import annotations

import boto3

from ddbmock import mock_dynamodb
from examples.shop import demo


@mock_dynamodb
def main() -> None:
    """Runs the tour under the mock."""
    demo.run(boto3.resource("dynamodb"))


if __name__ == "__main__":
    main()
