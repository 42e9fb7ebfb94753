"""What is said of global tables and their replicas.

The texts were seen at the service in October 2026, unless a comment says otherwise:
https://github.com/aws-controllers-k8s/dynamodb-controller/tree/main/docs/api-quirks
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock.messages.requests import INVALID

if TYPE_CHECKING:
    from collections.abc import Iterable

# Version 2017.11.29, which can be asked for, and cannot be created any more.

LEGACY_GLOBAL_TABLE = (
    f"{INVALID}DynamoDB global tables version 2017.11.29 is not supported. We recommend using"
    " DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
)
LEGACY_UPDATES_INVALID = "One or more parameter values were invalid"
INTERNAL_ERROR = "Internal server error"


def legacy_region(region_name: str, supported: Iterable[str]) -> str:
    return (
        f"{INVALID}DynamoDB global tables version 2017.11.29 is not supported in this region"
        f" '{region_name}', supported regions are : [{', '.join(supported)}]"
    )


def no_global_table(name: str) -> str:
    return f"Global table with name: '{name}' does not exist."


def no_global_table_to_describe(name: str) -> str:
    return f"Global table not found: {no_global_table(name)}"
