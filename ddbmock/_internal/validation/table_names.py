"""The TableName of a request: a name, or the ARN of a table.

Operations on items take names of one and two characters, as the API's model has it; operations on
tables refuse them, so there are no tables with such names.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.messages import requests as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME_PATTERN = "[a-zA-Z0-9_.-]+"
_NAME = re.compile(NAME_PATTERN)
_TABLE_ARN = (
    rf"(?=arn:[\s\S]{{0,{limits.TABLE_ARN_CHARACTERS_MAX - 4}}}\Z)"
    r"arn:(?:[^:]*:){4}table/[a-zA-Z0-9_.-]{1,255}"
)
#: The quick tests of a TableName: something true for a name or the ARN of a table; of a table with
#: items, and of one that is created or managed.
name_or_arn: Callable[[str], re.Match[str] | None] = re.compile(
    rf"[a-zA-Z0-9_.-]{{1,{limits.TABLE_NAME_CHARACTERS_MAX}}}|{_TABLE_ARN}"
).fullmatch
managed_name_or_arn: Callable[[str], re.Match[str] | None] = re.compile(
    rf"[a-zA-Z0-9_.-]{{{limits.TABLE_NAME_CHARACTERS_MIN},{limits.TABLE_NAME_CHARACTERS_MAX}}}"
    rf"|{_TABLE_ARN}"
).fullmatch


def item_operation_violations(table_name: str) -> Iterator[str]:
    """Yield the constraint that a name in an operation on items breaks, if any."""
    if not table_name:
        yield messages.length_at_least(1)
    elif len(table_name) > limits.TABLE_NAME_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX)
    elif not _NAME.fullmatch(table_name):
        yield messages.matching(NAME_PATTERN)


def table_operation_violations(table_name: str) -> Iterator[str]:
    """Yield the constraints that a name in an operation on tables breaks."""
    is_well_formed = _NAME.fullmatch(table_name) is not None
    if len(table_name) < limits.TABLE_NAME_CHARACTERS_MIN:
        yield messages.length_at_least(limits.TABLE_NAME_CHARACTERS_MIN)
    if len(table_name) > limits.TABLE_NAME_CHARACTERS_MAX:
        yield messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX)
    if not is_well_formed:
        yield messages.matching(NAME_PATTERN)


def arn_violation(arn: str) -> str | None:
    """Return what is wrong with the ARN of a table, a text without "Value ... at", or None."""
    parts = parse(arn)
    kind, slash, table_name = ("", "", "") if parts is None else parts.resource.partition("/")
    if not slash:
        return messages.ARN_FORMAT
    if kind != "table":
        return messages.invalid_resource_type(arn)
    is_valid = not any(item_operation_violations(table_name))
    return None if is_valid else messages.ARN_FORMAT


def names_table(text: str) -> bool:
    """Return whether a text can be the name or ARN of a table in an operation on items."""
    if is_arn(text):
        return len(text) <= limits.TABLE_ARN_CHARACTERS_MAX and arn_violation(text) is None
    return not any(item_operation_violations(text))
